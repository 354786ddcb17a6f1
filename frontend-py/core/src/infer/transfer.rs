//! The meaning of each op on abstract values: routes to the rule of its construct.
use super::{
    arithmetic,
    call::{self, library, overloads, spread},
    comparison, dispatch,
    engine::{Engine, Frame},
    expr::{Expr, Typed, Typing, computed, folded},
    objects::{attribute, index, iterate, lists, records, structs},
    problem::Problem,
    source::{Op, OpKind, Source, ValueId},
    union,
    val::Val,
};
use crate::catalog::Arg;
use numbra_abi::DType;
use numbra_dialects::{Code, py::{BinaryKind, Ty}};
use std::sync::Arc;

/// One result per result of the op (one, for ops without results); `None` where control passes no further.
pub type Transfer = Result<Option<Vec<Typed>>, Box<Problem>>;

/// Interprets one op that is not a branch.
pub fn transfer(engine: &mut Engine, instance: usize, source: &Source, frame: &Frame, op: &Op) -> Transfer {
    // Calls nest as deep as the program does: what is done before and after them has its own functions, whose frames are gone meanwhile.
    if let Some(done) = decided(source, frame, op) {
        return done;
    }
    let vals: Vec<&Val> = op.operands.iter().map(|&v: &ValueId| &frame.vals[v]).collect();
    on_values(engine, instance, source, frame, op, &vals)
}

/// Interprets an op on values of its operands.
pub fn on_values(engine: &mut Engine, instance: usize, source: &Source, frame: &Frame, op: &Op, vals: &[&Val]) -> Transfer {
    if let Some(operand) = dispatch::operand(&op.kind, vals) {
        return dispatch::members(engine, instance, source, frame, op, vals, operand);
    }
    let Some(stand) = union::unwrap(&op.kind, vals)? else { return apply(engine, instance, source, frame, op, vals) };
    let vals: Vec<&Val> = vals.iter().zip(&stand).map(|(v, s)| s.as_ref().map_or(*v, |s| &s.0)).collect();
    let typed = union::substituted(apply(engine, instance, source, frame, op, &vals), &stand)?;
    Ok(match (&op.kind, stand.into_iter().next().flatten()) {
        // What is called may be known from its type: it is asked all the same whether it is there.
        (OpKind::Call(_), Some((callee, check))) => typed.map(|t| t.into_iter().map(|t| after(&check, callee.ty(), t)).collect()),
        _ => typed,
    })
}

/// A result that is computed after something else.
fn after(first: &Expr, t: Ty, result: Typed) -> Typed {
    let own = result.val.ty();
    match result.expr {
        Some(e) if result.val.is_present() => {
            let pair = Expr::Tuple(vec![first.clone(), e.cast(&own)], Ty::tuple([t, own.clone()]));
            Typed { val: result.val, expr: Some(Expr::Element(Box::new(pair), 1, own)) }
        }
        expr => Typed { val: result.val, expr },
    }
}

/// What needs no rule: operands that are missing or refused, and what a condition says of a value.
fn decided(source: &Source, frame: &Frame, op: &Op) -> Option<Transfer> {
    if let OpKind::CheckBound(_) = op.kind
        && frame.vals[op.operands[0]] == Val::Bool(false)
    {
        return Some(Ok(None));
    }
    let passes = matches!(op.kind, OpKind::Br(_) | OpKind::CondBr(..));
    let mut refused = false;
    for (i, &v) in op.operands.iter().enumerate().filter(|_| !passes) {
        match &frame.vals[v] {
            Val::Never | Val::Unbound => return Some(Ok(None)),
            Val::Error => refused = true,
            Val::Conflict(c) => {
                return Some(Err(Problem::new(Code::NB0202, format!("{} and {} have no common type", c.0, c.1)).at(i)));
            }
            _ => {}
        }
    }
    if refused {
        return Some(Ok(Some(vec![Typed { val: Val::Error, expr: None }; op.results.len().max(1)])));
    }
    match op.kind {
        OpKind::Narrow(expected) => Some(union::narrow(source, frame, op, expected).map(|t| t.map(|t| vec![t])).transpose()),
        _ => None,
    }
}

fn apply(engine: &mut Engine, instance: usize, source: &Source, frame: &Frame, op: &Op, vals: &[&Val]) -> Transfer {
    if let Some(typed) = overloads::operator(engine, instance, op, vals)? {
        return Ok(typed.map(|t| vec![t]));
    }
    if let Some(typed) = library::operator(engine, instance, op, vals)? {
        return Ok(typed.map(|t| vec![t]));
    }
    let one = |typing: Typing| Ok(Some(vec![typing?]));
    match &op.kind {
        OpKind::Constant(c) => match &c.own {
            Some(t) => one(computed(t.clone(), Expr::Const(c.val.clone(), t.clone()))),
            _ => one(folded(c.val.clone())),
        },
        OpKind::Data(t) => one(computed(t.clone(), Expr::Data(t.clone()))),
        OpKind::Known(v) => one(folded(v.clone())),
        OpKind::Refused(_) => one(folded(Val::Error)),
        OpKind::Unbound(_) => one(folded(Val::Unbound)),
        OpKind::CheckBound(_) => one(folded(Val::NONE)),
        OpKind::Tuple => one(tuple(spread::operands(source, op, vals, 0, &[])?)),
        OpKind::Slice => one(slice(vals)),
        OpKind::Unary(kind) => one(arithmetic::unary(*kind, vals[0])),
        OpKind::Binary(kind, inplace) => match vals[0] {
            Val::Of(Ty::List(e)) if *inplace && *kind == BinaryKind::Add => one(lists::inplace_add(e, vals[1])),
            _ => one(arithmetic::binary(*kind, vals[0], vals[1])),
        },
        OpKind::Compare(kind) => one(comparison::compare(*kind, vals[0], vals[1])),
        OpKind::Truth => one(comparison::truth(vals[0], Expr::Arg(0))),
        OpKind::GetAttr(name) if name == "name" && let Some(typing) = structs::member_name(engine, vals[0]) => one(typing),
        OpKind::GetAttr(name) => one(attribute::getattr(vals[0], name)),
        OpKind::GetItem => if let (Val::Tuple(parts), Val::Of(Ty::Slice(_))) = (vals[0], vals[1]) {
            one(tuple_slice(source, frame, op, parts))
        } else {
            one(index::getitem(vals[0], vals[1]))
        },
        OpKind::SetItem => one(index::setitem(vals[0], vals[1], vals[2])),
        OpKind::Iter => one(iterate::iter(vals[0])),
        OpKind::Next => Ok(Some(iterate::next(vals[0])?)),
        OpKind::Unpack(starred) if iterate::by_library(vals[0], *starred) => {
            let constant = |n: Option<usize>| Val::Int(n.map_or(-1, |n| n as i64));
            let known = [constant(Some(op.results.len())), constant(*starred)].map(|v| (None, Arg { expr: Expr::constant(v.clone()), val: v, position: 0 }));
            let arguments = std::iter::once((None, Arg { val: vals[0].clone(), expr: Expr::Arg(0), position: 0 })).chain(known).collect();
            let typed = call::entity(engine, instance, op, "numbra.unpack", arguments)?;
            Ok(typed.map(|t| iterate::parts(&t)))
        }
        OpKind::Unpack(starred) => Ok(Some(iterate::unpack(vals[0], op.results.len(), *starred)?)),
        OpKind::Call(keywords) => {
            let site = call::Site { source, op, vals, keywords };
            let mut typed = call::call(engine, instance, &site)?;
            if let (Val::Method(..), Some(e)) = (vals[0], typed.as_mut().and_then(|t| t.expr.as_mut())) {
                unwrap_receiver(source, frame, op, e);
            }
            Ok(typed.map(|t| vec![t]))
        }
        OpKind::Raise => one(raise(vals[0])),
        OpKind::Closure(symbol) => one(closure(symbol, vals)),
        OpKind::List => one(lists::display(spread::operands(source, op, vals, 0, &[])?)),
        // The call or display that it stands in takes it apart.
        OpKind::Star if vals[0].is_static() => one(folded(vals[0].clone())),
        OpKind::Star => one(computed(vals[0].clone(), Expr::Arg(0))),
        OpKind::SetAttr(name) if let Some(typing) = records::setattr(vals[0], name, vals[1], 1) => one(typing),
        OpKind::SetAttr(name) => one(Err(Problem::new(Code::NB0203, format!("the attribute `{name}` of {} cannot be set", vals[0].describe())).help("only fields of records can: return the new value, or keep it in an array element"))),
        OpKind::Narrow(_) | OpKind::Return | OpKind::Br(_) | OpKind::CondBr(..) => Ok(Some(vec![Typed { val: Val::NONE, expr: None }])),
    }
}

/// The object of a method may be an optional value; that it is not None was checked where the method was taken.
fn unwrap_receiver(source: &Source, frame: &Frame, op: &Op, e: &mut Expr) {
    let object = source.definition(op.operands[0]).and_then(|o| o.operands.first());
    let whole = object.and_then(|&v| union::members(&frame.vals[v])).and_then(|m| match union::unwrapped(m, Expr::Receiver) {
        Ok((_, whole)) => Some(whole),
        Err(_) => dispatch::present(m, Expr::Receiver),
    });
    if let Some(whole) = whole {
        e.replace(&mut |e| (*e == Expr::Receiver).then(|| whole.clone()));
    }
}

fn tuple(elements: call::Arguments) -> Typing {
    let val = Val::Tuple(elements.iter().map(|(_, a)| a.val.clone()).collect());
    if let Some((_, a)) = elements.iter().find(|(_, a)| a.val.ty() == Ty::Any) {
        return Err(Problem::new(Code::NB0201, format!("{} cannot be put into a tuple", a.val.describe())).at(a.position));
    }
    if val.is_static() {
        return folded(val);
    }
    let t = val.ty();
    computed(val, Expr::Tuple(elements.into_iter().map(|(_, a)| a.expr).collect(), t))
}

fn closure(symbol: &str, vals: &[&Val]) -> Typing {
    let t = Ty::Closure(symbol.into(), vals.iter().map(|v| v.ty()).collect());
    computed(t.clone(), Expr::Closure(symbol.into(), (0..vals.len()).map(Expr::Arg).collect(), t))
}

fn slice(vals: &[&Val]) -> Typing {
    match vals {
        [a, b, c] => slice_of([(*a, 0), (*b, 1), (*c, 2)].map(|(v, i)| (v.clone(), Expr::Arg(i)))),
        _ => Err(Problem::new(Code::NB0900, "slice without three parts")),
    }
}

/// A slice of its parts.
pub fn slice_of(vals: [(Val, Expr); 3]) -> Typing {
    let mut parts = vec![];
    for (i, (v, e)) in vals.iter().enumerate() {
        parts.push(match v {
            Val::Of(Ty::None) => (Expr::constant(Val::NONE), Ty::None),
            v => match v.dtype() {
                Some(d) if d.is_integer() => (e.clone().to(DType::Int64), Ty::INT),
                _ => return Err(Problem::new(Code::NB0204, format!("a slice is made of integers, not of {}", v.describe())).at(i)),
            },
        });
    }
    let types: Vec<Ty> = parts.iter().map(|p| p.1.clone()).collect();
    let Ok(types) = <[Ty; 3]>::try_from(types) else { return Err(Problem::new(Code::NB0900, "slice without three parts")) };
    let t = Ty::Slice(Arc::new(types));
    computed(t.clone(), Expr::Slice(parts.into_iter().map(|p| p.0).collect(), t))
}

fn tuple_slice(source: &Source, frame: &Frame, op: &Op, parts: &Arc<[Val]>) -> Typing {
    let constant = |v: ValueId| match &frame.vals[v] {
        Val::Int(i) => Some(Some(*i)),
        Val::Of(Ty::None) => Some(None),
        _ => None,
    };
    let bounds = source.definition(op.operands[1]).filter(|o| matches!(o.kind, OpKind::Slice)).and_then(|o| match o.operands[..] {
        [start, stop, step] => Some([constant(start)?, constant(stop)?, constant(step)?]),
        _ => None,
    });
    match bounds {
        Some(bounds) => index::tuple_slice(parts, bounds),
        None => Err(Problem::new(Code::NB0204, "a slice of a tuple must have constant bounds").at(1)),
    }
}

fn raise(v: &Val) -> Typing {
    match v {
        Val::Of(Ty::Exception(_)) => computed(v.clone(), Expr::Arg(0)),
        Val::Of(Ty::Entity(path)) => match numbra_abi::exception::raised_as(path.strip_prefix("builtins.").unwrap_or(path)) {
            Some((kind, path)) => {
                let name = path.unwrap_or(kind.name());
                computed(Ty::Exception(name.into()), Expr::Exception(name.into(), vec![]))
            }
            None => Err(Problem::new(Code::NB0211, format!("`{path}` is not an exception class that compiled code can raise"))),
        },
        v => Err(Problem::new(Code::NB0211, format!("{} cannot be raised", v.describe())).help("raise a builtin exception, as in `raise ValueError(\"...\")`")),
    }
}
