//! Trails of inference as Python dicts, which `numbra.explain` prints.
use numbra_dialects::Span;
use numbra_session::{Trail, Step, Part};
use pyo3::{prelude::*, types::{PyDict, PyList}};

/// File, and start and end as 1-based line and column.
type Place = (String, usize, usize, usize, usize);

fn place(span: Span) -> Place {
    (span.file.to_string(), span.start_line, span.start_column, span.end_line, span.end_column)
}

/// One dict for each version of a function.
pub fn to_python<'py>(py: Python<'py>, trails: Vec<Trail>) -> PyResult<Bound<'py, PyList>> {
    let list = PyList::empty(py);
    for trail in trails {
        let dict = PyDict::new(py);
        dict.set_item("function", trail.function)?;
        dict.set_item("parameters", trail.parameters)?;
        dict.set_item("result", trail.result)?;
        dict.set_item("caller", trail.caller.map(|(name, span)| (name, span.map(place))))?;
        dict.set_item("steps", trail.steps.into_iter().map(|s| step(py, s)).collect::<PyResult<Vec<_>>>()?)?;
        list.append(dict)?;
    }
    Ok(list)
}

fn step(py: Python<'_>, step: Step) -> PyResult<Bound<'_, PyDict>> {
    let part = |p: Part| (p.parameter, p.span.map(place), p.ty);
    let dict = PyDict::new(py);
    dict.set_item("place", place(step.span))?;
    dict.set_item("type", step.ty)?;
    dict.set_item("how", step.how)?;
    dict.set_item("constant", step.constant)?;
    dict.set_item("parts", step.parts.into_iter().map(part).collect::<Vec<_>>())?;
    Ok(dict)
}
