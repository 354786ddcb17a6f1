//! Lists: displays, elements, operators. The element type is what all that is ever stored has in common; while nothing is known of it, it is `any`.
//! A rule that stores something wider says so by a cast of the list: [`crate::infer::widen`] then widens the lists that the value can be.
use super::iterate;
use crate::infer::{
    call::Arguments,
    comparison::compare_on,
    expr::{Expr, Typed, Typing, computed, folded},
    problem::Problem,
    val::{Val, join},
};
use numbra_abi::DType;
use numbra_dialects::{Code, py::{BinaryKind, CompareKind, Ty}};
use std::sync::Arc;

/// The type of lists of elements of a type.
pub fn list_of(element: Ty) -> Ty {
    Ty::List(Arc::new(element))
}

/// The type in which a list holds a value.
pub fn stored(v: &Val) -> Result<Ty, Box<Problem>> {
    let refuse = || Problem::new(Code::NB0201, format!("{} cannot be put into a list", v.describe()));
    Ok(match v {
        Val::Never => Ty::Any,
        Val::Tuple(parts) => Ty::tuple(parts.iter().map(stored).collect::<Result<Vec<_>, _>>()?),
        v => match super::strings::stored(&v.ty()) {
            t @ (Ty::Scalar(_) | Ty::None | Ty::Array(_) | Ty::List(_) | Ty::Range(_) | Ty::Str | Ty::Union(_) | Ty::Closure(..) | Ty::Struct(_)) => t,
            t @ (Ty::Record(_) | Ty::Callable(_) | Ty::Function(_) | Ty::Entity(_) | Ty::Literal(_) | Ty::Slice(_) | Ty::Ellipsis) => t,
            _ => return Err(refuse()),
        },
    })
}

/// The element type of a list that gets one more value.
pub fn with(element: &Ty, v: &Val) -> Result<Ty, Box<Problem>> {
    let t = stored(v)?;
    if *element == Ty::Any || *element == t {
        return Ok(t);
    }
    let other = if v.is_number_literal() { v.clone() } else { Val::from(t) };
    match join(&Val::from(element.clone()), &other).widen() {
        Val::Conflict(_) => {
            let problem = Problem::new(Code::NB0202, format!("a list of {element} cannot hold {}", v.describe()));
            Err(problem.help("the elements of a list have one type: use a list for each, or a tuple"))
        }
        joined => Ok(joined.ty()),
    }
}

/// `[a, b]`
pub fn display(elements: Arguments) -> Typing {
    let mut element = Ty::Any;
    for (_, a) in &elements {
        element = with(&element, &a.val).map_err(|p| p.at(a.position))?;
    }
    let parts = elements.into_iter().map(|(_, a)| a.expr.cast(&element)).collect();
    fresh("list.new", parts, element)
}

/// A new list, made by a row of the typed stage's list.
pub fn fresh(path: &'static str, args: Vec<Expr>, element: Ty) -> Typing {
    let t = list_of(element);
    computed(t.clone(), Expr::builtin(path, args, t))
}

/// A list as one of wider elements: itself while nothing is known of its elements, else a copy.
pub fn converted(e: Expr, from: &Ty, to: &Ty) -> Expr {
    match from {
        from if from == to => e,
        Ty::Any => e.cast(&list_of(to.clone())),
        _ => Expr::builtin("list.from", vec![e], list_of(to.clone())),
    }
}

/// A new list of the elements of any iterable; the element type includes `also`.
pub fn from_iterable(v: &Val, e: Expr, also: &Ty) -> Result<(Ty, Expr), Box<Problem>> {
    if let Val::Tuple(parts) = v {
        let element = parts.iter().try_fold(also.clone(), |t, p| with(&t, p))?;
        let parts = crate::infer::arithmetic::elements(&e, parts).map(|p| p.cast(&element)).collect();
        return Ok((element.clone(), Expr::builtin("list.new", parts, list_of(element))));
    }
    let t = iterate::iterable(v)?;
    let of = iterate::element(&t)?.unwrap_or(Ty::Any);
    let element = with(also, &Val::from(of))?;
    Ok((element.clone(), Expr::builtin("list.from", vec![e.cast(&t)], list_of(element))))
}

fn integer(v: &Val, e: Expr) -> Option<Expr> {
    v.dtype().filter(|d| d.is_integer() || *d == DType::Bool).map(|_| e.to(DType::Int64))
}

fn bad_index(v: &Val) -> Box<Problem> {
    let problem = Problem::new(Code::NB0204, format!("{} is not an index of a list", v.describe())).at(1);
    if v.dtype().is_some_and(DType::is_float) { problem.help("convert it: `int(x)`") } else { problem }
}

/// `list[index]`
pub fn getitem(element: &Ty, index: &Val) -> Typing {
    if let Val::Of(Ty::Slice(_)) = index {
        return fresh("list.slice", vec![Expr::Arg(0), Expr::Arg(1)], element.clone());
    }
    let index = integer(index, Expr::Arg(1)).ok_or_else(|| bad_index(index))?;
    computed(element.clone(), Expr::builtin("list.get", vec![Expr::Arg(0), index], element.clone()))
}

/// `list[index] = value`
pub fn setitem(element: &Ty, index: &Val, value: &Val) -> Typing {
    if let Val::Of(Ty::Slice(_)) = index {
        let (wide, source) = from_iterable(value, Expr::Arg(2), element).map_err(|p| p.at(2))?;
        return computed(Ty::None, Expr::builtin("list.set_slice", vec![Expr::Arg(0).cast(&list_of(wide)), Expr::Arg(1), source], Ty::None));
    }
    let index = integer(index, Expr::Arg(1)).ok_or_else(|| bad_index(index))?;
    let wide = with(element, value).map_err(|p| p.at(2))?;
    computed(Ty::None, Expr::builtin("list.set", vec![Expr::Arg(0).cast(&list_of(wide.clone())), index, Expr::Arg(2).cast(&wide)], Ty::None))
}

/// Concatenation and repetition.
pub fn binary(kind: BinaryKind, (a, ea): (&Val, &Expr), (b, eb): (&Val, &Expr)) -> Option<Typing> {
    match (kind, a, b) {
        (BinaryKind::Add, Val::Of(Ty::List(x)), Val::Of(Ty::List(y))) => {
            let element = match with(x, &Val::from((**y).clone())) {
                Ok(t) => t,
                Err(p) => return Some(Err(p)),
            };
            Some(fresh("list.concat", vec![converted(ea.clone(), x, &element), converted(eb.clone(), y, &element)], element))
        }
        (BinaryKind::Mul, Val::Of(Ty::List(x)), n) => Some(fresh("list.repeat", vec![ea.clone(), integer(n, eb.clone())?], (**x).clone())),
        (BinaryKind::Mul, n, Val::Of(Ty::List(y))) => Some(fresh("list.repeat", vec![eb.clone(), integer(n, ea.clone())?], (**y).clone())),
        _ => None,
    }
}

/// `list += iterable`: the list itself, extended.
pub fn inplace_add(element: &Ty, value: &Val) -> Typing {
    let (wide, source) = extension(element, value, Expr::Arg(1)).map_err(|p| p.at(1))?;
    let t = list_of(wide);
    computed(t.clone(), Expr::builtin("list.inplace_add", vec![Expr::Arg(0).cast(&t), source], t))
}

/// What a list is extended by: the element type after it, and the iterable.
pub fn extension(element: &Ty, value: &Val, e: Expr) -> Result<(Ty, Expr), Box<Problem>> {
    if let Val::Tuple(_) = value {
        return from_iterable(value, e, element);
    }
    let t = iterate::iterable(value)?;
    let wide = with(element, &Val::from(iterate::element(&t)?.unwrap_or(Ty::Any)))?;
    Ok((wide, e.cast(&t)))
}

/// Whether elements can be compared; where the result is known from the types alone, it is that.
pub fn comparable(kind: CompareKind, a: &Val, b: &Val) -> Result<Option<bool>, Box<Problem>> {
    if *a == Val::Never || *b == Val::Never {
        return Ok(None);
    }
    let times = (a.time().is_some() || b.time().is_some()) && a.ty() != b.ty();
    if times || matches!((a, b), (Val::Of(Ty::Union(_)), _) | (_, Val::Of(Ty::Union(_)))) {
        return Err(Problem::new(Code::NB0200, format!("elements of type {} are not compared with {}", a.describe(), b.describe())));
    }
    let typed = compare_on(kind, (a, Expr::Arg(0)), (b, Expr::Arg(0)))?;
    Ok(if let Val::Bool(known) = typed.val { Some(known) } else { None })
}

/// A comparison of two lists.
pub fn compare(kind: CompareKind, (x, ea): (&Ty, Expr), (y, eb): (&Ty, Expr)) -> Typing {
    comparable(kind, &Val::from(x.clone()), &Val::from(y.clone()))?;
    // An empty list is of the other's type.
    let (ea, eb) = match (x, y) {
        (Ty::Any, y) => (ea.cast(&list_of(y.clone())), eb),
        (x, Ty::Any) => (ea, eb.cast(&list_of(x.clone()))),
        _ => (ea, eb),
    };
    computed(Ty::BOOL, Expr::compare(kind, ea, eb))
}

/// `value in list`
pub fn contains(element: &Ty, v: &Val, (e, list): (Expr, Expr)) -> Typing {
    if comparable(CompareKind::Eq, &Val::from(element.clone()), v)? == Some(false) {
        return folded(Val::Bool(false));
    }
    computed(Ty::BOOL, Expr::builtin("list.contains", vec![list, e.cast(&stored(v)?)], Ty::BOOL))
}

/// A list taken apart.
pub fn unpack(element: &Ty, count: usize) -> Vec<Typed> {
    let constant = |n: usize| Expr::constant(Val::Int(n as i64));
    let take = |i| Expr::builtin("list.unpack", vec![Expr::Arg(0), constant(i), constant(count)], element.clone());
    (0..count).map(|i| Typed { val: element.clone().into(), expr: Some(take(i)) }).collect()
}
