//! Classes of the program that compiled code knows, named tuples, enumerations and exceptions: which path stands for which class.
//!
//! A class that has been named once is kept, so that its path means it as long as the process lives.
use pyo3::{exceptions::PyBaseException, ffi, prelude::*, sync::PyOnceLock, types::{PyTuple, PyType}};
use std::{collections::HashMap, sync::{Arc, Mutex}};

/// A class.
pub struct Class {
    /// What it is, and its dotted name: `class:pkg.Point` (`ownclass:` where it has a text of its own), `enum:pkg.Color`, `intenum:pkg.Level`, `exception:pkg.Error`
    pub path: String,
    /// Names of the fields; `value` for enumerations
    pub fields: Vec<String>,
    /// The class object
    pub object: Py<PyType>,
}

impl Class {
    /// Whether it is an enumeration.
    pub fn is_enum(&self) -> bool {
        self.path.starts_with("enum:") || self.path.starts_with("intenum:")
    }

    /// Address of the class object.
    pub fn pointer(&self) -> *mut ffi::PyTypeObject {
        self.object.as_ptr().cast()
    }
}

#[derive(Default)]
struct Map {
    by_object: HashMap<usize, Arc<Class>>,
    by_path: HashMap<String, Arc<Class>>,
}

static MAP: PyOnceLock<Mutex<Map>> = PyOnceLock::new();

/// The class of a path.
pub fn by_path(py: Python<'_>, path: &str) -> Option<Arc<Class>> {
    MAP.get_or_init(py, Mutex::default).lock().unwrap_or_else(|e| e.into_inner()).by_path.get(path).cloned()
}

/// What a class object is to compiled code, if it is a named tuple or an enumeration.
pub fn of(object: &Bound<'_, PyType>) -> Option<Arc<Class>> {
    let py = object.py();
    let map = MAP.get_or_init(py, Mutex::default);
    let key = object.as_ptr() as usize;
    if let Some(known) = map.lock().unwrap_or_else(|e| e.into_inner()).by_object.get(&key) {
        return Some(known.clone());
    }
    let (kind, fields) = kind(object)?;
    let text = |name: &str| object.getattr(name).and_then(|n| n.extract::<String>()).ok();
    let name = format!("{kind}:{}.{}", text("__module__")?, text("__qualname__")?);
    let mut map = map.lock().unwrap_or_else(|e| e.into_inner());
    // Classes made in a function share a name.
    let path = (1..).map(|n| if n == 1 { name.clone() } else { format!("{name}#{n}") }).find(|p| !map.by_path.contains_key(p))?;
    let class = Arc::new(Class { path: path.clone(), fields, object: object.clone().unbind() });
    map.by_object.insert(key, class.clone());
    map.by_path.insert(path, class.clone());
    Some(class)
}

fn kind(object: &Bound<'_, PyType>) -> Option<(&'static str, Vec<String>)> {
    let py = object.py();
    if object.is_subclass_of::<PyBaseException>().ok()? {
        // Builtin ones are library objects.
        let home: String = object.getattr("__module__").ok()?.extract().ok()?;
        return (home != "builtins" && !home.starts_with("numpy")).then_some(("exception", vec![]));
    }
    if object.is_subclass_of::<PyTuple>().ok()? {
        // As `namedtuple` makes them: the fields are the elements.
        let fields: Vec<String> = object.getattr("_fields").ok()?.extract().ok()?;
        let made = |name: &str| object.getattr(name).and_then(|f| f.getattr("__module__")).and_then(|m| m.extract::<String>()).is_ok_and(|home| home == "collections");
        let own = !made("__repr__") || !object.getattr("__str__").ok()?.is(&py.get_type::<PyTuple>().getattr("__str__").ok()?);
        return object.hasattr("_make").ok()?.then_some((if own { "ownclass" } else { "class" }, fields));
    }
    let meta = py.import("sys").ok()?.getattr("modules").ok()?.get_item("enum").ok()?.getattr("EnumMeta").ok()?;
    if !object.is_instance(&meta).ok()? {
        return None;
    }
    Some((if object.is_subclass_of::<pyo3::types::PyInt>().ok()? { "intenum" } else { "enum" }, vec!["value".into()]))
}
