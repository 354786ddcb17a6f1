//! `array.reduce`: what a function makes of the elements of its operands is put together to one, or along one axis; and reductions of arrays as they are.
//!
//! In the order of memory: along the innermost axis a row at a time, by vector code with several accumulators; along an outer axis whole rows are put together to a row of
//! the result, by blocks that stay in the cache. Sums of floats are made of blocks whose sums are added with their rounding errors kept, so that the error does not grow with
//! the number of elements.
mod along;
mod kind;
mod outer;
mod position;
mod several;
mod squares;
mod whole;

pub use along::Along;
pub use kind::{Reduction, add, nan_extremum};

use super::{Function, Operand, Space, parts::{About, in_parts}, row::each_row, space::operands, strips, versions};
use crate::numbers::integer_value;
use crate::conversion::py_to_std::{build::Vs, builtins::{Call, Table}, cx::{Cx, Res}};
use super::super::nest;
use kind::Kind;
use crate::cfg::op_key;
use melior::{ir::{OperationRef, attribute::IntegerAttribute, operation::OperationLike}};
use numbra_abi::ExceptionKind;
use numbra_dialects::py::Ty;

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
    if cx.together.remove(&op_key(op)) || strips::take(cx, op)? {
        return Ok(());
    }
    let group = several::group(cx, op);
    if group.len() > 1 {
        return several::several(cx, &group);
    }
    let Some(kind) = Kind::of(op) else { return cx.invalid("reduction without a kind") };
    let axis = axis_of(op);
    let operands = operands(cx, op, 0)?;
    let function = Function::of(cx, op, &operands)?;
    let result = cx.result_ty(op, 0)?;
    let values = reduce(cx, operands, &function, kind, axis, op.has_attribute("keepdims"), &result)?;
    cx.set_result(op, values)
}

fn reduce<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, operands: Vec<Operand<'c, 'a>>, function: &Function<'c>, kind: Kind, axis: Option<usize>, keepdims: bool, result: &Ty) -> Res<Vs<'c, 'a>> {
    let Some(d) = result.scalar().or(result.array().map(|a| a.dtype)) else { return cx.invalid(format!("a reduction gives {result}")) };
    let reduction = Reduction::new(cx, function, kind, d)?;
    let space = Space::new(cx, operands, None);
    match (axis, result.array()) {
        (Some(_), _) if kind == Kind::Squares => cx.invalid("squared distances along an axis"),
        (None, None) => whole(cx, space, &reduction),
        (Some(axis), Some(t)) => {
            let along = Along::new(cx, space, &reduction, axis, keepdims, t)?;
            along.fill(cx, along.space.clone(), function)?;
            Ok(along.out.values())
        }
        _ => cx.invalid("a reduction with another result than its axis gives"),
    }
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

// The axis along which elements are put together.
fn axis_of(op: OperationRef) -> Option<usize> {
    usize::try_from(integer_value(IntegerAttribute::try_from(op.attribute("axis").ok()?).ok()?)?).ok()
}
