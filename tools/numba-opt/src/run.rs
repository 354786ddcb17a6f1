//! `--run`: compiles one function of the input for the types of the arguments given, calls it, and prints what it returns or raises.
use crate::{arguments::Arguments, call, import};
use melior::{Context, ir::{Module, attribute::StringAttribute, operation::OperationLike}};
use numbra_backend_cpu::call::{Datum, call as invoke};
use numbra_dialects::{Diagnostic, diagnostic, py::Ty};
use numbra_frontend_core::{build, render};
use numbra_rt::Exception;
use std::io::Read;

/// Runs a call and returns the result as text; an exception of the compiled function is an error that reads as in Python.
pub fn run(text: &str, arguments: &Arguments) -> Result<String, String> {
    let call = call::parse(text)?;
    let context = numbra_dialects::registry::new_context();
    let mut module = match &arguments.python {
        Some(path) => import::import(&context, path)?,
        None => parse(&context, &read(arguments.input().unwrap_or("-"))?)?,
    };
    let symbol = find(&module, &call.function).ok_or_else(|| format!("--run: the module has no function {:?}", call.function))?;
    let types: Vec<Ty> = call.arguments.iter().map(Datum::ty).collect();
    build::specialize(&context, &mut module, &symbol, &types);
    let compiled = numbra_session::compile_module(&context, &mut module, &symbol).map_err(|d| rendered(&d))?;
    invoke(compiled.entry, &compiled.result, &call.arguments).map(|d| d.to_string()).map_err(|e| describe(&e))
}

fn read(path: &str) -> Result<String, String> {
    if path == "-" {
        let mut text = String::new();
        return std::io::stdin().read_to_string(&mut text).map(|_| text).map_err(|e| e.to_string());
    }
    std::fs::read_to_string(path).map_err(|e| format!("{path}: {e}"))
}

fn parse<'c>(context: &'c Context, text: &str) -> Result<Module<'c>, String> {
    let (module, diagnostics) = diagnostic::collect(context, || Module::parse(context, text));
    module.ok_or_else(|| rendered(&diagnostics))
}

/// By symbol, or by Python name.
fn find(module: &Module, name: &str) -> Option<String> {
    let text = |op: &melior::ir::OperationRef, key: &str| op.attribute(key).ok().and_then(|a| StringAttribute::try_from(a).ok()).map(|s| s.value().to_string());
    let functions: Vec<_> = numbra_passes_api::walk::operations(module.body()).collect();
    functions.iter().filter_map(|op| text(op, "sym_name")).find(|s| s == name)
        .or_else(|| functions.iter().find(|op| text(op, "py_name").as_deref() == Some(name)).and_then(|op| text(op, "sym_name")))
}

fn rendered(diagnostics: &[Diagnostic]) -> String {
    render::render(diagnostics, &render::from_disk, false)
}

fn describe(exception: &Exception) -> String {
    format!("  File \"{}\", line {}, in {}\n{exception}", exception.file, exception.line, exception.function)
}
