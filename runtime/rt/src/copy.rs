//! Strided copy of arrays whose memory may overlap.
use std::ffi::c_void;

/// One side of a copy.
#[derive(Clone, Copy)]
struct Side {
    data: *mut u8,
    strides: *const i64,
}

impl Side {
    fn stride(&self, axis: usize) -> i64 {
        // SAFETY: there are as many strides as axes.
        unsafe { *self.strides.add(axis) }
    }

    /// Lowest byte, and the one behind the highest, of the elements.
    fn extent(&self, shape: &[i64], item: usize) -> (isize, isize) {
        let base = self.data as isize;
        let (mut low, mut high) = (base, base + item as isize);
        for (axis, size) in shape.iter().enumerate() {
            let reach = (self.stride(axis) * (size - 1)) as isize;
            if reach < 0 { low += reach } else { high += reach }
        }
        (low, high)
    }
}

/// # Safety
/// Both sides have memory for the shape, and do not overlap (or are the same elements).
unsafe fn copy(to: Side, from: Side, shape: &[i64], axis: usize, item: usize) {
    let Some(&size) = shape.get(axis) else {
        // SAFETY: one element each.
        unsafe { std::ptr::copy(from.data, to.data, item) };
        return;
    };
    let (to_step, from_step) = (to.stride(axis) as isize, from.stride(axis) as isize);
    // SAFETY: the steps stay inside the arrays, since every index is below the shape.
    unsafe {
        if axis + 1 < shape.len() {
            for i in 0..size as isize {
                let shift = |side: Side, step: isize| Side { data: side.data.wrapping_offset(i * step), ..side };
                copy(shift(to, to_step), shift(from, from_step), shape, axis + 1, item);
            }
        } else if to_step == item as isize && from_step == item as isize {
            std::ptr::copy(from.data, to.data, size as usize * item);
        } else {
            match item {
                1 => row::<u8>(to.data, to_step, from.data, from_step, size),
                2 => row::<u16>(to.data, to_step, from.data, from_step, size),
                4 => row::<u32>(to.data, to_step, from.data, from_step, size),
                8 => row::<u64>(to.data, to_step, from.data, from_step, size),
                16 => row::<u128>(to.data, to_step, from.data, from_step, size),
                _ => for i in 0..size as isize {
                    std::ptr::copy(from.data.offset(i * from_step), to.data.offset(i * to_step), item);
                },
            }
        }
    }
}

/// # Safety
/// As `copy`; the elements may be unaligned.
unsafe fn row<T>(to: *mut u8, to_step: isize, from: *const u8, from_step: isize, size: i64) {
    for i in 0..size as isize {
        // SAFETY: promised by the caller.
        unsafe { to.offset(i * to_step).cast::<T>().write_unaligned(from.offset(i * from_step).cast::<T>().read_unaligned()) }
    }
}

/// Copies as if the source were copied to other memory first. Returns 1 when there is no memory for that, else 0.
///
/// # Safety
/// `rank` strides on each side and sizes in the shape; both sides have memory for every element.
pub unsafe extern "C" fn nb_copy(to: *mut c_void, to_strides: *const i64, from: *const c_void, from_strides: *const i64, shape: *const i64, rank: i64, item: i64) -> i32 {
    let (rank, item) = (usize::try_from(rank).unwrap_or(0), usize::try_from(item).unwrap_or(0));
    // SAFETY: promised by the caller.
    let shape = if rank == 0 { &[] } else { unsafe { std::slice::from_raw_parts(shape, rank) } };
    if shape.iter().any(|size| *size <= 0) {
        return 0;
    }
    let to = Side { data: to.cast(), strides: to_strides };
    let from = Side { data: from.cast_mut().cast(), strides: from_strides };
    let ((to_low, to_high), (from_low, from_high)) = (to.extent(shape, item), from.extent(shape, item));
    let same = to.data == from.data && (0..rank).all(|axis| to.stride(axis) == from.stride(axis));
    if same {
        return 0;
    }
    // SAFETY: promised by the caller, and the buffer has the size of all elements.
    unsafe {
        if to_high <= from_low || from_high <= to_low {
            copy(to, from, shape, 0, item);
            return 0;
        }
        let total = shape.iter().try_fold(item, |total, size| total.checked_mul(*size as usize));
        let mut buffer = Vec::<u8>::new();
        let Some(total) = total.filter(|t| buffer.try_reserve_exact(*t).is_ok()) else { return 1 };
        let mut strides = vec![0; rank];
        let mut step = item as i64;
        for axis in (0..rank).rev() {
            strides[axis] = step;
            step *= shape[axis];
        }
        debug_assert_eq!(step as usize, total);
        let middle = Side { data: buffer.as_mut_ptr(), strides: strides.as_ptr() };
        copy(middle, from, shape, 0, item);
        copy(to, middle, shape, 0, item);
    }
    0
}

/// Writes copies of an element to memory. Without any the element is not looked at.
///
/// # Safety
/// There is memory for so many items at `to`, and apart from it an item at `from` if any is asked for.
pub unsafe extern "C" fn nb_fill(to: *mut c_void, from: *const c_void, count: i64, item: i64) {
    let (to, from) = (Side { data: to.cast(), strides: &item }, Side { data: from.cast_mut().cast(), strides: &0 });
    // SAFETY: promised by the caller; each side has one stride.
    unsafe { copy(to, from, &[count.max(0)], 0, usize::try_from(item).unwrap_or(0)) };
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Copies inside one buffer of i64, offsets and strides in elements.
    fn within(buffer: &mut [i64], to: (usize, &[i64]), from: (usize, &[i64]), shape: &[i64]) {
        let bytes = |s: &[i64]| s.iter().map(|s| s * 8).collect::<Vec<_>>();
        let (to_strides, from_strides) = (bytes(to.1), bytes(from.1));
        let base = buffer.as_mut_ptr();
        // SAFETY: the tests stay inside the buffer.
        let status = unsafe { nb_copy(base.add(to.0).cast(), to_strides.as_ptr(), base.add(from.0).cast(), from_strides.as_ptr(), shape.as_ptr(), shape.len() as i64, 8) };
        assert_eq!(status, 0);
    }

    #[test]
    fn overlap_reads_before_it_writes() {
        let mut b = [0, 1, 2, 3, 4];
        within(&mut b, (1, &[1]), (0, &[1]), &[4]);
        assert_eq!(b, [0, 0, 1, 2, 3]);
        let mut b = [0, 1, 2, 3, 4];
        within(&mut b, (0, &[1]), (4, &[-1]), &[5]);
        assert_eq!(b, [4, 3, 2, 1, 0]);
        let mut b = [0, 1, 2, 3];
        within(&mut b, (0, &[2, 1]), (0, &[1, 2]), &[2, 2]);
        assert_eq!(b, [0, 2, 1, 3]);
    }

    #[test]
    fn broadcast_and_empty() {
        let mut b = [7, 0, 0, 0, 0];
        within(&mut b, (1, &[2, 1]), (0, &[0, 0]), &[2, 2]);
        assert_eq!(b, [7, 7, 7, 7, 7]);
        within(&mut b, (0, &[1]), (4, &[1]), &[0]);
        let mut b = [1, 2];
        within(&mut b, (1, &[]), (0, &[]), &[]);
        assert_eq!(b, [1, 1]);
    }
}
