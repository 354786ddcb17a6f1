//! NumPy functions that make arrays.
use super::{Call, Row, builtins::shape, row, types::dtype_argument};
use crate::infer::{
    arithmetic::meet,
    expr::{Expr, Typing, computed},
    objects::{attribute::shape_type, records, times},
    problem::Problem,
    val::Val,
};
use numbra_abi::DType;
use numbra_dialects::{Code, py::{ArrayTy, Layout, Ty}};

pub(super) const ROWS: &[Row] = &[
    row("numpy.arange", "start_or_stop, stop=None, step=None, dtype=None", "numpy.arange", arange),
    row("numpy.copy", "a", "array.copy", copy),
    row("numpy.empty", "shape, dtype=float", "numpy.empty", new),
    row("numpy.empty_like", "prototype, dtype=None", "numpy.empty", like),
    row("numpy.full", "shape, fill_value, dtype=None", "numpy.full", full),
    row("numpy.full_like", "a, fill_value, dtype=None", "numpy.full", full_like),
    row("numpy.ones", "shape, dtype=float", "numpy.ones", new),
    row("numpy.ones_like", "a, dtype=None", "numpy.ones", like),
    row("numpy.zeros", "shape, dtype=float", "numpy.zeros", new),
    row("numpy.zeros_like", "a, dtype=None", "numpy.zeros", like),
];

fn dtype(call: &Call, i: usize, default: DType) -> Result<DType, Box<Problem>> {
    call.optional(i).map_or(Ok(default), |arg| dtype_argument(call, arg))
}

fn array(dtype: DType, rank: usize) -> Ty {
    Ty::Array(ArrayTy::new(dtype, rank, Layout::C))
}

fn new(call: &Call) -> Typing {
    let (rank, shape) = shape(call, 0)?;
    let d = dtype(call, 1, DType::Float64)?;
    if call.row.target == "numpy.ones" && d.is_record() {
        return Err(Problem::new(Code::NB0201, "records have no value `1`").help("make them with `np.zeros` and assign their fields"));
    }
    let t = array(d, rank);
    computed(t.clone(), call.builtin(vec![shape], t))
}

/// The array whose shape and type are copied.
pub(super) fn prototype(call: &Call) -> Result<(ArrayTy, Expr), Box<Problem>> {
    let arg = call.arg(0)?;
    match &arg.val {
        Val::Of(Ty::Array(a)) => Ok((*a, arg.expr.clone())),
        _ => Err(call.refuse(arg, "an array")),
    }
}

fn shape_of(a: ArrayTy, e: Expr) -> Expr {
    if a.rank == 0 { Expr::Tuple(vec![], shape_type(0)) } else { Expr::GetAttr(Box::new(e), "shape", shape_type(a.rank)) }
}

fn like(call: &Call) -> Typing {
    let (a, e) = prototype(call)?;
    let t = array(dtype(call, 1, a.dtype)?, a.rank);
    computed(t.clone(), call.builtin(vec![shape_of(a, e)], t))
}

/// An argument as element of an array.
pub(super) fn stored(call: &Call, i: usize, d: DType) -> Result<Expr, Box<Problem>> {
    let arg = call.arg(i)?;
    if d.is_record() {
        return records::stored(&arg.val, arg.expr.clone(), d).ok_or_else(|| call.refuse(arg, "a record of the array's type"));
    }
    if d.unit().is_some() {
        return times::converted(&arg.val, arg.expr.clone(), d).map_err(|p| p.at(arg.position));
    }
    let (from, e) = call.number(i)?;
    if from.is_complex() && !d.is_complex() {
        return Err(call.refuse(arg, "a real number to fill a real array with"));
    }
    Ok(e.to(d))
}

fn fill(call: &Call, rank: usize, shape: Expr, default: Option<DType>) -> Typing {
    let arg = call.arg(1)?;
    let record = if let Val::Of(Ty::Record(r)) = &arg.val { Some(DType::Record(r.id)) } else { None };
    let own = record.or(arg.val.time()).map_or_else(|| call.number(1).map(|n| n.0), Ok);
    let d = match (call.optional(2), default) {
        (Some(wanted), _) => dtype_argument(call, wanted)?,
        (None, Some(d)) => d,
        (None, None) => own?,
    };
    let t = array(d, rank);
    computed(t.clone(), call.builtin(vec![shape, stored(call, 1, d)?], t))
}

fn full(call: &Call) -> Typing {
    let (rank, shape) = shape(call, 0)?;
    fill(call, rank, shape, None)
}

fn full_like(call: &Call) -> Typing {
    let (a, e) = prototype(call)?;
    fill(call, a.rank, shape_of(a, e), Some(a.dtype))
}

fn copy(call: &Call) -> Typing {
    let (a, e) = prototype(call)?;
    let t = array(a.dtype, a.rank);
    computed(t.clone(), call.builtin(vec![e], t))
}

/// Whether a number is certainly NumPy's: nothing tells `int` from int64 and `float` from float64.
fn is_numpy_only(v: &Val) -> bool {
    !matches!(v.dtype(), None | Some(DType::Bool | DType::Int64 | DType::Float64))
}

fn arange(call: &Call) -> Typing {
    // A step of zero raises ZeroDivisionError where Python divides, ValueError where NumPy does: the library knows.
    if let Some(step) = call.optional(2)
        && step.val.truth() != Some(true)
        && (0..3).filter_map(|i| call.optional(i)).any(|a| is_numpy_only(&a.val))
    {
        return Err(call.refuse(step, "a number of Python"));
    }
    let mut met = Val::Int(0);
    for i in 0..3 {
        if call.optional(i).is_some() {
            call.real(i)?;
            let arg = call.arg(i)?;
            met = Val::scalar(meet(&met.widen(), &arg.val.widen()).unwrap_or(DType::Float64));
        }
    }
    let d = match met.dtype() {
        Some(d) if d.is_float() => DType::Float64,
        _ => DType::Int64,
    };
    let wanted = dtype(call, 3, d)?;
    if wanted != d && !(wanted == DType::Float64 && d == DType::Int64) {
        let problem = Problem::new(Code::NB0201, format!("`numpy.arange` of {} makes {} here, not {}", met.describe(), d.name(), wanted.name()));
        return Err(problem.help("make it int64 or float64, or fill an array of `np.empty` in a loop"));
    }
    let number = |i: usize| Ok::<_, Box<Problem>>(call.arg(i)?.expr.clone().to(wanted));
    let constant = |i: i64| Expr::Const(Val::Int(i), Ty::Scalar(wanted));
    let step = if call.optional(2).is_some() { number(2)? } else { constant(1) };
    let (start, stop) = if call.optional(1).is_some() { (number(0)?, number(1)?) } else { (constant(0), number(0)?) };
    let t = array(wanted, 1);
    computed(t.clone(), call.builtin(vec![start, stop, step], t))
}
