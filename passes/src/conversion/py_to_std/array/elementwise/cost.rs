//! Which functions of elements take long: those for which threads are worth their start with fewer elements, that do not wait for memory, and whose code is worth writing once.
use crate::conversion::py_to_std::scalar::elementary;
use crate::functions::{callee, path_of, symbol};
use melior::ir::OperationRef;
use numbra_dialects::py::PyOp;
use numbra_passes_api::walk;
use std::collections::HashMap;

/// Functions of the table `math.*` that are an instruction or a few.
const SHORT: &[&str] = &["sqrt", "fabs", "ceil", "floor", "trunc", "rint", "copysign", "isnan", "isinf", "isfinite", "signbit"];

/// What makes a function of elements long.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cost {
    /// How often it has straight-line code for `exp` and its kin
    pub kernels: u32,
    /// Whether it calls functions that are no such code
    pub calls: bool,
}

impl Cost {
    /// Whether threads are worth their start with fewer elements.
    pub fn is_long(self) -> bool {
        self.kernels > 0 || self.calls
    }

    fn of(path: &str) -> Self {
        let calls = Self { calls: true, kernels: 0 };
        if let Some(name) = path.strip_prefix("complex.") {
            return if matches!(name, "make" | "real" | "imag" | "conj") { Self::default() } else { calls };
        }
        match path.strip_prefix("math.") {
            None => Self::default(),
            Some(name) if SHORT.contains(&name) => Self::default(),
            Some(name) if elementary::has(name) => Self { kernels: 1, calls: false },
            Some(_) => calls,
        }
    }

    fn and(self, other: Self) -> Self {
        Self { kernels: self.kernels.saturating_add(other.kernels), calls: self.calls || other.calls }
    }
}

/// Whether a row of the typed stage's list is such a function.
pub fn takes_long(path: &str) -> bool {
    Cost::of(path).is_long()
}

/// The costs of all functions, with what they call.
pub fn costs<'c: 'a, 'a>(functions: &[OperationRef<'c, 'a>]) -> HashMap<String, Cost> {
    let by_name = functions.iter().filter_map(|f| Some((symbol(*f)?, *f))).collect();
    let mut found = HashMap::new();
    for name in functions.iter().filter_map(|f| symbol(*f)) {
        cost_of(name, &by_name, &mut found);
    }
    found
}

fn cost_of<'c: 'a, 'a>(name: &'c str, functions: &HashMap<&'c str, OperationRef<'c, 'a>>, found: &mut HashMap<String, Cost>) -> Cost {
    if let Some(known) = found.get(name) {
        return *known;
    }
    let Some(function) = functions.get(name) else { return Cost::default() };
    // What is met again while it is looked at calls itself.
    found.insert(name.to_string(), Cost { calls: true, kernels: 0 });
    let mut cost = Cost::default();
    for op in walk::blocks_of(*function).flat_map(walk::operations) {
        let own = match PyOp::of(&op) {
            PyOp::Builtin => path_of(op).map(Cost::of),
            PyOp::Invoke => callee(op).map(|target| cost_of(target.value(), functions, found)),
            _ => None,
        };
        cost = cost.and(own.unwrap_or_default());
    }
    found.insert(name.to_string(), cost);
    cost
}
