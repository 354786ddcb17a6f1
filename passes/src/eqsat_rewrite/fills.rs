//! New arrays of one number, `np.zeros`, `np.ones`, `np.full` and those of the shape of another array: for the rules they are that number, broadcast.
use super::{emit::Emitter, import::Import, library, scalars};
use crate::{cfg::key, functions::path_of};
use egg::Id;
use melior::ir::{OperationRef, Value, ValueLike, attribute::StringAttribute, operation::OperationLike};
use numbra_abi::DType;
use numbra_dialects::py::{ArrayTy, Layout, PyOp, Ty, ods::py as ods};
use numbra_eqsat::{Node, Number, operators::*};
use std::collections::HashMap;

/// What an op fills an array with.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Filling {
    /// This number
    Number(i128),
    /// This operand
    Operand(usize),
}

/// Functions by their path: what they fill with, and where the operand is that must be None, since it stands for another shape.
const LIKE: &[(&str, Filling, usize)] = &[
    ("construction.creation.zeros_like", Filling::Number(0), 4),
    ("construction.creation.ones_like", Filling::Number(1), 4),
    ("construction.creation.full_like", Filling::Operand(1), 5),
];
const BUILTINS: &[(&str, Filling)] = &[("numpy.zeros", Filling::Number(0)), ("numpy.ones", Filling::Number(1)), ("numpy.full", Filling::Operand(1))];

/// The array that an op makes of one number, in the order of C.
fn made<'c: 'a, 'a>(op: OperationRef<'c, 'a>) -> Option<(ArrayTy, Filling)> {
    let result = Ty::from_mlir(op.result(0).ok()?.r#type())?.array().filter(|a| a.layout == Layout::C && scalars::is_number(a.dtype))?;
    let filling = match PyOp::of(&op) {
        PyOp::Builtin => BUILTINS.iter().find(|(path, _)| path_of(op) == Some(*path))?.1,
        PyOp::Invoke => {
            let path = library::called(op)?;
            let (_, filling, shape) = LIKE.iter().find(|(p, _, _)| *p == path)?;
            let like = Ty::from_mlir(op.operand(0).ok()?.r#type())?.array()?;
            (like.rank == result.rank && Ty::from_mlir(op.operand(*shape).ok()?.r#type())? == Ty::None).then_some(*filling)?
        }
        _ => return None,
    };
    Some((result, filling))
}

/// Whether an op makes an array of one number.
pub fn is_fill<'c: 'a, 'a>(op: OperationRef<'c, 'a>) -> bool {
    made(op).is_some()
}

/// The term of an array of one number.
pub fn import<'c: 'a, 'a>(import: &mut Import<'c, 'a>, op: OperationRef<'c, 'a>, definitions: &HashMap<usize, OperationRef<'c, 'a>>) -> Option<Id> {
    let (result, filling) = made(op)?;
    let value = match filling {
        Filling::Number(n) => import.node(Node::Number(Number::integer(result.dtype, n)?)),
        Filling::Operand(k) => {
            let value = op.operand(k).ok()?;
            (Ty::from_mlir(value.r#type())?.scalar()? == result.dtype).then_some(())?;
            import.operand(value, definitions, None)?
        }
    };
    let first = op.operand(0).ok()?;
    let lengths: Vec<Id> = if PyOp::of(&op) == PyOp::Builtin {
        let shape = definitions.get(&key(first)).filter(|o| PyOp::of(*o) == PyOp::Tuple)?;
        shape.operands().map(|v| import.operand(v, definitions, None)).collect::<Option<_>>()?
    } else {
        let x = import.operand(first, definitions, None)?;
        import.lengths(x, result.rank)
    };
    let shape = import.apply(TUPLE, &lengths);
    Some(import.apply(BROADCAST, &[shape, value]))
}

impl<'c: 'a, 'a> Emitter<'_, 'c, 'a> {
    /// A new array of one number.
    pub(super) fn fill(&mut self, shape: Id, value: Id) -> Option<Value<'c, 'a>> {
        let (shape, value) = (self.term(shape, None)?, self.term(value, None)?);
        let dtype: DType = Ty::from_mlir(value.r#type())?.scalar()?;
        let Ty::Tuple(lengths) = Ty::from_mlir(shape.r#type())? else { return None };
        let t = Ty::Array(ArrayTy::new(dtype, lengths.len(), Layout::C)).to_mlir(self.context);
        let location = self.location();
        self.push(ods::builtin(self.context, t, &[shape, value], StringAttribute::new(self.context, "numpy.full"), location))
    }
}
