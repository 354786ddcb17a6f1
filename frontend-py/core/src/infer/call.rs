//! Calls: of compiled functions (by instance), of library objects (by the catalogue), of methods.
use super::{
    engine::Engine,
    expr::{Expr, Typed},
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

/// Types a call; `None` while nothing is known of the callee's result.
pub fn call(engine: &mut Engine, instance: usize, site: &Site) -> Result<Option<Typed>, Box<Problem>> {
    match site.vals[0] {
        Val::Of(Ty::Function(symbol)) => compiled(engine, instance, site, symbol),
        Val::Of(Ty::Entity(path)) => match catalog::lookup(path) {
            Some(row) => catalog::apply(row, None, site.arguments()).map(Some),
            None => Err(unknown(path)),
        },
        Val::Method(receiver, name) => {
            let family = if receiver.array().is_some() { "array" } else { "number" };
            // The object is the operand of the attribute access; a method that went through a variable of a loop has none.
            let defined = site.source.definition(site.op.operands[0]).filter(|o| matches!(o.kind, OpKind::GetAttr(_)));
            match (catalog::method(family, name), defined) {
                (Some(row), Some(_)) => {
                    let receiver = Arg { val: Val::from((**receiver).clone()), expr: Expr::Receiver, position: 0 };
                    catalog::apply(row, Some(receiver), site.arguments()).map(Some)
                }
                _ => Err(Problem::new(Code::NB0208, format!("the method `{name}` can only be called directly")).at(0)),
            }
        }
        v => Err(Problem::new(Code::NB0208, format!("{} cannot be called", v.describe())).at(0)),
    }
}

fn unknown(path: &str) -> Box<Problem> {
    let problem = Problem::new(Code::NB0103, format!("`{path}` is not supported")).at(0);
    let (module, name) = path.rsplit_once('.').unwrap_or(("", path));
    let names = catalog::catalogue().filter_map(|r| r.path.rsplit_once('.').filter(|(m, _)| *m == module).map(|(_, n)| n));
    match nearest(name, names) {
        Some(near) => problem.help(format!("did you mean `{module}.{near}`?")),
        None => problem,
    }
}

fn compiled(engine: &mut Engine, instance: usize, site: &Site, symbol: &str) -> Result<Option<Typed>, Box<Problem>> {
    let functions = engine.functions.clone();
    let Some(&function) = engine.by_symbol.get(symbol) else {
        return Err(Problem::new(Code::NB0900, format!("no function @{symbol} in the module")));
    };
    let callee = &functions[function];
    let name = callee.py_name.map_or(callee.symbol.as_str(), |n| n.value());
    let mut bound: Vec<Option<Arg>> = vec![None; callee.arg_names.len()];
    for (i, (keyword, arg)) in site.arguments().enumerate() {
        let slot = match keyword {
            None if i >= callee.positional => {
                let (n, given) = (callee.positional, site.vals.len() - 1 - site.keywords.len());
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
    let mut types = vec![];
    let mut exprs = vec![];
    for (i, arg) in bound.into_iter().enumerate() {
        let (t, e) = match (arg, i.checked_sub(first_default).and_then(|d| callee.defaults.get(d)?.as_ref())) {
            (Some(arg), _) => (arg.val.ty(), arg.expr),
            (None, Some(default)) => {
                if let Some(value) = default.val.unsupported() {
                    let message = format!("the default of `{name}`'s parameter `{}` is {}, which cannot be compiled", callee.arg_names[i], value.describe());
                    return Err(Problem::new(Code::NB0104, message));
                }
                let t = default.ty();
                (t.clone(), Expr::Const(default.val.clone(), t))
            }
            (None, None) => return Err(Problem::new(Code::NB0207, format!("`{name}` misses its argument `{}`", callee.arg_names[i]))),
        };
        exprs.push(e.cast(&t));
        types.push(t);
    }
    let Some(target) = engine.instance(function, types, Span::of(site.op.location)) else {
        let problem = Problem::new(Code::NB0201, format!("`{name}` is called with ever new argument types"));
        return Err(problem.help("recursive calls must come back to the same argument types"));
    };
    match engine.result(target, instance) {
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
