//! Variables that one iteration hands to the next, the arguments of the loop's header: found by data flow to be the same in all iterations, a reduction, or a
//! variable that each iteration sets anew.
//!
//! A reduction is a value of which every use in the loop is an operand of one kind of operation, whose result is used in the same way or handed on. What an
//! iteration adds then does not depend on what the others have added, and parts can be put together later.
use crate::functions::path_of;
use super::{Res, arrays::{ArrayReduction, Place}, region::ParallelLoop};
use crate::{cfg::{self, Cfg, key}, conversion::py_to_std::flatten::{count, managed}};
use melior::ir::{BlockLike, OperationRef, Value, ValueLike, attribute::BoolAttribute, operation::OperationLike};
use numbra_dialects::{Code, Diagnostic, Span, py::{BinaryKind, PyOp, Ty}, rewrite::set_operand};
use std::collections::HashMap;

/// What becomes of a variable.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Carried {
    /// The same in all iterations
    Invariant,
    /// Unbound before the loop and not used after it: each iteration has one of its own
    Private,
    /// Parts are put together
    Reduction(Reduction),
    /// Set anew before it is read: its value after the loop is that of the last iteration
    Last,
    /// An array of which each part has a copy: see `arrays`
    Array,
}

/// How parts are put together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Reduction {
    /// By an operator, each part starting from its neutral element
    Binary(BinaryKind, i64),
    /// By an operator or library function for which a part may start from the value before the loop
    Idempotent(Combine),
}

impl Reduction {
    /// The operator or function that puts parts together.
    pub fn name(self) -> &'static str {
        match self {
            Reduction::Binary(kind, _) | Reduction::Idempotent(Combine::Binary(kind)) => match kind {
                BinaryKind::Add => "+",
                BinaryKind::Mul => "*",
                BinaryKind::Xor => "^",
                BinaryKind::And => "&",
                _ => "|",
            },
            Reduction::Idempotent(Combine::Builtin(path)) => path,
        }
    }
}

impl Carried {
    /// What a variable is after the loop, for readers; nothing for those that iterations have for themselves.
    pub fn described(&self) -> Option<String> {
        match self {
            Carried::Reduction(reduction) => Some(format!("a variable ({})", reduction.name())),
            Carried::Last => Some("a variable (of the last iteration)".into()),
            Carried::Invariant | Carried::Private | Carried::Array => None,
        }
    }
}

/// An operation of which `x op x` is `x`.
#[derive(Clone, Copy, Debug, PartialEq)]
#[allow(missing_docs)]
pub enum Combine {
    Binary(BinaryKind),
    Builtin(&'static str),
}

/// Library functions that are reductions.
pub const EXTREMA: &[&str] = &["min", "max", "numpy.minimum", "numpy.maximum", "numpy.fmin", "numpy.fmax"];

/// The reduction that an operator belongs to; whether the variable may be its right operand.
pub fn by_operator(kind: BinaryKind, floats: bool) -> Option<(Reduction, bool)> {
    Some(match kind {
        BinaryKind::Add => (Reduction::Binary(BinaryKind::Add, 0), true),
        BinaryKind::Sub => (Reduction::Binary(BinaryKind::Add, 0), false),
        BinaryKind::Mul => (Reduction::Binary(BinaryKind::Mul, 1), true),
        BinaryKind::TrueDiv if floats => (Reduction::Binary(BinaryKind::Mul, 1), false),
        BinaryKind::Xor => (Reduction::Binary(BinaryKind::Xor, 0), true),
        BinaryKind::And | BinaryKind::Or => (Reduction::Idempotent(Combine::Binary(kind)), true),
        _ => return None,
    })
}

/// What becomes of each argument of the header, of which some are known to be arrays with copies.
pub fn classify<'c: 'a, 'a>(cfg: &Cfg<'c, 'a>, l: &ParallelLoop<'c, 'a>, arrays: &[ArrayReduction<'c, 'a>]) -> Res<Vec<Carried>> {
    let block = cfg.blocks[l.header].block;
    let is_array = |i| arrays.iter().any(|a| a.place == Place::Carried(i));
    (0..block.argument_count()).map(|i| if is_array(i) { Ok(Carried::Array) } else { one(cfg, l, i) }).collect()
}

fn one<'c: 'a, 'a>(cfg: &Cfg<'c, 'a>, l: &ParallelLoop<'c, 'a>, index: usize) -> Res<Carried> {
    let Ok(variable) = cfg.blocks[l.header].block.argument(index) else { return Ok(Carried::Invariant) };
    let variable: Value = variable.into();
    let handed_on: Vec<Value> = cfg.blocks[l.header].preds.iter().filter(|p| l.blocks.contains(p)).flat_map(|p| cfg.passed(*p, l.header, index)).collect();
    if handed_on.iter().all(|v| *v == variable) {
        return Ok(Carried::Invariant);
    }
    if is_private(cfg, l, variable, index) {
        return Ok(Carried::Private);
    }
    let ty = Ty::from_mlir(variable.r#type());
    let mut flow = Flow { cfg, l, members: HashMap::from([(key(variable), variable)]), queue: vec![variable], reduction: None, reads: vec![], floats: is_float(ty.as_ref()) };
    flow.follow(index)?;
    match flow.reduction {
        None if flow.members.len() == 1 => match ty {
            Some(t) if count(&t) > 0 && !managed(&t) => Ok(Carried::Last),
            _ => Err(dependent(l, place(cfg, l, &handed_on), "a variable that each iteration sets is used after the parallel loop")
                .help("only numbers, and tuples of numbers, keep the value of the last iteration: store the others in an array or list")
                .into()),
        },
        Some(reduction) if handed_on.iter().chain(&flow.reads).all(|v| flow.members.contains_key(&key(*v))) => {
            flow.operands_are_free()?;
            flow.put_first();
            Ok(Carried::Reduction(reduction))
        }
        _ => Err(dependent(l, place(cfg, l, &handed_on), "an iteration of the parallel loop uses a variable that another one sets")
            .help("only sums, products, min, max, `&`, `|` and `^` of all iterations can be computed in any order")
            .into()),
    }
}

// Whether a variable has no value before the loop, or is the flag that says so, and is not used after it. That an iteration reads what an earlier one has set is
// possible then only where an inner loop or a branch does not set it; such an iteration raises UnboundLocalError.
fn is_private<'c: 'a, 'a>(cfg: &Cfg<'c, 'a>, l: &ParallelLoop<'c, 'a>, variable: Value<'c, 'a>, index: usize) -> bool {
    let outside = cfg.blocks[l.header].preds.iter().filter(|p| !l.blocks.contains(p)).flat_map(|p| cfg.passed(*p, l.header, index));
    let unset = outside.into_iter().all(|v| match cfg.op(v) {
        Some((PyOp::Unbound, _)) => true,
        Some((PyOp::Constant, op)) => is_false(op) && only_says_bound(cfg, variable),
        _ => false,
    });
    unset && !l.exit.1.contains(&variable) && cfg.uses(variable).iter().all(|b| l.blocks.contains(b))
}

fn is_false(op: OperationRef) -> bool {
    op.attribute("value").ok().and_then(|a| BoolAttribute::try_from(a).ok()).is_some_and(|b| !b.value())
}

// Whether a flag is only handed on and checked.
fn only_says_bound<'c: 'a, 'a>(cfg: &Cfg<'c, 'a>, flag: Value<'c, 'a>) -> bool {
    let (mut seen, mut stack) = (HashMap::new(), vec![flag]);
    while let Some(v) = stack.pop() {
        if seen.insert(key(v), ()).is_some() {
            continue;
        }
        for op in cfg.uses(v).iter().flat_map(|b| &cfg.blocks[*b].ops).filter(|op| op.operands().any(|o| o == v)) {
            match PyOp::of(op) {
                PyOp::CheckBound => {}
                PyOp::Br | PyOp::CondBr if PyOp::of(op) == PyOp::Br || op.operand(0) != Ok(v) => {
                    for (target, values) in cfg::edges(*op) {
                        let positions = values.iter().enumerate().filter(|(_, o)| **o == v).map(|(i, _)| i);
                        stack.extend(positions.filter_map(|i| target.argument(i).ok()).map(Value::from));
                    }
                }
                _ => return false,
            }
        }
    }
    true
}

fn is_float(ty: Option<&Ty>) -> bool {
    ty.and_then(Ty::scalar).is_some_and(|d| d.is_float() || d.is_complex())
}

fn place<'c: 'a, 'a>(cfg: &Cfg<'c, 'a>, l: &ParallelLoop<'c, 'a>, values: &[Value<'c, 'a>]) -> Option<Span> {
    let op = values.iter().filter(|v| !l.is_outside(cfg, **v)).find_map(|v| cfg.op(*v));
    op.and_then(|o| Span::of(o.1.location())).or_else(|| Span::of(l.next.location()))
}

/// An error about a loop whose iterations depend on each other.
pub fn dependent(l: &ParallelLoop, place: Option<Span>, message: &str) -> Diagnostic {
    Diagnostic::error(Code::NB0300, place, message).label(Span::of(l.next.location()), "this loop runs on several threads")
}

/// The values that a variable goes through in one iteration.
struct Flow<'k, 'c, 'a> {
    cfg: &'k Cfg<'c, 'a>,
    l: &'k ParallelLoop<'c, 'a>,
    members: HashMap<usize, Value<'c, 'a>>,
    queue: Vec<Value<'c, 'a>>,
    reduction: Option<Reduction>,
    /// What flows into block arguments that are members
    reads: Vec<Value<'c, 'a>>,
    floats: bool,
}

impl<'c: 'a, 'a> Flow<'_, 'c, 'a> {
    fn add(&mut self, value: Value<'c, 'a>) {
        if self.members.insert(key(value), value).is_none() {
            self.queue.push(value);
        }
    }

    fn follow(&mut self, index: usize) -> Res<()> {
        while let Some(value) = self.queue.pop() {
            for &block in self.cfg.uses(value).iter().filter(|b| self.l.blocks.contains(b)) {
                for op in &self.cfg.blocks[block].ops {
                    if op.operands().any(|o| o == value) {
                        self.used(value, *op, block, index)?;
                    }
                }
            }
        }
        Ok(())
    }

    fn used(&mut self, value: Value<'c, 'a>, op: OperationRef<'c, 'a>, block: usize, index: usize) -> Res<()> {
        let found = match PyOp::of(&op) {
            PyOp::Br | PyOp::CondBr => return self.branch(value, op, block, index),
            PyOp::Binary => {
                let kind = op.attribute("kind").ok().and_then(BinaryKind::of);
                kind.and_then(|k| by_operator(k, self.floats)).filter(|(_, right)| *right || op.operand(0) == Ok(value)).map(|f| f.0)
            }
            PyOp::Builtin if op.operand_count() == 2 => {
                let path = path_of(op).and_then(|p| EXTREMA.iter().find(|e| **e == p));
                path.map(|p| Reduction::Idempotent(Combine::Builtin(p)))
            }
            _ => None,
        };
        match (found, self.reduction) {
            (Some(found), None) => self.reduction = Some(found),
            (Some(found), Some(before)) if found == before => {}
            (Some(_), Some(_)) => return Err(dependent(self.l, Span::of(op.location()), "a variable of the parallel loop is combined in two ways").help("use one operator in all places").into()),
            (None, _) => {
                return Err(dependent(self.l, Span::of(op.location()), "an iteration of the parallel loop uses a value that the iterations before it have computed")
                    .help("only sums, products, min, max, `&`, `|` and `^` of all iterations can be computed in any order; use `range` where the order matters")
                    .into());
            }
        }
        if let Ok(result) = op.result(0) {
            self.add(result.into());
        }
        Ok(())
    }

    // Passing on is no use, but the arguments that it goes to are followed.
    fn branch(&mut self, value: Value<'c, 'a>, op: OperationRef<'c, 'a>, block: usize, index: usize) -> Res<()> {
        let decides = PyOp::of(&op) == PyOp::CondBr && op.operand(0) == Ok(value);
        for (target, values) in cfg::edges(op) {
            let Some(number) = self.cfg.number(target).filter(|n| self.l.blocks.contains(n)) else { continue };
            for (i, _) in values.iter().enumerate().filter(|(_, v)| **v == value) {
                if number == self.l.header {
                    if i != index {
                        return Err(dependent(self.l, Span::of(op.location()), "a value that all iterations compute together goes to another variable").into());
                    }
                } else if let Ok(argument) = target.argument(i) {
                    self.reads.extend(self.cfg.incoming(number, i));
                    self.add(argument.into());
                }
            }
        }
        if decides && block != self.l.header {
            let error = dependent(self.l, Span::of(op.location()), "what an iteration of the parallel loop does depends on the iterations before it");
            return Err(error.help("to find whether something holds in all iterations, or in any, write `found = found & condition`, or `|`; use `range` where the order matters").into());
        }
        Ok(())
    }

    // Python's `max(x, s)` gives `x` where one of them is NaN, and so forgets what was before; `max(s, x)` leaves NaN out, in any order of iterations.
    fn put_first(&self) {
        for op in self.members.values().filter_map(|v| self.cfg.op(*v)).filter(|o| o.0 == PyOp::Builtin).map(|o| o.1) {
            if let (Ok(a), Ok(b)) = (op.operand(0), op.operand(1)) && self.members.contains_key(&key(b)) {
                set_operand(op, 0, b);
                set_operand(op, 1, a);
            }
        }
    }

    // `s + s` is no sum over iterations.
    fn operands_are_free(&self) -> Res<()> {
        for op in self.members.values().filter_map(|v| self.cfg.op(*v)).map(|o| o.1) {
            if op.operands().filter(|o| self.members.contains_key(&key(*o))).count() > 1 {
                return Err(dependent(self.l, Span::of(op.location()), "an iteration of the parallel loop uses a value that the iterations before it have computed").into());
            }
        }
        Ok(())
    }
}
