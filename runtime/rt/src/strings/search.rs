//! Where strings are in strings, and what takes their place.
use super::{Str, Text, build::joined, unicode};
use crate::{Site, exception::raise_text};
use numbra_abi::{ExceptionKind, text::SEARCHES};

/// The positions that start and stop mean; the first may lie behind the end.
fn bounds(length: usize, start: i64, stop: i64) -> (usize, usize) {
    let wrap = |i: i64| if i < 0 { i.saturating_add_unsigned(length as u64).max(0) as usize } else { i as usize };
    (wrap(start), wrap(stop).min(length))
}

/// The places of a text of at least one code point, which do not overlap.
pub fn places<'a>(text: Text<'a>, part: Text<'a>) -> impl Iterator<Item = usize> + 'a {
    let mut at = 0;
    std::iter::from_fn(move || {
        let found = at + text.range(at, text.len()).find(part)?;
        at = found + part.len();
        Some(found)
    })
}

/// `find`, `rfind`, `index`, `rindex` or `count`, by its position in the table.
///
/// # Safety
/// Live site and strings.
pub unsafe extern "C-unwind" fn nb_str_search(site: *const Site, string: *const Str, part: *const Str, start: i64, stop: i64, which: i64) -> i64 {
    // SAFETY: promised by the caller.
    let (text, part) = unsafe { ((*string).text(), (*part).text()) };
    let name = usize::try_from(which).ok().and_then(|i| SEARCHES.get(i)).copied().unwrap_or_default();
    let (from, to) = bounds(text.len(), start, stop);
    let fits = from <= to && to - from >= part.len();
    if name == "count" {
        return match (fits, part.is_empty()) {
            (false, _) => 0,
            (_, true) => (to - from + 1) as i64,
            _ => places(text.range(from, to), part).count() as i64,
        };
    }
    let last = name.starts_with('r');
    let found = match (fits, part.is_empty()) {
        (false, _) => None,
        (_, true) => Some(if last { to } else { from }),
        _ if last => text.range(from, to).rfind(part).map(|at| from + at),
        _ => text.range(from, to).find(part).map(|at| from + at),
    };
    match found {
        Some(at) => at as i64,
        // SAFETY: promised by the caller.
        None if name.ends_with("index") => unsafe { raise_text(site, ExceptionKind::ValueError, "substring not found".into()) },
        None => -1,
    }
}

/// Whether a part of a string begins or ends with another.
///
/// # Safety
/// Live strings.
pub unsafe extern "C" fn nb_str_starts(string: *const Str, prefix: *const Str, start: i64, stop: i64, at_end: i32) -> i32 {
    // SAFETY: promised by the caller.
    let (text, prefix) = unsafe { ((*string).text(), (*prefix).text()) };
    let (from, to) = bounds(text.len(), start, stop);
    if from > to {
        return 0;
    }
    let part = text.range(from, to);
    i32::from(if at_end != 0 { part.ends(prefix) } else { part.begins(prefix) })
}

/// A string without characters at its ends.
///
/// # Safety
/// Live site and strings, the second may be null; room for a string.
pub unsafe extern "C-unwind" fn nb_str_strip(_: *const Site, out: *mut Str, string: *const Str, characters: *const Str, sides: i64) {
    // SAFETY: promised by the caller.
    unsafe {
        let text = (*string).text();
        let set = characters.as_ref().map(|c| c.text().wide());
        let drop = |c: &u32| set.as_ref().map_or_else(|| unicode::is_space(*c), |s| s.contains(c));
        let left = if sides & 1 != 0 { text.codes().take_while(drop).count() } else { 0 };
        let right = if sides & 2 != 0 && left < text.len() { text.codes().rev().take_while(drop).count() } else { 0 };
        out.write((*string).part(left, text.len() - left - right));
    }
}

/// A string without a prefix or suffix.
///
/// # Safety
/// Live site and strings; room for a string.
pub unsafe extern "C-unwind" fn nb_str_trim(_: *const Site, out: *mut Str, string: *const Str, prefix: *const Str, at_end: i32) {
    // SAFETY: promised by the caller.
    unsafe {
        let (text, prefix) = ((*string).text(), (*prefix).text());
        out.write(match at_end != 0 {
            true if text.ends(prefix) => (*string).part(0, text.len() - prefix.len()),
            false if text.begins(prefix) => (*string).part(prefix.len(), text.len() - prefix.len()),
            _ => (*string).retained(),
        });
    }
}

/// A string with a part replaced, some times at most.
///
/// # Safety
/// Live site and strings; room for a string.
pub unsafe extern "C-unwind" fn nb_str_replace(site: *const Site, out: *mut Str, string: *const Str, old: *const Str, new: *const Str, most: i64) {
    // SAFETY: promised by the caller.
    unsafe {
        let (text, old, new) = ((*string).text(), (*old).text(), (*new).text());
        let most = usize::try_from(most).unwrap_or(usize::MAX);
        let places: Vec<usize> = if old.is_empty() { (0..=text.len()).take(most).collect() } else { places(text, old).take(most).collect() };
        if places.is_empty() {
            return out.write((*string).retained());
        }
        let (mut parts, mut at) = (Vec::with_capacity(2 * places.len() + 1), 0);
        for place in places {
            parts.extend([text.range(at, place), new]);
            at = place + old.len();
        }
        parts.push(text.range(at, text.len()));
        out.write(joined(site, &parts));
    }
}

/// What is before a separator, the separator, and what is behind it.
///
/// # Safety
/// Live site and strings; room for three strings.
pub unsafe extern "C-unwind" fn nb_str_partition(site: *const Site, out: *mut Str, string: *const Str, separator: *const Str, last: i32) {
    // SAFETY: promised by the caller.
    unsafe {
        let (text, part) = ((*string).text(), (*separator).text());
        if part.is_empty() {
            raise_text(site, ExceptionKind::ValueError, "empty separator".into());
        }
        let n = text.len();
        let cuts = match if last != 0 { text.rfind(part) } else { text.find(part) } {
            Some(at) => [(0, at), (at, part.len()), (at + part.len(), n - at - part.len())],
            None if last != 0 => [(0, 0), (0, 0), (0, n)],
            None => [(0, n), (n, 0), (n, 0)],
        };
        for (i, (first, length)) in cuts.into_iter().enumerate() {
            out.add(i).write((*string).part(first, length));
        }
    }
}
