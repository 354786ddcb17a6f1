//! One compilation, from source to code: builds the module, infers types, runs the pipelines, and hands the result to the back end.
use crate::{CompileError, Compiled, Rewrite, reproducer, timing::{self, Timer}};
use melior::{Context, ir::Module, pass::PassManager, utility::parse_pass_pipeline};
use numbra_backend_api::{Artifact, Backend, OptLevel, Options};
use numbra_backend_cpu::{CpuBackend, Jit, call};
use numbra_dialects::{Code, Diagnostic, Severity, Span, diagnostic, panics::caught, py::Ty};
use numbra_frontend_core::{build::{self, Program}, host::{FunctionId, Host}, infer, render};
use numbra_passes::eqsat_rewrite;
use std::sync::Arc;

/// What can go wrong inside: emitted diagnostics are collected elsewhere.
type Step<T> = Result<T, Failure>;

enum Failure {
    /// Errors about the user's program, not emitted to MLIR
    User(Vec<Diagnostic>),
    /// Errors were emitted to MLIR's engine
    Emitted,
    /// The compiler failed
    Internal(String),
}

/// Compiles a function for argument types, and for a type of its result where there is one.
pub fn compile(context: &Context, host: &dyn Host, root: FunctionId, arguments: &[Ty], result: Option<&Ty>) -> Result<Compiled, CompileError> {
    let (compiled, warnings) = watched(context, host, root, arguments, || {
        let mut timer = Timer::new();
        let (mut module, symbol, program) = untyped(context, host, root, arguments, result)?;
        let functions = program.ids();
        timer.lap("build", &String::new);
        let mut entry = timed(context, &module, &symbol, program, &mut timer)?;
        entry.result = build::named_by_host(&entry.result, &functions).map_err(|inner| {
            let message = format!("the function `{inner}` cannot be returned to Python: it is defined inside of a compiled function");
            Failure::User(vec![Diagnostic::error(Code::NB0101, None, message).help("compile it by itself, outside, and return that function")])
        })?;
        run(context, &mut module, numbra_passes::LOWER, &mut timer)?;
        // The caller knows functions that it passes by its own names.
        entry.arguments.iter_mut().zip(arguments).for_each(|(found, given)| found.clone_from(given));
        load(&module, entry, &mut timer)
    })?;
    Ok(Compiled { warnings, ..compiled })
}

/// Compiles a module that passes have worked on already: runs what is left of the pipeline and loads the code. `entry` is what inference said
/// of the function.
pub fn finish_module(context: &Context, module: &mut Module, entry: infer::Entry, pipeline: &str) -> Result<Compiled, Vec<Diagnostic>> {
    let (result, emitted) = diagnostic::collect(context, || {
        let work = || {
            let mut timer = Timer::new();
            run(context, module, pipeline, &mut timer)?;
            load(module, entry, &mut timer)
        };
        caught(work).unwrap_or_else(|panic| Err(Failure::Internal(panic)))
    });
    result.map_err(|failure| failure.diagnostics(emitted))
}

/// The text of one stage.
pub fn text(context: &Context, host: &dyn Host, root: FunctionId, arguments: &[Ty], stage: &str) -> Result<String, CompileError> {
    guarded(context, host, root, arguments, || {
        let (mut module, symbol, program) = untyped(context, host, root, arguments, None)?;
        if stage == "untyped" {
            return Ok(module.as_operation().to_string());
        }
        typed(context, &module, &symbol, program)?;
        if stage == "typed" {
            return Ok(module.as_operation().to_string());
        }
        if let Some(pipeline) = match stage { "rewritten" => Some(numbra_passes::REWRITTEN), "fused" => Some(numbra_passes::ARRAYS), _ => None } {
            run(context, &mut module, pipeline, &mut Timer::new())?;
            return Ok(module.as_operation().to_string());
        }
        run(context, &mut module, if stage == "std" { numbra_passes::STD } else { numbra_passes::LOWER }, &mut Timer::new())?;
        match stage {
            "std" | "llvm" => Ok(module.as_operation().to_string()),
            "llvmir" => Ok(emit(&module, &Options { ir: true, ..CHECKED })?.ir.unwrap_or_default()),
            "asm" => Ok(emit(&module, &Options { assembly: true, ..CHECKED })?.assembly.unwrap_or_default()),
            _ => Err(Failure::Internal(format!("there is no stage {stage:?}"))),
        }
    })
}

/// What the passes tell of threads.
pub fn remarks(context: &Context, host: &dyn Host, root: FunctionId, arguments: &[Ty]) -> Result<Vec<numbra_passes::remarks::Remark>, CompileError> {
    guarded(context, host, root, arguments, || {
        let (mut module, symbol, program) = untyped(context, host, root, arguments, None)?;
        typed(context, &module, &symbol, program)?;
        run(context, &mut module, numbra_passes::STD, &mut Timer::new())?;
        Ok(numbra_passes::remarks::of(module.as_operation()))
    })
}

/// The types of the parameters and expressions of the function itself.
pub fn annotations(context: &Context, host: &dyn Host, root: FunctionId, arguments: &[Ty]) -> Result<Vec<infer::Annotation>, CompileError> {
    guarded(context, host, root, arguments, || {
        let (module, symbol, program) = untyped(context, host, root, arguments, None)?;
        let entry = typed(context, &module, &symbol, program)?;
        let mut found = infer::annotations(&module);
        found.retain(|a| a.function == entry.symbol);
        Ok(found)
    })
}

/// How inference comes to the types of the function and of those that it calls.
pub fn trails(context: &Context, host: &dyn Host, root: FunctionId, arguments: &[Ty]) -> Result<Vec<infer::Trail>, CompileError> {
    guarded(context, host, root, arguments, || {
        let (module, _, program) = untyped(context, host, root, arguments, None)?;
        infer::trails(context, &module, program).map_err(|d| Failure::User(vec![d]))
    })
}

/// What is rewritten of the expressions of the function and of those of the program that it calls.
pub fn rewrites(context: &Context, host: &dyn Host, root: FunctionId, arguments: &[Ty]) -> Result<Vec<Rewrite>, CompileError> {
    guarded(context, host, root, arguments, || {
        let (module, symbol, program) = untyped(context, host, root, arguments, None)?;
        typed(context, &module, &symbol, program)?;
        numbra_passes::array_inline::array_inline(module.as_operation());
        let rules = eqsat_rewrite::rules();
        let settings = eqsat_rewrite::Settings { rules: &rules, explain: true, statistics: true };
        let reports = eqsat_rewrite::rewrite_module(context, module.as_operation(), &settings);
        let own = reports.into_iter().filter(|r| !r.function.starts_with("numbra."));
        Ok(own.map(|r| Rewrite {
            span: Span::of(r.location), function: r.function, before: r.before, after: r.after, steps: r.steps.into_iter().map(|s| (s.rule, s.expression)).collect(),
            costs: (r.cost_before, r.cost_after), statistics: r.statistics.unwrap_or_default(),
        }).collect())
    })
}

fn untyped<'c>(context: &'c Context, host: &'c dyn Host, root: FunctionId, arguments: &[Ty], result: Option<&Ty>) -> Step<(Module<'c>, String, Program<'c, 'c>)> {
    let mut program = Program::new(context, host);
    let build::Built { mut module, arguments } = program.build_for(root, arguments).map_err(Failure::User)?;
    let symbol = build::root_symbol(&module).ok_or_else(|| Failure::Internal("the module has no root function".into()))?;
    build::specialize(context, &mut module, &symbol, &arguments, result);
    Ok((module, symbol, program))
}

fn typed<'c>(context: &'c Context, module: &Module<'c>, symbol: &str, program: Program<'c, 'c>) -> Step<infer::Entry> {
    timed(context, module, symbol, program, &mut Timer::new())
}

fn timed<'c>(context: &'c Context, module: &Module<'c>, symbol: &str, program: Program<'c, 'c>, timer: &mut Timer) -> Step<infer::Entry> {
    let entries = infer::infer_program(context, module, program, &mut |step, note| timer.lap(step, note)).map_err(|()| Failure::Emitted)?;
    entries.into_iter().find(|e| e.function == symbol).ok_or_else(|| Failure::Internal(format!("inference made no version of {symbol}")))
}

fn run(context: &Context, module: &mut Module, pipeline: &str, timer: &mut Timer) -> Step<()> {
    if timer.is_on() {
        for pass in timing::passes(pipeline) {
            run_together(context, module, pass)?;
            timer.lap(pass, &String::new);
        }
        return Ok(());
    }
    run_together(context, module, pipeline)
}

fn run_together(context: &Context, module: &mut Module, pipeline: &str) -> Step<()> {
    let manager = PassManager::new(context);
    manager.enable_verifier(cfg!(debug_assertions));
    parse_pass_pipeline(manager.as_operation_pass_manager(), &format!("builtin.module({pipeline})")).map_err(|e| Failure::Internal(e.to_string()))?;
    manager.run(module).map_err(|_| Failure::Emitted)
}

/// The pass manager runs without MLIR's verifier, for speed; the back end checks the module once before it trusts it.
const CHECKED: Options = Options { level: OptLevel::O3, verify: true, ir: false, assembly: false, report: false };

fn emit(module: &Module, options: &Options) -> Step<Artifact> {
    CpuBackend::global().compile(module.as_operation(), options).map_err(Failure::Internal)
}

fn load(module: &Module, entry: infer::Entry, timer: &mut Timer) -> Step<Compiled> {
    let artifact = emit(module, &Options { report: timer.llvm(), ..CHECKED })?;
    timer.back_end(&artifact.timings);
    let loaded = Jit::global().and_then(|jit| jit.load(&artifact)).map_err(Failure::Internal)?;
    let code = call::entry(&loaded, &entry.symbol).ok_or_else(|| Failure::Internal(format!("the code has no entry for {}", entry.symbol)))?;
    timer.lap("link", &|| format!("{} bytes of object code", artifact.object.len()));
    timer.print(&entry.symbol);
    Ok(Compiled { entry: code, arguments: entry.arguments, result: entry.result, threads: numbra_passes::uses_threads(module.as_operation()), warnings: vec![], module: Arc::new(loaded) })
}

impl Failure {
    fn diagnostics(self, mut emitted: Vec<Diagnostic>) -> Vec<Diagnostic> {
        match self {
            Failure::User(errors) => emitted.extend(errors),
            Failure::Internal(message) => emitted.push(Diagnostic::error(Code::NB0900, None, message)),
            Failure::Emitted if emitted.is_empty() => emitted.push(Diagnostic::error(Code::NB0900, None, "a pass failed without saying why")),
            Failure::Emitted => {}
        }
        emitted
    }
}

/// Runs a compilation; whatever goes wrong, a panic included, becomes a [`CompileError`], with a reproducer when the compiler is at fault.
fn guarded<R>(context: &Context, host: &dyn Host, root: FunctionId, arguments: &[Ty], work: impl FnOnce() -> Step<R>) -> Result<R, CompileError> {
    watched(context, host, root, arguments, work).map(|(result, _)| result)
}

/// The same, with the warnings.
fn watched<R>(context: &Context, host: &dyn Host, root: FunctionId, arguments: &[Ty], work: impl FnOnce() -> Step<R>) -> Result<(R, Vec<Diagnostic>), CompileError> {
    let (outcome, emitted) = diagnostic::collect(context, || caught(work));
    let failure = match outcome {
        Ok(Ok(result)) => return Ok((result, emitted.into_iter().filter(|d| d.severity == Severity::Warning).collect())),
        Ok(Err(failure)) => failure,
        Err(panic) => Failure::Internal(panic),
    };
    let diagnostics = failure.diagnostics(emitted);
    let internal = diagnostics.iter().any(|d| d.code == Code::NB0900);
    let reproducer = internal.then(|| {
        let rebuilt = caught(|| diagnostic::collect(context, || untyped(context, host, root, arguments, None)).0);
        let text = rebuilt.ok().and_then(Result::ok).map(|(module, ..)| module.as_operation().to_string())?;
        reproducer::write(&text, &format!("py-infer-types,{}", numbra_passes::LOWER))
    }).flatten();
    let source = host.source(root).ok();
    let find = |file: &str| source.as_ref().filter(|s| s.file == file).map(|s| s.text.clone()).or_else(|| render::from_disk(file));
    let mut rendered = render::render(&diagnostics, &find, false);
    if let Some(path) = &reproducer {
        rendered.push_str(&format!("\nThis is a bug in numbra, not in your program. A reproducer for numba-opt is in {}\n", path.display()));
    }
    Err(CompileError { diagnostics, rendered, reproducer })
}
