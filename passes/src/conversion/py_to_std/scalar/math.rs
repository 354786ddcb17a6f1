//! `math.*` on floats: IEEE results, no exceptions.
//!
//! What the processor does itself are LLVM intrinsics; the rest are calls of the C library, which LLVM replaces by vector functions in loops.
use super::super::{build::{V, Vs}, builtins::{Call, Table}, cx::{Cx, Res}};
use melior::{dialect::arith::{self, CmpfPredicate, CmpiPredicate}, ir::ValueLike};
use numbra_abi::DType;
use smallvec::smallvec;

/// The table of this family.
pub const BUILTINS: Table = &[
    ("math.sqrt", intrinsic), ("math.ceil", intrinsic), ("math.floor", intrinsic), ("math.trunc", intrinsic), ("math.rint", intrinsic),
    ("math.fabs", intrinsic), ("math.copysign", intrinsic),
    ("math.exp", libm), ("math.exp2", libm), ("math.expm1", libm), ("math.log", libm), ("math.log2", libm), ("math.log10", libm), ("math.log1p", libm),
    ("math.sin", libm), ("math.cos", libm), ("math.tan", libm), ("math.asin", libm), ("math.acos", libm), ("math.atan", libm),
    ("math.sinh", libm), ("math.cosh", libm), ("math.tanh", libm), ("math.asinh", libm), ("math.acosh", libm), ("math.atanh", libm),
    ("math.erf", libm), ("math.erfc", libm), ("math.cbrt", libm),
    ("math.atan2", libm), ("math.hypot", libm), ("math.fmod", fmod), ("math.pow", libm), ("math.nextafter", libm), ("math.remainder", libm),
    ("math.gamma", runtime), ("math.lgamma", runtime), ("math.ldexp", ldexp), ("math.frexp", pair), ("math.modf", pair),
    ("math.isnan", classify), ("math.isinf", classify), ("math.isfinite", classify), ("math.signbit", classify),
    ("math.gcd", gcd),
];

fn intrinsic<'c, 'a>(cx: &mut Cx<'_, 'c, 'a>, call: &Call<'c, 'a>) -> Res<Vs<'c, 'a>> {
    let mut arguments = call.get(cx, 0)?;
    if call.arguments.len() > 1 {
        arguments.extend(call.get(cx, 1)?);
    }
    let t = arguments[0].r#type();
    Ok(smallvec![cx.b.intrinsic(&format!("llvm.{}", call.name()), &arguments, t)])
}

fn libm<'c, 'a>(cx: &mut Cx<'_, 'c, 'a>, call: &Call<'c, 'a>) -> Res<Vs<'c, 'a>> {
    let mut arguments = call.get(cx, 0)?;
    if call.arguments.len() > 1 {
        arguments.extend(call.get(cx, 1)?);
    }
    let d = call.dtype(cx, 0)?;
    Ok(smallvec![libm_call(cx, call.name(), d, &arguments)])
}

/// Calls a function of the C library.
pub fn libm_call<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, name: &str, d: DType, arguments: &[V<'c, 'a>]) -> V<'c, 'a> {
    let single = d == DType::Float32;
    let symbol = cx.module.elementary(name, single).unwrap_or_else(|| cx.module.declare_libm(name, arguments.len(), single));
    let t = cx.b.t.scalar(d);
    match cx.b.call(&symbol, arguments, Some(t)) {
        Some(v) => v,
        None => arguments[0],
    }
}

fn fmod<'c, 'a>(cx: &mut Cx<'_, 'c, 'a>, call: &Call<'c, 'a>) -> Res<Vs<'c, 'a>> {
    let (a, b) = (call.get(cx, 0)?[0], call.get(cx, 1)?[0]);
    Ok(smallvec![cx.b.frem(a, b)])
}

// A runtime function computes in double.
fn widen<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, v: V<'c, 'a>) -> V<'c, 'a> {
    let (t, loc) = (cx.b.t.f64, cx.b.loc);
    if v.r#type() == t { v } else { cx.b.value(arith::extf(v, t, loc)) }
}

fn narrow<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, v: V<'c, 'a>, d: DType) -> V<'c, 'a> {
    let (t, loc) = (cx.b.t.f32, cx.b.loc);
    if d.part() == DType::Float32 { cx.b.value(arith::truncf(v, t, loc)) } else { v }
}

fn runtime<'c, 'a>(cx: &mut Cx<'_, 'c, 'a>, call: &Call<'c, 'a>) -> Res<Vs<'c, 'a>> {
    let d = call.dtype(cx, 0)?;
    let v = call.get(cx, 0)?[0];
    let wide = widen(cx, v);
    let v = cx.runtime_value(&format!("nb_{}", call.name()), &[wide]);
    Ok(smallvec![narrow(cx, v, d)])
}

fn ldexp<'c, 'a>(cx: &mut Cx<'_, 'c, 'a>, call: &Call<'c, 'a>) -> Res<Vs<'c, 'a>> {
    let d = call.dtype(cx, 0)?;
    let (v, exponent) = (call.get(cx, 0)?[0], call.get(cx, 1)?[0]);
    let wide = widen(cx, v);
    let v = cx.runtime_value("nb_ldexp", &[wide, exponent]);
    Ok(smallvec![narrow(cx, v, d)])
}

fn pair<'c, 'a>(cx: &mut Cx<'_, 'c, 'a>, call: &Call<'c, 'a>) -> Res<Vs<'c, 'a>> {
    let d = call.dtype(cx, 0)?;
    let v = call.get(cx, 0)?[0];
    let wide = widen(cx, v);
    let both = cx.runtime_value(&format!("nb_{}", call.name()), &[wide]);
    let (first, second) = (cx.b.extract(both, 0, cx.b.t.f64), cx.b.extract(both, 1, cx.b.t.f64));
    let first = narrow(cx, first, d);
    let (i64, loc) = (cx.b.t.i64, cx.b.loc);
    let second = if call.name() == "frexp" { cx.b.value(arith::fptosi(second, i64, loc)) } else { narrow(cx, second, d) };
    Ok(smallvec![first, second])
}

fn classify<'c, 'a>(cx: &mut Cx<'_, 'c, 'a>, call: &Call<'c, 'a>) -> Res<Vs<'c, 'a>> {
    let v = call.get(cx, 0)?[0];
    let t = v.r#type();
    // These questions are about the bits: they hold under fast-math flags too.
    let flags = std::mem::take(&mut cx.b.fast.arith);
    let result = match call.name() {
        "isnan" => cx.b.fcmp(CmpfPredicate::Uno, v, v),
        "signbit" => {
            let (bits, loc) = (if t == cx.b.t.f32 { cx.b.t.i32 } else { cx.b.t.i64 }, cx.b.loc);
            let raw = cx.b.value(arith::bitcast(v, bits, loc));
            let zero = cx.b.int(bits, 0);
            cx.b.cmp(CmpiPredicate::Slt, raw, zero)
        }
        name => {
            let size = cx.b.intrinsic("llvm.fabs", &[v], t);
            let infinity = cx.b.float(t, f64::INFINITY);
            cx.b.fcmp(if name == "isinf" { CmpfPredicate::Oeq } else { CmpfPredicate::Olt }, size, infinity)
        }
    };
    cx.b.fast.arith = flags;
    Ok(smallvec![result])
}

fn gcd<'c, 'a>(cx: &mut Cx<'_, 'c, 'a>, call: &Call<'c, 'a>) -> Res<Vs<'c, 'a>> {
    let (a, b) = (call.get(cx, 0)?[0], call.get(cx, 1)?[0]);
    Ok(smallvec![cx.runtime_value("nb_gcd", &[a, b])])
}
