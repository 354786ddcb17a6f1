//! The driver behind `numba-opt`, as a library, so that others can ship it with their own passes.
//!
//! It is mlir-opt over a registry with numbra's dialects, passes and named pipelines, with two additions: an input that ends in `.py`
//! is imported as untyped `py`, and `--run 'f(1, 2.5)'` compiles a function for the types of these arguments and calls it.
mod arguments;
mod call;
mod import;
mod run;

use melior::{dialect::DialectRegistry, utility::{register_all_dialects, register_all_passes}};
use numbra_passes_api::Registry;
use std::process::ExitCode;

const TOOL: &str = "numba-opt: numbra's optimizer driver

Inputs ending in .py are imported as untyped `py`. --run 'f(1, 2.5)' compiles f for these arguments, calls it and prints the result;
it accepts any stage up to `typed`.
";

/// Runs the tool with the process's arguments; `extend` adds passes and pipelines to the built-in ones.
pub fn main(extend: impl FnOnce(&mut Registry)) -> ExitCode {
    let mut passes = Registry::default();
    passes.add_all(numbra_frontend_core::PASSES).add_all(numbra_passes::PASSES).add_pipelines(numbra_passes::PIPELINES);
    extend(&mut passes);
    let arguments = match arguments::Arguments::parse(std::env::args()) {
        Ok(arguments) => arguments,
        Err(message) => return fail(&message),
    };
    match (&arguments.run, &arguments.python) {
        (Some(call), _) => {
            numbra_dialects::registry::register_needed_passes();
            passes.install();
            match run::run(call, &arguments) {
                Ok(text) => {
                    print(&text);
                    ExitCode::SUCCESS
                }
                Err(message) => fail(&message),
            }
        }
        (None, Some(path)) => match import::to_temporary(path) {
            Ok(module) => drive(passes, arguments.with_input(&module.path().display().to_string())),
            Err(message) => fail(&message),
        },
        (None, None) => drive(passes, arguments.rest),
    }
}

fn drive(passes: Registry, arguments: Vec<String>) -> ExitCode {
    let dialects = DialectRegistry::new();
    register_all_dialects(&dialects);
    numbra_dialects::registry::register_needed(&dialects);
    register_all_passes();
    passes.install();
    match numbra_dialects::registry::opt_main(TOOL, &arguments, &dialects) {
        0 => ExitCode::SUCCESS,
        status => ExitCode::from(u8::try_from(status).unwrap_or(1)),
    }
}

#[allow(clippy::print_stdout, reason = "the tool's output")]
fn print(text: &str) {
    println!("{text}");
}

fn fail(message: &str) -> ExitCode {
    eprintln!("{}", message.trim_end());
    ExitCode::FAILURE
}
