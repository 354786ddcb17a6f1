//! NumPy's reductions of whole arrays, as functions and as methods.
use super::{Call, Row, creation::prototype, row, types::dtype_argument};
use crate::infer::{arithmetic::meet, expr::{Expr, Typing, scalar}, val::{Val, join}};
use numbra_abi::{DType, dtype::Kind};
use numbra_dialects::py::Ty;

pub(super) const ROWS: &[Row] = &[
    // What the library in Python builds the functions below on, for arrays of any layout.
    row("numbra.intrinsics.all", "a", "numpy.all", truth),
    row("numbra.intrinsics.any", "a", "numpy.any", truth),
    row("numbra.intrinsics.max", "a", "numpy.max", extremum),
    row("numbra.intrinsics.min", "a", "numpy.min", extremum),
    row("numbra.intrinsics.prod", "a, dtype", "numpy.prod", total_as),
    row("numbra.intrinsics.sum", "a, dtype", "numpy.sum", total_as),
    row("numpy.all", "a, axis=None", "numpy.all", truth),
    row("numpy.amax", "a, axis=None", "numpy.max", extremum),
    row("numpy.amin", "a, axis=None", "numpy.min", extremum),
    row("numpy.any", "a, axis=None", "numpy.any", truth),
    row("numpy.argmax", "a, axis=None", "numpy.argmax", position),
    row("numpy.argmin", "a, axis=None", "numpy.argmin", position),
    row("numpy.max", "a, axis=None", "numpy.max", extremum),
    row("numpy.mean", "a, axis=None", "numpy.mean", mean),
    row("numpy.min", "a, axis=None", "numpy.min", extremum),
    row("numpy.prod", "a, axis=None", "numpy.prod", total),
    row("numpy.sum", "a, axis=None", "numpy.sum", total),
];

/// The type of a running sum: as a variable that starts with `start` and has elements added in a loop.
pub(super) fn accumulator(start: &Val, element: &Val) -> Option<DType> {
    let sum = |a: &Val| meet(a, element).map(|d| Val::scalar(if d == DType::Bool { DType::Int64 } else { d }));
    let first = join(start, &sum(start)?);
    join(&first, &sum(&first.widen())?).dtype()
}

/// NumPy sums small integers in 64 bits.
pub fn wide(d: DType) -> DType {
    match d.kind() {
        Kind::Bool | Kind::Int => DType::Int64,
        Kind::UInt => DType::UInt64,
        _ => d,
    }
}

fn reduce(call: &Call, result: impl Fn(DType) -> Option<DType>) -> Typing {
    let (a, e) = prototype(call)?;
    call.only(1)?;
    let d = result(a.dtype).filter(|_| !a.dtype.is_record()).ok_or_else(|| call.refuse(&super::Arg { val: Val::scalar(a.dtype), expr: Expr::Arg(0), position: 0 }, "an array of real numbers"))?;
    scalar(d, call.builtin(vec![e], Ty::Scalar(d)))
}

fn is_prod(call: &Call) -> bool {
    call.row.target == "numpy.prod"
}

pub(super) fn truth(call: &Call) -> Typing {
    reduce(call, |_| Some(DType::Bool))
}

pub(super) fn extremum(call: &Call) -> Typing {
    reduce(call, |d| (!d.is_complex()).then_some(d))
}

pub(super) fn position(call: &Call) -> Typing {
    reduce(call, |d| (!d.is_complex()).then_some(DType::Int64))
}

pub(super) fn mean(call: &Call) -> Typing {
    reduce(call, |d| d.is_number().then(|| if d.kind() >= Kind::Float { d } else { DType::Float64 }))
}

pub(super) fn total(call: &Call) -> Typing {
    reduce(call, |d| match d {
        DType::TimeDelta(_) if !is_prod(call) => Some(d),
        d => d.is_number().then(|| wide(d)),
    })
}

/// A sum or product in the scalar type that the second argument names.
fn total_as(call: &Call) -> Typing {
    let (_, e) = prototype(call)?;
    let d = dtype_argument(call, call.arg(1)?)?;
    scalar(d, call.builtin(vec![e], Ty::Scalar(d)))
}
