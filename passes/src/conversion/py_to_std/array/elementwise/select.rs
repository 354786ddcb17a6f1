//! `array.compress`: the elements of an array where a function of other elements is true, one after the other; `array.positions`: their positions.
//!
//! One pass over memory: of a piece of a row the mask is made first, in memory that stays in the nearest cache, and then the runtime moves together what it chooses. How many elements there
//! will be is not known before the end: the new array has room for all, most of which nobody may ever touch, and gives back what is left over.
//!
//! With threads, pieces are put together in memory of their own, and a piece whose predecessors have told how many elements they have is copied to its place: each element is read once from
//! memory and written once to it. Legal since functions that make a mask do not raise, so that no piece waits for one that ended early.
use super::{Function, Space, into::padded, parts::About, row::{Row, each_row}, space::operands, turns::{self, Turn, Work}, versions};
use crate::conversion::py_to_std::{build::{V, Vs}, cx::{Cx, Res}, flatten::Arr};
use super::super::{alloc, items::{element_type, load_element, store_element}, nest};
use melior::{dialect::ods, ir::{OperationRef, attribute::IntegerAttribute, r#type::IntegerType}};
use numbra_abi::{DType, symbols::DATA_OFFSET};
use numbra_dialects::py::{Layout, Ty};
use smallvec::smallvec;

/// Path of the op.
pub const ARRAY_COMPRESS: &str = "array.compress";
/// Path of the one that gives positions.
pub const ARRAY_POSITIONS: &str = "array.positions";

/// Elements of a piece of a row: they stay in the nearest cache with their mask.
const PIECE: i64 = 2048;
/// Elements that a thread takes at a time, which stay in a cache of its own.
const TURN: i64 = 1 << 15;
/// Bytes behind the last element that are written, too.
const MARGIN: i64 = 64;

/// What goes to the result, and where that is.
struct Selection<'k, 'c, 'a> {
    // What makes the mask
    function: &'k Function<'c>,
    // Of the result
    dtype: DType,
    positions: bool,
    data: V<'c, 'a>,
}

/// `py.builtin "array.compress"` and `py.builtin "array.positions"`
pub fn array_select<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, op: OperationRef<'c, 'a>, positions: bool) -> Res<()> {
    let Ty::Array(result) = cx.result_ty(op, 0)? else { return cx.invalid("a selection that gives no array") };
    let operands = operands(cx, op, usize::from(!positions))?;
    let function = Function::of(cx, op, &operands)?;
    let from = if positions {
        None
    } else {
        let from = cx.operand(op, 0)?;
        Some(cx.array(from)?)
    };
    if function.dtype != DType::Bool || result.rank != 1 || result.layout != Layout::C || from.as_ref().is_some_and(|a| a.ty.dtype != result.dtype) {
        return cx.invalid("a selection by what is no mask, or that gives something else");
    }
    let d = result.dtype;
    let mut space = Space::new(cx, operands, from.as_ref().map(|a| &a.shape[..]));
    // Elements come in the order of indices.
    let in_memory_order = space.arrays().chain(&from).all(|a| a.ty.layout == Layout::C);
    space.regular &= in_memory_order;
    if let Some(from) = &from {
        space.regular &= from.ty.rank == space.rank();
        // The array that the rows name besides the operands: here it is read.
        space.out = Some(padded(cx, from, space.rank()));
    }
    let (n, margin) = (nest::size(cx, &space.shape), cx.b.i64(MARGIN / d.size() as i64 + 1));
    let most = cx.b.add(n, margin);
    let out = alloc::allocate(cx, d, &[most], false);
    let selection = Selection { function: &function, dtype: d, positions, data: out.data };
    let count = if cx.options.parallel { in_turns(cx, &space, &selection, n)? } else { in_order(cx, &space, &selection)? };
    let size = cx.b.i64(d.size() as i64);
    let bytes = cx.b.mul_nsw(count, size);
    let owner = cx.runtime_value("nb_shrink", &[out.owner, bytes]);
    let start = cx.b.i64(DATA_OFFSET as i64);
    let data = cx.b.offset(owner, start);
    let found = Arr { ty: result, owner, data, shape: smallvec![count], strides: smallvec![size] };
    cx.set_result(op, found.values())
}

// One piece after the other; how many elements there are.
fn in_order<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, space: &Space<'c, 'a>, selection: &Selection<'_, 'c, 'a>) -> Res<V<'c, 'a>> {
    let zero = cx.b.i64(0);
    let end = versions(cx, space, None, &mut |cx, space, _| {
        let first = cx.b.i64(0);
        rows(cx, space, selection, first, zero)
    })?;
    Ok(end[0])
}

// On several threads; how many elements there are.
fn in_turns<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, space: &Space<'c, 'a>, selection: &Selection<'_, 'c, 'a>, n: V<'c, 'a>) -> Res<V<'c, 'a>> {
    let shared = turns::words(cx, 1);
    let costly = selection.function.is_costly(cx);
    versions(cx, space, None, &mut |cx, space, _| {
        let about = About { axis: 0, new: false, reads: false, costly };
        turns::in_turns(cx, space, &about, TURN, n, &[shared, selection.data], &mut Pieces(selection))?;
        Ok(Vs::new())
    })?;
    let place = turns::handed_on(cx, shared, 0);
    let i64 = cx.b.t.i64;
    Ok(cx.b.load(i64, place))
}

/// What is chosen of a part is put together in memory of the thread, and copied to its place.
struct Pieces<'k, 'c, 'a>(&'k Selection<'k, 'c, 'a>);

impl<'m, 'c: 'a, 'a> Work<'m, 'c, 'a> for Pieces<'_, 'c, 'a> {
    fn prepare(&mut self, cx: &mut Cx<'m, 'c, 'a>, most: V<'c, 'a>) -> Res<Vs<'c, 'a>> {
        let margin = cx.b.i64(MARGIN / self.0.dtype.size() as i64 + 1);
        let room = cx.b.add_nsw(most, margin);
        let own = alloc::allocate(cx, self.0.dtype, &[room], false);
        Ok(smallvec![own.owner, own.data])
    }

    fn part(&mut self, cx: &mut Cx<'m, 'c, 'a>, turn: &Turn<'c, 'a>) -> Res<()> {
        let (shared, data, own) = (turn.captured[0], turn.captured[1], turn.prepared[1]);
        let (d, i64, zero) = (self.0.dtype, cx.b.t.i64, cx.b.i64(0));
        let before = turn.space.shape[1..].iter().fold(turn.first, |n, m| cx.b.mul_nsw(n, *m));
        let count = rows(cx, &turn.space, &Selection { data: own, ..*self.0 }, before, zero)?[0];
        turns::wait(cx, shared, turn.number);
        let place = turns::handed_on(cx, shared, 0);
        let start = cx.b.load(i64, place);
        let end = cx.b.add_nsw(start, count);
        cx.b.store(end, place);
        turns::pass(cx, shared);
        let (t, size) = (element_type(cx, d), cx.b.i64(d.size() as i64));
        let to = cx.b.at(data, start, t);
        let bytes = cx.b.mul_nsw(count, size);
        copy(cx, to, own, bytes);
        Ok(())
    }

    fn finish(&mut self, cx: &mut Cx<'m, 'c, 'a>, prepared: &[V<'c, 'a>]) {
        cx.runtime("nb_free", &[prepared[0]]);
    }
}

fn copy<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, to: V<'c, 'a>, from: V<'c, 'a>, bytes: V<'c, 'a>) {
    let volatile = IntegerAttribute::new(IntegerType::new(cx.b.context, 1).into(), 0).into();
    let op = ods::llvm::intr_memcpy(cx.b.context, to, from, bytes, volatile, cx.b.loc);
    cx.b.push(op);
}

// Writes what is chosen of all rows behind the first `count` elements of the result; `before` elements lie before the first row. How many there are then.
fn rows<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, space: &Space<'c, 'a>, selection: &Selection<'_, 'c, 'a>, before: V<'c, 'a>, count: V<'c, 'a>) -> Res<Vs<'c, 'a>> {
    let byte = cx.b.t.memory(DType::Bool);
    let marks = cx.b.slot(byte, PIECE);
    each_row(cx, space, &[count, before], &mut |cx, row, carried| {
        let chosen = row.in_parts(cx, &carried, &mut |cx, row, _, carried| nest::pieces(cx, row.n, PIECE, &carried, &mut |cx, first, n, carried| {
            let piece = row.part(cx, first, n);
            nest::count_loop_of(cx, n, piece.copies, &[], &mut |cx, i, _| {
                let mark = piece.element(cx, selection.function, i);
                let place = cx.b.at(marks, i, byte);
                store_element(cx, DType::Bool, &mark, place);
                Ok(Vs::new())
            })?;
            let found = chosen(cx, selection, &piece, marks, carried[0], carried[1])?;
            Ok(smallvec![cx.b.add_nsw(carried[0], found), cx.b.add_nsw(carried[1], n)])
        }))?;
        Ok(chosen)
    })
}

// Moves together what the marks of a piece choose; how many elements that are.
fn chosen<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, selection: &Selection<'_, 'c, 'a>, piece: &Row<'c, 'a>, marks: V<'c, 'a>, count: V<'c, 'a>, before: V<'c, 'a>) -> Res<V<'c, 'a>> {
    let (d, zero) = (selection.dtype, cx.b.i64(0));
    let t = element_type(cx, d);
    let to = cx.b.at(selection.data, count, t);
    if selection.positions {
        return Ok(cx.runtime_value("nb_compress_positions", &[marks, to, piece.n, before]));
    }
    if piece.writes_by_elements() {
        let (_, from) = piece.target(cx, zero)?;
        let size = cx.b.i64(d.size() as i64);
        return Ok(cx.runtime_value("nb_compress", &[from, marks, to, piece.n, size]));
    }
    // Each is written where the next one that is chosen belongs, so that there is no branch.
    let byte = cx.b.t.memory(DType::Bool);
    let end = nest::count_loop_of(cx, piece.n, nest::Copies::Rolled, &[zero], &mut |cx, i, carried| {
        let (_, from) = piece.target(cx, i)?;
        let v = load_element(cx, d, from);
        let place = cx.b.at(to, carried[0], t);
        store_element(cx, d, &v, place);
        let mark = cx.b.at(marks, i, byte);
        let mark = cx.b.load(byte, mark);
        let one = cx.b.resize(mark, cx.b.t.i64, false);
        Ok(smallvec![cx.b.add_nsw(carried[0], one)])
    })?;
    Ok(end[0])
}
