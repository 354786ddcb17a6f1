//! Which functions of elements take long: those for which threads are worth their start with fewer elements, and that do not wait for memory.
use crate::functions::path_of;
use crate::functions::{callee, symbol};
use melior::ir::OperationRef;
use numbra_dialects::py::PyOp;
use numbra_passes_api::walk;
use std::collections::HashSet;

/// Functions of the table `math.*` that are an instruction or a few.
const SHORT: &[&str] = &["sqrt", "fabs", "ceil", "floor", "trunc", "rint", "copysign", "isnan", "isinf", "isfinite", "signbit"];

/// The symbols of functions that call another of them, or of complex numbers, by themselves or by what they call.
pub fn costly<'c: 'a, 'a>(functions: &[OperationRef<'c, 'a>]) -> HashSet<String> {
    let mut found = HashSet::new();
    let mut calls: Vec<(&str, &str)> = vec![];
    for function in functions {
        let Some(name) = symbol(*function) else { continue };
        for op in walk::blocks_of(*function).flat_map(walk::operations) {
            match PyOp::of(&op) {
                PyOp::Builtin if path_of(op).is_some_and(takes_long) => {
                    found.insert(name.to_string());
                }
                PyOp::Invoke => calls.extend(callee(op).map(|target| (name, target.value()))),
                _ => {}
            }
        }
    }
    // Callers of callers, until there are no more.
    loop {
        let before = found.len();
        for (caller, target) in &calls {
            if found.contains(*target) {
                found.insert((*caller).to_string());
            }
        }
        if found.len() == before {
            return found;
        }
    }
}

fn takes_long(path: &str) -> bool {
    path.strip_prefix("math.").is_some_and(|name| !SHORT.contains(&name)) || path.strip_prefix("complex.").is_some_and(|name| !matches!(name, "make" | "real" | "imag" | "conj"))
}
