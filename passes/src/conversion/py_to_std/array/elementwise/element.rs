//! `array.element`: what a function makes of the elements at one position of its operands, which are broadcast; `array.check_shapes`: whether operands broadcast; `array.broadcast_shape`:
//! to what.
use super::{Function, Operand, Space, space::operands};
use crate::conversion::py_to_std::{build::Vs, cx::{Cx, Res}};
use super::super::items::{address, indices, load_element, position};
use melior::ir::OperationRef;
use numbra_dialects::py::Layout;

/// Path of the op.
pub const ARRAY_ELEMENT: &str = "array.element";
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
