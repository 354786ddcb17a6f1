//! Sums of squared distances to the mean, what variances are made of, in one pass over memory: of a block of elements, which stays in the nearest cache, the mean is found first and
//! then the distances to it; blocks are put together by the formula of Chan, Golub and LeVeque.
//!
//! As accurate as two passes over all elements, whatever lies between them and zero: distances are taken to the mean of a block, and what its rounding adds to their squares is taken off
//! again; and means of blocks are known by their distance to that of the first one, so that their differences are not lost in rounding. Carried are, in float64, how many elements there
//! were, the rounded mean of the first ones, how far the mean of all is from it, and the squares.
use super::kind::{Reduction, regrouped};
use super::super::row::Row;
use crate::conversion::py_to_std::{array::{items::{load_element, store_element}, nest}, build::{V, Vs}, cx::{Cx, Res}};
use melior::{dialect::arith::{self, CmpfPredicate}, ir::ValueLike};
use numbra_abi::DType;
use smallvec::smallvec;

/// Elements of a block.
const BLOCK: i64 = 2048;

/// What is carried before the first element.
pub fn start<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>) -> Vs<'c, 'a> {
    let zero = cx.b.float(cx.b.t.f64, 0.0);
    smallvec![zero; 4]
}

/// The elements of a row put together with what is carried.
pub fn row<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, reduction: &Reduction<'_, 'c>, row: &Row<'c, 'a>, carried: Vs<'c, 'a>) -> Res<Vs<'c, 'a>> {
    let (d, f64, t) = (reduction.dtype, cx.b.t.f64, cx.b.t.scalar(reduction.dtype));
    // What a function makes is made once.
    let kept = reduction.function.callee.is_some().then(|| {
        let memory = cx.b.t.memory(d);
        cx.b.slot(memory, BLOCK)
    });
    nest::pieces(cx, row.n, BLOCK, &carried, &mut |cx, first, count, carried| {
        let block = row.part(cx, first, count);
        let zero = cx.b.number(t, 0);
        let total = nest::count_loop_of(cx, count, block.copies, &[zero], &mut |cx, i, sum| {
            let v = block.element(cx, reduction.function, i);
            let v = reduction.prepared(cx, &v);
            if let Some(kept) = kept {
                let place = cx.b.at(kept, i, t);
                store_element(cx, d, &v, place);
            }
            Ok(smallvec![regrouped(cx, sum[0], v[0])])
        })?;
        let n = cx.b.value(arith::sitofp(count, f64, cx.b.loc));
        let total = wide(cx, total[0]);
        let center = cx.b.fdiv(total, n);
        let near = if d == DType::Float64 { center } else { cx.b.value(arith::truncf(center, t, cx.b.loc)) };
        let sums = nest::count_loop_of(cx, count, block.copies, &[zero, zero], &mut |cx, i, sums| {
            let v = match kept {
                Some(kept) => {
                    let place = cx.b.at(kept, i, t);
                    load_element(cx, d, place)
                }
                None => {
                    let v = block.element(cx, reduction.function, i);
                    reduction.prepared(cx, &v)
                }
            };
            let distance = cx.b.fsub(v[0], near);
            let square = cx.b.fmul(distance, distance);
            Ok(smallvec![regrouped(cx, sums[0], distance), regrouped(cx, sums[1], square)])
        })?;
        let (center, distances, squares) = (wide(cx, near), wide(cx, sums[0]), wide(cx, sums[1]));
        let off = cx.b.fdiv(distances, n);
        let excess = cx.b.fmul(distances, off);
        let squares = cx.b.fsub(squares, excess);
        // Rounding may leave less than nothing; NaN stays.
        let none = cx.b.float(f64, 0.0);
        let below = cx.b.fcmp(CmpfPredicate::Olt, squares, none);
        let squares = cx.b.select(below, none, squares);
        Ok(together(cx, &carried, &[n, center, off, squares]))
    })
}

/// What is carried after two parts.
pub fn together<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, a: &[V<'c, 'a>], b: &[V<'c, 'a>]) -> Vs<'c, 'a> {
    let zero = cx.b.float(cx.b.t.f64, 0.0);
    let n = cx.b.fadd(a[0], b[0]);
    let nothing = cx.b.fcmp(CmpfPredicate::Oeq, n, zero);
    let share = cx.b.fdiv(b[0], n);
    let share = cx.b.select(nothing, zero, share);
    // Nothing before: the second part's own.
    let first = cx.b.fcmp(CmpfPredicate::Oeq, a[0], zero);
    let from = cx.b.select(first, b[1], a[1]);
    let way = cx.b.fsub(b[1], from);
    let behind = cx.b.fadd(way, b[2]);
    let apart = cx.b.fsub(behind, a[2]);
    let step = cx.b.fmul(apart, share);
    let mean = cx.b.fadd(a[2], step);
    let between = cx.b.fmul(step, a[0]);
    let between = cx.b.fmul(between, apart);
    let squares = cx.b.fadd(a[3], b[3]);
    smallvec![n, from, mean, cx.b.fadd(squares, between)]
}

/// The result.
pub fn finish<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, reduction: &Reduction<'_, 'c>, carried: &[V<'c, 'a>]) -> Vs<'c, 'a> {
    let t = cx.b.t.scalar(reduction.dtype);
    smallvec![if carried[3].r#type() == t { carried[3] } else { cx.b.value(arith::truncf(carried[3], t, cx.b.loc)) }]
}

fn wide<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, v: V<'c, 'a>) -> V<'c, 'a> {
    let f64 = cx.b.t.f64;
    if v.r#type() == f64 { v } else { cx.b.value(arith::extf(v, f64, cx.b.loc)) }
}
