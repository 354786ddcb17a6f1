//! `x.ravel()` of an array in the order of C: a view of as many elements, which the library makes with `array.view`.
use super::{emit::Emitter, import::Import, library, number, shapes};
use crate::{cfg::key, functions::path_of};
use egg::Id;
use melior::ir::{OperationRef, Value, ValueLike, attribute::StringAttribute, operation::OperationLike};
use numbra_abi::DType;
use numbra_dialects::py::{ArrayTy, Layout, PyOp, Ty, ods::py as ods};
use numbra_eqsat::{Number, operators::{DIAG, RAVEL}};
use std::collections::HashMap;

/// The builtin that makes views
pub const VIEW: &str = "array.view";

/// Whether an op is a view, with another shape, of its first operand.
pub fn is_view<'c: 'a, 'a>(op: OperationRef<'c, 'a>) -> bool {
    match PyOp::of(&op) {
        PyOp::Builtin => path_of(op) == Some(VIEW),
        PyOp::Invoke => shapes::is_view(op) || library::of(op).is_some_and(|row| row.operator == DIAG),
        _ => false,
    }
}

/// Whether an op is the number of elements of an array.
pub fn is_size<'c: 'a, 'a>(op: OperationRef<'c, 'a>) -> bool {
    shapes::attribute_of(op).is_some_and(|name| name == "size")
}

/// The term of a view that is all elements of an array in one row.
pub fn import<'c: 'a, 'a>(import: &mut Import<'c, 'a>, op: OperationRef<'c, 'a>, definitions: &HashMap<usize, OperationRef<'c, 'a>>) -> Option<Id> {
    let array = op.operand(0).ok()?;
    let (a, result) = (Ty::from_mlir(array.r#type())?.array()?, Ty::from_mlir(op.result(0).ok()?.r#type())?.array()?);
    let definition = |v: Value<'c, 'a>| definitions.get(&key(v)).copied();
    let shape = definition(op.operand(2).ok()?).filter(|o| PyOp::of(o) == PyOp::Tuple && o.operand_count() == 1)?;
    let size = definition(shape.operand(0).ok()?).filter(|o| is_size(*o) && o.operand(0) == Ok(array));
    let start = definition(op.operand(1).ok()?).and_then(number::of)?.as_integer()?;
    (a.rank > 1 && a.layout == Layout::C && start == 0 && size.is_some() && result == ArrayTy { rank: 1, ..a }).then_some(())?;
    let x = import.operand(array, definitions, None)?;
    Some(import.apply(RAVEL, &[x]))
}

impl<'c: 'a, 'a> Emitter<'_, 'c, 'a> {
    /// All elements of an array in one row; only of one in the order of C that is a view.
    pub(super) fn flat(&mut self, x: Value<'c, 'a>) -> Option<Value<'c, 'a>> {
        let a = Ty::from_mlir(x.r#type())?.array().filter(|a| a.layout == Layout::C)?;
        let (context, location) = (self.context, self.location());
        let size = self.push(ods::getattr(context, Ty::INT.to_mlir(context), x, StringAttribute::new(context, "size"), location))?;
        let shape = self.push(ods::tuple(context, Ty::tuple([Ty::INT]).to_mlir(context), &[size], location))?;
        let start = number::constant(context, Number::integer(DType::Int64, 0)?, location)?;
        let start = self.push(start)?;
        let t = Ty::Array(ArrayTy { rank: 1, ..a }).to_mlir(context);
        self.push(ods::builtin(context, t, &[x, start, shape], StringAttribute::new(context, VIEW), location))
    }
}
