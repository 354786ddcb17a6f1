//! Boxers: from result slots to Python objects. Scalars come back as Python's own types whatever their width, as from numba.
use super::{buffers, dispatcher::Dispatcher, lists::{self, Lists}, owned::{array, record, string}, reader::Header, scalars::{converted, scalar}};
use crate::{descr, host::entities, numpy::NumPy};
use numbra_abi::DType;
use numbra_dialects::py::{ArrayTy, RecordTy, Ty};
use numbra_frontend_core::{catalog::types::dtype_of, host::function_of};
use numbra_rt::list::List;
use pyo3::ffi::*;
use std::ptr::{addr_of_mut, null_mut};

/// Makes the Python object of a result.
#[derive(Debug)]
pub enum Boxer {
    /// `None`
    None,
    /// Bool, int, float or complex
    Scalar(DType),
    /// Date or length of time
    Time(DType),
    /// Record
    Record(RecordTy),
    /// Array
    Array(ArrayTy),
    /// Scalar that is converted to the type of an explicit signature
    Converted(DType, DType),
    /// Tuple
    Tuple(Box<[Boxer]>),
    /// Value of one of several types
    Union(Box<[Boxer]>),
    /// `...`
    Ellipsis,
    /// What a call with the parts makes: of a slice or range the class, of a type of the program its function
    Parts(Callable, Box<Boxer>),
    /// Named tuple: the class's way to make one from a tuple
    Struct(Callable, Box<Boxer>),
    /// Member of an enumeration: the class that is called with the value
    Member(Callable, Box<Boxer>),
    /// List
    List(Box<Boxer>),
    /// String
    Str,
    /// String that is known
    Literal(Box<str>),
    /// Compiled function, by its dispatcher's id
    Function(u64),
    /// Bytes
    Buffer(buffers::Class, ArrayTy),
    /// Compiled function that is known by its signature
    Signature,
    /// Library object
    Object(Callable),
    /// Scalar type, as NumPy's dtype: `a.dtype` is one, and a type object means the same wherever NumPy takes it
    DType(DType),
}

/// A class, or a method of one, that makes a result. It is never freed.
#[derive(Clone, Copy, Debug)]
pub struct Callable(*mut PyObject);

impl Callable {
    /// An object that is given up to it.
    pub fn new(object: *mut PyObject) -> Callable {
        Callable(object)
    }
}

// SAFETY: the object lives as long as the process, and is called with the GIL only.
unsafe impl Send for Callable {}
// SAFETY: as above.
unsafe impl Sync for Callable {}

/// The arguments' headers, by which a result is recognised as memory of an argument.
#[derive(Clone, Copy)]
pub struct Arguments {
    /// First header
    pub headers: *const Header,
    /// Number of headers
    pub count: usize,
    /// The call's lists, or null
    pub lists: *const Lists,
}

impl Boxer {
    /// The boxer of a type, or the innermost type that cannot leave compiled code.
    pub fn new(t: &Ty) -> Result<Boxer, &Ty> {
        Ok(match t {
            Ty::None => Boxer::None,
            Ty::Scalar(d) if d.unit().is_some() => Boxer::Time(*d),
            Ty::Scalar(d) => Boxer::Scalar(*d),
            Ty::Record(r) => Boxer::Record(*r),
            Ty::Array(a) => Boxer::Array(*a),
            Ty::Tuple(elements) => Boxer::Tuple(elements.iter().map(Boxer::new).collect::<Result<_, _>>()?),
            Ty::Union(members) => Boxer::Union(members.iter().map(Boxer::new).collect::<Result<_, _>>()?),
            Ty::Ellipsis => Boxer::Ellipsis,
            Ty::Slice(parts) => Boxer::Parts(Callable(addr_of_mut!(PySlice_Type).cast()), Box::new(Boxer::new(&Ty::tuple(parts.iter().cloned())).map_err(|_| t)?)),
            Ty::Range(d) => Boxer::Parts(Callable(addr_of_mut!(PyRange_Type).cast()), Box::new(Boxer::Tuple(vec![Boxer::Scalar(*d), Boxer::Scalar(*d), Boxer::Scalar(*d)].into()))),
            t if let Some((class, data)) = buffers::Class::of(t) => Boxer::Buffer(class, data),
            Ty::Struct(s) if s.path.starts_with(super::own::PREFIX) => super::own::boxer(s).ok_or(t)?,
            Ty::Struct(s) => {
                // SAFETY: boxers are made while the GIL is held.
                let py = unsafe { pyo3::Python::assume_attached() };
                let class = crate::classes::by_path(py, &s.path).ok_or(t)?;
                let parts = s.types.iter().map(Boxer::new).collect::<Result<Box<[_]>, _>>()?;
                if class.is_enum() {
                    Boxer::Member(Callable(class.pointer().cast()), Box::new(Boxer::Tuple(parts)))
                } else {
                    let make = class.object.getattr(py, "_make").map_err(|_| t)?;
                    Boxer::Struct(Callable(make.into_ptr()), Box::new(Boxer::Tuple(parts)))
                }
            }
            Ty::Str => Boxer::Str,
            Ty::Literal(text) => Boxer::Literal((**text).into()),
            Ty::List(element) => Boxer::List(Box::new(Boxer::new(element)?)),
            Ty::Callable(_) => Boxer::Signature,
            Ty::Function(text) => Boxer::Function(function_of(text).ok_or(t)?),
            Ty::Entity(path) if path.starts_with("numpy.") && let Some(dtype) = dtype_of(path) => Boxer::DType(dtype),
            // SAFETY: boxers are made while the GIL is held.
            Ty::Entity(path) => Boxer::Object(Callable(entities::object_of(unsafe { pyo3::Python::assume_attached() }, path).ok_or(t)?)),
            other => return Err(other),
        })
    }

    /// The boxer of a result for which a signature declares another type; `None` when the one does not convert to the other.
    pub fn declared(actual: &Ty, declared: &Ty) -> Option<Boxer> {
        match (actual, declared) {
            (Ty::Scalar(a), Ty::Scalar(b)) if a != b && a.is_number() => super::convert::cost(actual, declared).map(|_| Boxer::Converted(*a, *b)),
            (Ty::Union(a), Ty::Union(b)) if a.len() == b.len() => a.iter().zip(b.iter()).map(|(a, b)| Boxer::declared(a, b)).collect::<Option<_>>().map(Boxer::Union),
            (one, Ty::Union(b)) => b.iter().filter(|b| super::convert::cost(one, b).is_some()).find_map(|b| Boxer::declared(one, b)),
            (Ty::Tuple(a), Ty::Tuple(b)) if a.len() == b.len() => a.iter().zip(b.iter()).map(|(a, b)| Boxer::declared(a, b)).collect::<Option<_>>().map(Boxer::Tuple),
            _ => super::convert::cost(actual, declared).and_then(|_| Boxer::new(actual).ok()),
        }
    }

    /// How many slots a value takes.
    pub fn slots(&self) -> usize {
        match self {
            Boxer::None | Boxer::Ellipsis | Boxer::Literal(_) | Boxer::Function(_) | Boxer::Object(_) | Boxer::DType(_) => 0,
            Boxer::Str => 3,
            Boxer::Parts(_, parts) | Boxer::Struct(_, parts) | Boxer::Member(_, parts) => parts.slots(),
            Boxer::Scalar(d) | Boxer::Converted(d, _) => 1 + d.is_complex() as usize,
            Boxer::Time(_) | Boxer::List(_) => 1,
            Boxer::Record(_) | Boxer::Signature => 2,
            Boxer::Buffer(..) => 4,
            Boxer::Array(a) => 2 + 2 * a.rank,
            Boxer::Tuple(elements) => elements.iter().map(Boxer::slots).sum(),
            Boxer::Union(members) => 1 + members.iter().map(Boxer::slots).sum::<usize>(),
        }
    }

    /// The object, or null with an exception set. Every array in the slots is consumed, also on failure.
    ///
    /// # Safety
    /// The GIL is held; the slots hold a result of this type; `arguments` are those of the call that made it.
    #[inline(always)]
    pub unsafe fn make(&self, slots: *const u64, arguments: Arguments) -> *mut PyObject {
        // SAFETY: by the contract of this function.
        unsafe {
            match self {
                Boxer::Scalar(d) => scalar(*d, slots),
                Boxer::None => new_reference(Py_None()),
                _ => self.make_rare(slots, arguments),
            }
        }
    }

    #[inline(never)]
    unsafe fn make_rare(&self, slots: *const u64, arguments: Arguments) -> *mut PyObject {
        // SAFETY: as for `make`.
        unsafe {
            match self {
                Boxer::None => new_reference(Py_None()),
                Boxer::Scalar(d) => scalar(*d, slots),
                Boxer::Converted(from, to) => scalar(*to, converted(*from, *to, slots).as_ptr()),
                Boxer::Time(d) => NumPy::get().map_or(null_mut(), |numpy| numpy.scalar(*d, slots)),
                Boxer::Record(r) => record(*r, slots, arguments),
                Boxer::Array(a) => array(a, slots, arguments),
                Boxer::Tuple(elements) => tuple(elements, slots, arguments),
                Boxer::Ellipsis => new_reference(Py_Ellipsis()),
                Boxer::Parts(class, parts) | Boxer::Member(class, parts) => {
                    let arguments = parts.make(slots, arguments);
                    if arguments.is_null() {
                        return null_mut();
                    }
                    let result = PyObject_CallObject(class.0, arguments);
                    Py_DECREF(arguments);
                    result
                }
                Boxer::Struct(make, parts) => {
                    let tuple = parts.make(slots, arguments);
                    if tuple.is_null() {
                        return null_mut();
                    }
                    let result = PyObject_CallFunctionObjArgs(make.0, tuple, null_mut::<PyObject>());
                    Py_DECREF(tuple);
                    result
                }
                Boxer::Union(members) => {
                    // The slots of the other members are zero: there is nothing to give back.
                    let tag = (*slots as usize).min(members.len() - 1);
                    let before: usize = members[..tag].iter().map(Boxer::slots).sum();
                    members[tag].make(slots.add(1 + before), arguments)
                }
                Boxer::Str => string(slots, arguments),
                Boxer::Literal(text) => PyUnicode_FromStringAndSize(text.as_ptr().cast(), text.len() as isize),
                Boxer::Object(object) => new_reference(object.0),
                Boxer::DType(dtype) => NumPy::get().map_or(null_mut(), |numpy| descr::object_of(numpy, *dtype)),
                Boxer::Function(id) => function(*id),
                Boxer::Buffer(class, data) => buffers::make(*class, data, slots, arguments),
                // The address, and the dispatcher's number.
                Boxer::Signature => function(*slots.add(1)),
                Boxer::List(element) => lists::make(element, *slots as *mut List, arguments),
            }
        }
    }
}

/// The dispatcher of a compiled function.
///
/// # Safety
/// The GIL is held.
unsafe fn function(id: u64) -> *mut PyObject {
    // SAFETY: by the contract of this function.
    let py = unsafe { pyo3::Python::assume_attached() };
    match Dispatcher::by_id(py, id) {
        Some(object) => object.into_ptr(),
        None if id == 0 => {
            pyo3::exceptions::PyTypeError::new_err("a function that compiled code has passed on by its signature cannot be returned to Python").restore(py);
            null_mut()
        }
        None => {
            pyo3::exceptions::PyRuntimeError::new_err("the compiled function that is returned does not exist any more").restore(py);
            null_mut()
        }
    }
}

/// # Safety
/// The GIL is held.
#[inline(always)]
pub(super) unsafe fn new_reference(object: *mut PyObject) -> *mut PyObject {
    // SAFETY: by the contract of this function.
    unsafe { Py_INCREF(object) };
    object
}

/// # Safety
/// As for [`Boxer::make`].
unsafe fn tuple(elements: &[Boxer], slots: *const u64, arguments: Arguments) -> *mut PyObject {
    // SAFETY: the elements' slots follow one another; PyTuple_SetItem takes over the element, and a null one is left out.
    unsafe {
        let result = PyTuple_New(elements.len() as isize);
        let mut failed = result.is_null();
        let mut offset = 0;
        for (i, element) in elements.iter().enumerate() {
            // After a failure the rest is still made, so that its arrays are given back.
            let item = element.make(slots.add(offset), arguments);
            offset += element.slots();
            if result.is_null() {
                Py_XDECREF(item);
            } else if item.is_null() || PyTuple_SetItem(result, i as isize, item) < 0 {
                failed = true;
            }
        }
        if failed {
            Py_XDECREF(result);
            return null_mut();
        }
        result
    }
}
