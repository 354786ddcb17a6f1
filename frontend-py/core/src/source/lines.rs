//! Byte offsets to lines and columns, both counted from 1, columns in characters.
use std::sync::Arc;

/// Where the lines of a part of a text start.
pub struct LineIndex {
    text: Arc<str>,
    starts: Vec<usize>,
    first_line: usize,
    end: usize,
}

impl LineIndex {
    /// Index of `text[start..end]`, whose first line has the number `first_line`.
    pub fn new(text: Arc<str>, start: usize, end: usize, first_line: usize) -> Self {
        let mut starts = vec![start];
        starts.extend(text.as_bytes()[start..end].iter().enumerate().filter(|(_, b)| **b == b'\n').map(|(i, _)| start + i + 1));
        Self { text, starts, first_line, end }
    }

    /// Line and column of an offset into the text; offsets outside the part count as its ends.
    pub fn position(&self, offset: usize) -> (usize, usize) {
        let offset = offset.clamp(self.starts[0], self.end);
        let line = self.starts.partition_point(|s| *s <= offset) - 1;
        let column = self.text.get(self.starts[line]..offset).map_or(0, |t| t.chars().count());
        (self.first_line + line, column + 1)
    }

    /// Line, and column in bytes from 0, of an offset into the text.
    pub fn place(&self, offset: usize) -> (usize, usize) {
        let offset = offset.clamp(self.starts[0], self.end);
        let line = self.starts.partition_point(|s| *s <= offset) - 1;
        (self.first_line + line, offset - self.starts[line])
    }
}

/// Offset at which a 1-based line starts.
pub fn line_start(text: &str, line: usize) -> Option<usize> {
    match line {
        0 => None,
        1 => Some(0),
        _ => text.bytes().enumerate().filter(|(_, b)| *b == b'\n').nth(line - 2).map(|(i, _)| i + 1),
    }
}
