//! Loops over elements in parts that hand something on to the next, on several threads: the number of elements so far, a running sum.
//!
//! As in [`parts`](super::parts) the body becomes a function, which is called once where there are few elements, and otherwise by each thread. It takes parts in order until there are none
//! left (`nb_turn_take`); a body waits for its turn where it needs what the parts before hand on. Parts have a fixed number of elements, so that what is made does not depend on the number
//! of threads. Legal where the body does not raise: others would wait for it.
use super::{Space, parts::{self, About, Captured}};
use crate::remarks::Kind;
use crate::conversion::py_to_std::{build::{V, Vs}, cx::{Cx, Res}};
use super::super::nest;
use melior::dialect::arith::{self, CmpiPredicate};

/// Words that all parts share before what they hand on.
const WORDS: i64 = 2;

/// A part.
pub struct Turn<'c, 'a> {
    /// What it goes over
    pub space: Space<'c, 'a>,
    /// Its number
    pub number: V<'c, 'a>,
    /// Where it starts on the axis
    pub first: V<'c, 'a>,
    /// What the loop was given, in the function
    pub captured: Vs<'c, 'a>,
    /// What was made before the first part
    pub prepared: Vs<'c, 'a>,
}

/// Memory that the parts share, with room for so many words that are handed on; all are 0.
pub fn words<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, count: i64) -> V<'c, 'a> {
    let i64 = cx.b.t.i64;
    let words = cx.b.slot(i64, WORDS + count);
    let zero = cx.b.i64(0);
    for k in 0..WORDS + count {
        let k = cx.b.i64(k);
        let place = cx.b.at(words, k, i64);
        cx.b.store(zero, place);
    }
    words
}

/// Where the word of this number is that parts hand on.
pub fn handed_on<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, words: V<'c, 'a>, number: i64) -> V<'c, 'a> {
    let (i64, at) = (cx.b.t.i64, cx.b.i64(WORDS + number));
    cx.b.at(words, at, i64)
}

/// Waits until all parts before have handed on.
pub fn wait<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, words: V<'c, 'a>, number: V<'c, 'a>) {
    cx.runtime("nb_turn_wait", &[words, number]);
}

/// Hands on.
pub fn pass<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, words: V<'c, 'a>) {
    cx.runtime("nb_turn_pass", &[words]);
}

/// What a loop does.
pub trait Work<'m, 'c, 'a> {
    /// What a thread needs for parts of at most so many elements. This may raise, since the thread has not taken a part yet
    fn prepare(&mut self, cx: &mut Cx<'m, 'c, 'a>, most: V<'c, 'a>) -> Res<Vs<'c, 'a>>;
    /// A part, which must not raise
    fn part(&mut self, cx: &mut Cx<'m, 'c, 'a>, turn: &Turn<'c, 'a>) -> Res<()>;
    /// Gives back what was needed
    fn finish(&mut self, cx: &mut Cx<'m, 'c, 'a>, prepared: &[V<'c, 'a>]);
}

/// Works on parts of about so many elements of a space that has `total` of them. The first of the captured values is the memory that they share.
pub fn in_turns<'m, 'c: 'a, 'a>(
    cx: &mut Cx<'m, 'c, 'a>, space: &Space<'c, 'a>, about: &About, size: i64, total: V<'c, 'a>, captured: &[V<'c, 'a>], work: &mut dyn Work<'m, 'c, 'a>,
) -> Res<()> {
    cx.module.uses_threads = true;
    cx.module.remark(Kind::Parallel, cx.b.loc, "elements are computed in parts that follow each other, by several threads if there are more than 65536");
    let symbol = parts::symbol(cx);
    let values = Captured::of(cx, &[space], captured);
    values.function(cx, &symbol, &[], &mut |cx, inner, _| {
        let (space, captured) = (inner.space(space), captured.iter().map(|v| inner.value(*v)).collect::<Vs>());
        let (n, one, wanted, loc) = (space.shape[about.axis], cx.b.i64(1), cx.b.i64(size), cx.b.loc);
        // As many positions on the axis as have so many elements, one at least.
        let others = nest::size(cx, &space.shape.iter().enumerate().filter(|(k, _)| *k != about.axis).map(|(_, n)| *n).collect::<Vs>());
        let others = cx.b.smax(others, one);
        let length = cx.b.value(arith::divui(wanted, others, loc));
        let length = cx.b.smax(length, one);
        let longest = cx.b.smin(length, n);
        let most = cx.b.mul_nsw(longest, others);
        let prepared = work.prepare(cx, most)?;
        let (header, inside, exit) = (cx.b.new_block(&[]), cx.b.new_block(&[]), cx.b.new_block(&[]));
        cx.b.br(header, &[]);
        cx.b.block = header;
        let number = cx.runtime_value("nb_turn_take", &[captured[0]]);
        let first = cx.b.mul_nsw(number, length);
        let more = cx.b.slt(first, n);
        cx.b.cond_br(more, (inside, &[]), (exit, &[]));
        cx.b.block = inside;
        let rest = cx.b.sub_nsw(n, first);
        let count = cx.b.smin(rest, length);
        let part = space.part(cx, about.axis, first, count);
        let turn = Turn { space: part, number, first, captured, prepared };
        work.part(cx, &turn)?;
        cx.b.br(header, &[]);
        cx.b.block = exit;
        work.finish(cx, &turn.prepared);
        Ok(Vs::new())
    })?;
    // A call for each thread; it takes what is left.
    let (threads, many) = (cx.runtime_value("nb_num_threads", &[]), cx.b.i64(parts::many(about)));
    let few = cx.b.cmp(CmpiPredicate::Slt, total, many);
    values.call(cx, &symbol, None, few, threads, &[], &[], &mut |_| threads)?;
    Ok(())
}
