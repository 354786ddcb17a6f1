//! What a pass author needs: the description of a pass, the registry that tools collect passes in, and walking helpers.
//!
//! A pass is one constant, [`PassDescription`], whose `run` gets the op that the pass is anchored on. A research pass outside this tree
//! depends on this crate alone and hands its constant to `numba_opt::main`. This crate knows no pass.

pub mod registry;
pub mod walk;

pub use melior;
pub use numbra_dialects::{Code, Diagnostic, Span, diagnostic::remark};
pub use numbra_dialects::registry::{PassDescription, PassInstance, PassOption};
pub use registry::{Pipeline, Registry};
