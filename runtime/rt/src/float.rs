//! Functions of doubles that are not in the C library as compiled code needs them.
use crate::Pair;
use crate::exception::{Site, raise_text};
use numbra_abi::ExceptionKind;
use std::ffi::c_int;

unsafe extern "C" {
    safe fn ldexp(x: f64, exponent: c_int) -> f64;
    safe fn tgamma(x: f64) -> f64;
    fn frexp(x: f64, exponent: *mut c_int) -> f64;
    fn lgamma_r(x: f64, sign: *mut c_int) -> f64;
}

/// No double has a digit behind this place, and none is as large as half a unit of the other.
const PLACES: std::ops::RangeInclusive<i64> = -308..=323;

/// The decimal digits of a number, rounded half to even at a place left of the point.
fn round_left(x: f64, place: usize) -> f64 {
    let whole = x.abs().trunc();
    let digits = format!("{whole:.0}");
    if place > digits.len() {
        return x * 0.0;
    }
    let (keep, cut) = digits.split_at(digits.len() - place);
    let rest = cut.as_bytes();
    let inexact = whole != x.abs() || rest.iter().skip(1).any(|d| *d != b'0');
    let odd = keep.bytes().last().is_some_and(|d| (d - b'0') % 2 == 1);
    let up = match rest.first() {
        Some(first) => *first > b'5' || *first == b'5' && (inexact || odd),
        None => false,
    };
    let mut kept: Vec<u8> = keep.bytes().collect();
    if up {
        let nines = kept.iter().rev().take_while(|d| **d == b'9').count();
        let end = kept.len();
        kept[end - nines..].fill(b'0');
        match end.checked_sub(nines + 1) {
            Some(i) => kept[i] += 1,
            None => kept.insert(0, b'1'),
        }
    }
    let text = format!("0{}e{place}", String::from_utf8_lossy(&kept));
    text.parse::<f64>().unwrap_or(f64::NAN).copysign(x)
}

/// Python's `round(x, digits)`: the double nearest to the correctly rounded decimal.
fn round_digits(x: f64, digits: i64) -> f64 {
    if !x.is_finite() || digits > *PLACES.end() || x == 0.0 {
        return x;
    }
    if digits < *PLACES.start() {
        return x * 0.0;
    }
    if digits < 0 {
        return round_left(x, digits.unsigned_abs() as usize);
    }
    // Where scaling by an exact power of ten leaves no doubt about the integer, the quotient of two exact numbers is the correctly rounded result.
    if digits <= 22 {
        let scale = POWERS[digits as usize];
        let scaled = x * scale;
        let whole = scaled.round_ties_even();
        let doubt = ((scaled - whole).abs() - 0.5).abs() <= scaled.abs() * f64::EPSILON;
        if scaled.abs() < 4503599627370496.0 && !doubt {
            return (whole / scale).copysign(x);
        }
    }
    format!("{x:.*}", digits as usize).parse().unwrap_or(x)
}

const POWERS: [f64; 23] = [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22];

/// Python's `round` with digits; OverflowError when the result is too large.
///
/// # Safety
/// The site is live.
pub unsafe extern "C-unwind" fn nb_round_digits(site: *const Site, x: f64, digits: i64) -> f64 {
    let result = round_digits(x, digits);
    if result.is_infinite() && x.is_finite() {
        // SAFETY: promised by the caller.
        unsafe { raise_text(site, ExceptionKind::OverflowError, "rounded value too large to represent".into()) }
    }
    result
}

/// Mantissa and exponent.
pub extern "C" fn nb_frexp(x: f64) -> Pair {
    let mut exponent = 0;
    // SAFETY: the exponent is written to a local.
    let mantissa = unsafe { frexp(x, &mut exponent) };
    // The C library leaves the exponent of infinities and NaN open; Python says 0.
    Pair::new(mantissa, if x.is_finite() { f64::from(exponent) } else { 0.0 })
}

/// Fractional and whole part.
pub extern "C" fn nb_modf(x: f64) -> Pair {
    let whole = x.trunc();
    let fraction = if x.is_infinite() { 0.0 } else { x - whole };
    Pair::new(fraction.copysign(x), whole)
}

/// `x` times two to the power of any integer.
pub extern "C" fn nb_ldexp(x: f64, exponent: i64) -> f64 {
    ldexp(x, exponent.clamp(-5000, 5000) as c_int)
}

/// The gamma function.
pub extern "C" fn nb_gamma(x: f64) -> f64 {
    tgamma(x)
}

/// Logarithm of the absolute value of the gamma function.
pub extern "C" fn nb_lgamma(x: f64) -> f64 {
    let mut sign = 0;
    // SAFETY: the sign is written to a local.
    unsafe { lgamma_r(x, &mut sign) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounding_is_pythons() {
        for (x, digits, want) in [
            (2.675, 2, 2.67), (0.125, 2, 0.12), (0.375, 2, 0.38), (2.5, 0, 2.0), (3.5, 0, 4.0), (-0.5, 0, -0.0), (1e22, 5, 1e22), (5e-324, 323, 0.0), (1.15, 1, 1.1), (1.25, 1, 1.2), (1.35, 1, 1.4),
            (15.0, -1, 20.0), (25.0, -1, 20.0), (25.5, -1, 30.0), (5.0, -1, 0.0), (5.1, -1, 10.0), (95.0, -1, 100.0), (99.0, -2, 100.0), (49.0, -2, 0.0), (51.0, -2, 100.0), (-51.0, -2, -100.0), (1234567.0, -3, 1235000.0), (4.0, -1, 0.0),
            (1e300, -300, 1e300), (1.7e308, -308, f64::INFINITY), (3.0, -400, 0.0), (1.1, 400, 1.1), (123.456, 25, 123.456), (9007199254740993.0, -1, 9007199254740990.0), (0.5, 0, 0.0), (1.0000000000000002, 16, 1.0000000000000002),
        ] {
            let got = round_digits(x, digits);
            assert_eq!(got.to_bits(), f64::to_bits(want), "round({x}, {digits}) = {got}");
        }
        assert!(round_digits(f64::NAN, 1).is_nan());
    }

    #[test]
    fn the_quick_way_of_rounding_agrees_with_the_exact_one() {
        let mut state = 1u64;
        for _ in 0..200_000 {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            let x = (state >> 11) as f64 / (1u64 << 40) as f64 - 4096.0;
            for digits in [0usize, 1, 2, 5, 10] {
                let exact: f64 = format!("{x:.digits$}").parse().expect("a number");
                assert_eq!(round_digits(x, digits as i64).to_bits(), exact.to_bits(), "{x} {digits}");
            }
        }
    }

    #[test]
    fn parts_of_numbers() {
        assert_eq!(nb_frexp(8.0), Pair::new(0.5, 4.0));
        assert_eq!(nb_frexp(f64::INFINITY), Pair::new(f64::INFINITY, 0.0));
        assert_eq!(nb_modf(-3.25), Pair::new(-0.25, -3.0));
        assert_eq!(nb_modf(f64::NEG_INFINITY), Pair::new(-0.0, f64::NEG_INFINITY));
        assert_eq!(nb_ldexp(1.0, i64::MAX), f64::INFINITY);
        assert_eq!(nb_ldexp(3.0, -1), 1.5);
        assert_eq!(nb_lgamma(-0.5).to_bits(), 1.2655121234846454f64.to_bits());
        assert_eq!(nb_gamma(5.0), 24.0);
    }
}
