//! Shapes of arrays that maps make: that of the only array among a map's operands. Then nothing but elements is asked of the map, and it can become part of another op.
use super::{is_map, legality::{is_array, rank}};
use crate::cfg::{Cfg, key};
use melior::ir::{OperationRef, Value, attribute::StringAttribute, operation::OperationLike};
use numbra_dialects::{py::PyOp, rewrite::set_operand};

/// Has each op that asks for the shape of such an array ask the array that it is made of.
pub fn of_operands<'c: 'a, 'a>(cfg: &Cfg<'c, 'a>) {
    for op in cfg.blocks.iter().flat_map(|b| &b.ops).copied().filter(|op| asks_for_shape(*op)) {
        let Ok(asked) = op.operand(0) else { continue };
        let mut array = asked;
        while let Some(source) = cfg.op(array).filter(|(_, map)| is_map(*map)).and_then(|(_, map)| only_array(map, rank(array))) {
            array = source;
        }
        if array != asked {
            set_operand(op, 0, array);
        }
    }
}

fn asks_for_shape(op: OperationRef) -> bool {
    PyOp::of(&op) == PyOp::GetAttr && op.attribute("attribute").ok().and_then(|a| StringAttribute::try_from(a).ok()).is_some_and(|a| a.value() == "shape")
}

// The array among the operands of a map, if there is one of so many axes and no other.
fn only_array<'c: 'a, 'a>(map: OperationRef<'c, 'a>, axes: usize) -> Option<Value<'c, 'a>> {
    let mut arrays = map.operands().filter(|v| is_array(*v));
    let first = arrays.next()?;
    (rank(first) == axes && arrays.all(|v| key(v) == key(first))).then_some(first)
}
