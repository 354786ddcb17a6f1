//! Unions: the position of the member that a value is, as a tag, then the machine values of every member. What is not there is zero: owners of
//! memory are null, which is why counting references of a union asks for null.
use super::super::{build::{V, Vs}, builtins::{Call, Table}, cx::{Cx, Res}, flatten::{count, flattened}, scalar::cast};
use numbra_abi::ExceptionKind;
use numbra_dialects::py::Ty;
use smallvec::smallvec;

/// The table of this family.
pub const BUILTINS: Table = &[("union.narrow", narrow), ("union.tag", tag), ("union.unwrap", unwrap)];

/// The machine values of a member.
fn member<'v, 'c, 'a>(members: &[Ty], values: &'v [V<'c, 'a>], index: usize) -> &'v [V<'c, 'a>] {
    let start: usize = 1 + members[..index].iter().map(count).sum::<usize>();
    &values[start..start + count(&members[index])]
}

/// The member that holds values of a type: its own, or the one that it converts to.
fn position(members: &[Ty], t: &Ty) -> Option<usize> {
    let holds = |m: &Ty| match (t, m) {
        (Ty::Scalar(_), Ty::Scalar(_)) => true,
        (Ty::Array(a), Ty::Array(b)) => a.dtype == b.dtype && a.rank == b.rank,
        (Ty::Tuple(a), Ty::Tuple(b)) => a.len() == b.len(),
        (Ty::Slice(_), Ty::Slice(_)) => true,
        (Ty::Literal(_), Ty::Str) => true,
        (Ty::Struct(a), Ty::Struct(b)) => a.path == b.path,
        _ => false,
    };
    members.iter().position(|m| m == t).or_else(|| members.iter().position(holds))
}

fn zeros<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, t: &Ty) -> Vs<'c, 'a> {
    flattened(&cx.b.t.clone(), t).into_iter().map(|t| cx.b.zero(t)).collect()
}

/// A value of one type as a union.
pub fn inject<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, from: &Ty, to: &[Ty], v: Vs<'c, 'a>) -> Res<Vs<'c, 'a>> {
    let Some(at) = position(to, from) else { return cx.invalid(format!("{from} is no member of a union")) };
    let mut out: Vs = smallvec![cx.b.i64(at as i64)];
    for (i, m) in to.iter().enumerate() {
        let part = if i == at { cast::between(cx, from, m, v.clone())? } else { zeros(cx, m) };
        out.extend(part);
    }
    Ok(out)
}

/// A union as one with other members, among which is what it is.
pub fn widen<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, from: &[Ty], to: &[Ty], v: &[V<'c, 'a>]) -> Res<Vs<'c, 'a>> {
    let mut sources: Vec<Vec<usize>> = vec![vec![]; to.len()];
    let mut tag = cx.b.i64(0);
    for (i, m) in from.iter().enumerate() {
        let Some(at) = position(to, m) else { continue };
        sources[at].push(i);
        let (here, new) = (is_member(cx, v[0], i), cx.b.i64(at as i64));
        tag = cx.b.select(here, new, tag);
    }
    let mut out: Vs = smallvec![tag];
    for (m, sources) in to.iter().zip(sources) {
        let mut part = zeros(cx, m);
        for (nth, i) in sources.into_iter().enumerate() {
            let converted = cast::between(cx, &from[i], m, member(from, v, i).into())?;
            if nth == 0 {
                part = converted;
                continue;
            }
            let here = is_member(cx, v[0], i);
            part = part.into_iter().zip(converted).map(|(other, this)| cx.b.select(here, this, other)).collect();
        }
        out.extend(part);
    }
    Ok(out)
}

fn is_member<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, tag: V<'c, 'a>, index: usize) -> V<'c, 'a> {
    let n = cx.b.i64(index as i64);
    cx.b.eq(tag, n)
}

fn members<'t>(cx: &Cx, call: &'t Call) -> Res<&'t [Ty]> {
    match call.types.first() {
        Some(Ty::Union(m)) => Ok(m),
        _ => cx.invalid(format!("{}: union expected", call.path)),
    }
}

fn tag<'c, 'a>(cx: &mut Cx<'_, 'c, 'a>, call: &Call<'c, 'a>) -> Res<Vs<'c, 'a>> {
    members(cx, call)?;
    Ok(smallvec![call.get(cx, 0)?[0]])
}

/// The value as one that it is known to be.
fn narrow<'c, 'a>(cx: &mut Cx<'_, 'c, 'a>, call: &Call<'c, 'a>) -> Res<Vs<'c, 'a>> {
    let members = members(cx, call)?.to_vec();
    let v = call.get(cx, 0)?;
    match &call.result {
        Ty::Union(kept) => widen(cx, &members, kept, &v),
        one => match members.iter().position(|m| m == one) {
            Some(i) => Ok(member(&members, &v, i).into()),
            None => cx.invalid(format!("{one} is no member of a union")),
        },
    }
}

/// The same, where it may be something else: raises TypeError then.
fn unwrap<'c, 'a>(cx: &mut Cx<'_, 'c, 'a>, call: &Call<'c, 'a>) -> Res<Vs<'c, 'a>> {
    let all = members(cx, call)?.to_vec();
    let v = call.get(cx, 0)?;
    let wanted = if let Ty::Union(kept) = &call.result { &kept[..] } else { std::slice::from_ref(&call.result) };
    for (i, m) in all.iter().enumerate() {
        if !wanted.contains(m) {
            let here = is_member(cx, v[0], i);
            let name = if *m == Ty::None { "None".to_string() } else { m.to_string() };
            cx.raise_if(here, ExceptionKind::TypeError, &format!("expected {}, got {name}", call.result));
        }
    }
    narrow(cx, call)
}
