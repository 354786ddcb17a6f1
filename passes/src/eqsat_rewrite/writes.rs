//! Ops that write what a function makes of elements to an array: for the rewriting they are a map, and the writing of its elements.
//!
//! ```text
//! py.builtin "array.map_into"(%a, %a, %t) {callee = @add}    ->    %m = py.builtin "array.map"(%a, %t) {callee = @add}
//!                                                                   py.builtin "array.map_into"(%a, %m)
//! ```
//! Legal since such a write is as if all was computed first. Where the map stays as it is, the two are put together again; any other is fused later.
use crate::{conversion::py_to_std::array::elementwise::{ARRAY_MAP, ARRAY_MAP_INTO}, functions::{callee, path_of}};
use melior::{
    Context,
    ir::{BlockLike, Operation, OperationRef, Value, ValueLike, attribute::{StringAttribute, TypeAttribute}, operation::{OperationLike, OperationMutLike}, r#type::FunctionType},
};
use numbra_dialects::{py::{ArrayTy, Layout, PyOp, Ty, ods::py as ods}, rewrite::{erase, remove_attribute, set_attribute, set_operands}};

/// A write that was split.
pub struct Write<'c, 'a> {
    map: OperationRef<'c, 'a>,
    elements: Value<'c, 'a>,
    op: OperationRef<'c, 'a>,
}

/// Whether an op only reads the elements of the array that is this operand of it, before it writes any.
pub fn reads<'c: 'a, 'a>(op: OperationRef<'c, 'a>, operand: usize) -> bool {
    match PyOp::of(&op) {
        PyOp::SetItem => operand == 2,
        PyOp::Builtin => path_of(op) == Some(ARRAY_MAP_INTO) && operand > 0,
        _ => false,
    }
}

fn rank(value: Value) -> usize {
    Ty::from_mlir(value.r#type()).and_then(|t| t.array()).map_or(0, |a| a.rank)
}

/// Splits a write, if the map has as many axes as the array that is written to; `function` finds functions.
pub fn split<'c: 'a, 'a>(context: &'c Context, op: OperationRef<'c, 'a>, function: &dyn Fn(&str) -> Option<OperationRef<'c, 'a>>) -> Option<Write<'c, 'a>> {
    if PyOp::of(&op) != PyOp::Builtin || path_of(op) != Some(ARRAY_MAP_INTO) {
        return None;
    }
    let callee = callee(op)?;
    let t = FunctionType::try_from(TypeAttribute::try_from(function(callee.value())?.attribute("function_type").ok()?).ok()?.value()).ok()?;
    let element = Ty::from_mlir(t.result(0).ok()?)?.scalar()?;
    let target = op.operand(0).ok()?;
    let operands: Vec<Value> = op.operands().skip(1).collect();
    let axes = operands.iter().map(|v| rank(*v)).max()?;
    if axes == 0 || axes != rank(target) {
        return None;
    }
    let t = Ty::Array(ArrayTy::new(element, axes, Layout::C)).to_mlir(context);
    let mut map: Operation = ods::builtin(context, t, &operands, StringAttribute::new(context, ARRAY_MAP), op.location()).into();
    map.set_attribute("callee", callee.into());
    let map = op.block()?.insert_operation_before(op, map);
    let elements: Value = map.result(0).ok()?.into();
    set_operands(op, &[target, elements]);
    remove_attribute(op, "callee");
    Some(Write { map, elements, op })
}

impl<'c: 'a, 'a> Write<'c, 'a> {
    /// Puts the two together again, if the elements are still those of the map: if not, the map may be gone.
    pub fn join(&self) {
        if self.op.operand(1) != Ok(self.elements) {
            return;
        }
        let (Some(callee), Ok(target)) = (callee(self.map), self.op.operand(0)) else { return };
        let operands: Vec<Value> = std::iter::once(target).chain(self.map.operands()).collect();
        set_operands(self.op, &operands);
        set_attribute(self.op, "callee", callee.into());
        erase(self.map);
    }
}
