//! Operators on floats, computed in 64 bits.
use crate::{operators::*, scalar::Scalar};

/// Of one operand.
pub fn unary(operator: Operator, a: f64) -> Option<Scalar> {
    Some(Scalar::F64(match operator {
        NEG => -a,
        ABS => a.abs(),
        SQRT => a.sqrt(),
        SQUARE => a * a,
        RECIPROCAL => 1.0 / a,
        EXP => a.exp(),
        EXP2 => a.exp2(),
        EXPM1 => a.exp_m1(),
        LOG => a.ln(),
        LOG2 => a.log2(),
        LOG10 => a.log10(),
        LOG1P => a.ln_1p(),
        CBRT => a.cbrt(),
        SIN => a.sin(),
        COS => a.cos(),
        TAN => a.tan(),
        ARCSIN => a.asin(),
        ARCCOS => a.acos(),
        ARCTAN => a.atan(),
        SINH => a.sinh(),
        COSH => a.cosh(),
        TANH => a.tanh(),
        ARCSINH => a.asinh(),
        ARCCOSH => a.acosh(),
        ARCTANH => a.atanh(),
        FLOOR => a.floor(),
        CEIL => a.ceil(),
        TRUNC => a.trunc(),
        RINT => a.round_ties_even(),
        SIGN if a.is_nan() => a,
        SIGN => (a > 0.0) as i8 as f64 - (a < 0.0) as i8 as f64,
        ERF => erf(a),
        ERFC => 1.0 - erf(a),
        ISNAN => return Some(Scalar::Bool(a.is_nan())),
        ISINF => return Some(Scalar::Bool(a.is_infinite())),
        ISFINITE => return Some(Scalar::Bool(a.is_finite())),
        SIGNBIT => return Some(Scalar::Bool(a.is_sign_negative())),
        _ => return None,
    }))
}

/// Of two operands.
pub fn binary(operator: Operator, a: f64, b: f64) -> Option<Scalar> {
    let nan = a.is_nan() || b.is_nan();
    Some(Scalar::F64(match operator {
        ADD => a + b,
        SUB => a - b,
        MUL => a * b,
        TRUEDIV => a / b,
        FLOORDIV => floor_divide(a, b).0,
        MOD => floor_divide(a, b).1,
        // Compiled code multiplies where the exponent is known to be 2.
        POW if b == 2.0 => a * a,
        POW => a.powf(b),
        HYPOT => a.hypot(b),
        ARCTAN2 => a.atan2(b),
        COPYSIGN => a.copysign(b),
        MINIMUM | MAXIMUM if nan => f64::NAN,
        FMIN | FMAX if a.is_nan() => b,
        FMIN | FMAX if b.is_nan() => a,
        // Of two zeros of different sign, compiled code takes the one by its sign.
        MINIMUM | FMIN if a == b => if a.is_sign_negative() { a } else { b },
        MAXIMUM | FMAX if a == b => if a.is_sign_negative() { b } else { a },
        MINIMUM | FMIN => if a < b { a } else { b },
        MAXIMUM | FMAX => if a > b { a } else { b },
        EQ => return Some(Scalar::Bool(a == b)),
        NE => return Some(Scalar::Bool(a != b)),
        LT => return Some(Scalar::Bool(a < b)),
        LE => return Some(Scalar::Bool(a <= b)),
        GT => return Some(Scalar::Bool(a > b)),
        GE => return Some(Scalar::Bool(a >= b)),
        _ => return None,
    }))
}

/// Quotient rounded down, and the remainder with the sign of the divisor.
fn floor_divide(a: f64, b: f64) -> (f64, f64) {
    let mut modulo = a % b;
    if b == 0.0 {
        return (a / b, modulo);
    }
    let mut quotient = (a - modulo) / b;
    if modulo == 0.0 {
        modulo = 0f64.copysign(b);
    } else if (b < 0.0) != (modulo < 0.0) {
        modulo += b;
        quotient -= 1.0;
    }
    if quotient == 0.0 {
        return (0f64.copysign(a / b), modulo);
    }
    let floor = quotient.floor();
    (if quotient - floor > 0.5 { floor + 1.0 } else { floor }, modulo)
}

/// To seven digits: enough to check rules with, and never folded.
fn erf(a: f64) -> f64 {
    let t = 1.0 / (1.0 + 0.3275911 * a.abs());
    let series = [1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592].iter().fold(0.0, |s, c| s * t + c);
    (1.0 - series * t * (-a * a).exp()).copysign(a)
}
