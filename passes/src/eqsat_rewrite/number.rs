//! Numbers of terms from constants, and constants from numbers.
use crate::{cfg::key, numbers::{float_value, integer_value}};
use melior::{
    Context,
    ir::{Attribute, Location, Operation, OperationRef, Value, ValueLike, attribute::{BoolAttribute, FloatAttribute, IntegerAttribute, StringAttribute}, operation::OperationLike},
};
use numbra_abi::DType;
use numbra_dialects::py::{PyOp, Ty, ods::py as ods, types::scalar_of};
use numbra_eqsat::{Number, scalar::Scalar};
use std::collections::HashMap;

/// The number that a `py.constant` is, if it is one of a type with arithmetic.
pub fn of<'c: 'a, 'a>(op: OperationRef<'c, 'a>) -> Option<Number> {
    if PyOp::of(&op) != PyOp::Constant {
        return None;
    }
    let dtype = scalar_of(op.result(0).ok()?.r#type())?;
    let value = op.attribute("value").ok()?;
    if dtype == DType::Bool {
        return Number::integer(dtype, BoolAttribute::try_from(value).ok()?.value() as i128);
    }
    if dtype.is_float() {
        return Number::float(dtype, float_value(value)?);
    }
    if dtype.is_integer() {
        return Number::integer(dtype, integer_value(IntegerAttribute::try_from(value).ok()?)? as i128);
    }
    None
}

/// The integer that a value is known to be.
pub fn integer_of<'c: 'a, 'a>(value: Value<'c, 'a>, definitions: &HashMap<usize, OperationRef<'c, 'a>>) -> Option<i128> {
    of(*definitions.get(&key(value))?)?.as_integer()
}

/// The place of an index among so many elements; one below zero counts from the end.
pub fn place(index: i128, count: usize) -> Option<usize> {
    usize::try_from(if index < 0 { index + count as i128 } else { index }).ok().filter(|k| *k < count)
}

/// The value of a number, by ops that `push` puts where they belong: a complex one is made of its parts.
pub fn push<'c: 'v, 'v>(context: &'c Context, number: Number, location: Location<'c>, push: &mut dyn FnMut(Operation<'c>) -> Option<Value<'c, 'v>>) -> Option<Value<'c, 'v>> {
    if !number.dtype.is_complex() {
        return push(constant(context, number, location)?);
    }
    let mut part = |value: f64| push(constant(context, Number::float(number.dtype.part(), value)?, location)?);
    let [re, im] = number.scalar()?.parts();
    let parts = [part(re)?, part(im)?];
    let t = Ty::Scalar(number.dtype).to_mlir(context);
    push(ods::builtin(context, t, &parts, StringAttribute::new(context, "complex.make"), location).into())
}

/// The op that makes a number that is not complex.
pub fn constant<'c>(context: &'c Context, number: Number, location: Location<'c>) -> Option<Operation<'c>> {
    let t = Ty::Scalar(number.dtype).to_mlir(context);
    let attribute: Attribute = match number.scalar()? {
        Scalar::Bool(b) => BoolAttribute::new(context, b).into(),
        Scalar::Int(i) => IntegerAttribute::new(t, i as i64).into(),
        Scalar::F32(f) => FloatAttribute::new(context, t, f as f64).into(),
        Scalar::F64(f) => FloatAttribute::new(context, t, f).into(),
        Scalar::C64(_) | Scalar::C128(_) => return None,
    };
    Some(ods::constant(context, t, attribute, location).into())
}
