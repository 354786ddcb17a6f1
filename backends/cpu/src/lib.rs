//! The back end for the processor that we run on: modules of the `llvm` dialect to object code by LLVM, and object code into memory by JITLink.
//!
//! It knows the runtime's symbols and nothing of Python. [`CpuBackend`] compiles; [`Jit`] loads what was compiled now or in another process.
//! The C++ shim in `cpp/` holds no policy: which functions have vector variants, and where symbols are found, is decided here.

pub mod call;
mod compile;
mod ffi;
mod jit;
mod resolve;
mod vector;

pub use compile::{CpuBackend, thread_seconds};
pub use jit::{Jit, LoadedModule};
pub use vector::{set_library_directory, sleef_available};
