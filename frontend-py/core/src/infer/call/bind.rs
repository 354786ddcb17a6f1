//! Binds the arguments of a call to the parameters of a compiled function: captured values, positions, keywords, defaults, `*args`, `**kwargs`.
use super::{Arguments, plural};
use crate::infer::{expr::Expr, problem::Problem, source::{Default, Source}, val::Val};
use crate::{catalog::Arg, suggest::nearest};
use numbra_dialects::{Code, Span, py::{StructTy, Ty}};
use std::sync::Arc;

/// The class of `**kwargs`: a dictionary whose keys are known when the function is compiled.
pub const KEYWORDS: &str = "builtins.dict";

/// Values and expressions of a call's arguments, by parameter. Of a call that does not fit a function of the program, its definition is shown.
pub fn bind(callee: &Source, captured: Vec<Arg>, given: Arguments) -> Result<(Vec<Val>, Vec<Expr>), Box<Problem>> {
    parameters(callee, captured, given).map_err(|problem| match problem.code {
        Code::NB0207 if !callee.library => problem.label(Span::of(callee.location), format!("`{}` is defined here", callee.name())),
        _ => problem,
    })
}

fn parameters(callee: &Source, captured: Vec<Arg>, given: Arguments) -> Result<(Vec<Val>, Vec<Expr>), Box<Problem>> {
    let name = callee.name();
    let names = &callee.arg_names[callee.captures..];
    let fixed = names.len() - callee.variadic();
    if captured.len() != callee.captures {
        return Err(Problem::new(Code::NB0900, format!("`{name}` is called with {} captured values", captured.len())));
    }
    let mut bound: Vec<Option<Arg>> = vec![None; fixed];
    let (mut rest, mut extra): (Vec<Arg>, Vec<(&str, Arg)>) = (vec![], vec![]);
    let count = given.iter().filter(|g| g.0.is_none()).count();
    for (i, (keyword, arg)) in given.into_iter().enumerate() {
        if arg.val.ty() == Ty::Any {
            return Err(Problem::new(Code::NB0201, format!("{} cannot be passed to `{name}`", arg.val.describe())).at(arg.position));
        }
        let slot = match keyword {
            None if i < callee.positional => i,
            None if callee.variable_positional => {
                rest.push(arg);
                continue;
            }
            None => {
                let n = callee.positional;
                let kind = if n < fixed { " positional" } else { "" };
                let message = format!("`{name}` takes {n}{kind} argument{}, but {count} {} given", plural(n), if count == 1 { "is" } else { "are" });
                return Err(Problem::new(Code::NB0207, message).at(arg.position));
            }
            Some(k) => match names[..fixed].iter().position(|n| *n == k) {
                Some(slot) if slot >= callee.positional_only => slot,
                _ if callee.variable_keywords => {
                    if extra.iter().any(|e| e.0 == k) {
                        return Err(Problem::new(Code::NB0207, format!("`{name}` gets its keyword `{k}` twice")).at(arg.position));
                    }
                    extra.push((k, arg));
                    continue;
                }
                Some(_) => return Err(Problem::new(Code::NB0207, format!("`{name}` takes its parameter `{k}` by position only")).at(arg.position)),
                None => {
                    let problem = Problem::new(Code::NB0207, format!("`{name}` has no parameter `{k}`")).at(arg.position);
                    return Err(problem.did_you_mean(nearest(k, names[..fixed].iter().map(String::as_str))));
                }
            },
        };
        if bound[slot].is_some() {
            return Err(Problem::new(Code::NB0207, format!("`{name}` gets its parameter `{}` twice", names[slot])).at(arg.position));
        }
        bound[slot] = Some(arg);
    }
    let mut vals = vec![];
    let mut exprs = vec![];
    let mut add = |v: Val, e: Expr| {
        exprs.push(e.cast(&v.ty()));
        vals.push(v);
    };
    captured.iter().for_each(|a| add(a.val.clone(), a.expr.clone()));
    let first_default = fixed.saturating_sub(callee.defaults.len());
    for (i, arg) in bound.into_iter().enumerate() {
        let default = i.checked_sub(first_default).and_then(|d| callee.defaults.get(d)).unwrap_or(&Default::Required);
        match (arg, default) {
            (Some(arg), _) => add(arg.val, arg.expr),
            (None, Default::Value(default)) => {
                if let Some(value) = default.val.unsupported() {
                    let message = format!("the default of `{name}`'s parameter `{}` is {}, which cannot be compiled", names[i], value.describe());
                    return Err(Problem::new(Code::NB0104, message));
                }
                let t = default.ty();
                add(if default.own.is_some() { Val::from(t.clone()) } else { default.val.clone() }, Expr::Const(default.val.clone(), t));
            }
            (None, Default::Captured(k)) => match captured.get(*k) {
                Some(value) => add(value.val.clone(), value.expr.clone()),
                None => return Err(Problem::new(Code::NB0900, format!("the default of `{}` is not captured", names[i]))),
            },
            (None, Default::Required) => return Err(Problem::new(Code::NB0207, format!("`{name}` misses its argument `{}`", names[i]))),
        }
    }
    if callee.variable_positional {
        let (t, val) = (Ty::tuple(rest.iter().map(|a| a.val.ty())), Val::Tuple(rest.iter().map(|a| a.val.clone()).collect()));
        add(val, Expr::Tuple(rest.into_iter().map(|a| a.expr.cast(&a.val.ty())).collect(), t));
    }
    if callee.variable_keywords {
        let t = keywords(extra.iter().map(|(k, a)| (*k, a.val.ty())));
        add(t.clone().into(), Expr::Tuple(extra.into_iter().map(|(_, a)| a.expr.cast(&a.val.ty())).collect(), t));
    }
    Ok((vals, exprs))
}

/// The type of `**kwargs`.
pub fn keywords<'k>(entries: impl Iterator<Item = (&'k str, Ty)>) -> Ty {
    let (names, types): (Vec<Arc<str>>, Vec<Ty>) = entries.map(|(k, t)| (k.into(), t)).unzip();
    Ty::Struct(Arc::new(StructTy { path: KEYWORDS.into(), names: names.into(), types: types.into() }))
}

/// The entries of `**kwargs`, if a value is that.
pub fn entries(v: &Val) -> Option<&StructTy> {
    match v {
        Val::Of(Ty::Struct(s)) if &*s.path == KEYWORDS => Some(s),
        _ => None,
    }
}

/// One entry of `**kwargs`.
pub fn entry(of: Expr, s: &StructTy, i: usize) -> (Val, Expr) {
    let val = Val::from(s.types[i].clone());
    let expr = if val.is_static() { Expr::constant(val.clone()) } else { Expr::Element(Box::new(of), i, s.types[i].clone()) };
    (val, expr)
}
