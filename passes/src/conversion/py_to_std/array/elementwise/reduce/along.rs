//! Reductions along one axis, to a new array: what they go over and what they write, and the loops of which a part of the first axis may be done alone.
use super::{SHORT, axis_of, check_not_empty, kind::{Kind, Reduction}, outer, whole};
use super::super::{Function, Space, either, map::allocate, parts::{About, in_parts, nothing}, row::each_row, space::{Steps, operands}, versions};
use crate::conversion::py_to_std::{array::{assign, items::store_element, nest}, build::Vs, cx::{Cx, Res}, flatten::Arr};
use melior::{dialect::arith::CmpiPredicate, ir::{OperationRef, operation::OperationLike}};
use numbra_abi::DType;
use numbra_dialects::py::{ArrayTy, Layout};

/// A reduction along an axis, whose result has no elements yet.
pub struct Along<'c, 'a> {
    /// What is put together, with the result as what is written: it stays where it is on the axis
    pub space: Space<'c, 'a>,
    /// The result
    pub out: Arr<'c, 'a>,
    kind: Kind,
    dtype: DType,
    axis: usize,
    keepdims: bool,
}

impl<'c: 'a, 'a> Along<'c, 'a> {
    /// Makes the result. ValueError where elements are missing.
    pub fn new(cx: &mut Cx<'_, 'c, 'a>, mut space: Space<'c, 'a>, reduction: &Reduction<'_, 'c>, axis: usize, keepdims: bool, result: ArrayTy) -> Res<Self> {
        if axis >= space.rank() || result.rank + usize::from(!keepdims) != space.rank() {
            return cx.invalid("a reduction with another result than its axis gives");
        }
        let mut shape = space.shape.clone();
        if keepdims {
            shape[axis] = cx.b.i64(1);
        } else {
            shape.remove(axis);
        }
        let out = allocate(cx, result, &shape);
        space.out = Some(staying(cx, &out, axis, keepdims));
        if reduction.asked.without_elements().is_some() {
            let zero = cx.b.i64(0);
            let mut empty = cx.b.eq(space.shape[axis], zero);
            if !reduction.kind.is_position() {
                let others = nest::size(cx, &out.shape);
                let any = cx.b.cmp(CmpiPredicate::Ne, others, zero);
                empty = cx.b.and(empty, any);
            }
            check_not_empty(cx, empty, reduction.asked);
        }
        Ok(Self { space, out, kind: reduction.asked, dtype: result.dtype, axis, keepdims })
    }

    /// That of an op, and the function of its elements.
    pub fn of(cx: &mut Cx<'_, 'c, 'a>, op: OperationRef<'c, 'a>) -> Res<(Function<'c>, Self)> {
        let (Some(kind), Some(axis), Some(result)) = (Kind::of(op), axis_of(op), cx.result_ty(op, 0)?.array()) else { return cx.invalid("a reduction along no axis") };
        let operands = operands(cx, op, 0)?;
        let function = Function::of(cx, op, &operands)?;
        let space = Space::new(cx, operands, None);
        let reduction = Reduction::new(cx, &function, kind, result.dtype)?;
        let along = Self::new(cx, space, &reduction, axis, op.has_attribute("keepdims"), result)?;
        Ok((function, along))
    }

    /// Computes the elements of the result; with a part of the space along an axis before that of the reduction, those that belong to it.
    pub fn fill(&self, cx: &mut Cx<'_, 'c, 'a>, mut space: Space<'c, 'a>, function: &Function<'c>) -> Res<()> {
        let reduction = &Reduction::new(cx, function, self.kind, self.dtype)?;
        let Some(mut out) = space.out.clone() else { return cx.invalid("a reduction without a result") };
        out.ty = self.out.ty;
        if !self.keepdims {
            out.shape.remove(self.axis);
            out.strides.remove(self.axis);
        }
        let mut k = self.axis;
        let (n, zero) = (space.shape[k], cx.b.i64(0));
        let some = cx.b.cmp(CmpiPredicate::Ne, n, zero);
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
                assign::fill(cx, &out, &nothing)?;
                Ok(Vs::new())
            },
        )?;
        Ok(())
    }
}

// The result with the axis that is gone, on which it stays where it is.
fn staying<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, out: &Arr<'c, 'a>, k: usize, keepdims: bool) -> Arr<'c, 'a> {
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
