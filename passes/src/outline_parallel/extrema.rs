//! `if x > best: best = x` and its other forms become `best = max(best, x)`, which `carried` knows as a reduction.
//!
//! ```text
//! %c = py.compare gt %x, %best                      %m = py.builtin "max"(%best, %x)
//! cf.cond_br %c, ^then, ^join(%best)          ->    cf.cond_br %false, ^then, ^join(%m)
//! ^then: cf.br ^join(%x)
//! ```
//! Legal where nothing else depends on the comparison: the two ways only compute, and pass on the same but for this variable. `x` may be computed again behind the branch
//! (`if a[i] > best: best = a[i]`) if nothing is written in between. The variable that stays where `x` is NaN is the first operand; where it is `x` that stays, as in
//! `best = best if best > x else x`, the first operand is `x`.
use super::{Res, region::ParallelLoop, same::{only_computes, same}};
use crate::{cfg::{self, Cfg, Def}, conversion::py_to_std::internal};
use melior::{
    Context,
    ir::{BlockLike, Operation, OperationRef, Value, ValueLike, attribute::{BoolAttribute, StringAttribute}, operation::OperationLike, r#type::IntegerType},
};
use numbra_dialects::{py::{CompareKind, PyOp, Ty, ods::py as ods}, rewrite::{erase, set_operand}};

/// Rewrites the first such branch of a loop; false when there is none.
pub fn rewrite_first<'c: 'a, 'a>(context: &'c Context, cfg: &Cfg<'c, 'a>, l: &ParallelLoop<'c, 'a>) -> Res<bool> {
    for &block in l.blocks.iter().filter(|b| **b != l.header) {
        let Some(branch) = cfg.blocks[block].ops.last().copied().filter(|op| PyOp::of(op) == PyOp::CondBr) else { continue };
        if let Some(found) = Choice::of(cfg, block, branch) {
            found.rewrite(context, branch)?;
            return Ok(true);
        }
    }
    Ok(false)
}

/// A branch that chooses one of two numbers.
struct Choice<'c, 'a> {
    path: &'static str,
    first: Value<'c, 'a>,
    second: Value<'c, 'a>,
    /// The ops that compute the condition, the last one first
    condition: Vec<OperationRef<'c, 'a>>,
    /// The branches that pass the result on, and as which operand
    places: [(OperationRef<'c, 'a>, usize); 2],
}

/// One side of a branch: the block where both sides meet, what it gets, from which op, and where the first of its operands stands.
struct Way<'c, 'a> {
    join: usize,
    values: Vec<Value<'c, 'a>>,
    from: OperationRef<'c, 'a>,
    offset: usize,
}

impl<'c: 'a, 'a> Choice<'c, 'a> {
    fn of(cfg: &Cfg<'c, 'a>, block: usize, branch: OperationRef<'c, 'a>) -> Option<Self> {
        let mut condition = vec![];
        let (kind, a, b) = comparison(cfg, branch.operand(0).ok()?, block, &mut condition)?;
        let [yes, no] = ways(cfg, block, branch)?;
        // Of the two, a side that is passed on directly and one behind a block of its own, or two of these.
        if yes.join != no.join || yes.values.len() != no.values.len() {
            return None;
        }
        let mut differing = (0..yes.values.len()).filter(|i| yes.values[*i] != no.values[*i]);
        let (at, None) = (differing.next()?, differing.next()) else { return None };
        let ops = &cfg.blocks[block].ops;
        let behind: Vec<_> = cfg.blocks[block].succs.iter().filter(|s| cfg.blocks[**s].preds == [block]).flat_map(|s| &cfg.blocks[*s].ops).collect();
        let reads = |read: OperationRef<'c, 'a>| match ops.iter().position(|op| *op == read) {
            // Nothing is written between here and the branch.
            Some(at) => ops[at..ops.len() - 1].iter().all(|op| only_reads(*op)),
            None => behind.contains(&&read),
        };
        let is = |v: Value<'c, 'a>, w: Value<'c, 'a>| same(cfg, v, w, &reads);
        // The condition holds for the one that is taken, compared with the other.
        let (kind, taken, other) = if is(yes.values[at], a) && is(no.values[at], b) {
            (kind, a, b)
        } else if is(yes.values[at], b) && is(no.values[at], a) {
            (flip(kind)?, b, a)
        } else {
            return None;
        };
        let path = match kind {
            CompareKind::Gt | CompareKind::Ge => "max",
            CompareKind::Lt | CompareKind::Le => "min",
            _ => return None,
        };
        let is_variable = |v: Value<'c, 'a>| matches!(cfg.def(v), Some(Def::Argument { .. }));
        // Python's `max(first, second)`: the second if it is larger. Which of two equal ones is taken makes no difference but for the sign of zeroes.
        (is_variable(a) || is_variable(b)).then(|| Choice { path, first: other, second: taken, condition, places: [(yes.from, yes.offset + at), (no.from, no.offset + at)] })
    }

    fn rewrite(self, context: &'c Context, branch: OperationRef<'c, 'a>) -> Res<()> {
        let Some(block) = branch.block() else { return Err(internal(branch, "branch outside of a block").into()) };
        let loc = branch.location();
        let value = |op: Operation<'c>| -> Res<Value<'c, 'a>> {
            let op = block.insert_operation_before(branch, op);
            op.result(0).map(Into::into).map_err(|e| internal(op, &e.to_string()).into())
        };
        let chosen = value(ods::builtin(context, self.first.r#type(), &[self.first, self.second], StringAttribute::new(context, self.path), loc).into())?;
        let bit = IntegerType::new(context, 1).into();
        let never = value(ods::constant(context, bit, BoolAttribute::new(context, false).into(), loc).into())?;
        set_operand(branch, 0, never);
        for (op, index) in self.places {
            set_operand(op, index, chosen);
        }
        self.condition.into_iter().for_each(erase);
        Ok(())
    }
}

// The comparison of two numbers of one type that decides a branch, with what it says where it holds. It has no other use.
fn comparison<'c: 'a, 'a>(cfg: &Cfg<'c, 'a>, condition: Value<'c, 'a>, block: usize, ops: &mut Vec<OperationRef<'c, 'a>>) -> Option<(CompareKind, Value<'c, 'a>, Value<'c, 'a>)> {
    let (kind, op) = cfg.op(condition)?;
    if cfg.uses(condition) != [block] || cfg.blocks[block].ops.iter().filter(|op| op.operands().any(|v| v == condition)).count() != 1 {
        return None;
    }
    ops.push(op);
    match kind {
        PyOp::Truth => comparison(cfg, op.operand(0).ok()?, block, ops),
        PyOp::Compare => {
            let (a, b) = (op.operand(0).ok()?, op.operand(1).ok()?);
            let number = Ty::from_mlir(a.r#type()).and_then(|t| t.scalar()).is_some_and(|d| d.is_integer() || d.is_float());
            (number && a.r#type() == b.r#type()).then_some((CompareKind::of(op.attribute("kind").ok()?)?, a, b))
        }
        _ => None,
    }
}

fn flip(kind: CompareKind) -> Option<CompareKind> {
    Some(match kind {
        CompareKind::Lt => CompareKind::Gt,
        CompareKind::Le => CompareKind::Ge,
        CompareKind::Gt => CompareKind::Lt,
        CompareKind::Ge => CompareKind::Le,
        _ => return None,
    })
}

// Both sides of a branch up to where they meet: directly, or through a block of their own that only computes.
fn ways<'c: 'a, 'a>(cfg: &Cfg<'c, 'a>, block: usize, branch: OperationRef<'c, 'a>) -> Option<[Way<'c, 'a>; 2]> {
    let mut found = vec![];
    let mut offset = 1;
    let edges: Vec<_> = cfg::edges(branch).into_iter().map(|(target, values)| {
        let at = offset;
        offset += values.len();
        (cfg.number(target), values, at)
    }).collect();
    let own = |n: usize| cfg.blocks[n].preds == [block] && cfg.blocks[n].succs.len() == 1 && cfg.blocks[n].block.argument_count() == 0;
    let join_of = |n: usize| if own(n) { cfg.blocks[n].succs[0] } else { n };
    for (target, values, at) in edges {
        let target = target?;
        let ops = &cfg.blocks[target].ops;
        if own(target) && ops.split_last().is_some_and(|(last, rest)| PyOp::of(last) == PyOp::Br && rest.iter().all(|op| only_reads(*op))) {
            let last = *ops.last()?;
            found.push(Way { join: join_of(target), values: cfg::edges(last).pop()?.1, from: last, offset: 0 });
        } else {
            found.push(Way { join: target, values, from: branch, offset: at });
        }
    }
    found.try_into().ok()
}

fn only_reads(op: OperationRef) -> bool {
    let kind = PyOp::of(&op);
    kind == PyOp::GetItem || only_computes(kind)
}
