//! Running values whose parts only one map reads: `array.scan`, subscripts and `array.map` become one `array.scan_map`, which computes them by blocks and never makes their array.
//!
//! ```text
//! %c = py.builtin "array.scan"(%x) {kind = "sum"}
//! %p = py.getitem %c[%later]                                       %r = py.builtin "array.scan_map"(%x, %later, %earlier) {kind = "sum", map = @difference, ...}
//! %q = py.getitem %c[%earlier]                               ->
//! %r = py.builtin "array.map"(%p, %q) {callee = @difference}
//! ```
//! Legal where nothing between the two writes to memory, all are rows, and the scan raises nothing: its elements are made of one array by a function that does not raise. Not in functions
//! whose map runs better on several threads: where its function takes long.
use super::{block::Block, functions::Functions, is_map, legality::{Between, between, broadcasts, is_array, rank}};
use crate::{
    cfg::key, conversion::py_to_std::array::elementwise::{ARRAY_SCAN, ARRAY_SCAN_MAP, MAP, RUNNING, SCANNED}, functions::{callee, path_of}, outline_parallel::is_parallel,
};
use melior::{
    Context,
    ir::{
        Attribute, BlockLike, BlockRef, Location, Operation, OperationRef, Type, Value, ValueLike,
        attribute::{IntegerAttribute, StringAttribute, TypeAttribute}, operation::{OperationLike, OperationMutLike},
    },
};
use numbra_dialects::{py::{PyOp, Ty, ods::py as ods}, rewrite::{erase, set_operand}};

use std::sync::Arc;

/// A scan, the subscripts of it, and the map.
pub struct Windows<'c, 'a> {
    scan: OperationRef<'c, 'a>,
    subscripts: Vec<OperationRef<'c, 'a>>,
    map: OperationRef<'c, 'a>,
}

/// What can become one op with a scan.
pub fn around<'c: 'a, 'a>(block: &Block<'_, 'c, 'a>, function: OperationRef<'c, 'a>, scan: OperationRef<'c, 'a>, functions: &mut Functions<'c, 'a>) -> Option<Windows<'c, 'a>> {
    if PyOp::of(&scan) != PyOp::Builtin || path_of(scan) != Some(ARRAY_SCAN) || broadcasts(scan) || callee(scan).is_some() && functions.raises(scan) {
        return None;
    }
    let values: Value = scan.result(0).ok()?.into();
    let rows = |op: OperationRef<'c, 'a>| op.operands().filter(|v| is_array(*v)).all(|v| rank(v) <= 1);
    if rank(values) != 1 || !rows(scan) {
        return None;
    }
    let (mut map, mut subscripts): (Option<OperationRef>, Vec<OperationRef>) = (None, vec![]);
    let mut read_by = |user: OperationRef<'c, 'a>| is_map(user) && map.get_or_insert(user) == &user;
    for user in block.users(values) {
        if is_row_slice(user) && user.operand(0) == Ok(values) {
            if !block.users(user.result(0).ok()?.into()).into_iter().all(&mut read_by) {
                return None;
            }
            subscripts.push(user);
        } else if !read_by(user) {
            return None;
        }
    }
    let map = map?;
    let (start, end) = (block.position(scan)?, block.position(map)?);
    let still = block.ops[start + 1..end].iter().all(|op| !matches!(between(*op, functions), Between::Barrier));
    let alone = subscripts.iter().all(|s| block.position(*s).is_some_and(|at| (start..end).contains(&at)));
    let threads = is_parallel(function) && functions.long_calls(map) > 0;
    let fits = still && alone && !threads && callee(map).is_some() && rows(map) && rank(map.result(0).ok()?.into()) == 1;
    fits.then_some(Windows { scan, subscripts, map })
}

// Whether an op is a part of a row, without a step.
fn is_row_slice(op: OperationRef) -> bool {
    let ty = |i| op.operand(i).ok().and_then(|v: Value| Ty::from_mlir(v.r#type()));
    PyOp::of(&op) == PyOp::GetItem && matches!((ty(0), ty(1)), (Some(Ty::Array(a)), Some(Ty::Slice(parts))) if a.rank == 1 && parts[2] == Ty::None)
}

impl<'c: 'a, 'a> Windows<'c, 'a> {
    /// Where the map stands in the program.
    pub fn location(&self) -> Location<'c> {
        self.map.location()
    }

    /// Makes all of them one op.
    pub fn replace(&self, context: &'c Context, block: &Block<'_, 'c, 'a>, place: BlockRef<'c, 'a>) -> Option<()> {
        let (map, scan) = (self.map, self.scan);
        let (values, old): (Value, Value) = (scan.result(0).ok()?.into(), map.result(0).ok()?.into());
        let running = Ty::Scalar(Ty::from_mlir(values.r#type())?.array()?.dtype).to_mlir(context);
        let mut operands: Vec<Value> = scan.operands().collect();
        let scanned = operands.len();
        for v in map.operands() {
            let subscript = self.subscripts.iter().find(|s| s.result(0).is_ok_and(|r| key(r.into()) == key(v)));
            operands.push(match subscript {
                Some(s) => s.operand(1).ok()?,
                None if key(v) == key(values) => whole(context, place, map)?,
                None => v,
            });
        }
        let mut op: Operation = ods::builtin(context, old.r#type(), &operands, StringAttribute::new(context, ARRAY_SCAN_MAP), map.location()).into();
        for name in ["kind", "callee"] {
            if let Ok(attribute) = scan.attribute(name) {
                op.set_attribute(name, attribute);
            }
        }
        op.set_attribute(MAP, callee(map)?.into());
        op.set_attribute(RUNNING, TypeAttribute::new(running).into());
        op.set_attribute(SCANNED, IntegerAttribute::new(Type::index(context), scanned as i64).into());
        let new: Value = place.insert_operation_before(map, op).result(0).ok()?.into();
        for user in block.users(old) {
            for (i, _) in user.operands().enumerate().filter(|(_, v)| *v == old).collect::<Vec<_>>() {
                set_operand(user, i, new);
            }
        }
        erase(map);
        self.subscripts.iter().for_each(|s| erase(*s));
        erase(scan);
        Some(())
    }
}

// The slice of all elements, before an op.
fn whole<'c: 'a, 'a>(context: &'c Context, place: BlockRef<'c, 'a>, before: OperationRef<'c, 'a>) -> Option<Value<'c, 'a>> {
    let (none, loc) = (Ty::None.to_mlir(context), before.location());
    let part: Value = place.insert_operation_before(before, ods::constant(context, none, Attribute::unit(context), loc).into()).result(0).ok()?.into();
    let t = Ty::Slice(Arc::new([Ty::None, Ty::None, Ty::None])).to_mlir(context);
    Some(place.insert_operation_before(before, ods::slice(context, t, part, part, part, loc).into()).result(0).ok()?.into())
}
