//! What may stand between a map and the op that it becomes part of.
use super::functions::{Functions, builtin_is_quiet};
use crate::{cfg::key, conversion::py_to_std::array::elementwise::ARRAY_MAP, functions::{callee, path_of}};
use melior::ir::{OperationRef, Value, ValueLike, operation::OperationLike};
use numbra_dialects::py::{PyOp, Ty};
use std::collections::HashSet;

/// What an op between two others means for them.
pub enum Between {
    /// A map
    Map,
    /// Nothing: it only computes
    Nothing,
    /// It may raise, but changes nothing
    Raises,
    /// It may change memory, or be seen in another way
    Barrier,
}

/// What an op is.
pub fn between<'c: 'a, 'a>(op: OperationRef<'c, 'a>, functions: &mut Functions<'c, 'a>) -> Between {
    match PyOp::of(&op) {
        PyOp::Constant | PyOp::Entity | PyOp::FunctionRef | PyOp::Ellipsis | PyOp::Tuple | PyOp::Slice | PyOp::GetAttr | PyOp::Compare | PyOp::Unary | PyOp::Truth | PyOp::Closure => Between::Nothing,
        PyOp::Builtin => match path_of(op) {
            Some(ARRAY_MAP) => Between::Map,
            Some("len" | "array.view" | "array.address" | "abs") => Between::Nothing,
            Some(path) if path.starts_with("math.") => Between::Nothing,
            Some(path) if builtin_is_quiet(path) => Between::Raises,
            _ => Between::Barrier,
        },
        PyOp::Invoke => match callee(op) {
            Some(function) if functions.is_quiet(function.value()) => Between::Raises,
            _ => Between::Barrier,
        },
        PyOp::GetItem if is_slicing(op) => Between::Nothing,
        PyOp::Binary | PyOp::GetItem | PyOp::Cast | PyOp::CheckBound => Between::Raises,
        _ => Between::Barrier,
    }
}

/// Whether a subscript has only slices without a step, `None` and `...`, which fit every array of the rank.
pub fn is_slicing(op: OperationRef) -> bool {
    let Some(Ty::Array(_)) = op.operand(0).ok().and_then(|v| Ty::from_mlir(v.r#type())) else { return false };
    let plain = |ty: &Ty| match ty {
        Ty::Slice(parts) => parts[2] == Ty::None,
        Ty::None | Ty::Ellipsis => true,
        _ => false,
    };
    op.operand(1).ok().and_then(|v| Ty::from_mlir(v.r#type())).is_some_and(|index| match &index {
        Ty::Tuple(items) => items.iter().all(plain),
        other => plain(other),
    })
}

/// Whether a subscript is one of an array for a single element.
pub fn is_element(op: OperationRef) -> bool {
    let ty = |i| op.operand(i).ok().and_then(|v: Value| Ty::from_mlir(v.r#type()));
    let (Some(Ty::Array(array)), Some(index)) = (ty(0), ty(1)) else { return false };
    let integer = |t: &Ty| t.scalar().is_some_and(|d| d.is_integer());
    array.rank > 0 && match &index {
        Ty::Tuple(items) => items.len() == array.rank && items.iter().all(integer),
        other => array.rank == 1 && integer(other),
    }
}

/// Whether the operands of a map may not fit: there are two arrays.
pub fn broadcasts(map: OperationRef) -> bool {
    map.operands().filter(|v| is_array(*v)).map(key).collect::<HashSet<_>>().len() > 1
}

/// Whether a value is an array.
pub fn is_array(value: Value) -> bool {
    matches!(Ty::from_mlir(value.r#type()), Some(Ty::Array(_)))
}

/// How many axes an array has.
pub fn rank(value: Value) -> usize {
    Ty::from_mlir(value.r#type()).and_then(|t| t.array()).map_or(0, |a| a.rank)
}
