//! `operator.attrgetter` and `operator.methodcaller`: functions that know names, as products of these names, and of the arguments of the method. The names are
//! part of the type, so that a call is typed as if the attribute or method was written out.
use super::{Arguments, library, overloads, partial};
use crate::infer::{
    call,
    engine::Engine,
    expr::{Expr, Typed, computed},
    objects::{attribute, structs},
    problem::Problem,
    source::{Op, OpKind},
    val::Val,
};
use crate::catalog::Arg;
use numbra_dialects::{Code, py::{StructTy, Ty}};
use std::sync::Arc;

/// A function that gives attributes.
const ATTRIBUTES: &str = "operator.attrgetter";
/// A function that calls a method.
const METHOD: &str = "operator.methodcaller";

/// Whether a library function makes one of these.
pub fn makes(path: &str) -> bool {
    path == ATTRIBUTES || path == METHOD
}

/// What a value is made of, if it is one of these.
pub fn parts(v: &Val) -> Option<&StructTy> {
    match v {
        Val::Of(Ty::Struct(s)) if makes(&s.path) => Some(s),
        _ => None,
    }
}

fn name(arg: &Arg) -> Result<Arc<str>, Box<Problem>> {
    match &arg.val {
        Val::Of(Ty::Literal(text)) => Ok(text.clone()),
        v => Err(Problem::new(Code::NB0202, format!("a name is a constant string, not {}", v.describe())).at(arg.position)),
    }
}

/// `attrgetter("x", "y.z")`, `methodcaller("name", *args, **kwargs)`
pub fn make(path: &str, arguments: Arguments) -> Result<Option<Typed>, Box<Problem>> {
    if arguments.iter().all(|a| a.0.is_some()) {
        return Err(Problem::new(Code::NB0207, format!("`{path}` misses a name")));
    }
    if path == METHOD {
        name(&arguments[0].1)?;
        // The arguments are kept as by `functools.partial`, with the name in the place of the function.
        let Some(Typed { val: Val::Of(Ty::Struct(kept)), expr }) = partial::keep(arguments)? else { return Ok(None) };
        let t = Ty::Struct(Arc::new(StructTy { path: METHOD.into(), ..(*kept).clone() }));
        return Ok(Some(Typed { val: Val::Of(t.clone()), expr: expr.map(|e| retyped(e, &t)) }));
    }
    if let Some((Some(keyword), arg)) = arguments.iter().find(|a| a.0.is_some()) {
        return Err(Problem::new(Code::NB0207, format!("`{path}` has no parameter `{keyword}`")).at(arg.position));
    }
    let names = arguments.iter().map(|(_, arg)| name(arg)).collect::<Result<Vec<_>, _>>()?;
    let types: Box<[Ty]> = names.iter().map(|n| Ty::Literal(n.clone())).collect();
    let exprs = types.iter().map(|t| Expr::constant(Val::Of(t.clone()))).collect();
    let t = Ty::Struct(Arc::new(StructTy { path: ATTRIBUTES.into(), names: (0..names.len()).map(|i| i.to_string().into()).collect(), types }));
    computed(t.clone(), Expr::Tuple(exprs, t)).map(Some)
}

fn retyped(e: Expr, t: &Ty) -> Expr {
    match e {
        Expr::Tuple(parts, _) => Expr::Tuple(parts, t.clone()),
        e => e,
    }
}

/// Calls one of these with an object.
pub fn call(engine: &mut Engine, instance: usize, op: &Op, callee: &Arg, s: &StructTy, arguments: Arguments) -> Result<Option<Typed>, Box<Problem>> {
    let [(None, object)] = &arguments[..] else {
        return Err(Problem::new(Code::NB0207, format!("what `{}` gives takes 1 argument, but {} are given", s.path, arguments.len())).at(callee.position));
    };
    if *s.path == *METHOD {
        let (function, mut all) = partial::expand(callee, s, vec![]);
        let Ty::Literal(name) = function.val.ty() else { return Err(Problem::new(Code::NB0900, "a method without a name")) };
        match attribute(engine, instance, op, object, &name)? {
            Some(Typed { val: Val::Method(..), .. }) => {}
            Some(typed) => return Err(Problem::new(Code::NB0208, format!("`{name}` is no method but {}, which cannot be called", typed.val.describe())).at(object.position)),
            None => return Ok(None),
        }
        all.insert(0, (None, object.clone()));
        return call::method(engine, instance, op, &name, all);
    }
    let mut found = vec![];
    for t in &s.types {
        let Ty::Literal(path) = t else { return Err(Problem::new(Code::NB0900, "an attribute without a name")) };
        let mut value = object.clone();
        for name in path.split('.') {
            let Some(typed) = attribute(engine, instance, op, &value, name)? else { return Ok(None) };
            if let Val::Method(..) = typed.val {
                let problem = Problem::new(Code::NB0203, format!("{} cannot be kept", typed.val.describe())).at(object.position);
                return Err(problem.help(format!("call it: `operator.methodcaller(\"{name}\")`")));
            }
            value = Arg::of(typed, object.position);
        }
        found.push(value);
    }
    if let [one] = &found[..] {
        return Ok(Some(Typed { val: one.val.clone(), expr: Some(one.expr.clone()) }));
    }
    let val = Val::Tuple(found.iter().map(|a| a.val.clone()).collect());
    let t = val.ty();
    Ok(Some(Typed { val, expr: Some(Expr::Tuple(found.into_iter().map(|a| { let t = a.val.ty(); a.expr.cast(&t) }).collect(), t)) }))
}

/// An attribute of a value that is not an operand of the op.
fn attribute(engine: &mut Engine, instance: usize, op: &Op, object: &Arg, name: &str) -> Result<Option<Typed>, Box<Problem>> {
    let get = Op { kind: OpKind::GetAttr(name.into()), ..op.clone() };
    let vals = [&object.val];
    let typed = if let Some(typed) = overloads::operator(engine, instance, &get, &vals)? {
        typed
    } else if let Some(typed) = library::operator(engine, instance, &get, &vals)? {
        typed
    } else if name == "name" && let Some(typing) = structs::member_name(engine, &object.val) {
        Some(typing?)
    } else {
        Some(attribute::getattr(&object.val, name).map_err(|p| p.at(object.position))?)
    };
    let Some(mut typed) = typed else { return Ok(None) };
    // Rules name the object as the first operand.
    if let Some(e) = &mut typed.expr {
        e.replace(&mut |e| (*e == Expr::Arg(0)).then(|| object.expr.clone()));
    }
    Ok(Some(typed))
}
