//! What Python asks of a character, by Unicode's general categories and the standard library's case mappings. The versions of Unicode differ: newer letters are
//! letters here that an older Python does not know yet.
use unicode_properties::{GeneralCategory, GeneralCategoryGroup, UnicodeGeneralCategory};

/// Digits that are no decimal digits, such as superscripts: first and last code point.
const DIGITS: &[(u32, u32)] = &[
    (0xb2, 0xb3), (0xb9, 0xb9), (0x1369, 0x1371), (0x19da, 0x19da), (0x2070, 0x2070), (0x2074, 0x2079), (0x2080, 0x2089), (0x2460, 0x2468), (0x2474, 0x247c),
    (0x2488, 0x2490), (0x24ea, 0x24ea), (0x24f5, 0x24fd), (0x24ff, 0x24ff), (0x2776, 0x277e), (0x2780, 0x2788), (0x278a, 0x2792), (0x10a40, 0x10a43),
    (0x10e60, 0x10e68), (0x11052, 0x1105a), (0x1f100, 0x1f10a),
];

fn category(code: u32) -> GeneralCategory {
    char::from_u32(code).map_or(GeneralCategory::Surrogate, |c| c.general_category())
}

/// Whether it is a space; of the control characters more are than Unicode says.
pub fn is_space(code: u32) -> bool {
    if code < 0x80 {
        return matches!(code, 0x09..=0x0d | 0x1c..=0x20);
    }
    char::from_u32(code).is_some_and(char::is_whitespace)
}

/// Whether it ends a line.
pub fn is_line_end(code: u32) -> bool {
    matches!(code, 0x0a..=0x0d | 0x1c..=0x1e | 0x85 | 0x2028 | 0x2029)
}

/// A letter.
pub fn is_alpha(code: u32) -> bool {
    char::from_u32(code).is_some_and(|c| if c.is_ascii() { c.is_ascii_alphabetic() } else { c.general_category_group() == GeneralCategoryGroup::Letter })
}

/// A decimal digit.
pub fn is_decimal(code: u32) -> bool {
    char::from_u32(code).is_some_and(|c| if c.is_ascii() { c.is_ascii_digit() } else { c.general_category() == GeneralCategory::DecimalNumber })
}

/// The value of a decimal digit. They stand in rows of ten, some of which follow each other.
pub fn decimal(code: u32) -> Option<u32> {
    if !is_decimal(code) {
        return None;
    }
    let before = (0..code).rev().take_while(|c| is_decimal(*c)).count();
    Some(before as u32 % 10)
}

/// A digit.
pub fn is_digit(code: u32) -> bool {
    is_decimal(code) || DIGITS.iter().any(|(a, b)| (*a..=*b).contains(&code))
}

/// A digit or another number.
pub fn is_numeric(code: u32) -> bool {
    char::from_u32(code).is_some_and(char::is_numeric)
}

/// Lower case.
pub fn is_lower(code: u32) -> bool {
    char::from_u32(code).is_some_and(char::is_lowercase)
}

/// Upper case.
pub fn is_upper(code: u32) -> bool {
    char::from_u32(code).is_some_and(char::is_uppercase)
}

/// Title case, such as of digraphs.
pub fn is_title(code: u32) -> bool {
    category(code) == GeneralCategory::TitlecaseLetter
}

/// Whether a name can begin with it.
pub fn begins_name(code: u32) -> bool {
    code == u32::from(b'_') || char::from_u32(code).is_some_and(unicode_ident::is_xid_start)
}

/// Whether it can stand in a name.
pub fn continues_name(code: u32) -> bool {
    char::from_u32(code).is_some_and(unicode_ident::is_xid_continue)
}

/// Whether `repr` shows it as it is.
pub fn is_printable(code: u32) -> bool {
    if code < 0x7f {
        return code >= 0x20;
    }
    use GeneralCategory::*;
    !matches!(category(code), Control | Format | Surrogate | PrivateUse | Unassigned | LineSeparator | ParagraphSeparator | SpaceSeparator)
}

/// Appends the title case of a character.
pub fn push_title(c: char, out: &mut String) {
    let code = c as u32;
    let single = match code {
        0x1c4..=0x1cc => 0x1c5 + (code - 0x1c4) / 3 * 3,
        0x1f1..=0x1f3 => 0x1f2,
        0x10d0..=0x10fa | 0x10fd..=0x10ff | 0x1fbc | 0x1fcc | 0x1ffc => code,
        0x1f80..=0x1faf => code | 8,
        0x1fb3 | 0x1fc3 | 0x1ff3 => code + 9,
        _ => 0,
    };
    if let Some(single) = char::from_u32(single).filter(|c| *c != '\0') {
        return out.push(single);
    }
    let upper: Vec<char> = c.to_uppercase().collect();
    match code {
        // Ligatures: only their first letter.
        0xdf | 0x587 | 0xfb00..=0xfb06 | 0xfb13..=0xfb17 => {
            out.extend(upper.first());
            out.extend(upper.iter().skip(1).flat_map(|c| c.to_lowercase()));
        }
        // The iota stays below.
        0x1fb2..=0x1ff7 if upper.last() == Some(&'\u{399}') => {
            out.extend(&upper[..upper.len() - 1]);
            out.push('\u{345}');
        }
        _ => out.extend(upper),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_are_pythons() {
        assert!(is_space(0x1c) && is_space(0xa0) && !is_space(0x200b));
        assert_eq!([0x30, 0x39, 0x0665, 0x1d7ce, 0x1d7d9, 0xb2].map(decimal), [Some(0), Some(9), Some(5), Some(0), Some(1), None]);
        assert!(is_digit(0xb2) && !is_alpha(0x345) && is_printable(0xe9) && !is_printable(0xa0) && !is_printable(0xd800));
        let title = |c| {
            let mut out = String::new();
            push_title(c, &mut out);
            out
        };
        assert_eq!(['a', 'ß', 'ǆ', 'ﬁ', '\u{1f80}', '\u{1fb2}', 'ა'].map(title), ["A", "Ss", "ǅ", "Fi", "\u{1f88}", "\u{1fba}\u{345}", "ა"]);
    }
}
