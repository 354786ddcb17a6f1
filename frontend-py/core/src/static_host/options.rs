//! Compile options in a decorator: `@njit(fastmath=True)`.
use crate::host::{Options, Value};
use ruff_python_ast::Expr;

/// What files of the library mark functions and parameters with.
pub const LIBRARY_MARKS: &[&str] = &["numbra.lib.Static", "numbra.lib.implements"];

/// Names of our decorators, by canonical path.
pub const DECORATORS: &[&str] = &["numbra.jit", "numbra.njit"];

/// Reads one option. Others than those that change code are left out.
pub fn set(options: &mut Options, name: &str, value: &Expr) {
    let truth = match value {
        Expr::BooleanLiteral(b) => Some(b.value),
        _ => None,
    };
    let text = match value {
        Expr::StringLiteral(s) => Some(s.value.to_str().to_string()),
        _ => None,
    };
    match (name, truth, text) {
        ("boundscheck", Some(b), _) => options.boundscheck = b,
        ("nogil", Some(b), _) => options.nogil = b,
        ("parallel", Some(b), _) => options.parallel = b,
        ("debug", Some(b), _) => options.debug = b,
        ("fastmath", Some(b), _) => options.fastmath = if b { vec!["fast".into()] } else { vec![] },
        ("fastmath", ..) => options.fastmath = flags(value),
        ("error_model", _, Some(s)) => options.error_model = s,
        ("inline", _, Some(s)) => options.inline = s,
        ("rewrite_rules", _, Some(s)) => options.rewrite_rules = Some(s),
        _ => {}
    }
}

fn flags(value: &Expr) -> Vec<String> {
    let elements: &[Expr] = match value {
        Expr::Set(s) => &s.elts,
        Expr::Tuple(t) => &t.elts,
        Expr::List(l) => &l.elts,
        _ => return vec![],
    };
    let mut flags: Vec<String> = elements.iter().filter_map(|e| e.as_string_literal_expr()).map(|s| s.value.to_str().to_string()).collect();
    flags.sort();
    flags
}

/// Whether a value is one of our decorators.
pub fn is_decorator(value: &Value) -> bool {
    matches!(value, Value::Entity(path) if DECORATORS.contains(&path.as_str()))
}
