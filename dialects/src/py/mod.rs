//! The `py` dialect: generated builders, types, operator kinds, and a classification of ops for matching.
pub mod descriptor;
pub mod kinds;
pub mod op;
pub mod types;

pub use descriptor::descriptor;
pub use kinds::{BinaryKind, CompareKind, UnaryKind};
pub use op::PyOp;
pub use types::{ArrayTy, CallableTy, Layout, RecordTy, StructTy, Ty};

/// Typed builders for every op, generated from `td/`.
#[allow(missing_docs, clippy::all)]
pub mod ods {
    melior::dialect! { name: "py", files: ["PyTypedOps.td"], include_directory_env_vars: ["NUMBRA_TD_DIR"] }
}
