//! The compiler's view of live Python: sources, globals, closures and modules of the functions that it compiles.
//!
//! Nothing here executes the functions, and nothing imports modules that the program has not imported.

pub mod entities;
mod managers;
pub mod overloads;
mod source;
mod value;

use crate::call::dispatcher::Dispatcher;
use numbra_dialects::{Code, Diagnostic};
use numbra_frontend_core::{host::{Class, FunctionId, FunctionSource, Host, ModuleId, Options, Overload, Value}, infer::{problem::Problem, val::Val}};
use pyo3::{prelude::*, types::{PyDict, PyTuple}};
use std::{cell::RefCell, collections::HashMap, sync::Arc};

/// The host of one compilation.
pub struct PyHost<'py> {
    py: Python<'py>,
    texts: RefCell<HashMap<String, Arc<str>>>,
    modules: RefCell<HashMap<ModuleId, Bound<'py, PyAny>>>,
    // Keeps dispatchers that the compiler has been told of.
    functions: RefCell<HashMap<FunctionId, Bound<'py, PyAny>>>,
}

/// What the host needs to know of a function.
struct Function<'py> {
    function: Bound<'py, PyAny>,
    options: Options,
    decorating: bool,
}

impl<'py> PyHost<'py> {
    /// A host; the GIL is held as long as it lives.
    pub fn new(py: Python<'py>) -> Self {
        PyHost { py, texts: RefCell::default(), modules: RefCell::default(), functions: RefCell::default() }
    }

    fn function(&self, id: FunctionId) -> Option<Function<'py>> {
        let known = self.functions.borrow().get(&id).cloned();
        let object = known.or_else(|| Dispatcher::by_id(self.py, id))?;
        self.functions.borrow_mut().entry(id).or_insert_with(|| object.clone());
        let dispatcher = Dispatcher::of(&object)?;
        // SAFETY: the GIL is held and the object alive; what is needed is copied before Python code can run.
        unsafe {
            let state = (*dispatcher).state.as_ref()?;
            Some(Function { function: Bound::from_borrowed_ptr(self.py, state.function), options: state.options.clone(), decorating: state.decorating })
        }
    }

    fn remember_module(&self, module: &Bound<'py, PyAny>) -> ModuleId {
        let id = module.as_ptr() as ModuleId;
        self.modules.borrow_mut().entry(id).or_insert_with(|| module.clone());
        id
    }

    fn read_source(&self, id: FunctionId) -> PyResult<Result<FunctionSource, Diagnostic>> {
        let Some(Function { function, options, .. }) = self.function(id) else {
            return Ok(Err(Diagnostic::error(Code::NB0900, None, "the compiler asks for a function that does not exist")));
        };
        let code = function.getattr("__code__")?;
        let file: String = code.getattr("co_filename")?.extract()?;
        let name: String = function.getattr("__name__")?.extract()?;
        let globals = function.getattr("__globals__")?;
        let known = self.texts.borrow().get(&file).cloned();
        let text = match known {
            Some(text) => text,
            None => match source::text(self.py, &file, &globals)? {
                Some(text) => {
                    let text: Arc<str> = text.into();
                    self.texts.borrow_mut().insert(file.clone(), text.clone());
                    text
                }
                None => {
                    let missing = Diagnostic::error(Code::NB0002, None, format!("the source text of `{name}` is not available ({file})"));
                    return Ok(Err(missing.help("numbra compiles from source: put the function into a file, or register its text with `linecache`")));
                }
            },
        };
        let mut defaults = vec![];
        let mut keyword_defaults = vec![];
        if let Ok(values) = function.getattr("__defaults__")?.cast_into::<PyTuple>() {
            defaults.extend(values.iter().map(|v| self.value(&v)));
        }
        if let Ok(values) = function.getattr("__kwdefaults__")?.cast_into::<PyDict>() {
            for (name, value) in values.iter() {
                keyword_defaults.push((name.extract()?, self.value(&value)));
            }
        }
        Ok(Ok(FunctionSource {
            text,
            file,
            name,
            qualname: function.getattr("__qualname__")?.extract()?,
            first_line: code.getattr("co_firstlineno")?.extract()?,
            hint: source::hint(&code)?,
            defaults,
            keyword_defaults,
            options,
        }))
    }

    fn find_global(&self, id: FunctionId, name: &str) -> PyResult<Option<Value>> {
        let Some(Function { function, decorating, .. }) = self.function(id) else { return Ok(None) };
        let own = || -> PyResult<bool> { Ok(decorating && function.getattr("__name__")?.extract::<String>()? == name) };
        let cells = function.getattr("__code__")?.getattr("co_freevars")?.cast_into::<PyTuple>()?;
        if let Some(index) = cells.iter().position(|c| c.extract::<String>().is_ok_and(|c| c == name)) {
            if own()? {
                return Ok(Some(Value::Function(id)));
            }
            let cell = function.getattr("__closure__")?.get_item(index)?;
            // An empty cell raises ValueError: the variable is not bound yet.
            return Ok(cell.getattr("cell_contents").ok().map(|v| self.value(&v)));
        }
        if own()? && function.getattr("__qualname__")?.extract::<String>()? == name {
            return Ok(Some(Value::Function(id)));
        }
        let globals = function.getattr("__globals__")?.cast_into::<PyDict>()?;
        if let Some(found) = globals.get_item(name)? {
            return Ok(Some(self.value(&found)));
        }
        let builtins = match globals.get_item("__builtins__")? {
            Some(b) => b,
            None => self.py.import("builtins")?.into_any(),
        };
        let found = match builtins.cast::<PyDict>() {
            Ok(dict) => dict.get_item(name)?,
            Err(_) => builtins.getattr(name).ok(),
        };
        Ok(found.map(|v| self.value(&v)))
    }

    fn find_names(&self, id: FunctionId) -> PyResult<Vec<String>> {
        let Some(Function { function, .. }) = self.function(id) else { return Ok(vec![]) };
        let mut names: Vec<String> = function.getattr("__code__")?.getattr("co_freevars")?.extract()?;
        let globals = function.getattr("__globals__")?.cast_into::<PyDict>()?;
        names.extend(globals.keys().iter().filter_map(|k| k.extract::<String>().ok()));
        names.extend(self.py.import("builtins")?.dir()?.iter().filter_map(|k| k.extract::<String>().ok()));
        Ok(names)
    }
}

impl Host for PyHost<'_> {
    fn source(&self, function: FunctionId) -> Result<FunctionSource, Diagnostic> {
        self.read_source(function).unwrap_or_else(|e| Err(Diagnostic::error(Code::NB0002, None, format!("the source text is not available: {e}"))))
    }

    fn global(&self, function: FunctionId, name: &str) -> Option<Value> {
        self.find_global(function, name).unwrap_or_else(|e| Some(Value::Unsupported(e.to_string())))
    }

    fn attribute(&self, module: ModuleId, name: &str) -> Option<Value> {
        let module = self.modules.borrow().get(&module).cloned()?;
        self.module_attribute(&module, name)
    }

    fn class(&self, path: &str) -> Option<Arc<Class>> {
        self.class_of(path)
    }

    fn overloads(&self, path: &str) -> bool {
        overloads::has(path)
    }

    fn overload(&self, path: &str, arguments: &[(Option<&str>, Val)]) -> Result<Option<Overload>, Box<Problem>> {
        self.ask(path, arguments)
    }

    fn has_method(&self, object: &Val, name: &str) -> bool {
        self.asks_method(object, name)
    }

    fn names(&self, function: FunctionId) -> Vec<String> {
        self.find_names(function).unwrap_or_default()
    }

    fn attribute_names(&self, module: ModuleId) -> Vec<String> {
        let Some(module) = self.modules.borrow().get(&module).cloned() else { return vec![] };
        module.dir().map_or_else(|_| vec![], |names| names.iter().filter_map(|n| n.extract().ok()).collect())
    }
}
