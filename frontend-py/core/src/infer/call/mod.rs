//! Calls: of compiled functions (by instance), of library objects (by the catalogue), of methods.
pub mod bind;
pub(super) mod callables;
mod einsum;
pub(crate) mod getters;
pub(super) mod intrinsics;
pub(super) mod library;
pub(super) mod machine;
pub(super) mod map;
pub(crate) mod overloads;
pub(crate) mod partial;
pub(super) mod reduce;
pub(super) mod spread;

use bind::bind;
use overloads::Outcome;
use super::{
    arithmetic::elements,
    dispatch,
    engine::Engine,
    expr::{Expr, Typed},
    objects::{attribute, buffers, structs, templates, texts},
    problem::Problem,
    source::{Op, OpKind, Source},
    val::Val,
};
use crate::catalog::{self, Arg, exceptions};
use numbra_abi::exception::{NUMPY, PROGRAM};
use numbra_dialects::{Code, Span, py::Ty};
use std::sync::Arc;

/// A call op with the values of its operands.
#[allow(missing_docs)]
pub struct Site<'a, 'c> {
    pub source: &'a Source<'c>,
    pub op: &'a Op<'c>,
    pub vals: &'a [&'a Val],
    pub keywords: &'a [String],
}

impl Site<'_, '_> {
    /// Arguments after the callee, each with its keyword if it has one.
    fn arguments(&self) -> Result<Arguments<'_>, Box<Problem>> {
        spread::operands(self.source, self.op, self.vals, 1, self.keywords)
    }
}

/// Arguments of a call, each with its keyword if it has one.
pub type Arguments<'k> = Vec<(Option<&'k str>, Arg)>;

/// Types a call; `None` while nothing is known of the callee's result.
pub fn call(engine: &mut Engine, instance: usize, site: &Site<'_, '_>) -> Result<Option<Typed>, Box<Problem>> {
    if let Val::Method(receiver, name) = site.vals[0] {
        // The object is the operand of the attribute access; a method that went through a variable of a loop has none.
        if site.source.definition(site.op.operands[0]).filter(|o| matches!(o.kind, OpKind::GetAttr(_))).is_none() {
            return Err(Problem::new(Code::NB0208, format!("the method `{name}` can only be called directly")).at(0));
        }
        if let Ty::Union(members) = &**receiver {
            return dispatch::method_call(engine, instance, site, members, name, &mut call);
        }
        if let Ty::Struct(s) = &**receiver && structs::is_class(&s.path) && &**name == "_replace" {
            return structs::replace(s, &Expr::Receiver, site.arguments()?).map(Some);
        }
        let val = Val::from((**receiver).clone());
        let expr = if matches!(**receiver, Ty::Entity(_)) { Expr::constant(val.clone()) } else { Expr::Receiver };
        let receiver = Arg { val, expr, position: 0 };
        let arguments = std::iter::once((None, receiver)).chain(site.arguments()?).collect();
        return method(engine, instance, site.op, name, arguments);
    }
    let callee = Arg { val: site.vals[0].clone(), expr: Expr::Arg(0), position: 0 };
    apply(engine, instance, site.op, &callee, site.arguments()?)
}

/// Calls a method of the first argument.
pub fn method(engine: &mut Engine, instance: usize, op: &Op, name: &str, arguments: Arguments) -> Result<Option<Typed>, Box<Problem>> {
    let path = format!("{}.{name}", arguments.first().map_or("", |a| family(&a.1.val)));
    match overloads::call(engine, instance, op, &format!("method:{name}"), &arguments)? {
        Outcome::Typed(typed) => Ok(typed),
        Outcome::No(why) => entity(engine, instance, op, &path, arguments).map_err(|e| why.unwrap_or(e)),
    }
}

/// Under which name the methods of an object stand.
pub fn family(v: &Val) -> &'static str {
    match v {
        v if v.ty().array().is_some() => "array",
        v if v.time().is_some() => "time",
        Val::Of(Ty::Slice(_)) => "slice",
        Val::Of(Ty::Range(_)) => "range",
        Val::Tuple(_) => "tuple",
        Val::Of(Ty::List(_)) => "list",
        Val::Of(Ty::Literal(_) | Ty::Str) => "str",
        Val::Of(t @ Ty::Struct(_)) if let Some(class) = buffers::class(t) => class,
        Val::Of(Ty::Struct(s)) if *s.path == *attribute::FLAGS => "flags",
        Val::Of(Ty::Struct(s)) if *s.path == *intrinsics::LIMITS => "limits",
        Val::Of(Ty::Entity(_)) => "ufunc",
        _ => "number",
    }
}

/// Calls any value with arguments.
pub fn apply(engine: &mut Engine, instance: usize, op: &Op, callee: &Arg, arguments: Arguments<'_>) -> Result<Option<Typed>, Box<Problem>> {
    match &callee.val {
        Val::Of(Ty::Function(symbol)) => compiled(engine, instance, op, symbol, vec![], arguments),
        Val::Of(Ty::Callable(signature)) => callables::call(engine, instance, op, callee, signature, arguments),
        Val::Of(Ty::Closure(symbol, types)) => {
            let captured: Arc<[Val]> = types.iter().cloned().map(Val::from).collect();
            let parts = elements(&callee.expr, &captured).zip(captured.iter());
            let captured = parts.map(|(expr, val)| Arg { val: val.clone(), expr, position: callee.position }).collect();
            compiled(engine, instance, op, symbol, captured, arguments)
        }
        Val::Of(Ty::Entity(path)) if path.starts_with(PROGRAM) || NUMPY.contains(&&**path) => exceptions::named(path, arguments).map(Some),
        Val::Of(Ty::Entity(path)) => match engine.classes.get(&**path).cloned() {
            Some(class) => structs::construct(&class, arguments).map(Some),
            None => entity(engine, instance, op, path, arguments),
        },
        Val::Of(Ty::Struct(s)) if partial::parts(&callee.val).is_some() => {
            let (function, arguments) = partial::expand(callee, s, arguments);
            apply(engine, instance, op, &function, arguments)
        }
        Val::Of(Ty::Struct(s)) if getters::parts(&callee.val).is_some() => getters::call(engine, instance, op, callee, s, arguments),
        v => Err(Problem::new(Code::NB0208, format!("{} cannot be called", v.describe())).at(0)),
    }
}

/// Calls a named object: the program's own overloads come first, then what the library and the catalogue know.
pub fn entity(engine: &mut Engine, instance: usize, op: &Op, path: &str, arguments: Arguments) -> Result<Option<Typed>, Box<Problem>> {
    match overloads::call(engine, instance, op, path, &arguments)? {
        Outcome::Typed(typed) => Ok(typed),
        Outcome::No(why) if path.starts_with(overloads::USER) => Err(why.unwrap_or_else(|| overloads::refuse(path, &arguments))),
        Outcome::No(why) => library(engine, instance, op, path, arguments).map_err(|e| why.unwrap_or(e)),
    }
}

/// Calls a library object: what is written in Python comes first, then the row of the catalogue, which on arrays is applied to each element.
pub fn library(engine: &mut Engine, instance: usize, op: &Op, path: &str, arguments: Arguments) -> Result<Option<Typed>, Box<Problem>> {
    if path == partial::PATH {
        return partial::make(arguments);
    }
    if getters::makes(path) {
        return getters::make(path, arguments);
    }
    if let Some(rule) = intrinsics::rule(path) {
        return rule(engine, instance, op, &arguments);
    }
    if path == templates::FORMAT {
        return templates::format(engine, instance, op, &arguments);
    }
    if texts::wanted(path, &arguments) {
        return texts::call(engine, instance, op, path, arguments);
    }
    if let Some(symbol) = buffers::function(engine, path, &arguments) {
        return compiled(engine, instance, op, symbol, vec![], arguments);
    }
    if let Some(symbol) = by_key(engine, path, &arguments) {
        return compiled(engine, instance, op, symbol, vec![], arguments);
    }
    if let Some(row) = machine::row(path) {
        return machine::typed(row, &arguments);
    }
    if let Some(typed) = reduce::entity(path, &arguments) {
        return Ok(Some(typed));
    }
    if let Some(symbol) = engine.library.implementation(path) {
        return compiled(engine, instance, op, symbol, vec![], arguments);
    }
    if let Some(symbol) = library::conversion(engine, path, &arguments) {
        return compiled(engine, instance, op, symbol, vec![], std::iter::once((None, entity_argument(path))).chain(arguments).collect());
    }
    let row = catalog::lookup(path);
    let completed = engine.library.elementwise(path);
    if row.is_none() && completed.is_none() {
        return if engine.library.has(path) { compiled(engine, instance, op, path, vec![], arguments) } else { Err(unknown(path)) };
    }
    let whole = |a: &(Option<&str>, Arg)| a.1.val.ty().array().is_some();
    if let Some(numpy) = catalog::operator_module::inplace(path).filter(|_| arguments.first().is_some_and(whole)) {
        return entity(engine, instance, op, library::INPLACE, std::iter::once((None, entity_argument(numpy))).chain(arguments).collect());
    }
    if let Some(numpy) = catalog::operator_module::on_arrays(path).or_else(|| catalog::builtins::on_arrays(path)).filter(|_| arguments.iter().any(whole)) {
        return library(engine, instance, op, numpy, arguments);
    }
    let elementwise = completed.is_some() || catalog::is_elementwise(path);
    let sequence = |a: &(Option<&str>, Arg)| matches!(a.1.val.ty(), Ty::List(_) | Ty::Tuple(_));
    let applies = arguments.iter().any(whole) || (path.starts_with("numpy.") && arguments.iter().any(sequence));
    let inputs = if elementwise && applies { inputs(engine, row, completed) } else { 0 };
    if elementwise && applies && arguments.len() == inputs && let Some(typed) = map::entity(engine, instance, op, path, &arguments)? {
        return Ok(typed);
    }
    if elementwise && applies && let Some(typed) = map::with_output(engine, instance, op, path, inputs, &arguments)? {
        return Ok(typed);
    }
    if elementwise && applies && let Some(symbol) = engine.library.implementation(ELEMENTWISE) {
        let arguments = apply_to_elements(path, inputs, arguments)?;
        return compiled(engine, instance, op, symbol, vec![], arguments);
    }
    let user = !engine.functions[engine.instances[instance].function].library;
    if elementwise && user && catalog::operators::is_numpy_only(path) && arguments.len() <= 2
        && let Some(symbol) = engine.library.implementation(SCALAR)
    {
        return compiled(engine, instance, op, symbol, vec![], std::iter::once((None, entity_argument(path))).chain(arguments).collect());
    }
    match (row.map(|row| catalog::apply(row, None, arguments.clone().into_iter())), completed) {
        (Some(Err(_)) | None, Some(symbol)) => compiled(engine, instance, op, symbol, vec![], arguments),
        (Some(Err(problem)), None) => match engine.library.implementation(&format!("{}{path}", library::OTHERWISE)) {
            Some(symbol) => compiled(engine, instance, op, symbol, vec![], arguments),
            None => Err(problem),
        },
        (Some(typed), _) => typed.map(Some),
        (None, None) => Err(unknown(path)),
    }
}

/// Functions that give back one of their arguments.
pub const EXTREMA: [&str; 2] = ["builtins.max", "builtins.min"];

/// Functions that take a key, and what the library has for calls with one.
const KEYED: &[(&str, &str)] = &[("builtins.max", "numbra.max_by"), ("builtins.min", "numbra.min_by"), ("builtins.sorted", "numbra.sorted_by"), ("list.sort", "numbra.sort_by")];

fn by_key(engine: &Engine, path: &str, arguments: &Arguments) -> Option<&'static str> {
    let by = KEYED.iter().find(|k| k.0 == path)?.1;
    let keyed = arguments.iter().any(|(k, a)| *k == Some("default") || *k == Some("key") && a.val != Val::NONE);
    engine.library.implementation(by).filter(|_| keyed || orders_tuples(path, arguments))
}

/// Whether a call asks for the greatest or least of several tuples.
fn orders_tuples(path: &str, arguments: &Arguments) -> bool {
    let is_tuple = |v: &Val| matches!(v, Val::Tuple(_)) || structs::class(v).is_some_and(|s| structs::is_tuple(&s.path));
    EXTREMA.contains(&path) && match &arguments[..] {
        [(None, one)] => matches!(&one.val, Val::Tuple(parts) if !parts.is_empty() && parts.iter().all(is_tuple)),
        several => several.iter().all(|(keyword, arg)| keyword.is_none() && is_tuple(&arg.val)),
    }
}

fn entity_argument(path: &str) -> Arg {
    let val = Val::Of(Ty::Entity(path.into()));
    Arg { expr: Expr::constant(val.clone()), val, position: 0 }
}

/// How many numbers a function of numbers takes.
fn inputs(engine: &mut Engine, row: Option<&'static catalog::Row>, completed: Option<&str>) -> usize {
    match (row, completed.and_then(|s| engine.function(s))) {
        (Some(row), _) => catalog::required(row),
        (None, Some(f)) => engine.functions[f].positional - engine.functions[f].defaults.len(),
        (None, None) => 1,
    }
}

/// The arguments of the function that applies another one to each element: that one, its inputs, and the output, which may be given by position.
fn apply_to_elements<'k>(path: &str, inputs: usize, arguments: Arguments<'k>) -> Result<Arguments<'k>, Box<Problem>> {
    let given = arguments.iter().take_while(|a| a.0.is_none()).count();
    if given < inputs || given > inputs + 1 {
        let message = format!("`{path}` takes {inputs} array{} and an output, but {given} argument{} given", plural(inputs), if given == 1 { " is" } else { "s are" });
        return Err(Problem::new(Code::NB0207, message));
    }
    let place = |(i, (keyword, arg)): (usize, (Option<&'k str>, Arg))| (if i == inputs && keyword.is_none() { Some("out") } else { keyword }, arg);
    Ok(std::iter::once((None, entity_argument(path))).chain(arguments.into_iter().enumerate().map(place)).collect())
}

/// The library function that applies a function to each element of its arguments.
pub const ELEMENTWISE: &str = "numbra.elementwise";
/// The library function that applies a function to two numbers by NumPy's rules, where those of operators differ.
const SCALAR: &str = "numbra.scalar";

fn unknown(path: &str) -> Box<Problem> {
    Problem::new(Code::NB0103, format!("`{path}` is not supported")).at(0).help(catalog::absent::instead(path))
}

/// Calls a compiled function by its symbol.
pub fn compiled(engine: &mut Engine, instance: usize, op: &Op, symbol: &str, captured: Vec<Arg>, arguments: Arguments) -> Result<Option<Typed>, Box<Problem>> {
    let Some(function) = engine.function(symbol) else {
        return Err(Problem::new(Code::NB0900, format!("no function @{symbol} in the module")));
    };
    let callee = engine.functions[function].clone();
    let name = callee.name();
    let (mut vals, mut exprs) = bind(&callee, captured, arguments)?;
    // A function is compiled for a constant text each, as long as they are few.
    if !callee.library && engine.has_many(function) {
        for (v, e) in vals.iter_mut().zip(&mut exprs).filter(|(v, _)| super::objects::strings::constant(v).is_some()) {
            *e = super::objects::strings::string(std::mem::replace(e, Expr::Receiver));
            *v = Val::Of(Ty::Str);
        }
    }
    let mut target = engine.instance(function, vals.clone(), Some((instance, Span::of(op.location))));
    // A callee that stores something wider in a list asks for a wider list.
    while let Some(t) = target {
        let wanted = engine.instances[t].wanted.clone();
        let wider: Vec<(usize, Ty)> = wanted.into_iter().filter(|(i, t)| vals[*i].ty() != *t).collect();
        if wider.is_empty() {
            break;
        }
        // The narrow version changes when it wants more.
        engine.result(t, instance);
        for (i, t) in wider {
            exprs[i] = std::mem::replace(&mut exprs[i], Expr::Receiver).cast(&t);
            vals[i] = Val::from(t);
        }
        target = engine.instance(function, vals.clone(), Some((instance, Span::of(op.location))));
    }
    let Some(target) = target else {
        let problem = Problem::new(Code::NB0201, format!("`{name}` is called with ever new argument types"));
        return Err(problem.help("recursive calls must come back to the same argument types"));
    };
    Ok(match result(engine, instance, target)? {
        Val::Never => None,
        Val::Error => Some(Typed { val: Val::Error, expr: Some(Expr::Invoke(target, exprs, Ty::None)) }),
        val => {
            let t = val.ty();
            Some(Typed { val, expr: Some(Expr::Invoke(target, exprs, t)) })
        }
    })
}

/// What a version of a function returns, None for one that never does; an error where the function refuses these arguments. What a function of the
/// library refuses inside of another one is the fault of the arguments of that one.
pub fn result(engine: &mut Engine, instance: usize, target: usize) -> Result<Val, Box<Problem>> {
    let result = engine.result(target, instance);
    match engine.instances[target].refused.clone() {
        Some(why) if engine.functions[engine.instances[instance].function].library => {
            engine.refuse_arguments(instance, why);
            Ok(Val::Never)
        }
        Some(why) => Err(Problem::new(Code::NB0201, why)),
        None if matches!(result, Val::Conflict(_)) => Ok(Val::Error),
        None if engine.instances[target].never_returns => Ok(Val::NONE),
        None => Ok(result),
    }
}

/// `s` unless there is one.
pub fn plural(n: usize) -> &'static str {
    if n == 1 { "" } else { "s" }
}
