//! Attributes of dispatchers. What needs no speed is written in Python, in `numbra._inspection`, under the same name, and found there on first use.
use super::dispatcher::Dispatcher;
use pyo3::{ffi::*, prelude::*, types::{PyDict, PyString, PyTuple}};
use std::{ffi::{CStr, c_char, c_void}, ptr::null_mut};

macro_rules! delegates {
    (methods { $($method:ident $doc:literal;)* } properties { $($property:ident $property_doc:literal;)* }) => {
        mod delegated {
            use super::*;
            $(pub unsafe extern "C" fn $method(object: *mut PyObject, arguments: *mut PyObject, keywords: *mut PyObject) -> *mut PyObject {
                // SAFETY: CPython calls a method with the GIL, a dispatcher, a tuple and a dict or null.
                unsafe { delegate(stringify!($method), object, arguments, keywords) }
            })*
            $(pub unsafe extern "C" fn $property(object: *mut PyObject, _: *mut c_void) -> *mut PyObject {
                // SAFETY: CPython calls a getter with the GIL and a dispatcher.
                unsafe { delegate(stringify!($property), object, null_mut(), null_mut()) }
            })*
        }
        const DELEGATED_METHODS: &[(&str, PyCFunctionWithKeywords, &str)] = &[$((concat!(stringify!($method), "\0"), delegated::$method, concat!($doc, "\0")),)*];
        const DELEGATED_PROPERTIES: &[(&str, getter, &str)] = &[$((concat!(stringify!($property), "\0"), delegated::$property, concat!($property_doc, "\0")),)*];
    };
}

delegates! {
    methods {
    compile "compile($self, sig)\n--\n\nCompile for a signature or a tuple of argument types.";
    recompile "recompile($self)\n--\n\nCompile all signatures again, for changed globals.";
    disable_compile "disable_compile($self, val=True)\n--\n\nStop compiling for new argument types; calls convert to the known signatures.";
    get_overload "get_overload($self, sig)\n--\n\nThe compiled version for a signature.";
    inspect_types "inspect_types($self, file=None, signature=None)\n--\n\nPrint the source and the typed form of each compiled version.";
    inspect_ir "inspect_ir($self, stage='typed', signature=None)\n--\n\nThe text of one compiler stage.";
    inspect_llvm "inspect_llvm($self, signature=None)\n--\n\nOptimised LLVM IR: of one signature, or a dict of all.";
    parallel_diagnostics "parallel_diagnostics($self, signature=None, level=1)\n--\n\nPrint what runs on several threads, line by line, and what does not.";
    inspect_asm "inspect_asm($self, signature=None)\n--\n\nAssembly: of one signature, or a dict of all.";
    }
    properties {
    signatures "Argument types of the compiled versions.";
    nopython_signatures "Signatures of the compiled versions.";
    overloads "Compiled versions by argument types.";
    __signature__ "Signature of the Python function.";
    }
}

/// # Safety
/// The GIL is held; `arguments` is a tuple or null, `keywords` a dict or null.
unsafe fn delegate(name: &str, object: *mut PyObject, arguments: *mut PyObject, keywords: *mut PyObject) -> *mut PyObject {
    // SAFETY: by the contract of this function.
    unsafe {
        let py = Python::assume_attached();
        let work = || -> PyResult<Py<PyAny>> {
            let function = py.import("numbra._inspection")?.getattr(name.trim_matches('_'))?;
            let mut all = vec![Bound::from_borrowed_ptr(py, object)];
            if !arguments.is_null() {
                all.extend(Bound::from_borrowed_ptr(py, arguments).cast_into::<PyTuple>()?.iter());
            }
            let keywords = if keywords.is_null() { None } else { Some(Bound::from_borrowed_ptr(py, keywords).cast_into::<PyDict>()?) };
            Ok(function.call(PyTuple::new(py, all)?, keywords.as_ref())?.unbind())
        };
        give(py, work())
    }
}

fn give(py: Python<'_>, result: PyResult<Py<PyAny>>) -> *mut PyObject {
    match result {
        Ok(value) => value.into_ptr(),
        Err(e) => {
            e.restore(py);
            null_mut()
        }
    }
}

unsafe extern "C" fn reduce(object: *mut PyObject, _: *mut PyObject) -> *mut PyObject {
    // SAFETY: CPython passes a live dispatcher. A string tells pickle to look the object up by module and qualified name.
    unsafe { PyObject_GetAttrString(object, c"__qualname__".as_ptr()) }
}

unsafe extern "C" fn py_func(object: *mut PyObject, _: *mut c_void) -> *mut PyObject {
    // SAFETY: CPython passes a live dispatcher.
    unsafe { owned((*object.cast::<Dispatcher>()).state.as_ref().map(|s| s.function)) }
}

unsafe extern "C" fn target_options(object: *mut PyObject, _: *mut c_void) -> *mut PyObject {
    // SAFETY: as above.
    unsafe { owned((*object.cast::<Dispatcher>()).state.as_ref().map(|s| s.target_options)) }
}

/// # Safety
/// The GIL is held; the object is alive.
unsafe fn owned(object: Option<*mut PyObject>) -> *mut PyObject {
    // SAFETY: by the contract of this function.
    unsafe {
        let object = object.unwrap_or(Py_None());
        Py_INCREF(object);
        object
    }
}

/// `CPUDispatcher(<function f at 0x...>)`
///
/// # Safety
/// Called by CPython with a live dispatcher.
pub unsafe extern "C" fn repr(object: *mut PyObject) -> *mut PyObject {
    // SAFETY: by the contract of this function.
    unsafe {
        let py = Python::assume_attached();
        let inner = match (*object.cast::<Dispatcher>()).state.as_ref() {
            Some(state) => Bound::from_borrowed_ptr(py, state.function).repr().map(|r| r.to_string()),
            None => Ok("cleared".into()),
        };
        give(py, inner.map(|inner| PyString::new(py, &format!("CPUDispatcher({inner})")).into_any().unbind()))
    }
}

/// The table of methods.
pub fn methods() -> Vec<PyMethodDef> {
    let mut table: Vec<PyMethodDef> = DELEGATED_METHODS.iter().map(|(name, function, doc)| PyMethodDef {
        ml_name: name.as_ptr().cast(),
        ml_meth: PyMethodDefPointer { PyCFunctionWithKeywords: *function },
        ml_flags: METH_VARARGS | METH_KEYWORDS,
        ml_doc: doc.as_ptr().cast(),
    }).collect();
    let reduce_doc: &CStr = c"Pickled by module and qualified name.";
    table.push(PyMethodDef { ml_name: c"__reduce__".as_ptr(), ml_meth: PyMethodDefPointer { PyCFunction: reduce }, ml_flags: METH_NOARGS, ml_doc: reduce_doc.as_ptr() });
    table.push(PyMethodDef::zeroed());
    table
}

/// The table of properties.
pub fn properties() -> Vec<PyGetSetDef> {
    let property = |name: *const c_char, get: getter, set: Option<setter>, doc: *const c_char| PyGetSetDef { name, get: Some(get), set, doc, closure: null_mut() };
    let mut table: Vec<PyGetSetDef> = DELEGATED_PROPERTIES.iter().map(|(name, get, doc)| property(name.as_ptr().cast(), *get, None, doc.as_ptr().cast())).collect();
    table.push(property(c"py_func".as_ptr(), py_func, None, c"The Python function.".as_ptr()));
    table.push(property(c"targetoptions".as_ptr(), target_options, None, c"The options of the decorator.".as_ptr()));
    table.push(property(c"__dict__".as_ptr(), PyObject_GenericGetDict, Some(PyObject_GenericSetDict), c"Attributes.".as_ptr()));
    table.push(PyGetSetDef::default());
    table
}
