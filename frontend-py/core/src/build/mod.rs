//! From syntax to the untyped stage of the `py` dialect. One file per construct family.
//!
//! A function is checked as a whole: everything in it that is not supported is reported at once, and only a function without
//! errors is written as IR.
mod assign;
mod attributes;
mod calls;
mod conditions;
mod emit;
mod expressions;
mod function;
mod ir;
mod literals;
mod loops;
mod names;
mod scope;
mod specialize;
mod ssa;
mod statements;
mod subscripts;
mod suggest;
mod symbols;
mod unsupported;

pub use specialize::{root_symbol, specialize};

use crate::host::{FunctionId, Host};
use melior::{Context, ir::{BlockLike, Location, Module}};
use numbra_dialects::{Diagnostic, registry::py_dialect};
use symbols::Symbols;

/// Makes a module with the root function and every function that it references, transitively. The root comes first.
pub fn build_module<'c>(context: &'c Context, host: &dyn Host, root: FunctionId) -> Result<Module<'c>, Vec<Diagnostic>> {
    build_modules(context, host, &[root])
}

/// Makes one module with several functions and what they reference.
pub fn build_modules<'c>(context: &'c Context, host: &dyn Host, roots: &[FunctionId]) -> Result<Module<'c>, Vec<Diagnostic>> {
    py_dialect().register_dialect(context);
    py_dialect().load_dialect(context);
    melior::dialect::DialectHandle::cf().load_dialect(context);
    let module = Module::new(Location::unknown(context));
    let mut symbols = Symbols::new(host);
    let mut diagnostics = vec![];
    for root in roots {
        if let Err(error) = symbols.of(*root) {
            diagnostics.push(*error);
        }
    }
    while let Some((id, source, symbol)) = symbols.next() {
        match function::build(context, host, &mut symbols, id, &source, &symbol) {
            Ok(op) if diagnostics.is_empty() => {
                module.body().append_operation(op);
            }
            Ok(_) => {}
            Err(errors) => diagnostics.extend(errors),
        }
    }
    if diagnostics.is_empty() { Ok(module) } else { Err(diagnostics) }
}
