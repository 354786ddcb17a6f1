//! NumPy's names for Python's operators, on scalars.
use super::{Arg, Call, Row, row};
use crate::infer::{
    arithmetic::{binary_on, meet, unary_on},
    comparison::{compare_on, truth},
    expr::{Expr, Typing, scalar},
    problem::Problem,
    val::{Val, fits},
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

/// An operator: what it is, NumPy's names for it, of which the first is that of arrays, and those of the module `operator`.
type Operator<K> = (K, &'static [&'static str], &'static [&'static str]);

/// Binary operators.
const OPERATORS: &[Operator<BinaryKind>] = &[
    (BinaryKind::Add, &["numpy.add"], &["add", "concat"]),
    (BinaryKind::And, &["numpy.bitwise_and"], &["and_"]),
    (BinaryKind::FloorDiv, &["numpy.floor_divide"], &["floordiv"]),
    (BinaryKind::LShift, &["numpy.left_shift"], &["lshift"]),
    (BinaryKind::MatMul, &["numpy.matmul"], &["matmul"]),
    (BinaryKind::Mod, &["numpy.mod", "numpy.remainder"], &["mod"]),
    (BinaryKind::Mul, &["numpy.multiply"], &["mul"]),
    (BinaryKind::Or, &["numpy.bitwise_or"], &["or_"]),
    (BinaryKind::Pow, &["numpy.pow", "numpy.power"], &["pow"]),
    (BinaryKind::RShift, &["numpy.right_shift"], &["rshift"]),
    (BinaryKind::Sub, &["numpy.subtract"], &["sub"]),
    (BinaryKind::TrueDiv, &["numpy.divide", "numpy.true_divide"], &["truediv"]),
    (BinaryKind::Xor, &["numpy.bitwise_xor"], &["xor"]),
];

/// Comparisons.
const COMPARISONS: &[Operator<CompareKind>] = &[
    (CompareKind::Eq, &["numpy.equal"], &["eq"]),
    (CompareKind::Ge, &["numpy.greater_equal"], &["ge"]),
    (CompareKind::Gt, &["numpy.greater"], &["gt"]),
    (CompareKind::Is, &[], &["is_"]),
    (CompareKind::IsNot, &[], &["is_not"]),
    (CompareKind::Le, &["numpy.less_equal"], &["le"]),
    (CompareKind::Lt, &["numpy.less"], &["lt"]),
    (CompareKind::Ne, &["numpy.not_equal"], &["ne"]),
];

/// Unary operators.
const UNARY: &[Operator<UnaryKind>] =
    &[(UnaryKind::Invert, &["numpy.invert"], &["inv", "invert"]), (UnaryKind::Neg, &["numpy.negative"], &["neg"]), (UnaryKind::Pos, &["numpy.positive"], &["pos"])];

/// The operator that a name of a column stands for.
fn named<K: Copy>(table: &[Operator<K>], column: fn(&Operator<K>) -> &'static [&'static str], name: &str) -> Option<K> {
    table.iter().find(|r| column(r).contains(&name)).map(|r| r.0)
}

/// The binary operator of a function of the module `operator`.
pub fn binary_named(name: &str) -> Option<BinaryKind> {
    named(OPERATORS, |r| r.2, name)
}

/// The comparison of a function of the module `operator`.
pub fn comparison_named(name: &str) -> Option<CompareKind> {
    named(COMPARISONS, |r| r.2, name)
}

/// The unary operator of a function of the module `operator`.
pub fn unary_named(name: &str) -> Option<UnaryKind> {
    named(UNARY, |r| r.2, name)
}

/// The function of the module `operator` for a binary operator.
pub fn binary_name(kind: BinaryKind) -> &'static str {
    OPERATORS.iter().find(|r| r.0 == kind).and_then(|r| r.2.first().copied()).unwrap_or_default()
}

/// The function of a comparison; none for identity and membership.
pub fn compare_name(kind: CompareKind) -> Option<&'static str> {
    COMPARISONS.iter().find(|r| r.0 == kind && !r.1.is_empty()).and_then(|r| r.2.first().copied())
}

/// The function of a unary operator.
pub fn unary_name(kind: UnaryKind) -> Option<&'static str> {
    UNARY.iter().find(|r| r.0 == kind).and_then(|r| r.2.last().copied())
}

fn array_path<K: PartialEq>(table: &[Operator<K>], kind: K) -> Option<&'static str> {
    table.iter().find(|r| r.0 == kind).and_then(|r| r.1.first().copied())
}

/// NumPy's name of a binary operator on arrays.
pub fn binary_path(kind: BinaryKind) -> &'static str {
    array_path(OPERATORS, kind).unwrap_or_default()
}

/// NumPy's name of a comparison of arrays; none for identity and membership.
pub fn compare_path(kind: CompareKind) -> Option<&'static str> {
    array_path(COMPARISONS, kind)
}

/// NumPy's name of a unary operator on arrays.
pub fn unary_path(kind: UnaryKind) -> Option<&'static str> {
    array_path(UNARY, kind)
}

/// Whether NumPy's function differs from Python's operator: it does not raise where there is no result.
pub fn is_numpy_only(path: &str) -> bool {
    const KINDS: [BinaryKind; 6] = [BinaryKind::TrueDiv, BinaryKind::FloorDiv, BinaryKind::Mod, BinaryKind::Pow, BinaryKind::LShift, BinaryKind::RShift];
    path == "numpy.reciprocal" || named(OPERATORS, |r| r.1, path).is_some_and(|kind| KINDS.contains(&kind))
}

fn missing(call: &Call) -> Box<Problem> {
    Problem::new(Code::NB0900, format!("{} is missing in its table", call.row.path))
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
    let kind = named(OPERATORS, |r| r.1, call.row.path).ok_or_else(|| missing(call))?;
    if a.val.time().is_some() || b.val.time().is_some() {
        return binary_on(kind, (&a.val, a.expr.clone()), (&b.val, b.expr.clone()));
    }
    let ((x, ea), (y, eb)) = (call.number(0)?, call.number(1)?);
    for (literal, other, arg) in [(&a.val, y, a), (&b.val, x, b)] {
        if let Val::Int(i) = literal
            && other.is_integer()
            && !(a.val.is_number_literal() && b.val.is_number_literal())
            && !fits(*i, other)
        {
            return Err(Problem::new(Code::NB0201, format!("Python integer {i} out of bounds for {}", other.name())).at(arg.position));
        }
    }
    if x == DType::Bool && y == DType::Bool {
        // Bool is a type of its own to NumPy: sums are `or`, products `and`, and what has no loop for it computes as int8.
        let on = |kind, d: DType| scalar(d, Expr::binary(kind, ea.clone().to(d), eb.clone().to(d), d));
        return match kind {
            BinaryKind::Add => on(BinaryKind::Or, DType::Bool),
            BinaryKind::Mul => on(BinaryKind::And, DType::Bool),
            BinaryKind::Sub => Err(call.refuse(a, "numbers").help("for bools write `np.logical_xor` or `^`")),
            BinaryKind::FloorDiv | BinaryKind::Mod | BinaryKind::Pow | BinaryKind::LShift | BinaryKind::RShift => on(kind, DType::Int8),
            _ => binary_on(kind, (&a.val, ea), (&b.val, eb)),
        };
    }
    if let (BinaryKind::Pow, Val::Int(n)) = (kind, &b.val)
        && *n < 0
        && x.is_integer()
    {
        let d = meet(&a.val, &b.val).unwrap_or(x);
        return scalar(d, Expr::binary(kind, ea.to(d), eb.to(d), d));
    }
    binary_on(kind, (&a.val, ea), (&b.val, eb))
}

fn comparison(call: &Call) -> Typing {
    let (a, b) = (quantity(call, 0)?, quantity(call, 1)?);
    compare_on(named(COMPARISONS, |r| r.1, call.row.path).ok_or_else(|| missing(call))?, (&a.val, a.expr.clone()), (&b.val, b.expr.clone()))
}

fn bool_of(call: &Call, i: usize) -> Result<Expr, Box<Problem>> {
    Ok(truth(&call.arg(i)?.val, call.number(i)?.1)?.whole())
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

/// Bool has no loop for these.
fn not_bool(call: &Call) -> Result<&Arg, Box<Problem>> {
    let arg = quantity(call, 0)?;
    if arg.val.dtype() == Some(DType::Bool) { Err(call.refuse(arg, "a number").help("for bools write `~` or `np.logical_not`")) } else { Ok(arg) }
}

fn negative(call: &Call) -> Typing {
    let arg = not_bool(call)?;
    unary_on(UnaryKind::Neg, &arg.val, arg.expr.clone())
}

fn positive(call: &Call) -> Typing {
    let arg = not_bool(call)?;
    unary_on(UnaryKind::Pos, &arg.val, arg.expr.clone())
}

fn square(call: &Call) -> Typing {
    let (d, e) = call.number(0)?;
    let d = if d == DType::Bool { DType::Int8 } else { d };
    let (v, e) = (&Val::scalar(d), e.to(d));
    binary_on(BinaryKind::Mul, (v, e.clone()), (v, e))
}
