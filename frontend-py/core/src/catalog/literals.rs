//! `literal_unroll` and `literally`. Values keep what is known of them at compile time wherever it is of use, so both give back what they get;
//! that a loop over `literal_unroll(t)` has one body per element is done where loops are built.
use super::{Call, Row, row};
use crate::{build::iteration::unroll::{LITERAL_UNROLL, MAX_ELEMENTS}, infer::{expr::{Typing, computed, folded}, problem::Problem, val::Val}};
use numbra_dialects::Code;

pub(super) const ROWS: &[Row] = &[
    row(LITERAL_UNROLL, "container, /", "", unroll),
    row("numbra.literally", "obj, /", "", same),
];

fn same(call: &Call) -> Typing {
    let arg = call.arg(0)?;
    if arg.val.is_static() { folded(arg.val.clone()) } else { computed(arg.val.clone(), arg.expr.clone()) }
}

fn unroll(call: &Call) -> Typing {
    let arg = call.arg(0)?;
    let Val::Tuple(parts) = &arg.val else {
        let problem = Problem::new(Code::NB0201, format!("`literal_unroll` takes a tuple, not {}", arg.val.describe())).at(arg.position);
        return Err(problem.help("or a list of constants that is written in the function, and only subscripted besides"));
    };
    if parts.len() > MAX_ELEMENTS {
        let problem = Problem::new(Code::NB0201, format!("`literal_unroll` takes tuples of at most {MAX_ELEMENTS} elements, not of {}", parts.len())).at(arg.position);
        return Err(problem.help("loop over the tuple itself: elements of up to four types can meet in one variable"));
    }
    same(call)
}
