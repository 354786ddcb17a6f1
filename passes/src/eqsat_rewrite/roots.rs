//! Which values of a stretch are used outside of its terms, and what of them rewriting must keep.
//!
//! Arrays have identity: a program sees whether two names stand for the same memory once it writes to one of them. So new memory stays memory of its own, a view of an array from
//! outside stays one of that array, and a view of memory that is seen elsewhere is left alone: its op is not imported.
use super::{
    import::{Effect, Import, effect},
    fills, flat,
    joins, library, shapes, writes,
};
use crate::{cfg::key, functions::path_of};
use melior::ir::{OperationRef, Value, ValueLike, operation::OperationLike};
use numbra_dialects::py::{PyOp, Ty};
use numbra_eqsat::operators::{INV, MATMUL, SOLVE};
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
    /// Whether only its elements are read, by the op behind the stretch: then no program can tell whose memory it is
    pub read: bool,
}

/// The roots of an import; `end` is the op behind the stretch.
pub fn roots<'c: 'a, 'a>(import: &Import<'c, 'a>, users: &Users<'c, 'a>, end: Option<OperationRef<'c, 'a>>) -> Vec<Root<'c, 'a>> {
    let ops: HashMap<usize, OperationRef> = import.imported.iter().filter_map(|i| Some((key(i.op.result(0).ok()?.into()), i.op))).collect();
    let own: HashSet<OpId> = import.imported.iter().map(|i| id(i.op)).collect();
    let mut roots = vec![];
    for (imported, i) in import.imported.iter().enumerate() {
        let Ok(value) = i.op.result(0) else { continue };
        let value: Value = value.into();
        let outside: Vec<OperationRef> = users.get(&key(value)).into_iter().flatten().copied().filter(|u| !own.contains(&id(*u)) && !is_part_of_index(*u, users, &own)).collect();
        if !outside.is_empty() {
            let reads = |u: &OperationRef<'c, 'a>| Some(*u) == end && (0..u.operand_count()).all(|k| u.operand(k) != Ok(value) || writes::reads(*u, k));
            roots.push(Root { imported, value, origin: origin(value, &ops), read: outside.iter().all(reads) });
        }
    }
    roots
}

type OpId = usize;

fn id(op: OperationRef) -> OpId {
    crate::cfg::op_key(op)
}

// Tuples and slices of indices, shapes and sizes are looked through by what uses them.
fn is_part_of_index<'c: 'a, 'a>(op: OperationRef<'c, 'a>, users: &Users<'c, 'a>, own: &HashSet<OpId>) -> bool {
    (matches!(PyOp::of(&op), PyOp::Slice | PyOp::Tuple) || shapes::is_lengths(op))
        && op.result(0).ok().and_then(|r| users.get(&key(r.into()))).is_none_or(|list| list.iter().all(|u| own.contains(&id(*u)) && (PyOp::of(u) == PyOp::GetItem || flat::is_view(*u) || joins::of(*u).is_some() || fills::is_fill(*u)) || is_part_of_index(*u, users, own)))
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
            Some(op) if matches!(PyOp::of(op), PyOp::GetItem | PyOp::GetAttr) || flat::is_view(*op) => value = op.operand(0).ok()?,
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
            None if !matches!(PyOp::of(&op), PyOp::Tuple | PyOp::Slice) && !shapes::is_lengths(op) => continue,
            _ => {}
        }
        stack.extend(op.operands().filter_map(|v| definitions.get(&key(v)).copied()));
    }
    seen
}

/// Whether the order of exceptions stays if parts of a root (itself among them) are computed where the root is: all of them that may raise raise the same, and so does what else may raise
/// between the first of them and the root.
pub fn keeps_exceptions<'c: 'a, 'a>(import: &Import<'c, 'a>, ops: &[OperationRef<'c, 'a>], root: usize, parts: &HashSet<usize>, raises: &dyn Fn(usize) -> bool) -> bool {
    let raising: Vec<usize> = parts.iter().copied().filter(|k| raises(*k)).collect();
    let Some(first) = raising.iter().map(|k| import.imported[*k].place).min() else { return true };
    let last = import.imported[root].place;
    let by_place: HashMap<usize, usize> = import.imported.iter().enumerate().map(|(k, i)| (i.place, k)).collect();
    let raised: Vec<OperationRef> = raising.iter().map(|k| import.imported[*k].op).collect();
    let errors: HashSet<Error> = raised.iter().map(|op| Error::of(*op)).collect();
    let other = (first..last).any(|place| match by_place.get(&place) {
        Some(k) => !parts.contains(k) && raises(*k) && !(errors.len() == 1 && errors.contains(&Error::of(import.imported[*k].op))),
        None => effect(ops[place]) != Effect::Nothing,
    });
    !other && (errors.len() == 1 || is_inverse_times(&raised))
}

/// What an op that may raise raises: two of one kind are the same error, whichever comes first.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Error {
    /// An index is out of range
    Index,
    /// Shapes do not fit
    Shape,
    /// A matrix has no inverse
    Singular,
    /// So many elements do not have such a shape
    Reshape,
    /// Arrays cannot be put together
    Join,
}

impl Error {
    fn of<'c: 'a, 'a>(op: OperationRef<'c, 'a>) -> Error {
        match PyOp::of(&op) {
            PyOp::GetItem => Error::Index,
            PyOp::Builtin if flat::is_view(op) => Error::Reshape,
            PyOp::Invoke if joins::of(op).is_some() => Error::Join,
            PyOp::Builtin if path_of(op) == Some("range.item") => Error::Index,
            PyOp::Invoke if library::of(op).is_some_and(|row| matches!(row.operator, INV | SOLVE)) => Error::Singular,
            _ => Error::Shape,
        }
    }
}

// `inv(a) @ b`: the function that takes the place of both raises as they do, one after the other.
fn is_inverse_times<'c: 'a, 'a>(raising: &[OperationRef<'c, 'a>]) -> bool {
    let operator = |op: &OperationRef<'c, 'a>| library::of(*op).map(|row| row.operator);
    let (Some(inverse), Some(product)) = (raising.iter().find(|op| operator(op) == Some(INV)), raising.iter().find(|op| operator(op) == Some(MATMUL))) else { return false };
    raising.len() == 2 && product.operand(0).ok() == inverse.result(0).ok().map(Into::into)
}
