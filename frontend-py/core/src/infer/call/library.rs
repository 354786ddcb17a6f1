//! Which constructs the library in Python gives a meaning to: operators on arrays, indexing by arrays, attributes.
//!
//! The names under which it does so are NumPy's where NumPy has one; the others stand in this file.
use super::{Arguments, family, map};
use crate::infer::{
    call,
    engine::Engine,
    expr::{Expr, Typed},
    objects::{buffers, index, records},
    problem::Problem,
    source::{Op, OpKind},
    val::Val,
};
use crate::catalog::{Arg, operators};
use numbra_abi::DType;
use numbra_dialects::py::{BinaryKind, CompareKind, Ty, UnaryKind};

/// `a[index]` and `a[index] = value` where the index or the value is more than a view takes.
const GETITEM: &str = "array.__getitem__";
const SETITEM: &str = "array.__setitem__";
/// A field of a record that is a string.
const STRING: &str = "numbra.record_string";
const SET_STRING: &str = "numbra.set_record_string";
/// `a op= b`
pub const INPLACE: &str = "numbra.inplace";

/// A call of a scalar type with an array or a sequence.
const CONVERSION: &str = "numbra.conversion";
/// What precedes the path of a function that has a row in the catalogue, in the name of the library's function for arguments that the row refuses.
pub const OTHERWISE: &str = "otherwise:";
/// The truth of an array, and `not` of one.
const TRUTH: &str = "array.__bool__";
const NOT: &str = "array.__not__";
/// `a is b` and `a is not b` on arrays
const IS: &str = "array.__is__";
const IS_NOT: &str = "array.__is_not__";

/// The library's function for a call of a scalar type, if its argument is no scalar.
pub fn conversion(engine: &Engine, path: &str, arguments: &Arguments) -> Option<&'static str> {
    let [(None, one)] = &arguments[..] else { return None };
    let numpy = path.starts_with("numpy.");
    let whole = match one.val.ty() {
        Ty::Array(a) => !a.dtype.is_record(),
        Ty::Tuple(_) | Ty::List(_) => numpy,
        _ => false,
    };
    (whole && crate::catalog::types::dtype_of(path).is_some()).then(|| engine.library.implementation(CONVERSION)).flatten()
}

/// Types an op by a function of the library; `None` where it is not the library's, `Some(None)` while its result is not known.
pub fn operator(engine: &mut Engine, instance: usize, op: &Op, vals: &[&Val]) -> Result<Option<Option<Typed>>, Box<Problem>> {
    let array = |i: usize| vals.get(i).is_some_and(|v| v.ty().array().is_some());
    let record = |i: usize| matches!(vals.get(i), Some(Val::Of(Ty::Record(_))));
    let range = |i: usize| matches!(vals.get(i), Some(Val::Of(Ty::Range(_))));
    if let Some(typed) = string_of_record(engine, instance, op, vals)? {
        return Ok(Some(typed));
    }
    let path: String = match &op.kind {
        kind if let Some(path) = buffers::operator(kind, vals) => path,
        OpKind::Binary(kind, inplace) if array(0) || (array(1) && *kind != BinaryKind::Mod) => {
            if *inplace && array(0) {
                let f = Val::Of(Ty::Entity(operators::binary_path(*kind).into()));
                let f = Arg { val: f.clone(), expr: Expr::constant(f), position: 0 };
                let given: Vec<Arg> = operands(vals).map(|o| o.1).collect();
                if *kind != BinaryKind::MatMul
                    && let [a, b] = &given[..]
                    && let Some(typed) = map::inplace(engine, instance, op, &f, a, b)?
                {
                    return Ok(Some(typed));
                }
                let arguments = std::iter::once((None, f)).chain(operands(vals)).collect();
                return run(engine, instance, op, INPLACE, arguments);
            }
            operators::binary_path(*kind).into()
        }
        OpKind::Binary(BinaryKind::Pow, _) if is_small_unsigned(vals[0]) && may_be_negative(vals[1]) => "unsigned.__pow__".into(),
        OpKind::Compare(kind @ (CompareKind::Is | CompareKind::IsNot)) if array(0) && array(1) => if *kind == CompareKind::Is { IS.into() } else { IS_NOT.into() },
        OpKind::Compare(CompareKind::In) if array(1) => "array.__contains__".into(),
        OpKind::Compare(CompareKind::NotIn) if array(1) => "array.__not_contains__".into(),
        OpKind::Compare(kind) if array(0) || array(1) => match operators::compare_path(*kind) {
            Some(path) => path.into(),
            None => return Ok(None),
        },
        OpKind::Truth if array(0) => TRUTH.into(),
        OpKind::Unary(UnaryKind::Not) if array(0) => NOT.into(),
        OpKind::Unary(kind) if array(0) => match operators::unary_path(*kind) {
            Some(path) => path.into(),
            None => return Ok(None),
        },
        // The names of flags are attributes and keys.
        OpKind::GetItem if family(vals[0]) == "flags" => match vals[1] {
            Val::Of(Ty::Literal(name)) => return run(engine, instance, op, &attribute("flags", &name.to_ascii_lowercase()), operands(&vals[..1]).collect()),
            _ => return Ok(None),
        },
        OpKind::GetItem if array(0) && is_fancy(vals[1]) => GETITEM.into(),
        OpKind::GetItem if matches!(vals[..], [Val::Of(Ty::Range(_)), Val::Of(Ty::Slice(_))]) => "range.__getitem__".into(),
        OpKind::Compare(CompareKind::Eq) if range(0) && range(1) => "range.__eq__".into(),
        OpKind::Compare(CompareKind::Ne) if range(0) && range(1) => "range.__ne__".into(),
        OpKind::SetItem if record(0) && matches!(vals[2], Val::Tuple(_)) => "record.__setitem__".into(),
        OpKind::Compare(CompareKind::Eq) if record(0) && record(1) => "record.__eq__".into(),
        OpKind::Compare(CompareKind::Ne) if record(0) && record(1) => "record.__ne__".into(),
        OpKind::SetItem if array(0) && (is_fancy(vals[1]) || needs_conversion(vals[0], vals[1], vals[2])) => SETITEM.into(),
        OpKind::GetAttr(name) => {
            let path = attribute(family(vals[0]), name);
            if engine.library.implementation(&path).is_none() {
                return Ok(None);
            }
            path
        }
        _ => return Ok(None),
    };
    run(engine, instance, op, &path, operands(vals).collect())
}

/// A field of a record that is a string: read as text or bytes, and assigned from them.
fn string_of_record(engine: &mut Engine, instance: usize, op: &Op, vals: &[&Val]) -> Result<Option<Option<Typed>>, Box<Problem>> {
    let (index, value) = match &op.kind {
        OpKind::GetItem => (vals[1].clone(), None),
        OpKind::SetItem => (vals[1].clone(), Some(2)),
        OpKind::GetAttr(name) => (Val::string(name), None),
        OpKind::SetAttr(name) => (Val::string(name), Some(1)),
        _ => return Ok(None),
    };
    if records::string(vals[0], &index).is_none() {
        return Ok(None);
    }
    let arg = |i: usize| (None, Arg { val: vals[i].clone(), expr: Expr::Arg(i), position: i });
    let name = (None, Arg { expr: Expr::constant(index.clone()), val: index, position: 0 });
    let arguments: Arguments = [arg(0), name].into_iter().chain(value.map(arg)).collect();
    run(engine, instance, op, if value.is_some() { SET_STRING } else { STRING }, arguments)
}

/// Under which name the library implements an attribute that is not a method.
pub fn attribute(family: &str, name: &str) -> String {
    format!("{family}.@{name}")
}

fn operands<'v>(vals: &'v [&Val]) -> impl Iterator<Item = (Option<&'static str>, Arg)> + use<'v> {
    vals.iter().enumerate().map(|(i, v)| (None, Arg { val: (*v).clone(), expr: Expr::Arg(i), position: i }))
}

fn run(engine: &mut Engine, instance: usize, op: &Op, path: &str, arguments: Arguments) -> Result<Option<Option<Typed>>, Box<Problem>> {
    let elementwise = crate::catalog::is_elementwise(path);
    if engine.library.implementation(path).is_none() && !(elementwise && engine.library.implementation(call::ELEMENTWISE).is_some()) {
        return Ok(None);
    }
    call::library(engine, instance, op, path, arguments).map(Some)
}

/// Whether a number has an unsigned type that meets Python's integers in a signed one.
fn is_small_unsigned(v: &Val) -> bool {
    v.dtype().is_some_and(|d| d.is_integer() && d != DType::Bool && !d.is_signed() && d != DType::UInt64)
}

/// Whether a number is a Python integer that is not known to be zero or more.
fn may_be_negative(v: &Val) -> bool {
    v.dtype() == Some(DType::Int64) && !matches!(v, Val::Int(0..))
}

/// Whether an index copies elements instead of naming a view: it holds an array, a list or a mask.
fn is_fancy(index: &Val) -> bool {
    match index {
        Val::Tuple(parts) => parts.iter().any(|p| matches!(p, Val::Tuple(_)) || is_fancy(p)),
        v => matches!(v.ty(), Ty::Array(_) | Ty::List(_)) || v.dtype() == Some(DType::Bool),
    }
}

/// Whether a value cannot be stored as it is: another element type that is no number, or a sequence.
fn needs_conversion(object: &Val, index: &Val, value: &Val) -> bool {
    match (object.ty(), value.ty()) {
        (Ty::Array(a), Ty::Array(v)) if !a.dtype.is_record() => index::has_other_axes(a, index, v) || (a.dtype != v.dtype && !index::assigns_converted(a, index, v)),
        (Ty::Array(_), Ty::Tuple(_) | Ty::List(_)) => true,
        (Ty::Array(a), Ty::Scalar(v)) => a.dtype.is_record() && v.is_number(),
        _ => false,
    }
}
