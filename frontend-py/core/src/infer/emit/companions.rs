//! Versions of library functions that no program calls, but that its array expressions may become: the trace of a product in one go, an inverse times a matrix as the solution of equations, several
//! matrices in the order that takes the fewest multiplications.
//!
//! Passes on the typed stage can only call what is there. So where a program has both functions of a row, at types at which the one can have the other's result as an operand, the version of
//! the third that could take the place of both is made too; what is not used costs nothing behind the rewriting but the time to type it. Rounding is different, so that this is done only
//! for programs that allow that with fast-math flags.
use crate::infer::{engine::Engine, expr::Expr, val::Val};
use melior::ir::attribute::DictionaryAttribute;
use numbra_dialects::py::Ty;

/// A function that takes the place of two.
struct Row {
    /// What makes an operand
    maker: &'static str,
    /// What takes it as its first operand
    taker: &'static str,
    /// What gets the arrays that both get, but for that one
    both: &'static str,
    /// So many products the program must have, and only of matrices; 0 where it is no product of several
    products: usize,
}

const ROWS: &[Row] = &[
    Row { maker: "numbra.lib.matrices.linalg.inv", taker: "numbra.lib.matrices.products.matmul", both: "numbra.lib.matrices.linalg.inverse_times", products: 0 },
    Row { maker: "numbra.lib.matrices.products.matmul", taker: "numbra.lib.matrices.diagonals.trace", both: "numbra.lib.matrices.products.trace_of_product", products: 0 },
    Row { maker: "numbra.lib.matrices.products.matmul", taker: "numbra.lib.matrices.products.matmul", both: "numbra.lib.matrices.chains.product_of_three", products: 2 },
    Row { maker: "numbra.lib.matrices.chains.product_of_three", taker: "numbra.lib.matrices.products.matmul", both: "numbra.lib.matrices.chains.product_of_four", products: 3 },
];

/// What multiplies arrays.
const PRODUCTS: &[&str] = &["numbra.lib.matrices.products.matmul", "numbra.lib.matrices.products.dot"];

/// Makes such versions, after everything has been finished.
pub fn make(engine: &mut Engine) {
    if !engine.functions.iter().any(|f| !f.library && has_flags(f.options)) {
        return;
    }
    let products = products(engine);
    for row in ROWS.iter().filter(|row| row.products <= products) {
        let versions = |symbol: &str| -> Vec<usize> {
            (0..engine.instances.len()).filter(|i| engine.instances[*i].is_finished() && engine.functions[engine.instances[*i].function].symbol == symbol).collect()
        };
        let (makers, takers) = (versions(row.maker), versions(row.taker));
        let pairs = makers.iter().flat_map(|m| takers.iter().map(move |t| (*m, *t)));
        let wanted: Vec<(usize, Vec<Val>)> = pairs.filter_map(|(m, t)| Some((t, operands(engine, row, m, t)?))).collect();
        for (taker, operands) in wanted {
            let called_from = engine.instances[taker].called_from.clone();
            let Some(function) = engine.function(row.both) else { return };
            if let Some(i) = engine.instance(function, operands, called_from) {
                engine.settle();
                engine.finish(i);
            }
        }
    }
}

// How many products of arrays the functions of the program ask for.
fn products(engine: &Engine) -> usize {
    let is_product = |e: &Expr| matches!(e, Expr::Invoke(i, ..) if PRODUCTS.contains(&engine.functions[engine.instances[*i].function].symbol.as_str()));
    let own = engine.instances.iter().filter(|i| i.is_finished() && !engine.functions[i.function].library);
    own.flat_map(|i| i.decisions.iter().flatten().flatten().flatten()).filter(|e| is_product(e)).count()
}

fn has_flags(options: Option<melior::ir::Attribute>) -> bool {
    options.and_then(|o| DictionaryAttribute::try_from(o).ok()).is_some_and(|d| d.element_by_name("fastmath").is_some())
}

// The arrays that both versions get, but for the result of the first as first operand of the second.
fn operands(engine: &Engine, row: &Row, maker: usize, taker: usize) -> Option<Vec<Val>> {
    let (maker, taker) = (&engine.instances[maker], &engine.instances[taker]);
    let is_float = |t: &Ty| t.array().is_some_and(|a| a.dtype.is_float() && if row.products > 0 { a.rank == 2 } else { a.rank <= 2 });
    let is_array = |t: &&Ty| t.array().is_some();
    if taker.arguments.first() != Some(&maker.frame.result.ty()) {
        return None;
    }
    let arrays: Vec<&Ty> = maker.arguments.iter().filter(is_array).chain(taker.arguments.iter().skip(1).filter(is_array)).collect();
    arrays.iter().all(|t| is_float(t)).then(|| arrays.into_iter().cloned().map(Val::Of).collect())
}
