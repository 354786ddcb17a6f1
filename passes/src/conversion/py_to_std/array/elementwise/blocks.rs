//! Writing to an array of which operands are shifted parts, as `a[1:-1] = a[2:] + a[:-2]`, through a buffer of two blocks of rows instead of a copy of everything.
//!
//! Blocks of the first axis are computed into the two halves of the buffer in turns, and a block is written to the array only when the next one has been computed. Legal where all operands that share
//! memory with the array go through it in its own steps on that axis, and no row of theirs is part of one that is a block and more before it: what a block reads has not been written then. A buffer
//! stays in the caches. Other operands, such as reversed ones, need a copy: that is a block of all rows.
use super::{Function, Space, either, into::{address, extent}, map};
use crate::conversion::py_to_std::{build::{V, Vs}, cx::{Cx, Res}, flatten::Arr};
use super::super::{assign, nest};
use melior::dialect::arith::{self, CmpiPredicate};
use numbra_dialects::py::Layout;

/// Bytes of a block, if a row has no more: a buffer of two fits into the second cache next to what is read.
const BLOCK: i64 = 64 << 10;

/// In which blocks an array may be written.
pub struct Blocks<'c, 'a> {
    /// Rows of a block
    rows: V<'c, 'a>,
    /// Whether all operands that share memory allow it
    ordered: V<'c, 'a>,
    /// The part of memory that a row of the array reaches over, from its first element
    row: (V<'c, 'a>, V<'c, 'a>),
}

impl<'c: 'a, 'a> Blocks<'c, 'a> {
    /// For an array that a space writes; nothing where the axes are taken in another order, or by several threads, which a copy serves better, or where the function does not know
    /// any operand to be a part of the same array: what happens rarely is not worth the code.
    pub fn new(cx: &mut Cx<'_, 'c, 'a>, space: &Space<'c, 'a>, out: &Arr<'c, 'a>) -> Option<Self> {
        let rank = out.ty.rank;
        let one_array = space.arrays().any(|a| a.owner == out.owner && a.data != out.data);
        if !one_array || rank == 0 || rank != space.rank() || (rank > 1 && out.ty.layout == Layout::F) || cx.options.parallel {
            return None;
        }
        let (item, one) = (cx.b.i64(out.ty.dtype.size() as i64), cx.b.i64(1));
        let bytes = space.shape[1..].iter().fold(item, |n, m| cx.b.mul(n, *m));
        let (bytes, block) = (cx.b.smax(bytes, one), cx.b.i64(BLOCK));
        let rows = cx.b.value(arith::divui(block, bytes, cx.b.loc));
        let (rows, row) = (cx.b.smax(rows, one), extent(cx, out, &space.shape, 1));
        Some(Self { rows, ordered: cx.b.bool(true), row })
    }

    /// Looks at an operand that shares memory with the array if `meets` holds.
    pub fn read(&mut self, cx: &mut Cx<'_, 'c, 'a>, space: &Space<'c, 'a>, out: &Arr<'c, 'a>, array: &Arr<'c, 'a>, meets: V<'c, 'a>) {
        let (zero, one, step) = (cx.b.i64(0), cx.b.i64(1), out.strides[0]);
        let (low, high) = extent(cx, array, &space.shape, 1);
        // Where the row of the operand lies that is a block and one row behind a row of the array, from that row on.
        let (to, from) = (address(cx, array.data), address(cx, out.data));
        let distance = cx.b.sub(to, from);
        let rows = cx.b.add(self.rows, one);
        let way = cx.b.mul(rows, step);
        let there = cx.b.add(distance, way);
        let (first, end) = (cx.b.add(there, low), cx.b.add(there, high));
        let (up, down) = (cx.b.slt(zero, step), cx.b.slt(step, zero));
        let (behind, before) = (cx.b.cmp(CmpiPredicate::Sge, first, self.row.1), cx.b.cmp(CmpiPredicate::Sle, end, self.row.0));
        let (up, down, steps) = (cx.b.and(up, behind), cx.b.and(down, before), cx.b.eq(array.strides[0], step));
        let way = cx.b.or(up, down);
        let (ordered, apart) = (cx.b.and(steps, way), cx.b.not(meets));
        let fine = cx.b.or(ordered, apart);
        self.ordered = cx.b.and(self.ordered, fine);
    }
}

/// Writes what a function gives to an array: straight where `apart` holds, otherwise by way of a buffer.
pub fn store<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, space: &Space<'c, 'a>, function: &Function<'c>, target: &Arr<'c, 'a>, apart: V<'c, 'a>, blocks: &Blocks<'c, 'a>) -> Res<()> {
    let (n, zero, one) = (space.shape[0], cx.b.i64(0), cx.b.i64(1));
    let few = cx.b.slt(blocks.rows, n);
    let several = cx.b.and(blocks.ordered, few);
    let copied = cx.b.not(apart);
    let size = cx.b.and(several, copied);
    let size = cx.b.select(size, blocks.rows, n);
    let size = cx.b.smax(size, one);
    let none = cx.b.zero(cx.b.t.ptr);
    let place = either(cx, apart, |_| Ok([none, target.data].into_iter().chain(target.strides.iter().copied()).collect()), |cx| {
        let two = cx.b.i64(2);
        let both = cx.b.mul(size, two);
        let mut shape = target.shape.clone();
        shape[0] = cx.b.select(several, both, n);
        let buffer = map::allocate(cx, target.ty, &shape);
        Ok([buffer.owner, buffer.data].into_iter().chain(buffer.strides).collect())
    })?;
    let mut written = Arr { owner: place[0], data: place[1], strides: place[2..].into(), ..target.clone() };
    if let (Some(last), Some(own)) = (written.strides.last_mut(), target.strides.last()) && cx.b.known(*own) == Some(target.ty.dtype.size() as i64) {
        *last = *own;
    }
    // In round `i` block `i` is computed, and the one before it written.
    let count = cx.b.value(arith::ceildivsi(n, size, cx.b.loc));
    let rounds = cx.b.add(count, one);
    let rounds = cx.b.select(apart, count, rounds);
    nest::count_loop(cx, rounds, &[], &mut |cx, i, _| {
        let first = cx.b.mul(i, size);
        let first = cx.b.smin(first, n);
        let left = cx.b.sub(n, first);
        let rows = cx.b.smin(size, left);
        let mut part = space.part(cx, 0, first, rows);
        let half = half(cx, i, size);
        let at = cx.b.select(apart, first, half);
        part.out = Some(rows_of(cx, &written, at, rows));
        map::store(cx, &part, function, false)?;
        let later = cx.b.slt(zero, i);
        let writes = cx.b.and(copied, later);
        let waits = cx.b.not(writes);
        either(cx, waits, |_| Ok(Vs::new()), |cx| write_back(cx, target, &written, size, i))?;
        Ok(Vs::new())
    })?;
    either(cx, apart, |_| Ok(Vs::new()), |cx| {
        cx.runtime("nb_free", &[written.owner]);
        Ok(Vs::new())
    })?;
    Ok(())
}

// Copies the block before block `i` from the buffer to the array.
fn write_back<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, target: &Arr<'c, 'a>, buffer: &Arr<'c, 'a>, size: V<'c, 'a>, i: V<'c, 'a>) -> Res<Vs<'c, 'a>> {
    let one = cx.b.i64(1);
    let before = cx.b.sub(i, one);
    let first = cx.b.mul(before, size);
    let left = cx.b.sub(target.shape[0], first);
    let rows = cx.b.smin(size, left);
    let half = half(cx, before, size);
    let (to, from) = (rows_of(cx, target, first, rows), rows_of(cx, buffer, half, rows));
    assign::copy_into(cx, &to, &from)?;
    Ok(Vs::new())
}

// The first row of the half of the buffer that a block goes to.
fn half<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, block: V<'c, 'a>, size: V<'c, 'a>) -> V<'c, 'a> {
    let one = cx.b.i64(1);
    let odd = cx.b.and(block, one);
    cx.b.mul(odd, size)
}

fn rows_of<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, array: &Arr<'c, 'a>, first: V<'c, 'a>, rows: V<'c, 'a>) -> Arr<'c, 'a> {
    let mut part = array.clone();
    let bytes = cx.b.mul_nsw(first, array.strides[0]);
    part.data = cx.b.offset(array.data, bytes);
    part.shape[0] = rows;
    part
}
