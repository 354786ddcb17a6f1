//! Requests for typed versions of a function.
use super::ir::attributes;
use crate::host::Host;
use melior::{
    Context,
    ir::{Attribute, BlockLike, Module, attribute::{ArrayAttribute, StringAttribute, TypeAttribute}, operation::{OperationLike, OperationMutLike}, r#type::FunctionType},
};
use numbra_dialects::py::{PyOp, Ty};
use std::collections::BTreeSet;

/// The symbol of the first function of a module, which is the root.
pub fn root_symbol(module: &Module) -> Option<String> {
    let first = module.body().first_operation()?;
    (PyOp::of(&first) == PyOp::Func).then(|| symbol(&first)).flatten()
}

fn symbol<'c: 'a, 'a>(op: &impl OperationLike<'c, 'a>) -> Option<String> {
    StringAttribute::try_from(op.attribute("sym_name").ok()?).ok().map(|s| s.value().to_string())
}

/// Tells the root the members of the enumerations among its arguments: `py.enumerations`, for each its path, names, values and texts.
pub fn enumerations(context: &Context, module: &mut Module, host: &dyn Host, arguments: &[Ty]) {
    fn found(t: &Ty, paths: &mut BTreeSet<String>) {
        match t {
            Ty::Struct(s) => {
                paths.insert(s.path.to_string());
                s.types.iter().for_each(|t| found(t, paths));
            }
            Ty::List(t) => found(t, paths),
            Ty::Union(parts) => parts.iter().for_each(|t| found(t, paths)),
            t => t.parts().unwrap_or_default().iter().for_each(|t| found(t, paths)),
        }
    }
    let mut paths = BTreeSet::new();
    arguments.iter().for_each(|t| found(t, &mut paths));
    let all: Vec<Attribute> = paths.iter().filter_map(|path| {
        let [names, values, texts] = attributes::members(context, &*host.class(path)?)?;
        Some(ArrayAttribute::new(context, &[StringAttribute::new(context, path).into(), names, values, texts]).into())
    }).collect();
    if let (false, Some(mut root)) = (all.is_empty(), module.body().first_operation_mut()) {
        root.set_attribute("py.enumerations", ArrayAttribute::new(context, &all).into());
    }
}

/// Asks for a version of a function for these argument types, and for one that gives this type if its result converts to it: adds to the
/// attribute `py.specialize` of its `py.func`.
/// Returns whether the module has the function.
pub fn specialize(context: &Context, module: &mut Module, function: &str, arguments: &[Ty], result: Option<&Ty>) -> bool {
    let types: Vec<_> = arguments.iter().map(|t| t.to_mlir(context)).collect();
    let results: Vec<_> = result.map(|t| t.to_mlir(context)).into_iter().collect();
    let request: Attribute = TypeAttribute::new(FunctionType::new(context, &types, &results).into()).into();
    let body = module.body();
    let mut next = body.first_operation_mut();
    while let Some(mut op) = next {
        if PyOp::of(&op) == PyOp::Func && symbol(&op).as_deref() == Some(function) {
            let before = op.attribute("py.specialize").ok().and_then(|a| ArrayAttribute::try_from(a).ok());
            let mut requests: Vec<Attribute> = before.map_or(vec![], |a| (0..a.len()).filter_map(|i| a.element(i).ok()).collect());
            if !requests.contains(&request) {
                requests.push(request);
            }
            op.set_attribute("py.specialize", ArrayAttribute::new(context, &requests).into());
            return true;
        }
        next = op.next_in_block_mut();
    }
    false
}
