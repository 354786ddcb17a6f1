//! Reductions of whole arrays, and Python's `sum`.
use super::{build::{V, Vs}, builtins::{Call, Table}, cast, compare, cx::{Cx, Res}, flatten::{Arr, part}, items::{self, load_element}, nest, scalars, times};
use melior::{dialect::{arith, ods::arith as ods}, ir::{ValueLike, operation::OperationMutLike}};
use numbra_abi::{DType, ExceptionKind};
use numbra_dialects::py::{CompareKind, Layout, Ty};
use smallvec::smallvec;

/// The table of this family.
pub const BUILTINS: Table = &[
    ("sum", python_sum), ("numpy.sum", numpy_sum), ("numpy.mean", mean), ("numpy.prod", prod), ("numpy.min", extremum), ("numpy.max", extremum),
    ("numpy.any", truth), ("numpy.all", truth), ("numpy.argmin", position), ("numpy.argmax", position), ("array.min", python_extremum),
    ("array.max", python_extremum),
];

// Elements that NumPy adds up in one go, and how many of these partial sums in turn: the rounding error grows with these, not with the length.
const BLOCK: i64 = 128;
const SUPER: i64 = BLOCK * 128;

pub fn add<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, d: DType, a: &[V<'c, 'a>], b: &[V<'c, 'a>]) -> Vs<'c, 'a> {
    let float = d.is_float() || d.is_complex();
    if d.unit().is_some() {
        return smallvec![times::sum(cx, a[0], b[0])];
    }
    a.iter().zip(b).map(|(x, y)| if float { cx.b.fadd(*x, *y) } else { cx.b.add(*x, *y) }).collect()
}

fn zeros<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, d: DType, value: i64) -> Vs<'c, 'a> {
    let t = cx.b.t.scalar(d);
    let first = cx.b.number(t, value);
    if d.is_complex() { smallvec![first, cx.b.number(t, 0)] } else { smallvec![first] }
}

fn result_scalar<'c, 'a>(cx: &Cx<'_, 'c, 'a>, call: &Call<'c, 'a>) -> Res<DType> {
    match call.result.scalar() {
        Some(d) => Ok(d),
        None => cx.invalid(format!("{} gives {}", call.path, call.result)),
    }
}

fn python_sum<'c, 'a>(cx: &mut Cx<'_, 'c, 'a>, call: &Call<'c, 'a>) -> Res<Vs<'c, 'a>> {
    let d = result_scalar(cx, call)?;
    let mut total = if call.arguments.len() > 1 { call.get(cx, 1)? } else { zeros(cx, d, 0) };
    match &call.types[0] {
        Ty::Tuple(parts) => {
            let values = call.get(cx, 0)?;
            for (i, p) in parts.iter().enumerate() {
                let Some(e) = p.scalar() else { return cx.unsupported(format!("sum of {p}")) };
                let v = cast::scalar(cx, e, d, part(parts, &values, i));
                total = add(cx, d, &total, &v);
            }
            Ok(total)
        }
        Ty::Array(a) if a.rank == 1 => {
            let array = cx.array(call.arguments[0])?;
            nest::each_element(cx, &array, true, &total, &mut |cx, address, carried| {
                let raw = load_element(cx, array.ty.dtype, address);
                let v = cast::scalar(cx, array.ty.dtype, d, &raw);
                Ok(add(cx, d, &carried, &v))
            })
        }
        Ty::Range(e) => {
            let v = call.get(cx, 0)?;
            let n = super::iterate::range_length(cx, *e, &v);
            let i64 = cx.b.t.i64;
            let (start, step) = (cx.b.resize(v[0], i64, e.is_signed()), cx.b.resize(v[2], i64, e.is_signed()));
            nest::count_loop(cx, n, &total, &mut |cx, i, carried| {
                let offset = cx.b.mul(i, step);
                let x = cx.b.add(start, offset);
                let v = cast::scalar(cx, DType::Int64, d, &[x]);
                Ok(add(cx, d, &carried, &v))
            })
        }
        other => cx.unsupported(format!("sum of {other}")),
    }
}

fn numpy_sum<'c, 'a>(cx: &mut Cx<'_, 'c, 'a>, call: &Call<'c, 'a>) -> Res<Vs<'c, 'a>> {
    let d = result_scalar(cx, call)?;
    let array = cx.array(call.arguments[0])?;
    total(cx, &array, d)
}

// Sums of rows: the whole of a contiguous array is one row.
fn total<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, array: &Arr<'c, 'a>, d: DType) -> Res<Vs<'c, 'a>> {
    let zero = zeros(cx, d, 0);
    if array.ty.rank == 0 {
        let raw = load_element(cx, array.ty.dtype, array.data);
        return Ok(cast::scalar(cx, array.ty.dtype, d, &raw));
    }
    let item = cx.b.i64(array.ty.dtype.size() as i64);
    if array.ty.layout != Layout::A {
        let n = nest::size(cx, &array.shape);
        return row(cx, array.ty.dtype, d, array.data, n, item);
    }
    let last = array.ty.rank - 1;
    nest::nest(cx, &array.shape[..last], &mut vec![], &zero, &mut |cx, index, carried| {
        let mut p = array.data;
        for (i, s) in index.iter().zip(&array.strides) {
            let bytes = cx.b.mul_nsw(*i, *s);
            p = cx.b.offset(p, bytes);
        }
        let v = row(cx, array.ty.dtype, d, p, array.shape[last], array.strides[last])?;
        Ok(add(cx, d, &carried, &v))
    })
}

fn row<'m, 'c: 'a, 'a>(cx: &mut Cx<'m, 'c, 'a>, from: DType, d: DType, data: V<'c, 'a>, n: V<'c, 'a>, stride: V<'c, 'a>) -> Res<Vs<'c, 'a>> {
    let zero = zeros(cx, d, 0);
    let element = items::element_type(cx, from);
    let unit = cx.b.known(stride) == Some(from.size() as i64);
    let elements = |cx: &mut Cx<'m, 'c, 'a>, first: V<'c, 'a>, count: V<'c, 'a>| {
        nest::count_loop(cx, count, &zero, &mut |cx, i, carried| {
            let at = cx.b.add_nsw(first, i);
            let address = if unit {
                cx.b.at(data, at, element)
            } else {
                let bytes = cx.b.mul_nsw(at, stride);
                cx.b.offset(data, bytes)
            };
            let raw = load_element(cx, from, address);
            let v = cast::scalar(cx, from, d, &raw);
            Ok(regrouped_add(cx, d, &carried, &v))
        })
    };
    if !d.is_float() && !d.is_complex() {
        let first = cx.b.i64(0);
        return elements(cx, first, n);
    }
    let (block, group) = (cx.b.i64(BLOCK), cx.b.i64(SUPER));
    pieces(cx, d, n, group, &mut |cx, start, count| {
        pieces(cx, d, count, block, &mut |cx, inner, count| {
            let first = cx.b.add_nsw(start, inner);
            elements(cx, first, count)
        })
    })
}

// Adds up what `body` gives for pieces of `n`: their start and length.
fn pieces<'m, 'c: 'a, 'a>(
    cx: &mut Cx<'m, 'c, 'a>, d: DType, n: V<'c, 'a>, size: V<'c, 'a>, body: &mut dyn FnMut(&mut Cx<'m, 'c, 'a>, V<'c, 'a>, V<'c, 'a>) -> Res<Vs<'c, 'a>>,
) -> Res<Vs<'c, 'a>> {
    let loc = cx.b.loc;
    let one = cx.b.i64(1);
    let less = cx.b.sub(size, one);
    let up = cx.b.add_nsw(n, less);
    let count = cx.b.value(arith::divui(up, size, loc));
    let zero = zeros(cx, d, 0);
    nest::count_loop(cx, count, &zero, &mut |cx, i, carried| {
        let start = cx.b.mul_nsw(i, size);
        let rest = cx.b.sub_nsw(n, start);
        let length = cx.b.smin(rest, size);
        let v = body(cx, start, length)?;
        Ok(add(cx, d, &carried, &v))
    })
}

// Inside of one block the order of additions is free: that is what lets it be vectorised.
fn regrouped_add<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, d: DType, a: &[V<'c, 'a>], b: &[V<'c, 'a>]) -> Vs<'c, 'a> {
    if !d.is_float() && !d.is_complex() {
        return add(cx, d, a, b);
    }
    a.iter().zip(b).map(|(x, y)| {
        let mut op = arith::addf(*x, *y, cx.b.loc);
        if let Some(flags) = cx.b.fast.reassoc {
            op.set_attribute("fastmath", flags);
        }
        cx.b.value(op)
    }).collect()
}

fn mean<'c, 'a>(cx: &mut Cx<'_, 'c, 'a>, call: &Call<'c, 'a>) -> Res<Vs<'c, 'a>> {
    let d = result_scalar(cx, call)?;
    let array = cx.array(call.arguments[0])?;
    let sum = total(cx, &array, d)?;
    let n = nest::size(cx, &array.shape);
    let (t, loc) = (cx.b.t.scalar(d), cx.b.loc);
    let n = cx.b.value(arith::sitofp(n, t, loc));
    Ok(sum.iter().map(|x| cx.b.fdiv(*x, n)).collect())
}

fn prod<'c, 'a>(cx: &mut Cx<'_, 'c, 'a>, call: &Call<'c, 'a>) -> Res<Vs<'c, 'a>> {
    let d = result_scalar(cx, call)?;
    if d.is_complex() {
        return cx.unsupported("numpy.prod of complex numbers");
    }
    let array = cx.array(call.arguments[0])?;
    let one = zeros(cx, d, 1);
    nest::each_element(cx, &array, false, &one, &mut |cx, address, carried| {
        let raw = load_element(cx, array.ty.dtype, address);
        let v = cast::scalar(cx, array.ty.dtype, d, &raw);
        Ok(smallvec![if d.is_float() { cx.b.fmul(carried[0], v[0]) } else { cx.b.mul(carried[0], v[0]) }])
    })
}

fn check_not_empty<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, array: &Arr<'c, 'a>, message: &str) {
    let (n, zero) = (nest::size(cx, &array.shape), cx.b.i64(0));
    let empty = cx.b.eq(n, zero);
    cx.raise_if(empty, ExceptionKind::ValueError, message);
}

fn extremum<'c, 'a>(cx: &mut Cx<'_, 'c, 'a>, call: &Call<'c, 'a>) -> Res<Vs<'c, 'a>> {
    let array = cx.array(call.arguments[0])?;
    let d = array.ty.dtype;
    if d.is_complex() {
        return cx.unsupported(format!("{} of complex numbers", call.path));
    }
    let larger = call.name() == "max";
    check_not_empty(cx, &array, &format!("zero-size array to reduction operation {} which has no identity", if larger { "maximum" } else { "minimum" }));
    let first = load_element(cx, d, array.data);
    nest::each_element(cx, &array, false, &first, &mut |cx, address, carried| {
        let v = load_element(cx, d, address);
        Ok(smallvec![if d.is_float() { nan_extremum(cx, larger, carried[0], v[0]) } else { scalars::extremum(cx, d, larger, carried[0], v[0])? }])
    })
}

/// NaN wins; which of two zeros does is left open, as in NumPy: that lets it be vectorised.
pub fn nan_extremum<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, larger: bool, a: V<'c, 'a>, b: V<'c, 'a>) -> V<'c, 'a> {
    let (context, loc) = (cx.b.context, cx.b.loc);
    let mut op: melior::ir::Operation = if larger { ods::maximumf(context, a, b, loc).into() } else { ods::minimumf(context, a, b, loc).into() };
    if let Some(flags) = cx.b.fast.nsz {
        op.set_attribute("fastmath", flags);
    }
    cx.b.value(op)
}

fn python_extremum<'c, 'a>(cx: &mut Cx<'_, 'c, 'a>, call: &Call<'c, 'a>) -> Res<Vs<'c, 'a>> {
    let array = cx.array(call.arguments[0])?;
    let d = array.ty.dtype;
    if d.is_complex() {
        return cx.unsupported(format!("{} of complex numbers", call.path));
    }
    let larger = call.name() == "max";
    check_not_empty(cx, &array, &format!("{} of an empty array", call.name()));
    let first = load_element(cx, d, array.data);
    let kind = if larger { CompareKind::Gt } else { CompareKind::Lt };
    nest::each_element(cx, &array, true, &first, &mut |cx, address, carried| {
        let v = load_element(cx, d, address);
        let better = compare::scalars(cx, kind, d, &v, &carried)?;
        Ok(smallvec![cx.b.select(better, v[0], carried[0])])
    })
}

fn truth<'c, 'a>(cx: &mut Cx<'_, 'c, 'a>, call: &Call<'c, 'a>) -> Res<Vs<'c, 'a>> {
    let array = cx.array(call.arguments[0])?;
    let any = call.name() == "any";
    let start = cx.b.bool(!any);
    nest::each_element(cx, &array, false, &[start], &mut |cx, address, carried| {
        let v = load_element(cx, array.ty.dtype, address);
        let v = compare::nonzero(cx, array.ty.dtype, &v);
        Ok(smallvec![if any { cx.b.or(carried[0], v) } else { cx.b.and(carried[0], v) }])
    })
}

// The first extremum in the order of indices; the first NaN if there is one.
fn position<'c, 'a>(cx: &mut Cx<'_, 'c, 'a>, call: &Call<'c, 'a>) -> Res<Vs<'c, 'a>> {
    let array = cx.array(call.arguments[0])?;
    let d = array.ty.dtype;
    if d.is_complex() {
        return cx.unsupported(format!("{} of complex numbers", call.path));
    }
    check_not_empty(cx, &array, &format!("attempt to get {} of an empty sequence", call.name()));
    let kind = if call.name() == "argmax" { CompareKind::Gt } else { CompareKind::Lt };
    let (first, zero, one) = (load_element(cx, d, array.data)[0], cx.b.i64(0), cx.b.i64(1));
    let found = nest::each_element(cx, &array, true, &[first, zero, zero], &mut |cx, address, carried| {
        let v = load_element(cx, d, address);
        let mut better = compare::scalars(cx, kind, d, &v, &[carried[0]])?;
        if d.is_float() {
            let (new, old) = (cx.b.fcmp(arith::CmpfPredicate::Uno, v[0], v[0]), cx.b.fcmp(arith::CmpfPredicate::Ord, carried[0], carried[0]));
            let first_nan = cx.b.and(new, old);
            better = cx.b.or(better, first_nan);
        }
        if d.unit().is_some() {
            let (new, old) = (times::is_nat(cx, v[0]), times::is_nat(cx, carried[0]));
            let (keep, none) = (cx.b.not(old), cx.b.bool(false));
            let first_nat = cx.b.select(new, keep, none);
            better = cx.b.or(better, first_nat);
        }
        let best = cx.b.select(better, v[0], carried[0]);
        let at = cx.b.select(better, carried[2], carried[1]);
        Ok(smallvec![best, at, cx.b.add_nsw(carried[2], one)])
    })?;
    debug_assert!(found[1].r#type() == cx.b.t.i64);
    Ok(smallvec![found[1]])
}
