//! A new array that is written again before anything has seen its elements: they get their last values at once.
//!
//! ```text
//! %t = py.builtin "array.map"(%a, %b) {callee = @f}                 py.func @fused(x, y): return py.invoke @g(py.invoke @f(x, y), x)
//! py.builtin "array.map_into"(%t, %t, %a) {callee = @g}        ->   %t = py.builtin "array.map"(%a, %b) {callee = @fused}
//! ```
//! So `t = a * b; t[a < 0.5] = 0.0` is one pass over memory. Legal where nothing between the two changes memory or looks at elements, the second function does not raise and gives elements of
//! the array's type, and all other arrays that it takes are among the operands of the first, so that they broadcast to its shape.
use super::{block::Block, functions::Functions, group::{Group, Root, element}, is_map, legality::{Between, between, is_array}};
use crate::{cfg::key, conversion::py_to_std::array::elementwise::ARRAY_MAP_INTO, functions::{callee, path_of}};
use melior::{Context, ir::{BlockLike, BlockRef, OperationRef, Value, attribute::FlatSymbolRefAttribute, operation::OperationLike}};
use numbra_dialects::{py::PyOp, rewrite::{erase, set_attribute, set_operand, set_operands}};
use std::collections::HashSet;

/// The map of an array and the op that writes to it, if they can become one map.
pub fn written_again<'c: 'a, 'a>(context: &'c Context, block: &Block<'_, 'c, 'a>, write: OperationRef<'c, 'a>, functions: &mut Functions<'c, 'a>) -> Option<Group<'c, 'a>> {
    if PyOp::of(&write) != PyOp::Builtin || path_of(write) != Some(ARRAY_MAP_INTO) {
        return None;
    }
    let target = write.operand(0).ok()?;
    let end = block.position(write)?;
    let start = block.ops[..end].iter().position(|op| is_map(*op) && op.result(0).is_ok_and(|r| Value::from(r) == target))?;
    let (map, inside) = (block.ops[start], &block.ops[start + 1..end]);
    let gives = functions.result(callee(write)?.value())?;
    let own: HashSet<usize> = map.operands().filter(|v| is_array(*v)).map(key).collect();
    let taken: Vec<Value> = write.operands().skip(1).collect();
    let fits = callee(map).is_some() && gives == element(context, target)? && !functions.raises(write) && taken.contains(&target);
    let known = taken.iter().all(|v| *v == target || if is_array(*v) { own.contains(&key(*v)) } else { is_available(inside, *v) });
    let unseen = inside.iter().all(|op| !matches!(between(*op, functions), Between::Barrier) && (op.operands().all(|v| v != target) || asks_only(*op)));
    if fits && known && unseen { Some(Group::of(Root::of(write)?, map)) } else { None }
}

// Whether an op only asks for something that is not about elements, such as the shape.
fn asks_only(op: OperationRef) -> bool {
    PyOp::of(&op) == PyOp::GetAttr && op.result(0).is_ok_and(|r| !is_array(r.into()))
}

// The op among others that makes a value.
fn maker<'c: 'a, 'a>(ops: &[OperationRef<'c, 'a>], value: Value<'c, 'a>) -> Option<OperationRef<'c, 'a>> {
    ops.iter().copied().find(|op| op.results().any(|r| Value::from(r) == value))
}

// Whether a value can be made before these ops: it is none of them, or a constant.
fn is_available<'c: 'a, 'a>(ops: &[OperationRef<'c, 'a>], value: Value<'c, 'a>) -> bool {
    maker(ops, value).is_none_or(|op| matches!(PyOp::of(&op), PyOp::Constant | PyOp::Entity | PyOp::FunctionRef))
}

/// Has the map of a group do what both of its ops do.
pub fn replace<'c: 'a, 'a>(block: &Block<'_, 'c, 'a>, place: BlockRef<'c, 'a>, group: &Group<'c, 'a>, function: FlatSymbolRefAttribute<'c>) -> bool {
    let (write, Some(map)) = (group.root.op, group.maps.first().copied()) else { return false };
    let (Ok(array), Some(start), Some(end)) = (map.result(0), block.position(map), block.position(write)) else { return false };
    let operands: Vec<Value> = group.leaves().into_iter().map(|v| match maker(&block.ops[start + 1..end], v) {
        Some(constant) => place.insert_operation_before(map, (*constant).clone()).result(0).map_or(v, Into::into),
        None => v,
    }).collect();
    set_operands(map, &operands);
    set_attribute(map, "callee", function.into());
    // What the write gives is the array.
    for old in write.results().map(Value::from) {
        for user in block.users(old) {
            for (i, _) in user.operands().enumerate().filter(|(_, v)| *v == old).collect::<Vec<_>>() {
                set_operand(user, i, array.into());
            }
        }
    }
    erase(write);
    true
}
