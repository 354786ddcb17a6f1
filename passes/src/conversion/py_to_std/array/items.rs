//! Subscripts: elements of arrays, with wrap-around and bounds checks where these are not proven needless.
use super::{assign, records, slices};
use super::super::{build::{V, Vs}, container::tuples, cx::{Cx, Res}, flatten::{Arr, part}};
use melior::{
    dialect::{arith::CmpiPredicate, llvm, ods},
    ir::{OperationRef, Type, Value, attribute::IntegerAttribute, operation::OperationLike, r#type::IntegerType},
};
use numbra_abi::{DType, ExceptionKind};
use numbra_dialects::py::{Layout, PyOp, Ty};
use smallvec::smallvec;

/// One item of a subscript.
pub struct Index<'c, 'a> {
    /// Its type
    pub ty: Ty,
    /// Its machine values
    pub values: Vs<'c, 'a>,
    /// The Python value, where there is one of its own
    pub value: Option<Value<'c, 'a>>,
}

/// The items of a subscript.
pub fn indices<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, index: Value<'c, 'a>) -> Res<Vec<Index<'c, 'a>>> {
    let ty = cx.ty(index)?;
    let values = cx.get(index)?;
    let Ty::Tuple(parts) = &ty else { return Ok(vec![Index { ty, values, value: Some(index) }]) };
    let own: Vec<Value> = match cx.cfg.op(index) {
        Some((PyOp::Tuple, op)) => op.operands().collect(),
        _ => vec![],
    };
    Ok((0..parts.len()).map(|i| Index { ty: parts[i].clone(), values: part(parts, &values, i).into(), value: own.get(i).copied() }).collect())
}

/// `py.getitem`
pub fn getitem<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, op: OperationRef<'c, 'a>) -> Res<()> {
    let (object, index) = (cx.operand(op, 0)?, cx.operand(op, 1)?);
    let ty = cx.ty(object)?;
    match &ty {
        Ty::Tuple(_) | Ty::Closure(..) | Ty::Struct(_) => {
            let values = cx.get(object)?;
            tuples::item(cx, op, ty.parts().unwrap_or_default(), &values, index)
        }
        Ty::Array(_) => {
            let array = cx.array(object)?;
            let items = indices(cx, index)?;
            let result = if let (DType::Record(id), Some(name)) = (array.ty.dtype, records::field_name(&items)) {
                records::column(cx, id, &name, &array)?
            } else if is_element(&array, &items) {
                let address = element_address(cx, op, &array, &items)?;
                element(cx, &array, address)
            } else {
                slices::view(cx, op, &array, &items)?.values()
            };
            cx.set_result(op, result)
        }
        Ty::Record(r) => {
            let items = indices(cx, index)?;
            let Some(name) = records::field_name(&items) else { return cx.invalid("subscript of a record") };
            let values = cx.get(object)?;
            let result = records::load(cx, r.id, &name, &values)?;
            cx.set_result(op, result)
        }
        _ => cx.unsupported(format!("subscript of {ty}")),
    }
}

// The value at an address in an array: what it is made of, or for a record where it is.
fn element<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, array: &Arr<'c, 'a>, address: V<'c, 'a>) -> Vs<'c, 'a> {
    if let DType::Record(_) = array.ty.dtype { smallvec![array.owner, address] } else { load_element(cx, array.ty.dtype, address) }
}

/// `py.setitem`
pub fn setitem<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, op: OperationRef<'c, 'a>) -> Res<()> {
    let (object, index, value) = (cx.operand(op, 0)?, cx.operand(op, 1)?, cx.operand(op, 2)?);
    let (ty, value_ty) = (cx.ty(object)?, cx.ty(value)?);
    if let Ty::Record(r) = &ty {
        let items = indices(cx, index)?;
        let Some(name) = records::field_name(&items) else { return cx.invalid("subscript of a record") };
        let (record, values) = (cx.get(object)?, cx.get(value)?);
        return records::store(cx, r.id, &name, &record, &values);
    }
    let Ty::Array(_) = &ty else { return cx.unsupported(format!("assignment to an item of {ty}")) };
    let array = cx.array(object)?;
    let items = indices(cx, index)?;
    if is_element(&array, &items) {
        if element_dtype(&value_ty) != Some(array.ty.dtype) {
            return cx.invalid(format!("assignment of {value_ty} to an element of {ty}"));
        }
        let address = element_address(cx, op, &array, &items)?;
        let values = cx.get(value)?;
        store_element(cx, array.ty.dtype, &values, address);
        return Ok(());
    }
    let view = slices::view(cx, op, &array, &items)?;
    match value_ty {
        Ty::Scalar(_) | Ty::Record(_) if element_dtype(&value_ty) == Some(array.ty.dtype) => {
            let values = cx.get(value)?;
            assign::fill(cx, &view, &values)
        }
        Ty::Array(a) if a.dtype == array.ty.dtype => {
            let source = cx.array(value)?;
            assign::copy_into(cx, &view, &source)
        }
        _ => cx.invalid(format!("assignment of {value_ty} to a part of {ty}")),
    }
}

/// The element type that a value of this type has in an array.
fn element_dtype(ty: &Ty) -> Option<DType> {
    match ty {
        Ty::Record(r) => Some(DType::Record(r.id)),
        ty => ty.scalar(),
    }
}

fn is_element(array: &Arr, items: &[Index]) -> bool {
    items.len() == array.ty.rank && items.iter().all(|i| i.ty.scalar().is_some_and(|d| d.is_integer()))
}

fn element_address<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, op: OperationRef<'c, 'a>, array: &Arr<'c, 'a>, items: &[Index<'c, 'a>]) -> Res<V<'c, 'a>> {
    let mut at = vec![];
    for (axis, item) in items.iter().enumerate() {
        at.push(position(cx, op, axis, item, array.shape[axis])?);
    }
    Ok(address(cx, array, &at))
}

/// The position on an axis that an integer item means: wrapped if negative, checked, or raises IndexError.
pub fn position<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, op: OperationRef<'c, 'a>, axis: usize, item: &Index<'c, 'a>, n: V<'c, 'a>) -> Res<V<'c, 'a>> {
    let signed = item.ty.scalar().is_none_or(|d| d.is_signed());
    let i64 = cx.b.t.i64;
    let raw = cx.b.resize(item.values[0], i64, signed);
    let covered = cx.covered(op, axis);
    let known = item.value.and_then(|v| cx.const_int(v));
    let check = cx.options.boundscheck && !covered;
    let axis = cx.b.i64(axis as i64);
    let raise = |cx: &mut Cx<'_, 'c, 'a>| {
        let site = cx.site(ExceptionKind::IndexError, None);
        cx.runtime("nb_raise_index", &[site, raw, axis, n]);
    };
    let wrapped = match known {
        Some(k) if k < 0 => cx.b.add(n, raw),
        Some(_) => raw,
        None if covered || !signed => raw,
        None if check => return Ok(checked(cx, raw, n, raise)),
        None => {
            let zero = cx.b.i64(0);
            let (negative, from_end) = (cx.b.slt(raw, zero), cx.b.add(raw, n));
            cx.b.select(negative, from_end, raw)
        }
    };
    if check {
        let outside = cx.b.cmp(CmpiPredicate::Uge, wrapped, n);
        cx.cold_if(outside, raise);
    }
    Ok(wrapped)
}

/// The position of an index. One comparison on the usual way; what fails it is from the end, or outside.
pub fn checked<'m, 'c: 'a, 'a>(cx: &mut Cx<'m, 'c, 'a>, raw: V<'c, 'a>, n: V<'c, 'a>, raise: impl FnOnce(&mut Cx<'m, 'c, 'a>)) -> V<'c, 'a> {
    let (seldom, next) = (cx.b.new_block(&[]), cx.b.new_block(&[cx.b.t.i64]));
    let inside = cx.b.cmp(CmpiPredicate::Ult, raw, n);
    cx.b.likely(inside, (next, &[raw]), (seldom, &[]));
    cx.b.block = seldom;
    let from_end = cx.b.add(raw, n);
    let outside = cx.b.cmp(CmpiPredicate::Uge, from_end, n);
    cx.cold_if(outside, raise);
    cx.b.br(next, &[from_end]);
    cx.b.block = next;
    cx.b.arguments(next)[0]
}

/// The type to step over elements with.
pub fn element_type<'c: 'a, 'a>(cx: &Cx<'_, 'c, 'a>, d: DType) -> Type<'c> {
    if let DType::Record(id) = d {
        return llvm::r#type::array(cx.b.t.i8, id.record().size() as u32);
    }
    let t = cx.b.t.memory(d);
    if d.is_complex() { llvm::r#type::array(t, 2) } else { t }
}

/// The address of the element at positions that are in range. On the axis that the layout makes contiguous the stride is the item size.
pub fn address<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, array: &Arr<'c, 'a>, at: &[V<'c, 'a>]) -> V<'c, 'a> {
    let unit = match array.ty.layout {
        Layout::C => at.len().checked_sub(1),
        Layout::F if !at.is_empty() => Some(0),
        _ => None,
    };
    let mut p = array.data;
    for (axis, i) in at.iter().enumerate().filter(|(axis, _)| Some(*axis) != unit) {
        let bytes = cx.b.mul_nsw(*i, array.strides[axis]);
        p = cx.b.offset(p, bytes);
    }
    if let Some(axis) = unit {
        let t = element_type(cx, array.ty.dtype);
        p = cx.b.at(p, at[axis], t);
    }
    p
}

/// Reads an element.
pub fn load_element<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, d: DType, address: V<'c, 'a>) -> Vs<'c, 'a> {
    let t = cx.b.t.memory(d);
    let first = cx.b.load(t, address);
    if d.is_complex() {
        let one = cx.b.i64(1);
        let second = cx.b.at(address, one, t);
        return smallvec![first, cx.b.load(t, second)];
    }
    if d == DType::Bool {
        let zero = cx.b.int(t, 0);
        return smallvec![cx.b.cmp(CmpiPredicate::Ne, first, zero)];
    }
    smallvec![first]
}

/// Writes an element.
pub fn store_element<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, d: DType, v: &[V<'c, 'a>], address: V<'c, 'a>) {
    if let DType::Record(id) = d {
        records::copy(cx, id, v[1], address);
        return;
    }
    let t = cx.b.t.memory(d);
    if d.is_complex() {
        cx.b.store(v[0], address);
        let one = cx.b.i64(1);
        let second = cx.b.at(address, one, t);
        cx.b.store(v[1], second);
        return;
    }
    let v = if d == DType::Bool { cx.b.resize(v[0], t, false) } else { v[0] };
    cx.b.store(v, address);
}

/// Copies bytes to memory that may overlap with where they are.
pub fn move_bytes<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, to: V<'c, 'a>, from: V<'c, 'a>, bytes: V<'c, 'a>) {
    let volatile = IntegerAttribute::new(IntegerType::new(cx.b.context, 1).into(), 0);
    let op = ods::llvm::intr_memmove(cx.b.context, to, from, bytes, volatile, cx.b.loc);
    cx.b.push(op);
}

/// What iteration gives: an element of a one-dimensional array, else the array without its first axis, at a position that is in range.
pub fn element_or_row<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, array: &Arr<'c, 'a>, at: V<'c, 'a>) -> Vs<'c, 'a> {
    if array.ty.rank == 1 {
        let p = address(cx, array, &[at]);
        return element(cx, array, p);
    }
    let bytes = cx.b.mul_nsw(at, array.strides[0]);
    let data = cx.b.offset(array.data, bytes);
    let mut row = Arr { data, ..array.clone() };
    row.shape.remove(0);
    row.strides.remove(0);
    row.ty.rank -= 1;
    row.values()
}
