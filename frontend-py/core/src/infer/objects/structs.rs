//! Values of classes of the program: named tuples, and members of enumerations, whose only field is their value.
//!
//! They have the class in their type. Where an op does not know classes, a named tuple is the tuple of its fields and a member of an
//! integer enumeration its value. What the kinds of classes are is in the path: `class:`, `ownclass:`, `enum:` and `intenum:` before the dotted name.
use crate::infer::{
    call::Arguments,
    comparison::compare_on,
    engine::Engine,
    expr::{Expr, Typed, Typing, computed, folded},
    problem::Problem,
    source::{Class, Member},
    val::Val,
};
use crate::suggest::nearest;
use numbra_dialects::{Code, py::{CompareKind, StructTy, Ty}};
use std::sync::Arc;

/// Named tuples.
const TUPLE: &str = "class:";
/// Named tuples with a text of their own.
const OWN_TUPLE: &str = "ownclass:";
/// Enumerations whose members are no integers themselves.
const ENUM: &str = "enum:";
/// Enumerations whose members are integers.
const INTENUM: &str = "intenum:";

/// The class of a value.
pub fn class(v: &Val) -> Option<&Arc<StructTy>> {
    match v {
        Val::Of(Ty::Struct(s)) if is_class(&s.path) => Some(s),
        _ => None,
    }
}

/// Whether a path is that of a class of the program.
pub fn is_class(path: &str) -> bool {
    [TUPLE, OWN_TUPLE, ENUM, INTENUM].iter().any(|p| path.starts_with(p))
}

/// Whether a path is that of a named tuple.
pub fn is_tuple(path: &str) -> bool {
    path.starts_with(TUPLE) || path.starts_with(OWN_TUPLE)
}

/// The name of a class, if it is a named tuple whose text is made of those of its fields.
pub fn shown_name(s: &StructTy) -> Option<&str> {
    let name = s.path.strip_prefix(TUPLE)?.rsplit('.').next()?;
    // Of classes with one name all but the first have a number.
    Some(name.split('#').next().unwrap_or(name))
}

/// The members of an enumeration, of either kind.
pub fn is_enum(s: &StructTy) -> bool {
    s.path.starts_with(ENUM) || s.path.starts_with(INTENUM)
}

/// A field.
fn field(s: &StructTy, e: &Expr, i: usize) -> Typed {
    let val = Val::from(s.types[i].clone());
    let expr = (!val.is_static()).then(|| Expr::Element(Box::new(e.clone()), i, s.types[i].clone()));
    Typed { val, expr }
}

/// What stands for a value where classes are not known: the tuple of its fields, or its value.
pub fn plain(v: &Val, e: &Expr) -> Option<(Val, Expr)> {
    let s = class(v)?;
    if is_tuple(&s.path) {
        let t = Ty::tuple(s.types.iter().cloned());
        return Some((Val::from(t.clone()), e.clone().cast(&t)));
    }
    s.path.starts_with(INTENUM).then(|| field(s, e, 0)).map(|t| (t.val.clone(), t.whole()))
}

/// A comparison with a value of a class of the program; `None` where neither side is one.
pub fn compare(kind: CompareKind, (a, ea): (&Val, &Expr), (b, eb): (&Val, &Expr)) -> Option<Typing> {
    if let (Some(x), Some(y)) = (class(a), class(b))
        && is_enum(x) && is_enum(y)
    {
        let equality = match kind {
            CompareKind::Is | CompareKind::Eq => CompareKind::Eq,
            CompareKind::IsNot | CompareKind::Ne => CompareKind::Ne,
            _ if x.path.starts_with(INTENUM) => kind,
            _ => return None,
        };
        // Members of two enumerations are different, but integers are equal.
        if x.path != y.path && (equality != kind || x.path.starts_with(ENUM) || y.path.starts_with(ENUM)) {
            return Some(folded(Val::Bool(equality == CompareKind::Ne)));
        }
        let (p, q) = (field(x, ea, 0), field(y, eb, 0));
        return Some(compare_on(equality, (&p.val, p.whole()), (&q.val, q.whole())));
    }
    if matches!(kind, CompareKind::Is | CompareKind::IsNot) {
        return None;
    }
    let (x, y) = (plain(a, ea), plain(b, eb));
    if x.is_none() && y.is_none() {
        let other = |v: &Val| class(v).is_some_and(|s| is_enum(s));
        let differ = matches!(kind, CompareKind::Eq | CompareKind::Ne) && (other(a) || other(b)) && a.ty().array().is_none() && b.ty().array().is_none();
        return differ.then(|| folded(Val::Bool(kind == CompareKind::Ne)));
    }
    let (a, ea) = x.unwrap_or_else(|| (a.clone(), ea.clone()));
    let (b, eb) = y.unwrap_or_else(|| (b.clone(), eb.clone()));
    Some(compare_on(kind, (&a, ea), (&b, eb)))
}

/// `object.name`; `None` where the class does not have it.
pub fn getattr(s: &Arc<StructTy>, name: &str) -> Option<Typing> {
    if let Some(i) = s.field(name) {
        return Some(Ok(field(s, &Expr::Arg(0), i)));
    }
    match name {
        "_fields" if !is_enum(s) => Some(folded(Val::Tuple(s.names.iter().map(|n| Val::string(n)).collect()))),
        "_replace" if !is_enum(s) => Some(folded(Val::Method(Arc::new(Ty::Struct(s.clone())), name.into()))),
        "name" if is_enum(s) => {
            let problem = Problem::new(Code::NB0203, "the name of a member that is not known when the function is compiled is not available");
            Some(Err(problem.help("compare with the members: `if x is Color.RED:`")))
        }
        _ => None,
    }
}

/// The name of a member that is known only at run time; `None` for what is no member of an enumeration whose members are known.
pub fn member_name(engine: &Engine, v: &Val) -> Option<Typing> {
    member_string(engine, v, &Expr::Arg(0), |m| &m.name)
}

/// A string of a member that is known only at run time; `None` for what is no member of an enumeration whose members are known.
pub fn member_string(engine: &Engine, v: &Val, e: &Expr, string: fn(&Member) -> &str) -> Option<Typing> {
    let s = class(v).filter(|s| is_enum(s))?;
    let members = &engine.classes.get(&*s.path)?.members;
    let value = field(s, e, 0);
    let expr = value.expr.filter(|_| !members.is_empty())?;
    let mut conditions = vec![];
    for m in members {
        match compare_on(CompareKind::Eq, (&value.val, expr.clone()), (&m.value.val, Expr::constant(m.value.val.clone()))) {
            Ok(t) => conditions.push(t.whole()),
            Err(problem) => return Some(Err(problem)),
        }
    }
    let names = Val::Tuple(members.iter().map(|m| Val::string(string(m))).collect());
    let names = Expr::Const(names, Ty::tuple(members.iter().map(|_| Ty::Str)));
    let at = Expr::builtin("tuple.index", conditions, Ty::INT);
    Some(computed(Ty::Str, Expr::GetItem(Box::new(names), Box::new(at), Ty::Str)))
}

/// A call of a class: a named tuple of the arguments, or a member of an enumeration by its value.
pub fn construct(class: &Class, arguments: Arguments) -> Typing {
    let name = class.path.rsplit(['.', ':']).next().unwrap_or(&class.path);
    if !is_tuple(&class.path) && !arguments.iter().all(|(keyword, _)| *keyword == Some("value")) {
        let problem = Problem::new(Code::NB0208, format!("`{name}` cannot be called: it is an enumeration")).at(0);
        return Err(problem.help("name its members, or pass them as arguments"));
    }
    let mut bound: Vec<Option<(Val, Expr)>> = vec![None; class.fields.len()];
    for (i, (keyword, arg)) in arguments.into_iter().enumerate() {
        let slot = match keyword {
            None if i < bound.len() => i,
            None => return Err(Problem::new(Code::NB0207, format!("`{name}` has {} fields: `({})`", bound.len(), class.fields.join(", "))).at(arg.position)),
            Some(k) => class.fields.iter().position(|f| f == k).ok_or_else(|| no_field(name, &class.fields, k, arg.position))?,
        };
        if bound[slot].is_some() {
            return Err(Problem::new(Code::NB0207, format!("`{name}` gets its field `{}` twice", class.fields[slot])).at(arg.position));
        }
        if arg.val.ty() == Ty::Any {
            return Err(Problem::new(Code::NB0201, format!("{} cannot be put into a `{name}`", arg.val.describe())).at(arg.position));
        }
        bound[slot] = Some((arg.val, arg.expr));
    }
    let first = class.fields.len().saturating_sub(class.defaults.len());
    for (i, slot) in bound.iter_mut().enumerate().filter(|(_, s)| s.is_none()) {
        match i.checked_sub(first).and_then(|d| class.defaults.get(d)) {
            Some(default) if default.val.unsupported().is_none() => *slot = Some((Val::from(default.ty()), Expr::Const(default.val.clone(), default.ty()))),
            Some(default) => return Err(Problem::new(Code::NB0104, format!("the default of `{}` is {}, which cannot be compiled", class.fields[i], default.val.describe()))),
            None => return Err(Problem::new(Code::NB0207, format!("`{name}` misses its field `{}`", class.fields[i])).at(0)),
        }
    }
    build(&class.path, class.fields.iter().map(|f| f.as_str().into()).collect(), bound.into_iter().flatten())
}

fn no_field<S: AsRef<str>>(name: &str, fields: &[S], k: &str, position: usize) -> Box<Problem> {
    Problem::new(Code::NB0207, format!("`{name}` has no field `{k}`")).at(position).did_you_mean(nearest(k, fields.iter().map(AsRef::as_ref)))
}

fn build(path: &str, names: Box<[Arc<str>]>, parts: impl Iterator<Item = (Val, Expr)>) -> Typing {
    let (types, exprs): (Vec<Ty>, Vec<Expr>) = parts.map(|(v, e)| (v.ty(), e.cast(&v.ty()))).unzip();
    let t = Ty::Struct(Arc::new(StructTy { path: path.into(), names, types: types.clone().into() }));
    computed(t.clone(), Expr::Tuple(exprs, Ty::tuple(types)).cast(&t))
}

/// `object._replace(field=value, ...)`
pub fn replace(s: &StructTy, object: &Expr, arguments: Arguments) -> Typing {
    let name = s.path.rsplit(['.', ':']).next().unwrap_or(&s.path);
    let whole = |i| {
        let t = field(s, object, i);
        (t.val.clone(), t.whole())
    };
    let mut parts: Vec<(Val, Expr)> = (0..s.types.len()).map(whole).collect();
    for (keyword, arg) in arguments {
        let Some(k) = keyword else { return Err(Problem::new(Code::NB0207, "`_replace` takes keywords only").at(arg.position)) };
        let i = s.field(k).ok_or_else(|| no_field(name, &s.names, k, arg.position))?;
        parts[i] = (arg.val, arg.expr);
    }
    build(&s.path, s.names.clone(), parts.into_iter())
}
