//! Unions: values that are of one of several types, known by a tag at run time. An optional value is a union of None and one other type.
//!
//! They are stored, passed, returned, compared and asked for what they are; every other op takes the only member that is not None in their
//! place, and raises TypeError where the value is None. A union of several other types has to be narrowed first (`isinstance`, `is None`):
//! that is `py.narrow`, whose condition says which members are left.
//!
//! Values of classes that an op does not know are replaced in the same way ([`structs::plain`]).
use super::{
    call::{EXTREMA, getters, overloads::USER, partial},
    comparison::{compare_on, truth},
    engine::Frame,
    expr::{Expr, Typed, Typing, computed, folded, scalar},
    objects::{buffers, strings, structs},
    problem::Problem,
    source::{Op, OpKind, Source},
    transfer::Transfer,
    val::{Val, common},
};
use crate::catalog::predicates;
use numbra_abi::DType;
use numbra_dialects::{Code, py::{BinaryKind, CompareKind, Ty, UnaryKind}};

/// More types than these are a sign of a mistake, and each costs a machine value in every variable.
const MAX_MEMBERS: usize = 4;

/// Of functions, which take no machine value but what they have captured.
const MAX_FUNCTIONS: usize = 16;

/// Unions in tuples in unions: a variable that grows in a loop, as in `x = (x, 1)`, has no type.
const MAX_DEPTH: usize = 3;

/// Library functions whose arguments may be unions.
const TAKES_UNIONS: &[&str] = &[
    "builtins.ascii", "builtins.bool", "builtins.callable", "builtins.format", "builtins.hasattr", "builtins.isinstance", "builtins.print", "builtins.repr", "builtins.str",
    "builtins.type", "numpy.iscomplexobj", "numpy.isrealobj", crate::build::strings::FORMAT,
];

/// The members of a union.
pub fn members(v: &Val) -> Option<&[Ty]> {
    match v {
        Val::Of(Ty::Union(m)) => Some(m),
        _ => None,
    }
}

/// Whether values of this type can be one of several at run time.
fn eligible(t: &Ty) -> bool {
    match t {
        Ty::None | Ty::Scalar(_) | Ty::Array(_) | Ty::List(_) | Ty::Str | Ty::Literal(_) | Ty::Range(_) | Ty::Slice(_) | Ty::Ellipsis | Ty::Union(_) => true,
        Ty::Function(_) | Ty::Entity(_) | Ty::Record(_) | Ty::Callable(_) => true,
        Ty::Tuple(parts) | Ty::Closure(_, parts) => parts.iter().all(eligible),
        Ty::Struct(s) => s.types.iter().all(eligible),
        _ => false,
    }
}

fn is_function(t: &Ty) -> bool {
    matches!(t, Ty::Function(_) | Ty::Closure(..) | Ty::Entity(_) | Ty::Callable(_))
}

fn depth(t: &Ty) -> usize {
    match t {
        Ty::Union(m) => 1 + m.iter().map(depth).max().unwrap_or(0),
        t => t.parts().unwrap_or_default().iter().map(depth).max().unwrap_or(0),
    }
}

/// The union of two values without a common type; `None` where there is none.
pub fn join(a: &Val, b: &Val) -> Option<Val> {
    let parts = |v: &Val| match v.ty() {
        Ty::Union(m) => m.to_vec(),
        t => vec![t],
    };
    let mut all = parts(a);
    for t in parts(b) {
        let slot = all.iter_mut().find_map(|m| common(&Val::from(m.clone()), &Val::from(t.clone())).map(|v| (m, v.ty())));
        match slot {
            Some((m, joined)) => *m = joined,
            None => all.push(t),
        }
    }
    let limit = if all.iter().all(is_function) { MAX_FUNCTIONS } else { MAX_MEMBERS };
    (all.len() <= limit && all.iter().all(|t| eligible(t) && depth(t) < MAX_DEPTH)).then(|| of(all))
}

/// A value of one of these types, which are distinct.
pub(super) fn of(mut all: Vec<Ty>) -> Val {
    // One order, so that there is one type: None first, the rest by name.
    all.sort_by_cached_key(|t| (*t != Ty::None, t.to_string()));
    match <[Ty; 1]>::try_from(all) {
        Ok([one]) => Val::from(one),
        Err(all) => Val::Of(Ty::Union(all.into())),
    }
}

/// Whether the value has this member.
pub(super) fn is_member(e: &Expr, index: usize) -> Expr {
    Expr::compare(CompareKind::Eq, Expr::builtin("union.tag", vec![e.clone()], Ty::INT), Expr::constant(Val::Int(index as i64)))
}

/// The value as one of its members, or as a union of some of them, where it is known to be one.
pub(super) fn member(e: &Expr, t: &Val) -> Expr {
    if t.is_static() { Expr::constant(t.clone()) } else { Expr::builtin("union.narrow", vec![e.clone()], t.ty()) }
}

/// The disjunction of what holds for the members: for each its value, and the expression or none where the type decides.
fn any(members: &[Ty], e: &Expr, mut holds: impl FnMut(&Val, Expr) -> Typing) -> Typing {
    let mut all: Option<Expr> = None;
    let mut always = true;
    for (i, t) in members.iter().enumerate() {
        let val = Val::from(t.clone());
        let one = holds(&val, member(e, &val))?;
        let part = match (one.val, one.expr) {
            (Val::Bool(true), _) => is_member(e, i),
            (Val::Bool(false), _) | (_, None) => {
                always = false;
                continue;
            }
            (_, Some(x)) => {
                always = false;
                Expr::binary(BinaryKind::And, is_member(e, i), x, DType::Bool)
            }
        };
        all = Some(all.map_or(part.clone(), |l| Expr::binary(BinaryKind::Or, l, part, DType::Bool)));
    }
    match all {
        Some(_) if always => folded(Val::Bool(true)),
        Some(e) => scalar(DType::Bool, e),
        None => folded(Val::Bool(false)),
    }
}

fn negated(typing: Typing) -> Typing {
    let t = typing?;
    match (&t.val, t.expr) {
        (Val::Bool(b), _) => folded(Val::Bool(!b)),
        (_, Some(e)) => scalar(DType::Bool, Expr::unary(UnaryKind::Not, e, DType::Bool)),
        _ => folded(t.val),
    }
}

/// The truth value of a union.
pub fn truth_of(members: &[Ty], e: &Expr) -> Typing {
    any(members, e, truth)
}

/// A question about the type alone.
pub fn ask(v: &Val, e: &Expr, question: impl Fn(&Ty) -> bool) -> Typing {
    match members(v) {
        Some(m) => any(m, e, |v, _| folded(Val::Bool(question(&v.ty())))),
        None => folded(Val::Bool(question(&v.ty()))),
    }
}

/// A comparison of which one side at least is a union; `None` where the operator wants one type.
pub fn compare(kind: CompareKind, (a, ea): (&Val, &Expr), (b, eb): (&Val, &Expr)) -> Option<Typing> {
    let (m, e, other, eo) = match (members(a), members(b)) {
        (Some(m), _) => (m, ea, b, eb),
        (None, Some(m)) => (m, eb, a, ea),
        _ => return None,
    };
    match kind {
        CompareKind::Is | CompareKind::IsNot if *other != Val::NONE => None,
        CompareKind::Is => Some(any(m, e, |v, _| folded(Val::Bool(*v == Val::NONE)))),
        CompareKind::IsNot => Some(any(m, e, |v, _| folded(Val::Bool(*v != Val::NONE)))),
        CompareKind::Eq => Some(any(m, e, |v, x| compare_on(kind, (v, x), (other, eo.clone())))),
        CompareKind::Ne => Some(negated(any(m, e, |v, x| compare_on(CompareKind::Eq, (v, x), (other, eo.clone()))))),
        _ => None,
    }
}

/// Whether an operand may be a union.
pub(super) fn takes(kind: &OpKind, vals: &[&Val], operand: usize) -> bool {
    match kind {
        OpKind::Compare(CompareKind::In | CompareKind::NotIn) => operand == 0,
        OpKind::Compare(kind) => matches!(kind, CompareKind::Eq | CompareKind::Ne) || vals.contains(&&Val::NONE),
        OpKind::Unary(kind) => *kind == UnaryKind::Not,
        // What is put into a list keeps its class.
        OpKind::SetItem => operand == 2 && matches!(vals[0], Val::Of(Ty::List(_))) && members(vals[2]).is_none(),
        OpKind::Tuple | OpKind::List | OpKind::Narrow(_) | OpKind::Closure(_) | OpKind::Truth | OpKind::Return | OpKind::Br(_) | OpKind::CondBr(..) => true,
        OpKind::Call(_) => operand > 0 && match vals[0] {
            // A named tuple that is the greatest is given back as it is.
            Val::Of(Ty::Entity(path)) if EXTREMA.contains(&&**path) => structs::class(vals[operand]).is_some_and(|s| structs::is_tuple(&s.path)) && vals.len() > 2,
            Val::Of(Ty::Entity(path)) => TAKES_UNIONS.contains(&&**path) || structs::is_class(path) || path.starts_with(USER),
            Val::Method(t, name) if strings::is_string(&Val::from((**t).clone())) => &**name == "format" && members(vals[operand]).is_none(),
            Val::Method(t, _) => matches!(**t, Ty::Struct(_)) || matches!(**t, Ty::List(_)) && members(vals[operand]).is_none(),
            Val::Of(Ty::Function(_) | Ty::Closure(..)) => true,
            // As for the function that has some of its arguments already.
            v if let Some(s) = partial::parts(v) => matches!(s.types[0], Ty::Function(_) | Ty::Closure(..)),
            // An object whose attribute is asked for keeps its class.
            v if getters::parts(v).is_some() => members(vals[operand]).is_none(),
            _ => false,
        },
        _ => false,
    }
}

/// What stands for the operands of an op that are unions it does not take: none of them, or a value and an expression for each.
pub type Stand = Vec<Option<(Val, Expr)>>;

/// The stand-ins for an op's operands.
pub fn unwrap(kind: &OpKind, vals: &[&Val]) -> Result<Option<Stand>, Box<Problem>> {
    if vals.iter().all(|v| members(v).is_none() && structs::class(v).is_none() && !buffers::is(v)) {
        return Ok(None);
    }
    let mut stand: Stand = vec![None; vals.len()];
    for (i, v) in vals.iter().enumerate() {
        if takes(kind, vals, i) {
            continue;
        }
        let whole = match members(v) {
            Some(m) => Some(unwrapped(m, Expr::Arg(i)).map_err(|p| p.at(i))?),
            None => None,
        };
        let knows = matches!(kind, OpKind::GetAttr(_) | OpKind::SetAttr(_) | OpKind::Compare(_));
        if let Some(list) = buffers::elements(kind, vals, v, &Expr::Arg(i)) {
            stand[i] = Some(list);
            continue;
        }
        let simple = if knows { None } else { whole.as_ref().map_or_else(|| structs::plain(v, &Expr::Arg(i)), |(v, e)| structs::plain(v, e)) };
        stand[i] = simple.or(whole);
    }
    Ok(stand.iter().any(Option::is_some).then_some(stand))
}

/// The only member that is not None.
pub fn unwrapped(members: &[Ty], e: Expr) -> Result<(Val, Expr), Box<Problem>> {
    let rest: Vec<&Ty> = members.iter().filter(|t| **t != Ty::None).collect();
    match rest[..] {
        [one] => Ok((Val::from(one.clone()), Expr::builtin("union.unwrap", vec![e], one.clone()))),
        _ => {
            let names: Vec<String> = members.iter().map(Ty::to_string).collect();
            let (last, rest) = names.split_last().map_or((String::new(), String::new()), |(l, r)| (l.clone(), r.join(", ")));
            let problem = Problem::new(Code::NB0202, format!("{rest} and {last} have no common type"));
            Err(problem.help("ask first which of them it is: `if isinstance(x, ...):`"))
        }
    }
}

/// Typings over stand-ins as ones over the operands.
pub fn substituted(typed: Transfer, stand: &Stand) -> Transfer {
    Ok(typed?.map(|list| list.into_iter().map(|t| substitute(t, stand)).collect()))
}

/// What is known without the operands still raises if they are None.
fn substitute(mut typed: Typed, stand: &Stand) -> Typed {
    match &mut typed.expr {
        Some(e) => e.replace(&mut |e| match e {
            Expr::Arg(i) => stand.get(*i).and_then(Option::as_ref).map(|(_, x)| x.clone()),
            _ => None,
        }),
        None => typed.expr = stand.iter().flatten().next().map(|(_, e)| e.clone()),
    }
    typed
}

/// `py.narrow`; `None` where no member is left, so that control does not come here.
pub fn narrow(source: &Source, frame: &Frame, op: &Op, expected: bool) -> Option<Typing> {
    let v = &frame.vals[op.operands[0]];
    let Some(m) = members(v) else { return Some(computed(v.clone(), Expr::Arg(0))) };
    let kept: Vec<Ty> = m.iter().filter(|t| holds(source, frame, op, t) != Some(!expected)).cloned().collect();
    match kept.len() {
        0 => None,
        n if n == m.len() => Some(computed(v.clone(), Expr::Arg(0))),
        _ => {
            let val = of(kept);
            Some(if val.is_static() { folded(val) } else { computed(val.clone(), member(&Expr::Arg(0), &val)) })
        }
    }
}

/// What the condition of a `py.narrow` says of a member.
fn holds(source: &Source, frame: &Frame, op: &Op, t: &Ty) -> Option<bool> {
    let (&value, truth) = (op.operands.first()?, source.definition(*op.operands.get(1)?)?);
    let asked = *truth.operands.first()?;
    if asked == value {
        return Val::from(t.clone()).truth();
    }
    let asked = source.definition(asked)?;
    match (&asked.kind, &asked.operands[..]) {
        (OpKind::Compare(kind), &[a, b]) => {
            let other = if a == value { b } else { a };
            let about = (a == value || b == value) && frame.vals[other] == Val::NONE;
            let none = *t == Ty::None;
            match kind {
                CompareKind::Is | CompareKind::Eq if about => Some(none),
                CompareKind::IsNot | CompareKind::Ne if about => Some(!none),
                _ => None,
            }
        }
        (OpKind::Call(_), &[f, a, classes]) if a == value && frame.vals[f] == Val::Of(Ty::Entity("builtins.isinstance".into())) => predicates::is_instance(t, &frame.vals[classes]),
        _ => None,
    }
}
