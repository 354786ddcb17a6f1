//! Numbers that strings spell: `int(text)` and `float(text)`.
use super::{Str, Text, unicode};
use crate::{Site, exception::raise_text, show::quoted, strings::out::Out};
use numbra_abi::ExceptionKind;

/// The characters between spaces, decimal digits of any script as ASCII; `None` where that leaves something else.
fn plain(text: Text) -> Option<String> {
    let codes = text.wide();
    let start = codes.iter().take_while(|c| unicode::is_space(**c)).count();
    let end = codes.len() - codes[start..].iter().rev().take_while(|c| unicode::is_space(**c)).count();
    codes[start..end.max(start)].iter().map(|c| match *c {
        c if c < 0x80 => char::from_u32(c),
        c => unicode::decimal(c).and_then(|d| char::from_digit(d, 10)),
    }).collect()
}

/// Removes underscores, each of which stands between two digits.
fn without_underscores(text: &str, digit: impl Fn(u8) -> bool) -> Option<String> {
    let bytes = text.as_bytes();
    let between = |i: usize| i > 0 && digit(bytes[i - 1]) && bytes.get(i + 1).is_some_and(|b| digit(*b));
    (0..bytes.len()).all(|i| bytes[i] != b'_' || between(i)).then(|| text.replace('_', ""))
}

/// Why there is no integer.
#[derive(Debug, PartialEq)]
enum Failure {
    Syntax,
    Size,
}

fn integer(text: &str, base: u32) -> Result<i64, Failure> {
    let (negative, rest) = match text.as_bytes().first() {
        Some(b'-') => (true, &text[1..]),
        Some(b'+') => (false, &text[1..]),
        _ => (false, text),
    };
    let prefix = |letter: char| rest.strip_prefix('0').and_then(|r| r.strip_prefix([letter, letter.to_ascii_uppercase()]));
    let prefixed = [('x', 16), ('o', 8), ('b', 2)].into_iter().find_map(|(letter, b)| prefix(letter).filter(|_| base == 0 || base == b).map(|r| (r.strip_prefix('_').unwrap_or(r), b)));
    let (digits, radix) = prefixed.unwrap_or((rest, if base == 0 { 10 } else { base }));
    let digits = without_underscores(digits, |b| char::from(b).is_digit(radix)).ok_or(Failure::Syntax)?;
    if digits.is_empty() || !digits.chars().all(|c| c.is_digit(radix)) {
        return Err(Failure::Syntax);
    }
    if base == 0 && prefixed.is_none() && digits.starts_with('0') && digits.contains(|c| c != '0') {
        return Err(Failure::Syntax);
    }
    let signed = if negative { format!("-{digits}") } else { digits };
    i64::from_str_radix(&signed, radix).map_err(|_| Failure::Size)
}

fn float(text: &str) -> Option<f64> {
    let plain = without_underscores(text, |b| b.is_ascii_digit())?;
    plain.parse().ok()
}

fn shown(text: Text) -> String {
    let mut out = Out::default();
    quoted(text, &mut out);
    out.text
}

/// The integer that a string spells in a base.
///
/// # Safety
/// Live site and string.
pub unsafe extern "C-unwind" fn nb_str_int(site: *const Site, string: *const Str, base: i64) -> i64 {
    // SAFETY: promised by the caller.
    unsafe {
        let text = (*string).text();
        let Some(radix) = u32::try_from(base).ok().filter(|b| *b == 0 || (2..=36).contains(b)) else {
            raise_text(site, ExceptionKind::ValueError, "int() base must be >= 2 and <= 36, or 0".into())
        };
        match plain(text).map_or(Err(Failure::Syntax), |t| integer(&t, radix)) {
            Ok(value) => value,
            Err(Failure::Syntax) => raise_text(site, ExceptionKind::ValueError, format!("invalid literal for int() with base {base}: {}", shown(text))),
            Err(Failure::Size) => raise_text(site, ExceptionKind::OverflowError, "the integer does not fit in 64 bits".into()),
        }
    }
}

/// The float that a string spells.
///
/// # Safety
/// Live site and string.
pub unsafe extern "C-unwind" fn nb_str_float(site: *const Site, string: *const Str) -> f64 {
    // SAFETY: promised by the caller.
    unsafe {
        let text = (*string).text();
        match plain(text).and_then(|t| float(&t)) {
            Some(value) => value,
            None => raise_text(site, ExceptionKind::ValueError, format!("could not convert string to float: {}", shown(text))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_are_read_as_python_does() {
        for (text, base, value) in [("12", 10, 12), ("-1_000", 10, -1000), ("0x_ff", 0, 255), ("ff", 16, 255), ("0b11", 2, 3), ("+7", 10, 7), ("00", 0, 0), ("z", 36, 35), ("-9223372036854775808", 10, i64::MIN)] {
            assert_eq!(integer(text, base), Ok(value), "{text}");
        }
        for (text, base) in [("", 10), ("1__0", 10), ("_1", 10), ("1_", 10), ("0x", 16), ("012", 0), ("1.0", 10), ("--1", 10), ("2", 2)] {
            assert_eq!(integer(text, base), Err(Failure::Syntax), "{text}");
        }
        assert_eq!(integer("9223372036854775808", 10), Err(Failure::Size));
        assert_eq!([float("1_0.5e1"), float("1_.5"), float("-inf"), float("")], [Some(105.0), None, Some(f64::NEG_INFINITY), None]);
        assert_eq!(plain(Text::Two(&[0x20, 0x661, 0x662, 0x2003])).as_deref(), Some("12"));
    }
}
