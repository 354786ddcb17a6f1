//! Methods of arrays and of numbers. The first parameter is the object.
use super::{Call, Row, creation::{prototype, stored}, reductions, row, times, types::dtype_argument};
use crate::infer::{expr::{Typing, computed, scalar}, problem::Problem};
use numbra_abi::{DType, dtype::Kind};
use numbra_dialects::{Code, py::{ArrayTy, Layout, Ty}};

pub(super) const ROWS: &[Row] = &[
    row("array.all", "self, /, axis=None", "numpy.all", reductions::truth),
    row("array.any", "self, /, axis=None", "numpy.any", reductions::truth),
    row("array.argmax", "self, /, axis=None", "numpy.argmax", reductions::position),
    row("array.argmin", "self, /, axis=None", "numpy.argmin", reductions::position),
    row("array.copy", "self, /", "array.copy", copy),
    row("array.fill", "self, value, /", "array.fill", fill),
    row("array.max", "self, /, axis=None", "numpy.max", reductions::extremum),
    row("array.mean", "self, /, axis=None", "numpy.mean", reductions::mean),
    row("array.min", "self, /, axis=None", "numpy.min", reductions::extremum),
    row("array.prod", "self, /, axis=None", "numpy.prod", reductions::total),
    row("array.sum", "self, /, axis=None", "numpy.sum", reductions::total),
    row("number.conj", "self, /", "complex.conj", conjugate),
    row("number.conjugate", "self, /", "complex.conj", conjugate),
    row("number.item", "self, /", "", item),
    row("number.view", "self, dtype, /", "bits", bits),
    row("time.astype", "self, dtype, /", "", times::astype),
];

fn copy(call: &Call) -> Typing {
    let (a, e) = prototype(call)?;
    let t = Ty::Array(ArrayTy::new(a.dtype, a.rank, Layout::C));
    computed(t.clone(), call.builtin(vec![e], t))
}

fn fill(call: &Call) -> Typing {
    let (a, e) = prototype(call)?;
    if a.readonly {
        let problem = Problem::new(Code::NB0209, format!("{} is read-only", Ty::Array(a))).at(0);
        return Err(problem.help("work on a copy: `a = a.copy()`"));
    }
    let value = stored(call, 1, a.dtype)?;
    computed(Ty::None, call.builtin(vec![e, value], Ty::None))
}

pub(super) fn conjugate(call: &Call) -> Typing {
    let (d, e) = call.number(0)?;
    // NumPy's function has no loop for bool.
    let d = if d == DType::Bool && call.row.path.starts_with("numpy.") { DType::Int8 } else { d };
    let t = Ty::Scalar(d);
    scalar(d, if d.is_complex() { call.builtin(vec![e], t) } else { e.cast(&t) })
}

/// The bits of a number as one of another type of the same size.
fn bits(call: &Call) -> Typing {
    let (d, e) = call.number(0)?;
    let to = dtype_argument(call, call.arg(1)?)?;
    if d.size() != to.size() || [d, to].iter().any(|d| !d.is_integer() && !d.is_float()) {
        return Err(call.refuse(call.arg(1)?, &format!("a real scalar type of {} bytes", d.size())));
    }
    scalar(to, call.builtin(vec![e], Ty::Scalar(to)))
}

fn item(call: &Call) -> Typing {
    let (d, e) = call.number(0)?;
    let python = match d.kind() {
        Kind::Complex => DType::Complex128,
        Kind::Float => DType::Float64,
        Kind::Int | Kind::UInt => DType::Int64,
        _ => d,
    };
    scalar(python, e.to(python))
}
