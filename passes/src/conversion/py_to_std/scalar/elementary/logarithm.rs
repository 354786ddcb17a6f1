//! `log`, `log2`, `log10`, `log1p`.
//!
//! x = 2^k m with m between the roots of one half and of two; with f = m - 1 and s = f / (2 + f), ln m = f - f²/2 + s (f²/2 + s² L(s²)). The first term is exact; the
//! others are small against it.
use super::real::{Bits, Real};

/// ln m = f + rest
struct Parts<'s, 'c: 'a, 'a> {
    f: Real<'s, 'c, 'a>,
    rest: Real<'s, 'c, 'a>,
}

impl<'s, 'c: 'a, 'a> Parts<'s, 'c, 'a> {
    fn of(f: Real<'s, 'c, 'a>) -> Self {
        let s = f / (f.constant(2.0) + f);
        let square = s * s;
        let half = f.constant(0.5) * f * f;
        let series = square * square.polynomial(f.precision().log);
        Parts { f, rest: s.fma(half + series, -half) }
    }

    // f + rest as a float and what it lacks.
    fn sum(&self) -> (Real<'s, 'c, 'a>, Real<'s, 'c, 'a>) {
        let high = self.f + self.rest;
        (high, (self.f - high) + self.rest)
    }

    // f + rest times a constant of two parts.
    fn times(&self, factor: [f64; 2]) -> (Real<'s, 'c, 'a>, Real<'s, 'c, 'a>) {
        let (high, low) = self.sum();
        let (c, d) = (high.constant(factor[0]), high.constant(factor[1]));
        let product = high * c;
        (product, high.fma(c, -product) + high.fma(d, low * c))
    }
}

// Exponent and m of a positive normal number.
fn split<'s, 'c, 'a>(x: Real<'s, 'c, 'a>) -> (Bits<'s, 'c, 'a>, Real<'s, 'c, 'a>) {
    let p = x.precision();
    let bits = x.bits();
    let k = (bits - x.integer(p.sqrt_half_bits)) >> p.mantissa;
    (k, (bits - (k << p.mantissa)).real())
}

// The same for any positive number; the exponent as a float.
fn split_any<'s, 'c, 'a>(x: Real<'s, 'c, 'a>) -> (Real<'s, 'c, 'a>, Real<'s, 'c, 'a>) {
    let p = x.precision();
    let tiny = x.less(x.constant(p.least));
    let (k, m) = split(tiny.select(x * x.constant(p.lift), x));
    let k = k.to_real();
    (tiny.select(k - x.constant(p.lift_exponent), k), m)
}

// large + small + rest, where the large one is 0 or larger than the small one.
fn total<'s, 'c, 'a>(large: Real<'s, 'c, 'a>, small: Real<'s, 'c, 'a>, rest: Real<'s, 'c, 'a>) -> Real<'s, 'c, 'a> {
    let sum = large + small;
    sum + (((large - sum) + small) + rest)
}

// The value where the argument is a positive number; otherwise what IEEE 754 says.
fn checked<'s, 'c, 'a>(x: Real<'s, 'c, 'a>, value: Real<'s, 'c, 'a>) -> Real<'s, 'c, 'a> {
    let positive = (x.bits() - x.integer(1)).below(x.precision().infinity_bits - 1);
    let zero = x.constant(0.0);
    let other = x.is_zero().select(x.constant(f64::NEG_INFINITY), x.less(zero).select(x.constant(f64::NAN), x));
    positive.select(value, other)
}

/// Natural logarithm
pub fn log<'s, 'c, 'a>(x: Real<'s, 'c, 'a>) -> Real<'s, 'c, 'a> {
    let p = x.precision();
    let (k, m) = split_any(x);
    let parts = Parts::of(m - x.constant(1.0));
    checked(x, with_exponent(k, &parts, x.constant(p.ln2_short[1])))
}

// k ln 2 + f + rest
fn with_exponent<'s, 'c, 'a>(k: Real<'s, 'c, 'a>, parts: &Parts<'s, 'c, 'a>, low: Real<'s, 'c, 'a>) -> Real<'s, 'c, 'a> {
    total(k * k.constant(k.precision().ln2_short[0]), parts.f, k.fma(low, parts.rest))
}

/// Binary logarithm
pub fn log2<'s, 'c, 'a>(x: Real<'s, 'c, 'a>) -> Real<'s, 'c, 'a> {
    let (k, m) = split_any(x);
    let (product, low) = Parts::of(m - x.constant(1.0)).times(x.precision().log2_e);
    checked(x, total(k, product, low))
}

/// Decimal logarithm
pub fn log10<'s, 'c, 'a>(x: Real<'s, 'c, 'a>) -> Real<'s, 'c, 'a> {
    let p = x.precision();
    let (k, m) = split_any(x);
    let (product, low) = Parts::of(m - x.constant(1.0)).times(p.log10_e);
    checked(x, total(k * x.constant(p.log10_2_short[0]), product, k.fma(x.constant(p.log10_2_short[1]), low)))
}

/// ln(1 + x)
pub fn log1p<'s, 'c, 'a>(x: Real<'s, 'c, 'a>) -> Real<'s, 'c, 'a> {
    let p = x.precision();
    let one = x.constant(1.0);
    let u = one + x;
    let lost = x.less(one).select(x - (u - one), one - (u - x));
    let (k, m) = split(u);
    // Where the exponent is so large that its negative is that of no normal number, what was lost does not count.
    let lost = lost * (x.integer(0) - k.min(p.bias - 1)).power_of_two();
    let whole = m - one;
    let f = whole + lost;
    let mut parts = Parts::of(f);
    parts.rest = parts.rest + ((whole - f) + lost);
    let value = checked(u, with_exponent(k.to_real(), &parts, x.constant(p.ln2_short[1])));
    x.is_zero().select(x, value)
}
