//! Values that are others by another name: a `py.narrow` that learnt nothing, and block arguments that get one value from every branch that
//! can be taken. Emission works on the function without them, so that what is known of an array (its layout, its owner) is not lost where
//! a condition was decided when the function was compiled.
use super::liveness::successors;
use crate::infer::{engine::Instance, expr::Expr, source::{OpKind, Source, ValueId}};

/// The function with operands replaced by what they stand for; `None` if nothing changes.
pub fn forwarded<'c>(source: &Source<'c>, instance: &Instance) -> Option<Source<'c>> {
    let vals = &instance.frame.vals;
    let reached: Vec<usize> = (0..source.blocks.len()).filter(|b| instance.frame.reached[*b]).collect();
    let mut forward: Vec<ValueId> = (0..vals.len()).collect();
    let mut edges: Vec<Vec<&[ValueId]>> = vec![vec![]; source.blocks.len()];
    let mut changes = reached.len() < source.blocks.len();
    for &b in &reached {
        for (op, decision) in source.blocks[b].ops.iter().zip(&instance.decisions[b]) {
            if let (OpKind::Narrow(_), [Some(Expr::Arg(0))], [result]) = (&op.kind, &decision[..], &op.results[..])
                && vals[*result] == vals[op.operands[0]]
            {
                forward[*result] = op.operands[0];
                changes = true;
            }
        }
        for (target, operands) in successors(source, instance, b) {
            edges[target].push(operands);
        }
    }
    if !changes {
        return None;
    }
    let mut again = true;
    while again {
        again = false;
        for &b in reached.iter().filter(|b| **b != 0) {
            for (i, &argument) in source.blocks[b].arguments.iter().enumerate() {
                if forward[argument] != argument {
                    continue;
                }
                let mut others = edges[b].iter().map(|operands| resolve(&forward, operands[i])).filter(|v| *v != argument);
                if let Some(first) = others.next()
                    && others.all(|v| v == first)
                    && vals[first] == vals[argument]
                {
                    forward[argument] = first;
                    again = true;
                }
            }
        }
    }
    let mut result = source.clone();
    for op in result.blocks.iter_mut().flat_map(|b| &mut b.ops) {
        op.operands.iter_mut().for_each(|v| *v = resolve(&forward, *v));
    }
    Some(result)
}

fn resolve(forward: &[ValueId], mut v: ValueId) -> ValueId {
    while forward[v] != v {
        v = forward[v];
    }
    v
}
