//! Natural loops of a function, and what their induction variables range over.
use crate::cfg::{self, Cfg};
use melior::ir::{OperationRef, Value, attribute::StringAttribute, operation::OperationLike};
use numbra_dialects::py::PyOp;
use std::{collections::HashSet, rc::Rc};

/// A natural loop.
pub struct Loop<'c, 'a> {
    /// The block that all entries and repetitions go through
    pub header: usize,
    /// All blocks, the header included
    pub blocks: Rc<HashSet<usize>>,
    /// The loop directly around it
    pub parent: Option<usize>,
    /// Number of loops around it
    pub depth: usize,
    /// The header's `py.next`, of a `for` loop
    pub next: Option<OperationRef<'c, 'a>>,
}

/// All natural loops, outer ones before inner ones.
pub fn find<'c: 'a, 'a>(cfg: &Cfg<'c, 'a>) -> Vec<Loop<'c, 'a>> {
    let mut found: Vec<(usize, HashSet<usize>)> = vec![];
    for (latch, node) in cfg.blocks.iter().enumerate() {
        for &header in node.succs.iter().filter(|h| cfg.dominates(**h, latch)) {
            // Backwards from the latch up to the header.
            let mut blocks = HashSet::from([header]);
            let mut stack = vec![latch];
            while let Some(b) = stack.pop() {
                if blocks.insert(b) {
                    stack.extend(&cfg.blocks[b].preds);
                }
            }
            match found.iter_mut().find(|f| f.0 == header) {
                Some(f) => f.1.extend(blocks),
                None => found.push((header, blocks)),
            }
        }
    }
    found.sort_by_key(|f| (std::cmp::Reverse(f.1.len()), f.0));
    let mut loops: Vec<Loop> = vec![];
    for (header, blocks) in found {
        let parent = loops.iter().rposition(|l| l.header != header && l.blocks.contains(&header));
        let next = cfg.blocks[header].ops.iter().rev().nth(1).copied().filter(|op| cfg::is_header_next(*op));
        let depth = parent.map_or(0, |p: usize| loops[p].depth + 1);
        loops.push(Loop { header, blocks: Rc::new(blocks), parent, depth, next });
    }
    loops
}

/// What an induction variable ranges over.
#[derive(Clone, Copy)]
pub enum Span<'c, 'a> {
    /// `range(start, stop, step)`
    Range(Value<'c, 'a>, Value<'c, 'a>, Value<'c, 'a>),
    /// From a start, as many as the first axis of an array is long
    Along(Value<'c, 'a>, Value<'c, 'a>),
}

/// The iterable of a loop's iterator.
pub fn iterable<'c: 'a, 'a>(cfg: &Cfg<'c, 'a>, next: OperationRef<'c, 'a>) -> Option<Value<'c, 'a>> {
    match cfg.op(next.operand(0).ok()?)? {
        (PyOp::Iter, op) => op.operand(0).ok(),
        _ => None,
    }
}

/// What the part of an iterable's elements at a path ranges over, if it is a number that does.
pub fn span<'c: 'a, 'a>(cfg: &Cfg<'c, 'a>, iterable: Value<'c, 'a>, path: &[usize]) -> Option<Span<'c, 'a>> {
    let op = builtin(cfg, iterable)?;
    match (path_of(op)?, path) {
        ("range", []) => Some(Span::Range(op.operand(0).ok()?, op.operand(1).ok()?, op.operand(2).ok()?)),
        ("enumerate", [0]) => Some(Span::Along(op.operand(1).ok()?, op.operand(0).ok()?)),
        ("enumerate", [1, rest @ ..]) => span(cfg, op.operand(0).ok()?, rest),
        ("zip", [i, rest @ ..]) => span(cfg, op.operand(*i).ok()?, rest),
        _ => None,
    }
}

/// The array whose rows are the part of an iterable's elements at a path.
pub fn rows_of<'c: 'a, 'a>(cfg: &Cfg<'c, 'a>, iterable: Value<'c, 'a>, path: &[usize]) -> Option<Value<'c, 'a>> {
    let Some(op) = builtin(cfg, iterable) else { return path.is_empty().then_some(iterable) };
    match (path_of(op)?, path) {
        ("enumerate", [1, rest @ ..]) => rows_of(cfg, op.operand(0).ok()?, rest),
        ("zip", [i, rest @ ..]) => rows_of(cfg, op.operand(*i).ok()?, rest),
        ("range" | "enumerate" | "zip", _) => None,
        (_, []) => Some(iterable),
        _ => None,
    }
}

fn builtin<'c: 'a, 'a>(cfg: &Cfg<'c, 'a>, value: Value<'c, 'a>) -> Option<OperationRef<'c, 'a>> {
    cfg.op(value).filter(|o| o.0 == PyOp::Builtin).map(|o| o.1)
}

/// The path of a `py.builtin`.
pub fn path_of<'c: 'a, 'a>(op: OperationRef<'c, 'a>) -> Option<&'c str> {
    StringAttribute::try_from(op.attribute("path").ok()?).ok().map(|s| s.value())
}
