//! Builtin passes and conversions, and the pipelines made of them.
//!
//! Each pass is one [`PassDescription`] in [`PASSES`]. This crate knows the `py` dialect and the machine dialects of MLIR, but neither source text nor Python
//! objects nor how machine code is run.
pub mod add_entries;
pub mod array_from_elements;
pub mod array_fuse;
pub mod array_inline;
pub mod cfg;
pub mod conversion;
pub mod eqsat_rewrite;
pub mod functions;
pub mod insert_refcounts;
mod numbers;
pub mod outline_parallel;
pub mod pipelines;
pub mod remarks;

pub use outline_parallel::uses_threads;
pub use pipelines::{AFTER_REFCOUNTS, ARRAYS, LLVM, LOWER, PIPELINES, REWRITTEN, STD, TYPED, WHOLE};

use numbra_dialects::registry::PassDescription;

/// All passes of this crate.
pub const PASSES: &[PassDescription] = &[conversion::py_to_std::PASS, add_entries::PASS, insert_refcounts::PASS, outline_parallel::PASS, array_inline::PASS, array_fuse::PASS, array_from_elements::PASS, eqsat_rewrite::PASS];
