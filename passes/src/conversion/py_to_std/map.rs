//! `array.map`: a new array of what a function makes of each element of its operands, which are broadcast.
//!
//! There are up to three versions of the loops, chosen when the program runs. *Flat*: all arrays have one shape and the layout of the result, so that memory is one row.
//! *Rows*: on the innermost axis all arrays go in steps of an element, or do not move; those that stay are read from a row of another array and the value that was read before
//! the loop is taken instead, so that every load has a fixed stride and the loop becomes vector code. *Strided*: all else.
use super::{
    alloc, build::{V, Vs}, cx::{Cx, Res}, flatten::Arr, function_symbol, items::{element_type, load_element, store_element}, nest,
};
use melior::{dialect::{arith::CmpiPredicate, func}, ir::{OperationRef, Type, Value, attribute::FlatSymbolRefAttribute, operation::OperationLike}};
use numbra_abi::{DType, ExceptionKind};
use numbra_dialects::py::{ArrayTy, Layout, Ty};

/// Path of the library function.
pub const ARRAY_MAP: &str = "array.map";

/// What a function of elements gets.
enum Operand<'c, 'a> {
    /// Elements of an array, whose shape and strides are those of the result: 0 on axes that are broadcast
    Array(Arr<'c, 'a>),
    /// The same each time
    Value(Vs<'c, 'a>),
}

/// The function of elements.
struct Function<'c> {
    callee: FlatSymbolRefAttribute<'c>,
    results: Vec<Type<'c>>,
}

/// `py.builtin "array.map"`
pub fn array_map<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, op: OperationRef<'c, 'a>) -> Res<()> {
    let Some(callee) = function_symbol(op) else { return cx.invalid("map without a function") };
    let Ty::Array(result) = cx.result_ty(op, 0)? else { return cx.invalid("map that gives no array") };
    cx.facts.callees.push(callee.value().to_string());
    let results = super::flatten::flattened(&cx.b.t.clone(), &Ty::Scalar(result.dtype));
    let function = Function { callee, results };
    let mut operands = vec![];
    for v in op.operands().collect::<Vec<Value>>() {
        operands.push(match cx.ty(v)? {
            Ty::Array(_) => Operand::Array(cx.array(v)?),
            _ => Operand::Value(cx.get(v)?),
        });
    }
    let flat = arrays(&operands).all(|a| a.ty.rank == result.rank && a.ty.layout == result.layout);
    let shape = broadcast(cx, &mut operands, result.rank)?;
    let out = allocate(cx, result, &shape.lengths);
    if !flat {
        rows_or_strided(cx, &function, &operands, &out)?;
        return cx.set_result(op, out.values());
    }
    match shape.is_one {
        None => self::flat(cx, &function, &operands, &out)?,
        Some(condition) => either(cx, condition, |cx| self::flat(cx, &function, &operands, &out), |cx| rows_or_strided(cx, &function, &operands, &out))?,
    }
    cx.set_result(op, out.values())
}

fn arrays<'k, 'c, 'a>(operands: &'k [Operand<'c, 'a>]) -> impl Iterator<Item = &'k Arr<'c, 'a>> {
    operands.iter().filter_map(|o| match o {
        Operand::Array(a) => Some(a),
        Operand::Value(_) => None,
    })
}

// Code for both sides of a condition.
fn either<'m, 'c: 'a, 'a>(cx: &mut Cx<'m, 'c, 'a>, condition: V<'c, 'a>, yes: impl FnOnce(&mut Cx<'m, 'c, 'a>) -> Res<()>, no: impl FnOnce(&mut Cx<'m, 'c, 'a>) -> Res<()>) -> Res<()> {
    let (then, otherwise, next) = (cx.b.new_block(&[]), cx.b.new_block(&[]), cx.b.new_block(&[]));
    cx.b.likely(condition, (then, &[]), (otherwise, &[]));
    cx.b.block = then;
    yes(cx)?;
    cx.b.br(next, &[]);
    cx.b.block = otherwise;
    no(cx)?;
    cx.b.br(next, &[]);
    cx.b.block = next;
    Ok(())
}

struct Shape<'c, 'a> {
    lengths: Vs<'c, 'a>,
    /// Whether all arrays have this shape; nothing where that is sure
    is_one: Option<V<'c, 'a>>,
}

// The shape to which the operands broadcast; gives them that shape. ValueError where they do not fit.
fn broadcast<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, operands: &mut [Operand<'c, 'a>], rank: usize) -> Res<Shape<'c, 'a>> {
    let (zero, one) = (cx.b.i64(0), cx.b.i64(1));
    let mut lengths: Vec<Option<V>> = vec![None; rank];
    let (mut wrong, mut is_one): (Option<V>, Option<V>) = (None, None);
    for array in arrays(operands) {
        for (axis, n) in array.shape.iter().enumerate() {
            let at = axis + rank - array.ty.rank;
            let Some(m) = lengths[at].filter(|m| m != n) else {
                lengths[at].get_or_insert(*n);
                continue;
            };
            let (same, m_single, n_single) = (cx.b.eq(m, *n), cx.b.eq(m, one), cx.b.eq(*n, one));
            let some_single = cx.b.or(m_single, n_single);
            let fits = cx.b.or(same, some_single);
            let misfit = cx.b.not(fits);
            wrong = Some(wrong.map_or(misfit, |w| cx.b.or(w, misfit)));
            is_one = Some(is_one.map_or(same, |s| cx.b.and(s, same)));
            lengths[at] = Some(cx.b.select(m_single, *n, m));
        }
    }
    if let Some(wrong) = wrong {
        cx.raise_if(wrong, ExceptionKind::ValueError, "operands could not be broadcast together");
    }
    let lengths: Vs = lengths.into_iter().map(|n| n.unwrap_or(one)).collect();
    for operand in operands {
        let Operand::Array(array) = operand else { continue };
        let missing = rank - array.ty.rank;
        let mut strides: Vs = std::iter::repeat_n(zero, missing).collect();
        for (axis, (n, stride)) in array.shape.iter().zip(&array.strides).enumerate() {
            let whole = lengths[axis + missing];
            strides.push(if *n == whole {
                *stride
            } else {
                let stays = cx.b.cmp(CmpiPredicate::Ne, *n, whole);
                cx.b.select(stays, zero, *stride)
            });
        }
        (array.shape, array.strides) = (lengths.clone(), strides);
    }
    Ok(Shape { lengths, is_one })
}

fn allocate<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, ty: ArrayTy, shape: &[V<'c, 'a>]) -> Arr<'c, 'a> {
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

// Calls the function with values and stores what it gives.
fn apply<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, function: &Function<'c>, values: &[V<'c, 'a>], d: DType, address: V<'c, 'a>) {
    let loc = cx.b.loc;
    let call = cx.b.push(func::call(cx.b.context, function.callee, values, &function.results, loc));
    let results: Vs = call.results().map(Into::into).collect();
    store_element(cx, d, &results, address);
}

// The arrays and the result as one row of memory.
fn flat<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, function: &Function<'c>, operands: &[Operand<'c, 'a>], out: &Arr<'c, 'a>) -> Res<()> {
    let n = nest::size(cx, &out.shape);
    nest::count_loop(cx, n, &[], &mut |cx, i, carried| {
        let mut values = Vs::new();
        for operand in operands {
            match operand {
                Operand::Array(a) => {
                    let t = element_type(cx, a.ty.dtype);
                    let address = cx.b.at(a.data, i, t);
                    values.extend(load_element(cx, a.ty.dtype, address));
                }
                Operand::Value(v) => values.extend(v.iter().copied()),
            }
        }
        let t = element_type(cx, out.ty.dtype);
        let address = cx.b.at(out.data, i, t);
        apply(cx, function, &values, out.ty.dtype, address);
        Ok(carried)
    })?;
    Ok(())
}

/// How arrays go along the innermost axis.
#[derive(Clone, Copy)]
enum Steps<'c, 'a> {
    /// By an element, or not at all
    Unit { first_moving: V<'c, 'a> },
    /// Any
    Any,
}

fn rows_or_strided<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, function: &Function<'c>, operands: &[Operand<'c, 'a>], out: &Arr<'c, 'a>) -> Res<()> {
    let rank = out.ty.rank;
    // The axis on which the result goes in steps of an element.
    let inner = if out.ty.layout == Layout::F { 0 } else { rank - 1 };
    let size = arrays(operands).next().map_or(0, |a| a.ty.dtype.size());
    if arrays(operands).any(|a| a.ty.dtype.size() != size) {
        return loops(cx, function, operands, out, inner, Steps::Any);
    }
    let (zero, item) = (cx.b.i64(0), cx.b.i64(size as i64));
    let mut fits: Option<V> = None;
    let mut first_moving: Option<V> = None;
    for (k, array) in arrays(operands).enumerate().collect::<Vec<_>>().into_iter().rev() {
        let (moves, stays) = (cx.b.eq(array.strides[inner], item), cx.b.eq(array.strides[inner], zero));
        let one = cx.b.or(moves, stays);
        fits = Some(fits.map_or(one, |f| cx.b.and(f, one)));
        let number = cx.b.i64(k as i64);
        let none = cx.b.i64(-1);
        first_moving = Some(cx.b.select(moves, number, first_moving.unwrap_or(none)));
    }
    let (Some(fits), Some(first_moving)) = (fits, first_moving) else { return Ok(()) };
    let some = cx.b.cmp(CmpiPredicate::Sge, first_moving, zero);
    let condition = cx.b.and(fits, some);
    either(cx, condition, |cx| loops(cx, function, operands, out, inner, Steps::Unit { first_moving }), |cx| loops(cx, function, operands, out, inner, Steps::Any))
}

// Where the row of an array starts, at an index that has all axes but the inner one.
fn row<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, array: &Arr<'c, 'a>, index: &[V<'c, 'a>], inner: usize) -> V<'c, 'a> {
    let mut p = array.data;
    let outer = (0..array.strides.len()).filter(|axis| *axis != inner);
    for (axis, i) in outer.zip(index) {
        let bytes = cx.b.mul_nsw(*i, array.strides[axis]);
        p = cx.b.offset(p, bytes);
    }
    p
}

/// An operand at one row.
enum Row<'c, 'a> {
    /// Start, step in bytes
    Strided(DType, V<'c, 'a>, V<'c, 'a>),
    /// Start, whether the array stays where it is, and the element there
    Unit(DType, V<'c, 'a>, V<'c, 'a>, Vs<'c, 'a>),
    Value(Vs<'c, 'a>),
}

fn loops<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, function: &Function<'c>, operands: &[Operand<'c, 'a>], out: &Arr<'c, 'a>, inner: usize, steps: Steps<'c, 'a>) -> Res<()> {
    // The outer axes in the order of the result's memory.
    let mut outer: Vec<usize> = (0..out.ty.rank).filter(|axis| *axis != inner).collect();
    if inner == 0 {
        outer.reverse();
    }
    let lengths: Vs = outer.iter().map(|axis| out.shape[*axis]).collect();
    nest::nest(cx, &lengths, &mut vec![], &[], &mut |cx, index, carried| {
        let mut index: Vec<V> = index.to_vec();
        if inner == 0 {
            index.reverse();
        }
        let starts: Vs = arrays(operands).map(|a| row(cx, a, &index, inner)).collect();
        let moving = match steps {
            Steps::Unit { first_moving } => {
                let mut p = starts[0];
                for (k, start) in starts.iter().enumerate().skip(1) {
                    let number = cx.b.i64(k as i64);
                    let is_this = cx.b.eq(first_moving, number);
                    p = cx.b.select(is_this, *start, p);
                }
                Some(p)
            }
            Steps::Any => None,
        };
        let mut rows = vec![];
        let mut at = 0;
        for operand in operands {
            rows.push(match operand {
                Operand::Value(v) => Row::Value(v.clone()),
                Operand::Array(a) => {
                    let start = starts[at];
                    at += 1;
                    match moving {
                        None => Row::Strided(a.ty.dtype, start, a.strides[inner]),
                        Some(moving) => {
                            let zero = cx.b.i64(0);
                            let stays = cx.b.eq(a.strides[inner], zero);
                            Row::Unit(a.ty.dtype, cx.b.select(stays, moving, start), stays, Vs::from_slice(&[start]))
                        }
                    }
                }
            });
        }
        let target = row(cx, out, &index, inner);
        one_row(cx, function, rows, target, out.ty.dtype, out.shape[inner])?;
        Ok(carried)
    })?;
    Ok(())
}

fn one_row<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, function: &Function<'c>, mut rows: Vec<Row<'c, 'a>>, target: V<'c, 'a>, d: DType, n: V<'c, 'a>) -> Res<()> {
    // Nothing may be read of rows without elements.
    let (inside, next) = (cx.b.new_block(&[]), cx.b.new_block(&[]));
    let zero = cx.b.i64(0);
    let some = cx.b.slt(zero, n);
    cx.b.cond_br(some, (inside, &[]), (next, &[]));
    cx.b.block = inside;
    for r in &mut rows {
        if let Row::Unit(d, _, _, first) = r {
            *first = load_element(cx, *d, first[0]);
        }
    }
    nest::count_loop(cx, n, &[], &mut |cx, i, carried| {
        let mut values = Vs::new();
        for r in &rows {
            match r {
                Row::Value(v) => values.extend(v.iter().copied()),
                Row::Strided(d, start, stride) => {
                    let bytes = cx.b.mul_nsw(i, *stride);
                    let address = cx.b.offset(*start, bytes);
                    values.extend(load_element(cx, *d, address));
                }
                Row::Unit(d, start, stays, first) => {
                    let t = element_type(cx, *d);
                    let address = cx.b.at(*start, i, t);
                    for (loaded, first) in load_element(cx, *d, address).into_iter().zip(first) {
                        values.push(cx.b.select(*stays, *first, loaded));
                    }
                }
            }
        }
        let t = element_type(cx, d);
        let address = cx.b.at(target, i, t);
        apply(cx, function, &values, d, address);
        Ok(carried)
    })?;
    cx.b.br(next, &[]);
    cx.b.block = next;
    Ok(())
}
