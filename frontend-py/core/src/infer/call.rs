//! Calls: of compiled functions (by instance), of library objects (by the catalogue), of methods.
use super::{
    engine::Engine,
    expr::{Expr, Typed},
    intrinsics,
    problem::{Problem, nearest},
    source::{Op, OpKind, Source},
    val::Val,
};
use crate::catalog::{self, Arg};
use numbra_dialects::{Code, Span, py::Ty};

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
    fn arguments(&self) -> impl Iterator<Item = (Option<&str>, Arg)> {
        let positional = self.vals.len() - 1 - self.keywords.len().min(self.vals.len() - 1);
        self.vals.iter().enumerate().skip(1).map(move |(i, v)| {
            let keyword = (i > positional).then(|| self.keywords[i - 1 - positional].as_str());
            (keyword, Arg { val: (*v).clone(), expr: Expr::Arg(i), position: i })
        })
    }
}

/// Arguments of a call, each with its keyword if it has one.
pub type Arguments<'k> = Vec<(Option<&'k str>, Arg)>;

/// Types a call; `None` while nothing is known of the callee's result.
pub fn call(engine: &mut Engine, instance: usize, site: &Site) -> Result<Option<Typed>, Box<Problem>> {
    if let Val::Method(receiver, name) = site.vals[0] {
        // The object is the operand of the attribute access; a method that went through a variable of a loop has none.
        if site.source.definition(site.op.operands[0]).filter(|o| matches!(o.kind, OpKind::GetAttr(_))).is_none() {
            return Err(Problem::new(Code::NB0208, format!("the method `{name}` can only be called directly")).at(0));
        }
        let receiver = Arg { val: Val::from((**receiver).clone()), expr: Expr::Receiver, position: 0 };
        let path = format!("{}.{name}", family(&receiver.val));
        let arguments = std::iter::once((None, receiver)).chain(site.arguments()).collect();
        return entity(engine, instance, site.op, &path, arguments);
    }
    apply(engine, instance, site.op, site.vals[0], site.arguments().collect())
}

/// Under which name the methods of an object stand.
pub fn family(v: &Val) -> &'static str {
    if v.ty().array().is_some() { "array" } else { "number" }
}

/// Calls any value with arguments.
pub fn apply(engine: &mut Engine, instance: usize, op: &Op, callee: &Val, arguments: Arguments) -> Result<Option<Typed>, Box<Problem>> {
    match callee {
        Val::Of(Ty::Function(symbol)) => compiled(engine, instance, op, symbol, arguments),
        Val::Of(Ty::Entity(path)) => entity(engine, instance, op, path, arguments),
        v => Err(Problem::new(Code::NB0208, format!("{} cannot be called", v.describe())).at(0)),
    }
}

/// Calls a library object: what is written in Python comes first, then the row of the catalogue, which on arrays is applied to each element.
pub fn entity(engine: &mut Engine, instance: usize, op: &Op, path: &str, arguments: Arguments) -> Result<Option<Typed>, Box<Problem>> {
    if let Some(rule) = intrinsics::rule(path) {
        return rule(engine, instance, op, &arguments);
    }
    if let Some(symbol) = engine.library.implementation(path) {
        return compiled(engine, instance, op, symbol, arguments);
    }
    let Some(row) = catalog::lookup(path) else {
        return if engine.library.has(path) { compiled(engine, instance, op, path, arguments) } else { Err(unknown(path)) };
    };
    let whole = |a: &(Option<&str>, Arg)| a.1.val.ty().array().is_some();
    if catalog::is_elementwise(path) && arguments.iter().any(whole)
        && let Some(symbol) = engine.library.implementation(ELEMENTWISE)
    {
        let f = Arg { val: Val::Of(Ty::Entity(path.into())), expr: Expr::constant(Val::Of(Ty::Entity(path.into()))), position: 0 };
        return compiled(engine, instance, op, symbol, std::iter::once((None, f)).chain(arguments).collect());
    }
    catalog::apply(row, None, arguments.into_iter()).map(Some)
}

/// The library function that applies a function to each element of its arguments.
pub const ELEMENTWISE: &str = "numbra.elementwise";

fn unknown(path: &str) -> Box<Problem> {
    let problem = Problem::new(Code::NB0103, format!("`{path}` is not supported")).at(0);
    let (module, name) = path.rsplit_once('.').unwrap_or(("", path));
    let names = catalog::catalogue().filter_map(|r| r.path.rsplit_once('.').filter(|(m, _)| *m == module).map(|(_, n)| n));
    match nearest(name, names) {
        Some(near) => problem.help(format!("did you mean `{module}.{near}`?")),
        None => problem,
    }
}

fn compiled(engine: &mut Engine, instance: usize, op: &Op, symbol: &str, arguments: Arguments) -> Result<Option<Typed>, Box<Problem>> {
    let Some(function) = engine.function(symbol) else {
        return Err(Problem::new(Code::NB0900, format!("no function @{symbol} in the module")));
    };
    let callee = engine.functions[function].clone();
    let name = callee.py_name.map_or(callee.symbol.as_str(), |n| n.value());
    let mut bound: Vec<Option<Arg>> = vec![None; callee.arg_names.len()];
    let given = arguments.iter().filter(|a| a.0.is_none()).count();
    for (i, (keyword, arg)) in arguments.into_iter().enumerate() {
        let slot = match keyword {
            None if i >= callee.positional => {
                let n = callee.positional;
                let kind = if n < bound.len() { " positional" } else { "" };
                let message = format!("`{name}` takes {n}{kind} argument{}, but {given} {} given", plural(n), if given == 1 { "is" } else { "are" });
                return Err(Problem::new(Code::NB0207, message).at(arg.position));
            }
            None => i,
            Some(k) => match callee.arg_names.iter().position(|n| n == k) {
                Some(slot) if slot < callee.positional_only => {
                    return Err(Problem::new(Code::NB0207, format!("`{name}` takes its parameter `{k}` by position only")).at(arg.position));
                }
                Some(slot) => slot,
                None => {
                    let problem = Problem::new(Code::NB0207, format!("`{name}` has no parameter `{k}`")).at(arg.position);
                    let near = nearest(k, callee.arg_names.iter().map(String::as_str));
                    return Err(match near {
                        Some(near) => problem.help(format!("did you mean `{near}`?")),
                        None => problem,
                    });
                }
            },
        };
        if bound[slot].is_some() {
            return Err(Problem::new(Code::NB0207, format!("`{name}` gets its parameter `{}` twice", callee.arg_names[slot])).at(arg.position));
        }
        if arg.val.ty() == Ty::Any {
            return Err(Problem::new(Code::NB0201, format!("{} cannot be passed to `{name}`", arg.val.describe())).at(arg.position));
        }
        bound[slot] = Some(arg);
    }
    let first_default = bound.len().saturating_sub(callee.defaults.len());
    let mut vals = vec![];
    let mut exprs = vec![];
    for (i, arg) in bound.into_iter().enumerate() {
        let (val, e) = match (arg, i.checked_sub(first_default).and_then(|d| callee.defaults.get(d)?.as_ref())) {
            (Some(arg), _) => (arg.val, arg.expr),
            (None, Some(default)) => {
                if let Some(value) = default.val.unsupported() {
                    let message = format!("the default of `{name}`'s parameter `{}` is {}, which cannot be compiled", callee.arg_names[i], value.describe());
                    return Err(Problem::new(Code::NB0104, message));
                }
                let t = default.ty();
                (if default.own.is_some() { Val::from(t.clone()) } else { default.val.clone() }, Expr::Const(default.val.clone(), t))
            }
            (None, None) => return Err(Problem::new(Code::NB0207, format!("`{name}` misses its argument `{}`", callee.arg_names[i]))),
        };
        exprs.push(e.cast(&val.ty()));
        vals.push(val);
    }
    let Some(target) = engine.instance(function, vals, Span::of(op.location)) else {
        let problem = Problem::new(Code::NB0201, format!("`{name}` is called with ever new argument types"));
        return Err(problem.help("recursive calls must come back to the same argument types"));
    };
    let result = engine.result(target, instance);
    if let Some(why) = &engine.instances[target].refused {
        return Err(Problem::new(Code::NB0201, why.clone()));
    }
    match result {
        Val::Never => Ok(None),
        Val::Error | Val::Conflict(_) => Ok(Some(Typed { val: Val::Error, expr: Some(Expr::Invoke(target, exprs, Ty::None)) })),
        val => {
            let t = val.ty();
            Ok(Some(Typed { val, expr: Some(Expr::Invoke(target, exprs, t)) }))
        }
    }
}

/// `s` unless there is one.
pub fn plural(n: usize) -> &'static str {
    if n == 1 { "" } else { "s" }
}
