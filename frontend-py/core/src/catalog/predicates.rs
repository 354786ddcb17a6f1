//! Questions about types: `isinstance`, `issubclass`, `hasattr`, `callable`, `type`. They are answered when the function is compiled, which
//! prunes branches; only of a union is it asked at run time which member it is.
//!
//! Compiled values do not tell `int` from `numpy.int64` and `float` from `numpy.float64`: such a value is an instance of both.
use super::{Arg, Call, Row, attributes::python_has, row, types::dtype_of};
use crate::infer::{
    call::{getters, partial},
    expr::{Typing, folded},
    objects::{attribute::getattr, buffers, structs},
    problem::Problem,
    union,
    val::Val,
};
use numbra_abi::{DType, dtype::Kind};
use numbra_dialects::{Code, py::Ty};

pub(super) const ROWS: &[Row] = &[
    row("builtins.callable", "obj, /", "", callable),
    row("builtins.hasattr", "obj, name, /", "", hasattr),
    row("builtins.isinstance", "obj, class_or_tuple, /", "", isinstance),
    row("builtins.issubclass", "cls, class_or_tuple, /", "", issubclass),
    row("builtins.type", "object, /", "", type_of),
];

type Holds = fn(&Ty) -> bool;

fn kind(t: &Ty) -> Option<Kind> {
    t.scalar().map(DType::kind)
}

fn integer(t: &Ty) -> bool {
    matches!(kind(t), Some(Kind::Int | Kind::UInt))
}

fn number(t: &Ty) -> bool {
    t.scalar().is_some_and(|d| d != DType::Bool)
}

fn uniform(t: &Ty) -> bool {
    matches!(t, Ty::Tuple(p) if p.windows(2).all(|w| w[0] == w[1]))
}

/// Classes whose instances have one of several types.
const CLASSES: &[(&str, Holds)] = &[
    ("builtins.bool", |t| *t == Ty::BOOL),
    ("builtins.complex", |t| t.scalar() == Some(DType::Complex128)),
    ("builtins.float", |t| *t == Ty::FLOAT),
    ("builtins.int", |t| *t == Ty::INT || *t == Ty::BOOL || is_enum(t, "intenum:")),
    ("builtins.list", |t| matches!(t, Ty::List(_))),
    ("builtins.object", |_| true),
    ("builtins.range", |t| matches!(t, Ty::Range(_))),
    ("builtins.slice", |t| matches!(t, Ty::Slice(_))),
    ("builtins.str", |t| matches!(t, Ty::Literal(_) | Ty::Str)),
    ("builtins.tuple", |t| matches!(t, Ty::Tuple(_)) || matches!(t, Ty::Struct(_)) && !is_enum(t, "enum:") && !is_enum(t, "intenum:") && buffers::class(t).is_none()),
    ("numbra.types.Array", |t| t.array().is_some()),
    ("numbra.types.BaseTuple", |t| matches!(t, Ty::Tuple(_))),
    ("numbra.types.Boolean", |t| *t == Ty::BOOL),
    ("numbra.types.Complex", |t| kind(t) == Some(Kind::Complex)),
    ("numbra.types.Float", |t| kind(t) == Some(Kind::Float)),
    ("numbra.types.Integer", integer),
    ("numbra.types.NoneType", |t| *t == Ty::None),
    ("numbra.types.Number", number),
    ("numbra.types.Tuple", |t| matches!(t, Ty::Tuple(_)) && !uniform(t)),
    ("numbra.types.UniTuple", uniform),
    ("numpy.complexfloating", |t| kind(t) == Some(Kind::Complex)),
    ("numpy.datetime64", |t| kind(t) == Some(Kind::DateTime)),
    ("numpy.floating", |t| kind(t) == Some(Kind::Float)),
    ("numpy.generic", |t| t.scalar().is_some()),
    ("numpy.inexact", |t| matches!(kind(t), Some(Kind::Float | Kind::Complex))),
    ("numpy.integer", integer),
    ("numpy.ndarray", |t| t.array().is_some()),
    ("numpy.number", number),
    ("numpy.signedinteger", |t| kind(t) == Some(Kind::Int)),
    ("numpy.timedelta64", |t| kind(t) == Some(Kind::TimeDelta)),
    ("numpy.unsignedinteger", |t| kind(t) == Some(Kind::UInt)),
];

fn is_enum(t: &Ty, prefix: &str) -> bool {
    matches!(t, Ty::Struct(s) if s.path.starts_with(prefix))
}

/// Whether values of a type are instances of one class; `None` for what is no known class.
fn is_instance_of(t: &Ty, path: &str) -> Option<bool> {
    if let Ok(i) = CLASSES.binary_search_by(|(p, _)| (*p).cmp(path)) {
        return Some(CLASSES[i].1(t));
    }
    if let Some(d) = dtype_of(path) {
        return Some(t.scalar() == Some(d));
    }
    match t {
        Ty::Struct(s) if *s.path == *path => Some(true),
        // A class that no compiled value is an instance of is a class all the same.
        _ => (path.starts_with("builtins.") || path.starts_with("numpy.") || path.starts_with("numbra.types.") || structs::is_class(path)).then_some(false),
    }
}

/// Whether values of a type are instances of a class or one of a tuple of classes.
pub fn is_instance(t: &Ty, classes: &Val) -> Option<bool> {
    match classes {
        Val::Of(Ty::Entity(path)) => is_instance_of(t, path),
        Val::Tuple(all) => all.iter().try_fold(false, |any, c| Some(any | is_instance(t, c)?)),
        _ => None,
    }
}

fn no_class(call: &Call, arg: &Arg) -> Box<Problem> {
    call.refuse(arg, "a class or a tuple of classes").help("write for example `isinstance(x, (int, np.integer))`")
}

fn isinstance(call: &Call) -> Typing {
    let (arg, classes) = (call.arg(0)?, call.arg(1)?);
    if is_instance(&Ty::None, &classes.val).is_none() {
        return Err(no_class(call, classes));
    }
    union::ask(&arg.val, &arg.expr, |t| is_instance(t, &classes.val) == Some(true))
}

fn issubclass(call: &Call) -> Typing {
    let (class, classes) = (call.arg(0)?, call.arg(1)?);
    let Val::Of(Ty::Entity(path)) = &class.val else { return Err(no_class(call, class)) };
    if is_instance(&Ty::None, &classes.val).is_none() {
        return Err(no_class(call, classes));
    }
    folded(Val::Bool(is_subclass(path, &classes.val)))
}

fn is_subclass(path: &str, classes: &Val) -> bool {
    match classes {
        Val::Tuple(all) => all.iter().any(|c| is_subclass(path, c)),
        Val::Of(Ty::Entity(class)) if **class == *path => true,
        Val::Of(Ty::Entity(class)) => match dtype_of(path) {
            // NumPy's scalar types other than these two descend from none of Python's, and Python's from none of NumPy's.
            Some(d) if path.starts_with("numpy.") && class.starts_with("builtins.") => match &**class {
                "builtins.object" => true,
                "builtins.float" => d == DType::Float64,
                "builtins.complex" => d == DType::Complex128,
                _ => false,
            },
            Some(_) if class.starts_with("numpy.") != path.starts_with("numpy.") => false,
            Some(d) => is_instance_of(&Ty::Scalar(d), class) == Some(true),
            None => **class == *"builtins.object",
        },
        _ => false,
    }
}

fn hasattr(call: &Call) -> Typing {
    let (arg, name) = (call.arg(0)?, call.arg(1)?);
    let Val::Of(Ty::Literal(name)) = &name.val else { return Err(call.refuse(name, "a constant string as name of the attribute")) };
    // Methods of numbers are of all numbers here, whichever have them.
    let number = |t: &Ty| t.scalar().is_some_and(DType::is_number);
    union::ask(&arg.val, &arg.expr, |t| python_has(t, name) || (!number(t) && getattr(&Val::from(t.clone()), name).is_ok()))
}

fn callable(call: &Call) -> Typing {
    let arg = call.arg(0)?;
    folded(Val::Bool(matches!(arg.val, Val::Of(Ty::Function(_) | Ty::Closure(..) | Ty::Callable(_) | Ty::Entity(_)) | Val::Method(..)) || partial::parts(&arg.val).is_some() || getters::parts(&arg.val).is_some()))
}

fn type_of(call: &Call) -> Typing {
    let arg = call.arg(0)?;
    let path = match arg.val.ty() {
        Ty::Scalar(DType::Bool) => "builtins.bool".into(),
        Ty::Scalar(DType::Int64) => "builtins.int".into(),
        Ty::Scalar(DType::Float64) => "builtins.float".into(),
        Ty::Scalar(DType::Complex128) => "builtins.complex".into(),
        Ty::Scalar(d) => format!("numpy.{}", d.name()).into(),
        Ty::None => "builtins.NoneType".into(),
        Ty::Tuple(_) => "builtins.tuple".into(),
        Ty::Array(_) => "numpy.ndarray".into(),
        Ty::Literal(_) | Ty::Str => "builtins.str".into(),
        Ty::Range(_) => "builtins.range".into(),
        Ty::Slice(_) => "builtins.slice".into(),
        Ty::List(_) => "builtins.list".into(),
        Ty::Struct(s) => s.path.clone(),
        Ty::Union(_) => {
            let problem = Problem::new(Code::NB0201, format!("{} has no type that is known when the function is compiled", arg.val.describe())).at(arg.position);
            return Err(problem.help("ask `isinstance(x, ...)` or `x is None`"));
        }
        _ => return Err(call.refuse(arg, "a value")),
    };
    folded(Val::Of(Ty::Entity(path)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_are_sorted() {
        assert!(CLASSES.windows(2).all(|w| w[0].0 < w[1].0));
    }

    #[test]
    fn python_and_numpy_names_of_one_type() {
        let class = |path: &str| Val::Of(Ty::Entity(path.into()));
        for (t, path, expected) in [
            (Ty::INT, "builtins.int", true), (Ty::INT, "numpy.int64", true), (Ty::BOOL, "builtins.int", true), (Ty::Scalar(DType::Int32), "builtins.int", false),
            (Ty::FLOAT, "numpy.floating", true), (Ty::FLOAT, "builtins.int", false), (Ty::None, "numpy.generic", false), (Ty::Scalar(DType::UInt8), "numpy.signedinteger", false),
        ] {
            assert_eq!(is_instance(&t, &class(path)), Some(expected), "{t} {path}");
        }
        assert_eq!(is_instance(&Ty::INT, &Val::Int(1)), None);
    }
}
