//! What the program itself gives a meaning to: functions, methods, attributes and operators for argument types that it chooses.
//!
//! Of a call the program's overloads are asked first, then the library, then the catalogue. Library functions see the overloads only for values of
//! the program's own types, so that a program does not change what NumPy's functions do inside. Operators on numbers are the language's own.
//! An answer holds for one inference: it is asked once for each path and list of arguments, and its function is built when it comes.
use super::{Arguments, plural};
use crate::infer::{
    call,
    arithmetic::unary_on,
    engine::Engine,
    expr::{Expr, Typed, computed, folded},
    problem::Problem,
    source::{Op, OpKind},
    val::{Val, join},
};
use crate::{build::Program, catalog::{Arg, operators}, host::{Overload, function_type, is_own}};
use numbra_dialects::{Code, py::{CompareKind, Ty, UnaryKind}};
use std::{collections::HashMap, sync::Arc};

/// How the paths of Python objects begin that have no name but in the program.
pub const USER: &str = "user:";

type Key = (String, Vec<(Option<String>, Val)>);

/// How a call is done.
#[derive(Clone)]
enum Answer {
    /// A function of this symbol is called
    Function(Arc<str>),
    Construct(Ty),
    Field(usize),
    Refuse(Box<Problem>),
    /// It has been reported what is wrong with the function
    Broken,
}

/// The program, and its answers so far.
pub struct Overloads<'c> {
    program: Option<Program<'c, 'c>>,
    /// Whether the program overloads anything
    any: bool,
    answers: HashMap<Key, Result<Option<Answer>, Box<Problem>>>,
}

impl<'c> Overloads<'c> {
    /// Nothing has been asked.
    pub fn new(program: Option<Program<'c, 'c>>) -> Self {
        let any = program.as_ref().is_some_and(|p| p.host().overloads(""));
        Overloads { program, any, answers: HashMap::new() }
    }

    fn has(&self, path: &str) -> bool {
        self.any && self.program.as_ref().is_some_and(|p| p.host().overloads(path))
    }
}

/// How diagnostics name what a path stands for.
pub fn name(path: &str) -> &str {
    path.strip_prefix(USER).or_else(|| path.split_once(':').map(|(_, n)| n)).unwrap_or(path)
}

/// What has come of a call that the program may overload.
pub enum Outcome {
    /// It does; the result is not known yet, or is this
    Typed(Option<Typed>),
    /// It does not, or not for these arguments, for this reason if it gives one
    No(Option<Box<Problem>>),
}

/// Types a call of what the program overloads.
pub fn call(engine: &mut Engine, instance: usize, op: &Op, path: &str, arguments: &Arguments) -> Result<Outcome, Box<Problem>> {
    if !engine.overloads.has(path) {
        return Ok(Outcome::No(None));
    }
    let library = engine.functions[engine.instances[instance].function].library;
    if library && !arguments.iter().any(|a| is_own(&a.1.val.ty())) {
        return Ok(Outcome::No(None));
    }
    let typed = match answer(engine, path, arguments)? {
        Some(Answer::Function(symbol)) => call::compiled(engine, instance, op, &symbol, vec![], arguments.clone())?,
        Some(Answer::Construct(t)) => Some(construct(&t, arguments)?),
        Some(Answer::Field(i)) => Some(field(arguments, i)?),
        Some(Answer::Broken) => Some(Typed { val: Val::Error, expr: None }),
        Some(Answer::Refuse(why)) => return Ok(Outcome::No(Some(why))),
        None => return Ok(Outcome::No(None)),
    };
    Ok(Outcome::Typed(typed))
}

fn answer(engine: &mut Engine, path: &str, arguments: &Arguments) -> Result<Option<Answer>, Box<Problem>> {
    let key = (path.to_string(), arguments.iter().map(|(k, a)| (k.map(str::to_string), a.val.clone())).collect());
    if let Some(known) = engine.overloads.answers.get(&key) {
        return known.clone();
    }
    let answer = ask(engine, path, arguments);
    engine.overloads.answers.insert(key, answer.clone());
    answer
}

fn ask(engine: &mut Engine, path: &str, arguments: &Arguments) -> Result<Option<Answer>, Box<Problem>> {
    let Some(program) = engine.overloads.program.as_mut() else { return Ok(None) };
    let given: Vec<(Option<&str>, Val)> = arguments.iter().map(|(k, a)| (*k, outside(program, &a.val))).collect();
    let (id, constants) = match program.host().overload(path, &given)? {
        None => return Ok(None),
        Some(Overload::Construct(t)) => return Ok(Some(Answer::Construct(t))),
        Some(Overload::Field(i)) => return Ok(Some(Answer::Field(i))),
        Some(Overload::Refuse(why)) => return Ok(Some(Answer::Refuse(why))),
        Some(Overload::Function(id, constants)) => (id, constants),
    };
    match program.function(id) {
        Ok((symbol, mut sources)) => {
            if constants && let Some(own) = sources.iter_mut().find(|s| s.symbol == symbol) {
                own.statics = (0..own.arg_names.len()).collect();
            }
            engine.add(sources);
            Ok(Some(Answer::Function(symbol.into())))
        }
        Err(errors) => {
            errors.into_iter().for_each(|d| engine.report(d));
            Ok(Some(Answer::Broken))
        }
    }
}

/// A value as the host knows it, which has its own names for functions.
fn outside(program: &Program, v: &Val) -> Val {
    match v {
        Val::Of(Ty::Function(symbol)) => match program.id(symbol) {
            Some(id) => Val::Of(function_type(id, symbol)),
            None => v.clone(),
        },
        Val::Tuple(parts) => Val::Tuple(parts.iter().map(|p| outside(program, p)).collect()),
        v => v.clone(),
    }
}

/// A value of one of the program's types, whose fields are the arguments.
fn construct(t: &Ty, arguments: &Arguments) -> Result<Typed, Box<Problem>> {
    let Ty::Struct(s) = t else { return Err(Problem::new(Code::NB0900, format!("{t} has no fields"))) };
    let mut bound: Vec<Option<Expr>> = vec![None; s.types.len()];
    for (i, (keyword, arg)) in arguments.iter().enumerate() {
        let slot = match keyword {
            None => Some(i).filter(|i| *i < bound.len()),
            Some(k) => s.field(k),
        };
        let Some(slot) = slot.filter(|s| bound[*s].is_none()) else {
            let n = bound.len();
            return Err(Problem::new(Code::NB0207, format!("a value of {t} is made of {n} field{}: `({})`", plural(n), s.names.join(", "))).at(arg.position));
        };
        let wanted = &s.types[slot];
        if join(&arg.val, &Val::from(wanted.clone())).ty() != *wanted {
            return Err(Problem::new(Code::NB0201, format!("the field `{}` of {t} is {wanted}, not {}", s.names[slot], arg.val.describe())).at(arg.position));
        }
        bound[slot] = Some(arg.expr.clone().cast(wanted));
    }
    let missing = bound.iter().position(Option::is_none);
    if let Some(i) = missing {
        return Err(Problem::new(Code::NB0207, format!("the field `{}` of {t} is missing", s.names[i])));
    }
    let fields = Ty::tuple(s.types.iter().cloned());
    computed(t.clone(), Expr::Tuple(bound.into_iter().flatten().collect(), fields).cast(t))
}

fn field(arguments: &Arguments, i: usize) -> Result<Typed, Box<Problem>> {
    let object = arguments.first().map(|a| &a.1);
    let t = object.and_then(|a| match a.val.ty() {
        Ty::Struct(s) => s.types.get(i).cloned(),
        _ => None,
    });
    match (object, t) {
        (Some(object), Some(t)) => {
            let val = Val::from(t.clone());
            if val.is_static() { folded(val) } else { computed(val, Expr::Element(Box::new(object.expr.clone()), i, t)) }
        }
        _ => Err(Problem::new(Code::NB0900, format!("an attribute names field {i} of a value that does not have it"))),
    }
}

/// Types an op that is not a call by an overload of its operator; `None` where the program has none for these operands.
pub fn operator(engine: &mut Engine, instance: usize, op: &Op, vals: &[&Val]) -> Result<Option<Option<Typed>>, Box<Problem>> {
    if !engine.overloads.any || (!matches!(op.kind, OpKind::GetAttr(_)) && vals.iter().all(|v| v.dtype().is_some())) {
        return Ok(None);
    }
    let mut ask = |path: &str, order: &[usize]| {
        let arguments: Arguments = order.iter().map(|&i| (None, Arg { val: vals[i].clone(), expr: Expr::Arg(i), position: i })).collect();
        match call(engine, instance, op, path, &arguments)? {
            Outcome::Typed(typed) => Ok(Some(typed)),
            // Nothing else knows values of the program's types.
            Outcome::No(Some(why)) if arguments.iter().any(|a| is_own(&a.1.val.ty())) => Err(why),
            Outcome::No(_) => Ok(None),
        }
    };
    let not = |typed: Option<Option<Typed>>| match typed {
        Some(Some(Typed { val, expr: Some(e) })) if val != Val::Error => unary_on(UnaryKind::Not, &val, e).map(|t| Some(Some(t))),
        Some(Some(Typed { val, expr: None })) if val.truth().is_some() => folded(Val::Bool(val.truth() == Some(false))).map(|t| Some(Some(t))),
        other => Ok(other),
    };
    match &op.kind {
        OpKind::Binary(kind, inplace) => {
            let name = operators::binary_name(*kind);
            if *inplace && let Some(typed) = ask(&format!("operator.i{}", name.trim_end_matches('_')), &[0, 1])? {
                return Ok(Some(typed));
            }
            ask(&format!("operator.{name}"), &[0, 1])
        }
        OpKind::Compare(CompareKind::In) => ask("operator.contains", &[1, 0]),
        OpKind::Compare(CompareKind::NotIn) => not(ask("operator.contains", &[1, 0])?),
        OpKind::Compare(kind) => {
            let Some(name) = operators::compare_name(*kind) else { return Ok(None) };
            match ask(&format!("operator.{name}"), &[0, 1])? {
                None if *kind == CompareKind::Ne => not(ask("operator.eq", &[0, 1])?),
                typed => Ok(typed),
            }
        }
        OpKind::Unary(UnaryKind::Not) => {
            match ask("operator.not_", &[0])? {
                None => not(ask("builtins.bool", &[0])?),
                typed => Ok(typed),
            }
        }
        OpKind::Unary(kind) => {
            let Some(name) = operators::unary_name(*kind) else { return Ok(None) };
            ask(&format!("operator.{name}"), &[0])
        }
        OpKind::Truth => match ask("operator.truth", &[0])? {
            None => ask("builtins.bool", &[0]),
            typed => Ok(typed),
        },
        OpKind::GetItem => ask("operator.getitem", &[0, 1]),
        OpKind::SetItem => ask("operator.setitem", &[0, 1, 2]),
        OpKind::GetAttr(name) => {
            if let Some(typed) = ask(&format!("attribute:{name}"), &[0])? {
                return Ok(Some(typed));
            }
            Ok(method(engine, vals[0], name).then(|| Some(Typed { val: Val::Method(Arc::new(vals[0].ty()), name.as_str().into()), expr: None })))
        }
        _ => Ok(None),
    }
}

/// Whether the program overloads a method of a value.
fn method(engine: &Engine, object: &Val, name: &str) -> bool {
    let Some(program) = engine.overloads.program.as_ref() else { return false };
    program.host().overloads(&format!("method:{name}")) && program.host().has_method(&outside(program, object), name)
}

/// The refusal of a call that none of the program's overloads takes and nothing else knows.
pub fn refuse(path: &str, arguments: &Arguments) -> Box<Problem> {
    let types: Vec<String> = arguments.iter().map(|(k, a)| k.map_or_else(|| a.val.describe(), |k| format!("{k}: {}", a.val.describe()))).collect();
    Problem::new(Code::NB0201, format!("no overload of `{}` takes ({})", name(path), types.join(", "))).at(0)
}
