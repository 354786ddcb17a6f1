//! What a function of elements does with one of its parameters: whether it only combines it with something else by one operator, as `a op= b` on arrays does.
//!
//! The parameter must have one use, in the operation that makes the result: then no other element that the function makes knows it.
use crate::functions::path_of;
use super::carried::{Combine, EXTREMA, Reduction, by_operator};
use crate::{cfg::Cfg, functions::{callee, symbol}};
use melior::ir::{BlockLike, OperationRef, RegionLike, Value, operation::OperationLike};
use numbra_dialects::py::{BinaryKind, PyOp};
use std::collections::HashMap;

/// Functions that call each other deeper are not followed.
const DEPTH: usize = 16;

/// The functions of a module by symbol.
#[derive(Default)]
pub struct Elements<'c, 'a> {
    functions: HashMap<&'c str, OperationRef<'c, 'a>>,
}

impl<'c: 'a, 'a> Elements<'c, 'a> {
    /// Of these functions.
    pub fn of(functions: &[OperationRef<'c, 'a>]) -> Self {
        Elements { functions: functions.iter().filter_map(|f| Some((symbol(*f)?, *f))).collect() }
    }

    /// The reduction that a function of elements is, of this parameter. `floats` says whether that is a float.
    pub fn reduction(&self, function: &str, parameter: usize, floats: bool) -> Option<Reduction> {
        self.within(function, parameter, floats, 0)
    }

    fn within(&self, function: &str, parameter: usize, floats: bool, depth: usize) -> Option<Reduction> {
        let entry = self.functions.get(function).filter(|_| depth < DEPTH)?.region(0).ok()?.first_block()?;
        let cfg = Cfg::new(entry);
        let mut returns = cfg.blocks.iter().flat_map(|b| &b.ops).filter(|op| PyOp::of(*op) == PyOp::Return);
        let (last, None) = (returns.next()?, returns.next()) else { return None };
        // Conversions of the parameter, and of what comes of it.
        let mut from: Value = entry.argument(parameter).ok()?.into();
        let mut user = only_user(&cfg, from)?;
        while PyOp::of(&user) == PyOp::Cast {
            from = user.result(0).ok()?.into();
            user = only_user(&cfg, from)?;
        }
        let mut made = last.operand(0).ok()?;
        while let Some((PyOp::Cast, op)) = cfg.op(made) {
            made = op.operand(0).ok()?;
        }
        let (kind, op) = cfg.op(made).filter(|(_, op)| *op == user)?;
        match kind {
            PyOp::Binary => by_operator(BinaryKind::of(op.attribute("kind").ok()?)?, floats).filter(|(_, right)| *right || op.operand(0) == Ok(from)).map(|f| f.0),
            PyOp::Builtin if op.operand_count() == 2 => {
                let path = path_of(op)?;
                let path = EXTREMA.iter().find(|e| **e == path)?;
                // Python's extrema forget their second argument where it is NaN.
                (op.operand(0) == Ok(from) || path.starts_with("numpy.")).then_some(Reduction::Idempotent(Combine::Builtin(path)))
            }
            PyOp::Invoke => self.within(callee(op)?.value(), op.operands().position(|v| v == from)?, floats, depth + 1),
            _ => None,
        }
    }
}

// The op that uses a value, once.
fn only_user<'c: 'a, 'a>(cfg: &Cfg<'c, 'a>, value: Value<'c, 'a>) -> Option<OperationRef<'c, 'a>> {
    let mut users = cfg.uses(value).iter().flat_map(|b| &cfg.blocks[*b].ops).filter(|op| op.operands().any(|v| v == value));
    let (user, None) = (users.next()?, users.next()) else { return None };
    (user.operands().filter(|v| *v == value).count() == 1).then_some(*user)
}
