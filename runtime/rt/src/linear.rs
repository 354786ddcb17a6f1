//! Products of matrices of floats and complex numbers, by a library of kernels that finds out what the processor can do.
use crate::parallel;
use std::ffi::c_void;

/// From so many products of elements on threads are worth their start.
const MANY: usize = 1 << 22;
/// The types that have a kernel, by their places in the table of scalar types.
const KERNELS: std::ops::RangeInclusive<i64> = 9..=12;
/// A block of rows or columns has a multiple of so many, which is what kernels compute at a time.
const TILE: usize = 16;

/// A matrix: address, and steps of rows and columns in elements.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct Matrix {
    data: *mut c_void,
    row: i64,
    column: i64,
}

/// Writes the product of an m x k and a k x n matrix; the type is that of the elements, by its place in the table of scalar types. 0 when done, 1 for a type without a kernel.
///
/// # Safety
/// All elements are in aligned memory; the result shares none with the operands.
pub unsafe extern "C" fn nb_multiply(out: *const Matrix, a: *const Matrix, b: *const Matrix, m: i64, k: i64, n: i64, dtype: i64) -> i32 {
    // SAFETY: promised by the caller.
    let (out, a, b) = unsafe { (*out, *a, *b) };
    let [m, k, n] = [m, k, n].map(|x| x.max(0) as usize);
    macro_rules! product {
        ($kernel:ident, $one:expr, $zero:expr $(, $flag:expr)*) => {
            // SAFETY: as above; with a zero factor the result is not read.
            unsafe {
                matrixmultiply::$kernel($($flag,)* m, k, n, $one, a.data.cast(), a.row as isize, a.column as isize, b.data.cast(), b.row as isize, b.column as isize, $zero, out.data.cast(), out.row as isize, out.column as isize)
            }
        };
    }
    use matrixmultiply::CGemmOption::Standard;
    match dtype {
        9 => product!(sgemm, 1.0, 0.0),
        10 => product!(dgemm, 1.0, 0.0),
        11 => product!(cgemm, [1.0, 0.0], [0.0, 0.0], Standard, Standard),
        12 => product!(zgemm, [1.0, 0.0], [0.0, 0.0], Standard, Standard),
        _ => return 1,
    }
    0
}

/// [`nb_multiply`] on several threads: one block of rows or columns of the result for each, whichever there are more of. Elements are those of one thread.
///
/// # Safety
/// As for [`nb_multiply`].
pub unsafe extern "C" fn nb_multiply_parallel(out: *const Matrix, a: *const Matrix, b: *const Matrix, m: i64, k: i64, n: i64, dtype: i64) -> i32 {
    let Some(size) = usize::try_from(dtype).ok().and_then(|i| numbra_abi::dtype::ROWS.get(i)).map(|row| row.dtype.size()) else { return 1 };
    let (threads, rows) = (parallel::threads(), m >= n);
    let length = if rows { m } else { n }.max(0) as usize;
    let products = [m, k, n].iter().fold(1usize, |all, x| all.saturating_mul((*x).max(0) as usize));
    if threads == 1 || products < MANY {
        // SAFETY: promised by the caller.
        return unsafe { nb_multiply(out, a, b, m, k, n, dtype) };
    }
    let block = length.div_ceil(threads).next_multiple_of(TILE);
    // SAFETY: promised by the caller.
    let operands = Operands(unsafe { [*out, *a, *b] });
    parallel::run(threads, length.div_ceil(block), &|i| {
        let [out, a, b] = operands.get();
        let (first, count) = (i * block, block.min(length - i * block) as i64);
        // SAFETY: the block lies in the matrices, and no other one writes to its part of the result.
        let status = unsafe {
            if rows {
                nb_multiply(&out.from_row(first, size), &a.from_row(first, size), &b, count, k, n, dtype)
            } else {
                nb_multiply(&out.from_column(first, size), &a, &b.from_column(first, size), m, k, count, dtype)
            }
        };
        // All blocks have one type, for which there is a kernel or none.
        status == 0
    });
    i32::from(!KERNELS.contains(&dtype))
}

/// The result and both operands, which threads share.
struct Operands([Matrix; 3]);

// SAFETY: operands are only read, and each thread writes to a part of the result of its own.
unsafe impl Sync for Operands {}

impl Operands {
    fn get(&self) -> [Matrix; 3] {
        self.0
    }
}

impl Matrix {
    /// # Safety
    /// There is such a row.
    unsafe fn from_row(self, first: usize, size: usize) -> Self {
        // SAFETY: promised by the caller.
        Matrix { data: unsafe { self.data.byte_offset(first as isize * self.row as isize * size as isize) }, ..self }
    }

    /// # Safety
    /// There is such a column.
    unsafe fn from_column(self, first: usize, size: usize) -> Self {
        // SAFETY: promised by the caller.
        Matrix { data: unsafe { self.data.byte_offset(first as isize * self.column as isize * size as isize) }, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_of_strided_matrices() {
        let (m, k, n) = (3i64, 2i64, 4i64);
        let a: Vec<f64> = (0..6).map(f64::from).collect();
        let b: Vec<f64> = (0..8).map(f64::from).collect();
        let mut out = vec![f64::NAN; 12];
        let matrix = |data: *const f64, row, column| Matrix { data: data.cast_mut().cast(), row, column };
        // The first one transposed, the last one with its columns in the opposite order.
        // SAFETY: the matrices lie in the vectors.
        let status = unsafe { nb_multiply(&matrix(out.as_mut_ptr(), n, 1), &matrix(a.as_ptr(), 1, m), &matrix(b.as_ptr().add(3), n, -1), m, k, n, 10) };
        assert_eq!(status, 0);
        for i in 0..3 {
            for j in 0..4 {
                assert_eq!(out[i * 4 + j], a[i] * b[3 - j] + a[3 + i] * b[7 - j]);
            }
        }
    }
}
