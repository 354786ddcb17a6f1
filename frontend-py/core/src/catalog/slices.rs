//! `slice` objects, what ranges and tuples know of themselves.
use super::{Call, Row, row};
use crate::infer::{
    arithmetic::elements,
    comparison::compare_on,
    expr::{Expr, Typing, computed, folded, scalar},
    problem::Problem,
    transfer,
    val::Val,
};
use numbra_abi::DType;
use numbra_dialects::{Code, py::{BinaryKind, CompareKind, Ty}};

pub(super) const ROWS: &[Row] = &[
    row("builtins.slice", "*args", "", slice),
    row("slice.indices", "self, len, /", "slice.indices", indices),
    row("tuple.count", "self, value, /", "", count),
    row("tuple.index", "self, value, /", "tuple.index", index),
];

fn slice(call: &Call) -> Typing {
    let none = || (Val::NONE, Expr::constant(Val::NONE));
    let part = |i: usize| call.rest.get(i).map_or_else(none, |a| (a.val.clone(), a.expr.clone()));
    let parts = match call.rest.len() {
        1 => [none(), part(0), none()],
        2 | 3 => [part(0), part(1), part(2)],
        n => return Err(Problem::new(Code::NB0207, format!("`builtins.slice` takes 1 to 3 arguments, but {n} are given"))),
    };
    transfer::slice_of(parts)
}

fn indices(call: &Call) -> Typing {
    let t = Ty::tuple([Ty::INT, Ty::INT, Ty::INT]);
    let n = call.integer(1)?.1.to(DType::Int64);
    computed(t.clone(), call.builtin(vec![call.arg(0)?.expr.clone(), n], t))
}

/// For each element of a tuple, whether it equals the value.
fn equalities(call: &Call) -> Result<Vec<Expr>, Box<Problem>> {
    let (object, value) = (call.arg(0)?, call.arg(1)?);
    let Val::Tuple(parts) = &object.val else { return Err(call.refuse(object, "a tuple")) };
    let mut all = vec![];
    for (v, e) in parts.iter().zip(elements(&object.expr, parts)) {
        let one = compare_on(CompareKind::Eq, (v, e), (&value.val, value.expr.clone()))?;
        all.push(one.whole());
    }
    Ok(all)
}

fn count(call: &Call) -> Typing {
    let sum = equalities(call)?.into_iter().map(|e| e.to(DType::Int64)).reduce(|a, b| Expr::binary(BinaryKind::Add, a, b, DType::Int64));
    sum.map_or_else(|| folded(Val::Int(0)), |e| scalar(DType::Int64, e))
}

fn index(call: &Call) -> Typing {
    let all = equalities(call)?.into_iter().map(|e| e.to(DType::Bool)).collect();
    scalar(DType::Int64, call.builtin(all, Ty::INT))
}
