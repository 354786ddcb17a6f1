//! MLIR as numbra uses it: the `py` dialect, typed builders and types for it, source spans, diagnostics, and pass registration.
//!
//! The only crate that touches raw MLIR handles. It knows nothing of Python's runtime, of what passes do, or of code generation.

pub mod bytecode;
pub mod bytes;
pub mod diagnostic;
pub mod ffi;
pub mod panics;
pub mod py;
pub mod registry;
pub mod rewrite;
pub mod span;
pub mod text;

pub use diagnostic::{Code, Diagnostic, Note, Severity};
pub use span::Span;
pub use text::text;
