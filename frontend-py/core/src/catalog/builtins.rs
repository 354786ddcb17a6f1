//! Python's builtin functions.
use super::{Arg, Call, Row, lists, reductions, row};
use crate::infer::{
    arithmetic,
    call::bind,
    comparison::truth,
    expr::{Expr, Typing, computed, folded, scalar},
    objects::{attribute, iterate, lists as compare, strings, structs, times},
    problem::Problem,
    val::Val,
};
use numbra_abi::DType;
use numbra_dialects::{Code, py::{BinaryKind, CompareKind, Ty, UnaryKind}};
use std::sync::Arc;

pub(super) const ROWS: &[Row] = &[
    row("builtins.abs", "x, /", "abs", abs),
    row("builtins.all", "iterable, /", "numpy.all", any_all),
    row("builtins.any", "iterable, /", "numpy.any", any_all),
    row("builtins.divmod", "x, y, /", "divmod", divmod),
    row("builtins.enumerate", "iterable, start=0", "enumerate", enumerate),
    row("builtins.len", "obj, /", "len", len),
    row("builtins.max", "*args", "max", extremum),
    row("builtins.min", "*args", "min", extremum),
    row("builtins.pow", "base, exp, mod=None", "pow.mod", pow),
    row("builtins.range", "*args", "range", range),
    row("builtins.round", "number, ndigits=None", "round", round),
    row("builtins.sum", "iterable, /, start=0", "sum", sum),
    row("builtins.tuple", "iterable=(), /", "", tuple),
    row("builtins.zip", "*iterables", "zip", zip),
];

/// NumPy's function for a builtin on arrays.
pub fn on_arrays(path: &str) -> Option<&'static str> {
    const NAMES: [(&str, &str); 3] = [("abs", "numpy.absolute"), ("divmod", "numpy.divmod"), ("pow", "numpy.power")];
    let name = path.strip_prefix("builtins.")?;
    NAMES.iter().find(|r| r.0 == name).map(|r| r.1)
}

pub(super) fn abs(call: &Call) -> Typing {
    if let Some(d @ DType::TimeDelta(_)) = call.arg(0)?.val.time() {
        return scalar(d, Expr::builtin("abs", vec![call.arg(0)?.expr.clone()], Ty::Scalar(d)));
    }
    let (d, e) = call.number(0)?;
    match &call.arg(0)?.val {
        Val::Int(i) if *i != i64::MIN => return folded(Val::Int(i.abs())),
        Val::Float(bits) => return folded(Val::float(f64::from_bits(*bits).abs())),
        _ => {}
    }
    let d = if d == DType::Bool { DType::Int64 } else { d };
    scalar(d.part(), Expr::builtin("abs", vec![e.to(d)], Ty::Scalar(d.part())))
}

fn any_all(call: &Call) -> Typing {
    let arg = call.arg(0)?;
    match &arg.val {
        Val::Of(Ty::Array(a)) if a.rank == 1 && !a.dtype.is_record() => scalar(DType::Bool, call.builtin(vec![arg.expr.clone()], Ty::BOOL)),
        Val::Tuple(parts) => {
            let all = call.row.path == "builtins.all";
            let mut result: Option<Expr> = None;
            for (v, e) in parts.iter().zip(arithmetic::elements(&arg.expr, parts)) {
                let one = truth(v, e).map_err(|p| p.at(arg.position))?;
                match (one.val, one.expr) {
                    (Val::Bool(b), _) if b != all => return folded(Val::Bool(b)),
                    (_, Some(e)) => {
                        let kind = if all { BinaryKind::And } else { BinaryKind::Or };
                        result = Some(result.map_or(e.clone(), |l| Expr::binary(kind, l, e, DType::Bool)));
                    }
                    _ => {}
                }
            }
            result.map_or_else(|| folded(Val::Bool(all)), |e| scalar(DType::Bool, e))
        }
        _ => match lists::argument(arg) {
            Some((element, e)) => {
                if element != Val::Never {
                    truth(&element, Expr::Arg(0)).map_err(|p| p.at(arg.position))?;
                }
                scalar(DType::Bool, Expr::builtin(if call.row.path == "builtins.all" { "list.all" } else { "list.any" }, vec![e], Ty::BOOL))
            }
            None => Err(call.refuse(arg, "a list, a tuple or a 1-dimensional array")),
        },
    }
}

fn divmod(call: &Call) -> Typing {
    let (a, b) = (call.arg(0)?, call.arg(1)?);
    if a.val.time().is_some() && b.val.time().is_some() {
        return times::divmod((&a.val, a.expr.clone()), (&b.val, b.expr.clone()));
    }
    let ((_, ea), (_, eb)) = (call.real(0)?, call.real(1)?);
    let d = arithmetic::meet(&a.val, &b.val).unwrap_or(DType::Int64);
    let d = if d == DType::Bool { DType::Int64 } else { d };
    let t = Ty::tuple([Ty::Scalar(d), Ty::Scalar(d)]);
    computed(t.clone(), Expr::builtin("divmod", vec![ea.to(d), eb.to(d)], t))
}

/// An argument as iterable of its own type.
fn iterable(arg: &Arg) -> Result<(Ty, Expr), Box<Problem>> {
    let t = iterate::iterable(&arg.val).and_then(|t| iterate::element(&t).map(|_| t)).map_err(|p| p.at(arg.position))?;
    Ok((t.clone(), arg.expr.clone().cast(&t)))
}

fn enumerate(call: &Call) -> Typing {
    let (t, e) = iterable(call.arg(0)?)?;
    let start = match call.optional(1) {
        Some(_) => call.integer(1)?.1.to(DType::Int64),
        None => Expr::constant(Val::Int(0)),
    };
    let t = Ty::Enumerate(Arc::new(t));
    computed(t.clone(), call.builtin(vec![e, start], t))
}

fn zip(call: &Call) -> Typing {
    let (types, exprs): (Vec<Ty>, Vec<Expr>) = call.rest.iter().map(iterable).collect::<Result<Vec<_>, _>>()?.into_iter().unzip();
    if types.is_empty() {
        return folded(Val::Tuple(Arc::new([])));
    }
    let t = Ty::Zip(types.into());
    computed(t.clone(), call.builtin(exprs, t))
}

fn len(call: &Call) -> Typing {
    let arg = call.arg(0)?;
    match &arg.val {
        Val::Tuple(parts) => folded(Val::Int(parts.len() as i64)),
        v if bind::entries(v).is_some() => folded(Val::Int(bind::entries(v).map_or(0, |s| s.names.len()) as i64)),
        Val::Of(Ty::Literal(s)) => folded(Val::Int(s.chars().count() as i64)),
        Val::Of(Ty::Array(a)) if a.rank > 0 => scalar(DType::Int64, call.builtin(vec![arg.expr.clone()], Ty::INT)),
        Val::Of(Ty::Record(r)) => folded(Val::Int(r.id.record().fields.len() as i64)),
        Val::Of(Ty::Range(_) | Ty::List(_) | Ty::Str) => scalar(DType::Int64, call.builtin(vec![arg.expr.clone()], Ty::INT)),
        _ => Err(call.refuse(arg, "an array, a list, a string, a tuple or a range")),
    }
}

fn extremum(call: &Call) -> Typing {
    let name = call.row.target;
    let (vals, exprs): (Vec<Val>, Vec<Expr>) = match &call.rest[..] {
        [] => return Err(Problem::new(Code::NB0207, format!("`{}` misses its arguments", call.row.path))),
        [one] => match &one.val {
            Val::Of(Ty::Array(a)) if a.rank == 1 && !a.dtype.is_complex() && !a.dtype.is_record() => {
                let path = if name == "min" { "array.min" } else { "array.max" };
                return scalar(a.dtype, Expr::builtin(path, vec![one.expr.clone()], Ty::Scalar(a.dtype)));
            }
            Val::Tuple(parts) if !parts.is_empty() => (parts.to_vec(), arithmetic::elements(&one.expr, parts).collect()),
            _ => match lists::argument(one) {
                Some((element, e)) => {
                    let kind = if name == "min" { CompareKind::Lt } else { CompareKind::Gt };
                    compare::comparable(kind, &element, &element).map_err(|_| call.refuse(one, "elements that have an order"))?;
                    return computed(element.clone(), Expr::builtin(if name == "min" { "list.min" } else { "list.max" }, vec![e], element.ty()));
                }
                None => return Err(call.refuse(one, "several numbers, a list, a tuple or a 1-dimensional array")),
            },
        },
        several => (several.iter().map(|a| a.val.clone()).collect(), several.iter().map(|a| a.expr.clone()).collect()),
    };
    if vals.iter().all(strings::is_string) {
        let list = Expr::builtin("list.new", exprs.into_iter().map(strings::string).collect(), compare::list_of(Ty::Str));
        return computed(Ty::Str, Expr::builtin(if name == "min" { "list.min" } else { "list.max" }, vec![list], Ty::Str));
    }
    if let Some(d) = times::meet_all(&vals) {
        let mut exprs = exprs.into_iter().map(|e| e.to(d));
        let Some(first) = exprs.next() else { return Err(Problem::new(Code::NB0900, "no arguments")) };
        return scalar(d, exprs.fold(first, |a, b| Expr::builtin(name, vec![a, b], Ty::Scalar(d))));
    }
    if let Some(i) = vals.iter().position(|v| v.dtype().is_none_or(DType::is_complex)) {
        return match call.rest.get(i) {
            Some(arg) => Err(call.refuse(arg, "real numbers")),
            None => Err(Problem::new(Code::NB0201, format!("`{}` takes real numbers, not {}", call.row.path, vals[i].describe()))),
        };
    }
    let ints = vals.iter().map(|v| if let Val::Int(i) = v { Some(*i) } else { None }).collect::<Option<Vec<_>>>();
    if let Some(best) = ints.and_then(|i| if name == "min" { i.into_iter().min() } else { i.into_iter().max() }) {
        return folded(Val::Int(best));
    }
    let d = meet_all(&vals);
    let mut exprs = exprs.into_iter().map(|e| e.to(d));
    let Some(first) = exprs.next() else { return Err(Problem::new(Code::NB0900, "no arguments")) };
    scalar(d, exprs.fold(first, |a, b| Expr::builtin(name, vec![a, b], Ty::Scalar(d))))
}

/// The type where all numbers meet; constants are weak.
fn meet_all(vals: &[Val]) -> DType {
    let (literals, typed): (Vec<&Val>, Vec<&Val>) = vals.iter().partition(|v| v.is_number_literal());
    let met = typed.into_iter().chain(literals).fold(None::<Val>, |a, b| Some(match a {
        Some(a) => Val::scalar(arithmetic::meet(&a, b).unwrap_or(DType::Float64)),
        None => b.clone(),
    }));
    met.and_then(|v| v.dtype()).unwrap_or(DType::Int64)
}

fn pow(call: &Call) -> Typing {
    let (base, exp) = (call.arg(0)?, call.arg(1)?);
    if call.optional(2).is_none() {
        return arithmetic::binary_on(BinaryKind::Pow, (&base.val, base.expr.clone()), (&exp.val, exp.expr.clone()));
    }
    let args = (0..3).map(|i| Ok(call.integer(i)?.1.to(DType::Int64))).collect::<Result<Vec<_>, Box<Problem>>>()?;
    scalar(DType::Int64, call.builtin(args, Ty::INT))
}

pub(super) fn range(call: &Call) -> Typing {
    let int = |arg: &Arg| match arg.val.dtype() {
        Some(d) if d.is_integer() || d == DType::Bool => Ok(arg.expr.clone().to(DType::Int64)),
        _ => Err(call.refuse(arg, "integers").help(if arg.val.dtype().is_some() { "convert it: `int(x)`" } else { "`range(stop)` or `range(start, stop, step)`" })),
    };
    let constant = |i| Expr::constant(Val::Int(i));
    let parts = match &call.rest[..] {
        [stop] => vec![constant(0), int(stop)?, constant(1)],
        [start, stop] => vec![int(start)?, int(stop)?, constant(1)],
        [start, stop, step] => vec![int(start)?, int(stop)?, int(step)?],
        args => return Err(Problem::new(Code::NB0207, format!("`{}` takes 1 to 3 arguments, but {} are given", call.row.path, args.len()))),
    };
    computed(Ty::Range(DType::Int64), call.builtin(parts, Ty::Range(DType::Int64)))
}

fn round(call: &Call) -> Typing {
    let (d, e) = call.real(0)?;
    let Some(digits) = call.optional(1) else {
        if !d.is_float() {
            return arithmetic::unary_on(UnaryKind::Pos, &call.arg(0)?.val, e);
        }
        let rounded = call.builtin(vec![e.to(DType::Float64)], Ty::FLOAT);
        return scalar(DType::Int64, rounded.to(DType::Int64));
    };
    if !d.is_float() {
        return Err(call.refuse(digits, "no digits for an integer"));
    }
    let n = call.integer(1)?.1.to(DType::Int64);
    scalar(d, Expr::builtin("round.digits", vec![e.to(DType::Float64), n], Ty::FLOAT).to(d))
}

fn sum(call: &Call) -> Typing {
    let arg = call.arg(0)?;
    let start = call.optional(1).map_or((Val::Int(0), Expr::constant(Val::Int(0))), |a| (a.val.clone(), a.expr.clone()));
    match &arg.val {
        Val::Of(Ty::Array(a)) if a.rank == 1 && start.0 == Val::Int(0) && matches!(a.dtype, DType::TimeDelta(_)) => {
            scalar(a.dtype, Expr::builtin("numpy.sum", vec![arg.expr.clone()], Ty::Scalar(a.dtype)))
        }
        Val::Of(Ty::Array(a)) if a.rank == 1 => {
            let d = reductions::accumulator(&start.0, &Val::scalar(a.dtype)).ok_or_else(|| call.refuse(arg, "numbers"))?;
            scalar(d, call.builtin(vec![arg.expr.clone(), start.1.to(d)], Ty::Scalar(d)))
        }
        Val::Tuple(parts) => {
            let mut total = start;
            for (v, e) in parts.iter().zip(arithmetic::elements(&arg.expr, parts)) {
                let next = arithmetic::binary_on(BinaryKind::Add, (&total.0, total.1), (v, e)).map_err(|p| p.at(arg.position))?;
                let expr = next.whole();
                total = (next.val, expr);
            }
            if total.0.is_static() { folded(total.0) } else { computed(total.0.clone(), total.1) }
        }
        _ => match lists::argument(arg) {
            Some((Val::Never, _)) => computed(Val::Never, Expr::constant(Val::Int(0))),
            // Nothing can be in it.
            Some((Val::Of(Ty::None), _)) => if start.0.is_static() { folded(start.0) } else { computed(start.0.clone(), start.1) },
            Some((element, e)) => {
                let d = reductions::accumulator(&start.0, &element).ok_or_else(|| call.refuse(arg, "numbers"))?;
                scalar(d, Expr::builtin("list.sum", vec![e, start.1.to(d)], Ty::Scalar(d)))
            }
            None => Err(call.refuse(arg, "a list, a tuple or a 1-dimensional array").help("write the loop")),
        },
    }
}

fn tuple(call: &Call) -> Typing {
    match call.args.first().and_then(Option::as_ref) {
        None => folded(Val::Tuple(Arc::new([]))),
        Some(arg) => match &arg.val {
            v @ Val::Tuple(_) if v.is_static() => folded(v.clone()),
            v @ Val::Tuple(_) => computed(v.clone(), arg.expr.clone()),
            _ => Err(call.refuse(arg, "a tuple").help("the length of a tuple must be known when the function is compiled")),
        },
    }
}

/// A shape argument: an integer, or a tuple of integers.
pub(super) fn shape(call: &Call, i: usize) -> Result<(usize, Expr), Box<Problem>> {
    let arg = call.arg(i)?;
    if arg.val.dtype().is_some_and(DType::is_integer) {
        return Ok((1, Expr::Tuple(vec![arg.expr.clone().to(DType::Int64)], attribute::shape_type(1))));
    }
    let wrong = || call.refuse(arg, "an integer or a tuple of integers as shape");
    let Val::Tuple(parts) = &arg.val else { return Err(wrong()) };
    if parts.is_empty() {
        return Ok((0, Expr::Tuple(vec![], attribute::shape_type(0))));
    }
    // Members of an enumeration of integers are integers.
    let plain = |(p, e): (&Val, Expr)| structs::plain(p, &e).unwrap_or_else(|| (p.clone(), e));
    let lengths: Vec<(Val, Expr)> = parts.iter().zip(arithmetic::elements(&arg.expr, parts)).map(plain).collect();
    if lengths.iter().any(|(p, _)| !p.dtype().is_some_and(DType::is_integer)) {
        return Err(wrong());
    }
    let exprs = lengths.into_iter().map(|(_, e)| e.to(DType::Int64)).collect();
    Ok((parts.len(), Expr::Tuple(exprs, attribute::shape_type(parts.len()))))
}
