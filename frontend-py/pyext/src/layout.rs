//! Memory layout of the CPython and NumPy objects that calls read directly, and the check that it is what this build expects.
//!
//! The limited API has no macros for these fields, and a function call for each costs more than all the rest of a dispatch.
use pyo3::ffi::*;
use std::ffi::{c_char, c_int};
use std::sync::atomic::{AtomicBool, Ordering};

/// Head of an object whose payload follows directly: floats, complex numbers and all NumPy scalars.
#[repr(C)]
pub struct Payload<T> {
    head: [usize; 2],
    /// The payload
    pub value: T,
}

/// NumPy's array object (the same in 1.x and 2.x as far as it is named here).
#[repr(C)]
#[allow(missing_docs)]
pub struct ArrayObject {
    head: [usize; 2],
    pub data: *mut u8,
    pub rank: c_int,
    pub shape: *const isize,
    pub strides: *const isize,
    pub base: *mut PyObject,
    pub descr: *const Descr,
    pub flags: c_int,
}

/// First fields of NumPy's dtype object (the same in 1.x and 2.x).
#[repr(C)]
#[allow(missing_docs)]
pub struct Descr {
    head: [usize; 2],
    type_object: *mut PyTypeObject,
    pub kind: c_char,
    pub code: c_char,
    pub byteorder: c_char,
    former_flags: c_char,
    pub type_num: c_int,
}

/// `NPY_ARRAY_*` flags.
#[allow(missing_docs)]
pub mod flags {
    use std::ffi::c_int;
    pub const C_CONTIGUOUS: c_int = 0x1;
    pub const F_CONTIGUOUS: c_int = 0x2;
    pub const ALIGNED: c_int = 0x100;
    pub const WRITEABLE: c_int = 0x400;
}

/// The byte order mark of dtypes that are not in this machine's order.
pub const SWAPPED: c_char = if cfg!(target_endian = "little") { b'>' } else { b'<' } as c_char;

// CPython functions outside the limited API that have kept their form from 3.8 on.
#[allow(missing_docs)]
unsafe extern "C" {
    pub fn PyVectorcall_Call(callable: *mut PyObject, tuple: *mut PyObject, dict: *mut PyObject) -> *mut PyObject;
    pub fn PyMethod_New(function: *mut PyObject, instance: *mut PyObject) -> *mut PyObject;
    pub fn PyCode_NewEmpty(file: *const c_char, function: *const c_char, line: c_int) -> *mut PyObject;
    pub fn PyFrame_New(state: *mut PyThreadState, code: *mut PyObject, globals: *mut PyObject, locals: *mut PyObject) -> *mut PyFrameObject;
}

// From 3.12 on an int keeps sign and digit count in a tag word; before, in the object's size.
static TAGGED: AtomicBool = AtomicBool::new(false);

/// The value of an exact `int`, if it fits `int64`.
///
/// # Safety
/// `object` is alive and its type is exactly `int`; the GIL is held.
#[inline(always)]
pub unsafe fn long_value(object: *mut PyObject) -> Option<i64> {
    // SAFETY: `check` has confirmed this layout: a size or tag word, then 30-bit digits; a digit is read only where the word says that it exists
    // (zero has room for one digit in every version).
    unsafe {
        let word = (*object.cast::<Payload<isize>>()).value;
        let digits = object.cast::<u8>().add(24).cast::<u32>();
        let digit = |i: usize| *digits.add(i) as i64;
        if TAGGED.load(Ordering::Relaxed) {
            let sign = 1 - (word & 3) as i64;
            match word >> 3 {
                0 | 1 => return Some(sign * if sign == 0 { 0 } else { digit(0) }),
                2 => return Some(sign * (digit(0) | digit(1) << 30)),
                _ => {}
            }
        } else {
            match word {
                0 => return Some(0),
                1 => return Some(digit(0)),
                -1 => return Some(-digit(0)),
                2 => return Some(digit(0) | digit(1) << 30),
                -2 => return Some(-(digit(0) | digit(1) << 30)),
                _ => {}
            }
        }
        wide_long_value(object)
    }
}

#[cold]
#[inline(never)]
unsafe fn wide_long_value(object: *mut PyObject) -> Option<i64> {
    let mut overflow = 0;
    // SAFETY: an exact int is passed, so the call sets no exception.
    let value = unsafe { PyLong_AsLongLongAndOverflow(object, &mut overflow) };
    (overflow == 0).then_some(value)
}

/// The value of an exact `int` between 2^63 and 2^64.
///
/// # Safety
/// As for [`long_value`].
pub unsafe fn unsigned_long_value(object: *mut PyObject) -> Option<u64> {
    // SAFETY: an exact int is passed; the exception that an unfitting one sets is cleared.
    unsafe {
        let value = PyLong_AsUnsignedLongLong(object);
        if !PyErr_Occurred().is_null() {
            PyErr_Clear();
            return None;
        }
        (value > i64::MAX as u64).then_some(value)
    }
}

/// Confirms at import that ints are laid out as [`long_value`] reads them; the error says why not.
pub fn check(version: (u8, u8), free_threaded: bool) -> Result<(), String> {
    if free_threaded {
        return Err("numbra does not support the free-threaded build of Python yet; use the standard build".into());
    }
    TAGGED.store(version >= (3, 12), Ordering::Relaxed);
    let samples = [0, 1, -1, 255, (1 << 30) - 1, 1 << 30, -(1 << 30), (1 << 45) + 12345, -(1 << 45) - 12345, i64::MAX, i64::MIN];
    for sample in samples {
        // SAFETY: the module is being imported, so the GIL is held; the object is owned here.
        let read = unsafe {
            let object = PyLong_FromLongLong(sample);
            if object.is_null() {
                return Err("out of memory".into());
            }
            let read = long_value(object);
            Py_DECREF(object);
            read
        };
        if read != Some(sample) {
            return Err(format!("numbra does not know the layout of int objects in Python {}.{}", version.0, version.1));
        }
    }
    Ok(())
}
