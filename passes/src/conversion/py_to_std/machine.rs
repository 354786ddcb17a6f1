//! `machine.*`: one op of the machine each, as intrinsics of programs ask for them. Nothing is checked, as in C.
use super::{build::{V, Vs}, builtins::{Call, Table}, cx::{Cx, Res}};
use melior::{
    dialect::{arith::{self, CmpfPredicate, CmpiPredicate}, ods},
    ir::{Location, Operation, Value, ValueLike},
};
use numbra_abi::DType;
use numbra_dialects::py::Ty;
use smallvec::smallvec;

/// The table of this family.
pub const BUILTINS: Table = &[
    ("machine.add", |cx, call| binary(cx, call, arith::addi)),
    ("machine.and", |cx, call| binary(cx, call, arith::andi)),
    ("machine.ashr", |cx, call| binary(cx, call, arith::shrsi)),
    ("machine.bitcast", |cx, call| conversion(cx, call, arith::bitcast)),
    ("machine.bitreverse", |cx, call| intrinsic(cx, call, None)),
    ("machine.bswap", |cx, call| intrinsic(cx, call, None)),
    ("machine.call", function),
    ("machine.ctlz", |cx, call| intrinsic(cx, call, Some(false))),
    ("machine.ctpop", |cx, call| intrinsic(cx, call, None)),
    ("machine.cttz", |cx, call| intrinsic(cx, call, Some(false))),
    ("machine.fadd", |cx, call| float(cx, call, arith::addf)),
    ("machine.fcmp_oeq", |cx, call| fcmp(cx, call, CmpfPredicate::Oeq)),
    ("machine.fcmp_oge", |cx, call| fcmp(cx, call, CmpfPredicate::Oge)),
    ("machine.fcmp_ogt", |cx, call| fcmp(cx, call, CmpfPredicate::Ogt)),
    ("machine.fcmp_ole", |cx, call| fcmp(cx, call, CmpfPredicate::Ole)),
    ("machine.fcmp_olt", |cx, call| fcmp(cx, call, CmpfPredicate::Olt)),
    ("machine.fcmp_one", |cx, call| fcmp(cx, call, CmpfPredicate::One)),
    ("machine.fcmp_ord", |cx, call| fcmp(cx, call, CmpfPredicate::Ord)),
    ("machine.fcmp_ueq", |cx, call| fcmp(cx, call, CmpfPredicate::Ueq)),
    ("machine.fcmp_uge", |cx, call| fcmp(cx, call, CmpfPredicate::Uge)),
    ("machine.fcmp_ugt", |cx, call| fcmp(cx, call, CmpfPredicate::Ugt)),
    ("machine.fcmp_ule", |cx, call| fcmp(cx, call, CmpfPredicate::Ule)),
    ("machine.fcmp_ult", |cx, call| fcmp(cx, call, CmpfPredicate::Ult)),
    ("machine.fcmp_une", |cx, call| fcmp(cx, call, CmpfPredicate::Une)),
    ("machine.fcmp_uno", |cx, call| fcmp(cx, call, CmpfPredicate::Uno)),
    ("machine.fdiv", |cx, call| float(cx, call, arith::divf)),
    ("machine.fma", |cx, call| intrinsic(cx, call, None)),
    ("machine.fmul", |cx, call| float(cx, call, arith::mulf)),
    ("machine.fneg", fneg),
    ("machine.fpext", |cx, call| conversion(cx, call, arith::extf)),
    ("machine.fptosi", |cx, call| conversion(cx, call, arith::fptosi)),
    ("machine.fptoui", |cx, call| conversion(cx, call, arith::fptoui)),
    ("machine.fptrunc", |cx, call| conversion(cx, call, arith::truncf)),
    ("machine.frem", |cx, call| float(cx, call, arith::remf)),
    ("machine.fsub", |cx, call| float(cx, call, arith::subf)),
    ("machine.icmp_eq", |cx, call| icmp(cx, call, CmpiPredicate::Eq)),
    ("machine.icmp_ne", |cx, call| icmp(cx, call, CmpiPredicate::Ne)),
    ("machine.icmp_sge", |cx, call| icmp(cx, call, CmpiPredicate::Sge)),
    ("machine.icmp_sgt", |cx, call| icmp(cx, call, CmpiPredicate::Sgt)),
    ("machine.icmp_sle", |cx, call| icmp(cx, call, CmpiPredicate::Sle)),
    ("machine.icmp_slt", |cx, call| icmp(cx, call, CmpiPredicate::Slt)),
    ("machine.icmp_uge", |cx, call| icmp(cx, call, CmpiPredicate::Uge)),
    ("machine.icmp_ugt", |cx, call| icmp(cx, call, CmpiPredicate::Ugt)),
    ("machine.icmp_ule", |cx, call| icmp(cx, call, CmpiPredicate::Ule)),
    ("machine.icmp_ult", |cx, call| icmp(cx, call, CmpiPredicate::Ult)),
    ("machine.load", load),
    ("machine.lshr", |cx, call| binary(cx, call, arith::shrui)),
    ("machine.mul", |cx, call| binary(cx, call, arith::muli)),
    ("machine.or", |cx, call| binary(cx, call, arith::ori)),
    ("machine.sdiv", |cx, call| binary(cx, call, arith::divsi)),
    ("machine.select", select),
    ("machine.sext", |cx, call| conversion(cx, call, arith::extsi)),
    ("machine.shl", |cx, call| binary(cx, call, arith::shli)),
    ("machine.sitofp", |cx, call| conversion(cx, call, arith::sitofp)),
    ("machine.srem", |cx, call| binary(cx, call, arith::remsi)),
    ("machine.store", store),
    ("machine.sub", |cx, call| binary(cx, call, arith::subi)),
    ("machine.trunc", |cx, call| conversion(cx, call, arith::trunci)),
    ("machine.udiv", |cx, call| binary(cx, call, arith::divui)),
    ("machine.uitofp", |cx, call| conversion(cx, call, arith::uitofp)),
    ("machine.urem", |cx, call| binary(cx, call, arith::remui)),
    ("machine.xor", |cx, call| binary(cx, call, arith::xori)),
    ("machine.zext", |cx, call| conversion(cx, call, arith::extui)),
];

/// Builds an op of two operands.
type Binary<'c, 'a> = fn(Value<'c, 'a>, Value<'c, 'a>, Location<'c>) -> Operation<'c>;
/// Builds a conversion.
type Conversion<'c, 'a> = fn(Value<'c, 'a>, melior::ir::Type<'c>, Location<'c>) -> Operation<'c>;

fn one<'c, 'a>(cx: &mut Cx<'_, 'c, 'a>, call: &Call<'c, 'a>, index: usize) -> Res<V<'c, 'a>> {
    match call.get(cx, index)?.first() {
        Some(v) => Ok(*v),
        None => cx.invalid(format!("{}: an operand without a value", call.path)),
    }
}

fn binary<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, call: &Call<'c, 'a>, build: Binary<'c, 'a>) -> Res<Vs<'c, 'a>> {
    let (a, b) = (one(cx, call, 0)?, one(cx, call, 1)?);
    let loc = cx.b.loc;
    Ok(smallvec![cx.b.value(build(a, b, loc))])
}

fn float<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, call: &Call<'c, 'a>, build: Binary<'c, 'a>) -> Res<Vs<'c, 'a>> {
    let (a, b) = (one(cx, call, 0)?, one(cx, call, 1)?);
    let loc = cx.b.loc;
    Ok(smallvec![cx.b.fp(build(a, b, loc))])
}

fn fneg<'c, 'a>(cx: &mut Cx<'_, 'c, 'a>, call: &Call<'c, 'a>) -> Res<Vs<'c, 'a>> {
    let a = one(cx, call, 0)?;
    Ok(smallvec![cx.b.fneg(a)])
}

fn icmp<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, call: &Call<'c, 'a>, predicate: CmpiPredicate) -> Res<Vs<'c, 'a>> {
    let (a, b) = (one(cx, call, 0)?, one(cx, call, 1)?);
    Ok(smallvec![cx.b.cmp(predicate, a, b)])
}

fn fcmp<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, call: &Call<'c, 'a>, predicate: CmpfPredicate) -> Res<Vs<'c, 'a>> {
    let (a, b) = (one(cx, call, 0)?, one(cx, call, 1)?);
    Ok(smallvec![cx.b.fcmp(predicate, a, b)])
}

fn select<'c, 'a>(cx: &mut Cx<'_, 'c, 'a>, call: &Call<'c, 'a>) -> Res<Vs<'c, 'a>> {
    let (condition, a, b) = (one(cx, call, 0)?, one(cx, call, 1)?, one(cx, call, 2)?);
    Ok(smallvec![cx.b.select(condition, a, b)])
}

fn conversion<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, call: &Call<'c, 'a>, build: Conversion<'c, 'a>) -> Res<Vs<'c, 'a>> {
    let v = one(cx, call, 0)?;
    let t = cx.b.t.scalar(result(cx, call)?);
    let loc = cx.b.loc;
    // Between signed and unsigned integers the bits are the same.
    Ok(smallvec![if v.r#type() == t { v } else { cx.b.value(build(v, t, loc)) }])
}

fn result<'c: 'a, 'a>(cx: &Cx<'_, 'c, 'a>, call: &Call<'c, 'a>) -> Res<DType> {
    match call.result.scalar() {
        Some(d) => Ok(d),
        None => cx.invalid(format!("{} that gives no scalar", call.path)),
    }
}

// An LLVM intrinsic on scalars of one type; some take a bit more, which says whether zero is excluded.
fn intrinsic<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, call: &Call<'c, 'a>, bit: Option<bool>) -> Res<Vs<'c, 'a>> {
    let mut operands = (0..call.arguments.len()).map(|i| one(cx, call, i)).collect::<Res<Vec<_>>>()?;
    let t = operands[0].r#type();
    // A byte has nothing to swap, and LLVM has no op for it.
    if call.name() == "bswap" && t == cx.b.t.i8 {
        return Ok(smallvec![operands[0]]);
    }
    if let Some(bit) = bit {
        operands.push(cx.b.bool(bit));
    }
    Ok(smallvec![cx.b.intrinsic(&format!("llvm.{}", call.name()), &operands, t)])
}

fn pointer<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, address: V<'c, 'a>) -> V<'c, 'a> {
    let (context, loc, ptr) = (cx.b.context, cx.b.loc, cx.b.t.ptr);
    cx.b.value(ods::llvm::inttoptr(context, ptr, address, loc))
}

fn load<'c, 'a>(cx: &mut Cx<'_, 'c, 'a>, call: &Call<'c, 'a>) -> Res<Vs<'c, 'a>> {
    let address = one(cx, call, 0)?;
    let d = result(cx, call)?;
    let address = pointer(cx, address);
    let t = cx.b.t.memory(d);
    let v = cx.b.load(t, address);
    let zero = cx.b.int(cx.b.t.i8, 0);
    Ok(smallvec![if d == DType::Bool { cx.b.cmp(CmpiPredicate::Ne, v, zero) } else { v }])
}

fn store<'c, 'a>(cx: &mut Cx<'_, 'c, 'a>, call: &Call<'c, 'a>) -> Res<Vs<'c, 'a>> {
    let (v, address) = (one(cx, call, 0)?, one(cx, call, 1)?);
    let d = call.dtype(cx, 0)?;
    let address = pointer(cx, address);
    let t = cx.b.t.memory(d);
    let v = if d == DType::Bool { cx.b.resize(v, t, false) } else { v };
    cx.b.store(v, address);
    Ok(smallvec![])
}

// A function of C, by its address.
fn function<'c, 'a>(cx: &mut Cx<'_, 'c, 'a>, call: &Call<'c, 'a>) -> Res<Vs<'c, 'a>> {
    // A bool is a byte for C.
    let mut operands = vec![];
    for i in 1..call.arguments.len() {
        let d = call.dtype(cx, i)?;
        let v = one(cx, call, i)?;
        let t = cx.b.t.memory(d);
        operands.push(if d == DType::Bool { cx.b.resize(v, t, false) } else { v });
    }
    let given = match call.result {
        Ty::None => None,
        _ => Some(result(cx, call)?),
    };
    let result = given.map(|d| cx.b.t.memory(d));
    let address = one(cx, call, 0)?;
    let address = pointer(cx, address);
    let v = cx.b.call_address(address, &operands, result);
    let zero = cx.b.int(cx.b.t.i8, 0);
    Ok(match (v, given) {
        (Some(v), Some(DType::Bool)) => smallvec![cx.b.cmp(CmpiPredicate::Ne, v, zero)],
        (Some(v), _) => smallvec![v],
        (None, _) => smallvec![],
    })
}
