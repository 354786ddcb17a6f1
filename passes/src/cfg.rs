//! An index of one `py.func`: blocks in reverse post-order with edges and dominators, and where each value is defined and used.
//!
//! Built once per function and never changed: whoever changes the function builds a new one. Unreachable blocks are not in it.
use melior::ir::{BlockLike, BlockRef, OperationRef, Value, ValueLike, operation::OperationLike};
use numbra_dialects::py::PyOp;
use numbra_passes_api::walk;
use std::collections::HashMap;

/// Identity of an MLIR value.
pub type Key = usize;

/// Identity of a value.
pub fn key(value: Value) -> Key {
    value.to_raw().ptr as usize
}

/// Identity of an op.
pub fn op_key(op: OperationRef) -> usize {
    op.to_raw().ptr as usize
}

/// A reachable block.
#[allow(missing_docs)]
pub struct Node<'c, 'a> {
    pub block: BlockRef<'c, 'a>,
    pub ops: Vec<OperationRef<'c, 'a>>,
    pub succs: Vec<usize>,
    pub preds: Vec<usize>,
    /// Immediate dominator; the entry's is itself
    pub idom: usize,
}

/// Where a value comes from.
#[derive(Clone, Copy)]
#[allow(missing_docs)]
pub enum Def<'c, 'a> {
    Argument { block: usize, index: usize },
    Result { block: usize, op: OperationRef<'c, 'a>, index: usize },
}

impl Def<'_, '_> {
    /// The defining block.
    pub fn block(&self) -> usize {
        match *self {
            Def::Argument { block, .. } | Def::Result { block, .. } => block,
        }
    }
}

/// The index of a function.
#[derive(Default)]
pub struct Cfg<'c, 'a> {
    /// Reverse post-order; the entry is first
    pub blocks: Vec<Node<'c, 'a>>,
    numbers: HashMap<usize, usize>,
    defs: HashMap<Key, Def<'c, 'a>>,
    uses: HashMap<Key, Vec<usize>>,
}

/// One way out of a block: the target and the values it gets.
pub type Edge<'c, 'a> = (BlockRef<'c, 'a>, Vec<Value<'c, 'a>>);

/// The edges of a terminator, in the order of its successors.
pub fn edges<'c, 'a>(op: OperationRef<'c, 'a>) -> Vec<Edge<'c, 'a>> {
    let mut operands = op.operands().skip(usize::from(PyOp::of(&op) == PyOp::CondBr));
    op.successors().map(|s| (s, operands.by_ref().take(s.argument_count()).collect())).collect()
}

/// Whether an op is the `py.next` of a loop header: the branch on its first result follows at once, and only the taken side can see the element.
pub fn is_header_next<'c: 'a, 'a>(op: OperationRef<'c, 'a>) -> bool {
    // First of all, since a result that is not there is an error whose text is the whole op.
    if PyOp::of(&op) != PyOp::Next {
        return false;
    }
    let (Some(branch), Ok(valid), Ok(element)) = (op.next_in_block(), op.result(0), op.result(1)) else { return false };
    if PyOp::of(&branch) != PyOp::CondBr || branch.operand(0) != Ok(valid.into()) {
        return false;
    }
    let element = key(element.into());
    let edges = edges(branch);
    edges.len() == 2 && edges[0].0 != edges[1].0 && edges[1].1.iter().all(|v| key(*v) != element)
}

impl<'c: 'a, 'a> Cfg<'c, 'a> {
    /// The index of the function that starts with `entry`.
    pub fn new(entry: BlockRef<'c, 'a>) -> Self {
        let mut cfg = Self::default();
        // Iterative depth-first search; the post-order reversed is the order of `blocks`.
        let mut order = vec![];
        let mut seen: HashMap<usize, ()> = HashMap::from([(entry.to_raw().ptr as usize, ())]);
        let targets = |b: BlockRef<'c, 'a>| b.terminator().map(|t| t.successors().collect::<Vec<_>>()).unwrap_or_default();
        let mut stack = vec![(entry, targets(entry))];
        while let Some((block, rest)) = stack.last_mut() {
            match rest.pop() {
                Some(next) => {
                    if seen.insert(next.to_raw().ptr as usize, ()).is_none() {
                        stack.push((next, targets(next)));
                    }
                }
                None => {
                    order.push(*block);
                    stack.pop();
                }
            }
        }
        order.reverse();
        cfg.numbers = order.iter().enumerate().map(|(i, b)| (b.to_raw().ptr as usize, i)).collect();
        for (i, block) in order.iter().enumerate() {
            let ops: Vec<_> = walk::operations(*block).collect();
            for index in 0..block.argument_count() {
                if let Ok(a) = block.argument(index) {
                    cfg.defs.insert(key(a.into()), Def::Argument { block: i, index });
                }
            }
            for op in &ops {
                for (index, r) in op.results().enumerate() {
                    cfg.defs.insert(key(r.into()), Def::Result { block: i, op: *op, index });
                }
                for v in op.operands() {
                    let list = cfg.uses.entry(key(v)).or_default();
                    if list.last() != Some(&i) {
                        list.push(i);
                    }
                }
            }
            let succs = targets(*block).iter().map(|s| cfg.numbers[&(s.to_raw().ptr as usize)]).collect();
            cfg.blocks.push(Node { block: *block, ops, succs, preds: vec![], idom: 0 });
        }
        for i in 0..cfg.blocks.len() {
            for s in cfg.blocks[i].succs.clone() {
                if !cfg.blocks[s].preds.contains(&i) {
                    cfg.blocks[s].preds.push(i);
                }
            }
        }
        cfg.dominators();
        cfg
    }

    // Cooper, Harvey and Kennedy: walk up by reverse post-order numbers until the fixed point.
    fn dominators(&mut self) {
        let unknown = usize::MAX;
        let mut idom = vec![unknown; self.blocks.len()];
        if let Some(first) = idom.first_mut() {
            *first = 0;
        }
        let mut changed = true;
        while changed {
            changed = false;
            for i in 1..self.blocks.len() {
                let mut new = unknown;
                for &p in self.blocks[i].preds.iter().filter(|p| idom[**p] != unknown) {
                    new = if new == unknown { p } else { meet(&idom, p, new) };
                }
                if idom[i] != new {
                    idom[i] = new;
                    changed = true;
                }
            }
        }
        for (node, d) in self.blocks.iter_mut().zip(idom) {
            node.idom = d;
        }
    }

    /// Whether `a` dominates `b`.
    pub fn dominates(&self, a: usize, mut b: usize) -> bool {
        while b > a {
            b = self.blocks[b].idom;
        }
        a == b
    }

    /// The number of a block; `None` when it cannot be reached.
    pub fn number(&self, block: BlockRef) -> Option<usize> {
        self.numbers.get(&(block.to_raw().ptr as usize)).copied()
    }

    /// Where a value is defined.
    pub fn def(&self, value: Value) -> Option<Def<'c, 'a>> {
        self.defs.get(&key(value)).copied()
    }

    /// The op that defines a value, if one does.
    pub fn op(&self, value: Value) -> Option<(PyOp, OperationRef<'c, 'a>)> {
        match self.def(value)? {
            Def::Result { op, .. } => Some((PyOp::of(&op), op)),
            Def::Argument { .. } => None,
        }
    }

    /// What a block passes on as an argument of another.
    pub fn passed(&self, from: usize, to: usize, index: usize) -> Vec<Value<'c, 'a>> {
        let Some(branch) = self.blocks[from].ops.last() else { return vec![] };
        edges(*branch).into_iter().filter(|e| self.number(e.0) == Some(to)).filter_map(|e| e.1.get(index).copied()).collect()
    }

    /// What all predecessors of a block pass on as one of its arguments.
    pub fn incoming(&self, block: usize, index: usize) -> Vec<Value<'c, 'a>> {
        self.blocks[block].preds.iter().flat_map(|p| self.passed(*p, block, index)).collect()
    }

    /// The blocks with ops that use a value.
    pub fn uses(&self, value: Value) -> &[usize] {
        self.uses.get(&key(value)).map_or(&[], |u| u.as_slice())
    }
}

fn meet(idom: &[usize], mut a: usize, mut b: usize) -> usize {
    while a != b {
        if a > b {
            a = idom[a];
        } else {
            b = idom[b];
        }
    }
    a
}
