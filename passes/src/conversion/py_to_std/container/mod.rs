//! Tuples, unions, strings and lists, what they print as, and how everything is iterated over.
pub(super) mod formatting;
pub(super) mod iterate;
pub(super) mod list_functions;
pub(super) mod lists;
pub(super) mod printing;
pub(super) mod reduce;
pub(super) mod strings;
pub(super) mod tuples;
pub(super) mod unions;
