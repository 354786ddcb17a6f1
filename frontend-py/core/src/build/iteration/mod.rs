//! Iteration: `for` loops, and what is iterated lazily in Python. Generator expressions, `map`, `filter` and most of `itertools` never become objects: where one is
//! consumed on the spot, its loop is written in place, and what is done with each element goes into the loop.
mod combining;
mod const_lists;
mod consumers;
mod itertools;
pub(super) mod lazy;
mod loops;
pub(crate) mod unroll;

use lazy::Kind;
use super::{function::Builder, ir::{BlockId, Op, Terminator, Val}, scope::{Key, ScopeId}};
use crate::host::Value;
use numbra_dialects::{Code, Diagnostic};
use ruff_python_ast::{Comprehension, Expr, ExprCall, ExprGenerator, ExprList};
use ruff_text_size::{Ranged, TextRange};

/// What is done with each element: gets the element and the block that asks for the next one.
pub type Each<'f, 'a, 'h> = &'f mut dyn FnMut(&mut Builder<'a, 'h>, Val, BlockId);

/// An iterable that computes its elements one by one.
pub enum Lazy<'a> {
    /// `(element for ... in ...)`
    Generator(&'a ExprGenerator),
    /// `map(f, iterables...)` and its like
    Call(Kind, &'a ExprCall),
}

/// The loops of a comprehension.
#[derive(Clone, Copy)]
struct Nest<'a> {
    element: &'a Expr,
    generators: &'a [Comprehension],
    /// The comprehension's own scope, and the one around it
    inner: ScopeId,
    outer: ScopeId,
}

impl<'a, 'h> Builder<'a, 'h> {
    /// The dotted path of a library object that an expression names.
    pub fn library_path(&mut self, e: &'a Expr) -> Option<String> {
        match self.chain(e) {
            Some(Value::Entity(path)) => Some(path),
            _ => None,
        }
    }

    /// An expression that is iterated in place.
    pub fn lazy(&mut self, e: &'a Expr) -> Option<Lazy<'a>> {
        match e {
            Expr::Generator(g) => Some(Lazy::Generator(g)),
            Expr::Call(c) => self.lazy_call(c).map(|kind| Lazy::Call(kind, c)),
            _ => None,
        }
    }

    /// Runs `each` for every element. `otherwise` comes when there are no more; the caller begins it.
    pub fn iterate(&mut self, e: &'a Expr, target: TextRange, otherwise: BlockId, each: Each<'_, 'a, 'h>) {
        match self.lazy(e) {
            None => {
                let iterable = match self.members_of(e) {
                    Some(members) => members,
                    None => self.expression(e),
                };
                self.iterate_value(iterable, e.range(), target, otherwise, each);
            }
            Some(Lazy::Generator(g)) => self.comprehension(g.range, &g.elt, &g.generators, otherwise, each),
            Some(Lazy::Call(kind, call)) => self.iterate_call(kind, call, target, otherwise, each),
        }
    }

    /// The same over a value.
    pub fn iterate_value(&mut self, iterable: Val, range: TextRange, target: TextRange, otherwise: BlockId, each: Each<'_, 'a, 'h>) {
        let iterator = self.push(Op::Iter(iterable), range);
        let (header, body) = (self.body.block(), self.body.block());
        self.go(header, range);
        let valid = self.push(Op::Next(iterator), target);
        self.body.end(Terminator::CondBr(valid, body, otherwise), target);
        self.body.begin(body);
        each(self, Val(valid.0 + 1), header);
        self.body.end(Terminator::Br(header), range);
    }

    /// The loops of a comprehension at a place, with `each` in the innermost.
    pub fn comprehension(&mut self, range: TextRange, element: &'a Expr, generators: &'a [Comprehension], otherwise: BlockId, each: Each<'_, 'a, 'h>) {
        let Some(outer) = self.enter_comprehension(range) else { return };
        self.nest(Nest { element, generators, inner: self.scope, outer }, 0, otherwise, each);
        self.scope = outer;
    }

    /// Makes the scope of a comprehension the current one, and returns the one around it. Every run starts with new variables.
    pub fn enter_comprehension(&mut self, range: TextRange) -> Option<ScopeId> {
        let tree = self.tree;
        let Some(inner) = tree.at(range) else {
            let place = self.span(range);
            self.error(Diagnostic::error(Code::NB0900, place, "a comprehension has no scope"));
            return None;
        };
        for name in tree.scopes[inner].bound.keys() {
            if let Some(variable) = self.variables.get(&Key::Name(inner, name)).copied() {
                if self.cells.contains_key(&variable) { self.renew_cell(variable, range) } else { self.forget(variable) }
            }
        }
        Some(std::mem::replace(&mut self.scope, inner))
    }

    fn nest(&mut self, nest: Nest<'a>, depth: usize, otherwise: BlockId, each: Each<'_, 'a, 'h>) {
        let generator = &nest.generators[depth];
        if generator.is_async {
            let place = self.span(generator.range);
            self.error(Diagnostic::error(Code::NB0101, place.clone(), "`async for` is not supported").label(place, "asynchronous iteration").help("use `for`"));
        }
        // The first iterable is evaluated outside.
        self.scope = if depth == 0 { nest.outer } else { nest.inner };
        self.iterate(&generator.iter, generator.target.range(), otherwise, &mut |b, value, next| {
            b.scope = nest.inner;
            b.assign_to(&generator.target, value);
            for condition in &generator.ifs {
                let yes = b.body.block();
                b.condition(condition, yes, next);
                b.body.begin(yes);
            }
            if depth + 1 < nest.generators.len() {
                b.nest(nest, depth + 1, next, each);
            } else {
                let value = b.expression(nest.element);
                b.scope = nest.outer;
                each(b, value, next);
            }
        });
    }

    /// `[a, *b]`: a list, to which what is starred and what follows is added.
    pub fn list_display(&mut self, l: &'a ExprList) -> Val {
        let plain = l.elts.iter().position(Expr::is_starred_expr).unwrap_or(l.elts.len());
        let elements = l.elts[..plain].iter().map(|e| self.expression(e)).collect();
        if self.tuple_lists.contains(&l.range) {
            return self.push(Op::Tuple(elements), l.range);
        }
        let list = self.push(Op::List(elements), l.range);
        for e in &l.elts[plain..] {
            let (method, value) = match e {
                Expr::Starred(s) => ("extend", self.materialized(&s.value)),
                e => ("append", self.expression(e)),
            };
            let callee = self.push(Op::GetAttr(list, method.into()), e.range());
            self.push(Op::Call { callee, arguments: [value].into_iter().collect(), keywords: vec![] }, e.range());
        }
        list
    }

    /// A list of elements; `run` has the loops.
    pub fn list_of(&mut self, range: TextRange, run: impl FnOnce(&mut Self, BlockId, Each<'_, 'a, 'h>)) -> Val {
        let list = self.push(Op::List(Default::default()), range);
        let done = self.body.block();
        run(self, done, &mut |b, value, _| {
            let append = b.push(Op::GetAttr(list, "append".into()), range);
            b.push(Op::Call { callee: append, arguments: [value].into_iter().collect(), keywords: vec![] }, range);
        });
        self.body.begin(done);
        list
    }

    /// An argument, as a list where it is lazy.
    pub fn materialized(&mut self, e: &'a Expr) -> Val {
        if self.lazy(e).is_none() {
            return self.element(e);
        }
        self.list_of(e.range(), |b, done, each| b.iterate(e, e.range(), done, each))
    }
}
