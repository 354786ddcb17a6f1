//! Operators on complex numbers, part by part as compiled code computes them: a product is four products, whatever the parts are.
use crate::{operators::*, scalar::Scalar};
use numbra_abi::DType;
use std::ops::{Add, Mul, Neg, Sub};

/// Real and imaginary part.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Complex<F>(pub F, pub F);

/// What parts can do.
pub trait Part: Copy + PartialEq + Add<Output = Self> + Sub<Output = Self> + Mul<Output = Self> + Neg<Output = Self> {
    /// The length of a number with these parts
    fn hypot(self, other: Self) -> Self;
}

impl Part for f32 {
    fn hypot(self, other: f32) -> f32 {
        f32::hypot(self, other)
    }
}

impl Part for f64 {
    fn hypot(self, other: f64) -> f64 {
        f64::hypot(self, other)
    }
}

fn product<F: Part>(a: Complex<F>, b: Complex<F>) -> Complex<F> {
    Complex(a.0 * b.0 - a.1 * b.1, a.0 * b.1 + a.1 * b.0)
}

/// Of one operand; `whole` and `part` make elements.
pub fn unary<F: Part>(operator: Operator, a: Complex<F>, whole: fn(Complex<F>) -> Scalar, part: fn(F) -> Scalar) -> Option<Scalar> {
    Some(match operator {
        NEG => whole(Complex(-a.0, -a.1)),
        CONJ => whole(Complex(a.0, -a.1)),
        SQUARE => whole(product(a, a)),
        REAL => part(a.0),
        IMAG => part(a.1),
        ABS => part(a.0.hypot(a.1)),
        _ => return None,
    })
}

/// Of two operands. They have no order here.
pub fn binary<F: Part>(operator: Operator, a: Complex<F>, b: Complex<F>, whole: fn(Complex<F>) -> Scalar) -> Option<Scalar> {
    Some(match operator {
        ADD => whole(Complex(a.0 + b.0, a.1 + b.1)),
        SUB => whole(Complex(a.0 - b.0, a.1 - b.1)),
        MUL => whole(product(a, b)),
        EQ => Scalar::Bool(a == b),
        NE => Scalar::Bool(a != b),
        _ => return None,
    })
}

/// A complex number in another type; none where a part would be lost.
pub fn cast(to: DType, re: f64, im: f64) -> Option<Scalar> {
    Some(match to {
        DType::Complex64 => Scalar::C64(Complex(re as f32, im as f32)),
        DType::Complex128 => Scalar::C128(Complex(re, im)),
        _ => return None,
    })
}
