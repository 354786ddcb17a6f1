//! `--run`: compiles one function of the input for the types of the arguments given, calls it, and prints what it returns or raises.
//!
//! Passes on the command line run first, on the module with the request in it; the rest of the default pipeline follows, from the stage that they have reached.
use crate::{arguments::Arguments, call, import};
use melior::{Context, ir::{Module, operation::OperationLike}, pass::PassManager, utility::parse_pass_pipeline};
use numbra_backend_cpu::call::{Datum, call as invoke};
use numbra_dialects::{Code, Diagnostic, diagnostic, py::Ty};
use numbra_frontend_core::infer::{self, Entry};
use numbra_passes_api::walk;
use numbra_rt::Exception;

/// Runs a call and returns the result as text; an exception of the compiled function is an error that reads as in Python.
pub fn run(text: &str, arguments: &Arguments) -> Result<String, String> {
    let call = call::parse("run", text)?;
    let passes = arguments.passes()?;
    let context = import::context();
    let input = arguments.input().unwrap_or("-");
    let mut found = import::requested(&context, arguments.python.as_deref(), input, call)?;
    let entry = entry(&context, &found)?;
    if let Some(passes) = passes {
        apply(&context, &mut found.module, &passes)?;
    }
    let rest = rest(&found.module)?;
    let compiled = numbra_session::finish_module(&context, &mut found.module, entry, rest).map_err(|d| import::rendered(&d))?;
    invoke(compiled.entry, &compiled.result, &found.arguments).map(|d| d.to_string()).map_err(|e| describe(&e))
}

/// The types of the function, from inference on a copy: passes may take the module past the stage that has them.
fn entry(context: &Context, found: &import::Requested) -> Result<Entry, String> {
    let copy = import::parse(context, "copy", &import::text(&found.module)?)?;
    let (entries, diagnostics) = diagnostic::collect(context, || infer::infer_types(context, &copy));
    let entries = entries.map_err(|()| import::rendered(&diagnostics))?;
    // The module may hold requests for other types.
    let types: Vec<Ty> = found.arguments.iter().map(Datum::ty).collect();
    let here: Vec<Entry> = entries.into_iter().filter(|e| e.function == found.symbol).collect();
    if here.is_empty() {
        return Err(format!("--run: {} is typed or lowered already; --run starts from an untyped function, passes can follow", found.symbol));
    }
    here.into_iter().find(|e| e.arguments == types).ok_or_else(|| format!("--run: give all arguments of {}, those with defaults too", found.symbol))
}

fn apply(context: &Context, module: &mut Module, passes: &str) -> Result<(), String> {
    let manager = PassManager::new(context);
    manager.enable_verifier(true);
    let pipeline = format!("builtin.module({passes})");
    let parsed = parse_pass_pipeline(manager.as_operation_pass_manager(), &pipeline);
    parsed.map_err(|e| format!("--run takes passes and --pass-pipeline beside the input: {e}"))?;
    let (outcome, mut diagnostics) = diagnostic::collect(context, || manager.run(module));
    match outcome {
        Ok(()) => {
            if !diagnostics.is_empty() {
                crate::warn(&import::rendered(&diagnostics));
            }
            Ok(())
        }
        Err(_) => {
            if diagnostics.is_empty() {
                diagnostics.push(Diagnostic::error(Code::NB0900, None, "a pass failed without saying why"));
            }
            Err(import::rendered(&diagnostics))
        }
    }
}

/// What is left of the default pipeline, by the ops that the module has.
fn rest(module: &Module) -> Result<&'static str, String> {
    let mut has = Stage::default();
    for op in walk::operations(module.body()) {
        look(&mut has, &op);
        for block in op.region(0).into_iter().flat_map(walk::blocks) {
            walk::operations(block).for_each(|inner| look(&mut has, &inner));
        }
    }
    Ok(match has {
        Stage { untyped: true, counted: true, .. } => return Err("--run: the module mixes untyped functions with reference counts".to_string()),
        Stage { untyped: true, .. } => numbra_passes::WHOLE,
        Stage { py: true, counted: true, .. } => numbra_passes::AFTER_REFCOUNTS,
        Stage { py: true, .. } => numbra_passes::LOWER,
        Stage { entries: true, .. } => "",
        _ => numbra_passes::LLVM,
    })
}

#[derive(Default)]
struct Stage {
    untyped: bool,
    py: bool,
    counted: bool,
    entries: bool,
}

fn look(has: &mut Stage, op: &melior::ir::OperationRef) {
    let text = |name: &str| op.attribute(name).ok().and_then(|a| melior::ir::attribute::StringAttribute::try_from(a).ok()).map(|s| s.value().to_string());
    match op.name().as_string_ref().as_str().unwrap_or_default() {
        "py.func" => {
            has.py = true;
            has.untyped |= op.attribute("py.specialize").is_ok();
        }
        "py.retain" | "py.release" => has.counted = true,
        "llvm.func" => has.entries |= text("sym_name").is_some_and(|s| s.starts_with(numbra_passes::add_entries::PREFIX)),
        _ => {}
    }
}

fn describe(exception: &Exception) -> String {
    format!("  File \"{}\", line {}, in {}\n{exception}", exception.file, exception.line, exception.function)
}
