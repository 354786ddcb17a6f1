//! Tuples and slices: their machine values are those of their parts, one after the other.
use super::super::{array::items, build::{V, Vs}, builtins, cx::{Cx, Res}, flatten::part};
use melior::ir::{OperationRef, Value, operation::OperationLike};
use melior::dialect::arith::CmpiPredicate;
use numbra_abi::ExceptionKind;
use numbra_dialects::py::Ty;

/// `py.tuple`, `py.slice`
pub fn tuple<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, op: OperationRef<'c, 'a>) -> Res<()> {
    let parts: Vec<_> = op.operands().collect();
    let values = cx.get_all(&parts)?;
    cx.set_result(op, values)
}

/// `py.unpack`
pub fn unpack<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, op: OperationRef<'c, 'a>) -> Res<()> {
    let source = cx.operand(op, 0)?;
    let ty = cx.ty(source)?;
    let values = cx.get(source)?;
    let results: Vec<Value> = op.results().map(Into::into).collect();
    match &ty {
        Ty::Tuple(parts) if parts.len() == results.len() => {
            for (i, r) in results.into_iter().enumerate() {
                cx.set(r, part(parts, &values, i).into());
            }
            Ok(())
        }
        Ty::Array(_) => {
            let array = cx.array(source)?;
            let expected = cx.b.i64(results.len() as i64);
            let (fewer, more) = (cx.b.slt(array.shape[0], expected), cx.b.slt(expected, array.shape[0]));
            cx.raise_if(fewer, ExceptionKind::ValueError, &format!("not enough values to unpack (expected {})", results.len()));
            cx.raise_if(more, ExceptionKind::ValueError, &format!("too many values to unpack (expected {})", results.len()));
            for (i, r) in results.into_iter().enumerate() {
                let index = cx.b.i64(i as i64);
                let v = items::element_or_row(cx, &array, index);
                cx.set(r, v);
            }
            Ok(())
        }
        _ => cx.unsupported(format!("unpacking of {ty}")),
    }
}

/// Element of a tuple by a constant, or by any index when all elements have one type.
pub fn item<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, op: OperationRef<'c, 'a>, parts: &[Ty], values: &[V<'c, 'a>], index: Value<'c, 'a>) -> Res<()> {
    if let Some(n) = cx.const_int(index) {
        let at = if n < 0 { n + parts.len() as i64 } else { n };
        return match usize::try_from(at).ok().filter(|i| *i < parts.len()) {
            Some(i) => cx.set_result(op, part(parts, values, i).into()),
            None => {
                let always = cx.b.bool(true);
                cx.raise_if(always, ExceptionKind::IndexError, "tuple index out of range");
                let dummy = cx.result_ty(op, 0)?;
                let dummy = cx.dummy(&dummy);
                cx.set_result(op, dummy)
            }
        };
    }
    if parts.windows(2).any(|w| w[0] != w[1]) || parts.is_empty() {
        return cx.invalid("variable index of a tuple of several types");
    }
    let signed = cx.ty(index)?.scalar().is_none_or(|d| d.is_signed());
    let raw = cx.one(index)?;
    let n = cx.b.i64(parts.len() as i64);
    let mut at = cx.b.resize(raw, cx.b.t.i64, signed);
    if signed {
        let zero = cx.b.i64(0);
        let (negative, wrapped) = (cx.b.slt(at, zero), cx.b.add(at, n));
        at = cx.b.select(negative, wrapped, at);
    }
    let outside = cx.b.cmp(CmpiPredicate::Uge, at, n);
    cx.raise_if(outside, ExceptionKind::IndexError, "tuple index out of range");
    let v = pick(cx, parts, values, at);
    cx.set_result(op, v)
}

/// The table of this family.
pub const BUILTINS: builtins::Table = &[("tuple.index", index)];

/// The position of the first of several conditions that holds; ValueError if none does.
fn index<'c, 'a>(cx: &mut Cx<'_, 'c, 'a>, call: &builtins::Call<'c, 'a>) -> Res<Vs<'c, 'a>> {
    let (mut at, mut found) = (cx.b.i64(0), cx.b.bool(false));
    for i in (0..call.arguments.len()).rev() {
        let (here, n) = (call.get(cx, i)?[0], cx.b.i64(i as i64));
        at = cx.b.select(here, n, at);
        found = cx.b.or(found, here);
    }
    let missing = cx.b.not(found);
    cx.raise_if(missing, ExceptionKind::ValueError, "tuple.index(x): x not in tuple");
    Ok([at].into_iter().collect())
}

/// The element at a position that is in range, of a tuple whose elements have one type.
pub fn pick<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, parts: &[Ty], values: &[V<'c, 'a>], at: V<'c, 'a>) -> Vs<'c, 'a> {
    let mut result: Vs = part(parts, values, 0).into();
    for i in 1..parts.len() {
        let n = cx.b.i64(i as i64);
        let here = cx.b.eq(at, n);
        let list: Vs = part(parts, values, i).into();
        result = result.iter().zip(list).map(|(r, v)| cx.b.select(here, v, *r)).collect();
    }
    result
}
