//! Reference counts: the first word of a header, of an array, a list or a string.
use super::{build::V, cx::{Cx, Res}, flatten::owners};
use melior::ir::OperationRef;
use numbra_dialects::py::Ty;

// Whether owners in a value of this type may be null.
fn nullable(ty: &Ty) -> bool {
    match ty {
        Ty::Union(_) => true,
        Ty::Enumerate(inner) | Ty::Iterator(inner) => nullable(inner),
        other => other.parts().unwrap_or_default().iter().any(nullable),
    }
}

fn each_owner<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, ty: &Ty, values: &[V<'c, 'a>], mut f: impl FnMut(&mut Cx<'_, 'c, 'a>, V<'c, 'a>)) {
    let mut at = vec![];
    owners(ty, 0, &mut at);
    for i in at {
        if !nullable(ty) {
            f(cx, values[i]);
            continue;
        }
        // What a union is not has null owners.
        let null = cx.b.zero(cx.b.t.ptr);
        let (context, loc) = (cx.b.context, cx.b.loc);
        let absent = cx.b.value(melior::dialect::ods::llvm::icmp(context, cx.b.t.i1, values[i], null, cx.b.int_attribute(cx.b.t.i64, 0), loc));
        let (there, next) = (cx.b.new_block(&[]), cx.b.new_block(&[]));
        cx.b.cond_br(absent, (next, &[]), (there, &[]));
        cx.b.block = there;
        f(cx, values[i]);
        cx.b.br(next, &[]);
        cx.b.block = next;
    }
}

/// One more reference for each owner in a value.
pub fn retain_values<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, ty: &Ty, values: &[V<'c, 'a>]) {
    each_owner(cx, ty, values, |cx, owner| {
        let count = cx.b.load(cx.b.t.i64, owner);
        let one = cx.b.i64(1);
        let more = cx.b.add_nsw(count, one);
        cx.b.store(more, owner);
    });
}

/// One reference less for each owner in a value.
pub fn release_values<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, ty: &Ty, values: &[V<'c, 'a>]) {
    each_owner(cx, ty, values, |cx, owner| {
        let count = cx.b.load(cx.b.t.i64, owner);
        let (zero, one) = (cx.b.i64(0), cx.b.i64(1));
        let less = cx.b.sub_nsw(count, one);
        cx.b.store(less, owner);
        let last = cx.b.eq(less, zero);
        let (free, next) = (cx.b.new_block(&[]), cx.b.new_block(&[]));
        cx.b.cond_br(last, (free, &[]), (next, &[]));
        cx.b.block = free;
        cx.runtime("nb_free", &[owner]);
        cx.b.br(next, &[]);
        cx.b.block = next;
    });
}

/// `py.retain`
pub fn retain<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, op: OperationRef<'c, 'a>) -> Res<()> {
    let value = cx.operand(op, 0)?;
    let (ty, values) = (cx.ty(value)?, cx.get(value)?);
    retain_values(cx, &ty, &values);
    Ok(())
}

/// `py.release`
pub fn release<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, op: OperationRef<'c, 'a>) -> Res<()> {
    let value = cx.operand(op, 0)?;
    let (ty, values) = (cx.ty(value)?, cx.get(value)?);
    release_values(cx, &ty, &values);
    Ok(())
}
