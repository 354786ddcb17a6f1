//! `array.map_into`: what a function makes of the elements of its operands, written to an array that is there already.
//!
//! The result is as if all elements had been made before the first is written. Where an operand shares memory with the target, and not each element with the one that is made of it,
//! the elements go to other memory first: all of them, or blocks of rows where that is enough; that is found out when the program runs.
use super::{Function, Operand, Space, blocks::{self, Blocks}, either, map, space::operands};
use crate::conversion::py_to_std::{build::{V, Vs}, cx::{Cx, Res}, flatten::Arr};
use super::super::{assign, nest};
use melior::{dialect::{arith::CmpiPredicate, ods}, ir::OperationRef};
use numbra_dialects::py::Layout;

/// Path of the op.
pub const ARRAY_MAP_INTO: &str = "array.map_into";

/// `py.builtin "array.map_into"`
pub fn map_into<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, op: OperationRef<'c, 'a>) -> Res<()> {
    let target = cx.operand(op, 0)?;
    let target = cx.array(target)?;
    let operands = operands(cx, op, 1)?;
    let function = Function::of(cx, op, &operands)?;
    let mut space = Space::new(cx, operands, Some(&target.shape));
    let out = padded(cx, &target, space.rank());
    space.write_to(out.clone());
    let shared = shared(cx, &space, &out);
    match shared.meets {
        None => map::store(cx, &space, &function, false)?,
        // Where the target is an operand too, the optimiser has to see that each element is read before it is written: a loop of its own.
        Some(meets) if space.arrays().any(|a| is_target(a, &out)) => {
            let mut apart = space.clone();
            either(cx, meets, |cx| {
                if let Some(blocks) = &shared.blocks {
                    let apart = cx.b.bool(false);
                    blocks::store(cx, &space, &function, &target, apart, blocks)?;
                    return Ok(Vs::new());
                }
                let copy = map::allocate(cx, target.ty, &target.shape);
                space.out = Some(padded(cx, &copy, space.rank()));
                map::store(cx, &space, &function, false)?;
                assign::copy_into(cx, &target, &copy)?;
                cx.runtime("nb_free", &[copy.owner]);
                Ok(Vs::new())
            }, |cx| {
                apart.out = Some(out.clone());
                map::store(cx, &apart, &function, false)?;
                Ok(Vs::new())
            })?;
        }
        Some(meets) => {
            // One loop writes to either place.
            let apart = cx.b.not(meets);
            if let Some(blocks) = &shared.blocks {
                blocks::store(cx, &space, &function, &target, apart, blocks)?;
                return give(cx, op, &target);
            }
            let none = cx.b.zero(cx.b.t.ptr);
            let place = either(cx, apart, |_| Ok([none, target.data].into_iter().chain(target.strides.iter().copied()).collect()), |cx| {
                let copy = map::allocate(cx, target.ty, &target.shape);
                Ok([copy.owner, copy.data].into_iter().chain(copy.strides).collect())
            })?;
            let written = Arr { owner: place[0], data: place[1], strides: place[2..].into(), ..target.clone() };
            let mut out = padded(cx, &written, space.rank());
            if let (Some(last), Some(own)) = (out.strides.last_mut(), target.strides.last()) && cx.b.known(*own) == Some(target.ty.dtype.size() as i64) {
                *last = *own;
            }
            space.out = Some(out);
            map::store(cx, &space, &function, false)?;
            either(cx, apart, |_| Ok(Vs::new()), |cx| {
                assign::copy_into(cx, &target, &written)?;
                cx.runtime("nb_free", &[written.owner]);
                Ok(Vs::new())
            })?;
        }
    }
    give(cx, op, &target)
}

fn give<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, op: OperationRef<'c, 'a>, target: &Arr<'c, 'a>) -> Res<()> {
    if op.result(0).is_ok() { cx.set_result(op, target.values()) } else { Ok(()) }
}

/// The array with axes of one element in front, until it has so many.
pub fn padded<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, array: &Arr<'c, 'a>, rank: usize) -> Arr<'c, 'a> {
    let mut array = array.clone();
    let (one, item) = (cx.b.i64(1), cx.b.i64(array.ty.dtype.size() as i64));
    let unit = match array.ty.layout {
        Layout::C => array.strides.len().checked_sub(1),
        Layout::F if !array.strides.is_empty() => Some(0),
        _ => None,
    };
    if let Some(axis) = unit {
        array.strides[axis] = item;
    }
    while array.shape.len() < rank {
        array.shape.insert(0, one);
        array.strides.insert(0, item);
    }
    array
}

// Whether an operand is the output, element by element.
fn is_target<'c, 'a>(array: &Arr<'c, 'a>, out: &Arr<'c, 'a>) -> bool {
    array.data == out.data && array.strides == out.strides && array.ty.dtype.size() == out.ty.dtype.size()
}

/// How operands share memory with the output.
struct Shared<'c, 'a> {
    /// Whether one does in another way than element by element; nothing where that cannot be
    meets: Option<V<'c, 'a>>,
    /// How the output can be written in blocks then
    blocks: Option<Blocks<'c, 'a>>,
}

fn shared<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, space: &Space<'c, 'a>, out: &Arr<'c, 'a>) -> Shared<'c, 'a> {
    let mut any: Option<V> = None;
    let mut reached: Option<(V, V)> = None;
    let mut blocks: Option<Blocks> = None;
    for operand in &space.operands {
        let Operand::Array(array) = operand else { continue };
        if is_target(array, out) {
            continue;
        }
        let (low, high) = match reached {
            Some(known) => known,
            None => {
                blocks = Blocks::new(cx, space, out);
                *reached.insert(reach(cx, out, &space.shape))
            }
        };
        let (first, end) = reach(cx, array, &space.shape);
        let (before, behind) = (cx.b.cmp(CmpiPredicate::Ult, low, end), cx.b.cmp(CmpiPredicate::Ult, first, high));
        let mut meet = cx.b.and(before, behind);
        if array.ty.dtype.size() == out.ty.dtype.size() {
            let (p, q) = (address(cx, array.data), address(cx, out.data));
            let mut same = cx.b.eq(p, q);
            for (a, b) in array.strides.iter().zip(&out.strides) {
                if a != b {
                    let equal = cx.b.eq(*a, *b);
                    same = cx.b.and(same, equal);
                }
            }
            let other = cx.b.not(same);
            meet = cx.b.and(meet, other);
        }
        if let Some(blocks) = &mut blocks {
            blocks.read(cx, space, out, array, meet);
        }
        any = Some(any.map_or(meet, |a| cx.b.or(a, meet)));
    }
    // Nothing is written where there are no elements.
    let meets = any.map(|any| {
        let (n, zero) = (nest::size(cx, &space.shape), cx.b.i64(0));
        let some = cx.b.cmp(CmpiPredicate::Ne, n, zero);
        cx.b.and(any, some)
    });
    Shared { meets, blocks }
}

/// Where memory is, as a number.
pub fn address<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, p: V<'c, 'a>) -> V<'c, 'a> {
    let op = ods::llvm::ptrtoint(cx.b.context, cx.b.t.i64, p, cx.b.loc);
    cx.b.value(op)
}

// The lowest address of an array that has elements, and the one behind the highest.
fn reach<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, array: &Arr<'c, 'a>, shape: &[V<'c, 'a>]) -> (V<'c, 'a>, V<'c, 'a>) {
    let start = address(cx, array.data);
    let (low, high) = extent(cx, array, shape, 0);
    (cx.b.add(start, low), cx.b.add(start, high))
}

/// How far elements lie before and behind the first one on all axes from one on, up to the end of the last one: in bytes.
pub fn extent<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, array: &Arr<'c, 'a>, shape: &[V<'c, 'a>], axis: usize) -> (V<'c, 'a>, V<'c, 'a>) {
    let (zero, one) = (cx.b.i64(0), cx.b.i64(1));
    let (mut low, mut high) = (zero, cx.b.i64(array.ty.dtype.size() as i64));
    for (n, stride) in shape.iter().zip(&array.strides).skip(axis) {
        let last = cx.b.sub(*n, one);
        let way = cx.b.mul(last, *stride);
        let (down, up) = (cx.b.smin(way, zero), cx.b.smax(way, zero));
        low = cx.b.add(low, down);
        high = cx.b.add(high, up);
    }
    (low, high)
}
