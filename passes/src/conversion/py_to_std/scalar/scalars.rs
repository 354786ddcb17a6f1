//! Library functions on scalars that are not `math.*`: `abs`, `min`, `max`, `round`, `divmod`, `pow` with three arguments, `numpy.sign`, mixed comparisons.
use super::{arithmetic, compare, integers, math::libm_call, times};
use super::super::{array::elementwise, build::{V, Vs}, builtins::{Call, Table}, cx::{Cx, Res}};
use melior::{dialect::arith::{self, CmpfPredicate}, ir::ValueLike};
use numbra_abi::{DType, ExceptionKind, dtype::Kind};
use numbra_dialects::py::{CompareKind, Ty};
use smallvec::smallvec;

/// The table of this family.
pub const BUILTINS: Table = &[
    ("abs", abs), ("min", choose), ("max", choose), ("numpy.minimum", propagate), ("numpy.maximum", propagate), ("numpy.fmin", ignore), ("numpy.fmax", ignore),
    ("numpy.sign", sign), ("round", round), ("round.digits", round_digits), ("divmod", divmod), ("pow.mod", pow_mod), ("bits", bits),
    ("compare_mixed.lt", mixed), ("compare_mixed.le", mixed), ("compare_mixed.eq", mixed), ("compare_mixed.ne", mixed), ("compare_mixed.gt", mixed),
    ("compare_mixed.ge", mixed),
];

fn bits<'c, 'a>(cx: &mut Cx<'_, 'c, 'a>, call: &Call<'c, 'a>) -> Res<Vs<'c, 'a>> {
    let v = call.get(cx, 0)?[0];
    let Ty::Scalar(d) = call.result else { return cx.invalid("the bits of a number as something else") };
    let t = cx.b.t.scalar(d);
    let loc = cx.b.loc;
    Ok(smallvec![if v.r#type() == t { v } else { cx.b.value(arith::bitcast(v, t, loc)) }])
}

fn abs<'c, 'a>(cx: &mut Cx<'_, 'c, 'a>, call: &Call<'c, 'a>) -> Res<Vs<'c, 'a>> {
    let d = call.dtype(cx, 0)?;
    let v = call.get(cx, 0)?;
    Ok(smallvec![match d.kind() {
        Kind::Complex => libm_call(cx, "hypot", d.part(), &v),
        Kind::Float => {
            let t = v[0].r#type();
            cx.b.intrinsic("llvm.fabs", &v, t)
        }
        _ => integers::abs(cx, d, v[0]),
    }])
}

// Python's rule: the second only if it is smaller (larger).
fn choose<'c, 'a>(cx: &mut Cx<'_, 'c, 'a>, call: &Call<'c, 'a>) -> Res<Vs<'c, 'a>> {
    let d = call.dtype(cx, 0)?;
    let (a, b) = (call.get(cx, 0)?, call.get(cx, 1)?);
    let kind = if call.name() == "min" { CompareKind::Lt } else { CompareKind::Gt };
    let second = compare::scalars(cx, kind, d, &b, &a)?;
    Ok(a.iter().zip(&b).map(|(x, y)| cx.b.select(second, *y, *x)).collect())
}

// NaN wins.
fn propagate<'c, 'a>(cx: &mut Cx<'_, 'c, 'a>, call: &Call<'c, 'a>) -> Res<Vs<'c, 'a>> {
    let d = call.dtype(cx, 0)?;
    let (a, b) = (call.get(cx, 0)?[0], call.get(cx, 1)?[0]);
    Ok(smallvec![extremum(cx, d, call.name() == "maximum", a, b)?])
}

/// The smaller or larger number; NaN if one is NaN; either of two zeros.
pub fn extremum<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, d: DType, larger: bool, a: V<'c, 'a>, b: V<'c, 'a>) -> Res<V<'c, 'a>> {
    if d.kind() == Kind::Float {
        return Ok(elementwise::nan_extremum(cx, larger, a, b));
    }
    let kind = if larger { CompareKind::Ge } else { CompareKind::Le };
    let first = compare::scalars(cx, kind, d, &[a], &[b])?;
    if d.unit().is_none() {
        return Ok(cx.b.select(first, a, b));
    }
    let nat = times::is_nat(cx, a);
    let first = cx.b.or(first, nat);
    Ok(cx.b.select(first, a, b))
}

// NaN loses.
fn ignore<'c, 'a>(cx: &mut Cx<'_, 'c, 'a>, call: &Call<'c, 'a>) -> Res<Vs<'c, 'a>> {
    let d = call.dtype(cx, 0)?;
    let (a, b) = (call.get(cx, 0)?[0], call.get(cx, 1)?[0]);
    if d.kind() == Kind::Float {
        let better = if call.name() == "fmax" { CmpfPredicate::Ogt } else { CmpfPredicate::Olt };
        let (better, nan) = (cx.b.fcmp(better, b, a), cx.b.fcmp(CmpfPredicate::Uno, a, a));
        let second = cx.b.or(better, nan);
        return Ok(smallvec![cx.b.select(second, b, a)]);
    }
    let kind = if call.name() == "fmax" { CompareKind::Ge } else { CompareKind::Le };
    let mut first = compare::scalars(cx, kind, d, &[a], &[b])?;
    if d.unit().is_some() {
        let nat = times::is_nat(cx, b);
        first = cx.b.or(first, nat);
    }
    Ok(smallvec![cx.b.select(first, a, b)])
}

fn sign<'c, 'a>(cx: &mut Cx<'_, 'c, 'a>, call: &Call<'c, 'a>) -> Res<Vs<'c, 'a>> {
    let d = call.dtype(cx, 0)?;
    if d.is_complex() || d == DType::Bool {
        return cx.unsupported(format!("numpy.sign of {}", d.name()));
    }
    let v = call.get(cx, 0)?;
    // NumPy compares the counts, so that the sign of NaT is -1.
    let d = if d.unit().is_some() { DType::Int64 } else { d };
    let t = v[0].r#type();
    let (zero, one, minus) = (cx.b.number(t, 0), cx.b.number(t, 1), cx.b.number(t, -1));
    let (above, below) = (compare::scalars(cx, CompareKind::Gt, d, &v, &[zero])?, compare::scalars(cx, CompareKind::Lt, d, &v, &[zero])?);
    // Neither above nor below: zero, or NaN.
    let rest = if d.is_float() { cx.b.fadd(v[0], zero) } else { zero };
    let low = cx.b.select(below, minus, rest);
    Ok(smallvec![cx.b.select(above, one, low)])
}

fn round<'c, 'a>(cx: &mut Cx<'_, 'c, 'a>, call: &Call<'c, 'a>) -> Res<Vs<'c, 'a>> {
    let v = call.get(cx, 0)?;
    let t = v[0].r#type();
    Ok(smallvec![cx.b.intrinsic("llvm.roundeven", &v, t)])
}

fn round_digits<'c, 'a>(cx: &mut Cx<'_, 'c, 'a>, call: &Call<'c, 'a>) -> Res<Vs<'c, 'a>> {
    let (v, digits) = (call.get(cx, 0)?[0], call.get(cx, 1)?[0]);
    let site = cx.site(ExceptionKind::OverflowError, Some("rounded value too large to represent"));
    Ok(smallvec![cx.runtime_value("nb_round_digits", &[site, v, digits])])
}

fn divmod<'c, 'a>(cx: &mut Cx<'_, 'c, 'a>, call: &Call<'c, 'a>) -> Res<Vs<'c, 'a>> {
    let d = call.dtype(cx, 0)?;
    let (a, b) = (call.get(cx, 0)?[0], call.get(cx, 1)?[0]);
    let known = cx.const_int(call.arguments[1]);
    arithmetic::divmod(cx, d, a, b, known)
}

fn pow_mod<'c, 'a>(cx: &mut Cx<'_, 'c, 'a>, call: &Call<'c, 'a>) -> Res<Vs<'c, 'a>> {
    let site = cx.site(ExceptionKind::ValueError, Some("pow() 3rd argument cannot be 0"));
    let (a, b, m) = (call.get(cx, 0)?[0], call.get(cx, 1)?[0], call.get(cx, 2)?[0]);
    Ok(smallvec![cx.runtime_value("nb_pow_mod", &[site, a, b, m])])
}

fn mixed<'c, 'a>(cx: &mut Cx<'_, 'c, 'a>, call: &Call<'c, 'a>) -> Res<Vs<'c, 'a>> {
    let kind = match call.name() {
        "lt" => CompareKind::Lt,
        "le" => CompareKind::Le,
        "eq" => CompareKind::Eq,
        "ne" => CompareKind::Ne,
        "gt" => CompareKind::Gt,
        _ => CompareKind::Ge,
    };
    let signed_first = call.dtype(cx, 0)?.is_signed();
    let (a, b) = (call.get(cx, 0)?[0], call.get(cx, 1)?[0]);
    Ok(smallvec![compare::mixed(cx, kind, signed_first, a, b)?])
}
