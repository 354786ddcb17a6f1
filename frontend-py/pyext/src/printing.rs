//! Where printed text goes: `sys.stdout`, as it is at that moment; and how arrays look: as NumPy shows them.
//!
//! An exception of its `write` passes through compiled code as one of the runtime's; the object itself waits here until the call has ended.
use numbra_abi::ExceptionKind;
use crate::numpy::{Extent, NumPy};
use numbra_rt::{Argument, Exception, arrays::Elements};
use pyo3::{exceptions::PyRuntimeError, ffi::{PyGILState_Ensure, PyGILState_Release, Py_INCREF, Py_None}, prelude::*};
use std::cell::RefCell;

struct Failure {
    kind: ExceptionKind,
    message: String,
    error: PyErr,
}

thread_local! {
    static FAILURE: RefCell<Option<Failure>> = const { RefCell::new(None) };
}

/// Writes text for compiled code, which may run with or without the GIL.
pub fn write(text: &str) -> Result<(), (ExceptionKind, String)> {
    // SAFETY: compiled code runs on threads of Python only; the two calls are a pair, and nothing in between unwinds.
    unsafe {
        let state = PyGILState_Ensure();
        let written = {
            let py = Python::assume_attached();
            to_stdout(py, text).map_err(|error| keep(py, error))
        };
        PyGILState_Release(state);
        written
    }
}

fn to_stdout(py: Python<'_>, text: &str) -> PyResult<()> {
    let Some(stdout) = py.import("sys")?.getattr_opt("stdout")? else { return Err(PyRuntimeError::new_err("lost sys.stdout")) };
    if !stdout.is_none() {
        stdout.call_method1("write", (text,))?;
    }
    Ok(())
}

/// An array as NumPy shows it, by `str` or `repr`. Where that fails, the text says so.
///
/// # Safety
/// All elements are alive.
pub unsafe fn array_text(elements: Elements, repr: bool) -> String {
    // SAFETY: as for `write`; the array is a view of live elements that is gone when this function returns.
    unsafe {
        let state = PyGILState_Ensure();
        let text = {
            let py = Python::assume_attached();
            shown(py, elements, repr).unwrap_or_else(|error| format!("<array that cannot be shown: {error}>"))
        };
        PyGILState_Release(state);
        text
    }
}

/// # Safety
/// The GIL is held; all elements are alive.
unsafe fn shown(py: Python<'_>, elements: Elements, repr: bool) -> PyResult<String> {
    let numpy = NumPy::get().ok_or_else(|| PyRuntimeError::new_err("NumPy is not loaded"))?;
    let extent = Extent { shape: elements.shape.as_ptr().cast(), strides: elements.strides.as_ptr().cast(), rank: elements.shape.len() };
    // SAFETY: by the contract of this function; sizes are 64-bit integers, as on all targets.
    let array = unsafe {
        Py_INCREF(Py_None());
        let array = numpy.view(elements.dtype, extent, elements.data.cast_mut(), false, Py_None());
        Bound::from_owned_ptr_or_err(py, array)?
    };
    let text = if repr { array.repr()? } else { array.str()? };
    Ok(text.to_string_lossy().into_owned())
}

fn keep(py: Python<'_>, error: PyErr) -> (ExceptionKind, String) {
    let name = |class: Bound<'_, PyAny>| class.getattr("__name__").and_then(|n| n.extract::<String>()).unwrap_or_default();
    let kind = error.get_type(py).mro().iter().find_map(|class| ExceptionKind::from_name(&name(class))).unwrap_or(ExceptionKind::Exception);
    let message = error.value(py).str().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
    FAILURE.set(Some(Failure { kind, message: message.clone(), error }));
    (kind, message)
}

/// The Python exception that an exception of compiled code stands for, if printing raised it.
pub fn original(exception: &Exception) -> Option<PyErr> {
    let failure = FAILURE.take()?;
    (failure.kind == exception.kind && exception.arguments == [Argument::Str(failure.message)]).then_some(failure.error)
}
