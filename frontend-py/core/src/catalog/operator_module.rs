//! The functions of the module `operator`: Python's operators by name. On arrays they are NumPy's functions.
use super::{Call, Row, operators, row};
use crate::infer::{arithmetic::{binary_on, unary_on}, comparison::{compare_on, truth as truth_of}, expr::{Typing, folded}, val::Val};
use numbra_dialects::{Code, py::{BinaryKind, CompareKind, UnaryKind}};

pub(super) const ROWS: &[Row] = &[
    row("operator.abs", "a, /", "abs", super::builtins::abs),
    row("operator.add", "a, b, /", "", binary),
    row("operator.and_", "a, b, /", "", binary),
    row("operator.concat", "a, b, /", "", binary),
    row("operator.contains", "a, b, /", "", contains),
    row("operator.eq", "a, b, /", "", compare),
    row("operator.floordiv", "a, b, /", "", binary),
    row("operator.ge", "a, b, /", "", compare),
    row("operator.gt", "a, b, /", "", compare),
    row("operator.iadd", "a, b, /", "", binary),
    row("operator.iand", "a, b, /", "", binary),
    row("operator.ifloordiv", "a, b, /", "", binary),
    row("operator.ilshift", "a, b, /", "", binary),
    row("operator.imod", "a, b, /", "", binary),
    row("operator.imul", "a, b, /", "", binary),
    row("operator.inv", "a, /", "", unary),
    row("operator.invert", "a, /", "", unary),
    row("operator.ior", "a, b, /", "", binary),
    row("operator.ipow", "a, b, /", "", binary),
    row("operator.irshift", "a, b, /", "", binary),
    row("operator.is_", "a, b, /", "", compare),
    row("operator.is_not", "a, b, /", "", compare),
    row("operator.isub", "a, b, /", "", binary),
    row("operator.itruediv", "a, b, /", "", binary),
    row("operator.ixor", "a, b, /", "", binary),
    row("operator.le", "a, b, /", "", compare),
    row("operator.lshift", "a, b, /", "", binary),
    row("operator.lt", "a, b, /", "", compare),
    row("operator.matmul", "a, b, /", "", binary),
    row("operator.mod", "a, b, /", "", binary),
    row("operator.mul", "a, b, /", "", binary),
    row("operator.ne", "a, b, /", "", compare),
    row("operator.neg", "a, /", "", unary),
    row("operator.not_", "a, /", "", not),
    row("operator.or_", "a, b, /", "", binary),
    row("operator.pos", "a, /", "", unary),
    row("operator.pow", "a, b, /", "", binary),
    row("operator.rshift", "a, b, /", "", binary),
    row("operator.sub", "a, b, /", "", binary),
    row("operator.truediv", "a, b, /", "", binary),
    row("operator.truth", "a, /", "", truth),
    row("operator.xor", "a, b, /", "", binary),
];

/// The operator that a function's name stands for; `i` and the name without an underscore for augmented assignment.
fn binary_kind(path: &str) -> Option<BinaryKind> {
    let name = path.strip_prefix("operator.")?;
    let plain = |name: &str| operators::binary_named(name).or_else(|| operators::binary_named(&format!("{name}_")));
    plain(name).or_else(|| plain(name.strip_prefix('i')?))
}

/// NumPy's function of the operator of an augmented assignment: `operator.iadd`.
pub fn inplace(path: &str) -> Option<&'static str> {
    let plain = path.strip_prefix("operator.i")?;
    let name = plain.trim_end_matches('_');
    let named = operators::binary_named(name).or_else(|| operators::binary_named(&format!("{name}_")));
    named.filter(|_| operators::unary_named(&path[9..]).is_none()).map(operators::binary_path)
}

/// NumPy's function for an operator on arrays.
pub fn on_arrays(path: &str) -> Option<&'static str> {
    let name = path.strip_prefix("operator.")?;
    binary_kind(path).map(operators::binary_path).or_else(|| operators::compare_path(operators::comparison_named(name)?)).or_else(|| operators::unary_path(operators::unary_named(name)?))
}

fn missing(call: &Call) -> Box<crate::infer::problem::Problem> {
    crate::infer::problem::Problem::new(Code::NB0900, format!("{} is missing in its table", call.row.path))
}

fn binary(call: &Call) -> Typing {
    let (a, b) = (call.arg(0)?, call.arg(1)?);
    binary_on(binary_kind(call.row.path).ok_or_else(|| missing(call))?, (&a.val, a.expr.clone()), (&b.val, b.expr.clone()))
}

fn compare(call: &Call) -> Typing {
    let (a, b) = (call.arg(0)?, call.arg(1)?);
    let kind = operators::comparison_named(call.row.path.trim_start_matches("operator.")).ok_or_else(|| missing(call))?;
    compare_on(kind, (&a.val, a.expr.clone()), (&b.val, b.expr.clone()))
}

/// `b in a`: the container comes first.
fn contains(call: &Call) -> Typing {
    let (a, b) = (call.arg(0)?, call.arg(1)?);
    compare_on(CompareKind::In, (&b.val, b.expr.clone()), (&a.val, a.expr.clone()))
}

fn unary(call: &Call) -> Typing {
    let a = call.arg(0)?;
    let kind = operators::unary_named(call.row.path.trim_start_matches("operator.")).ok_or_else(|| missing(call))?;
    unary_on(kind, &a.val, a.expr.clone())
}

fn not(call: &Call) -> Typing {
    let a = call.arg(0)?;
    match a.val.truth() {
        Some(known) => folded(Val::Bool(!known)),
        None => unary_on(UnaryKind::Not, &a.val, a.expr.clone()),
    }
}

fn truth(call: &Call) -> Typing {
    let a = call.arg(0)?;
    truth_of(&a.val, a.expr.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn augmented_names_are_those_of_the_operator() {
        assert_eq!(binary_kind("operator.ior"), Some(BinaryKind::Or));
        assert_eq!(binary_kind("operator.iadd"), Some(BinaryKind::Add));
        assert_eq!(on_arrays("operator.lt"), Some("numpy.less"));
        assert_eq!((inplace("operator.ior"), inplace("operator.invert"), inplace("operator.is_"), inplace("operator.add")), (Some("numpy.bitwise_or"), None, None, None));
        assert!(ROWS.iter().filter(|r| r.params.contains("b")).all(|r| binary_kind(r.path).is_some() || r.path.ends_with("contains") || operators::comparison_named(&r.path[9..]).is_some()));
    }
}
