//! Why a compilation failed.
use numbra_dialects::{Diagnostic, diagnostic::ErrorClass};
use std::path::PathBuf;

/// A failed compilation: what the user reads, and what a program can ask.
#[derive(Debug)]
pub struct CompileError {
    /// All errors found
    pub diagnostics: Vec<Diagnostic>,
    /// The diagnostics as rustc would print them
    pub rendered: String,
    /// For internal errors: a file that shows the failure to `numba-opt`
    pub reproducer: Option<PathBuf>,
}

impl CompileError {
    /// The class of the gravest error: internal over syntax over unsupported over typing.
    pub fn class(&self) -> ErrorClass {
        let rank = |c: ErrorClass| match c {
            ErrorClass::Internal => 4,
            ErrorClass::Syntax => 3,
            ErrorClass::Unsupported => 2,
            ErrorClass::Typing => 1,
            ErrorClass::Doubtful => 0,
        };
        self.diagnostics.iter().map(|d| d.code.class()).max_by_key(|c| rank(*c)).unwrap_or(ErrorClass::Internal)
    }
}
