//! Powers with a small integer exponent that is known when compiling: a few products, each with what its rounding took away, so that the result is the nearest float but
//! in rare cases.
use super::real::Real;

/// The largest exponent, without its sign, for which products are quicker than `pow`.
pub const MOST: i64 = 32;

/// A float and what it lacks.
type Pair<'s, 'c, 'a> = (Real<'s, 'c, 'a>, Real<'s, 'c, 'a>);

fn product<'s, 'c, 'a>((a, a_low): Pair<'s, 'c, 'a>, (b, b_low): Pair<'s, 'c, 'a>) -> Pair<'s, 'c, 'a> {
    let p = a * b;
    (p, a.fma(b, -p) + a.fma(b_low, a_low * b))
}

/// x to the power n, where |n| is from 2 to [`MOST`].
pub fn power<'s, 'c, 'a>(x: Real<'s, 'c, 'a>, n: i64) -> Real<'s, 'c, 'a> {
    let mut square = if n > 0 { (x, x.constant(0.0)) } else { inverse(x) };
    let mut result: Option<Pair> = None;
    let mut rest = n.unsigned_abs();
    while rest > 0 {
        if rest & 1 == 1 {
            result = Some(result.map_or(square, |r| product(r, square)));
        }
        rest >>= 1;
        if rest > 0 {
            square = product(square, square);
        }
    }
    let (high, low) = result.unwrap_or(square);
    // What an infinite product lacks is no number.
    low.abs().less(x.constant(f64::INFINITY)).select(high + low, high)
}

fn inverse<'s, 'c, 'a>(x: Real<'s, 'c, 'a>) -> Pair<'s, 'c, 'a> {
    let one = x.constant(1.0);
    let r = one / x;
    (r, (-r).fma(x, one) * r)
}
