//! Ops on unions of several types that every member supports: a branch on the tag, in each arm the op on that member, and what the arms have
//! in common as the result. Calls of one of several functions are such ops.
use super::{
    call::Site,
    engine::{Engine, Frame},
    expr::{Expr, Typed},
    problem::Problem,
    source::{Op, OpKind, Source},
    transfer::{Transfer, on_values},
    union::{self, is_member, member, members as union_members, takes},
    val::{Val, join},
};
use numbra_dialects::{Code, py::Ty};
use std::sync::Arc;

/// Several operands multiply the arms.
const MAX_ARMS: usize = 16;

/// The members of a union that are not None, if they are several.
fn several(v: &Val) -> Option<Vec<Ty>> {
    let rest: Vec<Ty> = union_members(v)?.iter().filter(|t| **t != Ty::None).cloned().collect();
    (rest.len() > 1).then_some(rest)
}

/// The first operand that is one of several types which the op must tell apart.
pub fn operand(kind: &OpKind, vals: &[&Val]) -> Option<usize> {
    // Iterators have no union; the loop around them says so.
    if matches!(kind, OpKind::Iter | OpKind::Next) {
        return None;
    }
    let found = |i: &usize| !takes(kind, vals, *i) && several(vals[*i]).is_some();
    let arms: usize = vals.iter().enumerate().filter(|(i, _)| found(i)).filter_map(|(_, v)| several(v)).map(|m| m.len()).product();
    (0..vals.len()).find(found).filter(|_| arms <= MAX_ARMS)
}

/// A union that may be None as one that is not: raises TypeError where it is. `None` where it never is.
pub fn present(members: &[Ty], e: Expr) -> Option<Expr> {
    let rest: Vec<Ty> = members.iter().filter(|t| **t != Ty::None).cloned().collect();
    (rest.len() < members.len()).then(|| Expr::builtin("union.unwrap", vec![e], union::of(rest).ty()))
}

/// An op on each member of an operand.
pub fn members(engine: &mut Engine, instance: usize, source: &Source, frame: &Frame, op: &Op, vals: &[&Val], operand: usize) -> Transfer {
    let rest = several(vals[operand]).unwrap_or_default();
    let e = union_members(vals[operand]).and_then(|m| present(m, Expr::Arg(operand))).unwrap_or(Expr::Arg(operand));
    if let OpKind::GetAttr(name) = &op.kind
        && let Some(method) = method(engine, instance, source, frame, op, name, &rest)?
    {
        return Ok(Some(vec![method]));
    }
    arms(&rest, &e, operand, |t| {
        let val = Val::from(t.clone());
        let mut of_member = vals.to_vec();
        of_member[operand] = &val;
        let mut typed = on_values(engine, instance, source, frame, op, &of_member)?;
        let stands = member(&e, &val);
        for e in typed.iter_mut().flatten().filter_map(|t| t.expr.as_mut()) {
            e.replace(&mut |e| (*e == Expr::Arg(operand)).then(|| stands.clone()));
        }
        Ok(typed)
    })
}

/// The method of one of several types, if the name is one of all of them.
fn method(engine: &mut Engine, instance: usize, source: &Source, frame: &Frame, op: &Op, name: &str, rest: &[Ty]) -> Result<Option<Typed>, Box<Problem>> {
    for t in rest {
        let found = on_values(engine, instance, source, frame, op, &[&Val::from(t.clone())]).map_err(|p| refused(rest, &p).at(0))?;
        if !matches!(found.as_deref(), Some([Typed { val: Val::Method(..), .. }])) {
            return Ok(None);
        }
    }
    Ok(Some(Typed { val: Val::Method(Arc::new(union::of(rest.to_vec()).ty()), name.into()), expr: None }))
}

/// A call of a method of one of several types.
pub fn method_call(engine: &mut Engine, instance: usize, site: &Site<'_, '_>, receiver: &[Ty], name: &str, call: &mut dyn FnMut(&mut Engine, usize, &Site<'_, '_>) -> Result<Option<Typed>, Box<Problem>>) -> Result<Option<Typed>, Box<Problem>> {
    let typed = arms(receiver, &Expr::Receiver, 0, |t| {
        let method = Val::Method(Arc::new(t.clone()), name.into());
        let mut vals = site.vals.to_vec();
        vals[0] = &method;
        let mut typed = call(engine, instance, &Site { source: site.source, op: site.op, vals: &vals, keywords: site.keywords })?;
        let stands = member(&Expr::Receiver, &Val::from(t.clone()));
        if let Some(e) = typed.as_mut().and_then(|t| t.expr.as_mut()) {
            e.replace(&mut |e| (*e == Expr::Receiver).then(|| stands.clone()));
        }
        Ok(typed.map(|t| vec![t]))
    })?;
    Ok(typed.and_then(|t| t.into_iter().next()))
}

/// The results of an op for each member of a union, as one.
fn arms(members: &[Ty], e: &Expr, operand: usize, mut arm: impl FnMut(&Ty) -> Transfer) -> Transfer {
    let mut known: Vec<(usize, Vec<Typed>)> = vec![];
    for (i, t) in members.iter().enumerate() {
        // An error is the union's as well as the member's.
        let typed = arm(t).map_err(|p| refused(members, &p).at(operand))?;
        known.extend(typed.map(|t| (i, t)));
    }
    let Some((_, first)) = known.first() else { return Ok(None) };
    let mut results = vec![];
    for r in 0..first.len() {
        let val = known.iter().map(|(_, typed)| typed[r].val.clone()).reduce(|a, b| join(&a, &b)).unwrap_or_default();
        if let Val::Conflict(c) = &val {
            let problem = Problem::new(Code::NB0202, format!("{} and {} have no common type", c.0, c.1));
            return Err(problem.help("the result depends on which type the operand has: ask for it with `isinstance` first"));
        }
        if known.iter().all(|(_, typed)| typed[r].expr.is_none()) && (val.is_static() || !val.is_present()) {
            results.push(Typed { val, expr: None });
            continue;
        }
        let t = val.ty();
        let mut choice: Option<Expr> = None;
        for (i, typed) in known.iter().rev() {
            let this = typed[r].whole();
            choice = Some(match choice {
                Some(other) => Expr::choice(is_member(e, *i), this, other, &t),
                None => this.cast(&t),
            });
        }
        results.push(Typed { val: Val::from(t), expr: choice });
    }
    Ok(Some(results))
}

/// Why an op on a union is refused: what one of its members does not support.
fn refused(members: &[Ty], problem: &Problem) -> Box<Problem> {
    let names: Vec<String> = members.iter().map(Ty::to_string).collect();
    let (last, rest) = names.split_last().map_or((String::new(), String::new()), |(l, r)| (l.clone(), r.join(", ")));
    let of_one = Problem::new(Code::NB0202, format!("{rest} and {last} have no common type: {}", problem.message));
    of_one.help(problem.help.clone().unwrap_or_else(|| "ask first which of them it is: `if isinstance(x, ...):`".into()))
}
