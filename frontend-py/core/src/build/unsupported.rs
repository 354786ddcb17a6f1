//! What is said about constructs that are not supported: message, label under the source, and what to do instead.
use ruff_python_ast::{Expr, Stmt};
use ruff_text_size::{Ranged, TextRange, TextSize};

/// Message, label and help.
pub type Text = (&'static str, &'static str, &'static str);

/// The first characters of a statement: its keyword. The whole of a long statement would hide what is meant.
fn keyword(statement: &Stmt, length: u32) -> TextRange {
    TextRange::at(statement.range().start(), TextSize::from(length))
}

/// Of a pattern that takes mappings apart.
pub const MAPPING_PATTERN: Text = ("mapping patterns are not supported", "takes a dictionary apart", "compiled code has no dictionaries: match a tuple or a named tuple");

/// `objmode(...)` by any module.
fn is_objmode(e: &Expr) -> bool {
    match e {
        Expr::Call(c) => is_objmode(&c.func),
        Expr::Attribute(a) => a.attr.as_str() == "objmode",
        Expr::Name(n) => n.id.as_str() == "objmode",
        _ => false,
    }
}

/// Of a statement, with the place to show.
pub fn statement(statement: &Stmt) -> (TextRange, &'static str, &'static str, &'static str) {
    let whole = statement.range();
    let (range, (message, label, help)): (TextRange, Text) = match statement {
        Stmt::ClassDef(s) => (s.name.range, (
            "classes inside functions are not supported", "defined inside a compiled function", "use tuples or arrays for the data")),
        Stmt::Try(_) => (keyword(statement, 3), (
            "`try` is not supported", "catches exceptions", "test for the condition before, or catch the exception in the calling Python code")),
        Stmt::With(s) if s.items.iter().any(|i| is_objmode(&i.context_expr)) => (keyword(statement, 4), (
            "object mode is not supported", "would run in the interpreter", "return the values that Python needs, and go on in another compiled function")),
        Stmt::With(s) => (keyword(statement, if s.is_async { 10 } else { 4 }), (
            "`with` is not supported", "a context manager", "enter the context in the calling Python code; compiled code takes calls of functions decorated with `contextlib.contextmanager`, `contextlib.nullcontext`, `numpy.errstate` and `numbra.parallel_chunksize`")),
        Stmt::Import(_) | Stmt::ImportFrom(_) => (whole, (
            "imports inside functions are not supported", "runs at every call", "move the import to the top of the file")),
        Stmt::TypeAlias(_) => (whole, ("type aliases inside functions are not supported", "no value at run time", "move it to the top of the file")),
        Stmt::IpyEscapeCommand(_) => (whole, ("IPython commands are not Python", "not Python", "remove it from the function")),
        _ => (whole, ("statement is not supported", "not supported", "rewrite it with simpler statements")),
    };
    (range, message, label, help)
}

/// Of an expression.
pub fn expression(e: &Expr) -> Text {
    match e {
        Expr::Dict(_) => ("dictionaries are not supported", "a dictionary", "use arrays for keys and values"),
        Expr::Set(_) => ("sets are not supported", "a set", "use a sorted array, or an array of bool"),
        Expr::SetComp(_) => ("set comprehensions are not supported", "builds a set", "fill an array in a `for` loop"),
        Expr::DictComp(_) => ("dictionary comprehensions are not supported", "builds a dictionary", "fill arrays in a `for` loop"),
        Expr::Generator(_) => ("a generator cannot be kept", "a generator", "consume it on the spot, as in `sum(...)`, `any(...)` or a `for` loop, or make it a list"),
        Expr::TString(_) => ("template strings are not supported", "a template string", "build the text in the calling Python code"),
        Expr::Yield(_) | Expr::YieldFrom(_) => ("generators are not supported", "makes the function a generator", "fill an array and return it"),
        Expr::Await(_) => ("`await` is not supported", "waits for a coroutine", "await in the calling Python code"),
        Expr::Starred(_) => ("starred expressions are not supported", "unpacks a sequence", "write out the elements"),
        Expr::IpyEscapeCommand(_) => ("IPython commands are not Python", "not Python", "remove it from the function"),
        _ => ("expression is not supported", "not supported", "rewrite it with simpler expressions"),
    }
}
