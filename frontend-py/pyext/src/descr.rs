//! NumPy's dtypes with parameters: from dtype objects to element types and back.
//!
//! The unit of a time stands in a part of the dtype object whose place differs between NumPy 1.x and 2.x; it is chosen and confirmed at import.
use crate::{layout::{Descr, Payload}, numpy::NumPy, records};
use numbra_abi::{DType, unit::Unit};
use pyo3::{ffi::*, prelude::*};
use std::{collections::HashMap, ptr::null_mut, sync::{Mutex, OnceLock, atomic::{AtomicUsize, Ordering}}};

// Where a dtype object has the pointer to its metadata; 0 while that is not known.
static METADATA: AtomicUsize = AtomicUsize::new(0);
// Size of what precedes base and number of the unit in the metadata: two functions and two reserved words.
const HEAD: usize = 32;

/// What follows the head of a `datetime64` or `timedelta64` object, and what the metadata of their dtypes holds from `base` on.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct Time {
    /// The count
    pub value: u64,
    /// NumPy's number of the unit
    pub base: i32,
    /// How many units one count is
    pub multiple: i32,
}

/// Why a dtype has no element type: what it is, and what to do.
pub type NoDType = (String, &'static str);

/// Finds the place of the metadata; called once, at import. Without it dates are refused.
pub fn locate(numpy: &Bound<'_, PyModule>) -> PyResult<()> {
    let version: String = numpy.getattr("__version__")?.extract()?;
    let offset = if version.starts_with("1.") { 80 } else { 112 };
    let sample = numpy.getattr("dtype")?.call1(("m8[7us]",))?;
    METADATA.store(offset, Ordering::Relaxed);
    // SAFETY: the object is a dtype of a time, and these are the offsets of all releases so far.
    if unsafe { unit_of(sample.as_ptr().cast()) } != Some((Unit::Micro.code(), 7)) {
        METADATA.store(0, Ordering::Relaxed);
    }
    Ok(())
}

/// Unit and multiple of a time dtype.
///
/// # Safety
/// `descr` is a dtype object of kind `M` or `m`.
#[inline]
pub unsafe fn unit_of(descr: *const Descr) -> Option<(i32, i32)> {
    let offset = METADATA.load(Ordering::Relaxed);
    if offset == 0 {
        return None;
    }
    // SAFETY: `locate` has confirmed the place; the metadata of a time dtype is never null.
    unsafe {
        let metadata = *descr.cast::<u8>().add(offset).cast::<*const u8>();
        (!metadata.is_null()).then(|| *metadata.add(HEAD).cast::<(i32, i32)>())
    }
}

/// The element type of a time by its unit.
fn time(point: bool, unit: Option<(i32, i32)>) -> Result<DType, NoDType> {
    let what = if point { "dates" } else { "lengths of time" };
    match unit {
        Some((code, 1)) if let Some(unit) = Unit::from_code(code) => Ok(if point { DType::DateTime(unit) } else { DType::TimeDelta(unit) }),
        Some((_, n)) if n != 1 => Err((format!("{what} in multiples of {n} units"), "convert them to a unit without a number, for example with `.astype('m8[s]')`")),
        _ => Err((format!("{what} of a NumPy whose dtypes numbra does not know"), "pass `x.view('int64')`")),
    }
}

/// The element type of a dtype object.
///
/// # Safety
/// `descr` is a dtype object.
pub unsafe fn dtype_of(descr: *const Descr) -> Result<DType, NoDType> {
    // SAFETY: by the contract of this function; the unit is asked for only where there is one.
    let (num, kind, unit) = unsafe {
        let kind = (*descr).kind as u8;
        ((*descr).type_num, kind, if matches!(kind, b'M' | b'm') { unit_of(descr) } else { None })
    };
    match kind {
        b'M' | b'm' => time(kind == b'M', unit),
        // SAFETY: the dtype object is alive, and the GIL is held wherever dtypes are looked at.
        b'V' => unsafe { records::record_of(descr.cast_mut().cast()) }.map(DType::Record),
        _ => DType::from_type_num(num).ok_or_else(|| match kind {
            b'O' => ("Python objects".into(), "convert it to a numeric dtype, for example with `.astype(float)`"),
            b'V' => ("raw memory".into(), "give it a dtype with fields"),
            b'S' | b'U' | b'T' => ("strings".into(), "numbra computes with numbers only"),
            b'f' => ("a float type that numbra does not support".into(), "convert it, for example with `.astype('float64')` or `.astype('float32')`"),
            b'c' => ("extended complex numbers".into(), "convert it with `.astype('complex128')`"),
            _ => ("a dtype that numbra does not support".into(), "convert it to a numeric dtype with `.astype(...)`"),
        }),
    }
}

/// The element type of a `datetime64` or `timedelta64` object; `None` for other objects.
///
/// # Safety
/// The object is alive.
pub unsafe fn time_of(numpy: &NumPy, object: *mut PyObject) -> Option<Result<DType, NoDType>> {
    // SAFETY: by the contract of this function; the payload is read after the exact type has been compared.
    unsafe {
        let t = Py_TYPE(object);
        (numpy.times.contains(&t)).then(|| {
            let payload = (*object.cast::<Payload<Time>>()).value;
            time(t == numpy.times[0], Some((payload.base, payload.multiple)))
        })
    }
}

/// A new reference to the dtype object of an element type; null with an exception set on failure.
///
/// # Safety
/// The GIL is held.
pub unsafe fn object_of(numpy: &NumPy, dtype: DType) -> *mut PyObject {
    static OBJECTS: OnceLock<Mutex<HashMap<DType, usize>>> = OnceLock::new();
    if dtype.is_number() {
        // SAFETY: the number is one of NumPy's.
        return unsafe { (numpy.descr_from_type)(dtype.row().type_nums[0]) };
    }
    let objects = OBJECTS.get_or_init(Mutex::default);
    let known = objects.lock().unwrap_or_else(|e| e.into_inner()).get(&dtype).copied();
    // SAFETY: the GIL is held; objects in the table are kept for good.
    unsafe {
        let object = match known {
            Some(address) => address as *mut PyObject,
            None => {
                let py = Python::assume_attached();
                let made = match dtype {
                    DType::Record(id) => records::object(py, numpy, id),
                    _ => py.import("numpy").and_then(|n| n.getattr("dtype")?.call1((dtype.name(),))),
                };
                match made {
                    Ok(object) => {
                        let object = object.into_ptr();
                        objects.lock().unwrap_or_else(|e| e.into_inner()).insert(dtype, object as usize);
                        object
                    }
                    Err(e) => {
                        e.restore(py);
                        return null_mut();
                    }
                }
            }
        };
        Py_INCREF(object);
        object
    }
}
