//! The runtime that compiled code calls: memory, exceptions, and the arithmetic that is too rare or too long to expand in place.
//!
//! It knows neither MLIR nor Python. Functions named `nb_*` are called by compiled code under the signatures of [`numbra_abi::symbols`];
//! everything else is the safe side for the compiler's driver and the Python extension.

pub mod arrays;
mod blocks;
mod complex;
mod compress;
mod copy;
mod dates;
pub mod exception;
mod float;
mod integer;
mod linear;
pub mod list;
pub mod memory;
mod order;
pub mod parallel;
pub mod print;
pub mod shape;
mod show;
mod stack;
pub mod strings;
mod symbols;
mod turns;
mod unwind;

pub use exception::{Argument, Exception, Site, take_exception};
pub use memory::Header;
pub use symbols::address;

/// Two doubles returned in registers: a complex number, or two results of one function.
#[derive(Clone, Copy, Debug, PartialEq)]
#[repr(C)]
pub struct Pair {
    /// First or real part
    pub first: f64,
    /// Second or imaginary part
    pub second: f64,
}

impl Pair {
    /// From its parts.
    pub const fn new(first: f64, second: f64) -> Self {
        Pair { first, second }
    }
}
