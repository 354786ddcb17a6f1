//! `erf`: near 0 its series, elsewhere 1 less the exponential of a polynomial.
use super::{exponential::Parts, real::Real};

/// (2 / sqrt pi) times the integral of e^(-t²) from 0 to x
pub fn erf<'s, 'c, 'a>(x: Real<'s, 'c, 'a>) -> Real<'s, 'c, 'a> {
    let p = x.precision();
    let (one, size) = (x.constant(1.0), x.abs());
    let near = x.fma((x * x).polynomial(p.erf_near), x);
    let exponent = (size.clamp(0.0, p.erf_most) - one).polynomial(p.erf_far);
    let parts = Parts::of(-exponent);
    let far = (-parts.sum().0).fma(parts.k.power_of_two(), one).copysign(x);
    size.less(one).select(near, far)
}
