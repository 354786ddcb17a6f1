//! Lists: the class, its methods, and the builtin functions that make lists.
use super::{Arg, Call, Row, row};
use crate::infer::{
    arithmetic,
    comparison::truth,
    expr::{Expr, Typing, computed, folded},
    objects::{iterate, lists::{self, comparable, extension, fresh, from_iterable, list_of, stored, with}, strings::{is_string, string}},
    problem::Problem,
    val::Val,
};
use numbra_abi::DType;
use numbra_dialects::{Code, py::{CompareKind, Ty}};
use std::sync::Arc;

pub(super) const ROWS: &[Row] = &[
    row("builtins.list", "iterable=(), /", "", list),
    row("builtins.reversed", "sequence, /", "", reversed),
    row("builtins.sorted", "iterable, /, key=None, reverse=None", "list.sorted", sorted),
    row("list.__delitem__", "self, index, /", "list.delete", delete),
    row("list.append", "self, object, /", "list.append", append),
    row("list.clear", "self, /", "list.clear", plain),
    row("list.copy", "self, /", "list.from", copy),
    row("list.count", "self, value, /", "list.count", search),
    row("list.extend", "self, iterable, /", "list.extend", extend),
    row("list.index", "self, value, start=0, stop=None, /", "list.index", search),
    row("list.insert", "self, index, object, /", "list.insert", insert),
    row("list.pop", "self, index=-1, /", "list.pop", pop),
    row("list.remove", "self, value, /", "list.remove", search),
    row("list.reverse", "self, /", "list.reverse", plain),
    row("list.sort", "self, /, key=None, reverse=None", "list.sort", sort),
];

/// The list that a method is called on, and its element type.
fn receiver(call: &Call) -> Result<(Ty, Expr), Box<Problem>> {
    let arg = call.arg(0)?;
    match &arg.val {
        Val::Of(Ty::List(e)) => Ok(((**e).clone(), arg.expr.clone())),
        _ => Err(call.refuse(arg, "a list")),
    }
}

fn plain(call: &Call) -> Typing {
    let (_, e) = receiver(call)?;
    computed(Ty::None, call.builtin(vec![e], Ty::None))
}

fn append(call: &Call) -> Typing {
    let (element, e) = receiver(call)?;
    let value = call.arg(1)?;
    let wide = with(&element, &value.val).map_err(|p| p.at(value.position))?;
    computed(Ty::None, call.builtin(vec![e.cast(&list_of(wide.clone())), value.expr.clone().cast(&wide)], Ty::None))
}

fn insert(call: &Call) -> Typing {
    let (element, e) = receiver(call)?;
    let (index, value) = (call.integer(1)?.1.to(DType::Int64), call.arg(2)?);
    let wide = with(&element, &value.val).map_err(|p| p.at(value.position))?;
    computed(Ty::None, call.builtin(vec![e.cast(&list_of(wide.clone())), index, value.expr.clone().cast(&wide)], Ty::None))
}

fn extend(call: &Call) -> Typing {
    let (element, e) = receiver(call)?;
    let value = call.arg(1)?;
    let (wide, source) = extension(&element, &value.val, value.expr.clone()).map_err(|p| p.at(value.position))?;
    computed(Ty::None, call.builtin(vec![e.cast(&list_of(wide)), source], Ty::None))
}

fn pop(call: &Call) -> Typing {
    let (element, e) = receiver(call)?;
    let index = match call.optional(1) {
        Some(_) => call.integer(1)?.1.to(DType::Int64),
        None => Expr::constant(Val::Int(-1)),
    };
    computed(element.clone(), call.builtin(vec![e, index], element))
}

fn delete(call: &Call) -> Typing {
    let (_, e) = receiver(call)?;
    let index = match &call.arg(1)?.val {
        Val::Of(Ty::Slice(_)) => call.arg(1)?.expr.clone(),
        _ => call.integer(1)?.1.to(DType::Int64),
    };
    computed(Ty::None, call.builtin(vec![e, index], Ty::None))
}

fn copy(call: &Call) -> Typing {
    let (element, e) = receiver(call)?;
    fresh("list.from", vec![e], element)
}

fn search(call: &Call) -> Typing {
    let (element, e) = receiver(call)?;
    let value = call.arg(1)?;
    let same = comparable(CompareKind::Eq, &Val::from(element), &value.val).map_err(|p| p.at(value.position))?;
    if same == Some(false) && call.row.target == "list.count" {
        return folded(Val::Int(0));
    }
    let mut args = vec![e, value.expr.clone().cast(&stored(&value.val)?)];
    if call.row.target == "list.index" {
        for (i, default) in [(2, 0), (3, i64::MAX)] {
            args.push(if call.optional(i).is_some() { call.integer(i)?.1.to(DType::Int64) } else { Expr::constant(Val::Int(default)) });
        }
    }
    let t = if call.row.target == "list.remove" { Ty::None } else { Ty::INT };
    computed(t.clone(), call.builtin(args, t))
}

fn list(call: &Call) -> Typing {
    match call.args.first().and_then(Option::as_ref) {
        None => fresh("list.new", vec![], Ty::Any),
        Some(arg) => {
            let (element, e) = from_iterable(&arg.val, arg.expr.clone(), &Ty::Any).map_err(|p| p.at(arg.position))?;
            computed(list_of(element), e)
        }
    }
}

/// Whether the order is reversed, as a bool.
fn direction(call: &Call, i: usize) -> Result<Expr, Box<Problem>> {
    let Some(arg) = call.optional(i) else { return Ok(Expr::constant(Val::Bool(false))) };
    let t = truth(&arg.val, arg.expr.clone()).map_err(|p| p.at(arg.position))?;
    Ok(t.whole())
}

fn refuse_key(call: &Call, i: usize) -> Result<(), Box<Problem>> {
    match call.optional(i) {
        Some(arg) => {
            let problem = Problem::new(Code::NB0201, format!("the argument `key` of `{}` is not supported", call.row.path)).at(arg.position);
            Err(problem.help("sort a list of tuples whose first element is the key"))
        }
        None => Ok(()),
    }
}

fn ordered(call: &Call, arg: &Arg, element: &Ty) -> Result<(), Box<Problem>> {
    let v = Val::from(element.clone());
    match comparable(CompareKind::Lt, &v, &v) {
        Ok(_) => Ok(()),
        Err(_) => Err(call.refuse(arg, "elements that have an order")),
    }
}

fn sort(call: &Call) -> Typing {
    let (element, e) = receiver(call)?;
    refuse_key(call, 1)?;
    ordered(call, call.arg(0)?, &element)?;
    computed(Ty::None, call.builtin(vec![e, direction(call, 2)?], Ty::None))
}

fn sorted(call: &Call) -> Typing {
    let arg = call.arg(0)?;
    refuse_key(call, 1)?;
    let (element, e) = match &arg.val {
        Val::Of(Ty::List(e)) => ((**e).clone(), arg.expr.clone()),
        v => from_iterable(v, arg.expr.clone(), &Ty::Any).map_err(|p| p.at(arg.position))?,
    };
    ordered(call, arg, &element)?;
    fresh("list.sorted", vec![e, direction(call, 2)?], element)
}

fn reversed(call: &Call) -> Typing {
    let arg = call.arg(0)?;
    let e = arg.expr.clone();
    match &arg.val {
        v if is_string(v) => fresh("list.reversed", vec![Expr::builtin("list.from", vec![string(e)], list_of(Ty::Str))], Ty::Str),
        Val::Of(Ty::List(element)) => fresh("list.reversed", vec![e], (**element).clone()),
        Val::Of(t @ Ty::Range(_)) => computed(t.clone(), Expr::builtin("range.reversed", vec![e], t.clone())),
        Val::Tuple(parts) => {
            let back = arithmetic::elements(&e, parts).collect::<Vec<_>>().into_iter().rev().collect();
            arithmetic::build_tuple(Val::Tuple(parts.iter().rev().cloned().collect()), back)
        }
        Val::Of(Ty::Array(a)) if a.rank > 0 => {
            let types = Arc::new([Ty::None, Ty::None, Ty::INT]);
            let parts = vec![Expr::constant(Val::NONE), Expr::constant(Val::NONE), Expr::constant(Val::Int(-1))];
            let t = Ty::Array(numbra_dialects::py::ArrayTy { layout: numbra_dialects::py::Layout::A, ..*a });
            computed(t.clone(), Expr::GetItem(Box::new(e), Box::new(Expr::Slice(parts, Ty::Slice(types))), t))
        }
        _ => Err(call.refuse(arg, "a list, a tuple, a range or an array")),
    }
}

/// A list argument of a builtin function, with the type of its elements.
pub(super) fn argument(arg: &Arg) -> Option<(Val, Expr)> {
    match &arg.val {
        Val::Of(Ty::List(e)) => Some((Val::from((**e).clone()), arg.expr.clone())),
        Val::Of(t @ (Ty::Range(_) | Ty::Enumerate(_) | Ty::Zip(_) | Ty::Iterator(_))) => {
            let element = iterate::element(t).ok()??;
            Some((Val::from(element.clone()), Expr::builtin("list.from", vec![arg.expr.clone()], lists::list_of(element))))
        }
        _ => None,
    }
}
