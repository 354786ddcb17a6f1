//! Compile options from the dict that `numbra._options` has checked and completed.
use numbra_abi::DType;
use numbra_frontend_core::host::Options;
use pyo3::{prelude::*, types::PyDict};

/// The options that a dict names; the others have their defaults.
pub fn from_dict(dict: &Bound<'_, PyDict>) -> PyResult<Options> {
    let mut options = Options::default();
    if let Some(v) = dict.get_item("boundscheck")? {
        options.boundscheck = v.extract()?;
    }
    if let Some(v) = dict.get_item("error_model")? {
        options.error_model = v.extract()?;
    }
    if let Some(v) = dict.get_item("fastmath")? {
        options.fastmath = v.extract()?;
    }
    if let Some(v) = dict.get_item("inline")? {
        options.inline = v.extract()?;
    }
    if let Some(v) = dict.get_item("rewrite_rules")? {
        options.rewrite_rules = Some(v.extract()?);
    }
    if let Some(v) = dict.get_item("parallel")? {
        options.parallel = v.extract()?;
    }
    if let Some(v) = dict.get_item("nogil")? {
        options.nogil = v.extract()?;
    }
    if let Some(v) = dict.get_item("debug")? {
        options.debug = v.extract()?;
    }
    if let Some(v) = dict.get_item("locals")? {
        let named: Vec<(String, String)> = v.extract()?;
        options.locals = named.into_iter().filter_map(|(variable, ty)| Some((variable, DType::from_name(&ty)?))).collect();
    }
    Ok(options)
}
