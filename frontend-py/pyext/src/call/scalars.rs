//! Numbers as results: Python's own, whatever their width, and those that the declared result of a signature converts.
use super::boxer::new_reference;
use numbra_abi::{DType, dtype::Kind};
use pyo3::ffi::*;

/// Python's own number, whatever the width.
///
/// # Safety
/// As for [`Boxer::make`](super::boxer::Boxer::make).
#[inline(always)]
pub(super) unsafe fn scalar(dtype: DType, slots: *const u64) -> *mut PyObject {
    // SAFETY: complex results have two slots.
    unsafe {
        let word = *slots;
        match dtype {
            DType::Int64 => PyLong_FromLongLong(word as i64),
            DType::Float64 => PyFloat_FromDouble(f64::from_bits(word)),
            DType::Bool => new_reference(if word as u8 != 0 { Py_True() } else { Py_False() }),
            DType::Int32 => PyLong_FromLongLong(word as i32 as i64),
            DType::Int16 => PyLong_FromLongLong(word as i16 as i64),
            DType::Int8 => PyLong_FromLongLong(word as i8 as i64),
            DType::UInt64 => PyLong_FromUnsignedLongLong(word),
            DType::UInt32 => PyLong_FromLongLong(word as u32 as i64),
            DType::UInt16 => PyLong_FromLongLong(word as u16 as i64),
            DType::UInt8 => PyLong_FromLongLong(word as u8 as i64),
            DType::Float32 => PyFloat_FromDouble(f32::from_bits(word as u32) as f64),
            DType::Complex128 => PyComplex_FromDoubles(f64::from_bits(word), f64::from_bits(*slots.add(1))),
            // Times are boxed as NumPy's scalars; as numbers they are their counts.
            DType::DateTime(_) | DType::TimeDelta(_) | DType::Record(_) => PyLong_FromLongLong(word as i64),
            DType::Complex64 => PyComplex_FromDoubles(f32::from_bits(word as u32) as f64, f32::from_bits(*slots.add(1) as u32) as f64),
        }
    }
}

/// The slots of a scalar after conversion: integers wrap, floats are cut to integers that they fit and saturate otherwise.
///
/// # Safety
/// As for [`Boxer::make`](super::boxer::Boxer::make).
pub(super) unsafe fn converted(from: DType, to: DType, slots: *const u64) -> [u64; 2] {
    // SAFETY: complex results have two slots.
    let (word, second) = unsafe { (*slots, if from.is_complex() { *slots.add(1) } else { 0 }) };
    let float = |d: DType, w: u64| if d == DType::Float32 { f32::from_bits(w as u32) as f64 } else { f64::from_bits(w) };
    let unused = 64 - from.size().min(8) as u32 * 8;
    let (integer, real, imaginary) = match from.kind() {
        Kind::Bool => ((word & 1) as i128, (word & 1) as f64, 0.0),
        Kind::Int | Kind::DateTime | Kind::TimeDelta | Kind::Record => ((((word << unused) as i64) >> unused) as i128, (((word << unused) as i64) >> unused) as f64, 0.0),
        Kind::UInt => (((word << unused) >> unused) as i128, ((word << unused) >> unused) as f64, 0.0),
        Kind::Float | Kind::Complex => (float(from.part(), word) as i128, float(from.part(), word), float(from.part(), second)),
    };
    let bits = |value: f64| if to.part() == DType::Float32 { (value as f32).to_bits() as u64 } else { value.to_bits() };
    match to.kind() {
        Kind::Bool => [(real != 0.0 || imaginary != 0.0) as u64, 0],
        Kind::Int | Kind::UInt if from.is_float() => [if to.is_signed() { real as i64 as u64 } else { real as u64 }, 0],
        Kind::Int | Kind::UInt | Kind::DateTime | Kind::TimeDelta | Kind::Record => [integer as u64, 0],
        Kind::Float | Kind::Complex => [bits(real), bits(imaginary)],
    }
}
