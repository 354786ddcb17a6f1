//! Whether two accesses of different iterations can be to one element: by their indices where that is known when the program is compiled, otherwise by tests in front of the loop.
//!
//! Two places are apart if their indices are on one axis. Indices with one coefficient `c` that differ by `d` are equal in iterations that are `d / (c * step)` iterations apart: in no two if `d` is
//! 0, no multiple, or too large for the number of iterations, as in `a[i] + a[i + half]` with `half` iterations. Indices with two coefficients are apart where they run through
//! different stretches. Two arrays of which it is not known whether they are one are apart where their memory is, and if it is the same, where the indices are.
//! A loop whose test (`runtime_checks`) fails runs in one part, in order.
use super::{affine::{Affine, Symbol, Symbols, can_move}, places::{Place, Term, is_array}, region::ParallelLoop, same::same};
use crate::cfg::Cfg;
use melior::ir::Value;

/// When two indices are not equal in different iterations.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs)]
pub enum Test {
    /// If this difference is none between two iterations, of indices with this coefficient
    Shift { coefficient: i64, difference: Affine },
    /// If they run through different stretches, which may be one number
    Ranges(Affine, Affine),
}

/// Whether two places are apart.
#[derive(Clone, Debug, PartialEq)]
pub enum Indices {
    /// They are
    Apart,
    /// For sure not, if there are enough iterations
    Meet,
    /// If one of these tests holds; never if there are none
    If(Vec<Test>),
}

/// When two places are apart.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs)]
pub struct Places {
    pub are: Indices,
    /// The indices that must not count from the end for this to be true
    pub indices: Vec<Affine>,
}

/// What has to hold for iterations to be independent of each other.
#[derive(Default)]
pub struct Conditions<'c, 'a> {
    /// All of them
    pub all: Vec<Condition<'c, 'a>>,
}

/// One of them.
pub struct Condition<'c, 'a> {
    /// Two arrays that may share memory. The indices matter only if they are the same
    pub arrays: Option<(Value<'c, 'a>, Value<'c, 'a>)>,
    /// What is known of the places
    pub places: Vec<Places>,
}

/// What is found out about two places when a program is compiled.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Found {
    /// They are apart, or will be known to be when the loop starts
    Fine,
    /// Different iterations use one element
    Meet,
}

impl<'c: 'a, 'a> Conditions<'c, 'a> {
    /// Whether nothing has to be tested.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Whether indices have to be compared, not only where arrays are.
    pub fn are_about_indices(&self) -> bool {
        self.all.iter().any(|c| c.arrays.is_none())
    }

    /// Compares what is written with what is used elsewhere in the loop; adds what has to be tested.
    pub fn compare(&mut self, cfg: &Cfg<'c, 'a>, l: &ParallelLoop<'c, 'a>, symbols: &Symbols<'c, 'a>, written: &Place<'c, 'a>, used: &Place<'c, 'a>) -> Found {
        let indices = indices(symbols, &written.terms, &used.terms);
        let (a, b) = (written.base, used.base);
        // Arrays that are made or chosen in the loop are compared by their indices alone.
        let testable = |v: Value<'c, 'a>| is_array(v) && can_move(cfg, l, v);
        let arrays = (testable(a) && testable(b) && !same(cfg, a, b, &|_| true)).then_some((a, b));
        match (&arrays, &indices) {
            (None, Indices::Apart) => return Found::Fine,
            (None, Indices::Meet) => return Found::Meet,
            _ => {}
        }
        let mut places = Places { are: indices, indices: vec![] };
        if matches!(places.are, Indices::If(_)) {
            for index in written.indices.iter().chain(&used.indices) {
                if !places.indices.contains(index) && !(index.coefficient == 0 && index.symbols.is_empty() && index.constant >= 0) {
                    places.indices.push(index.clone());
                }
            }
        }
        let known = self.all.iter_mut().find(|c| match (c.arrays, arrays) {
            (None, None) => true,
            (Some(x), Some(y)) => x == y || x == (y.1, y.0),
            _ => false,
        });
        match known {
            Some(c) if c.places.contains(&places) => {}
            Some(c) => c.places.push(places),
            None => self.all.push(Condition { arrays, places: vec![places] }),
        }
        Found::Fine
    }
}

// Whether indices are apart on one of the axes on which what is written has one for each iteration.
fn indices(symbols: &Symbols, written: &[Term], used: &[Term]) -> Indices {
    let (mut tests, mut meet, mut unclear) = (vec![], false, false);
    for (w, u) in written.iter().zip(used) {
        match (w, u) {
            // The same in all iterations: other rows, perhaps.
            (Term::Fixed(w), Term::Fixed(u)) => match u.plus(w, -1).map(|difference| (difference.symbols.is_empty(), difference.constant)) {
                Some((true, 0)) | None => {}
                Some((true, _)) if counts_from_start(w) && counts_from_start(u) => return Indices::Apart,
                Some(_) if is_number(symbols, w) && is_number(symbols, u) => tests.push(Test::Ranges(w.clone(), u.clone())),
                Some(_) => {}
            },
            (Term::Private(w), Term::Private(u) | Term::Fixed(u)) => match on_axis(symbols, w, u) {
                Indices::Apart => return Indices::Apart,
                Indices::Meet => meet = true,
                Indices::If(more) => {
                    unclear = true;
                    tests.extend(more);
                }
            },
            // An element at a computed index is trusted to be no one's that others write.
            (Term::Private(_), Term::Unknown) => return Indices::Apart,
            (Term::Private(_), Term::Shared) => meet = true,
            _ => {}
        }
    }
    match (unclear, meet) {
        (true, _) => Indices::If(tests),
        (false, true) if !tests.is_empty() => Indices::If(tests),
        (false, true) => Indices::Meet,
        (false, false) => Indices::Apart,
    }
}

fn on_axis(symbols: &Symbols, a: &Affine, b: &Affine) -> Indices {
    let Some(difference) = b.plus(a, -1) else { return Indices::If(vec![]) };
    let (c, d) = (a.coefficient, b.coefficient);
    let known = difference.symbols.is_empty();
    if c == d && known {
        let meets = difference.constant != 0 && difference.constant % c == 0;
        return if meets { Indices::Meet } else { Indices::Apart };
    }
    if known && difference.constant % gcd(c, d) != 0 {
        return Indices::Apart;
    }
    match (c == d, is_number(symbols, &difference), is_number(symbols, a) && is_number(symbols, b)) {
        (true, true, _) => Indices::If(vec![Test::Shift { coefficient: c, difference }]),
        (false, _, true) => Indices::If(vec![Test::Ranges(a.clone(), b.clone())]),
        _ => Indices::If(vec![]),
    }
}

// Whether an index is not known to count from the end, as -1 does.
fn counts_from_start(a: &Affine) -> bool {
    !a.symbols.is_empty() || a.constant >= 0
}

// Whether an index can be computed: nothing is known of the numbers behind a slice of unknown steps.
fn is_number(symbols: &Symbols, a: &Affine) -> bool {
    a.symbols.keys().all(|k| !matches!(symbols.get(*k), Symbol::Slice(_)))
}

fn gcd(a: i64, b: i64) -> i64 {
    if b == 0 { a.saturating_abs().max(1) } else { gcd(b, a.wrapping_rem(b)) }
}
