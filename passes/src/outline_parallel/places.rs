//! Where in memory the accesses of an iteration are: by axis of an array that is there before the loop, as functions of the loop's variable.
use super::{affine::{Affine, Symbol, Symbols, can_move}, effects::Effects, region::ParallelLoop};
use crate::{cfg::{Cfg, Def, key}, numbers::const_int};
use melior::ir::{Value, ValueLike, attribute::StringAttribute, operation::OperationLike};
use numbra_dialects::py::{PyOp, Ty};
use std::collections::HashMap;

/// What is known of an index on one axis.
#[derive(Clone, Debug, PartialEq)]
pub enum Term {
    /// In each iteration another one
    Private(Affine),
    /// The same in all iterations
    Fixed(Affine),
    /// Going through the same values in all iterations
    Shared,
    /// Computed from what differs between iterations
    Unknown,
}

/// Elements of an array.
#[derive(Clone)]
#[allow(missing_docs)]
pub struct Place<'c, 'a> {
    /// The array whose axes are meant
    pub base: Value<'c, 'a>,
    /// By axis, as far as axes can be told
    pub terms: Vec<Term>,
    /// The indices that have led there: below 0 they count from the end, and what is said of places is not true
    pub indices: Vec<Affine>,
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

/// The axes of a view: which ones of its base they are, and where on them.
type Axes = Vec<(usize, Along)>;

/// Looks at the indices of a loop.
pub struct Look<'k, 'c, 'a> {
    cfg: &'k Cfg<'c, 'a>,
    l: &'k ParallelLoop<'c, 'a>,
    effects: &'k Effects<'c, 'a>,
    variable: Value<'c, 'a>,
    varies: HashMap<usize, bool>,
    /// Of the place that is looked at
    indices: Vec<Affine>,
    /// Values in indices that are not known
    pub symbols: Symbols<'c, 'a>,
}

impl<'k, 'c: 'a, 'a> Look<'k, 'c, 'a> {
    /// At a loop with this variable.
    pub fn new(cfg: &'k Cfg<'c, 'a>, l: &'k ParallelLoop<'c, 'a>, effects: &'k Effects<'c, 'a>, variable: Value<'c, 'a>) -> Self {
        Look { cfg, l, effects, variable, varies: HashMap::new(), indices: vec![], symbols: Symbols::default() }
    }

    /// The memory from before the loop that a value is part of.
    pub fn shared_roots(&self, object: Value<'c, 'a>) -> Vec<Value<'c, 'a>> {
        let roots = self.effects.roots(self.cfg, object);
        roots.into_iter().filter(|r| self.l.is_outside(self.cfg, *r)).collect()
    }

    /// The indices that lead from memory to an element, by axis of the memory: through the views that the object is, and by the last index.
    pub fn place(&mut self, object: Value<'c, 'a>, index: Option<Value<'c, 'a>>) -> Place<'c, 'a> {
        self.indices.clear();
        let (base, mut axes) = self.axes(object);
        if let Some(index) = index {
            axes = self.indexed(axes, object, index);
        }
        axes.sort_by_key(|(axis, _)| *axis);
        let terms = axes.into_iter().filter_map(|(_, place)| match place {
            Along::At(term) => Some(term),
            Along::New => None,
            Along::From { start, .. } => Some(if start.coefficient != 0 || !self.is_fixed(&start) { Term::Unknown } else { Term::Shared }),
        }).collect();
        Place { base, terms, indices: std::mem::take(&mut self.indices) }
    }

    // Where the axes of an object lie on those of the memory that it is a view of, in the object's order; with the axes that it has no more.
    fn axes(&mut self, object: Value<'c, 'a>) -> (Value<'c, 'a>, Axes) {
        if let Some((kind, op)) = self.cfg.op(object) && let Ok(inner) = op.operand(0) {
            match (kind, op.operand(1)) {
                (PyOp::GetItem, Ok(index)) if is_array(inner) => {
                    let (base, axes) = self.axes(inner);
                    return (base, self.indexed(axes, inner, index));
                }
                (PyOp::Cast, _) if is_array(inner) => return self.axes(inner),
                (PyOp::GetAttr, _) if is_array(inner) => {
                    let (base, mut axes) = self.axes(inner);
                    if op.attribute("attribute").ok().and_then(|a| StringAttribute::try_from(a).ok()).is_some_and(|name| name.value() == "T") {
                        axes.reverse();
                    }
                    return (base, axes);
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
        (object, axes)
    }

    // The axes of a subscript of an array.
    fn indexed(&mut self, axes: Axes, array: Value<'c, 'a>, index: Value<'c, 'a>) -> Axes {
        let parts: Vec<Value> = match self.cfg.op(index) {
            Some((PyOp::Tuple, op)) => op.operands().collect(),
            _ => vec![index],
        };
        let ty = |v: Value<'c, 'a>| Ty::from_mlir(v.r#type());
        let open = axes.iter().filter(|(_, place)| !matches!(place, Along::At(_))).count();
        let used = parts.iter().filter(|p| !matches!(ty(**p), Some(Ty::None | Ty::Ellipsis))).count();
        let (mut left, mut done, mut axis_of_array) = (axes.into_iter(), vec![], 0);
        for part in parts {
            match ty(part) {
                Some(Ty::None) => done.push((BEHIND, Along::New)),
                Some(Ty::Ellipsis) => {
                    let mut skipped = open.saturating_sub(used);
                    axis_of_array += skipped;
                    while skipped > 0 && let Some(next) = left.next() {
                        skipped -= usize::from(!matches!(next.1, Along::At(_)));
                        done.push(next);
                    }
                }
                kind => loop {
                    match left.next() {
                        Some(gone @ (_, Along::At(_))) => done.push(gone),
                        Some((_, Along::New)) => {
                            axis_of_array += 1;
                            break;
                        }
                        Some((axis, Along::From { start, step })) => {
                            let sliced = matches!(kind, Some(Ty::Slice(_)));
                            done.push((axis, if sliced { self.sliced(start, step, part, array, axis_of_array) } else { Along::At(self.term(&start, step, part)) }));
                            axis_of_array += 1;
                            break;
                        }
                        // Fields, and elements of elements.
                        None => {
                            done.push((BEHIND, Along::At(self.term(&Affine::default(), 1, part))));
                            break;
                        }
                    }
                },
            }
        }
        done.extend(left);
        done
    }

    // An axis from the start of a slice on.
    fn sliced(&mut self, start: Affine, step: i64, slice: Value<'c, 'a>, array: Value<'c, 'a>, axis: usize) -> Along {
        let parts: Vec<Value> = match self.cfg.op(slice) {
            Some((PyOp::Slice, op)) => op.operands().collect(),
            _ => vec![],
        };
        let is_none = |v: Value<'c, 'a>| Ty::from_mlir(v.r#type()) == Some(Ty::None);
        let by = match parts[..] {
            [_, _, by] if is_none(by) => Some(1),
            [_, _, by] => const_int(self.cfg, by).filter(|by| *by != 0),
            _ => None,
        };
        let from = |start: &Affine, place: &Affine, by: i64| Some(Along::From { start: start.plus(place, step)?, step: step.checked_mul(by)? });
        if let [first, ..] = parts[..] && let Some(by) = by.filter(|by| *by > 0) {
            // A start that follows the loop's variable is taken to be inside of the array; of others that may not be known to be, the slice is asked.
            let place = if is_none(first) { Some(Affine::default()) } else { self.affine(first).filter(|a| a.coefficient != 0 || (a.symbols.is_empty() && a.constant >= 0)) };
            if let Some(along) = place.and_then(|place| from(&start, &place, by)) {
                return along;
            }
        }
        if self.varies(slice) {
            return Along::At(Term::Unknown);
        }
        let known = by.filter(|_| self.l.is_outside(self.cfg, array) && can_move(self.cfg, self.l, slice));
        let symbol = if known.is_some() { Symbol::Start { slice, array, axis } } else { Symbol::Slice(slice) };
        let place = Affine::symbol(self.symbols.number(self.cfg, symbol));
        from(&start, &place, known.unwrap_or(1)).unwrap_or(Along::At(Term::Unknown))
    }

    // The place of an element on an axis.
    fn term(&mut self, start: &Affine, step: i64, index: Value<'c, 'a>) -> Term {
        let affine = self.affine(index);
        match affine.as_ref().and_then(|i| start.plus(i, step)) {
            Some(a) if self.is_fixed(&a) => {
                self.indices.extend(affine);
                if a.coefficient != 0 { Term::Private(a) } else { Term::Fixed(a) }
            }
            _ if self.varies(index) || start.coefficient != 0 || !self.is_fixed(start) => Term::Unknown,
            _ => Term::Shared,
        }
    }

    fn affine(&mut self, v: Value<'c, 'a>) -> Option<Affine> {
        self.symbols.affine(self.cfg, self.l, self.variable, v)
    }

    fn is_fixed(&self, a: &Affine) -> bool {
        self.symbols.are_fixed(self.cfg, self.l, a)
    }

    /// Whether a value is computed from the loop's variable, or from what is not known to be the same each time.
    pub fn varies(&mut self, v: Value<'c, 'a>) -> bool {
        if v == self.variable {
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

/// Whether a value is an array.
pub fn is_array(v: Value) -> bool {
    matches!(Ty::from_mlir(v.r#type()), Some(Ty::Array(_)))
}
