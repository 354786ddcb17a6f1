//! Indices: expressions, slices, and tuples of them.
use super::{function::Builder, ir::{Literal, Op, Val}};
use ruff_python_ast::{Expr, ExprSlice};

impl<'a> Builder<'a, '_> {
    /// The value of an index.
    pub fn index(&mut self, e: &'a Expr) -> Val {
        match e {
            Expr::Slice(s) => self.slice(s),
            Expr::Tuple(t) => {
                let elements = t.elts.iter().map(|e| self.index(e)).collect();
                self.push(Op::Tuple(elements), t.range)
            }
            _ => self.expression(e),
        }
    }

    fn slice(&mut self, s: &'a ExprSlice) -> Val {
        let parts = [&s.lower, &s.upper, &s.step].map(|part| match part {
            Some(e) => self.expression(e),
            None => self.constant(Literal::None, s.range),
        });
        self.push(Op::Slice(parts), s.range)
    }
}
