//! Overloads of the program: which paths have some, and how its typing functions are asked.
//!
//! The tables are Python's, in `numbra.extending`; here stands which paths are in them, so that a program that overloads nothing pays nothing. Typing functions
//! are called while inference runs, with the GIL held.
use super::{PyHost, entities};
use crate::{call::dispatcher::Dispatcher, codes};
use numbra_dialects::{Code, py::Ty};
use numbra_frontend_core::{host::{Overload, function_of}, infer::{problem::Problem, val::Val}};
use pyo3::{prelude::*, types::{PyDict, PyTuple}};
use std::{collections::HashSet, sync::Mutex};

// Where the tables are.
const REGISTRY: &str = "numbra.extending._registry";

static PATHS: Mutex<Option<HashSet<String>>> = Mutex::new(None);

/// Says that a path is overloaded.
pub fn register(path: String) {
    PATHS.lock().unwrap_or_else(|e| e.into_inner()).get_or_insert_default().insert(path);
}

/// Whether a path is overloaded; of the empty path, whether any is.
pub fn has(path: &str) -> bool {
    PATHS.lock().unwrap_or_else(|e| e.into_inner()).as_ref().is_some_and(|paths| path.is_empty() || paths.contains(path))
}

/// The path of an object: its own, or one that it gets for good.
pub fn path_of(object: &Bound<'_, PyAny>) -> String {
    let py = object.py();
    if let Some(path) = entities::path(py, object) {
        return path;
    }
    let text = |name: &str| object.getattr(name).and_then(|n| n.extract::<String>()).ok();
    let own = text("__qualname__").or_else(|| text("__name__")).unwrap_or_else(|| object.get_type().to_string());
    let path = format!("user:{}{own}", text("__module__").map_or_else(String::new, |m| format!("{m}.")));
    entities::name(py, object, path)
}

impl<'py> PyHost<'py> {
    /// The code of what is known of an argument; a constant is `("literal", value)`, a function `("function", dispatcher)`.
    fn code(&self, v: &Val) -> PyResult<Bound<'py, PyTuple>> {
        let py = self.py;
        match v {
            Val::Int(i) => ("literal", *i).into_pyobject(py),
            Val::Bool(b) => ("literal", *b).into_pyobject(py),
            Val::Of(Ty::Literal(s)) => ("literal", &**s).into_pyobject(py),
            Val::Tuple(parts) => {
                let parts = parts.iter().map(|p| self.code(p)).collect::<PyResult<Vec<_>>>()?;
                ("tuple", PyTuple::new(py, parts)?).into_pyobject(py)
            }
            Val::Of(Ty::Function(text)) => {
                let known = function_of(text).and_then(|id| self.functions.borrow().get(&id).cloned().or_else(|| Dispatcher::by_id(py, id)));
                ("function", known, &**text).into_pyobject(py)
            }
            Val::Of(Ty::Entity(path)) => {
                // SAFETY: objects of paths live as long as the process.
                let object = entities::object_of(py, path).map(|o| unsafe { Bound::from_borrowed_ptr(py, o) });
                ("entity", object, &**path).into_pyobject(py)
            }
            v => codes::to_code(py, &v.ty()),
        }
    }

    pub(super) fn ask(&self, path: &str, arguments: &[(Option<&str>, Val)]) -> Result<Option<Overload>, Box<Problem>> {
        self.resolve(path, arguments).unwrap_or_else(|e| Err(self.problem(&e)))
    }

    fn resolve(&self, path: &str, arguments: &[(Option<&str>, Val)]) -> PyResult<Result<Option<Overload>, Box<Problem>>> {
        let mut plain = vec![];
        let keywords = PyDict::new(self.py);
        for (keyword, val) in arguments {
            match keyword {
                Some(k) => keywords.set_item(k, self.code(val)?)?,
                None => plain.push(self.code(val)?),
            }
        }
        let found = self.py.import(REGISTRY)?.getattr("resolve")?.call1((path, PyTuple::new(self.py, plain)?, keywords))?;
        if found.is_none() {
            return Ok(Ok(None));
        }
        let kind: String = found.get_item(0)?.extract()?;
        let detail = found.get_item(1)?;
        Ok(match kind.as_str() {
            "function" => {
                let constants: bool = found.get_item(2)?.extract()?;
                // SAFETY: the GIL is held and the object alive.
                match unsafe { Dispatcher::id(detail.as_ptr()) } {
                    Some(id) => {
                        self.functions.borrow_mut().insert(id, detail);
                        Ok(Some(Overload::Function(id, constants)))
                    }
                    None => Err(Problem::new(Code::NB0900, "an overload is not a compiled function")),
                }
            }
            "refuse" => {
                let problem = Problem::new(Code::NB0201, detail.extract::<String>()?).at(0);
                Ok(Some(Overload::Refuse(match found.get_item(2)?.extract::<Option<String>>()? {
                    Some(help) => problem.help(help),
                    None => problem,
                })))
            }
            "construct" => Ok(Some(Overload::Construct(codes::from_code(&detail)?))),
            "field" => Ok(Some(Overload::Field(detail.extract()?))),
            _ => Err(Problem::new(Code::NB0900, format!("an overload of an unknown kind: {kind}"))),
        })
    }

    /// What a typing function raised, as a refusal of the call.
    fn problem(&self, e: &PyErr) -> Box<Problem> {
        let py = self.py;
        let describe = || -> PyResult<(String, Option<String>)> {
            let described = py.import(REGISTRY)?.getattr("describe_error")?.call1((e.value(py),))?;
            described.extract()
        };
        match describe() {
            Ok((message, help)) => {
                let problem = Problem::new(Code::NB0201, message).at(0);
                match help {
                    Some(help) => problem.help(help),
                    None => problem,
                }
            }
            Err(_) => Problem::new(Code::NB0201, e.to_string()).at(0),
        }
    }

    pub(super) fn asks_method(&self, object: &Val, name: &str) -> bool {
        let ask = || -> PyResult<bool> { self.py.import(REGISTRY)?.getattr("has_method")?.call1((self.code(object)?, name))?.extract() };
        ask().unwrap_or(false)
    }
}
