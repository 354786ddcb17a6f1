//! Products of matrices and what goes with them: one type of elements, one or two axes.
use super::Result_;
use crate::{
    facts::{Dim, Facts, Kind, Order},
    operators::*,
};
use numbra_abi::DType;

/// Result of an operator on matrices.
pub fn infer(operator: Operator, x: &[&Facts]) -> Result_ {
    let dtype = x[0].dtype()?;
    operator.row().domain.has(dtype).then_some(())?;
    let a = x[0].dims()?;
    let (dims, raises) = match operator {
        TRACE => (a.len() == 2).then(|| (vec![], false))?,
        INV => (a.len() == 2).then(|| (vec![a[0]], true)).map(|(mut d, r)| {
            d.push(a[1]);
            (d, r)
        })?,
        CHAIN => {
            let mut dims = vec![*a.first()?, *a.get(1)?];
            let mut raises = false;
            for f in &x[1..] {
                let [rows, columns] = f.dims().filter(|_| f.dtype() == Some(dtype))? else { return None };
                raises |= !dims[1].same(*rows);
                dims[1] = *columns;
            }
            (a.len() == 2 && x.len() > 2).then_some((dims, raises))?
        }
        // As many elements as the mask has true ones.
        COMPRESS => {
            let mask = x[1].dims().filter(|m| x[1].dtype() == Some(DType::Bool) && m.len() == a.len() && !m.is_empty())?;
            (vec![Dim::Unknown], !a.iter().zip(mask).all(|(n, m)| n.same(*m)))
        }
        _ => {
            let b = x[1].dims().filter(|_| x[1].dtype() == Some(dtype))?;
            two(operator, a, b)?
        }
    };
    Some((Kind::Array { dtype, dims }, Order::C, raises))
}

fn two(operator: Operator, a: &[Dim], b: &[Dim]) -> Option<(Vec<Dim>, bool)> {
    Some(match (operator, a, b) {
        (OUTER, [n], [m]) => (vec![*n, *m], false),
        (TRACE_OF_PRODUCT, [_, k], [l, _]) => (vec![], !k.same(*l)),
        // A singular matrix is an error.
        (SOLVE, [_, m], [_, rest @ ..]) if rest.len() <= 1 => (std::iter::once(*m).chain(rest.iter().copied()).collect(), true),
        (MATMUL | DOT, [rows @ .., k], [l, columns @ ..]) if rows.len() <= 1 && columns.len() <= 1 => (rows.iter().chain(columns).copied().collect(), !k.same(*l)),
        _ => return None,
    })
}
