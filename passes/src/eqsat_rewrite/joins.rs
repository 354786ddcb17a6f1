//! Calls that put arrays together along an axis: `np.concatenate`, and `np.hstack` and `np.vstack` where they do nothing else.
//!
//! A join with other operands is a call of the same version of the function, which there is for arrays of the same types only.
use super::{emit::Emitter, import::Import, library, number};
use crate::cfg::key;
use egg::Id;
use melior::ir::{BlockLike, OperationRef, Value, ValueLike, operation::OperationLike};
use numbra_dialects::{py::{PyOp, Ty, ods::py as ods}, rewrite::set_operand};
use numbra_eqsat::{Attribute as Att, Node, operators::CONCATENATE};
use std::collections::HashMap;

/// A call that is a join.
#[derive(Clone)]
pub struct Join<'c, 'a> {
    /// Along which axis
    pub axis: u8,
    /// It
    pub call: OperationRef<'c, 'a>,
    /// What makes the operands behind the tuple
    pub options: Vec<OperationRef<'c, 'a>>,
}

/// The function that an op calls to join arrays of one type and rank, and this rank.
pub fn of<'c: 'a, 'a>(op: OperationRef<'c, 'a>) -> Option<(&'c str, usize)> {
    let path = library::called(op).filter(|p| matches!(*p, "construction.joining.concatenate" | "construction.joining.hstack" | "construction.joining.vstack"))?;
    let Ty::Tuple(items) = Ty::from_mlir(op.operand(0).ok()?.r#type())? else { return None };
    let result = Ty::from_mlir(op.result(0).ok()?.r#type())?.array()?;
    let fits = items.len() > 1 && items.iter().all(|t| t.array().is_some_and(|a| a.dtype == result.dtype && a.rank == result.rank && a.rank > 0));
    fits.then_some((path, result.rank))
}

/// The term of a join.
pub fn import<'c: 'a, 'a>(import: &mut Import<'c, 'a>, op: OperationRef<'c, 'a>, definitions: &HashMap<usize, OperationRef<'c, 'a>>) -> Option<Id> {
    let (path, rank) = of(op)?;
    let options: Vec<OperationRef> = op.operands().skip(1).map(|v| definitions.get(&key(v)).copied().filter(|o| PyOp::of(o) == PyOp::Constant)).collect::<Option<_>>()?;
    let numbers: Vec<i128> = options.iter().filter_map(|o| number::of(*o)?.as_integer()).collect();
    let axis = match (path, numbers.as_slice()) {
        ("construction.joining.concatenate", [k]) => number::place(*k, rank)?,
        ("construction.joining.hstack", []) => usize::from(rank > 1),
        ("construction.joining.vstack", []) if rank > 1 => 0,
        _ => return None,
    };
    // An axis that is None, or a type of elements.
    let plain = op.operands().skip(1 + numbers.len()).all(|v| Ty::from_mlir(v.r#type()) == Some(Ty::None));
    let tuple = definitions.get(&key(op.operand(0).ok()?)).filter(|o| plain && PyOp::of(*o) == PyOp::Tuple)?;
    let items: Vec<Id> = tuple.operands().map(|v| import.operand(v, definitions, None)).collect::<Option<_>>()?;
    let (first, rest) = items.split_first()?;
    let k = import.attribute(Att::Axis(axis as u8));
    import.joins.push(Join { axis: axis as u8, call: op, options });
    Some(rest.iter().fold(*first, |x, y| import.apply(CONCATENATE, &[k, x, *y])))
}

impl<'c: 'a, 'a> Emitter<'_, 'c, 'a> {
    /// The arrays of a term one after the other, by a call that the stretch has for such arrays.
    pub(super) fn join(&mut self, term: Id) -> Option<Value<'c, 'a>> {
        let mut parts = vec![];
        let (mut id, mut along) = (term, None);
        while let Node::Apply(CONCATENATE, children) = &self.terms[usize::from(id)] {
            let Att::Axis(k) = self.attribute(children[0])? else { return None };
            if along.is_some_and(|a| a != k) {
                break;
            }
            along = Some(k);
            parts.push(children[2]);
            id = children[1];
        }
        parts.push(id);
        let items: Vec<Value> = parts.iter().rev().map(|x| self.term(*x, None)).collect::<Option<_>>()?;
        let types: Vec<Ty> = items.iter().map(|v| Ty::from_mlir(v.r#type())).collect::<Option<_>>()?;
        let t = Ty::tuple(types).to_mlir(self.context);
        let join = self.joins.iter().find(|j| Some(j.axis) == along && j.call.operand(0).is_ok_and(|v| v.r#type() == t))?.clone();
        let location = self.location();
        let mut operands = vec![self.push(ods::tuple(self.context, t, &items, location))?];
        for option in join.options {
            operands.push(self.push((*option).clone())?);
        }
        let call = self.block.insert_operation_before(self.before, (*join.call).clone());
        operands.into_iter().enumerate().for_each(|(i, value)| set_operand(call, i, value));
        self.made.push(call);
        call.result(0).ok().map(Into::into)
    }
}
