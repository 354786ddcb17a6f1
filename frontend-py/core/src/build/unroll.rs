//! `for x in literal_unroll(t)` and `for i in range(len(literal_unroll(t)))`: one copy of the body per element, so that each element keeps its own
//! type, and constants stay constants. There are
//! as many copies as a tuple may have elements; inference knows its length and never reaches those behind its end.
use super::{function::{Builder, Loop}, ir::{Literal, Op, Terminator, Val, Vals}};
use numbra_dialects::{Code, Diagnostic, py::CompareKind};
use ruff_python_ast::{Expr, StmtFor};
use ruff_text_size::{Ranged, TextRange};

/// Elements of a tuple in `literal_unroll`.
pub const MAX_ELEMENTS: usize = 16;

/// Of loops inside each other; every level multiplies the copies of the innermost body.
const MAX_DEPTH: usize = 2;

/// Canonical path of `literal_unroll`.
pub const LITERAL_UNROLL: &str = "numbra.literal_unroll";

impl<'a> Builder<'a, '_> {
    /// Builds a `for` statement as copies of its body; false if it stays a loop.
    pub fn unrolled_for(&mut self, s: &'a StmtFor) -> bool {
        let Expr::Call(call) = &*s.iter else { return false };
        let positions = self.only_argument(&s.iter, "builtins.range").and_then(|e| self.only_argument(e, "builtins.len"));
        let Some(argument) = self.only_argument(positions.unwrap_or(&s.iter), LITERAL_UNROLL) else { return false };
        if self.unrolling >= MAX_DEPTH {
            let place = self.span(call.range());
            let d = Diagnostic::error(Code::NB0100, place.clone(), format!("loops over `literal_unroll` are nested more than {MAX_DEPTH} deep"));
            self.error(d.label(place, "this loop multiplies the copies of its body").help("move the inner loop into a function of its own"));
            return true;
        }
        self.unrolling += 1;
        let reported = self.diagnostics.len();
        self.copies(s, argument, positions.is_some(), call.range());
        self.unrolling -= 1;
        // Each copy finds the same errors.
        let mut found: Vec<Diagnostic> = vec![];
        for d in self.diagnostics.drain(reported..) {
            if !found.iter().any(|f| f.code == d.code && f.span == d.span && f.message == d.message) {
                found.push(d);
            }
        }
        self.diagnostics.extend(found);
        true
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
        let tuple = self.library_call(LITERAL_UNROLL, tuple, range);
        let len = self.library_call("builtins.len", tuple, range);
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

    fn library_call(&mut self, path: &str, argument: Val, range: TextRange) -> Val {
        let callee = self.push(Op::Entity(path.into()), range);
        self.push(Op::Call { callee, arguments: Vals::from_slice(&[argument]), keywords: vec![] }, range)
    }
}
