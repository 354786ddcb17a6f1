//! Where printed text goes: `sys.stdout`, as it is at that moment.
//!
//! An exception of its `write` passes through compiled code as one of the runtime's; the object itself waits here until the call has ended.
use numbra_abi::ExceptionKind;
use numbra_rt::{Argument, Exception};
use pyo3::{exceptions::PyRuntimeError, ffi::{PyGILState_Ensure, PyGILState_Release}, prelude::*};
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
