//! Functions of the library that are operators: products of matrices, diagonals, reductions.
//!
//! A call is known by the symbol of its version, which begins with the function's place in the library. Its first operands are those of the operator; for the others a call must
//! have what they are by default, since operators have no options.
use super::{import::Import, number};
use crate::functions::{LIBRARY, callee};
use egg::Id;
use melior::ir::{OperationRef, Value, ValueLike, operation::OperationLike};
use numbra_abi::DType;
use numbra_dialects::py::{PyOp, Ty};
use numbra_eqsat::{Attribute, Operator, operators::*};
use std::collections::HashMap;

/// Reductions, by their kinds.
pub const REDUCTIONS: &[(&str, Operator)] = &[
    ("sum", SUM), ("prod", PROD), ("min", MIN), ("max", MAX), ("any", ANY), ("all", ALL), ("argmin", ARGMIN), ("argmax", ARGMAX),
    ("mean", MEAN),
];

/// Scans, by their kinds.
pub const SCANS: &[(&str, Operator)] = &[("sum", CUMSUM), ("prod", CUMPROD), ("min", RUNNING_MIN), ("max", RUNNING_MAX)];

/// A function of the library.
pub struct Row {
    /// Where it is in the library
    pub path: &'static str,
    /// What it is
    pub operator: Operator,
    /// How many axes each operand has
    pub ranks: &'static [usize],
}

const fn row(path: &'static str, operator: Operator, ranks: &'static [usize]) -> Row {
    Row { path, operator, ranks }
}

/// All rows; operators with operands of other numbers of axes are left alone.
pub const ROWS: &[Row] = &[
    row("matrices.products.matmul", MATMUL, &[2, 2]),
    row("matrices.products.matmul", MATMUL, &[2, 1]),
    row("matrices.products.matmul", MATMUL, &[1, 2]),
    row("matrices.products.dot", MATMUL, &[2, 2]),
    row("matrices.products.dot", MATMUL, &[2, 1]),
    row("matrices.products.dot", MATMUL, &[1, 2]),
    row("matrices.products.inner_rows", MATMUL, &[1, 1]),
    row("matrices.diagonals.diagonal_of", DIAG, &[2]),
    row("indexing.masks.pick", COMPRESS, &[1, 1]),
    row("indexing.masks.pick", COMPRESS, &[2, 2]),
    row("indexing.masks.pick", COMPRESS, &[3, 3]),
    row("reduction.counting.nonzeros", SUM, &[1]),
    row("reduction.counting.nonzeros", SUM, &[2]),
    row("reduction.counting.nonzeros", SUM, &[3]),
    row("matrices.products.outer", OUTER, &[1, 1]),
    row("matrices.diagonals.trace", TRACE, &[2]),
    row("matrices.chains.product_of_three", CHAIN, &[2, 2, 2]),
    row("matrices.chains.product_of_four", CHAIN, &[2, 2, 2, 2]),
    row("matrices.products.trace_of_product", TRACE_OF_PRODUCT, &[2, 2]),
    row("matrices.linalg.inv", INV, &[2]),
    row("matrices.linalg.inverse_times", SOLVE, &[2, 2]),
    row("matrices.linalg.inverse_times", SOLVE, &[2, 1]),
];

/// The row of a call, if it has one.
pub fn of<'c: 'a, 'a>(op: OperationRef<'c, 'a>) -> Option<&'static Row> {
    let symbol = callee(op)?.value();
    let path = path(symbol)?;
    let fits = |row: &&Row| row.path == path && row.ranks.iter().enumerate().all(|(i, rank)| array_rank(op.operand(i).ok()) == Some(*rank))
        // An array that it writes to makes it something else.
        && op.operands().skip(row.ranks.len()).all(|v| array_rank(Some(v)).is_none());
    ROWS.iter().find(fits)
}

/// The path of the function that a symbol is a version of.
pub fn path(symbol: &str) -> Option<&str> {
    symbol.strip_prefix(LIBRARY)?.split('(').next()
}

/// The path of the function that an op calls, if it is one of the library.
pub fn called<'c: 'a, 'a>(op: OperationRef<'c, 'a>) -> Option<&'c str> {
    if PyOp::of(&op) == PyOp::Invoke { path(callee(op)?.value()) } else { None }
}

fn array_rank(value: Option<Value>) -> Option<usize> {
    Ty::from_mlir(value?.r#type())?.array().map(|a| a.rank)
}

/// Type of the elements of an array, or of a number.
pub fn element(value: Value) -> Option<DType> {
    match Ty::from_mlir(value.r#type())? {
        Ty::Array(a) => Some(a.dtype),
        t => t.scalar(),
    }
}

/// The term of a call.
pub fn import<'c: 'a, 'a>(import: &mut Import<'c, 'a>, op: OperationRef<'c, 'a>, definitions: &HashMap<usize, OperationRef<'c, 'a>>) -> Option<Id> {
    let row = of(op)?;
    let result = element(op.result(0).ok()?.into())?;
    let mut operands = vec![];
    for (i, value) in op.operands().enumerate() {
        if i < row.ranks.len() {
            // Masks are what is asked; all else has elements of one type.
            let mask = row.operator == COMPRESS && i == 1 || row.operator == SUM;
            if element(value)? != if mask { DType::Bool } else { result } {
                return None;
            }
            operands.push(import.operand(value, definitions, None)?);
        } else {
            let zero = number::integer_of(value, definitions) == Some(0);
            // The type in which is counted.
            let counter = row.operator == SUM && result == DType::Int64 && matches!(Ty::from_mlir(value.r#type())?, Ty::Entity(_));
            if Ty::from_mlir(value.r#type())? != Ty::None && !zero && !counter {
                return None;
            }
        }
    }
    if row.operator == COMPRESS {
        // Its callers have asked whether the mask has the array's lengths.
        operands[1] = import.apply(FITTED, &operands);
    }
    if row.operator.class() == Class::Reduce {
        let t = import.attribute(Attribute::DType(result));
        operands = vec![import.attribute(Attribute::All), import.apply(CAST, &[t, operands[0]])];
    }
    Some(import.apply(row.operator, &operands))
}
