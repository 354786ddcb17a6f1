//! Reference counts: the first word of a header, of an array, a list or a string.
use crate::cfg::op_key;
use super::{array::elementwise::strips, build::V, cx::{Cx, Res}, flatten::owners};
use melior::{dialect::ods, ir::OperationRef};
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
        let absent = cx.b.value(ods::llvm::icmp(context, cx.b.t.i1, values[i], null, cx.b.int_attribute(cx.b.t.i64, 0), loc));
        let (there, next) = (cx.b.new_block(&[]), cx.b.new_block(&[]));
        cx.b.cond_br(absent, (next, &[]), (there, &[]));
        cx.b.block = there;
        f(cx, values[i]);
        cx.b.br(next, &[]);
        cx.b.block = next;
    }
}

// Operations and orders of `llvm.atomicrmw` by their numbers in the dialect.
const ADD: i64 = 1;
const SUB: i64 = 2;
const MONOTONIC: i64 = 2;
const ACQ_REL: i64 = 6;

// Changes a count that other threads may change too; what it was.
fn atomic<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, operation: i64, owner: V<'c, 'a>, by: V<'c, 'a>, order: i64) -> V<'c, 'a> {
    let (i64, loc) = (cx.b.t.i64, cx.b.loc);
    let op = ods::llvm::AtomicRMWOperation::builder(cx.b.context, loc)
        .res(i64)
        .bin_op(cx.b.int_attribute(i64, operation))
        .ordering(cx.b.int_attribute(i64, order))
        .ptr(owner)
        .val(by)
        .build();
    cx.b.value(op)
}

/// One more reference for each owner in a value.
pub fn retain_values<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, ty: &Ty, values: &[V<'c, 'a>]) {
    each_owner(cx, ty, values, |cx, owner| {
        let one = cx.b.i64(1);
        if cx.module.threads {
            atomic(cx, ADD, owner, one, MONOTONIC);
            return;
        }
        let count = cx.b.load(cx.b.t.i64, owner);
        let more = cx.b.add_nsw(count, one);
        cx.b.store(more, owner);
    });
}

/// One reference less for each owner in a value.
pub fn release_values<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, ty: &Ty, values: &[V<'c, 'a>]) {
    each_owner(cx, ty, values, |cx, owner| {
        let (zero, one) = (cx.b.i64(0), cx.b.i64(1));
        let last = if cx.module.threads {
            let count = atomic(cx, SUB, owner, one, ACQ_REL);
            cx.b.eq(count, one)
        } else {
            let count = cx.b.load(cx.b.t.i64, owner);
            let less = cx.b.sub_nsw(count, one);
            cx.b.store(less, owner);
            cx.b.eq(less, zero)
        };
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
    if cx.together.remove(&op_key(op)) || strips::defer(cx, op) {
        return Ok(());
    }
    let value = cx.operand(op, 0)?;
    let (ty, values) = (cx.ty(value)?, cx.get(value)?);
    release_values(cx, &ty, &values);
    Ok(())
}
