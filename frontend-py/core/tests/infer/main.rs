//! Type inference: on textual IR and on Python source, what is inferred, and what is refused with which diagnostic.
#![allow(clippy::unwrap_used)]
mod library;
mod python;
mod typing;

use melior::{Context, ir::Module, ir::operation::OperationLike};
use numbra_dialects::{Code, Diagnostic, Note, diagnostic::collect, registry::new_context};
use numbra_frontend_core::infer::{Entry, infer_types};

/// One function `f` of the given parameters, requested at the given types. `!a` is `!py.any`.
fn function(parameters: &str, types: &str, body: &str) -> String {
    let names: Vec<&str> = parameters.split(' ').filter(|p| !p.is_empty()).collect();
    let list: Vec<String> = names.iter().map(|p| format!("%{p}: !a")).collect();
    let quoted: Vec<String> = names.iter().map(|p| format!("\"{p}\"")).collect();
    format!("py.func @f({}) -> !a attributes {{arg_names = [{}], py.specialize = [({types}) -> ()]}} {{\n{body}\n}}\n", list.join(", "), quoted.join(", "))
}

fn infer_in(context: &Context, text: &str) -> (Result<(Vec<Entry>, String), ()>, Vec<Diagnostic>) {
    collect(context, || {
        let module = Module::parse(context, &format!("!a = !py.any\n{text}")).ok_or(())?;
        let entries = infer_types(context, &module)?;
        assert!(module.as_operation().verify(), "{}", module.as_operation());
        let printed = module.as_operation().to_string();
        // Whatever is printed parses again.
        assert!(Module::parse(context, &printed).is_some(), "{printed}");
        Ok((entries, printed.replace("  ", " ")))
    })
}

/// The typed module, printed.
fn typed(text: &str) -> String {
    let context = new_context();
    let (result, diagnostics) = infer_in(&context, text);
    match result {
        Ok((_, printed)) => {
            assert!(!printed.contains("!py.any"), "{printed}");

            printed
        }
        Err(()) => panic!("{diagnostics:#?}"),
    }
}

/// The diagnostics of a module that is refused.
fn refused(text: &str) -> Vec<Diagnostic> {
    let context = new_context();
    let (result, diagnostics) = infer_in(&context, text);
    assert!(result.is_err(), "{:?}", result.map(|r| r.1));
    diagnostics
}

#[track_caller]
fn has(text: &str, parts: &[&str]) {
    let mut rest = text;
    for part in parts {
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => panic!("{part:?} is missing, or out of order, in\n{text}"),
        }
    }
}

#[track_caller]
fn refuses(text: &str, code: Code, message: &str) -> Diagnostic {
    let diagnostics = refused(text);
    let found = diagnostics.iter().find(|d| d.code == code && d.message.contains(message));
    found.unwrap_or_else(|| panic!("{code:?} {message:?} is missing in {diagnostics:#?}")).clone()
}

fn helps(d: &Diagnostic, text: &str) -> bool {
    d.notes.iter().any(|n| matches!(n, Note::Help(h) if h.contains(text)))
}

fn labels(d: &Diagnostic) -> Vec<&str> {
    d.notes.iter().filter_map(|n| if let Note::Label(_, t) = n { Some(t.as_str()) } else { None }).collect()
}
