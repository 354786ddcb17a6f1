//! Which ops go over the same rows together, and whether that is legal and pays.
use super::super::{ARRAY_MAP, ARRAY_REDUCE, BROADCAST_SHAPE, CHECK_SHAPES};
use crate::conversion::py_to_std::cx::Cx;
use crate::{cfg::{Key, key, op_key}, functions::{callee, path_of}, numbers::integer_value};
use melior::ir::{OperationRef, Value, ValueLike, attribute::IntegerAttribute, operation::OperationLike};
use numbra_dialects::py::{ArrayTy, Layout, PyOp, Ty};
use std::collections::{HashMap, HashSet};

/// So many ops go together at most: each has code in one loop.
const MOST: usize = 16;
/// So many ops behind the first one are looked at.
const LOOKED_AT: usize = 256;

/// What a member does with elements.
#[derive(Clone, Copy, PartialEq)]
enum Work {
    Map,
    /// Along an axis that is not the first one
    Reduce,
}

/// Ops that go over the same rows, in their order.
#[derive(Default)]
pub struct Group<'c, 'a> {
    /// The ops
    pub members: Vec<OperationRef<'c, 'a>>,
    /// Arrays that more than one of them reads
    pub shared: Vec<Value<'c, 'a>>,
    /// Arrays that one of them makes, and that only others use: of these there are only as many rows as are gone over at a time
    pub local: HashSet<Key>,
    /// Ops that release such an array
    pub releases: Vec<OperationRef<'c, 'a>>,
    // Values that have the rows: what members make, and views with the same first axis.
    rows: HashSet<Key>,
    // Other values that refer to memory of members.
    others: HashSet<Key>,
    // How many members read or make an array of several axes that is no view of what others make.
    readers: HashMap<Key, usize>,
}

/// The ops from this one on that go together, if there are some for which that pays: an array is reduced along its rows, and read again.
pub fn around<'c: 'a, 'a>(cx: &Cx<'_, 'c, 'a>, first: OperationRef<'c, 'a>) -> Option<Group<'c, 'a>> {
    let mut group = Group::default();
    let mut works = vec![];
    let mut at = Some(first);
    for _ in 0..LOOKED_AT {
        let Some(op) = at.filter(|_| works.len() < MOST) else { break };
        match group.work_of(cx, op) {
            Some(work) => {
                group.add(op, work);
                works.push(work);
            }
            None if works.is_empty() || !group.passes(op) => break,
            None => {}
        }
        at = op.next_in_block();
    }
    if works.len() < 2 || !works.contains(&Work::Reduce) {
        return None;
    }
    let mut seen = HashSet::new();
    let read = group.members.iter().flat_map(|op| op.operands().chain(op.results().map(Value::from)));
    let shared: Vec<Value> = read.filter(|v| group.readers.get(&key(*v)).is_some_and(|n| *n > 1) && seen.insert(key(*v))).collect();
    if shared.is_empty() {
        return None;
    }
    for array in shared.iter().filter(|v| group.rows.contains(&key(**v))).copied().collect::<Vec<_>>() {
        group.keep_local(cx, array);
    }
    group.shared = shared;
    Some(group)
}

impl<'c: 'a, 'a> Group<'c, 'a> {
    // What an op does as a member; nothing where it is none.
    fn work_of(&self, cx: &Cx<'_, 'c, 'a>, op: OperationRef<'c, 'a>) -> Option<Work> {
        if PyOp::of(&op) != PyOp::Builtin || callee(op).is_some_and(|f| cx.module.raising.contains(f.value())) {
            return None;
        }
        let result = array(op.result(0).ok()?.into())?;
        let rank = op.operands().filter_map(array).map(|a| a.rank).max()?;
        let work = match path_of(op)? {
            ARRAY_MAP if result.rank == rank && rank > 0 => Work::Map,
            ARRAY_REDUCE if rank > 1 && integer_value(IntegerAttribute::try_from(op.attribute("axis").ok()?).ok()?)? > 0 => Work::Reduce,
            _ => return None,
        };
        // Rows of memory: arrays in Fortran order are gone over by columns.
        let by_rows = |a: ArrayTy| a.rank < 2 || a.layout != Layout::F;
        if !by_rows(result) || result.dtype.is_record() || !op.operands().filter_map(array).all(by_rows) {
            return None;
        }
        // What has the rows has them on the first axis; of anything else that members make it is not known which rows an element comes from.
        let fits = op.operands().all(|v| !self.others.contains(&key(v)) && (!self.rows.contains(&key(v)) || array(v).is_some_and(|a| a.rank == rank)));
        let related = self.members.is_empty() || op.operands().any(|v| self.rows.contains(&key(v)) || self.readers.contains_key(&key(v)));
        (fits && related).then_some(work)
    }

    fn add(&mut self, op: OperationRef<'c, 'a>, work: Work) {
        let mut seen = HashSet::new();
        for v in op.operands().filter(|v| array(*v).is_some_and(|a| a.rank > 1) && seen.insert(key(*v))) {
            // Views of rows have an element for each row.
            if !self.rows.contains(&key(v)) || self.readers.contains_key(&key(v)) {
                *self.readers.entry(key(v)).or_default() += 1;
            }
        }
        for result in op.results().map(Value::from) {
            self.rows.insert(key(result));
            if work == Work::Map && array(result).is_some_and(|a| a.rank > 1) {
                self.readers.insert(key(result), 1);
            }
        }
        self.members.push(op);
    }

    // Whether an op between members may be computed before any of them: it does not look at what they make, and nobody can tell when they do.
    fn passes(&mut self, op: OperationRef<'c, 'a>) -> bool {
        let refers = |group: &Self, v: Value| group.rows.contains(&key(v)) || group.others.contains(&key(v));
        let used = op.operands().any(|v| refers(self, v));
        let plain = |v: Value| Ty::from_mlir(v.r#type()).is_some_and(|t| is_plain(&t));
        let is_view = match PyOp::of(&op) {
            PyOp::Constant | PyOp::Entity | PyOp::FunctionRef | PyOp::Ellipsis | PyOp::Slice | PyOp::Release => return true,
            PyOp::Tuple | PyOp::GetAttr => false,
            PyOp::GetItem => op.result(0).is_ok_and(|r| array(r.into()).is_some()) && op.operand(0).is_ok_and(|v| array(v).is_some()),
            PyOp::Binary | PyOp::Unary | PyOp::Compare | PyOp::Cast | PyOp::Invoke | PyOp::Builtin => {
                // An op on arrays that has nothing to do with these: it writes to new memory at most.
                let apart = matches!(path_of(op), Some(ARRAY_MAP | ARRAY_REDUCE)) && !used;
                let asks = matches!(path_of(op), Some(CHECK_SHAPES | BROADCAST_SHAPE | "len"));
                return apart || asks || op.operands().chain(op.results().map(Value::from)).all(plain);
            }
            _ => return false,
        };
        // A tuple's elements, and those of an array whose subscript is no view.
        if !is_view && PyOp::of(&op) == PyOp::GetItem {
            return op.operands().all(plain);
        }
        if used {
            let keeps = is_view && keeps_rows(op) && op.operand(0).is_ok_and(|v| self.rows.contains(&key(v)));
            for v in op.results().map(Value::from).filter(|v| !plain(*v)) {
                if keeps { self.rows.insert(key(v)) } else { self.others.insert(key(v)) };
            }
        }
        true
    }

    // Remembers an array that a member makes, if only members use it.
    fn keep_local(&mut self, cx: &Cx<'_, 'c, 'a>, made: Value<'c, 'a>) {
        let Some(block) = self.members.first().and_then(|op| op.block()).and_then(|b| cx.cfg.number(b)) else { return };
        if cx.cfg.uses(made).iter().any(|b| *b != block) {
            return;
        }
        let members: HashSet<usize> = self.members.iter().map(|op| op_key(*op)).collect();
        let users = cx.cfg.blocks[block].ops.iter().filter(|op| op.operands().any(|v| v == made) && !members.contains(&op_key(**op)));
        let users: Vec<OperationRef> = users.copied().collect();
        if users.iter().all(|op| PyOp::of(op) == PyOp::Release) {
            self.local.insert(key(made));
            self.releases.extend(users);
        }
    }
}

fn array(v: Value) -> Option<ArrayTy> {
    Ty::from_mlir(v.r#type())?.array()
}

// Whether values of a type refer to no memory.
fn is_plain(ty: &Ty) -> bool {
    match ty {
        Ty::Scalar(_) | Ty::None | Ty::Ellipsis | Ty::Entity(_) | Ty::Function(_) | Ty::Literal(_) => true,
        Ty::Slice(parts) => parts.iter().all(is_plain),
        Ty::Tuple(parts) => parts.iter().all(is_plain),
        _ => false,
    }
}

// Whether a subscript leaves the first axis what it is: it has only whole slices, `None` and `...`, and does not begin with a new axis.
fn keeps_rows(op: OperationRef) -> bool {
    let Some(index) = op.operand(1).ok().and_then(|v: Value| Ty::from_mlir(v.r#type())) else { return false };
    let items: Vec<Ty> = match index {
        Ty::Tuple(items) => items.to_vec(),
        other => vec![other],
    };
    let whole = |t: &Ty| matches!(t, Ty::Slice(parts) if parts.iter().all(|p| *p == Ty::None));
    match items.split_first() {
        Some((Ty::Ellipsis, rest)) => rest.iter().all(|t| *t == Ty::None),
        Some((first, rest)) => whole(first) && rest.iter().all(|t| whole(t) || matches!(t, Ty::None | Ty::Ellipsis)),
        None => false,
    }
}
