//! The position of the smallest or largest element: the first one in the order of indices, or the first NaN.
//!
//! Vector code finds the extremum of each block; only in a block that has a better one is its position looked for. Few have: in random order their number grows as the logarithm.
use super::kind::Reduction;
use super::super::{either, row::Row};
use super::super::super::{build::{V, Vs}, compare, cx::{Cx, Res}, nest};
use melior::dialect::arith::CmpfPredicate;
use numbra_dialects::py::CompareKind;
use smallvec::smallvec;

const BLOCK: i64 = 256;

/// Carried are the best element, its position, and how many elements were before the row.
pub fn start<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, reduction: &Reduction<'_, 'c>) -> Vs<'c, 'a> {
    let (identity, zero) = (reduction.identity(cx)[0], cx.b.i64(0));
    smallvec![identity, zero, zero]
}

/// The elements of a row after those that came before.
pub fn row<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, reduction: &Reduction<'_, 'c>, row: &Row<'c, 'a>, carried: Vs<'c, 'a>) -> Res<Vs<'c, 'a>> {
    let before = carried[2];
    let found = nest::pieces(cx, row.n, BLOCK, &carried[..2], &mut |cx, first, count, carried| {
        let identity = reduction.identity(cx);
        let best = super::whole::elements(cx, reduction, row, first, count, &identity)?[0];
        let better = reduction.is_better(cx, best, carried[0])?;
        let not = cx.b.not(better);
        either(cx, not, |_| Ok(carried.clone()), |cx| {
            let at = first_of(cx, reduction, row, first, count, best)?;
            Ok(smallvec![best, cx.b.add_nsw(before, at)])
        })
    })?;
    Ok(smallvec![found[0], found[1], cx.b.add_nsw(before, row.n)])
}

/// What is carried after two parts: positions in the second count from its start.
pub fn together<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, reduction: &Reduction<'_, 'c>, a: &[V<'c, 'a>], b: &[V<'c, 'a>]) -> Res<Vs<'c, 'a>> {
    let better = reduction.is_better(cx, b[0], a[0])?;
    let at = cx.b.add_nsw(a[2], b[1]);
    Ok(smallvec![cx.b.select(better, b[0], a[0]), cx.b.select(better, at, a[1]), cx.b.add_nsw(a[2], b[2])])
}

// Where the first element that equals a value stands; NaN equals NaN here.
fn first_of<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, reduction: &Reduction<'_, 'c>, row: &Row<'c, 'a>, first: V<'c, 'a>, count: V<'c, 'a>, value: V<'c, 'a>) -> Res<V<'c, 'a>> {
    let (no, d) = (cx.b.bool(false), reduction.dtype);
    let found = nest::count_until(cx, count, &[no, first], |_, carried| carried[0], &mut |cx, i, _| {
        let at = cx.b.add_nsw(first, i);
        let v = row.element(cx, reduction.function, at);
        let v = reduction.prepared(cx, &v)[0];
        let is_it = if d.is_float() {
            let (equal, new, old) = (cx.b.fcmp(CmpfPredicate::Oeq, v, value), cx.b.fcmp(CmpfPredicate::Uno, v, v), cx.b.fcmp(CmpfPredicate::Uno, value, value));
            let both = cx.b.and(new, old);
            cx.b.or(equal, both)
        } else if d.unit().is_some() {
            compare::scalars(cx, CompareKind::Eq, numbra_abi::DType::Int64, &[v], &[value])?
        } else {
            compare::scalars(cx, CompareKind::Eq, d, &[v], &[value])?
        };
        Ok(smallvec![is_it, at])
    })?;
    Ok(found[1])
}

/// The position.
pub fn finish<'c: 'a, 'a>(carried: &[V<'c, 'a>]) -> Vs<'c, 'a> {
    smallvec![carried[1]]
}
