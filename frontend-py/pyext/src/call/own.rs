//! Values of types of the program: Python functions take objects apart on the way in and make them on the way out.
//!
//! What an object was taken apart into lives until the call returns. The functions are the program's, registered in `numbra.extending`; they run with the
//! GIL held, and what they raise is raised by the call.
use super::{boxer::{Boxer, Callable}, reader::{Cursor, Reader}, typeof_value::NoType};
use crate::codes;
use numbra_dialects::py::{StructTy, Ty};
use pyo3::{ffi::*, prelude::*};
use std::{ptr::null_mut, sync::{Arc, Mutex}};

// Where the tables are.
const MODELS: &str = "numbra.extending._models";

/// How the paths of such types begin.
pub const PREFIX: &str = numbra_frontend_core::host::TYPE;

static TYPEOF: Mutex<Option<Py<PyAny>>> = Mutex::new(None);

/// Sets the function that gives the code of an object's type, or None.
pub fn set_typeof(function: Py<PyAny>) {
    *TYPEOF.lock().unwrap_or_else(|e| e.into_inner()) = Some(function);
}

/// The type that the program gives to an object, if it gives one.
pub fn typeof_own(object: &Bound<'_, PyAny>) -> Result<Option<Ty>, NoType> {
    let py = object.py();
    let function = TYPEOF.lock().unwrap_or_else(|e| e.into_inner()).as_ref().map(|f| f.clone_ref(py));
    let Some(function) = function else { return Ok(None) };
    let ask = || -> PyResult<Option<Ty>> {
        let code = function.bind(py).call1((object,))?;
        if code.is_none() { Ok(None) } else { codes::from_code(&code).map(Some) }
    };
    ask().map_err(|e| {
        let name = object.get_type().name().map_or_else(|_| "object".into(), |n| n.to_string());
        NoType { what: format!("an object of type {name}, for which the program's function of `typeof_impl` fails: {e}"), help: "correct that function".into(), overflow: false }
    })
}

fn callback<'py>(py: Python<'py>, maker: &str, s: &StructTy) -> Option<*mut PyObject> {
    let made = py.import(MODELS).and_then(|m| m.getattr(maker)?.call1((&*s.path,)));
    made.ok().map(Bound::into_ptr)
}

/// Reads values of one type.
pub struct OwnReader {
    // Never freed.
    unbox: *mut PyObject,
    names: Box<[Arc<str>]>,
    types: Box<[Ty]>,
    /// Readers of the fields
    pub fields: Box<[Reader]>,
}

impl OwnReader {
    /// For a type of the program; `None` where a field cannot be passed.
    pub fn new(s: &StructTy) -> Option<OwnReader> {
        let fields = s.types.iter().map(Reader::new).collect::<Option<_>>()?;
        // SAFETY: readers are made while a call holds the GIL.
        let unbox = callback(unsafe { Python::assume_attached() }, "unboxer", s)?;
        Some(OwnReader { unbox, names: s.names.clone(), types: s.types.clone(), fields })
    }

    /// Unboxes `object`; false when it is of another type, or with an exception set.
    ///
    /// # Safety
    /// As for [`Reader::read`]; the cursor has lists.
    pub unsafe fn read(&self, object: *mut PyObject, out: &mut Cursor) -> bool {
        // SAFETY: by the contract of this function; the tuple has as many elements as there are fields, and is kept by the call.
        unsafe {
            let parts = PyObject_CallFunctionObjArgs(self.unbox, object, null_mut::<PyObject>());
            if parts.is_null() {
                return false;
            }
            let Some(call) = out.lists.as_mut() else {
                Py_DECREF(parts);
                return false;
            };
            call.hold(parts);
            if parts == Py_None() {
                return false;
            }
            for (i, field) in self.fields.iter().enumerate() {
                let part = PyTuple_GetItem(parts, i as isize);
                if !field.read(part, out) {
                    if PyErr_Occurred().is_null() {
                        let (name, t, what) = (&self.names[i], &self.types[i], crate::errors::type_name(part));
                        crate::errors::set(c"TypeError", &format!("the program's unbox function gives for the field `{name}`, which is {t}, an object of type {what}"));
                    }
                    return false;
                }
            }
            true
        }
    }
}

/// The boxer of values of a type of the program, or the field that cannot leave compiled code.
pub fn boxer(s: &StructTy) -> Option<Boxer> {
    let fields = s.types.iter().map(|t| Boxer::new(t).ok()).collect::<Option<Box<[_]>>>()?;
    // SAFETY: boxers are made while the GIL is held.
    let make = callback(unsafe { Python::assume_attached() }, "boxer", s)?;
    Some(Boxer::Parts(Callable::new(make), Box::new(Boxer::Tuple(fields))))
}
