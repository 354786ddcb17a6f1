//! The text of values that have their class in their type: named tuples, members of enumerations, slices, objects of bytes, and what contains such.
//!
//! The runtime shows values by descriptors, which know no classes. So these values give way to their texts before `print`, `str`, `repr`, `format` or a formatted
//! string is typed: a named tuple to a formatted string of its fields, a member to one of the texts that its class had when the function was compiled.
use super::{attribute, buffers, formatting::{Shown, formatted, is_shown}, strings::constant, structs};
use crate::infer::{
    arithmetic::elements,
    call::{self, Arguments},
    engine::Engine,
    expr::{Expr, Typed},
    problem::Problem,
    source::Op,
    val::Val,
};
use crate::catalog::Arg;
use numbra_dialects::{Code, py::Ty};

/// Functions whose values give way; `format` and formatted strings have specifications as well.
const SHOWING: [&str; 4] = ["builtins.format", "builtins.print", "builtins.repr", "builtins.str"];

// Whether a type is shown here.
fn is_composed(t: &Ty) -> bool {
    match t {
        Ty::Struct(s) => buffers::class(t).is_some() || structs::shown_name(s).is_some() || structs::is_enum(s),
        Ty::Slice(_) => true,
        Ty::List(e) => is_composed(e),
        Ty::Tuple(parts) => parts.iter().any(is_composed) && parts.iter().all(|p| is_composed(p) || is_shown(p)),
        _ => false,
    }
}

/// Whether a call has arguments that give way to their texts.
pub fn wanted(path: &str, arguments: &Arguments) -> bool {
    SHOWING.contains(&path) && arguments.iter().any(|(keyword, arg)| keyword.is_none() && is_composed(&arg.val.ty()))
}

/// The call with texts in the places of such arguments.
pub fn call(engine: &mut Engine, instance: usize, op: &Op, path: &str, arguments: Arguments) -> Result<Option<Typed>, Box<Problem>> {
    let specified = arguments.len() > 1;
    let mut all = vec![];
    for (keyword, arg) in arguments {
        let composed = keyword.is_none() && is_composed(&arg.val.ty());
        let text = match path {
            _ if !composed => Some(arg),
            "builtins.format" => formatted_value(engine, instance, op, &arg, specified)?,
            _ => text(engine, instance, op, &arg, path == "builtins.repr")?,
        };
        let Some(text) = text else { return Ok(None) };
        all.push((keyword, text));
    }
    match (path, &all[..]) {
        ("builtins.repr" | "builtins.str", [(_, text)]) => Ok(Some(Typed { val: text.val.clone(), expr: Some(text.expr.clone()) })),
        _ => call::library(engine, instance, op, path, all),
    }
}

/// What stands for a value in a formatted string.
pub enum Place {
    /// The value itself
    Kept,
    /// Its text, converted already
    Text(Arg),
    /// Its text, which is not known yet
    Unknown,
}

/// What stands for a value in a formatted string with a conversion, and a specification if there is one.
pub fn in_place(engine: &mut Engine, instance: usize, op: &Op, value: &Arg, conversion: &str, specified: bool) -> Result<Place, Box<Problem>> {
    if !is_composed(&value.val.ty()) {
        return Ok(Place::Kept);
    }
    let shown = match conversion {
        "" => formatted_value(engine, instance, op, value, specified)?,
        // What is not ASCII would still have to be escaped, for which there is no function.
        "a" => return Err(Problem::new(Code::NB0101, format!("{} cannot be shown by `!a` in compiled code", value.val.describe())).at(value.position).help("use `!r`")),
        conversion => text(engine, instance, op, value, conversion == "r")?,
    };
    Ok(shown.map_or(Place::Unknown, Place::Text))
}

/// The parts of a formatted string (a text, then for each value the value, its conversion, its specification and a text) with texts in the places of such values.
pub fn of_formatted<'k>(engine: &mut Engine, instance: usize, op: &Op, arguments: &Arguments<'k>) -> Result<Option<Arguments<'k>>, Box<Problem>> {
    let mut all = arguments.clone();
    for i in (1..arguments.len()).step_by(4) {
        let [(_, value), (_, conversion), (_, spec), _] = &arguments[i..i + 4] else { continue };
        let specified = spec.val != Val::NONE && constant(&spec.val) != Some("");
        match in_place(engine, instance, op, value, constant(&conversion.val).unwrap_or_default(), specified)? {
            Place::Kept => continue,
            Place::Unknown => return Ok(None),
            Place::Text(text) => all[i].1 = text,
        }
        all[i + 1].1 = Arg { val: Val::NONE, expr: Expr::constant(Val::NONE), position: conversion.position };
    }
    Ok(Some(all))
}

// What a formatted string shows: members that are integers as integers.
fn formatted_value(engine: &mut Engine, instance: usize, op: &Op, arg: &Arg, specified: bool) -> Result<Option<Arg>, Box<Problem>> {
    let member = structs::class(&arg.val).filter(|s| structs::is_enum(s));
    if member.is_some() && let Some((val, expr)) = structs::plain(&arg.val, &arg.expr) {
        return Ok(Some(Arg { val, expr, position: arg.position }));
    }
    if specified && member.is_none() {
        return Err(Problem::new(Code::NB0201, format!("{} takes no format specification", arg.val.describe())).at(arg.position));
    }
    text(engine, instance, op, arg, false)
}

// The text of a value as `str` or `repr` shows it; of what the runtime shows, the value itself.
fn text(engine: &mut Engine, instance: usize, op: &Op, arg: &Arg, repr: bool) -> Result<Option<Arg>, Box<Problem>> {
    let of_library = |engine: &mut Engine, path: &str| {
        let Some(symbol) = engine.library.implementation(path) else { return Err(Problem::new(Code::NB0900, format!("{path} is missing in the library"))) };
        call::compiled(engine, instance, op, symbol, vec![], vec![(None, arg.clone())])
    };
    let parts = |types: &[Ty]| -> Vec<Arg> {
        let vals = types.iter().cloned().map(Val::from).collect();
        let exprs: Vec<Expr> = elements(&arg.expr, &vals).collect();
        vals.iter().zip(exprs).map(|(val, expr)| Arg { val: val.clone(), expr, position: arg.position }).collect()
    };
    let t = arg.val.ty();
    let typed = match &t {
        t if !is_composed(t) => return Ok(Some(arg.clone())),
        t if buffers::class(t).is_some() => of_library(engine, "buffer.__repr__")?,
        Ty::List(_) => of_library(engine, "list.__repr__")?,
        Ty::Tuple(types) => joined(engine, instance, op, "(", parts(types).into_iter().map(|p| (String::new(), p)), if types.len() == 1 { ",)" } else { ")" })?,
        Ty::Slice(types) => {
            let part = |(name, t): (&'static str, &Ty)| {
                let val = Val::from(t.clone());
                let expr = if val.is_static() { Expr::constant(val.clone()) } else { Expr::GetAttr(Box::new(arg.expr.clone()), name, t.clone()) };
                (String::new(), Arg { val, expr, position: arg.position })
            };
            joined(engine, instance, op, "slice(", attribute::PARTS.into_iter().zip(types.iter()).map(part), ")")?
        }
        Ty::Struct(s) if let Some(name) = structs::shown_name(s) => {
            let labels = s.names.iter().map(|n| format!("{n}="));
            joined(engine, instance, op, &format!("{name}("), labels.zip(parts(&s.types)), ")")?
        }
        Ty::Struct(s) => Some(member(engine, arg, s.path.rsplit(['.', ':']).next().unwrap_or(&s.path), parts(&s.types), repr)?),
        _ => None,
    };
    Ok(typed.map(|t| Arg::of(t, arg.position)))
}

// Parts in brackets with commas between them, each with a label.
fn joined(engine: &mut Engine, instance: usize, op: &Op, open: &str, parts: impl Iterator<Item = (String, Arg)>, close: &str) -> Result<Option<Typed>, Box<Problem>> {
    let (mut labels, mut shown) = (vec![], vec![]);
    for (label, part) in parts {
        let composed = is_composed(&part.val.ty());
        let Some(text) = text(engine, instance, op, &part, true)? else { return Ok(None) };
        labels.push(if labels.is_empty() { format!("{open}{label}") } else { format!(", {label}") });
        shown.push((text, if composed { "" } else { "r" }));
    }
    let following = labels.iter().skip(1).map(String::as_str).chain([close]);
    let values: Vec<_> = shown.iter().zip(following).map(|((arg, conversion), text)| (Shown { arg, conversion, spec: None }, text)).collect();
    match labels.first() {
        Some(first) => formatted(first, &values).map(Some),
        None => formatted(&format!("{open}{close}"), &[]).map(Some),
    }
}

// A member of an enumeration.
fn member(engine: &Engine, arg: &Arg, class: &str, value: Vec<Arg>, repr: bool) -> Result<Typed, Box<Problem>> {
    let refuse = || {
        let problem = Problem::new(Code::NB0101, format!("the text of {} is not known when the function is compiled", arg.val.describe())).at(arg.position);
        problem.help("members of enumerations of numbers that show themselves as all enumerations do can be shown; show `.value` instead")
    };
    let known = structs::class(&arg.val).and_then(|s| engine.classes.get(&*s.path)).is_some_and(|c| c.members.iter().all(|m| m.text.is_some()));
    let string = |string: fn(&crate::infer::source::Member) -> &str| structs::member_string(engine, &arg.val, &arg.expr, string).filter(|_| known).ok_or_else(refuse)?;
    if !repr {
        return string(|m| m.text.as_deref().unwrap_or_default());
    }
    let name = Arg::of(string(|m| &m.name)?, arg.position);
    let values = [(Shown { arg: &name, conversion: "", spec: None }, ": "), (Shown { arg: &value[0], conversion: "r", spec: None }, ">")];
    formatted(&format!("<{class}."), &values)
}
