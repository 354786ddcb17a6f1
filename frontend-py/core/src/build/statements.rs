//! Statements without a family of their own: `return`, `raise`, `assert`, `del`, `pass`, expressions; and the table of all statements.
use super::{function::Builder, ir::{Literal, Op, Terminator, Val}, managers::Part, unsupported};
use crate::{infer::objects::attribute::DELETE, source::deeper};
use numbra_abi::ExceptionKind;
use numbra_dialects::{Code, Diagnostic};
use ruff_python_ast::{Expr, Stmt};
use ruff_text_size::{Ranged, TextRange};

impl<'a> Builder<'a, '_> {
    /// Statements in order.
    pub fn statements(&mut self, list: &'a [Stmt]) {
        for statement in list {
            deeper(|| self.statement(statement));
        }
    }

    fn statement(&mut self, statement: &'a Stmt) {
        let range = statement.range();
        match statement {
            Stmt::Pass(_) | Stmt::Global(_) | Stmt::Nonlocal(_) => {}
            Stmt::Expr(s) => {
                // A string or number that stands alone (a docstring) does nothing.
                if !s.value.is_literal_expr() {
                    self.expression(&s.value);
                }
            }
            Stmt::Return(s) => {
                let value = match &s.value {
                    Some(value) => self.expression(value),
                    None => self.constant(Literal::None, range),
                };
                self.end_entered(true, range);
                match self.part {
                    Part::Whole => self.body.end(Terminator::Return(value), range),
                    Part::Enter | Part::Exit => self.return_from_manager(range),
                }
            }
            Stmt::Assign(s) => self.assign(s),
            Stmt::AugAssign(s) => self.augmented_assign(s),
            Stmt::AnnAssign(s) => {
                if let Some(value) = &s.value {
                    let value = self.expression(value);
                    self.assign_to(&s.target, value);
                }
            }
            Stmt::Delete(s) => s.targets.iter().for_each(|t| self.delete(t)),
            Stmt::If(s) => self.if_statement(s),
            Stmt::While(s) => self.while_loop(s),
            Stmt::For(s) => self.for_loop(s),
            Stmt::Break(_) => self.leave(range, |l| l.exit, "break"),
            Stmt::Continue(_) => self.leave(range, |l| l.next, "continue"),
            Stmt::Assert(s) => {
                let (holds, fails) = (self.body.block(), self.body.block());
                self.condition(&s.test, holds, fails);
                self.body.begin(fails);
                let callee = self.push(Op::Entity("builtins.AssertionError".into()), range);
                let arguments = s.msg.iter().map(|m| self.expression(m)).collect();
                let exception = self.push(Op::Call { callee, arguments, keywords: vec![] }, range);
                self.body.end(Terminator::Raise(exception), range);
                self.body.begin(holds);
            }
            Stmt::Raise(s) => match &s.exc {
                // The cause shows in tracebacks only; compiled code has none to show it in.
                Some(exception) => {
                    let exception = self.expression(exception);
                    self.body.end(Terminator::Raise(exception), range);
                }
                // There is no `except` around it that has caught one; perhaps there is one around the call from Python.
                None => {
                    let exception = self.push(Op::Entity(ExceptionKind::HandledException.path().into()), range);
                    self.body.end(Terminator::Raise(exception), range);
                }
            },
            Stmt::Match(m) => self.match_statement(m),
            Stmt::FunctionDef(def) => self.nested_definition(def),
            Stmt::Try(s) => {
                let refused = self.refuse_statement(statement);
                let handlers = s.handlers.iter().map(|ruff_python_ast::ExceptHandler::ExceptHandler(h)| &h.body);
                for body in std::iter::once(&s.body).chain(handlers).chain([&s.orelse, &s.finalbody]) {
                    self.checked_too(refused, body, range);
                }
            }
            Stmt::With(s) if self.with(s) => {}
            Stmt::With(s) => {
                let refused = self.refuse_statement(statement);
                self.checked_too(refused, &s.body, range);
            }
            _ => _ = self.refuse_statement(statement),
        }
    }

    fn refuse_statement(&mut self, statement: &'a Stmt) -> Val {
        let (range, message, label, help) = unsupported::statement(statement);
        let place = self.span(range);
        self.error(Diagnostic::error(Code::NB0100, place.clone(), message).label(place, label).help(help))
    }

    /// A block of a statement that is refused is checked as well; what follows can be reached however it ends.
    fn checked_too(&mut self, refused: Val, block: &'a [Stmt], range: TextRange) {
        let (inside, after) = (self.body.block(), self.body.block());
        self.branch(refused, inside, after, range);
        self.body.begin(inside);
        self.statements(block);
        self.go(after, range);
    }

    fn delete(&mut self, target: &'a Expr) {
        match target {
            Expr::Name(name) => match self.local(&name.id) {
                Some(local) => {
                    self.read_local(local, name.range);
                    if self.cells.contains_key(&local) {
                        return self.clear_cell(local, name.range);
                    }
                    self.forget(local);
                    self.written(local, name.range);
                }
                None => self.refuse_outer(&name.id, name.range, "deleted"),
            },
            Expr::Subscript(s) => {
                let object = self.expression(&s.value);
                let index = self.index(&s.slice);
                let method = self.push(Op::GetAttr(object, DELETE.into()), s.range);
                self.push(Op::Call { callee: method, arguments: [index].into_iter().collect(), keywords: vec![] }, s.range);
            }
            Expr::Tuple(t) => t.elts.iter().for_each(|e| self.delete(e)),
            Expr::List(l) => l.elts.iter().for_each(|e| self.delete(e)),
            _ => {
                let place = self.span(target.range());
                self.error(Diagnostic::error(Code::NB0100, place.clone(), "only variables and elements of lists can be deleted")
                    .label(place, "not a variable")
                    .help("arrays and tuples do not lose elements: take a slice instead"));
            }
        }
    }
}
