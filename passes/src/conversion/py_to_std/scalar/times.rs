//! `datetime64` and `timedelta64`: 64-bit counts of a unit, of which the smallest is NaT. NaT makes every result NaT; sums and products wrap; division by
//! zero gives NaT or, where the result is an integer, 0. Nothing here raises.
use super::integers;
use super::super::{build::{V, Vs}, builtins::{Call, Table}, cx::{Cx, Res}};
use melior::dialect::arith::{self, CmpfPredicate};
use numbra_abi::{DType, unit::{Conversion, NAT}};
use smallvec::smallvec;

/// The table of this family.
pub const BUILTINS: Table = &[
    ("timedelta.add", add), ("timedelta.sub", add), ("timedelta.mul", mul), ("timedelta.scale", scale), ("timedelta.truediv", true_divide),
    ("timedelta.floordiv", floor_divide), ("timedelta.mod", floor_divide), ("timedelta.isnat", isnat),
];

/// Whether a time is NaT.
pub fn is_nat<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, v: V<'c, 'a>) -> V<'c, 'a> {
    let nat = cx.b.i64(NAT);
    cx.b.eq(v, nat)
}

// NaT where `condition` holds.
fn nat_if<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, condition: V<'c, 'a>, v: V<'c, 'a>) -> V<'c, 'a> {
    let nat = cx.b.i64(NAT);
    cx.b.select(condition, nat, v)
}

fn either_nat<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, a: V<'c, 'a>, b: V<'c, 'a>) -> V<'c, 'a> {
    let (a, b) = (is_nat(cx, a), is_nat(cx, b));
    cx.b.or(a, b)
}

fn operands<'c, 'a>(cx: &mut Cx<'_, 'c, 'a>, call: &Call<'c, 'a>) -> Res<(V<'c, 'a>, V<'c, 'a>)> {
    Ok((call.get(cx, 0)?[0], call.get(cx, 1)?[0]))
}

/// The sum of two times in one unit.
pub fn sum<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, a: V<'c, 'a>, b: V<'c, 'a>) -> V<'c, 'a> {
    let (nat, result) = (either_nat(cx, a, b), cx.b.add(a, b));
    nat_if(cx, nat, result)
}

fn add<'c, 'a>(cx: &mut Cx<'_, 'c, 'a>, call: &Call<'c, 'a>) -> Res<Vs<'c, 'a>> {
    let (a, b) = operands(cx, call)?;
    if call.name() == "add" {
        return Ok(smallvec![sum(cx, a, b)]);
    }
    let (nat, result) = (either_nat(cx, a, b), cx.b.sub(a, b));
    Ok(smallvec![nat_if(cx, nat, result)])
}

/// A float as a count, without its fraction; NaT where it fits none.
pub fn from_float<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, v: V<'c, 'a>) -> V<'c, 'a> {
    let (f64, i64) = (cx.b.t.f64, cx.b.t.i64);
    let magnitude = cx.b.intrinsic("llvm.fabs", &[v], f64);
    let limit = cx.b.float(f64, 9_223_372_036_854_775_808.0);
    let fits = cx.b.fcmp(CmpfPredicate::Olt, magnitude, limit);
    let (count, nat) = (cx.b.intrinsic("llvm.fptosi.sat", &[v], i64), cx.b.i64(NAT));
    cx.b.select(fits, count, nat)
}

/// A count as a float.
pub fn to_float<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, v: V<'c, 'a>) -> V<'c, 'a> {
    let (f64, loc) = (cx.b.t.f64, cx.b.loc);
    cx.b.value(arith::sitofp(v, f64, loc))
}

fn mul<'c, 'a>(cx: &mut Cx<'_, 'c, 'a>, call: &Call<'c, 'a>) -> Res<Vs<'c, 'a>> {
    let (a, b) = operands(cx, call)?;
    let nat = is_nat(cx, a);
    let result = if call.dtype(cx, 1)?.is_float() {
        let x = to_float(cx, a);
        let product = cx.b.fmul(x, b);
        from_float(cx, product)
    } else {
        cx.b.mul(a, b)
    };
    Ok(smallvec![nat_if(cx, nat, result)])
}

// A length divided by a number, without the fraction.
fn scale<'c, 'a>(cx: &mut Cx<'_, 'c, 'a>, call: &Call<'c, 'a>) -> Res<Vs<'c, 'a>> {
    let (a, b) = operands(cx, call)?;
    let nat = is_nat(cx, a);
    if call.dtype(cx, 1)?.is_float() {
        let x = to_float(cx, a);
        let quotient = cx.b.fdiv(x, b);
        let result = from_float(cx, quotient);
        return Ok(smallvec![nat_if(cx, nat, result)]);
    }
    let (bad, divisor) = safe_divisor(cx, nat, b);
    let loc = cx.b.loc;
    let result = cx.b.value(arith::divsi(a, divisor, loc));
    Ok(smallvec![nat_if(cx, bad, result)])
}

// Whether a quotient means nothing, and a divisor that does not trap then.
fn safe_divisor<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, nat: V<'c, 'a>, b: V<'c, 'a>) -> (V<'c, 'a>, V<'c, 'a>) {
    let (zero, one) = (cx.b.i64(0), cx.b.i64(1));
    let by_zero = cx.b.eq(b, zero);
    let bad = cx.b.or(nat, by_zero);
    (bad, cx.b.select(bad, one, b))
}

fn true_divide<'c, 'a>(cx: &mut Cx<'_, 'c, 'a>, call: &Call<'c, 'a>) -> Res<Vs<'c, 'a>> {
    let (a, b) = operands(cx, call)?;
    let nat = either_nat(cx, a, b);
    let (x, y) = (to_float(cx, a), to_float(cx, b));
    let (quotient, nan) = (cx.b.fdiv(x, y), cx.b.float(cx.b.t.f64, f64::NAN));
    Ok(smallvec![cx.b.select(nat, nan, quotient)])
}

fn floor_divide<'c, 'a>(cx: &mut Cx<'_, 'c, 'a>, call: &Call<'c, 'a>) -> Res<Vs<'c, 'a>> {
    let (a, b) = operands(cx, call)?;
    let nat = either_nat(cx, a, b);
    let (bad, divisor) = safe_divisor(cx, nat, b);
    let (quotient, rest) = integers::divide(cx, DType::Int64, a, divisor);
    if call.name() == "mod" {
        return Ok(smallvec![nat_if(cx, bad, rest)]);
    }
    let zero = cx.b.i64(0);
    Ok(smallvec![cx.b.select(bad, zero, quotient)])
}

fn isnat<'c, 'a>(cx: &mut Cx<'_, 'c, 'a>, call: &Call<'c, 'a>) -> Res<Vs<'c, 'a>> {
    let v = call.get(cx, 0)?[0];
    Ok(smallvec![is_nat(cx, v)])
}

/// A time in another unit, rounded down; NaT stays.
pub fn convert<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, from: DType, to: DType, v: V<'c, 'a>) -> V<'c, 'a> {
    let (Some(a), Some(b)) = (from.unit(), to.unit()) else { return v };
    let result = match a.conversion(b) {
        Some(Conversion::Multiply(1)) => return v,
        Some(Conversion::Multiply(n)) => {
            let n = cx.b.i64(n);
            cx.b.mul(v, n)
        }
        Some(Conversion::Divide(n)) => {
            let (zero, less, n) = (cx.b.i64(0), cx.b.i64(n - 1), cx.b.i64(n));
            let (negative, lower) = (cx.b.slt(v, zero), cx.b.sub(v, less));
            let (start, loc) = (cx.b.select(negative, lower, v), cx.b.loc);
            cx.b.value(arith::divsi(start, n, loc))
        }
        Some(Conversion::Calendar) | None => {
            let (a, b) = (cx.b.i64(a as i64), cx.b.i64(b as i64));
            return cx.runtime_value("nb_date_convert", &[v, a, b]);
        }
    };
    let nat = is_nat(cx, v);
    nat_if(cx, nat, result)
}
