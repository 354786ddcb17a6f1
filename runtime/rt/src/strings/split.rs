//! Strings taken apart into lists.
use super::{Str, Text, search::places, unicode, units};
use crate::{Site, exception::raise_text, list::{List, nb_list_new}};
use numbra_abi::ExceptionKind;

static DESCRIPTOR: [u8; 1] = [numbra_abi::descriptor::STR as u8];
const SLOTS: usize = size_of::<Str>() / 8;

/// A new list of parts of a string: first position and length.
///
/// # Safety
/// Live site and string, parts inside it.
unsafe fn list_of(site: *const Site, string: *const Str, parts: &[(usize, usize)]) -> *mut List {
    // SAFETY: promised by the caller; the list has room for the parts.
    unsafe {
        let list = nb_list_new(DESCRIPTOR.as_ptr(), SLOTS as i64, parts.len() as i64);
        if list.is_null() {
            raise_text(site, ExceptionKind::MemoryError, "cannot allocate a list of this size".into());
        }
        for (i, (first, length)) in parts.iter().enumerate() {
            (*list).element(i).cast::<Str>().write((*string).part(*first, *length));
        }
        (*list).len = parts.len();
        list
    }
}

fn by_spaces<U: Copy + Into<u32>>(codes: &[U], most: usize) -> Vec<(usize, usize)> {
    let (mut parts, mut at) = (vec![], 0);
    loop {
        at += codes[at..].iter().take_while(|c| unicode::is_space((**c).into())).count();
        if at == codes.len() {
            return parts;
        }
        if parts.len() == most {
            parts.push((at, codes.len() - at));
            return parts;
        }
        let n = codes[at..].iter().take_while(|c| !unicode::is_space((**c).into())).count();
        parts.push((at, n));
        at += n;
    }
}

fn by_spaces_from_right<U: Copy + Into<u32>>(codes: &[U], most: usize) -> Vec<(usize, usize)> {
    let (mut parts, mut end) = (vec![], codes.len());
    loop {
        end -= codes[..end].iter().rev().take_while(|c| unicode::is_space((**c).into())).count();
        if end == 0 {
            break;
        }
        if parts.len() == most {
            parts.push((0, end));
            break;
        }
        let n = codes[..end].iter().rev().take_while(|c| !unicode::is_space((**c).into())).count();
        parts.push((end - n, n));
        end -= n;
    }
    parts.reverse();
    parts
}

fn by_separator(text: Text, separator: Text, most: usize) -> Vec<(usize, usize)> {
    let (mut parts, mut at) = (vec![], 0);
    for place in places(text, separator).take(most) {
        parts.push((at, place - at));
        at = place + separator.len();
    }
    parts.push((at, text.len() - at));
    parts
}

fn by_separator_from_right(text: Text, separator: Text, most: usize) -> Vec<(usize, usize)> {
    let (mut parts, mut end) = (vec![], text.len());
    while parts.len() < most && let Some(place) = text.range(0, end).rfind(separator) {
        let first = place + separator.len();
        parts.push((first, end - first));
        end = place;
    }
    parts.push((0, end));
    parts.reverse();
    parts
}

/// The parts between separators, or between spaces.
///
/// # Safety
/// Live site and strings; the second may be null.
pub unsafe extern "C-unwind" fn nb_str_split(site: *const Site, string: *const Str, separator: *const Str, most: i64, from_right: i32) -> *mut List {
    // SAFETY: promised by the caller.
    unsafe {
        let text = (*string).text();
        let most = usize::try_from(most).unwrap_or(usize::MAX);
        let parts = match (separator.as_ref().map(|s| s.text()), from_right != 0) {
            (Some(s), _) if s.is_empty() => raise_text(site, ExceptionKind::ValueError, "empty separator".into()),
            (Some(s), false) => by_separator(text, s, most),
            (Some(s), true) => by_separator_from_right(text, s, most),
            (None, false) => units!(text, s => by_spaces(s, most)),
            (None, true) => units!(text, s => by_spaces_from_right(s, most)),
        };
        list_of(site, string, &parts)
    }
}

/// The lines.
///
/// # Safety
/// Live site and string.
pub unsafe extern "C-unwind" fn nb_str_splitlines(site: *const Site, string: *const Str, keep: i32) -> *mut List {
    // SAFETY: promised by the caller.
    unsafe {
        let codes = (*string).text().wide();
        let (mut parts, mut at) = (vec![], 0);
        while at < codes.len() {
            let n = codes[at..].iter().take_while(|c| !unicode::is_line_end(**c)).count();
            let end = match codes[at + n..] {
                [0x0d, 0x0a, ..] => 2,
                [] => 0,
                _ => 1,
            };
            parts.push((at, if keep != 0 { n + end } else { n }));
            at += n + end;
        }
        list_of(site, string, &parts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str, parts: Vec<(usize, usize)>) -> Vec<&str> {
        parts.into_iter().map(|(at, n)| &text[at..at + n]).collect()
    }

    #[test]
    fn splitting_is_pythons() {
        let text = " a  b c ";
        let t = Text::One(text.as_bytes());
        assert_eq!(words(text, by_spaces(text.as_bytes(), usize::MAX)), ["a", "b", "c"]);
        assert_eq!(words(text, by_spaces(text.as_bytes(), 1)), ["a", "b c "]);
        assert_eq!(words(text, by_spaces_from_right(text.as_bytes(), 1)), [" a  b", "c"]);
        assert_eq!(words(text, by_separator(t, Text::One(b" "), 2)), ["", "a", " b c "]);
        assert_eq!(words(text, by_separator_from_right(t, Text::One(b" "), 2)), [" a  b", "c", ""]);
    }
}
