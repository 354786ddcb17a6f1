//! NumPy's element functions, on scalars. Integers become floats as NumPy's loops do: float32 holds 16 bits, float64 the rest.
use super::{Call, Row, builtins, methods, row};
use crate::infer::{
    arithmetic::meet,
    comparison::compare_on,
    expr::{Expr, Typing, computed, folded, scalar},
    objects::times,
    problem::Problem,
    val::Val,
};
use numbra_abi::{DType, dtype::Kind};
use numbra_dialects::py::{BinaryKind, CompareKind, Ty, UnaryKind};

pub(super) const ROWS: &[Row] = &[
    row("numpy.abs", "x, /", "abs", absolute),
    row("numpy.absolute", "x, /", "abs", absolute),
    row("numpy.acos", "x, /", "math.acos", float1),
    row("numpy.acosh", "x, /", "math.acosh", float1),
    row("numpy.angle", "z", "complex.phase", angle),
    row("numpy.arccos", "x, /", "math.acos", float1),
    row("numpy.arccosh", "x, /", "math.acosh", float1),
    row("numpy.arcsin", "x, /", "math.asin", float1),
    row("numpy.arcsinh", "x, /", "math.asinh", float1),
    row("numpy.arctan", "x, /", "math.atan", float1),
    row("numpy.arctan2", "x1, x2, /", "math.atan2", float2),
    row("numpy.arctanh", "x, /", "math.atanh", float1),
    row("numpy.around", "a, decimals=0", "math.rint", round),
    row("numpy.asin", "x, /", "math.asin", float1),
    row("numpy.asinh", "x, /", "math.asinh", float1),
    row("numpy.atan", "x, /", "math.atan", float1),
    row("numpy.atan2", "x1, x2, /", "math.atan2", float2),
    row("numpy.atanh", "x, /", "math.atanh", float1),
    row("numpy.cbrt", "x, /", "math.cbrt", float1),
    row("numpy.ceil", "x, /", "math.ceil", rounding),
    row("numpy.clip", "a, a_min, a_max", "", clip),
    row("numpy.conj", "x, /", "complex.conj", methods::conjugate),
    row("numpy.conjugate", "x, /", "complex.conj", methods::conjugate),
    row("numpy.copysign", "x1, x2, /", "math.copysign", float2),
    row("numpy.cos", "x, /", "math.cos", float1),
    row("numpy.cosh", "x, /", "math.cosh", float1),
    row("numpy.deg2rad", "x, /", "", scaled),
    row("numpy.degrees", "x, /", "", scaled),
    row("numpy.exp", "x, /", "math.exp", float1),
    row("numpy.exp2", "x, /", "math.exp2", float1),
    row("numpy.expm1", "x, /", "math.expm1", float1),
    row("numpy.fabs", "x, /", "math.fabs", float1),
    row("numpy.floor", "x, /", "math.floor", rounding),
    row("numpy.fmax", "x1, x2, /", "numpy.fmax", extremum),
    row("numpy.fmin", "x1, x2, /", "numpy.fmin", extremum),
    row("numpy.hypot", "x1, x2, /", "math.hypot", float2),
    row("numpy.imag", "val", "imag", part),
    row("numpy.isfinite", "x, /", "math.isfinite", classify),
    row("numpy.isinf", "x, /", "math.isinf", classify),
    row("numpy.isnan", "x, /", "math.isnan", classify),
    row("numpy.log", "x, /", "math.log", float1),
    row("numpy.log10", "x, /", "math.log10", float1),
    row("numpy.log1p", "x, /", "math.log1p", float1),
    row("numpy.log2", "x, /", "math.log2", float1),
    row("numpy.maximum", "x1, x2, /", "numpy.maximum", extremum),
    row("numpy.minimum", "x1, x2, /", "numpy.minimum", extremum),
    row("numpy.nextafter", "x1, x2, /", "math.nextafter", float2),
    row("numpy.rad2deg", "x, /", "", scaled),
    row("numpy.radians", "x, /", "", scaled),
    row("numpy.real", "val", "real", part),
    row("numpy.reciprocal", "x, /", "", reciprocal),
    row("numpy.rint", "x, /", "math.rint", float1),
    row("numpy.round", "a, decimals=0", "math.rint", round),
    row("numpy.sign", "x, /", "numpy.sign", sign),
    row("numpy.signbit", "x, /", "math.signbit", classify),
    row("numpy.sin", "x, /", "math.sin", float1),
    row("numpy.sinh", "x, /", "math.sinh", float1),
    row("numpy.sqrt", "x, /", "math.sqrt", float1),
    row("numpy.tan", "x, /", "math.tan", float1),
    row("numpy.tanh", "x, /", "math.tanh", float1),
    row("numpy.trunc", "x, /", "math.trunc", rounding),
];

/// Complex forms of float functions.
const COMPLEX: &[(&str, &str)] = &[
    ("math.acos", "complex.acos"), ("math.acosh", "complex.acosh"), ("math.asin", "complex.asin"), ("math.asinh", "complex.asinh"),
    ("math.atan", "complex.atan"), ("math.atanh", "complex.atanh"), ("math.cos", "complex.cos"), ("math.cosh", "complex.cosh"), ("math.exp", "complex.exp"), ("math.log", "complex.log"), ("math.sin", "complex.sin"),
    ("math.sinh", "complex.sinh"), ("math.sqrt", "complex.sqrt"), ("math.tan", "complex.tan"), ("math.tanh", "complex.tanh"),
];

fn floating(d: DType) -> DType {
    match d.kind() {
        Kind::Float | Kind::Complex => d,
        _ if d.size() <= 2 => DType::Float32,
        _ => DType::Float64,
    }
}

fn float1(call: &Call) -> Typing {
    let (d, e) = call.number(0)?;
    let d = floating(d);
    if !d.is_complex() {
        return scalar(d, call.builtin(vec![e.to(d)], Ty::Scalar(d)));
    }
    match COMPLEX.iter().find(|r| r.0 == call.row.target) {
        Some((_, path)) => scalar(d, Expr::builtin(path, vec![e.to(d)], Ty::Scalar(d))),
        None => Err(call.refuse(call.arg(0)?, "a real number")),
    }
}

/// The real type in which two arguments meet.
fn met(call: &Call) -> Result<DType, Box<Problem>> {
    call.real(0)?;
    call.real(1)?;
    Ok(meet(&call.arg(0)?.val, &call.arg(1)?.val).unwrap_or(DType::Float64))
}

fn float2(call: &Call) -> Typing {
    let d = floating(met(call)?);
    scalar(d, call.builtin(vec![call.real(0)?.1.to(d), call.real(1)?.1.to(d)], Ty::Scalar(d)))
}

fn extremum(call: &Call) -> Typing {
    let vals = [call.arg(0)?.val.clone(), call.arg(1)?.val.clone()];
    if let Some(d) = times::meet_all(&vals) {
        return scalar(d, call.builtin(vec![call.arg(0)?.expr.clone().to(d), call.arg(1)?.expr.clone().to(d)], Ty::Scalar(d)));
    }
    let d = met(call)?;
    scalar(d, call.builtin(vec![call.real(0)?.1.to(d), call.real(1)?.1.to(d)], Ty::Scalar(d)))
}

fn clip(call: &Call) -> Typing {
    let (x, low, high) = (call.arg(0)?, call.optional(1), call.optional(2));
    let mut d = call.real(0)?.0;
    for (i, bound) in [(1, low), (2, high)] {
        if let Some(b) = bound {
            call.real(i)?;
            d = meet(&Val::scalar(d), &b.val).unwrap_or(DType::Float64);
        }
    }
    let mut e = x.expr.clone().to(d);
    for (path, bound) in [("numpy.maximum", low), ("numpy.minimum", high)] {
        if let Some(b) = bound {
            e = Expr::builtin(path, vec![e, b.expr.clone().to(d)], Ty::Scalar(d));
        }
    }
    scalar(d, e)
}

/// NumPy keeps bool.
fn absolute(call: &Call) -> Typing {
    let arg = call.arg(0)?;
    if arg.val.dtype() == Some(DType::Bool) { scalar(DType::Bool, arg.expr.clone()) } else { builtins::abs(call) }
}

fn rounding(call: &Call) -> Typing {
    let (d, e) = call.real(0)?;
    // NumPy leaves integers as they are.
    if d.is_float() { scalar(d, call.builtin(vec![e.to(d)], Ty::Scalar(d))) } else { scalar(d, e.to(d)) }
}

/// As NumPy rounds: the scaled number to the nearest integer, then back.
fn round(call: &Call) -> Typing {
    let (d, e) = call.real(0)?;
    if !d.is_float() {
        return scalar(d, e.to(d));
    }
    let digits = match call.optional(1).map(|a| &a.val) {
        None | Some(Val::Int(0)) => return scalar(d, call.builtin(vec![e], Ty::Scalar(d))),
        Some(Val::Int(n)) if n.abs() <= 300 => *n as i32,
        Some(_) => return Err(call.refuse(call.arg(1)?, "a constant number of decimals").help("write the number, or use the builtin `round`")),
    };
    let factor = Expr::Const(Val::float(10f64.powi(digits.abs())), Ty::Scalar(d));
    let (up, down) = if digits > 0 { (BinaryKind::Mul, BinaryKind::TrueDiv) } else { (BinaryKind::TrueDiv, BinaryKind::Mul) };
    let scaled = Expr::binary(up, e, factor.clone(), d);
    scalar(d, Expr::binary(down, call.builtin(vec![scaled], Ty::Scalar(d)), factor, d))
}

fn classify(call: &Call) -> Typing {
    let arg = call.arg(0)?;
    if arg.val.time().is_some() {
        // NaT stands for NaN here; no time is infinite.
        let isnat = Expr::builtin("timedelta.isnat", vec![arg.expr.clone()], Ty::BOOL);
        return match call.row.path {
            "numpy.isnan" => scalar(DType::Bool, isnat),
            "numpy.isfinite" => scalar(DType::Bool, Expr::unary(UnaryKind::Not, isnat, DType::Bool)),
            "numpy.isinf" => folded(Val::Bool(false)),
            _ => Err(call.refuse(arg, "a real number")),
        };
    }
    let (d, e) = call.real(0)?;
    match d.kind() {
        Kind::Float => scalar(DType::Bool, call.builtin(vec![e.to(d)], Ty::BOOL)),
        _ if call.row.path == "numpy.signbit" => compare_on(CompareKind::Lt, (&call.arg(0)?.val, e), (&Val::Int(0), Expr::constant(Val::Int(0)))),
        _ => folded(Val::Bool(call.row.path == "numpy.isfinite")),
    }
}

fn reciprocal(call: &Call) -> Typing {
    let (d, e) = call.number(0)?;
    if d.kind() != Kind::Float {
        return Err(call.refuse(call.arg(0)?, "a float"));
    }
    scalar(d, Expr::binary(BinaryKind::TrueDiv, Expr::Const(Val::Int(1), Ty::Scalar(d)), e.to(d), d))
}

fn scaled(call: &Call) -> Typing {
    let d = floating(call.real(0)?.0);
    let factor = match call.row.path {
        "numpy.degrees" | "numpy.rad2deg" => 180.0 / std::f64::consts::PI,
        _ => std::f64::consts::PI / 180.0,
    };
    scalar(d, Expr::binary(BinaryKind::Mul, call.real(0)?.1.to(d), Expr::Const(Val::float(factor), Ty::Scalar(d)), d))
}

fn sign(call: &Call) -> Typing {
    if let Some(d @ DType::TimeDelta(_)) = call.arg(0)?.val.time() {
        return scalar(d, call.builtin(vec![call.arg(0)?.expr.clone()], Ty::Scalar(d)));
    }
    let (d, e) = call.real(0)?;
    if d == DType::Bool {
        return Err(call.refuse(call.arg(0)?, "a number"));
    }
    scalar(d, call.builtin(vec![e.to(d)], Ty::Scalar(d)))
}

fn part(call: &Call) -> Typing {
    let (d, e) = call.number(0)?;
    match (d.is_complex(), call.row.target) {
        (true, name) => scalar(d.part(), Expr::GetAttr(Box::new(e), if name == "real" { "real" } else { "imag" }, Ty::Scalar(d.part()))),
        (false, "real") => scalar(d, e.to(d)),
        (false, _) => scalar(d, Expr::Const(Val::Int(0), Ty::Scalar(d))),
    }
}

fn angle(call: &Call) -> Typing {
    let (d, e) = call.number(0)?;
    if d.is_complex() {
        return scalar(d.part(), call.builtin(vec![e], Ty::Scalar(d.part())));
    }
    let d = floating(d);
    let zero = Expr::Const(Val::Int(0), Ty::Scalar(d));
    computed(Ty::Scalar(d), Expr::builtin("math.atan2", vec![zero, e.to(d)], Ty::Scalar(d)))
}
