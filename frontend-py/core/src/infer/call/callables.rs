//! Functions of which only the signature is known: arguments that a signature says to be `FunctionType(...)`, and what becomes one where it is passed
//! on to such a function. One version of the caller serves all functions of the signature; a call costs an indirect jump.
use super::{Arguments, plural};
use crate::infer::{call, engine::Engine, expr::{ArrayOp, Expr, Typed, computed}, problem::Problem, source::Op, union, val::{Val, join_arrays}};
use crate::catalog::Arg;
use numbra_dialects::{Code, Span, py::{CallableTy, Ty}};
use std::sync::Arc;

/// Calls a function by its signature: arguments by position, converted to the types that it says.
pub fn call(engine: &mut Engine, instance: usize, op: &Op, callee: &Arg, signature: &CallableTy, arguments: Arguments) -> Result<Option<Typed>, Box<Problem>> {
    if let Some((Some(keyword), arg)) = arguments.iter().find(|a| a.0.is_some()) {
        let problem = Problem::new(Code::NB0207, format!("a function that is known by its signature has no parameter names, but `{keyword}` is given")).at(arg.position);
        return Err(problem.help("pass the argument by its position"));
    }
    let (takes, given) = (signature.arguments.len(), arguments.len());
    if takes != given {
        let are = if given == 1 { "is" } else { "are" };
        return Err(Problem::new(Code::NB0207, format!("a {} takes {takes} argument{}, but {given} {are} given", callee.val.describe(), plural(takes))).at(callee.position));
    }
    let mut operands = vec![callee.expr.clone()];
    for ((_, arg), t) in arguments.iter().zip(&signature.arguments) {
        operands.push(argument(engine, instance, op, arg, t)?);
    }
    let t = signature.result.clone();
    computed(t.clone(), Expr::builtin("callable.call", operands, t)).map(Some)
}

fn argument(engine: &mut Engine, instance: usize, op: &Op, arg: &Arg, t: &Ty) -> Result<Expr, Box<Problem>> {
    if let (Ty::Callable(wanted), Val::Of(Ty::Function(symbol))) = (t, &arg.val) {
        return of(engine, instance, op, arg, symbol, wanted);
    }
    if converts(&arg.val.ty(), t) {
        return Ok(arg.expr.clone().cast(t));
    }
    let problem = Problem::new(Code::NB0202, format!("{} is passed to a function that takes {t}", arg.val.describe())).at(arg.position);
    Err(match (t, &arg.val) {
        (Ty::Callable(_), Val::Of(Ty::Entity(_) | Ty::Closure(..) | Ty::Struct(_))) => problem.help("pass a function that is compiled by itself: decorate one with `njit` that calls this"),
        _ => problem.help("convert it in the call, or pass a function of another signature"),
    })
}

/// The address of a compiled function.
fn of(engine: &mut Engine, instance: usize, op: &Op, arg: &Arg, symbol: &str, wanted: &Arc<CallableTy>) -> Result<Expr, Box<Problem>> {
    let Some(function) = engine.function(symbol) else {
        return Err(Problem::new(Code::NB0900, format!("no function @{symbol} in the module")));
    };
    let source = engine.functions[function].clone();
    if source.arg_names.len() != wanted.arguments.len() || source.variadic() > 0 || source.captures > 0 {
        let n = wanted.arguments.len();
        return Err(Problem::new(Code::NB0202, format!("`{}` does not take {n} argument{}, as the signature says", source.name(), plural(n))).at(arg.position));
    }
    let vals = wanted.arguments.iter().cloned().map(Val::from).collect();
    let Some(target) = engine.instance(function, vals, Some((instance, Span::of(op.location)))) else {
        return Err(Problem::new(Code::NB0201, format!("`{}` has too many versions", source.name())));
    };
    engine.instances[target].addressed = true;
    match call::result(engine, instance, target)? {
        // Not known yet, or reported where the function is.
        Val::Never | Val::Error => {}
        result if result.ty() == wanted.result => {}
        result => {
            let problem = Problem::new(Code::NB0202, format!("`{}` returns {}, but the signature says {}", source.name(), result.ty(), wanted.result)).at(arg.position);
            return Err(problem.help("convert what the function returns"));
        }
    }
    let of = ArrayOp { path: "callable.of", callee: Some(target), kind: None, axis: None, keepdims: false };
    Ok(Expr::Array(of, vec![], Ty::Callable(wanted.clone())))
}

/// Whether an argument of a type is one of another type, or becomes one, without losing what it is.
fn converts(from: &Ty, to: &Ty) -> bool {
    match (from, to) {
        (a, b) if a == b => true,
        (Ty::Scalar(a), Ty::Scalar(b)) => a.is_number() && b.is_number() && (!a.is_complex() || b.is_complex()),
        (Ty::Array(a), Ty::Array(b)) => join_arrays(*a, *b) == Some(*b),
        (Ty::Literal(_), Ty::Str) => true,
        (Ty::Tuple(a), Ty::Tuple(b)) => a.len() == b.len() && a.iter().zip(b.iter()).all(|(a, b)| converts(a, b)),
        (a, Ty::Union(b)) => union::members(&Val::Of(a.clone())).unwrap_or(std::slice::from_ref(a)).iter().all(|a| b.contains(a)),
        _ => false,
    }
}
