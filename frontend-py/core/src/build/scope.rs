//! Which names are local to a function: Python decides this from the whole body, before any statement runs.
use crate::source::deeper;
use indexmap::{IndexMap, IndexSet};
use ruff_python_ast::{Comprehension, Expr, ExceptHandler, ExprContext, Pattern, Stmt, visitor::{Visitor, walk_except_handler, walk_expr, walk_pattern, walk_stmt}};
use ruff_text_size::TextRange;

/// Names bound in a function body.
#[derive(Default)]
pub struct Scope<'a> {
    /// Locals in the order of their first binding; parameters are not among them unless assigned to
    pub bound: IndexSet<&'a str>,
    /// Names in `global` and `nonlocal`, with where
    pub outer: IndexMap<&'a str, TextRange>,
}

/// The names that a body binds.
pub fn scan<'a>(body: &'a [Stmt]) -> Scope<'a> {
    let mut scope = Scope::default();
    scope.visit_body(body);
    scope
}

/// The names that a lambda's body binds (by `:=`).
pub fn scan_expression<'a>(body: &'a Expr) -> Scope<'a> {
    let mut scope = Scope::default();
    scope.visit_expr(body);
    scope
}

impl<'a> Visitor<'a> for Scope<'a> {
    fn visit_stmt(&mut self, statement: &'a Stmt) {
        match statement {
            // Their bodies are scopes of their own.
            Stmt::FunctionDef(def) => {
                self.bound.insert(&def.name);
            }
            Stmt::ClassDef(class) => {
                self.bound.insert(&class.name);
            }
            Stmt::Global(s) => self.outer.extend(s.names.iter().map(|n| (n.as_str(), n.range))),
            Stmt::Nonlocal(s) => self.outer.extend(s.names.iter().map(|n| (n.as_str(), n.range))),
            Stmt::Import(s) => {
                let top = |name: &'a str| name.split('.').next().unwrap_or(name);
                self.bound.extend(s.names.iter().map(|a| a.asname.as_ref().map_or(top(&a.name), |n| n.as_str())));
            }
            Stmt::ImportFrom(s) => self.bound.extend(s.names.iter().map(|a| a.asname.as_ref().unwrap_or(&a.name).as_str())),
            _ => deeper(|| walk_stmt(self, statement)),
        }
    }

    fn visit_expr(&mut self, expression: &'a Expr) {
        match expression {
            Expr::Name(name) if !matches!(name.ctx, ExprContext::Load) => {
                self.bound.insert(&name.id);
            }
            Expr::Lambda(_) => {}
            _ => deeper(|| walk_expr(self, expression)),
        }
    }

    fn visit_comprehension(&mut self, comprehension: &'a Comprehension) {
        // The targets live in the comprehension; what it iterates over may still bind by `:=`.
        self.visit_expr(&comprehension.iter);
        for condition in &comprehension.ifs {
            self.visit_expr(condition);
        }
    }

    fn visit_except_handler(&mut self, handler: &'a ExceptHandler) {
        let ExceptHandler::ExceptHandler(h) = handler;
        self.bound.extend(h.name.as_ref().map(|n| n.as_str()));
        walk_except_handler(self, handler);
    }

    fn visit_pattern(&mut self, pattern: &'a Pattern) {
        let name = match pattern {
            Pattern::MatchAs(p) => p.name.as_ref(),
            Pattern::MatchStar(p) => p.name.as_ref(),
            Pattern::MatchMapping(p) => p.rest.as_ref(),
            _ => None,
        };
        self.bound.extend(name.map(|n| n.as_str()));
        deeper(|| walk_pattern(self, pattern));
    }
}
