//! Subscripts of arrays and tuples: which elements or view they name, and the layout of the view as NumPy's strides would have it.
use super::{lists, records, strings, times};
use crate::infer::{
    arithmetic::{build_tuple, elements},
    call::bind,
    expr::{ArrayOp, Expr, Typing, computed, folded},
    problem::Problem,
    val::{Val, join},
};
use numbra_abi::{DType, dtype::Kind};
use numbra_dialects::{Code, py::{ArrayTy, Layout, Ty}};
use std::sync::Arc;

/// What a subscript does with one axis.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Axis {
    /// Removed by an integer
    Removed,
    /// Kept whole
    Whole,
    /// Cut, in steps of one
    Cut,
    /// Cut in other steps
    Stepped,
    /// New, of length 1
    New,
}

/// `object[index]`
pub fn getitem(object: &Val, index: &Val) -> Typing {
    if let (Some(entries), Val::Of(Ty::Literal(key))) = (bind::entries(object), index) {
        let Some(i) = entries.field(key) else {
            return Err(Problem::new(Code::NB0204, format!("there is no keyword argument `{key}`")).at(1).help("`name in kwargs` tells whether there is one, when the function is compiled"));
        };
        let (val, expr) = bind::entry(Expr::Arg(0), entries, i);
        return if val.is_static() { folded(val) } else { computed(val, expr) };
    }
    if let Some(typing) = records::getitem(object, index) {
        return typing;
    }
    match object {
        Val::Of(Ty::Array(a)) => {
            let (result, index) = subscript(*a, index)?;
            computed(result.clone(), Expr::GetItem(Box::new(Expr::Arg(0)), Box::new(index), result))
        }
        Val::Tuple(parts) => tuple_item(parts, index),
        Val::Of(Ty::Range(d)) => match index.dtype() {
            Some(i) if i.is_integer() => computed(Ty::Scalar(*d), Expr::builtin("range.item", vec![Expr::Arg(0), Expr::Arg(1).to(DType::Int64)], Ty::Scalar(*d))),
            _ => Err(Problem::new(Code::NB0204, format!("{} is not an index of a range", index.describe())).at(1)),
        },
        Val::Of(Ty::List(element)) => lists::getitem(element, index),
        v if strings::is_string(v) => strings::getitem(v, index),
        v => Err(Problem::new(Code::NB0204, format!("{} cannot be indexed", v.describe())).at(0)),
    }
}

/// `object[index] = value`
pub fn setitem(object: &Val, index: &Val, value: &Val) -> Typing {
    if let Val::Of(Ty::List(element)) = object {
        return lists::setitem(element, index, value);
    }
    if let Some(typing) = records::setitem(object, index, value) {
        return typing;
    }
    let Val::Of(Ty::Array(a)) = object else {
        let problem = Problem::new(Code::NB0204, format!("{} does not take item assignment", object.describe())).at(0);
        return Err(if matches!(object, Val::Tuple(_)) { problem.help("tuples never change: build a new one, or use an array") } else { problem });
    };
    if a.readonly {
        let problem = Problem::new(Code::NB0209, format!("{} is read-only", object.describe())).at(0);
        return Err(problem.help("work on a copy: `a = a.copy()`"));
    }
    let (target, index) = subscript(*a, index)?;
    let value = match (&target, value) {
        (_, Val::Of(Ty::Array(v))) if v.rank > 0 && target.array().is_none() => {
            return Err(Problem::new(Code::NB0204, format!("an element of {} cannot hold {}", object.describe(), value.describe())).at(2));
        }
        (Ty::Array(t), Val::Of(Ty::Array(v))) => {
            if v.rank > t.rank {
                let message = format!("{} has more dimensions than the {}-dimensional part that it is assigned to", value.describe(), t.rank);
                return Err(Problem::new(Code::NB0204, message).at(2));
            }
            if v.dtype != a.dtype && converts(*a, *v, t.rank) {
                let write = ArrayOp { path: "array.map_into", callee: None, kind: None, axis: None, keepdims: false };
                let part = Expr::GetItem(Box::new(Expr::Arg(0)), Box::new(index), target.clone());
                return computed(Ty::None, Expr::Array(write, vec![part, Expr::Arg(2)], target));
            }
            if v.dtype != a.dtype {
                let message = format!("{} cannot be assigned to elements of type {}", value.describe(), a.dtype.name());
                return Err(Problem::new(Code::NB0204, message).at(2).help("element types must agree: assign element by element, converting each"));
            }
            Expr::Arg(2)
        }
        (_, v) => match v.dtype() {
            Some(d) if d.is_complex() && !a.dtype.is_complex() => {
                let message = format!("{} cannot be stored in {}", v.describe(), object.describe());
                return Err(Problem::new(Code::NB0204, message).at(2).help("store its `.real`, or use an array of complex numbers"));
            }
            Some(_) if a.dtype.is_number() => Expr::Arg(2).to(a.dtype),
            _ if a.dtype.is_record() && records::stored(v, Expr::Arg(2), a.dtype).is_some() => Expr::Arg(2),
            _ if a.dtype.unit().is_some() => times::converted(v, Expr::Arg(2), a.dtype).map_err(|p| p.at(2))?,
            _ => return Err(Problem::new(Code::NB0204, format!("{} cannot be stored in {}", v.describe(), object.describe())).at(2)),
        },
    };
    computed(Ty::None, Expr::SetItem(Box::new(Expr::Arg(0)), Box::new(index), Box::new(value)))
}

// Whether elements of an array become those of a part of another one by a cast.
fn converts(a: ArrayTy, v: ArrayTy, rank: usize) -> bool {
    a.dtype.is_number() && v.dtype.is_number() && (a.dtype.is_complex() || !v.dtype.is_complex()) && rank > 0 && v.rank <= rank
}

/// Whether an array has axes in front that the part of another one to which it is assigned does not have, or none where the part is an element.
pub fn has_other_axes(a: ArrayTy, index: &Val, v: ArrayTy) -> bool {
    subscript(a, index).is_ok_and(|(part, _)| part.array().map_or(v.rank == 0, |part| v.rank > part.rank))
}

/// Whether the elements of an array are cast where they are assigned to a part of another one.
pub fn assigns_converted(a: ArrayTy, index: &Val, v: ArrayTy) -> bool {
    subscript(a, index).is_ok_and(|(part, _)| part.array().is_some_and(|part| converts(a, v, part.rank)))
}

/// The type that a subscript yields, and the subscript with its integers converted.
fn subscript(a: ArrayTy, index: &Val) -> Result<(Ty, Expr), Box<Problem>> {
    let single = [index.clone()];
    let (items, exprs): (&[Val], Vec<Expr>) = match index {
        Val::Tuple(items) => (items, elements(&Expr::Arg(1), items).collect()),
        _ => (&single, vec![Expr::Arg(1)]),
    };
    let consumes = |v: &&Val| !matches!(v, Val::Of(Ty::None | Ty::Ellipsis));
    let consumed = items.iter().filter(consumes).count();
    if consumed > a.rank {
        let message = format!("{} has {} dimension{}, but {consumed} are indexed", Ty::Array(a), a.rank, if a.rank == 1 { "" } else { "s" });
        return Err(Problem::new(Code::NB0204, message).at(1));
    }
    let mut axes = vec![];
    let mut parts = vec![];
    let mut ellipsis = false;
    for (v, e) in items.iter().zip(exprs) {
        match v {
            Val::Of(Ty::None) => axes.push(Axis::New),
            Val::Of(Ty::Ellipsis) if ellipsis => return Err(Problem::new(Code::NB0204, "an index has at most one `...`").at(1)),
            Val::Of(Ty::Ellipsis) => {
                ellipsis = true;
                axes.extend(std::iter::repeat_n(Axis::Whole, a.rank - consumed));
            }
            Val::Of(Ty::Slice(p)) => axes.push(match (&p[0], &p[1], &p[2]) {
                (Ty::None, Ty::None, Ty::None) => Axis::Whole,
                (_, _, Ty::None) => Axis::Cut,
                _ => Axis::Stepped,
            }),
            v => match v.dtype() {
                Some(d) if d.is_integer() => {
                    axes.push(Axis::Removed);
                    let t = if d.kind() == Kind::UInt && d.size() == 8 { DType::UInt64 } else { DType::Int64 };
                    parts.push(e.to(t));
                    continue;
                }
                _ => return Err(bad_index(v)),
            },
        }
        parts.push(e);
    }
    if !ellipsis {
        axes.extend(std::iter::repeat_n(Axis::Whole, a.rank - consumed));
    }
    let rank = axes.iter().filter(|x| **x != Axis::Removed).count();
    let types = items.iter().zip(&parts).map(|(v, p)| if let Expr::Cast(_, t) = p { t.clone() } else { v.ty() });
    let index = if parts.len() == 1 && !matches!(index, Val::Tuple(_)) { parts.remove(0) } else { let t = Ty::tuple(types); Expr::Tuple(parts, t) };
    if rank == 0 && !ellipsis {
        return Ok((a.element(), index));
    }
    Ok((Ty::Array(ArrayTy { rank, layout: view_layout(a, &axes, rank), ..a }), index))
}

fn bad_index(v: &Val) -> Box<Problem> {
    let problem = Problem::new(Code::NB0204, format!("{} is not an index", v.describe())).at(1);
    match v {
        Val::Of(Ty::Array(_)) => problem.help("indexing by arrays and masks is not available: write the loop"),
        v if v.dtype().is_some_and(DType::is_float) => problem.help("convert it: `int(x)`"),
        v if v.dtype() == Some(DType::Bool) => problem.help("indexing by a bool would be a mask; convert it: `int(x)`"),
        _ => problem,
    }
}

/// The layout of a view. Contiguous rows stay so when leading axes are removed, at most the first kept one is cut, and the rest is whole;
/// columns likewise from the other end.
fn view_layout(a: ArrayTy, axes: &[Axis], rank: usize) -> Layout {
    let contiguous = |axes: &mut dyn Iterator<Item = &Axis>| {
        let mut rest = axes.skip_while(|x| **x == Axis::Removed);
        let first = rest.next();
        matches!(first, None | Some(Axis::Whole | Axis::Cut)) && rest.all(|x| *x == Axis::Whole)
    };
    let rows = a.layout == Layout::C || (a.layout == Layout::F && a.rank == 1);
    if rank == 0 || (rows && contiguous(&mut axes.iter())) {
        return Layout::C;
    }
    if a.layout == Layout::F && contiguous(&mut axes.iter().rev()) {
        return if rank == 1 { Layout::C } else { Layout::F };
    }
    Layout::A
}

fn tuple_item(parts: &Arc<[Val]>, index: &Val) -> Typing {
    let len = parts.len() as i64;
    match index {
        Val::Int(i) => {
            let at = if *i < 0 { i + len } else { *i };
            let Some(v) = usize::try_from(at).ok().and_then(|at| parts.get(at)) else {
                return Err(Problem::new(Code::NB0204, format!("tuple index {i} is out of range: there are {len} elements")).at(1));
            };
            if v.is_static() { folded(v.clone()) } else { computed(v.clone(), Expr::Element(Box::new(Expr::Arg(0)), at as usize, v.ty())) }
        }
        v if v.dtype().is_some_and(DType::is_integer) => {
            let common = parts.iter().fold(Val::Never, |a, b| join(&a, &b.widen()));
            // Numbers of several types would change theirs.
            let mixed = match &common {
                Val::Of(Ty::Str) => false,
                Val::Of(Ty::Union(members)) => parts.iter().any(|p| matches!(p.ty(), t @ Ty::Scalar(_) if !members.contains(&t))),
                whole => parts.iter().any(|p| p.ty() != whole.ty()),
            };
            if parts.is_empty() || mixed || common.ty() == Ty::Any {
                let problem = Problem::new(Code::NB0204, format!("{} has elements of several types, so its index must be a constant", Val::Tuple(parts.clone()).describe()));
                return Err(problem.at(1));
            }
            let t = common.ty();
            let same = Ty::tuple(parts.iter().map(|_| t.clone()));
            computed(common, Expr::GetItem(Box::new(Expr::Arg(0).cast(&same)), Box::new(Expr::Arg(1).to(DType::Int64)), t))
        }
        v => Err(Problem::new(Code::NB0204, format!("{} is not an index of a tuple", v.describe())).at(1)),
    }
}

/// A tuple cut by a slice whose parts are constants.
pub fn tuple_slice(parts: &Arc<[Val]>, bounds: [Option<i64>; 3]) -> Typing {
    let len = parts.len() as i64;
    let step = bounds[2].unwrap_or(1);
    if step == 0 {
        return Err(Problem::new(Code::NB0204, "slice step cannot be zero").at(1));
    }
    let (low, high) = if step > 0 { (0, len) } else { (-1, len - 1) };
    let clamp = |i: i64| (if i < 0 { i.saturating_add(len) } else { i }).clamp(low, high);
    let (start, stop) = if step > 0 { (low, high) } else { (high, low) };
    let (mut i, stop) = (bounds[0].map_or(start, clamp), bounds[1].map_or(stop, clamp));
    let mut chosen = vec![];
    while (step > 0 && i < stop) || (step < 0 && i > stop) {
        chosen.push(i as usize);
        i = i.saturating_add(step);
    }
    let object = Expr::Arg(0);
    let all: Vec<Expr> = elements(&object, parts).collect();
    build_tuple(Val::Tuple(chosen.iter().map(|&i| parts[i].clone()).collect()), chosen.iter().map(|&i| all[i].clone()).collect())
}
