//! Shapes of arrays that maps make: that of the only array among a map's operands, or that to which several broadcast. Then nothing but elements is asked of the map, and it can become
//! part of another op.
use super::{group::Root, is_map, legality::{is_array, rank}};
use crate::{cfg::{Cfg, key}, conversion::py_to_std::array::elementwise::BROADCAST_SHAPE};
use melior::{Context, ir::{BlockLike, OperationRef, Value, ValueLike, attribute::StringAttribute, operation::OperationLike}};
use numbra_dialects::{py::{PyOp, ods::py as ods}, rewrite::{erase, set_operand}};

/// Has each op that asks for the shape of such an array ask the arrays that it is made of.
pub fn of_operands<'c: 'a, 'a>(context: &'c Context, cfg: &Cfg<'c, 'a>) {
    for op in cfg.blocks.iter().flat_map(|b| &b.ops).copied().filter(|op| asks_for_shape(*op)) {
        let Ok(asked) = op.operand(0) else { continue };
        let mut array = asked;
        while let Some(source) = map_of(cfg, array).and_then(|map| only_array(map, rank(array))) {
            array = source;
        }
        if array != asked {
            set_operand(op, 0, array);
        } else if map_of(cfg, array).is_some() && gives_elements_to_one(cfg, array) {
            ask_all(context, cfg, op, array);
        }
    }
}

// Puts the shape to which the arrays broadcast that a map is made of in the place of its own.
fn ask_all<'c: 'a, 'a>(context: &'c Context, cfg: &Cfg<'c, 'a>, op: OperationRef<'c, 'a>, array: Value<'c, 'a>) {
    let (mut arrays, Ok(old), Some(block)) = (vec![], op.result(0), op.block()) else { return };
    leaves(cfg, array, &mut arrays);
    let old: Value = old.into();
    let shape = ods::builtin(context, old.r#type(), &arrays, StringAttribute::new(context, BROADCAST_SHAPE), op.location());
    let Ok(new) = block.insert_operation_before(op, shape.into()).result(0) else { return };
    for user in users(cfg, old) {
        for (i, _) in user.operands().enumerate().filter(|(_, v)| *v == old).collect::<Vec<_>>() {
            set_operand(user, i, new.into());
        }
    }
    erase(op);
}

// The arrays that are not made by maps among those that an array is made of.
fn leaves<'c: 'a, 'a>(cfg: &Cfg<'c, 'a>, array: Value<'c, 'a>, found: &mut Vec<Value<'c, 'a>>) {
    match map_of(cfg, array) {
        Some(map) => map.operands().filter(|v| is_array(*v)).for_each(|v| leaves(cfg, v, found)),
        None if found.iter().any(|v| key(*v) == key(array)) => {}
        None => found.push(array),
    }
}

// Whether one op takes an array's elements, and all else only asks for its shape. What is taken by several may have to be made anyway.
fn gives_elements_to_one<'c: 'a, 'a>(cfg: &Cfg<'c, 'a>, array: Value<'c, 'a>) -> bool {
    let others: Vec<_> = users(cfg, array).filter(|op| !asks_for_shape(*op)).collect();
    rank(array) > 0 && matches!(&others[..], [one] if Root::of(*one).is_some_and(|root| root.takes_elements_of(array)))
}

fn users<'k, 'c: 'a, 'a>(cfg: &'k Cfg<'c, 'a>, value: Value<'c, 'a>) -> impl Iterator<Item = OperationRef<'c, 'a>> + 'k {
    cfg.uses(value).iter().flat_map(|b| &cfg.blocks[*b].ops).filter(move |op| op.operands().any(|v| v == value)).copied()
}

fn map_of<'c: 'a, 'a>(cfg: &Cfg<'c, 'a>, array: Value<'c, 'a>) -> Option<OperationRef<'c, 'a>> {
    cfg.op(array).map(|(_, op)| op).filter(|op| is_map(*op))
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
