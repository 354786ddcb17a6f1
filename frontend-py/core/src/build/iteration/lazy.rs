//! Lazy iterables, those of `itertools` and of the builtins: which there are, and where each is written as a loop.
use super::Each;
use crate::build::{function::Builder, ir::{BlockId, Literal, Op, Terminator, Val, Vals}};
use numbra_dialects::{Code, Diagnostic};
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
}
