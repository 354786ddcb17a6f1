//! Which values exist at run time: those that effects, branches and returns need. Constants and compile-time objects are made where they
//! are used, so they and the block arguments that pass them on vanish.
use crate::infer::{engine::Instance, expr::Expr, source::{Def, Op, OpKind, Source, ValueId}};

/// Edges between reached blocks: source, target, operands passed.
pub fn successors<'s>(source: &'s Source, instance: &Instance, block: usize) -> Vec<(usize, &'s [ValueId])> {
    let ops = &source.blocks[block].ops;
    let Some(op) = ops.last().filter(|_| instance.decisions[block].len() == ops.len()) else { return vec![] };
    match op.kind {
        OpKind::Br(target) => vec![(target, &op.operands[..])],
        OpKind::CondBr(on_true, on_false, count) => {
            let (first, second) = op.operands[1..].split_at(count);
            match instance.frame.vals[op.operands[0]].truth() {
                Some(true) => vec![(on_true, first)],
                Some(false) => vec![(on_false, second)],
                None => vec![(on_true, first), (on_false, second)],
            }
        }
        _ => vec![],
    }
}

/// The value that an operand path names, seen through the tuple or attribute op that made it.
pub fn resolve(source: &Source, op: &Op, e: &Expr) -> Option<ValueId> {
    match e {
        Expr::Arg(i) => op.operands.get(*i).copied(),
        Expr::Receiver => source.definition(*op.operands.first()?).filter(|o| matches!(o.kind, OpKind::GetAttr(_)))?.operands.first().copied(),
        Expr::Element(inner, k, _) => {
            let mut made = source.definition(resolve(source, op, inner)?)?;
            while let OpKind::Star = made.kind {
                made = source.definition(*made.operands.first()?)?;
            }
            let starred = |v: &ValueId| source.definition(*v).is_some_and(|o| matches!(o.kind, OpKind::Star));
            let seen_through = match made.kind {
                OpKind::Closure(_) => true,
                OpKind::Tuple => !made.operands.iter().any(starred),
                _ => false,
            };
            seen_through.then(|| made.operands.get(*k).copied())?
        }
        _ => None,
    }
}

fn uses(source: &Source, op: &Op, e: &Expr, found: &mut Vec<ValueId>) {
    match resolve(source, op, e) {
        Some(v) => found.push(v),
        None => e.parts(&mut |p| uses(source, op, p, found)),
    }
}

/// For each value, whether it is needed.
pub fn needed(source: &Source, instance: &Instance) -> Vec<bool> {
    let vals = &instance.frame.vals;
    let mut needed = vec![false; vals.len()];
    let mut work: Vec<ValueId> = vec![];
    let mut edges: Vec<Vec<&[ValueId]>> = vec![vec![]; source.blocks.len()];
    for b in (0..source.blocks.len()).filter(|b| instance.frame.reached[*b]) {
        for (target, operands) in successors(source, instance, b) {
            edges[target].push(operands);
        }
        for (op, decision) in source.blocks[b].ops.iter().zip(&instance.decisions[b]) {
            match op.kind {
                OpKind::Return | OpKind::CheckBound(_) | OpKind::Next => work.push(op.operands[0]),
                OpKind::CondBr(..) if vals[op.operands[0]].truth().is_none() => work.push(op.operands[0]),
                _ => decision.iter().flatten().filter(|e| !e.is_pure() || matches!(op.kind, OpKind::Raise)).for_each(|e| uses(source, op, e, &mut work)),
            }
        }
    }
    while let Some(v) = work.pop() {
        if vals[v].is_static() || std::mem::replace(&mut needed[v], true) {
            continue;
        }
        match source.definitions[v].0 {
            Def::Argument(b, i) => work.extend(edges[b].iter().map(|operands| operands[i])),
            Def::Result(b, o, r) => {
                let op = &source.blocks[b].ops[o];
                if let Some(Some(e)) = instance.decisions[b].get(o).and_then(|d| d.get(r)) {
                    uses(source, op, e, &mut work);
                }
            }
        }
    }
    needed
}
