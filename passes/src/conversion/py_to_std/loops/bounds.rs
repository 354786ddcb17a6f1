//! Bounds-check elimination by loop versioning.
//!
//! An access in a loop whose index is an affine form of induction variables of ranges is in bounds in every round if it is at the extremes, and these can be
//! computed before the loop. So the loop is emitted twice: without checks and wrap-around for the accesses that are *covered* this way, entered when all
//! conditions hold, and with them otherwise: an exception happens exactly where Python raises it. A check is hoisted as far out as its condition can be
//! computed; the loops inside of a version without checks may be versioned again for what could not be hoisted further, the others not, so that the blocks
//! of a loop at depth d are emitted at most d + 2 times. Conditions are sums in 128 bits: nothing in them overflows.
//!
//! An access behind a test of induction variables (`if i > 0: a[i - 1]`) asks for no condition of its own, which would fail although the access is fine.
use crate::numbers::const_int;
use super::{Loop, Span, affine::{Affine, Forms, Leaf}};
use super::super::loops;
use crate::cfg::{Cfg, op_key};
use melior::ir::{OperationRef, Value, ValueLike, operation::OperationLike};
use numbra_dialects::py::{PyOp, Ty};
use std::{cell::RefCell, collections::{BTreeMap, HashMap, HashSet}, rc::Rc};

// Loops with more ops than this are not emitted twice.
const OPS: usize = 3000;

/// Which loops to emit in two versions, for which accesses, under which conditions.
#[derive(Default)]
pub struct Plan<'c, 'a> {
    pub(in crate::conversion::py_to_std) loops: Vec<Loop<'c, 'a>>,
    covered: Vec<Vec<(usize, usize)>>,
    // By terms, the smallest constant: each sum must not be negative.
    pub(in crate::conversion::py_to_std) conditions: Vec<BTreeMap<Vec<(Leaf, i64)>, i64>>,
    pub(in crate::conversion::py_to_std) values: HashMap<Leaf, Value<'c, 'a>>,
}

struct Access<'c, 'a> {
    op: OperationRef<'c, 'a>,
    block: usize,
    axis: usize,
    array: Value<'c, 'a>,
    index: Value<'c, 'a>,
}

impl<'c: 'a, 'a> Plan<'c, 'a> {
    /// Analyses a function.
    pub fn new(cfg: &Cfg<'c, 'a>) -> Self {
        let loops = loops::find(cfg);
        let n = loops.len();
        let mut plan = Plan { covered: vec![vec![]; n], conditions: vec![BTreeMap::new(); n], ..Plan::default() };
        if n == 0 {
            return plan;
        }
        let forms = Forms { cfg, loops: &loops, values: RefCell::default() };
        let mut later = vec![];
        let mut around: HashMap<usize, Vec<usize>> = HashMap::new();
        for (l, inner) in loops.iter().enumerate() {
            inner.blocks.iter().for_each(|b| around.entry(*b).or_default().push(l));
        }
        for access in accesses(cfg, &around) {
            if !plan.assign(&forms, &around[&access.block], &access, false) {
                later.push(access);
            }
        }
        for access in later {
            plan.assign(&forms, &around[&access.block], &access, true);
        }
        plan.values = forms.values.into_inner();
        plan.loops = loops;
        plan
    }

    // Finds the outermost loop before which the access can be proven. Behind a test of induction variables only conditions count that others ask for;
    // with `last` the loops inside of the test are tried too. `chain` are the loops around the access, outer ones first.
    fn assign(&mut self, forms: &Forms<'_, 'c, 'a>, chain: &[usize], access: &Access<'c, 'a>, last: bool) -> bool {
        for &l in chain {
            if size(forms.cfg, &forms.loops[l]) > OPS {
                continue;
            }
            let Some(conditions) = conditions(forms, l, access) else { continue };
            if guarded(forms, l, access.block) {
                if !last {
                    return false;
                }
                if !conditions.iter().all(|c| self.implied(l, c)) {
                    continue;
                }
            }
            for c in conditions {
                let terms = c.terms.into_iter().collect();
                self.conditions[l].entry(terms).and_modify(|old| *old = (*old).min(c.constant)).or_insert(c.constant);
            }
            self.covered[l].push((op_key(access.op), access.axis));
            return true;
        }
        true
    }

    fn implied(&self, l: usize, condition: &Affine) -> bool {
        let terms: Vec<_> = condition.terms.clone().into_iter().collect();
        self.conditions[l].get(&terms).is_some_and(|c| *c <= condition.constant)
    }

    /// The versioned loops directly in a version of a loop without checks (or in the function): block to loop.
    pub fn children(&self, of: Option<usize>) -> HashMap<usize, usize> {
        let mut map = HashMap::new();
        for (l, inner) in self.loops.iter().enumerate() {
            let inside = of.is_none_or(|o| o != l && self.loops[o].blocks.contains(&inner.header));
            if inside && !self.covered[l].is_empty() && !map.contains_key(&inner.header) {
                map.extend(inner.blocks.iter().map(|b| (*b, l)));
            }
        }
        map
    }
    /// The header of a loop.
    pub fn header(&self, l: usize) -> usize {
        self.loops[l].header
    }
    /// The blocks of a loop.
    pub fn blocks(&self, l: usize) -> Rc<HashSet<usize>> {
        self.loops[l].blocks.clone()
    }
    /// The axes of accesses that the version of a loop without checks covers: op and axis.
    pub fn covered(&self, l: usize) -> Vec<(usize, usize)> {
        self.covered[l].clone()
    }
}

fn size(cfg: &Cfg, l: &Loop) -> usize {
    l.blocks.iter().map(|b| cfg.blocks[*b].ops.len()).sum()
}

// The integer items of subscripts of arrays in loops.
fn accesses<'c: 'a, 'a>(cfg: &Cfg<'c, 'a>, loops: &HashMap<usize, Vec<usize>>) -> Vec<Access<'c, 'a>> {
    let mut found = vec![];
    for (block, node) in cfg.blocks.iter().enumerate() {
        if !loops.contains_key(&block) {
            continue;
        }
        for op in node.ops.iter().copied().filter(|op| matches!(PyOp::of(op), PyOp::GetItem | PyOp::SetItem)) {
            let (Ok(array), Ok(index)) = (op.operand(0), op.operand(1)) else { continue };
            let Some(ty) = Ty::from_mlir(array.r#type()).and_then(|t| t.array()) else { continue };
            let items: Vec<Value> = match (Ty::from_mlir(index.r#type()), cfg.op(index)) {
                (Some(Ty::Tuple(_)), Some((PyOp::Tuple, tuple))) => tuple.operands().collect(),
                (Some(Ty::Tuple(_)), _) => continue,
                _ => vec![index],
            };
            let types: Vec<Ty> = items.iter().filter_map(|i| Ty::from_mlir(i.r#type())).collect();
            let used = types.iter().filter(|t| !matches!(t, Ty::None | Ty::Ellipsis)).count();
            let mut axis = 0;
            for (item, t) in items.iter().zip(&types) {
                match t {
                    Ty::None => continue,
                    Ty::Ellipsis => {
                        axis += ty.rank.saturating_sub(used);
                        continue;
                    }
                    Ty::Scalar(_) => found.push(Access { op, block, axis, array, index: *item }),
                    _ => {}
                }
                axis += 1;
            }
        }
    }
    found
}

// The sums that must not be negative before loop `l` for the access to be in bounds in all its rounds; `None` if they cannot be computed there.
fn conditions<'c: 'a, 'a>(forms: &Forms<'_, 'c, 'a>, l: usize, access: &Access<'c, 'a>) -> Option<Vec<Affine>> {
    let extent = forms.extent(access.array, access.axis, 0);
    let mut index = forms.of(access.index)?;
    if const_int(forms.cfg, access.index).is_some_and(|n| n < 0) {
        index = index.plus(&extent, 1)?;
    }
    let room = extent.plus(&index, -1)?.plus(&Affine::constant(1), -1)?;
    let mut out = vec![];
    least(forms, l, access.block, index, &mut out, 0)?;
    least(forms, l, access.block, room, &mut out, 0)?;
    Some(out)
}

// Asks that the least value of a form over all rounds of loop `l` is not negative.
fn least<'c: 'a, 'a>(forms: &Forms<'_, 'c, 'a>, l: usize, block: usize, mut form: Affine, out: &mut Vec<Affine>, depth: usize) -> Option<()> {
    if depth > 8 {
        return None;
    }
    let (cfg, blocks) = (forms.cfg, &forms.loops[l].blocks);
    let inside = |leaf: &Leaf| matches!(leaf, Leaf::Iv(m, _) if blocks.contains(&forms.loops[*m].header));
    // Innermost variables first: their ranges may depend on the outer ones.
    while let Some((leaf, c)) = form.terms.iter().filter(|t| inside(t.0)).max_by_key(|t| depth_of(forms, t.0)).map(|(l, c)| (l.clone(), *c)) {
        let (first, end, up) = range(forms, l, block, &leaf, out)?;
        // The extreme that makes the form least, and what must hold so that a wrapped-around bound of the range does not make it wrong.
        let low = (c > 0) == up;
        if let Some(last) = last(forms, l, &leaf).filter(|_| !low) {
            form = form.plus(&Affine::leaf(leaf), -c)?.plus(&last, c)?;
            continue;
        }
        let bound = match (low, up) {
            (true, _) => first.clone(),
            (false, true) => end.plus(&Affine::constant(1), -1)?,
            (false, false) => end.plus(&Affine::constant(1), 1)?,
        };
        let source = if low { &first } else { &end };
        if !source.exact() {
            // `first` going up must not exceed the largest number, nor the end the smallest; going down the reverse.
            let below = low != up;
            let limit = wide(source, below)?;
            least(forms, l, block, limit, out, depth + 1)?;
        }
        form = form.plus(&Affine::leaf(leaf), -c)?.plus(&bound, c)?;
    }
    if !form.narrow() {
        return None;
    }
    let simple = form.terms.keys().flat_map(|leaf| match leaf {
        Leaf::Product(a, b) => vec![&**a, &**b],
        other => vec![other],
    });
    for leaf in simple {
        let value = *forms.values.borrow().get(leaf)?;
        let def = cfg.def(value)?.block();
        if blocks.contains(&def) || !cfg.dominates(def, forms.loops[l].header) {
            return None;
        }
    }
    match form.as_constant() {
        Some(n) => (n >= 0).then_some(()),
        None => {
            out.push(form);
            Some(())
        }
    }
}

// The last element of the range of loop `l` itself, where the step makes it another than the one before the end.
fn last<'c: 'a, 'a>(forms: &Forms<'_, 'c, 'a>, l: usize, leaf: &Leaf) -> Option<Affine> {
    let Leaf::Iv(m, path) = leaf else { return None };
    let Span::Range(start, stop, step) = forms.span(leaf).filter(|_| *m == l && path.is_empty())? else { return None };
    let header = forms.loops[l].header;
    let known = |v| forms.cfg.def(v).is_some_and(|d| d.block() != header && forms.cfg.dominates(d.block(), header));
    if const_int(forms.cfg, step).is_none_or(|n| n.unsigned_abs() < 2) || !known(start) || !known(stop) {
        return None;
    }
    forms.values.borrow_mut().insert(Leaf::Last(l), stop);
    Some(Affine::leaf(Leaf::Last(l)))
}

// Not negative if a form is far from the smallest (largest) number: half of the range is enough, and its bound is a small constant in no sum.
fn wide(form: &Affine, below: bool) -> Option<Affine> {
    // form + 2^40 >= 0 (or 2^40 - form >= 0): loops that start or end beyond are left to the checked version.
    let limit = Affine::constant(1 << 39);
    limit.plus(form, if below { 1 } else { -1 })
}

fn depth_of(forms: &Forms, leaf: &Leaf) -> usize {
    match leaf {
        Leaf::Iv(l, _) => forms.loops[*l].depth,
        _ => 0,
    }
}

// First value, end and direction of an induction variable. A step that is not constant must be positive, which is asked for.
fn range<'c: 'a, 'a>(forms: &Forms<'_, 'c, 'a>, l: usize, block: usize, leaf: &Leaf, out: &mut Vec<Affine>) -> Option<(Affine, Affine, bool)> {
    match forms.span(leaf)? {
        Span::Range(start, stop, step) => {
            let (first, end) = (forms.of(start)?, forms.of(stop)?);
            let up = match const_int(forms.cfg, step) {
                Some(n) => n > 0,
                None => {
                    let positive = forms.of(step)?.plus(&Affine::constant(1), -1)?;
                    least(forms, l, block, positive, out, 4)?;
                    true
                }
            };
            Some((first, end, up))
        }
        Span::Along(start, array) => {
            Ty::from_mlir(array.r#type())?.array()?;
            let first = forms.of(start)?;
            let end = first.plus(&forms.extent(array, 0, 0), 1)?;
            Some((first, end, true))
        }
        Span::Counter { start, stop, offset, up } => {
            // The variable is within its bounds behind the test of its loop only, and does not wrap around if its end is not extreme.
            let Leaf::Iv(m, _) = leaf else { return None };
            if block == forms.loops[*m].header || !forms.loops[*m].blocks.contains(&block) {
                return None;
            }
            let end = forms.of(stop)?.plus(&Affine::constant(1), offset)?;
            least(forms, l, block, wide(&end, !up)?, out, 4)?;
            Some((forms.of(start)?, end, up))
        }
    }
}

// Whether the block is behind a test of the induction variables of loop `l` or of loops in it.
fn guarded<'c: 'a, 'a>(forms: &Forms<'_, 'c, 'a>, l: usize, block: usize) -> bool {
    let cfg = forms.cfg;
    let target = &forms.loops[l];
    let mut at = block;
    while at != target.header {
        at = cfg.blocks[at].idom;
        let node = &cfg.blocks[at];
        let Some(branch) = node.ops.last().filter(|t| PyOp::of(*t) == PyOp::CondBr) else { continue };
        // The test of a loop itself is no test within it.
        if forms.loops.iter().any(|l| l.header == at && l.blocks.contains(&block) && node.succs.iter().any(|s| !l.blocks.contains(s))) {
            continue;
        }
        // Only a branch with a side that avoids the block is a test for it.
        let decides = node.succs.iter().any(|s| !reaches(cfg, &target.blocks, *s, block, at));
        if decides && branch.operand(0).is_ok_and(|c| tests_variables(forms, target, c, 0)) {
            return true;
        }
    }
    false
}

fn reaches(cfg: &Cfg, blocks: &HashSet<usize>, from: usize, to: usize, barrier: usize) -> bool {
    let mut seen = HashSet::new();
    let mut stack = vec![from];
    while let Some(b) = stack.pop() {
        if b == to {
            return true;
        }
        // Forward only: a later round does not count.
        if blocks.contains(&b) && b != barrier && seen.insert(b) {
            stack.extend(cfg.blocks[b].succs.iter().filter(|s| !cfg.dominates(**s, b)));
        }
    }
    false
}

fn tests_variables<'c: 'a, 'a>(forms: &Forms<'_, 'c, 'a>, target: &Loop, condition: Value<'c, 'a>, depth: usize) -> bool {
    let Some((kind, op)) = forms.cfg.op(condition).filter(|_| depth < 8) else { return false };
    let mut operands = op.operands();
    match kind {
        PyOp::Compare => operands.any(|v| {
            forms.of(v).is_some_and(|f| f.terms.keys().any(|leaf| matches!(leaf, Leaf::Iv(m, _) if target.blocks.contains(&forms.loops[*m].header))))
        }),
        PyOp::Truth | PyOp::Unary | PyOp::Binary => operands.any(|v| tests_variables(forms, target, v, depth + 1)),
        _ => false,
    }
}
