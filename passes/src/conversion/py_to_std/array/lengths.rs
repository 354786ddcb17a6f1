//! Lengths of parts of an axis: all but so many elements, as in `x[1:-1]`, is one value for one number, whatever the slice that has it.
//!
//! Neighbourhoods in a stencil, `x[:-2]`, `x[1:-1]`, `x[2:]`, have one shape then, which needs no check and no second loop for operands that are stretched.
use super::super::build::{Builder, V};
use crate::cfg::key;
use melior::ir::{BlockLike, block::BlockArgument, operation::{OperationLike, OperationResult}};
use std::collections::HashMap;

/// The lengths that a function has.
#[derive(Default)]
pub struct Lengths<'c, 'a> {
    /// By the whole length and what is missing of it; with the block that has the value
    made: HashMap<(usize, i64), (usize, V<'c, 'a>)>,
    /// What such a value is
    meaning: HashMap<usize, (V<'c, 'a>, i64)>,
}

impl<'c: 'a, 'a> Builder<'c, 'a> {
    /// How many elements there are without some of them: `max(n - missing, 0)`, where `n` is a length and `missing` at least 0.
    pub fn shortened(&mut self, n: V<'c, 'a>, missing: i64) -> V<'c, 'a> {
        if let Some((whole, before)) = self.lengths.meaning.get(&key(n)).copied() && let Some(all) = before.checked_add(missing) {
            return self.shortened(whole, all);
        }
        if missing == 0 {
            return n;
        }
        // What the first block has can be used everywhere, other values as long as the code goes on in their block.
        let cursor = self.block;
        if block(n) == Some(self.first().to_raw().ptr as usize) {
            self.block = self.first();
        }
        let at = self.block.to_raw().ptr as usize;
        let made = self.lengths.made.get(&(key(n), missing)).filter(|(block, _)| *block == at).map(|(_, v)| *v);
        let length = made.unwrap_or_else(|| {
            let (missing, zero) = (self.i64(missing), self.i64(0));
            let rest = self.sub_nsw(n, missing);
            self.smax(rest, zero)
        });
        self.block = cursor;
        self.lengths.made.insert((key(n), missing), (at, length));
        self.lengths.meaning.insert(key(length), (n, missing));
        length
    }
}

// The block in which a value is made.
fn block(v: V) -> Option<usize> {
    if let Ok(argument) = BlockArgument::try_from(v) {
        return Some(argument.owner().to_raw().ptr as usize);
    }
    Some(OperationResult::try_from(v).ok()?.owner().block()?.to_raw().ptr as usize)
}
