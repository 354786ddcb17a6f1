//! The measured table behind the cost model. Times are in ns on one core of a current x86-64 server, in code as numbra makes it (vectorised where it vectorises), float64 unless said.
//!
//! `tools/eqsat_weights.py` measures them anew; only their ratios matter to the choice of a form.
use crate::operators::*;
use numbra_abi::DType;

/// Length that an axis of unknown length is taken to have.
pub const ASSUMED_LENGTH: f64 = 1000.0;
/// Length for an axis of which not even the relation to others is known: it is a part of something more often than not.
pub const ASSUMED_PART: f64 = 900.0;
/// ns to read a byte of memory in order
pub const READ: f64 = 0.10;
/// ns to write a byte of new memory, which is read into the cache first
pub const WRITE: f64 = 0.10;
/// How much more a byte costs where its neighbours are not read next
pub const STRIDED: f64 = 1.25;
/// ns for a loop: its setup and what is left over at its end
pub const LAUNCH: f64 = 20.0;
/// ns for a new array: allocation and descriptor
pub const TEMPORARY: f64 = 90.0;
/// ns for a view's descriptor
pub const VIEW: f64 = 2.0;
/// ns for a call of a function that is not made for the place
pub const CALL: f64 = 50.0;
/// ns for a part of a tuple, a length
pub const SPECIAL: f64 = 0.2;
/// ns for one multiplication and addition of a product of matrices
pub const MATRIX_FLOP: f64 = 0.04;
/// What a chain of matrices costs whose order is chosen when the program runs, of what it costs in the best order as far as is known here: it is often another one
pub const CHOSEN_ORDER: f64 = 0.8;
/// ns for an operator of which nothing is measured
pub const UNKNOWN: f64 = 5.0;

/// ns for each element, without reading and writing.
pub const ELEMENT: &[(Operator, f64)] = &[
    (ADD, 0.12), (SUB, 0.12), (MUL, 0.12), (FMA, 0.12), (NEG, 0.03), (ABS, 0.03), (SQUARE, 0.12), (MINIMUM, 0.12), (MAXIMUM, 0.12), (FMIN, 0.16), (FMAX, 0.16),
    (TRUEDIV, 0.25), (RECIPROCAL, 0.24), (SQRT, 0.50), (FLOORDIV, 4.5), (MOD, 4.5), (POW, 5.0),
    (AND, 0.05), (OR, 0.05), (XOR, 0.05), (NOT, 0.05), (INVERT, 0.05), (SHL, 0.08), (SHR, 0.08),
    (EQ, 0.15), (NE, 0.15), (LT, 0.15), (LE, 0.15), (GT, 0.15), (GE, 0.15), (ISNAN, 0.06), (ISINF, 0.06), (ISFINITE, 0.06), (SIGNBIT, 0.06), (SIGN, 0.12), (COPYSIGN, 0.15),
    (CONJ, 0.03), (REAL, 0.03), (IMAG, 0.03), (COMPLEX, 0.03), (COMPRESS, 1.2), (WHERE, 0.14), (FIRST, 0.0), (FITTED, 0.0), (FLOOR, 0.03), (CEIL, 0.03), (TRUNC, 0.03), (RINT, 0.03), (CAST, 0.05),
    (EXP, 1.2), (EXP2, 1.1), (EXPM1, 2.6), (LOG, 1.5), (LOG2, 1.6), (LOG10, 1.6), (LOG1P, 4.7), (CBRT, 3.6), (SIN, 1.5), (COS, 1.7), (TAN, 2.1), (ARCSIN, 1.9), (ARCCOS, 2.2),
    (ARCTAN, 2.3), (ARCTAN2, 3.2), (HYPOT, 2.5), (SINH, 8.0), (COSH, 5.6), (TANH, 3.2), (ARCSINH, 10.2), (ARCCOSH, 10.2), (ARCTANH, 3.3), (ERF, 6.2), (ERFC, 3.3), (CALL_, 10.0),
    (SUM, 0.08), (PROD, 0.88), (MIN, 0.16), (MAX, 0.16), (ANY, 0.05), (ALL, 0.05), (ARGMIN, 0.15), (ARGMAX, 0.15), (MEAN, 0.08), (CUMSUM, 0.85), (CUMPROD, 0.88),
    (RUNNING_MIN, 0.88), (RUNNING_MAX, 0.88),
];

/// ns for each element where the operands are complex numbers, beside that they are twice as wide.
pub const COMPLEX_ELEMENT: &[(Operator, f64)] = &[(MUL, 0.4), (SQUARE, 0.4), (ABS, 2.5), (PROD, 1.8), (CUMPROD, 1.8)];

const CALL_: Operator = crate::operators::CALL;

/// ns for an element of the operator on elements of a type.
pub fn element(operator: Operator, operand: Option<DType>) -> f64 {
    let complex = operand.is_some_and(|d| Domain::Complex.has(d));
    let own = COMPLEX_ELEMENT.iter().filter(|_| complex).find(|(o, _)| *o == operator);
    own.or_else(|| ELEMENT.iter().find(|(o, _)| *o == operator)).map_or(UNKNOWN, |(_, w)| *w)
}
