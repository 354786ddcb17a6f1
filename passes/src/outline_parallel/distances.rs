//! Whether two accesses of different iterations can be to one element: by their indices where that is known when the program is compiled, otherwise by tests in front of the loop.
//!
//! Two places are apart if their indices are on one axis. Indices with one coefficient `c` that differ by `d` are equal in iterations that are `d / (c * step)` iterations apart: in no two if `d` is
//! 0, no multiple, or too large for the number of iterations, as in `a[i] + a[i + half]` with `half` iterations. Indices with two coefficients are apart where they run through
//! different stretches. Two arrays of which it is not known whether they are one are apart where their memory is, and if it is the same, where the indices are.
//! A loop whose test fails runs in one part, in order.
use super::{Res, affine::{Affine, Symbol, Symbols, can_move}, at::At, places::{Place, Term, is_array}, region::ParallelLoop, same::same};
use crate::{cfg::{Cfg, key}, conversion::py_to_std::internal};
use melior::ir::{BlockLike, OperationRef, Type, Value, ValueLike, attribute::StringAttribute, operation::OperationLike};
use numbra_dialects::{py::{BinaryKind, CompareKind, Ty, ods::py as ods}, rewrite::set_operand};
use std::collections::HashMap;

/// When two indices are not equal in different iterations.
#[derive(Clone, Debug, PartialEq)]
enum Test {
    /// If this difference is none between two iterations, of indices with this coefficient
    Shift { coefficient: i64, difference: Affine },
    /// If they run through different stretches
    Ranges(Affine, Affine),
}

/// Whether two places are apart.
#[derive(Clone, Debug, PartialEq)]
enum Indices {
    Apart,
    /// For sure not, if there are enough iterations
    Meet,
    /// If one of these tests holds; never if there are none
    If(Vec<Test>),
}

/// What has to hold for iterations to be independent of each other.
#[derive(Default)]
pub struct Conditions<'c, 'a> {
    all: Vec<Condition<'c, 'a>>,
}

struct Condition<'c, 'a> {
    /// Two arrays that may share memory. The indices matter only if they are the same
    arrays: Option<(Value<'c, 'a>, Value<'c, 'a>)>,
    indices: Vec<Indices>,
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
        let known = self.all.iter_mut().find(|c| match (c.arrays, arrays) {
            (None, None) => true,
            (Some(x), Some(y)) => x == y || x == (y.1, y.0),
            _ => false,
        });
        match known {
            Some(c) if c.indices.contains(&indices) => {}
            Some(c) => c.indices.push(indices),
            None => self.all.push(Condition { arrays, indices: vec![indices] }),
        }
        Found::Fine
    }

    /// Whether all conditions hold, computed in front of the loop of so many iterations.
    pub fn hold(&self, at: &At<'c, 'a>, cfg: &Cfg<'c, 'a>, l: &ParallelLoop<'c, 'a>, symbols: &Symbols<'c, 'a>, n: Value<'c, 'a>) -> Res<Value<'c, 'a>> {
        let mut tests = Tests { at, cfg, l, symbols, n, moved: HashMap::new(), reached: HashMap::new() };
        let mut all = None;
        for condition in &self.all {
            let mut apart = None;
            for indices in &condition.indices {
                let holds = match indices {
                    Indices::Apart => continue,
                    Indices::Meet => tests.bool(false)?,
                    Indices::If(list) => {
                        let mut any = tests.bool(false)?;
                        for test in list {
                            let holds = tests.test(test)?;
                            any = tests.logic(BinaryKind::Or, any, holds)?;
                        }
                        any
                    }
                };
                apart = Some(tests.and(apart, holds)?);
            }
            let holds = match (condition.arrays, apart) {
                (None, Some(apart)) => apart,
                (None, None) => continue,
                (Some((a, b)), apart) => {
                    let (a, b) = (tests.moved(a)?, tests.moved(b)?);
                    let (disjoint, one) = (tests.are_disjoint(a, b)?, tests.are_one(a, b)?);
                    let one = tests.and(apart, one)?;
                    tests.logic(BinaryKind::Or, disjoint, one)?
                }
            };
            all = Some(tests.and(all, holds)?);
        }
        match all {
            Some(all) => Ok(all),
            None => tests.bool(true),
        }
    }
}

// Whether indices are apart on one of the axes on which what is written has one for each iteration.
fn indices(symbols: &Symbols, written: &[Term], used: &[Term]) -> Indices {
    let (mut tests, mut meet, mut unclear) = (vec![], false, false);
    for (w, u) in written.iter().zip(used) {
        match (w, u) {
            (Term::Private(w), Term::Private(u)) => match on_axis(symbols, w, u) {
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
    // Nothing is known of the numbers behind such a symbol.
    let is_number = |a: &Affine| a.symbols.keys().all(|k| !matches!(symbols.get(*k), Symbol::Slice(_)));
    match (c == d, is_number(&difference), is_number(a) && is_number(b)) {
        (true, true, _) => Indices::If(vec![Test::Shift { coefficient: c, difference }]),
        (false, _, true) => Indices::If(vec![Test::Ranges(a.clone(), b.clone())]),
        _ => Indices::If(vec![]),
    }
}

fn gcd(a: i64, b: i64) -> i64 {
    if b == 0 { a.saturating_abs().max(1) } else { gcd(b, a.wrapping_rem(b)) }
}

/// Tests as ops in front of a loop.
struct Tests<'k, 'c, 'a> {
    at: &'k At<'c, 'a>,
    cfg: &'k Cfg<'c, 'a>,
    l: &'k ParallelLoop<'c, 'a>,
    symbols: &'k Symbols<'c, 'a>,
    /// The number of iterations
    n: Value<'c, 'a>,
    moved: HashMap<usize, Value<'c, 'a>>,
    reached: HashMap<usize, (Value<'c, 'a>, Value<'c, 'a>)>,
}

impl<'c: 'a, 'a> Tests<'_, 'c, 'a> {
    fn int_type(&self) -> Type<'c> {
        Ty::INT.to_mlir(self.at.context)
    }
    fn bool(&self, b: bool) -> Res<Value<'c, 'a>> {
        self.at.value(ods::constant(self.at.context, Ty::BOOL.to_mlir(self.at.context), melior::ir::attribute::BoolAttribute::new(self.at.context, b).into(), self.at.loc))
    }
    fn logic(&self, kind: BinaryKind, a: Value<'c, 'a>, b: Value<'c, 'a>) -> Res<Value<'c, 'a>> {
        self.at.binary(kind, a, b)
    }
    fn and(&self, a: Option<Value<'c, 'a>>, b: Value<'c, 'a>) -> Res<Value<'c, 'a>> {
        a.map_or(Ok(b), |a| self.logic(BinaryKind::And, a, b))
    }
    fn compare(&self, kind: CompareKind, a: Value<'c, 'a>, b: Value<'c, 'a>) -> Res<Value<'c, 'a>> {
        let t = Ty::BOOL.to_mlir(self.at.context);
        self.at.value(ods::compare(self.at.context, t, a, b, kind.attribute(self.at.context), self.at.loc))
    }
    fn call(&self, path: &str, arguments: &[Value<'c, 'a>]) -> Res<Value<'c, 'a>> {
        self.at.builtin(path, arguments, self.int_type())
    }
    fn item(&self, tuple: Value<'c, 'a>, index: usize) -> Res<Value<'c, 'a>> {
        let index = self.at.int(index as i64)?;
        self.at.value(ods::getitem(self.at.context, self.int_type(), tuple, index, self.at.loc))
    }
    fn attribute(&self, array: Value<'c, 'a>, name: &str, t: Type<'c>) -> Res<Value<'c, 'a>> {
        self.at.value(ods::getattr(self.at.context, t, array, StringAttribute::new(self.at.context, name), self.at.loc))
    }
    fn numbers(&self, array: Value<'c, 'a>, name: &str, rank: usize) -> Res<Value<'c, 'a>> {
        self.attribute(array, name, Ty::tuple(vec![Ty::INT; rank]).to_mlir(self.at.context))
    }

    // A value from before the loop, or computed there once more.
    fn moved(&mut self, v: Value<'c, 'a>) -> Res<Value<'c, 'a>> {
        if self.l.is_outside(self.cfg, v) {
            return Ok(v);
        }
        if let Some(done) = self.moved.get(&key(v)) {
            return Ok(*done);
        }
        let Some((_, op)) = self.cfg.op(v) else { return Err(internal(self.l.next, "a value in an index cannot be computed before the loop").into()) };
        let operands = op.operands().map(|o| self.moved(o)).collect::<Res<Vec<_>>>()?;
        let copy: OperationRef = self.at.block.append_operation((*op).clone());
        operands.into_iter().enumerate().for_each(|(i, o)| set_operand(copy, i, o));
        let new: Value = copy.result(0).map_err(|e| Box::new(internal(op, &e.to_string())))?.into();
        self.moved.insert(key(v), new);
        Ok(new)
    }

    fn symbol(&mut self, number: usize) -> Res<Value<'c, 'a>> {
        let value = match self.symbols.get(number) {
            Symbol::Value(v) | Symbol::Slice(v) => self.moved(v)?,
            Symbol::Start { slice, array, axis } => {
                let (slice, array) = (self.moved(slice)?, self.moved(array)?);
                let rank = Ty::from_mlir(array.r#type()).and_then(|t| t.array()).map_or(0, |a| a.rank);
                let length = self.item(self.numbers(array, "shape", rank)?, axis)?;
                let indices = self.at.builtin("slice.indices", &[slice, length], Ty::tuple(vec![Ty::INT; 3]).to_mlir(self.at.context))?;
                self.item(indices, 0)?
            }
        };
        if value.r#type() == self.int_type() { Ok(value) } else { self.at.value(ods::cast(self.at.context, self.int_type(), value, self.at.loc)) }
    }

    // What an index is beside the part that follows the loop's variable.
    fn rest(&mut self, a: &Affine) -> Res<Value<'c, 'a>> {
        let mut sum = self.at.int(a.constant)?;
        for (k, n) in &a.symbols {
            let symbol = self.symbol(*k)?;
            let part = self.times(symbol, *n)?;
            sum = self.at.binary(BinaryKind::Add, sum, part)?;
        }
        Ok(sum)
    }

    fn times(&self, v: Value<'c, 'a>, n: i64) -> Res<Value<'c, 'a>> {
        if n == 1 { Ok(v) } else { self.at.binary(BinaryKind::Mul, v, self.at.int(n)?) }
    }

    fn bound(&self, operand: usize) -> Res<Value<'c, 'a>> {
        self.l.range.operand(operand).map_err(|e| Box::new(internal(self.l.range, &e.to_string())))
    }

    fn test(&mut self, test: &Test) -> Res<Value<'c, 'a>> {
        let zero = self.at.int(0)?;
        match test {
            Test::Shift { coefficient, difference } => {
                let step = self.times(self.bound(2)?, *coefficient)?;
                let (step, distance) = (self.call("abs", &[step])?, self.rest(difference)?);
                let distance = self.call("abs", &[distance])?;
                let none = self.compare(CompareKind::Eq, distance, zero)?;
                let rounds = self.at.binary(BinaryKind::FloorDiv, distance, step)?;
                let far = self.compare(CompareKind::Ge, rounds, self.n)?;
                let over = self.at.binary(BinaryKind::Mod, distance, step)?;
                let between = self.compare(CompareKind::Ne, over, zero)?;
                let either = self.logic(BinaryKind::Or, none, far)?;
                self.logic(BinaryKind::Or, either, between)
            }
            Test::Ranges(a, b) => {
                let ((low, high), (other_low, other_high)) = (self.stretch(a)?, self.stretch(b)?);
                let before = self.compare(CompareKind::Lt, high, other_low)?;
                let behind = self.compare(CompareKind::Lt, other_high, low)?;
                self.logic(BinaryKind::Or, before, behind)
            }
        }
    }

    // The least and the largest index of all iterations.
    fn stretch(&mut self, a: &Affine) -> Res<(Value<'c, 'a>, Value<'c, 'a>)> {
        let (start, step, one) = (self.bound(0)?, self.bound(2)?, self.at.int(1)?);
        let way = self.at.binary(BinaryKind::Mul, self.at.binary(BinaryKind::Sub, self.n, one)?, step)?;
        let last = self.at.binary(BinaryKind::Add, start, way)?;
        let rest = self.rest(a)?;
        let index = |tests: &Self, i| tests.at.binary(BinaryKind::Add, rest, tests.times(i, a.coefficient)?);
        let (x, y) = (index(self, start)?, index(self, last)?);
        Ok((self.call("min", &[x, y])?, self.call("max", &[x, y])?))
    }

    // Whether the memory that two arrays reach over is apart, or they go in equal steps through it, one between the other's elements, as columns of a matrix.
    fn are_disjoint(&mut self, a: Value<'c, 'a>, b: Value<'c, 'a>) -> Res<Value<'c, 'a>> {
        let ((low, high), (other_low, other_high)) = (self.reach(a)?, self.reach(b)?);
        let before = self.compare(CompareKind::Le, high, other_low)?;
        let behind = self.compare(CompareKind::Le, other_high, low)?;
        let apart = self.logic(BinaryKind::Or, before, behind)?;
        let array = |v: Value| Ty::from_mlir(v.r#type()).and_then(|t| t.array());
        let (Some(x), Some(y)) = (array(a), array(b)) else { return Ok(apart) };
        if x.rank != 1 || y.rank != 1 {
            return Ok(apart);
        }
        let (step, other) = (self.item(self.numbers(a, "strides", 1)?, 0)?, self.item(self.numbers(b, "strides", 1)?, 0)?);
        let (equal, one) = (self.compare(CompareKind::Eq, step, other)?, self.at.int(1)?);
        let step = self.call("max", &[self.call("abs", &[step])?, one])?;
        let distance = self.at.binary(BinaryKind::Sub, self.call("array.address", &[b])?, self.call("array.address", &[a])?)?;
        let over = self.at.binary(BinaryKind::Mod, distance, step)?;
        let left = self.at.binary(BinaryKind::Sub, step, over)?;
        let behind_element = self.compare(CompareKind::Ge, over, self.at.int(x.dtype.size() as i64)?)?;
        let before_next = self.compare(CompareKind::Ge, left, self.at.int(y.dtype.size() as i64)?)?;
        let between = self.logic(BinaryKind::And, behind_element, before_next)?;
        let between = self.logic(BinaryKind::And, equal, between)?;
        self.logic(BinaryKind::Or, apart, between)
    }

    // The first byte that an array may use, and the one behind the last.
    fn reach(&mut self, array: Value<'c, 'a>) -> Res<(Value<'c, 'a>, Value<'c, 'a>)> {
        let Some(t) = Ty::from_mlir(array.r#type()).and_then(|t| t.array()) else { return Err(internal(self.l.next, "array expected").into()) };
        if let Some(known) = self.reached.get(&key(array)) {
            return Ok(*known);
        }
        let (zero, one) = (self.at.int(0)?, self.at.int(1)?);
        let mut low = self.call("array.address", &[array])?;
        let mut high = self.at.binary(BinaryKind::Add, low, self.at.int(t.dtype.size() as i64)?)?;
        let (shape, strides) = (self.numbers(array, "shape", t.rank)?, self.numbers(array, "strides", t.rank)?);
        for axis in 0..t.rank {
            let last = self.at.binary(BinaryKind::Sub, self.item(shape, axis)?, one)?;
            let way = self.at.binary(BinaryKind::Mul, last, self.item(strides, axis)?)?;
            low = self.at.binary(BinaryKind::Add, low, self.call("min", &[way, zero])?)?;
            high = self.at.binary(BinaryKind::Add, high, self.call("max", &[way, zero])?)?;
        }
        self.reached.insert(key(array), (low, high));
        Ok((low, high))
    }

    // Whether two arrays are the same elements in the same order.
    fn are_one(&self, a: Value<'c, 'a>, b: Value<'c, 'a>) -> Res<Value<'c, 'a>> {
        let array = |v: Value| Ty::from_mlir(v.r#type()).and_then(|t| t.array());
        let (Some(x), Some(y)) = (array(a), array(b)) else { return self.bool(false) };
        if x.rank != y.rank || x.dtype.size() != y.dtype.size() {
            return self.bool(false);
        }
        let mut one = self.compare(CompareKind::Eq, self.call("array.address", &[a])?, self.call("array.address", &[b])?)?;
        if x.rank > 0 {
            let (p, q) = (self.numbers(a, "strides", x.rank)?, self.numbers(b, "strides", x.rank)?);
            for axis in 0..x.rank {
                let equal = self.compare(CompareKind::Eq, self.item(p, axis)?, self.item(q, axis)?)?;
                one = self.logic(BinaryKind::And, one, equal)?;
            }
        }
        Ok(one)
    }
}
