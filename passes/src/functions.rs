//! What several passes read of functions and calls, and how they make functions of their own.
use melior::{
    Context,
    ir::{
        Attribute, BlockLike, BlockRef, Location, Operation, OperationRef, Region, RegionLike, Type, Value,
        attribute::{ArrayAttribute, FlatSymbolRefAttribute, StringAttribute, TypeAttribute},
        operation::{OperationLike, OperationMutLike},
        r#type::FunctionType,
    },
};
use crate::conversion::py_to_std::array::elementwise::MAP;
use numbra_dialects::{Span, py::{PyOp, ods::py as ods}, rewrite::erase};
use numbra_passes_api::walk;
use std::collections::{HashMap, HashSet};

/// How the symbols of library functions begin.
pub const LIBRARY: &str = "numbra.lib.";

/// How the names of the files begin that functions are said to be in whose text numbra writes.
const GENERATED: &str = "<numbra ";

/// Whether numbra has written a function, not the user: what it raises is told where it is called.
pub fn is_own(function: OperationRef) -> bool {
    symbol(function).is_some_and(|name| name.starts_with(LIBRARY)) || Span::of(function.location()).is_some_and(|span| span.file.starts_with(GENERATED))
}

/// Erases library functions that nothing calls any more, since they cost every stage: of all functions of a module, but for those whose symbols are to be kept.
pub fn erase_unused<'c: 'a, 'a>(functions: &[OperationRef<'c, 'a>], kept: impl Fn(&str) -> bool) {
    let by_name: HashMap<&str, OperationRef> = functions.iter().filter_map(|f| Some((symbol(*f)?, *f))).collect();
    let mut stack = vec![];
    let mut own: HashSet<&str> = HashSet::new();
    for function in functions.iter().copied() {
        match symbol(function).filter(|name| !kept(name) && !function.has_attribute("py.entry") && is_own(function)) {
            Some(name) => {
                own.insert(name);
            }
            None => stack.push(function),
        }
    }
    let may_go = |name: &str| own.contains(name);
    let mut used: HashSet<&str> = HashSet::new();
    while let Some(function) = stack.pop() {
        for op in walk::blocks_of(function).flat_map(walk::operations) {
            for name in ["callee", "combine", MAP].into_iter().filter_map(|a| reference(op, a)).map(|s| s.value()) {
                if may_go(name) && used.insert(name) {
                    stack.extend(by_name.get(name));
                }
            }
        }
    }
    by_name.into_iter().filter(|(name, _)| may_go(name) && !used.contains(name)).for_each(|(_, function)| erase(function));
}

/// The functions of a module that are in the `py` dialect.
pub fn functions_of<'c: 'a, 'a>(module: OperationRef<'c, 'a>) -> impl Iterator<Item = OperationRef<'c, 'a>> {
    body_of(module).into_iter().flat_map(walk::operations).filter(|op| PyOp::of(op) == PyOp::Func)
}

/// The block that a module consists of, or that a function begins with.
pub fn body_of<'c: 'a, 'a>(op: OperationRef<'c, 'a>) -> Option<BlockRef<'c, 'a>> {
    op.region(0).ok()?.first_block()
}

/// The symbol of a function.
pub fn symbol<'c: 'a, 'a>(function: OperationRef<'c, 'a>) -> Option<&'c str> {
    function.attribute("sym_name").ok().and_then(|a| StringAttribute::try_from(a).ok()).map(|s| s.value())
}

/// The function that an op names as its callee.
pub fn callee<'c: 'a, 'a>(op: OperationRef<'c, 'a>) -> Option<FlatSymbolRefAttribute<'c>> {
    reference(op, "callee")
}

/// The function that an attribute of an op names.
pub fn reference<'c: 'a, 'a>(op: OperationRef<'c, 'a>, attribute: &str) -> Option<FlatSymbolRefAttribute<'c>> {
    op.attribute(attribute).ok().and_then(|a| FlatSymbolRefAttribute::try_from(a).ok())
}

/// The path of a `py.builtin`.
pub fn path_of<'c: 'a, 'a>(op: OperationRef<'c, 'a>) -> Option<&'c str> {
    StringAttribute::try_from(op.attribute("path").ok()?).ok().map(|s| s.value())
}

/// The arguments of a block.
pub fn arguments<'c: 'a, 'a, T: FromIterator<Value<'c, 'a>>>(block: BlockRef<'c, 'a>) -> T {
    (0..block.argument_count()).filter_map(|i| block.argument(i).ok()).map(Into::into).collect()
}

/// A function with this body that is made of a part of another one: with the name that errors tell and the options of that one.
pub fn derived<'c>(context: &'c Context, from: OperationRef<'c, '_>, symbol: &str, parameters: &[Type<'c>], result: Type<'c>, body: Region<'c>, loc: Location<'c>) -> Operation<'c> {
    let names: Vec<Attribute> = (0..parameters.len()).map(|i| StringAttribute::new(context, &format!("p{i}")).into()).collect();
    let mut op: Operation = ods::FuncOperation::builder(context, loc)
        .body(body)
        .sym_name(StringAttribute::new(context, symbol))
        .function_type(TypeAttribute::new(FunctionType::new(context, parameters, &[result]).into()))
        .arg_names(ArrayAttribute::new(context, &names))
        .build()
        .into();
    for name in ["py_name", "options"] {
        if let Ok(attribute) = from.attribute(name) {
            op.set_attribute(name, attribute);
        }
    }
    op
}
