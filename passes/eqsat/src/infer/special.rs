//! Special methods on tuples, ranges and arrays.
use super::Result_;
use crate::{
    facts::{Dim, Facts, Kind, Order},
    language::Number,
    operators::*,
};
use numbra_abi::DType;

const INTEGER: Kind = Kind::Array { dtype: DType::Int64, dims: vec![] };

/// Result of a special method.
pub fn infer(operator: Operator, x: &[&Facts]) -> Result_ {
    let number = |dtype| Kind::Array { dtype, dims: vec![] };
    if operator == ITEM {
        let Kind::Tuple(items) = &x[1].kind else { return None };
        let item = items.get(x[0].axis()?)?;
        return Some((item.kind.clone(), item.order, false));
    }
    let (kind, raises) = match operator {
        TUPLE => (Kind::Tuple(x.iter().map(|f| (*f).clone()).collect()), false),
        LEN => match &x[0].kind {
            Kind::Array { dims, .. } if dims.is_empty() => return None,
            Kind::Array { .. } | Kind::Tuple(_) | Kind::Range => (INTEGER, false),
            _ => return None,
        },
        SIZE => x[0].dims().map(|_| (INTEGER, false))?,
        DIM => x[1].dims()?.get(x[0].axis()?).map(|_| (INTEGER, false))?,
        RANGE => {
            x.iter().all(|f| f.dtype() == Some(DType::Int64) && f.dims().is_some_and(|d| d.is_empty())).then_some(())?;
            (Kind::Range, x[2].integer().is_none_or(|s| s == 0))
        }
        CONTAINS => {
            let dtype = x[0].dtype().filter(|_| x[0].dims().is_some_and(|d| d.is_empty()))?;
            let fits = match &x[1].kind {
                Kind::Array { dtype: d, dims } => *d == dtype && !dims.is_empty(),
                Kind::Tuple(items) => items.iter().all(|i| i.dtype() == Some(dtype) && i.dims().is_some_and(|d| d.is_empty())),
                Kind::Range => dtype == DType::Int64,
                _ => false,
            };
            fits.then(|| (number(DType::Bool), false))?
        }
        GETITEM => {
            (x[0].dtype() == Some(DType::Int64) && x[0].dims().is_some_and(|d| d.is_empty())).then_some(())?;
            match &x[1].kind {
                Kind::Range => (INTEGER, true),
                Kind::Tuple(items) => {
                    let first = items.first()?;
                    items.iter().all(|i| i.kind == first.kind).then_some(())?;
                    let inside = x[0].integer().is_some_and(|i| (-(items.len() as i64)..items.len() as i64).contains(&i));
                    (first.kind.clone(), !inside)
                }
                _ => return None,
            }
        }
        ARRAY => match &x[0].kind {
            Kind::Range => (Kind::Array { dtype: DType::Int64, dims: vec![Dim::Unknown] }, false),
            Kind::Tuple(items) => {
                let dtype = items.first()?.dtype()?;
                items.iter().all(|i| i.dtype() == Some(dtype) && i.dims().is_some_and(|d| d.is_empty())).then_some(())?;
                (Kind::Array { dtype, dims: vec![Dim::Known(items.len() as i64)] }, false)
            }
            _ => return None,
        },
        _ => return None,
    };
    Some((kind, Order::C, raises))
}

/// Value of the result, if it is known.
pub fn value(operator: Operator, x: &[&Facts]) -> Option<Number> {
    match (operator, x) {
        (ITEM, [k, t]) => match &t.kind {
            Kind::Tuple(items) => items.get(k.axis()?)?.value,
            _ => None,
        },
        (LEN | DIM | SIZE, _) => Number::integer(DType::Int64, length(operator, x)?.known()? as i128),
        _ => None,
    }
}

/// The length of an axis that the result is.
pub fn length(operator: Operator, x: &[&Facts]) -> Option<Dim> {
    match (operator, x) {
        (ITEM, [k, t]) => match &t.kind {
            Kind::Tuple(items) => items.get(k.axis()?)?.length,
            _ => None,
        },
        (LEN, [t]) => match &t.kind {
            Kind::Tuple(items) => Some(Dim::Known(items.len() as i64)),
            _ => t.dims()?.first().copied(),
        },
        (SIZE, [t]) => Some(super::view::product(t.dims()?)).filter(|d| *d != Dim::Unknown),
        (TUPLE, items) => Some(super::view::product(&items.iter().map(|i| i.as_length()).collect::<Vec<_>>())).filter(|d| *d != Dim::Unknown),
        (DIM, [k, t]) => t.dims()?.get(k.axis()?).copied(),
        _ => None,
    }
}
