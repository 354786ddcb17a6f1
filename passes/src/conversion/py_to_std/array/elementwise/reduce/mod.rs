//! `array.reduce`: what a function makes of the elements of its operands is put together to one, or along one axis; and reductions of arrays as they are.
//!
//! In the order of memory: along the innermost axis a row at a time, by vector code with several accumulators; along an outer axis whole rows are put together to a row of
//! the result, by blocks that stay in the cache. Sums of floats are made of blocks whose sums are added with their rounding errors kept, so that the error does not grow with
//! the number of elements.
mod kind;
mod outer;
mod position;
mod several;
mod squares;
mod whole;

pub use kind::{Reduction, add, nan_extremum};

use super::{Function, Operand, Space, either, map::allocate, parts::{About, in_parts, nothing}, row::each_row, space::{Steps, operands}, versions};
use crate::numbers::integer_value;
use crate::conversion::py_to_std::{build::Vs, builtins::{Call, Table}, cx::{Cx, Res}, flatten::Arr};
use super::super::{assign, items::store_element, nest};
use kind::Kind;
use crate::cfg::op_key;
use melior::{dialect::arith::CmpiPredicate, ir::{OperationRef, attribute::IntegerAttribute, operation::OperationLike}};
use numbra_abi::ExceptionKind;
use numbra_dialects::py::{ArrayTy, Layout, Ty};

/// Rows of fewer elements are added up, or searched, one element after the other: the start of vector code would cost more.
const SHORT: i64 = 12;

/// Path of the op.
pub const ARRAY_REDUCE: &str = "array.reduce";

/// Reductions of whole arrays by name.
pub const BUILTINS: Table = &[
    ("numpy.sum", of_array), ("numpy.mean", of_array), ("numpy.prod", of_array), ("numpy.min", of_array), ("numpy.max", of_array), ("numpy.any", of_array),
    ("numpy.all", of_array), ("numpy.argmin", of_array), ("numpy.argmax", of_array),
];

fn of_array<'c, 'a>(cx: &mut Cx<'_, 'c, 'a>, call: &Call<'c, 'a>) -> Res<Vs<'c, 'a>> {
    let array = cx.array(call.arguments[0])?;
    let function = Function { callee: None, results: vec![], dtype: array.ty.dtype };
    let Some(kind) = Kind::named(call.name()) else { return cx.invalid(format!("{} is no reduction", call.path)) };
    reduce(cx, vec![Operand::Array(array)], &function, kind, None, false, &call.result)
}

/// `py.builtin "array.reduce"`
pub fn array_reduce<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, op: OperationRef<'c, 'a>) -> Res<()> {
    if cx.together.remove(&op_key(op)) {
        return Ok(());
    }
    let group = several::group(cx, op);
    if group.len() > 1 {
        return several::several(cx, &group);
    }
    let Some(kind) = Kind::of(op) else { return cx.invalid("reduction without a kind") };
    let axis = op.attribute("axis").ok().and_then(|a| IntegerAttribute::try_from(a).ok()).and_then(integer_value);
    let operands = operands(cx, op, 0)?;
    let function = Function::of(cx, op, &operands)?;
    let result = cx.result_ty(op, 0)?;
    let values = reduce(cx, operands, &function, kind, axis.map(|k| k as usize), op.has_attribute("keepdims"), &result)?;
    cx.set_result(op, values)
}

fn reduce<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, operands: Vec<Operand<'c, 'a>>, function: &Function<'c>, kind: Kind, axis: Option<usize>, keepdims: bool, result: &Ty) -> Res<Vs<'c, 'a>> {
    let Some(d) = result.scalar().or(result.array().map(|a| a.dtype)) else { return cx.invalid(format!("a reduction gives {result}")) };
    let reduction = Reduction::new(cx, function, kind, d)?;
    let mut space = Space::new(cx, operands, None);
    match (axis, result.array()) {
        (Some(_), _) if kind == Kind::Squares => cx.invalid("squared distances along an axis"),
        (None, None) => whole(cx, space, &reduction),
        (Some(k), Some(t)) if k < space.rank() && t.rank + usize::from(!keepdims) == space.rank() => {
            let mut shape = space.shape.clone();
            if keepdims {
                shape[k] = cx.b.i64(1);
            } else {
                shape.remove(k);
            }
            let out = allocate(cx, t, &shape);
            space.out = Some(along(cx, &out, k, keepdims));
            axis_of(cx, space, &reduction, k, &out)?;
            Ok(out.values())
        }
        _ => cx.invalid("a reduction with another result than its axis gives"),
    }
}

// The result with the axis that is gone, on which it stays where it is.
fn along<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, out: &Arr<'c, 'a>, k: usize, keepdims: bool) -> Arr<'c, 'a> {
    let (zero, one) = (cx.b.i64(0), cx.b.i64(1));
    let mut all = out.clone();
    // The strides that its layout fixes are constants.
    let unit = if out.ty.layout == Layout::F { 0 } else { all.strides.len().saturating_sub(1) };
    if let Some(stride) = all.strides.get_mut(unit).filter(|_| !(keepdims && unit == k)) {
        *stride = cx.b.i64(out.ty.dtype.size() as i64);
    }
    if keepdims {
        all.strides[k] = zero;
        return all;
    }
    all.shape.insert(k, one);
    all.strides.insert(k, zero);
    all
}

// A check that there are elements, for reductions that need some.
fn check_not_empty<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, empty: melior::ir::Value<'c, 'a>, kind: Kind) {
    if let Some(message) = kind.without_elements() {
        cx.raise_if(empty, ExceptionKind::ValueError, message);
    }
}

fn whole<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, mut space: Space<'c, 'a>, reduction: &Reduction<'_, 'c>) -> Res<Vs<'c, 'a>> {
    let (n, zero) = (nest::size(cx, &space.shape), cx.b.i64(0));
    let empty = cx.b.eq(n, zero);
    check_not_empty(cx, empty, reduction.asked);
    if space.is_fortran() {
        // Positions count in the order of indices.
        if reduction.kind.is_position() { space.regular = false } else { space = space.transposed() }
    }
    let costly = reduction.function.is_costly(cx);
    let about = |axis| About { axis, new: true, reads: reduction.function.callee.is_none(), costly };
    let start = whole::start(cx, reduction)?;
    let mut rows = |cx: &mut _, space: &_, start: &[_]| each_row(cx, space, start, &mut |cx, row, carried| whole::row(cx, reduction, row, carried));
    let found = versions(cx, &space, None, &mut |cx, space, _| {
        // One element may decide: others need not be looked at.
        if matches!(reduction.kind, Kind::Any | Kind::All) {
            return rows(cx, space, &start);
        }
        in_parts(cx, space, &about(0), &start, &mut rows, &mut |cx, a, b| whole::together(cx, reduction, a, b))
    })?;
    whole::finish(cx, reduction, &found, n)
}

fn axis_of<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, mut space: Space<'c, 'a>, reduction: &Reduction<'_, 'c>, mut k: usize, out: &Arr<'c, 'a>) -> Res<()> {
    let (n, zero) = (space.shape[k], cx.b.i64(0));
    let some = cx.b.cmp(CmpiPredicate::Ne, n, zero);
    if reduction.asked.without_elements().is_some() {
        let mut empty = cx.b.eq(n, zero);
        if !reduction.kind.is_position() {
            let others = nest::size(cx, &out.shape);
            let any = cx.b.cmp(CmpiPredicate::Ne, others, zero);
            empty = cx.b.and(empty, any);
        }
        check_not_empty(cx, empty, reduction.asked);
    }
    let ordered = |t: ArrayTy, layout| t.rank < 2 || t.layout == layout;
    if space.is_fortran() && ordered(out.ty, Layout::F) {
        k = space.rank() - 1 - k;
        space = space.transposed();
    } else if space.is_fortran() || !ordered(out.ty, Layout::C) {
        space.regular = false;
    }
    let costly = reduction.function.is_costly(cx);
    let about = |axis| About { axis, new: true, reads: reduction.function.callee.is_none(), costly };
    either(
        cx,
        some,
        |cx| versions(cx, &space, Some(k), &mut |cx, space, k| match k {
            // Parts of an axis that is not the one along which elements are put together.
            Some(k) if k + 1 < space.rank() => {
                let axis = if k == 0 { space.rank() - 1 } else { 0 };
                in_parts(cx, space, &about(axis), &[], &mut |cx, space, _| outer::along(cx, space, k, reduction), &mut nothing)
            }
            _ if space.rank() > 1 => in_parts(cx, space, &about(0), &[], &mut |cx, space, _| inner(cx, space, reduction), &mut nothing),
            _ => inner(cx, space, reduction),
        }),
        |cx| {
            let start = whole::start(cx, reduction)?;
            let nothing = whole::finish(cx, reduction, &start, n)?;
            assign::fill(cx, out, &nothing)?;
            Ok(Vs::new())
        },
    )?;
    Ok(())
}

// Each row to one element.
fn inner<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, space: &Space<'c, 'a>, reduction: &Reduction<'_, 'c>) -> Res<Vs<'c, 'a>> {
    let start = whole::start(cx, reduction)?;
    let rows = |cx: &mut _, short| each_row(cx, space, &[], &mut |cx, row, _| {
        let value = if short {
            whole::short(cx, reduction, &mut row.clone())?
        } else {
            let found = whole::row(cx, reduction, row, start.clone())?;
            whole::finish(cx, reduction, &found, row.n)?
        };
        let zero = cx.b.i64(0);
        let (d, address) = row.target(cx, zero)?;
        store_element(cx, d, &value, address);
        Ok(Vs::new())
    });
    let last = space.shape.last().copied();
    match last.filter(|_| reduction.prefers_short() && space.rank() > 1 && matches!(space.steps, Steps::Contiguous | Steps::Unit)) {
        Some(n) => {
            let enough = cx.b.i64(SHORT);
            let long = cx.b.cmp(CmpiPredicate::Sge, n, enough);
            let rows = std::cell::RefCell::new(rows);
            either(cx, long, |cx| (rows.borrow_mut())(cx, false), |cx| (rows.borrow_mut())(cx, true))
        }
        None => rows(cx, false),
    }
}
