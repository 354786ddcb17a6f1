//! The order of complex numbers: they have no key and are compared.
use super::{Row, merge, put};
use std::cmp::Ordering;

/// A complex number: real and imaginary part.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct Complex<T>(T, T);

/// By real part, then by imaginary part. Those with NaN come last, in this order: as imaginary part, as real part, as both.
fn compare<T: Copy + PartialOrd>(a: &Complex<T>, b: &Complex<T>) -> Ordering {
    let class = |x: &Complex<T>| 2 * u8::from(x.0.partial_cmp(&x.0).is_none()) + u8::from(x.1.partial_cmp(&x.1).is_none());
    let part = |x: &T, y: &T| x.partial_cmp(y).unwrap_or(Ordering::Equal);
    class(a).cmp(&class(b)).then(part(&a.0, &b.0)).then(part(&a.1, &b.1))
}

fn numbered<T: Copy>(row: &[T]) -> Option<Vec<(T, i64)>> {
    let mut new = vec![];
    new.try_reserve_exact(row.len()).ok()?;
    new.extend(row.iter().copied().zip(0..));
    Some(new)
}

impl<T: Copy + PartialOrd + Send + Sync> Row for Complex<T> {
    fn sort(row: &mut [Self]) -> Option<()> {
        row.sort_unstable_by(compare);
        Some(())
    }

    fn sort_by_parts(row: &mut [Self]) -> Option<()> {
        merge::sort(row, Self::sort, |a, b| compare(a, b).is_lt())
    }

    fn sort_positions_by_parts(row: &[Self], order: &mut [i64]) -> Option<()> {
        let mut all = numbered(row)?;
        let sort = |part: &mut [(Self, i64)]| {
            part.sort_unstable_by(|a, b| compare(&a.0, &b.0).then(a.1.cmp(&b.1)));
            Some(())
        };
        merge::sort(&mut all, sort, |a, b| compare(&a.0, &b.0).is_lt())?;
        put(&all, order);
        Some(())
    }

    fn select(row: &mut [Self], k: usize) {
        row.select_nth_unstable_by(k, compare);
    }

    fn sort_positions(row: &[Self], order: &mut [i64]) -> Option<()> {
        let mut all = numbered(row)?;
        all.sort_unstable_by(|a, b| compare(&a.0, &b.0).then(a.1.cmp(&b.1)));
        put(&all, order);
        Some(())
    }

    fn select_position(row: &[Self], order: &mut [i64], k: usize) -> Option<()> {
        let mut all = numbered(row)?;
        all.select_nth_unstable_by(k, |a, b| compare(&a.0, &b.0).then(a.1.cmp(&b.1)));
        put(&all, order);
        Some(())
    }
}
