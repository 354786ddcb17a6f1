//! Functions that `contextlib.contextmanager` has decorated: what it makes of a generator function keeps that as its `__wrapped__`. The compiler is told of a dispatcher of it,
//! which is made when a program first enters one and kept with the decorated function.
use crate::call::dispatcher::Dispatcher;
use pyo3::{prelude::*, types::PyDict};

// Where the decorated function keeps the dispatcher.
const KEPT: &str = "__numbra_generator__";

/// The dispatcher of the generator function behind a context manager; `None` for other objects.
pub fn generator<'py>(object: &Bound<'py, PyAny>) -> Option<Bound<'py, PyAny>> {
    let py = object.py();
    let wrapped = object.getattr("__wrapped__").ok()?;
    // None exists before `contextlib` is imported, whose globals the functions have that it makes.
    let contextlib = py.import("sys").ok()?.getattr("modules").ok()?.cast_into::<PyDict>().ok()?.get_item("contextlib").ok()??;
    if !object.getattr("__globals__").ok()?.is(&contextlib.getattr("__dict__").ok()?) {
        return None;
    }
    if Dispatcher::of(&wrapped).is_some() {
        return Some(wrapped);
    }
    if let Ok(kept) = object.getattr(KEPT) {
        return Some(kept);
    }
    let compiled = py.import("numbra").and_then(|m| m.getattr("njit")?.call1((wrapped,))).ok()?;
    object.setattr(KEPT, &compiled).ok()?;
    Some(compiled)
}
