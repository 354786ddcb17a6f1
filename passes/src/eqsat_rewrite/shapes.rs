//! Shapes: lengths of arrays as terms, and views of the same elements with other axes.
//!
//! The library makes those by `array.view` with a shape that it has computed, or by functions that are known here. `x.reshape(...)` first asks a function whether so many elements have
//! such a shape, and what the length -1 is: that call stays where it is, with its error, and what it gives is a leaf, of which is known that it fits the size that it was asked for.
use super::{emit::Emitter, import::Import, index::is_shape, library, number};
use crate::cfg::key;
use egg::Id;
use melior::ir::{OperationRef, Type, Value, ValueLike, attribute::StringAttribute, operation::OperationLike};
use numbra_abi::DType;
use numbra_dialects::py::{ArrayTy, Layout, PyOp, Ty, ods::py as ods};
use numbra_eqsat::{Attribute, Dim, Facts, Kind, Node, Number, Order, operators::*};
use std::collections::HashMap;

/// Functions of the library that compare and compute lengths, and nothing else.
const LENGTHS: &[&str] = &["construction.reshape._resolve", "indexing.indices.check_mask"];
/// Functions that make views of their first operand.
const VIEWS: &[&str] = &["construction.reshape.transpose", "construction.reshape.swapaxes", "construction.reshape._squeeze"];

type Definitions<'c, 'a> = HashMap<usize, OperationRef<'c, 'a>>;

/// Whether an op is a call that computes, and may raise.
pub fn only_computes<'c: 'a, 'a>(op: OperationRef<'c, 'a>) -> bool {
    library::called(op).is_some_and(|p| LENGTHS.contains(&p) || VIEWS.contains(&p))
}

/// Whether an op is a call that makes a view of its first operand.
pub fn is_view<'c: 'a, 'a>(op: OperationRef<'c, 'a>) -> bool {
    library::called(op).is_some_and(|p| VIEWS.contains(&p))
}

/// Whether an op makes a shape for so many elements.
pub fn is_resolved<'c: 'a, 'a>(op: OperationRef<'c, 'a>) -> bool {
    library::called(op) == Some(LENGTHS[0])
}

/// The attribute of an array that an op reads.
pub fn attribute_of<'c: 'a, 'a>(op: OperationRef<'c, 'a>) -> Option<&'c str> {
    if PyOp::of(&op) != PyOp::GetAttr {
        return None;
    }
    Ty::from_mlir(op.operand(0).ok()?.r#type())?.array()?;
    StringAttribute::try_from(op.attribute("attribute").ok()?).ok().map(|s| s.value())
}

/// Whether an op tells of an array where its elements are.
pub fn is_lengths<'c: 'a, 'a>(op: OperationRef<'c, 'a>) -> bool {
    matches!(attribute_of(op), Some("shape" | "strides" | "size"))
}

/// Makes the shape that a call gives a leaf.
pub fn leaf<'c: 'a, 'a>(import: &mut Import<'c, 'a>, op: OperationRef<'c, 'a>, definitions: &Definitions<'c, 'a>, place: usize) {
    if let (Some(facts), Ok(result)) = (resolved(import, op, definitions), op.result(0)) {
        import.leaf(result.into(), facts, place);
    }
}

fn resolved<'c: 'a, 'a>(import: &mut Import<'c, 'a>, op: OperationRef<'c, 'a>, definitions: &Definitions<'c, 'a>) -> Option<Facts> {
    let Ty::Tuple(items) = Ty::from_mlir(op.result(0).ok()?.r#type())? else { return None };
    let written = definitions.get(&key(op.operand(0).ok()?)).filter(|o| PyOp::of(*o) == PyOp::Tuple);
    let known = |k: usize| constant(written?.operand(k).ok()?, definitions).filter(|n| *n >= 0);
    let length = |k: usize| Facts { length: known(k).map(Dim::Known), ..Facts::array(DType::Int64, vec![], Order::C) };
    let size = import.operand(op.operand(1).ok()?, definitions, None)?;
    let product = import.facts(size)?.as_length();
    let length = (0..items.len()).map(length).collect();
    Some(Facts { kind: Kind::Tuple(length), length: Some(product).filter(|d| *d != Dim::Unknown), ..Facts::array(DType::Int64, vec![], Order::C) })
}

fn constant<'c: 'a, 'a>(value: Value<'c, 'a>, definitions: &Definitions<'c, 'a>) -> Option<i64> {
    i64::try_from(number::integer_of(value, definitions)?).ok()
}

/// The term of `x.T`, `x.size`, and of the shape of an array that is made here: that of another array may be the same.
pub fn attribute<'c: 'a, 'a>(import: &mut Import<'c, 'a>, op: OperationRef<'c, 'a>, definitions: &Definitions<'c, 'a>) -> Option<Id> {
    let array = op.operand(0).ok()?;
    let rank = Ty::from_mlir(array.r#type())?.array()?.rank as u8;
    let x = import.operand(array, definitions, None)?;
    match attribute_of(op)? {
        "T" if rank > 1 => {
            let p = import.attribute(Attribute::Permutation((0..rank).rev().collect()));
            Some(import.apply(PERMUTE, &[p, x]))
        }
        "size" => Some(import.apply(SIZE, &[x])),
        "shape" if rank > 0 && matches!(import.terms[usize::from(x)], Node::Apply(..)) => {
            let lengths = import.lengths(x, rank.into());
            Some(import.apply(TUPLE, &lengths))
        }
        _ => None,
    }
}

/// The term of an `array.view`: a part of complex numbers, another shape, or axes of length 1 between the others.
pub fn view<'c: 'a, 'a>(import: &mut Import<'c, 'a>, op: OperationRef<'c, 'a>, definitions: &Definitions<'c, 'a>) -> Option<Id> {
    let (array, shape) = (op.operand(0).ok()?, op.operand(2).ok()?);
    let (a, result) = (Ty::from_mlir(array.r#type())?.array()?, Ty::from_mlir(op.result(0).ok()?.r#type())?.array()?);
    let start = constant(op.operand(1).ok()?, definitions)?;
    if op.operand_count() == 4 {
        let own = |k: usize, name: &str| op.operand(k).ok().and_then(|v| definitions.get(&key(v)).copied()).is_some_and(|o| attribute_of(o) == Some(name) && o.operand(0) == Ok(array));
        (a.dtype.is_complex() && result.dtype == a.dtype.part() && own(2, "shape") && own(3, "strides")).then_some(())?;
        let operator = match start {
            0 => REAL,
            n if n == a.dtype.part().size() as i64 => IMAG,
            _ => return None,
        };
        let x = import.operand(array, definitions, None)?;
        return Some(import.apply(operator, &[x]));
    }
    (start == 0 && a.layout == Layout::C && result == ArrayTy { rank: result.rank, ..a }).then_some(())?;
    let x = import.operand(array, definitions, None)?;
    if definitions.get(&key(shape)).is_some_and(|o| is_resolved(*o)) {
        let shape = import.term(shape)?;
        return Some(match (a.rank, result.rank) {
            (1, 1) => x,
            (_, 1) => import.apply(RAVEL, &[x]),
            _ => import.apply(RESHAPE, &[shape, x]),
        });
    }
    let items = definitions.get(&key(shape)).filter(|o| PyOp::of(*o) == PyOp::Tuple)?;
    let items: Vec<Length> = items.operands().map(|v| length(v, array, a.rank, definitions)).collect::<Option<_>>()?;
    let axes = items.iter().filter_map(|l| if let Length::Axis(k) = l { Some(*k) } else { None });
    axes.eq(0..a.rank).then_some(())?;
    let mut term = x;
    for (k, _) in items.iter().enumerate().filter(|(_, l)| **l == Length::One) {
        let k = import.attribute(Attribute::Axis(k as u8));
        term = import.apply(EXPAND, &[k, term]);
    }
    Some(term)
}

/// What a length in a shape is of an array.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Length {
    /// 1
    One,
    /// The length of an axis
    Axis(usize),
}

// Parts of shapes and tuples are followed to where they come from.
fn length<'c: 'a, 'a>(value: Value<'c, 'a>, array: Value<'c, 'a>, rank: usize, definitions: &Definitions<'c, 'a>) -> Option<Length> {
    let mut value = value;
    loop {
        let op = *definitions.get(&key(value))?;
        match PyOp::of(&op) {
            PyOp::Constant => return (number::of(op)?.as_integer() == Some(1)).then_some(Length::One),
            PyOp::GetAttr => return (attribute_of(op) == Some("size") && rank == 1 && op.operand(0) == Ok(array)).then_some(Length::Axis(0)),
            PyOp::GetItem => {
                let from = *definitions.get(&key(op.operand(0).ok()?))?;
                let k = constant(op.operand(1).ok()?, definitions)?;
                let k = usize::try_from(k).ok()?;
                match PyOp::of(&from) {
                    PyOp::Tuple => value = from.operand(k).ok()?,
                    _ => return (is_shape(from) && from.operand(0) == Ok(array) && k < rank).then_some(Length::Axis(k)),
                }
            }
            _ => return None,
        }
    }
}

/// The term of a call that makes a view with other axes.
pub fn call<'c: 'a, 'a>(import: &mut Import<'c, 'a>, op: OperationRef<'c, 'a>, definitions: &Definitions<'c, 'a>) -> Option<Id> {
    let path = library::called(op).filter(|p| VIEWS.contains(p))?;
    let array = op.operand(0).ok()?;
    let rank = Ty::from_mlir(array.r#type())?.array()?.rank;
    let axis = |k: i64| number::place(k.into(), rank);
    let axes: Vec<usize> = match definitions.get(&key(op.operand(1).ok()?)).filter(|o| PyOp::of(*o) == PyOp::Tuple) {
        Some(tuple) => tuple.operands().map(|v| axis(constant(v, definitions)?)).collect::<Option<_>>()?,
        None => (1..3).map(|k| axis(constant(op.operand(k).ok()?, definitions)?)).collect::<Option<_>>()?,
    };
    let x = import.operand(array, definitions, None)?;
    if path == "construction.reshape._squeeze" {
        // A length that is not 1 is an error.
        let facts = import.facts(x)?;
        axes.iter().all(|k| facts.dims().is_some_and(|d| d[*k] == Dim::Known(1))).then_some(())?;
        let mut axes = axes;
        axes.sort_unstable();
        let zero = import.node(Node::Number(Number::integer(DType::Int64, 0)?));
        return Some(axes.into_iter().rev().fold(x, |x, k| {
            let k = import.attribute(Attribute::Axis(k as u8));
            import.apply(INDEX, &[k, zero, x])
        }));
    }
    let mut order: Vec<usize> = (0..rank).collect();
    match (path, axes.as_slice()) {
        ("construction.reshape.swapaxes", [j, k]) => order.swap(*j, *k),
        _ => {
            let mut sorted = axes.clone();
            sorted.sort_unstable();
            (sorted == order).then_some(())?;
            order = axes;
        }
    }
    let p = import.attribute(Attribute::Permutation(order.into_iter().map(|k| k as u8).collect()));
    Some(import.apply(PERMUTE, &[p, x]))
}

impl<'c: 'a, 'a> Emitter<'_, 'c, 'a> {
    /// A view that begins where the array does.
    pub(super) fn view_of(&mut self, x: Value<'c, 'a>, shape: Value<'c, 'a>, strides: Option<Value<'c, 'a>>, t: Type<'c>) -> Option<Value<'c, 'a>> {
        let (context, location) = (self.context, self.location());
        let start = number::constant(context, Number::integer(DType::Int64, 0)?, location)?;
        let mut operands = vec![x, self.push(start)?, shape];
        operands.extend(strides);
        self.push(ods::builtin(context, t, &operands, StringAttribute::new(context, super::flat::VIEW), location))
    }

    /// The lengths or strides of an array in another order.
    pub(super) fn permuted(&mut self, x: Value<'c, 'a>, name: &str, p: &[u8]) -> Option<Value<'c, 'a>> {
        let (context, location) = (self.context, self.location());
        let t = Ty::tuple(std::iter::repeat_n(Ty::INT, p.len())).to_mlir(context);
        let all = self.push(ods::getattr(context, t, x, StringAttribute::new(context, name), location))?;
        let items: Vec<Value> = p.iter().map(|k| self.item(all, *k)).collect::<Option<_>>()?;
        self.push(ods::tuple(context, t, &items, location))
    }

    /// An integer of a tuple.
    pub(super) fn item(&mut self, tuple: Value<'c, 'a>, k: u8) -> Option<Value<'c, 'a>> {
        let (context, location) = (self.context, self.location());
        let k = number::constant(context, Number::integer(DType::Int64, k as i128)?, location)?;
        let k = self.push(k)?;
        self.push(ods::getitem(context, Ty::INT.to_mlir(context), tuple, k, location))
    }
}
