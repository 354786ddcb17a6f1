//! The block that is looked at, as it is while its ops change.
use crate::{cfg::Cfg, conversion::py_to_std::array::elementwise::{ARRAY_ELEMENT, CHECK_SHAPES}};
use melior::{
    Context,
    ir::{BlockLike, BlockRef, Operation, OperationRef, Value, ValueLike, attribute::{FlatSymbolRefAttribute, StringAttribute}, operation::{OperationLike, OperationMutLike}},
};
use numbra_dialects::{py::{Ty, ods::py as ods}, rewrite::{erase, set_operand}};
use numbra_passes_api::walk;

/// A block of a function, whose index knows the other blocks as they are: no block is looked at before those from which it has values.
pub struct Block<'k, 'c, 'a> {
    cfg: &'k Cfg<'c, 'a>,
    number: usize,
    block: BlockRef<'c, 'a>,
    /// Its ops
    pub ops: Vec<OperationRef<'c, 'a>>,
}

impl<'k, 'c: 'a, 'a> Block<'k, 'c, 'a> {
    /// A block by its number in the index.
    pub fn new(cfg: &'k Cfg<'c, 'a>, number: usize) -> Self {
        let node = &cfg.blocks[number];
        Self { cfg, number, block: node.block, ops: node.ops.clone() }
    }

    /// Reads the ops again, after some were written or erased.
    pub fn refresh(&mut self) {
        self.ops = walk::operations(self.block).collect();
    }

    /// Where an op stands.
    pub fn position(&self, op: OperationRef<'c, 'a>) -> Option<usize> {
        self.ops.iter().position(|o| *o == op)
    }

    /// The ops that use a value.
    pub fn users(&self, value: Value<'c, 'a>) -> Vec<OperationRef<'c, 'a>> {
        let elsewhere = self.cfg.uses(value).iter().filter(|b| **b != self.number).flat_map(|b| &self.cfg.blocks[*b].ops);
        self.ops.iter().chain(elsewhere).filter(|op| op.operands().any(|v| v == value)).copied().collect()
    }

    /// Replaces the subscript of an array by the function of the elements at its position in arrays that are broadcast.
    pub fn read_element(&self, context: &'c Context, read: OperationRef<'c, 'a>, leaves: &[Value<'c, 'a>], function: FlatSymbolRefAttribute<'c>) -> bool {
        let (Ok(index), Ok(old)) = (read.operand(1), read.result(0)) else { return false };
        let old: Value = old.into();
        let operands: Vec<Value> = std::iter::once(index).chain(leaves.iter().copied()).collect();
        let mut op: Operation = ods::builtin(context, old.r#type(), &operands, StringAttribute::new(context, ARRAY_ELEMENT), read.location()).into();
        op.set_attribute("callee", function.into());
        let Ok(new) = self.block.insert_operation_before(read, op).result(0) else { return false };
        for user in self.users(old) {
            for (i, _) in user.operands().enumerate().filter(|(_, v)| *v == old).collect::<Vec<_>>() {
                set_operand(user, i, new.into());
            }
        }
        erase(read);
        true
    }

    /// Writes a check that arrays broadcast before the map of which they are the operands.
    pub fn check_shapes(&self, context: &'c Context, map: OperationRef<'c, 'a>, arrays: &[Value<'c, 'a>]) {
        let check = ods::builtin(context, Ty::None.to_mlir(context), arrays, StringAttribute::new(context, CHECK_SHAPES), map.location());
        self.block.insert_operation_before(map, check.into());
    }
}
