//! What operators mean on single elements: wrapping integers, IEEE floats, Python's floor division and modulo as NumPy has them (by zero too).
//!
//! The one place for it: constants are folded by it, and the interpreter that rules are tested with uses it.
use crate::{complex::Complex, language::Number, operators::*};
use numbra_abi::DType;

/// Value of an element.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Scalar {
    /// Boolean
    Bool(bool),
    /// Integer of any type, in its range
    Int(i128),
    /// Float of 32 bits
    F32(f32),
    /// Float of 64 bits
    F64(f64),
    /// Complex number of two floats of 32 bits
    C64(Complex<f32>),
    /// Complex number of two floats of 64 bits
    C128(Complex<f64>),
}

impl Scalar {
    /// Of a number.
    pub fn of(number: &Number) -> Option<Scalar> {
        let size = numbra_abi::dtype::ROWS.iter().find(|r| r.dtype == number.dtype)?.size;
        let mut low = [0; 8];
        low.copy_from_slice(&number.bytes[..8]);
        let word = u64::from_le_bytes(low);
        Some(match number.dtype {
            DType::Bool => Scalar::Bool(number.bytes[0] != 0),
            DType::Float32 => Scalar::F32(f32::from_bits(word as u32)),
            DType::Float64 => Scalar::F64(f64::from_bits(word)),
            DType::Complex64 => Scalar::C64(Complex(f32::from_bits(word as u32), f32::from_bits((word >> 32) as u32))),
            DType::Complex128 => {
                let mut high = [0; 8];
                high.copy_from_slice(&number.bytes[8..]);
                Scalar::C128(Complex(f64::from_bits(word), f64::from_bits(u64::from_le_bytes(high))))
            }
            d if is_integer(d) => Scalar::Int(wrap(d, word as i128 & ((1 << (8 * size)) - 1))),
            _ => return None,
        })
    }

    /// As a number of its type.
    pub fn number(self, dtype: DType) -> Number {
        let mut bytes = [0; 16];
        match self {
            Scalar::Bool(b) => bytes[0] = b as u8,
            Scalar::F32(f) => bytes[..4].copy_from_slice(&f.to_bits().to_le_bytes()),
            Scalar::F64(f) => bytes[..8].copy_from_slice(&f.to_bits().to_le_bytes()),
            Scalar::C64(Complex(re, im)) => {
                bytes[..4].copy_from_slice(&re.to_bits().to_le_bytes());
                bytes[4..8].copy_from_slice(&im.to_bits().to_le_bytes());
            }
            Scalar::C128(Complex(re, im)) => {
                bytes[..8].copy_from_slice(&re.to_bits().to_le_bytes());
                bytes[8..].copy_from_slice(&im.to_bits().to_le_bytes());
            }
            Scalar::Int(i) => {
                let size = width(dtype) as usize / 8;
                bytes[..size].copy_from_slice(&i.to_le_bytes()[..size]);
            }
        }
        Number { dtype, bytes }
    }

    /// Whether both are the same in every bit, with one NaN.
    pub fn same(self, other: Scalar) -> bool {
        match (self, other) {
            (Scalar::F32(a), Scalar::F32(b)) => a.to_bits() == b.to_bits() || a.is_nan() && b.is_nan(),
            (Scalar::F64(a), Scalar::F64(b)) => a.to_bits() == b.to_bits() || a.is_nan() && b.is_nan(),
            (Scalar::C64(a), Scalar::C64(b)) => Scalar::F32(a.0).same(Scalar::F32(b.0)) && Scalar::F32(a.1).same(Scalar::F32(b.1)),
            (Scalar::C128(a), Scalar::C128(b)) => Scalar::F64(a.0).same(Scalar::F64(b.0)) && Scalar::F64(a.1).same(Scalar::F64(b.1)),
            (a, b) => a == b,
        }
    }

    /// Whether it is NaN, or a part of it is.
    pub fn is_nan(self) -> bool {
        self.parts().iter().any(|p| p.is_nan())
    }

    /// As the nearest floats, the imaginary part behind the real one: how far apart two elements of any type are is measured in them.
    pub fn parts(self) -> [f64; 2] {
        match self {
            Scalar::C64(Complex(re, im)) => [re as f64, im as f64],
            Scalar::C128(Complex(re, im)) => [re, im],
            other => [other.to_f64(), 0.0],
        }
    }

    /// As the nearest float; of a complex number, its real part.
    pub fn to_f64(self) -> f64 {
        match self {
            Scalar::Bool(b) => b as u8 as f64,
            Scalar::Int(i) => i as f64,
            Scalar::F32(f) => f as f64,
            Scalar::F64(f) => f,
            Scalar::C64(c) => c.0 as f64,
            Scalar::C128(c) => c.0,
        }
    }

    fn float(self) -> Option<f64> {
        matches!(self, Scalar::F32(_) | Scalar::F64(_)).then(|| self.to_f64())
    }
}

/// Bits of an integer type (64 for others).
pub fn width(dtype: DType) -> u32 {
    use DType::*;
    match dtype {
        Int8 | UInt8 => 8,
        Int16 | UInt16 => 16,
        Int32 | UInt32 => 32,
        _ => 64,
    }
}

/// Whether a type has negative numbers.
pub fn is_signed(dtype: DType) -> bool {
    !matches!(dtype, DType::UInt8 | DType::UInt16 | DType::UInt32 | DType::UInt64 | DType::Bool)
}

/// An integer in the range of its type.
pub fn wrap(dtype: DType, value: i128) -> i128 {
    let bits = width(dtype);
    let low = value & ((1i128 << bits) - 1);
    if is_signed(dtype) && low >> (bits - 1) != 0 { low - (1i128 << bits) } else { low }
}

/// An integer as an element of a type.
pub fn from_integer(dtype: DType, value: i128) -> Option<Scalar> {
    Some(match dtype {
        DType::Bool => Scalar::Bool(value != 0),
        DType::Float32 => Scalar::F32(value as f32),
        DType::Float64 => Scalar::F64(value as f64),
        DType::Complex64 => Scalar::C64(Complex(value as f32, 0.0)),
        DType::Complex128 => Scalar::C128(Complex(value as f64, 0.0)),
        d if is_integer(d) => Scalar::Int(wrap(d, value)),
        _ => return None,
    })
}

/// Converts an element; none where the result is not the same on all machines (floats beyond the range of integers).
pub fn cast(to: DType, value: Scalar) -> Option<Scalar> {
    let f = match value {
        Scalar::Bool(b) => return from_integer(to, b as i128),
        Scalar::Int(i) => return from_integer(to, i),
        Scalar::F32(f) => f as f64,
        Scalar::F64(f) => f,
        Scalar::C64(c) => return crate::complex::cast(to, c.0 as f64, c.1 as f64),
        Scalar::C128(c) => return crate::complex::cast(to, c.0, c.1),
    };
    Some(match to {
        DType::Bool => Scalar::Bool(f != 0.0),
        DType::Float32 => Scalar::F32(f as f32),
        DType::Float64 => Scalar::F64(f),
        DType::Complex64 | DType::Complex128 => return crate::complex::cast(to, f, 0.0),
        d if is_integer(d) => {
            let i = f.trunc() as i128;
            (f.is_finite() && f.abs() < 1e30 && wrap(d, i) == i).then_some(Scalar::Int(i))?
        }
        _ => return None,
    })
}

/// Whether compiled code computes the operator to the last bit as here, so that constants may be folded.
pub fn folds(operator: Operator) -> bool {
    use crate::operators as o;
    [ADD, SUB, MUL, TRUEDIV, NEG, ABS, NOT, INVERT, AND, OR, XOR, EQ, NE, LT, LE, GT, GE, MINIMUM, MAXIMUM, SQRT, SQUARE, RECIPROCAL].contains(&operator)
        || [CONJ, REAL, IMAG, COMPLEX, SHL, SHR].contains(&operator)
        || [o::FLOOR, o::CEIL, o::TRUNC, o::RINT, o::ISNAN, o::ISINF, o::ISFINITE, o::SIGNBIT, o::WHERE, o::COPYSIGN].contains(&operator)
}

/// An operator on elements of one type (`where`: behind the condition). None where it is not defined here.
pub fn apply(operator: Operator, dtype: DType, x: &[Scalar]) -> Option<Scalar> {
    use Scalar::*;
    match (operator, x) {
        (WHERE, &[Bool(c), a, b]) => Some(if c { a } else { b }),
        (FIRST, &[a, _]) => Some(a),
        (_, &[Bool(a)]) => (operator == NOT).then_some(Bool(!a)),
        (_, &[Bool(a), Bool(b)]) => integer(operator, DType::Int64, a as i128, b as i128).map(|s| if let Int(i) = s { Bool(i != 0) } else { s }),
        (_, &[Int(a)]) => unary_integer(operator, dtype, a),
        (_, &[Int(a), Int(b)]) => integer(operator, dtype, a, b),
        (_, &[F32(a), F32(b)]) if matches!(operator, ADD | SUB | MUL | TRUEDIV) => Some(F32(basic(operator, a, b))),
        (COMPLEX, &[F32(a), F32(b)]) => Some(C64(Complex(a, b))),
        (COMPLEX, &[F64(a), F64(b)]) => Some(C128(Complex(a, b))),
        (_, &[C64(a)]) => crate::complex::unary(operator, a, C64, F32),
        (_, &[C128(a)]) => crate::complex::unary(operator, a, C128, F64),
        (_, &[C64(a), C64(b)]) => crate::complex::binary(operator, a, b, C64),
        (_, &[C128(a), C128(b)]) => crate::complex::binary(operator, a, b, C128),
        (FMA, &[F32(a), F32(b), F32(c)]) => Some(F32(a.mul_add(b, c))),
        (FMA, &[F64(a), F64(b), F64(c)]) => Some(F64(a.mul_add(b, c))),
        (_, &[a]) => crate::floats::unary(operator, a.float()?).map(|r| narrow(a, r)),
        (_, &[a, b]) => crate::floats::binary(operator, a.float()?, b.float()?).map(|r| narrow(a, r)),
        _ => None,
    }
}

/// A result computed in 64 bits in the operand's own type. Correct for one rounding of sqrt, quotient, sum and product (Figueroa); other functions are not exact anyway.
fn narrow(like: Scalar, value: Scalar) -> Scalar {
    match (like, value) {
        (Scalar::F32(_), Scalar::F64(f)) => Scalar::F32(f as f32),
        (_, v) => v,
    }
}

fn basic(operator: Operator, a: f32, b: f32) -> f32 {
    match operator {
        ADD => a + b,
        SUB => a - b,
        MUL => a * b,
        _ => a / b,
    }
}

fn unary_integer(operator: Operator, dtype: DType, a: i128) -> Option<Scalar> {
    Some(Scalar::Int(wrap(
        dtype,
        match operator {
            NEG => -a,
            ABS => a.abs(),
            INVERT => !a,
            SQUARE => a.wrapping_mul(a),
            SIGN => a.signum(),
            _ => return None,
        },
    )))
}

fn integer(operator: Operator, dtype: DType, a: i128, b: i128) -> Option<Scalar> {
    let bits = width(dtype) as i128;
    Some(match operator {
        EQ => Scalar::Bool(a == b),
        NE => Scalar::Bool(a != b),
        LT => Scalar::Bool(a < b),
        LE => Scalar::Bool(a <= b),
        GT => Scalar::Bool(a > b),
        GE => Scalar::Bool(a >= b),
        _ => Scalar::Int(wrap(
            dtype,
            match operator {
                ADD => a + b,
                SUB => a - b,
                MUL => a.wrapping_mul(b),
                AND => a & b,
                OR => a | b,
                XOR => a ^ b,
                FLOORDIV => a.checked_div_euclid(b).map_or(0, |_| (a - (a % b + b) % b) / b),
                MOD => a.checked_rem(b).map_or(0, |r| (r + b) % b),
                SHL if b >= 0 => if b < bits { a << b } else { 0 },
                SHR if b >= 0 => a >> b.min(bits),
                POW if b >= 0 => power(dtype, a, b),
                MINIMUM | FMIN => a.min(b),
                MAXIMUM | FMAX => a.max(b),
                _ => return None,
            },
        )),
    })
}

fn power(dtype: DType, base: i128, mut exponent: i128) -> i128 {
    let (mut base, mut result) = (wrap(dtype, base), 1i128);
    while exponent > 0 {
        if exponent & 1 == 1 {
            result = wrap(dtype, base.wrapping_mul(result));
        }
        base = wrap(dtype, base.wrapping_mul(base));
        exponent >>= 1;
    }
    result
}
