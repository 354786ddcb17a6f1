//! `convert-py-to-std`: typed `py` to `func`, `cf`, `arith` and `llvm`.
//!
//! A translation rather than a pattern rewrite, because one Python value is many machine values: each typed `py.func` is read in control-flow order and a new
//! `func.func` is written, with a map from values to lists of values. Requires the typed stage (docs/internals/contracts.md), with reference counts inserted if
//! memory is to be freed. Afterwards no `py` op is left. One folder per kind of value, in it one file per op family;
//! `loops::bounds` decides which loops are emitted without bounds checks.
pub(crate) mod array;
pub mod build;
mod builtins;
pub(crate) mod callables;
mod calls;
mod constants;
mod container;
pub mod cx;
pub(crate) mod flags;
pub mod flatten;
mod function;
pub(crate) mod loops;
mod machine;
mod memory;
pub mod module;
mod raise;
mod recursion;
mod runtime;
mod scalar;

use crate::{functions::{self, body_of, functions_of}, outline_parallel::THREADS, remarks};
use cx::Facts;
use melior::{
    Context,
    dialect::DialectHandle,
    ir::{Attribute, BlockLike, OperationRef, attribute::TypeAttribute, operation::OperationLike, r#type::FunctionType},
};
use module::ModuleCx;
use numbra_dialects::{Code, Diagnostic, Span, py::Ty, registry::{PassDescription, PassInstance}, rewrite::{set_attribute, with_context}};
use std::collections::HashMap;

/// `convert-py-to-std`
pub const PASS: PassDescription = PassDescription {
    argument: "convert-py-to-std",
    description: "Typed py to func, cf, arith and llvm: one machine function per Python function",
    anchor: "builtin.module",
    options: &[],
    dialects: &[DialectHandle::arith, DialectHandle::cf, DialectHandle::func, DialectHandle::llvm],
    run,
};

fn run(op: OperationRef, _: &PassInstance) -> bool {
    with_context(op, convert_py_to_std)
}

/// Converts every function of a module. On failure diagnostics have been emitted and the module is unchanged but for declarations.
pub fn convert_py_to_std<'c: 'a, 'a>(context: &'c Context, module: OperationRef<'c, 'a>) -> bool {
    let Some(body) = body_of(module) else { return false };
    let sources: Vec<_> = functions_of(module).collect();
    let mut cx = ModuleCx::new(context, body);
    cx.threads = module.has_attribute(THREADS);
    cx.parallel = sources.iter().any(|f| f.has_attribute("py.entry") && flags::Options::of(*f).parallel);
    cx.costs = array::elementwise::costs(&sources);
    cx.raising = crate::array_fuse::functions::raising(&sources);
    cx.recursive = recursion::recursive(&sources);
    cx.results = sources.iter().filter_map(|f| result_of(*f)).collect();
    let mut converted = vec![];
    let mut failed = false;
    for source in &sources {
        match function::convert(&mut cx, *source) {
            Ok(f) => {
                converted.push(f);
                converted.append(&mut cx.extra);
            }
            Err(diagnostic) => {
                diagnostic.emit(context);
                failed = true;
            }
        }
    }
    if failed {
        return false;
    }
    for (kind, location, text) in &cx.remarks {
        remarks::add(context, module, *kind, *location, text);
    }
    if cx.uses_threads {
        set_attribute(module, THREADS, Attribute::unit(context));
    }
    spread(converted.iter_mut().map(|f| (f.symbol.as_str(), &mut f.facts)).collect());
    for source in sources {
        numbra_dialects::rewrite::erase(source);
    }
    for mut f in converted {
        f.finish(context);
        if f.entry {
            f.ask_for_entry(&mut cx);
        }
        if let Some(inner) = f.inner.take() {
            body.append_operation(inner);
        }
        body.append_operation(f.op);
    }
    true
}

// Symbol and type of the result of a typed function.
fn result_of(function: OperationRef) -> Option<(String, Ty)> {
    let symbol = functions::symbol(function)?.to_string();
    let ty = FunctionType::try_from(TypeAttribute::try_from(function.attribute("function_type").ok()?).ok()?.value()).ok()?;
    Some((symbol, Ty::from_mlir(ty.result(0).ok()?)?))
}

// A function does what its callees do.
fn spread(mut functions: Vec<(&str, &mut Facts)>) {
    let index: HashMap<String, usize> = functions.iter().enumerate().map(|(i, f)| (f.0.to_string(), i)).collect();
    let mut changed = true;
    while changed {
        changed = false;
        for i in 0..functions.len() {
            let (mut throws, mut allocates) = (functions[i].1.throws, functions[i].1.allocates);
            for callee in functions[i].1.callees.clone() {
                // What is not in this module may do anything.
                let facts = index.get(&callee).map_or((true, true), |c| (functions[*c].1.throws, functions[*c].1.allocates));
                throws |= facts.0;
                allocates |= facts.1;
            }
            let facts = &mut functions[i].1;
            changed |= throws != facts.throws || allocates != facts.allocates;
            (facts.throws, facts.allocates) = (throws, allocates);
        }
    }
}

/// An internal error at an op.
pub fn internal(op: OperationRef, message: &str) -> Diagnostic {
    Diagnostic::error(Code::NB0900, Span::of(op.location()), message)
}
