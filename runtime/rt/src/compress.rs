//! The elements of a row where a mask is true, one after the other.
//!
//! Without branches, since masks are not predictable: each element is written where the next true one belongs. Processors with AVX-512 do so with eight elements or more at a time: those
//! that are wanted are moved together in a register, which is written as a whole. (The instruction that writes only what is wanted takes many times as long on some of them.) So the
//! destination has 64 bytes behind the last element, which are written too.
use std::ffi::c_void;

/// Copies the elements where the mask is not zero to the destination; how many they are.
///
/// # Safety
/// So many elements of `item` bytes, aligned where these are a power of two, and as many bytes of the mask; room at the destination for what is true, and 64 bytes; memory does not overlap.
pub unsafe extern "C" fn nb_compress(from: *const c_void, mask: *const u8, to: *mut c_void, n: i64, item: i64) -> i64 {
    let (from, to, n) = (from.cast::<u8>(), to.cast::<u8>(), usize::try_from(n).unwrap_or(0));
    // SAFETY: promised by the caller; the features are there.
    let count = unsafe {
        #[cfg(target_arch = "x86_64")]
        if is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("avx512bw") && is_x86_feature_detected!("popcnt") {
            match item {
                4 => return wide::four(from.cast(), mask, to.cast(), n) as i64,
                8 => return wide::eight(from.cast(), mask, to.cast(), n) as i64,
                1 if is_x86_feature_detected!("avx512vbmi2") => return wide::one(from, mask, to, n) as i64,
                2 if is_x86_feature_detected!("avx512vbmi2") => return wide::two(from.cast(), mask, to.cast(), n) as i64,
                _ => {}
            }
        }
        match item {
            1 => each::<u8>(from, mask, to, n),
            2 => each::<u16>(from.cast(), mask, to.cast(), n),
            4 => each::<u32>(from.cast(), mask, to.cast(), n),
            8 => each::<u64>(from.cast(), mask, to.cast(), n),
            _ => blocks(from, mask, to, n, usize::try_from(item).unwrap_or(0)),
        }
    };
    count as i64
}

/// Writes the positions of the bytes that are not zero, counted from `first`; how many they are.
///
/// # Safety
/// So many bytes; room at the destination for what is not zero, and 64 bytes.
pub unsafe extern "C" fn nb_compress_positions(mask: *const u8, to: *mut i64, n: i64, first: i64) -> i64 {
    let n = usize::try_from(n).unwrap_or(0);
    // SAFETY: promised by the caller; the features are there.
    unsafe {
        #[cfg(target_arch = "x86_64")]
        if is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("avx512bw") && is_x86_feature_detected!("popcnt") {
            return wide::positions(mask, to, n, first) as i64;
        }
        each_position(mask, to, n, first) as i64
    }
}

/// One after the other.
///
/// # Safety
/// As of [`nb_compress_positions`].
unsafe fn each_position(mask: *const u8, to: *mut i64, n: usize, first: i64) -> usize {
    let mut count = 0;
    for i in 0..n {
        // SAFETY: as of `each`.
        unsafe {
            *to.add(count) = first + i as i64;
            count += usize::from(*mask.add(i) != 0);
        }
    }
    count
}

/// One after the other.
///
/// # Safety
/// As of [`nb_compress`].
unsafe fn each<T: Copy>(from: *const T, mask: *const u8, to: *mut T, n: usize) -> usize {
    let mut count = 0;
    for i in 0..n {
        // SAFETY: at most as many elements are before this one as the mask has true ones; one more has room.
        unsafe {
            *to.add(count) = *from.add(i);
            count += usize::from(*mask.add(i) != 0);
        }
    }
    count
}

/// Elements of another size.
///
/// # Safety
/// As of [`nb_compress`].
unsafe fn blocks(from: *const u8, mask: *const u8, to: *mut u8, n: usize, item: usize) -> usize {
    let mut count = 0;
    for i in 0..n {
        // SAFETY: as above, but that what is not wanted is not written.
        unsafe {
            if *mask.add(i) != 0 {
                to.add(count * item).copy_from_nonoverlapping(from.add(i * item), item);
                count += 1;
            }
        }
    }
    count
}

#[cfg(target_arch = "x86_64")]
mod wide {
    use super::{each, each_position};
    use std::arch::x86_64::*;

    // A register full of elements at a time: as many lanes as bits of the mask's type.
    macro_rules! compress {
        ($name:ident, $element:ty, $bits:ty, $lanes:literal, $features:literal, $compress:ident) => {
            /// # Safety
            /// As of `nb_compress`, on a processor that has the features.
            #[target_feature(enable = $features)]
            pub unsafe fn $name(from: *const $element, mask: *const u8, to: *mut $element, n: usize) -> usize {
                let (mut count, mut i) = (0, 0);
                while i + 64 <= n {
                    // SAFETY: 64 elements and bytes of the mask from here on; at the destination a register has room behind what is wanted.
                    unsafe {
                        let bytes = _mm512_loadu_si512(mask.add(i).cast());
                        let all = _mm512_test_epi8_mask(bytes, bytes);
                        for part in 0..64 / $lanes {
                            let bits = (all >> (part * $lanes)) as $bits;
                            let elements = _mm512_loadu_si512(from.add(i + part * $lanes).cast());
                            _mm512_storeu_si512(to.add(count).cast(), $compress(bits, elements));
                            count += bits.count_ones() as usize;
                        }
                    }
                    i += 64;
                }
                // SAFETY: what is left.
                count + unsafe { each(from.add(i), mask.add(i), to.add(count), n - i) }
            }
        };
    }

    /// # Safety
    /// As of `nb_compress_positions`, on a processor that has the features.
    #[target_feature(enable = "avx512f,avx512bw,popcnt")]
    pub unsafe fn positions(mask: *const u8, to: *mut i64, n: usize, first: i64) -> usize {
        let (mut count, mut i) = (0, 0);
        let mut here = _mm512_add_epi64(_mm512_set1_epi64(first), _mm512_set_epi64(7, 6, 5, 4, 3, 2, 1, 0));
        while i + 64 <= n {
            // SAFETY: 64 bytes of the mask from here on; at the destination a register has room behind what is wanted.
            unsafe {
                let bytes = _mm512_loadu_si512(mask.add(i).cast());
                let all = _mm512_test_epi8_mask(bytes, bytes);
                for part in 0..8 {
                    let bits = (all >> (part * 8)) as u8;
                    _mm512_storeu_si512(to.add(count).cast(), _mm512_maskz_compress_epi64(bits, here));
                    count += bits.count_ones() as usize;
                    here = _mm512_add_epi64(here, _mm512_set1_epi64(8));
                }
            }
            i += 64;
        }
        // SAFETY: what is left.
        count + unsafe { each_position(mask.add(i), to.add(count), n - i, first + i as i64) }
    }

    compress!(one, u8, u64, 64, "avx512f,avx512bw,avx512vbmi2,popcnt", _mm512_maskz_compress_epi8);
    compress!(two, u16, u32, 32, "avx512f,avx512bw,avx512vbmi2,popcnt", _mm512_maskz_compress_epi16);
    compress!(four, u32, u16, 16, "avx512f,avx512bw,popcnt", _mm512_maskz_compress_epi32);
    compress!(eight, u64, u8, 8, "avx512f,avx512bw,popcnt", _mm512_maskz_compress_epi64);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wanted_elements_come_together() {
        for item in [1usize, 2, 4, 8, 16, 24] {
            for n in [0usize, 1, 63, 64, 65, 127, 128, 300] {
                for period in [1, 2, 3, 7, 1000] {
                    let from: Vec<u64> = (0..n * 3).map(|i| (i as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15)).collect();
                    let mask: Vec<u8> = (0..n).map(|i| if i % period == period - 1 { 1 + (i % 255) as u8 } else { 0 }).collect();
                    let bytes: Vec<u8> = from.iter().flat_map(|x| x.to_ne_bytes()).collect();
                    let wanted: Vec<u8> = (0..n).filter(|i| mask[*i] != 0).flat_map(|i| bytes[i * item..(i + 1) * item].to_vec()).collect();
                    let mut to = vec![0u64; (wanted.len() + 64) / 8 + 4];
                    // SAFETY: room for what is wanted and 64 bytes.
                    let count = unsafe { nb_compress(from.as_ptr().cast(), mask.as_ptr(), to.as_mut_ptr().cast(), n as i64, item as i64) };
                    let found: Vec<u8> = to.iter().flat_map(|x| x.to_ne_bytes()).take(wanted.len()).collect();
                    assert_eq!((count as usize * item, found), (wanted.len(), wanted), "{item} {n} {period}");
                    let places: Vec<i64> = (0..n).filter(|i| mask[*i] != 0).map(|i| i as i64 - 5).collect();
                    let mut to = vec![0i64; places.len() + 9];
                    // SAFETY: as above.
                    let count = unsafe { nb_compress_positions(mask.as_ptr(), to.as_mut_ptr(), n as i64, -5) };
                    assert_eq!(to[..count as usize], places);
                }
            }
        }
    }
}
