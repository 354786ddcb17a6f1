//! Cuts the lines of one function out of a file by indentation, and parses only these.
//!
//! A cut at a place that is not the end of the function (text in a multi-line string or a continued line stands further left)
//! leaves a string, a bracket or a line open: that is a syntax error, and then the caller parses the whole file instead.
use super::{Node, Unit, lines::line_start};
use crate::host::FunctionSource;

/// Makes an indented part a valid module.
const HEADER: &str = "if 1:\n";

/// Parses the lines of the function alone; `None` when they cannot be told, or are not the function.
pub fn parse(source: &FunctionSource) -> Option<Unit> {
    let text = &source.text;
    let start = line_start(text, source.first_line)?;
    let (end, indented) = extent(&text[start..])?;
    let end = start + end;
    if text[start..end].trim_end().ends_with('\\') {
        return None;
    }
    let unit = Unit::parse(text, start, end, source.first_line, if indented { HEADER } else { "" }).ok()?;
    let found = matches!(super::find::find(&unit, source), Ok(Node::Def(_)));
    found.then_some(unit)
}

/// Length of the block that starts with the text, and whether it is indented.
fn extent(text: &str) -> Option<(usize, bool)> {
    let indent = |line: &str| line.len() - line.trim_start_matches([' ', '\t', '\x0c']).len();
    let mut lines = text.split_inclusive('\n');
    let first = lines.next()?;
    let depth = indent(first);
    let head = |line: &str| ["def", "async", "class"].iter().any(|k| line.strip_prefix(k).is_some_and(|r| r.starts_with([' ', '\t', '\\'])));
    let starts_block = first[depth..].starts_with('@') || head(&first[depth..]);
    if !starts_block {
        return None;
    }
    let mut in_body = head(&first[depth..]);
    let mut length = first.len();
    for line in lines {
        let at = indent(line);
        let rest = line[at..].trim_end();
        // Blank lines and comments belong to no block; a closing bracket continues the line before.
        let ends = at <= depth && !rest.is_empty() && !rest.starts_with(['#', ')', ']', '}']);
        if ends && in_body {
            break;
        }
        in_body |= ends && head(rest);
        length += line.len();
    }
    Some((length, depth > 0))
}
