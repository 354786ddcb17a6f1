//! From syntax to the untyped stage of the `py` dialect. One file per construct family.
//!
//! A function is checked as a whole: everything in it that is not supported is reported at once, and only a function without
//! errors is written as IR.
mod assign;
mod attributes;
mod captures;
mod calls;
mod cells;
mod closures;
mod conditions;
mod consumers;
mod definition;
mod emit;
mod escapes;
mod expressions;
mod function;
mod ir;
mod iteration;
mod literals;
mod loops;
mod matching;
mod names;
mod scope;
mod specialize;
mod ssa;
mod statements;
pub mod strings;
mod subscripts;
mod suggest;
mod symbols;
pub(crate) mod unroll;
mod unsupported;

pub use calls::SPREAD;
pub use matching::SEQUENCE_LENGTH;
pub use specialize::{root_symbol, specialize};

use crate::host::{FunctionId, Host, function_of};
use melior::{Context, ir::{BlockLike, Location, Module}};
use numbra_dialects::{Diagnostic, py::{StructTy, Ty}, registry::py_dialect};
use std::sync::Arc;
use symbols::Symbols;

/// Makes a module with the root function and every function that it references, transitively. The root comes first.
pub fn build_module<'c>(context: &'c Context, host: &dyn Host, root: FunctionId) -> Result<Module<'c>, Vec<Diagnostic>> {
    build_modules(context, host, &[root])
}

/// Makes one module with several functions and what they reference.
pub fn build_modules<'c>(context: &'c Context, host: &dyn Host, roots: &[FunctionId]) -> Result<Module<'c>, Vec<Diagnostic>> {
    build(context, host, roots).map(|(module, _)| module)
}

/// Makes a module with the root function, the functions that are among its arguments, and every function that these reference. Returns it
/// with the types of the arguments, in which functions have their symbols.
pub fn build_for<'c>(context: &'c Context, host: &dyn Host, root: FunctionId, arguments: &[Ty]) -> Result<(Module<'c>, Vec<Ty>), Vec<Diagnostic>> {
    let mut roots = vec![root];
    arguments.iter().for_each(|t| passed(t, &mut roots));
    let (module, symbols) = build(context, host, &roots)?;
    let find = |id: FunctionId| roots.iter().position(|r| *r == id).and_then(|i| symbols.get(i)).cloned();
    Ok((module, arguments.iter().map(|t| with_symbols(t, &find)).collect()))
}

/// The functions in the type of an argument.
fn passed(t: &Ty, found: &mut Vec<FunctionId>) {
    match t {
        Ty::Function(text) => found.extend(function_of(text)),
        other => other.parts().unwrap_or_default().iter().for_each(|p| passed(p, found)),
    }
}

fn with_symbols(t: &Ty, find: &dyn Fn(FunctionId) -> Option<String>) -> Ty {
    match t {
        Ty::Function(text) => function_of(text).and_then(find).map_or_else(|| t.clone(), |symbol| Ty::Function(symbol.into())),
        Ty::Tuple(parts) => Ty::tuple(parts.iter().map(|p| with_symbols(p, find))),
        Ty::Struct(s) => Ty::Struct(Arc::new(StructTy { types: s.types.iter().map(|p| with_symbols(p, find)).collect(), ..(**s).clone() })),
        other => other.clone(),
    }
}

/// The module, and the symbols of the roots.
fn build<'c>(context: &'c Context, host: &dyn Host, roots: &[FunctionId]) -> Result<(Module<'c>, Vec<String>), Vec<Diagnostic>> {
    py_dialect().register_dialect(context);
    py_dialect().load_dialect(context);
    melior::dialect::DialectHandle::cf().load_dialect(context);
    let module = Module::new(Location::unknown(context));
    let mut symbols = Symbols::new(host);
    let mut diagnostics = vec![];
    let mut names = vec![];
    for root in roots {
        match symbols.of(*root) {
            Ok(name) => names.push(name),
            Err(error) => diagnostics.push(*error),
        }
    }
    while let Some((id, source, symbol)) = symbols.next() {
        match definition::build(context, host, &mut symbols, id, &source, &symbol) {
            Ok(ops) if diagnostics.is_empty() => ops.into_iter().for_each(|op| _ = module.body().append_operation(op)),
            Ok(_) => {}
            Err(errors) => diagnostics.extend(errors),
        }
    }
    if diagnostics.is_empty() { Ok((module, names)) } else { Err(diagnostics) }
}
