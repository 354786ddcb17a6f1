//! Attributes of run-time values: arrays and numbers. Attributes of modules are resolved before typing; those of library objects here.
use super::{buffers, records, structs};
use crate::infer::{expr::{Expr, Typing, computed, folded, scalar}, problem::Problem, val::Val};
use crate::{catalog, library::Library, suggest::nearest};
use numbra_abi::{DType, exception};
use numbra_dialects::{Code, py::{ArrayTy, Layout, StructTy, Ty}};
use std::sync::Arc;

const ARRAY: &[&str] = &["T", "dtype", "flags", "imag", "itemsize", "nbytes", "ndim", "real", "shape", "size", "strides"];
const TIME: &[&str] = &["dtype"];
const NUMBER: &[&str] = &["dtype", "imag", "real"];

/// What `del x[i]` asks for.
pub(crate) const DELETE: &str = "__delitem__";

/// Attributes of slices and ranges.
pub const PARTS: [&str; 3] = ["start", "stop", "step"];

fn part(name: &str, t: Ty) -> Typing {
    match PARTS.iter().find(|p| **p == name) {
        Some(name) if t != Ty::None => computed(t.clone(), Expr::GetAttr(Box::new(Expr::Arg(0)), name, t)),
        _ => folded(Val::NONE),
    }
}

/// The attributes of arrays and numbers, as paths.
pub fn paths() -> impl Iterator<Item = String> {
    ARRAY.iter().map(|n| format!("array.@{n}")).chain(NUMBER.iter().map(|n| format!("number.@{n}")))
}

/// `object.name`
pub fn getattr(v: &Val, name: &str) -> Typing {
    let (family, attributes): (_, &[&str]) = match v {
        Val::Of(Ty::Array(a)) => {
            if let Some(typing) = array(*a, name) {
                return typing;
            }
            if let Some(typing) = records::attribute(v, name) {
                return typing;
            }
            ("array", ARRAY)
        }
        Val::Of(Ty::Record(_)) if let Some(typing) = records::attribute(v, name) => return typing,
        Val::Of(Ty::List(_)) => ("list", &[]),
        Val::Of(t @ Ty::Struct(_)) if let Some(class) = buffers::class(t) => (class, &[]),
        Val::Of(Ty::Literal(_) | Ty::Str) => ("str", &[]),
        Val::Of(Ty::Entity(path)) => return entity(path, name),
        Val::Of(Ty::Struct(s)) if structs::is_class(&s.path) => {
            if let Some(typing) = structs::getattr(s, name) {
                return typing;
            }
            let problem = Problem::new(Code::NB0203, format!("{} has no attribute `{name}`", v.describe()));
            return Err(problem.did_you_mean(nearest(name, s.names.iter().map(|n| &**n))));
        }
        Val::Of(Ty::Slice(parts)) if PARTS.contains(&name) => return part(name, parts[PARTS.iter().position(|p| *p == name).unwrap_or(0)].clone()),
        Val::Of(Ty::Range(d)) if PARTS.contains(&name) => return part(name, Ty::Scalar(*d)),
        Val::Of(Ty::Slice(_)) => ("slice", &PARTS[..]),
        Val::Of(Ty::Range(_)) => ("range", &PARTS[..]),
        Val::Tuple(_) => ("tuple", &[][..]),
        v if v.dtype().is_some() => {
            if let Some(typing) = number(v, name) {
                return typing;
            }
            ("number", NUMBER)
        }
        v if v.time().is_some() => {
            if let (Some(d), "dtype") = (v.time(), name) {
                return folded(dtype_entity(d));
            }
            ("time", TIME)
        }
        v => return Err(Problem::new(Code::NB0203, format!("{} has no attribute `{name}` in compiled code", v.describe()))),
    };
    if catalog::method(family, name).is_some() || (family, name) == ("str", "format") || Library::get().implementation(&format!("{family}.{name}")).is_some() {
        return folded(Val::Method(Arc::new(v.ty()), name.into()));
    }
    if name == DELETE {
        let problem = Problem::new(Code::NB0203, format!("elements of {} cannot be deleted", v.describe()));
        return Err(problem.help(if family == "array" { "`np.delete` makes an array without them" } else { "take a slice instead" }));
    }
    let problem = Problem::new(Code::NB0203, format!("{} has no attribute `{name}` in compiled code", v.describe()));
    let own = Library::get().implemented().filter_map(|p| p.strip_prefix(family)?.strip_prefix('.')).map(|n| n.trim_start_matches('@'));
    let known = attributes.iter().copied().chain(catalog::methods(family)).chain(own);
    Err(problem.did_you_mean(nearest(name, known)))
}

/// The type object of a scalar type.
pub fn dtype_entity(d: DType) -> Val {
    Val::Of(Ty::Entity(format!("numpy.{}", d.name()).into()))
}

/// What an array's `flags` are: an object that holds the array, whose attributes the library implements.
pub const FLAGS: &str = "numpy.flagsobj";

fn flags_type(a: ArrayTy) -> Ty {
    Ty::Struct(Arc::new(StructTy { path: FLAGS.into(), names: ["array".into()].into(), types: [Ty::Array(a)].into() }))
}

/// The tuple type of shapes and strides.
pub fn shape_type(rank: usize) -> Ty {
    Ty::tuple(std::iter::repeat_n(Ty::INT, rank))
}

fn array(a: ArrayTy, name: &str) -> Option<Typing> {
    let get = |name, t: Ty| computed(t.clone(), Expr::GetAttr(Box::new(Expr::Arg(0)), name, t));
    Some(match name {
        "shape" if a.rank > 0 => get("shape", shape_type(a.rank)),
        "strides" if a.rank > 0 => get("strides", shape_type(a.rank)),
        "shape" | "strides" => folded(Val::Tuple(Arc::new([]))),
        "size" => get("size", Ty::INT),
        "nbytes" => get("nbytes", Ty::INT),
        "ndim" => folded(Val::Int(a.rank as i64)),
        "itemsize" => folded(Val::Int(a.dtype.size() as i64)),
        "dtype" => folded(dtype_entity(a.dtype)),
        "flags" => {
            let (whole, t) = (Ty::Array(a), flags_type(a));
            computed(t.clone(), Expr::Tuple(vec![Expr::Arg(0)], Ty::tuple([whole])).cast(&t))
        }
        "T" if a.rank < 2 => computed(Ty::Array(a), Expr::Arg(0)),
        "T" => {
            let layout = match a.layout {
                Layout::C => Layout::F,
                Layout::F => Layout::C,
                Layout::A => Layout::A,
            };
            get("T", Ty::Array(ArrayTy { layout, ..a }))
        }
        "real" if !a.dtype.is_complex() => computed(Ty::Array(a), Expr::Arg(0)),
        "real" | "imag" => {
            let help = "take `.real` or `.imag` of the elements";
            Err(Problem::new(Code::NB0203, format!("`{name}` of {} is not available in compiled code", Ty::Array(a))).help(help))
        }
        _ => return None,
    })
}

fn number(v: &Val, name: &str) -> Option<Typing> {
    let d = v.dtype()?;
    Some(match name {
        "real" if d.is_complex() => scalar(d.part(), Expr::GetAttr(Box::new(Expr::Arg(0)), "real", Ty::Scalar(d.part()))),
        "imag" if d.is_complex() => scalar(d.part(), Expr::GetAttr(Box::new(Expr::Arg(0)), "imag", Ty::Scalar(d.part()))),
        "real" => crate::infer::arithmetic::unary(numbra_dialects::py::UnaryKind::Pos, v),
        "imag" if d.is_float() => scalar(d, Expr::Const(Val::float(0.0), Ty::Scalar(d))),
        "imag" => folded(Val::Int(0)),
        "dtype" => folded(dtype_entity(d)),
        _ => return None,
    })
}

fn entity(path: &str, name: &str) -> Typing {
    // `a.dtype.type` is the type object itself.
    if name == "type" && catalog::types::dtype_of(path).is_some() {
        return folded(Val::Of(Ty::Entity(path.into())));
    }
    let library = Library::get();
    if (catalog::is_elementwise(path) || library.elementwise(path).is_some()) && library.implementation(&format!("ufunc.{name}")).is_some() {
        return folded(Val::Method(Arc::new(Ty::Entity(path.into())), name.into()));
    }
    let full = format!("{path}.{name}");
    if exception::NUMPY.contains(&full.as_str()) || library.implementation(&full).is_some() || catalog::lookup(&full).is_some() || catalog::types::dtype_of(&full).is_some() {
        return folded(Val::Of(Ty::Entity(full.into())));
    }
    Err(Problem::new(Code::NB0103, format!("`{full}` is not supported")).help(catalog::absent::instead(&full)))
}
