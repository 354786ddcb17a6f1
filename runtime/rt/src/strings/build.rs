//! New strings out of others: joined, repeated, cut with a step, justified.
use super::{Str, Text, units, write};
use crate::{Site, exception::raise_text, list::List};
use numbra_abi::{ExceptionKind, text::width};

/// Copies code points to the position `at` of new memory of a width at least as large.
///
/// # Safety
/// There is room.
unsafe fn place(text: Text, data: *mut u8, at: usize, width: u32) {
    // SAFETY: promised by the caller.
    unsafe {
        let data = data.add(at << width);
        match (text, width) {
            (Text::One(s), 0) => std::ptr::copy_nonoverlapping(s.as_ptr(), data, s.len()),
            (Text::Two(s), 1) => std::ptr::copy_nonoverlapping(s.as_ptr(), data.cast(), s.len()),
            (Text::Four(s), 2) => std::ptr::copy_nonoverlapping(s.as_ptr(), data.cast(), s.len()),
            (text, _) => units!(text, s => write(s.iter().map(|c| u32::from(*c)), data, width)),
        }
    }
}

/// One string of several.
///
/// # Safety
/// The site is live.
pub unsafe fn joined(site: *const Site, parts: &[Text]) -> Str {
    let length = parts.iter().fold(0usize, |n, p| n.saturating_add(p.len()));
    let widest = parts.iter().map(|p| match p {
        Text::One(_) => 0,
        Text::Two(_) => 1,
        Text::Four(_) => 2,
    }).max().unwrap_or(0);
    // SAFETY: the parts fill the new memory.
    unsafe {
        let (new, data) = Str::new(site, length, widest);
        let mut at = 0;
        for p in parts {
            place(*p, data, at, widest);
            at += p.len();
        }
        new
    }
}

/// One string after the other.
///
/// # Safety
/// Live site and strings; room for a string.
pub unsafe extern "C-unwind" fn nb_str_concat(site: *const Site, out: *mut Str, a: *const Str, b: *const Str) {
    // SAFETY: promised by the caller.
    unsafe {
        let (x, y) = ((*a).text(), (*b).text());
        out.write(match (x.is_empty(), y.is_empty()) {
            (_, true) => (*a).retained(),
            (true, _) => (*b).retained(),
            _ => joined(site, &[x, y]),
        });
    }
}

/// A string so many times.
///
/// # Safety
/// Live site and string; room for a string.
pub unsafe extern "C-unwind" fn nb_str_repeat(site: *const Site, out: *mut Str, string: *const Str, times: i64) {
    // SAFETY: promised by the caller.
    unsafe {
        let (text, times) = ((*string).text(), usize::try_from(times).unwrap_or(0));
        if times == 1 || text.is_empty() {
            return out.write((*string).retained());
        }
        let width = ((*string).word & 3) as u32;
        let (new, data) = Str::new(site, text.len().saturating_mul(times), width);
        for i in 0..times {
            place(text, data, i * text.len(), width);
        }
        out.write(new);
    }
}

/// Chosen code points.
///
/// # Safety
/// Live site and string, positions inside it; room for a string.
pub unsafe extern "C-unwind" fn nb_str_slice(site: *const Site, out: *mut Str, string: *const Str, first: i64, count: i64, step: i64) {
    // SAFETY: promised by the caller.
    unsafe {
        let text = (*string).text();
        let count = usize::try_from(count).unwrap_or(0);
        if step == 1 || count < 2 {
            return out.write((*string).part(if count == 0 { 0 } else { first as usize }, count));
        }
        let width = ((*string).word & 3) as u32;
        let (new, data) = Str::new(site, count, width);
        units!(text, s => write((0..count).map(|i| u32::from(s[(first + i as i64 * step) as usize])), data, width));
        out.write(new);
    }
}

/// A string filled up to a width, on the left, the right, or both sides.
///
/// # Safety
/// Live site and strings; room for a string.
pub unsafe extern "C-unwind" fn nb_str_justify(site: *const Site, out: *mut Str, string: *const Str, wanted: i64, fill: *const Str, sides: i64) {
    // SAFETY: promised by the caller.
    unsafe {
        let (text, fill) = ((*string).text(), (*fill).text());
        if fill.len() != 1 {
            raise_text(site, ExceptionKind::TypeError, "The fill character must be exactly one character long".into());
        }
        let wanted = usize::try_from(wanted).unwrap_or(0);
        let Some(missing) = wanted.checked_sub(text.len()).filter(|m| *m > 0) else { return out.write((*string).retained()) };
        // Python's centre gives an odd space to the left where the width is odd.
        let left = match sides {
            1 => missing,
            2 => 0,
            _ => missing / 2 + (missing & wanted & 1),
        };
        let code = fill.codes().next().unwrap_or_default();
        let width = width(code).max(((*string).word & 3) as u32);
        let (new, data) = Str::new(site, wanted, width);
        write(std::iter::repeat_n(code, left), data, width);
        place(text, data, left, width);
        write(std::iter::repeat_n(code, missing - left), data.add((left + text.len()) << width), width);
        out.write(new);
    }
}

/// Zeros behind the sign, up to a width.
///
/// # Safety
/// Live site and string; room for a string.
pub unsafe extern "C-unwind" fn nb_str_zfill(site: *const Site, out: *mut Str, string: *const Str, wanted: i64) {
    // SAFETY: promised by the caller.
    unsafe {
        let text = (*string).text();
        let wanted = usize::try_from(wanted).unwrap_or(0);
        let Some(missing) = wanted.checked_sub(text.len()).filter(|m| *m > 0) else { return out.write((*string).retained()) };
        let sign = usize::from(matches!(text.codes().next(), Some(0x2b | 0x2d)));
        let zeros = vec![b'0'; missing];
        out.write(joined(site, &[text.range(0, sign), Text::One(&zeros), text.range(sign, text.len())]));
    }
}

/// The strings of a list.
///
/// # Safety
/// A live list of strings.
pub unsafe fn elements<'a>(list: *const List) -> &'a [Str] {
    // SAFETY: promised by the caller; the slots of an element are those of a string.
    unsafe {
        if (*list).len == 0 { &[] } else { std::slice::from_raw_parts((*list).element(0).cast(), (*list).len) }
    }
}

/// The strings of a list with a separator between them.
///
/// # Safety
/// Live site, string and list of strings; room for a string.
pub unsafe extern "C-unwind" fn nb_str_join(site: *const Site, out: *mut Str, separator: *const Str, list: *const List) {
    // SAFETY: promised by the caller.
    unsafe {
        let (separator, strings) = ((*separator).text(), elements(list));
        if let [one] = strings {
            return out.write(one.retained());
        }
        let mut parts = Vec::with_capacity(2 * strings.len());
        for (i, s) in strings.iter().enumerate() {
            if i > 0 && !separator.is_empty() {
                parts.push(separator);
            }
            parts.push(s.text());
        }
        out.write(joined(site, &parts));
    }
}

/// The string of one code point.
///
/// # Safety
/// A live site; room for a string.
pub unsafe extern "C-unwind" fn nb_str_chr(site: *const Site, out: *mut Str, code: i64) {
    // SAFETY: promised by the caller.
    unsafe {
        match u32::try_from(code).ok().filter(|c| *c < 0x110000) {
            Some(c) => out.write(Str::of(site, &[c])),
            None => raise_text(site, ExceptionKind::ValueError, "chr() arg not in range(0x110000)".into()),
        }
    }
}

/// The code point of a string of one.
///
/// # Safety
/// Live site and string.
pub unsafe extern "C-unwind" fn nb_str_ord(site: *const Site, string: *const Str) -> i64 {
    // SAFETY: promised by the caller.
    unsafe {
        let text = (*string).text();
        match (text.len(), text.codes().next()) {
            (1, Some(code)) => i64::from(code),
            (n, _) => raise_text(site, ExceptionKind::TypeError, format!("ord() expected a character, but string of length {n} found")),
        }
    }
}
