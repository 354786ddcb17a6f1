//! The way to the compiler: a dispatcher and argument types in, an overload or a Python exception out.
use crate::{call::{dispatcher::{Dispatcher, State}, overload::{Overload, Unusable}}, errors, host::PyHost};
use numbra_dialects::{panics::caught, py::Ty};
use numbra_session::{Annotation, CompileError, Compiled, Session, Rewrite, Trail};
use pyo3::{exceptions::PyRuntimeError, prelude::*};

/// The dispatcher's state, or an error when the garbage collector has taken it.
///
/// # Safety
/// The GIL is held, the dispatcher alive; the reference is not kept while Python code can run.
pub unsafe fn state<'a>(dispatcher: *mut Dispatcher) -> PyResult<&'a mut State> {
    // SAFETY: by the contract of this function.
    unsafe { (*dispatcher).state.as_mut() }.ok_or_else(|| PyRuntimeError::new_err("this dispatcher has been cleared by the garbage collector"))
}

/// Runs the compiler. A panic in it is an internal error like any other: it must not end the interpreter.
fn guarded<R>(py: Python<'_>, work: impl FnOnce(&Session) -> Result<R, CompileError>) -> PyResult<R> {
    match caught(|| work(Session::global())) {
        Ok(Ok(result)) => Ok(result),
        Ok(Err(error)) => Err(errors::compile_error(py, &error)),
        Err(panic) => Err(errors::numbra_error(py, "InternalCompilerError", &format!("error[NB0900]: internal compiler error: {panic}"))),
    }
}

/// Compiles a version for these argument types and adds it to the dispatcher. A declared result type is what calls from Python get.
///
/// # Safety
/// The GIL is held and the caller keeps the dispatcher alive.
pub unsafe fn overload(py: Python<'_>, dispatcher: *mut Dispatcher, types: &[Ty], declared: Option<&Ty>) -> PyResult<*const Overload> {
    // SAFETY: by the contract of this function.
    let (nogil, name) = unsafe {
        let state = state(dispatcher)?;
        (state.options.nogil, state.parameters.function.clone())
    };
    // SAFETY: by the contract of this function.
    let compiled = unsafe { version(py, dispatcher, types, None)? };
    let returned = compiled.result.clone();
    // What other threads do may need the lock: `print`.
    let nogil = nogil || compiled.threads;
    let overload = Overload::new(compiled, nogil, declared).map_err(|reason| match reason {
        Unusable::Type(t) => errors::numbra_error(
            py,
            "UnsupportedError",
            &format!("error[NB0105]: `{name}` passes a value of type {t} between Python and compiled code\n  = help: numbers, arrays, None and tuples of these can be returned"),
        ),
        Unusable::Declared => {
            let arguments = types.iter().map(Ty::to_string).collect::<Vec<_>>().join(", ");
            let said = declared.map_or_else(String::new, Ty::to_string);
            errors::numbra_error(
                py,
                "TypingError",
                &format!("error[NB0202]: `{name}` returns {returned} for the arguments ({arguments}), but its signature says {said}\n  = help: leave the result out of the signature, or convert what the function returns"),
            )
        }
    })?;
    // SAFETY: by the contract of this function.
    let added = unsafe { (*dispatcher).add(overload) };
    if added.is_null() { Err(PyRuntimeError::new_err("this dispatcher has been cleared by the garbage collector")) } else { Ok(added) }
}

/// Compiles a version for these argument types, which gives a value of type `result` if there is one and the function's result converts to it.
///
/// # Safety
/// As for [`overload`].
pub unsafe fn version(py: Python<'_>, dispatcher: *mut Dispatcher, types: &[Ty], result: Option<&Ty>) -> PyResult<Compiled> {
    // SAFETY: by the contract of this function.
    let id = unsafe { self::state(dispatcher)?.id };
    let compiled = guarded(py, |session| session.compile(&PyHost::new(py), id, types, result))?;
    errors::warn(py, &compiled.warnings)?;
    Ok(compiled)
}

/// The text of a stage for these argument types.
///
/// # Safety
/// As for [`overload`].
pub unsafe fn stage(py: Python<'_>, dispatcher: *mut Dispatcher, types: &[Ty], stage: &str) -> PyResult<String> {
    // SAFETY: by the contract of this function.
    let id = unsafe { self::state(dispatcher)?.id };
    guarded(py, |session| session.stage(&PyHost::new(py), id, types, stage))
}

/// What the compiler tells of threads, for these argument types: kind, file, line, text.
///
/// # Safety
/// As for [`overload`].
pub unsafe fn remarks(py: Python<'_>, dispatcher: *mut Dispatcher, types: &[Ty]) -> PyResult<Vec<(String, String, usize, String)>> {
    // SAFETY: by the contract of this function.
    let id = unsafe { self::state(dispatcher)?.id };
    let found = guarded(py, |session| session.remarks(&PyHost::new(py), id, types))?;
    Ok(found.into_iter().map(|r| (r.kind, r.file, r.line, r.text)).collect())
}

/// How inference comes to its types, for these argument types.
///
/// # Safety
/// As for [`overload`].
pub unsafe fn trails(py: Python<'_>, dispatcher: *mut Dispatcher, types: &[Ty]) -> PyResult<Vec<Trail>> {
    // SAFETY: by the contract of this function.
    let id = unsafe { self::state(dispatcher)?.id };
    guarded(py, |session| session.trails(&PyHost::new(py), id, types))
}

/// What rewriting does to array expressions, for these argument types.
///
/// # Safety
/// As for [`overload`].
pub unsafe fn rewrites(py: Python<'_>, dispatcher: *mut Dispatcher, types: &[Ty]) -> PyResult<Vec<Rewrite>> {
    // SAFETY: by the contract of this function.
    let id = unsafe { self::state(dispatcher)?.id };
    guarded(py, |session| session.rewrites(&PyHost::new(py), id, types))
}

/// What inference finds for these argument types: the file, and per expression its place, what computes it and its type.
///
/// # Safety
/// As for [`overload`].
pub unsafe fn annotations(py: Python<'_>, dispatcher: *mut Dispatcher, types: &[Ty]) -> PyResult<Vec<Annotation>> {
    // SAFETY: by the contract of this function.
    let id = unsafe { self::state(dispatcher)?.id };
    guarded(py, |session| session.annotations(&PyHost::new(py), id, types))
}
