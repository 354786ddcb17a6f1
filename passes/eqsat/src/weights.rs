//! The measured table behind the cost model. Times are in ns on one core of a current x86-64 server, in code as numbra makes it (vectorised where it vectorises), float64 unless said.
//!
//! `tools/eqsat_weights.py` measures them anew; only their ratios matter to the choice of a form.
use crate::operators::*;

/// Length that an axis of unknown length is taken to have.
pub const ASSUMED_LENGTH: f64 = 1000.0;
/// Length for an axis of which not even the relation to others is known: it is a part of something more often than not.
pub const ASSUMED_PART: f64 = 900.0;
/// ns to read a byte of memory in order
pub const READ: f64 = 0.05;
/// ns to write a byte of new memory, which is read into the cache first
pub const WRITE: f64 = 0.10;
/// How much more a byte costs where its neighbours are not read next
pub const STRIDED: f64 = 1.25;
/// ns for a loop: its setup and what is left over at its end
pub const LAUNCH: f64 = 20.0;
/// ns for a new array: allocation and descriptor
pub const TEMPORARY: f64 = 60.0;
/// ns for a view's descriptor
pub const VIEW: f64 = 2.0;
/// ns for a call of a function that is not made for the place
pub const CALL: f64 = 50.0;
/// ns for a part of a tuple, a length
pub const SPECIAL: f64 = 0.2;
/// ns for one multiplication and addition of a product of matrices
pub const MATRIX_FLOP: f64 = 0.06;
/// ns for an operator of which nothing is measured
pub const UNKNOWN: f64 = 5.0;

/// ns for each element, without reading and writing.
pub const ELEMENT: &[(Operator, f64)] = &[
    (ADD, 0.12), (SUB, 0.12), (MUL, 0.12), (FMA, 0.12), (NEG, 0.08), (ABS, 0.08), (SQUARE, 0.12), (MINIMUM, 0.15), (MAXIMUM, 0.15), (FMIN, 0.25), (FMAX, 0.25),
    (TRUEDIV, 0.9), (RECIPROCAL, 0.9), (SQRT, 1.1), (FLOORDIV, 4.0), (MOD, 4.0), (POW, 12.0),
    (AND, 0.05), (OR, 0.05), (XOR, 0.05), (NOT, 0.05), (INVERT, 0.05), (SHL, 0.08), (SHR, 0.08),
    (EQ, 0.12), (NE, 0.12), (LT, 0.12), (LE, 0.12), (GT, 0.12), (GE, 0.12), (ISNAN, 0.1), (ISINF, 0.12), (ISFINITE, 0.12), (SIGNBIT, 0.1), (SIGN, 0.3), (COPYSIGN, 0.15), (WHERE, 0.15),
    (FLOOR, 0.15), (CEIL, 0.15), (TRUNC, 0.15), (RINT, 0.15), (CAST, 0.15),
    (EXP, 2.0), (EXP2, 2.0), (EXPM1, 4.0), (LOG, 2.5), (LOG2, 2.5), (LOG10, 2.5), (LOG1P, 4.5), (CBRT, 8.0), (SIN, 3.0), (COS, 3.0), (TAN, 8.0), (ARCSIN, 6.0), (ARCCOS, 6.0),
    (ARCTAN, 6.0), (ARCTAN2, 12.0), (HYPOT, 4.0), (SINH, 8.0), (COSH, 8.0), (TANH, 4.0), (ARCSINH, 12.0), (ARCCOSH, 12.0), (ARCTANH, 10.0), (ERF, 5.0), (ERFC, 8.0), (CALL_, 10.0),
    (SUM, 0.13), (PROD, 0.13), (MIN, 0.15), (MAX, 0.15), (ANY, 0.05), (ALL, 0.05), (ARGMIN, 0.4), (ARGMAX, 0.4), (MEAN, 0.14), (CUMSUM, 1.0), (CUMPROD, 1.0), (RUNNING_MIN, 1.0), (RUNNING_MAX, 1.0),
];

const CALL_: Operator = crate::operators::CALL;

/// ns for an element of the operator.
pub fn element(operator: Operator) -> f64 {
    ELEMENT.iter().find(|(o, _)| *o == operator).map_or(UNKNOWN, |(_, w)| *w)
}
