//! Complex numbers: two floats, real part first.
use super::{compare, math::libm_call};
use super::super::{build::{V, Vs}, builtins::{Call, Table}, cx::{Cx, Res}};
use melior::dialect::arith::{self, CmpfPredicate};
use numbra_abi::{DType, ExceptionKind, dtype::Kind};
use numbra_dialects::py::BinaryKind;
use smallvec::smallvec;

/// The table of this family.
pub const BUILTINS: Table = &[
    ("complex.sqrt", runtime), ("complex.exp", runtime), ("complex.log", runtime), ("complex.sin", runtime), ("complex.cos", runtime),
    ("complex.tan", runtime), ("complex.sinh", runtime), ("complex.cosh", runtime), ("complex.tanh", runtime), ("complex.asin", runtime),
    ("complex.acos", runtime), ("complex.atan", runtime), ("complex.asinh", runtime), ("complex.acosh", runtime), ("complex.atanh", runtime),
    ("complex.pow", runtime), ("complex.conj", conj), ("complex.make", make), ("complex.real", part), ("complex.imag", part), ("complex.phase", phase),
];

/// A binary operator; the exponent of `**` may be an integer.
pub fn binary<'c: 'a, 'a>(
    cx: &mut Cx<'_, 'c, 'a>, kind: BinaryKind, d: DType, a: &[V<'c, 'a>], (e, b): (DType, &[V<'c, 'a>]), known: Option<i64>,
) -> Res<Vs<'c, 'a>> {
    Ok(match kind {
        BinaryKind::Add => smallvec![cx.b.fadd(a[0], b[0]), cx.b.fadd(a[1], b[1])],
        BinaryKind::Sub => smallvec![cx.b.fsub(a[0], b[0]), cx.b.fsub(a[1], b[1])],
        BinaryKind::Mul => multiply(cx, a, b),
        BinaryKind::TrueDiv => {
            if !cx.options.numpy_errors {
                let zero = is_zero(cx, d, b);
                cx.raise_if(zero, ExceptionKind::ZeroDivisionError, "complex division by zero");
            }
            in_double(cx, "nb_cdiv", d, &[a[0], a[1], b[0], b[1]])
        }
        BinaryKind::Pow => {
            if known == Some(2) {
                return Ok(multiply(cx, a, a));
            }
            let t = cx.b.t.scalar(d);
            let loc = cx.b.loc;
            let (re, im) = match e.kind() {
                Kind::Complex => (b[0], b[1]),
                Kind::Float => (b[0], cx.b.float(t, 0.0)),
                Kind::Int => (cx.b.value(arith::sitofp(b[0], t, loc)), cx.b.float(t, 0.0)),
                _ => (cx.b.value(arith::uitofp(b[0], t, loc)), cx.b.float(t, 0.0)),
            };
            if !cx.options.numpy_errors && known.is_none_or(|n| n < 0) {
                let zero = cx.b.float(t, 0.0);
                let base = is_zero(cx, d, a);
                let (negative, imaginary) = (cx.b.fcmp(CmpfPredicate::Olt, re, zero), cx.b.fcmp(CmpfPredicate::Une, im, zero));
                let bad = cx.b.or(negative, imaginary);
                let bad = cx.b.and(base, bad);
                cx.raise_if(bad, ExceptionKind::ZeroDivisionError, "0.0 to a negative or complex power");
            }
            in_double(cx, "nb_cpow", d, &[a[0], a[1], re, im])
        }
        _ => return cx.invalid(format!("operator {} on complex numbers", kind.symbol())),
    })
}

fn multiply<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, a: &[V<'c, 'a>], b: &[V<'c, 'a>]) -> Vs<'c, 'a> {
    let (rr, ii) = (cx.b.fmul(a[0], b[0]), cx.b.fmul(a[1], b[1]));
    let (ri, ir) = (cx.b.fmul(a[0], b[1]), cx.b.fmul(a[1], b[0]));
    smallvec![cx.b.fsub(rr, ii), cx.b.fadd(ri, ir)]
}

fn is_zero<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, d: DType, v: &[V<'c, 'a>]) -> V<'c, 'a> {
    let nonzero = compare::nonzero(cx, d, v);
    cx.b.not(nonzero)
}

// Calls a runtime function, which computes in double.
fn in_double<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, symbol: &str, d: DType, arguments: &[V<'c, 'a>]) -> Vs<'c, 'a> {
    let single = d == DType::Complex64;
    let (f32, f64, loc) = (cx.b.t.f32, cx.b.t.f64, cx.b.loc);
    let arguments: Vs = arguments.iter().map(|v| if single { cx.b.value(arith::extf(*v, f64, loc)) } else { *v }).collect();
    let both = cx.runtime_value(symbol, &arguments);
    (0..2).map(|i| {
        let v = cx.b.extract(both, i, f64);
        if single { cx.b.value(arith::truncf(v, f32, loc)) } else { v }
    }).collect()
}

fn runtime<'c, 'a>(cx: &mut Cx<'_, 'c, 'a>, call: &Call<'c, 'a>) -> Res<Vs<'c, 'a>> {
    let d = call.dtype(cx, 0)?;
    let mut arguments = call.get(cx, 0)?;
    if call.arguments.len() > 1 {
        arguments.extend(call.get(cx, 1)?);
    }
    Ok(in_double(cx, &format!("nb_c{}", call.name()), d, &arguments))
}

fn conj<'c, 'a>(cx: &mut Cx<'_, 'c, 'a>, call: &Call<'c, 'a>) -> Res<Vs<'c, 'a>> {
    let v = call.get(cx, 0)?;
    Ok(smallvec![v[0], cx.b.fneg(v[1])])
}

fn make<'c, 'a>(cx: &mut Cx<'_, 'c, 'a>, call: &Call<'c, 'a>) -> Res<Vs<'c, 'a>> {
    Ok(smallvec![call.get(cx, 0)?[0], call.get(cx, 1)?[0]])
}

fn part<'c, 'a>(cx: &mut Cx<'_, 'c, 'a>, call: &Call<'c, 'a>) -> Res<Vs<'c, 'a>> {
    Ok(smallvec![call.get(cx, 0)?[usize::from(call.name() == "imag")]])
}

fn phase<'c, 'a>(cx: &mut Cx<'_, 'c, 'a>, call: &Call<'c, 'a>) -> Res<Vs<'c, 'a>> {
    let d = call.dtype(cx, 0)?.part();
    let v = call.get(cx, 0)?;
    Ok(smallvec![libm_call(cx, "atan2", d, &[v[1], v[0]])])
}
