//! Results that live in memory: arrays, records and strings, and who keeps that memory alive.
//!
//! A returned array is the argument itself when it is that array unchanged, a view with the argument as base when it shares its memory,
//! and else a new array whose base is a capsule that owns the runtime's allocation.
use super::{boxer::{Arguments, new_reference}, reader::Header};
use crate::{layout::{ArrayObject, flags}, numpy::{Extent, NumPy}, records};
use numbra_abi::{DType, symbols::CONSTANT_COUNT};
use numbra_dialects::py::{ArrayTy, RecordTy};
use numbra_rt::memory;
use pyo3::ffi::*;
use std::{ffi::CStr, ptr::null_mut};

/// An array: the argument itself where it is that unchanged, else a view of the memory.
///
/// # Safety
/// As for [`Boxer::make`](super::boxer::Boxer::make).
pub(super) unsafe fn array(t: &ArrayTy, slots: *const u64, arguments: Arguments) -> *mut PyObject {
    // SAFETY: an array's slots are owner, data, shape and strides; the owner is an argument's header or one from the runtime with a count of ours.
    unsafe {
        let Some(numpy) = NumPy::get() else { return null_mut() };
        let owner = *slots as *mut Header;
        let data = *slots.add(1) as *mut u8;
        let shape = slots.add(2).cast::<isize>();
        let strides = shape.add(t.rank);
        let extent = Extent { shape, strides, rank: t.rank };
        if (*owner).count > CONSTANT_COUNT / 2 {
            return copied(numpy, t.dtype, extent, data);
        }
        let Some((base, same)) = base(owner, arguments) else { return null_mut() };
        if same && numpy.is_array(base) && is_same(t, base.cast(), data, shape, strides) {
            return base;
        }
        numpy.view(t.dtype, extent, data, !t.readonly, base)
    }
}

/// A copy of the program's own data, which goes with the code.
///
/// # Safety
/// As for [`NumPy::view`], but that nothing keeps the memory alive.
unsafe fn copied(numpy: &NumPy, dtype: DType, extent: Extent, data: *mut u8) -> *mut PyObject {
    // SAFETY: the code that owns the memory is alive while its result is boxed.
    unsafe {
        let view = numpy.view(dtype, extent, data, false, Py_NewRef(Py_None()));
        if view.is_null() {
            return null_mut();
        }
        let copy = PyObject_CallMethod(view, c"copy".as_ptr(), std::ptr::null());
        Py_DECREF(view);
        copy
    }
}

/// A record: the argument itself where it is that, else a reference into the memory that owns it.
///
/// # Safety
/// As for [`Boxer::make`](super::boxer::Boxer::make).
pub(super) unsafe fn record(t: RecordTy, slots: *const u64, arguments: Arguments) -> *mut PyObject {
    // SAFETY: a record's slots are owner and data; a 0-dimensional array over it gives the record as its only element, which keeps the array.
    unsafe {
        let Some(numpy) = NumPy::get() else { return null_mut() };
        let data = *slots.add(1) as *mut u8;
        let (owner, dtype) = (*slots as *mut Header, DType::Record(t.id));
        let extent = Extent { shape: std::ptr::null(), strides: std::ptr::null(), rank: 0 };
        let array = if (*owner).count > CONSTANT_COUNT / 2 {
            copied(numpy, dtype, extent, data)
        } else {
            let Some((base, same)) = base(owner, arguments) else { return null_mut() };
            if same && records::is_at(numpy, base, data) {
                return base;
            }
            numpy.view(dtype, extent, data, !t.readonly, base)
        };
        if array.is_null() {
            return null_mut();
        }
        let index = PyTuple_New(0);
        let element = if index.is_null() { null_mut() } else { PyObject_GetItem(array, index) };
        Py_XDECREF(index);
        Py_DECREF(array);
        element
    }
}

/// A string: the argument itself where it is that, else a new one.
///
/// # Safety
/// As for [`Boxer::make`](super::boxer::Boxer::make).
pub(super) unsafe fn string(slots: *const u64, arguments: Arguments) -> *mut PyObject {
    // SAFETY: a string's slots are owner, data and last word; the owner is an argument's header or one with a count of ours.
    unsafe {
        let (owner, data, word) = (*slots as *mut Header, *slots.add(1) as *const u8, *slots.add(2));
        let passed = !arguments.headers.is_null() && (arguments.headers..arguments.headers.add(arguments.count)).contains(&owner.cast_const());
        if passed && crate::text::parts((*owner).object) == Some((data, word)) {
            return new_reference((*owner).object);
        }
        let result = crate::text::make(data, word);
        if !passed && (*owner).count <= CONSTANT_COUNT / 2 {
            memory::release(owner.cast());
        }
        result
    }
}

/// A new reference to what keeps memory alive, and whether that is an argument: a capsule that owns the runtime's allocation, or the argument. `None` with an
/// exception set on failure; the owner is consumed.
///
/// # Safety
/// As for [`Boxer::make`](super::boxer::Boxer::make).
unsafe fn base(owner: *mut Header, arguments: Arguments) -> Option<(*mut PyObject, bool)> {
    // SAFETY: the owner is an argument's header or one from the runtime with a count of ours.
    unsafe {
        let passed = !arguments.headers.is_null() && (arguments.headers..arguments.headers.add(arguments.count)).contains(&owner.cast_const());
        if !passed && !arguments.lists.as_ref().is_some_and(|l| l.has_header(owner)) {
            let capsule = PyCapsule_New(owner.cast(), CAPSULE.as_ptr(), Some(release_capsule));
            if capsule.is_null() {
                memory::release(owner.cast());
                return None;
            }
            return Some((capsule, false));
        }
        let object = (*owner).object;
        Py_INCREF(object);
        // A view of an argument's memory may be an array where the argument is a record, or a record where it is an array.
        Some((object, true))
    }
}

/// Whether the array has exactly this type, place and shape.
///
/// # Safety
/// Shape and strides have `t.rank` elements; `array` is alive.
unsafe fn is_same(t: &ArrayTy, array: *const ArrayObject, data: *mut u8, shape: *const isize, strides: *const isize) -> bool {
    // SAFETY: the array's own vectors have as many elements as its rank, which is compared first.
    unsafe {
        (*array).data == data
            && (*array).rank as usize == t.rank
            && crate::descr::dtype_of((*array).descr) == Ok(t.dtype)
            && ((*array).flags & flags::WRITEABLE == 0) == t.readonly
            && (0..t.rank).all(|i| *shape.add(i) == *(*array).shape.add(i) && *strides.add(i) == *(*array).strides.add(i))
    }
}

const CAPSULE: &CStr = c"numbra.allocation";

unsafe extern "C" fn release_capsule(capsule: *mut PyObject) {
    // SAFETY: the capsule was made above with this name and owns one count; its destructor runs once, with the GIL, which orders it with the
    // capsules of other arrays that share the allocation.
    unsafe {
        let owner = PyCapsule_GetPointer(capsule, CAPSULE.as_ptr());
        if !owner.is_null() {
            memory::release(owner.cast());
        }
    }
}
