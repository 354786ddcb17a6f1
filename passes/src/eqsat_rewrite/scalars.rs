//! Which operator an op of numbers is: the table that import and export share.
use super::number;
use crate::functions::path_of;
use melior::ir::{OperationRef, ValueLike, attribute::StringAttribute, operation::{OperationLike, OperationResult}};
use numbra_abi::DType;
use numbra_dialects::py::{BinaryKind, CompareKind, PyOp, UnaryKind, types::scalar_of};
use numbra_eqsat::{Operator, operators::*};

/// Binary operators. Powers are not here: what they do with negative exponents is not what NumPy's tables say. Shifts are only those by a known number of bits.
pub const BINARY: &[(BinaryKind, Operator)] = &[
    (BinaryKind::Add, ADD), (BinaryKind::Sub, SUB), (BinaryKind::Mul, MUL), (BinaryKind::TrueDiv, TRUEDIV), (BinaryKind::FloorDiv, FLOORDIV),
    (BinaryKind::Mod, MOD), (BinaryKind::And, AND), (BinaryKind::Or, OR), (BinaryKind::Xor, XOR), (BinaryKind::LShift, SHL), (BinaryKind::RShift, SHR),
];

/// Comparisons.
pub const COMPARE: &[(CompareKind, Operator)] =
    &[(CompareKind::Eq, EQ), (CompareKind::Ne, NE), (CompareKind::Lt, LT), (CompareKind::Le, LE), (CompareKind::Gt, GT), (CompareKind::Ge, GE)];

/// Unary operators.
pub const UNARY: &[(UnaryKind, Operator)] = &[(UnaryKind::Neg, NEG), (UnaryKind::Invert, INVERT), (UnaryKind::Not, NOT)];

/// Functions of numbers: builtins of the typed stage.
pub const BUILTINS: &[(&str, Operator)] = &[
    ("abs", ABS), ("math.fabs", ABS), ("numpy.minimum", MINIMUM), ("numpy.maximum", MAXIMUM), ("numpy.fmin", FMIN), ("numpy.fmax", FMAX), ("numpy.sign", SIGN),
    ("math.sqrt", SQRT), ("math.exp", EXP), ("math.exp2", EXP2), ("math.expm1", EXPM1), ("math.log", LOG), ("math.log2", LOG2), ("math.log10", LOG10), ("math.log1p", LOG1P),
    ("math.cbrt", CBRT), ("math.sin", SIN), ("math.cos", COS), ("math.tan", TAN), ("math.asin", ARCSIN), ("math.acos", ARCCOS), ("math.atan", ARCTAN), ("math.sinh", SINH),
    ("math.cosh", COSH), ("math.tanh", TANH), ("math.asinh", ARCSINH), ("math.acosh", ARCCOSH), ("math.atanh", ARCTANH), ("math.erf", ERF), ("math.erfc", ERFC),
    ("math.floor", FLOOR), ("math.ceil", CEIL), ("math.trunc", TRUNC), ("math.rint", RINT), ("math.isnan", ISNAN), ("math.isinf", ISINF), ("math.isfinite", ISFINITE),
    ("math.signbit", SIGNBIT), ("math.hypot", HYPOT), ("math.atan2", ARCTAN2), ("math.copysign", COPYSIGN),
    ("complex.conj", CONJ), ("complex.real", REAL), ("complex.imag", IMAG), ("complex.make", COMPLEX),
];

/// What an op makes of numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Scalar {
    /// An operator on its operands
    Operator(Operator),
    /// The operand in another type
    Cast(DType),
    /// The operand itself
    Same,
}

/// Types with arithmetic that the rules know.
pub fn is_number(dtype: DType) -> bool {
    dtype == DType::Bool || dtype.is_integer() || dtype.is_float() || dtype.is_complex()
}

/// The part of complex numbers that an attribute is.
pub fn part(name: &str) -> Option<Operator> {
    match name {
        "real" => Some(REAL),
        "imag" => Some(IMAG),
        _ => None,
    }
}

/// What an op makes of numbers, if that is an operator that cannot raise; `numpy_errors` says that a division by zero does not.
pub fn of<'c: 'a, 'a>(op: OperationRef<'c, 'a>, numpy_errors: bool) -> Option<Scalar> {
    let kind = PyOp::of(&op);
    if !matches!(kind, PyOp::Binary | PyOp::Compare | PyOp::Unary | PyOp::Cast | PyOp::Builtin | PyOp::GetAttr) {
        return None;
    }
    let result = scalar_of(op.result(0).ok()?.r#type()).filter(|d| is_number(*d))?;
    let mut types = op.operands().map(|v| scalar_of(v.r#type()));
    let first = types.next()?.filter(|d| is_number(*d))?;
    if kind == PyOp::Cast {
        return Some(if first == result { Scalar::Same } else { Scalar::Cast(result) });
    }
    if !types.all(|t| t == Some(first)) {
        return None;
    }
    let kind_of = || op.attribute("kind").ok();
    let operator = match kind {
        PyOp::Binary => {
            let kind = BinaryKind::of(kind_of()?)?;
            if matches!(kind, BinaryKind::TrueDiv | BinaryKind::FloorDiv | BinaryKind::Mod) && !numpy_errors {
                return None;
            }
            if matches!(kind, BinaryKind::LShift | BinaryKind::RShift) && !shifts_within(op, first) {
                return None;
            }
            row(BINARY, kind)?
        }
        PyOp::Compare => row(COMPARE, CompareKind::of(kind_of()?)?)?,
        PyOp::Unary => match UnaryKind::of(kind_of()?)? {
            UnaryKind::Pos => return Some(Scalar::Same),
            UnaryKind::Invert if first == DType::Bool => NOT,
            kind => row(UNARY, kind)?,
        },
        PyOp::GetAttr => part(StringAttribute::try_from(op.attribute("attribute").ok()?).ok()?.value())?,
        _ => row(BUILTINS, path_of(op)?)?,
    };
    (operator.row().domain.has(first) && operator.row().gives.of(first) == Some(result)).then_some(Scalar::Operator(operator))
}

// Whether the number of bits is known, and there are so many in a number of the type.
fn shifts_within<'c: 'a, 'a>(op: OperationRef<'c, 'a>, dtype: DType) -> bool {
    let count = op.operand(1).ok().and_then(|v| OperationResult::try_from(v).ok()).and_then(|r| number::of(r.owner()));
    count.and_then(|n| n.as_integer()).is_some_and(|n| (0..numbra_eqsat::scalar::width(dtype) as i128).contains(&n))
}

fn row<K: PartialEq + Copy>(table: &[(K, Operator)], kind: K) -> Option<Operator> {
    table.iter().find(|(k, _)| *k == kind).map(|(_, o)| *o)
}

/// The operator's row in a table.
pub fn kind<K: Copy>(table: &[(K, Operator)], operator: Operator) -> Option<K> {
    table.iter().find(|(_, o)| *o == operator).map(|(k, _)| *k)
}
