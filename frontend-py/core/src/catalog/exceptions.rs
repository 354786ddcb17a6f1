//! Builtin exception classes: called, they make an instance from strings and numbers.
use super::{Call, Row, row};
use crate::infer::{
    expr::{Expr, Typing, computed},
    val::Val,
};
use numbra_abi::exception::ExceptionKind;
use numbra_dialects::{Code, py::Ty};

pub(super) const ROWS: &[Row] = &[
    row("builtins.ArithmeticError", "*args", "", instance),
    row("builtins.AssertionError", "*args", "", instance),
    row("builtins.AttributeError", "*args", "", instance),
    row("builtins.BufferError", "*args", "", instance),
    row("builtins.DeprecationWarning", "*args", "", instance),
    row("builtins.EOFError", "*args", "", instance),
    row("builtins.Exception", "*args", "", instance),
    row("builtins.FloatingPointError", "*args", "", instance),
    row("builtins.ImportError", "*args", "", instance),
    row("builtins.IndexError", "*args", "", instance),
    row("builtins.KeyError", "*args", "", instance),
    row("builtins.LookupError", "*args", "", instance),
    row("builtins.MemoryError", "*args", "", instance),
    row("builtins.NameError", "*args", "", instance),
    row("builtins.NotImplementedError", "*args", "", instance),
    row("builtins.OSError", "*args", "", instance),
    row("builtins.OverflowError", "*args", "", instance),
    row("builtins.RecursionError", "*args", "", instance),
    row("builtins.ReferenceError", "*args", "", instance),
    row("builtins.RuntimeError", "*args", "", instance),
    row("builtins.RuntimeWarning", "*args", "", instance),
    row("builtins.StopIteration", "*args", "", instance),
    row("builtins.SystemError", "*args", "", instance),
    row("builtins.TimeoutError", "*args", "", instance),
    row("builtins.TypeError", "*args", "", instance),
    row("builtins.UnboundLocalError", "*args", "", instance),
    row("builtins.UnicodeError", "*args", "", instance),
    row("builtins.UserWarning", "*args", "", instance),
    row("builtins.ValueError", "*args", "", instance),
    row("builtins.Warning", "*args", "", instance),
    row("builtins.ZeroDivisionError", "*args", "", instance),
];

fn instance(call: &Call) -> Typing {
    let name = call.row.path.trim_start_matches("builtins.");
    if ExceptionKind::from_name(name).is_none() {
        return Err(crate::infer::problem::Problem::new(Code::NB0900, format!("{name} is no exception of the runtime")));
    }
    let mut args = vec![];
    for arg in &call.rest {
        match &arg.val {
            Val::Of(Ty::Literal(_) | Ty::Str) => args.push(arg.expr.clone()),
            v if v.dtype().is_some_and(|d| !d.is_complex()) => args.push(arg.expr.clone()),
            _ => return Err(call.refuse(arg, "strings and real numbers")),
        }
    }
    computed(Ty::Exception(name.into()), Expr::Exception(name.into(), args))
}
