//! `py-outline-parallel`: loops over `prange` in functions with `parallel=True` become functions of their own, which the runtime calls for parts of the range
//! on several threads.
//!
//! ```text
//! for i in prange(n): body        %n = py.builtin "len"(%range)
//!                            ->   %r = py.builtin "parallel.for"(%n, %parts, values before the loop..., captured...) {callee = @f.prange.0, combine = @f.combine.0}
//! ```
//! `@f.prange.0(first, end, part, captured...)` runs a part of the iterations, by its number, and returns a tuple of what it has found; `@f.combine.0(so far..., found...)`
//! puts that to what was found before. Both are ordinary functions with entries.
//!
//! Legal where iterations do not depend on each other: `carried` decides what happens to each variable that one iteration hands to the next, `dependences`
//! looks at memory. What is known to be wrong is an error that says what depends on what; what can be told only when the loop starts is tested in front of it, and decides whether
//! there are several parts or one, which runs in order.
//! Requires the typed stage without reference counts. Afterwards there is no `prange` left: in functions without `parallel=True`, and inside of an outlined loop,
//! it is a `range`.
mod affine;
mod arrays;
mod at;
mod carried;
mod dependences;
mod distances;
mod effects;
mod elements;
mod extrema;
mod merge;
mod outline;
mod places;
mod region;
mod runtime_checks;
mod same;
mod tuples;

use crate::{cfg::Cfg, functions::{body_of, functions_of, path_of}, remarks};
use carried::Carried;
use melior::{
    Context,
    dialect::DialectHandle,
    ir::{Attribute, Location, OperationRef, attribute::{BoolAttribute, DictionaryAttribute, StringAttribute}, operation::OperationLike},
};
use numbra_dialects::{Diagnostic, py::PyOp, registry::{PassDescription, PassInstance}, rewrite::{set_attribute, with_context}};
use numbra_passes_api::walk;

/// Path of the library function that makes the range of a parallel loop.
pub const PRANGE: &str = "prange";
/// Path of the library function that runs an outlined loop.
pub const PARALLEL_FOR: &str = "parallel.for";
/// Path of the library function that puts copies of an array together.
pub const PARALLEL_MERGE: &str = "parallel.merge";

/// `py-outline-parallel`
pub const PASS: PassDescription = PassDescription {
    argument: "py-outline-parallel",
    description: "Make functions of loops over prange, for several threads to run",
    anchor: "builtin.module",
    options: &[],
    dialects: &[DialectHandle::cf],
    run,
};

/// Attribute of modules whose functions run on several threads.
pub const THREADS: &str = "py.threads";

/// Whether functions of a module run on several threads.
pub fn uses_threads<'c: 'a, 'a>(module: impl OperationLike<'c, 'a>) -> bool {
    module.has_attribute(THREADS)
}

type Res<T> = Result<T, Box<Diagnostic>>;

fn run(op: OperationRef, _: &PassInstance) -> bool {
    with_context(op, outline_parallel)
}

/// Runs the pass on every typed function of a module. On failure a diagnostic has been emitted.
pub fn outline_parallel<'c: 'a, 'a>(context: &'c Context, module: OperationRef<'c, 'a>) -> bool {
    let functions: Vec<_> = functions_of(module).collect();
    let with_prange: Vec<_> = functions.iter().copied().filter(|f| ranges(*f).next().is_some()).collect();
    if with_prange.is_empty() {
        return true;
    }
    let effects = effects::Effects::of(&functions);
    for function in with_prange {
        if is_parallel(function) {
            for number in 0.. {
                match outline_first(context, function, number, &effects) {
                    Ok(Some((location, text))) => {
                        set_attribute(module, THREADS, Attribute::unit(context));
                        remarks::add(context, module, remarks::Kind::Parallel, location, &text);
                    }
                    Ok(None) => break,
                    Err(diagnostic) => {
                        diagnostic.emit(context);
                        return false;
                    }
                }
            }
        }
    }
    // What is left, in the new functions too.
    for function in functions_of(module) {
        for op in ranges(function) {
            let why = if is_parallel(function) { "a loop over `prange` inside of another one, which has the threads" } else { "a loop over `prange` in a function without `parallel=True`" };
            // The range of an outlined loop is still asked for its length.
            let has_loop = walk::blocks_of(function).flat_map(walk::operations).any(|user| PyOp::of(&user) == PyOp::Iter && user.operand(0).ok() == op.result(0).ok().map(Into::into));
            if has_loop {
                remarks::add(context, module, remarks::Kind::Serial, op.location(), why);
            }
            set_attribute(op, "path", StringAttribute::new(context, "range").into());
        }
    }
    true
}

fn ranges<'c: 'a, 'a>(function: OperationRef<'c, 'a>) -> impl Iterator<Item = OperationRef<'c, 'a>> {
    let blocks: Vec<_> = function.region(0).ok().into_iter().flat_map(walk::blocks).collect();
    blocks.into_iter().flat_map(walk::operations).filter(|op| PyOp::of(op) == PyOp::Builtin && path_of(*op) == Some(PRANGE))
}

/// Whether a function is compiled for several threads.
pub fn is_parallel(function: OperationRef) -> bool {
    let options = function.attribute("options").ok().and_then(|a| DictionaryAttribute::try_from(a).ok());
    options.and_then(|o| o.element_by_name("parallel")).and_then(|a| BoolAttribute::try_from(a).ok()).is_some_and(|b| b.value())
}

// Outlines the first outermost loop over a prange; tells where it is and what becomes of its variables. Nothing when there is none.
fn outline_first<'c: 'a, 'a>(context: &'c Context, function: OperationRef<'c, 'a>, number: usize, effects: &effects::Effects<'c, 'a>) -> Res<Option<(Location<'c>, String)>> {
    let Some(entry) = body_of(function) else { return Ok(None) };
    let cfg = Cfg::new(entry);
    let Some(found) = region::find(&cfg)? else { return Ok(None) };
    if tuples::split(context, &cfg, &found)? {
        let cfg = Cfg::new(entry);
        if let Some(found) = region::find(&cfg)? {
            tuples::fold(&cfg, &found);
        }
        return outline_first(context, function, number, effects);
    }
    if extrema::rewrite_first(context, &cfg, &found)? {
        return outline_first(context, function, number, effects);
    }
    let memory = dependences::check(&cfg, &found, effects)?;
    let arrays = &memory.arrays;
    let carried = carried::classify(&cfg, &found, arrays)?;
    let location = found.next.location();
    let parts: Vec<String> = carried.iter().filter_map(Carried::described).chain(arrays.iter().map(|a| format!("an array of copies ({})", a.reduction.name()))).collect();
    let mut text = "a loop over `prange`".to_string();
    if !parts.is_empty() {
        text += &format!("; its iterations make together: {}", parts.join(", "));
    }
    if memory.conditions.are_about_indices() {
        text += "; one iteration after the other if indices turn out to meet";
    }
    outline::outline(context, function, &cfg, &found, &carried, &memory, number)?;
    Ok(Some((location, text)))
}
