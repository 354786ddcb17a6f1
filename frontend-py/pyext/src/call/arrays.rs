//! Arrays as arguments: which objects a parameter takes, and the type that an array has for numbra.
use crate::{descr::{dtype_of, unit_of}, layout::{ArrayObject, SWAPPED, flags}, numpy::NumPy, records::record_of};
use numbra_abi::{DType, RecordId, unit::Unit};
use numbra_dialects::py::{ArrayTy, Layout};
use pyo3::ffi::*;
use std::ffi::c_int;

/// What an array must look like to be read.
pub struct ArrayReader {
    types: [*mut PyTypeObject; 3],
    pub(super) rank: usize,
    type_nums: [c_int; 2],
    mask: c_int,
    flags: c_int,
    /// NumPy's number of the unit, of times
    unit: Option<i32>,
    /// The layout, of records
    record: Option<RecordId>,
}

impl ArrayReader {
    /// Of what numbra infers as this type.
    pub(super) fn new(numpy: &NumPy, t: &ArrayTy) -> ArrayReader {
        use flags::*;
        let nums = t.dtype.row().type_nums;
        let layout = match t.layout {
            Layout::C => (C_CONTIGUOUS, C_CONTIGUOUS),
            Layout::F => (C_CONTIGUOUS | F_CONTIGUOUS, F_CONTIGUOUS),
            Layout::A => (C_CONTIGUOUS | F_CONTIGUOUS, 0),
        };
        ArrayReader {
            types: [numpy.ndarray, numpy.memmap, numpy.recarray].map(|t| if t.is_null() { numpy.ndarray } else { t }),
            rank: t.rank,
            type_nums: [nums[0], nums[nums.len() - 1]],
            mask: layout.0 | ALIGNED | WRITEABLE,
            unit: t.dtype.unit().map(Unit::code),
            record: if let DType::Record(id) = t.dtype { Some(id) } else { None },
            flags: layout.1 | ALIGNED | if t.readonly { 0 } else { WRITEABLE },
        }
    }

    /// Whether the object, of type `t`, is such an array.
    ///
    /// # Safety
    /// `object` is alive and of type `t`.
    #[inline(always)]
    pub(super) unsafe fn accepts(&self, t: *mut PyTypeObject, object: *mut PyObject) -> bool {
        if t != self.types[0] && !self.types.contains(&t) {
            return false;
        }
        // SAFETY: it is an array, whose dtype is never null.
        unsafe {
            let array = object.cast::<ArrayObject>();
            let descr = (*array).descr;
            let num = (*descr).type_num;
            (*array).flags & self.mask == self.flags
                && (*array).rank as usize == self.rank
                && (num == self.type_nums[0] || num == self.type_nums[1])
                && (*descr).byteorder != SWAPPED
                && self.record.is_none_or(|id| record_of(descr.cast_mut().cast()) == Ok(id))
                && self.unit.is_none_or(|unit| unit_of(descr) == Some((unit, 1)))
        }
    }
}

/// The type that an array object has for numbra, or why it has none: what it is, and what to do.
///
/// # Safety
/// `object` is an `ndarray` or `memmap`.
pub unsafe fn array_type(object: *mut PyObject) -> Result<ArrayTy, (String, &'static str)> {
    // SAFETY: by the contract of this function.
    let (rank, set, dtype, order) = unsafe {
        let array = object.cast::<ArrayObject>();
        let descr = (*array).descr;
        ((*array).rank, (*array).flags, dtype_of(descr), (*descr).byteorder)
    };
    let dtype = dtype.map_err(|(what, help)| (format!("an array of {what}"), help))?;
    if order == SWAPPED {
        return Err((format!("an array of {} in the byte order of another machine", dtype.name()), "convert it with `a.astype(a.dtype.newbyteorder('='))`"));
    }
    if set & flags::ALIGNED == 0 {
        return Err((format!("an array of {} that is not aligned in memory", dtype.name()), "copy it with `a.copy()`"));
    }
    let layout = match set {
        _ if set & flags::C_CONTIGUOUS != 0 => Layout::C,
        _ if set & flags::F_CONTIGUOUS != 0 => Layout::F,
        _ => Layout::A,
    };
    Ok(ArrayTy { dtype, rank: rank as usize, layout, readonly: set & flags::WRITEABLE == 0 })
}
