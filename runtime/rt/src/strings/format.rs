//! `format(value, specification)` and formatted strings. Python's rules of rounding are the standard library's: digits are those of the exact value.
use super::{Str, Text, out::Out};
use crate::{Site, exception::raise_text, shape::{Shape, float, integer}, show::float_text};
use numbra_abi::{DType, ExceptionKind, dtype::Kind, format::{ASCII, Class, DYNAMIC, REPR, SPEC, STR, Spec, TEXT}};
use std::borrow::Cow;

/// No double has a digit behind this place.
const LAST_PLACE: usize = 1100;

type Failure = (ExceptionKind, String);

/// Digits in groups, filled with zeros up to a width.
fn grouped(digits: &str, separator: Option<char>, size: usize, width: usize) -> String {
    let mut out: Vec<char> = vec![];
    let mut left: Vec<char> = digits.chars().collect();
    let mut missing = width;
    let size = if separator.is_some() { size } else { usize::MAX };
    loop {
        let chunk = size.min(left.len().max(missing).max(1));
        for _ in 0..chunk {
            out.push(left.pop().unwrap_or('0'));
        }
        missing = missing.saturating_sub(chunk);
        if left.is_empty() && missing == 0 {
            break;
        }
        out.extend(separator);
        missing = missing.saturating_sub(1);
    }
    out.iter().rev().collect()
}

fn sign(spec: &Spec, negative: bool) -> &'static str {
    match (negative, spec.sign) {
        (true, _) => "-",
        (_, Some('+')) => "+",
        (_, Some(' ')) => " ",
        _ => "",
    }
}

/// Writes the parts of a number: sign, prefix, digits before the point, the rest.
fn number(out: &mut Out, spec: &Spec, sign: &str, prefix: &str, digits: &str, rest: &str, size: usize) {
    let align = spec.align.unwrap_or(if spec.zero { '=' } else { '>' });
    let width = spec.width as usize;
    let others = sign.len() + prefix.len() + rest.chars().count();
    let zeros = spec.fill == '0' && align == '=';
    let digits = if digits.is_empty() || spec.grouping.is_none() && !zeros {
        Cow::Borrowed(digits)
    } else {
        Cow::Owned(grouped(digits, spec.grouping, size, if zeros { width.saturating_sub(others) } else { 0 }))
    };
    let missing = width.saturating_sub(others + digits.chars().count());
    let (before, inside, behind) = match align {
        '<' => (0, 0, missing),
        '^' => (missing / 2, 0, missing - missing / 2),
        '=' => (0, missing, 0),
        _ => (missing, 0, 0),
    };
    let fill = |out: &mut Out, n: usize| out.text.extend(std::iter::repeat_n(spec.fill, n));
    fill(out, before);
    out.push_str(sign);
    out.push_str(prefix);
    fill(out, inside);
    out.push_str(&digits);
    out.push_str(rest);
    fill(out, behind);
}

fn text(out: &mut Out, spec: &Spec, value: Text) {
    let length = value.len().min(spec.precision.map_or(usize::MAX, |p| p as usize));
    let missing = (spec.width as usize).saturating_sub(length);
    let before = match spec.align {
        Some('>') => missing,
        Some('^') => missing / 2,
        _ => 0,
    };
    out.text.extend(std::iter::repeat_n(spec.fill, before));
    out.push_string(value.range(0, length));
    out.text.extend(std::iter::repeat_n(spec.fill, missing - before));
}

fn int(out: &mut Out, spec: &Spec, value: i128) -> Result<(), Failure> {
    let magnitude = value.unsigned_abs();
    let (digits, prefix, size) = match spec.kind.unwrap_or('d') {
        'b' => (format!("{magnitude:b}"), "0b", 4),
        'o' => (format!("{magnitude:o}"), "0o", 4),
        'x' => (format!("{magnitude:x}"), "0x", 4),
        'X' => (format!("{magnitude:X}"), "0X", 4),
        'c' => {
            let Some(code) = u32::try_from(value).ok().filter(|c| *c < 0x110000) else { return Err((ExceptionKind::OverflowError, "%c arg not in range(0x110000)".into())) };
            let one = [code];
            let spec = Spec { align: Some(spec.align.filter(|a| *a != '=').unwrap_or('>')), precision: None, ..*spec };
            text(out, &spec, Text::Four(&one));
            return Ok(());
        }
        _ => (magnitude.to_string(), "", 3),
    };
    number(out, spec, sign(spec, value < 0), if spec.alternate { prefix } else { "" }, &digits, "", size);
    Ok(())
}

/// A number with so many places, which may be more than it has.
fn fixed(value: f64, places: usize, point: bool) -> String {
    let known = places.min(LAST_PLACE);
    let mut digits = format!("{value:.known$}");
    digits.extend(std::iter::repeat_n('0', places - known));
    if places == 0 && point {
        digits.push('.');
    }
    digits
}

/// Mantissa with so many places, and exponent.
fn scientific(value: f64, places: usize) -> (String, i32) {
    let known = places.min(LAST_PLACE);
    let digits = format!("{value:.known$e}");
    let (mantissa, exponent) = digits.split_once('e').unwrap_or((&digits, "0"));
    let mut mantissa = mantissa.to_string();
    mantissa.extend(std::iter::repeat_n('0', places - known));
    (mantissa, exponent.parse().unwrap_or(0))
}

fn with_exponent(mut mantissa: String, exponent: i32, point: bool) -> String {
    if point && !mantissa.contains('.') {
        mantissa.push('.');
    }
    format!("{mantissa}e{}{:02}", if exponent < 0 { '-' } else { '+' }, exponent.abs())
}

/// The shorter of both notations, by significant digits.
fn general(value: f64, precision: usize, alternate: bool, one_place: bool) -> String {
    let precision = precision.max(1);
    let (mantissa, exponent) = scientific(value, precision - 1);
    let trimmed = |s: String| if s.contains('.') && !alternate { s.trim_end_matches('0').trim_end_matches('.').to_string() } else { s };
    if exponent < -4 || i64::from(exponent) >= precision as i64 - i64::from(one_place) {
        return with_exponent(trimmed(mantissa), exponent, alternate);
    }
    let text = trimmed(fixed(value, (precision as i64 - 1 - i64::from(exponent)) as usize, alternate));
    if one_place && !text.contains('.') { text + ".0" } else { text }
}

fn real(out: &mut Out, spec: &Spec, value: f64) {
    let magnitude = value.abs();
    let precision = spec.precision.map(|p| p as usize);
    let kind = spec.kind.unwrap_or('r');
    let shown = if kind == '%' { magnitude * 100.0 } else { magnitude };
    let mut digits = match kind.to_ascii_lowercase() {
        _ if shown.is_nan() => "nan".to_string(),
        _ if shown.is_infinite() => "inf".to_string(),
        'e' => {
            let (mantissa, exponent) = scientific(shown, precision.unwrap_or(6));
            with_exponent(mantissa, exponent, spec.alternate)
        }
        'f' | '%' => fixed(shown, precision.unwrap_or(6), spec.alternate),
        'g' => general(shown, precision.unwrap_or(6), spec.alternate, false),
        _ => match precision {
            Some(p) => general(shown, p, spec.alternate, true),
            None => match float_text(DType::Float64, shown) {
                text if spec.alternate && !text.contains('.') => text.replacen('e', ".e", 1),
                text => text,
            },
        },
    };
    let zero = digits.split('e').next().is_some_and(|m| m.chars().all(|c| matches!(c, '0' | '.')));
    if kind == '%' {
        digits.push('%');
    }
    if kind.is_ascii_uppercase() {
        digits = digits.to_ascii_uppercase();
    }
    let negative = value.is_sign_negative() && !value.is_nan() && !(spec.positive_zero && zero);
    let whole = digits.chars().take_while(char::is_ascii_digit).count();
    number(out, spec, sign(spec, negative), "", &digits[..whole], &digits[whole..], 3);
}

/// Appends a value by a specification.
///
/// # Safety
/// The slots are those of a live value of the shape.
unsafe fn formatted(out: &mut Out, spec: &Spec, shape: &Shape, slots: *const u64) -> Result<(), Failure> {
    let check = |class| spec.check(class).map_err(|message| (ExceptionKind::ValueError, message));
    // SAFETY: promised by the caller.
    unsafe {
        match shape {
            Shape::Str => {
                check(Class::Str)?;
                text(out, spec, (*slots.cast::<Str>()).text());
            }
            Shape::Scalar(d) if d.kind() == Kind::Float => {
                check(Class::Float)?;
                real(out, spec, float(*d, *slots));
            }
            Shape::Scalar(d) if !d.is_complex() => {
                check(Class::Int)?;
                let value = integer(*d, *slots);
                match spec.kind {
                    Some('e' | 'E' | 'f' | 'F' | 'g' | 'G' | '%') => real(out, spec, value as f64),
                    _ => int(out, spec, value)?,
                }
            }
            Shape::Union(_) => {
                let Some((member, slots)) = shape.member(slots) else { return Ok(()) };
                formatted(out, spec, member, slots)?;
            }
            _ => return Err((ExceptionKind::TypeError, format!("unsupported format string passed to {}.__format__", shape.python_name()))),
        }
    }
    Ok(())
}

/// # Safety
/// A whole template and its slots.
unsafe fn assemble(template: *const u8, mut slots: *const u64, out: &mut Out) -> Result<(), Failure> {
    let mut at = template;
    // SAFETY: promised by the caller: each letter says what follows it, and how many slots it has.
    unsafe {
        loop {
            let letter = *at as char;
            at = at.add(1);
            let words = |n: usize| std::array::from_fn::<u64, 2, _>(|i| *slots.add(n + i));
            match letter {
                TEXT => {
                    let [data, word] = words(0);
                    out.push_string(Text::new(data as *const u8, word));
                    slots = slots.add(2);
                    continue;
                }
                STR | REPR | ASCII | SPEC | DYNAMIC => {}
                _ => return Ok(()),
            }
            let known = matches!(letter, SPEC | DYNAMIC).then(|| words(0));
            slots = slots.add(if known.is_some() { 2 } else { 0 });
            let shape = Shape::next(&mut at);
            match (letter, known) {
                (SPEC, Some(words)) => formatted(out, &Spec::unpack(words), &shape, slots)?,
                (DYNAMIC, Some([data, word])) => {
                    let text = Text::new(data as *const u8, word);
                    let spec = Spec::parse(&text.lossy()).map_err(|m| (ExceptionKind::ValueError, m))?;
                    if text.is_empty() { shape.show(slots, false, out) } else { formatted(out, &spec, &shape, slots)? }
                }
                (ASCII, _) => {
                    let mut shown = Out::default();
                    shape.show(slots, true, &mut shown);
                    for c in shown.text.chars() {
                        if c.is_ascii() { out.push(c) } else { crate::show::escape(c as u32, out) }
                    }
                }
                _ => shape.show(slots, letter == REPR, out),
            }
            slots = slots.add(shape.slots());
        }
    }
}

/// A string by a template.
///
/// # Safety
/// A live site, a whole template and its slots; room for a string.
pub unsafe extern "C-unwind" fn nb_str_format(site: *const Site, out: *mut Str, template: *const u8, slots: *const u64) {
    let mut text = Out::default();
    // SAFETY: promised by the caller.
    unsafe {
        match assemble(template, slots, &mut text) {
            Ok(()) => out.write(text.into_str(site)),
            Err((kind, message)) => raise_text(site, kind, message),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(spec: &str, f: impl Fn(&mut Out, &Spec)) -> String {
        let mut out = Out::default();
        f(&mut out, &Spec::parse(spec).expect(spec));
        out.text
    }

    #[test]
    fn numbers_are_formatted_as_python_does() {
        for (spec, value, wanted) in [
            ("d", 5, "5"), ("05", -42, "-0042"), (",", 1234567, "1,234,567"), ("08,", 1234, "0,001,234"), ("06,", 1234, "01,234"), ("#x", 255, "0xff"), ("_b", 255, "1111_1111"),
            ("+d", 3, "+3"), ("^7", 12, "  12   "), ("*<5", 1, "1****"), ("=+5", 1, "+   1"), ("c", 65, "A"), ("#010b", 5, "0b00000101"),
        ] {
            assert_eq!(made(spec, |o, s| assert!(int(o, s, value).is_ok())), wanted, "{spec}");
        }
        for (spec, value, wanted) in [
            (".3f", 3.14159, "3.142"), ("e", 12345.678, "1.234568e+04"), ("g", 1e-5, "1e-05"), ("g", 100000.0, "100000"), ("g", 1e6, "1e+06"), ("%", 0.256, "25.600000%"), (".0f", 2.5, "2"), ("#.0f", 2.5, "2."),
            ("10.2f", -1.005, "     -1.00"), (",.2f", 1234567.891, "1,234,567.89"), (".3", 3.0, "3.0"), (".1", 30.0, "3e+01"), ("08.1f", f64::INFINITY, "00000inf"), ("F", f64::NAN, "NAN"), ("z.1f", -0.04, "0.0"), ("", 1e16, "1e+16"),
            ("#g", 1.0, "1.00000"), ("012,.1f", 1234.5, "00,001,234.5"),
        ] {
            assert_eq!(made(spec, |o, s| real(o, s, value)), wanted, "{spec}");
        }
        assert_eq!(made(">5.2", |o, s| text(o, s, Text::One(b"abc"))), "   ab");
    }
}
