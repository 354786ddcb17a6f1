//! Requests for typed versions of a function.
use melior::{
    Context,
    ir::{Attribute, BlockLike, Module, attribute::{ArrayAttribute, StringAttribute, TypeAttribute}, operation::{OperationLike, OperationMutLike}, r#type::FunctionType},
};
use numbra_dialects::py::{PyOp, Ty};

/// The symbol of the first function of a module, which is the root.
pub fn root_symbol(module: &Module) -> Option<String> {
    let first = module.body().first_operation()?;
    (PyOp::of(&first) == PyOp::Func).then(|| symbol(&first)).flatten()
}

fn symbol<'c: 'a, 'a>(op: &impl OperationLike<'c, 'a>) -> Option<String> {
    StringAttribute::try_from(op.attribute("sym_name").ok()?).ok().map(|s| s.value().to_string())
}

/// Asks for a version of a function for these argument types: adds to the attribute `py.specialize` of its `py.func`.
/// Returns whether the module has the function.
pub fn specialize(context: &Context, module: &mut Module, function: &str, arguments: &[Ty]) -> bool {
    let types: Vec<_> = arguments.iter().map(|t| t.to_mlir(context)).collect();
    let request: Attribute = TypeAttribute::new(FunctionType::new(context, &types, &[]).into()).into();
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
