//! Records: references to elements of structured arrays, as the owner of the memory and the address. A field is read and written where it is.
//!
//! NumPy packs fields without regard to alignment unless told otherwise, so fields are accessed as bytes that may lie anywhere.
use super::{items::{self, Index}, slices};
use super::super::{build::{V, Vs}, cx::{Cx, Res}, flatten::Arr};
use melior::{dialect::{arith::CmpiPredicate, llvm::{self, LoadStoreOptions}}, ir::{Type, attribute::IntegerAttribute, r#type::IntegerType}};
use numbra_abi::{DType, RecordId, record::Field};
use numbra_dialects::py::{ArrayTy, Layout, Ty};
use smallvec::smallvec;
use std::sync::Arc;

/// The field that a subscript names.
pub fn field_name(items: &[Index]) -> Option<Arc<str>> {
    match items {
        [Index { ty: Ty::Literal(name), .. }] => Some(name.clone()),
        _ => None,
    }
}

fn field<'c: 'a, 'a>(cx: &Cx<'_, 'c, 'a>, id: RecordId, name: &str) -> Res<&'static Field> {
    match id.record().field(name) {
        Some(f) => Ok(f),
        None => cx.invalid(format!("record without a field {name}")),
    }
}

// Lengths and strides in bytes of a field that is an array.
fn axes<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, f: &Field) -> (Vs<'c, 'a>, Vs<'c, 'a>) {
    let mut stride = f.dtype.size();
    let mut strides = vec![0; f.shape.len()];
    for (slot, n) in strides.iter_mut().zip(&f.shape).rev() {
        *slot = stride as i64;
        stride *= (*n).max(1);
    }
    (f.shape.iter().map(|n| cx.b.i64(*n as i64)).collect(), strides.into_iter().map(|s| cx.b.i64(s)).collect())
}

fn place<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, f: &Field, data: V<'c, 'a>) -> V<'c, 'a> {
    let offset = cx.b.i64(f.offset as i64);
    cx.b.offset(data, offset)
}

fn anywhere<'c: 'a, 'a>(cx: &Cx<'_, 'c, 'a>) -> LoadStoreOptions<'c> {
    LoadStoreOptions::new().align(Some(IntegerAttribute::new(IntegerType::new(cx.b.context, 64).into(), 1)))
}

fn load_part<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, t: Type<'c>, address: V<'c, 'a>) -> V<'c, 'a> {
    let (options, context, loc) = (anywhere(cx), cx.b.context, cx.b.loc);
    cx.b.value(llvm::load(context, address, t, loc, options))
}

fn store_part<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, v: V<'c, 'a>, address: V<'c, 'a>) {
    let (options, context, loc) = (anywhere(cx), cx.b.context, cx.b.loc);
    cx.b.push(llvm::store(context, v, address, loc, options));
}

/// A field of a record: a scalar as value, a record as reference, an array as view.
pub fn load<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, id: RecordId, name: &str, record: &[V<'c, 'a>]) -> Res<Vs<'c, 'a>> {
    let f = field(cx, id, name)?;
    let at = place(cx, f, record[1]);
    if !f.shape.is_empty() {
        let (shape, strides) = axes(cx, f);
        let ty = ArrayTy::new(f.dtype, f.shape.len(), Layout::A);
        return Ok(Arr { ty, owner: record[0], data: at, shape, strides }.values());
    }
    if let DType::Record(_) = f.dtype {
        return Ok(smallvec![record[0], at]);
    }
    let t = cx.b.t.memory(f.dtype);
    let first = load_part(cx, t, at);
    if f.dtype.is_complex() {
        let one = cx.b.i64(1);
        let second = cx.b.at(at, one, t);
        return Ok(smallvec![first, load_part(cx, t, second)]);
    }
    if f.dtype == DType::Bool {
        let zero = cx.b.int(t, 0);
        return Ok(smallvec![cx.b.cmp(CmpiPredicate::Ne, first, zero)]);
    }
    Ok(smallvec![first])
}

/// Writes a field that is a scalar or a record.
pub fn store<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, id: RecordId, name: &str, record: &[V<'c, 'a>], v: &[V<'c, 'a>]) -> Res<()> {
    let f = field(cx, id, name)?;
    let at = place(cx, f, record[1]);
    if let DType::Record(inner) = f.dtype {
        copy(cx, inner, v[1], at);
        return Ok(());
    }
    let t = cx.b.t.memory(f.dtype);
    let first = if f.dtype == DType::Bool { cx.b.resize(v[0], t, false) } else { v[0] };
    store_part(cx, first, at);
    if let (true, Some(second)) = (f.dtype.is_complex(), v.get(1)) {
        let one = cx.b.i64(1);
        let next = cx.b.at(at, one, t);
        store_part(cx, *second, next);
    }
    Ok(())
}

/// Copies the bytes of a record, which may overlap.
pub fn copy<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, id: RecordId, from: V<'c, 'a>, to: V<'c, 'a>) {
    let size = cx.b.i64(id.record().size() as i64);
    items::move_bytes(cx, to, from, size);
}

/// One field of all records of an array: a view, with the field's own axes last.
pub fn column<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, id: RecordId, name: &str, array: &Arr<'c, 'a>) -> Res<Vs<'c, 'a>> {
    let f = field(cx, id, name)?;
    let offset = cx.b.i64(f.offset as i64);
    // An empty array has no memory that the field could be in.
    let data = slices::free_offset(cx, array.data, offset);
    let (shape, strides) = axes(cx, f);
    let mut view = Arr { data, ..array.clone() };
    view.ty = ArrayTy { dtype: f.dtype, rank: array.ty.rank + f.shape.len(), layout: Layout::A, ..array.ty };
    view.shape.extend(shape);
    view.strides.extend(strides);
    Ok(view.values())
}
