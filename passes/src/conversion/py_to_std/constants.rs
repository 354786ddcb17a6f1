//! Constants, and variables before their first assignment.
use crate::numbers::{float_value, integer_value};
use super::{build::Vs, cx::{Cx, Res}, flatten::Arr};
use melior::ir::{Attribute, OperationRef, attribute::{ArrayAttribute, DenseI64ArrayAttribute, DictionaryAttribute, IntegerAttribute}, operation::OperationLike};
use numbra_abi::{DType, dtype::Kind};
use numbra_dialects::py::{ArrayTy, Layout, Ty};

/// `py.constant`
pub fn constant<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, op: OperationRef<'c, 'a>) -> Res<()> {
    let ty = cx.result_ty(op, 0)?;
    let Ok(value) = op.attribute("value") else { return cx.invalid("constant without a value") };
    let values = of_type(cx, &ty, value)?;
    cx.set_result(op, values)
}

fn of_type<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, ty: &Ty, value: Attribute<'c>) -> Res<Vs<'c, 'a>> {
    let list = |n: usize| {
        let parts = ArrayAttribute::try_from(value).ok().filter(|a| a.len() == n)?;
        (0..n).map(|i| parts.element(i).ok()).collect::<Option<Vec<_>>>()
    };
    let mut out = Vs::new();
    match ty {
        Ty::Scalar(d) if d.is_complex() => {
            let t = cx.b.t.scalar(*d);
            let parts = match list(2) {
                Some(p) => [float_value(p[0]), float_value(p[1])],
                None => [float_value(value), Some(0.0)],
            };
            let [Some(re), Some(im)] = parts else { return cx.invalid(format!("constant {value} of type {ty}")) };
            out.extend([cx.b.float(t, re), cx.b.float(t, im)]);
        }
        Ty::Scalar(d) => out.push(scalar(cx, *d, value)?),
        Ty::Tuple(parts) => {
            let Some(values) = list(parts.len()) else { return cx.invalid(format!("constant {value} of type {ty}")) };
            for (p, v) in parts.iter().zip(values) {
                out.extend(of_type(cx, p, v)?);
            }
        }
        Ty::Array(a) => return array(cx, *a, value),
        _ if super::flatten::count(ty) == 0 => {}
        _ => return cx.invalid(format!("constant of type {ty}")),
    }
    Ok(out)
}

/// The elements lie in the program's read-only data; the header is one that no number of releases frees.
fn array<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, a: ArrayTy, value: Attribute<'c>) -> Res<Vs<'c, 'a>> {
    let parts = DictionaryAttribute::try_from(value).ok().and_then(|d| {
        Some((d.element_by_name("bytes")?, DenseI64ArrayAttribute::try_from(d.element_by_name("shape")?).ok()?))
    });
    let Some((data, shape)) = parts else { return cx.invalid("constant array without elements") };
    let shape: Vec<i64> = (0..shape.len()).filter_map(|i| shape.element(i).ok()).collect();
    let Some(length) = numbra_dialects::bytes::length(data).filter(|_| shape.len() == a.rank) else { return cx.invalid("constant array of another shape") };
    let (data, header) = cx.module.data(data, length);
    let (data, owner) = (cx.b.address(&data), cx.b.address(&header));
    let mut strides = vec![0; a.rank];
    let mut stride = a.dtype.size() as i64;
    let order: Vec<usize> = if a.layout == Layout::F { (0..a.rank).collect() } else { (0..a.rank).rev().collect() };
    for axis in order {
        strides[axis] = stride;
        stride *= shape[axis].max(1);
    }
    let (shape, strides) = (shape.iter().map(|n| cx.b.i64(*n)).collect(), strides.iter().map(|n| cx.b.i64(*n)).collect());
    Ok(Arr { ty: a, owner, data, shape, strides }.values())
}

fn scalar<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, d: DType, value: Attribute<'c>) -> Res<super::build::V<'c, 'a>> {
    let t = cx.b.t.scalar(d);
    if d.kind() == Kind::Float {
        return match float_value(value) {
            Some(x) => Ok(cx.b.float(t, x)),
            None => cx.invalid(format!("constant {value} of a float type")),
        };
    }
    let Ok(int) = IntegerAttribute::try_from(value) else { return cx.invalid(format!("constant {value} of an integer type")) };
    // Above the largest i64 only the bits matter.
    let n = integer_value(int).unwrap_or_else(|| int.unsigned_value() as i64);
    Ok(cx.b.int(t, n))
}

/// `py.unbound`: never read, but it may be retained and released.
pub fn unbound<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, op: OperationRef<'c, 'a>) -> Res<()> {
    let ty = cx.result_ty(op, 0)?;
    let values = cx.dummy(&ty);
    cx.set_result(op, values)
}
