//! NumPy's functions that ask for an array's dimensions.
use super::{Call, Row, creation::prototype, row};
use crate::infer::{expr::{Expr, Typing, computed, folded}, objects::attribute::shape_type, val::Val};
use numbra_dialects::py::Ty;
use std::sync::Arc;

pub(super) const ROWS: &[Row] = &[
    row("numpy.ndim", "a", "", ndim),
    row("numpy.shape", "a", "", shape),
    row("numpy.size", "a, axis=None", "", size),
];

fn ndim(call: &Call) -> Typing {
    folded(Val::Int(prototype(call)?.0.rank as i64))
}

fn shape(call: &Call) -> Typing {
    let (a, e) = prototype(call)?;
    if a.rank == 0 {
        return folded(Val::Tuple(Arc::new([])));
    }
    let t = shape_type(a.rank);
    computed(t.clone(), Expr::GetAttr(Box::new(e), "shape", t))
}

fn size(call: &Call) -> Typing {
    let (_, e) = prototype(call)?;
    call.only(1)?;
    computed(Ty::INT, Expr::GetAttr(Box::new(e), "size", Ty::INT))
}
