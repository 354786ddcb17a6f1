//! `array.map`: a new array of what a function makes of each element of its operands, which are broadcast.
use super::{Cost, Function, Space, either, parts::{About, in_parts, nothing}, row::{Row, each_row}, space::operands, stream, strips, tiles, versions};
use crate::conversion::py_to_std::{build::{V, Vs}, cx::{Cx, Res}, flatten::Arr, scalar::cast};
use super::super::{alloc, items::store_element, nest::{self, Copies}};
use melior::ir::OperationRef;
use numbra_abi::DType;
use numbra_dialects::py::{ArrayTy, Layout, Ty};

/// Where a function has so many elementary functions in it, a mask costs a few percent at most, and code for what is left over half of the time to compile.
const MASKED: u32 = 2;

/// Path of the op.
pub const ARRAY_MAP: &str = "array.map";

/// `py.builtin "array.map"`
pub fn array_map<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, op: OperationRef<'c, 'a>) -> Res<()> {
    if strips::take(cx, op)? {
        return Ok(());
    }
    let Ty::Array(result) = cx.result_ty(op, 0)? else { return cx.invalid("map that gives no array") };
    let (function, mut space) = of(cx, op, result)?;
    let out = allocate(cx, result, if result.rank == 0 { &[] } else { &space.shape });
    let mut target = out.clone();
    if result.rank == 0 {
        // As the space: a row of one.
        let step = cx.b.i64(result.dtype.size() as i64);
        (target.shape, target.strides) = (space.shape.clone(), [step].into_iter().collect());
    }
    space.write_to(target);
    store(cx, &space, &function, true)?;
    cx.set_result(op, out.values())
}

/// The function of a map, and what it goes over.
pub fn of<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, op: OperationRef<'c, 'a>, result: ArrayTy) -> Res<(Function<'c>, Space<'c, 'a>)> {
    let operands = operands(cx, op, 0)?;
    let function = Function::of(cx, op, &operands)?;
    let space = Space::new(cx, operands, None);
    if space.rank() != result.rank.max(1) || function.dtype != result.dtype {
        return cx.invalid("map that gives another array than its function");
    }
    Ok((function, space))
}

/// A new array in the order of its type.
pub fn allocate<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, ty: ArrayTy, shape: &[V<'c, 'a>]) -> Arr<'c, 'a> {
    if ty.layout != Layout::F {
        return alloc::allocate(cx, ty.dtype, shape, false);
    }
    let reversed: Vs = shape.iter().rev().copied().collect();
    let mut out = alloc::allocate(cx, ty.dtype, &reversed, false);
    out.ty = ty;
    out.shape.reverse();
    out.strides.reverse();
    out
}

/// Writes what the function gives to the output; `new` says that nothing else can refer to it yet.
pub fn store<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, space: &Space<'c, 'a>, function: &Function<'c>, new: bool) -> Res<()> {
    // The last axis is the one on which the result goes in steps of an element.
    let transposed;
    let space = if space.out.as_ref().is_some_and(|o| o.ty.layout == Layout::F && o.ty.rank > 1) {
        transposed = space.transposed();
        &transposed
    } else {
        space
    };
    let sized = Space { size: stream::size(cx, space, function, new), ..space.clone() };
    let space = &sized;
    let about = About { axis: 0, new, reads: false, costly: function.is_costly(cx) };
    ways(cx, space, &mut |cx, space, way| {
        in_parts(cx, space, &about, &[], &mut |cx, space, _| {
            way.store(cx, space, function)?;
            if matches!(way, Way::Rows) { stream::end(cx, space) } else { Ok(Vs::new()) }
        }, &mut nothing)
    })
}

/// The same in C order on this thread only, and without waiting for what is written past the caches.
pub fn store_here<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, space: &Space<'c, 'a>, function: &Function<'c>) -> Res<()> {
    ways(cx, space, &mut |cx, space, way| way.store(cx, space, function))
}

/// The same for an axis of a few elements, which are not worth much code.
pub fn store_few<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, space: &Space<'c, 'a>, function: &Function<'c>) -> Res<()> {
    each_row(cx, space, &[], &mut |cx, row, _| {
        let mut row = row.clone();
        row.copies = Copies::Masked;
        elements(cx, &row, function, store_element)
    })?;
    Ok(())
}

/// How a space is gone over.
#[derive(Clone, Copy)]
enum Way {
    Rows,
    Tiles,
}

impl Way {
    fn store<'c: 'a, 'a>(self, cx: &mut Cx<'_, 'c, 'a>, space: &Space<'c, 'a>, function: &Function<'c>) -> Res<Vs<'c, 'a>> {
        match self {
            Way::Rows => each_row(cx, space, &[], &mut |cx, row, _| store_row(cx, row, function)),
            Way::Tiles => tiles::store(cx, space, function),
        }
    }
}

// Chooses how a space is gone over, when the program is compiled or when it runs.
fn ways<'m, 'c: 'a, 'a>(
    cx: &mut Cx<'m, 'c, 'a>, space: &Space<'c, 'a>, go: &mut dyn FnMut(&mut Cx<'m, 'c, 'a>, &Space<'c, 'a>, Way) -> Res<Vs<'c, 'a>>,
) -> Res<()> {
    let Some(crossing) = tiles::crossing(cx, space) else { return versions(cx, space, None, &mut |cx, space, _| go(cx, space, Way::Rows)).map(|_| ()) };
    let Some(condition) = space.one_shape else { return go(cx, &crossing, Way::Tiles).map(|_| ()) };
    let go = std::cell::RefCell::new(go);
    either(cx, condition, |cx| (go.borrow_mut())(cx, &crossing, Way::Tiles), |cx| versions(cx, space, None, &mut |cx, space, _| (go.borrow_mut())(cx, space, Way::Rows)))?;
    Ok(())
}

/// Writes what the function gives for a row to the row of the output.
pub fn store_row<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, row: &Row<'c, 'a>, function: &Function<'c>) -> Res<Vs<'c, 'a>> {
    row.in_parts(cx, &[], &mut |cx, row, _, _| match stream::is_worth_it(cx, row)? {
        None => elements(cx, row, function, store_element),
        Some(worth) => {
            let (usual, zero) = (cx.b.not(worth), cx.b.i64(0));
            let done = either(cx, usual, |_| Ok([zero].into_iter().collect()), |cx| stream::store(cx, row, |cx, row| elements(cx, row, function, stream::store_element)))?;
            let left = cx.b.sub_nsw(row.n, done[0]);
            let rest = row.part(cx, done[0], left);
            elements(cx, &rest, function, store_element)
        }
    })
}

fn elements<'m, 'c: 'a, 'a>(cx: &mut Cx<'m, 'c, 'a>, row: &Row<'c, 'a>, function: &Function<'c>, store: fn(&mut Cx<'m, 'c, 'a>, DType, &[V<'c, 'a>], V<'c, 'a>)) -> Res<Vs<'c, 'a>> {
    let Cost { kernels, calls } = function.cost(cx);
    let masked = row.copies == Copies::Free && row.by_elements() && kernels >= MASKED && !calls;
    let copies = if masked { Copies::Masked } else { row.copies };
    nest::count_loop_of(cx, row.n, copies, &[], &mut |cx, i, _| {
        let value = row.element(cx, function, i);
        let (d, address) = row.target(cx, i)?;
        let value = cast::scalar(cx, function.dtype, d, &value);
        store(cx, d, &value, address);
        Ok(Vs::new())
    })
}
