//! Natural loops of a function, and what their induction variables range over.
pub(super) mod affine;
pub(super) mod bounds;
pub(super) mod conditions;
pub(super) mod parallel;

use crate::{cfg::{self, Cfg, Def}, functions::path_of, numbers::const_int};
use melior::ir::{BlockLike, OperationRef, Value, ValueLike, operation::OperationLike};
use numbra_abi::DType;
use numbra_dialects::py::{BinaryKind, CompareKind, PyOp, types::scalar_of};
use std::{collections::{BTreeMap, HashMap, HashSet}, rc::Rc};

/// A natural loop.
pub struct Loop<'c, 'a> {
    /// The block that all entries and repetitions go through
    pub header: usize,
    /// All blocks, the header included
    pub blocks: Rc<HashSet<usize>>,
    /// Number of loops around it
    pub depth: usize,
    /// The header's `py.next`, of a `for` loop
    pub next: Option<OperationRef<'c, 'a>>,
}

/// All natural loops, outer ones before inner ones.
pub fn find<'c: 'a, 'a>(cfg: &Cfg<'c, 'a>) -> Vec<Loop<'c, 'a>> {
    let mut found: BTreeMap<usize, HashSet<usize>> = BTreeMap::new();
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
            found.entry(header).or_default().extend(blocks);
        }
    }
    let mut found: Vec<_> = found.into_iter().collect();
    found.sort_by_key(|f| (std::cmp::Reverse(f.1.len()), f.0));
    let mut loops: Vec<Loop> = vec![];
    // By block, the innermost loop so far.
    let mut innermost: HashMap<usize, usize> = HashMap::new();
    for (header, blocks) in found {
        let parent = innermost.get(&header).copied();
        innermost.extend(blocks.iter().map(|b| (*b, loops.len())));
        let next = cfg.blocks[header].ops.iter().rev().nth(1).copied().filter(|op| cfg::is_header_next(*op));
        let depth = parent.map_or(0, |p: usize| loops[p].depth + 1);
        loops.push(Loop { header, blocks: Rc::new(blocks), depth, next });
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
    /// Variable of a `while` loop: from a start up or down to an end (a value and an offset), which it does not reach
    Counter { start: Value<'c, 'a>, stop: Value<'c, 'a>, offset: i64, up: bool },
}

// Steps of counters are small, so that only an end close to the largest number could make them wrap around.
const STEP: i64 = 1 << 31;

/// Whether argument `index` of the header of a `while` loop counts up or down to the end that the header tests for.
pub fn counter<'c: 'a, 'a>(cfg: &Cfg<'c, 'a>, l: &Loop<'c, 'a>, index: usize) -> Option<Span<'c, 'a>> {
    let node = &cfg.blocks[l.header];
    let branch = node.ops.last().copied().filter(|t| l.next.is_none() && PyOp::of(t) == PyOp::CondBr)?;
    let [yes, no] = node.succs[..] else { return None };
    let stays = l.blocks.contains(&yes);
    let body = if stays { yes } else { no };
    if stays == l.blocks.contains(&no) || cfg.blocks[body].preds != [l.header] {
        return None;
    }
    let variable: Value = node.block.argument(index).ok()?.into();
    let (mut kind, lhs, rhs) = comparison(cfg, branch.operand(0).ok()?)?;
    if !stays {
        kind = match kind {
            CompareKind::Lt => CompareKind::Ge,
            CompareKind::Le => CompareKind::Gt,
            CompareKind::Gt => CompareKind::Le,
            CompareKind::Ge => CompareKind::Lt,
            _ => return None,
        };
    }
    let (kind, stop) = if lhs == variable {
        (kind, rhs)
    } else if rhs == variable {
        let flipped = match kind {
            CompareKind::Lt => CompareKind::Gt,
            CompareKind::Le => CompareKind::Ge,
            CompareKind::Gt => CompareKind::Lt,
            CompareKind::Ge => CompareKind::Le,
            _ => return None,
        };
        (flipped, lhs)
    } else {
        return None;
    };
    let (up, offset) = match kind {
        CompareKind::Lt => (true, 0),
        CompareKind::Le => (true, 1),
        CompareKind::Gt => (false, 0),
        CompareKind::Ge => (false, -1),
        _ => return None,
    };
    let mut start: Option<Value> = None;
    for p in &node.preds {
        for (target, values) in cfg::edges(*cfg.blocks[*p].ops.last()?) {
            if cfg.number(target) != Some(l.header) {
                continue;
            }
            let v = *values.get(index)?;
            if l.blocks.contains(p) {
                if !steps(cfg, l, v, variable, 0, up, 0) {
                    return None;
                }
            } else if start.is_some_and(|s| s != v) {
                return None;
            } else {
                start = Some(v);
            }
        }
    }
    Some(Span::Counter { start: start?, stop, offset, up })
}

fn comparison<'c: 'a, 'a>(cfg: &Cfg<'c, 'a>, condition: Value<'c, 'a>) -> Option<(CompareKind, Value<'c, 'a>, Value<'c, 'a>)> {
    match cfg.op(condition)? {
        (PyOp::Truth, op) => comparison(cfg, op.operand(0).ok()?),
        (PyOp::Compare, op) => {
            let (a, b) = (op.operand(0).ok()?, op.operand(1).ok()?);
            let int = |v: Value<'c, 'a>| scalar_of(v.r#type()) == Some(DType::Int64);
            (int(a) && int(b)).then_some((CompareKind::of(op.attribute("kind").ok()?)?, a, b))
        }
        _ => None,
    }
}

// Whether `v` is `variable` plus steps in one direction, on all ways through the loop.
fn steps<'c: 'a, 'a>(cfg: &Cfg<'c, 'a>, l: &Loop<'c, 'a>, v: Value<'c, 'a>, variable: Value<'c, 'a>, sum: i64, up: bool, depth: usize) -> bool {
    if depth > 6 {
        return false;
    }
    if v == variable {
        return if up { (1..=STEP).contains(&sum) } else { (-STEP..=-1).contains(&sum) };
    }
    match cfg.def(v) {
        Some(Def::Result { op, .. }) if PyOp::of(&op) == PyOp::Binary => {
            let (Ok(a), Ok(b), Some(kind)) = (op.operand(0), op.operand(1), op.attribute("kind").ok().and_then(BinaryKind::of)) else { return false };
            let small = |v| const_int(cfg, v).filter(|n| n.unsigned_abs() < STEP as u64);
            match (kind, small(a), small(b)) {
                (BinaryKind::Add, _, Some(n)) => steps(cfg, l, a, variable, sum + n, up, depth + 1),
                (BinaryKind::Add, Some(n), _) => steps(cfg, l, b, variable, sum + n, up, depth + 1),
                (BinaryKind::Sub, _, Some(n)) => steps(cfg, l, a, variable, sum - n, up, depth + 1),
                _ => false,
            }
        }
        Some(Def::Argument { block, index }) if block != l.header && l.blocks.contains(&block) => cfg.blocks[block].preds.iter().all(|p| {
            let Some(branch) = cfg.blocks[*p].ops.last() else { return false };
            cfg::edges(*branch).into_iter().filter(|e| cfg.number(e.0) == Some(block)).all(|(_, values)| {
                values.get(index).is_some_and(|v| steps(cfg, l, *v, variable, sum, up, depth + 1))
            })
        }),
        _ => false,
    }
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
