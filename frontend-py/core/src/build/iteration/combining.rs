//! Loops over several iterables together: in step, one after the other, and over all combinations.
use super::lazy::{Kind, Loop, argument, keyword, one};
use crate::build::{function::Builder, ir::{BlockId, FALSE, Literal, Op, TRUE, Terminator, Val, Vals}};
use numbra_dialects::{Code, Diagnostic, py::{BinaryKind, CompareKind}};
use ruff_python_ast::{Expr, ExprCall};
use ruff_text_size::{Ranged, TextRange};

/// Tuples of more elements than these are not made by combining.
const MAX_COMBINED: usize = 8;

impl<'a, 'h> Builder<'a, 'h> {
    /// The first iterable that is written as a loop runs, the others are asked for one element at a time.
    pub(crate) fn zip(&mut self, args: &'a [Expr], strict: bool, range: TextRange, (otherwise, each): Loop<'_, 'a, 'h>) {
        if strict {
            return self.zip_strict(args, range, (otherwise, each));
        }
        let endless = |b: &mut Self, e: &'a Expr| matches!(e, Expr::Call(c) if matches!(b.lazy_call(c), Some(Kind::Cycle | Kind::Repeat | Kind::Count)));
        let driver = (0..args.len()).find(|&i| endless(self, &args[i])).or_else(|| (0..args.len()).find(|&i| self.lazy(&args[i]).is_some())).unwrap_or(0);
        let mut iterators: Vec<Option<Val>> = vec![];
        for (i, e) in args.iter().enumerate() {
            let iterator = if i == driver { None } else { Some(self.iterator(e)) };
            iterators.push(iterator);
        }
        self.iterate(&args[driver], range, otherwise, &mut |b, element, next| {
            let parts = iterators.iter().map(|i| i.map_or(element, |i| b.pull(i, otherwise, range))).collect();
            let tuple = b.push(Op::Tuple(parts), range);
            each(b, tuple, next);
        });
    }

    fn zip_strict(&mut self, args: &'a [Expr], range: TextRange, (otherwise, each): Loop<'_, 'a, 'h>) {
        let iterators: Vec<Val> = args.iter().map(|e| self.iterator(e)).collect();
        let header = self.body.block();
        self.go(header, range);
        let ended: Vec<BlockId> = iterators.iter().map(|_| self.body.block()).collect();
        let parts = iterators.iter().zip(&ended).map(|(iterator, end)| self.pull(*iterator, *end, range)).collect();
        let tuple = self.push(Op::Tuple(parts), range);
        each(self, tuple, header);
        self.body.end(Terminator::Br(header), range);
        let before = |i: usize| if i > 1 { format!("arguments 1-{i}") } else { "argument 1".into() };
        for (i, end) in ended.into_iter().enumerate() {
            self.body.begin(end);
            if i > 0 {
                self.raise_value_error(format!("zip() argument {} is shorter than {}", i + 1, before(i)), range);
                continue;
            }
            for (k, &other) in iterators.iter().enumerate().skip(1) {
                let fine = self.body.block();
                self.pull(other, fine, range);
                self.raise_value_error(format!("zip() argument {} is longer than {}", k + 1, before(k)), range);
                self.body.begin(fine);
            }
            self.body.end(Terminator::Br(otherwise), range);
        }
    }

    fn raise_value_error(&mut self, text: String, range: TextRange) {
        let text = self.constant(Literal::Str(text), range);
        let exception = self.library("builtins.ValueError", one(text), range);
        self.body.end(Terminator::Raise(exception), range);
    }

    pub(crate) fn zip_longest(&mut self, args: &'a [Expr], fill: Option<&'a Expr>, range: TextRange, (otherwise, each): Loop<'_, 'a, 'h>) {
        let iterators: Vec<Val> = args.iter().map(|e| self.iterator(e)).collect();
        let fill = match fill {
            Some(fill) => self.expression(fill),
            None => self.constant(Literal::None, range),
        };
        let (header, any) = (self.body.block(), self.body.temporary());
        self.go(header, range);
        self.body.write(any, FALSE);
        let mut elements = vec![];
        for &iterator in &iterators {
            let (element, ended, joined) = (self.body.temporary(), self.body.block(), self.body.block());
            let value = self.pull(iterator, ended, range);
            self.body.write(element, value);
            self.body.write(any, TRUE);
            self.body.end(Terminator::Br(joined), range);
            self.body.begin(ended);
            self.body.write(element, fill);
            self.go(joined, range);
            elements.push(element);
        }
        let (more, body) = (self.body.read(any, range), self.body.block());
        self.branch(more, body, otherwise, range);
        self.body.begin(body);
        let parts = elements.into_iter().map(|e| self.body.read(e, range)).collect();
        let tuple = self.push(Op::Tuple(parts), range);
        each(self, tuple, header);
        self.body.end(Terminator::Br(header), range);
    }

    /// One iterable after the other: each has its header, and all share the body, which asks the first again: one that has ended stays at its end.
    pub(crate) fn chain_of(&mut self, args: &'a [Expr], target: TextRange, range: TextRange, (otherwise, each): Loop<'_, 'a, 'h>) {
        if args.iter().any(|a| self.lazy(a).is_some()) {
            // What is written as a loop has a body of its own.
            for e in args {
                let done = self.body.block();
                self.iterate(e, target, done, &mut *each);
                self.body.begin(done);
            }
            self.body.end(Terminator::Br(otherwise), range);
            return;
        }
        let iterators: Vec<Val> = args.iter().map(|e| self.iterator(e)).collect();
        let (header, body, element) = (self.body.block(), self.body.block(), self.body.temporary());
        self.go(header, range);
        for iterator in iterators {
            let ended = self.body.block();
            let value = self.pull(iterator, ended, range);
            self.body.write(element, value);
            self.body.end(Terminator::Br(body), range);
            self.body.begin(ended);
        }
        self.body.end(Terminator::Br(otherwise), range);
        if args.is_empty() {
            return;
        }
        self.body.begin(body);
        let value = self.body.read(element, range);
        each(self, value, header);
        self.body.end(Terminator::Br(header), range);
    }

    pub(crate) fn slice_of(&mut self, c: &'a ExprCall, target: TextRange, range: TextRange, (otherwise, each): Loop<'_, 'a, 'h>) {
        let args = &*c.arguments.args;
        let given = |e: Option<&'a Expr>| e.filter(|e| !e.is_none_literal_expr());
        let (start, stop, step) = match args {
            [_, stop] => (None, given(Some(stop)), None),
            _ => (given(args.get(1)), given(args.get(2)), given(args.get(3))),
        };
        // The iterable is evaluated first.
        let iterable = if self.lazy(&args[0]).is_none() { Some(self.expression(&args[0])) } else { None };
        let mut part = |e: Option<&'a Expr>, default: i64| match e {
            Some(e) => self.expression(e),
            None => self.constant(Literal::Int(default), range),
        };
        let (start, stop, step) = (part(start, 0), part(stop, i64::MAX), part(step, 1));
        let limits = self.library("numbra.islice_limits", Vals::from_slice(&[start, stop, step]), range);
        let limits = self.push(Op::Unpack(limits, 3, None), range);
        let (start, stop, step) = (limits, Val(limits.0 + 1), Val(limits.0 + 2));
        let (position, wanted) = (self.body.temporary(), self.body.temporary());
        let zero = self.constant(Literal::Int(0), range);
        self.body.write(position, zero);
        self.body.write(wanted, start);
        let begin = self.body.block();
        let some = self.push(Op::Compare(CompareKind::Lt, start, stop), range);
        self.branch(some, begin, otherwise, range);
        self.body.begin(begin);
        let mut deliver = |b: &mut Self, value: Val, next: BlockId| {
            let (here, after, skip) = (b.body.block(), b.body.block(), b.body.block());
            let (p, w) = (b.body.read(position, range), b.body.read(wanted, range));
            b.advance(position, 1, range);
            let is_wanted = b.push(Op::Compare(CompareKind::Eq, p, w), range);
            b.branch(is_wanted, here, skip, range);
            b.body.begin(skip);
            b.body.end(Terminator::Br(next), range);
            b.body.begin(here);
            each(b, value, after);
            b.go(after, range);
            let w = b.body.read(wanted, range);
            // The end may be as far as integers go.
            let left = b.push(Op::Binary { kind: BinaryKind::Sub, lhs: stop, rhs: w, inplace: false }, range);
            let sum = b.push(Op::Binary { kind: BinaryKind::Add, lhs: w, rhs: step, inplace: false }, range);
            b.body.write(wanted, sum);
            let more = b.push(Op::Compare(CompareKind::Gt, left, step), range);
            b.branch(more, next, otherwise, range);
            let dead = b.body.block();
            b.body.begin(dead);
        };
        match iterable {
            Some(v) => self.iterate_value(v, range, target, otherwise, &mut deliver),
            None => self.iterate(&args[0], target, otherwise, &mut deliver),
        }
    }

    /// A number that must be written in the source: how many elements tuples have.
    fn literal_count(&mut self, e: Option<&'a Expr>, default: Option<usize>, range: TextRange) -> Option<usize> {
        let found = match e {
            Some(Expr::NumberLiteral(n)) => n.value.as_int().and_then(|i| i.as_u64()).and_then(|i| usize::try_from(i).ok()),
            None => default,
            Some(_) => None,
        };
        match found {
            Some(n) if n <= MAX_COMBINED => Some(n),
            _ => {
                let place = self.span(e.map_or(range, Ranged::range));
                self.error(Diagnostic::error(Code::NB0100, place.clone(), format!("the length of the tuples must be a literal of at most {MAX_COMBINED}"))
                    .label(place, "not known when the function is compiled").help("write the number, as in `combinations(x, 2)`"));
                None
            }
        }
    }

    /// The elements of an iterable, which stay what they are while a loop runs.
    fn pool(&mut self, e: &'a Expr) -> Val {
        let value = self.materialized(e);
        self.library("numbra.pool", one(value), e.range())
    }

    pub(crate) fn product(&mut self, c: &'a ExprCall, target: TextRange, range: TextRange, to: Loop<'_, 'a, 'h>) {
        let Some(repeat) = self.literal_count(keyword(c, "repeat"), Some(1), range) else { return };
        let pools: Vec<Val> = c.arguments.args.iter().map(|e| self.pool(e)).collect();
        let all: Vec<Val> = (0..repeat).flat_map(|_| pools.iter().copied()).collect();
        self.nested_product(&all, Vals::new(), target, range, to);
    }

    fn nested_product(&mut self, pools: &[Val], parts: Vals, target: TextRange, range: TextRange, (otherwise, each): Loop<'_, 'a, 'h>) {
        match pools.split_first() {
            None => {
                let tuple = self.push(Op::Tuple(parts), range);
                each(self, tuple, otherwise);
                self.body.end(Terminator::Br(otherwise), range);
            }
            Some((&pool, rest)) => self.iterate_value(pool, range, target, otherwise, &mut |b, value, next| {
                let mut parts = parts.clone();
                parts.push(value);
                b.nested_product(rest, parts, target, range, (next, &mut *each));
            }),
        }
    }

    pub(crate) fn combined(&mut self, kind: Kind, c: &'a ExprCall, target: TextRange, range: TextRange, to: Loop<'_, 'a, 'h>) {
        let Some(r) = self.literal_count(argument(c, 1, "r"), None, range) else { return };
        let pool = self.pool(&c.arguments.args[0]);
        let n = self.library("builtins.len", one(pool), range);
        self.nested_combined(kind, (pool, n, r), Vals::new(), target, range, to);
    }

    fn nested_combined(&mut self, kind: Kind, (pool, n, r): (Val, Val, usize), chosen: Vals, target: TextRange, range: TextRange, (otherwise, each): Loop<'_, 'a, 'h>) {
        if chosen.len() == r {
            let parts = chosen.iter().map(|i| self.push(Op::GetItem(pool, *i), range)).collect();
            let tuple = self.push(Op::Tuple(parts), range);
            each(self, tuple, otherwise);
            self.body.end(Terminator::Br(otherwise), range);
            return;
        }
        let first = match (kind, chosen.last()) {
            (Kind::Combinations, Some(&last)) => {
                let rhs = self.constant(Literal::Int(1), range);
                self.push(Op::Binary { kind: BinaryKind::Add, lhs: last, rhs, inplace: false }, range)
            }
            (Kind::CombinationsAgain, Some(&last)) => last,
            _ => self.constant(Literal::Int(0), range),
        };
        let indices = self.library("builtins.range", Vals::from_slice(&[first, n]), range);
        self.iterate_value(indices, range, target, otherwise, &mut |b, index, next| {
            if kind == Kind::Permutations {
                for &other in &chosen {
                    let new = b.body.block();
                    let same = b.push(Op::Compare(CompareKind::Eq, index, other), range);
                    b.branch(same, next, new, range);
                    b.body.begin(new);
                }
            }
            let mut chosen = chosen.clone();
            chosen.push(index);
            b.nested_combined(kind, (pool, n, r), chosen, target, range, (next, &mut *each));
        });
    }
}
