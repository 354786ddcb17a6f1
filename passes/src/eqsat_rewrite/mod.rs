//! `eqsat-rewrite`: the cheapest equal form of array expressions, found by equality saturation (`numbra-eqsat`).
//!
//! In each block of a typed function, stretches of ops in which nothing writes memory become terms ([`import`]): element-wise maps by what their functions do, views, reductions, products
//! of matrices, arithmetic. The e-graph holds all forms that the rules find equal; where the cheapest is cheaper than what is written, ops for it take the place of the old ones ([`emit`]).
//! Requires the typed stage before the fusion of maps, which makes one loop of what comes out here. Legal where [`roots`] says so: every value is the same in each bit (or what the
//! function's fast-math flags allow), memory that was shared or separate stays so, and the first exception stays the first.
mod change;
mod driver;
mod emit;
mod fills;
mod flat;
mod functions;
mod import;
mod index;
mod joins;
mod library;
mod makes;
mod meaning;
mod number;
mod report;
mod roots;
mod rules;
mod scalars;
mod shapes;
mod special;
mod views;
mod writes;

pub use driver::{Settings, rewrite_module};
pub use report::{Report, Step};
pub use rules::{check_rules, rules, use_rules};

/// Whether an op calls a library function that is an operator of the e-graph.
pub fn is_operator<'c: 'a, 'a>(op: OperationRef<'c, 'a>) -> bool {
    library::of(op).is_some()
}

use melior::ir::OperationRef;
use numbra_dialects::{
    diagnostic::remark,
    registry::{PassDescription, PassInstance, PassOption},
    rewrite::with_context,
};

/// Whether a symbol is that of a version of such a function.
pub fn is_operator_symbol(symbol: &str) -> bool {
    library::ROWS.iter().any(|row| library::path(symbol) == Some(row.path))
}

/// `eqsat-rewrite`
pub const PASS: PassDescription = PassDescription {
    argument: "eqsat-rewrite",
    description: "Give array expressions their cheapest equal form, by equality saturation",
    anchor: "builtin.module",
    options: &[
        PassOption::Bool("explain", "Tell each expression that is rewritten, the rules applied, and the costs", false),
        PassOption::Bool("statistics", "Tell the sizes of the e-graphs", false),
        PassOption::Str("rules", "File with rules that are used beside those of numbra", ""),
    ],
    dialects: &[],
    run,
};

/// With this variable set to 0 nothing is rewritten.
const VARIABLE: &str = "NUMBRA_REWRITE";

fn run(op: OperationRef, pass: &PassInstance) -> bool {
    if std::env::var_os(VARIABLE).is_some_and(|v| v == "0") {
        return true;
    }
    let file = pass.string("rules");
    // Rules are read when they are first needed: most programs need none.
    if file.is_empty() && !with_context(op, |_, op| driver::has_expressions(op)) {
        return true;
    }
    let Some(rules) = (if file.is_empty() { Some(rules()) } else { rules::with_file(pass.context(), &file) }) else { return false };
    let (explain, statistics) = (pass.bool("explain"), pass.bool("statistics"));
    with_context(op, |context, op| {
        if !driver::options(op).all(|(function, options)| rules::told(context, function, &options)) {
            return false;
        }
        for report in rewrite_module(context, op, &Settings { rules: &rules, explain, statistics }) {
            if explain || statistics {
                remark(report.location, &report.to_string());
            }
        }
        true
    })
}
