//! Calls from Python into compiled code: reading arguments into slots, choosing the overload, boxing the result, raising.
//!
//! Everything here works on raw objects: a call through these files costs tens of nanoseconds, which leaves no room for smart pointers.

pub mod arrays;
pub mod bind;
pub mod boxer;
mod buffers;
mod callables;
pub mod convert;
mod cursor;
pub mod dispatcher;
pub mod lists;
pub mod members;
pub mod overload;
pub mod own;
mod owned;
pub mod raise;
pub mod reader;
mod scalars;
pub mod slow;
pub mod typeof_value;
