//! Views: the same elements by other indices.
use super::Result_;
use crate::{
    facts::{Dim, Facts, Kind, Order},
    language::Attribute,
    operators::*,
};

/// Which operand is the array.
pub fn array_operand(operator: Operator) -> usize {
    match operator {
        RAVEL | DIAG | SPREAD => 0,
        SLICE => 4,
        INDEX | CONCATENATE => 2,
        _ => 1,
    }
}

/// Result of a view.
pub fn infer(operator: Operator, x: &[&Facts]) -> Result_ {
    let array = x[array_operand(operator)];
    let (dtype, dims) = (array.dtype()?, array.dims()?);
    let rank = dims.len();
    let (dims, order, raises) = match operator {
        SLICE => {
            let k = x[0].axis().filter(|k| *k < rank)?;
            let mut dims = dims.to_vec();
            dims[k] = sliced(dims[k], [x[1], x[2], x[3]])?;
            let raises = part(x[3])?.is_some_and(|s| s.is_none_or(|s| s == 0));
            let steps = !matches!(part(x[3]), Some(None | Some(Some(1))));
            (dims, inner(array.order, rank, k, !steps), raises)
        }
        INDEX => {
            let k = x[0].axis().filter(|k| *k < rank)?;
            is_position(x[1]).then_some(())?;
            let inside = x[1].integer().zip(dims[k].known()).is_some_and(|(i, n)| (-n..n).contains(&i));
            (dims.iter().enumerate().filter(|(j, _)| *j != k).map(|(_, d)| *d).collect(), inner(array.order, rank, k, false), !inside)
        }
        PERMUTE => {
            let p = permutation(x[0]).filter(|p| p.len() == rank)?;
            let reversed = p.iter().rev().enumerate().all(|(k, a)| k == *a as usize);
            let order = match array.order {
                Order::C if reversed => Order::F,
                Order::F if reversed => Order::C,
                _ => Order::Any,
            };
            (p.iter().map(|a| dims.get(*a as usize).copied()).collect::<Option<_>>()?, order, false)
        }
        FLIP => {
            let k = x[0].axis().filter(|k| *k < rank)?;
            (dims.to_vec(), inner(array.order, rank, k, false), false)
        }
        EXPAND => {
            let k = x[0].axis().filter(|k| *k <= rank)?;
            let mut dims = dims.to_vec();
            dims.insert(k, Dim::Known(1));
            (dims, array.order, false)
        }
        RAVEL => (vec![product(dims)], Order::C, false),
        RESHAPE => {
            let shape = lengths(x[0])?;
            // A tuple of lengths that was made for so many elements fits whatever each of them is.
            let fits = x[0].length.is_some_and(|n| n.same(product(dims))) || product(&shape).same(product(dims)) || shape == dims && !dims.contains(&Dim::Unknown);
            (shape, Order::C, !fits)
        }
        BROADCAST => {
            let shape = lengths(x[0])?;
            (shape.len() >= rank).then_some(())?;
            let fits = (0..rank).all(|j| dims[j] == Dim::Known(1) || dims[j].same(shape[shape.len() - rank + j]));
            let raises = !fits || shape.contains(&Dim::Unknown);
            (shape, Order::Any, raises)
        }
        SPREAD => {
            let (dims, raises) = super::broadcast(dims, x[1].dims()?);
            (dims, Order::Any, raises)
        }
        CONCATENATE => {
            let (k, first) = (x[0].axis().filter(|k| *k < rank)?, x[1].dims().filter(|d| d.len() == rank)?);
            (x[1].dtype() == Some(dtype)).then_some(())?;
            let mut together = super::broadcast(first, dims).0;
            together[k] = first[k].known().zip(dims[k].known()).map_or(Dim::Unknown, |(a, b)| Dim::Known(a + b));
            (together, Order::C, (0..rank).any(|j| j != k && !first[j].same(dims[j])))
        }
        DIAG => {
            let [a, b] = dims else { return None };
            let shorter = if a.same(*b) { *a } else { a.known().zip(b.known()).map_or(Dim::Unknown, |(a, b)| Dim::Known(a.min(b))) };
            (vec![shorter], Order::Any, false)
        }
        _ => return None,
    };
    Some((Kind::Array { dtype, dims }, order, raises))
}

/// Order of a view of one axis: that of the array, unless the axis is the one that goes in steps of an element, and does not any more.
fn inner(order: Order, rank: usize, axis: usize, kept: bool) -> Order {
    match order {
        Order::C if kept || axis + 1 < rank => Order::C,
        Order::F if kept || axis > 0 => Order::F,
        _ => Order::Any,
    }
}

/// The permutation that a term is as an attribute.
pub fn permutation(f: &Facts) -> Option<&[u8]> {
    if let Kind::Attribute(Attribute::Permutation(p)) = &f.kind { Some(p) } else { None }
}

fn is_position(f: &Facts) -> bool {
    f.dtype().is_some_and(is_integer) && f.dims().is_some_and(|d| d.is_empty())
}

/// Part of a slice: none if it is left out, its value if that is known.
pub fn part(f: &Facts) -> Option<Option<Option<i64>>> {
    match f.kind {
        Kind::Attribute(Attribute::All) => Some(None),
        _ => is_position(f).then(|| Some(f.integer())),
    }
}

/// Start, stop and step of a slice of an axis of so many elements, and how many it takes.
pub fn slice_indices(n: i64, parts: [Option<i64>; 3]) -> Option<(i64, i64, i64)> {
    let step = parts[2].unwrap_or(1);
    (step != 0).then_some(())?;
    let (low, high) = if step > 0 { (0, n) } else { (-1, n - 1) };
    let clip = |i: Option<i64>, or| i.map_or(or, |i| (if i < 0 { i.saturating_add(n) } else { i }).clamp(low, high));
    let (start, stop) = if step > 0 { (clip(parts[0], low), clip(parts[1], high)) } else { (clip(parts[0], high), clip(parts[1], low)) };
    let count = if step > 0 { (stop.saturating_sub(start).saturating_add(step - 1)) / step } else { (start.saturating_sub(stop).saturating_sub(step.saturating_add(1))) / step.saturating_neg() };
    Some((start, count.max(0), step))
}

fn sliced(dim: Dim, parts: [&Facts; 3]) -> Option<Dim> {
    let parts = [part(parts[0])?, part(parts[1])?, part(parts[2])?];
    if parts.contains(&Some(None)) {
        return Some(Dim::Unknown);
    }
    let [start, stop, step] = parts.map(|p| p.flatten());
    Some(match (dim, step.unwrap_or(1)) {
        (Dim::Known(n), _) => slice_indices(n, [start, stop, step]).map_or(Dim::Unknown, |(_, n, _)| Dim::Known(n)),
        (_, 1 | -1) if start.is_none() && stop.is_none() => dim,
        (_, 1) => match (start.unwrap_or(0), stop) {
            (a @ 0.., None) => less(dim, a, 0),
            (a @ 0.., Some(b @ ..0)) => less(dim, a, b.saturating_neg()),
            _ => Dim::Unknown,
        },
        _ => Dim::Unknown,
    })
}

fn less(dim: Dim, a: i64, b: i64) -> Dim {
    let Ok(gone) = u32::try_from(a.saturating_add(b)) else { return Dim::Unknown };
    match dim {
        _ if gone == 0 => dim,
        Dim::Of(leaf, axis) => Dim::Less(leaf, axis, gone),
        Dim::Less(leaf, axis, n) => n.checked_add(gone).map_or(Dim::Unknown, |n| Dim::Less(leaf, axis, n)),
        _ => Dim::Unknown,
    }
}

/// Lengths that a tuple of integers gives.
fn lengths(f: &Facts) -> Option<Vec<Dim>> {
    let Kind::Tuple(items) = &f.kind else { return None };
    items.iter().map(|i| is_position(i).then(|| i.as_length())).collect()
}

/// Number of elements of an array with axes of these lengths.
pub fn product(dims: &[Dim]) -> Dim {
    match dims {
        [] => Dim::Known(1),
        [one] => *one,
        [Dim::Of(leaf, 0), rest @ ..] if rest.iter().enumerate().all(|(k, d)| *d == Dim::Of(*leaf, k as u8 + 1)) => Dim::Product(*leaf, dims.len() as u8),
        _ => dims.iter().map(|d| d.known()).try_fold(1i64, |n, d| n.checked_mul(d?)).map_or(Dim::Unknown, Dim::Known),
    }
}
