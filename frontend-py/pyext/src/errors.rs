//! Python exceptions: builtin ones by name, those of `numbra.errors`, and text of Python objects for messages.
use pyo3::{ffi::*, prelude::*, types::{PyDict, PyList}};
use numbra_dialects::{Diagnostic, Note, diagnostic::ErrorClass};
use numbra_session::CompileError;
use std::ffi::CStr;

/// Sets a builtin exception. The GIL must be held, as wherever compiled code is called from.
pub fn set(class: &CStr, message: &str) {
    Python::attach(|py| builtin(py, class, message).restore(py));
}

/// A builtin exception with a message.
pub fn builtin(py: Python<'_>, class: &CStr, message: &str) -> PyErr {
    let class = class.to_str().ok().and_then(|name| py.import("builtins").ok()?.getattr(name).ok());
    match class.and_then(|c| c.call1((message,)).ok()) {
        Some(value) => PyErr::from_value(value),
        None => pyo3::exceptions::PySystemError::new_err(message.to_string()),
    }
}

/// An exception of `numbra.errors`, by name.
pub fn numbra_error(py: Python<'_>, class: &str, message: &str) -> PyErr {
    let value = py.import("numbra.errors").and_then(|m| m.getattr(class)).and_then(|c| c.call1((message,)));
    match value {
        Ok(value) => PyErr::from_value(value),
        Err(e) => e,
    }
}

/// The class of what the compiler warns of.
const WARNING: &str = "NumbaTypeSafetyWarning";

/// Gives the warnings of a compilation, each as one of the line that it is about. A filter may make an exception of one.
pub fn warn(py: Python<'_>, warnings: &[Diagnostic]) -> PyResult<()> {
    if warnings.is_empty() {
        return Ok(());
    }
    let class = py.import("numbra.errors")?.getattr(WARNING)?;
    let warn = py.import("warnings")?.getattr("warn_explicit")?;
    for d in warnings {
        let help = d.notes.iter().filter_map(|n| match n {
            Note::Help(text) => Some(text.as_str()),
            _ => None,
        });
        let text = [format!("{}: {}", d.code.name(), d.message)].into_iter().chain(help.map(str::to_string)).collect::<Vec<_>>().join("; ");
        let (file, line) = d.span.as_ref().map_or(("<unknown>", 1), |s| (&*s.file, s.start_line));
        warn.call1((text, &class, file, line))?;
    }
    Ok(())
}

/// The exception of a failed compilation: its text is the rendered diagnostics, and `diagnostics` has them as dicts.
pub fn compile_error(py: Python<'_>, error: &CompileError) -> PyErr {
    let class = match error.class() {
        ErrorClass::Syntax => "SourceError",
        ErrorClass::Typing => "TypingError",
        ErrorClass::Unsupported => "UnsupportedError",
        ErrorClass::Doubtful => WARNING,
        ErrorClass::Internal => "InternalCompilerError",
    };
    let mut text = error.rendered.trim_end().to_string();
    let reproducer = error.reproducer.as_ref().map(|p| p.display().to_string());
    if let Some(path) = reproducer.as_ref().filter(|p| !text.contains(p.as_str())) {
        text += &format!("\n  = note: the module that the compiler failed on is in {path}");
    }
    // A leading newline keeps the source excerpt aligned under Python's `numbra.errors.TypingError: `.
    let raised = numbra_error(py, class, &format!("\n{text}"));
    let attach = || -> PyResult<()> {
        let value = raised.value(py);
        let list = PyList::empty(py);
        for d in &error.diagnostics {
            list.append(diagnostic(py, d)?)?;
        }
        value.setattr("diagnostics", list)?;
        value.setattr("reproducer", reproducer)
    };
    match attach() {
        Ok(()) => raised,
        Err(e) => e,
    }
}

fn diagnostic<'py>(py: Python<'py>, d: &Diagnostic) -> PyResult<Bound<'py, PyDict>> {
    let dict = PyDict::new(py);
    dict.set_item("code", d.code.name())?;
    dict.set_item("message", &d.message)?;
    if let Some(span) = &d.span {
        dict.set_item("file", &span.file)?;
        dict.set_item("line", span.start_line)?;
        dict.set_item("column", span.start_column)?;
        dict.set_item("end_line", span.end_line)?;
        dict.set_item("end_column", span.end_column)?;
    }
    let notes = PyList::empty(py);
    for note in &d.notes {
        notes.append(match note {
            Note::Label(span, text) => format!("{}:{}: {text}", span.file, span.start_line),
            Note::Note(text) => text.clone(),
            Note::Help(text) => format!("help: {text}"),
        })?;
    }
    dict.set_item("notes", notes)?;
    Ok(dict)
}

/// The text of a str object; empty when it cannot be had.
///
/// # Safety
/// The GIL is held and `object` is alive.
pub unsafe fn text(object: *mut PyObject) -> String {
    // SAFETY: by the contract of this function.
    unsafe { Bound::from_borrowed_ptr(Python::assume_attached(), object) }.extract().unwrap_or_default()
}

/// The name of an object's type.
///
/// # Safety
/// As for [`text`].
pub unsafe fn type_name(object: *mut PyObject) -> String {
    // SAFETY: by the contract of this function.
    let object = unsafe { Bound::from_borrowed_ptr(Python::assume_attached(), object) };
    object.get_type().name().map_or_else(|_| "object".into(), |n| n.to_string())
}
