//! Integer functions with loops: powers, Python's modular power, greatest common divisor, dates by the calendar.
use crate::exception::{Site, raise_text};
use numbra_abi::{ExceptionKind, unit::{NAT, Unit, convert_date}};

/// Power of an integer, wrapping; ValueError for a negative exponent.
///
/// # Safety
/// The site is live.
pub unsafe extern "C-unwind" fn nb_int_pow(site: *const Site, base: i64, exponent: i64) -> i64 {
    if exponent < 0 {
        // SAFETY: promised by the caller.
        unsafe { raise_text(site, ExceptionKind::ValueError, "Integers to negative integer powers are not allowed.".into()) }
    }
    nb_uint_pow(base, exponent as u64)
}

/// Power of an integer with an unsigned exponent, wrapping.
pub extern "C" fn nb_uint_pow(mut base: i64, mut exponent: u64) -> i64 {
    let mut result = 1i64;
    while exponent != 0 {
        if exponent & 1 != 0 {
            result = result.wrapping_mul(base);
        }
        base = base.wrapping_mul(base);
        exponent >>= 1;
    }
    result
}

/// A date in another unit; units by their position.
pub extern "C" fn nb_date_convert(value: i64, from: i64, to: i64) -> i64 {
    match (Unit::from_index(from), Unit::from_index(to)) {
        (Some(from), Some(to)) => convert_date(value, from, to),
        _ => NAT,
    }
}

/// Inverse of `a` modulo `m`, both positive.
fn inverse(a: i128, m: i128) -> Option<i128> {
    let (mut r0, mut r1, mut t0, mut t1) = (m, a, 0i128, 1i128);
    while r1 != 0 {
        let q = r0 / r1;
        (r0, r1, t0, t1) = (r1, r0 - q * r1, t1, t0 - q * t1);
    }
    (r0 == 1).then(|| t0.rem_euclid(m))
}

/// Python's `pow(base, exponent, modulus)`: the message of a ValueError, or the result.
fn pow_mod(base: i64, exponent: i64, modulus: i64) -> Result<i64, &'static str> {
    if modulus == 0 {
        return Err("pow() 3rd argument cannot be 0");
    }
    let m = i128::from(modulus).abs();
    let mut power = i128::from(base).rem_euclid(m);
    if exponent < 0 {
        power = inverse(power, m).ok_or("base is not invertible for the given modulus")?;
    }
    let (mut result, mut left) = (1 % m, exponent.unsigned_abs());
    while left != 0 {
        if left & 1 != 0 {
            result = result * power % m;
        }
        power = power * power % m;
        left >>= 1;
    }
    // The result has the sign of the modulus.
    Ok((if modulus < 0 && result != 0 { result - m } else { result }) as i64)
}

/// Python's `pow` with three arguments.
///
/// # Safety
/// The site is live.
pub unsafe extern "C-unwind" fn nb_pow_mod(site: *const Site, base: i64, exponent: i64, modulus: i64) -> i64 {
    match pow_mod(base, exponent, modulus) {
        Ok(result) => result,
        // SAFETY: promised by the caller.
        Err(message) => unsafe { raise_text(site, ExceptionKind::ValueError, message.into()) },
    }
}

/// Greatest common divisor by Stein's method: no divisions.
pub extern "C" fn nb_gcd(a: i64, b: i64) -> i64 {
    let (mut a, mut b) = (a.unsigned_abs(), b.unsigned_abs());
    if a == 0 || b == 0 {
        return (a | b) as i64;
    }
    let shift = (a | b).trailing_zeros();
    a >>= a.trailing_zeros();
    while b != 0 {
        b >>= b.trailing_zeros();
        (a, b) = (a.min(b), a.abs_diff(b));
    }
    (a << shift) as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn powers_wrap() {
        assert_eq!(nb_uint_pow(3, 4), 81);
        assert_eq!(nb_uint_pow(-2, 63), i64::MIN);
        assert_eq!(nb_uint_pow(2, 64), 0);
        assert_eq!(nb_uint_pow(7, 0), 1);
        assert_eq!(nb_uint_pow(3, u64::MAX), nb_uint_pow(3, u64::MAX % (1 << 62)));
    }

    #[test]
    fn modular_powers_are_pythons() {
        for (a, b, m, want) in [(2, 10, 1000, 24), (3, -1, 7, 5), (2, 3, -5, -2), (5, 0, 1, 0), (-3, 3, 5, 3), (i64::MIN, 3, i64::MAX, 9223372036854775806), (10, 5, -1, 0), (4, -2, -7, -3)] {
            assert_eq!(pow_mod(a, b, m), Ok(want), "{a} {b} {m}");
        }
        assert!(pow_mod(2, -1, 4).is_err());
        assert!(pow_mod(2, 1, 0).is_err());
    }

    #[test]
    fn common_divisors() {
        for (a, b, want) in [(12, 18, 6), (-12, 18, 6), (0, 5, 5), (0, 0, 0), (17, 13, 1), (1 << 40, 1 << 20, 1 << 20), (i64::MIN, 6, 2)] {
            assert_eq!(nb_gcd(a, b), want, "{a} {b}");
        }
    }
}
