//! The text of `--help` that is ours, and of `--print-pipelines`: both from the tables of passes and pipelines.
use numbra_passes_api::{PassOption, Pipeline, Registry};
use std::fmt::Write;

const INTRODUCTION: &str = "numba-opt: mlir-opt with the `py` dialect and numbra's passes and pipelines

An input that ends in .py is imported as untyped `py`: the functions decorated with njit or jit, or all where none is.

  --specialize 'f(1, [2.5])'  ask for the version of f for the types of these arguments before passes run. Without a request,
                              py-infer-types drops a function.
  --run 'f(1, [2.5])'         compile f for these arguments, call it and print the result or the exception. Passes on the command line
                              (--NAME, --NAME='OPTIONS', --pass-pipeline) run first, from the untyped stage; the rest of
                              numbra-compile follows.
  --print-pipelines           print the pipelines as text for --pass-pipeline

Arguments are literal numbers, True, False, None, tuples, and nested lists for arrays of int64 or float64.
";

/// The beginning of `--help`.
pub fn overview(registry: &Registry) -> String {
    let mut text = format!("{INTRODUCTION}\nPasses of numbra:\n");
    let mut passes: Vec<_> = registry.passes().iter().collect();
    passes.sort_by_key(|p| p.argument);
    for pass in passes {
        let _ = writeln!(text, "  --{:<22} {}", pass.argument, pass.description);
        for option in pass.options {
            let (name, kind, description, initial) = match option {
                PassOption::Int(n, d, v) => (n, "int", d, v.to_string()),
                PassOption::Bool(n, d, v) => (n, "bool", d, v.to_string()),
                PassOption::Str(n, d, v) => (n, "string", d, format!("{v:?}")),
            };
            let _ = writeln!(text, "      {name}=<{kind}> (default {initial}): {description}");
        }
    }
    text.push_str("\nPipelines of numbra, one per stage:\n");
    for pipeline in registry.pipelines() {
        let _ = writeln!(text, "  --{:<22} {}\n      {}", pipeline.name, pipeline.description, pipeline.text);
    }
    text.push_str("\nAll that mlir-opt has is here too:\n");
    text
}

/// The table of pipelines.
pub fn pipelines(pipelines: &[Pipeline]) -> String {
    let rows = pipelines.iter().map(|p| format!("// {}: {}\nbuiltin.module({})", p.name, p.description, p.text));
    rows.collect::<Vec<_>>().join("\n")
}
