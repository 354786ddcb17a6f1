//! New arrays: `numpy.empty`, `zeros`, `ones`, `full`, `arange`, copies. Sizes are computed with overflow checks, strides as NumPy has them for empty arrays too.
use super::{assign, items::{self, store_element}, nest};
use super::super::{build::{V, Vs}, builtins::{Call, Table}, container::iterate, cx::{Cx, Res}, flatten::Arr};
use melior::{dialect::{arith::{self, CmpfPredicate}, llvm}, ir::ValueLike};
use numbra_abi::{DType, ExceptionKind, symbols::DATA_OFFSET};
use numbra_dialects::py::{ArrayTy, Layout, Ty};
use smallvec::smallvec;

/// The table of this family.
pub const BUILTINS: Table = &[
    ("numpy.empty", create), ("numpy.zeros", create), ("numpy.ones", create), ("numpy.full", create), ("numpy.arange", arange), ("array.copy", copy),
    ("array.fill", fill),
];

/// Lengths from here on are no 64-bit integers.
const LENGTH_LIMIT: f64 = 9_223_372_036_854_775_808.0;

/// A new array in C order. Raises ValueError for a negative length, MemoryError when it is too large.
pub fn allocate<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, d: DType, shape: &[V<'c, 'a>], zeroed: bool) -> Arr<'c, 'a> {
    let (zero, one, item) = (cx.b.i64(0), cx.b.i64(1), cx.b.i64(d.size() as i64));
    for n in shape.iter().filter(|n| cx.b.known(**n).is_none_or(|k| k < 0)).copied().collect::<Vec<_>>() {
        let negative = cx.b.slt(n, zero);
        cx.raise_if(negative, ExceptionKind::ValueError, "negative dimensions are not allowed");
    }
    let pair = llvm::r#type::r#struct(cx.b.context, &[cx.b.t.i64, cx.b.t.i1], false);
    let (mut bytes, mut overflow) = (item, cx.b.bool(false));
    let mut strides: Vs = smallvec![item; shape.len()];
    let mut stride = item;
    for (axis, n) in shape.iter().enumerate().rev() {
        strides[axis] = stride;
        if axis > 0 {
            let at_least_one = if cx.b.known(*n).is_some_and(|k| k > 0) { *n } else { cx.b.smax(*n, one) };
            stride = cx.b.mul(stride, at_least_one);
        }
        if let (Some(a), Some(b)) = (cx.b.known(bytes), cx.b.known(*n)) {
            if let Some(product) = a.checked_mul(b) {
                bytes = cx.b.i64(product);
                continue;
            }
        }
        let both = cx.b.intrinsic("llvm.smul.with.overflow", &[bytes, *n], pair);
        bytes = cx.b.extract(both, 0, cx.b.t.i64);
        let over = cx.b.extract(both, 1, cx.b.t.i1);
        overflow = if cx.b.known(overflow) == Some(0) { over } else { cx.b.or(overflow, over) };
    }
    cx.raise_if(overflow, ExceptionKind::ValueError, "array is too big; `arr.size * arr.dtype.itemsize` is larger than the maximum possible size.");
    let flag = cx.b.int(cx.b.t.i32, i64::from(zeroed));
    let owner = cx.runtime_value("nb_alloc", &[bytes, flag]);
    let null = cx.b.zero(cx.b.t.ptr);
    let (context, loc) = (cx.b.context, cx.b.loc);
    let failed = cx.b.value(melior::dialect::ods::llvm::icmp(context, cx.b.t.i1, null, owner, cx.b.int_attribute(cx.b.t.i64, 0), loc));
    cx.raise_if(failed, ExceptionKind::MemoryError, "cannot allocate an array of this size");
    let start = cx.b.i64(DATA_OFFSET as i64);
    let data = cx.b.offset(owner, start);
    Arr { ty: ArrayTy::new(d, shape.len(), Layout::C), owner, data, shape: shape.into(), strides }
}

fn result_dtype<'c, 'a>(cx: &Cx<'_, 'c, 'a>, call: &Call<'c, 'a>) -> Res<DType> {
    match &call.result {
        Ty::Array(a) if a.layout == Layout::C => Ok(a.dtype),
        other => cx.invalid(format!("{} gives {other}", call.path)),
    }
}

fn create<'c, 'a>(cx: &mut Cx<'_, 'c, 'a>, call: &Call<'c, 'a>) -> Res<Vs<'c, 'a>> {
    let d = result_dtype(cx, call)?;
    let shape = call.get(cx, 0)?;
    let array = allocate(cx, d, &shape, call.name() == "zeros");
    match call.name() {
        "ones" => {
            let t = cx.b.t.scalar(d);
            let one = cx.b.number(t, 1);
            let value: Vs = if d.is_complex() { smallvec![one, cx.b.number(t, 0)] } else { smallvec![one] };
            assign::fill(cx, &array, &value)?;
        }
        "full" => {
            let value = call.get(cx, 1)?;
            assign::fill(cx, &array, &value)?;
        }
        _ => {}
    }
    Ok(array.values())
}

fn arange<'c, 'a>(cx: &mut Cx<'_, 'c, 'a>, call: &Call<'c, 'a>) -> Res<Vs<'c, 'a>> {
    let d = result_dtype(cx, call)?;
    let (start, stop, step) = (call.get(cx, 0)?[0], call.get(cx, 1)?[0], call.get(cx, 2)?[0]);
    let t = cx.b.t.scalar(d);
    let zero = cx.b.number(t, 0);
    let is_zero = if d.is_float() { cx.b.fcmp(CmpfPredicate::Oeq, step, zero) } else { cx.b.eq(step, zero) };
    cx.raise_if(is_zero, ExceptionKind::ZeroDivisionError, if d.is_float() { "float division by zero" } else { "division by zero" });
    let n = if d.is_float() {
        float_length(cx, start, stop, step)
    } else {
        iterate::range_length(cx, d, &[start, stop, step])
    };
    let array = allocate(cx, d, &[n], false);
    // NumPy steps by the difference of the first two elements, if there are two: it may be infinite.
    let delta = if d.is_float() {
        let second = cx.b.fadd(start, step);
        let delta = cx.b.fsub(second, start);
        let one = cx.b.i64(1);
        let several = cx.b.slt(one, n);
        cx.b.select(several, delta, zero)
    } else {
        step
    };
    let element = items::element_type(cx, d);
    nest::count_loop(cx, n, &[], &mut |cx, i, carried| {
        let (loc, address) = (cx.b.loc, cx.b.at(array.data, i, element));
        let value = if d.is_float() {
            let x = cx.b.value(arith::sitofp(i, t, loc));
            let offset = cx.b.fmul(x, delta);
            cx.b.fadd(start, offset)
        } else {
            let i = cx.b.resize(i, t, true);
            let offset = cx.b.mul(i, delta);
            cx.b.add(start, offset)
        };
        store_element(cx, d, &[value], address);
        Ok(carried)
    })?;
    Ok(array.values())
}

/// How many elements `arange` of floats has.
fn float_length<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, start: V<'c, 'a>, stop: V<'c, 'a>, step: V<'c, 'a>) -> V<'c, 'a> {
    let t = start.r#type();
    let (zero, one) = (cx.b.number(t, 0), cx.b.number(t, 1));
    let distance = cx.b.fsub(stop, start);
    let steps = cx.b.fdiv(distance, step);
    let up = cx.b.intrinsic("llvm.ceil", &[steps], t);
    let undefined = cx.b.fcmp(CmpfPredicate::Uno, up, up);
    cx.raise_if(undefined, ExceptionKind::ValueError, "arange: cannot compute length");
    let size = cx.b.intrinsic("llvm.fabs", &[up], t);
    let limit = cx.b.float(t, LENGTH_LIMIT);
    let beyond = cx.b.fcmp(CmpfPredicate::Oge, size, limit);
    cx.raise_if(beyond, ExceptionKind::ValueError, "Maximum allowed size exceeded");
    // A step so long that its quotient vanishes still leads past the first element, if it has the right direction.
    let vanishes = cx.b.fcmp(CmpfPredicate::Oeq, steps, zero);
    let some = cx.b.fcmp(CmpfPredicate::One, distance, zero);
    let direction = cx.b.intrinsic("llvm.copysign", &[one, steps], t);
    let forward = cx.b.fcmp(CmpfPredicate::Ogt, direction, zero);
    let only = cx.b.and(vanishes, some);
    let only = cx.b.and(only, forward);
    let up = cx.b.select(only, one, up);
    let n = cx.b.intrinsic("llvm.fptosi.sat", &[up], cx.b.t.i64);
    let none = cx.b.i64(0);
    cx.b.smax(n, none)
}

fn copy<'c, 'a>(cx: &mut Cx<'_, 'c, 'a>, call: &Call<'c, 'a>) -> Res<Vs<'c, 'a>> {
    let source = cx.array(call.arguments[0])?;
    let array = allocate(cx, source.ty.dtype, &source.shape, false);
    assign::copy_into(cx, &array, &source)?;
    Ok(array.values())
}

fn fill<'c, 'a>(cx: &mut Cx<'_, 'c, 'a>, call: &Call<'c, 'a>) -> Res<Vs<'c, 'a>> {
    let array = cx.array(call.arguments[0])?;
    let value = call.get(cx, 1)?;
    if !array.ty.dtype.is_record() && value.first().is_some_and(|v| v.r#type() != cx.b.t.scalar(array.ty.dtype)) {
        return cx.invalid("fill with a value of another type");
    }
    assign::fill(cx, &array, &value)?;
    Ok(Vs::new())
}
