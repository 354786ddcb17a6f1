//! The argument of `--run` and `--specialize`: a call with literal arguments, `f(1, 2.5, [[1.0, 2.0]], (True, 3j))`. Nested lists are C arrays.
use numbra_abi::DType;
use numbra_backend_cpu::call::Datum;
use ruff_python_ast::{Expr, Number, UnaryOp};

/// Name and arguments of a call.
pub struct Call {
    /// Python name or symbol of the function
    pub function: String,
    /// Its arguments
    pub arguments: Vec<Datum>,
}

/// Parses the call that an option has as its value.
pub fn parse(option: &str, text: &str) -> Result<Call, String> {
    read(text).map_err(|message| format!("--{option}: {message}"))
}

fn read(text: &str) -> Result<Call, String> {
    let parsed = ruff_python_parser::parse_expression(text).map_err(|e| format!("{text}: {e}"))?;
    let Expr::Call(call) = parsed.into_syntax().body.as_ref().clone() else {
        return Err(format!("a call is needed, as in 'f(1, 2.5)', not {text:?}"));
    };
    let function = match call.func.as_ref() {
        Expr::Name(name) => name.id.to_string(),
        Expr::StringLiteral(symbol) => symbol.value.to_str().to_string(),
        _ => return Err("the function is a name, or its symbol in quotes".to_string()),
    };
    if !call.arguments.keywords.is_empty() {
        return Err("keyword arguments are not taken".to_string());
    }
    Ok(Call { function, arguments: call.arguments.args.iter().map(datum).collect::<Result<_, _>>()? })
}

fn datum(expression: &Expr) -> Result<Datum, String> {
    Ok(match expression {
        Expr::NoneLiteral(_) => Datum::None,
        Expr::BooleanLiteral(b) => Datum::bool(b.value),
        Expr::NumberLiteral(n) => match &n.value {
            Number::Int(i) => Datum::int(i.as_i64().ok_or_else(|| format!("{i} does not fit int64"))?),
            Number::Float(f) => Datum::float(*f),
            Number::Complex { real, imag } => Datum::complex(*real, *imag),
        },
        Expr::UnaryOp(u) if u.op == UnaryOp::USub && is_lowest(&u.operand) => Datum::int(i64::MIN),
        Expr::UnaryOp(u) if u.op == UnaryOp::USub => datum(&u.operand)?.negated().ok_or("only numbers can be negative")?,
        Expr::Tuple(t) => Datum::Tuple(t.elts.iter().map(datum).collect::<Result<_, _>>()?),
        Expr::List(_) => {
            let mut shape = vec![];
            let mut elements = vec![];
            flatten(expression, 0, &mut shape, &mut elements)?;
            let dtype = if elements.iter().all(|e| e.is_integer()) { DType::Int64 } else { DType::Float64 };
            Datum::array(dtype, shape, &elements).ok_or("arrays hold integers or floats")?
        }
        _ => return Err("arguments are literal numbers, True, False, None, tuples, and nested lists for arrays".to_string()),
    })
}

// Its magnitude does not fit.
fn is_lowest(expression: &Expr) -> bool {
    matches!(expression, Expr::NumberLiteral(n) if matches!(&n.value, Number::Int(i) if i.as_u64() == Some(1 << 63)))
}

fn flatten(expression: &Expr, depth: usize, shape: &mut Vec<usize>, out: &mut Vec<Datum>) -> Result<(), String> {
    let Expr::List(list) = expression else {
        out.push(datum(expression)?);
        return if shape.len() == depth { Ok(()) } else { Err("the lists of an array must be nested evenly".to_string()) };
    };
    match shape.get(depth) {
        None if out.is_empty() => shape.push(list.elts.len()),
        Some(&n) if n == list.elts.len() => {}
        _ => return Err("the lists of an array must have equal lengths".to_string()),
    }
    list.elts.iter().try_for_each(|e| flatten(e, depth + 1, shape, out))
}
