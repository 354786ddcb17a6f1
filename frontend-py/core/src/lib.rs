//! From Python source text to the `py` dialect: parsing, building untyped IR, and rendering diagnostics.
//!
//! Knows source text, the `py` dialect and the scalar table. Must not know Python's runtime (values come from a [`host::Host`]),
//! passes, or code generation.

pub mod build;
pub mod host;
pub mod render;
pub mod source;
pub mod static_host;

pub use build::{build_module, build_modules};
pub use host::{FunctionId, FunctionSource, Host, ModuleId, Options, Value};
pub use static_host::import_file;
