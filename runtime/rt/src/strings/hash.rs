//! Hashes: of numbers and tuples those of CPython on 64 bits; of strings some function of the code points, as Python's own differs from process to process.
use super::{Str, units};

const MODULUS: u64 = (1 << 61) - 1;
const INFINITY: i64 = 314159;

fn signed(magnitude: u64, negative: bool) -> i64 {
    let hash = if negative { -(magnitude as i64) } else { magnitude as i64 };
    if hash == -1 { -2 } else { hash }
}

/// The hash of an integer.
pub extern "C" fn nb_hash_int(x: i64) -> i64 {
    signed(x.unsigned_abs() % MODULUS, x < 0)
}

/// The hash of an unsigned integer.
pub extern "C" fn nb_hash_uint(x: u64) -> i64 {
    signed(x % MODULUS, false)
}

/// The hash of a float: a rational number modulo a prime, as for the integer of its value.
pub extern "C" fn nb_hash_float(x: f64) -> i64 {
    if x.is_nan() {
        return 0;
    }
    if x.is_infinite() {
        return if x > 0.0 { INFINITY } else { -INFINITY };
    }
    let bits = x.to_bits();
    let (exponent, fraction) = ((bits >> 52 & 0x7ff) as i64, bits & ((1 << 52) - 1));
    let (mantissa, exponent) = if exponent == 0 { (fraction, -1074) } else { (fraction | 1 << 52, exponent - 1075) };
    // Two to the power of 61 is one.
    let shift = exponent.rem_euclid(61) as u32;
    let product = u128::from(mantissa % MODULUS) << shift;
    signed((product % u128::from(MODULUS)) as u64, x < 0.0)
}

/// The hash of a tuple, from those of its elements.
///
/// # Safety
/// There are so many hashes.
pub unsafe extern "C" fn nb_hash_tuple(hashes: *const i64, count: i64) -> i64 {
    const FIRST: u64 = 11400714785074694791;
    const SECOND: u64 = 14029467366897019727;
    const FIFTH: u64 = 2870177450012600261;
    let count = usize::try_from(count).unwrap_or(0);
    let mut all = FIFTH;
    for i in 0..count {
        // SAFETY: promised by the caller.
        let lane = unsafe { *hashes.add(i) } as u64;
        all = all.wrapping_add(lane.wrapping_mul(SECOND)).rotate_left(31).wrapping_mul(FIRST);
    }
    all = all.wrapping_add(count as u64 ^ (FIFTH ^ 3527539));
    if all == u64::MAX { 1546275796 } else { all as i64 }
}

/// The hash of a string.
///
/// # Safety
/// A live string.
pub unsafe extern "C" fn nb_hash_str(string: *const Str) -> i64 {
    // SAFETY: promised by the caller.
    let text = unsafe { (*string).text() };
    if text.is_empty() {
        return 0;
    }
    let mut hash = 0xcbf2_9ce4_8422_2325u64 ^ text.len() as u64;
    units!(text, s => for c in s {
        hash = (hash ^ u64::from(*c)).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29);
    });
    hash ^= hash >> 32;
    let hash = hash.wrapping_mul(0xd6e8_feb8_6659_fd93) as i64;
    if hash == -1 { -2 } else { hash }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_of_numbers_are_pythons() {
        assert_eq!([0, 1, -1, -2, i64::MAX, i64::MIN].map(|x| nb_hash_int(x)), [0, 1, -2, -2, 3, -4]);
        assert_eq!([0.0, 0.5, 1.0, -1.0, 1e300, 5e-324, 0.1].map(|x| nb_hash_float(x)), [0, 1152921504606846976, 1, -2, 1224995262755759164, 16777216, 230584300921369408]);
        // SAFETY: as many hashes as are named.
        assert_eq!(unsafe { [nb_hash_tuple([].as_ptr(), 0), nb_hash_tuple([1, 2].as_ptr(), 2)] }, [5740354900026072187, -3550055125485641917]);
    }
}
