//! Values as text, with Python's digits: `str` and `repr` of what slots hold.
use crate::arrays::Elements;
use crate::dates;
use crate::list::List;
use crate::shape::{Shape, float, integer};
use crate::strings::{Str, Text, out::Out};
use numbra_abi::{DType, dtype::Kind};
use std::fmt::Write;

/// A float as Python's `repr` has it: the shortest digits that read back as the same number; without an exponent from 1e-4 up to 1e16.
/// A float32 as `str` of NumPy 2.4 has it, without an exponent up to 1e6; there the number decides, not its digits.
pub fn float_text(d: DType, value: f64) -> String {
    if value.is_nan() {
        return "nan".into();
    }
    if value.is_infinite() {
        return if value > 0.0 { "inf" } else { "-inf" }.into();
    }
    // The longest is a sign, 17 digits with their point, and an exponent.
    let mut shortest = Shortest { bytes: [0; 32], length: 0 };
    _ = if d.part() == DType::Float32 { write!(shortest, "{:e}", value as f32) } else { write!(shortest, "{value:e}") };
    if d.part() != DType::Float32 && (TIES_FROM..TIES_TO).contains(&value.abs()) {
        shortest.to_even(value);
    }
    let text = std::str::from_utf8(&shortest.bytes[..shortest.length]).unwrap_or_default();
    let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let plain = if d.part() == DType::Float32 { value == 0.0 || (1e-4..1e6).contains(&value.abs()) } else { (-4..16).contains(&exponent) };
    if !plain {
        return format!("{mantissa}e{}{:02}", if exponent < 0 { '-' } else { '+' }, exponent.abs());
    }
    let mut out = String::with_capacity(32);
    let mantissa = mantissa.strip_prefix('-').inspect(|_| out.push('-')).unwrap_or(mantissa);
    if exponent < 0 {
        out.push_str("0.");
        out.extend(std::iter::repeat_n('0', (-exponent - 1) as usize));
    }
    let mut whole = if exponent < 0 { usize::MAX } else { exponent as usize + 1 };
    for c in mantissa.chars().filter(|c| *c != '.') {
        if whole == 0 {
            out.push('.');
            whole = usize::MAX;
        }
        out.push(c);
        whole -= 1;
    }
    if exponent >= 0 && whole <= exponent as usize + 1 {
        out.extend(std::iter::repeat_n('0', whole));
        out.push_str(".0");
    }
    out
}

/// A text of few bytes, without an allocation.
struct Shortest {
    bytes: [u8; 32],
    length: usize,
}

/// Between these some numbers lie in the middle of two that are one digit shorter: both read back as the number. Outside, the digits behind such a middle are too many or too few.
const TIES_FROM: f64 = (1u64 << 40) as f64;
const TIES_TO: f64 = 1e25;

impl Shortest {
    // Of two shortest texts that are equally near, Python takes the one with the even last digit.
    fn to_even(&mut self, value: f64) {
        let digits = self.bytes[..self.length].iter().take_while(|b| **b != b'e').filter(|b| b.is_ascii_digit()).count();
        let mut even = Shortest { bytes: [0; 32], length: 0 };
        let written = write!(even, "{value:.*e}", digits.saturating_sub(1)).is_ok();
        let text = std::str::from_utf8(&even.bytes[..even.length]).unwrap_or_default();
        if written && text.parse() == Ok(value) {
            *self = even;
        }
    }
}

impl Write for Shortest {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        let end = self.length + text.len();
        self.bytes.get_mut(self.length..end).ok_or(std::fmt::Error)?.copy_from_slice(text.as_bytes());
        self.length = end;
        Ok(())
    }
}

// A part of a complex number: a float that is whole shows no fraction.
fn part_text(d: DType, value: f64) -> String {
    let text = float_text(d, value);
    text.strip_suffix(".0").map(str::to_string).unwrap_or(text)
}

fn complex_text(d: DType, re: f64, im: f64) -> String {
    let mut imaginary = part_text(d, im);
    if re == 0.0 && re.is_sign_positive() {
        return format!("{imaginary}j");
    }
    if !imaginary.starts_with('-') {
        imaginary.insert(0, '+');
    }
    format!("({}{imaginary}j)", part_text(d, re))
}

/// Appends a character as an escape sequence.
pub fn escape(code: u32, out: &mut Out) {
    _ = match code {
        0..0x100 => write!(out, "\\x{code:02x}"),
        0x100..0x10000 => write!(out, "\\u{code:04x}"),
        _ => write!(out, "\\U{code:08x}"),
    };
}

/// A string in quotes, as Python's `repr` chooses and escapes them.
pub fn quoted(text: Text, out: &mut Out) {
    let has = |quote: char| text.codes().any(|c| c == quote as u32);
    let quote = if has('\'') && !has('"') { '"' } else { '\'' };
    out.push(quote);
    for code in text.codes() {
        match char::from_u32(code) {
            Some('\\') => out.push_str("\\\\"),
            Some('\n') => out.push_str("\\n"),
            Some('\r') => out.push_str("\\r"),
            Some('\t') => out.push_str("\\t"),
            Some(c) if c == quote => out.text.extend(['\\', c]),
            Some(c) if crate::strings::is_printable(code) => out.push(c),
            _ => escape(code, out),
        }
    }
    out.push(quote);
}

fn scalar_text(d: DType, slots: &[u64]) -> String {
    let slot = |i: usize| slots.get(i).copied().unwrap_or_default();
    match d.kind() {
        Kind::Bool => if slot(0) as u8 != 0 { "True" } else { "False" }.into(),
        Kind::Float => float_text(d, float(d, slot(0))),
        Kind::Complex => complex_text(d, float(d, slot(0)), float(d, slot(1))),
        Kind::DateTime | Kind::TimeDelta => dates::text(d, slot(0) as i64),
        _ => integer(d, slot(0)).to_string(),
    }
}

// Scalars that Python has itself show themselves as Python's; NumPy's name their type.
fn scalar_repr(d: DType, slots: &[u64]) -> String {
    if let (Some(unit), [value, ..]) = (d.unit(), slots) {
        return dates::repr(d, unit, *value as i64);
    }
    let text = scalar_text(d, slots);
    if matches!(d, DType::Bool | DType::Int64 | DType::Float64 | DType::Complex128) {
        return text;
    }
    let inner = text.strip_prefix('(').and_then(|t| t.strip_suffix(')')).unwrap_or(&text);
    format!("np.{}({inner})", d.name())
}

impl Shape {
    /// Appends a value as Python's `str` shows it, or as `repr` does, which differ in strings.
    ///
    /// # Safety
    /// The slots are those of a live value of this shape.
    pub unsafe fn show(&self, slots: *const u64, repr: bool, out: &mut Out) {
        // SAFETY: promised by the caller; parts lie one after the other.
        unsafe {
            match self {
                Shape::None => out.push_str("None"),
                Shape::Array(rank, dtype) => {
                    let data = *slots.add(1) as *const u8;
                    let [shape, strides] = [2, 2 + rank].map(|at| std::slice::from_raw_parts(slots.add(at).cast::<i64>(), *rank));
                    Elements { dtype: *dtype, data, shape, strides }.show(repr, out);
                }
                Shape::Scalar(d) => {
                    let slots = std::slice::from_raw_parts(slots, self.slots());
                    out.push_str(&if repr { scalar_repr(*d, slots) } else { scalar_text(*d, slots) });
                }
                Shape::Str => {
                    let text = (*slots.cast::<Str>()).text();
                    if repr { quoted(text, out) } else { out.push_string(text) }
                }
                Shape::Tuple(parts) => {
                    out.push('(');
                    let mut at = 0;
                    for (i, p) in parts.iter().enumerate() {
                        if i > 0 {
                            out.push_str(", ");
                        }
                        p.show(slots.add(at), true, out);
                        at += p.slots();
                    }
                    out.push_str(if parts.len() == 1 { ",)" } else { ")" });
                }
                Shape::List(element) => {
                    let list = &*(*slots as *const List);
                    out.push('[');
                    for i in 0..list.len {
                        if i > 0 {
                            out.push_str(", ");
                        }
                        element.show(list.element(i), true, out);
                    }
                    out.push(']');
                }
                Shape::Union(_) => {
                    if let Some((member, slots)) = self.member(slots) {
                        member.show(slots, repr, out);
                    }
                }
                Shape::Range(d) => {
                    let part = |i| integer(*d, *slots.add(i));
                    _ = write!(out, "range({}, {}", part(0), part(1));
                    if part(2) != 1 {
                        _ = write!(out, ", {}", part(2));
                    }
                    out.push(')');
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_are_pythons() {
        let cases = [
            (0.0, "0.0"), (-0.0, "-0.0"), (1.0, "1.0"), (0.1, "0.1"), (1e15, "1000000000000000.0"), (1e16, "1e+16"), (1e-4, "0.0001"), (1e-5, "1e-05"), (123456.789, "123456.789"),
            (1.5e300, "1.5e+300"), (5e-324, "5e-324"), (-2.5, "-2.5"), (f64::INFINITY, "inf"), (f64::NAN, "nan"), (9007199254740993.0, "9007199254740992.0"),
            (562949953421312.25, "562949953421312.2"), (562949953421312.75, "562949953421312.8"), (1e22, "1e+22"), (1099511627776.5, "1099511627776.5"),
        ];
        for (value, text) in cases {
            assert_eq!(float_text(DType::Float64, value), text);
        }
        assert_eq!(float_text(DType::Float32, f64::from(0.1f32)), "0.1");
        assert_eq!(float_text(DType::Float32, f64::from(1e-4f32)), "1e-04");
        assert_eq!(float_text(DType::Float32, 61411032.0), "6.141103e+07");
        assert_eq!(float_text(DType::Float32, 999999.94), "999999.94");
        assert_eq!(float_text(DType::Float32, 0.0), "0.0");
    }

    #[test]
    fn scalars_of_numpy_name_their_type() {
        assert_eq!(scalar_repr(DType::Int8, &[255]), "np.int8(-1)");
        assert_eq!(scalar_repr(DType::Complex64, &[u64::from(1f32.to_bits()), u64::from(2f32.to_bits())]), "np.complex64(1+2j)");
        assert_eq!(scalar_repr(DType::Int64, &[3]), "3");
    }

    #[test]
    fn complex_numbers_are_pythons() {
        let cases = [((0.0, 1.0), "1j"), ((1.0, -2.5), "(1-2.5j)"), ((-0.0, 1.0), "(-0+1j)"), ((1.5, 0.0), "(1.5+0j)"), ((f64::NAN, f64::INFINITY), "(nan+infj)"), ((1e16, 1.0), "(1e+16+1j)")];
        for ((re, im), text) in cases {
            assert_eq!(complex_text(DType::Complex128, re, im), text);
        }
    }

    #[test]
    fn strings_are_quoted_as_python_does() {
        for (text, wanted) in [("a", "'a'"), ("it's", "\"it's\""), ("'\"", "'\\'\"'"), ("\n\x01", "'\\n\\x01'"), ("é\u{a0}\u{200b}\u{301}", "'é\\xa0\\u200b\u{301}'")] {
            let codes: Vec<u32> = text.chars().map(u32::from).collect();
            let mut out = Out::default();
            quoted(Text::Four(&codes), &mut out);
            assert_eq!(out.text, wanted);
        }
    }
}
