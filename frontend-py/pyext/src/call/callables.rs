//! Functions that are passed by their signature: the dispatcher's version for that signature, which is compiled when it is first asked for.
use super::dispatcher::Dispatcher;
use crate::{compile, errors};
use numbra_dialects::py::{CallableTy, Ty};
use numbra_session::Compiled;
use pyo3::{ffi::PyObject, prelude::*};
use std::sync::Arc;

/// Versions that give exactly the type of a signature, beside those that calls from Python use.
#[derive(Default)]
pub struct Versions {
    known: Vec<(Arc<CallableTy>, Compiled)>,
    // Calls that run may hold their addresses.
    retired: Vec<Compiled>,
}

impl Versions {
    fn find(&self, signature: &CallableTy) -> Option<&Compiled> {
        self.known.iter().find(|v| *v.0 == *signature).map(|v| &v.1)
    }

    /// Forgets all; calls that run finish.
    pub fn forget(&mut self) {
        self.retired.extend(self.known.drain(..).map(|v| v.1));
    }
}

/// The slots of a function: the address of its entry, and the number of its dispatcher. `None` where the object is no compiled function, or, with an
/// exception set, where it has no version for the signature.
///
/// # Safety
/// The GIL is held and the object alive.
pub unsafe fn read(signature: &Arc<CallableTy>, object: *mut PyObject) -> Option<[u64; 2]> {
    // SAFETY: by the contract of this function; the versions are only changed with the GIL.
    unsafe {
        let (id, dispatcher) = Dispatcher::standing_for(object).or_else(|| {
            // What stands for it lives as long as the process.
            let made = crate::foreign::of_library(&Bound::from_borrowed_ptr(Python::assume_attached(), object), signature.arguments.len())?;
            Dispatcher::standing_for(made.as_ptr())
        })?;
        let mut i = 0;
        while let Some(overload) = (*dispatcher).overload(i) {
            if *overload.compiled.arguments == *signature.arguments && overload.compiled.result == signature.result {
                return Some([overload.compiled.entry as usize as u64, id]);
            }
            i += 1;
        }
        let known = (*dispatcher).state.as_ref()?.callables.find(signature).map(|c| c.entry as usize as u64);
        if let Some(entry) = known {
            return Some([entry, id]);
        }
        let py = Python::assume_attached();
        match version(py, dispatcher, signature) {
            Ok(entry) => Some([entry, id]),
            Err(error) => {
                error.restore(py);
                None
            }
        }
    }
}

/// Compiles the version for a signature; the address of its entry.
///
/// # Safety
/// As for [`read`], with a dispatcher.
#[cold]
unsafe fn version(py: Python<'_>, dispatcher: *mut Dispatcher, signature: &Arc<CallableTy>) -> PyResult<u64> {
    // SAFETY: by the contract of this function.
    unsafe {
        let name = compile::state(dispatcher)?.parameters.function.clone();
        let wanted = Ty::Callable(signature.clone());
        let refuse = |what: String, help: &str| errors::numbra_error(py, "TypingError", &format!("error[NB0202]: `{name}` is passed as {wanted}, but {what}\n  = help: {help}"));
        if !compile::state(dispatcher)?.can_compile && !has_signature(&*dispatcher, signature) {
            let help = format!("leave the signature of `{name}` out, or add this one");
            return Err(refuse("was compiled for other signatures".into(), &help));
        }
        let parameters = &compile::state(dispatcher)?.parameters;
        let (takes, n) = (parameters.names.len() + parameters.extra(), signature.arguments.len());
        if takes != n || parameters.positional != n || parameters.extra() > 0 {
            let defaults = if takes > n { "; defaults do not count here" } else { "" };
            return Err(refuse(format!("has {takes} parameters{defaults}"), &format!("pass a function of {n} parameters that calls it")));
        }
        let compiled = compile::version(py, dispatcher, &signature.arguments, Some(&signature.result))?;
        if compiled.result != signature.result {
            let returns = compile::version(py, dispatcher, &signature.arguments, None)?.result;
            return Err(refuse(format!("returns {returns}"), "convert what it returns, or change the signature"));
        }
        let entry = compiled.entry as usize as u64;
        compile::state(dispatcher)?.callables.known.push((signature.clone(), compiled));
        Ok(entry)
    }
}

/// Whether one of the signatures that a function was compiled for is this one.
///
/// # Safety
/// The GIL is held.
unsafe fn has_signature(dispatcher: &Dispatcher, signature: &CallableTy) -> bool {
    // SAFETY: by the contract of this function.
    let overloads = (0..).map_while(|i| unsafe { dispatcher.overload(i) });
    overloads.into_iter().any(|o| *o.compiled.arguments == *signature.arguments && o.result == signature.result)
}

/// The only signature that all of these functions were compiled for, if there is one and they compile for no others.
///
/// # Safety
/// The GIL is held and the objects are alive.
pub unsafe fn shared(objects: impl Iterator<Item = *mut PyObject>) -> Option<Ty> {
    let mut found: Option<CallableTy> = None;
    for object in objects {
        // SAFETY: by the contract of this function.
        let one = unsafe {
            Dispatcher::id(object)?;
            let dispatcher = object.cast::<Dispatcher>();
            if (*dispatcher).state.as_ref().is_none_or(|s| s.can_compile) || (*dispatcher).overload(1).is_some() {
                return None;
            }
            let overload = (*dispatcher).overload(0)?;
            CallableTy { arguments: overload.compiled.arguments.clone().into(), result: overload.result.clone() }
        };
        if found.get_or_insert_with(|| one.clone()) != &one {
            return None;
        }
    }
    found.map(|signature| Ty::Callable(Arc::new(signature)))
}
