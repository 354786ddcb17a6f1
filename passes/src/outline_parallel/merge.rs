//! Copies of arrays that all iterations update: one array holds those of all parts, with an axis for the parts in front.
//!
//! ```text
//! %parts = py.builtin "threads.parts"(%n, %bytes)           in the body: %mine = py.getitem %copies[%part]
//! %copies = py.builtin "numpy.empty"(%parts, shape...)                   py.builtin "array.fill"(%mine, neutral element)
//! parallel.for(...)
//! py.builtin "parallel.merge"(%array, %copies) {callee = @f.merge.0.0}
//! ```
//! The memory of the copies belongs to the function that starts the loop, so that exceptions need no care. An array in Fortran order has copies that are transposed.
use super::{PARALLEL_MERGE, Res, arrays::ArrayReduction, at::At, carried::{Combine, Reduction}};
use crate::functions::{arguments, derived};
use melior::{
    Context,
    ir::{Attribute, Block, Location, Operation, OperationRef, Region, RegionLike, Type, Value, ValueLike, attribute::{FlatSymbolRefAttribute, StringAttribute}, operation::OperationMutLike},
};
use numbra_dialects::py::{ArrayTy, Layout, Ty, ods::py as ods};

/// How many parts the iterations are run in, as copies of these arrays have to be made for each.
pub fn parts<'c: 'a, 'a>(at: &At<'c, 'a>, n: Value<'c, 'a>, arrays: &[Value<'c, 'a>]) -> Res<Value<'c, 'a>> {
    let integer = Ty::INT.to_mlir(at.context);
    let mut bytes = at.int(0)?;
    for array in arrays {
        let own = at.value(ods::getattr(at.context, integer, *array, StringAttribute::new(at.context, "nbytes"), at.loc))?;
        bytes = at.binary(numbra_dialects::py::BinaryKind::Add, bytes, own)?;
    }
    at.builtin("threads.parts", &[n, bytes], integer)
}

/// The copies of an array for so many parts.
pub fn copies<'c: 'a, 'a>(at: &At<'c, 'a>, array: &ArrayReduction<'c, 'a>, value: Value<'c, 'a>, parts: Value<'c, 'a>) -> Res<Value<'c, 'a>> {
    let integer = Ty::INT.to_mlir(at.context);
    let tuple = Ty::tuple(vec![Ty::INT; array.ty.rank]).to_mlir(at.context);
    let shape = at.value(ods::getattr(at.context, tuple, value, StringAttribute::new(at.context, "shape"), at.loc))?;
    let mut lengths = vec![];
    for axis in 0..array.ty.rank {
        let index = at.int(axis as i64)?;
        lengths.push(at.value(ods::getitem(at.context, integer, shape, index, at.loc))?);
    }
    if array.ty.layout == Layout::F {
        lengths.reverse();
    }
    lengths.insert(0, parts);
    let all = Ty::tuple(vec![Ty::INT; lengths.len()]).to_mlir(at.context);
    let shape = at.tuple(&lengths, all)?;
    let ty = Ty::Array(ArrayTy::new(array.ty.dtype, array.ty.rank + 1, Layout::C));
    at.builtin("numpy.empty", &[shape], ty.to_mlir(at.context))
}

/// The copy of a part, as it is before the first iteration. `before` is the array itself.
pub fn own_copy<'c: 'a, 'a>(at: &At<'c, 'a>, array: &ArrayReduction<'c, 'a>, copies: Value<'c, 'a>, part: Value<'c, 'a>, before: Value<'c, 'a>) -> Res<Value<'c, 'a>> {
    let ArrayTy { dtype, rank, layout, .. } = array.ty;
    let with = |layout| Ty::Array(ArrayTy::new(dtype, rank, layout)).to_mlir(at.context);
    let row = at.value(ods::getitem(at.context, with(Layout::C), copies, part, at.loc))?;
    let own = match layout {
        Layout::C => row,
        // In memory the first axis of a row is the last one of the array.
        Layout::F => at.value(ods::getattr(at.context, with(Layout::F), row, StringAttribute::new(at.context, "T"), at.loc))?,
        Layout::A => at.value(ods::cast(at.context, with(Layout::A), row, at.loc))?,
    };
    match array.reduction {
        Reduction::Binary(_, n) => {
            let neutral = at.neutral(n, Ty::Scalar(dtype).to_mlir(at.context))?;
            at.builtin("array.fill", &[row, neutral], Ty::None.to_mlir(at.context))?;
        }
        Reduction::Idempotent(_) => {
            let everything = at.value(ods::ellipsis(at.context, Ty::Ellipsis.to_mlir(at.context), at.loc))?;
            at.add(ods::setitem(at.context, own, everything, before, at.loc).into());
        }
    }
    Ok(own)
}

/// Puts the copies to the array, in order. The function of two elements that it needs is given back.
pub fn merge<'c: 'a, 'a>(at: &At<'c, 'a>, from: OperationRef<'c, 'a>, array: &ArrayReduction<'c, 'a>, value: Value<'c, 'a>, copies: Value<'c, 'a>, symbol: &str) -> Res<Operation<'c>> {
    let context = at.context;
    let mut op: Operation = ods::builtin(context, Ty::None.to_mlir(context), &[value, copies], StringAttribute::new(context, PARALLEL_MERGE), at.loc).into();
    op.set_attribute("callee", FlatSymbolRefAttribute::new(context, symbol).into());
    at.value(op)?;
    let element = Ty::Scalar(array.ty.dtype).to_mlir(context);
    let body = function_of_two(context, array.reduction, element, at.loc)?;
    let mut function = derived(context, from, symbol, &[element, element], element, body, at.loc);
    function.set_attribute("sym_visibility", Attribute::from(StringAttribute::new(context, "private")));
    Ok(function)
}

fn function_of_two<'c>(context: &'c Context, reduction: Reduction, element: Type<'c>, loc: Location<'c>) -> Res<Region<'c>> {
    let region = Region::new();
    {
        let block = region.append_block(Block::new(&[(element, loc), (element, loc)]));
        let at = At { context, block, loc };
        let [a, b] = arguments::<Vec<_>>(block)[..] else { return Ok(Region::new()) };
        let both = combined(&at, reduction, a, b)?;
        at.add(ods::r#return(context, both, loc).into());
    }
    Ok(region)
}

/// What two parts make together.
pub fn combined<'c: 'a, 'a>(at: &At<'c, 'a>, reduction: Reduction, a: Value<'c, 'a>, b: Value<'c, 'a>) -> Res<Value<'c, 'a>> {
    match reduction {
        Reduction::Binary(kind, _) | Reduction::Idempotent(Combine::Binary(kind)) => at.binary(kind, a, b),
        Reduction::Idempotent(Combine::Builtin(path)) => at.builtin(path, &[a, b], a.r#type()),
    }
}
