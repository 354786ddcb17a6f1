//! Memory that iterations of a parallel loop share: what one of them writes must not be what another one reads or writes.
//!
//! Elements of arrays that existed before the loop are looked at by their indices. An index that is the loop's variable times a constant plus something that does not
//! change belongs to one iteration; an access with such an index on one axis is private. Refused are writes whose index is the same in all iterations, changes of
//! elements (`h[k[i]] += 1`) that are not private, and reads of elements that another iteration writes. An index that is computed in other ways is trusted to be different each time.
use crate::functions::path_of;
use super::{Res, arrays::{self, ArrayReduction, Place}, carried::dependent, same::same, effects::{Change, Effects}, region::ParallelLoop};
use crate::{cfg::{Cfg, Def, key}, numbers::const_int};
use melior::ir::{BlockLike, OperationRef, Value, ValueLike, attribute::StringAttribute, operation::OperationLike};
use numbra_dialects::{Diagnostic, Span, py::{BinaryKind, PyOp, Ty}};
use std::collections::{BTreeMap, HashMap};

/// `coefficient * i + constant + symbols`, of which the symbols are values with factors.
#[derive(Clone, Debug, Default, PartialEq)]
struct Affine {
    coefficient: i64,
    constant: i64,
    symbols: BTreeMap<usize, i64>,
}

impl Affine {
    fn plus(&self, other: &Affine, sign: i64) -> Option<Affine> {
        let mut sum = self.clone();
        sum.coefficient = sum.coefficient.checked_add(other.coefficient.checked_mul(sign)?)?;
        sum.constant = sum.constant.checked_add(other.constant.checked_mul(sign)?)?;
        for (k, n) in &other.symbols {
            *sum.symbols.entry(*k).or_default() += n * sign;
        }
        sum.symbols.retain(|_, n| *n != 0);
        Some(sum)
    }

    fn times(&self, n: i64) -> Option<Affine> {
        let symbols = self.symbols.iter().map(|(k, m)| Some((*k, m.checked_mul(n)?))).collect::<Option<_>>()?;
        Some(Affine { coefficient: self.coefficient.checked_mul(n)?, constant: self.constant.checked_mul(n)?, symbols })
    }
}

/// What is known of an index on one axis.
#[derive(Clone, Debug, PartialEq)]
enum Term {
    /// In each iteration another one
    Private(Affine),
    /// The same in all iterations, or going through the same values
    Shared,
    /// Computed from what differs between iterations
    Unknown,
}

/// Where an axis of an array lies on one of the memory that it is a view of.
#[derive(Clone, Debug)]
enum Along {
    /// It is no axis any more: an index was given
    At(Term),
    /// From an element on, in steps
    From { start: Affine, step: i64 },
    /// On none: it has one element
    New,
}

/// The place of axes that the memory does not have, behind its own.
const BEHIND: usize = usize::MAX;

/// An access to elements.
struct Access<'c, 'a> {
    op: OperationRef<'c, 'a>,
    roots: Vec<Value<'c, 'a>>,
    /// By axis, as far as axes can be told
    terms: Vec<Term>,
    /// The innermost index
    index: Option<Value<'c, 'a>>,
    writes: bool,
}

impl Access<'_, '_> {
    fn is_private(&self) -> bool {
        self.terms.iter().any(|t| matches!(t, Term::Private(_)))
    }
    fn is_shared(&self) -> bool {
        self.terms.iter().all(|t| *t == Term::Shared)
    }
    fn meets(&self, other: &Access) -> bool {
        self.roots.iter().any(|r| other.roots.contains(r))
    }
}

/// Refuses a loop of which an iteration depends on memory that another one writes, unless that is only to combine elements: gives the arrays of which this is true.
pub fn check<'c: 'a, 'a>(cfg: &Cfg<'c, 'a>, l: &ParallelLoop<'c, 'a>, effects: &Effects<'c, 'a>) -> Res<Vec<ArrayReduction<'c, 'a>>> {
    let Ok(element) = l.next.result(1) else { return Ok(vec![]) };
    let mut look = Look { cfg, l, effects, element: element.into(), varies: HashMap::new() };
    let mut accesses = look.accesses()?;
    let header = cfg.blocks[l.header].block;
    let mut found: Vec<ArrayReduction> = (0..header.argument_count()).filter_map(|i| arrays::carried(cfg, l, effects, i)).collect();
    for array in &found {
        if let Place::Carried(i) = array.place && let Ok(v) = header.argument(i) {
            let roots = look.shared_roots(v.into());
            accesses.retain(|a| !a.roots.iter().any(|r| roots.contains(r)));
        }
    }
    while let Some((roots, error)) = conflict(cfg, l, &accesses) {
        let Some(array) = arrays::of_roots(cfg, l, effects, &roots) else { return Err(error.into()) };
        found.push(array);
        accesses.retain(|a| !a.roots.iter().any(|r| roots.contains(r)));
    }
    Ok(found)
}

// The first pair of accesses of different iterations to the same elements, and the memory that they are to.
fn conflict<'c: 'a, 'a>(cfg: &Cfg<'c, 'a>, l: &ParallelLoop<'c, 'a>, accesses: &[Access<'c, 'a>]) -> Option<(Vec<Value<'c, 'a>>, Diagnostic)> {
    for write in accesses.iter().filter(|a| a.writes) {
        let place = Span::of(write.op.location());
        if write.is_shared() {
            let error = dependent(l, place, "all iterations of the parallel loop write to the same elements");
            return Some((write.roots.clone(), error.help("make it a variable that is added up, or an array with an element for each iteration; an array whose elements are only combined by one operator (`total[k] += x`) can be shared")));
        }
        for read in accesses.iter().filter(|a| !a.writes && a.meets(write)) {
            if !write.is_private() && read.index.is_some() && same_index(cfg, read.index, write.index) {
                return Some((write.roots.clone(), same_element(l, place)));
            }
            if conflicts(write, read) {
                let error = dependent(l, Span::of(read.op.location()), "an iteration of the parallel loop reads elements that another one writes");
                return Some((write.roots.clone(), error.label(place, "written here").help("read from a copy that is made before the loop, or use `range`")));
            }
        }
        if !write.is_private() && arrays::is_inplace(write.op) {
            return Some((write.roots.clone(), same_element(l, place)));
        }
    }
    None
}

fn same_element(l: &ParallelLoop, place: Option<Span>) -> Diagnostic {
    let error = dependent(l, place, "several iterations of the parallel loop may change the same element");
    error.help("let each iteration change elements of its own, whose index is the loop's variable, or only combine elements by one operator (`counts[k] += 1`) and do nothing else with the array in the loop")
}

// Whether a read is on each axis with a private write either of other iterations' elements or of who knows which, and of other ones on at least one.
fn conflicts(write: &Access, read: &Access) -> bool {
    let pairs: Vec<_> = write.terms.iter().zip(&read.terms).filter(|(w, _)| matches!(w, Term::Private(_))).collect();
    let own = pairs.iter().any(|(w, r)| w == r || **r == Term::Unknown);
    !own && pairs.iter().any(|(w, r)| match (w, r) {
        (Term::Private(w), Term::Private(r)) => w.coefficient == r.coefficient && w.symbols == r.symbols && w.constant != r.constant && (r.constant - w.constant) % w.coefficient == 0,
        (_, r) => **r == Term::Shared,
    })
}

// Whether two indices may be equal for sure: elements that are read as indices are taken to be the same each time.
fn same_index<'c: 'a, 'a>(cfg: &Cfg<'c, 'a>, a: Option<Value<'c, 'a>>, b: Option<Value<'c, 'a>>) -> bool {
    a.zip(b).is_some_and(|(a, b)| same(cfg, a, b, &|_| true))
}

struct Look<'k, 'c, 'a> {
    cfg: &'k Cfg<'c, 'a>,
    l: &'k ParallelLoop<'c, 'a>,
    effects: &'k Effects<'c, 'a>,
    element: Value<'c, 'a>,
    varies: HashMap<usize, bool>,
}

impl<'c: 'a, 'a> Look<'_, 'c, 'a> {
    /// All accesses to memory that existed before the loop.
    fn accesses(&mut self) -> Res<Vec<Access<'c, 'a>>> {
        let mut found = vec![];
        let (cfg, l) = (self.cfg, self.l);
        for op in l.ops(cfg) {
            for (object, change) in self.effects.changes(op) {
                let roots = self.shared_roots(object);
                if roots.is_empty() {
                    continue;
                }
                let index = match change {
                    Change::At(i) => op.operand(i).ok(),
                    Change::Somewhere => None,
                    Change::Reshape => {
                        let error = dependent(l, Span::of(op.location()), "iterations of the parallel loop change the length of a list that they share");
                        return Err(error.help("make the list as long as it has to be before the loop, and set its elements").into());
                    }
                };
                let terms = self.terms(object, index);
                found.push(Access { op, roots, terms, index, writes: true });
            }
            let reads = match PyOp::of(&op) {
                PyOp::GetItem => true,
                PyOp::Builtin => path_of(op) == Some("list.get"),
                _ => false,
            };
            if reads && let (Ok(object), Ok(index)) = (op.operand(0), op.operand(1)) && self.is_element(op) {
                let roots = self.shared_roots(object);
                if !roots.is_empty() {
                    let terms = self.terms(object, Some(index));
                    found.push(Access { op, roots, terms, index: Some(index), writes: false });
                }
            }
        }
        Ok(found)
    }

    // Making a view reads nothing.
    fn is_element(&self, op: OperationRef<'c, 'a>) -> bool {
        op.result(0).is_ok_and(|r| !matches!(Ty::from_mlir(Value::from(r).r#type()), Some(Ty::Array(_))))
    }

    fn shared_roots(&self, object: Value<'c, 'a>) -> Vec<Value<'c, 'a>> {
        let roots = self.effects.roots(self.cfg, object);
        roots.into_iter().filter(|r| self.l.is_outside(self.cfg, *r)).collect()
    }

    // The indices that lead from memory to an element, by axis of the memory: through the views that the object is, and by the last index.
    fn terms(&mut self, object: Value<'c, 'a>, index: Option<Value<'c, 'a>>) -> Vec<Term> {
        let mut axes = self.axes(object);
        if let Some(index) = index {
            axes = self.indexed(axes, index);
        }
        axes.sort_by_key(|(axis, _)| *axis);
        axes.into_iter().filter_map(|(_, place)| match place {
            Along::At(term) => Some(term),
            Along::New => None,
            Along::From { start, .. } => Some(if start.coefficient != 0 || !self.is_fixed(&start) { Term::Unknown } else { Term::Shared }),
        }).collect()
    }

    // Where the axes of an object lie on those of the memory that it is a view of, in the object's order; with the axes that it has no more.
    fn axes(&mut self, object: Value<'c, 'a>) -> Vec<(usize, Along)> {
        if let Some((kind, op)) = self.cfg.op(object) && let Ok(inner) = op.operand(0) {
            match (kind, op.operand(1)) {
                (PyOp::GetItem, Ok(index)) => {
                    let axes = self.axes(inner);
                    return self.indexed(axes, index);
                }
                (PyOp::Cast, _) => return self.axes(inner),
                (PyOp::GetAttr, _) => {
                    let mut axes = self.axes(inner);
                    if op.attribute("attribute").ok().and_then(|a| StringAttribute::try_from(a).ok()).is_some_and(|name| name.value() == "T") {
                        axes.reverse();
                    }
                    return axes;
                }
                _ => {}
            }
        }
        let rank = Ty::from_mlir(object.r#type()).and_then(|t| t.array()).map_or(1, |a| a.rank);
        let mut axes: Vec<_> = (0..rank).map(|axis| (axis + 1, Along::From { start: Affine::default(), step: 1 })).collect();
        // Made in some other way inside of the loop: by a call, or chosen among several.
        if self.varies(object) {
            axes.insert(0, (0, Along::At(Term::Unknown)));
        }
        axes
    }

    // The axes of a subscript.
    fn indexed(&mut self, axes: Vec<(usize, Along)>, index: Value<'c, 'a>) -> Vec<(usize, Along)> {
        let parts: Vec<Value> = match self.cfg.op(index) {
            Some((PyOp::Tuple, op)) => op.operands().collect(),
            _ => vec![index],
        };
        let ty = |v: Value<'c, 'a>| Ty::from_mlir(v.r#type());
        let open = axes.iter().filter(|(_, place)| !matches!(place, Along::At(_))).count();
        let used = parts.iter().filter(|p| !matches!(ty(**p), Some(Ty::None | Ty::Ellipsis))).count();
        let (mut left, mut done) = (axes.into_iter(), vec![]);
        for part in parts {
            match ty(part) {
                Some(Ty::None) => done.push((BEHIND, Along::New)),
                Some(Ty::Ellipsis) => {
                    let mut skipped = open.saturating_sub(used);
                    while skipped > 0 && let Some(next) = left.next() {
                        skipped -= usize::from(!matches!(next.1, Along::At(_)));
                        done.push(next);
                    }
                }
                kind => loop {
                    match left.next() {
                        Some(gone @ (_, Along::At(_))) => done.push(gone),
                        Some((_, Along::New)) => break,
                        Some((axis, Along::From { start, step })) => {
                            done.push((axis, if matches!(kind, Some(Ty::Slice(_))) { self.sliced(start, step, part) } else { Along::At(self.place(&start, step, part)) }));
                            break;
                        }
                        // Fields, and elements of elements.
                        None => {
                            done.push((BEHIND, Along::At(self.term(part))));
                            break;
                        }
                    }
                },
            }
        }
        done.extend(left);
        done
    }

    // An axis from the start of a slice on. What is not known of a slice that does not change is a place of its own.
    fn sliced(&mut self, start: Affine, step: i64, slice: Value<'c, 'a>) -> Along {
        let parts: Vec<Value> = match self.cfg.op(slice) {
            Some((PyOp::Slice, op)) => op.operands().collect(),
            _ => vec![],
        };
        let is_none = |v: Value<'c, 'a>| Ty::from_mlir(v.r#type()) == Some(Ty::None);
        let known = |look: &Self, v: Value<'c, 'a>, otherwise: i64| if is_none(v) { Some(otherwise) } else { const_int(look.cfg, v) };
        if let [first, _, by] = parts[..] && let Some(by) = known(self, by, 1).filter(|by| *by > 0) {
            let from = if is_none(first) { Some(Affine::default()) } else { self.affine(first, 0).filter(|a| !(a.coefficient == 0 && a.symbols.is_empty() && a.constant < 0)) };
            if let Some(start) = from.and_then(|from| start.plus(&from, step)) && let Some(step) = step.checked_mul(by) {
                return Along::From { start, step };
            }
        }
        if self.varies(slice) {
            return Along::At(Term::Unknown);
        }
        let place = Affine { symbols: BTreeMap::from([(key(slice) | 1, 1)]), ..Affine::default() };
        Along::From { start: start.plus(&place, 1).unwrap_or(place), step: 1 }
    }

    // The place of an element on an axis.
    fn place(&mut self, start: &Affine, step: i64, index: Value<'c, 'a>) -> Term {
        match self.affine(index, 0).and_then(|i| start.plus(&i, step)) {
            Some(a) if a.coefficient != 0 && self.is_fixed(&a) => Term::Private(a),
            _ if self.varies(index) || start.coefficient != 0 || !self.is_fixed(start) => Term::Unknown,
            _ => Term::Shared,
        }
    }

    fn term(&mut self, index: Value<'c, 'a>) -> Term {
        match self.affine(index, 0) {
            Some(a) if a.coefficient != 0 && self.is_fixed(&a) => Term::Private(a),
            _ if self.varies(index) => Term::Unknown,
            _ => Term::Shared,
        }
    }

    // Whether all symbols are values from before the loop.
    fn is_fixed(&self, a: &Affine) -> bool {
        let inside = |k: &usize| self.l.ops(self.cfg).any(|op| op.results().any(|r| key(r.into()) == *k));
        let arguments = |k: &usize| self.l.blocks.iter().any(|b| {
            let block = self.cfg.blocks[*b].block;
            (0..block.argument_count()).any(|i| block.argument(i).is_ok_and(|v| key(v.into()) == *k))
        });
        a.symbols.keys().all(|k| !inside(k) && !arguments(k))
    }

    fn affine(&self, v: Value<'c, 'a>, depth: usize) -> Option<Affine> {
        if depth > 8 {
            return None;
        }
        if v == self.element {
            return Some(Affine { coefficient: 1, ..Affine::default() });
        }
        if let Some(constant) = const_int(self.cfg, v) {
            return Some(Affine { constant, ..Affine::default() });
        }
        let symbol = || Some(Affine { symbols: BTreeMap::from([(key(v), 1)]), ..Affine::default() });
        match self.cfg.op(v) {
            Some((PyOp::Binary, op)) if !self.l.is_outside(self.cfg, v) => {
                let (a, b) = (op.operand(0).ok()?, op.operand(1).ok()?);
                match BinaryKind::of(op.attribute("kind").ok()?)? {
                    BinaryKind::Add => self.affine(a, depth + 1)?.plus(&self.affine(b, depth + 1)?, 1),
                    BinaryKind::Sub => self.affine(a, depth + 1)?.plus(&self.affine(b, depth + 1)?, -1),
                    BinaryKind::Mul => match (const_int(self.cfg, a), const_int(self.cfg, b)) {
                        (_, Some(n)) => self.affine(a, depth + 1)?.times(n),
                        (Some(n), _) => self.affine(b, depth + 1)?.times(n),
                        _ => symbol(),
                    },
                    _ => symbol(),
                }
            }
            _ => symbol(),
        }
    }

    // Whether a value is computed from the loop's variable, or from what is not known to be the same each time.
    fn varies(&mut self, v: Value<'c, 'a>) -> bool {
        if v == self.element {
            return true;
        }
        if self.l.is_outside(self.cfg, v) {
            return false;
        }
        if let Some(known) = self.varies.get(&key(v)) {
            return *known;
        }
        // A value that depends on itself, in an inner loop, differs if anything else in it does.
        self.varies.insert(key(v), false);
        let found = match self.cfg.def(v) {
            Some(Def::Result { op, .. }) => match PyOp::of(&op) {
                PyOp::Constant | PyOp::Entity | PyOp::FunctionRef | PyOp::Ellipsis | PyOp::Unbound => false,
                PyOp::Invoke | PyOp::Builtin if op.operand_count() == 0 => true,
                _ => op.operands().collect::<Vec<_>>().into_iter().any(|o| self.varies(o)),
            },
            Some(Def::Argument { block, index }) => self.cfg.incoming(block, index).into_iter().any(|o| self.varies(o)),
            None => false,
        };
        self.varies.insert(key(v), found);
        found
    }
}
