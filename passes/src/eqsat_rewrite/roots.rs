//! Which values of a stretch are used outside of its terms, and what of them rewriting must keep.
//!
//! Arrays have identity: a program sees whether two names stand for the same memory once it writes to one of them. So new memory stays memory of its own, a view of an array from
//! outside stays one of that array, and a view of memory that is seen elsewhere is left alone: its op is not imported.
use super::{
    import::{Effect, Import, effect},
    index::is_shape,
};
use crate::cfg::key;
use melior::ir::{OperationRef, Value, ValueLike, operation::OperationLike};
use numbra_dialects::py::{PyOp, Ty};
use std::collections::{HashMap, HashSet};

/// Users of each value of a function.
pub type Users<'c, 'a> = HashMap<usize, Vec<OperationRef<'c, 'a>>>;

/// Where the memory of an array comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// It is a view of an array from outside, the value with this key
    Outside(usize),
    /// The op that made it is part of the stretch; key of its result
    Made(usize),
}

/// A value that is used outside.
pub struct Root<'c, 'a> {
    /// Its op, by its position among those imported
    pub imported: usize,
    /// It
    pub value: Value<'c, 'a>,
    /// Whose memory it is, of an array
    pub origin: Option<Origin>,
}

/// The roots of an import.
pub fn roots<'c: 'a, 'a>(import: &Import<'c, 'a>, users: &Users<'c, 'a>) -> Vec<Root<'c, 'a>> {
    let ops: HashMap<usize, OperationRef> = import.imported.iter().filter_map(|i| Some((key(i.op.result(0).ok()?.into()), i.op))).collect();
    let own: HashSet<OpId> = import.imported.iter().map(|i| id(i.op)).collect();
    let mut roots = vec![];
    for (imported, i) in import.imported.iter().enumerate() {
        let Ok(value) = i.op.result(0) else { continue };
        let value: Value = value.into();
        let outside = users.get(&key(value)).is_some_and(|list| list.iter().any(|u| !own.contains(&id(*u)) && !is_part_of_index(*u, users, &own)));
        if outside {
            roots.push(Root { imported, value, origin: origin(value, &ops) });
        }
    }
    roots
}

type OpId = usize;

fn id(op: OperationRef) -> OpId {
    crate::cfg::op_key(op)
}

// Tuples and slices of indices, and shapes, are looked through by what uses them.
fn is_part_of_index<'c: 'a, 'a>(op: OperationRef<'c, 'a>, users: &Users<'c, 'a>, own: &HashSet<OpId>) -> bool {
    (matches!(PyOp::of(&op), PyOp::Slice | PyOp::Tuple) || is_shape(op))
        && op.result(0).ok().and_then(|r| users.get(&key(r.into()))).is_none_or(|list| list.iter().all(|u| own.contains(&id(*u)) && PyOp::of(u) == PyOp::GetItem || is_part_of_index(*u, users, own)))
}

// Views keep the memory of their first operand.
fn origin<'c: 'a, 'a>(value: Value<'c, 'a>, ops: &HashMap<usize, OperationRef<'c, 'a>>) -> Option<Origin> {
    if !matches!(Ty::from_mlir(value.r#type()), Some(Ty::Array(_))) {
        return None;
    }
    let mut value = value;
    loop {
        match ops.get(&key(value)) {
            None => return Some(Origin::Outside(key(value))),
            Some(op) if matches!(PyOp::of(op), PyOp::GetItem | PyOp::GetAttr) => value = op.operand(0).ok()?,
            Some(_) => return Some(Origin::Made(key(value))),
        }
    }
}

/// Views among the roots, by their places in the stretch, of memory made in the stretch that another root shows too.
pub fn shared_views<'c: 'a, 'a>(import: &Import<'c, 'a>, roots: &[Root<'c, 'a>]) -> Vec<usize> {
    let made = |r: &Root| if let Some(Origin::Made(k)) = r.origin { Some(k) } else { None };
    let shared = |k: usize| roots.iter().filter(|r| made(r) == Some(k)).count() > 1;
    let is_view = |r: &&Root| made(r).is_some_and(|k| k != key(r.value) && shared(k));
    roots.iter().filter(is_view).map(|r| import.imported[r.imported].place).collect()
}

/// The imported ops that a root is made of, itself among them, by their positions among those imported.
pub fn parts<'c: 'a, 'a>(import: &Import<'c, 'a>, root: usize, definitions: &HashMap<usize, OperationRef<'c, 'a>>) -> HashSet<usize> {
    let positions: HashMap<OpId, usize> = import.imported.iter().enumerate().map(|(k, i)| (id(i.op), k)).collect();
    let mut seen = HashSet::new();
    let mut stack = vec![import.imported[root].op];
    while let Some(op) = stack.pop() {
        match positions.get(&id(op)) {
            Some(k) if !seen.insert(*k) => continue,
            // Tuples, slices and shapes lead on to what they are made of.
            None if !matches!(PyOp::of(&op), PyOp::Tuple | PyOp::Slice) && !is_shape(op) => continue,
            _ => {}
        }
        stack.extend(op.operands().filter_map(|v| definitions.get(&key(v)).copied()));
    }
    seen
}

/// Whether the order of exceptions stays if a root and its parts are computed where the root is: between the first part that may raise and the root nothing else may, and all that
/// may raise among the parts raise the same.
pub fn keeps_exceptions<'c: 'a, 'a>(import: &Import<'c, 'a>, ops: &[OperationRef<'c, 'a>], root: usize, parts: &HashSet<usize>, raises: &dyn Fn(usize) -> bool) -> bool {
    let raising: Vec<usize> = parts.iter().copied().filter(|k| raises(*k)).collect();
    let Some(first) = raising.iter().map(|k| import.imported[*k].place).min() else { return true };
    let last = import.imported[root].place;
    let by_place: HashMap<usize, usize> = import.imported.iter().enumerate().map(|(k, i)| (i.place, k)).collect();
    let other = (first..last).any(|place| match by_place.get(&place) {
        Some(k) => !parts.contains(k) && raises(*k),
        None => effect(ops[place]) != Effect::Nothing,
    });
    let kinds: HashSet<bool> = raising.iter().map(|k| PyOp::of(&import.imported[*k].op) == PyOp::GetItem).collect();
    !other && kinds.len() == 1
}
