//! Assignment to parts of arrays.
use super::{items::store_element, nest};
use super::super::{build::V, cx::{Cx, Res}, flatten::Arr};
use melior::dialect::arith::CmpiPredicate;
use numbra_abi::ExceptionKind;

/// Writes one value to every element.
pub fn fill<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, array: &Arr<'c, 'a>, value: &[V<'c, 'a>]) -> Res<()> {
    let d = array.ty.dtype;
    nest::each_element(cx, array, false, &[], &mut |cx, address, carried| {
        store_element(cx, d, value, address);
        Ok(carried)
    })?;
    Ok(())
}

/// Copies an array to another of the same type, broadcasting its axes; memory may overlap.
pub fn copy_into<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, target: &Arr<'c, 'a>, source: &Arr<'c, 'a>) -> Res<()> {
    let rank = target.ty.rank;
    let one = cx.b.i64(1);
    let zero = cx.b.i64(0);
    let mut bad = cx.b.bool(false);
    // Axes that the source has in front must have one element.
    let extra = source.ty.rank.saturating_sub(rank);
    for n in &source.shape[..extra] {
        let more = cx.b.cmp(CmpiPredicate::Ne, *n, one);
        bad = if cx.b.known(bad) == Some(0) { more } else { cx.b.or(bad, more) };
    }
    let missing = rank.saturating_sub(source.ty.rank);
    let mut strides = vec![zero; missing];
    for axis in missing..rank {
        let from = axis - missing + extra;
        let (n, m) = (source.shape[from], target.shape[axis]);
        if n == m {
            strides.push(source.strides[from]);
            continue;
        }
        let (differ, single) = (cx.b.cmp(CmpiPredicate::Ne, n, m), cx.b.eq(n, one));
        let many = cx.b.not(single);
        let wrong = cx.b.and(differ, many);
        bad = if cx.b.known(bad) == Some(0) { wrong } else { cx.b.or(bad, wrong) };
        strides.push(cx.b.select(single, zero, source.strides[from]));
    }
    cx.raise_if(bad, ExceptionKind::ValueError, "could not broadcast the assigned array to the shape of the target");
    let lists = [target.strides.to_vec(), strides, target.shape.to_vec()].map(|list| {
        let slots = cx.b.slot(cx.b.t.i64, rank.max(1) as i64);
        for (i, v) in list.into_iter().enumerate() {
            let at = cx.b.i64(i as i64);
            let address = cx.b.at(slots, at, cx.b.t.i64);
            cx.b.store(v, address);
        }
        slots
    });
    let (n, item) = (cx.b.i64(rank as i64), cx.b.i64(target.ty.dtype.size() as i64));
    let status = cx.runtime_value("nb_copy", &[target.data, lists[0], source.data, lists[1], lists[2], n, item]);
    let none = cx.b.int(cx.b.t.i32, 0);
    let failed = cx.b.cmp(CmpiPredicate::Ne, status, none);
    cx.raise_if(failed, ExceptionKind::MemoryError, "cannot allocate a copy of the assigned array");
    Ok(())
}
