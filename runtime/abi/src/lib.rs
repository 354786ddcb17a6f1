//! What compiled code and the world outside it agree on: element types, argument slots, exception classes and runtime symbols, one table each.
//!
//! This crate knows neither MLIR nor Python. Everything else may depend on it.

pub mod descriptor;
pub mod dtype;
pub mod exception;
pub mod format;
pub mod record;
pub mod symbols;
pub mod text;
pub mod unit;

pub use dtype::DType;
pub use exception::ExceptionKind;
pub use record::RecordId;
