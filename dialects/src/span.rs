//! Source ranges, and their encoding as MLIR locations.
use melior::{Context, ir::Location};

/// A range of source text: lines and columns count from 1, columns in characters, the end is exclusive.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub struct Span {
    pub file: String,
    pub start_line: usize,
    pub start_column: usize,
    pub end_line: usize,
    pub end_column: usize,
}

impl Span {
    /// The location of this range.
    pub fn location<'c>(&self, context: &'c Context) -> Location<'c> {
        Location::file_line_col_range(context, &self.file, self.start_line, self.start_column, self.end_line, self.end_column)
    }

    /// The range that a location holds; of a fused or call-site location, the first that has one.
    pub fn of(location: Location) -> Option<Span> {
        if location.is_file_line_col_range() {
            let file = location.file_line_col_range_filename().as_string_ref().as_str().unwrap_or_default().to_string();
            return Some(Span {
                file,
                start_line: location.file_line_col_range_start_line(),
                start_column: location.file_line_col_range_start_column(),
                end_line: location.file_line_col_range_end_line(),
                end_column: location.file_line_col_range_end_column(),
            });
        }
        if location.is_call_site() {
            return Span::of(location.call_site_callee());
        }
        if location.is_name() {
            return Span::of(location.name_child_location());
        }
        if location.is_fused() {
            return (0..location.fused_num_locations()).find_map(|i| Span::of(location.fused_location(i)));
        }
        None
    }
}
