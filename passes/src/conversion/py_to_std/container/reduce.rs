//! Python's `sum`, `min` and `max`: one element after the other.
use super::iterate;
use super::super::{
    array::{elementwise::add, items::load_element, nest}, build::Vs, builtins::{Call, Table}, cx::{Cx, Res}, flatten::part, scalar::{cast, compare},
};
use numbra_abi::{DType, ExceptionKind};
use numbra_dialects::py::{CompareKind, Ty};
use smallvec::smallvec;

/// The table of this family.
pub const BUILTINS: Table = &[
    ("sum", python_sum), ("array.min", python_extremum), ("array.max", python_extremum),
];

fn zeros<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, d: DType, value: i64) -> Vs<'c, 'a> {
    let t = cx.b.t.scalar(d);
    let first = cx.b.number(t, value);
    if d.is_complex() { smallvec![first, cx.b.number(t, 0)] } else { smallvec![first] }
}

fn result_scalar<'c, 'a>(cx: &Cx<'_, 'c, 'a>, call: &Call<'c, 'a>) -> Res<DType> {
    match call.result.scalar() {
        Some(d) => Ok(d),
        None => cx.invalid(format!("{} gives {}", call.path, call.result)),
    }
}

fn python_sum<'c, 'a>(cx: &mut Cx<'_, 'c, 'a>, call: &Call<'c, 'a>) -> Res<Vs<'c, 'a>> {
    let d = result_scalar(cx, call)?;
    let mut total = if call.arguments.len() > 1 { call.get(cx, 1)? } else { zeros(cx, d, 0) };
    match &call.types[0] {
        Ty::Tuple(parts) => {
            let values = call.get(cx, 0)?;
            for (i, p) in parts.iter().enumerate() {
                let Some(e) = p.scalar() else { return cx.unsupported(format!("sum of {p}")) };
                let v = cast::scalar(cx, e, d, part(parts, &values, i));
                total = add(cx, d, &total, &v);
            }
            Ok(total)
        }
        Ty::Array(a) if a.rank == 1 => {
            let array = cx.array(call.arguments[0])?;
            nest::each_element(cx, &array, true, &total, &mut |cx, address, carried| {
                let raw = load_element(cx, array.ty.dtype, address);
                let v = cast::scalar(cx, array.ty.dtype, d, &raw);
                Ok(add(cx, d, &carried, &v))
            })
        }
        Ty::Range(e) => {
            let v = call.get(cx, 0)?;
            let n = iterate::range_length(cx, *e, &v);
            let i64 = cx.b.t.i64;
            let (start, step) = (cx.b.resize(v[0], i64, e.is_signed()), cx.b.resize(v[2], i64, e.is_signed()));
            nest::count_loop(cx, n, &total, &mut |cx, i, carried| {
                let offset = cx.b.mul(i, step);
                let x = cx.b.add(start, offset);
                let v = cast::scalar(cx, DType::Int64, d, &[x]);
                Ok(add(cx, d, &carried, &v))
            })
        }
        other => cx.unsupported(format!("sum of {other}")),
    }
}

fn python_extremum<'c, 'a>(cx: &mut Cx<'_, 'c, 'a>, call: &Call<'c, 'a>) -> Res<Vs<'c, 'a>> {
    let array = cx.array(call.arguments[0])?;
    let d = array.ty.dtype;
    if d.is_complex() {
        return cx.unsupported(format!("{} of complex numbers", call.path));
    }
    let larger = call.name() == "max";
    let (n, zero) = (nest::size(cx, &array.shape), cx.b.i64(0));
    let empty = cx.b.eq(n, zero);
    cx.raise_if(empty, ExceptionKind::ValueError, &format!("{} of an empty array", call.name()));
    let first = load_element(cx, d, array.data);
    let kind = if larger { CompareKind::Gt } else { CompareKind::Lt };
    nest::each_element(cx, &array, true, &first, &mut |cx, address, carried| {
        let v = load_element(cx, d, address);
        let better = compare::scalars(cx, kind, d, &v, &carried)?;
        Ok(smallvec![cx.b.select(better, v[0], carried[0])])
    })
}
