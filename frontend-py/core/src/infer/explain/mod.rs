//! Diagnostics: what was refused, where, and where the values to blame got their types.
pub mod annotate;
pub(super) mod doubts;
pub(super) mod report;
pub mod trail;

use super::{arithmetic, comparison, engine::Frame, problem::Problem, source::{Def, Op, OpKind, Source, ValueId}, val::Val};
use numbra_dialects::{Code, Diagnostic, Span, diagnostic::ErrorClass, py::Ty};

/// At most so many labels tell where types come from.
const MAX_LABELS: usize = 4;

/// Of a longer chain of callers, half as many at each end are shown.
const MAX_CALLERS: usize = 8;

/// The diagnostic of a refused op. Of an operator that a function of the library stands behind, what is refused is what the program says; why,
/// comes after it.
pub fn diagnostic(source: &Source, frame: &Frame, op: &Op, problem: &Problem) -> Diagnostic {
    match operator(frame, op).filter(|_| matches!(problem.code, Code::NB0201 | Code::NB0207)) {
        Some(refused) => refusal(source, frame, op, &refused).note(problem.message.clone()),
        None => refusal(source, frame, op, problem),
    }
}

fn refusal(source: &Source, frame: &Frame, op: &Op, problem: &Problem) -> Diagnostic {
    let span = Span::of(op.location);
    let mut labels: Vec<(Option<Span>, String)> = vec![];
    let blamed: Vec<ValueId> = match problem.operand {
        Some(i) => op.operands.get(i).into_iter().copied().collect(),
        None => op.operands.clone(),
    };
    for v in blamed {
        trail(source, frame, v, &mut vec![], &mut labels);
    }
    let mut d = Diagnostic::error(problem.code, span.clone(), problem.message.clone());
    labels.dedup();
    for (place, text) in labels.into_iter().filter(|(place, _)| place.is_some()).take(MAX_LABELS) {
        d = d.label(place, text);
    }
    if let Some((place, text)) = &problem.label {
        d = d.label(Some(place.clone()), text.clone());
    }
    if problem.code == Code::NB0202 {
        d = d.help("give the variable one type on every path, or use two variables");
    }
    if let Some(help) = &problem.help {
        d = d.help(help.clone());
    }
    d
}

/// Labels for the calls that led to a function, from the innermost one to the one in the entry.
pub fn callers(mut d: Diagnostic, calls: &[(String, Option<Span>)]) -> Diagnostic {
    let left_out = calls.len().saturating_sub(MAX_CALLERS);
    let first = if left_out > 0 { MAX_CALLERS / 2 } else { calls.len() };
    let shown = calls[..first].iter().chain(&calls[first + left_out..]);
    for (callee, place) in shown {
        d = d.label(place.clone(), format!("`{callee}` is compiled for this call"));
    }
    if left_out > 0 { d.note(format!("{left_out} further call{} between these", super::call::plural(left_out))) } else { d }
}

/// That an operator does not take its operands; `None` of other ops.
fn operator(frame: &Frame, op: &Op) -> Option<Box<Problem>> {
    let v = |i: usize| &frame.vals[op.operands[i]];
    match &op.kind {
        OpKind::Binary(kind, inplace) => Some(arithmetic::refuse(*kind, *inplace, v(0), v(1))),
        OpKind::Compare(kind) => Some(comparison::refuse(*kind, v(0), v(1))),
        OpKind::Unary(kind) => Some(arithmetic::refuse_unary(*kind, v(0))),
        _ => None,
    }
}

/// That a call does not fit what it calls; `None` of other ops.
fn misfit(frame: &Frame, op: &Op) -> Option<Box<Problem>> {
    let OpKind::Call(_) = op.kind else { return None };
    let callee = match &frame.vals[op.operands[0]] {
        Val::Of(Ty::Entity(path)) => path.to_string(),
        Val::Method(_, name) => name.to_string(),
        _ => return None,
    };
    Some(Problem::new(Code::NB0201, format!("`{callee}` does not take these arguments")))
}

/// The diagnostic of an op that was refused inside of the library: the fault of the program's op that led there, which stands at the place `call`.
/// A message about types and arguments speaks of the op itself, others of what the library's own code does: they are only the reason.
pub fn in_library((caller, frame, call): (&Source, &Frame, Option<Span>), source: &Source, op: &Op, problem: &Problem) -> Diagnostic {
    let place = Span::of(op.location).map_or(String::new(), |s| format!(" ({}:{})", s.file, s.start_line));
    let inside = format!("found in `{}` of the library{place}", name(source));
    let outer = caller.blocks.iter().flat_map(|b| &b.ops).find(|o| Span::of(o.location) == call && !matches!(o.kind, OpKind::Known(_) | OpKind::Constant(_)));
    let Some(outer) = outer else { return Diagnostic::error(problem.code, call, problem.message.clone()).note(inside) };
    let own = matches!(problem.code, Code::NB0201 | Code::NB0209) || problem.code.class() != ErrorClass::Typing;
    let whole = match problem.code {
        Code::NB0209 => None,
        _ => operator(frame, outer).or_else(|| misfit(frame, outer).filter(|_| !own)),
    };
    match whole {
        Some(whole) => refusal(caller, frame, outer, &whole).note(problem.message.clone()).note(inside),
        None => {
            let d = refusal(caller, frame, outer, &Problem::new(problem.code, problem.message.clone())).note(inside);
            problem.help.iter().fold(d, |d, help| d.help(help.clone()))
        }
    }
}

fn name<'s>(source: &'s Source) -> &'s str {
    source.py_name.map_or(source.symbol.as_str(), |n| n.value())
}

/// Values that branches pass to a block argument, from reached blocks.
pub fn incoming(source: &Source, frame: &Frame, block: usize, argument: usize) -> Vec<ValueId> {
    let mut found = vec![];
    for b in (0..source.blocks.len()).filter(|b| frame.reached[*b]) {
        let Some(op) = source.blocks[b].ops.last() else { continue };
        match op.kind {
            OpKind::Br(target) if target == block => found.push(op.operands[argument]),
            OpKind::CondBr(on_true, on_false, count) => {
                let truth = frame.vals[op.operands[0]].truth();
                if on_true == block && truth != Some(false) {
                    found.push(op.operands[1 + argument]);
                }
                if on_false == block && truth != Some(true) {
                    found.push(op.operands[1 + count + argument]);
                }
            }
            _ => {}
        }
    }
    found
}

/// Tells where a value got its type: the argument, constant or op behind it.
fn trail(source: &Source, frame: &Frame, v: ValueId, seen: &mut Vec<ValueId>, labels: &mut Vec<(Option<Span>, String)>) {
    if seen.contains(&v) || labels.len() >= MAX_LABELS {
        return;
    }
    seen.push(v);
    let (def, location) = &source.definitions[v];
    let val = &frame.vals[v];
    match *def {
        Def::Argument(0, i) => {
            let name = source.arg_names.get(i).map_or("?", String::as_str);
            labels.push((Span::of(*location), format!("the argument `{name}` is {}", val.describe())));
        }
        Def::Argument(block, i) => {
            let sources = incoming(source, frame, block, i);
            let present = |s: &&ValueId| frame.vals[**s].is_present() || matches!(frame.vals[**s], Val::Conflict(_));
            if matches!(val, Val::Conflict(_) | Val::Of(Ty::Union(_))) {
                // One place for each of the types.
                let mut types: Vec<Ty> = vec![];
                for &s in sources.iter().filter(present) {
                    let t = frame.vals[s].ty();
                    if t == Ty::Any || !types.contains(&t) {
                        types.push(t);
                        trail(source, frame, s, seen, labels);
                    }
                }
            } else if let Some(&s) = sources.iter().find(|s| frame.vals[**s].ty() == val.ty()).or_else(|| sources.iter().find(present)) {
                trail(source, frame, s, seen, labels);
            }
        }
        Def::Result(block, op, _) => {
            let op = &source.blocks[block].ops[op];
            let text = match &op.kind {
                OpKind::Known(Val::Of(Ty::Entity(_) | Ty::Function(_))) => return,
                OpKind::Call(_) => format!("the call returns {}", val.describe()),
                OpKind::Next => format!("the elements are {}", val.describe()),
                _ => format!("this is {}", val.describe()),
            };
            labels.push((Span::of(op.location), text));
        }
    }
}

/// What is wrong with the result of a function whose ops are all right.
pub fn result(source: &Source, frame: &Frame, entry: bool) -> Option<Diagnostic> {
    let returns = || source.blocks.iter().enumerate().filter(|(b, _)| frame.reached[*b]).filter_map(|(_, b)| b.ops.last().filter(|o| matches!(o.kind, OpKind::Return)));
    let place = Span::of(source.location);
    match &frame.result {
        Val::Never => {
            let d = Diagnostic::error(Code::NB0210, place, format!("`{}` never returns: every path calls it again", name(source)));
            Some(d.help("add a path that returns without a recursive call"))
        }
        Val::Conflict(types) => {
            let first = returns().next().and_then(|o| Span::of(o.location)).or(place);
            let mut d = Diagnostic::error(Code::NB0202, first, format!("`{}` returns {} on one path and {} on another", name(source), types.0, types.1));
            for op in returns() {
                let v = &frame.vals[op.operands[0]];
                d = d.label(Span::of(op.location), format!("here it returns {}", v.describe()));
            }
            let none = types.0 == Ty::None || types.1 == Ty::None;
            Some(d.help(if none { "return a value on every path; falling off the end returns None" } else { "return values of one type on every path, or of up to four types" }))
        }
        v if entry && *v != Val::Error && !returnable(&v.ty()) => {
            let span = returns().next().and_then(|o| Span::of(o.location)).or(place);
            Some(Diagnostic::error(Code::NB0101, span, format!("{} cannot be returned to Python", v.describe())))
        }
        _ => None,
    }
}

fn returnable(t: &Ty) -> bool {
    match t {
        Ty::None | Ty::Scalar(_) | Ty::Array(_) | Ty::Record(_) | Ty::Range(_) | Ty::Slice(_) | Ty::Ellipsis => true,
        Ty::Str | Ty::Literal(_) => true,
        // Those that Python knows; the others are found out by whoever knows which these are.
        Ty::Function(_) | Ty::Entity(_) | Ty::Callable(_) => true,
        Ty::List(element) => returnable(element),
        t if super::objects::buffers::class(t).is_some() => true,
        Ty::Struct(s) => (super::objects::structs::is_class(&s.path) || s.path.starts_with(crate::host::TYPE)) && s.types.iter().all(returnable),
        Ty::Tuple(parts) | Ty::Union(parts) => parts.iter().all(returnable),
        _ => false,
    }
}
