//! Strings: constants keep their text in their type until they meet another string, or what is only known at run time. Then they are strings of the
//! machine, as they are when they are stored.
use super::{structs, templates};
use crate::infer::{expr::{Expr, Typing, computed, folded, scalar}, problem::Problem, val::Val};
use numbra_abi::DType;
use numbra_dialects::{Code, py::{BinaryKind, CompareKind, StructTy, Ty, UnaryKind}};
use std::sync::Arc;

/// Longer results of repeating a constant are made at run time.
const MAX_CONSTANT: usize = 1000;

/// Whether it is a string.
pub fn is_string(v: &Val) -> bool {
    matches!(v, Val::Of(Ty::Literal(_) | Ty::Str))
}

/// The text of a constant.
pub fn constant(v: &Val) -> Option<&str> {
    match v {
        Val::Of(Ty::Literal(text)) => Some(text),
        _ => None,
    }
}

/// The type in which a value is stored: constant strings in it are strings.
pub fn stored(t: &Ty) -> Ty {
    match t {
        Ty::Literal(_) => Ty::Str,
        Ty::Tuple(parts) => Ty::tuple(parts.iter().map(stored)),
        Ty::Union(parts) => Ty::Union(parts.iter().map(stored).collect()),
        Ty::Struct(s) if structs::is_class(&s.path) => Ty::Struct(Arc::new(StructTy { path: s.path.clone(), names: s.names.clone(), types: s.types.iter().map(stored).collect() })),
        t => t.clone(),
    }
}

/// The named tuple type that holds values of both, where they differ in the texts of constants only.
pub fn common_struct(a: &StructTy, b: &StructTy) -> Option<Ty> {
    let alike = a.path == b.path && structs::is_class(&a.path) && a.names == b.names;
    let types = a.types.iter().zip(&b.types).map(|(x, y)| if x == y { Some(x.clone()) } else { Some(stored(x)).filter(|t| *t == stored(y)) });
    let types = types.collect::<Option<Box<[Ty]>>>()?;
    alike.then(|| Ty::Struct(Arc::new(StructTy { path: a.path.clone(), names: a.names.clone(), types })))
}

/// A string as one of the machine.
pub fn string(e: Expr) -> Expr {
    e.cast(&Ty::Str)
}

/// Concatenation and repetition; `None` where no string takes part.
pub fn binary(kind: BinaryKind, (a, ea): (&Val, &Expr), (b, eb): (&Val, &Expr)) -> Option<Typing> {
    let integer = |v: &Val| v.dtype().is_some_and(|d| d.is_integer() || d == DType::Bool);
    let repeat = |s: &Val, es: &Expr, n: &Val, en: &Expr| match (constant(s), n) {
        (Some(text), Val::Int(n)) if text.len().saturating_mul((*n).max(0) as usize) <= MAX_CONSTANT => folded(Val::string(&text.repeat((*n).max(0) as usize))),
        _ => computed(Ty::Str, Expr::builtin("str.repeat", vec![string(es.clone()), en.clone().to(DType::Int64)], Ty::Str)),
    };
    match kind {
        BinaryKind::Add if is_string(a) && is_string(b) => Some(match (constant(a), constant(b)) {
            (Some(x), Some(y)) => folded(Val::string(&format!("{x}{y}"))),
            _ => computed(Ty::Str, Expr::builtin("str.concat", vec![string(ea.clone()), string(eb.clone())], Ty::Str)),
        }),
        BinaryKind::Mul if is_string(a) && integer(b) => Some(repeat(a, ea, b, eb)),
        BinaryKind::Mod if let Some(template) = constant(a) => Some(templates::percent(template, b, eb)),
        BinaryKind::Mod if is_string(a) => {
            let problem = Problem::new(Code::NB0201, "the template of `%` is known only at run time").at(0);
            Some(Err(problem.help("write the template where it is used, or a formatted string: f\"{x:.3f}\"")))
        }
        BinaryKind::Mul if integer(a) && is_string(b) => Some(repeat(b, eb, a, ea)),
        _ => None,
    }
}

/// `string[index]`
pub fn getitem(object: &Val, index: &Val) -> Typing {
    let object_expr = || string(Expr::Arg(0));
    match index {
        Val::Of(Ty::Slice(parts)) => {
            // Steps of one make a view.
            let path = if parts[2] == Ty::None { "str.view" } else { "str.slice" };
            computed(Ty::Str, Expr::builtin(path, vec![object_expr(), Expr::Arg(1)], Ty::Str))
        }
        Val::Int(i) if let Some(c) = constant(object).and_then(|text| {
            let n = text.chars().count() as i64;
            text.chars().nth(usize::try_from(if *i < 0 { i + n } else { *i }).ok()?)
        }) => folded(Val::string(&c.to_string())),
        v if v.dtype().is_some_and(|d| d.is_integer() || d == DType::Bool) => {
            computed(Ty::Str, Expr::builtin("str.getitem", vec![object_expr(), Expr::Arg(1).to(DType::Int64)], Ty::Str))
        }
        v => {
            let problem = Problem::new(Code::NB0204, format!("{} is not an index of a string", v.describe())).at(1);
            Err(if v.dtype().is_some_and(DType::is_float) { problem.help("convert it: `int(x)`") } else { problem })
        }
    }
}

/// A comparison of two strings.
pub fn compare(kind: CompareKind, ea: Expr, eb: Expr) -> Typing {
    scalar(DType::Bool, Expr::compare(kind, string(ea), string(eb)))
}

/// `part in string`
pub fn contains(negated: bool, (a, ea): (&Val, Expr), (b, eb): (&Val, Expr)) -> Typing {
    if !is_string(a) {
        return Err(Problem::new(Code::NB0200, format!("operator `in` looks for strings in a string, not for {}", a.describe())).at(0));
    }
    if let (Some(x), Some(y)) = (constant(a), constant(b)) {
        return folded(Val::Bool(y.contains(x) != negated));
    }
    let here = Expr::builtin("str.contains", vec![string(eb), string(ea)], Ty::BOOL);
    scalar(DType::Bool, if negated { Expr::unary(UnaryKind::Not, here, DType::Bool) } else { here })
}
