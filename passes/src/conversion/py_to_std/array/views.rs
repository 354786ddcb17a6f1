//! Arrays over the memory of another array, as the library asks for them. Nothing is checked: the library has done that.
use super::super::{build::Vs, builtins::{Call, Table}, cx::{Cx, Res}, flatten::Arr};
use numbra_abi::DType;
use numbra_dialects::py::{ArrayTy, Layout, Ty};
use smallvec::smallvec;

/// The table of this family.
pub const BUILTINS: Table = &[("array.address", address), ("array.view", view)];

fn base<'c, 'a>(cx: &mut Cx<'_, 'c, 'a>, call: &Call<'c, 'a>) -> Res<Arr<'c, 'a>> {
    match call.types.first() {
        Some(Ty::Array(a)) => Ok(Arr::new(*a, &call.get(cx, 0)?)),
        // As an array without axes.
        Some(Ty::Record(r)) => Ok(Arr::new(ArrayTy::new(DType::Record(r.id), 0, Layout::C), &call.get(cx, 0)?)),
        _ => cx.invalid(format!("{} of something else than an array", call.path)),
    }
}

fn address<'c, 'a>(cx: &mut Cx<'_, 'c, 'a>, call: &Call<'c, 'a>) -> Res<Vs<'c, 'a>> {
    let data = base(cx, call)?.data;
    let (context, loc, i64) = (cx.b.context, cx.b.loc, cx.b.t.i64);
    Ok(smallvec![cx.b.value(melior::dialect::ods::llvm::ptrtoint(context, i64, data, loc))])
}

// array, offset in bytes, shape, and strides unless it is contiguous
fn view<'c, 'a>(cx: &mut Cx<'_, 'c, 'a>, call: &Call<'c, 'a>) -> Res<Vs<'c, 'a>> {
    let Ty::Array(ty) = call.result else { return cx.invalid("a view that is no array") };
    let base = base(cx, call)?;
    let offset = call.get(cx, 1)?[0];
    let shape = call.get(cx, 2)?;
    let strides = match call.arguments.len() {
        4 => call.get(cx, 3)?,
        _ => {
            let (mut stride, one) = (cx.b.i64(ty.dtype.size() as i64), cx.b.i64(1));
            let mut strides: Vs = smallvec![stride; shape.len()];
            for (axis, n) in shape.iter().enumerate().rev() {
                strides[axis] = stride;
                let at_least_one = cx.b.smax(*n, one);
                stride = cx.b.mul(stride, at_least_one);
            }
            strides
        }
    };
    let data = if cx.b.known(offset) == Some(0) { base.data } else { cx.b.offset(base.data, offset) };
    Ok(Arr { ty, owner: base.owner, data, shape, strides }.values())
}
