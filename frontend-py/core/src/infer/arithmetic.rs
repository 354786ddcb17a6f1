//! Unary and binary operators: in which type an operation is computed.
//!
//! `bool`, `int64`, `float64` and `complex128` are Python's own types and follow Python; other scalar types follow NumPy's promotion.
//! Constants are weak: they take the type of the other operand where they fit it.
use super::{expr::{Expr, Typing, computed, folded, scalar}, fold, objects::{strings::is_string, times}, problem::Problem, val::{Val, fits}};
use numbra_abi::{DType, dtype::Kind};
use numbra_dialects::{Code, py::{BinaryKind, Ty, UnaryKind}};
use std::sync::Arc;

/// The type in which two numbers meet.
pub fn meet(a: &Val, b: &Val) -> Option<DType> {
    let weak = |literal: &Val, d: DType| match literal {
        Val::Int(i) if d.is_integer() => Some(if fits(*i, d) { d } else { DType::Int64.promote(d) }),
        Val::Int(_) if d.kind() >= Kind::Float => Some(d),
        Val::Float(_) if d.kind() >= Kind::Float => Some(d),
        _ => None,
    };
    let (x, y) = (a.dtype()?, b.dtype()?);
    let met = match (a.is_number_literal(), b.is_number_literal()) {
        (true, false) => weak(a, y),
        (false, true) => weak(b, x),
        _ => None,
    };
    Some(met.unwrap_or_else(|| x.promote(y)))
}

/// Bool computes as Python's int.
fn arithmetic_type(d: DType) -> DType {
    if d == DType::Bool { DType::Int64 } else { d }
}

/// That an operator, or its assignment (`+=`), does not take two operands.
pub(super) fn refuse(kind: BinaryKind, inplace: bool, a: &Val, b: &Val) -> Box<Problem> {
    let assigned = if inplace { "=" } else { "" };
    let problem = Problem::new(Code::NB0200, format!("operator `{}{assigned}` does not take {} and {}", kind.symbol(), a.describe(), b.describe()));
    match (a, b) {
        (Val::Of(Ty::None), _) => problem.at(0),
        (_, Val::Of(Ty::None)) => problem.at(1),
        (text, number) | (number, text) if kind == BinaryKind::Add && is_string(text) && number.dtype().is_some() => {
            problem.help("make a text of the number: `str(x)`, or a formatted string")
        }
        _ => problem,
    }
}

/// A binary operator on two operands.
pub fn binary(kind: BinaryKind, a: &Val, b: &Val) -> Typing {
    binary_on(kind, (a, Expr::Arg(0)), (b, Expr::Arg(1)))
}

/// A binary operator on any two expressions.
pub fn binary_on(kind: BinaryKind, (a, ea): (&Val, Expr), (b, eb): (&Val, Expr)) -> Typing {
    use BinaryKind::*;
    if let Some(val) = fold::binary(kind, a, b) {
        return folded(val);
    }
    if let Some(typing) = sequence(kind, (a, &ea), (b, &eb)) {
        return typing;
    }
    if a.time().is_some() || b.time().is_some() {
        return times::binary(kind, (a, ea), (b, eb));
    }
    let Some(d) = meet(a, b) else { return Err(refuse(kind, false, a, b)) };
    let on = |d: DType| scalar(d, Expr::binary(kind, ea.clone().to(d), eb.clone().to(d), d));
    match kind {
        Add | Sub | Mul => on(arithmetic_type(d)),
        TrueDiv => on(if d.kind() >= Kind::Float { d } else { DType::Float64 }),
        FloorDiv | Mod if d.is_complex() => Err(refuse(kind, false, a, b)),
        FloorDiv | Mod => on(arithmetic_type(d)),
        Pow => power((a, ea), (b, eb), arithmetic_type(d)),
        And | Or | Xor if d == DType::Bool => on(d),
        And | Or | Xor | LShift | RShift => match arithmetic_type(d) {
            d if d.is_integer() => on(d),
            // int64 and uint64: bits are bits, and a shift keeps the type of what is shifted.
            _ if [a, b].iter().all(|v| v.dtype().is_some_and(|d| d.is_integer())) => on(match kind {
                LShift | RShift => a.dtype().unwrap_or(DType::Int64),
                _ => DType::Int64,
            }),
            _ => Err(refuse(kind, false, a, b)),
        },
        MatMul => Err(refuse(kind, false, a, b)),
    }
}

fn power((a, ea): (&Val, Expr), (b, eb): (&Val, Expr), d: DType) -> Typing {
    let on = |d: DType| scalar(d, Expr::binary(BinaryKind::Pow, ea.clone().to(d), eb.clone().to(d), d));
    match b {
        // An integer of NumPy raises at run time, as there.
        Val::Int(n) if *n < 0 && d.is_integer() && matches!(a.dtype(), Some(DType::Int64 | DType::Bool)) => on(DType::Float64),
        Val::Int(1) => scalar(d, ea.to(d)),
        // Multiplication is exact for integers, and for a float's square rounds once, as it should.
        Val::Int(n) if *n == 2 || (d.is_integer() && (3..=4).contains(n)) => {
            let x = ea.to(d);
            let product = (1..*n).fold(x.clone(), |p, _| Expr::binary(BinaryKind::Mul, p, x.clone(), d));
            scalar(d, product)
        }
        _ if d.is_complex() && b.dtype().is_some_and(|e| e.is_integer() && a.dtype().is_some_and(DType::is_complex)) => {
            scalar(d, Expr::binary(BinaryKind::Pow, ea.to(d), eb.to(DType::Int64), d))
        }
        _ => on(d),
    }
}

/// Concatenation and repetition.
fn sequence(kind: BinaryKind, (a, ea): (&Val, &Expr), (b, eb): (&Val, &Expr)) -> Option<Typing> {
    if let Some(typing) = super::objects::lists::binary(kind, (a, ea), (b, eb)) {
        return Some(typing);
    }
    if let Some(typing) = super::objects::strings::binary(kind, (a, ea), (b, eb)) {
        return Some(typing);
    }
    match (kind, a, b) {
        (BinaryKind::Add, Val::Tuple(x), Val::Tuple(y)) => {
            let val = Val::Tuple(x.iter().chain(y.iter()).cloned().collect());
            let parts = elements(ea, x).chain(elements(eb, y)).collect();
            Some(build_tuple(val, parts))
        }
        (BinaryKind::Mul, Val::Tuple(x), Val::Int(n)) => Some(repeat(ea, x, *n)),
        (BinaryKind::Mul, Val::Int(n), Val::Tuple(x)) => Some(repeat(eb, x, *n)),
        _ => None,
    }
}

fn repeat(e: &Expr, x: &Arc<[Val]>, n: i64) -> Typing {
    let n = n.max(0) as usize;
    if x.len().saturating_mul(n) > 1000 {
        return Err(Problem::new(Code::NB0200, "a tuple of more than 1000 elements is too long to compile").help("use an array"));
    }
    let val = Val::Tuple((0..n).flat_map(|_| x.iter().cloned()).collect());
    build_tuple(val, (0..n).flat_map(|_| elements(e, x)).collect())
}

/// The elements of a tuple as expressions; constants among them stay constants.
pub fn elements<'e>(e: &'e Expr, vals: &'e Arc<[Val]>) -> impl Iterator<Item = Expr> + 'e {
    vals.iter().enumerate().map(move |(i, v)| if v.is_static() { Expr::constant(v.clone()) } else { Expr::Element(Box::new(e.clone()), i, v.ty()) })
}

/// A tuple of expressions, or a constant if all of it is.
pub fn build_tuple(val: Val, parts: Vec<Expr>) -> Typing {
    if val.is_static() {
        return folded(val);
    }
    let t = val.ty();
    computed(val, Expr::Tuple(parts, t))
}

/// That a unary operator does not take its operand.
pub(super) fn refuse_unary(kind: UnaryKind, v: &Val) -> Box<Problem> {
    Problem::new(Code::NB0200, format!("operator `{}` does not take {}", kind.symbol(), v.describe()))
}

/// A unary operator.
pub fn unary(kind: UnaryKind, v: &Val) -> Typing {
    unary_on(kind, v, Expr::Arg(0))
}

/// A unary operator on any expression.
pub fn unary_on(kind: UnaryKind, v: &Val, e: Expr) -> Typing {
    if let Some(val) = fold::unary(kind, v) {
        return folded(val);
    }
    let refuse = || refuse_unary(kind, v);
    if kind == UnaryKind::Not {
        let truth = super::comparison::truth(v, e)?;
        return match truth.expr {
            Some(e) => scalar(DType::Bool, Expr::unary(UnaryKind::Not, e, DType::Bool)),
            None => folded(truth.val.truth().map_or(Val::Error, |b| Val::Bool(!b))),
        };
    }
    if let Some(d) = v.time() {
        return times::unary(kind, d, e).ok_or_else(refuse);
    }
    let Some(d) = v.dtype() else { return Err(refuse()) };
    let t = arithmetic_type(d);
    match kind {
        UnaryKind::Pos => scalar(t, e.to(t)),
        // Python's `~True` is -2, NumPy's is False: neither is a safe guess.
        UnaryKind::Invert if d == DType::Bool => Err(refuse().help("write `not x` for the logical opposite, `~int(x)` for the bits")),
        UnaryKind::Invert if !t.is_integer() => Err(refuse()),
        _ => scalar(t, Expr::unary(kind, e.to(t), t)),
    }
}
