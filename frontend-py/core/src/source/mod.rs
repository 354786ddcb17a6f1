//! Source text: parsing, finding a function in it, and turning byte offsets into lines and columns.
//!
//! A function is parsed alone wherever its lines can be cut out of the file, so that the cost does not grow with the file.
//! Only a lambda, or a function whose lines cannot be told apart from the text alone, needs the whole file, which is kept parsed.
mod block;
mod find;
mod lines;
mod whole;

pub use find::Node;
pub use lines::line_start;
pub use whole::parse_file;

use crate::host::FunctionSource;
use lines::LineIndex;
use numbra_dialects::{Code, Diagnostic, Span};
use ruff_python_ast::Stmt;
use ruff_text_size::TextRange;
use std::sync::Arc;

/// Runs one level of a recursion over syntax, on more stack when what is left is short: source may nest as deeply as it likes.
pub fn deeper<R>(work: impl FnOnce() -> R) -> R {
    stacker::maybe_grow(128 * 1024, 1024 * 1024, work)
}

/// Parsed text, with what it takes to find the place of a node in its file.
pub struct Unit {
    body: Vec<Stmt>,
    lines: LineIndex,
    /// To add to an offset of a node to get an offset into the text
    shift: i64,
}

impl Unit {
    /// Parses a part of a text. `header` is put before the part, so that an indented part becomes valid; `line` is the number of its first line.
    fn parse(text: &Arc<str>, start: usize, end: usize, line: usize, header: &str) -> Result<Unit, Box<(Unit, ruff_python_parser::ParseError)>> {
        let part = &text[start..end];
        let joined;
        let input = if header.is_empty() {
            part
        } else {
            joined = format!("{header}{part}");
            &joined
        };
        let lines = LineIndex::new(text.clone(), start, end, line);
        let shift = start as i64 - header.len() as i64;
        match ruff_python_parser::parse_module(input) {
            Ok(parsed) => Ok(Unit { body: parsed.into_syntax().body.into_iter().collect(), lines, shift }),
            Err(error) => Err(Box::new((Unit { body: vec![], lines, shift }, error))),
        }
    }

    /// The statements of the text.
    pub fn body(&self) -> &[Stmt] {
        &self.body
    }

    /// The 1-based line of an offset.
    pub fn line(&self, offset: ruff_text_size::TextSize) -> usize {
        self.lines.position(self.offset(offset)).0
    }

    fn offset(&self, offset: ruff_text_size::TextSize) -> usize {
        usize::try_from(i64::from(offset.to_u32()) + self.shift).unwrap_or(0)
    }

    /// Start and end of a node, each as 1-based line and column in bytes from 0.
    pub fn places(&self, range: TextRange) -> [(usize, usize); 2] {
        [range.start(), range.end()].map(|o| self.lines.place(self.offset(o)))
    }

    /// The place of a node in a file of the given name.
    pub fn span(&self, file: &str, range: TextRange) -> Span {
        let (start_line, start_column) = self.lines.position(self.offset(range.start()));
        let (end_line, end_column) = self.lines.position(self.offset(range.end()));
        Span { file: file.to_string(), start_line, start_column, end_line, end_column }
    }

    fn syntax_error(&self, file: &str, error: &ruff_python_parser::ParseError) -> Diagnostic {
        let mut span = self.span(file, error.location);
        if span.end_line > span.start_line {
            // What is missing at the end of a line: the place is that end, not the line break.
            (span.end_line, span.end_column) = (span.start_line, span.start_column);
        }
        Diagnostic::error(Code::NB0001, Some(span), format!("invalid syntax: {}", lower_first(&error.error.to_string())))
    }
}

fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    // `EOF` or `DEDENT` keep their capitals.
    match (chars.next(), chars.clone().next()) {
        (Some(first), Some(second)) if !second.is_uppercase() => first.to_lowercase().chain(chars).collect(),
        _ => text.to_string(),
    }
}

/// Parses what is needed of a function's source.
pub fn parse(source: &FunctionSource) -> Result<Arc<Unit>, Diagnostic> {
    if source.name != "<lambda>" && let Some(unit) = block::parse(source) {
        return Ok(Arc::new(unit));
    }
    whole::parse(&source.text, &source.file)
}

impl Unit {
    /// Finds the function that `source` describes.
    pub fn function<'a>(&'a self, source: &FunctionSource) -> Result<Node<'a>, Diagnostic> {
        find::find(self, source)
    }
}
