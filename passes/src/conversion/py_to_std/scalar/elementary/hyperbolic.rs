//! `sinh`, `cosh`, `tanh`, from e^|x| in two parts.
use super::{exponential::{Parts, less_one, scale}, real::Real};

/// Below this `sinh` is its series.
const SERIES: f64 = 1.0;

/// e^|x| / 2 and what it lacks; infinite beyond the largest number.
struct Half<'s, 'c: 'a, 'a> {
    value: Real<'s, 'c, 'a>,
    lost: Real<'s, 'c, 'a>,
}

fn half<'s, 'c, 'a>(x: Real<'s, 'c, 'a>) -> Half<'s, 'c, 'a> {
    let parts = Parts::of(x.abs().clamp(0.0, x.precision().exp_most));
    let (sum, low) = parts.sum();
    let k = parts.k - x.integer(1);
    Half { value: scale(sum, k), lost: scale(low, k) }
}

// h + small, which does not count where h is infinite (and may be anything there).
fn finite_sum<'s, 'c, 'a>(h: Real<'s, 'c, 'a>, small: Real<'s, 'c, 'a>) -> Real<'s, 'c, 'a> {
    h.less(h.constant(f64::INFINITY)).select(h + small, h)
}

/// (e^x + e^-x) / 2
pub fn cosh<'s, 'c, 'a>(x: Real<'s, 'c, 'a>) -> Real<'s, 'c, 'a> {
    let h = half(x);
    finite_sum(h.value, x.constant(0.25) / h.value + h.lost)
}

/// (e^x - e^-x) / 2; near 0 by its own series, since the difference would cancel.
pub fn sinh<'s, 'c, 'a>(x: Real<'s, 'c, 'a>) -> Real<'s, 'c, 'a> {
    let h = half(x);
    let far = finite_sum(h.value, h.lost - x.constant(0.25) / h.value).copysign(x);
    let square = x * x;
    let near = (x * square).fma(square.polynomial(x.precision().sinh), x);
    x.abs().less(x.constant(SERIES)).select(near, far)
}

/// (e^2x - 1) / (e^2x + 1)
pub fn tanh<'s, 'c, 'a>(x: Real<'s, 'c, 'a>) -> Real<'s, 'c, 'a> {
    let p = x.precision();
    let two = x.constant(2.0);
    let y = x.abs().clamp(0.0, -p.expm1_least / 2.0);
    let (n, n_lost) = less_one(&Parts::of(y + y), p.bias);
    let d = two + n;
    let d_lost = n.less(two).select((two - d) + n, (n - d) + two) + n_lost;
    let inverse = x.constant(1.0) / d;
    let q = n * inverse;
    // One step of Newton's method takes the rounding of the quotient, and what both lack, back.
    let missing = (-q).fma(d, n) + (-q).fma(d_lost, n_lost);
    missing.fma(inverse, q).copysign(x)
}
