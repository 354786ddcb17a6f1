//! What objects of each class can do: their attributes and elements, how they are iterated, compared, joined and shown. A file for each class, or
//! for what several have in common.
pub(crate) mod attribute;
pub mod buffers;
pub(crate) mod formatting;
pub(crate) mod index;
pub(crate) mod iterate;
pub(super) mod iterators;
pub(crate) mod lists;
pub(crate) mod records;
pub(crate) mod strings;
pub(crate) mod structs;
pub(crate) mod templates;
pub(super) mod texts;
pub(crate) mod times;
