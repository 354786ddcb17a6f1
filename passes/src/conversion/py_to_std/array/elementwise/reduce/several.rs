//! Reductions of one array that stand together, `a.min(), a.max(), a.sum()`: one pass over memory. A block of elements goes through all of them while it is in the nearest cache.
//!
//! Legal since nothing but constants stands between them: they are computed where the first is, and raise in their order. Each is what it is alone, to the last bit, as blocks are
//! made of whole pieces of those that sums are made of.
use super::{ARRAY_REDUCE, Function, Operand, Reduction, Space, check_not_empty, kind::Kind, whole};
use super::super::{parts::{About, in_parts}, row::each_row, versions};
use crate::functions::path_of;
use crate::conversion::py_to_std::{array::nest, build::{V, Vs}, cx::{Cx, Res}, flatten};
use crate::{cfg::op_key, functions::callee};
use melior::ir::{OperationRef, Value, operation::OperationLike};
use numbra_abi::DType;
use numbra_dialects::py::{PyOp, Ty};

/// So many elements go through all reductions before the next ones are read.
const BLOCK: i64 = 2048;

/// The array of which an op is a reduction that can be computed with others: of all elements, and of nothing else that is known at run time only. No element decides it alone.
fn array_of<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, op: OperationRef<'c, 'a>) -> Option<Value<'c, 'a>> {
    let is_reduction = PyOp::of(&op) == PyOp::Builtin && path_of(op) == Some(ARRAY_REDUCE) && !op.has_attribute("axis");
    if !is_reduction || !matches!(Kind::of(op)?, Kind::Sum | Kind::Mean | Kind::Prod | Kind::Min | Kind::Max) {
        return None;
    }
    let mut array = None;
    for v in op.operands() {
        match cx.ty(v).ok()? {
            Ty::Array(_) if array.is_some() => return None,
            Ty::Array(_) => array = Some(v),
            other if flatten::count(&other) == 0 => {}
            _ => return None,
        }
    }
    let array = array?;
    let element = match callee(op) {
        Some(f) => cx.module.results.get(f.value())?.scalar()?,
        None => cx.ty(array).ok()?.array()?.dtype,
    };
    (element != DType::Bool).then_some(array)
}

fn is_constant(op: OperationRef) -> bool {
    matches!(PyOp::of(&op), PyOp::Constant | PyOp::Entity)
}

/// An op and the reductions of the same array that stand behind it: those that are computed with it.
pub fn group<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, op: OperationRef<'c, 'a>) -> Vec<OperationRef<'c, 'a>> {
    let mut all = vec![op];
    let Some(array) = array_of(cx, op) else { return all };
    let mut at = op;
    while let Some(next) = at.next_in_block() {
        if array_of(cx, next) == Some(array) {
            all.push(next);
        } else if !is_constant(next) {
            break;
        }
        at = next;
    }
    all
}

/// The reductions of a group, in one pass.
pub fn several<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, ops: &[OperationRef<'c, 'a>]) -> Res<()> {
    let Some(array) = ops.first().and_then(|op| array_of(cx, *op)) else { return cx.invalid("reductions of no array") };
    let operands = vec![Operand::Array(cx.array(array)?)];
    let mut functions = vec![];
    for op in ops {
        functions.push(Function::of(cx, *op, &operands)?);
    }
    let mut reductions = vec![];
    for (op, function) in ops.iter().zip(&functions) {
        let (Some(kind), Some(d)) = (Kind::of(*op), cx.result_ty(*op, 0)?.scalar()) else { return cx.invalid("a reduction of all elements gives a number") };
        reductions.push(Reduction::new(cx, function, kind, d)?);
    }
    let mut space = Space::new(cx, operands, None);
    let (n, zero) = (nest::size(cx, &space.shape), cx.b.i64(0));
    let empty = cx.b.eq(n, zero);
    for reduction in &reductions {
        check_not_empty(cx, empty, reduction.asked);
    }
    if space.is_fortran() {
        space = space.transposed();
    }
    let (mut start, mut widths) = (Vs::new(), vec![]);
    for reduction in &reductions {
        let values = whole::start(cx, reduction)?;
        widths.push(values.len());
        start.extend(values);
    }
    let costly = functions.iter().any(|f| f.is_costly(cx));
    let about = About { axis: 0, new: true, costly, reads: functions.iter().all(|f| f.callee.is_none()) };
    let mut rows = |cx: &mut Cx<'_, 'c, 'a>, space: &Space<'c, 'a>, start: &[V<'c, 'a>]| {
        each_row(cx, space, start, &mut |cx, row, carried| {
            nest::pieces(cx, row.n, BLOCK, &carried, &mut |cx, first, count, carried| {
                let block = row.part(cx, first, count);
                let mut all = Vs::new();
                for (reduction, values) in reductions.iter().zip(parts(&carried, &widths)) {
                    all.extend(whole::row(cx, reduction, &block, values.into())?);
                }
                Ok(all)
            })
        })
    };
    let found = versions(cx, &space, None, &mut |cx, space, _| {
        in_parts(cx, space, &about, &start, &mut rows, &mut |cx, a, b| {
            let mut all = Vs::new();
            for ((reduction, x), y) in reductions.iter().zip(parts(a, &widths)).zip(parts(b, &widths)) {
                all.extend(whole::together(cx, reduction, x, y)?);
            }
            Ok(all)
        })
    })?;
    for ((op, reduction), values) in ops.iter().zip(&reductions).zip(parts(&found, &widths)) {
        let value = whole::finish(cx, reduction, values, n)?;
        cx.set_result(*op, value)?;
    }
    cx.together.extend(ops[1..].iter().map(|op| op_key(*op)));
    Ok(())
}

// What each of the reductions carries.
fn parts<'k, 'c, 'a>(mut values: &'k [V<'c, 'a>], widths: &'k [usize]) -> impl Iterator<Item = &'k [V<'c, 'a>]> {
    widths.iter().map(move |width| {
        let (own, rest) = values.split_at(*width);
        values = rest;
        own
    })
}
