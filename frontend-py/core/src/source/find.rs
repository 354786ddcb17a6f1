//! Finds a function in parsed text by name and first line, wherever it is nested.
use super::{Unit, deeper};
use crate::host::FunctionSource;
use numbra_dialects::{Code, Diagnostic, Span};
use ruff_python_ast::{Expr, ExprLambda, Parameters, Stmt, StmtFunctionDef, visitor::{Visitor, walk_expr, walk_stmt}};
use ruff_text_size::Ranged;

/// A function as it stands in the source.
#[derive(Clone, Copy)]
pub enum Node<'a> {
    /// `def`
    Def(&'a StmtFunctionDef),
    /// `lambda`
    Lambda(&'a ExprLambda),
}

impl Node<'_> {
    /// Start and end of the body, as in [`crate::host::Hint::code`].
    fn places(&self, unit: &Unit) -> [(usize, usize); 2] {
        unit.places(match self {
            Node::Def(def) => def.range(),
            Node::Lambda(lambda) => lambda.body.range(),
        })
    }

    /// Whether these are the names of the parameters.
    fn takes(&self, names: &[String]) -> bool {
        let parameters: Option<&Parameters> = match self {
            Node::Def(def) => Some(&def.parameters),
            Node::Lambda(lambda) => lambda.parameters.as_deref(),
        };
        let own = parameters.into_iter().flat_map(|p| p.posonlyargs.iter().chain(&p.args).chain(&p.kwonlyargs));
        own.map(|p| p.parameter.name.as_str()).eq(names.iter().map(String::as_str))
    }
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

/// The function of this name that starts at this line; or one that starts there at all, as a function may have been renamed. The hint tells
/// which one of several.
pub fn find<'a>(unit: &'a Unit, source: &FunctionSource) -> Result<Node<'a>, Diagnostic> {
    let mut finder = Finder { unit, line: source.first_line, found: vec![] };
    finder.visit_body(unit.body());
    let named = |node: &Node| match node {
        Node::Def(def) => def.name.as_str() == source.name,
        Node::Lambda(_) => source.name == "<lambda>",
    };
    let mut found: Vec<Node<'a>> = finder.found.iter().copied().filter(named).collect();
    if found.is_empty() {
        found = finder.found;
    }
    narrow(unit, source, &mut found);
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

/// Leaves of several functions those that the hint fits. The code of a lambda lies in its body, and in those of the lambdas around it: of these
/// it is the innermost, whose body starts last.
fn narrow<'a>(unit: &Unit, source: &FunctionSource, found: &mut Vec<Node<'a>>) {
    if found.len() > 1 && let Some([start, end]) = source.hint.code {
        let holds = |node: &&Node| node.places(unit)[0] <= start && end <= node.places(unit)[1];
        if let Some(innermost) = found.iter().filter(holds).max_by_key(|node| node.places(unit)[0]).copied() {
            *found = vec![innermost];
        }
    }
    if found.len() > 1 && let Some(names) = &source.hint.parameters {
        let fitting: Vec<Node<'a>> = found.iter().filter(|node| node.takes(names)).copied().collect();
        if !fitting.is_empty() {
            *found = fitting;
        }
    }
}
