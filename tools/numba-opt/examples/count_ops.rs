//! A whole research pass: `count-ops` reports how many ops of each kind a module has. Build it with
//! `cargo build --release -p numbra-opt --example count_ops`; the result is numba-opt with one pass more.
use numbra_passes_api::{PassDescription, PassInstance, PassOption, melior::ir::{OperationRef, operation::OperationLike}, remark, walk};
use std::collections::BTreeMap;

const COUNT_OPS: PassDescription = PassDescription {
    argument: "count-ops",
    description: "Report how many ops of each kind there are",
    anchor: "builtin.module",
    options: &[PassOption::Str("dialect", "Count ops of this dialect only", "")],
    dialects: &[],
    run,
};

fn run(module: OperationRef<'_, '_>, pass: &PassInstance) -> bool {
    let dialect = pass.string("dialect");
    let mut counts = BTreeMap::new();
    count(module, &mut counts);
    for (name, n) in counts.iter().filter(|(name, _)| dialect.is_empty() || name.split('.').next() == Some(&dialect)) {
        remark(module.location(), &format!("{n} x {name}"));
    }
    true
}

/// Adds the ops inside of an op, at any depth.
fn count(op: OperationRef<'_, '_>, counts: &mut BTreeMap<String, usize>) {
    for block in op.regions().flat_map(walk::blocks) {
        for inner in walk::operations(block) {
            let name = inner.name().as_string_ref().as_str().unwrap_or_default().to_string();
            *counts.entry(name).or_default() += 1;
            count(inner, counts);
        }
    }
}

fn main() -> std::process::ExitCode {
    numba_opt::main(|registry| {
        registry.add(COUNT_OPS);
    })
}
