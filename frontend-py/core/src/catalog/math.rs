//! The module `math`. Arguments become float64, as in Python; results follow IEEE 754 where Python would raise (`math.sqrt(-1.0)` is NaN).
use super::{Call, Row, row};
use crate::infer::{
    arithmetic::{binary_on, elements, unary_on},
    expr::{Expr, Typing, computed, folded, scalar},
    problem::Problem,
    val::Val,
};
use numbra_abi::DType;
use numbra_dialects::{Code, py::{BinaryKind, CompareKind, Ty, UnaryKind}};

pub(super) const ROWS: &[Row] = &[
    row("math.acos", "x, /", "math.acos", float1),
    row("math.acosh", "x, /", "math.acosh", float1),
    row("math.asin", "x, /", "math.asin", float1),
    row("math.asinh", "x, /", "math.asinh", float1),
    row("math.atan", "x, /", "math.atan", float1),
    row("math.atan2", "y, x, /", "math.atan2", float2),
    row("math.atanh", "x, /", "math.atanh", float1),
    row("math.cbrt", "x, /", "math.cbrt", float1),
    row("math.ceil", "x, /", "math.ceil", integral),
    row("math.copysign", "x, y, /", "math.copysign", float2),
    row("math.cos", "x, /", "math.cos", float1),
    row("math.cosh", "x, /", "math.cosh", float1),
    row("math.degrees", "x, /", "", scaled),
    row("math.dist", "p, q, /", "math.hypot", dist),
    row("math.erf", "x, /", "math.erf", float1),
    row("math.erfc", "x, /", "math.erfc", float1),
    row("math.exp", "x, /", "math.exp", float1),
    row("math.exp2", "x, /", "math.exp2", float1),
    row("math.expm1", "x, /", "math.expm1", float1),
    row("math.fabs", "x, /", "math.fabs", float1),
    row("math.floor", "x, /", "math.floor", integral),
    row("math.fmod", "x, y, /", "math.fmod", float2),
    row("math.frexp", "x, /", "math.frexp", frexp),
    row("math.gamma", "x, /", "math.gamma", float1),
    row("math.gcd", "*integers", "math.gcd", gcd),
    row("math.hypot", "*coordinates", "math.hypot", hypot),
    row("math.isclose", "a, b, rel_tol=1e-09, abs_tol=0.0", "", isclose),
    row("math.isfinite", "x, /", "math.isfinite", classify),
    row("math.isinf", "x, /", "math.isinf", classify),
    row("math.isnan", "x, /", "math.isnan", classify),
    row("math.lcm", "*integers", "math.gcd", lcm),
    row("math.ldexp", "x, i, /", "math.ldexp", ldexp),
    row("math.lgamma", "x, /", "math.lgamma", float1),
    row("math.log", "x, base=None, /", "math.log", log),
    row("math.log10", "x, /", "math.log10", float1),
    row("math.log1p", "x, /", "math.log1p", float1),
    row("math.log2", "x, /", "math.log2", float1),
    row("math.modf", "x, /", "math.modf", modf),
    row("math.nextafter", "x, y, /", "math.nextafter", float2),
    row("math.pow", "x, y, /", "math.pow", float2),
    row("math.prod", "iterable, /, start=1", "", prod),
    row("math.radians", "x, /", "", scaled),
    row("math.remainder", "x, y, /", "math.remainder", float2),
    row("math.sin", "x, /", "math.sin", float1),
    row("math.sinh", "x, /", "math.sinh", float1),
    row("math.sqrt", "x, /", "math.sqrt", float1),
    row("math.tan", "x, /", "math.tan", float1),
    row("math.tanh", "x, /", "math.tanh", float1),
    row("math.trunc", "x, /", "math.trunc", integral),
];

const F: DType = DType::Float64;

fn float(call: &Call, i: usize) -> Result<Expr, Box<Problem>> {
    Ok(call.real(i)?.1.to(F))
}

fn float1(call: &Call) -> Typing {
    scalar(F, call.builtin(vec![float(call, 0)?], Ty::FLOAT))
}

fn float2(call: &Call) -> Typing {
    scalar(F, call.builtin(vec![float(call, 0)?, float(call, 1)?], Ty::FLOAT))
}

fn integral(call: &Call) -> Typing {
    let (d, e) = call.real(0)?;
    if !d.is_float() {
        return unary_on(UnaryKind::Pos, &call.arg(0)?.val, e);
    }
    scalar(DType::Int64, call.builtin(vec![e.to(F)], Ty::FLOAT).to(DType::Int64))
}

fn scaled(call: &Call) -> Typing {
    let factor = if call.row.path.ends_with("degrees") { 180.0 / std::f64::consts::PI } else { std::f64::consts::PI / 180.0 };
    scalar(F, Expr::binary(BinaryKind::Mul, float(call, 0)?, Expr::constant(Val::float(factor)), F))
}

fn classify(call: &Call) -> Typing {
    let (d, e) = call.real(0)?;
    if !d.is_float() {
        return folded(Val::Bool(call.row.path == "math.isfinite"));
    }
    scalar(DType::Bool, call.builtin(vec![e.to(d)], Ty::BOOL))
}

fn frexp(call: &Call) -> Typing {
    let t = Ty::tuple([Ty::FLOAT, Ty::INT]);
    computed(t.clone(), call.builtin(vec![float(call, 0)?], t))
}

fn modf(call: &Call) -> Typing {
    let t = Ty::tuple([Ty::FLOAT, Ty::FLOAT]);
    computed(t.clone(), call.builtin(vec![float(call, 0)?], t))
}

fn ldexp(call: &Call) -> Typing {
    let i = call.integer(1)?.1.to(DType::Int64);
    scalar(F, call.builtin(vec![float(call, 0)?, i], Ty::FLOAT))
}

fn log(call: &Call) -> Typing {
    let ln = |e| Expr::builtin("math.log", vec![e], Ty::FLOAT);
    let x = ln(float(call, 0)?);
    match call.optional(1) {
        Some(_) => scalar(F, Expr::binary(BinaryKind::TrueDiv, x, ln(float(call, 1)?), F)),
        None => scalar(F, x),
    }
}

fn integers(call: &Call) -> Result<Vec<Expr>, Box<Problem>> {
    call.rest.iter().map(|a| match a.val.dtype() {
        Some(d) if d.is_integer() || d == DType::Bool => Ok(a.expr.clone().to(DType::Int64)),
        _ => Err(call.refuse(a, "integers")),
    }).collect()
}

fn gcd2(a: Expr, b: Expr) -> Expr {
    Expr::builtin("math.gcd", vec![a, b], Ty::INT)
}

fn gcd(call: &Call) -> Typing {
    scalar(DType::Int64, integers(call)?.into_iter().fold(Expr::constant(Val::Int(0)), gcd2))
}

fn lcm(call: &Call) -> Typing {
    let int = |kind, a, b| Expr::binary(kind, a, b, DType::Int64);
    // The greatest common divisor is 0 only when both are; then so is the result.
    let lcm2 = |a: Expr, b: Expr| {
        let divisor = Expr::builtin("max", vec![gcd2(a.clone(), b.clone()), Expr::constant(Val::Int(1))], Ty::INT);
        Expr::builtin("abs", vec![int(BinaryKind::Mul, int(BinaryKind::FloorDiv, a, divisor), b)], Ty::INT)
    };
    let integers = integers(call)?;
    // Each step names its operands several times.
    if integers.len() > 3 {
        return Err(Problem::new(Code::NB0201, "`math.lcm` of more than 3 integers is not supported").help("nest the calls"));
    }
    scalar(DType::Int64, integers.into_iter().fold(Expr::constant(Val::Int(1)), lcm2))
}

fn prod(call: &Call) -> Typing {
    let arg = call.arg(0)?;
    let start = call.optional(1).map_or((Val::Int(1), Expr::constant(Val::Int(1))), |a| (a.val.clone(), a.expr.clone()));
    let (parts, exprs): (Vec<Val>, Vec<Expr>) = match &arg.val {
        Val::Tuple(parts) => (parts.to_vec(), elements(&arg.expr, parts).collect()),
        Val::Of(Ty::Array(a)) if a.rank == 1 => {
            let t = Ty::Scalar(super::reductions::wide(a.dtype));
            (vec![Val::Of(t.clone())], vec![Expr::builtin("numpy.prod", vec![arg.expr.clone()], t)])
        }
        _ => return Err(call.refuse(arg, "a tuple or a 1-dimensional array").help("write the loop")),
    };
    let mut total = start;
    for (v, e) in parts.iter().zip(exprs) {
        let next = binary_on(BinaryKind::Mul, (&total.0, total.1), (v, e)).map_err(|p| p.at(arg.position))?;
        let expr = next.whole();
        total = (next.val, expr);
    }
    if total.0.is_static() { folded(total.0) } else { computed(total.0, total.1) }
}

fn hypot2(a: Expr, b: Expr) -> Expr {
    Expr::builtin("math.hypot", vec![a, b], Ty::FLOAT)
}

fn hypot(call: &Call) -> Typing {
    let mut parts = vec![];
    for a in &call.rest {
        match a.val.dtype() {
            Some(d) if !d.is_complex() => parts.push(a.expr.clone().to(F)),
            _ => return Err(call.refuse(a, "real numbers")),
        }
    }
    let zero = Expr::constant(Val::float(0.0));
    let mut parts = parts.into_iter();
    match (parts.next(), parts.next()) {
        (None, _) => folded(Val::float(0.0)),
        (Some(x), None) => scalar(F, hypot2(x, zero)),
        (Some(x), Some(y)) => scalar(F, parts.fold(hypot2(x, y), hypot2)),
    }
}

fn dist(call: &Call) -> Typing {
    let (p, q) = (call.arg(0)?, call.arg(1)?);
    let (Val::Tuple(x), Val::Tuple(y)) = (&p.val, &q.val) else {
        return Err(call.refuse(if matches!(p.val, Val::Tuple(_)) { q } else { p }, "two tuples"));
    };
    if x.len() != y.len() || x.is_empty() {
        return Err(Problem::new(Code::NB0201, "`math.dist` takes two tuples of the same length, at least 1").at(q.position));
    }
    let mut total: Option<Expr> = None;
    for ((a, ea), (b, eb)) in x.iter().zip(elements(&p.expr, x)).zip(y.iter().zip(elements(&q.expr, y))) {
        let difference = binary_on(BinaryKind::Sub, (a, ea), (b, eb)).map_err(|e| e.at(p.position))?;
        if difference.val.dtype().is_none_or(DType::is_complex) {
            return Err(call.refuse(p, "tuples of real numbers"));
        }
        let e = difference.whole().to(F);
        total = Some(match total {
            Some(t) => hypot2(t, e),
            None => Expr::builtin("math.fabs", vec![e], Ty::FLOAT),
        });
    }
    scalar(F, total.unwrap_or_else(|| Expr::constant(Val::float(0.0))))
}

fn isclose(call: &Call) -> Typing {
    let (a, b) = (float(call, 0)?, float(call, 1)?);
    let tolerance = |i: usize, default: f64| if call.args[i].is_some() { float(call, i) } else { Ok(Expr::constant(Val::float(default))) };
    let (relative, absolute) = (tolerance(2, 1e-9)?, tolerance(3, 0.0)?);
    let f1 = |path, e| Expr::builtin(path, vec![e], Ty::FLOAT);
    let max = |a, b| Expr::builtin("max", vec![a, b], Ty::FLOAT);
    let both = |a, b| Expr::binary(BinaryKind::And, a, b, DType::Bool);
    let difference = f1("math.fabs", Expr::binary(BinaryKind::Sub, a.clone(), b.clone(), F));
    let magnitude = max(f1("math.fabs", a.clone()), f1("math.fabs", b.clone()));
    let bound = max(Expr::binary(BinaryKind::Mul, relative, magnitude.clone(), F), absolute);
    let finite = Expr::builtin("math.isfinite", vec![magnitude], Ty::BOOL);
    let near = both(finite, Expr::compare(CompareKind::Le, difference, bound));
    scalar(DType::Bool, Expr::binary(BinaryKind::Or, Expr::compare(CompareKind::Eq, a, b), near, DType::Bool))
}
