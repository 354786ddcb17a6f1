//! The driver behind `numba-opt`, as a library, so that others can ship it with their own passes.
//!
//! It is mlir-opt over a registry with numbra's dialects, passes and named pipelines, with additions: an input that ends in `.py`
//! is imported as untyped `py`, `--specialize` asks for a typed version of a function, and `--run 'f(1, 2.5)'` compiles a function for the types of these
//! arguments and calls it.
mod arguments;
mod call;
mod help;
mod import;
mod run;

use arguments::Arguments;
use melior::{dialect::DialectRegistry, utility::{register_all_dialects, register_all_passes}};
use numbra_passes_api::Registry;
use std::{io::Write, panic::{AssertUnwindSafe, catch_unwind}, process::ExitCode};

/// Runs the tool with the process's arguments; `extend` adds passes and pipelines to the built-in ones.
pub fn main(extend: impl FnOnce(&mut Registry)) -> ExitCode {
    let mut passes = Registry::default();
    passes.add_all(numbra_frontend_core::PASSES).add_all(numbra_passes::PASSES).add_pipelines(numbra_passes::PIPELINES);
    extend(&mut passes);
    // A panic has been reported by the time it arrives here.
    catch_unwind(AssertUnwindSafe(|| command(passes))).unwrap_or_else(|_| fail("numba-opt panicked: this is a bug in numbra"))
}

fn command(passes: Registry) -> ExitCode {
    let mut texts = vec![];
    for argument in std::env::args_os() {
        match argument.into_string() {
            Ok(text) => texts.push(text),
            Err(raw) => return fail(&format!("argument is not UTF-8: {}", raw.display())),
        }
    }
    let arguments = match Arguments::parse(texts.into_iter()) {
        Ok(arguments) => arguments,
        Err(message) => return fail(&message),
    };
    if arguments.print_pipelines {
        return print(&help::pipelines(passes.pipelines()));
    }
    if let Some(call) = &arguments.run {
        register_all_passes();
        passes.install();
        return run::run(call, &arguments).map_or_else(|message| fail(&message), |text| print(&text));
    }
    if arguments.python.is_none() && arguments.specialize.is_none() {
        return drive(passes, &arguments.rest);
    }
    let input = arguments.input().unwrap_or("-").to_string();
    match import::to_temporary(arguments.python.as_deref(), &input, arguments.specialize.as_deref()) {
        Ok(module) => drive(passes, &arguments.without_input().with_input(&module.path().display().to_string())),
        Err(message) => fail(&message),
    }
}

fn drive(passes: Registry, arguments: &[String]) -> ExitCode {
    let dialects = DialectRegistry::new();
    register_all_dialects(&dialects);
    numbra_dialects::registry::register_needed(&dialects);
    register_all_passes();
    let overview = help::overview(&passes);
    passes.install();
    match numbra_dialects::registry::opt_main(&overview, arguments, &dialects) {
        0 => ExitCode::SUCCESS,
        status => ExitCode::from(u8::try_from(status).unwrap_or(1)),
    }
}

/// Writes the tool's output. A reader that has gone away is none of our business.
fn print(text: &str) -> ExitCode {
    let _ = writeln!(std::io::stdout(), "{text}");
    ExitCode::SUCCESS
}

fn warn(message: &str) {
    let _ = writeln!(std::io::stderr(), "{}", message.trim_end());
}

fn fail(message: &str) -> ExitCode {
    warn(message);
    ExitCode::FAILURE
}
