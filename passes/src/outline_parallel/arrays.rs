//! Arrays that all iterations of a parallel loop update: `counts[k[i]] += 1`, `total += a[i]`. Each part of the iterations gets a copy of its own, which starts from the
//! neutral element, and the copies are put together in order behind the loop.
//!
//! Legal where the loop does nothing else with the array, nor with any view of it, than to combine its elements by one operator or extremum: an element that is read goes into
//! that operation only, and its result to the same element. No iteration sees then what another one has done.
use crate::functions::path_of;
use super::{carried::{Combine, EXTREMA, Reduction, by_operator}, effects::Effects, region::ParallelLoop, same::same};
use crate::{cfg::{self, Cfg, key}, conversion::py_to_std::{array::elementwise::ARRAY_MAP_INTO, flatten::managed}, functions::callee};
use melior::ir::{BlockLike, OperationRef, Value, ValueLike, operation::OperationLike};
use numbra_abi::DType;
use numbra_dialects::py::{ArrayTy, BinaryKind, PyOp, Ty};
use std::collections::{HashMap, HashSet};

/// Where the array stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Place<'c, 'a> {
    /// A value from before the loop
    Captured(Value<'c, 'a>),
    /// This argument of the loop's header, as `total += row` binds the variable again
    Carried(usize),
}

/// An array that all iterations update.
#[derive(Clone)]
#[allow(missing_docs)]
pub struct ArrayReduction<'c, 'a> {
    pub place: Place<'c, 'a>,
    pub ty: ArrayTy,
    pub reduction: Reduction,
    /// Extrema whose second operand is the element: see `carried`
    pub swapped: Vec<OperationRef<'c, 'a>>,
}

/// Whether an op is `a op= b` on arrays, or writes elements in another way that are made of those that are there.
pub fn is_inplace(op: OperationRef) -> bool {
    let target = op.operand(0);
    PyOp::of(&op) == PyOp::Builtin && path_of(op) == Some(ARRAY_MAP_INTO) && op.operands().skip(1).any(|v| target == Ok(v))
}

/// The array that this memory belongs to, if it is one that all iterations update and the loop knows it by one name only.
pub fn of_roots<'c: 'a, 'a>(cfg: &Cfg<'c, 'a>, l: &ParallelLoop<'c, 'a>, effects: &Effects<'c, 'a>, roots: &[Value<'c, 'a>]) -> Option<ArrayReduction<'c, 'a>> {
    match names(cfg, l, effects, roots)[..] {
        [place @ Place::Captured(_)] => follow(cfg, l, effects, place),
        _ => None,
    }
}

/// An argument of the header that is such an array.
pub fn carried<'c: 'a, 'a>(cfg: &Cfg<'c, 'a>, l: &ParallelLoop<'c, 'a>, effects: &Effects<'c, 'a>, index: usize) -> Option<ArrayReduction<'c, 'a>> {
    let header = cfg.blocks[l.header].block;
    let variable: Value = header.argument(index).ok()?.into();
    let mut changed = cfg.blocks[l.header].preds.iter().filter(|p| l.blocks.contains(p)).flat_map(|p| cfg.passed(*p, l.header, index));
    if !matches!(Ty::from_mlir(variable.r#type()), Some(Ty::Array(_))) || changed.all(|v| v == variable) {
        return None;
    }
    let roots: Vec<Value> = effects.roots(cfg, variable).into_iter().filter(|r| l.is_outside(cfg, *r)).collect();
    (names(cfg, l, effects, &roots) == [Place::Carried(index)]).then(|| follow(cfg, l, effects, Place::Carried(index))).flatten()
}

// By which values the ops of the loop know this memory.
fn names<'c: 'a, 'a>(cfg: &Cfg<'c, 'a>, l: &ParallelLoop<'c, 'a>, effects: &Effects<'c, 'a>, roots: &[Value<'c, 'a>]) -> Vec<Place<'c, 'a>> {
    let meets = |v: Value<'c, 'a>| Ty::from_mlir(v.r#type()).is_some_and(|t| managed(&t)) && effects.roots(cfg, v).iter().any(|r| roots.contains(r));
    let mut found = vec![];
    let header = cfg.blocks[l.header].block;
    found.extend((0..header.argument_count()).filter(|i| header.argument(*i).is_ok_and(|v| meets(v.into()))).map(Place::Carried));
    let mut seen = HashSet::new();
    for v in l.ops(cfg).flat_map(|op| op.operands().collect::<Vec<_>>()).filter(|v| l.is_outside(cfg, *v)) {
        if seen.insert(key(v)) && meets(v) {
            found.push(Place::Captured(v));
        }
    }
    found
}

fn follow<'c: 'a, 'a>(cfg: &Cfg<'c, 'a>, l: &ParallelLoop<'c, 'a>, effects: &Effects<'c, 'a>, place: Place<'c, 'a>) -> Option<ArrayReduction<'c, 'a>> {
    let start = match place {
        Place::Captured(v) => v,
        Place::Carried(i) => cfg.blocks[l.header].block.argument(i).ok()?.into(),
    };
    let ty = Ty::from_mlir(start.r#type())?.array()?;
    let number = ty.dtype.is_integer() || ty.dtype.is_float() || ty.dtype.is_complex() || ty.dtype == DType::Bool;
    if !number || ty.rank == 0 || ty.readonly {
        return None;
    }
    let mut flow = Flow { cfg, l, effects, place, ty, members: HashMap::from([(key(start), start)]), queue: vec![start], reduction: None, stores: vec![], updates: HashMap::new(), reads: vec![], swapped: vec![] };
    while let Some(v) = flow.queue.pop() {
        for op in users(cfg, v).filter(|op| op.block().and_then(|b| cfg.number(b)).is_some_and(|b| l.blocks.contains(&b))) {
            flow.used(v, op)?;
        }
    }
    flow.check()?;
    Some(ArrayReduction { place, ty, reduction: flow.reduction?, swapped: flow.swapped })
}

fn users<'k, 'c: 'a, 'a>(cfg: &'k Cfg<'c, 'a>, v: Value<'c, 'a>) -> impl Iterator<Item = OperationRef<'c, 'a>> + 'k + use<'k, 'c, 'a> {
    cfg.uses(v).iter().flat_map(|b| &cfg.blocks[*b].ops).copied().filter(move |op| op.operands().any(|o| o == v))
}

/// What the loop does with the array.
struct Flow<'k, 'c, 'a> {
    cfg: &'k Cfg<'c, 'a>,
    l: &'k ParallelLoop<'c, 'a>,
    effects: &'k Effects<'c, 'a>,
    place: Place<'c, 'a>,
    ty: ArrayTy,
    /// The array and its views
    members: HashMap<usize, Value<'c, 'a>>,
    queue: Vec<Value<'c, 'a>>,
    reduction: Option<Reduction>,
    /// The `py.setitem`s on members
    stores: Vec<OperationRef<'c, 'a>>,
    /// By what is computed of an element or view, the `py.getitem` that has read it
    updates: HashMap<usize, OperationRef<'c, 'a>>,
    /// What flows into block arguments that are members, and what is combined with members
    reads: Vec<(Value<'c, 'a>, bool)>,
    swapped: Vec<OperationRef<'c, 'a>>,
}

impl<'c: 'a, 'a> Flow<'_, 'c, 'a> {
    fn add(&mut self, value: Value<'c, 'a>) {
        if self.members.insert(key(value), value).is_none() {
            self.queue.push(value);
        }
    }

    // A use of the array or one of its views; nothing where that is no update.
    fn used(&mut self, v: Value<'c, 'a>, op: OperationRef<'c, 'a>) -> Option<()> {
        let first = op.operand(0) == Ok(v) && op.operands().filter(|o| *o == v).count() == 1;
        let array = |op: OperationRef<'c, 'a>| op.result(0).ok().map(Value::from).filter(|r| matches!(Ty::from_mlir(r.r#type()), Some(Ty::Array(_))));
        match PyOp::of(&op) {
            PyOp::GetItem if first => match array(op) {
                Some(view) => self.add(view),
                None => self.element(op)?,
            },
            PyOp::GetAttr if first => array(op).into_iter().for_each(|a| self.add(a)),
            PyOp::Cast if first => self.add(array(op)?),
            PyOp::Builtin if path_of(op) == Some("len") => {}
            PyOp::SetItem if op.operand(0) == Ok(v) && op.operand(1) != Ok(v) => self.stores.push(op),
            // What is stored, where: seen with the object.
            PyOp::SetItem if op.operand(2) == Ok(v) && self.updates.contains_key(&key(v)) => {}
            PyOp::Builtin if is_inplace(op) && op.operand(0) == Ok(v) => {
                let mut places = op.operands().skip(1).enumerate().filter(|(_, o)| *o == v).map(|(i, _)| i);
                let (parameter, None) = (places.next()?, places.next()) else { return None };
                let found = self.effects.elements.reduction(callee(op)?.value(), parameter, self.is_float())?;
                self.combine(found)?;
                let result: Value = op.result(0).ok()?.into();
                if let Some((PyOp::GetItem, view)) = self.cfg.op(v) {
                    self.updates.insert(key(result), view);
                }
                self.reads.extend(op.operands().skip(1).filter(|o| *o != v).map(|o| (o, false)));
                self.add(result);
            }
            PyOp::Br | PyOp::CondBr => self.branch(v, op)?,
            _ => return None,
        }
        Some(())
    }

    fn is_float(&self) -> bool {
        self.ty.dtype.is_float() || self.ty.dtype.is_complex()
    }

    fn combine(&mut self, found: Reduction) -> Option<()> {
        // NumPy's sums of truth values are no sums.
        let fits = self.ty.dtype != DType::Bool || matches!(found, Reduction::Idempotent(_));
        (fits && *self.reduction.get_or_insert(found) == found).then_some(())
    }

    // An element that is read: it goes into one operation.
    fn element(&mut self, read: OperationRef<'c, 'a>) -> Option<()> {
        let v: Value = read.result(0).ok()?.into();
        let mut all = users(self.cfg, v);
        let (op, None) = (all.next()?, all.next()) else { return None };
        drop(all);
        if op.operands().filter(|o| *o == v).count() != 1 {
            return None;
        }
        let found = match PyOp::of(&op) {
            PyOp::Binary => by_operator(BinaryKind::of(op.attribute("kind").ok()?)?, self.is_float()).filter(|(_, right)| *right || op.operand(0) == Ok(v))?.0,
            PyOp::Builtin if op.operand_count() == 2 => {
                let path = path_of(op)?;
                if op.operand(1) == Ok(v) {
                    self.swapped.push(op);
                }
                Reduction::Idempotent(Combine::Builtin(EXTREMA.iter().find(|e| **e == path)?))
            }
            _ => return None,
        };
        self.combine(found)?;
        let result: Value = op.result(0).ok()?.into();
        if !users(self.cfg, result).all(|u| PyOp::of(&u) == PyOp::SetItem && u.operand(2) == Ok(result)) {
            return None;
        }
        // An element combined with another one is no update of either.
        self.updates.insert(key(result), read).is_none().then_some(())
    }

    fn branch(&mut self, v: Value<'c, 'a>, op: OperationRef<'c, 'a>) -> Option<()> {
        for (target, values) in cfg::edges(op) {
            let Some(number) = self.cfg.number(target).filter(|n| self.l.blocks.contains(n)) else { continue };
            for (i, _) in values.iter().enumerate().filter(|(_, o)| **o == v) {
                if number == self.l.header && self.place != Place::Carried(i) {
                    return None;
                }
                let inside = |p: &&usize| self.l.blocks.contains(p);
                let preds: Vec<usize> = self.cfg.blocks[number].preds.iter().filter(inside).copied().collect();
                self.reads.extend(preds.into_iter().flat_map(|p| self.cfg.passed(p, number, i)).map(|v| (v, true)));
                self.add(target.argument(i).ok()?.into());
            }
        }
        Some(())
    }

    // What could be told only when all members are known.
    fn check(&self) -> Option<()> {
        let stays = |read: OperationRef<'c, 'a>| self.is_unchanged(read);
        for store in &self.stores {
            let read = self.updates.get(&key(store.operand(2).ok()?))?;
            let place = |i: usize| Some(same(self.cfg, read.operand(i).ok()?, store.operand(i).ok()?, &stays));
            if !(place(0)? && place(1)?) {
                return None;
            }
        }
        // What is computed of elements goes to members only, and so does what their variables get.
        for (update, read) in &self.updates {
            let value = read.result(0).ok().and_then(|r| users(self.cfg, r.into()).next()).and_then(|op| op.result(0).ok()).map(Value::from);
            let stored = self.stores.iter().any(|s| s.operand(2).is_ok_and(|v| key(v) == *update));
            if value.is_some_and(|v| key(v) == *update) && !stored && !self.members.contains_key(update) {
                return None;
            }
        }
        self.reads.iter().all(|(v, member)| self.members.contains_key(&key(*v)) == *member).then_some(())
    }

    // Whether an element is the same each time that it is read in an iteration, as nothing in the loop writes to its array.
    fn is_unchanged(&self, read: OperationRef<'c, 'a>) -> bool {
        if PyOp::of(&read) != PyOp::GetItem {
            return PyOp::of(&read) == PyOp::Builtin && path_of(read).is_some_and(|p| p.starts_with("math.") || matches!(p, "abs" | "len" | "max" | "min"));
        }
        let Ok(object) = read.operand(0) else { return false };
        if !Ty::from_mlir(object.r#type()).is_some_and(|t| managed(&t)) || self.members.contains_key(&key(object)) {
            // Of tuples, or a view of the array, which is where it was.
            return read.result(0).is_ok_and(|r| !Ty::from_mlir(object.r#type()).is_some_and(|t| managed(&t)) || matches!(Ty::from_mlir(Value::from(r).r#type()), Some(Ty::Array(_))));
        }
        let roots = self.effects.roots(self.cfg, object);
        self.l.ops(self.cfg).flat_map(|op| self.effects.changes(op)).all(|(changed, _)| self.effects.roots(self.cfg, changed).iter().all(|r| !roots.contains(r)))
    }
}
