//! Which loops go over a space, chosen when the program runs. *Contiguous*: all arrays have one shape and one layout, so that memory is one row, or rows of an axis; or no array is
//! stretched, and all are known to go in steps of an element on the innermost axis, as slices of rows of memory do. *Unit*: on the innermost axis all arrays go in steps of
//! an element, or do not move, which rows of memory do too: where types tell as much, this is the only loop. *Any*: all else.
//!
//! Vector code is what compiling an expression costs, so that there is no more of it than programs use: no loop for steps that the types exclude, and none of vectors where only
//! a mistake leads (*rare*).
use super::{Space, either, space::Steps};
use crate::conversion::py_to_std::{build::{V, Vs}, cx::{Cx, Res}};
use numbra_dialects::py::Layout;

/// Of more arrays than these, all of them slices of one, it is not expected that some are stretched.
const MOST_STRETCHED: usize = 3;

/// What is done with a space that is walked through in one way.
type Body<'k, 'm, 'c, 'a> = dyn FnMut(&mut Cx<'m, 'c, 'a>, &Space<'c, 'a>, Option<usize>) -> Res<Vs<'c, 'a>> + 'k;

/// Code for a space in each way of walking through it. `split` is an axis that must remain one when others become one.
pub fn versions<'m, 'c: 'a, 'a>(cx: &mut Cx<'m, 'c, 'a>, space: &Space<'c, 'a>, split: Option<usize>, body: &mut Body<'_, 'm, 'c, 'a>) -> Res<Vs<'c, 'a>> {
    let one_shape = |cx: &mut Cx<'m, 'c, 'a>, body: &mut Body<'_, 'm, 'c, 'a>| {
        if space.regular {
            let collapsed = space.collapsed(cx, split);
            return body(cx, &collapsed, split.map(|k| k.min(1)));
        }
        match space.contiguous(cx) {
            Some(plain) => body(cx, &plain, split),
            None => rows(cx, space, split, body),
        }
    };
    let Some(condition) = space.one_shape.filter(|_| space.regular || space.contiguous(cx).is_some()) else { return one_shape(cx, body) };
    // Parts for threads are parts of the first axis, which is one of many elements only in a version of its own.
    let apart = is_stencil(space) || !space.moves_by_elements_or_stays(cx) || (cx.options.parallel && space.regular && space.rank() > 1);
    if !apart {
        let all = if space.regular { space.joined(cx, condition, split) } else { walked(space, Steps::Unit) };
        return body(cx, &all, split);
    }
    let shared = std::cell::RefCell::new(body);
    either(cx, condition, |cx| one_shape(cx, &mut **shared.borrow_mut()), |cx| {
        let mut body = shared.borrow_mut();
        if is_stencil(space) { body(cx, &walked(space, Steps::Rare), split) } else { rows(cx, space, split, &mut **body) }
    })
}

// The versions where arrays may be stretched along the innermost axis, or go in steps of any length.
fn rows<'m, 'c: 'a, 'a>(cx: &mut Cx<'m, 'c, 'a>, space: &Space<'c, 'a>, split: Option<usize>, body: &mut Body<'_, 'm, 'c, 'a>) -> Res<Vs<'c, 'a>> {
    let by_elements = walked(space, Steps::Unit);
    match steps_of_an_element(cx, space) {
        Fits::Always => body(cx, &by_elements, split),
        Fits::Never => body(cx, &walked(space, Steps::Any), split),
        Fits::If(condition) => {
            let shared = std::cell::RefCell::new(body);
            either(cx, condition, |cx| (shared.borrow_mut())(cx, &by_elements, split), |cx| (shared.borrow_mut())(cx, &walked(space, Steps::Any), split))
        }
    }
}

// Whether these are so many slices of one array that they are its neighbourhoods, which have one shape.
fn is_stencil<'c: 'a, 'a>(space: &Space<'c, 'a>) -> bool {
    let mut owners = space.arrays().map(|a| a.owner);
    let first = owners.next();
    space.arrays().count() > MOST_STRETCHED && owners.all(|o| Some(o) == first)
}

fn walked<'c: 'a, 'a>(space: &Space<'c, 'a>, steps: Steps) -> Space<'c, 'a> {
    Space { steps, ..space.clone() }
}

/// Whether a way of walking fits.
enum Fits<'c, 'a> {
    Always,
    Never,
    If(V<'c, 'a>),
}

// Whether all arrays go in steps of an element on the last axis, or stay; never where this is next to impossible.
fn steps_of_an_element<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, space: &Space<'c, 'a>) -> Fits<'c, 'a> {
    let inner = space.rank() - 1;
    // Arrays in Fortran order of two axes or more go in other steps, but for lengths of 1.
    if space.arrays().next().is_none() || space.arrays().any(|a| a.ty.layout == Layout::F && a.ty.rank > 1) {
        return Fits::Never;
    }
    let mut condition: Option<V> = None;
    let mut and = |cx: &mut Cx<'_, 'c, 'a>, holds: V<'c, 'a>| condition = Some(condition.map_or(holds, |c| cx.b.and(c, holds)));
    if !space.moves_by_elements_or_stays(cx) {
        let zero = cx.b.i64(0);
        for a in space.arrays() {
            let (stride, item) = (a.strides[inner], a.ty.dtype.size() as i64);
            if matches!(cx.b.known(stride), Some(s) if s == 0 || s == item) {
                continue;
            }
            let item = cx.b.i64(item);
            let (moves, stays) = (cx.b.eq(stride, item), cx.b.eq(stride, zero));
            let one = cx.b.or(moves, stays);
            and(cx, one);
        }
    }
    if let Some(out) = &space.out && !matches!(cx.b.known(out.strides[inner]), Some(s) if s == 0 || s == out.ty.dtype.size() as i64) {
        let own = cx.b.i64(out.ty.dtype.size() as i64);
        let moves = cx.b.eq(out.strides[inner], own);
        and(cx, moves);
    }
    condition.map_or(Fits::Always, Fits::If)
}
