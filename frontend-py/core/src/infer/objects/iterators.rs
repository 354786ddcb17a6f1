//! Where iterators must not go. An iterator keeps its position on the stack of the function that made it, in a place of its own for each place of the source:
//! it cannot outlive the function, nor the loop's turn in which it was made.
use crate::infer::{engine::Frame, problem::Problem, source::{Op, OpKind, Source, ValueId}};
use numbra_dialects::{Code, py::Ty};

fn has_iterator(t: &Ty) -> bool {
    match t {
        Ty::Iterator(_) => true,
        Ty::Union(parts) => parts.iter().any(has_iterator),
        Ty::Enumerate(of) => has_iterator(of),
        t => t.parts().is_some_and(|p| p.iter().any(has_iterator)),
    }
}

/// Refuses an op by which an iterator would go where it must not.
pub fn check(source: &Source, frame: &Frame, op: &Op) -> Result<(), Box<Problem>> {
    let carries = |v: &ValueId| has_iterator(&frame.vals[*v].ty());
    match op.kind {
        OpKind::Return if carries(&op.operands[0]) => {
            let problem = Problem::new(Code::NB0201, "an iterator cannot be returned: it lives in the function that makes it").at(0);
            Err(problem.help("return what it iterates, or pass the iterator as an argument"))
        }
        OpKind::Br(target) if op.operands.iter().any(carries) && returns_to(source, target) => refused(),
        OpKind::CondBr(yes, no, count) if op.operands[1..].iter().any(carries) => {
            let (first, second) = op.operands[1..].split_at(count);
            let wrong = |target, operands: &[ValueId]| operands.iter().any(carries) && returns_to(source, target);
            if wrong(yes, first) || wrong(no, second) { refused() } else { Ok(()) }
        }
        _ => Ok(()),
    }
}

fn refused() -> Result<(), Box<Problem>> {
    let problem = Problem::new(Code::NB0201, "a variable of a loop cannot hold one iterator in one turn and another in the next");
    Err(problem.help("make the iterator before the loop, or use it up in the turn that makes it"))
}

/// Whether control can come back to a block.
fn returns_to(source: &Source, block: usize) -> bool {
    let (mut seen, mut work) = (vec![false; source.blocks.len()], vec![block]);
    while let Some(b) = work.pop() {
        let Some(last) = source.blocks[b].ops.last() else { continue };
        let next: &[usize] = match &last.kind {
            OpKind::Br(t) => &[*t],
            OpKind::CondBr(t, f, _) => &[*t, *f],
            _ => &[],
        };
        for &n in next {
            if n == block {
                return true;
            }
            if !std::mem::replace(&mut seen[n], true) {
                work.push(n);
            }
        }
    }
    false
}
