//! `print`: what it takes. How values are shown is the business of the runtime, which gets them with a description of their types.
use super::{Arg, Call, Row, row};
use crate::infer::{
    expr::{Expr, Typing, computed},
    objects::{formatting::is_shown, strings::{is_string, stored}},
    problem::Problem,
    val::Val,
};
use numbra_dialects::{Code, py::Ty};

pub(super) const ROWS: &[Row] = &[row("builtins.print", "*args, sep=None, end=None, file=None, flush=None", "print", print)];

fn text(call: &Call, arg: Option<&Arg>, default: &str) -> Result<Expr, Box<Problem>> {
    match arg {
        None => Ok(Expr::constant(Val::string(default))),
        Some(arg) if is_string(&arg.val) => Ok(arg.expr.clone()),
        Some(arg) => Err(call.refuse(arg, format!("a string as `{}`", if default == " " { "sep" } else { "end" }).as_str())),
    }
}

fn print(call: &Call) -> Typing {
    // What is written goes to Python's stream at once, which flushes when it likes.
    call.only(if call.optional(4).is_some_and(|a| a.val == Val::Bool(false)) && call.optional(3).is_none() { 5 } else { 3 })?;
    let mut args = vec![text(call, call.optional(1), " ")?, text(call, call.optional(2), "\n")?];
    for arg in &call.rest {
        if !is_shown(&arg.val.ty()) {
            let problem = Problem::new(Code::NB0201, format!("`print` does not take {}", arg.val.describe())).at(arg.position);
            return Err(problem.help("numbers, dates, None, strings, ranges, arrays of numbers, named tuples and enumerations, and tuples and lists of these can be printed"));
        }
        args.push(arg.expr.clone().cast(&stored(&arg.val.ty())));
    }
    computed(Ty::None, call.builtin(args, Ty::None))
}
