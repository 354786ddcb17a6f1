//! Which blocks belong to a parallel loop: those of the natural loop, and those on its side ways that end in an exception.
use crate::functions::path_of;
use super::{PRANGE, Res};
use crate::{cfg::{self, Cfg}, conversion::py_to_std::loops};
use melior::ir::{OperationRef, Value, operation::OperationLike};
use numbra_dialects::{Code, Diagnostic, Span, py::PyOp};
use std::collections::BTreeSet;

/// A loop over a `prange`.
pub struct ParallelLoop<'c, 'a> {
    /// The block that all entries and repetitions go through
    pub header: usize,
    /// All blocks, the header and those that raise included
    pub blocks: BTreeSet<usize>,
    /// The header's `py.next`
    pub next: OperationRef<'c, 'a>,
    /// The library call that makes the range
    pub range: OperationRef<'c, 'a>,
    /// What is passed on where the loop ends: the block and the values
    pub exit: cfg::Edge<'c, 'a>,
}

impl<'c: 'a, 'a> ParallelLoop<'c, 'a> {
    /// Whether a value is defined outside of the loop.
    pub fn is_outside(&self, cfg: &Cfg<'c, 'a>, value: Value<'c, 'a>) -> bool {
        cfg.def(value).is_none_or(|d| !self.blocks.contains(&d.block()))
    }

    /// The ops of the loop.
    pub fn ops<'k>(&'k self, cfg: &'k Cfg<'c, 'a>) -> impl Iterator<Item = OperationRef<'c, 'a>> + 'k {
        self.blocks.iter().flat_map(|b| cfg.blocks[*b].ops.iter().copied())
    }
}

/// The first outermost loop of a function over a prange.
pub fn find<'c: 'a, 'a>(cfg: &Cfg<'c, 'a>) -> Res<Option<ParallelLoop<'c, 'a>>> {
    for l in loops::find(cfg) {
        let Some(next) = l.next else { continue };
        let Some(range) = loops::iterable(cfg, next).and_then(|v| cfg.op(v)).map(|o| o.1) else { continue };
        if PyOp::of(&range) != PyOp::Builtin || path_of(range) != Some(PRANGE) {
            continue;
        }
        let terminator = cfg.blocks[l.header].ops.last().copied();
        let Some(exit) = terminator.and_then(|t| cfg::edges(t).into_iter().nth(1)) else { continue };
        let mut blocks: BTreeSet<usize> = l.blocks.iter().copied().collect();
        for &block in l.blocks.iter() {
            for &successor in cfg.blocks[block].succs.iter().filter(|s| !l.blocks.contains(s)) {
                if block == l.header {
                    continue;
                }
                let Some(raising) = side_way(cfg, &l.blocks.iter().copied().collect(), successor) else {
                    let place = cfg.blocks[block].ops.last().and_then(|t| Span::of(t.location()));
                    let error = Diagnostic::error(Code::NB0301, place, "a parallel loop cannot be left before its end");
                    return Err(Box::new(error.label(Span::of(next.location()), "this loop runs on several threads").help("without `break` and `return`, or with `range` instead of `prange`")));
                };
                blocks.extend(raising);
            }
        }
        return Ok(Some(ParallelLoop { header: l.header, blocks, next, range, exit }));
    }
    Ok(None)
}

// The blocks from one that the loop leaves to, if all ways from there end in exceptions and only the loop leads there.
fn side_way(cfg: &Cfg, natural: &BTreeSet<usize>, start: usize) -> Option<BTreeSet<usize>> {
    let mut found = BTreeSet::new();
    let mut stack = vec![start];
    while let Some(b) = stack.pop() {
        let ends = cfg.blocks[b].ops.last().map(PyOp::of);
        if natural.contains(&b) || (cfg.blocks[b].succs.is_empty() && ends != Some(PyOp::Raise)) {
            return None;
        }
        if found.insert(b) {
            stack.extend(&cfg.blocks[b].succs);
        }
    }
    let only_here = found.iter().all(|b| cfg.blocks[*b].preds.iter().all(|p| natural.contains(p) || found.contains(p)));
    only_here.then_some(found)
}
