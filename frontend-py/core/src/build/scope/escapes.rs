//! What becomes of a function that is made inside of another: whether it is only ever called, and where it may still be called.
use crate::build::ir::{BlockId, Body, Op, Val, Var};
use ruff_text_size::TextRange;
use std::collections::HashSet;

/// The uses of a value.
#[derive(Debug)]
pub struct Uses {
    /// It is never more than the callee of a call
    pub only_calls: bool,
    value: Val,
    variables: HashSet<Var>,
}

impl Body {
    /// What is done with a value, also by way of variables. Phis are as yet those that reads have asked for.
    pub fn uses_of(&self, value: Val) -> Uses {
        let (mut values, mut variables) = (HashSet::from([value]), HashSet::new());
        loop {
            let before = (values.len(), variables.len());
            for block in &self.blocks {
                variables.extend(block.definitions.iter().filter(|(_, v)| values.contains(v)).map(|(variable, _)| *variable));
            }
            values.extend(self.phis.iter().filter(|p| variables.contains(&p.variable)).map(|p| p.value));
            if before == (values.len(), variables.len()) {
                break;
            }
        }
        let called = |op: &Op| match op {
            Op::Call { callee, arguments, .. } => values.contains(callee) && !arguments.iter().any(|a| values.contains(a)),
            _ => false,
        };
        let only_calls = self.blocks.iter().all(|block| {
            let ends = block.terminator.and_then(|(t, _)| t.operand()).is_some_and(|v| values.contains(&v));
            !ends && block.insts.iter().all(|inst| {
                let mut used = false;
                inst.op.operands(|v| used |= values.contains(&v));
                !used || called(&inst.op)
            })
        });
        Uses { only_calls, value, variables }
    }

    /// Whether a variable may be read before it is assigned to, from the start of a block on.
    fn is_live(&self, variable: Var, block: BlockId) -> bool {
        let (mut work, mut seen) = (vec![block], HashSet::new());
        while let Some(block) = work.pop() {
            if !seen.insert(block) {
                continue;
            }
            if self.phis.iter().any(|p| p.block == block && p.variable == variable) {
                return true;
            }
            let content = &self.blocks[block.0 as usize];
            if !content.definitions.contains_key(&variable) {
                work.extend(content.terminator.iter().flat_map(|(t, _)| t.successors()));
            }
        }
        false
    }
}

impl Uses {
    /// Whether the value, made at a place of a block, may be used after another one.
    pub fn after(&self, body: &Body, (made, making): (BlockId, TextRange), (block, place): (BlockId, TextRange)) -> bool {
        // A read that no assignment of the block precedes.
        let here = self.variables.iter().any(|v| body.phis.iter().any(|p| p.block == block && p.variable == *v));
        if made == block && place.start() < making.end() {
            // What was made before is replaced in this block.
            return here;
        }
        let later = made == block && body.blocks[block.0 as usize].insts.iter().any(|inst| {
            let mut used = false;
            inst.op.operands(|v| used |= v == self.value);
            used && inst.range.end() > place.start()
        });
        let content = &body.blocks[block.0 as usize];
        let next: Vec<BlockId> = content.terminator.iter().flat_map(|(t, _)| t.successors()).collect();
        // One in a later block, unless this block assigns something else.
        let passes = |v: &Var| content.definitions.get(v).is_none_or(|d| *d == self.value);
        here || later || self.variables.iter().any(|v| passes(v) && next.iter().any(|b| body.is_live(*v, *b)))
    }
}
