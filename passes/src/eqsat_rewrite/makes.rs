//! What [`super::emit`] can make, asked by the extraction before it takes anything: a form that is cheap but has no ops would lose the others.
use super::{
    library::{REDUCTIONS, ROWS, SCANS},
    meaning::Meanings,
    scalars::{BINARY, BUILTINS, COMPARE, UNARY, is_number, kind},
};
use melior::ir::{attribute::TypeAttribute, operation::OperationLike, r#type::FunctionType};
use numbra_dialects::py::{CompareKind, Ty, UnaryKind, BinaryKind};
use numbra_eqsat::{Facts, Kind, Operator, Order, operators::*};

/// Whether there are ops for an operator on operands with these facts.
pub fn makes(operator: Operator, operands: &[&Facts], meanings: &Meanings) -> bool {
    match operator.class() {
        Class::Element => element(operator, operands),
        Class::Reduce => REDUCTIONS.iter().any(|(_, o)| *o == operator),
        Class::Scan => SCANS.iter().any(|(_, o)| *o == operator),
        Class::View => match operator {
            SLICE | FLIP | INDEX | EXPAND | PERMUTE => true,
            SPREAD => operands[0].dims().is_some_and(|d| !d.is_empty()),
            RESHAPE => operands[1].order == Order::C,
            BROADCAST => operands[1].dims().is_some_and(|d| d.is_empty()),
            DIAG => has_row(operator, operands, meanings),
            RAVEL => operands[0].order == Order::C && operands[0].dims().is_some_and(|d| d.len() > 1),
            _ => false,
        },
        Class::Matrix => has_row(operator, operands, meanings),
        Class::Special => matches!(operator, LEN | DIM | SIZE | TUPLE | ITEM | GETITEM | RANGE) || operator == CONTAINS && operands[1].kind == Kind::Range,
    }
}

fn element(operator: Operator, operands: &[&Facts]) -> bool {
    match operator {
        CAST | CALL | WHERE | SQUARE | RECIPROCAL | FITTED => true,
        FIRST => operands.iter().all(|f| f.dtype().is_some_and(is_number)),
        POW => operands[0].dtype().is_some_and(|d| d.is_float()),
        _ => {
            kind::<BinaryKind>(BINARY, operator).is_some() || kind::<CompareKind>(COMPARE, operator).is_some() || kind::<UnaryKind>(UNARY, operator).is_some() || kind(BUILTINS, operator).is_some()
        }
    }
}

fn has_row(operator: Operator, operands: &[&Facts], meanings: &Meanings) -> bool {
    ROWS.iter().any(|row| row.operator == operator && ranks(operands) == row.ranks && has_version(row.path, operands, meanings))
}

fn ranks(operands: &[&Facts]) -> Vec<usize> {
    operands.iter().map(|f| f.dims().map_or(0, |d| d.len())).collect()
}

// Functions of the library are compiled for the types that the program calls them with: there has to be one for these elements and axes.
fn has_version(path: &str, operands: &[&Facts], meanings: &Meanings) -> bool {
    meanings.versions(path).any(|(_, function)| {
        let t = function.attribute("function_type").ok().and_then(|a| TypeAttribute::try_from(a).ok()).and_then(|a| FunctionType::try_from(a.value()).ok());
        t.is_some_and(|t| {
            operands.iter().enumerate().all(|(i, f)| {
                let array = t.input(i).ok().and_then(Ty::from_mlir).and_then(|t| t.array());
                array.is_some_and(|a| Some(a.dtype) == f.dtype() && Some(a.rank) == f.dims().map(|d| d.len()))
            })
        })
    })
}
