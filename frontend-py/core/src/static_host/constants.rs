//! Names that every file has, and constants of modules.
use crate::host::Value;
use numbra_abi::exception::KINDS;
use std::f64::consts;

/// Python's builtin functions and types, and the exceptions that compiled code cannot raise, sorted.
const BUILTINS: &[&str] = &[
    "BaseException", "Ellipsis", "GeneratorExit", "IOError", "KeyboardInterrupt", "ModuleNotFoundError", "PermissionError", "SyntaxError",
    "SystemExit", "abs", "all", "any", "ascii", "bin", "bool", "bytearray", "bytes", "callable", "chr", "complex", "delattr", "dict", "dir", "divmod",
    "enumerate", "eval", "exec", "filter", "float", "format", "frozenset", "getattr", "globals", "hasattr", "hash", "hex", "id", "input", "int",
    "isinstance", "issubclass", "iter", "len", "list", "locals", "map", "max", "memoryview", "min", "next", "object", "oct", "open", "ord", "pow",
    "print", "property", "range", "repr", "reversed", "round", "set", "setattr", "slice", "sorted", "str", "sum", "super", "tuple", "type", "vars",
    "zip",
];

/// Whether every file has a name.
pub fn is_builtin(name: &str) -> bool {
    BUILTINS.binary_search(&name).is_ok() || exceptions().any(|k| k == name)
}

/// The builtin exceptions that compiled code raises.
fn exceptions() -> impl Iterator<Item = &'static str> {
    KINDS.iter().filter(|k| k.is_builtin()).map(|k| k.name())
}

/// The names that every file has.
pub fn builtins() -> impl Iterator<Item = &'static str> {
    BUILTINS.iter().copied().chain(exceptions())
}

const CONSTANTS: &[(&str, &str, Value)] = &[
    ("cmath", "e", Value::Float(consts::E)),
    ("cmath", "inf", Value::Float(f64::INFINITY)),
    ("cmath", "infj", Value::Complex(0.0, f64::INFINITY)),
    ("cmath", "nan", Value::Float(f64::NAN)),
    ("cmath", "nanj", Value::Complex(0.0, f64::NAN)),
    ("cmath", "pi", Value::Float(consts::PI)),
    ("cmath", "tau", Value::Float(consts::TAU)),
    ("math", "e", Value::Float(consts::E)),
    ("math", "inf", Value::Float(f64::INFINITY)),
    ("math", "nan", Value::Float(f64::NAN)),
    ("math", "pi", Value::Float(consts::PI)),
    ("math", "tau", Value::Float(consts::TAU)),
    ("numpy", "False_", Value::Bool(false)),
    ("numpy", "True_", Value::Bool(true)),
    ("numpy", "e", Value::Float(consts::E)),
    ("numpy", "euler_gamma", Value::Float(0.577_215_664_901_532_9)),
    ("numpy", "inf", Value::Float(f64::INFINITY)),
    ("numpy", "nan", Value::Float(f64::NAN)),
    ("numpy", "newaxis", Value::None),
    ("numpy", "pi", Value::Float(consts::PI)),
];

/// The value of a module's constant.
pub fn of_module(module: &str, name: &str) -> Option<Value> {
    CONSTANTS.iter().find(|(m, n, _)| (*m, *n) == (module, name)).map(|(.., v)| v.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn builtins_are_sorted() {
        assert!(BUILTINS.is_sorted());
    }
}
