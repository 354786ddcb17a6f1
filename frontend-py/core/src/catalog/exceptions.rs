//! Builtin exception classes: called, they make an instance from strings and numbers.
use super::{Arg, Call, Row, row};
use crate::infer::{call::Arguments, expr::{Expr, Typing, computed}, problem::Problem, val::Val};
use numbra_abi::exception::{ExceptionKind, KINDS};
use numbra_dialects::{Code, py::Ty};

/// A row for each builtin class that the runtime knows.
pub(super) const ROWS: &[Row] = &{
    let mut rows = [row("", "*args", "", instance); KINDS.len() - 2];
    let (mut i, mut n) = (0, 0);
    while i < KINDS.len() {
        if KINDS[i].is_builtin() {
            rows[n] = row(KINDS[i].path(), "*args", "", instance);
            n += 1;
        }
        i += 1;
    }
    rows
};

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
