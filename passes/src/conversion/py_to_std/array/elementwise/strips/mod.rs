//! Reductions along rows and what is computed with them, such as a softmax of each row: all ops go over a few rows, then over the next ones, so that memory is read once. What the first op
//! has read is in the second cache when the others come.
//!
//! ```text
//! %s = py.builtin "array.reduce"(%x) {axis = 1, kind = "sum"}             for rows, a few at a time:
//! %c = py.getitem %s[%whole, %newaxis]                             ->         their sums, to %s
//! %y = py.builtin "array.map"(%x, %c) {callee = @f}                           f of their elements and of %c, to %y
//! ```
//! Shapes are checked and results allocated where the ops stand; their elements are computed where the last one does. Each op has the code that it has alone, for a part of the first axis: what it
//! computes is the same to the last bit. Legal where functions of elements do not raise, nothing in between looks at elements that a member makes, and each member takes them from the rows that it is at.
//! Whether all have as many rows is known when the program runs; where not, each goes over all of its own in turn.
//!
//! An array that only other members use is made for those few rows only, in memory that stays in the cache. While rows are computed, the next ones are fetched: a loop that reads what is there would
//! otherwise find memory idle, and wait for it later.
mod fetch;
mod group;

use super::{Function, Space, map, parts::{self, About, Range}, reduce::Along, stream};
use crate::cfg::{key, op_key};
use crate::conversion::py_to_std::{build::V, cx::{Cx, Res}, flatten::Arr, memory};
use super::super::{alloc, nest};
use fetch::Fetched;
use group::{Group, around};
use melior::ir::{OperationRef, operation::OperationLike};
use numbra_dialects::py::{ArrayTy, Layout};
use smallvec::smallvec;

/// Bytes of the rows that are gone over at a time, of arrays that are read again: so many that loops are worth their start. With four times as many the next ones are fetched in bursts that memory
/// cannot serve at once, and a normalisation of long rows takes a fifth longer.
const STRIP: i64 = 8 << 10;

/// What a member computes.
enum Work<'c, 'a> {
    Map,
    Reduce(Along<'c, 'a>),
}

/// A member: its function, what it goes over with what it writes, and what it computes.
struct Step<'c, 'a> {
    function: Function<'c>,
    space: Space<'c, 'a>,
    work: Work<'c, 'a>,
    /// Whether it reads or writes an array that is read again
    reads: bool,
}

/// Rows from one position to another, and how many of them are gone over at a time.
struct Rows<'c, 'a> {
    first: V<'c, 'a>,
    end: V<'c, 'a>,
    few: V<'c, 'a>,
    // Whether all members have as many rows; nothing where that is sure.
    even: Option<V<'c, 'a>>,
}

impl<'c: 'a, 'a> Rows<'c, 'a> {
    // How many rows a member goes over: so many, but all that it has where members differ in that.
    fn of(&self, cx: &mut Cx<'_, 'c, 'a>, count: V<'c, 'a>, all: V<'c, 'a>) -> V<'c, 'a> {
        self.even.map_or(count, |even| cx.b.select(even, count, all))
    }
}

/// A group of which not all members have been met.
pub struct Open<'c, 'a> {
    group: Group<'c, 'a>,
    steps: Vec<Step<'c, 'a>>,
    // What stands for the memory of arrays of which there are a few rows only, until that is there.
    places: Vec<V<'c, 'a>>,
    // Ops that wait for the last member.
    releases: Vec<OperationRef<'c, 'a>>,
}

/// Takes an op as a member of a group: false where it is none, and to be lowered by itself.
pub fn take<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, op: OperationRef<'c, 'a>) -> Res<bool> {
    if cx.strips.is_none() {
        let Some(group) = around(cx, op) else { return Ok(false) };
        cx.together.extend(group.releases.iter().map(|op| op_key(*op)));
        cx.strips = Some(Box::new(Open { group, steps: vec![], places: vec![], releases: vec![] }));
    }
    let Some(mut open) = cx.strips.take() else { return Ok(false) };
    if !open.group.members.contains(&op) {
        cx.strips = Some(open);
        return Ok(false);
    }
    open.add(cx, op)?;
    if open.steps.len() < open.group.members.len() {
        cx.strips = Some(open);
        return Ok(true);
    }
    open.run(cx)?;
    for op in std::mem::take(&mut open.releases) {
        memory::release(cx, op)?;
    }
    Ok(true)
}

/// Leaves a release for the end of the group that is being collected, whose members may still need the memory; false where there is none.
pub fn defer<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, op: OperationRef<'c, 'a>) -> bool {
    let Some(open) = &mut cx.strips else { return false };
    open.releases.push(op);
    true
}

impl<'c: 'a, 'a> Open<'c, 'a> {
    // Checks what a member is given and makes its result, of which no element is computed yet.
    fn add(&mut self, cx: &mut Cx<'_, 'c, 'a>, op: OperationRef<'c, 'a>) -> Res<()> {
        let reads = op.operands().chain(op.results().map(Into::into)).any(|v| self.group.shared.contains(&v));
        let Some(result) = cx.result_ty(op, 0)?.array() else { return cx.invalid("rows of what is no array") };
        let (function, space, work) = if super::is_map(op) {
            let (function, mut space) = map::of(cx, op, result)?;
            let made = op.result(0).is_ok_and(|r| self.group.local.contains(&key(r.into())));
            let out = if made { self.local(cx, result, &space) } else { map::allocate(cx, result, &space.shape) };
            cx.set_result(op, out.values())?;
            space.out = Some(out);
            // One number for each row is little beside the rows.
            space.size = if made || result.rank == 1 { None } else { stream::size(cx, &space, &function, true) };
            (function, space, Work::Map)
        } else {
            let (function, along) = Along::of(cx, op)?;
            cx.set_result(op, along.out.values())?;
            (function, along.space.clone(), Work::Reduce(along))
        };
        self.steps.push(Step { function, space, work, reads });
        Ok(())
    }

    // An array of which there will be memory for a few rows.
    fn local(&mut self, cx: &mut Cx<'_, 'c, 'a>, ty: ArrayTy, space: &Space<'c, 'a>) -> Arr<'c, 'a> {
        let mut stride = cx.b.i64(ty.dtype.size() as i64);
        let mut strides = smallvec![stride; ty.rank];
        for axis in (0..ty.rank).rev() {
            strides[axis] = stride;
            stride = cx.b.mul_nsw(stride, space.shape[axis]);
        }
        let byte = cx.b.t.i8;
        let place = cx.b.slot(byte, 1);
        self.places.push(place);
        Arr { ty, owner: place, data: place, shape: space.shape.clone(), strides }
    }

    // Computes all elements.
    fn run(&mut self, cx: &mut Cx<'_, 'c, 'a>) -> Res<()> {
        let Some(lead) = self.steps.iter().find(|s| s.reads).map(|s| s.space.clone()) else { return cx.invalid("rows that nothing reads again") };
        let one = cx.b.i64(1);
        let n = lead.shape[0];
        // Whether all have as many rows; nothing where that is sure.
        let mut even: Option<V> = None;
        for step in self.steps.iter().filter(|s| s.space.shape[0] != n) {
            let same = cx.b.eq(step.space.shape[0], n);
            even = Some(even.map_or(same, |e| cx.b.and(e, same)));
        }
        let (fetched, bytes) = self.read_again(cx)?;
        let (strip, bytes) = (cx.b.i64(STRIP), cx.b.smax(bytes, one));
        let few = cx.b.value(melior::dialect::arith::divui(strip, bytes, cx.b.loc));
        let few = cx.b.smax(few, one);
        // Rows that differ in number are gone over in one round.
        let (rounds, few) = match even {
            None => (n, few),
            Some(even) => (cx.b.select(even, n, one), cx.b.select(even, few, one)),
        };
        let costly = self.steps.iter().any(|s| s.function.is_costly(cx));
        let about = About { axis: 0, new: true, reads: false, costly };
        let mut captured: Vec<V> = [few].into_iter().chain(even).collect();
        captured.extend(fetched.iter().flat_map(Fetched::values));
        let range = Range { n: rounds, total: nest::size(cx, &lead.shape), divisible: even };
        // What parts are made of comes first.
        let spaces: Vec<&Space> = std::iter::once(&lead).chain(self.steps.iter().map(|s| &s.space)).collect();
        let fresh = self.fresh();
        let has = even.is_some();
        parts::over_rows(cx, &spaces, &captured, &about, &range, &fresh, &mut |cx, spaces, values, [first, end]| {
            let even = has.then(|| values[1]);
            let fetched: Vec<Fetched> = fetched.iter().zip(values[1 + usize::from(has)..].chunks(2)).map(|(f, v)| f.with(v)).collect();
            self.strips(cx, &spaces[1..], &fetched, Rows { first, end, few: values[0], even })
        })
    }

    // The arrays from outside of which rows are fetched, and how many bytes a row has of all that is read again.
    fn read_again(&self, cx: &mut Cx<'_, 'c, 'a>) -> Res<(Vec<Fetched<'c, 'a>>, V<'c, 'a>)> {
        let (mut fetched, mut bytes) = (vec![], cx.b.i64(0));
        for v in &self.group.shared {
            let array = cx.array(*v)?;
            let size = cx.b.i64(array.ty.dtype.size() as i64);
            let row = array.shape[1..].iter().fold(size, |bytes, n| cx.b.mul_nsw(bytes, *n));
            bytes = cx.b.add_nsw(bytes, row);
            let is_made = self.steps.iter().any(|s| s.space.out.as_ref().is_some_and(|out| out.data == array.data));
            if !is_made && array.ty.layout == Layout::C {
                fetched.push(Fetched { data: array.data, stride: array.strides[0] });
            }
        }
        Ok((fetched, bytes))
    }

    // Addresses of new arrays that nothing refers to in another way, as views would.
    fn fresh(&self) -> Vec<V<'c, 'a>> {
        let made = self.steps.iter().filter_map(|s| s.space.out.as_ref());
        let is_viewed = |out: &Arr<'c, 'a>| self.steps.iter().flat_map(|s| s.space.arrays()).any(|a| a.owner == out.owner && a.data != out.data);
        made.filter(|out| !is_viewed(out)).map(|out| out.data).collect()
    }

    // Goes over the rows between two positions, a few at a time.
    fn strips<'m>(&self, cx: &mut Cx<'m, 'c, 'a>, spaces: &[Space<'c, 'a>], fetched: &[Fetched<'c, 'a>], rows: Rows<'c, 'a>) -> Res<()> {
        let count = cx.b.sub_nsw(rows.end, rows.first);
        let most = cx.b.smin(rows.few, count);
        // Where memory for a few rows is, by the value that stands for it.
        let mut memory: Vec<(V, Arr)> = vec![];
        for (step, space) in self.steps.iter().zip(spaces) {
            let is_local = step.space.out.as_ref().is_some_and(|out| self.places.contains(&out.data));
            let Some(out) = space.out.as_ref().filter(|_| is_local) else { continue };
            let mut shape = space.shape.clone();
            shape[0] = rows.of(cx, most, shape[0]);
            memory.push((out.data, alloc::allocate(cx, out.ty.dtype, &shape, false)));
        }
        let readers = self.steps.iter().filter(|s| s.reads).count();
        let lines: Vec<V> = fetched.iter().map(|f| f.lines(cx, rows.few, rows.end)).collect();
        nest::pieces_of_size(cx, count, rows.few, &[], &mut |cx, first, count, _| {
            let first = cx.b.add_nsw(rows.first, first);
            let next = cx.b.add_nsw(first, count);
            let mut part = 0;
            for (step, space) in self.steps.iter().zip(spaces) {
                if step.reads {
                    for (f, lines) in fetched.iter().zip(&lines) {
                        f.ahead(cx, next, *lines, part, readers)?;
                    }
                    part += 1;
                }
                let count = rows.of(cx, count, space.shape[0]);
                let mut own = space.part(cx, 0, first, count);
                for (place, local) in &memory {
                    own.relocate(space, *place, local.data);
                }
                match &step.work {
                    Work::Map if own.rank() == 1 => map::store_few(cx, &own, &step.function)?,
                    Work::Map => map::store_here(cx, &own, &step.function)?,
                    Work::Reduce(along) => along.fill(cx, own, &step.function)?,
                }
            }
            Ok(smallvec![])
        })?;
        for (_, array) in &memory {
            cx.runtime("nb_free", &[array.owner]);
        }
        match spaces.iter().find(|s| s.size.is_some()) {
            Some(space) => stream::end(cx, space).map(|_| ()),
            None => Ok(()),
        }
    }
}
