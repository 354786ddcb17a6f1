//! Sorting and selection in contiguous rows of numbers, and products of matrices: calls of the runtime. The library has checked the arguments.
use super::super::{build::{V, Vs}, builtins::{Call, Table}, cx::{Cx, Res}, flatten::Arr};
use crate::remarks::Kind;
use numbra_abi::{DType, ExceptionKind};

/// The table of this family.
pub const BUILTINS: Table = &[
    ("row.sort", sort), ("row.sort_positions", sort_positions), ("row.select", select), ("row.select_position", select_position), ("matrix.multiply", multiply),
];

/// What is told of sorting on several threads.
const SORTED: &str = "rows are sorted in parts where they have more than 262144 elements";

// The runtime's number of an element type.
fn code<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, d: DType) -> V<'c, 'a> {
    let times = numbra_abi::dtype::ROWS.len();
    cx.b.i64(d.index().unwrap_or(times) as i64)
}

// Address, length and type of a contiguous row.
fn row<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, call: &Call<'c, 'a>, index: usize) -> Res<[V<'c, 'a>; 3]> {
    let array = cx.array(call.arguments[index])?;
    if array.ty.rank != 1 {
        return cx.invalid(format!("{} of an array that is not a row", call.path));
    }
    let code = code(cx, array.ty.dtype);
    Ok([array.data, array.shape[0], code])
}

fn check<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, status: V<'c, 'a>) {
    let none = cx.b.int(cx.b.t.i32, 0);
    let failed = cx.b.cmp(melior::dialect::arith::CmpiPredicate::Ne, status, none);
    cx.raise_if(failed, ExceptionKind::MemoryError, "cannot allocate an array of this size");
}

// The symbol for one thread or for several, where the function is compiled for that.
fn symbol<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, [one, several]: [&'static str; 2], remark: &'static str) -> &'static str {
    if !cx.options.parallel {
        return one;
    }
    cx.module.uses_threads = true;
    cx.module.remark(Kind::Parallel, cx.b.loc, remark);
    several
}

fn sort<'c, 'a>(cx: &mut Cx<'_, 'c, 'a>, call: &Call<'c, 'a>) -> Res<Vs<'c, 'a>> {
    let [data, n, code] = row(cx, call, 0)?;
    let symbol = symbol(cx, ["nb_sort", "nb_sort_parallel"], SORTED);
    let status = cx.runtime_value(symbol, &[data, n, code]);
    check(cx, status);
    Ok(Vs::new())
}

fn sort_positions<'c, 'a>(cx: &mut Cx<'_, 'c, 'a>, call: &Call<'c, 'a>) -> Res<Vs<'c, 'a>> {
    let ([data, n, code], [order, ..]) = (row(cx, call, 0)?, row(cx, call, 1)?);
    let symbol = symbol(cx, ["nb_sort_positions", "nb_sort_positions_parallel"], SORTED);
    let status = cx.runtime_value(symbol, &[data, n, code, order]);
    check(cx, status);
    Ok(Vs::new())
}

fn select<'c, 'a>(cx: &mut Cx<'_, 'c, 'a>, call: &Call<'c, 'a>) -> Res<Vs<'c, 'a>> {
    let [data, n, code] = row(cx, call, 0)?;
    let k = call.get(cx, 1)?[0];
    cx.runtime("nb_select", &[data, n, code, k]);
    Ok(Vs::new())
}

fn select_position<'c, 'a>(cx: &mut Cx<'_, 'c, 'a>, call: &Call<'c, 'a>) -> Res<Vs<'c, 'a>> {
    let ([data, n, code], [order, ..]) = (row(cx, call, 0)?, row(cx, call, 1)?);
    let k = call.get(cx, 2)?[0];
    let status = cx.runtime_value("nb_select_position", &[data, n, code, order, k]);
    check(cx, status);
    Ok(Vs::new())
}

// Address and steps in elements, in memory.
fn matrix<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, array: &Arr<'c, 'a>) -> V<'c, 'a> {
    let i64 = cx.b.t.i64;
    let slots = cx.b.slot(i64, 3);
    cx.b.store(array.data, slots);
    let (size, loc) = (cx.b.i64(array.ty.dtype.size() as i64), cx.b.loc);
    for axis in 0..2 {
        let step = cx.b.value(melior::dialect::arith::divsi(array.strides[axis], size, loc));
        let at = cx.b.i64(axis as i64 + 1);
        let address = cx.b.at(slots, at, i64);
        cx.b.store(step, address);
    }
    slots
}

fn multiply<'c, 'a>(cx: &mut Cx<'_, 'c, 'a>, call: &Call<'c, 'a>) -> Res<Vs<'c, 'a>> {
    let [out, a, b] = [cx.array(call.arguments[0])?, cx.array(call.arguments[1])?, cx.array(call.arguments[2])?];
    let d = out.ty.dtype;
    if [&out, &a, &b].iter().any(|m| m.ty.rank != 2 || m.ty.dtype != d) || !(d.is_float() || d.is_complex()) {
        return cx.invalid("a product of what are not matrices of one type");
    }
    let (m, k, n) = (out.shape[0], a.shape[1], out.shape[1]);
    let matrices = [&out, &a, &b].map(|x| matrix(cx, x));
    let code = code(cx, d);
    let symbol = symbol(cx, ["nb_multiply", "nb_multiply_parallel"], "a product of matrices is computed in blocks where there are more than 4194304 products of elements");
    cx.runtime(symbol, &[matrices[0], matrices[1], matrices[2], m, k, n, code]);
    Ok(Vs::new())
}
