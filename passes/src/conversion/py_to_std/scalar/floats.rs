//! Float operators: IEEE, with Python's `//`, `%` and its errors.
use super::elementary::MOST_EXPONENT;
use super::super::{build::V, cx::{Cx, Res}};
use melior::{dialect::arith::{self, CmpfPredicate}, ir::ValueLike};
use numbra_abi::{DType, ExceptionKind};
use numbra_dialects::py::BinaryKind;

/// A binary operator on floats of one type; the exponent of `**` may be an integer. `known` is the right operand if it is a constant integer.
pub fn binary<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, kind: BinaryKind, d: DType, a: V<'c, 'a>, (e, b): (DType, V<'c, 'a>), known: Option<i64>) -> Res<V<'c, 'a>> {
    Ok(match kind {
        BinaryKind::Add => cx.b.fadd(a, b),
        BinaryKind::Sub => cx.b.fsub(a, b),
        BinaryKind::Mul => cx.b.fmul(a, b),
        BinaryKind::TrueDiv => {
            check_divisor(cx, b, "float division by zero");
            cx.b.fdiv(a, b)
        }
        BinaryKind::FloorDiv => {
            check_divisor(cx, b, "float floor division by zero");
            floor_divide(cx, d, a, b).0
        }
        BinaryKind::Mod => {
            check_divisor(cx, b, "float modulo");
            floor_divide(cx, d, a, b).1
        }
        BinaryKind::Pow => power(cx, d, a, (e, b), known),
        _ => return cx.invalid(format!("operator {} on floats", kind.symbol())),
    })
}

/// Raises ZeroDivisionError for a zero divisor, unless the error model is NumPy's.
pub fn check_divisor<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, b: V<'c, 'a>, message: &str) {
    if cx.options.numpy_errors || constant_float(cx, b).is_some_and(|x| x != 0.0) {
        return;
    }
    let zero = cx.b.float(b.r#type(), 0.0);
    let is_zero = cx.b.fcmp(CmpfPredicate::Oeq, b, zero);
    cx.raise_if(is_zero, ExceptionKind::ZeroDivisionError, message);
}

fn constant_float<'c: 'a, 'a>(_: &Cx<'_, 'c, 'a>, v: V<'c, 'a>) -> Option<f64> {
    use melior::ir::{attribute::FloatAttribute, operation::{OperationLike, OperationResult}};
    let op = OperationResult::try_from(v).ok()?.owner();
    FloatAttribute::try_from(op.attribute("value").ok()?).ok().map(|f| f.value())
}

/// Quotient and remainder as CPython computes them: the remainder has the sign of the divisor, the quotient is a whole number.
pub fn floor_divide<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, d: DType, a: V<'c, 'a>, b: V<'c, 'a>) -> (V<'c, 'a>, V<'c, 'a>) {
    let t = cx.b.t.scalar(d);
    let (zero, half, one) = (cx.b.float(t, 0.0), cx.b.float(t, 0.5), cx.b.float(t, 1.0));
    let raw = cx.b.frem(a, b);
    let difference = cx.b.fsub(a, raw);
    let exact = cx.b.fdiv(difference, b);
    let is_zero = cx.b.fcmp(CmpfPredicate::Oeq, raw, zero);
    let (b_negative, raw_negative) = (cx.b.fcmp(CmpfPredicate::Olt, b, zero), cx.b.fcmp(CmpfPredicate::Olt, raw, zero));
    let differ = cx.b.xor(b_negative, raw_negative);
    let signed_zero = cx.b.intrinsic("llvm.copysign", &[zero, b], t);
    let (moved, lower) = (cx.b.fadd(raw, b), cx.b.fsub(exact, one));
    let adjusted = cx.b.select(differ, moved, raw);
    let remainder = cx.b.select(is_zero, signed_zero, adjusted);
    let nonzero = cx.b.not(is_zero);
    let adjust = cx.b.and(nonzero, differ);
    let quotient = cx.b.select(adjust, lower, exact);
    // The division is not exact: snap to the nearest whole number.
    let floor = cx.b.intrinsic("llvm.floor", &[quotient], t);
    let rest = cx.b.fsub(quotient, floor);
    let above = cx.b.fcmp(CmpfPredicate::Ogt, rest, half);
    let next = cx.b.fadd(floor, one);
    let snapped = cx.b.select(above, next, floor);
    let true_quotient = cx.b.fdiv(a, b);
    let quotient_zero = cx.b.intrinsic("llvm.copysign", &[zero, true_quotient], t);
    let vanishes = cx.b.fcmp(CmpfPredicate::Oeq, quotient, zero);
    let quotient = cx.b.select(vanishes, quotient_zero, snapped);
    if !cx.options.numpy_errors {
        return (quotient, remainder);
    }
    // NumPy: the quotient by zero is that of `/`.
    let by_zero = cx.b.fcmp(CmpfPredicate::Oeq, b, zero);
    (cx.b.select(by_zero, true_quotient, quotient), cx.b.select(by_zero, raw, remainder))
}

fn reciprocal<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, a: V<'c, 'a>) -> V<'c, 'a> {
    let one = cx.b.float(a.r#type(), 1.0);
    cx.b.fdiv(one, a)
}

fn power<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, d: DType, a: V<'c, 'a>, (e, b): (DType, V<'c, 'a>), known: Option<i64>) -> V<'c, 'a> {
    let t = cx.b.t.scalar(d);
    let constant = known.map(|n| n as f64).or_else(|| constant_float(cx, b));
    match constant {
        Some(0.0) => return cx.b.float(t, 1.0),
        Some(1.0) => return a,
        Some(2.0) => return cx.b.fmul(a, a),
        _ => {}
    }
    let loc = cx.b.loc;
    let exponent = if e.is_float() { b } else if e.is_signed() { cx.b.value(arith::sitofp(b, t, loc)) } else { cx.b.value(arith::uitofp(b, t, loc)) };
    if !cx.options.numpy_errors && constant.is_none_or(|x| x < 0.0) {
        let zero = cx.b.float(t, 0.0);
        let (is_zero, negative) = (cx.b.fcmp(CmpfPredicate::Oeq, a, zero), cx.b.fcmp(CmpfPredicate::Olt, exponent, zero));
        let both = cx.b.and(is_zero, negative);
        cx.raise_if(both, ExceptionKind::ZeroDivisionError, "0.0 cannot be raised to a negative power");
    }
    let single = d == DType::Float32;
    let called = match constant {
        Some(-1.0) => return reciprocal(cx, a),
        Some(n) if n.fract() == 0.0 && n.abs() <= MOST_EXPONENT as f64 => {
            let symbol = cx.module.integer_power(n as i64, single);
            cx.b.call(&symbol, &[a], Some(t))
        }
        _ => {
            let symbol = cx.module.declare_libm("pow", 2, single);
            cx.b.call(&symbol, &[a, exponent], Some(t))
        }
    };
    called.unwrap_or(a)
}
