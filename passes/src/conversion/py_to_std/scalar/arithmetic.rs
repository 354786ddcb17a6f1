//! Unary and binary operators on scalars: routed by the kind of the type computed in.
use super::{compare, complex, floats, integers};
use super::super::{build::{V, Vs}, cx::{Cx, Res}};
use melior::ir::{OperationRef, operation::OperationLike};
use numbra_abi::{DType, dtype::Kind};
use numbra_dialects::py::{BinaryKind, UnaryKind};
use smallvec::smallvec;

/// `py.unary`
pub fn unary<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, op: OperationRef<'c, 'a>) -> Res<()> {
    let Some(kind) = op.attribute("kind").ok().and_then(UnaryKind::of) else { return cx.invalid("unary operator without a kind") };
    let operand = cx.operand(op, 0)?;
    let ty = cx.ty(operand)?;
    if kind == UnaryKind::Not {
        let truth = compare::truth_of(cx, operand)?;
        let v = cx.b.not(truth);
        return cx.set_result(op, smallvec![v]);
    }
    let Some(d) = ty.scalar() else { return cx.unsupported(format!("operator {} on {ty}", kind.symbol())) };
    let v = cx.get(operand)?;
    let result: Vs = match (kind, d.kind()) {
        (UnaryKind::Pos, _) => v,
        (UnaryKind::Neg, Kind::Float | Kind::Complex) => v.iter().map(|x| cx.b.fneg(*x)).collect(),
        (UnaryKind::Neg, _) => {
            let zero = cx.b.int(cx.b.t.scalar(d), 0);
            smallvec![cx.b.sub(zero, v[0])]
        }
        (UnaryKind::Invert, Kind::Int | Kind::UInt | Kind::Bool) => {
            let ones = cx.b.int(cx.b.t.scalar(d), -1);
            smallvec![cx.b.xor(v[0], ones)]
        }
        _ => return cx.unsupported(format!("operator {} on {ty}", kind.symbol())),
    };
    cx.set_result(op, result)
}

/// `py.binary`
pub fn binary<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, op: OperationRef<'c, 'a>) -> Res<()> {
    let Some(kind) = op.attribute("kind").ok().and_then(BinaryKind::of) else { return cx.invalid("binary operator without a kind") };
    let (lhs, rhs) = (cx.operand(op, 0)?, cx.operand(op, 1)?);
    let (lt, rt) = (cx.ty(lhs)?, cx.ty(rhs)?);
    let (Some(d), Some(e)) = (lt.scalar(), rt.scalar()) else { return cx.unsupported(format!("operator {} on {lt} and {rt}", kind.symbol())) };
    let (a, b) = (cx.get(lhs)?, cx.get(rhs)?);
    let known = cx.const_int(rhs);
    let result: Vs = match d.kind() {
        _ if d != e && kind != BinaryKind::Pow => return cx.invalid(format!("operator {} on {lt} and {rt}", kind.symbol())),
        Kind::Bool => smallvec![bools(cx, kind, a[0], b[0])?],
        Kind::Int | Kind::UInt if d != e => return cx.invalid(format!("operator ** on {lt} and {rt}")),
        Kind::Int | Kind::UInt => smallvec![integers::binary(cx, kind, d, a[0], b[0], known)?],
        // Integers divide as floats, but with their own error text.
        Kind::Float if kind == BinaryKind::TrueDiv && op.attribute("py.integers").is_ok() => {
            floats::check_divisor(cx, b[0], "division by zero");
            smallvec![cx.b.fdiv(a[0], b[0])]
        }
        Kind::Float => smallvec![floats::binary(cx, kind, d, a[0], (e, b[0]), known)?],
        Kind::Complex => complex::binary(cx, kind, d, &a, (e, &b), known)?,
        Kind::DateTime | Kind::TimeDelta | Kind::Record => return cx.invalid(format!("operator {} on {lt}", kind.symbol())),
    };
    cx.set_result(op, result)
}

fn bools<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, kind: BinaryKind, a: V<'c, 'a>, b: V<'c, 'a>) -> Res<V<'c, 'a>> {
    Ok(match kind {
        BinaryKind::And => cx.b.and(a, b),
        BinaryKind::Or => cx.b.or(a, b),
        BinaryKind::Xor => cx.b.xor(a, b),
        _ => return cx.invalid(format!("operator {} on bools", kind.symbol())),
    })
}

/// The remainder and quotient together: `divmod`.
pub fn divmod<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, d: DType, a: V<'c, 'a>, b: V<'c, 'a>, known: Option<i64>) -> Res<Vs<'c, 'a>> {
    match d.kind() {
        Kind::Float => {
            floats::check_divisor(cx, b, "float divmod()");
            let (q, r) = floats::floor_divide(cx, d, a, b);
            Ok(smallvec![q, r])
        }
        _ => {
            let (q, r) = integers::floor_divide(cx, d, a, b, known, "integer division or modulo by zero");
            Ok(smallvec![q, r])
        }
    }
}
