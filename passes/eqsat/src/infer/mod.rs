//! Facts of an operator's result from those of its operands.
//!
//! [`Inferred::raises`] says whether the operator itself may raise, which operands that raise do not count to: rules may not lose or add an error.
mod element;
mod matrix;
mod special;
pub(crate) mod view;

use crate::{
    facts::{Dim, Facts, Kind, Order},
    language::Node,
    operators::*,
};
use egg::Id;

/// Facts of a result.
#[derive(Clone, Debug)]
pub struct Inferred {
    /// Of the result, with what its operands do
    pub facts: Facts,
    /// Whether the operator itself may raise
    pub raises: bool,
}

pub use view::{array_operand, slice_indices};

/// Type, axes, order of a result and whether the operator may raise.
pub(crate) type Result_ = Option<(Kind, Order, bool)>;

/// Facts of a node whose operands' facts `of` gives.
pub fn node<'f>(node: &Node, leaves: &[Facts], of: impl Fn(Id) -> &'f Facts) -> Inferred {
    let alone = |facts| Inferred { facts, raises: false };
    match node {
        Node::Leaf(k) => alone(leaves.get(*k as usize).map_or_else(Facts::opaque, |f| Facts { last_leaf: Some(*k), ..f.clone() })),
        Node::Number(n) => alone(Facts::number(*n)),
        Node::Attribute(a) => alone(Facts::attribute(a.clone())),
        Node::Apply(operator, children) => {
            let operands: smallvec::SmallVec<[&Facts; 4]> = children.iter().map(|c| of(*c)).collect();
            apply(*operator, &operands)
        }
    }
}

/// Facts of an operator's result. Operands that it does not take make it opaque.
pub fn apply(operator: Operator, x: &[&Facts]) -> Inferred {
    let last_leaf = x.iter().filter_map(|f| f.last_leaf).max();
    let fits = operator.row().arity.is_none_or(|n| n == x.len());
    let result = if !fits {
        None
    } else {
        match operator.class() {
            Class::Element => element::infer(operator, x),
            Class::Reduce | Class::Scan => reduce(operator, x),
            Class::View => view::infer(operator, x),
            Class::Matrix => matrix::infer(operator, x),
            Class::Special => special::infer(operator, x),
        }
    };
    let Some((kind, order, raises)) = result else { return Inferred { facts: Facts { last_leaf, ..Facts::opaque() }, raises: true } };
    let value = if raises { None } else { value(operator, x, &kind) };
    let length = if operator.class() == Class::Special { special::length(operator, x) } else { None };
    Inferred { facts: Facts { kind, order, value, length, may_raise: raises || x.iter().any(|f| f.may_raise), last_leaf }, raises }
}

/// The one number that all elements are, if that is known.
fn value(operator: Operator, x: &[&Facts], kind: &Kind) -> Option<crate::language::Number> {
    let Kind::Array { dtype, .. } = kind else { return None };
    match operator.class() {
        Class::Element => element::value(operator, *dtype, x),
        Class::View if operator != CONCATENATE => x[view::array_operand(operator)].value,
        Class::Special => special::value(operator, x),
        _ => None,
    }
}

fn reduce(operator: Operator, x: &[&Facts]) -> Result_ {
    let (dtype, dims) = (x[1].dtype()?, x[1].dims()?);
    operator.row().domain.has(dtype).then_some(())?;
    let axis = match x[0].axis() {
        Some(k) if k < dims.len() => Some(k),
        Some(_) => return None,
        None => matches!(x[0].kind, Kind::Attribute(crate::language::Attribute::All)).then_some(None)?,
    };
    if operator.class() == Class::Scan {
        // A scan over all axes is one over the raveled array.
        return axis.map(|_| (x[1].kind.clone(), Order::C, false));
    }
    let gone = |k: usize| axis.is_none_or(|a| a == k);
    let dtype = operator.row().gives.of(dtype)?;
    let left: Vec<Dim> = dims.iter().enumerate().filter(|(k, _)| !gone(*k)).map(|(_, d)| *d).collect();
    let empty = dims.iter().enumerate().any(|(k, d)| gone(k) && d.known().is_none_or(|n| n == 0));
    // Of nothing along the axis there is no smallest element; an error even where the result would have none, but for that there is no need to tell.
    let raises = matches!(operator, MIN | MAX | ARGMIN | ARGMAX) && empty;
    Some((Kind::Array { dtype, dims: left }, Order::C, raises))
}

/// Lengths that two arrays have together, and whether they may not fit.
pub fn broadcast(a: &[Dim], b: &[Dim]) -> (Vec<Dim>, bool) {
    let rank = a.len().max(b.len());
    let mut raises = false;
    let dims = (0..rank)
        .map(|k| match (aligned(a, rank, k), aligned(b, rank, k)) {
            (Some(d), None) | (None, Some(d)) => d,
            (Some(p), Some(q)) if p.same(q) => p,
            (Some(Dim::Known(1)), Some(d)) | (Some(d), Some(Dim::Known(1))) => d,
            (Some(p), Some(q)) => {
                raises = true;
                match (p, q) {
                    (Dim::Known(n), _) | (_, Dim::Known(n)) => Dim::Known(n),
                    _ => Dim::Unknown,
                }
            }
            (None, None) => Dim::Unknown,
        })
        .collect();
    (dims, raises)
}

/// Length of the axis of an array that stands at axis `k` of a result with `rank` axes.
pub fn aligned(dims: &[Dim], rank: usize, k: usize) -> Option<Dim> {
    (k + dims.len()).checked_sub(rank).map(|j| dims[j])
}
