//! Rows put together to one value: what is carried from element to element, and what comes of it in the end.
use super::{kind::{Kind, Reduction}, position, squares};
use super::super::row::Row;
use crate::conversion::py_to_std::{array::nest, build::{V, Vs}, cx::{Cx, Res}};
use melior::{dialect::arith::{self, CmpfPredicate}, ir::Type};
use numbra_abi::DType;

/// So many floats are added up by vector code before their sum is added with care.
const SUMMED: i64 = 256;
/// So many truth values are looked at before it is asked whether one of them decides.
const LOOKED_AT: i64 = 512;

/// What is carried before the first element.
pub fn start<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, reduction: &Reduction<'_, 'c>) -> Res<Vs<'c, 'a>> {
    if reduction.kind.is_position() {
        return Ok(position::start(cx, reduction));
    }
    if reduction.kind == Kind::Squares {
        return Ok(squares::start(cx));
    }
    if !reduction.rounds() {
        return Ok(reduction.identity(cx));
    }
    let zero = cx.b.float(cx.b.t.f64, 0.0);
    let parts = 1 + usize::from(reduction.dtype.is_complex());
    Ok(std::iter::repeat_n(zero, if is_wide(reduction) { 2 * parts } else { parts }).collect())
}

// Sums of float32 are added up in float64, which is exact enough; those of float64 carry their errors.
fn is_wide(reduction: &Reduction) -> bool {
    reduction.dtype.part() == DType::Float64
}

/// The elements of a row put together with what is carried.
pub fn row<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, reduction: &Reduction<'_, 'c>, row: &Row<'c, 'a>, carried: Vs<'c, 'a>) -> Res<Vs<'c, 'a>> {
    if reduction.kind.is_position() {
        return position::row(cx, reduction, row, carried);
    }
    if reduction.kind == Kind::Squares {
        return squares::row(cx, reduction, row, carried);
    }
    if reduction.rounds() {
        return nest::pieces(cx, row.n, SUMMED, &carried, &mut |cx, first, count, carried| {
            let identity = reduction.identity(cx);
            let sum = elements(cx, reduction, row, first, count, &identity)?;
            Ok(added(cx, reduction, &carried, &sum))
        });
    }
    if matches!(reduction.kind, Kind::Any | Kind::All) {
        return until_decided(cx, reduction, row, carried);
    }
    row.in_parts(cx, &carried, &mut |cx, row, _, carried| all(cx, reduction, row, &carried))
}

/// The sum of a row of a few elements, one after the other: nothing is lost that would have to be carried. Or the position of an extremum.
pub fn short<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, reduction: &Reduction<'_, 'c>, row: &mut Row<'c, 'a>) -> Res<Vs<'c, 'a>> {
    if reduction.kind.is_position() {
        return position::short(cx, reduction, row);
    }
    row.copies = nest::Copies::Scalar;
    let identity = reduction.identity(cx);
    let sum = all(cx, reduction, row, &identity)?;
    Ok(if reduction.kind == Kind::Mean { divided(cx, reduction, &sum, row.n) } else { sum })
}

/// So many elements from a position on put together with a value; what is done by vector code.
pub fn elements<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, reduction: &Reduction<'_, 'c>, row: &Row<'c, 'a>, first: V<'c, 'a>, count: V<'c, 'a>, start: &[V<'c, 'a>]) -> Res<Vs<'c, 'a>> {
    let part = row.part(cx, first, count);
    all(cx, reduction, &part, start)
}

fn all<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, reduction: &Reduction<'_, 'c>, row: &Row<'c, 'a>, start: &[V<'c, 'a>]) -> Res<Vs<'c, 'a>> {
    nest::count_loop_of(cx, row.n, row.copies, start, &mut |cx, i, carried| {
        let v = row.element(cx, reduction.function, i);
        let v = reduction.prepared(cx, &v);
        reduction.together(cx, &carried, &v, true)
    })
}

// The sum of a block added to the total, in float64: what rounding takes away is carried in the second half.
fn added<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, reduction: &Reduction<'_, 'c>, total: &[V<'c, 'a>], sum: &[V<'c, 'a>]) -> Vs<'c, 'a> {
    if !is_wide(reduction) {
        let (f64, loc) = (cx.b.t.f64, cx.b.loc);
        return total.iter().zip(sum).map(|(s, x)| {
            let x = cx.b.value(arith::extf(*x, f64, loc));
            cx.b.fadd(*s, x)
        }).collect();
    }
    let (high, low) = total.split_at(sum.len());
    let (mut totals, mut errors) = (Vs::new(), Vs::new());
    for ((s, c), x) in high.iter().zip(low).zip(sum) {
        let t = cx.b.fadd(*s, *x);
        let other = cx.b.fsub(t, *s);
        let (back, rest) = (cx.b.fsub(t, other), cx.b.fsub(*x, other));
        let lost = cx.b.fsub(*s, back);
        let error = cx.b.fadd(lost, rest);
        totals.push(t);
        errors.push(cx.b.fadd(*c, error));
    }
    totals.extend(errors);
    totals
}

/// What is carried after two parts, of which each began anew.
pub fn together<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, reduction: &Reduction<'_, 'c>, a: &[V<'c, 'a>], b: &[V<'c, 'a>]) -> Res<Vs<'c, 'a>> {
    if reduction.kind.is_position() {
        return position::together(cx, reduction, a, b);
    }
    if reduction.kind == Kind::Squares {
        return Ok(squares::together(cx, a, b));
    }
    if !reduction.rounds() {
        return reduction.together(cx, a, b, false);
    }
    if !is_wide(reduction) {
        return Ok(a.iter().zip(b).map(|(x, y)| cx.b.fadd(*x, *y)).collect());
    }
    let (high, low) = b.split_at(b.len() / 2);
    let mut all = added(cx, reduction, a, high);
    for (sum, error) in all.iter_mut().skip(high.len()).zip(low) {
        *sum = cx.b.fadd(*sum, *error);
    }
    Ok(all)
}

// Stops where an element decides.
fn until_decided<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, reduction: &Reduction<'_, 'c>, row: &Row<'c, 'a>, carried: Vs<'c, 'a>) -> Res<Vs<'c, 'a>> {
    let (size, less) = (cx.b.i64(LOOKED_AT), cx.b.i64(LOOKED_AT - 1));
    let up = cx.b.add_nsw(row.n, less);
    let blocks = cx.b.value(arith::divui(up, size, cx.b.loc));
    let any = reduction.kind == Kind::Any;
    nest::count_until(
        cx,
        blocks,
        &carried,
        |cx, carried| if any { carried[0] } else { cx.b.not(carried[0]) },
        &mut |cx, i, _| {
            let first = cx.b.mul_nsw(i, size);
            let rest = cx.b.sub_nsw(row.n, first);
            let count = cx.b.smin(rest, size);
            let start = reduction.identity(cx);
            elements(cx, reduction, row, first, count, &start)
        },
    )
}

/// The result, of so many elements.
pub fn finish<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, reduction: &Reduction<'_, 'c>, carried: &[V<'c, 'a>], n: V<'c, 'a>) -> Res<Vs<'c, 'a>> {
    if reduction.kind.is_position() {
        return Ok(position::finish(carried));
    }
    if reduction.kind == Kind::Squares {
        return Ok(squares::finish(cx, reduction, carried));
    }
    if !reduction.rounds() {
        return Ok(carried.into());
    }
    let t = cx.b.t.scalar(reduction.dtype);
    let sum: Vs = if is_wide(reduction) {
        let (high, low) = carried.split_at(carried.len() / 2);
        let zero = cx.b.float(t, 0.0);
        high.iter().zip(low).map(|(s, c)| {
            // Of an infinite sum no error is known.
            let nothing = cx.b.fsub(*s, *s);
            let finite = cx.b.fcmp(CmpfPredicate::Oeq, nothing, zero);
            let whole = cx.b.fadd(*s, *c);
            cx.b.select(finite, whole, *s)
        }).collect()
    } else {
        carried.to_vec().into_iter().map(|s| narrow(cx, s, t)).collect()
    };
    Ok(if reduction.kind == Kind::Mean { divided(cx, reduction, &sum, n) } else { sum })
}

fn narrow<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, v: V<'c, 'a>, t: Type<'c>) -> V<'c, 'a> {
    let op = arith::truncf(v, t, cx.b.loc);
    cx.b.value(op)
}

/// A sum divided by the number of elements.
pub fn divided<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, reduction: &Reduction<'_, 'c>, sum: &[V<'c, 'a>], n: V<'c, 'a>) -> Vs<'c, 'a> {
    let (t, loc) = (cx.b.t.scalar(reduction.dtype), cx.b.loc);
    let n = cx.b.value(arith::sitofp(n, t, loc));
    sum.iter().map(|x| cx.b.fdiv(*x, n)).collect()
}
