//! `bytes`, `bytearray` and `memoryview`: products of one array of bytes. What they do is in the library (`numbra/lib/python/buffers.py`), under paths that begin with
//! `buffer.`. Their elements are ints, as in Python, not numbers of eight bits: where they are run over, they are a list of ints.
use super::lists::list_of;
use crate::infer::{call::Arguments, engine::Engine, expr::Expr, source::OpKind, val::Val};
use crate::catalog::operators;
use numbra_abi::DType;
use numbra_dialects::py::{ArrayTy, CompareKind, Layout, StructTy, Ty, UnaryKind};
use std::sync::Arc;

/// The classes.
const CLASSES: &[&str] = &["builtins.bytearray", "builtins.bytes", "builtins.memoryview"];

/// Functions that run over their arguments.
const RUNNING: &[&str] = &[
    "builtins.all", "builtins.any", "builtins.enumerate", "builtins.iter", "builtins.list", "builtins.max", "builtins.min", "builtins.reversed", "builtins.sorted", "builtins.sum",
    "builtins.zip", "numbra.max_by", "numbra.min_by", "numbra.sorted_by",
];

/// Functions that the library has for these classes.
const FUNCTIONS: &[(&str, &str)] = &[
    ("builtins.bool", "buffer.__bool__"), ("builtins.len", "buffer.__len__"),
];

/// The name of the class, if a type is one of these.
pub fn class(t: &Ty) -> Option<&'static str> {
    match t {
        Ty::Struct(s) => CLASSES.iter().find(|c| ***c == *s.path).map(|c| &c["builtins.".len()..]),
        _ => None,
    }
}

/// The type of values of a class whose elements are in arrays of a type.
pub fn type_of(class: &str, data: ArrayTy) -> Ty {
    // Of bytes there is one type, so that they meet in variables.
    let data = ArrayTy { readonly: data.readonly || class == "bytes", ..data };
    Ty::Struct(Arc::new(StructTy { path: format!("builtins.{class}").into(), names: ["data".into()].into(), types: [Ty::Array(data)].into() }))
}

/// The type of what Python passes.
pub fn passed(class: &str, readonly: bool) -> Ty {
    type_of(class, ArrayTy { dtype: DType::UInt8, rank: 1, layout: Layout::C, readonly })
}

/// Whether a value is one of these.
pub fn is(v: &Val) -> bool {
    matches!(v, Val::Of(t @ Ty::Struct(_)) if class(t).is_some())
}

/// The array that the elements are in.
pub fn data(t: &Ty) -> Option<ArrayTy> {
    class(t)?;
    t.parts()?.first()?.array()
}

/// What stands for a value where it is run over, if it is one of these: the list of its elements.
pub fn elements(kind: &OpKind, vals: &[&Val], v: &Val, e: &Expr) -> Option<(Val, Expr)> {
    let array = Ty::Array(is(v).then(|| data(&v.ty())).flatten()?);
    let runs = match kind {
        OpKind::Iter | OpKind::Unpack(_) => true,
        OpKind::Call(_) => matches!(vals[0], Val::Of(Ty::Entity(path)) if RUNNING.contains(&&**path)),
        _ => false,
    };
    let list = list_of(Ty::INT);
    runs.then(|| (Val::Of(list.clone()), Expr::builtin("list.from", vec![Expr::Element(Box::new(e.clone()), 0, array)], list)))
}

/// What the library has for a function of one of these.
pub fn function(engine: &Engine, path: &str, arguments: &Arguments) -> Option<&'static str> {
    let wanted = FUNCTIONS.iter().find(|f| f.0 == path)?.1;
    is(&arguments.first()?.1.val).then(|| engine.library.implementation(wanted)).flatten()
}

/// What the library has for an operator on one of these.
pub fn operator(kind: &OpKind, vals: &[&Val]) -> Option<String> {
    let is = |i: usize| vals.get(i).is_some_and(|v| is(v));
    let name = match kind {
        OpKind::GetItem if is(0) => "__getitem__",
        OpKind::SetItem if is(0) => "__setitem__",
        OpKind::Compare(CompareKind::In) if is(1) => "__contains__",
        OpKind::Compare(CompareKind::NotIn) if is(1) => "__not_contains__",
        OpKind::Compare(kind) if is(0) || is(1) => operators::compare_name(*kind)?,
        OpKind::Binary(kind, _) if is(0) || is(1) => operators::binary_name(*kind),
        OpKind::Truth if is(0) => "__bool__",
        OpKind::Unary(UnaryKind::Not) if is(0) => "__not__",
        _ => return None,
    };
    Some(format!("buffer.{name}"))
}
