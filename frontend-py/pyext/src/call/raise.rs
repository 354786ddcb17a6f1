//! Exceptions of compiled code as Python exceptions, with a traceback entry for the Python line that raised.
use super::scalars;
use crate::{classes, layout::{PyCode_NewEmpty, PyFrame_New}};
use numbra_abi::{DType, ExceptionKind, exception::NOTHING_HANDLED};
use numbra_rt::{Argument, Exception, take_exception};
use pyo3::{exceptions::PyRuntimeError, ffi::*, prelude::*, types::PyTuple};
use std::{ffi::{CString, c_int}, ptr::null_mut};

/// Raises what the runtime has pending after a call that failed.
///
/// # Safety
/// The GIL is held; the call ran on this thread.
#[cold]
#[inline(never)]
pub unsafe fn pending() {
    // SAFETY: by the contract of this function.
    let py = unsafe { Python::assume_attached() };
    let Some(exception) = take_exception() else {
        return crate::errors::numbra_error(py, "InternalCompilerError", "compiled code failed without an exception").restore(py);
    };
    let original = crate::printing::original(&exception).or_else(|| handled(py, &exception));
    match (original, value(py, &exception)) {
        (Some(original), _) => original.restore(py),
        (None, Ok(value)) => PyErr::from_value(value).restore(py),
        (None, Err(e)) => return e.restore(py),
    }
    if !exception.file.is_empty() {
        // SAFETY: an exception is set.
        unsafe { add_traceback(&exception.file, &exception.function, exception.line) };
    }
}

/// The exception that the calling Python code is handling, where compiled code raises it again by a `raise` alone.
fn handled(py: Python<'_>, exception: &Exception) -> Option<PyErr> {
    if exception.kind != ExceptionKind::HandledException {
        return None;
    }
    let value = py.import("sys").ok()?.call_method0("exc_info").ok()?.get_item(1).ok()?;
    (!value.is_none()).then(|| PyErr::from_value(value))
}

fn value<'py>(py: Python<'py>, exception: &Exception) -> PyResult<Bound<'py, PyAny>> {
    let (class, arguments) = match (exception.kind, exception.arguments.split_first()) {
        (ExceptionKind::NamedException, Some((Argument::Str(path), rest))) => (named(py, path)?, rest),
        (ExceptionKind::HandledException, _) => return Ok(PyRuntimeError::new_err(NOTHING_HANDLED).into_value(py).into_bound(py).into_any()),
        _ => (py.import("builtins")?.getattr(exception.kind.name())?, &exception.arguments[..]),
    };
    let arguments = arguments.iter().map(|a| argument(py, a)).collect::<PyResult<Vec<_>>>()?;
    class.call1(PyTuple::new(py, arguments)?)
}

/// An exception class of the program or of a library.
fn named<'py>(py: Python<'py>, path: &str) -> PyResult<Bound<'py, PyAny>> {
    if let Some(class) = classes::by_path(py, path) {
        return Ok(class.object.bind(py).clone().into_any());
    }
    let (module, name) = path.rsplit_once('.').unwrap_or(("builtins", path));
    py.import(module)?.getattr(name)
}

fn argument<'py>(py: Python<'py>, argument: &Argument) -> PyResult<Bound<'py, PyAny>> {
    match argument {
        Argument::Str(text) => Ok(text.into_pyobject(py)?.into_any()),
        Argument::Scalar(dtype, bytes) => {
            let word = |at: usize| u64::from_le_bytes(std::array::from_fn(|i| bytes[at + i]));
            let slots = if *dtype == DType::Complex64 { [word(0) & 0xffff_ffff, word(0) >> 32] } else { [word(0), word(8)] };
            // SAFETY: the slots hold a scalar of this type; the result is a new reference or null.
            unsafe { Bound::from_owned_ptr_or_err(py, scalars::scalar(*dtype, slots.as_ptr())) }
        }
    }
}

/// Adds an entry to the traceback of the exception that is set. When that fails the exception stays as it is.
///
/// # Safety
/// The GIL is held and an exception is set.
unsafe fn add_traceback(file: &str, function: &str, line: i32) {
    let (Ok(file), Ok(function)) = (CString::new(file), CString::new(function)) else { return };
    // SAFETY: every new reference is given up here; the exception is put aside while objects are made.
    unsafe {
        let (mut class, mut value, mut traceback) = (null_mut(), null_mut(), null_mut());
        #[allow(deprecated)]
        PyErr_Fetch(&mut class, &mut value, &mut traceback);
        let code = PyCode_NewEmpty(file.as_ptr(), function.as_ptr(), line as c_int);
        let globals = PyDict_New();
        let frame = if code.is_null() || globals.is_null() { null_mut() } else { PyFrame_New(PyThreadState_Get(), code, globals, null_mut()) };
        PyErr_Clear();
        #[allow(deprecated)]
        PyErr_Restore(class, value, traceback);
        if !frame.is_null() {
            PyTraceBack_Here(frame);
            Py_DECREF(frame.cast());
        }
        Py_XDECREF(globals);
        Py_XDECREF(code);
    }
}
