//! Iteration. An iterator is its iterable plus a state: the position, and what else changes from element to element. The usual loop carries the state as
//! arguments of its header ([`carried`]), so that a loop over a range is a counted loop from the start; other iterators keep it in stack slots.
use super::{lists::List, strings, tuples};
use super::super::{
    array::items, build::{V, Vs}, builtins::{Call, Table}, cx::{Cx, Res}, flatten::{self, count, flattened, owned_elements, part, states}, memory,
};
use crate::cfg::{self, Cfg, Def};
use melior::{dialect::arith::{self, CmpiPredicate}, ir::{OperationRef, Type, Value, ValueLike, operation::OperationLike}};
use numbra_abi::{DType, ExceptionKind};
use numbra_dialects::py::{ArrayTy, Layout, PyOp, Ty};
use smallvec::smallvec;
use std::collections::HashMap;

/// The table of this family.
pub const BUILTINS: Table = &[
    ("range", range), ("enumerate", join), ("zip", join), ("len", len), ("range.contains", range_contains), ("range.item", range_item), ("range.reversed", reversed_range),
];

/// Where an iterator stands; the element itself is read only if there is one.
pub enum Current<'c, 'a> {
    /// The element
    Ready(V<'c, 'a>),
    /// Element of an array or tuple at a position
    At(Ty, Vs<'c, 'a>, V<'c, 'a>),
    /// The parts of a tuple
    Many(Vec<Current<'c, 'a>>),
}

/// The element of a loop header's `py.next`, to be made on the side where it exists.
pub struct Pending<'c, 'a> {
    value: Value<'c, 'a>,
    current: Current<'c, 'a>,
    owned: bool,
}

fn range<'c, 'a>(cx: &mut Cx<'_, 'c, 'a>, call: &Call<'c, 'a>) -> Res<Vs<'c, 'a>> {
    let mut v = Vs::new();
    for i in 0..3 {
        v.extend(call.get(cx, i)?);
    }
    if cx.const_int(call.arguments[2]).is_none_or(|n| n == 0) {
        let t = cx.b.t.scalar(call.dtype(cx, 2)?);
        let zero = cx.b.int(t, 0);
        let bad = cx.b.eq(v[2], zero);
        cx.raise_if(bad, ExceptionKind::ValueError, "range() arg 3 must not be zero");
    }
    Ok(v)
}

fn join<'c, 'a>(cx: &mut Cx<'_, 'c, 'a>, call: &Call<'c, 'a>) -> Res<Vs<'c, 'a>> {
    cx.get_all(&call.arguments)
}

fn len<'c, 'a>(cx: &mut Cx<'_, 'c, 'a>, call: &Call<'c, 'a>) -> Res<Vs<'c, 'a>> {
    let v = call.get(cx, 0)?;
    Ok(smallvec![length(cx, &call.types[0], &v)?])
}

/// The number of elements.
pub fn length<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, ty: &Ty, v: &[V<'c, 'a>]) -> Res<V<'c, 'a>> {
    Ok(match ty {
        Ty::Array(a) if a.rank > 0 => v[2],
        Ty::Tuple(parts) => cx.b.i64(parts.len() as i64),
        Ty::Range(d) => range_length(cx, *d, v),
        Ty::Str => strings::length(cx, v),
        Ty::Literal(s) => cx.b.i64(s.chars().count() as i64),
        Ty::List(_) => List::new(cx, ty, v)?.len(cx),
        other => return cx.unsupported(format!("len() of {other}")),
    })
}

/// The type of the elements that iteration gives; `None` for what has none.
pub fn element_type(ty: &Ty) -> Option<Ty> {
    Some(match ty {
        Ty::Range(d) => Ty::Scalar(*d),
        Ty::Array(a) if a.rank == 1 => Ty::Scalar(a.dtype),
        Ty::Array(a) => Ty::Array(ArrayTy { rank: a.rank.checked_sub(1)?, layout: if a.layout == Layout::C { Layout::C } else { Layout::A }, ..*a }),
        Ty::Tuple(parts) => parts.first()?.clone(),
        Ty::List(e) => (**e).clone(),
        Ty::Str => Ty::Str,
        Ty::Iterator(of) => element_type(of)?,
        Ty::Enumerate(inner) => Ty::tuple([Ty::INT, element_type(inner)?]),
        Ty::Zip(parts) => Ty::tuple(parts.iter().map(element_type).collect::<Option<Vec<_>>>()?),
        _ => return None,
    })
}

/// Runs code with each element, which has no reference of its own.
pub fn each<'m, 'c: 'a, 'a>(
    cx: &mut Cx<'m, 'c, 'a>, ty: &Ty, values: &[V<'c, 'a>], body: &mut dyn FnMut(&mut Cx<'m, 'c, 'a>, Vs<'c, 'a>) -> Res<()>,
) -> Res<()> {
    let initial = start(cx, ty, values, true)?;
    let types: Vec<Type> = initial.iter().map(|v| v.r#type()).collect();
    let (header, inside, exit) = (cx.b.new_block(&types), cx.b.new_block(&[]), cx.b.new_block(&[]));
    cx.b.br(header, &initial);
    cx.b.block = header;
    let state = cx.b.arguments(header);
    let (valid, current, following) = advance(cx, ty, values, &state, None)?;
    cx.b.cond_br(valid, (inside, &[]), (exit, &[]));
    cx.b.block = inside;
    let element = resolve(cx, current)?;
    body(cx, element)?;
    cx.b.br(header, &following);
    cx.b.block = exit;
    Ok(())
}

// The same elements from the last to the first.
fn reversed_range<'c, 'a>(cx: &mut Cx<'_, 'c, 'a>, call: &Call<'c, 'a>) -> Res<Vs<'c, 'a>> {
    let v = call.get(cx, 0)?;
    let Ty::Range(d) = &call.types[0] else { return cx.invalid("range expected") };
    let n = range_length(cx, *d, &v);
    let t = cx.b.t.scalar(*d);
    let (n, one, zero) = (cx.b.resize(n, t, true), cx.b.int(t, 1), cx.b.int(t, 0));
    let before = cx.b.sub(n, one);
    let distance = cx.b.mul(before, v[2]);
    let first = cx.b.add(v[0], distance);
    Ok(smallvec![first, cx.b.sub(v[0], v[2]), cx.b.sub(zero, v[2])])
}

/// `x in range`
fn range_contains<'c, 'a>(cx: &mut Cx<'_, 'c, 'a>, call: &Call<'c, 'a>) -> Res<Vs<'c, 'a>> {
    let (v, x) = (call.get(cx, 0)?, call.get(cx, 1)?[0]);
    let n = range_length(cx, DType::Int64, &v);
    let loc = cx.b.loc;
    let (zero, minus) = (cx.b.i64(0), cx.b.i64(-1));
    // Steps from the first element, in the direction of the step: as unsigned numbers the distances never overflow.
    let down = cx.b.slt(v[2], zero);
    let (low, high) = (cx.b.select(down, x, v[0]), cx.b.select(down, v[0], x));
    let negated = cx.b.mul(v[2], minus);
    let size = cx.b.select(down, negated, v[2]);
    let distance = cx.b.sub(high, low);
    let behind = cx.b.cmp(CmpiPredicate::Sle, low, high);
    let (steps, rest) = (cx.b.value(arith::divui(distance, size, loc)), cx.b.value(arith::remui(distance, size, loc)));
    let (exact, before) = (cx.b.eq(rest, zero), cx.b.cmp(CmpiPredicate::Ult, steps, n));
    let inside = cx.b.and(exact, before);
    Ok(smallvec![cx.b.and(behind, inside)])
}

/// `range[i]`
fn range_item<'c, 'a>(cx: &mut Cx<'_, 'c, 'a>, call: &Call<'c, 'a>) -> Res<Vs<'c, 'a>> {
    let (v, i) = (call.get(cx, 0)?, call.get(cx, 1)?[0]);
    let n = range_length(cx, DType::Int64, &v);
    let zero = cx.b.i64(0);
    let (negative, from_end) = (cx.b.slt(i, zero), cx.b.add(i, n));
    let at = cx.b.select(negative, from_end, i);
    let outside = cx.b.cmp(CmpiPredicate::Uge, at, n);
    cx.raise_if(outside, ExceptionKind::IndexError, "range object index out of range");
    let offset = cx.b.mul(at, v[2]);
    Ok(smallvec![cx.b.add(v[0], offset)])
}

/// The number of elements of a range, as an unsigned number.
pub fn range_length<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, d: DType, v: &[V<'c, 'a>]) -> V<'c, 'a> {
    let t = cx.b.t.scalar(d);
    let (zero, one) = (cx.b.int(t, 0), cx.b.int(t, 1));
    let less = if d.is_signed() { CmpiPredicate::Slt } else { CmpiPredicate::Ult };
    let (low, high, step) = match cx.b.known(v[2]) {
        Some(n) if n > 0 || !d.is_signed() => (v[0], v[1], v[2]),
        Some(n) => (v[1], v[0], cx.b.int(t, n.wrapping_neg())),
        None => {
            let down = cx.b.slt(v[2], zero);
            let negated = cx.b.sub(zero, v[2]);
            (cx.b.select(down, v[1], v[0]), cx.b.select(down, v[0], v[1]), cx.b.select(down, negated, v[2]))
        }
    };
    let some = cx.b.cmp(less, low, high);
    let distance = cx.b.sub(high, low);
    let n = if cx.b.known(step) == Some(1) {
        distance
    } else {
        let loc = cx.b.loc;
        let last = cx.b.sub(distance, one);
        let rounds = cx.b.value(arith::divui(last, step, loc));
        cx.b.add(rounds, one)
    };
    let n = cx.b.select(some, n, zero);
    let i64 = cx.b.t.i64;
    cx.b.resize(n, i64, false)
}

/// Of headers of loops, the iterator whose state the header's arguments carry: it is made right before the loop, and nothing else uses it.
pub fn carried<'c: 'a, 'a>(cfg: &Cfg<'c, 'a>) -> HashMap<usize, Value<'c, 'a>> {
    let mut found = HashMap::new();
    for (header, node) in cfg.blocks.iter().enumerate() {
        let Some(next) = node.ops.iter().rev().nth(1).filter(|op| cfg::is_header_next(**op)) else { continue };
        let Ok(iterator) = next.operand(0) else { continue };
        let Some(Def::Result { block, op, .. }) = cfg.def(iterator).filter(|d| d.block() != header) else { continue };
        let fresh = PyOp::of(&op) == PyOp::Iter && op.operand(0).is_ok_and(|v| !matches!(Ty::from_mlir(v.r#type()), Some(Ty::Iterator(_))));
        let alone = cfg.uses(iterator) == [header] && node.ops.iter().flat_map(|op| op.operands()).filter(|v| *v == iterator).count() == 1;
        // Each round of a loop around this one comes by the op that makes the iterator.
        let enters = cfg.blocks[block].ops.last().is_some_and(|t| PyOp::of(t) == PyOp::Br) && node.preds.iter().all(|p| *p == block || cfg.dominates(header, *p));
        if fresh && alone && enters {
            found.insert(header, iterator);
        }
    }
    found
}

/// The types of an iterator's state.
pub fn state_types<'c: 'a, 'a>(cx: &Cx<'_, 'c, 'a>, iterable: &Ty) -> Vec<Type<'c>> {
    match iterable {
        Ty::Range(d) => vec![cx.b.t.scalar(*d), cx.b.t.i64],
        Ty::Enumerate(inner) => state_types(cx, inner).into_iter().chain([cx.b.t.i64]).collect(),
        Ty::Zip(parts) => parts.iter().flat_map(|p| state_types(cx, p)).collect(),
        Ty::Iterator(_) => vec![],
        _ => vec![cx.b.t.i64],
    }
}

/// `py.iter`
pub fn iter<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, op: OperationRef<'c, 'a>) -> Res<()> {
    let iterable = cx.operand(op, 0)?;
    let ty = cx.ty(iterable)?;
    let mut values = cx.get(iterable)?;
    if matches!(ty, Ty::Iterator(_)) {
        return cx.set_result(op, values);
    }
    let carried = op.result(0).is_ok_and(|r| {
        let r = Value::from(r);
        cx.cfg.uses(r).first().is_some_and(|header| cx.carried.get(header) == Some(&r))
    });
    let initial = start(cx, &ty, &values, carried)?;
    for v in initial {
        let state = if carried { v } else { cx.b.slot(v.r#type(), 1) };
        if !carried {
            cx.b.store(v, state);
        }
        values.push(state);
    }
    cx.set_result(op, values)
}

// The state at the first element. With `here` it is only used where as much is known of the iterable as is known here.
fn start<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, ty: &Ty, values: &[V<'c, 'a>], here: bool) -> Res<Vs<'c, 'a>> {
    Ok(match ty {
        Ty::Range(d) => {
            let left = if here && by_comparison(cx, *d, values) { cx.b.i64(0) } else { range_length(cx, *d, values) };
            smallvec![values[0], left]
        }
        Ty::Enumerate(inner) => {
            let mut state = start(cx, inner, &values[..count(inner)], here)?;
            state.push(values[count(inner)]);
            state
        }
        Ty::Zip(parts) => {
            let mut state = Vs::new();
            for i in 0..parts.len() {
                state.extend(start(cx, &parts[i], part(parts, values, i), here)?);
            }
            state
        }
        Ty::Array(_) | Ty::Tuple(_) | Ty::List(_) | Ty::Str => smallvec![cx.b.i64(0)],
        // It has its own.
        Ty::Iterator(_) => Vs::new(),
        other => return cx.unsupported(format!("iteration over {other}")),
    })
}

// Whether the end of a range is found by comparing with it: with a step of one it cannot be jumped over. Other ranges count down what is left.
fn by_comparison(cx: &Cx, d: DType, values: &[V]) -> bool {
    match cx.b.known(values[2]) {
        Some(1) => true,
        Some(-1) => d.is_signed(),
        _ => false,
    }
}

/// `py.next`
pub fn next<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, op: OperationRef<'c, 'a>) -> Res<()> {
    let iterator = cx.operand(op, 0)?;
    let ty = cx.ty(iterator)?;
    let Ty::Iterator(iterable) = &ty else { return cx.invalid(format!("next element of {ty}")) };
    let values = cx.get(iterator)?;
    let (content, slots) = values.split_at(count(iterable));
    let header = op.block().and_then(|b| cx.cfg.number(b)).filter(|b| cx.carried.contains_key(b));
    let (valid, current) = match header {
        Some(header) => {
            let state = cx.header_state(header, slots.len());
            let (valid, current, following) = advance(cx, iterable, content, &state, None)?;
            cx.following.insert((cx.version, header), following);
            (valid, current)
        }
        None => advance_slots(cx, iterable, content, slots, None)?,
    };
    let owned = owned_elements(iterable);
    let (Ok(first), Ok(second)) = (op.result(0), op.result(1)) else { return cx.invalid("py.next without results") };
    cx.set(first.into(), smallvec![valid]);
    if cfg::is_header_next(op) {
        cx.pending = Some(Pending { value: second.into(), current, owned });
        return Ok(());
    }
    // Elsewhere the element is read behind a branch of its own.
    let element_ty = cx.ty(second.into())?;
    let types = flattened(&cx.b.t, &element_ty);
    let (read, join) = (cx.b.new_block(&[]), cx.b.new_block(&types));
    let missing = cx.dummy(&element_ty);
    cx.b.cond_br(valid, (read, &[]), (join, &missing));
    cx.b.block = read;
    let values = resolve(cx, current)?;
    if owned {
        memory::retain_values(cx, &element_ty, &values);
    }
    cx.b.br(join, &values);
    cx.b.block = join;
    let values = cx.b.arguments(join);
    cx.set(second.into(), values);
    Ok(())
}

/// Makes the element of a loop header's `py.next`.
pub fn element<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, pending: Pending<'c, 'a>) -> Res<()> {
    let values = resolve(cx, pending.current)?;
    if pending.owned {
        let ty = cx.ty(pending.value)?;
        memory::retain_values(cx, &ty, &values);
    }
    cx.set(pending.value, values);
    Ok(())
}

// Whether there is an element, where, and the state behind it; where it is not asked to move on, that is the state before. At the end it stays there.
fn advance<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, ty: &Ty, values: &[V<'c, 'a>], state: &[V<'c, 'a>], asked: Option<V<'c, 'a>>) -> Res<(V<'c, 'a>, Current<'c, 'a>, Vs<'c, 'a>)> {
    let one = cx.b.i64(1);
    let keep = |cx: &mut Cx<'_, 'c, 'a>, following: V<'c, 'a>, before: V<'c, 'a>| match asked {
        Some(asked) => cx.b.select(asked, following, before),
        None => following,
    };
    Ok(match ty {
        Ty::Range(d) => {
            let (position, left) = (state[0], state[1]);
            let (less, greater) = if d.is_signed() { (CmpiPredicate::Slt, CmpiPredicate::Sgt) } else { (CmpiPredicate::Ult, CmpiPredicate::Ugt) };
            let (valid, following, left) = if by_comparison(cx, *d, values) {
                let inside = if cx.b.known(values[2]) == Some(1) { less } else { greater };
                // Before the end, so one step more cannot overflow. After the end it does not count.
                let following = if d.is_signed() { cx.b.add_nsw(position, values[2]) } else { cx.b.add(position, values[2]) };
                (cx.b.cmp(inside, position, values[1]), following, left)
            } else {
                let zero = cx.b.i64(0);
                let valid = cx.b.cmp(CmpiPredicate::Ne, left, zero);
                let fewer = cx.b.sub(left, one);
                let fewer = cx.b.select(valid, fewer, zero);
                (valid, cx.b.add(position, values[2]), keep(cx, fewer, left))
            };
            (valid, Current::Ready(position), smallvec![keep(cx, following, position), left])
        }
        Ty::Array(_) | Ty::Tuple(_) | Ty::List(_) | Ty::Str => {
            let position = state[0];
            let n = match ty {
                Ty::Tuple(parts) => cx.b.i64(parts.len() as i64),
                // Asked anew each time: the list may grow or shrink in the loop.
                Ty::List(_) => List::new(cx, ty, values)?.len(cx),
                Ty::Str => strings::length(cx, values),
                _ => values[2],
            };
            let valid = cx.b.slt(position, n);
            let mut following = cx.b.add_nsw(position, one);
            if let Ty::List(_) = ty {
                // It may get longer afterwards.
                let end = cx.b.i64(i64::MAX);
                following = cx.b.select(valid, following, end);
            }
            (valid, Current::At(ty.clone(), values.into(), position), smallvec![keep(cx, following, position)])
        }
        Ty::Enumerate(inner) => {
            let (state, index) = state.split_at(states(inner));
            let (valid, element, mut following) = advance(cx, inner, &values[..count(inner)], state, asked)?;
            let next = cx.b.add(index[0], one);
            following.push(keep(cx, next, index[0]));
            (valid, Current::Many(vec![Current::Ready(index[0]), element]), following)
        }
        Ty::Zip(parts) => {
            let mut valid = cx.b.bool(!parts.is_empty());
            let (mut elements, mut following, mut at) = (vec![], Vs::new(), 0);
            for i in 0..parts.len() {
                let n = states(&parts[i]);
                // Another one that uses the same iterator must find it where Python leaves it.
                let asked = match (asked, i) {
                    _ if !shared(&parts[i]) => asked,
                    (None, 0) => None,
                    (None, _) => Some(valid),
                    (Some(asked), _) => Some(cx.b.and(asked, valid)),
                };
                let (more, element, state) = advance(cx, &parts[i], part(parts, values, i), &state[at..at + n], asked)?;
                at += n;
                valid = cx.b.and(valid, more);
                elements.push(element);
                following.extend(state);
            }
            (valid, Current::Many(elements), following)
        }
        Ty::Iterator(of) => {
            let (content, slots) = values.split_at(count(of));
            let (valid, current) = advance_slots(cx, of, content, slots, asked)?;
            (valid, current, Vs::new())
        }
        other => return cx.unsupported(format!("iteration over {other}")),
    })
}

// The same of an iterator whose state is in stack slots.
fn advance_slots<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, ty: &Ty, values: &[V<'c, 'a>], slots: &[V<'c, 'a>], asked: Option<V<'c, 'a>>) -> Res<(V<'c, 'a>, Current<'c, 'a>)> {
    let state: Vs = slots.iter().zip(state_types(cx, ty)).map(|(slot, t)| cx.b.load(t, *slot)).collect();
    let (valid, current, following) = advance(cx, ty, values, &state, asked)?;
    slots.iter().zip(&following).for_each(|(slot, v)| cx.b.store(*v, *slot));
    Ok((valid, current))
}

// Whether something else may ask for the elements too.
fn shared(ty: &Ty) -> bool {
    match ty {
        Ty::Iterator(_) => true,
        Ty::Enumerate(inner) => shared(inner),
        Ty::Zip(parts) => parts.iter().any(shared),
        _ => false,
    }
}

fn resolve<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, current: Current<'c, 'a>) -> Res<Vs<'c, 'a>> {
    Ok(match current {
        Current::Ready(v) => smallvec![v],
        Current::At(Ty::Array(a), values, position) => {
            let array = flatten::Arr::new(a, &values);
            items::element_or_row(cx, &array, position)
        }
        Current::At(Ty::Tuple(parts), values, position) => tuples::pick(cx, &parts, &values, position),
        Current::At(ty @ Ty::List(_), values, position) => List::new(cx, &ty, &values)?.load(cx, position),
        Current::At(Ty::Str, values, position) => {
            let one = cx.b.i64(1);
            strings::part(cx, &values, position, one)
        }
        Current::At(other, ..) => return cx.invalid(format!("element of {other}")),
        Current::Many(parts) => {
            let mut out = Vs::new();
            for p in parts {
                out.extend(resolve(cx, p)?);
            }
            out
        }
    })
}
