//! Recursive functions: a call that would run out of stack raises RecursionError instead of crashing.
//!
//! The body of a function on a cycle of the call graph becomes `<symbol>.recursive`, with the lowest stack address that it may reach as one more parameter,
//! which recursive calls hand on. `<symbol>` itself asks the runtime for the limit and calls the body.
use super::{build::Builder, cx::Cx, flags::FastMath, module::ModuleCx};
use crate::functions;
use melior::{
    dialect::{arith::CmpiPredicate, func, ods},
    ir::{
        Location, Operation, OperationRef, Region, Type, Value,
        attribute::FlatSymbolRefAttribute, operation::OperationLike,
    },
};
use numbra_abi::ExceptionKind;
use numbra_dialects::py::PyOp;
use numbra_passes_api::walk;
use std::collections::{HashMap, HashSet};

/// The symbol of the body of a recursive function.
pub fn body_symbol(symbol: &str) -> String {
    format!("{symbol}.recursive")
}

/// The symbols of the functions that can call themselves, directly or through others.
pub fn recursive<'c: 'a, 'a>(all: &[OperationRef<'c, 'a>]) -> HashSet<String> {
    let mut callees: HashMap<String, Vec<String>> = HashMap::new();
    for f in all {
        let Some(symbol) = functions::symbol(*f) else { continue };
        let list = callees.entry(symbol.to_string()).or_default();
        let Ok(region) = f.region(0) else { continue };
        for op in walk::blocks(region).flat_map(walk::operations).filter(|op| matches!(PyOp::of(op), PyOp::Invoke | PyOp::Builtin)) {
            list.extend(functions::callee(op).map(|c| c.value().to_string()));
        }
    }
    let reaches_itself = |start: &String| {
        let mut seen = HashSet::new();
        let mut stack: Vec<&String> = callees[start].iter().collect();
        while let Some(f) = stack.pop() {
            if f == start {
                return true;
            }
            if seen.insert(f) {
                stack.extend(callees.get(f).into_iter().flatten());
            }
        }
        false
    };
    callees.keys().filter(|f| reaches_itself(f)).cloned().collect()
}

impl<'c: 'a, 'a> Cx<'_, 'c, 'a> {
    /// Raises RecursionError when the stack has reached the limit.
    pub fn check_stack(&mut self, limit: Value<'c, 'a>) {
        let here = self.b.intrinsic("llvm.stacksave", &[], self.b.t.ptr);
        let (context, loc) = (self.b.context, self.b.loc);
        let here = self.b.value(ods::llvm::ptrtoint(context, self.b.t.i64, here, loc));
        let below = self.b.cmp(CmpiPredicate::Ult, here, limit);
        self.raise_if(below, ExceptionKind::RecursionError, "maximum recursion depth exceeded");
        self.limit = Some(limit);
    }
}

/// The region of the function that the world outside of the cycle calls.
pub fn outer<'c: 'a, 'a>(module: &mut ModuleCx<'c, 'a>, symbol: &str, arguments: &[Type<'c>], results: &[Type<'c>], loc: Location<'c>) -> Region<'c> {
    let context = module.context;
    module.declare_runtime("nb_stack_limit");
    let mut b = Builder::new(context, arguments, loc, FastMath::default());
    let mut values = b.arguments(b.first()).to_vec();
    values.extend(b.call("nb_stack_limit", &[], Some(b.t.i64)));
    let callee = FlatSymbolRefAttribute::new(context, &body_symbol(symbol));
    let call: Operation = func::call(context, callee, &values, results, loc);
    let call = b.push(call);
    let results: Vec<Value> = call.results().map(Into::into).collect();
    b.push(func::r#return(&results, loc));
    b.finish()
}
