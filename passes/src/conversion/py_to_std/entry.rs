//! Entries: what the world calls. `entry:<symbol>` reads its arguments from 8-byte slots, calls the function, writes the result to slots, and turns an
//! exception that arrives here into a status.
use super::{build::{Types, V}, function::Converted, module::ModuleCx};
use melior::{
    dialect::{arith, llvm, ods},
    ir::{
        Block, BlockLike, BlockRef, Operation, Region, RegionLike, Type, Value,
        attribute::{DenseI32ArrayAttribute, DenseI64ArrayAttribute, FlatSymbolRefAttribute, IntegerAttribute, StringAttribute, TypeAttribute},
        operation::OperationMutLike,
    },
};
use super::build::first_result;

/// Prefix of the symbols of entries.
pub const PREFIX: &str = "entry:";

/// Adds the entry of a function to the module.
pub fn entry<'c: 'a, 'a>(module: &mut ModuleCx<'c, 'a>, f: &Converted<'c>) {
    let (context, loc, t) = (module.context, module.loc, module.t);
    if f.facts.throws {
        module.declare_runtime("nb_personality");
        module.declare_runtime("nb_catch");
    }
    if f.facts.allocates {
        module.declare_runtime("nb_enter");
        module.declare_runtime("nb_leave");
    }
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
    let mark = if f.facts.allocates { first_result(call(first, "nb_enter", &[], Some(t.ptr))) } else { null };
    let slot = |block: BlockRef<'c, 'a>, base: V<'c, 'a>, i: usize| {
        value(block, llvm::get_element_ptr(context, base, DenseI32ArrayAttribute::new(context, &[i as i32]), t.i64, t.ptr, loc))
    };
    let mut operands = vec![];
    for (i, ty) in f.arguments.iter().enumerate() {
        let address = slot(first, arguments, i);
        let memory = if *ty == t.i1 { t.i8 } else { *ty };
        let mut v = value(first, llvm::load(context, address, memory, loc, llvm::LoadStoreOptions::new()));
        if *ty == t.i1 {
            let zero = value(first, arith::constant(context, IntegerAttribute::new(t.i8, 0).into(), loc));
            v = value(first, arith::cmpi(context, arith::CmpiPredicate::Ne, v, zero, loc));
        }
        operands.push(v);
    }
    let packed = packed(&t, context, &f.results);
    let (after, result) = if f.facts.throws {
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
        let one = value(unwind, arith::constant(context, IntegerAttribute::new(t.i32, 1).into(), loc));
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
            v = value(after, arith::extui(v, t.i8, loc));
        }
        let address = slot(after, results, i);
        after.append_operation(llvm::store(context, v, address, loc, llvm::LoadStoreOptions::new()));
    }
    if f.facts.allocates {
        call(after, "nb_leave", &[mark], None);
    }
    let zero = value(after, arith::constant(context, IntegerAttribute::new(t.i32, 0).into(), loc));
    after.append_operation(llvm::r#return(Some(zero), loc));

    let ty = llvm::r#type::function(t.i32, &[t.ptr, t.ptr], false);
    let mut op: Operation = ods::llvm::LLVMFuncOperation::builder(context, loc).sym_name(StringAttribute::new(context, &format!("{PREFIX}{}", f.symbol)))
        .function_type(TypeAttribute::new(ty)).body(region).build().into();
    if f.facts.throws {
        op.set_attribute("personality", FlatSymbolRefAttribute::new(context, "nb_personality").into());
    }
    module.body.append_operation(op);
}

// The type that a function with these results has once it is an LLVM function.
fn packed<'c>(_: &Types<'c>, context: &'c melior::Context, results: &[Type<'c>]) -> Option<Type<'c>> {
    match results {
        [] => None,
        [one] => Some(*one),
        many => Some(llvm::r#type::r#struct(context, many, false)),
    }
}
