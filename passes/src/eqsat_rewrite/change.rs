//! Puts the solution of a stretch in the place of its ops.
use super::{
    driver::Function,
    emit::{Emitter, Instance},
    functions::Functions,
    import::Import,
    meaning::Meanings,
    roots::{self, Origin, Root, Users},
    shapes,
};
use crate::cfg::{key, op_key};
use egg::Id;
use melior::ir::{
    OperationRef, Type, Value, ValueLike,
    attribute::TypeAttribute,
    operation::OperationLike,
    r#type::FunctionType,
};
use numbra_dialects::{py::{ArrayTy, Layout, PyOp, Ty}, rewrite::{erase, set_operand}};
use numbra_eqsat::{Node, Solution, operators::Class};
use numbra_passes_api::walk;
use std::collections::{HashMap, HashSet};

/// A stretch and its solution.
pub(super) struct Change<'m, 'c, 'a> {
    pub(super) function: &'m Function<'m, 'c, 'a>,
    pub(super) ops: &'m [OperationRef<'c, 'a>],
    pub(super) import: &'m Import<'c, 'a>,
    pub(super) roots: &'m [Root<'c, 'a>],
    pub(super) solution: &'m Solution,
    pub(super) users: &'m mut Users<'c, 'a>,
    pub(super) definitions: &'m HashMap<usize, OperationRef<'c, 'a>>,
    pub(super) made: Vec<OperationRef<'c, 'a>>,
    /// Ops that stay for what they raise, though nothing uses them
    pub(super) pinned: HashSet<usize>,
    /// Ops that may go, though they may raise: what takes their place raises as they would
    pub(super) erasable: HashSet<usize>,
}

impl<'c: 'a, 'a> Change<'_, 'c, 'a> {
    /// Replaces roots; gives those that were.
    pub fn apply(&mut self, meanings: &Meanings<'c, 'a>, functions: &mut Functions<'c, 'a>) -> Vec<usize> {
        let (import, solution) = (self.import, self.solution);
        let raising = raising(import);
        let raises = |k: usize| raising[k];
        // Terms of the solution that stand in the input as they are.
        let same = same_terms(&import.terms, &solution.terms);
        let mut owned: HashSet<usize> = self.roots.iter().filter_map(|r| if let Some(Origin::Made(k)) = r.origin { Some(k) } else { None }).collect();
        let mut there: HashMap<Id, Value> = HashMap::new();
        let mut next = 0;
        let mut changed = vec![];
        for (k, root) in self.roots.iter().enumerate() {
            let at = &import.imported[root.imported];
            // What the stretch has computed before this op.
            while let Some(i) = import.imported.get(next).filter(|i| i.place < at.place) {
                if let (Some(id), Ok(result)) = (same.get(&i.term), i.op.result(0)) {
                    there.entry(*id).or_insert(result.into());
                }
                next += 1;
            }
            let wanted = solution.roots[k];
            if same.get(&at.term) == Some(&wanted) {
                continue;
            }
            let parts = roots::parts(import, root.imported, self.definitions);
            let Some(block) = at.op.block() else { continue };
            // Parts that the new form needs as they are stay where they are.
            let needed = reachable(&solution.terms, wanted);
            let moving = parts.iter().copied().filter(|k| same.get(&import.imported[*k].term).is_none_or(|id| !needed.contains(id))).collect();
            if !roots::keeps_exceptions(import, self.ops, root.imported, &moving, &raises) || !self.is_available(wanted, at.place) {
                continue;
            }
            let instances = |path: &str, types: &[Type<'c>]| instance(meanings, path, types);
            let mut emitter = Emitter {
                context: self.function.context, block, before: at.op, options: &self.function.options, functions, terms: &solution.terms, facts: &import.leaves, leaves: &import.values, calls: &import.calls, joins: &import.joins,
                there: &mut there, made: &mut self.made, pinned: &mut self.pinned, instances: &instances,
            };
            let Some(value) = emit_root(&mut emitter, wanted, root, &owned) else { continue };
            if !root.read {
                owned.extend(emitter.base(wanted));
                owned.insert(key(value));
            }
            self.replace(root.value, value);
            there.entry(wanted).or_insert(value);
            self.erasable.extend(parts.iter().map(|p| op_key(import.imported[*p].op)));
            changed.push(k);
        }
        changed
    }

    // Whether all leaves of a term are there at a place of the stretch.
    fn is_available(&self, term: Id, place: usize) -> bool {
        reachable(&self.solution.terms, term).into_iter().all(|id| match &self.solution.terms[usize::from(id)] {
            Node::Leaf(k) => self.import.values.get(*k as usize).is_some_and(|(_, at)| at.is_none_or(|at| at < place)),
            _ => true,
        })
    }

    fn replace(&mut self, old: Value<'c, 'a>, new: Value<'c, 'a>) {
        let list = self.users.remove(&key(old)).unwrap_or_default();
        for user in &list {
            for i in 0..user.operand_count() {
                if user.operand(i) == Ok(old) {
                    set_operand(*user, i, new);
                }
            }
        }
        self.users.entry(key(new)).or_default().extend(list);
    }

    /// Erases what nothing uses any more.
    pub fn clean_up(&mut self) {
        let mut uses: HashMap<usize, usize> = HashMap::new();
        for op in walk::blocks_of(self.function.op).flat_map(walk::operations) {
            op.operands().for_each(|v| *uses.entry(key(v)).or_default() += 1);
        }
        let made: HashSet<usize> = self.made.iter().map(|op| op_key(*op)).collect();
        let Some(block) = self.ops.first().and_then(|op| op.block()) else { return };
        let all: Vec<_> = walk::operations(block).collect();
        let own: HashSet<usize> = self.ops.iter().map(|op| op_key(*op)).chain(made.iter().copied()).collect();
        for op in all.into_iter().rev().filter(|op| own.contains(&op_key(*op))) {
            let pure = matches!(PyOp::of(&op), PyOp::Constant | PyOp::Entity | PyOp::Slice | PyOp::Tuple) || shapes::is_lengths(op);
            if self.pinned.contains(&op_key(op)) || !(pure || made.contains(&op_key(op)) || self.erasable.contains(&op_key(op))) || op.results().any(|r| uses.get(&key(r.into())).is_some_and(|n| *n > 0)) {
                continue;
            }
            for v in op.operands() {
                if let Some(n) = uses.get_mut(&key(v)) {
                    *n -= 1;
                }
                if let Some(list) = self.users.get_mut(&key(v)) {
                    list.retain(|u| *u != op);
                }
            }
            erase(op);
        }
        // Users that were made here are users of what is still to be looked at.
        for op in walk::operations(block).filter(|op| made.contains(&op_key(*op))) {
            for v in op.operands() {
                self.users.entry(key(v)).or_default().push(op);
            }
        }
    }
}

/// The value that takes a root's place, with the memory that it must have.
fn emit_root<'c: 'a, 'a>(emitter: &mut Emitter<'_, 'c, 'a>, term: Id, root: &Root<'c, 'a>, owned: &HashSet<usize>) -> Option<Value<'c, 'a>> {
    let (t, origin) = (root.value.r#type(), root.origin);
    // A view of the same memory has the layout that it had; one of other memory has its own.
    let is_view = matches!(&emitter.terms[usize::from(term)], Node::Apply(o, _) if o.class() == Class::View);
    let value = emitter.term(term, Some(t).filter(|_| !is_view || matches!(origin, Some(Origin::Outside(_)))))?;
    if root.read {
        let shown = |t: Type<'c>| Ty::from_mlir(t).map(|t| t.array().map(|a| (a.dtype, a.rank)).ok_or(t));
        return (shown(value.r#type()) == shown(t)).then_some(value);
    }
    let base = emitter.base(term);
    let value = match origin {
        None => value,
        Some(Origin::Outside(array)) => (base == Some(array)).then_some(value)?,
        Some(Origin::Made(own)) => {
            let from_outside = base.is_some_and(|b| emitter.leaves.iter().any(|(v, _)| key(*v) == b));
            let shared = base.is_none_or(|b| b != own && owned.contains(&b));
            if from_outside || shared {
                emitter.copy(value)?
            } else if value.r#type() != t && !is_known_better(value.r#type(), t) {
                emitter.copy(value)?
            } else {
                value
            }
        }
    };
    if value.r#type() != t && is_known_better(value.r#type(), t) {
        return emitter.cast(value, t);
    }
    (value.r#type() == t).then_some(value)
}

// Whether a type is that of the same arrays, of whose order in memory more is known.
fn is_known_better(t: Type, wanted: Type) -> bool {
    let (Some(a), Some(w)) = (Ty::from_mlir(t).and_then(|t| t.array()), Ty::from_mlir(wanted).and_then(|t| t.array())) else { return false };
    w.layout == Layout::A && ArrayTy { layout: Layout::A, ..a } == w
}

/// A version of a library function that a module has, for operands of these types.
fn instance<'c: 'a, 'a>(meanings: &Meanings<'c, 'a>, path: &str, types: &[Type<'c>]) -> Option<Instance<'c>> {
    meanings.versions(path).find_map(|(symbol, function)| {
        let t = FunctionType::try_from(TypeAttribute::try_from(function.attribute("function_type").ok()?).ok()?.value()).ok()?;
        let inputs: Vec<Type> = (0..t.input_count()).map(|i| t.input(i).ok()).collect::<Option<_>>()?;
        let rest = inputs.get(types.len()..).filter(|_| inputs[..types.len()] == *types)?.to_vec();
        let plain = rest.iter().all(|t| Ty::from_mlir(*t).is_some_and(|t| t == Ty::None || t == Ty::INT));
        plain.then_some(Instance { symbol: symbol.to_string(), result: t.result(0).ok()?, rest })
    })
}

/// A term with all that it is made of.
fn reachable(terms: &[Node], term: Id) -> HashSet<Id> {
    let mut seen = HashSet::new();
    let mut stack = vec![term];
    while let Some(id) = stack.pop() {
        if seen.insert(id) && let Node::Apply(_, children) = &terms[usize::from(id)] {
            stack.extend(children.iter().copied());
        }
    }
    seen
}

/// Which of the imported ops may raise by themselves, whatever their operands do.
fn raising<'c: 'a, 'a>(import: &Import<'c, 'a>) -> Vec<bool> {
    let mut all: Vec<numbra_eqsat::Facts> = vec![];
    let mut raises = vec![];
    for node in &import.terms {
        let found = numbra_eqsat::infer::node(node, &import.leaves, |id| &all[usize::from(id)]);
        raises.push(found.raises);
        all.push(found.facts);
    }
    // An op may be several operators, down to what its operands are.
    let of = |op: OperationRef<'c, 'a>, term: Id| {
        let operands: HashSet<Id> = op.operands().filter_map(|v| import.term(v)).collect();
        let mut stack = vec![term];
        let mut seen = HashSet::new();
        while let Some(id) = stack.pop() {
            if operands.contains(&id) || !seen.insert(id) {
                continue;
            }
            if raises[usize::from(id)] {
                return true;
            }
            if let Node::Apply(_, children) = &import.terms[usize::from(id)] {
                stack.extend(children.iter().copied());
            }
        }
        false
    };
    import.imported.iter().map(|i| of(i.op, i.term)).collect()
}

/// Terms of one list that stand in the other as they are: by the first, the place in the second.
fn same_terms(one: &[Node], other: &[Node]) -> HashMap<Id, Id> {
    let places: HashMap<&Node, Id> = other.iter().enumerate().map(|(i, n)| (n, Id::from(i))).collect();
    let mut same: HashMap<Id, Id> = HashMap::new();
    for (i, node) in one.iter().enumerate() {
        let translated = match node {
            Node::Apply(o, children) => match children.iter().map(|c| same.get(c).copied()).collect::<Option<Vec<_>>>() {
                Some(children) => Node::apply(*o, &children),
                None => continue,
            },
            node => node.clone(),
        };
        if let Some(place) = places.get(&translated) {
            same.insert(Id::from(i), *place);
        }
    }
    same
}
