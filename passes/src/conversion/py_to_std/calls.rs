//! Calls of other compiled functions.
use super::{build::Vs, cx::{Cx, Res}, flatten::flattened, recursion::body_symbol};
use crate::functions;
use melior::{dialect::func, ir::{OperationRef, attribute::FlatSymbolRefAttribute, operation::OperationLike}};

/// `py.invoke`
pub fn invoke<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, op: OperationRef<'c, 'a>) -> Res<()> {
    let Some(callee) = functions::callee(op) else { return cx.invalid("call without a callee") };
    let arguments: Vec<_> = op.operands().collect();
    let mut arguments = cx.get_all(&arguments)?;
    let ty = cx.result_ty(op, 0)?;
    let results = flattened(&cx.b.t, &ty);
    cx.facts.callees.push(callee.value().to_string());
    let mut target = callee;
    if let Some(limit) = cx.limit.filter(|_| cx.module.recursive.contains(callee.value())) {
        target = FlatSymbolRefAttribute::new(cx.b.context, &body_symbol(callee.value()));
        arguments.push(limit);
    }
    let (context, loc) = (cx.b.context, cx.b.loc);
    let call = cx.b.push(func::call(context, target, &arguments, &results, loc));
    let values: Vs = call.results().map(Into::into).collect();
    cx.set_result(op, values)
}
