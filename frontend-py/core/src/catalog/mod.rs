//! The catalogue: one row per library function, class or method that compiled code may call, with its parameters and its typing rule.
//! A row is found by the canonical dotted path of its Python object. Each family has its file and its sorted table.
use crate::infer::{expr::{Expr, Typed, Typing}, problem::Problem, val::Val};
use crate::suggest::nearest;
use numbra_abi::DType;
use numbra_dialects::{Code, py::Ty};
use std::{collections::HashMap, sync::LazyLock};

pub mod absent;
pub mod attributes;
pub mod builtins;
pub mod creation;
mod date_text;
pub mod exceptions;
pub mod inspect;
pub mod lists;
mod literals;
pub mod math;
pub mod methods;
pub mod operator_module;
pub mod operators;
mod parallel;
pub mod predicates;
pub mod printing;
pub mod reductions;
pub mod scalar;
pub mod slices;
pub mod strings;
pub mod times;
pub mod types;

/// A typing rule.
pub type Rule = fn(&Call) -> Typing;

/// A library object.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// Canonical dotted path; methods stand under `array.` and `number.`
    pub path: &'static str,
    /// Parameters as in a Python signature: `a, b=None, /`, `*args`
    pub params: &'static str,
    /// Row of the typed stage's list that it becomes, where it becomes one
    pub target: &'static str,
    /// Typing rule
    pub rule: Rule,
}

/// A row of a table.
pub const fn row(path: &'static str, params: &'static str, target: &'static str, rule: Rule) -> Row {
    Row { path, params, target, rule }
}

/// An argument.
#[derive(Clone, Debug)]
pub struct Arg {
    /// What is known of it
    pub val: Val,
    /// How to compute it
    pub expr: Expr,
    /// Operand of the call, for diagnostics
    pub position: usize,
}

impl Arg {
    /// What a rule gives, in the place of an operand.
    pub fn of(typed: Typed, position: usize) -> Arg {
        Arg { expr: typed.whole(), val: typed.val, position }
    }
}

/// A call whose arguments are bound to parameters.
#[derive(Debug)]
pub struct Call {
    /// What is called
    pub row: &'static Row,
    /// By parameter; `None` where the default holds
    pub args: Vec<Option<Arg>>,
    /// Arguments of `*args`
    pub rest: Vec<Arg>,
}

impl Call {
    /// The argument of a required parameter.
    pub fn arg(&self, i: usize) -> Result<&Arg, Box<Problem>> {
        self.args.get(i).and_then(Option::as_ref).ok_or_else(|| Problem::new(Code::NB0900, format!("catalogue row {} lacks parameter {i}", self.row.path)))
    }

    /// The argument of an optional parameter; `None` where it is left out or None.
    pub fn optional(&self, i: usize) -> Option<&Arg> {
        self.args.get(i).and_then(Option::as_ref).filter(|a| a.val != Val::NONE)
    }

    /// The name of a parameter.
    pub fn parameter(&self, i: usize) -> &'static str {
        parameters(self.row.params).nth(i).map_or("argument", |p| p.name)
    }

    /// Refuses an argument.
    pub fn refuse(&self, arg: &Arg, wanted: &str) -> Box<Problem> {
        let problem = Problem::new(Code::NB0201, format!("`{}` takes {wanted}, not {}", self.row.path, arg.val.describe())).at(arg.position);
        if arg.val.ty().array().is_none() {
            return problem;
        }
        match self.row.path.strip_prefix("math.").filter(|name| lookup(&format!("numpy.{name}")).is_some()) {
            Some(name) => problem.help(format!("`np.{name}` takes whole arrays")),
            None => problem.help("call it for each element, in a loop"),
        }
    }

    /// A number.
    pub fn number(&self, i: usize) -> Result<(DType, Expr), Box<Problem>> {
        let arg = self.arg(i)?;
        Ok((arg.val.dtype().ok_or_else(|| self.refuse(arg, "a number"))?, arg.expr.clone()))
    }

    /// A number that is not complex.
    pub fn real(&self, i: usize) -> Result<(DType, Expr), Box<Problem>> {
        let arg = self.arg(i)?;
        let d = arg.val.dtype().filter(|d| !d.is_complex()).ok_or_else(|| self.refuse(arg, "a real number"))?;
        Ok((d, arg.expr.clone()))
    }

    /// An integer or bool.
    pub fn integer(&self, i: usize) -> Result<(DType, Expr), Box<Problem>> {
        let arg = self.arg(i)?;
        let d = arg.val.dtype().filter(|d| d.is_integer() || *d == DType::Bool).ok_or_else(|| self.refuse(arg, "an integer"))?;
        Ok((d, arg.expr.clone()))
    }

    /// Refuses parameters that exist in the library but not here, unless they are left at None.
    pub fn only(&self, first: usize) -> Result<(), Box<Problem>> {
        match (first..self.args.len()).find(|&i| self.optional(i).is_some()) {
            Some(i) => {
                let position = self.args[i].as_ref().map_or(0, |a| a.position);
                Err(Problem::new(Code::NB0201, format!("the argument `{}` of `{}` is not supported", self.parameter(i), self.row.path)).at(position))
            }
            None => Ok(()),
        }
    }

    /// The typed stage's function of this row.
    pub fn builtin(&self, args: Vec<Expr>, t: Ty) -> Expr {
        Expr::builtin(self.row.target, args, t)
    }
}

struct Parameter {
    name: &'static str,
    optional: bool,
    positional_only: bool,
    variadic: bool,
}

fn parameters(text: &'static str) -> impl Iterator<Item = Parameter> {
    let slash = text.find('/').unwrap_or(0);
    text.split(", ").scan(0usize, move |at, part| {
        let start = *at;
        *at += part.len() + 2;
        Some((start, part))
    }).filter(|(_, part)| !part.is_empty() && *part != "/").map(move |(start, part)| {
        let (name, default) = part.split_once('=').map_or((part, None), |(n, d)| (n, Some(d)));
        Parameter { name: name.trim_start_matches('*'), optional: default.is_some(), positional_only: start < slash, variadic: name.starts_with('*') }
    })
}

/// Binds arguments to the parameters of a row and types the call.
pub fn apply<'k>(row: &'static Row, receiver: Option<Arg>, arguments: impl Iterator<Item = (Option<&'k str>, Arg)>) -> Result<Typed, Box<Problem>> {
    let parameters: Vec<Parameter> = parameters(row.params).collect();
    let fixed = parameters.iter().take_while(|p| !p.variadic).count();
    let variadic = fixed < parameters.len();
    let mut call = Call { row, args: vec![None; parameters.len()], rest: vec![] };
    let mut positional = 0;
    for (keyword, arg) in receiver.into_iter().map(|r| (None, r)).chain(arguments) {
        let slot = match keyword {
            None if positional < fixed => {
                positional += 1;
                positional - 1
            }
            None if variadic => {
                call.rest.push(arg);
                continue;
            }
            None => {
                let message = format!("`{}` takes at most {fixed} argument{}: `({})`", row.path, if fixed == 1 { "" } else { "s" }, row.params);
                return Err(Problem::new(Code::NB0207, message).at(arg.position));
            }
            Some(k) => match parameters.iter().position(|p| p.name == k && !p.positional_only && !p.variadic) {
                Some(slot) => slot,
                None => {
                    let problem = Problem::new(Code::NB0207, format!("`{}` has no keyword argument `{k}`: `({})`", row.path, row.params)).at(arg.position);
                    return Err(problem.did_you_mean(nearest(k, parameters.iter().map(|p| p.name))));
                }
            },
        };
        if call.args[slot].is_some() {
            return Err(Problem::new(Code::NB0207, format!("`{}` gets its argument `{}` twice", row.path, parameters[slot].name)).at(arg.position));
        }
        call.args[slot] = Some(arg);
    }
    if let Some(missing) = (0..fixed).find(|&i| call.args[i].is_none() && !parameters[i].optional) {
        return Err(Problem::new(Code::NB0207, format!("`{}` misses its argument `{}`: `({})`", row.path, parameters[missing].name, row.params)));
    }
    (row.rule)(&call)
}

const TABLES: &[&[Row]] = &[
    builtins::ROWS,
    creation::ROWS,
    exceptions::ROWS,
    inspect::ROWS,
    lists::ROWS,
    literals::ROWS,
    math::ROWS,
    methods::ROWS,
    operator_module::ROWS,
    operators::ROWS,
    parallel::ROWS,
    predicates::ROWS,
    printing::ROWS,
    reductions::ROWS,
    scalar::ROWS,
    slices::ROWS,
    strings::ROWS,
    times::ROWS,
    types::ROWS,
];

static INDEX: LazyLock<HashMap<&'static str, &'static Row>> = LazyLock::new(|| catalogue().map(|r| (r.path, r)).collect());

/// All rows.
pub fn catalogue() -> impl Iterator<Item = &'static Row> {
    TABLES.iter().copied().flatten()
}

/// The row of a path.
pub fn lookup(path: &str) -> Option<&'static Row> {
    INDEX.get(path).copied()
}

/// Whether a row is a function of numbers that, on arrays, is applied to each element.
pub fn is_elementwise(path: &str) -> bool {
    path == "numpy.isnat" || [math::ROWS, operators::ROWS, scalar::ROWS].iter().any(|table| table.binary_search_by(|r| r.path.cmp(path)).is_ok()) && path.starts_with("numpy.")
}

/// How many parameters of a row have no default.
pub fn required(row: &Row) -> usize {
    parameters(row.params).filter(|p| !p.optional && !p.variadic).count()
}

/// The row of a method of arrays (`array`) or numbers (`number`).
pub fn method(family: &str, name: &str) -> Option<&'static Row> {
    lookup(&format!("{family}.{name}"))
}

/// Names of the methods of arrays or numbers.
pub fn methods(family: &str) -> impl Iterator<Item = &'static str> {
    catalogue().filter_map(move |r| r.path.split_once('.').filter(|(f, _)| *f == family).map(|(_, n)| n))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_sorted() {
        for table in TABLES {
            assert!(table.windows(2).all(|w| w[0].path < w[1].path), "{:?}", table.windows(2).find(|w| w[0].path >= w[1].path).map(|w| w[1].path));
        }
    }

    #[test]
    fn signatures_are_read() {
        let read: Vec<_> = parameters("a, b=None, /, *args").map(|p| (p.name, p.optional, p.positional_only, p.variadic)).collect();
        assert_eq!(read, [("a", false, true, false), ("b", true, true, false), ("args", false, false, true)]);
    }
}
