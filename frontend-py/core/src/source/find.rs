//! Finds a function in parsed text by name and first line, wherever it is nested.
use super::{Unit, deeper};
use crate::host::FunctionSource;
use numbra_dialects::{Code, Diagnostic, Span};
use ruff_python_ast::{Expr, ExprLambda, Stmt, StmtFunctionDef, visitor::{Visitor, walk_expr, walk_stmt}};
use ruff_text_size::Ranged;

/// A function as it stands in the source.
#[derive(Clone, Copy)]
pub enum Node<'a> {
    /// `def`
    Def(&'a StmtFunctionDef),
    /// `lambda`
    Lambda(&'a ExprLambda),
}

/// Collects all functions that start at a line.
struct Finder<'a> {
    unit: &'a Unit,
    line: usize,
    found: Vec<Node<'a>>,
}

impl<'a> Visitor<'a> for Finder<'a> {
    fn visit_stmt(&mut self, statement: &'a Stmt) {
        if let Stmt::FunctionDef(def) = statement {
            let decorator = def.decorator_list.first().map_or(def.range.start(), |d| d.range.start());
            if self.unit.line(decorator) == self.line || self.unit.line(def.name.range.start()) == self.line {
                self.found.push(Node::Def(def));
            }
        }
        deeper(|| walk_stmt(self, statement));
    }

    fn visit_expr(&mut self, expression: &'a Expr) {
        if let Expr::Lambda(lambda) = expression && self.unit.line(lambda.range.start()) == self.line {
            self.found.push(Node::Lambda(lambda));
        }
        deeper(|| walk_expr(self, expression));
    }
}

/// The only function of this name that starts at this line; or the only one that starts there at all, as a function may have been renamed.
pub fn find<'a>(unit: &'a Unit, source: &FunctionSource) -> Result<Node<'a>, Diagnostic> {
    let mut finder = Finder { unit, line: source.first_line, found: vec![] };
    finder.visit_body(unit.body());
    let named = |node: &Node| match node {
        Node::Def(def) => def.name.as_str() == source.name,
        Node::Lambda(_) => source.name == "<lambda>",
    };
    let mut found: Vec<Node<'a>> = finder.found.iter().copied().filter(named).collect();
    if found.is_empty() && finder.found.len() == 1 {
        found = finder.found;
    }
    let place = |node: &Node| match node {
        Node::Def(def) => unit.span(&source.file, def.range()),
        Node::Lambda(lambda) => unit.span(&source.file, lambda.range()),
    };
    match found.as_slice() {
        [one] => Ok(*one),
        [] => {
            let line = source.first_line;
            let span = Span { file: source.file.clone(), start_line: line, start_column: 1, end_line: line, end_column: 1 };
            let message = format!("the source of `{}` is not at line {line} of {}", source.qualname, source.file);
            Err(Diagnostic::error(Code::NB0002, Some(span), message).help("the file may have changed since it was loaded: load it again"))
        }
        [first, second, ..] => {
            let message = format!("several functions called `{}` start at this line", source.name);
            Err(Diagnostic::error(Code::NB0002, Some(place(first)), message)
                .label(Some(place(first)), "this one?")
                .label(Some(place(second)), "or this one?")
                .help("put each on its own line, or use `def`"))
        }
    }
}
