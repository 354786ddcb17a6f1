//! Primitive ops of the machine stage, emitted at a cursor.
//!
//! Every op is built with melior's or the generated builders; this file is what keeps the lowerings of the op families short.
//! Constants live in the function's first block, one of each, so that they dominate everything; so do stack slots.
use super::{array::lengths::Lengths, flags::FastMath};
use crate::functions;
use melior::{
    Context,
    dialect::{arith::{self, CmpfPredicate, CmpiPredicate}, cf, llvm, ods},
    ir::{
        Attribute, Block, BlockLike, BlockRef, Location, Operation, OperationRef, Region, RegionLike, Type, TypeLike, Value, ValueLike,
        attribute::{DenseI32ArrayAttribute, FlatSymbolRefAttribute, FloatAttribute, IntegerAttribute, StringAttribute, TypeAttribute},
        operation::{OperationLike, OperationMutLike, OperationResult}, r#type::IntegerType,
    },
};
use numbra_abi::{DType, dtype::Kind};
use smallvec::SmallVec;
use std::collections::HashMap;

/// A machine value.
pub type V<'c, 'a> = Value<'c, 'a>;
/// The machine values that one Python value is made of.
pub type Vs<'c, 'a> = SmallVec<[Value<'c, 'a>; 4]>;

/// The machine types.
#[derive(Clone, Copy)]
#[allow(missing_docs)]
pub struct Types<'c> {
    pub i1: Type<'c>,
    pub i8: Type<'c>,
    pub i16: Type<'c>,
    pub i32: Type<'c>,
    pub i64: Type<'c>,
    pub i128: Type<'c>,
    pub f32: Type<'c>,
    pub f64: Type<'c>,
    pub ptr: Type<'c>,
}

impl<'c> Types<'c> {
    /// The types of a context.
    pub fn new(context: &'c Context) -> Self {
        let int = |n| IntegerType::new(context, n).into();
        Self {
            i1: int(1), i8: int(8), i16: int(16), i32: int(32), i64: int(64), i128: int(128),
            f32: Type::float32(context), f64: Type::float64(context), ptr: llvm::r#type::pointer(context, 0),
        }
    }

    /// The type of a scalar in registers; of a complex one, of its parts.
    pub fn scalar(&self, dtype: DType) -> Type<'c> {
        match (dtype.part().kind(), dtype.part().bits()) {
            (Kind::Float, 32) => self.f32,
            (Kind::Float, _) => self.f64,
            (_, 1) => self.i1,
            (_, 8) => self.i8,
            (_, 16) => self.i16,
            (_, 32) => self.i32,
            _ => self.i64,
        }
    }

    /// The type of a scalar in memory: a bool is a byte; of a complex one, of its parts.
    pub fn memory(&self, dtype: DType) -> Type<'c> {
        if dtype == DType::Bool { self.i8 } else { self.scalar(dtype) }
    }
}

/// The function under construction, with a cursor.
pub struct Builder<'c, 'a> {
    /// The context
    pub context: &'c Context,
    /// Machine types
    pub t: Types<'c>,
    /// The block at whose end ops are added
    pub block: BlockRef<'c, 'a>,
    /// Location of new ops
    pub loc: Location<'c>,
    /// Flags of float ops
    pub fast: FastMath<'c>,
    region: Region<'c>,
    first: BlockRef<'c, 'a>,
    constants: HashMap<(u64, usize), V<'c, 'a>>,
    known: HashMap<usize, i64>,
    /// Lengths of parts of axes
    pub lengths: Lengths<'c, 'a>,
}

impl<'c: 'a, 'a> Builder<'c, 'a> {
    /// A function body with these parameters; the cursor is in the block that will branch to the code.
    pub fn new(context: &'c Context, parameters: &[Type<'c>], loc: Location<'c>, fast: FastMath<'c>) -> Self {
        let region = Region::new();
        let first = region.append_block(Block::new(&parameters.iter().map(|t| (*t, loc)).collect::<Vec<_>>()));
        Self { context, t: Types::new(context), block: first, loc, fast, region, first, constants: HashMap::new(), known: HashMap::new(), lengths: Lengths::default() }
    }

    /// The finished body.
    pub fn finish(self) -> Region<'c> {
        self.region
    }

    /// The block of the parameters, constants and stack slots.
    pub fn first(&self) -> BlockRef<'c, 'a> {
        self.first
    }

    /// Adds an op.
    pub fn push(&mut self, op: impl Into<Operation<'c>>) -> OperationRef<'c, 'a> {
        self.block.append_operation(op.into())
    }

    /// Adds an op with one result.
    pub fn value(&mut self, op: impl Into<Operation<'c>>) -> V<'c, 'a> {
        first_result(self.block.append_operation(op.into()))
    }

    /// Adds an op in the first block.
    pub fn value_first(&mut self, op: impl Into<Operation<'c>>) -> V<'c, 'a> {
        first_result(self.first.append_operation(op.into()))
    }

    // Constants.

    /// An integer constant.
    pub fn int(&mut self, ty: Type<'c>, value: i64) -> V<'c, 'a> {
        // The bits above the width do not count: one constant per bit pattern.
        let value = match width(ty) {
            1 => value & 1,
            n @ 2..64 => (value << (64 - n)) >> (64 - n),
            _ => value,
        };
        if let Some(v) = self.constants.get(&(value as u64, ty.to_raw().ptr as usize)) {
            return *v;
        }
        // An attribute is made from 64 bits without their sign.
        let v = if value < 0 && width(ty) > 64 {
            let narrow = self.int(self.t.i64, value);
            self.value_first(arith::extsi(narrow, ty, self.loc))
        } else {
            self.value_first(arith::constant(self.context, IntegerAttribute::new(ty, value).into(), self.loc))
        };
        self.constants.insert((value as u64, ty.to_raw().ptr as usize), v);
        self.known.insert(v.to_raw().ptr as usize, value);
        v
    }
    /// An i64 constant.
    pub fn i64(&mut self, value: i64) -> V<'c, 'a> {
        self.int(self.t.i64, value)
    }
    /// An i1 constant.
    pub fn bool(&mut self, value: bool) -> V<'c, 'a> {
        self.int(self.t.i1, i64::from(value))
    }
    /// A float constant of type f32 or f64.
    pub fn float(&mut self, ty: Type<'c>, value: f64) -> V<'c, 'a> {
        if let Some(v) = self.constants.get(&(value.to_bits(), ty.to_raw().ptr as usize)) {
            return *v;
        }
        let v = self.value_first(arith::constant(self.context, FloatAttribute::new(self.context, ty, value).into(), self.loc));
        self.constants.insert((value.to_bits(), ty.to_raw().ptr as usize), v);
        v
    }
    /// A constant of any scalar type, from an integer.
    pub fn number(&mut self, ty: Type<'c>, value: i64) -> V<'c, 'a> {
        if is_float(ty) { self.float(ty, value as f64) } else { self.int(ty, value) }
    }
    /// The value of an integer constant made here.
    pub fn known(&self, v: V<'c, 'a>) -> Option<i64> {
        self.known.get(&(v.to_raw().ptr as usize)).copied()
    }
    /// Whether a value is a constant.
    pub fn is_constant(&self, v: V<'c, 'a>) -> bool {
        constant_op(v).is_some()
    }
    /// A constant of another function in this one.
    pub fn constant_again(&mut self, v: V<'c, 'a>) -> Option<V<'c, 'a>> {
        let op = constant_op(v)?;
        let attribute = op.attribute("value").ok()?;
        Some(if let Ok(n) = IntegerAttribute::try_from(attribute) {
            let value = if width(v.r#type()) == 1 { n.value() & 1 } else { n.value() };
            self.int(v.r#type(), value)
        } else {
            self.value_first((*op).clone())
        })
    }
    /// A value of a type, for places that are never read.
    pub fn zero(&mut self, ty: Type<'c>) -> V<'c, 'a> {
        if ty == self.t.ptr { self.value_first(llvm::zero(ty, self.loc)) } else { self.number(ty, 0) }
    }

    // Integers.

    /// a + b
    pub fn add(&mut self, a: V<'c, 'a>, b: V<'c, 'a>) -> V<'c, 'a> {
        match (self.known(a), self.known(b)) {
            (Some(x), Some(y)) if a.r#type() == self.t.i64 => self.i64(x.wrapping_add(y)),
            (Some(0), _) => b,
            (_, Some(0)) => a,
            _ => self.value(arith::addi(a, b, self.loc)),
        }
    }
    /// a - b
    pub fn sub(&mut self, a: V<'c, 'a>, b: V<'c, 'a>) -> V<'c, 'a> {
        match (self.known(a), self.known(b)) {
            (Some(x), Some(y)) if a.r#type() == self.t.i64 => self.i64(x.wrapping_sub(y)),
            (_, Some(0)) => a,
            _ => self.value(arith::subi(a, b, self.loc)),
        }
    }
    /// a * b
    pub fn mul(&mut self, a: V<'c, 'a>, b: V<'c, 'a>) -> V<'c, 'a> {
        match (self.known(a), self.known(b)) {
            (Some(x), Some(y)) if a.r#type() == self.t.i64 => self.i64(x.wrapping_mul(y)),
            (Some(1), _) => b,
            (_, Some(1)) => a,
            _ => self.value(arith::muli(a, b, self.loc)),
        }
    }
    /// a + b, which does not overflow as signed numbers
    pub fn add_nsw(&mut self, a: V<'c, 'a>, b: V<'c, 'a>) -> V<'c, 'a> {
        self.nsw(arith::addi(a, b, self.loc))
    }
    /// a - b, which does not overflow as signed numbers
    pub fn sub_nsw(&mut self, a: V<'c, 'a>, b: V<'c, 'a>) -> V<'c, 'a> {
        self.nsw(arith::subi(a, b, self.loc))
    }
    /// a * b, which does not overflow as signed numbers
    pub fn mul_nsw(&mut self, a: V<'c, 'a>, b: V<'c, 'a>) -> V<'c, 'a> {
        match (self.known(a), self.known(b)) {
            (Some(1), _) => b,
            (_, Some(1)) => a,
            (Some(x), Some(y)) if a.r#type() == self.t.i64 => self.i64(x.wrapping_mul(y)),
            _ => self.nsw(arith::muli(a, b, self.loc)),
        }
    }
    fn nsw(&mut self, mut op: Operation<'c>) -> V<'c, 'a> {
        if let Some(flag) = self.fast.nsw {
            op.set_attribute("overflowFlags", flag);
        }
        self.value(op)
    }
    /// Comparison of integers.
    pub fn cmp(&mut self, p: CmpiPredicate, a: V<'c, 'a>, b: V<'c, 'a>) -> V<'c, 'a> {
        self.value(arith::cmpi(self.context, p, a, b, self.loc))
    }
    /// a == b
    pub fn eq(&mut self, a: V<'c, 'a>, b: V<'c, 'a>) -> V<'c, 'a> {
        self.cmp(CmpiPredicate::Eq, a, b)
    }
    /// a < b as signed numbers
    pub fn slt(&mut self, a: V<'c, 'a>, b: V<'c, 'a>) -> V<'c, 'a> {
        self.cmp(CmpiPredicate::Slt, a, b)
    }
    /// a and b, bitwise
    pub fn and(&mut self, a: V<'c, 'a>, b: V<'c, 'a>) -> V<'c, 'a> {
        match (a.r#type() == self.t.i1, self.known(a), self.known(b)) {
            (true, Some(x), _) => if x == 0 { a } else { b },
            (true, _, Some(y)) => if y == 0 { b } else { a },
            _ => self.value(arith::andi(a, b, self.loc)),
        }
    }
    /// a or b, bitwise
    pub fn or(&mut self, a: V<'c, 'a>, b: V<'c, 'a>) -> V<'c, 'a> {
        self.value(arith::ori(a, b, self.loc))
    }
    /// a xor b, bitwise
    pub fn xor(&mut self, a: V<'c, 'a>, b: V<'c, 'a>) -> V<'c, 'a> {
        self.value(arith::xori(a, b, self.loc))
    }
    /// Not, of an i1.
    pub fn not(&mut self, a: V<'c, 'a>) -> V<'c, 'a> {
        let one = self.bool(true);
        self.xor(a, one)
    }
    /// condition ? a : b
    pub fn select(&mut self, condition: V<'c, 'a>, a: V<'c, 'a>, b: V<'c, 'a>) -> V<'c, 'a> {
        match self.known(condition) {
            Some(0) => b,
            Some(_) => a,
            None if a == b => a,
            None => self.value(arith::select(condition, a, b, self.loc)),
        }
    }
    /// The smaller as signed numbers.
    pub fn smin(&mut self, a: V<'c, 'a>, b: V<'c, 'a>) -> V<'c, 'a> {
        self.value(arith::minsi(a, b, self.loc))
    }
    /// The larger as signed numbers.
    pub fn smax(&mut self, a: V<'c, 'a>, b: V<'c, 'a>) -> V<'c, 'a> {
        self.value(arith::maxsi(a, b, self.loc))
    }
    /// Between integer types; `signed` is that of the source.
    pub fn resize(&mut self, v: V<'c, 'a>, ty: Type<'c>, signed: bool) -> V<'c, 'a> {
        let (from, to) = (width(v.r#type()), width(ty));
        if let (Some(x), true) = (self.known(v), signed && to > from) {
            return self.int(ty, x);
        }
        match from.cmp(&to) {
            std::cmp::Ordering::Equal => v,
            std::cmp::Ordering::Greater => self.value(arith::trunci(v, ty, self.loc)),
            std::cmp::Ordering::Less if signed => self.value(arith::extsi(v, ty, self.loc)),
            std::cmp::Ordering::Less => self.value(arith::extui(v, ty, self.loc)),
        }
    }

    // Floats.

    /// A float op with the function's fast-math flags.
    pub fn fp(&mut self, mut op: Operation<'c>) -> V<'c, 'a> {
        if let Some(flags) = self.fast.arith {
            op.set_attribute("fastmath", flags);
        }
        self.value(op)
    }
    /// a + b
    pub fn fadd(&mut self, a: V<'c, 'a>, b: V<'c, 'a>) -> V<'c, 'a> {
        self.fp(arith::addf(a, b, self.loc))
    }
    /// a - b
    pub fn fsub(&mut self, a: V<'c, 'a>, b: V<'c, 'a>) -> V<'c, 'a> {
        self.fp(arith::subf(a, b, self.loc))
    }
    /// a * b
    pub fn fmul(&mut self, a: V<'c, 'a>, b: V<'c, 'a>) -> V<'c, 'a> {
        self.fp(arith::mulf(a, b, self.loc))
    }
    /// a / b
    pub fn fdiv(&mut self, a: V<'c, 'a>, b: V<'c, 'a>) -> V<'c, 'a> {
        self.fp(arith::divf(a, b, self.loc))
    }
    /// Remainder with the sign of a, C's fmod
    pub fn frem(&mut self, a: V<'c, 'a>, b: V<'c, 'a>) -> V<'c, 'a> {
        self.fp(arith::remf(a, b, self.loc))
    }
    /// -a
    pub fn fneg(&mut self, a: V<'c, 'a>) -> V<'c, 'a> {
        self.fp(arith::negf(a, self.loc))
    }
    /// Comparison of floats.
    pub fn fcmp(&mut self, p: CmpfPredicate, a: V<'c, 'a>, b: V<'c, 'a>) -> V<'c, 'a> {
        self.fp(arith::cmpf(self.context, p, a, b, self.loc))
    }
    /// Call of an LLVM intrinsic, `llvm.sqrt`; on floats it gets the fast-math flags.
    pub fn intrinsic(&mut self, name: &str, arguments: &[V<'c, 'a>], result: Type<'c>) -> V<'c, 'a> {
        let mut op = llvm::call_intrinsic(self.context, StringAttribute::new(self.context, name), arguments, &[result], self.loc);
        self.segments(&mut op, arguments.len());
        if let (Some(flags), true) = (self.fast.llvm, is_float(result)) {
            op.set_attribute("fastmathFlags", flags);
        }
        self.value(op)
    }
    /// Has the processor read a line of memory to its second cache; of any address.
    pub fn prefetch(&mut self, address: V<'c, 'a>) {
        let number = |n| IntegerAttribute::new(self.t.i32, n);
        // To read it; how long it is kept, from 0 to 3; data.
        let op = ods::llvm::intr_prefetch(self.context, address, number(0), number(2), number(1), self.loc);
        self.push(op);
    }
    fn segments(&self, op: &mut Operation<'c>, arguments: usize) {
        op.set_attribute("operandSegmentSizes", DenseI32ArrayAttribute::new(self.context, &[arguments as i32, 0]).into());
        op.set_attribute("op_bundle_sizes", DenseI32ArrayAttribute::new(self.context, &[]).into());
    }

    // Calls.

    /// Call of an `llvm.func`.
    pub fn call(&mut self, symbol: &str, arguments: &[V<'c, 'a>], result: Option<Type<'c>>) -> Option<V<'c, 'a>> {
        let callee = FlatSymbolRefAttribute::new(self.context, symbol);
        let builder = ods::llvm::CallOperation::builder(self.context, self.loc).callee(callee).callee_operands(arguments).op_bundle_operands(&[])
            .op_bundle_sizes(DenseI32ArrayAttribute::new(self.context, &[]).into());
        let mut op: Operation<'c> = match result {
            Some(ty) => builder.result(ty).build().into(),
            None => builder.build().into(),
        };
        self.segments(&mut op, arguments.len());
        if let (Some(flags), Some(true)) = (self.fast.llvm, result.map(is_float)) {
            op.set_attribute("fastmathFlags", flags);
        }
        let op = self.push(op);
        result.map(|_| first_result(op))
    }
    /// Call of the function at an address.
    pub fn call_address(&mut self, address: V<'c, 'a>, arguments: &[V<'c, 'a>], result: Option<Type<'c>>) -> Option<V<'c, 'a>> {
        let operands: Vs = std::iter::once(address).chain(arguments.iter().copied()).collect();
        let builder = ods::llvm::CallOperation::builder(self.context, self.loc).callee_operands(&operands).op_bundle_operands(&[])
            .op_bundle_sizes(DenseI32ArrayAttribute::new(self.context, &[]).into());
        let mut op: Operation<'c> = match result {
            Some(ty) => builder.result(ty).build().into(),
            None => builder.build().into(),
        };
        self.segments(&mut op, operands.len());
        let op = self.push(op);
        result.map(|_| first_result(op))
    }
    /// Member of a struct value.
    pub fn extract(&mut self, v: V<'c, 'a>, at: i64, ty: Type<'c>) -> V<'c, 'a> {
        let position = melior::ir::attribute::DenseI64ArrayAttribute::new(self.context, &[at]);
        self.value(llvm::extract_value(self.context, v, position, ty, self.loc))
    }

    // Memory.

    /// A stack slot.
    pub fn slot(&mut self, ty: Type<'c>, count: i64) -> V<'c, 'a> {
        let n = self.int(self.t.i64, count);
        let options = llvm::AllocaOptions::new().elem_type(Some(TypeAttribute::new(ty)));
        self.value_first(llvm::alloca(self.context, n, self.t.ptr, self.loc, options))
    }
    /// Reads memory.
    pub fn load(&mut self, ty: Type<'c>, address: V<'c, 'a>) -> V<'c, 'a> {
        self.value(llvm::load(self.context, address, ty, self.loc, llvm::LoadStoreOptions::new()))
    }
    /// Writes memory.
    pub fn store(&mut self, v: V<'c, 'a>, address: V<'c, 'a>) {
        self.push(llvm::store(self.context, v, address, self.loc, llvm::LoadStoreOptions::new()));
    }
    /// Address of element `index` of type `ty`, inside the same object.
    pub fn at(&mut self, base: V<'c, 'a>, index: V<'c, 'a>, ty: Type<'c>) -> V<'c, 'a> {
        let op = match self.known(index) {
            Some(0) => return base,
            Some(n) if i32::try_from(n).is_ok() => llvm::get_element_ptr(self.context, base, DenseI32ArrayAttribute::new(self.context, &[n as i32]), ty, self.t.ptr, self.loc),
            _ => llvm::get_element_ptr_dynamic(self.context, base, &[index], ty, self.t.ptr, self.loc),
        };
        numbra_dialects::rewrite::set_in_bounds(&op);
        self.value(op)
    }
    /// Address some bytes further, inside the same object.
    pub fn offset(&mut self, base: V<'c, 'a>, bytes: V<'c, 'a>) -> V<'c, 'a> {
        self.at(base, bytes, self.t.i8)
    }

    // Control flow.

    /// A new block with arguments of these types.
    pub fn new_block(&mut self, types: &[Type<'c>]) -> BlockRef<'c, 'a> {
        self.region.append_block(Block::new(&types.iter().map(|t| (*t, self.loc)).collect::<Vec<_>>()))
    }
    /// The arguments of a block.
    pub fn arguments(&self, block: BlockRef<'c, 'a>) -> Vs<'c, 'a> {
        functions::arguments(block)
    }
    /// Branches; the cursor stays.
    pub fn br(&mut self, target: BlockRef<'c, 'a>, arguments: &[V<'c, 'a>]) {
        self.push(cf::br(&target, arguments, self.loc));
    }
    /// Branches back to a loop's header, with what is said of the loop: an attribute's text, or nothing.
    pub fn br_back(&mut self, header: BlockRef<'c, 'a>, annotation: Option<&str>, arguments: &[V<'c, 'a>]) {
        let mut op = cf::br(&header, arguments, self.loc);
        if let Some(annotation) = annotation.and_then(|text| Attribute::parse(self.context, text)) {
            op.set_attribute("loop_annotation", annotation);
        }
        self.push(op);
    }
    /// Branches on a condition; the cursor stays.
    pub fn cond_br(&mut self, condition: V<'c, 'a>, yes: (BlockRef<'c, 'a>, &[V<'c, 'a>]), no: (BlockRef<'c, 'a>, &[V<'c, 'a>])) {
        self.push(cf::cond_br(self.context, condition, &yes.0, &no.0, yes.1, no.1, self.loc));
    }
    /// Branches on a condition that nearly always holds; the cursor stays.
    pub fn likely(&mut self, condition: V<'c, 'a>, yes: (BlockRef<'c, 'a>, &[V<'c, 'a>]), no: (BlockRef<'c, 'a>, &[V<'c, 'a>])) {
        let mut op = cf::cond_br(self.context, condition, &yes.0, &no.0, yes.1, no.1, self.loc);
        op.set_attribute("branch_weights", DenseI32ArrayAttribute::new(self.context, &[2000, 1]).into());
        self.push(op);
    }
    /// Marks the end of a block as never reached.
    pub fn unreachable(&mut self) {
        self.push(llvm::unreachable(self.loc));
    }
    /// Address of a global.
    pub fn address(&mut self, symbol: &str) -> V<'c, 'a> {
        self.value(ods::llvm::mlir_addressof(self.context, self.t.ptr, FlatSymbolRefAttribute::new(self.context, symbol), self.loc))
    }
    /// An attribute value of an integer type.
    pub fn int_attribute(&self, ty: Type<'c>, value: i64) -> Attribute<'c> {
        IntegerAttribute::new(ty, value).into()
    }
}

/// The first result of an op that has one.
pub fn first_result<'c: 'a, 'a>(op: OperationRef<'c, 'a>) -> V<'c, 'a> {
    match op.result(0) {
        Ok(r) => r.into(),
        Err(_) => unreachable!("an op without results was used as a value"),
    }
}

fn constant_op<'c: 'a, 'a>(v: V<'c, 'a>) -> Option<OperationRef<'c, 'a>> {
    let op = OperationResult::try_from(v).ok()?.owner();
    (op.name().as_string_ref().as_str() == Ok("arith.constant")).then_some(op)
}

/// Whether a machine type is a float.
pub fn is_float(ty: Type) -> bool {
    ty.is_f32() || ty.is_f64()
}

/// Width of an integer type in bits.
pub fn width(ty: Type) -> u32 {
    IntegerType::try_from(ty).map_or(0, |t| t.width())
}
