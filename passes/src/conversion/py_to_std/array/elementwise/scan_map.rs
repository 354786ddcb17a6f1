//! `array.scan_map`: what a function makes of parts of a running sum (product, extremum) that nobody else needs, as in `c = np.cumsum(x); (c[n:] - c[:-n]) / n`.
//!
//! The running values are never an array: they are computed by pieces of blocks, which stay in the nearest cache until the function has read them, together with as many of the block before as
//! the parts lie apart. Each value is made of the one before it as in `array.scan`, so that the result is the same to the last bit. What no part reads behind the last value is not computed.
//!
//! Legal since the function of the scan does not raise, and each part moves by an element and has as many as the result. Parts of run-time bounds may have other lengths, and one of one element
//! is stretched: then the running values become an array first, in a loop that is kept small.
use super::{Function, Operand, Space, either, map::{allocate, store_row}, reduce::Reduction, row::{Row, each_row}, space::{self, Steps}, stream, versions};
use crate::{conversion::py_to_std::{build::{V, Vs}, cx::{Cx, Res}, flatten::Arr}, functions::reference, numbers::integer_value};
use super::super::{alloc, items::{element_type, move_bytes, store_element}, nest, slices::{bounds, free_offset}};
use melior::{
    dialect::arith,
    ir::{OperationRef, Value, attribute::{IntegerAttribute, TypeAttribute}, operation::OperationLike},
};
use numbra_abi::DType;
use numbra_dialects::py::{ArrayTy, Layout, Ty};
use smallvec::smallvec;

/// Path of the op.
pub const ARRAY_SCAN_MAP: &str = "array.scan_map";
/// The attribute that says how many of the first operands are those of the scan.
pub const SCANNED: &str = "scanned";
/// The attribute with the function of the result's elements.
pub const MAP: &str = "map";
/// The attribute with the type of the running values.
pub const RUNNING: &str = "running";

/// Elements of a piece: so few that the processor computes the next running values, which wait for each other, while it makes the results of the last ones. As many as are written past the
/// caches at a time.
const PIECE: i64 = 128;
/// Elements of a block at least: pieces after which what the next ones need of them is moved to the start of the memory of blocks.
const BLOCK: i64 = 8 * PIECE;
/// So many times as long as what is moved is a block at least.
const BLOCKS_OF_MOVED: i64 = 2;

/// The op as machine values.
struct ScanMap<'k, 'c, 'a> {
    reduction: &'k Reduction<'k, 'c>,
    function: &'k Function<'c>,
    // The type of running values.
    dtype: DType,
    // For each operand of the function that is a part of the running values: which one, and where it starts.
    parts: Vec<(usize, V<'c, 'a>)>,
    // What the function goes over; parts have no memory yet.
    space: Space<'c, 'a>,
}

/// `py.builtin "array.scan_map"`
pub fn array_scan_map<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, op: OperationRef<'c, 'a>) -> Res<()> {
    let scanned = op.attribute(SCANNED).ok().and_then(|a| IntegerAttribute::try_from(a).ok()).and_then(integer_value);
    let running = op.attribute(RUNNING).ok().and_then(|a| TypeAttribute::try_from(a).ok()).and_then(|t| Ty::from_mlir(t.value())?.scalar());
    let (Some(scanned), Some(dtype), Some(map)) = (scanned, running, reference(op, MAP)) else { return cx.invalid("a scan and a map without what says so") };
    let Ty::Array(result) = cx.result_ty(op, 0)? else { return cx.invalid("a map that gives no array") };
    let mut operands = space::operands(cx, op, 0)?;
    let rest = operands.split_off((scanned as usize).min(operands.len()));
    let scan = Function::of(cx, op, &operands)?;
    let Some(reduction) = Reduction::named(cx, op, &scan, dtype)? else { return cx.invalid("a scan without a kind") };
    let source = Space::new(cx, operands, None);
    let function = Function::named(cx, map)?;
    if source.rank() != 1 || result.rank != 1 || function.dtype != result.dtype {
        return cx.invalid("parts of running values that are no row");
    }
    let whole = source.shape[0];
    let (mut given, mut parts): (Vec<Operand>, _) = (vec![], vec![]);
    for (value, operand) in op.operands().skip(scanned as usize).collect::<Vec<Value>>().into_iter().zip(rest) {
        let (Ty::Slice(bounded), Operand::Value(values)) = (cx.ty(value)?, &operand) else {
            given.push(operand);
            continue;
        };
        let (first, count, _) = bounds(cx, &bounded, values, whole)?;
        parts.push((given.len(), first));
        let (data, size) = (cx.b.zero(cx.b.t.ptr), cx.b.i64(dtype.size() as i64));
        given.push(Operand::Array(Arr { ty: ArrayTy::new(dtype, 1, Layout::C), owner: data, data, shape: smallvec![count], strides: smallvec![size] }));
    }
    let mut space = Space::new(cx, given, None);
    let out = allocate(cx, result, &space.shape);
    space.out = Some(out.clone());
    let one_shape = space.one_shape;
    let work = ScanMap { reduction: &reduction, function: &function, dtype, parts, space };
    let by_blocks = |cx: &mut Cx<'_, 'c, 'a>| blocks(cx, &source, &work).map(|_| Vs::new());
    match one_shape {
        None => by_blocks(cx)?,
        Some(condition) => either(cx, condition, by_blocks, |cx| whole_row(cx, &source, &work))?,
    };
    cx.set_result(op, out.values())
}

// The running values as an array, and the map of its parts, whatever their lengths.
fn whole_row<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, source: &Space<'c, 'a>, work: &ScanMap<'_, 'c, 'a>) -> Res<Vs<'c, 'a>> {
    let row = alloc::allocate(cx, work.dtype, &source.shape, false);
    let zero = cx.b.i64(0);
    let start = work.reduction.identity_of_scan(cx);
    let all = Space { steps: Steps::Rare, ..source.clone() };
    running(cx, &all, work, zero, source.shape[0], Some(row.data), &start)?;
    let mut space = Space { steps: Steps::Rare, ..work.space.clone() };
    at(cx, &mut space, work, row.data, zero);
    each_row(cx, &space, &[], &mut |cx, row, _| store_row(cx, row, work.function))?;
    cx.runtime("nb_free", &[row.owner]);
    Ok(Vs::new())
}

// One block after the other.
fn blocks<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, source: &Space<'c, 'a>, work: &ScanMap<'_, 'c, 'a>) -> Res<()> {
    let mut space = match (work.space.contiguous(cx), work.space.unstretched()) {
        (Some(contiguous), _) => contiguous,
        (None, Some(plain)) => Space { steps: Steps::Any, ..plain },
        _ => return cx.invalid("parts of which it is not known how they move"),
    };
    // What is left over by pieces, and what comes before them, is not worth vector code or copies of a loop's body.
    let few = Space { steps: Steps::Rare, ..space.clone() };
    space.size = stream::size(cx, &space, work.function, true);
    let (n, zero) = (space.shape[0], cx.b.i64(0));
    // Where parts start, counted from the first one; those of nothing may start anywhere.
    let Some(lowest) = work.parts.iter().map(|p| p.1).reduce(|a, b| cx.b.smin(a, b)) else { return cx.invalid("a map that reads no running values") };
    let highest = work.parts.iter().map(|p| p.1).fold(lowest, |a, b| cx.b.smax(a, b));
    let some = cx.b.slt(zero, n);
    let lowest = cx.b.select(some, lowest, zero);
    let highest = cx.b.select(some, highest, zero);
    let apart = cx.b.sub_nsw(highest, lowest);
    // What is kept of a block is moved, which must not cost more than to compute it.
    let (least, times, item) = (cx.b.i64(BLOCK), cx.b.i64(BLOCKS_OF_MOVED), cx.b.i64(work.dtype.size() as i64));
    let wide = cx.b.mul_nsw(apart, times);
    let wide = cx.b.smax(least, wide);
    let (up, mask) = (cx.b.i64(PIECE - 1), cx.b.i64(-PIECE));
    let wide = cx.b.add_nsw(wide, up);
    let length = cx.b.and(wide, mask);
    let longest = cx.b.smin(length, n);
    let room = cx.b.add_nsw(apart, longest);
    let kept = alloc::allocate(cx, work.dtype, &[room], false);
    versions(cx, source, None, &mut |cx, source, _| {
        let start = work.reduction.identity_of_scan(cx);
        // Those before all parts, and those that are the first to be kept.
        let slow = Space { steps: Steps::Rare, ..source.clone() };
        let carried = running(cx, &slow, work, zero, lowest, None, &start)?;
        let carried = running(cx, &slow, work, lowest, apart, Some(kept.data), &carried)?;
        let t = element_type(cx, work.dtype);
        let piece = |cx: &mut Cx<'_, 'c, 'a>, source: &Space<'c, 'a>, space: &Space<'c, 'a>, first: V<'c, 'a>, within: V<'c, 'a>, count: V<'c, 'a>, carried: &[V<'c, 'a>]| {
            let here = cx.b.add_nsw(first, within);
            let (behind, from) = (cx.b.add_nsw(apart, within), cx.b.add_nsw(here, highest));
            let place = cx.b.at(kept.data, behind, t);
            let carried = running(cx, source, work, from, count, Some(place), carried)?;
            let mut part = space.part(cx, 0, here, count);
            let read = cx.b.at(kept.data, within, t);
            at(cx, &mut part, work, read, lowest);
            let row = Row::new(cx, &part);
            store_row(cx, &row, work.function)?;
            Ok(carried)
        };
        nest::pieces_of_size(cx, n, length, &carried, &mut |cx, first, count, carried| {
            let size = cx.b.i64(PIECE);
            let pieces = cx.b.value(arith::divui(count, size, cx.b.loc));
            let carried = nest::count_loop(cx, pieces, &carried, &mut |cx, k, carried| {
                let within = cx.b.mul_nsw(k, size);
                piece(cx, source, &space, first, within, size, &carried)
            })?;
            let done = cx.b.mul_nsw(pieces, size);
            let rest = cx.b.sub_nsw(count, done);
            let carried = piece(cx, &slow, &few, first, done, rest, &carried)?;
            let (next, bytes) = (cx.b.at(kept.data, count, t), cx.b.mul_nsw(apart, item));
            move_bytes(cx, kept.data, next, bytes);
            Ok(carried)
        })
    })?;
    stream::end(cx, &space)?;
    cx.runtime("nb_free", &[kept.owner]);
    Ok(())
}

// Has the operands that are parts of the running values lie in memory, whose first element is the running value of a position.
fn at<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, space: &mut Space<'c, 'a>, work: &ScanMap<'_, 'c, 'a>, data: V<'c, 'a>, position: V<'c, 'a>) {
    let item = cx.b.i64(work.dtype.size() as i64);
    for (k, first) in &work.parts {
        let behind = cx.b.sub_nsw(*first, position);
        let bytes = cx.b.mul_nsw(behind, item);
        let place = free_offset(cx, data, bytes);
        if let Operand::Array(part) = &mut space.operands[*k] {
            part.data = place;
        }
    }
}

// Running values of so many elements from a position on, written to memory where somebody reads them; the last one.
fn running<'c: 'a, 'a>(
    cx: &mut Cx<'_, 'c, 'a>, source: &Space<'c, 'a>, work: &ScanMap<'_, 'c, 'a>, first: V<'c, 'a>, count: V<'c, 'a>, to: Option<V<'c, 'a>>, start: &[V<'c, 'a>],
) -> Res<Vs<'c, 'a>> {
    let part = source.part(cx, 0, first, count);
    let row = Row::new(cx, &part);
    row.in_parts(cx, start, &mut |cx, row, first, carried| {
        let t = element_type(cx, work.dtype);
        let to = to.map(|to| cx.b.at(to, first, t));
        nest::count_loop_of(cx, row.n, row.copies, &carried, &mut |cx, i, carried| {
            let v = row.element(cx, work.reduction.function, i);
            let v = work.reduction.prepared(cx, &v);
            let v = work.reduction.together(cx, &carried, &v, false)?;
            if let Some(to) = to {
                let place = cx.b.at(to, i, t);
                store_element(cx, work.dtype, &v, place);
            }
            Ok(v)
        })
    })
}
