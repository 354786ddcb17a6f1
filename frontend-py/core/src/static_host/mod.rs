//! A [`Host`] over the top level of one `.py` file, without Python: imports, constants and function definitions.
//!
//! For tools and tests. The top level is not run: an assignment whose value cannot be told from the text leaves a name that only
//! a diagnostic can use.
mod constants;
mod options;
mod toplevel;

pub use constants::{builtins, is_builtin};

use crate::{build, host::{FunctionId, FunctionSource, Host, ModuleId, Value}};
use melior::{Context, ir::Module};
use numbra_dialects::{Code, Diagnostic};
use std::{collections::HashMap, sync::Arc};

/// The file.
pub struct StaticHost {
    text: Arc<str>,
    file: String,
    functions: Vec<FunctionSource>,
    /// Whether each function has one of our decorators
    decorated: Vec<bool>,
    names: HashMap<String, Value>,
    /// Dotted path of each module object
    modules: Vec<String>,
    /// Dotted name of the file's module, where its functions are library functions
    library: Option<String>,
    /// What functions of a library file implement: path and name
    implementations: Vec<(String, String)>,
}

impl StaticHost {
    /// Reads the top level of a file.
    pub fn new(file: &str, text: &str) -> Result<StaticHost, Diagnostic> {
        Self::read(file, text, None)
    }

    /// Reads a file of the library: its functions refer to each other by their dotted names.
    pub fn library(module: &str, file: &str, text: &str) -> Result<StaticHost, Diagnostic> {
        Self::read(file, text, Some(module.to_string()))
    }

    fn read(file: &str, text: &str, library: Option<String>) -> Result<StaticHost, Diagnostic> {
        let names = HashMap::new();
        let mut host =
            StaticHost { text: text.into(), file: file.into(), functions: vec![], decorated: vec![], names, modules: vec![], library, implementations: vec![] };
        let unit = crate::source::parse_file(&host.text, file)?;
        toplevel::run(&mut host, &unit);
        Ok(host)
    }

    /// The functions to compile: those decorated with `njit` or `jit`, or all where none is.
    pub fn functions(&self) -> Vec<FunctionId> {
        let all = 0..self.functions.len();
        let some = self.decorated.contains(&true);
        all.filter(|i| !some || self.decorated[*i]).map(|i| i as FunctionId).collect()
    }

    /// The function that a top-level name is bound to.
    pub fn function(&self, name: &str) -> Option<FunctionId> {
        match self.names.get(name) {
            Some(Value::Function(id)) => Some(*id),
            _ => None,
        }
    }

    /// The functions that top-level names are bound to, in the order of the names.
    pub fn top_level(&self) -> Vec<(&str, FunctionId)> {
        let mut found: Vec<_> = self.names.iter().filter_map(|(n, v)| if let Value::Function(id) = v { Some((n.as_str(), *id)) } else { None }).collect();
        found.sort();
        found
    }

    /// What functions of a library file implement: path, and the function's name.
    pub fn implementations(&self) -> impl Iterator<Item = (&str, &str)> {
        self.implementations.iter().map(|(p, n)| (p.as_str(), n.as_str()))
    }

    /// Functions of other files of the library that a library file imports, by dotted name.
    pub fn library_names(&self) -> impl Iterator<Item = &str> {
        self.names.values().filter_map(|v| match v {
            Value::Entity(path) if path.starts_with(crate::library::ROOT) && !options::LIBRARY_MARKS.contains(&path.as_str()) => Some(path.as_str()),
            _ => None,
        })
    }

    fn module(&mut self, path: &str) -> Value {
        let known = self.modules.iter().position(|m| m == path);
        let id = known.unwrap_or_else(|| {
            self.modules.push(path.to_string());
            self.modules.len() - 1
        });
        Value::Module(id as ModuleId)
    }
}

impl Host for StaticHost {
    fn source(&self, function: FunctionId) -> Result<FunctionSource, Diagnostic> {
        let found = self.functions.get(function as usize).cloned();
        found.ok_or_else(|| Diagnostic::error(Code::NB0002, None, format!("{} has no function number {function}", self.file)))
    }

    fn global(&self, _: FunctionId, name: &str) -> Option<Value> {
        let builtin = || is_builtin(name).then(|| Value::Entity(format!("builtins.{name}")));
        match (&self.library, self.names.get(name)) {
            (Some(module), Some(Value::Function(_))) => Some(Value::Entity(format!("{module}.{name}"))),
            (_, found) => found.cloned().or_else(builtin),
        }
    }

    fn attribute(&self, module: ModuleId, name: &str) -> Option<Value> {
        let path = self.modules.get(module as usize)?;
        if let Some(constant) = constants::of_module(path, name) {
            return Some(constant);
        }
        let full = format!("{path}.{name}");
        // A module that the file imports under its full name.
        match self.modules.iter().position(|m| *m == full) {
            Some(id) => Some(Value::Module(id as ModuleId)),
            None => Some(Value::Entity(full)),
        }
    }

    fn names(&self, _: FunctionId) -> Vec<String> {
        let mut names: Vec<String> = self.names.keys().cloned().chain(builtins().map(str::to_string)).collect();
        names.sort();
        names
    }
}

/// Builds the functions of a `.py` file: those decorated with `njit` or `jit`, or all where none is.
pub fn import_file<'c>(context: &'c Context, path: &str, text: &str) -> Result<Module<'c>, Vec<Diagnostic>> {
    let host = StaticHost::new(path, text).map_err(|d| vec![d])?;
    build::build_modules(context, &host, &host.functions())
}
