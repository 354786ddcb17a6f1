//! Reductions along an axis that is not the innermost one: rows are put together to rows of the result.
//!
//! A block of columns at a time, so that the result's part stays in the cache while all rows pass; four rows in one go, so that it is read and written less often. The order of
//! additions is that of the axis, as in NumPy.
use super::kind::{Kind, Reduction};
use super::whole::divided;
use super::super::{Space, row::{FILLED, Row}, space::Steps};
use crate::conversion::py_to_std::{array::{items::{element_type, load_element, store_element}, nest}, build::{V, Vs}, cx::{Cx, Res}};
use melior::dialect::arith;

/// Columns that go together: so many that rows are read in long stretches, and that a row of the result stays in the nearest cache but one.
const COLUMNS: i64 = 4096;
/// Rows that go together.
const ROWS: i64 = 4;

/// Reduces along axis `k` of at least one element; the axes before it and between it and the innermost one are loops around.
pub fn along<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, space: &Space<'c, 'a>, k: usize, reduction: &Reduction<'_, 'c>) -> Res<Vs<'c, 'a>> {
    let around = if k > 0 { Some(0) } else { (space.rank() > 2).then_some(1) };
    if let Some(axis) = around {
        return nest::count_loop(cx, space.shape[axis], &[], &mut |cx, i, _| {
            let part = space.fixed(cx, axis, i);
            along(cx, &part, if axis == 0 { k - 1 } else { k }, reduction)
        });
    }
    let best = reduction.kind.is_position().then(|| {
        let t = cx.b.t.memory(reduction.dtype);
        cx.b.slot(t, COLUMNS)
    });
    // Filled memory is for so many columns.
    let columns_at_once = if matches!(space.steps, Steps::Unit) { FILLED } else { COLUMNS };
    nest::pieces(cx, space.shape[1], columns_at_once, &[], &mut |cx, first, count, _| {
        let block = space.part(cx, 1, first, count);
        match best {
            Some(best) => positions(cx, &block, reduction, best)?,
            None => columns(cx, &block, reduction)?,
        }
        Ok(Vs::new())
    })
}

// The row of a block at a position.
fn row<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, block: &Space<'c, 'a>, at: V<'c, 'a>) -> Row<'c, 'a> {
    let part = block.fixed(cx, 0, at);
    Row::new(cx, &part)
}

fn columns<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, block: &Space<'c, 'a>, reduction: &Reduction<'_, 'c>) -> Res<()> {
    let (zero, one, four) = (cx.b.i64(0), cx.b.i64(1), cx.b.i64(ROWS));
    let n = block.shape[0];
    let first = row(cx, block, zero);
    nest::count_loop_of(cx, first.n, first.copies, &[], &mut |cx, i, _| {
        let v = first.element(cx, reduction.function, i);
        let v = reduction.prepared(cx, &v);
        let (d, address) = first.target(cx, i)?;
        store_element(cx, d, &v, address);
        Ok(Vs::new())
    })?;
    let rest = cx.b.sub_nsw(n, one);
    let groups = cx.b.value(arith::divui(rest, four, cx.b.loc));
    nest::count_loop(cx, groups, &[], &mut |cx, group, _| {
        let skipped = cx.b.mul_nsw(group, four);
        let rows: Vec<Row> = (0..ROWS).map(|k| {
            let k = cx.b.i64(k + 1);
            let at = cx.b.add_nsw(skipped, k);
            row(cx, block, at)
        }).collect();
        put(cx, reduction, &rows)
    })?;
    let done = cx.b.mul_nsw(groups, four);
    let left = cx.b.sub_nsw(rest, done);
    nest::count_loop(cx, left, &[], &mut |cx, i, _| {
        let behind = cx.b.add_nsw(done, one);
        let at = cx.b.add_nsw(behind, i);
        let last = row(cx, block, at);
        put(cx, reduction, &[last])
    })?;
    if reduction.kind == Kind::Mean {
        nest::count_loop_of(cx, first.n, first.copies, &[], &mut |cx, i, _| {
            let (d, address) = first.target(cx, i)?;
            let sum = load_element(cx, d, address);
            let mean = divided(cx, reduction, &sum, n);
            store_element(cx, d, &mean, address);
            Ok(Vs::new())
        })?;
    }
    Ok(())
}

// Puts rows together with the row of the result, one after the other.
fn put<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, reduction: &Reduction<'_, 'c>, rows: &[Row<'c, 'a>]) -> Res<Vs<'c, 'a>> {
    nest::count_loop_of(cx, rows[0].n, rows[0].copies, &[], &mut |cx, i, _| {
        let (d, address) = rows[0].target(cx, i)?;
        let mut value = load_element(cx, d, address);
        for row in rows {
            let v = row.element(cx, reduction.function, i);
            let v = reduction.prepared(cx, &v);
            value = reduction.together(cx, &value, &v, false)?;
        }
        store_element(cx, d, &value, address);
        Ok(Vs::new())
    })
}

// The positions of extrema; the best elements so far are kept in a row of their own.
fn positions<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, block: &Space<'c, 'a>, reduction: &Reduction<'_, 'c>, best: V<'c, 'a>) -> Res<()> {
    let (zero, one, of) = (cx.b.i64(0), cx.b.i64(1), reduction.dtype);
    let t = element_type(cx, of);
    let first = row(cx, block, zero);
    nest::count_loop_of(cx, first.n, first.copies, &[], &mut |cx, i, _| {
        let v = first.element(cx, reduction.function, i);
        let place = cx.b.at(best, i, t);
        store_element(cx, of, &v, place);
        let (d, address) = first.target(cx, i)?;
        store_element(cx, d, &[zero], address);
        Ok(Vs::new())
    })?;
    let rest = cx.b.sub_nsw(block.shape[0], one);
    nest::count_loop(cx, rest, &[], &mut |cx, j, _| {
        let at = cx.b.add_nsw(j, one);
        let this = row(cx, block, at);
        nest::count_loop_of(cx, this.n, this.copies, &[], &mut |cx, i, _| {
            let v = this.element(cx, reduction.function, i);
            let place = cx.b.at(best, i, t);
            let old = load_element(cx, of, place);
            let better = reduction.is_better(cx, v[0], old[0])?;
            let kept = cx.b.select(better, v[0], old[0]);
            store_element(cx, of, &[kept], place);
            let (d, address) = this.target(cx, i)?;
            let position = load_element(cx, d, address);
            let position = cx.b.select(better, at, position[0]);
            store_element(cx, d, &[position], address);
            Ok(Vs::new())
        })
    })?;
    Ok(())
}
