//! Numbers, truth values and times: operators, conversions, and the library functions of `math` and its kin.
pub(super) mod arithmetic;
pub(super) mod cast;
pub(super) mod compare;
pub(super) mod complex;
pub(super) mod elementary;
pub(super) mod floats;
pub(super) mod integers;
pub(super) mod libm;
pub(super) mod math;
pub(super) mod scalars;
pub(super) mod times;
