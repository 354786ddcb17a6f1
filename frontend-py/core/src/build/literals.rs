//! Numbers, strings, `True`, `False`, `None` and `...`; and values that the host knows, as constants.
use super::{function::Builder, ir::{Literal, Op, Val, Vals, attributes}};
use crate::host::Value;
use numbra_abi::{DType, dtype::Kind};
use numbra_dialects::{Code, Diagnostic, py::{ArrayTy, Layout}};
use ruff_python_ast::{Expr, ExprNumberLiteral, ExprUnaryOp, Int, Number, UnaryOp};
use ruff_text_size::TextRange;
use std::sync::Arc;

/// An integer literal; `None` when it has more than 64 bits.
fn integer(value: &Int, negative: bool) -> Option<Literal> {
    // Ruff keeps numbers beyond 64 bits, and some that fit, as text.
    let magnitude = value.as_u64().or_else(|| value.to_string().parse().ok())?;
    match (negative, i64::try_from(magnitude)) {
        (false, Ok(i)) => Some(Literal::Int(i)),
        (true, Ok(i)) => Some(Literal::Int(-i)),
        (false, Err(_)) => Some(Literal::UInt(magnitude)),
        (true, Err(_)) => (magnitude == 1 << 63).then_some(Literal::Int(i64::MIN)),
    }
}

/// The value of a literal; none for ellipses, complex numbers, integers beyond 64 bits, and what is no literal.
pub fn literal(e: &Expr) -> Option<Literal> {
    Some(match e {
        Expr::NoneLiteral(_) => Literal::None,
        Expr::BooleanLiteral(b) => Literal::Bool(b.value),
        Expr::StringLiteral(s) => Literal::Str(s.value.to_str().to_string()),
        Expr::NumberLiteral(n) => match &n.value {
            Number::Int(i) => integer(i, false)?,
            Number::Float(f) => Literal::Float(*f),
            Number::Complex { .. } => return None,
        },
        Expr::UnaryOp(u) if u.op == UnaryOp::USub => match &*u.operand {
            Expr::NumberLiteral(n) => match &n.value {
                Number::Int(i) => integer(i, true)?,
                Number::Float(f) => Literal::Float(-f),
                Number::Complex { .. } => return None,
            },
            _ => return None,
        },
        _ => return None,
    })
}

impl<'a> Builder<'a, '_> {
    /// A number.
    pub fn number(&mut self, e: &'a ExprNumberLiteral) -> Val {
        match &e.value {
            Number::Int(i) => match integer(i, false) {
                Some(literal) => self.constant(literal, e.range),
                None => self.refuse_integer(e.range),
            },
            Number::Float(f) => self.constant(Literal::Float(*f), e.range),
            Number::Complex { real, imag } => self.complex("builtins.complex", *real, *imag, e.range),
        }
    }

    fn refuse_integer(&mut self, range: TextRange) -> Val {
        let place = self.span(range);
        self.error(Diagnostic::error(Code::NB0101, place.clone(), "integer literal is too large")
            .label(place, "does not fit 64 bits")
            .help("compiled integers have 64 bits: write it as a float, as in `1e30`"))
    }

    /// `-1` is one constant; so are the smallest integers, whose magnitude alone would not fit.
    pub fn negative_number(&mut self, e: &'a ExprUnaryOp) -> Option<Val> {
        let (UnaryOp::USub, Expr::NumberLiteral(n)) = (e.op, &*e.operand) else { return None };
        match &n.value {
            Number::Int(i) => Some(match integer(i, true) {
                Some(literal) => self.constant(literal, e.range),
                None => self.refuse_integer(e.range),
            }),
            Number::Float(f) => Some(self.constant(Literal::Float(-f), e.range)),
            Number::Complex { .. } => None,
        }
    }

    /// A literal without parts.
    pub fn simple_literal(&mut self, e: &'a Expr) -> Val {
        match e {
            Expr::BooleanLiteral(b) => self.constant(Literal::Bool(b.value), b.range),
            Expr::StringLiteral(s) => self.constant(Literal::Str(s.value.to_str().to_string()), s.range),
            Expr::EllipsisLiteral(x) => self.push(Op::Ellipsis, x.range),
            other => self.constant(Literal::None, ruff_text_size::Ranged::range(other)),
        }
    }

    /// A complex number: the class called with two floats.
    fn complex(&mut self, class: &str, real: f64, imaginary: f64, range: TextRange) -> Val {
        let callee = self.push(Op::Entity(class.into()), range);
        let arguments = [real, imaginary].iter().map(|x| self.constant(Literal::Float(*x), range)).collect();
        self.push(Op::Call { callee, arguments, keywords: vec![] }, range)
    }

    /// Bytes: an array of the program, as that class.
    pub fn bytes(&mut self, bytes: Arc<[u8]>, range: TextRange) -> Val {
        let callee = self.push(Op::Entity("numbra.intrinsics.buffer_of".into()), range);
        let class = self.constant(Literal::Str("bytes".into()), range);
        let t = ArrayTy { dtype: DType::UInt8, rank: 1, layout: Layout::C, readonly: true };
        let data = self.constant(Literal::Array(t, vec![bytes.len()], bytes), range);
        self.push(Op::Call { callee, arguments: Vals::from_slice(&[class, data]), keywords: vec![] }, range)
    }

    /// A value that the host knows. `what` names it in a diagnostic.
    pub fn known_value(&mut self, value: &Value, what: &str, range: TextRange) -> Val {
        match value {
            Value::None => self.constant(Literal::None, range),
            Value::Ellipsis => self.push(Op::Ellipsis, range),
            Value::Bool(b) => self.constant(Literal::Bool(*b), range),
            Value::Int(i) => self.constant(Literal::Int(*i), range),
            Value::UInt(u) => self.constant(Literal::UInt(*u), range),
            Value::Float(f) => self.constant(Literal::Float(*f), range),
            Value::Str(s) => self.constant(Literal::Str(s.clone()), range),
            Value::Bytes(bytes) => self.bytes(bytes.clone(), range),
            Value::Complex(re, im) => self.complex("builtins.complex", *re, *im, range),
            Value::Scalar(dtype, bytes) if dtype.kind() == Kind::Complex => {
                let (re, im) = attributes::parts(*dtype, bytes);
                if *dtype == DType::Complex128 {
                    return self.complex("builtins.complex", re, im, range);
                }
                let wide = self.complex("builtins.complex", re, im, range);
                let callee = self.push(Op::Entity(format!("numpy.{}", dtype.name())), range);
                self.push(Op::Call { callee, arguments: Vals::from_slice(&[wide]), keywords: vec![] }, range)
            }
            Value::Scalar(dtype, bytes) if let Some(unit) = dtype.unit() => {
                let class = if dtype.kind() == Kind::DateTime { "numpy.datetime64" } else { "numpy.timedelta64" };
                let callee = self.push(Op::Entity(class.into()), range);
                let value = self.constant(Literal::Int(attributes::word(bytes)), range);
                let unit = self.constant(Literal::Str(unit.name().into()), range);
                self.push(Op::Call { callee, arguments: Vals::from_slice(&[value, unit]), keywords: vec![] }, range)
            }
            Value::Scalar(dtype, bytes) => self.constant(Literal::Scalar(*dtype, *bytes), range),
            Value::Tuple(items) => {
                let items = items.iter().map(|v| self.known_value(v, what, range)).collect();
                self.push(Op::Tuple(items), range)
            }
            Value::Slice(parts) => {
                let parts = (**parts).each_ref().map(|v| self.known_value(v, what, range));
                self.push(Op::Slice(parts), range)
            }
            Value::Array(ty, shape, data) => self.constant(Literal::Array(*ty, shape.clone(), data.clone()), range),
            Value::Class(class) => self.push(Op::Class(class.clone()), range),
            Value::Member(class, name, value) => {
                let callee = self.push(Op::Class(class.clone()), range);
                let value = self.known_value(value, &format!("the value of `{name}`"), range);
                self.push(Op::Call { callee, arguments: Vals::from_slice(&[value]), keywords: vec!["value".into()] }, range)
            }
            Value::Entity(path) => self.push(Op::Entity(path.clone()), range),
            Value::Function(id) => match self.symbols.of(*id) {
                Ok(symbol) => self.push(Op::Function(symbol), range),
                Err(diagnostic) => {
                    let place = self.span(range);
                    self.error(diagnostic.label(place, "used here"))
                }
            },
            Value::ContextManager(_) => {
                let place = self.span(range);
                self.error(Diagnostic::error(Code::NB0104, place.clone(), format!("the context manager {what} cannot be used as a value"))
                    .label(place, "a context manager")
                    .help("call it in a `with` statement: `with manager(...) as x:`"))
            }
            Value::Module(_) => {
                let place = self.span(range);
                self.error(Diagnostic::error(Code::NB0104, place.clone(), format!("the module {what} cannot be used as a value"))
                    .label(place, "a module")
                    .help("use one of its attributes"))
            }
            Value::Unsupported(type_name) => {
                let place = self.span(range);
                self.error(Diagnostic::error(Code::NB0104, place.clone(), format!("{what} has a type that compiled code cannot use: `{type_name}`"))
                    .label(place, format!("`{type_name}`"))
                    .note("globals and captured variables are constants: numbers, strings, tuples of these, modules and compiled functions")
                    .help(instead_of(type_name)))
            }
        }
    }
}

/// What to do instead of using a global object of a Python type.
fn instead_of(type_name: &str) -> &'static str {
    match type_name {
        "function" => "decorate it with `njit`, or call it in the calling Python code and pass what it returns",
        "builtin_function_or_method" | "method" => "call it in the calling Python code, and pass what it returns",
        "list" => "make it a tuple or an array, or pass it as an argument",
        "dict" => "use tuples or arrays for keys and values",
        "set" | "frozenset" => "use a sorted array, or an array of bool",
        "type" => "use a named tuple or a tuple for the data; enumerations of numbers can be used too",
        _ => "pass what the function needs of it as arguments: numbers, strings, tuples, arrays",
    }
}
