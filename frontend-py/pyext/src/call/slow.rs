//! Calls that the latest overload does not take: keywords and defaults, other overloads, conversions, compiling a new one.
use super::{bind::Parameters, convert::{self, Cost}, dispatcher::Dispatcher, overload::{Overload, Refusal}, typeof_value::{no_type_error, typeof_keywords, typeof_value}};
use crate::{compile, errors};
use numbra_dialects::py::Ty;
use pyo3::{exceptions::PyTypeError, ffi::*, prelude::*};
use std::ptr::null_mut;

// Parameters up to this number are bound on the stack.
const PARAMETERS: usize = 16;

/// Binds the arguments of a vectorcall and calls.
///
/// # Safety
/// The GIL is held; the arguments are those of a vectorcall of this dispatcher.
pub unsafe fn call(dispatcher: *mut Dispatcher, arguments: *const *mut PyObject, given: usize, keywords: *mut PyObject) -> *mut PyObject {
    // SAFETY: by the contract of this function; `bound` has room for all parameters.
    unsafe {
        let Some(state) = (*dispatcher).state.as_ref() else { return unusable() };
        let parameters = &state.parameters;
        let count = parameters.names.len() + parameters.extra();
        if count <= PARAMETERS {
            let mut bound = [null_mut(); PARAMETERS];
            call_with(dispatcher, parameters, arguments, given, keywords, bound.as_mut_ptr(), count)
        } else {
            let mut bound = vec![null_mut(); count];
            call_with(dispatcher, parameters, arguments, given, keywords, bound.as_mut_ptr(), count)
        }
    }
}

/// # Safety
/// As for [`call`]; `bound` has room for `count` parameters.
#[inline]
unsafe fn call_with(
    dispatcher: *mut Dispatcher, parameters: &Parameters, arguments: *const *mut PyObject, given: usize, keywords: *mut PyObject, bound: *mut *mut PyObject, count: usize,
) -> *mut PyObject {
    // SAFETY: by the contract of this function. The caller of a dispatcher keeps it alive, and with it the parameters.
    unsafe {
        if !parameters.bind(arguments, given, keywords, bound) {
            return null_mut();
        }
        let extra = parameters.extra();
        let result = call_bound(dispatcher, bound, count);
        if extra > 0 {
            parameters.release(bound);
        }
        result
    }
}

/// # Safety
/// The GIL is held; there is one argument per parameter.
#[inline]
unsafe fn call_bound(dispatcher: *mut Dispatcher, arguments: *const *mut PyObject, count: usize) -> *mut PyObject {
    // SAFETY: overloads live as long as their dispatcher, which the caller keeps alive.
    unsafe {
        if let Some(latest) = (*dispatcher).latest.as_ref() {
            match latest.call(arguments) {
                Ok(result) => return result,
                Err(Refusal::Raised) => return null_mut(),
                Err(Refusal::Mismatch) => {}
            }
        }
        call_other(dispatcher, arguments, count)
    }
}

/// Calls an overload other than the latest, which has just refused the arguments; there is one argument per parameter.
///
/// # Safety
/// The GIL is held; there are `count` arguments, and as many parameters.
#[inline(never)]
pub unsafe fn call_other(dispatcher: *mut Dispatcher, arguments: *const *mut PyObject, count: usize) -> *mut PyObject {
    // SAFETY: as for `call_bound`. The list may change while code runs, so it is indexed anew each time.
    unsafe {
        let mut i = 0;
        while let Some(overload) = (*dispatcher).overload(i) {
            if !std::ptr::eq(overload, (*dispatcher).latest) {
                match overload.call(arguments) {
                    Ok(result) => {
                        (*dispatcher).latest = overload;
                        return result;
                    }
                    Err(Refusal::Raised) => return null_mut(),
                    Err(Refusal::Mismatch) => {}
                }
            }
            i += 1;
        }
        let py = Python::assume_attached();
        match choose(py, dispatcher, std::slice::from_raw_parts(arguments, count)) {
            Ok((overload, converting)) => match if converting { (*overload).call_converting(arguments) } else { (*overload).call(arguments) } {
                Ok(result) => result,
                Err(Refusal::Raised) => null_mut(),
                Err(Refusal::Mismatch) => {
                    errors::numbra_error(py, "InternalCompilerError", "a version that was compiled for these arguments does not take them").restore(py);
                    null_mut()
                }
            },
            Err(e) => {
                e.restore(py);
                null_mut()
            }
        }
    }
}

/// The overload for arguments that none takes as they are: a new one, or the best that takes them converted.
///
/// # Safety
/// As for [`call_bound`].
unsafe fn choose(py: Python<'_>, dispatcher: *mut Dispatcher, arguments: &[*mut PyObject]) -> PyResult<(*const Overload, bool)> {
    // SAFETY: as for `call_bound`.
    unsafe {
        let mut types = Vec::with_capacity(arguments.len());
        for (i, argument) in arguments.iter().enumerate() {
            let keywords = (*dispatcher).state.as_ref().is_some_and(|s| s.parameters.variable_keywords) && i + 1 == arguments.len();
            types.push(if keywords { typeof_keywords(*argument) } else { typeof_value(*argument) }.map_err(|reason| {
                let (name, function) = (*dispatcher).state.as_ref().map_or_else(Default::default, |s| (s.parameters.name(i), s.parameters.function.clone()));
                no_type_error(py, &format!("argument `{name}` of `{function}`"), &reason)
            })?);
        }
        if (*dispatcher).state.as_ref().is_some_and(|s| s.can_compile) {
            return Ok((compile::overload(py, dispatcher, &types, None)?, false));
        }
        let mut ranked: Vec<(Cost, *const Overload)> = vec![];
        let mut i = 0;
        while let Some(overload) = (*dispatcher).overload(i) {
            let mut costs = overload.compiled.arguments.iter().zip(&types).map(|(to, from)| convert::cost(from, to));
            if let Some(cost) = costs.try_fold(Cost::default(), |sum, c| Some(sum.add(c?))) {
                ranked.push((cost, overload));
            }
            i += 1;
        }
        ranked.sort_by_key(|r| r.0);
        match ranked.as_slice() {
            [(a, _), (b, _), ..] if a == b => Err(mismatch(dispatcher, &types, "ambiguous overloading")),
            [(_, best), ..] => Ok((*best, true)),
            [] => Err(mismatch(dispatcher, &types, "no matching definition")),
        }
    }
}

/// # Safety
/// As for [`call_bound`].
unsafe fn mismatch(dispatcher: *mut Dispatcher, types: &[Ty], what: &str) -> PyErr {
    let list = |types: &[Ty]| types.iter().map(Ty::to_string).collect::<Vec<_>>().join(", ");
    // SAFETY: as for `call_bound`.
    let (name, known) = unsafe {
        let name = (*dispatcher).state.as_ref().map_or_else(String::new, |s| s.parameters.function.clone());
        let mut known = String::new();
        let mut i = 0;
        while let Some(overload) = (*dispatcher).overload(i) {
            known += &format!("\n  ({}) -> {}", list(&overload.compiled.arguments), overload.result);
            i += 1;
        }
        (name, known)
    };
    PyTypeError::new_err(format!("{what} for argument types ({}) of {name}(), which is compiled for these signatures only:{known}", list(types)))
}

fn unusable() -> *mut PyObject {
    errors::set(c"RuntimeError", "this dispatcher has been cleared by the garbage collector");
    null_mut()
}
