//! The argument of `--run`: a call with literal arguments, `f(1, 2.5, [[1.0, 2.0]], (True, 3j))`. Nested lists are C arrays.
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

/// Parses a call.
pub fn parse(text: &str) -> Result<Call, String> {
    let parsed = ruff_python_parser::parse_expression(text).map_err(|e| format!("--run: {text}: {e}"))?;
    let Expr::Call(call) = parsed.into_syntax().body.as_ref().clone() else {
        return Err(format!("--run needs a call, as in 'f(1, 2.5)', not {text:?}"));
    };
    let function = match call.func.as_ref() {
        Expr::Name(name) => name.id.to_string(),
        Expr::StringLiteral(symbol) => symbol.value.to_str().to_string(),
        _ => return Err("--run: the function is a name, or its symbol in quotes".to_string()),
    };
    if !call.arguments.keywords.is_empty() {
        return Err("--run takes no keyword arguments".to_string());
    }
    Ok(Call { function, arguments: call.arguments.args.iter().map(datum).collect::<Result<_, _>>()? })
}

fn datum(expression: &Expr) -> Result<Datum, String> {
    Ok(match expression {
        Expr::NoneLiteral(_) => Datum::None,
        Expr::BooleanLiteral(b) => Datum::bool(b.value),
        Expr::NumberLiteral(n) => match &n.value {
            Number::Int(i) => Datum::int(i.as_i64().ok_or_else(|| format!("--run: {i} does not fit int64"))?),
            Number::Float(f) => Datum::float(*f),
            Number::Complex { real, imag } => Datum::complex(*real, *imag),
        },
        Expr::UnaryOp(u) if u.op == UnaryOp::USub => datum(&u.operand)?.negated().ok_or("--run: only numbers can be negative")?,
        Expr::Tuple(t) => Datum::Tuple(t.elts.iter().map(datum).collect::<Result<_, _>>()?),
        Expr::List(_) => {
            let mut shape = vec![];
            let mut elements = vec![];
            flatten(expression, 0, &mut shape, &mut elements)?;
            let dtype = if elements.iter().all(|e| e.is_integer()) { DType::Int64 } else { DType::Float64 };
            Datum::array(dtype, shape, &elements).ok_or("--run: arrays hold integers or floats")?
        }
        _ => return Err("--run: arguments are literal numbers, True, False, None, tuples, and nested lists for arrays".to_string()),
    })
}

fn flatten(expression: &Expr, depth: usize, shape: &mut Vec<usize>, out: &mut Vec<Datum>) -> Result<(), String> {
    let Expr::List(list) = expression else {
        out.push(datum(expression)?);
        return if shape.len() == depth { Ok(()) } else { Err("--run: the lists of an array must be nested evenly".to_string()) };
    };
    match shape.get(depth) {
        None if out.is_empty() => shape.push(list.elts.len()),
        Some(&n) if n == list.elts.len() => {}
        _ => return Err("--run: the lists of an array must have equal lengths".to_string()),
    }
    list.elts.iter().try_for_each(|e| flatten(e, depth + 1, shape, out))
}
