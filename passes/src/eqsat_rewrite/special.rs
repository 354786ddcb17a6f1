//! Special methods on ranges, tuples and shapes: `len`, `in`, subscripts. Ranges and tuples are looked through to what they are made of.
use super::{emit::Emitter, import::Import, number};
use crate::{cfg::{key, op_key}, functions::path_of};
use egg::Id;
use melior::ir::{OperationRef, Value, ValueLike, attribute::StringAttribute, operation::{OperationLike, OperationResult}};
use numbra_abi::DType;
use numbra_dialects::py::{PyOp, Ty, ods::py as ods};
use numbra_eqsat::{Attribute as Att, Node, Operator, operators::*};
use std::collections::HashMap;

/// Whether a builtin is one of them.
pub fn is_special(path: &str) -> bool {
    matches!(path, "len" | "range.contains" | "range.item")
}

/// The term of a builtin on an array or range.
pub fn import<'c: 'a, 'a>(import: &mut Import<'c, 'a>, op: OperationRef<'c, 'a>, definitions: &HashMap<usize, OperationRef<'c, 'a>>) -> Option<Id> {
    let container = op.operand(0).ok()?;
    match (path_of(op)?, Ty::from_mlir(container.r#type())?) {
        ("len", Ty::Array(a)) if a.rank > 0 => {
            let x = import.operand(container, definitions, None)?;
            Some(import.apply(LEN, &[x]))
        }
        ("len", Ty::Range(_)) => {
            let range = range(import, container, definitions)?;
            Some(import.apply(LEN, &[range]))
        }
        (path, Ty::Range(_)) => {
            let x = import.operand(op.operand(1).ok()?, definitions, None)?;
            let range = range(import, container, definitions)?;
            Some(import.apply(if path == "range.contains" { CONTAINS } else { GETITEM }, &[x, range]))
        }
        _ => None,
    }
}

fn range<'c: 'a, 'a>(import: &mut Import<'c, 'a>, value: Value<'c, 'a>, definitions: &HashMap<usize, OperationRef<'c, 'a>>) -> Option<Id> {
    let op = definitions.get(&key(value)).filter(|o| PyOp::of(*o) == PyOp::Builtin && path_of(**o) == Some("range"))?;
    if Ty::from_mlir(value.r#type())? != Ty::Range(DType::Int64) {
        return None;
    }
    let parts: Vec<Id> = op.operands().map(|v| import.operand(v, definitions, None)).collect::<Option<_>>()?;
    Some(import.apply(RANGE, &parts))
}

/// The term of a part of a tuple of numbers.
pub fn part<'c: 'a, 'a>(import: &mut Import<'c, 'a>, op: OperationRef<'c, 'a>, definitions: &HashMap<usize, OperationRef<'c, 'a>>) -> Option<Id> {
    let tuple = *definitions.get(&key(op.operand(0).ok()?)).filter(|o| PyOp::of(*o) == PyOp::Tuple)?;
    Ty::from_mlir(op.result(0).ok()?.r#type())?.scalar()?;
    let index = op.operand(1).ok()?;
    if let Some(k) = number::integer_of(index, definitions) {
        return import.operand(tuple.operand(number::place(k, tuple.operand_count())?).ok()?, definitions, None);
    }
    let items: Vec<Id> = tuple.operands().map(|v| import.operand(v, definitions, None)).collect::<Option<_>>()?;
    let index = import.operand(index, definitions, None)?;
    let tuple = import.apply(TUPLE, &items);
    Some(import.apply(GETITEM, &[index, tuple]))
}

impl<'c: 'a, 'a> Emitter<'_, 'c, 'a> {
    /// The value of a special method.
    pub(super) fn special(&mut self, operator: Operator, children: &[Id]) -> Option<Value<'c, 'a>> {
        let (context, location, int) = (self.context, self.location(), Ty::INT.to_mlir(self.context));
        match operator {
            LEN => {
                let x = self.term(*children.first()?, None)?;
                matches!(Ty::from_mlir(x.r#type())?, Ty::Array(_) | Ty::Range(_)).then_some(())?;
                self.push(ods::builtin(context, int, &[x], StringAttribute::new(context, "len"), location))
            }
            SIZE => {
                let x = self.term(*children.first()?, None)?;
                self.push(ods::getattr(context, int, x, StringAttribute::new(context, "size"), location))
            }
            DIM => {
                let Att::Axis(k) = self.attribute(*children.first()?)? else { return None };
                let x = self.term(*children.get(1)?, None)?;
                let shape = self.shape(x)?;
                self.item(shape, k)
            }
            TUPLE => match self.shape_of(children) {
                Some(x) => {
                    let x = self.term(x, None)?;
                    self.shape(x)
                }
                None => self.tuple(children),
            },
            ITEM => {
                let Att::Axis(k) = self.attribute(*children.first()?)? else { return None };
                let Node::Apply(TUPLE, items) = &self.terms[usize::from(*children.get(1)?)] else { return None };
                let values: Vec<Value> = items.clone().iter().map(|x| self.term(*x, None)).collect::<Option<_>>()?;
                // The others are there for what they raise.
                for (_, other) in values.iter().enumerate().filter(|(i, _)| *i != k as usize) {
                    if let Ok(result) = OperationResult::try_from(*other) {
                        self.pinned.insert(op_key(result.owner()));
                    }
                }
                values.get(k as usize).copied()
            }
            RANGE => {
                let parts: Vec<Value> = children.iter().map(|c| self.term(*c, None)).collect::<Option<_>>()?;
                self.push(ods::builtin(context, Ty::Range(DType::Int64).to_mlir(context), &parts, StringAttribute::new(context, "range"), location))
            }
            GETITEM | CONTAINS => {
                let x = self.term(*children.first()?, None)?;
                let container = self.term(*children.get(1)?, None)?;
                match (operator, Ty::from_mlir(container.r#type())?) {
                    (GETITEM, Ty::Tuple(items)) => self.push(ods::getitem(context, items.first()?.to_mlir(context), container, x, location)),
                    (GETITEM, Ty::Range(_)) => self.push(ods::builtin(context, int, &[container, x], StringAttribute::new(context, "range.item"), location)),
                    (_, Ty::Range(_)) => self.push(ods::builtin(context, Ty::Scalar(DType::Bool).to_mlir(context), &[container, x], StringAttribute::new(context, "range.contains"), location)),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    fn shape(&mut self, x: Value<'c, 'a>) -> Option<Value<'c, 'a>> {
        let rank = Ty::from_mlir(x.r#type())?.array()?.rank;
        let (t, location) = (Ty::tuple(std::iter::repeat_n(Ty::INT, rank)).to_mlir(self.context), self.location());
        self.push(ods::getattr(self.context, t, x, StringAttribute::new(self.context, "shape"), location))
    }

    fn tuple(&mut self, children: &[Id]) -> Option<Value<'c, 'a>> {
        let items: Vec<Value> = children.iter().map(|c| self.term(*c, None)).collect::<Option<_>>()?;
        let types: Vec<Ty> = items.iter().map(|v| Ty::from_mlir(v.r#type())).collect::<Option<_>>()?;
        let location = self.location();
        self.push(ods::tuple(self.context, Ty::tuple(types).to_mlir(self.context), &items, location))
    }

    // The array of which terms are the lengths of all axes.
    fn shape_of(&self, children: &[Id]) -> Option<Id> {
        let mut array = None;
        for (axis, child) in children.iter().enumerate() {
            let Node::Apply(DIM, of) = &self.terms[usize::from(*child)] else { return None };
            (self.attribute(of[0])? == Att::Axis(axis as u8) && array.is_none_or(|a| a == of[1])).then_some(())?;
            array = Some(of[1]);
        }
        let array = array?;
        let rank = numbra_eqsat::problem::facts(&self.terms[..usize::from(array) + 1], self.facts).pop()?.dims()?.len();
        (rank == children.len()).then_some(array)
    }
}
