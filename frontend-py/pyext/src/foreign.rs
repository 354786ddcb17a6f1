//! Functions of C: `ctypes`, and objects that tell an address. `numbra._foreign` makes a compiled function of each, which stands for it everywhere; and one of a
//! function of the library that is passed by its signature.
use crate::{call::dispatcher::Dispatcher, host::entities};
use pyo3::{prelude::*, types::PyDict};

/// Whether an object may be a function of C, without asking it.
fn may_be(object: &Bound<'_, PyAny>) -> bool {
    let class = object.get_type();
    if class.hasattr("__wrapper_address__").unwrap_or(false) {
        return true;
    }
    // Nothing of `ctypes` exists before it is imported.
    let base = || object.py().import("sys").ok()?.getattr("modules").ok()?.cast_into::<PyDict>().ok()?.get_item("_ctypes").ok()??.getattr("CFuncPtr").ok();
    object.is_callable() && base().is_some_and(|base| object.is_instance(&base).unwrap_or(false))
}

/// The dispatcher that stands for a function of C, or what it is that cannot be called; `None` for other objects.
pub fn compiled<'py>(object: &Bound<'py, PyAny>) -> Option<Result<Bound<'py, PyAny>, String>> {
    if !may_be(object) {
        return None;
    }
    let made = object.py().import("numbra._foreign").and_then(|m| m.getattr("compiled")?.call1((object,)));
    match made {
        Ok(made) if Dispatcher::of(&made).is_some() => Some(Ok(made)),
        Ok(_) => None,
        Err(error) => Some(Err(error.value(object.py()).to_string())),
    }
}

/// The dispatcher that calls a function of the library with so many arguments; `None` for other objects.
pub fn of_library<'py>(object: &Bound<'py, PyAny>, arguments: usize) -> Option<Bound<'py, PyAny>> {
    let py = object.py();
    entities::path(py, object)?;
    py.import("numbra._foreign").and_then(|m| m.getattr("of_library")?.call1((object, arguments))).ok()
}
