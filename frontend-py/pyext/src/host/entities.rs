//! Library objects by identity: `m.sqrt`, `from math import sqrt` and `np.sqrt` are told apart by what they are, whatever they are called.
use pyo3::{prelude::*, sync::PyOnceLock, types::{PyDict, PyModule}};
use numbra_frontend_core::catalog;
use std::{collections::{HashMap, hash_map::Entry}, sync::Mutex};

// Modules whose callables are known. One that is not imported yet is looked for again at the next compilation.
const ROOTS: &[&str] = &["builtins", "math", "cmath", "operator", "contextlib", "functools", "itertools", "numpy", "numpy.polynomial.polynomial", "numpy.polynomial.polyutils", "numbra._elementwise", "numbra._literals", "numbra._threads"];

struct Named {
    path: String,
    // How good the name is: known to the catalogue, the object's own.
    rank: (bool, bool),
    // Kept, so that its address cannot come to mean another object.
    object: Py<PyAny>,
}

#[derive(Default)]
struct Map {
    paths: HashMap<usize, Named>,
    loaded: Vec<&'static str>,
}

static MAP: PyOnceLock<Mutex<Map>> = PyOnceLock::new();

/// The canonical path of a library object.
pub fn path(py: Python<'_>, object: &Bound<'_, PyAny>) -> Option<String> {
    if !object.is_callable() {
        return None;
    }
    let map = MAP.get_or_init(py, Mutex::default);
    // Filling runs no Python code, so the lock is never waited for with the GIL let go.
    let mut map = map.lock().unwrap_or_else(|e| e.into_inner());
    let _ = map.fill(py);
    map.paths.get(&(object.as_ptr() as usize)).map(|named| named.path.clone())
}

/// Gives an object a path, with a number where another one has it, unless it has one already; the object is kept.
pub fn name(py: Python<'_>, object: &Bound<'_, PyAny>, path: String) -> String {
    let map = MAP.get_or_init(py, Mutex::default);
    let mut map = map.lock().unwrap_or_else(|e| e.into_inner());
    let taken = |path: &str, map: &Map| map.paths.values().any(|named| named.path == path);
    let mut free = path.clone();
    let mut number = 1;
    while taken(&free, &map) {
        number += 1;
        free = format!("{path}#{number}");
    }
    let named = Named { path: free, rank: (true, true), object: object.clone().unbind() };
    map.paths.entry(object.as_ptr() as usize).or_insert(named).path.clone()
}

/// The library object of a path; it lives as long as the process.
pub fn object_of(py: Python<'_>, path: &str) -> Option<*mut pyo3::ffi::PyObject> {
    let map = MAP.get_or_init(py, Mutex::default);
    let map = map.lock().unwrap_or_else(|e| e.into_inner());
    map.paths.values().find(|named| named.path == path).map(|named| named.object.as_ptr())
}

/// The path of what stands in `numbra.types`: a class of types, or the NumPy scalar type that a scalar type casts to.
pub fn cast_path(py: Python<'_>, object: &Bound<'_, PyAny>) -> Option<String> {
    let modules = py.import("sys").ok()?.getattr("modules").ok()?;
    let types = modules.get_item("numbra.types").ok()?;
    let base = types.getattr("Type").ok()?;
    if let Ok(class) = object.cast::<pyo3::types::PyType>() {
        return class.is_subclass(&base).ok()?.then(|| class.name().ok().map(|n| format!("numbra.types.{n}")))?;
    }
    if !object.is_instance(&base).ok()? {
        return None;
    }
    let code = object.call_method0("_code").ok()?;
    let (kind, name): (String, String) = code.extract().ok()?;
    (kind == "scalar").then(|| format!("numpy.{name}"))
}

impl Map {
    fn fill(&mut self, py: Python<'_>) -> PyResult<()> {
        if self.loaded.len() == ROOTS.len() {
            return Ok(());
        }
        let modules = py.import("sys")?.getattr("modules")?.cast_into::<PyDict>()?;
        for root in ROOTS {
            if self.loaded.contains(root) {
                continue;
            }
            if let Some(module) = modules.get_item(root)? && let Ok(module) = module.cast_into::<PyModule>() {
                self.loaded.push(root);
                // Private modules of a package stand for the package.
                self.add(root.split_once("._").map_or(root, |(package, _)| package), &module.dict());
            }
        }
        Ok(())
    }

    fn add(&mut self, root: &str, names: &Bound<'_, PyDict>) {
        let public = |name: &str| !name.starts_with('_');
        for (name, object) in names.iter() {
            let Ok(name) = name.extract::<String>() else { continue };
            if !public(&name) || !object.is_callable() {
                continue;
            }
            // Of several names for one object, one that the catalogue knows stands, then the one that the object gives itself: `numpy.absolute`, not `numpy.abs`.
            let path = format!("{root}.{name}");
            let own = object.getattr("__name__").and_then(|n| n.extract::<String>()).is_ok_and(|n| n == name);
            let rank = (catalog::lookup(&path).is_some(), own);
            match self.paths.entry(object.as_ptr() as usize) {
                Entry::Vacant(v) => {
                    v.insert(Named { path, rank, object: object.unbind() });
                }
                Entry::Occupied(mut o) if rank > o.get().rank => {
                    o.get_mut().path = path;
                    o.get_mut().rank = rank;
                }
                Entry::Occupied(_) => {}
            }
        }
    }
}
