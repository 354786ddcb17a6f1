//! Iteration and unpacking.
use crate::infer::{
    arithmetic::{build_tuple, elements},
    call::plural,
    expr::{Expr, Typed, Typing, computed},
    problem::Problem,
    val::{Val, join},
};
use numbra_dialects::{Code, py::{ArrayTy, Layout, Ty}};
use std::sync::Arc;

/// The type of the elements of an iterable; `None` if it has none (an empty tuple).
pub fn element(t: &Ty) -> Result<Option<Ty>, Box<Problem>> {
    match t {
        Ty::Range(d) => Ok(Some(Ty::Scalar(*d))),
        Ty::Array(a) if a.rank == 0 => Err(Problem::new(Code::NB0205, "a 0-dimensional array cannot be iterated")),
        Ty::Array(a) if a.rank == 1 => Ok(Some(a.element())),
        Ty::Array(a) => {
            let layout = if a.layout == Layout::C { Layout::C } else { Layout::A };
            Ok(Some(Ty::Array(ArrayTy { rank: a.rank - 1, layout, ..*a })))
        }
        Ty::Tuple(parts) => match parts.iter().map(|p| Val::from(p.clone())).reduce(|a, b| join(&a, &b)) {
            Some(Val::Conflict(_)) => {
                let problem = Problem::new(Code::NB0205, format!("{t} has elements of several types, so a loop over it has no type"));
                Err(problem.help("convert the elements to one type, or write the steps one by one"))
            }
            element => Ok(element.map(|v| v.ty())),
        },
        Ty::List(of) => Ok(Some((**of).clone())),
        Ty::Str | Ty::Literal(_) => Ok(Some(Ty::Str)),
        Ty::Iterator(of) => element(of),
        Ty::Enumerate(of) => Ok(element(of)?.map(|e| Ty::tuple([Ty::INT, e]))),
        Ty::Zip(of) => Ok(of.iter().map(element).collect::<Result<Option<Vec<_>>, _>>()?.map(Ty::tuple)),
        t if *t == Ty::INT => Err(Problem::new(Code::NB0205, format!("{t} cannot be iterated")).help("`range(n)` counts up to n")),
        t => Err(Problem::new(Code::NB0205, format!("{t} cannot be iterated"))),
    }
}

/// `iter(x)`
pub fn iter(v: &Val) -> Typing {
    element(&iterable(v)?)?;
    if let Val::Of(Ty::Iterator(_)) = v {
        return computed(v.clone(), Expr::Arg(0));
    }
    let t = Ty::Iterator(Arc::new(iterable(v)?));
    computed(t.clone(), Expr::Iter(Box::new(Expr::Arg(0).cast(&iterable(v)?)), t))
}

/// The type in which an object is iterated.
pub fn iterable(v: &Val) -> Result<Ty, Box<Problem>> {
    match v.ty() {
        Ty::Any => Err(Problem::new(Code::NB0205, format!("{} cannot be iterated", v.describe()))),
        Ty::Tuple(parts) => Ok(match element(&Ty::Tuple(parts.clone()))? {
            Some(one) => Ty::tuple(std::iter::repeat_n(one, parts.len())),
            None => Ty::Tuple(parts),
        }),
        Ty::Literal(_) => Ok(Ty::Str),
        t => Ok(t),
    }
}

/// One step of an iterator: whether there is an element, and the element.
pub fn next(v: &Val) -> Result<Vec<Typed>, Box<Problem>> {
    let Val::Of(Ty::Iterator(of)) = v else { return Err(Problem::new(Code::NB0205, format!("{} is not an iterator", v.describe()))) };
    Ok(match element(of)? {
        Some(t) => vec![Typed { val: Val::Of(Ty::BOOL), expr: Some(Expr::Arg(0)) }, Typed { val: t.into(), expr: Some(Expr::Arg(0)) }],
        None => vec![Typed { val: Val::Bool(false), expr: None }, Typed { val: Val::Error, expr: None }],
    })
}

/// An iterable of known length taken apart; one result may take what the others leave.
pub fn unpack(v: &Val, count: usize, starred: Option<usize>) -> Result<Vec<Typed>, Box<Problem>> {
    if let (Val::Of(Ty::List(element)), None) = (v, starred) {
        return Ok(super::lists::unpack(element, count));
    }
    let Val::Tuple(parts) = v else {
        let problem = Problem::new(Code::NB0205, format!("{} cannot be unpacked: its length is not known", v.describe()));
        return Err(if v.ty().array().is_some() { problem.help("take the elements by index: `x, y = a[0], a[1]`") } else { problem });
    };
    let all: Vec<(Val, Expr)> = parts.iter().cloned().zip(elements(&Expr::Arg(0), parts)).collect();
    let typed = |(v, e): &(Val, Expr)| Typed { val: v.clone(), expr: (!v.is_static()).then(|| e.clone()) };
    let Some(star) = starred else {
        if parts.len() != count {
            let message = format!("{} element{} cannot be unpacked into {count} variable{}", parts.len(), plural(parts.len()), plural(count));
            return Err(Problem::new(Code::NB0205, message));
        }
        return Ok(all.iter().map(typed).collect());
    };
    let Some(taken) = (parts.len() + 1).checked_sub(count) else {
        let (given, least) = (parts.len(), count - 1);
        return Err(Problem::new(Code::NB0205, format!("{given} element{} cannot be unpacked into at least {least} variable{}", plural(given), plural(least))));
    };
    let (vals, exprs): (Vec<Val>, Vec<Expr>) = all[star..star + taken].iter().cloned().unzip();
    let middle = build_tuple(Val::Tuple(vals.into()), exprs)?;
    Ok(all[..star].iter().map(typed).chain([middle]).chain(all[star + taken..].iter().map(typed)).collect())
}

/// Whether the library takes an iterable apart: its length is known at run time only, and its elements have places.
pub fn by_library(v: &Val, starred: Option<usize>) -> bool {
    matches!(v, Val::Of(Ty::Array(_) | Ty::Range(_))) || (starred.is_some() && matches!(v, Val::Of(Ty::List(_))))
}

/// The elements of a tuple that an expression computes.
pub fn parts(tuple: &Typed) -> Vec<Typed> {
    let Val::Tuple(vals) = &tuple.val else { return vec![] };
    let one = |(i, v): (usize, &Val)| Typed { val: v.clone(), expr: tuple.expr.clone().map(|e| Expr::Element(Box::new(e), i, v.ty())) };
    vals.iter().enumerate().map(one).collect()
}
