//! `datetime64` and `timedelta64`: in which unit operands meet, and what operators make of points and lengths of time. All as NumPy: the finer unit
//! wins, integers count as lengths in the other operand's unit, and lengths in years or months do not meet those in days or less.
use crate::infer::{arithmetic, comparison, expr::{Expr, Typed, Typing, computed, folded, scalar}, problem::Problem, val::Val};
use numbra_abi::{DType, unit::Unit};
use numbra_dialects::{Code, py::{BinaryKind, CompareKind, Ty, UnaryKind}};

/// An operand, as these operators see it.
#[derive(Clone, Copy, PartialEq)]
enum Side {
    Point(Unit),
    Length(Unit),
    Integer,
    Float,
    Other,
}

fn side(v: &Val) -> Side {
    match v {
        Val::Of(Ty::Scalar(DType::DateTime(u))) => Side::Point(*u),
        Val::Of(Ty::Scalar(DType::TimeDelta(u))) => Side::Length(*u),
        v => match v.dtype() {
            Some(d) if d.is_integer() || d == DType::Bool => Side::Integer,
            Some(d) if d.is_float() => Side::Float,
            _ => Side::Other,
        },
    }
}

/// The type where two times meet that arrive from different branches.
pub fn join(a: &Val, b: &Val) -> Option<DType> {
    match (a.time()?, b.time()?) {
        (DType::DateTime(x), DType::DateTime(y)) => x.common(y, (false, false)).map(DType::DateTime),
        (DType::TimeDelta(x), DType::TimeDelta(y)) => x.common(y, (true, true)).map(DType::TimeDelta),
        _ => None,
    }
}

fn common(a: (&Val, Unit), b: (&Val, Unit)) -> Result<Unit, Box<Problem>> {
    let is_length = |v: &Val| matches!(v.time(), Some(DType::TimeDelta(_)));
    a.1.common(b.1, (is_length(a.0), is_length(b.0))).ok_or_else(|| {
        let problem = Problem::new(Code::NB0200, format!("{} and {} have no common unit", a.0.describe(), b.0.describe()));
        if a.1.is_calendar() != b.1.is_calendar() {
            problem.help("how many days a year or a month has depends on the date: give both in years and months, or both in weeks or less")
        } else {
            problem.help("the units are too far apart for 64 bits: convert one of them")
        }
    })
}

/// A binary operator of which at least one operand is a time.
pub fn binary(kind: BinaryKind, (a, ea): (&Val, Expr), (b, eb): (&Val, Expr)) -> Typing {
    use BinaryKind::*;
    use Side::*;
    let call = |path, x, y, d| scalar(d, Expr::builtin(path, vec![x, y], Ty::Scalar(d)));
    let (length, point) = (DType::TimeDelta, DType::DateTime);
    // The number that a length is multiplied with or divided by.
    let number = |side, e: Expr| e.to(if side == Float { DType::Float64 } else { DType::Int64 });
    match (kind, side(a), side(b)) {
        (Add | Sub, Length(x), Length(y)) => {
            let d = length(common((a, x), (b, y))?);
            call(if kind == Add { "timedelta.add" } else { "timedelta.sub" }, ea.to(d), eb.to(d), d)
        }
        (Sub, Point(x), Point(y)) => {
            let u = common((a, x), (b, y))?;
            call("timedelta.sub", ea.to(point(u)), eb.to(point(u)), length(u))
        }
        (Add | Sub, Point(x), Length(y)) => {
            let u = common((a, x), (b, y))?;
            call(if kind == Add { "timedelta.add" } else { "timedelta.sub" }, ea.to(point(u)), eb.to(length(u)), point(u))
        }
        (Add, Length(_), Point(_)) => binary(kind, (b, eb), (a, ea)),
        (Add | Sub, Point(u), Integer) => call(if kind == Add { "timedelta.add" } else { "timedelta.sub" }, ea, eb.to(DType::Int64).to(length(u)), point(u)),
        (Add | Sub, Length(u), Integer) => call(if kind == Add { "timedelta.add" } else { "timedelta.sub" }, ea, eb.to(DType::Int64).to(length(u)), length(u)),
        (Add, Integer, Point(_) | Length(_)) => binary(kind, (b, eb), (a, ea)),
        (Sub, Integer, Length(u)) => call("timedelta.sub", ea.to(DType::Int64).to(length(u)), eb, length(u)),
        (Mul, Length(u), s @ (Integer | Float)) => call("timedelta.mul", ea, number(s, eb), length(u)),
        (Mul, s @ (Integer | Float), Length(u)) => call("timedelta.mul", eb, number(s, ea), length(u)),
        (TrueDiv | FloorDiv, Length(u), s @ (Integer | Float)) if b.dtype() != Some(DType::Bool) => call("timedelta.scale", ea, number(s, eb), length(u)),
        (TrueDiv | FloorDiv | Mod, Length(x), Length(y)) => {
            let d = length(common((a, x), (b, y))?);
            let (path, result) = match kind {
                TrueDiv => ("timedelta.truediv", DType::Float64),
                FloorDiv => ("timedelta.floordiv", DType::Int64),
                _ => ("timedelta.mod", d),
            };
            call(path, ea.to(d), eb.to(d), result)
        }
        _ => Err(arithmetic::refuse(kind, false, a, b)),
    }
}

/// A comparison of which at least one operand is a time.
pub fn compare(kind: CompareKind, (a, ea): (&Val, Expr), (b, eb): (&Val, Expr)) -> Typing {
    let equality = matches!(kind, CompareKind::Eq | CompareKind::Ne);
    let on = |d: DType, x: Expr, y: Expr| scalar(DType::Bool, Expr::compare(kind, x.to(d), y.to(d)));
    match (side(a), side(b)) {
        (Side::Length(x), Side::Length(y)) => on(DType::TimeDelta(common((a, x), (b, y))?), ea, eb),
        (Side::Point(x), Side::Point(y)) => on(DType::DateTime(common((a, x), (b, y))?), ea, eb),
        (Side::Length(u), Side::Integer) => on(DType::TimeDelta(u), ea, eb.to(DType::Int64)),
        (Side::Integer, Side::Length(u)) => on(DType::TimeDelta(u), ea.to(DType::Int64), eb),
        (Side::Point(_), Side::Length(_) | Side::Integer) | (Side::Length(_) | Side::Integer, Side::Point(_)) if equality => folded(Val::Bool(kind == CompareKind::Ne)),
        _ => Err(comparison::refuse(kind, a, b)),
    }
}

/// A unary operator; `None` where there is none.
pub fn unary(kind: UnaryKind, d: DType, e: Expr) -> Option<Typed> {
    match (kind, d) {
        (UnaryKind::Pos, DType::TimeDelta(_)) => scalar(d, e).ok(),
        (UnaryKind::Neg, DType::TimeDelta(_)) => scalar(d, Expr::unary(kind, e, d)).ok(),
        _ => None,
    }
}

/// The type in which all of several times of one kind meet.
pub fn meet_all(vals: &[Val]) -> Option<DType> {
    vals.iter().map(Val::time).reduce(|a, b| join(&Val::scalar(a?), &Val::scalar(b?))).flatten()
}

/// A value as a time of a given type: from another unit, from an integer, or None.
pub fn converted(v: &Val, e: Expr, to: DType) -> Result<Expr, Box<Problem>> {
    let refuse = || Problem::new(Code::NB0204, format!("{} cannot become {}", v.describe(), to.name()));
    let Some(unit) = to.unit() else { return Err(refuse()) };
    let known = |from: Unit| if from.conversion(unit).is_some() { Ok(()) } else { Err(refuse().help("the units are too far apart for 64 bits")) };
    match (side(v), to) {
        (Side::Point(from), DType::DateTime(_)) => known(from).map(|()| e.to(to)),
        (Side::Length(from), DType::TimeDelta(_)) => {
            if unit != Unit::Generic && from != Unit::Generic && from.is_calendar() != unit.is_calendar() {
                return Err(refuse().help("how many days a year or a month has depends on the date"));
            }
            known(from).map(|()| e.to(to))
        }
        (Side::Integer, _) => Ok(e.to(DType::Int64).to(to)),
        _ if *v == Val::NONE => Ok(nat(to)),
        _ => Err(refuse()),
    }
}

/// NaT.
pub fn nat(d: DType) -> Expr {
    constant(numbra_abi::unit::NAT, d)
}

/// A time that is known when the function is compiled.
pub fn constant(value: i64, d: DType) -> Expr {
    Expr::Const(Val::Int(value), Ty::Scalar(d))
}

/// Quotient and remainder of two lengths.
pub fn divmod(a: (&Val, Expr), b: (&Val, Expr)) -> Typing {
    let quotient = binary(BinaryKind::FloorDiv, (a.0, a.1.clone()), (b.0, b.1.clone()))?;
    let rest = binary(BinaryKind::Mod, a, b)?;
    let t = Ty::tuple([quotient.val.ty(), rest.val.ty()]);
    computed(t.clone(), Expr::Tuple([quotient.expr, rest.expr].into_iter().flatten().collect(), t))
}
