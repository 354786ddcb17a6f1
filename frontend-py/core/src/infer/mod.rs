//! `py-infer-types`: from untyped to typed `py`.
//!
//! First every requested instance is interpreted on abstract values to a fixed point ([`engine`]), in plain data; then the typed
//! functions are built ([`emit`]) and take the place of the untyped ones. Nothing is changed when there are errors: they are emitted as
//! diagnostics, as many as do not follow from each other. Requires: untyped `py.func`s, requests in `py.specialize`. Functions that are
//! typed already stay as they are.
use melior::{
    Context,
    ir::{BlockLike, Module, OperationRef, TypeLike, attribute::TypeAttribute, operation::OperationLike, r#type::FunctionType},
    IrRewriter,
};
use numbra_dialects::{
    Code, Diagnostic, Span,
    py::{PyOp, Ty},
    registry::{PassDescription, PassInstance},
};
use crate::build::{Program, in_order};

pub(crate) mod arithmetic;
pub mod call;
pub(crate) mod comparison;
mod dispatch;
mod emit;
mod engine;
pub mod explain;
pub mod expr;
mod fold;
pub mod objects;
pub mod problem;
pub(crate) mod source;
pub(crate) mod transfer;
pub(crate) mod union;
pub mod val;
mod widen;

pub use call::{machine::operations as machine_operations, partial::PATH as PARTIAL};
pub use explain::{annotate::{Annotation, annotations}, trail::{self, Trail}};
pub use objects::attribute::paths as attribute_paths;

/// A typed function that was asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Symbol of the typed function
    pub symbol: String,
    /// Symbol of the untyped function
    pub function: String,
    /// Types of the parameters
    pub arguments: Vec<Ty>,
    /// Type of the result
    pub result: Ty,
}

/// The passes of this crate.
pub const PASSES: &[PassDescription] = &[PassDescription {
    argument: "py-infer-types",
    description: "Infer types: replace untyped py.func by typed versions for the requests in py.specialize",
    anchor: "builtin.module",
    options: &[],
    dialects: &[numbra_dialects::registry::py_dialect],
    run,
}];

fn run(op: OperationRef<'_, '_>, pass: &PassInstance) -> bool {
    infer(pass.context(), op, None, &mut |_, _| ()).is_ok()
}

/// Replaces the untyped functions of a module by typed ones; errors are emitted as diagnostics.
#[allow(clippy::result_unit_err, reason = "the diagnostics are the error")]
pub fn infer_types(context: &Context, module: &Module) -> Result<Vec<Entry>, ()> {
    infer(context, module.as_operation(), None, &mut |_, _| ())
}

/// Told that a step of inference is done: its name, and how much work it was.
pub type Steps<'s> = &'s mut dyn FnMut(&str, &dyn Fn() -> String);

/// As [`infer_types`], with the program of which the module is a part: what it overloads is asked for and built as calls come to it. Tells about its steps.
#[allow(clippy::result_unit_err, reason = "the diagnostics are the error")]
pub fn infer_program<'c>(context: &'c Context, module: &Module<'c>, program: Program<'c, 'c>, steps: Steps) -> Result<Vec<Entry>, ()> {
    infer(context, module.as_operation(), Some(program), steps)
}

/// How inference comes to the types of the functions that are asked for and of all that they call; the module stays as it is, and errors are
/// parts of the trails.
pub fn trails<'c>(context: &'c Context, module: &Module<'c>, program: Program<'c, 'c>) -> Result<Vec<Trail>, Diagnostic> {
    let (engine, ..) = analyse(context, module.as_operation(), Some(program))?;
    Ok(trail::trails(&engine))
}

fn infer<'c>(context: &'c Context, module: OperationRef<'c, '_>, program: Option<Program<'c, 'c>>, steps: Steps) -> Result<Vec<Entry>, ()> {
    let internal = |message: &str| Diagnostic::error(Code::NB0900, Span::of(module.location()), message).emit(context);
    let (engine, roots, untyped) = analyse(context, module, program).map_err(|d| d.emit(context))?;
    steps("infer", &|| {
        let library = engine.functions.iter().filter(|f| f.library).count();
        format!("{} versions, interpreted {} times; {library} library functions read", engine.instances.len(), engine.interpretations)
    });
    let Some(body) = module.region(0).ok().and_then(|r| melior::ir::RegionLike::first_block(&r)) else {
        internal("module without a body");
        return Err(());
    };
    if !engine.diagnostics.is_empty() {
        engine.diagnostics.iter().for_each(|d| d.emit(context));
        return Err(());
    }
    let built: Result<Vec<_>, _> = (0..engine.instances.len()).filter(|&i| engine.instances[i].is_finished()).map(|i| emit::function(context, &engine, i)).collect();
    let built = built.map_err(|message| internal(&message))?;
    let entries = roots.iter().map(|&i| {
        let instance = &engine.instances[i];
        let function = engine.functions[instance.function].symbol.clone();
        Entry { symbol: instance.symbol.clone(), function, arguments: instance.arguments.clone(), result: instance.frame.result.ty() }
    }).collect();
    explain::doubts::of(&engine).iter().for_each(|d| d.emit(context));
    let rewriter = IrRewriter::from_op(module);
    untyped.into_iter().for_each(|op| rewriter.as_rewriter_base().erase_op(op));
    built.into_iter().for_each(|op| {
        body.append_operation(op);
    });
    steps("emit", &|| format!("{} functions", engine.instances.iter().filter(|i| i.is_finished()).count()));
    Ok(entries)
}

/// What inference finds: the engine, the instances that are asked for, and the untyped functions.
type Analysis<'c, 'a> = (engine::Engine<'c>, Vec<usize>, Vec<OperationRef<'c, 'a>>);

/// Interprets what a module asks for; changes nothing.
fn analyse<'c, 'a>(context: &'c Context, module: OperationRef<'c, 'a>, program: Option<Program<'c, 'c>>) -> Result<Analysis<'c, 'a>, Diagnostic> {
    let mut untyped = vec![];
    let mut sources = vec![];
    let mut next = module.region(0).ok().and_then(|r| melior::ir::RegionLike::first_block(&r)).and_then(|b| b.first_operation());
    while let Some(op) = next {
        next = op.next_in_block();
        if PyOp::of(&op) == PyOp::Func && is_untyped(&op) {
            sources.push(source::Source::read(op)?);
            untyped.push(op);
        }
    }
    let mut engine = engine::Engine::new(context, sources, program);
    let roots = request(&mut engine);
    engine.settle();
    roots.iter().for_each(|&i| engine.finish(i));
    if !engine.refusals.is_empty() {
        engine.diagnostics = in_order(std::mem::take(&mut engine.refusals));
    }
    if engine.diagnostics.is_empty() {
        emit::companions::make(&mut engine);
    }
    Ok((engine, roots, untyped))
}

/// Makes the instances that `py.specialize` asks for; parameters that a request leaves out have their defaults' types.
fn request(engine: &mut engine::Engine) -> Vec<usize> {
    let functions = engine.functions.clone();
    let mut roots = vec![];
    for (f, source) in functions.iter().enumerate() {
        for request in &source.requests {
            let mut types = request.arguments.clone();
            let fixed = source.arg_names.len() - source.variadic();
            let missing = fixed.saturating_sub(types.len());
            if types.len() > source.arg_names.len() || missing > source.defaults.len() {
                engine.refuse(f, Code::NB0207, format!("`{}` has {} parameters, but {} argument types are given", source.symbol, source.arg_names.len(), types.len()));
                continue;
            }
            let mut problem = None;
            for (i, default) in source.defaults[source.defaults.len() - missing..].iter().enumerate() {
                match default {
                    source::Default::Value(c) => match c.val.unsupported() {
                        Some(value) => problem = Some((Code::NB0104, format!("a default of `{}` is {}, which cannot be compiled", source.symbol, value.describe()))),
                        None => types.push(c.ty()),
                    },
                    _ => problem = Some((Code::NB0207, format!("`{}` misses its argument `{}`", source.symbol, source.arg_names[fixed - missing + i]))),
                }
            }
            if let Some((code, message)) = problem {
                engine.refuse(f, code, message);
                continue;
            }
            // No further arguments.
            if source.variable_positional && types.len() == fixed {
                types.push(Ty::tuple([]));
            }
            if source.variable_keywords && types.len() < source.arg_names.len() {
                types.push(call::bind::keywords(std::iter::empty()));
            }
            if let Some(i) = engine.instance(f, types.into_iter().map(val::Val::from).collect(), None) {
                engine.instances[i].entry = true;
                if let Some(result) = &request.result {
                    engine.instances[i].wanted_result = val::Val::from(result.clone());
                    engine.again(i);
                }
                if !roots.contains(&i) {
                    roots.push(i);
                }
            }
        }
    }
    roots
}

fn is_untyped(op: &OperationRef) -> bool {
    let t = op.attribute("function_type").ok().and_then(|a| TypeAttribute::try_from(a).ok()).and_then(|t| FunctionType::try_from(t.value()).ok());
    let Some(t) = t else { return false };
    let any = |t: melior::ir::Type| !t.is_none() && Ty::from_mlir(t) == Some(Ty::Any);
    (0..t.input_count()).any(|i| t.input(i).is_ok_and(any)) || (0..t.result_count()).any(|i| t.result(i).is_ok_and(any))
}
