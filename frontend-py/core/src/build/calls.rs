//! Calls: positional arguments, then keywords in the order of the source; `*` and `**` spread what they stand before.
use super::{function::Builder, ir::{Op, Val, Vals}};
use ruff_python_ast::{Expr, ExprCall};
use ruff_text_size::Ranged;

/// Stands for the keyword of a mapping that is spread into keywords.
pub const SPREAD: &str = "**";

impl<'a> Builder<'a, '_> {
    /// A call.
    pub fn call(&mut self, e: &'a ExprCall) -> Val {
        if let Some(value) = self.unrolled_tuple(e).or_else(|| self.consumed(e)) {
            return value;
        }
        if let Some(value) = self.iterator_of(e).or_else(|| self.tee(e)).or_else(|| self.special_call(e)) {
            return value;
        }
        if let Some(kind) = self.lazy_call(e) {
            return self.refuse_kept(kind, e);
        }
        let callee = self.expression(&e.func);
        self.call_of(callee, e)
    }

    /// A call of a value, with the arguments that are written there.
    pub fn call_of(&mut self, callee: Val, e: &'a ExprCall) -> Val {
        let (lists, path) = (self.takes_lists(e), self.library_path(&e.func));
        let mut arguments = Vals::new();
        for (i, a) in e.arguments.args.iter().enumerate() {
            let special = path.as_ref().and_then(|p| self.run_over(p, i, a));
            arguments.push(special.unwrap_or_else(|| if lists { self.materialized(a) } else { self.element(a) }));
        }
        let mut keywords = vec![];
        for keyword in &e.arguments.keywords {
            arguments.push(self.expression(&keyword.value));
            keywords.push(keyword.arg.as_ref().map_or(SPREAD.to_string(), |name| name.to_string()));
        }
        self.push(Op::Call { callee, arguments, keywords }, e.range())
    }

    /// An element of a display, or an argument: starred or not.
    pub fn element(&mut self, e: &'a Expr) -> Val {
        match e {
            Expr::Starred(s) => {
                let value = self.expression(&s.value);
                self.push(Op::Star(value), s.range)
            }
            _ => self.expression(e),
        }
    }
}
