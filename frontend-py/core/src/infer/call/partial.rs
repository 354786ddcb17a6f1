//! `functools.partial`: a function with some of its arguments, as a product of the function, a tuple and keywords.
use super::{Arguments, bind::{entries, entry, keywords}, getters};
use crate::infer::{arithmetic::elements, expr::{Expr, Typed, computed}, problem::Problem, val::Val};
use crate::catalog::Arg;
use numbra_dialects::{Code, py::{StructTy, Ty}};
use std::sync::Arc;

/// The library object.
pub const PATH: &str = "functools.partial";

/// The function, arguments and keywords of a partial function, if a value is one.
pub fn parts(v: &Val) -> Option<&StructTy> {
    match v {
        Val::Of(Ty::Struct(s)) if &*s.path == PATH && s.types.len() == 3 => Some(s),
        _ => None,
    }
}

/// `partial(f, *args, **kwargs)`
pub fn make(arguments: Arguments) -> Result<Option<Typed>, Box<Problem>> {
    let mut positional = arguments.iter().filter(|a| a.0.is_none()).map(|a| &a.1);
    let Some(f) = positional.next() else { return Err(Problem::new(Code::NB0207, "`functools.partial` misses its function")) };
    let callable = matches!(f.val, Val::Of(Ty::Function(_) | Ty::Closure(..) | Ty::Callable(_) | Ty::Entity(_))) || parts(&f.val).is_some() || getters::parts(&f.val).is_some();
    if !callable {
        return Err(Problem::new(Code::NB0208, format!("{} cannot be called", f.val.describe())).at(f.position));
    }
    keep(arguments)
}

/// A function, or what stands for one, with arguments.
pub fn keep(arguments: Arguments) -> Result<Option<Typed>, Box<Problem>> {
    let mut positional = arguments.iter().filter(|a| a.0.is_none()).map(|a| &a.1);
    let Some(f) = positional.next() else { return Err(Problem::new(Code::NB0207, "no function to keep")) };
    if let Some((_, a)) = arguments.iter().find(|(_, a)| a.val.ty() == Ty::Any) {
        return Err(Problem::new(Code::NB0201, format!("{} cannot be kept in a partial function", a.val.describe())).at(a.position));
    }
    let own = |a: &Arg| a.expr.clone().cast(&a.val.ty());
    let given: Vec<&Arg> = positional.collect();
    let tuple = Ty::tuple(given.iter().map(|a| a.val.ty()));
    let named = || arguments.iter().filter_map(|(k, a)| Some(((*k)?, a)));
    let mapping = keywords(named().map(|(k, a)| (k, a.val.ty())));
    let exprs = vec![own(f), Expr::Tuple(given.into_iter().map(own).collect(), tuple.clone()), Expr::Tuple(named().map(|(_, a)| own(a)).collect(), mapping.clone())];
    let t = Ty::Struct(Arc::new(StructTy { path: PATH.into(), names: ["func", "args", "keywords"].map(Into::into).into(), types: [f.val.ty(), tuple, mapping].into() }));
    computed(t.clone(), Expr::Tuple(exprs, t)).map(Some)
}

/// The function behind a call of a partial function, and all arguments: those that it keeps come first, and keywords of the call replace its own.
pub fn expand<'k>(callee: &'k Arg, s: &'k StructTy, given: Arguments<'k>) -> (Arg, Arguments<'k>) {
    let vals: Arc<[Val]> = s.types.iter().cloned().map(Val::from).collect();
    let exprs: Vec<Expr> = elements(&callee.expr, &vals).collect();
    let arg = |val: Val, expr: Expr| Arg { val, expr, position: callee.position };
    let mut all: Arguments<'k> = vec![];
    if let Val::Tuple(kept) = &vals[1] {
        all.extend(elements(&exprs[1], kept).zip(kept.iter()).map(|(e, v)| (None, arg(v.clone(), e))));
    }
    all.extend(given.iter().filter(|g| g.0.is_none()).cloned());
    if let Ty::Struct(kept) = &s.types[2] && entries(&vals[2]).is_some() {
        for (i, name) in kept.names.iter().enumerate().filter(|(_, n)| !given.iter().any(|g| g.0 == Some(n))) {
            let (val, expr) = entry(exprs[2].clone(), kept, i);
            all.push((Some(name), arg(val, expr)));
        }
    }
    all.extend(given.into_iter().filter(|g| g.0.is_some()));
    (arg(vals[0].clone(), exprs[0].clone()), all)
}
