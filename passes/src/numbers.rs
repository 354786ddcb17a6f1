//! Numbers that are known when a function is compiled.
use crate::cfg::Cfg;
use melior::ir::{
    Attribute, OperationRef, Value, ValueLike,
    attribute::{AttributeLike, FloatAttribute, IntegerAttribute}, operation::OperationLike, r#type::IntegerType,
};
use numbra_dialects::py::{PyOp, UnaryKind, types::scalar_of};

/// An integer that is known when the function is compiled: a constant, also behind casts between integers and a minus sign.
pub fn const_int<'c: 'a, 'a>(cfg: &Cfg<'c, 'a>, value: Value<'c, 'a>) -> Option<i64> {
    let (kind, op) = cfg.op(value)?;
    let is_int = |v: Value<'c, 'a>| scalar_of(v.r#type()).is_some_and(|d| d.is_integer());
    match kind {
        PyOp::Constant if is_int(value) => integer(op),
        PyOp::Cast if is_int(value) => {
            let n = const_int(cfg, op.operand(0).ok()?)?;
            let to = scalar_of(value.r#type())?;
            let fits = match (to.is_signed(), to.bits()) {
                (true, 64) => true,
                (false, 64) => n >= 0,
                (true, bits) => (-(1 << (bits - 1))..(1i64 << (bits - 1))).contains(&n),
                (false, bits) => (0..1i64 << bits).contains(&n),
            };
            fits.then_some(n)
        }
        PyOp::Unary if UnaryKind::of(op.attribute("kind").ok()?) == Some(UnaryKind::Neg) && is_int(value) => const_int(cfg, op.operand(0).ok()?)?.checked_neg(),
        _ => None,
    }
}

fn integer<'c: 'a, 'a>(op: OperationRef<'c, 'a>) -> Option<i64> {
    integer_value(IntegerAttribute::try_from(op.attribute("value").ok()?).ok()?)
}

/// The number in an integer attribute of any signedness; `None` if it is above the largest i64.
pub fn integer_value(attribute: IntegerAttribute) -> Option<i64> {
    match IntegerType::try_from(attribute.r#type()) {
        Ok(t) if t.is_unsigned() => i64::try_from(attribute.unsigned_value()).ok(),
        Ok(t) if t.is_signed() => Some(attribute.signed_value()),
        Ok(t) if t.width() == 1 => Some(i64::from(attribute.value() != 0)),
        _ => Some(attribute.value()),
    }
}

/// The number in a float attribute, or in an integer one.
pub fn float_value(attribute: Attribute) -> Option<f64> {
    if let Ok(f) = FloatAttribute::try_from(attribute) {
        return Some(f.value());
    }
    integer_value(IntegerAttribute::try_from(attribute).ok()?).map(|n| n as f64)
}
