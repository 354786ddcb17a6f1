//! `llvm-add-entries`: what the world calls. For each `llvm.func` that carries `py.entry`, a function `entry:<symbol>` reads the arguments from 8-byte slots,
//! calls the function, writes the result to slots, and turns an exception that arrives into a status.
//!
//! Runs on the `llvm` dialect, where several results have become a struct and calls can have landing pads. `py.entry` is a dictionary that
//! `convert-py-to-std` makes: `type` is the function's type before that, `throws` and `allocates` say what the entry has to expect.
use crate::{conversion::py_to_std::build::{Types, V, first_result}, functions::{body_of, symbol}};
use melior::{
    Context,
    dialect::{DialectHandle, llvm, ods},
    ir::{
        Block, BlockLike, BlockRef, Identifier, Location, Operation, OperationRef, Region, RegionLike, Type, Value,
        attribute::{Attribute, DenseI32ArrayAttribute, DenseI64ArrayAttribute, DictionaryAttribute, FlatSymbolRefAttribute, IntegerAttribute, StringAttribute, TypeAttribute},
        operation::{OperationLike, OperationMutLike},
        r#type::FunctionType,
    },
};
use numbra_dialects::{registry::{PassDescription, PassInstance}, rewrite::{erase, with_context}};
use numbra_passes_api::walk;
use std::collections::HashMap;

/// Prefix of the symbols of entries.
pub const PREFIX: &str = "entry:";
/// The attribute that asks for an entry.
pub const ATTRIBUTE: &str = "py.entry";

/// `llvm-add-entries`
pub const PASS: PassDescription = PassDescription {
    argument: "llvm-add-entries",
    description: "Add the entry of each function that asks for one: slots in, slots out, exceptions become a status",
    anchor: "builtin.module",
    options: &[],
    dialects: &[DialectHandle::llvm],
    run,
};

fn run(op: OperationRef, _: &PassInstance) -> bool {
    with_context(op, |context, op| {
        let Some(body) = body_of(op) else { return true };
        let (mut declared, mut asked) = (HashMap::new(), vec![]);
        for op in walk::operations(body) {
            declared.extend(declared_entry(op).map(|symbol| (symbol, op)));
            asked.extend(Wrapped::of(op));
        }
        for wrapped in asked {
            if let Some(op) = declared.get(&wrapped.symbol) {
                erase(*op);
            }
            entry(context, body, &wrapped);
        }
        true
    })
}

// The function whose entry an op declares, because other code takes its address.
fn declared_entry(op: OperationRef) -> Option<String> {
    let body = op.region(0).ok()?.first_block();
    symbol(op)?.strip_prefix(PREFIX).filter(|_| body.is_none()).map(str::to_string)
}

/// The attribute for a function of this type.
pub fn attribute<'c>(context: &'c Context, ty: FunctionType<'c>, throws: bool, allocates: bool) -> Attribute<'c> {
    let bool = |v: bool| IntegerAttribute::new(melior::ir::r#type::IntegerType::new(context, 1).into(), i64::from(v)).into();
    let pairs = [("allocates", bool(allocates)), ("throws", bool(throws)), ("type", TypeAttribute::new(ty.into()).into())];
    DictionaryAttribute::new(context, &pairs.map(|(name, value)| (Identifier::new(context, name), value))).into()
}

/// A function that gets an entry.
struct Wrapped<'c> {
    symbol: String,
    arguments: Vec<Type<'c>>,
    results: Vec<Type<'c>>,
    throws: bool,
    allocates: bool,
    loc: Location<'c>,
}

impl<'c> Wrapped<'c> {
    fn of(op: OperationRef<'c, '_>) -> Option<Self> {
        let asked = DictionaryAttribute::try_from(op.attribute(ATTRIBUTE).ok()?).ok()?;
        let symbol = symbol(op)?.to_string();
        let ty = FunctionType::try_from(TypeAttribute::try_from(asked.element_by_name("type")?).ok()?.value()).ok()?;
        let flag = |name| asked.element_by_name(name).and_then(|a| IntegerAttribute::try_from(a).ok()).is_none_or(|a| a.value() != 0);
        Some(Wrapped {
            symbol,
            arguments: (0..ty.input_count()).map(|i| ty.input(i)).collect::<Result<_, _>>().ok()?,
            results: (0..ty.result_count()).map(|i| ty.result(i)).collect::<Result<_, _>>().ok()?,
            throws: flag("throws"),
            allocates: flag("allocates"),
            loc: op.location(),
        })
    }
}

fn entry<'c: 'a, 'a>(context: &'c Context, module: BlockRef<'c, 'a>, f: &Wrapped<'c>) {
    let (loc, t) = (f.loc, Types::new(context));
    let region = Region::new();
    let first: BlockRef<'c, 'a> = region.append_block(Block::new(&[(t.ptr, loc), (t.ptr, loc)]));
    let (Ok(arguments), Ok(results)) = (first.argument(0), first.argument(1)) else { return };
    let (arguments, results): (V, V) = (arguments.into(), results.into());
    let value = |block: BlockRef<'c, 'a>, op: Operation<'c>| first_result(block.append_operation(op));
    let null = value(first, llvm::zero(t.ptr, loc));
    let call = |block: BlockRef<'c, 'a>, symbol: &str, arguments: &[Value<'c, 'a>], result: Option<Type<'c>>| {
        let builder = ods::llvm::CallOperation::builder(context, loc).callee(FlatSymbolRefAttribute::new(context, symbol)).callee_operands(arguments)
            .op_bundle_operands(&[]).op_bundle_sizes(DenseI32ArrayAttribute::new(context, &[]).into());
        let mut op: Operation = match result {
            Some(ty) => builder.result(ty).build().into(),
            None => builder.build().into(),
        };
        op.set_attribute("operandSegmentSizes", DenseI32ArrayAttribute::new(context, &[arguments.len() as i32, 0]).into());
        block.append_operation(op)
    };
    let mark = if f.allocates { first_result(call(first, "nb_enter", &[], Some(t.ptr))) } else { null };
    let slot = |block: BlockRef<'c, 'a>, base: V<'c, 'a>, i: usize| {
        value(block, llvm::get_element_ptr(context, base, DenseI32ArrayAttribute::new(context, &[i as i32]), t.i64, t.ptr, loc))
    };
    let mut operands = vec![];
    for (i, ty) in f.arguments.iter().enumerate() {
        let address = slot(first, arguments, i);
        let memory = if *ty == t.i1 { t.i8 } else { *ty };
        let mut v = value(first, llvm::load(context, address, memory, loc, llvm::LoadStoreOptions::new()));
        if *ty == t.i1 {
            let zero = value(first, constant(context, t.i8, 0, loc));
            v = value(first, ods::llvm::icmp(context, t.i1, v, zero, IntegerAttribute::new(t.i64, 1).into(), loc).into());
        }
        operands.push(v);
    }
    let packed = packed(context, &f.results);
    let (after, result) = if f.throws {
        let (normal, unwind): (BlockRef, BlockRef) = (region.append_block(Block::new(&[])), region.append_block(Block::new(&[])));
        let mut op: Operation = {
            let b = ods::llvm::InvokeOperation::builder(context, loc).callee(FlatSymbolRefAttribute::new(context, &f.symbol)).callee_operands(&operands)
                .normal_dest_operands(&[]).unwind_dest_operands(&[]).op_bundle_operands(&[]).normal_dest(&normal).unwind_dest(&unwind)
                .op_bundle_sizes(DenseI32ArrayAttribute::new(context, &[]).into());
            match packed {
                Some(ty) => b.result(ty).build().into(),
                None => b.build().into(),
            }
        };
        op.set_attribute("operandSegmentSizes", DenseI32ArrayAttribute::new(context, &[operands.len() as i32, 0, 0, 0]).into());
        let invoked = first.append_operation(op);
        let pair = llvm::r#type::r#struct(context, &[t.ptr, t.i32], false);
        let mut pad: Operation = ods::llvm::landingpad(context, pair, loc).into();
        // Its clauses have no name in ODS, so the generated builder has no setter for them.
        pad.set_operands(&[null]);
        let pad = value(unwind, pad);
        let exception = value(unwind, llvm::extract_value(context, pad, DenseI64ArrayAttribute::new(context, &[0]), t.ptr, loc));
        call(unwind, "nb_catch", &[exception, mark], None);
        let one = value(unwind, constant(context, t.i32, 1, loc));
        unwind.append_operation(llvm::r#return(Some(one), loc));
        (normal, packed.map(|_| first_result(invoked)))
    } else {
        let called = call(first, &f.symbol, &operands, packed);
        (first, packed.map(|_| first_result(called)))
    };
    for (i, ty) in f.results.iter().enumerate() {
        let Some(result) = result else { break };
        let mut v = if f.results.len() == 1 { result } else { value(after, llvm::extract_value(context, result, DenseI64ArrayAttribute::new(context, &[i as i64]), *ty, loc)) };
        if *ty == t.i1 {
            v = value(after, llvm::zext(v, t.i8, loc));
        }
        let address = slot(after, results, i);
        after.append_operation(llvm::store(context, v, address, loc, llvm::LoadStoreOptions::new()));
    }
    if f.allocates {
        call(after, "nb_leave", &[mark], None);
    }
    let zero = value(after, constant(context, t.i32, 0, loc));
    after.append_operation(llvm::r#return(Some(zero), loc));

    let ty = llvm::r#type::function(t.i32, &[t.ptr, t.ptr], false);
    let mut op: Operation = ods::llvm::LLVMFuncOperation::builder(context, loc).sym_name(StringAttribute::new(context, &format!("{PREFIX}{}", f.symbol)))
        .function_type(TypeAttribute::new(ty)).body(region).build().into();
    if f.throws {
        op.set_attribute("personality", FlatSymbolRefAttribute::new(context, "nb_personality").into());
    }
    module.append_operation(op);
}

// The type that a function with these results has once it is an LLVM function.
fn packed<'c>(context: &'c Context, results: &[Type<'c>]) -> Option<Type<'c>> {
    match results {
        [] => None,
        [one] => Some(*one),
        many => Some(llvm::r#type::r#struct(context, many, false)),
    }
}

fn constant<'c>(context: &'c Context, ty: Type<'c>, value: i64, loc: Location<'c>) -> Operation<'c> {
    ods::llvm::mlir_constant(context, ty, IntegerAttribute::new(ty, value).into(), loc).into()
}
