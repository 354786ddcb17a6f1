//! Builtin exception classes: called, they make an instance from strings and numbers.
use super::{Arg, Call, Row, row};
use crate::infer::{
    call::Arguments,
    expr::{Expr, Typing, computed},
    problem::Problem,
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
        return Err(Problem::new(Code::NB0900, format!("{name} is no exception of the runtime")));
    }
    made(name, call.rest.iter())
}

/// An instance of a class that is not builtin: one of the program or of NumPy.
pub fn named(path: &str, arguments: Arguments) -> Typing {
    if let Some((Some(keyword), arg)) = arguments.iter().find(|a| a.0.is_some()) {
        return Err(Problem::new(Code::NB0207, format!("an exception takes no keyword argument (`{keyword}`) in compiled code")).at(arg.position));
    }
    made(path, arguments.iter().map(|a| &a.1))
}

fn made<'a>(name: &str, arguments: impl Iterator<Item = &'a Arg>) -> Typing {
    let mut args = vec![];
    for arg in arguments {
        match &arg.val {
            Val::Of(Ty::Literal(_) | Ty::Str) => args.push(arg.expr.clone()),
            v if v.dtype().is_some_and(|d| !d.is_complex()) => args.push(arg.expr.clone()),
            v => {
                let path = if name.contains(['.', ':']) { name.to_string() } else { format!("builtins.{name}") };
                return Err(Problem::new(Code::NB0201, format!("`{path}` takes strings and real numbers, not {}", v.describe())).at(arg.position));
            }
        }
    }
    computed(Ty::Exception(name.into()), Expr::Exception(name.into(), args))
}
