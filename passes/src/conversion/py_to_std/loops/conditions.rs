//! The condition before a loop in two versions: the sums that `bounds` found, computed in 128 bits unless one comparison says the same.
use crate::numbers::const_int;
use super::{Span, affine::Leaf};
use super::super::{build::V, cx::{Cx, Res}, loops};
use crate::cfg::key;
use melior::dialect::arith::{self, CmpiPredicate};

impl<'c: 'a, 'a> Cx<'_, 'c, 'a> {
    /// Emits the condition under which a loop needs no checks for what its plan covers; `None` if there is nothing to ask.
    pub fn versioning_condition(&mut self, l: usize) -> Res<Option<V<'c, 'a>>> {
        let conditions: Vec<_> = self.plan.conditions[l].iter().map(|(t, c)| (t.clone(), *c)).collect();
        let mut all: Option<V> = None;
        for (terms, constant) in conditions {
            let mut leaves = vec![];
            let mut products = vec![];
            for (leaf, c) in &terms {
                match leaf {
                    Leaf::Product(a, b) => products.push((self.leaf(a)?, self.leaf(b)?, *c)),
                    _ => leaves.push((self.leaf(leaf)?, *c)),
                }
            }
            let holds = match (leaves.as_slice(), constant) {
                (leaves, c) if !products.is_empty() => self.sum_not_negative(leaves, &products, c),
                ([(x, 1)], c) => {
                    let least = self.b.i64(-c);
                    self.b.cmp(CmpiPredicate::Sge, *x, least)
                }
                ([(x, -1)], c) => {
                    let most = self.b.i64(c);
                    self.b.cmp(CmpiPredicate::Sle, *x, most)
                }
                ([(x, 1), (y, -1)] | [(y, -1), (x, 1)], 0) => self.b.cmp(CmpiPredicate::Sge, *x, *y),
                ([(x, 1), (y, -1)] | [(y, -1), (x, 1)], -1) => self.b.cmp(CmpiPredicate::Sgt, *x, *y),
                (leaves, c) => self.sum_not_negative(leaves, &[], c),
            };
            all = Some(match all {
                Some(a) => self.b.and(a, holds),
                None => holds,
            });
        }
        Ok(all)
    }

    fn sum_not_negative(&mut self, leaves: &[(V<'c, 'a>, i64)], products: &[(V<'c, 'a>, V<'c, 'a>, i64)], constant: i64) -> V<'c, 'a> {
        let wide = self.b.t.i128;
        let mut sum = self.b.int(wide, constant);
        for (v, c) in leaves {
            let (v, c) = (self.b.resize(*v, wide, true), self.b.int(wide, *c));
            let term = self.b.mul_nsw(v, c);
            sum = self.b.add_nsw(sum, term);
        }
        for (a, b, c) in products {
            let (a, b, c) = (self.b.resize(*a, wide, true), self.b.resize(*b, wide, true), self.b.int(wide, *c));
            let product = self.b.mul_nsw(a, b);
            let term = self.b.mul_nsw(product, c);
            sum = self.b.add_nsw(sum, term);
        }
        let zero = self.b.int(wide, 0);
        self.b.cmp(CmpiPredicate::Sge, sum, zero)
    }

    fn leaf(&mut self, leaf: &Leaf) -> Res<V<'c, 'a>> {
        let Some(value) = self.plan.values.get(leaf).copied() else { return self.invalid("loop condition without a value") };
        match leaf {
            Leaf::Extent(k, axis) => {
                debug_assert!(*k == key(value));
                Ok(self.array(value)?.shape[*axis])
            }
            Leaf::Last(l) => self.last(*l),
            _ => self.one(value),
        }
    }

    // The last element of a range that has one; anything for an empty range, whose loop does nothing.
    fn last(&mut self, l: usize) -> Res<V<'c, 'a>> {
        let range = self.plan.loops[l].next.and_then(|next| loops::iterable(self.cfg, next)).and_then(|i| loops::span(self.cfg, i, &[]));
        let Some(Span::Range(start, stop, step)) = range else { return self.invalid("loop condition without a range") };
        let Some(step) = const_int(self.cfg, step) else { return self.invalid("loop condition without a step") };
        let (start, stop) = (self.one(start)?, self.one(stop)?);
        let (size, towards) = (self.b.i64(step.wrapping_abs()), self.b.i64(-step.signum()));
        let before = self.b.add(stop, towards);
        let distance = if step > 0 { self.b.sub(before, start) } else { self.b.sub(start, before) };
        let loc = self.b.loc;
        let rest = self.b.value(arith::remui(distance, size, loc));
        Ok(if step > 0 { self.b.sub(before, rest) } else { self.b.add(before, rest) })
    }
}
