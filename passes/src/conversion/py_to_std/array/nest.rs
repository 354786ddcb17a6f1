//! Loops that lowerings make themselves: counted, nested over the axes of an array.
use super::items;
use super::super::{build::{V, Vs}, cx::{Cx, Res}, flatten::Arr};
use melior::ir::ValueLike;
use numbra_dialects::py::Layout;

/// Runs `body` for 0 up to `n` with values carried from one round to the next; returns the last ones.
pub fn count_loop<'m, 'c: 'a, 'a>(
    cx: &mut Cx<'m, 'c, 'a>, n: V<'c, 'a>, start: &[V<'c, 'a>], body: &mut dyn FnMut(&mut Cx<'m, 'c, 'a>, V<'c, 'a>, Vs<'c, 'a>) -> Res<Vs<'c, 'a>>,
) -> Res<Vs<'c, 'a>> {
    count_loop_of(cx, n, Copies::Free, start, body)
}

/// What may be made of a loop.
#[derive(Clone, Copy, PartialEq)]
pub enum Copies {
    /// Vector code, several copies of the body
    Free,
    /// Vector code with the body in it once: the last vector is a part of one. For bodies beside which a mask costs nothing, and whose code is most of a program
    Masked,
    /// No copies of the body, which gain nothing where each element costs address arithmetic and the compiler a lot
    Rolled,
    /// One element after the other, where there are a few
    Scalar,
    /// Vector code that writes a line of the cache at a time
    Streamed,
}

impl Copies {
    fn annotation(self) -> Option<&'static str> {
        match self {
            Copies::Free => None,
            Copies::Masked => Some("#llvm.loop_annotation<vectorize = <predicateEnable = true>>"),
            Copies::Rolled => Some("#llvm.loop_annotation<unroll = <runtimeDisable = true>>"),
            Copies::Scalar => Some("#llvm.loop_annotation<vectorize = <disable = true>, unroll = <disable = true>>"),
            Copies::Streamed => Some("#llvm.loop_annotation<interleave = <count = 2 : i32>, unroll = <disable = true>>"),
        }
    }
}

/// The same, of a loop of which more is known.
pub fn count_loop_of<'m, 'c: 'a, 'a>(
    cx: &mut Cx<'m, 'c, 'a>, n: V<'c, 'a>, copies: Copies, start: &[V<'c, 'a>], body: &mut dyn FnMut(&mut Cx<'m, 'c, 'a>, V<'c, 'a>, Vs<'c, 'a>) -> Res<Vs<'c, 'a>>,
) -> Res<Vs<'c, 'a>> {
    let mut types = vec![cx.b.t.i64];
    types.extend(start.iter().map(|v| v.r#type()));
    let (header, inside, exit) = (cx.b.new_block(&types), cx.b.new_block(&[]), cx.b.new_block(&[]));
    let zero = cx.b.i64(0);
    let mut first = vec![zero];
    first.extend(start);
    cx.b.br(header, &first);
    cx.b.block = header;
    let arguments = cx.b.arguments(header);
    let (i, carried): (V, Vs) = (arguments[0], arguments[1..].into());
    let more = cx.b.slt(i, n);
    cx.b.cond_br(more, (inside, &[]), (exit, &[]));
    cx.b.block = inside;
    let next = body(cx, i, carried.clone())?;
    let one = cx.b.i64(1);
    let mut again = vec![cx.b.add_nsw(i, one)];
    again.extend(next);
    cx.b.br_back(header, copies.annotation(), &again);
    cx.b.block = exit;
    Ok(carried)
}

/// Runs `body` for 0 up to `n` until `stop` holds for the values carried from one round to the next; returns the last ones.
pub fn count_until<'m, 'c: 'a, 'a>(
    cx: &mut Cx<'m, 'c, 'a>, n: V<'c, 'a>, start: &[V<'c, 'a>], stop: impl Fn(&mut Cx<'m, 'c, 'a>, &[V<'c, 'a>]) -> V<'c, 'a>,
    body: &mut dyn FnMut(&mut Cx<'m, 'c, 'a>, V<'c, 'a>, Vs<'c, 'a>) -> Res<Vs<'c, 'a>>,
) -> Res<Vs<'c, 'a>> {
    let mut types = vec![cx.b.t.i64];
    types.extend(start.iter().map(|v| v.r#type()));
    let (header, going_on, inside, exit) = (cx.b.new_block(&types), cx.b.new_block(&[]), cx.b.new_block(&[]), cx.b.new_block(&[]));
    let zero = cx.b.i64(0);
    let first: Vs = std::iter::once(zero).chain(start.iter().copied()).collect();
    cx.b.br(header, &first);
    cx.b.block = header;
    let arguments = cx.b.arguments(header);
    let (i, carried): (V, Vs) = (arguments[0], arguments[1..].into());
    let more = cx.b.slt(i, n);
    cx.b.cond_br(more, (going_on, &[]), (exit, &[]));
    cx.b.block = going_on;
    let enough = stop(cx, &carried);
    cx.b.cond_br(enough, (exit, &[]), (inside, &[]));
    cx.b.block = inside;
    let next = body(cx, i, carried.clone())?;
    let one = cx.b.i64(1);
    let mut again: Vs = smallvec::smallvec![cx.b.add_nsw(i, one)];
    again.extend(next);
    cx.b.br(header, &again);
    cx.b.block = exit;
    Ok(carried)
}

/// Runs `body` for pieces of `n` of at most `size`: their start and length.
pub fn pieces<'m, 'c: 'a, 'a>(
    cx: &mut Cx<'m, 'c, 'a>, n: V<'c, 'a>, size: i64, start: &[V<'c, 'a>], body: &mut dyn FnMut(&mut Cx<'m, 'c, 'a>, V<'c, 'a>, V<'c, 'a>, Vs<'c, 'a>) -> Res<Vs<'c, 'a>>,
) -> Res<Vs<'c, 'a>> {
    let size = cx.b.i64(size);
    pieces_of_size(cx, n, size, start, body)
}

/// The same with a size that is not 0 and that is known when the program runs.
pub fn pieces_of_size<'m, 'c: 'a, 'a>(
    cx: &mut Cx<'m, 'c, 'a>, n: V<'c, 'a>, size: V<'c, 'a>, start: &[V<'c, 'a>],
    body: &mut dyn FnMut(&mut Cx<'m, 'c, 'a>, V<'c, 'a>, V<'c, 'a>, Vs<'c, 'a>) -> Res<Vs<'c, 'a>>,
) -> Res<Vs<'c, 'a>> {
    let one = cx.b.i64(1);
    let less = cx.b.sub(size, one);
    let count = pieces_of(cx, n, size, less);
    count_loop(cx, count, start, &mut |cx, i, carried| {
        let first = cx.b.mul_nsw(i, size);
        let rest = cx.b.sub_nsw(n, first);
        let length = cx.b.smin(rest, size);
        body(cx, first, length, carried)
    })
}

fn pieces_of<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, n: V<'c, 'a>, size: V<'c, 'a>, less: V<'c, 'a>) -> V<'c, 'a> {
    let up = cx.b.add_nsw(n, less);
    let op = melior::dialect::arith::divui(up, size, cx.b.loc);
    cx.b.value(op)
}

/// Runs `body` for every index of these axes, the last one fastest.
pub fn nest<'m, 'c: 'a, 'a>(
    cx: &mut Cx<'m, 'c, 'a>, shape: &[V<'c, 'a>], prefix: &mut Vec<V<'c, 'a>>, start: &[V<'c, 'a>],
    body: &mut dyn FnMut(&mut Cx<'m, 'c, 'a>, &[V<'c, 'a>], Vs<'c, 'a>) -> Res<Vs<'c, 'a>>,
) -> Res<Vs<'c, 'a>> {
    let Some((n, rest)) = shape.split_first() else { return body(cx, prefix, start.into()) };
    count_loop(cx, *n, start, &mut |cx, i, carried| {
        prefix.push(i);
        let out = nest(cx, rest, prefix, &carried, body);
        prefix.pop();
        out
    })
}

/// The number of elements.
pub fn size<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, shape: &[V<'c, 'a>]) -> V<'c, 'a> {
    let mut n = cx.b.i64(1);
    for d in shape {
        n = cx.b.mul_nsw(n, *d);
    }
    n
}

/// Runs `body` with the address of every element. Contiguous memory is one loop in the order of memory, unless `c_order` asks for the order of indices.
pub fn each_element<'m, 'c: 'a, 'a>(
    cx: &mut Cx<'m, 'c, 'a>, array: &Arr<'c, 'a>, c_order: bool, start: &[V<'c, 'a>],
    body: &mut dyn FnMut(&mut Cx<'m, 'c, 'a>, V<'c, 'a>, Vs<'c, 'a>) -> Res<Vs<'c, 'a>>,
) -> Res<Vs<'c, 'a>> {
    let contiguous = array.ty.layout == Layout::C || (array.ty.layout == Layout::F && !c_order);
    if contiguous && array.ty.rank > 0 {
        let n = size(cx, &array.shape);
        let element = items::element_type(cx, array.ty.dtype);
        return count_loop(cx, n, start, &mut |cx, i, carried| {
            let address = cx.b.at(array.data, i, element);
            body(cx, address, carried)
        });
    }
    nest(cx, &array.shape, &mut vec![], start, &mut |cx, index, carried| {
        let address = items::address(cx, array, index);
        body(cx, address, carried)
    })
}
