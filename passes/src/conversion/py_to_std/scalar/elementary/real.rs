//! Floats, integers and conditions under construction, with the operators of arithmetic: code that builds code and reads like a formula.
use super::precision::Precision;
use crate::conversion::py_to_std::build::{Builder, V};
use melior::{dialect::arith::{self, CmpfPredicate}, ir::Type};
use std::{cell::RefCell, ops::{Add, BitAnd, Div, Mul, Neg, Shl, Shr, Sub}};

/// Where ops are added, for one float format.
pub struct Scope<'c: 'a, 'a> {
    builder: RefCell<Builder<'c, 'a>>,
    /// The format
    pub precision: &'static Precision,
    float: Type<'c>,
    int: Type<'c>,
}

impl<'c: 'a, 'a> Scope<'c, 'a> {
    /// For a float type and its format.
    pub fn new(builder: Builder<'c, 'a>, precision: &'static Precision, float: Type<'c>) -> Self {
        let int = if float == builder.t.f32 { builder.t.i32 } else { builder.t.i64 };
        Self { builder: RefCell::new(builder), precision, float, int }
    }

    /// A value of the float type.
    pub fn real<'s>(&'s self, v: V<'c, 'a>) -> Real<'s, 'c, 'a> {
        Real { scope: self, v }
    }

    /// The builder again.
    pub fn finish(self) -> Builder<'c, 'a> {
        self.builder.into_inner()
    }

    fn value(&self, build: impl FnOnce(&mut Builder<'c, 'a>) -> V<'c, 'a>) -> V<'c, 'a> {
        build(&mut self.builder.borrow_mut())
    }
}

macro_rules! handle {
    ($name:ident, $doc:literal) => {
        #[doc = $doc]
        #[derive(Clone, Copy)]
        pub struct $name<'s, 'c: 'a, 'a> {
            scope: &'s Scope<'c, 'a>,
            v: V<'c, 'a>,
        }
    };
}
handle!(Real, "A float.");
handle!(Bits, "A signed integer as wide as the float.");
handle!(Flag, "A condition.");

macro_rules! operator {
    ($t:ident, $trait:ident, $method:ident, $build:ident) => {
        impl<'c: 'a, 'a> $trait for $t<'_, 'c, 'a> {
            type Output = Self;
            fn $method(self, other: Self) -> Self {
                Self { scope: self.scope, v: self.scope.value(|b| b.$build(self.v, other.v)) }
            }
        }
    };
}
operator!(Real, Add, add, fadd);
operator!(Real, Sub, sub, fsub);
operator!(Real, Mul, mul, fmul);
operator!(Real, Div, div, fdiv);
operator!(Bits, Add, add, add);
operator!(Bits, Sub, sub, sub);
operator!(Flag, BitAnd, bitand, and);

impl<'c: 'a, 'a> Neg for Real<'_, 'c, 'a> {
    type Output = Self;
    fn neg(self) -> Self {
        Self { scope: self.scope, v: self.scope.value(|b| b.fneg(self.v)) }
    }
}

impl<'c: 'a, 'a> Shl<i64> for Bits<'_, 'c, 'a> {
    type Output = Self;
    fn shl(self, n: i64) -> Self {
        let n = self.constant(n);
        Self { scope: self.scope, v: self.scope.value(|b| b.value(arith::shli(self.v, n.v, b.loc))) }
    }
}

impl<'c: 'a, 'a> Shr<i64> for Bits<'_, 'c, 'a> {
    type Output = Self;
    fn shr(self, n: i64) -> Self {
        let n = self.constant(n);
        Self { scope: self.scope, v: self.scope.value(|b| b.value(arith::shrsi(self.v, n.v, b.loc))) }
    }
}

impl<'s, 'c: 'a, 'a> Real<'s, 'c, 'a> {
    /// The value.
    pub fn value(self) -> V<'c, 'a> {
        self.v
    }

    /// The format.
    pub fn precision(self) -> &'static Precision {
        self.scope.precision
    }

    /// A constant of the same format.
    pub fn constant(self, value: f64) -> Self {
        Self { scope: self.scope, v: self.scope.value(|b| b.float(self.scope.float, value)) }
    }

    /// An integer constant as wide.
    pub fn integer(self, value: i64) -> Bits<'s, 'c, 'a> {
        Bits { scope: self.scope, v: self.scope.value(|b| b.int(self.scope.int, value)) }
    }

    /// self * factor + summand, rounded once.
    pub fn fma(self, factor: Self, summand: Self) -> Self {
        let float = self.scope.float;
        Self { scope: self.scope, v: self.scope.value(|b| b.intrinsic("llvm.fma", &[self.v, factor.v, summand.v], float)) }
    }

    /// Without its sign.
    pub fn abs(self) -> Self {
        let float = self.scope.float;
        Self { scope: self.scope, v: self.scope.value(|b| b.intrinsic("llvm.fabs", &[self.v], float)) }
    }

    /// With the sign of another.
    pub fn copysign(self, sign: Self) -> Self {
        let float = self.scope.float;
        Self { scope: self.scope, v: self.scope.value(|b| b.intrinsic("llvm.copysign", &[self.v, sign.v], float)) }
    }

    /// Whether both are numbers and this is the smaller one.
    pub fn less(self, other: Self) -> Flag<'s, 'c, 'a> {
        Flag { scope: self.scope, v: self.scope.value(|b| b.fcmp(CmpfPredicate::Olt, self.v, other.v)) }
    }

    /// Whether it is 0.
    pub fn is_zero(self) -> Flag<'s, 'c, 'a> {
        let zero = self.constant(0.0);
        Flag { scope: self.scope, v: self.scope.value(|b| b.fcmp(CmpfPredicate::Oeq, self.v, zero.v)) }
    }

    /// Within bounds; NaN stays.
    pub fn clamp(self, least: f64, most: f64) -> Self {
        let (least, most) = (self.constant(least), self.constant(most));
        let above = self.less(least).select(least, self);
        most.less(above).select(most, above)
    }

    /// Its bits.
    pub fn bits(self) -> Bits<'s, 'c, 'a> {
        let int = self.scope.int;
        Bits { scope: self.scope, v: self.scope.value(|b| b.value(arith::bitcast(self.v, int, b.loc))) }
    }

    /// The nearest integer, as a float and as an integer. The integer has no meaning beyond 2 to the mantissa's bits, or for NaN.
    pub fn round(self) -> (Self, Bits<'s, 'c, 'a>) {
        let p = self.precision();
        let magic = self.constant(p.round);
        (self + magic).rounded()
    }

    /// The same for a sum with [`Precision::round`] that is there already.
    pub fn rounded(self) -> (Self, Bits<'s, 'c, 'a>) {
        let p = self.precision();
        (self - self.constant(p.round), self.bits() - self.integer(p.round_bits))
    }

    /// A polynomial here, coefficients from the lowest, in as few dependent steps as possible (Estrin's scheme).
    pub fn polynomial(self, coefficients: &[f64]) -> Self {
        let mut terms: Vec<Self> = coefficients.iter().map(|c| self.constant(*c)).collect();
        let mut x = self;
        while terms.len() > 1 {
            terms = terms.chunks(2).map(|pair| match pair {
                [low, high] => high.fma(x, *low),
                rest => rest[0],
            }).collect();
            if terms.len() > 1 {
                x = x * x;
            }
        }
        terms[0]
    }
}

impl<'s, 'c: 'a, 'a> Bits<'s, 'c, 'a> {
    fn constant(self, value: i64) -> Self {
        Self { scope: self.scope, v: self.scope.value(|b| b.int(self.scope.int, value)) }
    }

    /// The float with these bits.
    pub fn real(self) -> Real<'s, 'c, 'a> {
        let float = self.scope.float;
        Real { scope: self.scope, v: self.scope.value(|b| b.value(arith::bitcast(self.v, float, b.loc))) }
    }

    /// 2 to this power, which must be that of a normal number.
    pub fn power_of_two(self) -> Real<'s, 'c, 'a> {
        let p = self.scope.precision;
        ((self + self.constant(p.bias)) << p.mantissa).real()
    }

    /// As a float; for integers of less than the mantissa's bits.
    pub fn to_real(self) -> Real<'s, 'c, 'a> {
        let p = self.scope.precision;
        let shifted = (self + self.constant(p.round_bits)).real();
        shifted - shifted.constant(p.round)
    }

    /// The smaller one.
    pub fn min(self, other: i64) -> Self {
        let other = self.constant(other);
        Self { scope: self.scope, v: self.scope.value(|b| b.smin(self.v, other.v)) }
    }

    /// Whether it is smaller than another, both taken as unsigned.
    pub fn below(self, other: i64) -> Flag<'s, 'c, 'a> {
        let other = self.constant(other);
        Flag { scope: self.scope, v: self.scope.value(|b| b.cmp(arith::CmpiPredicate::Ult, self.v, other.v)) }
    }
}

impl<'s, 'c: 'a, 'a> Flag<'s, 'c, 'a> {
    /// One of two floats.
    pub fn select(self, yes: Real<'s, 'c, 'a>, no: Real<'s, 'c, 'a>) -> Real<'s, 'c, 'a> {
        Real { scope: self.scope, v: self.scope.value(|b| b.select(self.v, yes.v, no.v)) }
    }
}
