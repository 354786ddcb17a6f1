//! `x[...]` as views: one operator for each axis that the index changes.
use super::{import::Import, number};
use crate::cfg::key;
use egg::Id;
use melior::ir::{OperationRef, Value, ValueLike, operation::OperationLike};
use numbra_dialects::py::{PyOp, Ty};
use numbra_eqsat::{Attribute, operators::*};
use std::collections::HashMap;

/// The term of `x.shape[k]`: a `py.getitem` of the shape of an array.
pub fn length<'c: 'a, 'a>(import: &mut Import<'c, 'a>, op: OperationRef<'c, 'a>, definitions: &HashMap<usize, OperationRef<'c, 'a>>) -> Option<Id> {
    let shape = definitions.get(&key(op.operand(0).ok()?)).filter(|o| is_shape(**o))?;
    let array = shape.operand(0).ok()?;
    let rank = Ty::from_mlir(array.r#type())?.array()?.rank;
    let k = number::place(number::integer_of(op.operand(1).ok()?, definitions)?, rank)?;
    let (k, x) = (import.attribute(Attribute::Axis(k as u8)), import.operand(array, definitions, None)?);
    Some(import.apply(DIM, &[k, x]))
}

/// Whether an op is the shape of an array.
pub fn is_shape<'c: 'a, 'a>(op: OperationRef<'c, 'a>) -> bool {
    super::shapes::attribute_of(op).is_some_and(|name| name == "shape")
}

/// The term of a `py.getitem` of an array.
pub fn import<'c: 'a, 'a>(import: &mut Import<'c, 'a>, op: OperationRef<'c, 'a>, definitions: &HashMap<usize, OperationRef<'c, 'a>>) -> Option<Id> {
    let (array, index) = (op.operand(0).ok()?, op.operand(1).ok()?);
    let rank = Ty::from_mlir(array.r#type())?.array()?.rank;
    let definition = |v: Value<'c, 'a>| definitions.get(&key(v)).copied();
    let items: Vec<Value<'c, 'a>> = match Ty::from_mlir(index.r#type())? {
        Ty::Tuple(_) => definition(index).filter(|o| PyOp::of(o) == PyOp::Tuple)?.operands().collect(),
        _ => vec![index],
    };
    let types: Vec<Ty> = items.iter().map(|v| Ty::from_mlir(v.r#type())).collect::<Option<_>>()?;
    if !types.iter().all(|t| matches!(t, Ty::Scalar(_) | Ty::Slice(_) | Ty::None | Ty::Ellipsis)) {
        return None;
    }
    let consumed = types.iter().filter(|t| matches!(t, Ty::Scalar(_) | Ty::Slice(_))).count();
    let mut term = import.operand(array, definitions, None)?;
    let mut axis = 0u8;
    for (value, t) in items.iter().zip(&types) {
        match t {
            Ty::Scalar(_) => {
                let (k, i) = (import.attribute(Attribute::Axis(axis)), import.operand(*value, definitions, None)?);
                term = import.apply(INDEX, &[k, i, term]);
            }
            Ty::None => {
                let k = import.attribute(Attribute::Axis(axis));
                term = import.apply(EXPAND, &[k, term]);
                axis += 1;
            }
            Ty::Slice(parts) => {
                if parts.iter().any(|p| *p != Ty::None) {
                    let slice = definition(*value).filter(|o| PyOp::of(o) == PyOp::Slice)?;
                    let mut children = vec![import.attribute(Attribute::Axis(axis))];
                    for part in slice.operands() {
                        children.push(match Ty::from_mlir(part.r#type())? {
                            Ty::None => import.attribute(Attribute::All),
                            Ty::Scalar(d) if d.is_integer() => import.operand(part, definitions, None)?,
                            _ => return None,
                        });
                    }
                    children.push(term);
                    term = import.apply(SLICE, &children);
                }
                axis += 1;
            }
            _ => axis += rank.checked_sub(consumed)? as u8,
        }
    }
    Some(term)
}
