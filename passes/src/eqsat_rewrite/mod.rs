//! `eqsat-rewrite`: the cheapest equal form of array expressions, found by equality saturation (`numbra-eqsat`).
//!
//! In each block of a typed function, stretches of ops in which nothing writes memory become terms ([`import`]): element-wise maps by what their functions do, views, reductions, products
//! of matrices, arithmetic. The e-graph holds all forms that the rules find equal; where the cheapest is cheaper than what is written, ops for it take the place of the old ones ([`emit`]).
//! Requires the typed stage before the fusion of maps, which makes one loop of what comes out here. Legal where [`roots`] says so: every value is the same in each bit (or what the
//! function's fast-math flags allow), memory that was shared or separate stays so, and the first exception stays the first.
mod change;
mod driver;
mod emit;
mod functions;
mod import;
mod index;
mod library;
mod makes;
mod meaning;
mod number;
mod report;
mod roots;
mod scalars;
mod views;

pub use driver::{Settings, rewrite_module};
pub use report::{Report, Step};

use melior::{Context, ir::OperationRef};
use numbra_dialects::{
    diagnostic::remark,
    registry::{PassDescription, PassInstance, PassOption},
    rewrite::with_context,
};
use numbra_eqsat::{RuleError, Rules};
use numbra_passes_api::{Code, Diagnostic, Span};
use std::sync::{Arc, LazyLock, PoisonError, RwLock};

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

/// Rules that programs use beside those of numbra, together with these.
static RULES: RwLock<Option<Arc<Rules>>> = RwLock::new(None);

/// Uses the rules of a text beside those of numbra from now on, or these alone. Rules that are wrong are refused.
pub fn use_rules(text: Option<&str>, file: &str) -> Result<(), Vec<RuleError>> {
    let rules = text.map(|t| Rules::parse(t, file)).transpose()?;
    let together = rules.map(|r| Arc::new(Rules::builtin().with(&r)));
    *RULES.write().unwrap_or_else(PoisonError::into_inner) = together;
    Ok(())
}

/// The rules that are used.
pub fn rules() -> Arc<Rules> {
    let used = RULES.read().unwrap_or_else(PoisonError::into_inner).clone();
    used.unwrap_or_else(|| {
        static BUILTIN: LazyLock<Arc<Rules>> = LazyLock::new(|| Arc::new(Rules::builtin().clone()));
        BUILTIN.clone()
    })
}

// The rules of a file beside those that are used; what is wrong with them is told at its place.
fn with_file(context: &Context, file: &str) -> Option<Arc<Rules>> {
    let tell = |line, column, reason: String| Diagnostic::error(Code::NB0101, Some(Span { file: file.into(), start_line: line, start_column: column, end_line: line, end_column: column + 1 }), reason).emit(context);
    match std::fs::read_to_string(file) {
        Err(error) => {
            tell(1, 1, format!("the rules cannot be read: {error}"));
            None
        }
        Ok(text) => match Rules::parse(&text, file) {
            Ok(more) => Some(Arc::new(rules().with(&more))),
            Err(errors) => {
                errors.into_iter().for_each(|e| tell(e.line, e.column, e.reason));
                None
            }
        },
    }
}

fn run(op: OperationRef, pass: &PassInstance) -> bool {
    if std::env::var_os(VARIABLE).is_some_and(|v| v == "0") {
        return true;
    }
    let file = pass.string("rules");
    // Rules are read when they are first needed: most programs need none.
    if file.is_empty() && !with_context(op, |_, op| driver::has_expressions(op)) {
        return true;
    }
    let Some(rules) = (if file.is_empty() { Some(rules()) } else { with_file(pass.context(), &file) }) else { return false };
    let (explain, statistics) = (pass.bool("explain"), pass.bool("statistics"));
    with_context(op, |context, op| {
        for report in rewrite_module(context, op, &Settings { rules: &rules, explain, statistics }) {
            if explain || statistics {
                remark(report.location, &report.to_string());
            }
        }
    });
    true
}
