//! Arrays and records: making them, their elements and views, and loops over all elements.
pub(super) mod alloc;
pub(super) mod assign;
pub(super) mod attributes;
pub(crate) mod elementwise;
pub(super) mod items;
pub(super) mod lengths;
pub(super) mod nest;
pub(super) mod records;
pub(super) mod rows;
pub(super) mod slices;
pub(super) mod views;
