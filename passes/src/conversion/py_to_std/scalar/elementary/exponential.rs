//! `exp`, `exp2`, `expm1`.
//!
//! x = k ln 2 + r with |r| at most ln 2 / 2, and e^r = 1 + r + r² P(r). The sum 1 + r is rounded, and what is lost goes to the small rest.
use super::real::{Bits, Real};

/// e^x = 2^k (1 + r + r² P(r) + lost), where each term is small against the one before.
pub struct Parts<'s, 'c: 'a, 'a> {
    /// Exponent
    pub k: Bits<'s, 'c, 'a>,
    /// Reduced argument
    pub r: Real<'s, 'c, 'a>,
    /// What the rounding of r took away
    lost: Real<'s, 'c, 'a>,
    /// P(r)
    series: Real<'s, 'c, 'a>,
}

impl<'s, 'c: 'a, 'a> Parts<'s, 'c, 'a> {
    /// Of an argument that is not so large that k has more bits than an exponent; of others the parts have no meaning.
    pub fn of(x: Real<'s, 'c, 'a>) -> Self {
        let p = x.precision();
        let (n, k) = x.fma(x.constant(p.log2_e[0]), x.constant(p.round)).rounded();
        let minus = -n;
        let high = minus.fma(x.constant(p.ln2[0]), x);
        let r = minus.fma(x.constant(p.ln2[1]), high);
        let lost = minus.fma(x.constant(p.ln2[1]), high - r);
        Parts { k, r, lost, series: r.polynomial(p.exp) }
    }

    /// r² P(r) + lost
    pub fn rest(&self) -> Real<'s, 'c, 'a> {
        self.series.fma(self.r * self.r, self.lost)
    }

    /// 1 + r + r² P(r) + lost as a float and what it lacks.
    pub fn sum(&self) -> (Real<'s, 'c, 'a>, Real<'s, 'c, 'a>) {
        let one = self.r.constant(1.0);
        let high = one + self.r;
        // What 1 + r lacks is there long before the series.
        let low = self.series.fma(self.r * self.r, (self.r - (high - one)) + self.lost);
        let sum = high + low;
        (sum, (high - sum) + low)
    }
}

/// Times 2^k, also where that is no normal number: in two steps.
pub fn scale<'s, 'c, 'a>(x: Real<'s, 'c, 'a>, k: Bits<'s, 'c, 'a>) -> Real<'s, 'c, 'a> {
    let half = k >> 1;
    x * half.power_of_two() * (k - half).power_of_two()
}

// A value where the argument is within bounds or NaN; 0 below, infinity above. Comparisons wait for nothing, so that this costs less time than bounds on the argument.
fn limited<'s, 'c, 'a>(x: Real<'s, 'c, 'a>, value: Real<'s, 'c, 'a>, least: f64, most: f64) -> Real<'s, 'c, 'a> {
    let finite = x.constant(most).less(x).select(x.constant(f64::INFINITY), value);
    x.less(x.constant(least)).select(x.constant(0.0), finite)
}

/// e^x
pub fn exp<'s, 'c, 'a>(x: Real<'s, 'c, 'a>) -> Real<'s, 'c, 'a> {
    let p = x.precision();
    let parts = Parts::of(x);
    limited(x, scale(parts.sum().0, parts.k), p.exp_least, p.exp_most)
}

/// 2^x
pub fn exp2<'s, 'c, 'a>(x: Real<'s, 'c, 'a>) -> Real<'s, 'c, 'a> {
    let p = x.precision();
    let (n, k) = x.round();
    let fraction = x - n;
    let ln2 = x.constant(p.ln2[0]);
    let r = fraction * ln2;
    let lost = fraction.fma(x.constant(p.ln2[1]), fraction.fma(ln2, -r));
    let parts = Parts { k, r, lost, series: r.polynomial(p.exp) };
    limited(x, scale(parts.sum().0, k), 1.5 * p.exp_least, 1.5 * p.exp_most)
}

/// e^x - 1 as a float and what it lacks, without the factor 2^(k - most): k is `most` at most where it is computed.
pub fn less_one<'s, 'c, 'a>(parts: &Parts<'s, 'c, 'a>, most: i64) -> (Real<'s, 'c, 'a>, Real<'s, 'c, 'a>) {
    let power = parts.k.min(most).power_of_two();
    let one = power.constant(1.0);
    let base = power - one;
    let base_lost = (power - base) - one;
    let step = power * parts.r;
    // The larger one comes first: |r| is less than 2^k - 1, or that is 0.
    let high = base + step;
    let low = power.fma(parts.rest(), (base - high) + step) + base_lost;
    let sum = high + low;
    (sum, (high - sum) + low)
}

/// e^x - 1
pub fn expm1<'s, 'c, 'a>(x: Real<'s, 'c, 'a>) -> Real<'s, 'c, 'a> {
    let p = x.precision();
    let parts = Parts::of(x.clamp(p.expm1_least, p.exp_most));
    let value = less_one(&parts, p.bias).0 * (parts.k - parts.k.min(p.bias)).power_of_two();
    x.is_zero().select(x, value)
}
