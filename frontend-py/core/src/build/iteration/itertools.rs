//! Iterables of `itertools` and iterators of the builtins, written as loops where they are consumed.
use super::Each;
use crate::build::{function::Builder, ir::{BlockId, FALSE, Literal, Op, TRUE, Terminator, Val, Vals, Var}};
use numbra_dialects::{Code, Diagnostic, py::{BinaryKind, CompareKind}};
use ruff_python_ast::{Expr, ExprCall};
use ruff_text_size::{Ranged, TextRange};

/// An iterable that computes its elements one by one, by what it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Kind {
    Map,
    Filter,
    FilterFalse,
    Enumerate,
    Zip,
    ZipLongest,
    Sentinel,
    Count,
    Cycle,
    Repeat,
    Chain,
    ChainNested,
    Slice,
    TakeWhile,
    DropWhile,
    StarMap,
    Compress,
    Accumulate,
    Pairwise,
    GroupBy,
    Product,
    Permutations,
    Combinations,
    CombinationsAgain,
}

/// An iterable's row: its path, what it does, how many arguments it takes by position, and which keywords.
type Row = (&'static str, Kind, usize, usize, &'static [&'static str]);

const ANY: usize = usize::MAX;

/// So many iterators of one iterable at most.
const MOST_TEES: usize = 8;

/// Those that are always written as loops.
const ROWS: &[Row] = &[
    ("builtins.filter", Kind::Filter, 2, 2, &[]),
    ("builtins.iter", Kind::Sentinel, 2, 2, &[]),
    ("builtins.map", Kind::Map, 2, ANY, &[]),
    ("itertools.accumulate", Kind::Accumulate, 1, 2, &["func", "initial"]),
    ("itertools.chain", Kind::Chain, 0, ANY, &[]),
    ("itertools.chain.from_iterable", Kind::ChainNested, 1, 1, &[]),
    ("itertools.combinations", Kind::Combinations, 1, 2, &["r"]),
    ("itertools.combinations_with_replacement", Kind::CombinationsAgain, 1, 2, &["r"]),
    ("itertools.compress", Kind::Compress, 2, 2, &[]),
    ("itertools.count", Kind::Count, 0, 2, &["start", "step"]),
    ("itertools.cycle", Kind::Cycle, 1, 1, &[]),
    ("itertools.dropwhile", Kind::DropWhile, 2, 2, &[]),
    ("itertools.filterfalse", Kind::FilterFalse, 2, 2, &[]),
    ("itertools.groupby", Kind::GroupBy, 1, 2, &["key"]),
    ("itertools.islice", Kind::Slice, 2, 4, &[]),
    ("itertools.pairwise", Kind::Pairwise, 1, 1, &[]),
    ("itertools.permutations", Kind::Permutations, 1, 2, &["r"]),
    ("itertools.product", Kind::Product, 0, ANY, &["repeat"]),
    ("itertools.repeat", Kind::Repeat, 1, 2, &["times"]),
    ("itertools.starmap", Kind::StarMap, 2, 2, &[]),
    ("itertools.takewhile", Kind::TakeWhile, 2, 2, &[]),
    ("itertools.zip_longest", Kind::ZipLongest, 0, ANY, &["fillvalue"]),
];

/// What else has a meaning of its own where it is called.
const OTHERS: &[&str] = &["builtins.getattr", "builtins.iter", "builtins.next", "builtins.setattr", "contextlib.nullcontext", "functools.reduce", "itertools.tee", "numpy.errstate"];

/// The library objects that are no calls in compiled code, by path.
pub fn paths() -> impl Iterator<Item = &'static str> {
    ROWS.iter().map(|r| r.0).chain(OTHERS.iter().copied())
}

/// Those that are objects, unless they take something that is written as a loop.
const OBJECTS: &[Row] = &[("builtins.enumerate", Kind::Enumerate, 1, 2, &["start"]), ("builtins.zip", Kind::Zip, 1, ANY, &["strict"])];

/// The block behind a loop, and what is done with each element.
pub type Loop<'f, 'a, 'h> = (BlockId, Each<'f, 'a, 'h>);

pub(crate) fn keyword<'a>(e: &'a ExprCall, name: &str) -> Option<&'a Expr> {
    e.arguments.keywords.iter().find(|k| k.arg.as_ref().is_some_and(|n| n.as_str() == name)).map(|k| &k.value)
}

pub(crate) fn argument<'a>(e: &'a ExprCall, i: usize, name: &str) -> Option<&'a Expr> {
    e.arguments.args.get(i).or_else(|| keyword(e, name))
}

pub(crate) fn one(v: Val) -> Vals {
    Vals::from_slice(&[v])
}

impl<'a, 'h> Builder<'a, 'h> {
    /// What a call makes that is iterated by a loop of its own.
    pub fn lazy_call(&mut self, c: &'a ExprCall) -> Option<Kind> {
        if c.arguments.args.iter().any(Expr::is_starred_expr) {
            return None;
        }
        let path = match &*c.func {
            Expr::Attribute(a) if a.attr.as_str() == "from_iterable" => format!("{}.from_iterable", self.library_path(&a.value)?),
            f => self.library_path(f)?,
        };
        let fits = |r: &&Row| {
            let (given, keywords) = (c.arguments.args.len(), &c.arguments.keywords);
            r.0 == path && given >= r.2 && given <= r.3 && keywords.iter().all(|k| k.arg.as_ref().is_some_and(|n| r.4.contains(&n.as_str())))
        };
        if let Some(row) = ROWS.iter().find(fits) {
            return Some(row.1);
        }
        let row = OBJECTS.iter().find(fits)?;
        let strict = row.1 == Kind::Zip && keyword(c, "strict").is_some_and(|s| !matches!(s, Expr::BooleanLiteral(b) if !b.value));
        (strict || c.arguments.args.iter().any(|a| self.lazy(a).is_some())).then_some(row.1)
    }

    /// Runs `each` for every element of what a call makes.
    pub fn iterate_call(&mut self, kind: Kind, c: &'a ExprCall, target: TextRange, otherwise: BlockId, each: Each<'_, 'a, 'h>) {
        let (args, range) = (&*c.arguments.args, c.range());
        let to = (otherwise, each);
        match kind {
            Kind::Map => self.map(args, c, target, to),
            Kind::Filter => self.filter(&args[0], &args[1], true, target, range, to),
            Kind::FilterFalse => self.filter(&args[0], &args[1], false, target, range, to),
            Kind::Enumerate => self.enumerate(&args[0], argument(c, 1, "start"), target, range, to),
            Kind::Zip => self.zip(args, keyword(c, "strict").is_some(), range, to),
            Kind::ZipLongest => self.zip_longest(args, keyword(c, "fillvalue"), range, to),
            Kind::Sentinel => self.sentinel(&args[0], &args[1], range, to),
            Kind::Count => self.count(argument(c, 0, "start"), argument(c, 1, "step"), range, to),
            Kind::Cycle => self.cycle(&args[0], target, range, to),
            Kind::Repeat => self.repeat(&args[0], argument(c, 1, "times"), target, range, to),
            Kind::Chain => self.chain_of(args, target, range, to),
            Kind::ChainNested => {
                let (otherwise, each) = to;
                self.iterate(&args[0], target, otherwise, &mut |b, inner, next| b.iterate_value(inner, range, target, next, each));
            }
            Kind::Slice => self.slice_of(c, target, range, to),
            Kind::TakeWhile => {
                let (otherwise, each) = to;
                let callee = self.expression(&args[0]);
                self.iterate(&args[1], target, otherwise, &mut |b, value, next| {
                    let kept = b.apply(callee, one(value), range);
                    let yes = b.body.block();
                    b.branch(kept, yes, otherwise, range);
                    b.body.begin(yes);
                    each(b, value, next);
                });
            }
            Kind::DropWhile => self.drop_while(&args[0], &args[1], target, range, to),
            Kind::StarMap => {
                let (otherwise, each) = to;
                let callee = self.expression(&args[0]);
                self.iterate(&args[1], target, otherwise, &mut |b, value, next| {
                    let spread = b.push(Op::Star(value), range);
                    let value = b.apply(callee, one(spread), range);
                    each(b, value, next);
                });
            }
            Kind::Compress => self.compress(args, range, to),
            Kind::Accumulate => self.accumulate(c, range, to),
            Kind::Pairwise => self.pairwise(&args[0], range, to),
            Kind::GroupBy => self.group_by(c, target, range, to),
            Kind::Product => self.product(c, target, range, to),
            Kind::Permutations | Kind::Combinations | Kind::CombinationsAgain => self.combined(kind, c, target, range, to),
        }
    }

    /// `iter(x)`
    pub fn iterator_of(&mut self, c: &'a ExprCall) -> Option<Val> {
        let [only] = &*c.arguments.args else { return None };
        if only.is_starred_expr() || !c.arguments.keywords.is_empty() || self.library_path(&c.func).as_deref() != Some("builtins.iter") {
            return None;
        }
        let value = self.materialized(only);
        Some(self.push(Op::Iter(value), c.range()))
    }

    /// `itertools.tee(x, n)`: iterators over one list.
    pub fn tee(&mut self, c: &'a ExprCall) -> Option<Val> {
        let [of, rest @ ..] = &*c.arguments.args else { return None };
        if of.is_starred_expr() || !c.arguments.keywords.is_empty() || rest.len() > 1 || self.library_path(&c.func).as_deref() != Some("itertools.tee") {
            return None;
        }
        let count = match rest {
            [] => Some(2),
            [Expr::NumberLiteral(n)] => n.value.as_int().and_then(|n| n.as_usize()).filter(|n| *n <= MOST_TEES),
            _ => None,
        };
        let Some(count) = count else {
            let place = self.span(c.range());
            return Some(self.error(Diagnostic::error(Code::NB0100, place.clone(), "`itertools.tee` takes a literal number of iterators, up to 8").label(place, "the number of iterators")));
        };
        let range = c.range();
        let value = self.materialized(of);
        let all = self.library("builtins.list", one(value), range);
        let iterators = (0..count).map(|_| self.push(Op::Iter(all), range)).collect();
        Some(self.push(Op::Tuple(iterators), range))
    }

    /// What a variable gets where these objects are their own iterators.
    pub fn own_iterator(&mut self, e: &'a Expr, value: Val) -> Val {
        let Expr::Call(c) = e else { return value };
        match self.library_path(&c.func).as_deref() {
            Some("builtins.enumerate" | "builtins.reversed" | "builtins.zip") => self.push(Op::Iter(value), e.range()),
            _ => value,
        }
    }

    /// What is written as a loop is no object.
    pub fn refuse_kept(&mut self, kind: Kind, c: &'a ExprCall) -> Val {
        let place = self.span(c.range());
        let path = ROWS.iter().chain(OBJECTS).find(|r| r.1 == kind).map_or("", |r| r.0);
        self.error(Diagnostic::error(Code::NB0100, place.clone(), format!("`{path}` cannot be kept"))
            .label(place, "a lazy iterable")
            .help("consume it on the spot, as in a `for` loop, `list(...)`, `sum(...)` or `next(...)`"))
    }

    pub(crate) fn apply(&mut self, callee: Val, arguments: Vals, range: TextRange) -> Val {
        self.push(Op::Call { callee, arguments, keywords: vec![] }, range)
    }

    pub(crate) fn library(&mut self, path: &str, arguments: Vals, range: TextRange) -> Val {
        let callee = self.push(Op::Entity(path.into()), range);
        self.apply(callee, arguments, range)
    }

    /// An iterator that is asked for its elements one at a time. What is written as a loop becomes a list first.
    pub(crate) fn iterator(&mut self, e: &'a Expr) -> Val {
        let range = e.range();
        let endless = match e {
            Expr::Call(c) => self.lazy_call(c).filter(|k| matches!(k, Kind::Count | Kind::Cycle) || (*k == Kind::Repeat && argument(c, 1, "times").is_none())).map(|k| (k, c)),
            _ => None,
        };
        let value = match endless {
            // Integers, as far as they go.
            Some((Kind::Count, c)) => {
                let start = match argument(c, 0, "start") {
                    Some(start) => self.expression(start),
                    None => self.constant(Literal::Int(0), range),
                };
                let mut parts = Vals::from_slice(&[start, self.constant(Literal::Int(i64::MAX), range)]);
                if argument(c, 1, "step").is_some() {
                    let place = self.span(range);
                    self.error(Diagnostic::error(Code::NB0100, place.clone(), "`itertools.count` with a step is not supported here").label(place, "asked for its elements one at a time")
                        .help("let a loop run over it"));
                }
                parts.truncate(2);
                self.library("builtins.range", parts, range)
            }
            Some(_) => {
                let place = self.span(range);
                self.error(Diagnostic::error(Code::NB0100, place.clone(), "an endless iterable is not supported here").label(place, "asked for its elements one at a time")
                    .help("limit it with `itertools.islice`, or let a loop run over it"))
            }
            None => self.materialized(e),
        };
        self.push(Op::Iter(value), range)
    }

    /// Asks an iterator: goes on with its element, or to a block where there is none.
    pub(crate) fn pull(&mut self, iterator: Val, end: BlockId, range: TextRange) -> Val {
        let header = self.body.block();
        self.go(header, range);
        let valid = self.push(Op::Next(iterator), range);
        let some = self.body.block();
        self.body.end(Terminator::CondBr(valid, some, end), range);
        self.body.begin(some);
        Val(valid.0 + 1)
    }

    fn map(&mut self, args: &'a [Expr], c: &'a ExprCall, target: TextRange, (otherwise, each): Loop<'_, 'a, 'h>) {
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

    fn filter(&mut self, f: &'a Expr, iterable: &'a Expr, keep: bool, target: TextRange, range: TextRange, (otherwise, each): Loop<'_, 'a, 'h>) {
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
    fn enumerate(&mut self, iterable: &'a Expr, start: Option<&'a Expr>, target: TextRange, range: TextRange, (otherwise, each): Loop<'_, 'a, 'h>) {
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

    fn sentinel(&mut self, f: &'a Expr, last: &'a Expr, range: TextRange, (otherwise, each): Loop<'_, 'a, 'h>) {
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

    fn count(&mut self, start: Option<&'a Expr>, step: Option<&'a Expr>, range: TextRange, (_, each): Loop<'_, 'a, 'h>) {
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

    fn cycle(&mut self, iterable: &'a Expr, target: TextRange, range: TextRange, (otherwise, each): Loop<'_, 'a, 'h>) {
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

    fn repeat(&mut self, value: &'a Expr, times: Option<&'a Expr>, target: TextRange, range: TextRange, (otherwise, each): Loop<'_, 'a, 'h>) {
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

    fn drop_while(&mut self, f: &'a Expr, iterable: &'a Expr, target: TextRange, range: TextRange, (otherwise, each): Loop<'_, 'a, 'h>) {
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

    fn compress(&mut self, args: &'a [Expr], range: TextRange, (otherwise, each): Loop<'_, 'a, 'h>) {
        self.zip(args, false, range, (otherwise, &mut |b: &mut Self, pair: Val, next: BlockId| {
            let parts = b.push(Op::Unpack(pair, 2, None), range);
            let yes = b.body.block();
            b.branch(Val(parts.0 + 1), yes, next, range);
            b.body.begin(yes);
            each(b, parts, next);
        }));
    }

    fn accumulate(&mut self, c: &'a ExprCall, range: TextRange, (otherwise, each): Loop<'_, 'a, 'h>) {
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

    fn pairwise(&mut self, iterable: &'a Expr, range: TextRange, (otherwise, each): Loop<'_, 'a, 'h>) {
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
    fn group_by(&mut self, c: &'a ExprCall, target: TextRange, range: TextRange, (otherwise, each): Loop<'_, 'a, 'h>) {
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
