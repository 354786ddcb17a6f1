//! `bytes`, `bytearray` and `memoryview` in calls. NumPy makes an array of their memory, which keeps them from changing their size as long as it lives.
use super::{boxer::Arguments, lists::Lists, reader::{Cursor, Header}, typeof_value::NoType};
use crate::{layout::ArrayObject, numpy::{Extent, NumPy}};
use numbra_abi::{DType, symbols::CONSTANT_COUNT};
use numbra_dialects::py::{ArrayTy, Ty};
use numbra_frontend_core::infer::objects::buffers;
use numbra_rt::memory;
use pyo3::{ffi::*, prelude::*};
use std::ptr::{addr_of_mut, null, null_mut};

/// A class of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// `bytes`
    Bytes,
    /// `bytearray`
    ByteArray,
    /// `memoryview`
    MemoryView,
}

const CLASSES: &[(&str, Class)] = &[("bytes", Class::Bytes), ("bytearray", Class::ByteArray), ("memoryview", Class::MemoryView)];

impl Class {
    /// The class of a type, and the array that its elements are in.
    pub fn of(t: &Ty) -> Option<(Class, ArrayTy)> {
        let name = buffers::class(t)?;
        Some((CLASSES.iter().find(|c| c.0 == name)?.1, buffers::data(t)?))
    }

    fn name(self) -> &'static str {
        CLASSES.iter().find(|c| c.1 == self).map_or("", |c| c.0)
    }

    fn of_object(t: *mut PyTypeObject) -> Option<Class> {
        let types = [(addr_of_mut!(PyBytes_Type), Class::Bytes), (addr_of_mut!(PyByteArray_Type), Class::ByteArray), (addr_of_mut!(PyMemoryView_Type), Class::MemoryView)];
        types.iter().find(|c| c.0 == t).map(|c| c.1)
    }
}

/// The type of an object, if it is one of these.
///
/// # Safety
/// The GIL is held and `object` is alive.
pub unsafe fn typeof_buffer(object: *mut PyObject) -> Option<Result<Ty, NoType>> {
    // SAFETY: by the contract of this function.
    unsafe {
        let class = Class::of_object(Py_TYPE(object))?;
        if class != Class::MemoryView {
            return Some(Ok(buffers::passed(class.name(), class == Class::Bytes)));
        }
        let view = Bound::from_borrowed_ptr(Python::assume_attached(), object);
        let plain = || -> PyResult<Option<bool>> {
            let bytes = view.getattr("format")?.extract::<String>()? == "B" && view.getattr("ndim")?.extract::<usize>()? == 1 && view.getattr("c_contiguous")?.extract()?;
            Ok(if bytes { Some(view.getattr("readonly")?.extract()?) } else { None })
        };
        Some(match plain() {
            Ok(Some(readonly)) => Ok(buffers::passed(class.name(), readonly)),
            _ => Err(NoType { what: "a memoryview of something else than a row of bytes".into(), help: "pass `numpy.asarray(x)`".into(), overflow: false }),
        })
    }
}

/// Writes the slots of an object; false when it is of another type.
///
/// # Safety
/// As for `Reader::read`; the cursor has lists.
pub unsafe fn read(class: Class, readonly: bool, object: *mut PyObject, out: &mut Cursor) -> bool {
    // SAFETY: by the contract of this function; the array and the view that it is made of are given up to the call, or here.
    unsafe {
        if Class::of_object(Py_TYPE(object)) != Some(class) || !matches!(typeof_buffer(object), Some(Ok(t)) if t == buffers::passed(class.name(), readonly)) {
            return false;
        }
        let Some(lists) = out.lists.as_mut() else { return false };
        let py = Python::assume_attached();
        let made = py.import("numpy").and_then(|numpy| {
            let view = Bound::from_owned_ptr_or_err(py, PyMemoryView_FromObject(object))?;
            numpy.getattr("asarray")?.call1((view,))
        });
        let Ok(array) = made else {
            PyErr_Clear();
            return false;
        };
        lists.stand(array.clone().into_ptr(), object);
        out.push_array(array.as_ptr(), 1);
        true
    }
}

/// The object of a result: the argument itself where it is that, else a new one. The owner is consumed.
///
/// # Safety
/// As for `Boxer::make`.
pub unsafe fn make(class: Class, data: &ArrayTy, slots: *const u64, arguments: Arguments) -> *mut PyObject {
    // SAFETY: the slots are owner, data, length and step; the owner is an argument's header or one from the runtime with a count of ours.
    unsafe {
        let Some(numpy) = NumPy::get() else { return null_mut() };
        let owner = *slots as *mut Header;
        let (start, shape) = (*slots.add(1) as *mut u8, slots.add(2).cast::<isize>());
        let passed = !arguments.headers.is_null() && (arguments.headers..arguments.headers.add(arguments.count)).contains(&owner.cast_const());
        let passed = passed || arguments.lists.as_ref().is_some_and(|l| l.has_header(owner));
        if passed && let Some(object) = arguments.lists.as_ref().and_then(|l| l.stands_for((*owner).object)) {
            let array = (*owner).object.cast::<ArrayObject>();
            if Class::of_object(Py_TYPE(object)) == Some(class) && (*array).data == start && *(*array).shape == *shape && *shape.add(1) == 1 {
                Py_INCREF(object);
                return object;
            }
        }
        // A view of an argument's memory keeps the array that keeps the argument.
        let base = if passed { (*owner).object } else { null_mut() };
        let extent = Extent { shape, strides: shape.add(1), rank: 1 };
        let result = match class {
            Class::Bytes => PyBytes_FromStringAndSize(start.cast(), *shape),
            Class::ByteArray => PyByteArray_FromStringAndSize(start.cast(), *shape),
            Class::MemoryView if passed => {
                Py_INCREF(base);
                memoryview(numpy.view(DType::UInt8, extent, start, !data.readonly, base))
            }
            Class::MemoryView => {
                let copy = PyByteArray_FromStringAndSize(null(), *shape);
                if !copy.is_null() {
                    let to = PyByteArray_AsString(copy).cast::<u8>();
                    (0..*shape).for_each(|i| *to.offset(i) = *start.offset(i * *shape.add(1)));
                }
                memoryview(copy)
            }
        };
        if !passed && (*owner).count <= CONSTANT_COUNT / 2 {
            memory::release(owner.cast());
        }
        result
    }
}

/// A view of an object, which is given up to it.
///
/// # Safety
/// The GIL is held; the object is null, with an exception set, or a reference of ours.
unsafe fn memoryview(object: *mut PyObject) -> *mut PyObject {
    // SAFETY: by the contract of this function.
    unsafe {
        if object.is_null() {
            return null_mut();
        }
        let view = PyMemoryView_FromObject(object);
        Py_DECREF(object);
        view
    }
}

impl Lists {
    /// Keeps an array, whose reference is given up to it, that stands for another object.
    fn stand(&mut self, array: *mut PyObject, object: *mut PyObject) {
        self.hold(array);
        self.stands.push((array, object));
    }

    /// The object that an array stands for.
    fn stands_for(&self, array: *mut PyObject) -> Option<*mut PyObject> {
        self.stands.iter().find(|s| s.0 == array).map(|s| s.1)
    }
}
