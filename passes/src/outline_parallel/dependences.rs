//! Memory that iterations of a parallel loop share: what one of them writes must not be what another one reads or writes.
//!
//! Elements of arrays that existed before the loop are looked at by their indices (`places`). An index that is the loop's variable times a constant plus something that does not
//! change belongs to one iteration; an access with such an index on one axis is private. Refused are writes whose index is the same in all iterations, changes of elements
//! (`h[k[i]] += 1`) that are not private, and elements that another iteration is known to use. What is not known until the program runs is tested then (`distances`).
//! An index that is computed in other ways is trusted to be different each time, and so are elements that a function reads of an array that it gets as a whole.
use super::{Res, affine::Symbols, arrays::{self, ArrayReduction}, arrays::Place as Variable, carried::dependent, distances::{Conditions, Found}, effects::{Change, Effects}, places::{Look, Place, Term}, region::ParallelLoop, same::same};
use crate::cfg::{Cfg, Def};
use melior::ir::{BlockLike, OperationRef, Value, operation::OperationLike};
use numbra_dialects::{Diagnostic, Span, py::PyOp};

/// What is known of the memory that a loop uses.
pub struct Memory<'c, 'a> {
    /// Arrays whose elements all iterations combine
    pub arrays: Vec<ArrayReduction<'c, 'a>>,
    /// What has to hold when the loop starts, for it to run on several threads
    pub conditions: Conditions<'c, 'a>,
    /// The values in them
    pub symbols: Symbols<'c, 'a>,
}

/// An access to elements.
struct Access<'c, 'a> {
    op: OperationRef<'c, 'a>,
    roots: Vec<Value<'c, 'a>>,
    place: Place<'c, 'a>,
    /// The innermost index
    index: Option<Value<'c, 'a>>,
    writes: bool,
}

impl<'c: 'a, 'a> Access<'c, 'a> {
    fn is_private(&self) -> bool {
        self.place.terms.iter().any(|t| matches!(t, Term::Private(_)))
    }
    fn is_shared(&self) -> bool {
        self.place.terms.iter().all(|t| matches!(t, Term::Fixed(_) | Term::Shared))
    }
    fn is_of(&self, roots: &[Value<'c, 'a>]) -> bool {
        self.roots.iter().any(|r| roots.contains(r))
    }
    // Whether both may be to the same memory: callers may pass one array twice, or two views of one.
    fn meets(&self, cfg: &Cfg<'c, 'a>, other: &Access<'c, 'a>) -> bool {
        let given = |a: &Access<'c, 'a>| a.roots.iter().any(|r| matches!(cfg.def(*r), Some(Def::Argument { block: 0, .. })));
        self.is_of(&other.roots) || (given(self) && given(other))
    }
}

/// Refuses a loop of which an iteration depends on memory that another one writes, unless that is only to combine elements: gives the arrays of which this is true, and what is
/// known only when the loop starts.
pub fn check<'c: 'a, 'a>(cfg: &Cfg<'c, 'a>, l: &ParallelLoop<'c, 'a>, effects: &Effects<'c, 'a>) -> Res<Memory<'c, 'a>> {
    let Ok(element) = l.next.result(1) else { return Ok(Memory { arrays: vec![], conditions: Conditions::default(), symbols: Symbols::default() }) };
    let mut look = Look::new(cfg, l, effects, element.into());
    let mut accesses = accesses(cfg, l, effects, &mut look)?;
    let header = cfg.blocks[l.header].block;
    let mut found: Vec<ArrayReduction> = (0..header.argument_count()).filter_map(|i| arrays::carried(cfg, l, effects, i)).collect();
    for array in &found {
        if let Variable::Carried(i) = array.place && let Ok(v) = header.argument(i) {
            let roots = look.shared_roots(v.into());
            accesses.retain(|a| !a.is_of(&roots));
        }
    }
    loop {
        let mut conditions = Conditions::default();
        match conflict(cfg, l, &look.symbols, &accesses, &mut conditions) {
            None => return Ok(Memory { arrays: found, conditions, symbols: look.symbols }),
            Some((roots, error)) => {
                let Some(array) = arrays::of_roots(cfg, l, effects, &roots) else { return Err(error.into()) };
                found.push(array);
                accesses.retain(|a| !a.is_of(&roots));
            }
        }
    }
}

// The first pair of accesses of different iterations that are known to be to the same elements, and the memory that they are to; collects what has to be tested for the others.
fn conflict<'c: 'a, 'a>(
    cfg: &Cfg<'c, 'a>, l: &ParallelLoop<'c, 'a>, symbols: &Symbols<'c, 'a>, accesses: &[Access<'c, 'a>], conditions: &mut Conditions<'c, 'a>,
) -> Option<(Vec<Value<'c, 'a>>, Diagnostic)> {
    for (number, write) in accesses.iter().enumerate().filter(|(_, a)| a.writes) {
        let place = Span::of(write.op.location());
        if write.is_shared() {
            let error = dependent(l, place, "all iterations of the parallel loop write to the same elements");
            return Some((write.roots.clone(), error.help("make it a variable that is added up, or an array with an element for each iteration; an array whose elements are only combined by one operator (`total[k] += x`) can be shared")));
        }
        for read in accesses.iter().filter(|a| !a.writes && a.is_of(&write.roots)) {
            if !write.is_private() && read.index.is_some() && same_index(cfg, read.index, write.index) {
                return Some((write.roots.clone(), same_element(l, place)));
            }
        }
        // Two writes are compared once.
        for other in accesses.iter().enumerate().filter(|(k, a)| (!a.writes || *k > number) && a.meets(cfg, write)).map(|(_, a)| a) {
            if conditions.compare(cfg, l, symbols, &write.place, &other.place) == Found::Fine {
                continue;
            }
            let used = Span::of(other.op.location());
            let error = if other.writes {
                dependent(l, used, "an iteration of the parallel loop writes elements that another one writes").label(place, "written here, too").help("write to one element in each iteration, or use `range`")
            } else {
                dependent(l, used, "an iteration of the parallel loop reads elements that another one writes").label(place, "written here").help("read from a copy that is made before the loop, or use `range`")
            };
            return Some((write.roots.clone(), error));
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

// Whether two indices may be equal for sure: elements that are read as indices are taken to be the same each time.
fn same_index<'c: 'a, 'a>(cfg: &Cfg<'c, 'a>, a: Option<Value<'c, 'a>>, b: Option<Value<'c, 'a>>) -> bool {
    a.zip(b).is_some_and(|(a, b)| same(cfg, a, b, &|_| true))
}

// All accesses to memory that existed before the loop.
fn accesses<'c: 'a, 'a>(cfg: &Cfg<'c, 'a>, l: &ParallelLoop<'c, 'a>, effects: &Effects<'c, 'a>, look: &mut Look<'_, 'c, 'a>) -> Res<Vec<Access<'c, 'a>>> {
    let mut found = vec![];
    for op in l.ops(cfg) {
        for (object, change) in effects.changes(op) {
            let roots = look.shared_roots(object);
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
            found.push(Access { op, roots, place: look.place(object, index), index, writes: true });
        }
        for (object, index) in effects.reads(op) {
            let roots = look.shared_roots(object);
            let access = Access { op, roots, place: look.place(object, index), index, writes: false };
            // What a function reads of a whole array may be what belongs to the iteration.
            if !access.roots.is_empty() && (PyOp::of(&op) != PyOp::Invoke || access.is_private()) {
                found.push(access);
            }
        }
    }
    Ok(found)
}
