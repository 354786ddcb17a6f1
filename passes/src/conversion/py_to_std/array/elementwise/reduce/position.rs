//! The position of the smallest or largest element: the first one in the order of indices, or the first NaN.
//!
//! Vector code finds the extremum of each block, and of the blocks the first that has the best one. Where in this block it stands is looked for at the end of the row: once, so that short
//! rows do not pay for it many times, and by vector code too.
use super::{kind::Reduction, whole};
use super::super::{either, row::Row};
use crate::conversion::py_to_std::{array::nest::{self, Copies}, build::{V, Vs}, cx::{Cx, Res}, scalar::compare};
use melior::dialect::arith::{CmpfPredicate, CmpiPredicate};
use numbra_abi::DType;
use numbra_dialects::py::CompareKind;
use smallvec::smallvec;

/// Elements whose extremum is found before it is compared with those before.
const BLOCK: i64 = 256;

/// Whether an element is the one.
type Condition<'k, 'c, 'a> = dyn Fn(&mut Cx<'_, 'c, 'a>, V<'c, 'a>) -> Res<V<'c, 'a>> + 'k;

/// Carried are the best element, its position, and how many elements were before the row.
pub fn start<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, reduction: &Reduction<'_, 'c>) -> Vs<'c, 'a> {
    let (identity, zero) = (reduction.identity(cx)[0], cx.b.i64(0));
    smallvec![identity, zero, zero]
}

/// The elements of a row after those that came before.
pub fn row<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, reduction: &Reduction<'_, 'c>, row: &Row<'c, 'a>, carried: Vs<'c, 'a>) -> Res<Vs<'c, 'a>> {
    let (before, none, size) = (carried[2], cx.b.i64(-1), cx.b.i64(BLOCK));
    let found = nest::pieces(cx, row.n, BLOCK, &[carried[0], none], &mut |cx, first, count, carried| {
        let identity = reduction.identity(cx);
        let best = whole::elements(cx, reduction, row, first, count, &identity)?[0];
        let better = reduction.is_better(cx, best, carried[0])?;
        Ok(smallvec![cx.b.select(better, best, carried[0]), cx.b.select(better, first, carried[1])])
    })?;
    let (best, first) = (found[0], found[1]);
    let is_found = cx.b.cmp(CmpiPredicate::Ne, first, none);
    let position = either(cx, is_found, |cx| {
        let rest = cx.b.sub_nsw(row.n, first);
        let count = cx.b.smin(rest, size);
        let at = first_of(cx, reduction, row, first, count, best)?;
        Ok(smallvec![cx.b.add_nsw(before, at)])
    }, |_| Ok(smallvec![carried[1]]))?;
    Ok(smallvec![best, position[0], cx.b.add_nsw(before, row.n)])
}

/// The position in a row of a few elements, of which one is compared after the other.
pub fn short<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, reduction: &Reduction<'_, 'c>, row: &Row<'c, 'a>) -> Res<Vs<'c, 'a>> {
    let (identity, zero) = (reduction.identity(cx)[0], cx.b.i64(0));
    let found = nest::count_loop_of(cx, row.n, Copies::Scalar, &[identity, zero], &mut |cx, i, carried| {
        let v = row.element(cx, reduction.function, i);
        let v = reduction.prepared(cx, &v)[0];
        let better = reduction.is_better(cx, v, carried[0])?;
        Ok(smallvec![cx.b.select(better, v, carried[0]), cx.b.select(better, i, carried[1])])
    })?;
    Ok(smallvec![found[1]])
}

/// What is carried after two parts: positions in the second count from its start.
pub fn together<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, reduction: &Reduction<'_, 'c>, a: &[V<'c, 'a>], b: &[V<'c, 'a>]) -> Res<Vs<'c, 'a>> {
    let better = reduction.is_better(cx, b[0], a[0])?;
    let at = cx.b.add_nsw(a[2], b[1]);
    Ok(smallvec![cx.b.select(better, b[0], a[0]), cx.b.select(better, at, a[1]), cx.b.add_nsw(a[2], b[2])])
}

// Where the first element stands that equals the best one, which is there; NaN equals NaN here.
fn first_of<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, reduction: &Reduction<'_, 'c>, row: &Row<'c, 'a>, first: V<'c, 'a>, count: V<'c, 'a>, value: V<'c, 'a>) -> Res<V<'c, 'a>> {
    let d = if reduction.dtype.unit().is_some() { DType::Int64 } else { reduction.dtype };
    let equal = |cx: &mut Cx<'_, 'c, 'a>, v| compare::scalars(cx, CompareKind::Eq, d, &[v], &[value]);
    if !d.is_float() {
        return first_that(cx, reduction, row, first, count, row.copies, &equal);
    }
    let is_number = cx.b.fcmp(CmpfPredicate::Ord, value, value);
    let found = either(
        cx,
        is_number,
        |cx| Ok(smallvec![first_that(cx, reduction, row, first, count, row.copies, &equal)?]),
        |cx| Ok(smallvec![first_that(cx, reduction, row, first, count, Copies::Scalar, &|cx, v| Ok(cx.b.fcmp(CmpfPredicate::Uno, v, v)))?]),
    )?;
    Ok(found[0])
}

// The position of the first of so many elements that fulfils a condition; all are looked at, which is what makes vector code of it.
fn first_that<'c: 'a, 'a>(
    cx: &mut Cx<'_, 'c, 'a>, reduction: &Reduction<'_, 'c>, row: &Row<'c, 'a>, first: V<'c, 'a>, count: V<'c, 'a>, copies: Copies, condition: &Condition<'_, 'c, 'a>,
) -> Res<V<'c, 'a>> {
    let part = row.part(cx, first, count);
    let found = nest::count_loop_of(cx, count, copies, &[count], &mut |cx, i, carried| {
        let v = part.element(cx, reduction.function, i);
        let v = reduction.prepared(cx, &v)[0];
        let holds = condition(cx, v)?;
        let place = cx.b.select(holds, i, count);
        Ok(smallvec![cx.b.smin(carried[0], place)])
    })?;
    Ok(cx.b.add_nsw(first, found[0]))
}

/// The position.
pub fn finish<'c: 'a, 'a>(carried: &[V<'c, 'a>]) -> Vs<'c, 'a> {
    smallvec![carried[1]]
}
