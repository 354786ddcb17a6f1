//! Library functions that consume a lazy iterable on the spot: their loops are written in place. Those in [`LISTED`] get a list instead.
use super::Each;
use crate::build::{function::Builder, ir::{BlockId, FALSE, Literal, Op, TRUE, Terminator, Val, Var}};
use numbra_dialects::py::{BinaryKind, CompareKind};
use ruff_python_ast::{Expr, ExprCall};
use ruff_text_size::{Ranged, TextRange};

/// What a function does with the elements.
#[derive(Clone, Copy, PartialEq)]
enum Consumer {
    /// Whether all are true, or whether any is
    Quantifier { all: bool },
    /// Their combination by an operator, from this start
    Fold(BinaryKind, i64),
    /// The least or greatest
    Extremum(CompareKind),
    /// `reduce(f, iterable)`
    Reduce,
    /// A list of them
    List,
    /// The first one
    Next,
}

/// Consumers by path.
const CONSUMERS: &[(&str, Consumer)] = &[
    ("builtins.all", Consumer::Quantifier { all: true }),
    ("builtins.any", Consumer::Quantifier { all: false }),
    ("builtins.list", Consumer::List),
    ("builtins.max", Consumer::Extremum(CompareKind::Gt)),
    ("builtins.min", Consumer::Extremum(CompareKind::Lt)),
    ("builtins.next", Consumer::Next),
    ("builtins.sum", Consumer::Fold(BinaryKind::Add, 0)),
    ("functools.reduce", Consumer::Reduce),
    ("math.prod", Consumer::Fold(BinaryKind::Mul, 1)),
];

/// Functions that take a list in place of any lazy argument, with the same result.
const LISTED: &[&str] = &["builtins.enumerate", "builtins.frozenset", "builtins.set", "builtins.sorted", "builtins.tuple", "builtins.zip", "math.fsum"];

/// Methods that do.
const LISTED_METHODS: &[&str] = &["extend", "join"];

impl<'a, 'h> Builder<'a, 'h> {
    /// Whether the arguments of a call become lists where they are lazy.
    pub fn takes_lists(&mut self, e: &'a ExprCall) -> bool {
        let method = matches!(&*e.func, Expr::Attribute(a) if LISTED_METHODS.contains(&a.attr.as_str()));
        method || self.library_path(&e.func).is_some_and(|p| LISTED.contains(&p.as_str()))
    }

    /// A call that consumes its argument in place, if it is one.
    pub fn consumed(&mut self, e: &'a ExprCall) -> Option<Val> {
        let arguments = &e.arguments;
        if arguments.args.is_empty() || arguments.args.iter().any(Expr::is_starred_expr) {
            return None;
        }
        let path = self.library_path(&e.func)?;
        let consumer = CONSUMERS.iter().find(|c| c.0 == path)?.1;
        let keyword = |name: &str| arguments.keywords.iter().find(|k| k.arg.as_ref().is_some_and(|n| n.as_str() == name)).map(|k| &k.value);
        let known = |names: &[&str]| arguments.keywords.iter().all(|k| k.arg.as_ref().is_some_and(|n| names.contains(&n.as_str())));
        let first = &arguments.args[0];
        let in_place = match consumer {
            Consumer::Reduce | Consumer::Next => true,
            // A list that only such a function sees need not be made.
            Consumer::Fold(..) | Consumer::Extremum(_) => first.is_list_comp_expr() || self.lazy(first).is_some(),
            _ => self.lazy(first).is_some(),
        };
        if !in_place {
            return None;
        }
        match (consumer, arguments.args.len()) {
            (Consumer::Quantifier { all }, 1) if known(&[]) => Some(self.quantifier(first, all, e.range())),
            (Consumer::Next, 1 | 2) if known(&[]) => Some(self.next_of(first, arguments.args.get(1), e.range())),
            (Consumer::List, 1) if known(&[]) => Some(self.materialized(first)),
            (Consumer::Fold(kind, start), 1 | 2) if known(&["start"]) => Some(self.fold(first, kind, start, arguments.args.get(1).or(keyword("start")), e.range())),
            (Consumer::Extremum(kind), 1) if known(&["key", "default"]) => Some(self.extremum(first, kind, keyword("key"), keyword("default"), e.range())),
            (Consumer::Reduce, 2 | 3) if known(&[]) => Some(self.reduce(first, &arguments.args[1], arguments.args.get(2), e.range())),
            _ => None,
        }
    }

    /// Runs over an iterable, or over the elements of a list that need not be made.
    fn elements(&mut self, e: &'a Expr, otherwise: BlockId, each: Each<'_, 'a, 'h>) {
        match e {
            Expr::ListComp(c) => self.comprehension(c.range, &c.elt, &c.generators, otherwise, each),
            _ => self.iterate(e, e.range(), otherwise, each),
        }
    }

    /// The next element of an iterator, or the first of what is written as a loop.
    fn next_of(&mut self, e: &'a Expr, default: Option<&'a Expr>, range: TextRange) -> Val {
        let (result, ended, done) = (self.body.temporary(), self.body.block(), self.body.block());
        let default_of = |b: &mut Self| default.map(|d| b.expression(d));
        let default = if self.lazy(e).is_some() {
            let default = default_of(self);
            self.iterate(e, e.range(), ended, &mut |b, value, _| {
                b.body.write(result, value);
                b.body.end(Terminator::Br(done), range);
            });
            default
        } else {
            let iterator = self.expression(e);
            let default = default_of(self);
            let asks = self.body.block();
            self.go(asks, range);
            let valid = self.push(Op::Next(iterator), range);
            let some = self.body.block();
            self.body.end(Terminator::CondBr(valid, some, ended), range);
            self.body.begin(some);
            self.body.write(result, Val(valid.0 + 1));
            self.body.end(Terminator::Br(done), range);
            default
        };
        self.body.begin(ended);
        match default {
            Some(default) => {
                self.body.write(result, default);
                self.body.end(Terminator::Br(done), range);
            }
            None => {
                let class = self.push(Op::Entity("builtins.StopIteration".into()), range);
                let exception = self.push(Op::Call { callee: class, arguments: Default::default(), keywords: vec![] }, range);
                self.body.end(Terminator::Raise(exception), range);
            }
        }
        self.body.begin(done);
        self.body.read(result, range)
    }

    fn quantifier(&mut self, e: &'a Expr, all: bool, range: TextRange) -> Val {
        let (result, exhausted, done) = (self.body.temporary(), self.body.block(), self.body.block());
        self.iterate(e, e.range(), exhausted, &mut |b, value, next| {
            let decided = b.body.block();
            let (yes, no) = if all { (next, decided) } else { (decided, next) };
            b.branch(value, yes, no, range);
            b.body.begin(decided);
            let found = b.constant(Literal::Bool(!all), range);
            b.body.write(result, found);
            b.body.end(Terminator::Br(done), range);
        });
        self.body.begin(exhausted);
        let none = self.constant(Literal::Bool(all), range);
        self.body.write(result, none);
        self.go(done, range);
        self.body.read(result, range)
    }

    fn fold(&mut self, e: &'a Expr, kind: BinaryKind, start: i64, given: Option<&'a Expr>, range: TextRange) -> Val {
        let (total, done) = (self.body.temporary(), self.body.block());
        let start = match given {
            Some(start) => self.expression(start),
            None => self.constant(Literal::Int(start), range),
        };
        self.body.write(total, start);
        self.elements(e, done, &mut |b, value, _| {
            let before = b.body.read(total, range);
            let after = b.push(Op::Binary { kind, lhs: before, rhs: value, inplace: false }, range);
            b.body.write(total, after);
        });
        self.body.begin(done);
        self.body.read(total, range)
    }

    /// A variable without a value yet, and one that tells whether it has one.
    fn pending(&mut self, name: &str, range: TextRange) -> (Var, Var) {
        let (value, found) = (self.body.temporary(), self.body.temporary());
        let unbound = self.push(Op::Unbound(name.into()), range);
        self.body.write(value, unbound);
        self.body.write(found, FALSE);
        (value, found)
    }

    /// After a loop: goes on where a value was found, and raises or takes the default where none was.
    fn settle(&mut self, (value, found): (Var, Var), default: Option<&'a Expr>, error: (&str, String), range: TextRange) -> Val {
        let (empty, done) = (self.body.block(), self.body.block());
        let flag = self.body.read(found, range);
        self.branch(flag, done, empty, range);
        self.body.begin(empty);
        match default {
            Some(default) => {
                let default = self.expression(default);
                self.body.write(value, default);
                self.body.end(Terminator::Br(done), range);
            }
            None => {
                let callee = self.push(Op::Entity(format!("builtins.{}", error.0)), range);
                let text = self.constant(Literal::Str(error.1), range);
                let exception = self.push(Op::Call { callee, arguments: [text].into_iter().collect(), keywords: vec![] }, range);
                self.body.end(Terminator::Raise(exception), range);
            }
        }
        self.body.begin(done);
        self.body.read(value, range)
    }

    fn extremum(&mut self, e: &'a Expr, kind: CompareKind, key: Option<&'a Expr>, default: Option<&'a Expr>, range: TextRange) -> Val {
        let key = key.filter(|k| !k.is_none_literal_expr()).map(|k| self.expression(k));
        let name = if kind == CompareKind::Lt { "min" } else { "max" };
        let (best, found) = self.pending(name, range);
        let (best_key, _) = self.pending(name, range);
        let done = self.body.block();
        self.elements(e, done, &mut |b, value, next| {
            let rank = match key {
                Some(callee) => b.push(Op::Call { callee, arguments: [value].into_iter().collect(), keywords: vec![] }, range),
                None => value,
            };
            let (later, take) = (b.body.block(), b.body.block());
            let flag = b.body.read(found, range);
            b.branch(flag, later, take, range);
            b.body.begin(later);
            let known = b.body.read(best_key, range);
            let better = b.push(Op::Compare(kind, rank, known), range);
            b.branch(better, take, next, range);
            b.body.begin(take);
            b.body.write(best, value);
            b.body.write(best_key, rank);
            b.body.write(found, TRUE);
        });
        self.body.begin(done);
        self.settle((best, found), default, ("ValueError", format!("{name}() arg is an empty sequence")), range)
    }

    fn reduce(&mut self, f: &'a Expr, e: &'a Expr, initial: Option<&'a Expr>, range: TextRange) -> Val {
        let callee = self.expression(f);
        let (total, found) = self.pending("reduce", range);
        if let Some(initial) = initial {
            let initial = self.expression(initial);
            self.body.write(total, initial);
            self.body.write(found, TRUE);
        }
        let done = self.body.block();
        self.elements(e, done, &mut |b, value, next| {
            let (later, first) = (b.body.block(), b.body.block());
            let flag = b.body.read(found, range);
            b.branch(flag, later, first, range);
            b.body.begin(first);
            b.body.write(total, value);
            b.body.write(found, TRUE);
            b.body.end(Terminator::Br(next), range);
            b.body.begin(later);
            let before = b.body.read(total, range);
            let after = b.push(Op::Call { callee, arguments: [before, value].into_iter().collect(), keywords: vec![] }, range);
            b.body.write(total, after);
        });
        self.body.begin(done);
        self.settle((total, found), None, ("TypeError", "reduce() of empty iterable with no initial value".into()), range)
    }
}
