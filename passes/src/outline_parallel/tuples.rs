//! Variables of a parallel loop that are tuples of numbers become one variable for each element, so that each can be a reduction of its own:
//! `acc = (acc[0] + x, max(acc[1], x))`.
//!
//! Every block argument in the loop that is such a tuple gets companions for its elements, from which the tuple is made again where it is used. The argument itself stays, but
//! nobody uses it: the header passes on what it had before the loop. Behind the loop the tuple is made of the elements' last values in a block of its own.
use super::{Res, region::ParallelLoop};
use crate::{cfg::{self, Cfg, key}, conversion::py_to_std::{flatten::{count, managed}, internal}, numbers::const_int};
use melior::{
    Context,
    dialect::cf,
    ir::{Block, BlockLike, BlockRef, Location, Operation, OperationRef, RegionLike, Value, ValueLike, attribute::IntegerAttribute, operation::OperationLike},
};
use numbra_dialects::{py::{PyOp, Ty, ods::py as ods}, rewrite::{erase, set_operand}};
use std::collections::{HashMap, HashSet};

/// An argument of a block that is a tuple.
struct Split<'c, 'a> {
    block: usize,
    old: Value<'c, 'a>,
    index: usize,
    parts: Vec<Ty>,
}

fn elements(v: Value) -> Option<Vec<Ty>> {
    let ty = Ty::from_mlir(v.r#type())?;
    match &ty {
        Ty::Tuple(parts) if count(&ty) > 0 && !managed(&ty) => Some(parts.to_vec()),
        _ => None,
    }
}

/// Takes the tuples apart that iterations of a loop hand on; false when there is none.
pub fn split<'c: 'a, 'a>(context: &'c Context, cfg: &Cfg<'c, 'a>, l: &ParallelLoop<'c, 'a>) -> Res<bool> {
    let header = &cfg.blocks[l.header];
    let handed_on = |i: usize| header.preds.iter().filter(|p| l.blocks.contains(p)).flat_map(move |p| cfg.passed(*p, l.header, i));
    let changes = |i: usize, v: Value<'c, 'a>| handed_on(i).any(|w| w != v);
    let mut found: Vec<Split> = vec![];
    for &block in &l.blocks {
        let node = &cfg.blocks[block];
        for index in 0..node.block.argument_count() {
            let Ok(old) = node.block.argument(index) else { continue };
            let old: Value = old.into();
            let Some(parts) = elements(old) else { continue };
            // Variables that may be unbound are left alone.
            let bound = cfg.incoming(block, index).iter().all(|v| !matches!(cfg.op(*v), Some((PyOp::Unbound, _))));
            if bound && (block != l.header || changes(index, old)) {
                found.push(Split { block, old, index, parts });
            }
        }
    }
    if !found.iter().any(|s| s.block == l.header) {
        return Ok(false);
    }
    rewrite(context, cfg, l, &found)?;
    Ok(true)
}

fn rewrite<'c: 'a, 'a>(context: &'c Context, cfg: &Cfg<'c, 'a>, l: &ParallelLoop<'c, 'a>, found: &[Split<'c, 'a>]) -> Res<()> {
    let loc = l.next.location();
    let region = cfg.blocks[l.header].block.parent_region().ok_or_else(|| internal(l.next, "loop outside of a function"))?;
    // What branches pass on, read before blocks get more arguments.
    let branches: Vec<_> = cfg.blocks.iter().enumerate().filter_map(|(b, node)| Some((b, *node.ops.last()?))).filter(|(_, op)| is_branch(*op)).map(|(b, op)| (b, op, cfg::edges(op))).collect();
    // The companions, and the tuples of them: at the start of the blocks, and behind the loop.
    let after = region.insert_block_before(l.exit.0, Block::new(&[]));
    let (mut inside, mut behind): (HashMap<usize, Value>, HashMap<usize, Value>) = Default::default();
    for s in found {
        let block = cfg.blocks[s.block].block;
        let own: Vec<Value> = s.parts.iter().map(|t| block.add_argument(t.to_mlir(context), loc)).collect();
        let tuple = || ods::tuple(context, s.old.r#type(), &own, loc).into();
        inside.insert(key(s.old), result(block.insert_operation(0, tuple()))?);
        if s.block == l.header {
            behind.insert(key(s.old), result(after.append_operation(tuple()))?);
        }
    }
    let renamed = |b: usize, v: Value<'c, 'a>| if l.blocks.contains(&b) { &inside } else { &behind }.get(&key(v)).copied().unwrap_or(v);
    for (b, node) in cfg.blocks.iter().enumerate() {
        for op in node.ops.iter().filter(|op| !is_branch(**op)) {
            for (i, v) in op.operands().collect::<Vec<_>>().into_iter().enumerate() {
                set_operand(*op, i, renamed(b, v));
            }
        }
    }
    for (b, branch, mut edges) in branches {
        for (target, values) in &mut edges {
            let leaves = b == l.header && *target == l.exit.0;
            values.iter_mut().for_each(|v| *v = if leaves { behind.get(&key(*v)).copied().unwrap_or(*v) } else { renamed(b, *v) });
            for s in found.iter().filter(|s| cfg.number(*target) == Some(s.block)) {
                let whole = values[s.index];
                for (k, t) in s.parts.iter().enumerate() {
                    values.push(part(context, branch, whole, k, t, loc)?);
                }
                // The tuple itself stays what it was before the loop.
                let before = if s.block == l.header { Some(s) } else { found.iter().find(|f| f.block == l.header && f.parts == s.parts) };
                if let Some(before) = before.filter(|_| l.blocks.contains(&b)) {
                    values[s.index] = before.old;
                }
            }
            if leaves {
                after.append_operation(cf::br(target, values, loc));
                (*target, *values) = (after, vec![]);
            }
        }
        replace(context, branch, &edges)?;
    }
    Ok(())
}

fn is_branch(op: OperationRef) -> bool {
    matches!(PyOp::of(&op), PyOp::Br | PyOp::CondBr)
}

fn result<'c: 'a, 'a>(op: OperationRef<'c, 'a>) -> Res<Value<'c, 'a>> {
    op.result(0).map(Into::into).map_err(|e| internal(op, &e.to_string()).into())
}

// An element of a tuple, before a branch.
fn part<'c: 'a, 'a>(context: &'c Context, before: OperationRef<'c, 'a>, whole: Value<'c, 'a>, k: usize, t: &Ty, loc: Location<'c>) -> Res<Value<'c, 'a>> {
    let Some(block) = before.block() else { return Err(internal(before, "branch outside of a block").into()) };
    let put = |op: Operation<'c>| result(block.insert_operation_before(before, op));
    let int = Ty::INT.to_mlir(context);
    let index = put(ods::constant(context, int, IntegerAttribute::new(int, k as i64).into(), loc).into())?;
    put(ods::getitem(context, t.to_mlir(context), whole, index, loc).into())
}

fn replace<'c: 'a, 'a>(context: &'c Context, branch: OperationRef<'c, 'a>, edges: &[cfg::Edge<'c, 'a>]) -> Res<()> {
    let Some(block): Option<BlockRef<'c, 'a>> = branch.block() else { return Err(internal(branch, "branch outside of a block").into()) };
    let loc = branch.location();
    let condition = branch.operand(0);
    match (edges, condition) {
        ([(target, values)], _) => block.insert_operation_before(branch, cf::br(target, values, loc)),
        ([(yes, a), (no, b)], Ok(condition)) => block.insert_operation_before(branch, cf::cond_br(context, condition, yes, no, a, b, loc)),
        _ => return Err(internal(branch, "branch with other than one or two ways").into()),
    };
    erase(branch);
    Ok(())
}

/// Elements of tuples that are made in the loop are what they were made of; tuples that nobody uses go.
pub fn fold<'c: 'a, 'a>(cfg: &Cfg<'c, 'a>, l: &ParallelLoop<'c, 'a>) {
    let mut known: HashMap<usize, Value> = HashMap::new();
    let mut gone = vec![];
    // In the order of dominance, so that what an element stands for is known before it is used.
    for op in l.ops(cfg) {
        for (i, v) in op.operands().collect::<Vec<_>>().into_iter().enumerate() {
            if let Some(v) = known.get(&key(v)) {
                set_operand(op, i, *v);
            }
        }
        if PyOp::of(&op) != PyOp::GetItem {
            continue;
        }
        let (Ok(object), Ok(index), Ok(found)) = (op.operand(0), op.operand(1), op.result(0)) else { continue };
        if let Some((PyOp::Tuple, tuple)) = cfg.op(object)
            && let Some(k) = const_int(cfg, index)
            && let Ok(element) = tuple.operand(if k < 0 { (tuple.operand_count() as i64 + k) as usize } else { k as usize })
        {
            known.insert(key(found.into()), element);
            gone.push(op);
        }
    }
    for op in cfg.blocks.iter().flat_map(|n| &n.ops) {
        for (i, v) in op.operands().collect::<Vec<_>>().into_iter().enumerate() {
            if let Some(v) = known.get(&key(v)) {
                set_operand(*op, i, *v);
            }
        }
    }
    gone.into_iter().for_each(erase);
    drop_unused(cfg, l);
}

fn drop_unused<'c: 'a, 'a>(cfg: &Cfg<'c, 'a>, l: &ParallelLoop<'c, 'a>) {
    let entry = cfg.blocks[0].block;
    let cfg = Cfg::new(entry);
    let used: HashSet<usize> = cfg.blocks.iter().flat_map(|n| &n.ops).flat_map(|op| op.operands().map(key).collect::<Vec<_>>()).collect();
    let blocks: HashSet<usize> = l.blocks.iter().copied().collect();
    for op in cfg.blocks.iter().enumerate().filter(|(b, _)| blocks.contains(b)).flat_map(|(_, n)| &n.ops) {
        if PyOp::of(op) == PyOp::Tuple && op.result(0).is_ok_and(|r| !used.contains(&key(r.into()))) {
            erase(*op);
        }
    }
}
