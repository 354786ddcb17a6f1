//! The lattice of abstract values. A value is a type, or a constant that keeps its Python meaning until it meets a type: `1` fits any
//! numeric type, as in NumPy's promotion of Python scalars.
//!
//! From below: `Never` (no value arrives), `Error` (already reported; silences what follows), `Unbound`, literals, types, unions of a few types,
//! `Conflict`.
use super::widen::has_list;
use numbra_abi::{DType, dtype::Kind};
use numbra_dialects::py::{ArrayTy, Layout, Ty};
use std::sync::Arc;

/// What is known of a value.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum Val {
    /// No execution produces it, as far as is known
    #[default]
    Never,
    /// Result of an op that was refused
    Error,
    /// A variable before its first assignment
    Unbound,
    /// Python int known at compile time
    Int(i64),
    /// Python float known at compile time, by its bits
    Float(u64),
    /// Bool known at compile time
    Bool(bool),
    /// Tuple, element by element
    Tuple(Arc<[Val]>),
    /// Method of an object: type of the receiver, name
    Method(Arc<Ty>, Arc<str>),
    /// A default that cannot be compiled: the name of its Python type
    Unsupported(Arc<str>),
    /// Any other type
    Of(Ty),
    /// Types met that have no common type: the two
    Conflict(Arc<(Ty, Ty)>),
}

impl From<Ty> for Val {
    fn from(t: Ty) -> Val {
        match t {
            Ty::Tuple(e) => Val::Tuple(e.iter().cloned().map(Val::from).collect()),
            Ty::Any => Val::Never,
            t => Val::Of(t),
        }
    }
}

impl Val {
    /// A float constant.
    pub fn float(x: f64) -> Val {
        Val::Float(x.to_bits())
    }

    /// A scalar of this type.
    pub fn scalar(d: DType) -> Val {
        Val::Of(Ty::Scalar(d))
    }

    /// A constant string.
    pub fn string(s: &str) -> Val {
        Val::Of(Ty::Literal(s.into()))
    }

    /// The value `None`.
    pub const NONE: Val = Val::Of(Ty::None);

    /// The type that it has at run time; `Any` where there is none.
    pub fn ty(&self) -> Ty {
        match self {
            Val::Int(_) => Ty::INT,
            Val::Float(_) => Ty::FLOAT,
            Val::Bool(_) => Ty::BOOL,
            Val::Tuple(e) => Ty::tuple(e.iter().map(Val::ty)),
            Val::Of(t) => t.clone(),
            Val::Never | Val::Error | Val::Unbound | Val::Method(..) | Val::Unsupported(_) | Val::Conflict(_) => Ty::Any,
        }
    }

    /// The same with constants forgotten.
    pub fn widen(&self) -> Val {
        match self {
            Val::Int(_) | Val::Float(_) | Val::Bool(_) | Val::Tuple(_) => Val::from(self.ty()),
            v => v.clone(),
        }
    }

    /// The part of it that cannot be compiled, if there is one.
    pub fn unsupported(&self) -> Option<&Val> {
        match self {
            Val::Tuple(e) => e.iter().find_map(Val::unsupported),
            Val::Unsupported(_) => Some(self),
            _ => None,
        }
    }

    /// The type, if it is a point or a length of time.
    pub fn time(&self) -> Option<DType> {
        match self {
            Val::Of(Ty::Scalar(d)) if d.unit().is_some() => Some(*d),
            _ => None,
        }
    }

    /// The scalar type, if it is a number.
    pub fn dtype(&self) -> Option<DType> {
        match self {
            Val::Int(_) => Some(DType::Int64),
            Val::Float(_) => Some(DType::Float64),
            Val::Bool(_) => Some(DType::Bool),
            Val::Of(Ty::Scalar(d)) if d.is_number() => Some(*d),
            _ => None,
        }
    }

    /// Whether it is a numeric constant.
    pub fn is_number_literal(&self) -> bool {
        matches!(self, Val::Int(_) | Val::Float(_) | Val::Bool(_))
    }

    /// Whether it has a value to compute with: neither missing nor refused.
    pub fn is_present(&self) -> bool {
        !matches!(self, Val::Never | Val::Error | Val::Unbound | Val::Conflict(_))
    }

    /// Whether nothing of it exists at run time: it is known from its type alone.
    pub fn is_static(&self) -> bool {
        match self {
            Val::Int(_) | Val::Float(_) | Val::Bool(_) | Val::Method(..) => true,
            Val::Tuple(e) => e.iter().all(Val::is_static),
            Val::Of(t) => matches!(t, Ty::None | Ty::Literal(_) | Ty::Ellipsis | Ty::Entity(_) | Ty::Function(_)),
            _ => false,
        }
    }

    /// Its truth, where that is known from the type.
    pub fn truth(&self) -> Option<bool> {
        match self {
            Val::Bool(b) => Some(*b),
            Val::Int(i) => Some(*i != 0),
            Val::Float(bits) => Some(f64::from_bits(*bits) != 0.0),
            Val::Tuple(e) => Some(!e.is_empty()),
            Val::Of(Ty::None) => Some(false),
            Val::Of(Ty::Literal(s)) => Some(!s.is_empty()),
            Val::Of(Ty::Ellipsis | Ty::Entity(_) | Ty::Function(_) | Ty::Closure(..) | Ty::Callable(_) | Ty::Exception(_)) | Val::Method(..) => Some(true),
            _ => None,
        }
    }

    /// How diagnostics name it.
    pub fn describe(&self) -> String {
        match self {
            Val::Conflict(c) => format!("{} or {}", c.0, c.1),
            Val::Method(t, name) => format!("method `{name}` of {t}"),
            Val::Unsupported(name) => format!("a Python `{name}`"),
            Val::Never | Val::Error | Val::Unbound => "no value".into(),
            v => v.ty().to_string(),
        }
    }
}

/// The least upper bound of what arrives from two places.
pub fn join(a: &Val, b: &Val) -> Val {
    common(a, b).or_else(|| super::union::join(a, b)).unwrap_or_else(|| Val::Conflict(Arc::new((a.ty(), b.ty()))))
}

/// The least upper bound, if one type holds both.
pub fn common(a: &Val, b: &Val) -> Option<Val> {
    if a == b {
        return Some(a.clone());
    }
    match (a, b) {
        (Val::Never, x) | (x, Val::Never) => return Some(x.clone()),
        (Val::Conflict(_), _) => return Some(a.clone()),
        (_, Val::Conflict(_)) => return Some(b.clone()),
        (Val::Error, x) | (x, Val::Error) => return Some(x.clone()),
        (Val::Unbound, x) | (x, Val::Unbound) => return Some(x.clone()),
        (Val::Tuple(x), Val::Tuple(y)) if x.len() == y.len() => {
            let parts: Arc<[Val]> = x.iter().zip(y.iter()).map(|(x, y)| join(x, y)).collect();
            if !parts.iter().any(|p| matches!(p, Val::Conflict(_))) {
                return Some(Val::Tuple(parts));
            }
        }
        (Val::Of(Ty::Literal(_) | Ty::Str), Val::Of(Ty::Literal(_) | Ty::Str)) => return Some(Val::Of(Ty::Str)),
        (Val::Of(Ty::Struct(x)), Val::Of(Ty::Struct(y))) if let Some(t) = super::objects::strings::common_struct(x, y) => return Some(Val::Of(t)),
        // A constant that an unsigned type holds does not make it signed.
        (Val::Int(i), Val::Of(Ty::Scalar(d))) | (Val::Of(Ty::Scalar(d)), Val::Int(i)) if d.kind() == Kind::UInt && *i >= 0 && d.size() == 8 => {
            return Some(Val::scalar(*d));
        }
        _ => {}
    }
    if let (Some(x), Some(y)) = (a.dtype(), b.dtype()) {
        return Some(Val::scalar(x.promote(y)));
    }
    if let (Val::Of(Ty::Record(x)), Val::Of(Ty::Record(y))) = (a, b)
        && x.id == y.id
    {
        return Some(Val::Of(Ty::Record(numbra_dialects::py::RecordTy { id: x.id, readonly: true })));
    }
    if let Some(d) = super::objects::times::join(a, b) {
        return Some(Val::scalar(d));
    }
    if let (Val::Of(Ty::Array(x)), Val::Of(Ty::Array(y))) = (a, b)
        && let Some(t) = join_arrays(*x, *y)
    {
        return Some(Val::Of(Ty::Array(t)));
    }
    if let (Val::Of(Ty::List(x)), Val::Of(Ty::List(y))) = (a, b) {
        match join(&Val::from((**x).clone()), &Val::from((**y).clone())) {
            Val::Conflict(_) => {}
            element => return Some(Val::Of(Ty::List(Arc::new(element.widen().ty())))),
        }
    }
    // Closures that share lists: what is stored in these widens them.
    if let (Val::Of(Ty::Closure(f, x)), Val::Of(Ty::Closure(g, y))) = (a, b)
        && f == g && x.len() == y.len()
        && x.iter().zip(y.iter()).all(|(x, y)| x == y || (has_list(x) && has_list(y)))
    {
        let parts: Option<Vec<Ty>> = x.iter().zip(y.iter()).map(|(x, y)| common(&Val::from(x.clone()), &Val::from(y.clone())).map(|v| v.ty())).collect();
        return parts.map(|parts| Val::Of(Ty::Closure(f.clone(), parts.into())));
    }
    if let (Val::Of(Ty::Iterator(x)), Val::Of(Ty::Iterator(y))) = (a, b)
        && let Some(Val::Of(t)) = common(&Val::Of((**x).clone()), &Val::Of((**y).clone()))
    {
        return Some(Val::Of(Ty::Iterator(Arc::new(t))));
    }
    None
}

/// The array type that both convert to without a copy.
pub fn join_arrays(a: ArrayTy, b: ArrayTy) -> Option<ArrayTy> {
    let layout = if a.layout == b.layout { a.layout } else { Layout::A };
    (a.dtype == b.dtype && a.rank == b.rank).then_some(ArrayTy { layout, readonly: a.readonly || b.readonly, ..a })
}

/// Whether a constant integer is a value of an integer type.
pub fn fits(value: i64, d: DType) -> bool {
    match d.kind() {
        Kind::UInt => value >= 0 && (d.size() == 8 || (value as u64) >> d.bits() == 0),
        Kind::Int => d.size() == 8 || (-(1i64 << (d.bits() - 1))..1i64 << (d.bits() - 1)).contains(&value),
        _ => false,
    }
}
