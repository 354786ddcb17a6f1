//! Views: subscripts with slices, `None` and `...`. Nothing is copied.
use super::items::{self, Index};
use super::super::{build::{V, Vs}, builtins, cx::{Cx, Res}, flatten::Arr};
use melior::{dialect::{arith, llvm}, ir::OperationRef};
use numbra_abi::{DType, ExceptionKind};
use numbra_dialects::py::{Layout, Ty};

/// The view that a subscript means. Its layout is not known here; its machine values do not depend on it.
pub fn view<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, op: OperationRef<'c, 'a>, array: &Arr<'c, 'a>, items: &[Index<'c, 'a>]) -> Res<Arr<'c, 'a>> {
    let used = items.iter().filter(|i| !matches!(i.ty, Ty::None | Ty::Ellipsis)).count();
    let Some(free) = array.ty.rank.checked_sub(used) else { return cx.invalid("too many indices for an array") };
    let (mut shape, mut strides, mut data) = (Vs::new(), Vs::new(), array.data);
    let mut axis = 0;
    let keep = |axis: &mut usize, n: usize, shape: &mut Vs<'c, 'a>, strides: &mut Vs<'c, 'a>| {
        shape.extend_from_slice(&array.shape[*axis..*axis + n]);
        strides.extend_from_slice(&array.strides[*axis..*axis + n]);
        *axis += n;
    };
    let mut expanded = false;
    for item in items {
        match &item.ty {
            Ty::None => {
                shape.push(cx.b.i64(1));
                strides.push(cx.b.i64(0));
            }
            Ty::Ellipsis if !expanded => {
                expanded = true;
                keep(&mut axis, free, &mut shape, &mut strides);
            }
            Ty::Slice(parts) => {
                let (first, n, step) = bounds(cx, parts, &item.values, array.shape[axis])?;
                let bytes = cx.b.mul(first, array.strides[axis]);
                data = free_offset(cx, data, bytes);
                shape.push(n);
                strides.push(cx.b.mul(array.strides[axis], step));
                axis += 1;
            }
            Ty::Scalar(d) if d.is_integer() => {
                let at = items::position(cx, op, axis, item, array.shape[axis])?;
                let bytes = cx.b.mul(at, array.strides[axis]);
                data = free_offset(cx, data, bytes);
                axis += 1;
            }
            other => return cx.unsupported(format!("subscript of type {other}")),
        }
    }
    let rest = array.ty.rank - axis;
    keep(&mut axis, rest, &mut shape, &mut strides);
    let mut ty = array.ty;
    ty.rank = shape.len();
    ty.layout = Layout::A;
    Ok(Arr { ty, owner: array.owner, data, shape, strides })
}

/// An address some bytes further. An empty view may start outside of the array: the address must not promise anything.
pub fn free_offset<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, base: V<'c, 'a>, bytes: V<'c, 'a>) -> V<'c, 'a> {
    if cx.b.known(bytes) == Some(0) {
        return base;
    }
    let (context, t, loc) = (cx.b.context, cx.b.t, cx.b.loc);
    cx.b.value(llvm::get_element_ptr_dynamic(context, base, &[bytes], t.i8, t.ptr, loc))
}

/// First position, number of elements and step, as CPython's slice.indices.
pub fn bounds<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, parts: &[Ty; 3], values: &[V<'c, 'a>], n: V<'c, 'a>) -> Res<(V<'c, 'a>, V<'c, 'a>, V<'c, 'a>)> {
    if let Some((first, missing)) = missing(cx, parts, values) {
        // A part that starts behind the end has no elements, so that it may start anywhere.
        return Ok((cx.b.i64(first), cx.b.shortened(n, missing), cx.b.i64(1)));
    }
    let (start, stop, step, down) = limits(cx, parts, values, n)?;
    let (zero, one) = (cx.b.i64(0), cx.b.i64(1));
    let negated = cx.b.sub(zero, step);
    let (from, to, size) = (cx.b.select(down, stop, start), cx.b.select(down, start, stop), cx.b.select(down, negated, step));
    let some = cx.b.slt(from, to);
    let distance = cx.b.sub(to, from);
    let count = if cx.b.known(size) == Some(1) {
        distance
    } else {
        let loc = cx.b.loc;
        let less = cx.b.sub(distance, one);
        let rounds = cx.b.value(arith::divui(less, size, loc));
        cx.b.add(rounds, one)
    };
    Ok((start, cx.b.select(some, count, zero), step))
}

// Where a slice as `1:-1` starts, counted from the beginning, and how many elements are not in it: its stop is counted from the end, or missing.
fn missing<'c: 'a, 'a>(cx: &Cx<'_, 'c, 'a>, parts: &[Ty; 3], values: &[V<'c, 'a>]) -> Option<(i64, i64)> {
    let mut rest = values.iter();
    let mut given = [None; 3];
    for (ty, slot) in parts.iter().zip(&mut given) {
        if *ty != Ty::None {
            *slot = Some(cx.b.known(*rest.next()?)?);
        }
    }
    match given {
        [start, stop, None | Some(1)] if start.unwrap_or(0) >= 0 && stop.unwrap_or(-1) < 0 => {
            let first = start.unwrap_or(0);
            Some((first, first.checked_add(stop.map_or(0, i64::wrapping_neg)).filter(|n| *n >= 0)?))
        }
        _ => None,
    }
}

/// The table of this family.
pub const BUILTINS: builtins::Table = &[("slice.indices", indices)];

fn indices<'c, 'a>(cx: &mut Cx<'_, 'c, 'a>, call: &builtins::Call<'c, 'a>) -> Res<Vs<'c, 'a>> {
    let Some(Ty::Slice(parts)) = call.types.first() else { return cx.invalid("slice.indices of something else") };
    let (values, n) = (call.get(cx, 0)?, call.get(cx, 1)?[0]);
    let zero = cx.b.i64(0);
    let negative = cx.b.slt(n, zero);
    cx.raise_if(negative, ExceptionKind::ValueError, "length should not be negative");
    let (start, stop, step, _) = limits(cx, parts, &values, n)?;
    Ok([start, stop, step].into_iter().collect())
}

// First position, where to stop, step, and whether that goes down.
#[allow(clippy::type_complexity, reason = "four numbers")]
fn limits<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, parts: &[Ty; 3], values: &[V<'c, 'a>], n: V<'c, 'a>) -> Res<(V<'c, 'a>, V<'c, 'a>, V<'c, 'a>, V<'c, 'a>)> {
    let mut rest = values.iter().copied();
    let mut given = [None; 3];
    for (ty, slot) in parts.iter().zip(&mut given) {
        *slot = match ty {
            Ty::None => None,
            Ty::Scalar(d) if d.is_integer() => match rest.next() {
                Some(v) => Some(as_i64(cx, *d, v)),
                None => return cx.invalid("slice with too few parts"),
            },
            other => return cx.unsupported(format!("slice part of type {other}")),
        };
    }
    let [start, stop, step] = given;
    let (zero, one, minus) = (cx.b.i64(0), cx.b.i64(1), cx.b.i64(-1));
    let step = step.unwrap_or(one);
    let down = match cx.b.known(step) {
        Some(k) if k != 0 => cx.b.bool(k < 0),
        _ => {
            let bad = cx.b.eq(step, zero);
            cx.raise_if(bad, ExceptionKind::ValueError, "slice step cannot be zero");
            cx.b.slt(step, zero)
        }
    };
    let last = cx.b.sub(n, one);
    // Going down, positions are clamped to -1 .. n-1, going up to 0 .. n.
    let (low, high) = (cx.b.select(down, minus, zero), cx.b.select(down, last, n));
    let start = match start {
        Some(v) => clamp(cx, v, n, low, high),
        None => cx.b.select(down, last, zero),
    };
    let stop = match stop {
        Some(v) => clamp(cx, v, n, low, high),
        None => cx.b.select(down, minus, n),
    };
    Ok((start, stop, step, down))
}

fn clamp<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, v: V<'c, 'a>, n: V<'c, 'a>, low: V<'c, 'a>, high: V<'c, 'a>) -> V<'c, 'a> {
    if cx.b.known(v) == Some(0) && cx.b.known(low) == Some(0) {
        return v;
    }
    let wrapped = match cx.b.known(v) {
        Some(k) if k >= 0 => v,
        Some(_) => cx.b.add(v, n),
        None => {
            let zero = cx.b.i64(0);
            let (negative, from_end) = (cx.b.slt(v, zero), cx.b.add(v, n));
            cx.b.select(negative, from_end, v)
        }
    };
    let above = cx.b.smax(wrapped, low);
    cx.b.smin(above, high)
}

fn as_i64<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, d: DType, v: V<'c, 'a>) -> V<'c, 'a> {
    if d != DType::UInt64 {
        let i64 = cx.b.t.i64;
        return cx.b.resize(v, i64, d.is_signed());
    }
    let loc = cx.b.loc;
    let largest = cx.b.i64(i64::MAX);
    cx.b.value(arith::minui(v, largest, loc))
}
