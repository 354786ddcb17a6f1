//! Which loops go over a space, chosen when the program runs. *Contiguous*: all arrays have one shape and one layout, so that memory is one row, or rows of an axis; or no array is
//! stretched, and all are known to go in steps of an element on the innermost axis, as slices of rows of memory do. *Unit*: on the
//! innermost axis all arrays go in steps of an element, or do not move. *Any*: all else.
use super::{Space, either, space::Steps};
use super::super::{build::{V, Vs}, cx::{Cx, Res}};
use melior::dialect::arith::CmpiPredicate;
use numbra_dialects::py::Layout;

/// For more arrays there is no loop of its own where some of them are stretched along the innermost axis.
const MOST_STRETCHED: usize = 3;

/// Code for a space in each way of walking through it. `split` is an axis that must remain one when others become one.
pub fn versions<'m, 'c: 'a, 'a>(
    cx: &mut Cx<'m, 'c, 'a>, space: &Space<'c, 'a>, split: Option<usize>, body: &mut dyn FnMut(&mut Cx<'m, 'c, 'a>, &Space<'c, 'a>, Option<usize>) -> Res<Vs<'c, 'a>>,
) -> Res<Vs<'c, 'a>> {
    if !space.regular {
        let Some(plain) = space.contiguous(cx) else { return rows(cx, space, split, body) };
        let Some(condition) = space.one_shape else { return body(cx, &plain, split) };
        let shared = std::cell::RefCell::new(body);
        return either(cx, condition, |cx| (shared.borrow_mut())(cx, &plain, split), |cx| {
            let mut body = shared.borrow_mut();
            // Arrays that are stretched at run time are few. With many, which are slices of one for the most part, one version of the loop is enough.
            if space.arrays().count() > MOST_STRETCHED { (*body)(cx, space, split) } else { rows(cx, space, split, &mut **body) }
        });
    }
    let flat = |cx: &mut Cx<'m, 'c, 'a>, body: &mut dyn FnMut(&mut Cx<'m, 'c, 'a>, &Space<'c, 'a>, Option<usize>) -> Res<Vs<'c, 'a>>| {
        let collapsed = space.collapsed(cx, split);
        body(cx, &collapsed, split.map(|k| k.min(1)))
    };
    match space.one_shape {
        None => flat(cx, body),
        Some(condition) => {
            let mut body = body;
            let shared = std::cell::RefCell::new(&mut body);
            either(cx, condition, |cx| flat(cx, &mut **shared.borrow_mut()), |cx| rows(cx, space, split, &mut **shared.borrow_mut()))
        }
    }
}

fn rows<'m, 'c: 'a, 'a>(
    cx: &mut Cx<'m, 'c, 'a>, space: &Space<'c, 'a>, split: Option<usize>, body: &mut dyn FnMut(&mut Cx<'m, 'c, 'a>, &Space<'c, 'a>, Option<usize>) -> Res<Vs<'c, 'a>>,
) -> Res<Vs<'c, 'a>> {
    let Some(fits) = unit(cx, space) else { return body(cx, space, split) };
    let by_elements = Space { steps: Steps::Unit { first_moving: fits.first_moving }, ..space.clone() };
    let shared = std::cell::RefCell::new(body);
    either(cx, fits.condition, |cx| (shared.borrow_mut())(cx, &by_elements, split), |cx| (shared.borrow_mut())(cx, space, split))
}

struct Fits<'c, 'a> {
    condition: V<'c, 'a>,
    first_moving: V<'c, 'a>,
}

// Whether all arrays go in steps of an element on the last axis, or stay; nothing where their elements differ in size, or this is next to impossible.
fn unit<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, space: &Space<'c, 'a>) -> Option<Fits<'c, 'a>> {
    let inner = space.rank() - 1;
    let size = space.arrays().next()?.ty.dtype.size();
    // Arrays in Fortran order of two axes or more go in other steps, but for lengths of 1.
    if space.arrays().any(|a| a.ty.dtype.size() != size || (a.ty.layout == Layout::F && a.ty.rank > 1)) {
        return None;
    }
    let (zero, item) = (cx.b.i64(0), cx.b.i64(size as i64));
    let (mut condition, mut first_moving) = (cx.b.bool(true), cx.b.i64(-1));
    let strides: Vs = space.arrays().map(|a| a.strides[inner]).collect();
    for (k, stride) in strides.iter().enumerate().rev() {
        let number = cx.b.i64(k as i64);
        if *stride == item {
            first_moving = number;
            continue;
        }
        let (moves, stays) = (cx.b.eq(*stride, item), cx.b.eq(*stride, zero));
        let one = cx.b.or(moves, stays);
        condition = cx.b.and(condition, one);
        first_moving = cx.b.select(moves, number, first_moving);
    }
    if let Some(out) = &space.out && !matches!(cx.b.known(out.strides[inner]), Some(s) if s == 0 || s == out.ty.dtype.size() as i64) {
        let own = cx.b.i64(out.ty.dtype.size() as i64);
        let moves = cx.b.eq(out.strides[inner], own);
        condition = cx.b.and(condition, moves);
    }
    let some = match cx.b.known(first_moving) {
        Some(n) => cx.b.bool(n >= 0),
        None => cx.b.cmp(CmpiPredicate::Sge, first_moving, zero),
    };
    Some(Fits { condition: cx.b.and(condition, some), first_moving })
}
