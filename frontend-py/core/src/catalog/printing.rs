//! `print`: what it takes. How values are shown is the business of the runtime, which gets them with a description of their types.
use super::{Arg, Call, Row, row};
use crate::infer::{
    expr::{Expr, Typing, computed},
    problem::Problem,
    val::Val,
};
use numbra_dialects::{Code, py::Ty};

pub(super) const ROWS: &[Row] = &[row("builtins.print", "*args, sep=None, end=None, file=None, flush=None", "print", print)];

// Constant strings have no machine form, so they cannot be in what is known only at run time.
fn printable(t: &Ty, strings: bool) -> bool {
    match t {
        Ty::None | Ty::Range(_) => true,
        Ty::Scalar(d) => d.is_number(),
        Ty::Literal(_) => strings,
        Ty::List(e) => printable(e, false),
        Ty::Union(members) => members.iter().all(|m| printable(m, false)),
        Ty::Tuple(parts) => parts.iter().all(|p| printable(p, strings)),
        _ => false,
    }
}

fn text(call: &Call, arg: Option<&Arg>, default: &str) -> Result<Expr, Box<Problem>> {
    match arg {
        None => Ok(Expr::constant(Val::string(default))),
        Some(arg) if matches!(arg.val, Val::Of(Ty::Literal(_))) => Ok(arg.expr.clone()),
        Some(arg) => Err(call.refuse(arg, format!("a constant string as `{}`", if default == " " { "sep" } else { "end" }).as_str())),
    }
}

fn print(call: &Call) -> Typing {
    // What is written goes to Python's stream at once, which flushes when it likes.
    call.only(if call.optional(4).is_some_and(|a| a.val == Val::Bool(false)) && call.optional(3).is_none() { 5 } else { 3 })?;
    let mut args = vec![text(call, call.optional(1), " ")?, text(call, call.optional(2), "\n")?];
    for arg in &call.rest {
        if !printable(&arg.val.ty(), true) {
            let problem = Problem::new(Code::NB0201, format!("`print` does not take {}", arg.val.describe())).at(arg.position);
            return Err(problem.help("numbers, None, constant strings, ranges, and tuples and lists of these can be printed"));
        }
        args.push(arg.expr.clone().cast(&arg.val.ty()));
    }
    computed(Ty::None, call.builtin(args, Ty::None))
}
