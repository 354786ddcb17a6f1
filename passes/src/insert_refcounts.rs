//! `py-insert-refcounts`: makes the lifetimes of arrays explicit, as `py.retain` and `py.release`.
//!
//! Owned are block arguments and the results of ops that make memory or call functions. Everything else that refers to memory (views, rows, tuples,
//! iterators) borrows from the owned values it was made of, its *roots*, which this pass keeps alive as long as anything made of them is used. Parameters are
//! alive during the whole call. So a loop over views touches no count at all. Terminators consume: what they pass on is moved if it dies there, else retained.
//!
//! Requires the typed stage. Releases come after the last use, on an edge where a value dies on one side of a branch only. Blocks that raise release nothing:
//! the entry frees what a call has allocated.
use crate::{
    cfg::{self, Cfg, Def, Key, edges, key},
    conversion::py_to_std::flatten::{managed, owned_elements},
    functions::{arguments, body_of, functions_of},
};
use melior::{
    Context,
    dialect::{DialectHandle, cf},
    ir::{Block, BlockLike, OperationRef, RegionLike, TypeLike, Value, ValueLike, attribute::StringAttribute, operation::OperationLike},
};
use numbra_dialects::{
    py::{PyOp, Ty, ods::py},
    registry::{PassDescription, PassInstance},
    rewrite::{erase, with_context},
};
use std::collections::{BTreeSet, HashMap};

/// `py-insert-refcounts`
pub const PASS: PassDescription = PassDescription {
    argument: "py-insert-refcounts",
    description: "Insert py.retain and py.release so that the references to array memory add up on every path",
    anchor: "builtin.module",
    options: &[],
    dialects: &[DialectHandle::cf],
    run,
};

fn run(op: OperationRef, _: &PassInstance) -> bool {
    with_context(op, insert_refcounts);
    true
}

/// Runs the pass on every typed function of a module.
pub fn insert_refcounts<'c: 'a, 'a>(context: &'c Context, module: OperationRef<'c, 'a>) {
    for f in functions_of(module) {
        if let Some(entry) = body_of(f) {
            let cfg = Cfg::new(entry);
            Lifetimes { context, cfg: &cfg, managed: HashMap::new(), roots: HashMap::new(), values: vec![], numbers: HashMap::new() }.run();
        }
    }
}

type Set = BTreeSet<usize>;

// What an edge or a place in a block needs.
#[derive(Default)]
struct Actions<'c, 'a> {
    retain: Vec<Value<'c, 'a>>,
    release: Vec<Value<'c, 'a>>,
}

struct Lifetimes<'k, 'c, 'a> {
    context: &'c Context,
    cfg: &'k Cfg<'c, 'a>,
    managed: HashMap<usize, bool>,
    roots: HashMap<Key, Set>,
    values: Vec<Value<'c, 'a>>,
    numbers: HashMap<Key, usize>,
}

impl<'c: 'a, 'a> Lifetimes<'_, 'c, 'a> {
    fn is_managed(&mut self, v: Value<'c, 'a>) -> bool {
        let t = v.r#type();
        *self.managed.entry(t.to_raw().ptr as usize).or_insert_with(|| Ty::from_mlir(t).is_some_and(|t| managed(&t)))
    }

    fn own(&mut self, v: Value<'c, 'a>) -> Set {
        let n = *self.numbers.entry(key(v)).or_insert_with(|| {
            self.values.push(v);
            self.values.len() - 1
        });
        Set::from([n])
    }

    // The owned values that a value is made of; empty for what only parameters keep alive.
    fn roots(&mut self, v: Value<'c, 'a>) -> Set {
        if !self.is_managed(v) {
            return Set::new();
        }
        if let Some(r) = self.roots.get(&key(v)) {
            return r.clone();
        }
        let r = match self.cfg.def(v) {
            Some(Def::Argument { block: 0, .. }) | None => Set::new(),
            Some(Def::Argument { .. }) => self.own(v),
            Some(Def::Result { op, .. }) if makes_memory(op) => self.own(v),
            Some(Def::Result { op, .. }) => op.operands().flat_map(|o| self.roots(o)).collect(),
        };
        self.roots.insert(key(v), r.clone());
        r
    }

    fn run(mut self) {
        let cfg = self.cfg;
        let n = cfg.blocks.len();
        let raises: Vec<bool> = cfg.blocks.iter().map(|b| b.ops.last().is_some_and(|t| PyOp::of(t) == PyOp::Raise)).collect();
        // Uses before any definition of the same block, and definitions.
        let (mut uses, mut defs) = (vec![Set::new(); n], vec![Set::new(); n]);
        for (i, b) in cfg.blocks.iter().enumerate() {
            for a in self.arguments(i) {
                let own = self.roots(a);
                defs[i].extend(own);
            }
            for op in &b.ops {
                for v in op.operands() {
                    let r = self.roots(v);
                    uses[i].extend(r.difference(&defs[i].clone()));
                }
                for r in op.results() {
                    if makes_memory(*op) {
                        let own = self.roots(r.into());
                        defs[i].extend(own);
                    }
                }
            }
        }
        if self.values.is_empty() && !self.passes_on_parameters() {
            return;
        }
        let mut live_in = uses.clone();
        let mut changed = true;
        while changed {
            changed = false;
            for i in (0..n).rev() {
                let mut new = uses[i].clone();
                for s in &cfg.blocks[i].succs {
                    new.extend(live_in[*s].difference(&defs[i]));
                }
                if new != live_in[i] {
                    live_in[i] = new;
                    changed = true;
                }
            }
        }
        for i in 0..n {
            if !raises[i] {
                self.block(i, &live_in, &raises);
            }
        }
    }

    fn arguments(&self, block: usize) -> Vec<Value<'c, 'a>> {
        arguments(self.cfg.blocks[block].block)
    }

    fn passes_on_parameters(&mut self) -> bool {
        let cfg = self.cfg;
        cfg.blocks.iter().filter_map(|b| b.ops.last()).any(|t| t.operands().any(|v| self.is_managed(v)))
    }

    fn block(&mut self, i: usize, live_in: &[Set], raises: &[bool]) {
        let node = &self.cfg.blocks[i];
        let Some((terminator, ops)) = node.ops.split_last() else { return };
        let mut live: Set = node.succs.iter().flat_map(|s| live_in[*s].iter().copied()).collect();
        for v in terminator.operands() {
            live.extend(self.roots(v));
        }
        // The element of a loop header is read after the branch.
        if let Some(next) = ops.last().filter(|o| cfg::is_header_next(**o)) {
            for v in next.operands() {
                live.extend(self.roots(v));
            }
            if owns_element(*next) {
                for r in next.results() {
                    live.extend(self.roots(r.into()));
                }
            }
        }
        let at_end = live.clone();
        for op in ops.iter().rev() {
            let mut dead = vec![];
            for r in op.results() {
                if makes_memory(*op) {
                    dead.extend(self.roots(r.into()).into_iter().filter(|n| !live.remove(n)));
                }
            }
            for v in op.operands() {
                dead.extend(self.roots(v).into_iter().filter(|n| live.insert(*n)));
            }
            let Some(next) = op.next_in_block() else { continue };
            for n in dead {
                node.block.insert_operation_before(next, py::release(self.context, self.values[n], op.location()).into());
            }
        }
        for a in self.arguments(i) {
            for n in self.roots(a) {
                if let (false, Some(first)) = (live.contains(&n) || i == 0, node.block.first_operation()) {
                    node.block.insert_operation_before(first, py::release(self.context, self.values[n], first.location()).into());
                }
            }
        }
        self.terminator(*terminator, ops.last().copied(), &at_end, live_in, raises);
    }

    fn terminator(&mut self, op: OperationRef<'c, 'a>, previous: Option<OperationRef<'c, 'a>>, live: &Set, live_in: &[Set], raises: &[bool]) {
        let Some(block) = op.block() else { return };
        if PyOp::of(&op) == PyOp::Return {
            let actions = self.edge(&op.operands().collect::<Vec<_>>(), live, &Set::new());
            self.insert_before(op, &actions);
            return;
        }
        let edges = edges(op);
        // Where a loop ends there is no element.
        let element: Set = match previous.filter(|o| cfg::is_header_next(*o) && owns_element(*o)) {
            Some(next) => next.results().flat_map(|r| self.roots(r.into())).collect(),
            None => Set::new(),
        };
        let rest: Set = live.difference(&element).copied().collect();
        let per_edge: Vec<Actions> = edges.iter().enumerate().map(|(i, (target, values))| match self.cfg.number(*target) {
            Some(t) => {
                let mut actions = self.edge(values, if i == 0 { live } else { &rest }, &live_in[t]);
                if raises[t] {
                    actions.release.clear();
                }
                actions
            }
            None => Actions::default(),
        }).collect();
        match (edges.as_slice(), per_edge.as_slice()) {
            ([_], [only]) => self.insert_before(op, only),
            ([yes, no], [a, b]) if !(a.is_empty() && b.is_empty()) => {
                let Ok(condition) = op.operand(0) else { return };
                let (yes, no) = (self.split(op, yes, a), self.split(op, no, b));
                block.append_operation(cf::cond_br(self.context, condition, &yes.0, &no.0, &yes.1, &no.1, op.location()));
                erase(op);
            }
            _ => {}
        }
    }

    // What must happen on an edge that passes `values` on, to a place where `live_in` is alive.
    fn edge(&mut self, values: &[Value<'c, 'a>], live: &Set, live_in: &Set) -> Actions<'c, 'a> {
        let mut actions = Actions::default();
        let mut moved: HashMap<usize, usize> = HashMap::new();
        for v in values {
            if !self.is_managed(*v) {
                continue;
            }
            match self.numbers.get(&key(*v)).copied() {
                Some(n) => *moved.entry(n).or_default() += 1,
                None => actions.retain.push(*v),
            }
        }
        for n in live {
            let wanted = moved.get(n).copied().unwrap_or(0) + usize::from(live_in.contains(n));
            match wanted {
                0 => actions.release.push(self.values[*n]),
                more => actions.retain.extend(std::iter::repeat_n(self.values[*n], more - 1)),
            }
        }
        actions
    }

    fn insert_before(&self, op: OperationRef<'c, 'a>, actions: &Actions<'c, 'a>) {
        let Some(block) = op.block() else { return };
        for v in &actions.retain {
            block.insert_operation_before(op, py::retain(self.context, *v, op.location()).into());
        }
        for v in &actions.release {
            block.insert_operation_before(op, py::release(self.context, *v, op.location()).into());
        }
    }

    fn split(&self, op: OperationRef<'c, 'a>, edge: &cfg::Edge<'c, 'a>, actions: &Actions<'c, 'a>) -> cfg::Edge<'c, 'a> {
        let region = op.block().and_then(|b| b.parent_region());
        let (false, Some(region), Some(block)) = (actions.is_empty(), region, op.block()) else { return edge.clone() };
        let middle = region.insert_block_after(block, Block::new(&[]));
        let branch = middle.append_operation(cf::br(&edge.0, &edge.1, op.location()));
        self.insert_before(branch, actions);
        (middle, vec![])
    }
}

impl Actions<'_, '_> {
    fn is_empty(&self) -> bool {
        self.retain.is_empty() && self.release.is_empty()
    }
}

// Whether the element of a `py.next` is a reference of its own.
fn owns_element<'c: 'a, 'a>(op: OperationRef<'c, 'a>) -> bool {
    PyOp::of(&op) == PyOp::Next
        && op.operand(0).is_ok_and(|v| matches!(Ty::from_mlir(v.r#type()), Some(Ty::Iterator(t)) if owned_elements(&t)))
}

// Whether an op's results are new references.
fn makes_memory<'c: 'a, 'a>(op: OperationRef<'c, 'a>) -> bool {
    match PyOp::of(&op) {
        PyOp::Invoke => true,
        // An element of a list lives on when the list loses it.
        PyOp::Next => owns_element(op),
        PyOp::Builtin => {
            let path = op.attribute("path").ok().and_then(|a| StringAttribute::try_from(a).ok()).map(|s| s.value());
            !matches!(path, Some("enumerate" | "zip" | "array.view" | "array.spread" | "array.address" | "array.map_into" | "str.getitem" | "str.view" | "union.narrow" | "union.unwrap"))
        }
        _ => false,
    }
}
