//! What the statements of a file's top level bind.
use super::{StaticHost, options};
use crate::library::ELEMENTWISE;
use crate::{host::{FunctionId, FunctionSource, Hint, Host, Options, Value}, source::{Unit, deeper}};
use ruff_python_ast::{Expr, ExprCall, Number, Operator, Parameters, Stmt, StmtFunctionDef, UnaryOp};
use ruff_text_size::Ranged;

/// Reads all statements in order; a later binding replaces an earlier one, as it does when the functions run.
pub fn run(host: &mut StaticHost, unit: &Unit) {
    statements(host, unit, unit.body());
}

fn statements(host: &mut StaticHost, unit: &Unit, list: &[Stmt]) {
    for s in list {
        deeper(|| statement(host, unit, s));
    }
}

/// `numba` is served by numbra, so both are one module.
fn canonical(path: &str) -> String {
    match path.strip_prefix("numba") {
        Some(rest) if rest.is_empty() || rest.starts_with('.') => format!("numbra{rest}"),
        _ => path.to_string(),
    }
}

fn statement(host: &mut StaticHost, unit: &Unit, s: &Stmt) {
    match s {
        Stmt::Import(import) => {
            for alias in &import.names {
                let path = canonical(&alias.name);
                let whole = host.module(&path);
                match &alias.asname {
                    Some(name) => host.names.insert(name.to_string(), whole),
                    None => {
                        let top = alias.name.split('.').next().unwrap_or_default().to_string();
                        let module = host.module(&canonical(&top));
                        host.names.insert(top, module)
                    }
                };
            }
        }
        Stmt::ImportFrom(import) if import.level == 0 => {
            let Some(path) = &import.module else { return };
            let Value::Module(module) = host.module(&canonical(path)) else { return };
            for alias in &import.names {
                if let Some(value) = host.attribute(module, &alias.name) {
                    host.names.insert(alias.asname.as_ref().unwrap_or(&alias.name).to_string(), value);
                }
            }
        }
        Stmt::Assign(a) => {
            let value = evaluate(host, unit, &a.value);
            for target in &a.targets {
                bind(host, target, &value);
            }
        }
        Stmt::AnnAssign(a) => {
            if let Some(value) = &a.value {
                let value = evaluate(host, unit, value);
                bind(host, &a.target, &value);
            }
        }
        Stmt::AugAssign(a) => {
            let (left, right) = (evaluate(host, unit, &a.target), evaluate(host, unit, &a.value));
            bind(host, &a.target, &binary(a.op, &left, &right));
        }
        Stmt::FunctionDef(def) => define(host, unit, def),
        Stmt::ClassDef(class) => {
            host.names.insert(class.name.to_string(), Value::Unsupported("type".into()));
        }
        Stmt::If(s) if !is_main(&s.test) => {
            statements(host, unit, &s.body);
            s.elif_else_clauses.iter().for_each(|c| statements(host, unit, &c.body));
        }
        Stmt::Try(s) => {
            // The names of the undisturbed run win.
            s.handlers.iter().for_each(|h| statements(host, unit, h.as_except_handler().map_or(&[][..], |h| &h.body[..])));
            statements(host, unit, &s.body);
            statements(host, unit, &s.orelse);
        }
        _ => {}
    }
}

/// `__name__ == ...`: the part of a script that a tool does not run.
fn is_main(test: &Expr) -> bool {
    matches!(test, Expr::Compare(c) if matches!(&*c.left, Expr::Name(n) if n.id.as_str() == "__name__"))
}

fn bind(host: &mut StaticHost, target: &Expr, value: &Value) {
    let elements = match target {
        Expr::Name(name) => {
            host.names.insert(name.id.to_string(), value.clone());
            return;
        }
        Expr::Tuple(t) => &t.elts,
        Expr::List(l) => &l.elts,
        _ => return,
    };
    for (i, element) in elements.iter().enumerate() {
        let part = match value {
            Value::Tuple(values) => values.get(i).cloned(),
            _ => None,
        };
        bind(host, element, &part.unwrap_or_else(|| Value::Unsupported("object".into())));
    }
}

fn define(host: &mut StaticHost, unit: &Unit, def: &StmtFunctionDef) {
    let mut settings = Options::default();
    let mut decorated = false;
    let mut manager = false;
    for decorator in &def.decorator_list {
        let (callee, call) = match &decorator.expression {
            Expr::Call(call) => (&*call.func, Some(call)),
            other => (other, None),
        };
        if let (Some(call), true) = (call, evaluate(host, unit, callee) == Value::Entity(IMPLEMENTS.into())) {
            let elementwise = call.arguments.find_keyword("elementwise").is_some();
            for target in &call.arguments.args {
                match evaluate(host, unit, target) {
                    Value::Entity(path) | Value::Str(path) => {
                        let path = if elementwise { format!("{ELEMENTWISE}{path}") } else { path };
                        host.implementations.push((path, def.name.to_string()));
                    }
                    _ => {}
                }
            }
            call.arguments.keywords.iter().for_each(|k| _ = k.arg.as_ref().map(|name| options::set(&mut settings, name, &k.value)));
        }
        manager |= evaluate(host, unit, callee) == Value::Entity(CONTEXT_MANAGER.into());
        if options::is_decorator(&evaluate(host, unit, callee)) {
            decorated = true;
            call.into_iter().for_each(|c| keywords(&mut settings, c));
        }
    }
    let start = def.decorator_list.first().map_or(def.range.start(), |d| d.range.start());
    let place = (unit.line(start), Hint::default());
    let id = function(host, unit, def.name.as_str(), place, Some(&def.parameters), settings, decorated);
    host.names.insert(def.name.to_string(), if manager { Value::ContextManager(id) } else { Value::Function(id) });
}

/// The decorator of generator functions that `with` statements enter.
const CONTEXT_MANAGER: &str = "contextlib.contextmanager";

/// The decorator of library functions: `@implements(np.take, "array.take")`.
const IMPLEMENTS: &str = "numbra.lib.implements";

fn keywords(settings: &mut Options, call: &ExprCall) {
    for keyword in &call.arguments.keywords {
        if let Some(name) = &keyword.arg {
            options::set(settings, name, &keyword.value);
        }
    }
}

fn function(host: &mut StaticHost, unit: &Unit, name: &str, (first_line, hint): (usize, Hint), parameters: Option<&Parameters>, options: Options, decorated: bool) -> FunctionId {
    let plain = parameters.into_iter().flat_map(|p| p.posonlyargs.iter().chain(&p.args));
    let defaults: Vec<&Expr> = plain.filter_map(|p| p.default.as_deref()).collect();
    let defaults = defaults.into_iter().map(|d| evaluate(host, unit, d)).collect();
    let named = parameters.into_iter().flat_map(|p| &p.kwonlyargs).filter_map(|p| Some((p.parameter.name.to_string(), p.default.as_deref()?)));
    let keyword_defaults = named.map(|(name, d)| (name, evaluate(host, unit, d))).collect();
    let (text, file) = (host.text.clone(), host.file.clone());
    let qualname = host.library.as_ref().map_or_else(|| name.to_string(), |module| format!("{module}.{name}"));
    host.functions.push(FunctionSource { text, file, name: name.into(), qualname, first_line, hint, defaults, keyword_defaults, options });
    host.decorated.push(decorated);
    host.functions.len() as FunctionId - 1
}

/// The value of an expression, as far as the text tells it.
fn evaluate(host: &mut StaticHost, unit: &Unit, e: &Expr) -> Value {
    let unknown = |name: &str| Value::Unsupported(name.into());
    match e {
        Expr::NoneLiteral(_) => Value::None,
        Expr::EllipsisLiteral(_) => Value::Ellipsis,
        Expr::BooleanLiteral(b) => Value::Bool(b.value),
        Expr::StringLiteral(s) => Value::Str(s.value.to_str().into()),
        Expr::NumberLiteral(n) => match &n.value {
            Number::Int(i) => match (i.as_i64(), i.to_string().parse()) {
                (Some(i), _) => Value::Int(i),
                (_, Ok(u)) => Value::UInt(u),
                _ => unknown("int of more than 64 bits"),
            },
            Number::Float(f) => Value::Float(*f),
            Number::Complex { real, imag } => Value::Complex(*real, *imag),
        },
        Expr::Tuple(t) => Value::Tuple(t.elts.iter().map(|e| evaluate(host, unit, e)).collect()),
        Expr::Name(name) => host.global(0, &name.id).unwrap_or_else(|| unknown("object")),
        Expr::Attribute(a) => match deeper(|| evaluate(host, unit, &a.value)) {
            Value::Module(module) => host.attribute(module, &a.attr).unwrap_or_else(|| unknown("object")),
            _ => unknown("object"),
        },
        Expr::UnaryOp(u) => unary(u.op, &deeper(|| evaluate(host, unit, &u.operand))),
        Expr::BinOp(b) => {
            let left = deeper(|| evaluate(host, unit, &b.left));
            binary(b.op, &left, &deeper(|| evaluate(host, unit, &b.right)))
        }
        Expr::Lambda(l) => {
            let place = (unit.line(l.range.start()), Hint { code: Some(unit.places(l.body.range())), parameters: None });
            Value::Function(function(host, unit, "<lambda>", place, l.parameters.as_deref(), Options::default(), false))
        }
        Expr::Call(call) => wrapped(host, unit, call).unwrap_or_else(|| unknown("object")),
        Expr::List(_) | Expr::ListComp(_) => unknown("list"),
        Expr::Dict(_) | Expr::DictComp(_) => unknown("dict"),
        Expr::Set(_) | Expr::SetComp(_) => unknown("set"),
        Expr::BytesLiteral(b) => Value::Bytes(b.value.bytes().collect()),
        Expr::FString(_) => unknown("str"),
        Expr::Generator(_) => unknown("generator"),
        _ => unknown("object"),
    }
}

/// `njit(f)` and `njit(option=...)(f)`.
fn wrapped(host: &mut StaticHost, unit: &Unit, call: &ExprCall) -> Option<Value> {
    let (decorator, outer) = match &*call.func {
        Expr::Call(inner) => (&*inner.func, Some(inner)),
        other => (other, None),
    };
    if !options::is_decorator(&evaluate(host, unit, decorator)) {
        return None;
    }
    let Value::Function(id) = evaluate(host, unit, call.arguments.args.first()?) else { return None };
    let mut settings = Options::default();
    outer.into_iter().for_each(|c| keywords(&mut settings, c));
    keywords(&mut settings, call);
    host.functions.get_mut(id as usize)?.options = settings;
    *host.decorated.get_mut(id as usize)? = true;
    Some(Value::Function(id))
}

fn unary(op: UnaryOp, value: &Value) -> Value {
    let result = match (op, value) {
        (UnaryOp::USub, Value::Int(i)) => i.checked_neg().map(Value::Int),
        (UnaryOp::USub, Value::UInt(u)) if *u == 1 << 63 => Some(Value::Int(i64::MIN)),
        (UnaryOp::USub, Value::Float(f)) => Some(Value::Float(-f)),
        (UnaryOp::USub, Value::Complex(re, im)) => Some(Value::Complex(-re, -im)),
        (UnaryOp::UAdd, Value::Int(_) | Value::UInt(_) | Value::Float(_) | Value::Complex(..)) => Some(value.clone()),
        (UnaryOp::Invert, Value::Int(i)) => Some(Value::Int(!i)),
        (UnaryOp::Not, Value::Bool(b)) => Some(Value::Bool(!b)),
        _ => None,
    };
    result.unwrap_or_else(|| Value::Unsupported("object".into()))
}

fn binary(op: Operator, left: &Value, right: &Value) -> Value {
    let float = |v: &Value| match v {
        Value::Int(i) => Some(*i as f64),
        Value::UInt(u) => Some(*u as f64),
        Value::Float(f) => Some(*f),
        _ => None,
    };
    let result = match (left, right) {
        (Value::Int(a), Value::Int(b)) if op != Operator::Div => integers(op, *a, *b).map(Value::Int),
        (Value::Tuple(a), Value::Tuple(b)) if op == Operator::Add => Some(Value::Tuple([a.clone(), b.clone()].concat())),
        (Value::Str(a), Value::Str(b)) if op == Operator::Add => Some(Value::Str(format!("{a}{b}"))),
        (a, b) => float(a).zip(float(b)).and_then(|(a, b)| floats(op, a, b)).map(Value::Float),
    };
    result.unwrap_or_else(|| Value::Unsupported("object".into()))
}

/// Python's integer arithmetic; `None` for results beyond 64 bits and for errors.
fn integers(op: Operator, a: i64, b: i64) -> Option<i64> {
    let floor = |q: i64| if a % b != 0 && (a < 0) != (b < 0) { q - 1 } else { q };
    match op {
        Operator::Add => a.checked_add(b),
        Operator::Sub => a.checked_sub(b),
        Operator::Mult => a.checked_mul(b),
        Operator::FloorDiv => a.checked_div(b).map(floor),
        Operator::Mod => a.checked_rem(b).map(|r| if r != 0 && (r < 0) != (b < 0) { r + b } else { r }),
        Operator::Pow => u32::try_from(b).ok().and_then(|b| a.checked_pow(b)),
        Operator::LShift => u32::try_from(b).ok().filter(|b| *b < 64).map(|b| (a as i128) << b).and_then(|r| i64::try_from(r).ok()),
        Operator::RShift => u32::try_from(b).ok().map(|b| a >> b.min(63)),
        Operator::BitAnd => Some(a & b),
        Operator::BitOr => Some(a | b),
        Operator::BitXor => Some(a ^ b),
        Operator::Div | Operator::MatMult => None,
    }
}

fn floats(op: Operator, a: f64, b: f64) -> Option<f64> {
    match op {
        Operator::Add => Some(a + b),
        Operator::Sub => Some(a - b),
        Operator::Mult => Some(a * b),
        Operator::Div if b != 0.0 => Some(a / b),
        Operator::Pow if a > 0.0 => Some(a.powf(b)),
        _ => None,
    }
}
