//! Values as text: formatted strings, `str`, `repr`, `ascii` and `format`. What is known when the function is compiled is a constant; the rest is one
//! `str.format` of the typed stage.
use super::strings::{constant, is_string, stored};
use crate::infer::{expr::{Expr, Typing, computed, folded}, problem::Problem, val::Val};
use crate::catalog::Arg;
use numbra_abi::{DType, dtype::Kind, format::{Class, Spec}};
use numbra_dialects::{Code, py::Ty};

/// Whether the runtime shows values of a type as Python does.
pub fn is_shown(t: &Ty) -> bool {
    match t {
        Ty::None | Ty::Range(_) | Ty::Str | Ty::Literal(_) => true,
        Ty::Scalar(d) => d.is_number() || d.unit().is_some(),
        Ty::Array(a) => a.dtype.is_number() || a.dtype.unit().is_some(),
        Ty::List(e) => **e != Ty::Any && is_shown(e),
        Ty::Union(parts) | Ty::Tuple(parts) => parts.iter().all(is_shown),
        _ => false,
    }
}

/// A value in braces: how it is shown (`"r"`, `"s"`, `"a"`), and its specification.
pub struct Shown<'v> {
    /// The value
    pub arg: &'v Arg,
    /// `"r"`, `"s"`, `"a"` or nothing
    pub conversion: &'v str,
    /// The specification, or None
    pub spec: Option<&'v Arg>,
}

fn refuse(arg: &Arg) -> Box<Problem> {
    let problem = Problem::new(Code::NB0101, format!("{} cannot be formatted in compiled code", arg.val.describe())).at(arg.position);
    problem.help("numbers, dates, strings, None, ranges, arrays of numbers, named tuples and enumerations, and tuples and lists of these can")
}

/// The text of a constant as `str` has it.
fn known(v: &Val) -> Option<String> {
    Some(match v {
        Val::Of(Ty::Literal(s)) => s.to_string(),
        Val::Int(n) => n.to_string(),
        Val::Bool(b) => if *b { "True" } else { "False" }.into(),
        Val::Of(Ty::None) => "None".into(),
        _ => return None,
    })
}

fn class(t: &Ty) -> Option<Class> {
    match t {
        Ty::Str | Ty::Literal(_) => Some(Class::Str),
        Ty::Scalar(d) if d.is_number() && !d.is_complex() => Some(if d.kind() == Kind::Float { Class::Float } else { Class::Int }),
        _ => None,
    }
}

fn none() -> Expr {
    Expr::constant(Val::NONE)
}

/// The operands of `str.format` for a value: itself, how it is shown, and its specification.
fn operands(shown: &Shown) -> Result<[Expr; 3], Box<Problem>> {
    let arg = shown.arg;
    let t = arg.val.ty();
    if !is_shown(&t) {
        return Err(refuse(arg));
    }
    // In a formatted string NumPy's numbers of less than 8 bytes are Python's.
    let t = match t {
        Ty::Scalar(DType::Float32) if shown.conversion.is_empty() => Ty::FLOAT,
        Ty::Scalar(DType::Complex64) if shown.conversion.is_empty() => Ty::Scalar(DType::Complex128),
        t => t,
    };
    let value = arg.expr.clone().cast(&stored(&t));
    let conversion = || Expr::constant(Val::string(shown.conversion));
    let Some(spec) = shown.spec.filter(|s| constant(&s.val) != Some("")) else {
        return Ok([value, if shown.conversion.is_empty() { none() } else { conversion() }, none()]);
    };
    let (t, value) = match shown.conversion {
        "" => (t, value),
        _ => (Ty::Str, Expr::builtin("str.format", vec![none(), value, conversion(), none(), none()], Ty::Str)),
    };
    let dynamic = matches!(t, Ty::Union(_));
    let found = class(&t);
    if found.is_none() && !dynamic {
        return Err(Problem::new(Code::NB0101, format!("{} does not take a format specification in compiled code", arg.val.describe())).at(arg.position));
    }
    match (constant(&spec.val), found) {
        (Some(text), found) => {
            let checked = Spec::parse(text).and_then(|s| found.map_or(Ok(()), |class| s.check(class)));
            checked.map_err(|message| Problem::new(Code::NB0201, message).at(spec.position))?;
            Ok([value, none(), spec.expr.clone()])
        }
        (None, _) if is_string(&spec.val) => Ok([value, none(), spec.expr.clone()]),
        _ => Err(Problem::new(Code::NB0201, format!("a format specification is a string, not {}", spec.val.describe())).at(spec.position)),
    }
}

/// A string of a text, and values each of which a text follows.
pub fn formatted(first: &str, values: &[(Shown, &str)]) -> Typing {
    let plain = |s: &Shown| matches!(s.conversion, "" | "s") && s.spec.is_none_or(|spec| constant(&spec.val) == Some(""));
    // One string alone is itself.
    if let [(shown, "")] = values
        && first.is_empty() && plain(shown) && shown.arg.val == Val::Of(Ty::Str)
    {
        return computed(Ty::Str, shown.arg.expr.clone());
    }
    let mut texts = vec![first.to_string()];
    let mut parts: Vec<[Expr; 3]> = vec![];
    for (shown, text) in values {
        let last = texts.len() - 1;
        match known(&shown.arg.val).filter(|_| plain(shown)) {
            Some(value) => texts[last].extend([&value, *text]),
            None => {
                parts.push(operands(shown)?);
                texts.push(text.to_string());
            }
        }
    }
    if parts.is_empty() {
        return folded(Val::string(&texts[0]));
    }
    let text = |t: &String| if t.is_empty() { none() } else { Expr::constant(Val::string(t)) };
    let mut all = vec![text(&texts[0])];
    for (part, following) in parts.into_iter().zip(&texts[1..]) {
        all.extend(part);
        all.push(text(following));
    }
    computed(Ty::Str, Expr::builtin("str.format", all, Ty::Str))
}

/// The parts of a formatted string, as they stand in the call that makes it.
pub fn of_arguments(arguments: &[&Arg]) -> Typing {
    let text = |i: usize| arguments.get(i).and_then(|a| constant(&a.val)).unwrap_or_default();
    let given = |i: usize| arguments.get(i).copied().filter(|a| a.val != Val::NONE);
    let mut values = vec![];
    for i in (1..arguments.len()).step_by(4) {
        values.push((Shown { arg: arguments[i], conversion: text(i + 1), spec: given(i + 2) }, text(i + 3)));
    }
    formatted(text(0), &values)
}

/// A value shown in one way: `str(x)`, `repr(x)`, `ascii(x)`.
pub fn converted(arg: &Arg, conversion: &str) -> Typing {
    formatted("", &[(Shown { arg, conversion, spec: None }, "")])
}
