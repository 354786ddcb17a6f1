//! `array.scan`: what a function makes of the elements of its operands, each put together with all before it: running sums, products, extrema.
//!
//! Along the innermost axis, or over all elements in the order of indices, a value is carried from element to element; along another axis each row is put together with the row of
//! the result before it.
use super::{Function, Space, map::allocate, reduce::Reduction, row::{Row, each_row}, space::operands, versions};
use super::super::elementwise;
use crate::numbers::integer_value;
use crate::conversion::py_to_std::{build::Vs, cx::{Cx, Res}, flatten::Arr};
use super::super::{items::{load_element, store_element}, nest};
use melior::ir::{OperationRef, attribute::IntegerAttribute, operation::OperationLike};
use numbra_dialects::py::{ArrayTy, Layout, Ty};

/// Path of the op.
pub const ARRAY_SCAN: &str = "array.scan";

/// `py.builtin "array.scan"`
pub fn array_scan<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, op: OperationRef<'c, 'a>) -> Res<()> {
    let axis = op.attribute("axis").ok().and_then(|a| IntegerAttribute::try_from(a).ok()).and_then(integer_value).map(|k| k as usize);
    let operands = operands(cx, op, 0)?;
    let function = Function::of(cx, op, &operands)?;
    let Ty::Array(result) = cx.result_ty(op, 0)? else { return cx.invalid("a scan gives an array") };
    let Some(reduction) = Reduction::named(cx, op, &function, result.dtype)? else { return cx.invalid("a scan without a kind") };
    let mut space = Space::new(cx, operands, None);
    if result.layout != Layout::C || axis.map_or(1, |_| space.rank()) != result.rank || axis.is_some_and(|k| k >= space.rank()) {
        return cx.invalid("a scan with another result than its axis gives");
    }
    // All elements in one row, or as they are.
    let shape: Vs = if axis.is_some() { space.shape.clone() } else { [nest::size(cx, &space.shape)].into_iter().collect() };
    let out = allocate(cx, result, &shape);
    space.out = Some(shaped(cx, &out, &space));
    space.regular &= !space.is_fortran();
    let last = space.rank() - 1;
    match axis {
        Some(k) if k < last => {
            versions(cx, &space, Some(k), &mut |cx, space, k| outer(cx, space, k.unwrap_or(0), &reduction))?;
        }
        Some(_) => {
            versions(cx, &space, Some(last), &mut |cx, space, _| {
                let start = reduction.identity_of_scan(cx);
                each_row(cx, space, &[], &mut |cx, row, _| run(cx, &reduction, row, start.clone()).map(|_| Vs::new()))
            })?;
        }
        None => {
            let start = reduction.identity_of_scan(cx);
            versions(cx, &space, None, &mut |cx, space, _| each_row(cx, space, &start, &mut |cx, row, carried| run(cx, &reduction, row, carried)))?;
        }
    }
    cx.set_result(op, out.values())
}

// The memory of a new array as one of the shape of a space.
fn shaped<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, out: &Arr<'c, 'a>, space: &Space<'c, 'a>) -> Arr<'c, 'a> {
    let mut stride = cx.b.i64(out.ty.dtype.size() as i64);
    let mut strides = Vs::new();
    for n in space.shape.iter().rev() {
        strides.push(stride);
        stride = cx.b.mul_nsw(stride, *n);
    }
    strides.reverse();
    Arr { ty: ArrayTy { rank: space.rank(), ..out.ty }, shape: space.shape.clone(), strides, ..out.clone() }
}

// A row of running results; the last one.
fn run<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, reduction: &Reduction<'_, 'c>, row: &Row<'c, 'a>, start: Vs<'c, 'a>) -> Res<Vs<'c, 'a>> {
    row.in_parts(cx, &start, &mut |cx, row, _, start| nest::count_loop_of(cx, row.n, row.copies, &start, &mut |cx, i, carried| {
        let v = row.element(cx, reduction.function, i);
        let v = reduction.prepared(cx, &v);
        let v = reduction.together(cx, &carried, &v, false)?;
        let (d, address) = row.target(cx, i)?;
        store_element(cx, d, &v, address);
        Ok(v)
    }))
}

fn outer<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, space: &Space<'c, 'a>, k: usize, reduction: &Reduction<'_, 'c>) -> Res<Vs<'c, 'a>> {
    let around = if k > 0 { Some(0) } else { (space.rank() > 2).then_some(1) };
    if let Some(axis) = around {
        return nest::count_loop(cx, space.shape[axis], &[], &mut |cx, i, _| {
            let part = space.fixed(cx, axis, i);
            outer(cx, &part, if axis == 0 { k - 1 } else { k }, reduction)
        });
    }
    nest::count_loop(cx, space.shape[0], &[], &mut |cx, j, _| {
        let (zero, one) = (cx.b.i64(0), cx.b.i64(1));
        let part = space.fixed(cx, 0, j);
        let this = Row::new(cx, &part);
        let first = cx.b.eq(j, zero);
        let back = cx.b.sub_nsw(j, one);
        let back = cx.b.select(first, zero, back);
        let part = space.fixed(cx, 0, back);
        let before = Row::new(cx, &part);
        elementwise::either(
            cx,
            first,
            |cx| this.in_parts(cx, &[], &mut |cx, this, _, _| nest::count_loop_of(cx, this.n, this.copies, &[], &mut |cx, i, _| {
                let v = this.element(cx, reduction.function, i);
                let v = reduction.prepared(cx, &v);
                let (d, address) = this.target(cx, i)?;
                store_element(cx, d, &v, address);
                Ok(Vs::new())
            })),
            |cx| this.in_parts(cx, &[], &mut |cx, this, first, _| {
                let before = before.part(cx, first, this.n);
                nest::count_loop_of(cx, this.n, this.copies, &[], &mut |cx, i, _| {
                    let v = this.element(cx, reduction.function, i);
                    let v = reduction.prepared(cx, &v);
                    let (d, place) = before.target(cx, i)?;
                    let old = load_element(cx, d, place);
                    let v = reduction.together(cx, &old, &v, false)?;
                    let (d, address) = this.target(cx, i)?;
                    store_element(cx, d, &v, address);
                    Ok(Vs::new())
                })
            }),
        )
    })
}
