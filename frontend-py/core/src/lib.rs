//! From Python source text to the typed `py` dialect: parsing, building untyped IR, type inference over the catalogue of library functions,
//! and rendering diagnostics.
//!
//! Knows source text, the `py` dialect and the scalar table. Must not know Python's runtime (values come from a [`host::Host`]),
//! passes of later stages, or code generation.

pub mod build;
pub mod catalog;
pub mod host;
pub mod infer;
pub mod library;
pub mod refusal;
pub mod render;
pub mod source;
pub mod static_host;
mod suggest;

pub use build::{build_module, build_modules};
pub use host::{FunctionId, FunctionSource, Hint, Host, ModuleId, Options, Value};
pub use infer::PASSES;
pub use static_host::import_file;
