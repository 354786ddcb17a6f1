//! From syntax to the untyped stage of the `py` dialect. One file per construct family.
//!
//! A function is checked as a whole: everything in it that is not supported is reported at once, and only a function without
//! errors is written as IR.
mod assign;
mod calls;
mod conditions;
mod definition;
mod expressions;
mod function;
pub(crate) mod ir;
pub(crate) mod iteration;
mod literals;
mod managers;
mod matching;
mod objects;
mod program;
mod scope;
mod specialize;
mod statements;
pub mod strings;
mod subscripts;
mod symbols;
mod unsupported;
mod with;

pub use calls::SPREAD;
pub use definition::in_order;
pub use iteration::lazy::paths;
pub use matching::SEQUENCE_LENGTH;
pub use program::Program;
pub use specialize::{root_symbol, specialize};

use crate::host::{FunctionId, Host, function_of, function_type};
use melior::{Context, ir::Module};
use numbra_dialects::{Diagnostic, py::{StructTy, Ty}, registry::py_dialect};
use std::{collections::HashMap, sync::Arc};

/// Makes a module with the root function and every function that it references, transitively. The root comes first.
pub fn build_module<'c>(context: &'c Context, host: &dyn Host, root: FunctionId) -> Result<Module<'c>, Vec<Diagnostic>> {
    build_modules(context, host, &[root])
}

/// Makes one module with several functions and what they reference.
pub fn build_modules<'c>(context: &'c Context, host: &dyn Host, roots: &[FunctionId]) -> Result<Module<'c>, Vec<Diagnostic>> {
    Program::new(context, host).build(roots).map(|(module, _)| module)
}

/// A module for a call, with the types of the arguments, in which functions have their symbols.
pub struct Built<'c> {
    /// The module
    pub module: Module<'c>,
    /// Types of the arguments
    pub arguments: Vec<Ty>,
}

/// A type in which the host's functions have the names by which it knows them, or the symbol of one that it does not know.
pub fn named_by_host(t: &Ty, functions: &HashMap<String, FunctionId>) -> Result<Ty, Arc<str>> {
    let unknown = std::cell::RefCell::new(None);
    let named = with_functions(t, &|symbol| match functions.get(symbol) {
        Some(id) => Some(function_type(*id, symbol)),
        None => {
            unknown.borrow_mut().get_or_insert_with(|| Arc::from(symbol));
            None
        }
    });
    unknown.into_inner().map_or(Ok(named), Err)
}

/// The functions in the type of an argument.
fn passed(t: &Ty, found: &mut Vec<FunctionId>) {
    match t {
        Ty::Function(text) => found.extend(function_of(text)),
        Ty::List(element) => passed(element, found),
        Ty::Union(members) => members.iter().for_each(|p| passed(p, found)),
        other => other.parts().unwrap_or_default().iter().for_each(|p| passed(p, found)),
    }
}

/// A type with other functions; unions keep the order of their members.
fn with_functions(t: &Ty, other: &dyn Fn(&str) -> Option<Ty>) -> Ty {
    let all = |parts: &[Ty]| parts.iter().map(|p| with_functions(p, other)).collect();
    match t {
        Ty::Function(text) => other(text).unwrap_or_else(|| t.clone()),
        Ty::Tuple(parts) => Ty::Tuple(all(parts)),
        Ty::Union(parts) => Ty::Union(all(parts)),
        Ty::List(element) => Ty::List(Arc::new(with_functions(element, other))),
        Ty::Struct(s) => Ty::Struct(Arc::new(StructTy { types: s.types.iter().map(|p| with_functions(p, other)).collect(), ..(**s).clone() })),
        other => other.clone(),
    }
}

/// Loads what functions are written in.
fn load_dialects(context: &Context) {
    py_dialect().register_dialect(context);
    py_dialect().load_dialect(context);
    melior::dialect::DialectHandle::cf().load_dialect(context);
}
