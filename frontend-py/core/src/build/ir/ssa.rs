//! Variables to block arguments, after Braun et al., "Simple and Efficient Construction of Static Single Assignment Form".
//!
//! All blocks are sealed together when the function is complete: until then a read before a write in a block is an incomplete phi.
//! Then phis get their operands, trivial ones are replaced by their only operand until none is left (the control flow is reducible,
//! so the result is minimal), and phis that no op needs are dropped. Works with lists instead of recursion: functions may be long.
use super::{Body, ENTRY, FALSE, Inst, Op, TRUE, Val};
use std::collections::HashMap;

/// What emission needs to know beside the body.
pub struct Solved {
    /// Of each block: its predecessors, or `None` when it cannot be reached
    pub predecessors: Vec<Option<Vec<u32>>>,
    /// Of each block: the phis that became its arguments, in order
    pub arguments: Vec<Vec<u32>>,
    /// Of each value that begins the function (true, false, unbound locals): whether it is needed
    pub needed: Vec<bool>,
    /// Of each value: whether an op needs it
    live: Vec<bool>,
    forward: Vec<Val>,
}

impl Solved {
    /// The value that stands for this one.
    pub fn resolve(&self, mut value: Val) -> Val {
        while self.forward[value.0 as usize] != value {
            value = self.forward[value.0 as usize];
        }
        value
    }
}

/// Blocks that can be reached, with their predecessors in order of the blocks.
fn predecessors(body: &Body) -> Vec<Option<Vec<u32>>> {
    let mut result: Vec<Option<Vec<u32>>> = vec![None; body.blocks.len()];
    result[ENTRY.0 as usize] = Some(vec![]);
    let mut work = vec![ENTRY];
    while let Some(block) = work.pop() {
        let Some((terminator, _)) = body.blocks[block.0 as usize].terminator else { continue };
        for next in terminator.successors() {
            let slot = &mut result[next.0 as usize];
            if slot.is_none() {
                work.push(next);
            }
            let list = slot.get_or_insert_default();
            if !list.contains(&block.0) {
                list.push(block.0);
            }
        }
    }
    result
}

/// Finds the block arguments.
pub fn solve(body: &mut Body) -> Solved {
    let predecessors = predecessors(body);
    // Operands. The list of phis grows while it is walked: a predecessor without a definition needs a phi in turn.
    let mut i = 0;
    while i < body.phis.len() {
        let (block, variable, range) = (body.phis[i].block, body.phis[i].variable, body.phis[i].range);
        if let Some(before) = &predecessors[block.0 as usize] {
            let operands = if block == ENTRY {
                vec![body.initial(variable)]
            } else {
                before.iter().map(|p| body.at_end(super::BlockId(*p), variable, range)).collect()
            };
            body.phis[i].operands = operands;
        }
        i += 1;
    }
    let count = body.value_count as usize;
    let mut phi_of: Vec<Option<u32>> = vec![None; count];
    let mut users: Vec<Vec<u32>> = vec![vec![]; body.phis.len()];
    for (i, phi) in body.phis.iter().enumerate() {
        phi_of[phi.value.0 as usize] = Some(i as u32);
    }
    for (i, phi) in body.phis.iter().enumerate() {
        for operand in &phi.operands {
            if let Some(used) = phi_of[operand.0 as usize] {
                users[used as usize].push(i as u32);
            }
        }
    }
    let mut solved = Solved { arguments: vec![vec![]; body.blocks.len()], predecessors, needed: vec![], live: vec![], forward: (0..count as u32).map(Val).collect() };
    assume_bound(body, &mut solved, &users, &phi_of);
    remove_trivial(body, &mut solved, &mut users, &phi_of);
    mark_needed(body, &mut solved, &phi_of);
    solved
}

/// Flags that are true however they are reached are constants. A check makes a variable bound, which is an assignment to its flag
/// in a loop: so flags of nested loops may depend on each other and on nothing else, which looking at one phi at a time does not show.
fn assume_bound(body: &Body, solved: &mut Solved, users: &[Vec<u32>], phi_of: &[Option<u32>]) {
    let locals = body.locals.len() as u32;
    let is_flag = |i: u32| (locals..2 * locals).contains(&body.phis[i as usize].variable.0);
    let reached = |i: u32| !body.phis[i as usize].operands.is_empty();
    let mut unsure = vec![false; body.phis.len()];
    let from_outside = |i: &u32| body.phis[*i as usize].operands.iter().any(|v| *v != TRUE && phi_of[v.0 as usize].is_none());
    let mut work: Vec<u32> = (0..body.phis.len() as u32).filter(from_outside).collect();
    while let Some(i) = work.pop() {
        if !std::mem::replace(&mut unsure[i as usize], true) {
            work.extend(&users[i as usize]);
        }
    }
    for i in 0..body.phis.len() as u32 {
        if is_flag(i) && reached(i) && !unsure[i as usize] {
            solved.forward[body.phis[i as usize].value.0 as usize] = TRUE;
        }
    }
}

fn remove_trivial(body: &Body, solved: &mut Solved, users: &mut [Vec<u32>], phi_of: &[Option<u32>]) {
    let mut work: Vec<u32> = (0..body.phis.len() as u32).rev().collect();
    while let Some(i) = work.pop() {
        let phi = &body.phis[i as usize];
        if solved.resolve(phi.value) != phi.value {
            continue;
        }
        let mut only = None;
        let trivial = phi.operands.iter().map(|v| solved.resolve(*v)).filter(|v| *v != phi.value).all(|v| *only.get_or_insert(v) == v);
        if let (true, Some(value)) = (trivial, only) {
            solved.forward[phi.value.0 as usize] = value;
            let affected = std::mem::take(&mut users[i as usize]);
            work.extend(&affected);
            // What used this phi now uses what replaces it.
            if let Some(replacement) = phi_of[value.0 as usize] {
                users[replacement as usize].extend(affected);
            }
        }
    }
}

fn mark_needed(body: &Body, solved: &mut Solved, phi_of: &[Option<u32>]) {
    let mut live = vec![false; body.value_count as usize];
    let mut work: Vec<Val> = vec![];
    let mut narrowed: HashMap<Val, [Val; 2]> = HashMap::new();
    for (block, reached) in body.blocks.iter().zip(&solved.predecessors) {
        if reached.is_none() {
            continue;
        }
        for inst in &block.insts {
            if let Op::Narrow(value, condition, _) = inst.op {
                narrowed.insert(inst.result, [value, condition]);
            } else if !checks_nothing(&inst.op, solved) {
                inst.op.operands(|v| work.push(v));
            }
        }
        work.extend(block.terminator.and_then(|(t, _)| t.operand()));
    }
    while let Some(value) = work.pop() {
        let value = solved.resolve(value);
        if std::mem::replace(&mut live[value.0 as usize], true) {
            continue;
        }
        work.extend(narrowed.get(&value).into_iter().flatten());
        if let Some(i) = phi_of[value.0 as usize] {
            let phi = &body.phis[i as usize];
            work.extend(&phi.operands);
        }
    }
    for (i, phi) in body.phis.iter().enumerate() {
        if live[phi.value.0 as usize] && solved.resolve(phi.value) == phi.value {
            solved.arguments[phi.block.0 as usize].push(i as u32);
        }
    }
    // Variables in the order of their declaration, flags behind them.
    for list in &mut solved.arguments {
        list.sort_by_key(|i| body.phis[*i as usize].variable.0);
    }
    solved.needed = live[..2 + body.locals.len()].to_vec();
    solved.live = live;
}

/// Whether an op narrows a variable that is not read afterwards.
pub fn narrows_nothing(inst: &Inst, solved: &Solved) -> bool {
    matches!(inst.op, Op::Narrow(..)) && !solved.live[inst.result.0 as usize]
}

/// Whether an op is the check of a variable that is always bound.
pub fn checks_nothing(op: &Op, solved: &Solved) -> bool {
    debug_assert_ne!(TRUE, FALSE);
    matches!(op, Op::CheckBound(flag, _) if solved.resolve(*flag) == TRUE)
}
