//! `for x in literal_unroll(t)`, `for i in range(len(literal_unroll(t)))`, and `tuple(f(x) for x in t)`: one copy of the body per element, so that each element
//! keeps its own type, constants stay constants, and the length of the tuple that is made is known. There are
//! as many copies as a tuple may have elements; inference knows its length and never reaches those behind its end.
use super::lazy::one;
use crate::build::{function::{Builder, Loop}, ir::{BlockId, Literal, Op, Terminator, Val, Vals, Var}};
use numbra_dialects::{Code, Diagnostic, py::CompareKind};
use ruff_python_ast::{Comprehension, Expr, ExprCall, StmtFor};
use ruff_text_size::{Ranged, TextRange};

/// Elements of a tuple in `literal_unroll`.
pub const MAX_ELEMENTS: usize = 16;

/// Of loops inside each other; every level multiplies the copies of the innermost body.
const MAX_DEPTH: usize = 2;

/// Canonical path of `literal_unroll`.
pub const LITERAL_UNROLL: &str = "numbra.literal_unroll";
/// A tuple that is not too long for a comprehension.
const UNROLLED: &str = "numbra.intrinsics.unrolled";
/// The integers up to a constant, as a tuple.
const POSITIONS: &str = "numbra.intrinsics.positions";

/// What the elements of an unrolled comprehension are.
#[derive(Clone, Copy)]
enum Kind {
    Elements,
    Zip,
    Enumerate,
}

/// Tuples that a comprehension goes over together, and their lengths.
struct Source {
    kind: Kind,
    tuples: Vec<Val>,
    lengths: Vec<Val>,
}

impl<'a> Builder<'a, '_> {
    /// Builds a `for` statement as copies of its body; false if it stays a loop.
    pub fn unrolled_for(&mut self, s: &'a StmtFor) -> bool {
        let Expr::Call(call) = &*s.iter else { return false };
        let positions = self.only_argument(&s.iter, "builtins.range").and_then(|e| self.only_argument(e, "builtins.len"));
        let Some(argument) = self.only_argument(positions.unwrap_or(&s.iter), LITERAL_UNROLL) else { return false };
        self.copied(call.range(), |b| b.copies(s, argument, positions.is_some(), call.range()));
        true
    }

    /// `tuple(...)` of a comprehension over tuples, if a call is one: the tuple of its elements. What has no known length is refused where inference finds it.
    pub fn unrolled_tuple(&mut self, call: &'a ExprCall) -> Option<Val> {
        let ([argument], []) = (&*call.arguments.args, &*call.arguments.keywords) else { return None };
        let (element, generators) = match argument {
            Expr::Generator(g) => (&*g.elt, &g.generators),
            Expr::ListComp(c) => (&*c.elt, &c.generators),
            _ => return None,
        };
        let [generator] = &generators[..] else { return None };
        if !generator.ifs.is_empty() || generator.is_async || self.library_path(&call.func).as_deref() != Some("builtins.tuple") {
            return None;
        }
        self.copied(call.range(), |b| b.elements_of(argument.range(), element, generator))
    }

    /// Builds copies of something; `None` where they would be too many.
    fn copied<T>(&mut self, range: TextRange, build: impl FnOnce(&mut Self) -> T) -> Option<T> {
        if self.unrolling >= MAX_DEPTH {
            let place = self.span(range);
            let d = Diagnostic::error(Code::NB0100, place.clone(), format!("loops over the elements of tuples are nested more than {MAX_DEPTH} deep"));
            self.error(d.label(place, "this loop multiplies the copies of its body").help("move the inner loop into a function of its own"));
            return None;
        }
        self.unrolling += 1;
        let built = build(self);
        self.unrolling -= 1;
        Some(built)
    }

    /// The argument of a call of a library function that has no other.
    fn only_argument(&mut self, e: &'a Expr, path: &str) -> Option<&'a Expr> {
        let Expr::Call(call) = e else { return None };
        let ([argument], []) = (&*call.arguments.args, &*call.arguments.keywords) else { return None };
        (!argument.is_starred_expr() && self.library_path(&call.func).as_deref() == Some(path)).then_some(argument)
    }

    /// A copy of the body for each element, or for its position.
    fn copies(&mut self, s: &'a StmtFor, argument: &'a Expr, positions: bool, range: TextRange) {
        let tuple = self.expression(argument);
        let tuple = self.library(LITERAL_UNROLL, one(tuple), range);
        let len = self.library("builtins.len", one(tuple), range);
        let (otherwise, exit) = self.exits(&s.orelse);
        for k in 0..MAX_ELEMENTS {
            let (body, next) = (self.body.block(), self.body.block());
            let k = self.constant(Literal::Int(k as i64), range);
            let more = self.push(Op::Compare(CompareKind::Gt, len, k), range);
            self.branch(more, body, otherwise, range);
            self.body.begin(body);
            let value = if positions { k } else { self.push(Op::GetItem(tuple, k), s.target.range()) };
            self.assign_to(&s.target, value);
            self.loop_body(&s.body, Loop { next, exit }, s.range);
            self.body.begin(next);
        }
        self.body.end(Terminator::Br(otherwise), s.range);
        self.orelse(&s.orelse, otherwise, exit, s.range);
    }

    /// The elements of a comprehension, each computed by a copy. Where the iterable ends, those before make the tuple.
    fn elements_of(&mut self, range: TextRange, element: &'a Expr, generator: &'a Comprehension) -> Val {
        let source = self.source(&generator.iter);
        let Some(outer) = self.enter_comprehension(range) else { return self.push(Op::Tuple(Vals::new()), range) };
        let (result, done) = (self.body.temporary(), self.body.block());
        let mut made = Vals::new();
        for k in 0..MAX_ELEMENTS {
            let (body, end) = (self.body.block(), self.body.block());
            let position = self.constant(Literal::Int(k as i64), range);
            for (i, length) in source.lengths.iter().enumerate() {
                let next = if i + 1 < source.lengths.len() { self.body.block() } else { body };
                let more = self.push(Op::Compare(CompareKind::Gt, *length, position), range);
                self.branch(more, next, end, range);
                self.body.begin(if next == body { end } else { next });
            }
            self.end_tuple(result, made.clone(), done, range);
            self.body.begin(body);
            let value = self.element_at(&source, position, generator.target.range());
            self.assign_to(&generator.target, value);
            made.push(self.expression(element));
        }
        self.end_tuple(result, made, done, range);
        self.scope = outer;
        self.body.begin(done);
        self.body.read(result, range)
    }

    fn end_tuple(&mut self, result: Var, elements: Vals, done: BlockId, range: TextRange) {
        let tuple = self.push(Op::Tuple(elements), range);
        self.body.write(result, tuple);
        self.body.end(Terminator::Br(done), range);
    }

    /// What a comprehension takes its elements from: a tuple, `zip` or `enumerate` of tuples, or `range` of a constant.
    fn source(&mut self, e: &'a Expr) -> Source {
        let arguments = match e {
            Expr::Call(call) if call.arguments.keywords.is_empty() && !call.arguments.args.iter().any(Expr::is_starred_expr) => &call.arguments.args[..],
            _ => &[],
        };
        let path = e.as_call_expr().and_then(|call| self.library_path(&call.func));
        let (kind, tuples) = match (path.as_deref(), arguments) {
            (Some("builtins.zip"), [_, ..]) => (Kind::Zip, self.tuples(arguments)),
            (Some("builtins.enumerate"), [_]) => (Kind::Enumerate, self.tuples(arguments)),
            (Some("builtins.range"), [stop]) => {
                let stop = self.expression(stop);
                (Kind::Elements, vec![self.library(POSITIONS, one(stop), e.range())])
            }
            _ => (Kind::Elements, self.tuples(std::slice::from_ref(e))),
        };
        let lengths = tuples.iter().map(|t| self.library("builtins.len", one(*t), e.range())).collect();
        Source { kind, tuples, lengths }
    }

    /// Tuples that are not too long.
    fn tuples(&mut self, iterables: &'a [Expr]) -> Vec<Val> {
        iterables.iter().map(|t| {
            let value = self.expression(t);
            let tuple = self.library("builtins.tuple", one(value), t.range());
            self.library(UNROLLED, one(tuple), t.range())
        }).collect()
    }

    fn element_at(&mut self, source: &Source, position: Val, range: TextRange) -> Val {
        let mut values: Vals = source.tuples.iter().map(|t| self.push(Op::GetItem(*t, position), range)).collect();
        match source.kind {
            Kind::Elements => values[0],
            Kind::Zip => self.push(Op::Tuple(values), range),
            Kind::Enumerate => {
                values.insert(0, position);
                self.push(Op::Tuple(values), range)
            }
        }
    }
}
