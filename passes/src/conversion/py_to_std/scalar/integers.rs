//! Integer operators. They wrap; `//` and `%` round down as in Python; nothing here is undefined for any operands.
use super::super::{build::V, cx::{Cx, Res}};
use melior::{dialect::arith::{self, CmpiPredicate}, ir::ValueLike};
use numbra_abi::{DType, ExceptionKind};
use numbra_dialects::py::BinaryKind;

/// A binary operator on integers of one type; `known` is the right operand if it is a constant.
pub fn binary<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, kind: BinaryKind, d: DType, a: V<'c, 'a>, b: V<'c, 'a>, known: Option<i64>) -> Res<V<'c, 'a>> {
    Ok(match kind {
        BinaryKind::Add => cx.b.add(a, b),
        BinaryKind::Sub => cx.b.sub(a, b),
        BinaryKind::Mul => cx.b.mul(a, b),
        BinaryKind::FloorDiv => floor_divide(cx, d, a, b, known, "integer division or modulo by zero").0,
        BinaryKind::Mod => floor_divide(cx, d, a, b, known, "integer modulo by zero").1,
        BinaryKind::Pow => power(cx, d, a, b, known),
        BinaryKind::LShift | BinaryKind::RShift => shift(cx, kind, d, a, b, known),
        BinaryKind::And => cx.b.and(a, b),
        BinaryKind::Or => cx.b.or(a, b),
        BinaryKind::Xor => cx.b.xor(a, b),
        BinaryKind::TrueDiv | BinaryKind::MatMul => return cx.invalid(format!("operator {} on integers", kind.symbol())),
    })
}

/// Quotient and remainder, rounded down. The unused one costs nothing.
pub fn floor_divide<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, d: DType, a: V<'c, 'a>, b: V<'c, 'a>, known: Option<i64>, message: &str) -> (V<'c, 'a>, V<'c, 'a>) {
    let (t, loc) = (cx.b.t.scalar(d), cx.b.loc);
    let zero = cx.b.int(t, 0);
    match known {
        Some(n) if n > 0 && n.count_ones() == 1 => {
            let bits = cx.b.int(t, i64::from(n.trailing_zeros()));
            let mask = cx.b.int(t, n - 1);
            let shifted = if d.is_signed() { arith::shrsi(a, bits, loc) } else { arith::shrui(a, bits, loc) };
            return (if n == 1 { a } else { cx.b.value(shifted) }, cx.b.and(a, mask));
        }
        Some(n) if n > 0 && d.is_signed() => {
            // Of a negative number, its complement is divided: floor(a / n) = ~(~a / n). That needs no remainder. The mask tells that the sign is
            // clear, which makes the division a single product.
            let (last, largest) = (cx.b.int(t, d.bits() as i64 - 1), cx.b.int(t, i64::MAX >> (64 - d.bits()) as u32));
            let sign = cx.b.value(arith::shrsi(a, last, loc));
            let size = cx.b.xor(a, sign);
            let size = cx.b.and(size, largest);
            let quotient = cx.b.value(arith::divui(size, b, loc));
            return (cx.b.xor(quotient, sign), divide(cx, d, a, b).1);
        }
        Some(n) if n != 0 && n != -1 => return divide(cx, d, a, b),
        Some(-1) if d.is_signed() => return (cx.b.sub(zero, a), zero),
        _ => {}
    }
    let is_zero = cx.b.eq(b, zero);
    let one = cx.b.int(t, 1);
    if !cx.options.numpy_errors {
        cx.raise_if(is_zero, ExceptionKind::ZeroDivisionError, message);
    }
    // The machine traps on 0 and on the smallest number by -1: these divide by 1 instead, and the result is chosen afterwards.
    let minus_one = cx.b.int(t, -1);
    let is_minus_one = cx.b.eq(b, minus_one);
    let mut divisor = b;
    if d.is_signed() {
        divisor = cx.b.select(is_minus_one, one, divisor);
    }
    if cx.options.numpy_errors {
        divisor = cx.b.select(is_zero, one, divisor);
    }
    let (mut q, mut r) = divide(cx, d, a, divisor);
    if d.is_signed() {
        let negated = cx.b.sub(zero, a);
        q = cx.b.select(is_minus_one, negated, q);
        r = cx.b.select(is_minus_one, zero, r);
    }
    if cx.options.numpy_errors {
        q = cx.b.select(is_zero, zero, q);
        r = cx.b.select(is_zero, zero, r);
    }
    (q, r)
}

/// Quotient and remainder, rounded down, for a divisor that does not trap.
pub fn divide<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, d: DType, a: V<'c, 'a>, b: V<'c, 'a>) -> (V<'c, 'a>, V<'c, 'a>) {
    let (t, loc) = (cx.b.t.scalar(d), cx.b.loc);
    if !d.is_signed() {
        return (cx.b.value(arith::divui(a, b, loc)), cx.b.value(arith::remui(a, b, loc)));
    }
    let (q, r) = (cx.b.value(arith::divsi(a, b, loc)), cx.b.value(arith::remsi(a, b, loc)));
    let (zero, one) = (cx.b.int(t, 0), cx.b.int(t, 1));
    let inexact = cx.b.cmp(CmpiPredicate::Ne, r, zero);
    let signs = cx.b.xor(r, b);
    let differ = cx.b.slt(signs, zero);
    let adjust = cx.b.and(inexact, differ);
    let (lower, up) = (cx.b.sub(q, one), cx.b.add(r, b));
    (cx.b.select(adjust, lower, q), cx.b.select(adjust, up, r))
}

fn shift<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, kind: BinaryKind, d: DType, a: V<'c, 'a>, b: V<'c, 'a>, known: Option<i64>) -> V<'c, 'a> {
    let (t, loc) = (cx.b.t.scalar(d), cx.b.loc);
    let bits = d.bits() as i64;
    let (zero, last, width) = (cx.b.int(t, 0), cx.b.int(t, bits - 1), cx.b.int(t, bits));
    let in_range = known.is_some_and(|n| (0..bits).contains(&n));
    if d.is_signed() && !in_range && !cx.options.numpy_errors {
        let negative = cx.b.slt(b, zero);
        cx.raise_if(negative, ExceptionKind::ValueError, "negative shift count");
    }
    if kind == BinaryKind::RShift && d.is_signed() {
        // Beyond the width only copies of the sign are left.
        let count = if in_range { b } else { cx.b.value(arith::minui(b, last, loc)) };
        return cx.b.value(arith::shrsi(a, count, loc));
    }
    let make = |count| if kind == BinaryKind::LShift { arith::shli(a, count, loc) } else { arith::shrui(a, count, loc) };
    if in_range {
        return cx.b.value(make(b));
    }
    let fits = cx.b.cmp(CmpiPredicate::Ult, b, width);
    let count = cx.b.select(fits, b, zero);
    let shifted = cx.b.value(make(count));
    cx.b.select(fits, shifted, zero)
}

fn power<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, d: DType, a: V<'c, 'a>, b: V<'c, 'a>, known: Option<i64>) -> V<'c, 'a> {
    let t = cx.b.t.scalar(d);
    if let Some(n @ 0..=64) = known {
        let one = cx.b.int(t, 1);
        return by_squaring(one, a, n as u64, |x, y| cx.b.mul(x, y));
    }
    let (base, exponent) = (cx.b.resize(a, cx.b.t.i64, d.is_signed()), cx.b.resize(b, cx.b.t.i64, d.is_signed()));
    let result = if d.is_signed() {
        let site = cx.site(ExceptionKind::ValueError, Some("Integers to negative integer powers are not allowed."));
        cx.runtime_value("nb_int_pow", &[site, base, exponent])
    } else {
        cx.runtime_value("nb_uint_pow", &[base, exponent])
    };
    cx.b.resize(result, t, d.is_signed())
}

/// x to the power of a constant by repeated squaring.
pub fn by_squaring<T: Copy>(one: T, x: T, mut n: u64, mut mul: impl FnMut(T, T) -> T) -> T {
    let (mut result, mut square) = (None, x);
    while n > 0 {
        if n & 1 == 1 {
            result = Some(match result {
                Some(r) => mul(r, square),
                None => square,
            });
        }
        n >>= 1;
        if n > 0 {
            square = mul(square, square);
        }
    }
    result.unwrap_or(one)
}

/// The absolute value; that of the smallest number is itself.
pub fn abs<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, d: DType, a: V<'c, 'a>) -> V<'c, 'a> {
    if !d.is_signed() {
        return a;
    }
    let zero = cx.b.int(a.r#type(), 0);
    let negated = cx.b.sub(zero, a);
    cx.b.smax(a, negated)
}
