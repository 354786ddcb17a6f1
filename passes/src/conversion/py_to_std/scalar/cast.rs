//! Conversions that inference decided on.
use super::{compare, times};
use super::super::{build::{V, Vs}, container::{strings, unions}, cx::{Cx, Res}, flatten::part};
use melior::{dialect::{arith, ods}, ir::{OperationRef, ValueLike}};
use numbra_abi::{DType, dtype::Kind};
use numbra_dialects::py::Ty;
use smallvec::smallvec;

/// `py.cast`
pub fn cast<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, op: OperationRef<'c, 'a>) -> Res<()> {
    let value = cx.operand(op, 0)?;
    let (from, to) = (cx.ty(value)?, cx.result_ty(op, 0)?);
    let v = cx.get(value)?;
    let result = between(cx, &from, &to, v)?;
    cx.set_result(op, result)
}

/// A value as another type.
pub fn between<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, from: &Ty, to: &Ty, v: Vs<'c, 'a>) -> Res<Vs<'c, 'a>> {
    match (from, to) {
        _ if from == to => Ok(v),
        (Ty::Scalar(d), Ty::Scalar(e)) => Ok(scalar(cx, *d, *e, &v)),
        // A tuple and a value of a class with its elements as fields are the same machine values.
        (Ty::Tuple(_) | Ty::Struct(_), Ty::Tuple(_) | Ty::Struct(_)) if from.parts().map(<[Ty]>::len) == to.parts().map(<[Ty]>::len) => {
            let (p, q) = (from.parts().unwrap_or_default(), to.parts().unwrap_or_default());
            let mut out = Vs::new();
            for i in 0..p.len() {
                out.extend(between(cx, &p[i], &q[i], part(p, &v, i).into())?);
            }
            Ok(out)
        }
        (Ty::Literal(text), Ty::Str) => Ok(strings::literal(cx, text)),
        (Ty::Record(a), Ty::Record(b)) if a.id == b.id => Ok(v),
        (Ty::Union(p), Ty::Union(q)) => unions::widen(cx, p, q, &v),
        (_, Ty::Union(q)) => unions::inject(cx, from, q, v),
        // From a more to a less specific type: the machine values are the same.
        (Ty::Array(a), Ty::Array(b)) if a.dtype == b.dtype && a.rank == b.rank => Ok(v),
        (Ty::List(a), Ty::List(b)) if numbra_dialects::py::descriptor(a).is_ok_and(|a| numbra_dialects::py::descriptor(b).is_ok_and(|b| a == b)) => Ok(v),
        (Ty::Range(d), Ty::Range(e)) => Ok(v.iter().map(|x| scalar(cx, *d, *e, &[*x])[0]).collect()),
        _ => cx.unsupported(format!("conversion from {from} to {to}")),
    }
}

/// A scalar as another type: integers wrap, floats to integers truncate (any value where the result does not fit), to bool is "not zero".
pub fn scalar<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, from: DType, to: DType, v: &[V<'c, 'a>]) -> Vs<'c, 'a> {
    if from == to {
        return v.into();
    }
    if to.is_complex() {
        let part = to.part();
        let im = match v.get(1) {
            Some(im) => real(cx, from.part(), part, *im),
            None => cx.b.float(cx.b.t.scalar(part), 0.0),
        };
        return smallvec![real(cx, from.part(), part, v[0]), im];
    }
    if to == DType::Bool {
        return smallvec![compare::nonzero(cx, from, v)];
    }
    smallvec![real(cx, from.part(), to, v[0])]
}

fn real<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, from: DType, to: DType, v: V<'c, 'a>) -> V<'c, 'a> {
    if from.unit().is_some() && to.unit().is_some() {
        return times::convert(cx, from, to, v);
    }
    let (t, loc) = (cx.b.t.scalar(to), cx.b.loc);
    match (from.kind(), to.kind()) {
        (Kind::Float, Kind::Float) if from == to => v,
        (Kind::Float, Kind::Float) if to == DType::Float64 => cx.b.value(arith::extf(v, t, loc)),
        (Kind::Float, Kind::Float) => cx.b.value(arith::truncf(v, t, loc)),
        (Kind::Float, Kind::UInt) => {
            // A negative number wraps as it would by way of int64, as C compilers on this machine and NumPy do.
            let zero = cx.b.float(v.r#type(), 0.0);
            let negative = cx.b.fcmp(arith::CmpfPredicate::Olt, v, zero);
            let signed = cx.b.intrinsic("llvm.fptosi.sat", &[v], cx.b.t.i64);
            let signed = cx.b.resize(signed, t, true);
            let unsigned = cx.b.intrinsic("llvm.fptoui.sat", &[v], t);
            cx.b.select(negative, signed, unsigned)
        }
        (Kind::Float, Kind::DateTime | Kind::TimeDelta) => {
            let wide = real(cx, from, DType::Float64, v);
            times::from_float(cx, wide)
        }
        (Kind::Float, _) => {
            // One instruction, as NumPy's casts: out of range and NaN give some value, which `freeze` keeps from being undefined behaviour.
            let wide = if to.bits() < 32 { cx.b.t.i32 } else { t };
            let converted = cx.b.value(arith::fptosi(v, wide, loc));
            let frozen = cx.b.value(ods::llvm::freeze(cx.b.context, converted, loc));
            cx.b.resize(frozen, t, true)
        }
        (Kind::Int | Kind::DateTime | Kind::TimeDelta, Kind::Float) => match cx.b.known(v) {
            Some(n) => cx.b.float(t, n as f64),
            None => cx.b.value(arith::sitofp(v, t, loc)),
        },
        (_, Kind::Float) => cx.b.value(arith::uitofp(v, t, loc)),
        _ => cx.b.resize(v, t, from.is_signed()),
    }
}
