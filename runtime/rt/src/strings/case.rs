//! Upper, lower and title case. The standard library's mappings are Unicode's full ones, as Python's, with the final sigma.
use super::{Str, Text, unicode};
use crate::Site;

/// The lower case of a text, character by character: the final sigma depends on what is around it.
fn lowered(text: &str) -> impl Iterator<Item = (char, String)> {
    let lower: Vec<char> = text.to_lowercase().chars().collect();
    let mut at = 0;
    text.chars().map(move |c| {
        let n = c.to_lowercase().count();
        let part = lower.get(at..at + n).unwrap_or_default().iter().collect();
        at += n;
        (c, part)
    })
}

fn title(text: &str, _: bool) -> String {
    let (mut out, mut inside) = (String::with_capacity(text.len()), false);
    for (c, lower) in lowered(text) {
        if inside { out.push_str(&lower) } else { unicode::push_title(c, &mut out) }
        inside = c.is_lowercase() || c.is_uppercase() || unicode::is_title(c as u32);
    }
    out
}

fn capitalize(text: &str, first: bool) -> String {
    let mut out = String::with_capacity(text.len());
    for (i, (c, lower)) in lowered(text).enumerate() {
        if first && i == 0 { unicode::push_title(c, &mut out) } else { out.push_str(&lower) }
    }
    out
}

fn swapcase(text: &str, _: bool) -> String {
    let mut out = String::with_capacity(text.len());
    for (c, lower) in lowered(text) {
        match () {
            () if c.is_uppercase() => out.push_str(&lower),
            () if c.is_lowercase() => out.extend(c.to_uppercase()),
            () => out.push(c),
        }
    }
    out
}

/// Maps what lies between lone surrogates, which have no case; the map is told which part begins the string.
///
/// # Safety
/// Live site and string; room for a string.
unsafe fn mapped(site: *const Site, out: *mut Str, string: *const Str, map: fn(&str, bool) -> String) {
    // SAFETY: promised by the caller.
    unsafe {
        let text = (*string).text();
        if let Some(utf8) = text.utf8() {
            return out.write(Str::from_text(site, &map(&utf8, true)));
        }
        let (mut codes, mut run) = (vec![], String::new());
        let mut first = true;
        let flush = |run: &mut String, codes: &mut Vec<u32>, first: bool| {
            codes.extend(map(run, first).chars().map(u32::from));
            run.clear();
        };
        for code in text.codes() {
            match char::from_u32(code) {
                Some(c) => run.push(c),
                None => {
                    flush(&mut run, &mut codes, first);
                    codes.push(code);
                    first = false;
                }
            }
        }
        flush(&mut run, &mut codes, first);
        out.write(Str::of(site, &codes));
    }
}

/// Maps the bytes of a string that is ASCII; false for others.
///
/// # Safety
/// Live site; room for a string.
unsafe fn map_ascii(site: *const Site, out: *mut Str, text: Text, map: fn(&u8) -> u8) -> bool {
    let Some(bytes) = text.ascii() else { return false };
    // SAFETY: as many bytes are written as there is room for.
    unsafe {
        let (new, data) = Str::new(site, bytes.len(), 0);
        let target = std::slice::from_raw_parts_mut(data, bytes.len());
        target.iter_mut().zip(bytes).for_each(|(t, b)| *t = map(b));
        out.write(new);
    }
    true
}

/// Upper case.
///
/// # Safety
/// Live site and string; room for a string.
pub unsafe extern "C-unwind" fn nb_str_upper(site: *const Site, out: *mut Str, string: *const Str) {
    // SAFETY: promised by the caller.
    unsafe {
        if !map_ascii(site, out, (*string).text(), u8::to_ascii_uppercase) {
            mapped(site, out, string, |t, _| t.to_uppercase());
        }
    }
}

/// What strings that differ in case only have in common.
///
/// # Safety
/// Live site and string; room for a string.
pub unsafe extern "C-unwind" fn nb_str_casefold(site: *const Site, out: *mut Str, string: *const Str) {
    // SAFETY: promised by the caller.
    unsafe {
        if !map_ascii(site, out, (*string).text(), u8::to_ascii_lowercase) {
            mapped(site, out, string, |t, _| caseless::default_case_fold_str(t));
        }
    }
}

/// Lower case.
///
/// # Safety
/// Live site and string; room for a string.
pub unsafe extern "C-unwind" fn nb_str_lower(site: *const Site, out: *mut Str, string: *const Str) {
    // SAFETY: promised by the caller.
    unsafe {
        if !map_ascii(site, out, (*string).text(), u8::to_ascii_lowercase) {
            mapped(site, out, string, |t, _| t.to_lowercase());
        }
    }
}

/// Title case.
///
/// # Safety
/// Live site and string; room for a string.
pub unsafe extern "C-unwind" fn nb_str_title(site: *const Site, out: *mut Str, string: *const Str) {
    // SAFETY: promised by the caller.
    unsafe { mapped(site, out, string, title) }
}

/// Title case of the first character, lower case of the others.
///
/// # Safety
/// Live site and string; room for a string.
pub unsafe extern "C-unwind" fn nb_str_capitalize(site: *const Site, out: *mut Str, string: *const Str) {
    // SAFETY: promised by the caller.
    unsafe { mapped(site, out, string, capitalize) }
}

/// Upper for lower case and the other way round.
///
/// # Safety
/// Live site and string; room for a string.
pub unsafe extern "C-unwind" fn nb_str_swapcase(site: *const Site, out: *mut Str, string: *const Str) {
    // SAFETY: promised by the caller.
    unsafe { mapped(site, out, string, swapcase) }
}
