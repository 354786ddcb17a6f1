//! `array.element`: what a function makes of the elements at one position of its operands, which are broadcast; `array.check_shapes`: whether operands broadcast; `array.broadcast_shape`:
//! to what; `array.spread`: an array with the lengths that it has when it is broadcast with another one.
use super::{Function, Operand, Space, space::operands};
use crate::conversion::py_to_std::{build::Vs, cx::{Cx, Res}, flatten::Arr};
use super::super::items::{address, indices, load_element, position};
use melior::ir::OperationRef;
use numbra_dialects::py::{Layout, Ty};

/// Path of the op.
pub const ARRAY_ELEMENT: &str = "array.element";
/// Path of the view.
pub const SPREAD: &str = "array.spread";
/// Path of the check.
pub const CHECK_SHAPES: &str = "array.check_shapes";
/// Path of what gives the shape too.
pub const BROADCAST_SHAPE: &str = "array.broadcast_shape";

/// `py.builtin "array.element"`
pub fn array_element<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, op: OperationRef<'c, 'a>) -> Res<()> {
    let index = cx.operand(op, 0)?;
    let operands = operands(cx, op, 1)?;
    let function = Function::of(cx, op, &operands)?;
    let space = Space::new(cx, operands, None);
    let items = indices(cx, index)?;
    if items.len() != space.rank() || space.arrays().next().is_none() {
        return cx.invalid("an element of arrays of another rank");
    }
    let mut at = vec![];
    for (axis, item) in items.iter().enumerate() {
        at.push(position(cx, op, axis, item, space.shape[axis])?);
    }
    let mut values = Vs::new();
    for operand in &space.operands {
        match operand {
            Operand::Value(v) => values.extend(v.iter().copied()),
            Operand::Array(a) => {
                // One that is stretched stays where it is, whatever its layout.
                let mut a = a.clone();
                a.ty.layout = Layout::A;
                let place = address(cx, &a, &at);
                values.extend(load_element(cx, a.ty.dtype, place));
            }
        }
    }
    let value = function.call(cx, values);
    cx.set_result(op, value)
}

/// `py.builtin "array.spread"`: a view of the first operand, with stride 0 on axes that are stretched.
pub fn spread<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, op: OperationRef<'c, 'a>) -> Res<()> {
    let (operands, ty) = (operands(cx, op, 0)?, cx.result_ty(op, 0)?);
    let space = Space::new(cx, operands, None);
    match (space.operands.first(), ty) {
        (Some(Operand::Array(a)), Ty::Array(ty)) if ty.rank == a.shape.len() => {
            let view = Arr { ty, ..a.clone() };
            cx.set_result(op, view.values())
        }
        _ => cx.invalid("an array that is spread to another rank"),
    }
}

/// `py.builtin "array.check_shapes"`
pub fn check_shapes<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, op: OperationRef<'c, 'a>) -> Res<()> {
    let operands = operands(cx, op, 0)?;
    Space::new(cx, operands, None);
    if op.result(0).is_ok() { cx.set_result(op, Vs::new()) } else { Ok(()) }
}

/// `py.builtin "array.broadcast_shape"`
pub fn broadcast_shape<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, op: OperationRef<'c, 'a>) -> Res<()> {
    let operands = operands(cx, op, 0)?;
    let space = Space::new(cx, operands, None);
    cx.set_result(op, space.shape)
}
