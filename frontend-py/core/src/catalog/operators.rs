//! NumPy's names for Python's operators, on scalars.
use super::{Arg, Call, Row, row};
use crate::infer::{
    arithmetic::{binary_on, unary_on},
    comparison::{compare_on, truth},
    expr::{Expr, Typing, scalar},
    problem::Problem,
};
use numbra_abi::DType;
use numbra_dialects::{Code, py::{BinaryKind, CompareKind, UnaryKind}};

pub(super) const ROWS: &[Row] = &[
    row("numpy.add", "x1, x2, /", "", operator),
    row("numpy.bitwise_and", "x1, x2, /", "", operator),
    row("numpy.bitwise_or", "x1, x2, /", "", operator),
    row("numpy.bitwise_xor", "x1, x2, /", "", operator),
    row("numpy.divide", "x1, x2, /", "", operator),
    row("numpy.equal", "x1, x2, /", "", comparison),
    row("numpy.floor_divide", "x1, x2, /", "", operator),
    row("numpy.greater", "x1, x2, /", "", comparison),
    row("numpy.greater_equal", "x1, x2, /", "", comparison),
    row("numpy.invert", "x, /", "", bitwise_not),
    row("numpy.left_shift", "x1, x2, /", "", operator),
    row("numpy.less", "x1, x2, /", "", comparison),
    row("numpy.less_equal", "x1, x2, /", "", comparison),
    row("numpy.logical_and", "x1, x2, /", "", logical),
    row("numpy.logical_not", "x, /", "", logical_not),
    row("numpy.logical_or", "x1, x2, /", "", logical),
    row("numpy.logical_xor", "x1, x2, /", "", logical),
    row("numpy.mod", "x1, x2, /", "", operator),
    row("numpy.multiply", "x1, x2, /", "", operator),
    row("numpy.negative", "x, /", "", negative),
    row("numpy.not_equal", "x1, x2, /", "", comparison),
    row("numpy.positive", "x, /", "", positive),
    row("numpy.pow", "x1, x2, /", "", operator),
    row("numpy.power", "x1, x2, /", "", operator),
    row("numpy.remainder", "x1, x2, /", "", operator),
    row("numpy.right_shift", "x1, x2, /", "", operator),
    row("numpy.square", "x, /", "", square),
    row("numpy.subtract", "x1, x2, /", "", operator),
    row("numpy.true_divide", "x1, x2, /", "", operator),
];

/// Operators by NumPy's name.
const OPERATORS: &[(&str, BinaryKind)] = &[
    ("numpy.add", BinaryKind::Add), ("numpy.bitwise_and", BinaryKind::And), ("numpy.bitwise_or", BinaryKind::Or), ("numpy.bitwise_xor", BinaryKind::Xor),
    ("numpy.divide", BinaryKind::TrueDiv), ("numpy.floor_divide", BinaryKind::FloorDiv), ("numpy.left_shift", BinaryKind::LShift), ("numpy.mod", BinaryKind::Mod),
    ("numpy.multiply", BinaryKind::Mul), ("numpy.pow", BinaryKind::Pow), ("numpy.power", BinaryKind::Pow), ("numpy.remainder", BinaryKind::Mod),
    ("numpy.right_shift", BinaryKind::RShift), ("numpy.subtract", BinaryKind::Sub), ("numpy.true_divide", BinaryKind::TrueDiv),
];

/// Comparisons by NumPy's name.
const COMPARISONS: &[(&str, CompareKind)] = &[
    ("numpy.equal", CompareKind::Eq), ("numpy.greater", CompareKind::Gt), ("numpy.greater_equal", CompareKind::Ge), ("numpy.less", CompareKind::Lt),
    ("numpy.less_equal", CompareKind::Le), ("numpy.not_equal", CompareKind::Ne),
];

/// NumPy's name of a binary operator on arrays.
pub fn binary_path(kind: BinaryKind) -> &'static str {
    if kind == BinaryKind::MatMul { "numpy.matmul" } else { OPERATORS.iter().find(|r| r.1 == kind).map_or("", |r| r.0) }
}

/// NumPy's name of a comparison of arrays; none for identity and membership.
pub fn compare_path(kind: CompareKind) -> Option<&'static str> {
    COMPARISONS.iter().find(|r| r.1 == kind).map(|r| r.0)
}

/// NumPy's name of a unary operator on arrays.
pub fn unary_path(kind: UnaryKind) -> Option<&'static str> {
    [(UnaryKind::Neg, "numpy.negative"), (UnaryKind::Pos, "numpy.positive"), (UnaryKind::Invert, "numpy.invert")].into_iter().find(|r| r.0 == kind).map(|r| r.1)
}

fn find<T: Copy>(table: &[(&str, T)], name: &str) -> Result<T, Box<Problem>> {
    table.iter().find(|r| r.0 == name).map(|r| r.1).ok_or_else(|| Problem::new(Code::NB0900, format!("{name} is missing in its table")))
}

/// A number or a time.
fn quantity(call: &Call, i: usize) -> Result<&Arg, Box<Problem>> {
    let arg = call.arg(i)?;
    if arg.val.time().is_none() {
        call.number(i)?;
    }
    Ok(arg)
}

fn operator(call: &Call) -> Typing {
    let (a, b) = (quantity(call, 0)?, quantity(call, 1)?);
    binary_on(find(OPERATORS, call.row.path)?, (&a.val, a.expr.clone()), (&b.val, b.expr.clone()))
}

fn comparison(call: &Call) -> Typing {
    let (a, b) = (quantity(call, 0)?, quantity(call, 1)?);
    compare_on(find(COMPARISONS, call.row.path)?, (&a.val, a.expr.clone()), (&b.val, b.expr.clone()))
}

fn bool_of(call: &Call, i: usize) -> Result<Expr, Box<Problem>> {
    let typed = truth(&call.arg(i)?.val, call.number(i)?.1)?;
    Ok(typed.expr.unwrap_or_else(|| Expr::constant(typed.val.clone())))
}

fn logical(call: &Call) -> Typing {
    let kind = match call.row.path {
        "numpy.logical_and" => BinaryKind::And,
        "numpy.logical_or" => BinaryKind::Or,
        _ => BinaryKind::Xor,
    };
    scalar(DType::Bool, Expr::binary(kind, bool_of(call, 0)?, bool_of(call, 1)?, DType::Bool))
}

fn logical_not(call: &Call) -> Typing {
    unary_on(UnaryKind::Not, &call.arg(0)?.val, call.number(0)?.1)
}

fn bitwise_not(call: &Call) -> Typing {
    match call.integer(0)? {
        (DType::Bool, _) => logical_not(call),
        (_, e) => unary_on(UnaryKind::Invert, &call.arg(0)?.val, e),
    }
}

fn negative(call: &Call) -> Typing {
    let arg = quantity(call, 0)?;
    unary_on(UnaryKind::Neg, &arg.val, arg.expr.clone())
}

fn positive(call: &Call) -> Typing {
    let arg = quantity(call, 0)?;
    unary_on(UnaryKind::Pos, &arg.val, arg.expr.clone())
}

fn square(call: &Call) -> Typing {
    let (v, e) = (&call.arg(0)?.val, call.number(0)?.1);
    binary_on(BinaryKind::Mul, (v, e.clone()), (v, e))
}
