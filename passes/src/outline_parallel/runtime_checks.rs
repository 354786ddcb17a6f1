//! The conditions of a parallel loop as ops in front of it.
use super::{Res, affine::{Affine, Symbol, Symbols}, at::At, distances::{Conditions, Indices, Test}, region::ParallelLoop};
use crate::{cfg::{Cfg, key}, conversion::py_to_std::internal};
use melior::ir::{BlockLike, OperationRef, Type, Value, ValueLike, attribute::{BoolAttribute, StringAttribute}, operation::OperationLike};
use numbra_dialects::{py::{BinaryKind, CompareKind, Ty, ods::py as ods}, rewrite::set_operand};
use std::collections::HashMap;

impl<'c: 'a, 'a> Conditions<'c, 'a> {
    /// Whether all conditions hold, computed in front of the loop of so many iterations.
    pub fn hold(&self, at: &At<'c, 'a>, cfg: &Cfg<'c, 'a>, l: &ParallelLoop<'c, 'a>, symbols: &Symbols<'c, 'a>, n: Value<'c, 'a>) -> Res<Value<'c, 'a>> {
        let mut tests = Tests { at, cfg, l, symbols, n, moved: HashMap::new(), reached: HashMap::new() };
        let mut all = None;
        for condition in &self.all {
            let mut apart = None;
            for places in &condition.places {
                let mut holds = match &places.are {
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
                for index in &places.indices {
                    let from_start = tests.counts_from_start(index)?;
                    holds = tests.logic(BinaryKind::And, holds, from_start)?;
                }
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
        self.at.value(ods::constant(self.at.context, Ty::BOOL.to_mlir(self.at.context), BoolAttribute::new(self.at.context, b).into(), self.at.loc))
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

    fn counts_from_start(&mut self, index: &Affine) -> Res<Value<'c, 'a>> {
        let (least, zero) = (self.stretch(index)?.0, self.at.int(0)?);
        self.compare(CompareKind::Ge, least, zero)
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
