//! The loop of each lazy iterable, written where it is consumed.
use super::lazy::{Loop, argument, keyword, one};
use crate::build::{function::Builder, ir::{BlockId, FALSE, Literal, Op, TRUE, Terminator, Val, Vals, Var}};
use numbra_dialects::py::{BinaryKind, CompareKind};
use ruff_python_ast::{Expr, ExprCall};
use ruff_text_size::{Ranged, TextRange};

impl<'a, 'h> Builder<'a, 'h> {
    pub(super) fn map(&mut self, args: &'a [Expr], c: &'a ExprCall, target: TextRange, (otherwise, each): Loop<'_, 'a, 'h>) {
        let (Some((f, iterables)), range) = (args.split_first(), c.range()) else { return };
        let callee = self.expression(f);
        let mut apply = |b: &mut Self, element: Val, next: BlockId| {
            let argument = if iterables.len() > 1 { b.push(Op::Star(element), range) } else { element };
            let value = b.apply(callee, one(argument), range);
            each(b, value, next);
        };
        match iterables {
            [only] => self.iterate(only, target, otherwise, &mut apply),
            _ if iterables.iter().any(|i| self.lazy(i).is_some()) => self.zip(iterables, false, range, (otherwise, &mut apply)),
            _ => {
                let arguments = iterables.iter().map(|i| self.expression(i)).collect();
                let zipped = self.library("builtins.zip", arguments, range);
                self.iterate_value(zipped, range, target, otherwise, &mut apply);
            }
        }
    }

    pub(super) fn filter(&mut self, f: &'a Expr, iterable: &'a Expr, keep: bool, target: TextRange, range: TextRange, (otherwise, each): Loop<'_, 'a, 'h>) {
        let callee = if f.is_none_literal_expr() { None } else { Some(self.expression(f)) };
        self.iterate(iterable, target, otherwise, &mut |b, element, next| {
            let holds = match callee {
                Some(callee) => b.apply(callee, one(element), range),
                None => element,
            };
            let yes = b.body.block();
            if keep { b.branch(holds, yes, next, range) } else { b.branch(holds, next, yes, range) }
            b.body.begin(yes);
            each(b, element, next);
        });
    }

    /// Before each element a step of a counter.
    pub(super) fn enumerate(&mut self, iterable: &'a Expr, start: Option<&'a Expr>, target: TextRange, range: TextRange, (otherwise, each): Loop<'_, 'a, 'h>) {
        let counter = self.body.temporary();
        let first = match start {
            Some(start) => self.expression(start),
            None => self.constant(Literal::Int(0), range),
        };
        self.body.write(counter, first);
        self.iterate(iterable, target, otherwise, &mut |b, element, next| {
            let index = b.body.read(counter, range);
            b.advance(counter, 1, range);
            let pair = b.push(Op::Tuple(Vals::from_slice(&[index, element])), range);
            each(b, pair, next);
        });
    }

    pub(crate) fn advance(&mut self, counter: Var, by: i64, range: TextRange) {
        let (lhs, rhs) = (self.body.read(counter, range), self.constant(Literal::Int(by), range));
        let sum = self.push(Op::Binary { kind: BinaryKind::Add, lhs, rhs, inplace: false }, range);
        self.body.write(counter, sum);
    }

    pub(super) fn sentinel(&mut self, f: &'a Expr, last: &'a Expr, range: TextRange, (otherwise, each): Loop<'_, 'a, 'h>) {
        let (callee, last) = (self.expression(f), self.expression(last));
        let (header, body) = (self.body.block(), self.body.block());
        self.go(header, range);
        let value = self.apply(callee, Vals::new(), range);
        let ends = self.push(Op::Compare(CompareKind::Eq, value, last), range);
        self.branch(ends, otherwise, body, range);
        self.body.begin(body);
        each(self, value, header);
        self.body.end(Terminator::Br(header), range);
    }

    pub(super) fn count(&mut self, start: Option<&'a Expr>, step: Option<&'a Expr>, range: TextRange, (_, each): Loop<'_, 'a, 'h>) {
        let mut part = |e: Option<&'a Expr>, default: i64| match e {
            Some(e) => self.expression(e),
            None => self.constant(Literal::Int(default), range),
        };
        let (start, step) = (part(start, 0), part(step, 1));
        let (current, header) = (self.body.temporary(), self.body.block());
        self.body.write(current, start);
        self.go(header, range);
        let value = self.body.read(current, range);
        let following = self.push(Op::Binary { kind: BinaryKind::Add, lhs: value, rhs: step, inplace: false }, range);
        self.body.write(current, following);
        each(self, value, header);
        self.body.end(Terminator::Br(header), range);
    }

    pub(super) fn cycle(&mut self, iterable: &'a Expr, target: TextRange, range: TextRange, (otherwise, each): Loop<'_, 'a, 'h>) {
        let all = if self.lazy(iterable).is_some() {
            self.materialized(iterable)
        } else {
            let value = self.expression(iterable);
            self.library("numbra.pool", one(value), range)
        };
        let (again, empty) = (self.body.block(), self.body.block());
        let len = self.library("builtins.len", one(all), range);
        self.branch(len, again, empty, range);
        self.body.begin(empty);
        self.body.end(Terminator::Br(otherwise), range);
        self.body.begin(again);
        self.iterate_value(all, range, target, again, each);
    }

    pub(super) fn repeat(&mut self, value: &'a Expr, times: Option<&'a Expr>, target: TextRange, range: TextRange, (otherwise, each): Loop<'_, 'a, 'h>) {
        let value = self.expression(value);
        if let Some(times) = times {
            let times = self.expression(times);
            let steps = self.library("builtins.range", one(times), range);
            return self.iterate_value(steps, range, target, otherwise, &mut |b, _, next| each(b, value, next));
        }
        let header = self.body.block();
        self.go(header, range);
        each(self, value, header);
        self.body.end(Terminator::Br(header), range);
    }

    pub(super) fn drop_while(&mut self, f: &'a Expr, iterable: &'a Expr, target: TextRange, range: TextRange, (otherwise, each): Loop<'_, 'a, 'h>) {
        let (callee, started) = (self.expression(f), self.body.temporary());
        self.body.write(started, FALSE);
        self.iterate(iterable, target, otherwise, &mut |b, value, next| {
            let (asks, takes) = (b.body.block(), b.body.block());
            let flag = b.body.read(started, range);
            b.branch(flag, takes, asks, range);
            b.body.begin(asks);
            let dropped = b.apply(callee, one(value), range);
            b.branch(dropped, next, takes, range);
            b.body.begin(takes);
            b.body.write(started, TRUE);
            each(b, value, next);
        });
    }

    pub(super) fn compress(&mut self, args: &'a [Expr], range: TextRange, (otherwise, each): Loop<'_, 'a, 'h>) {
        self.zip(args, false, range, (otherwise, &mut |b: &mut Self, pair: Val, next: BlockId| {
            let parts = b.push(Op::Unpack(pair, 2, None), range);
            let yes = b.body.block();
            b.branch(Val(parts.0 + 1), yes, next, range);
            b.body.begin(yes);
            each(b, parts, next);
        }));
    }

    pub(super) fn accumulate(&mut self, c: &'a ExprCall, range: TextRange, (otherwise, each): Loop<'_, 'a, 'h>) {
        let iterator = self.iterator(&c.arguments.args[0]);
        let callee = argument(c, 1, "func").filter(|f| !f.is_none_literal_expr()).map(|f| self.expression(f));
        let (total, deliver) = (self.body.temporary(), self.body.block());
        let first = match keyword(c, "initial").filter(|i| !i.is_none_literal_expr()) {
            Some(initial) => self.expression(initial),
            None => self.pull(iterator, otherwise, range),
        };
        self.body.write(total, first);
        self.body.end(Terminator::Br(deliver), range);
        let header = self.body.block();
        self.body.begin(header);
        let value = self.pull(iterator, otherwise, range);
        let lhs = self.body.read(total, range);
        let sum = match callee {
            Some(callee) => self.apply(callee, Vals::from_slice(&[lhs, value]), range),
            None => self.push(Op::Binary { kind: BinaryKind::Add, lhs, rhs: value, inplace: false }, range),
        };
        self.body.write(total, sum);
        self.go(deliver, range);
        let value = self.body.read(total, range);
        each(self, value, header);
        self.body.end(Terminator::Br(header), range);
    }

    pub(super) fn pairwise(&mut self, iterable: &'a Expr, range: TextRange, (otherwise, each): Loop<'_, 'a, 'h>) {
        let iterator = self.iterator(iterable);
        let (before, header) = (self.body.temporary(), self.body.block());
        let first = self.pull(iterator, otherwise, range);
        self.body.write(before, first);
        self.go(header, range);
        let value = self.pull(iterator, otherwise, range);
        let last = self.body.read(before, range);
        self.body.write(before, value);
        let pair = self.push(Op::Tuple(Vals::from_slice(&[last, value])), range);
        each(self, pair, header);
        self.body.end(Terminator::Br(header), range);
    }

    /// The groups are found first: a list of keys, each with the list of its elements. A group is an iterator, which is at its end once it has been consumed.
    pub(super) fn group_by(&mut self, c: &'a ExprCall, target: TextRange, range: TextRange, (otherwise, each): Loop<'_, 'a, 'h>) {
        let items = self.materialized(&c.arguments.args[0]);
        let key = match argument(c, 1, "key") {
            Some(key) => self.expression(key),
            None => self.constant(Literal::None, range),
        };
        let groups = self.library("numbra.groups", Vals::from_slice(&[items, key]), range);
        self.iterate_value(groups, range, target, otherwise, &mut |b, group, next| {
            let [key, items] = [0, 1].map(|i| {
                let index = b.constant(Literal::Int(i), range);
                b.push(Op::GetItem(group, index), range)
            });
            let items = b.push(Op::Iter(items), range);
            let pair = b.push(Op::Tuple(Vals::from_slice(&[key, items])), range);
            each(b, pair, next);
        });
    }
}
