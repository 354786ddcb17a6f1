//! Products of matrices and their kin, by their definitions.
use super::{Array, Fault, Grouping, Outcome, Value, reduce};
use crate::{
    operators::*,
    scalar::{self, Scalar},
};

/// Applies an operator on matrices.
pub fn apply(operator: Operator, x: &[&Value], grouping: Grouping) -> Outcome {
    let a = x[0].array()?;
    let product = |p: Scalar, q: Scalar| scalar::apply(MUL, a.dtype, &[p, q]).ok_or(Fault::Unspecified);
    let result = match operator {
        TRACE => {
            let [n, m] = a.dims[..] else { return Err(Fault::Unspecified) };
            let row: Vec<Scalar> = (0..n.min(m)).map(|k| a.data[k * m + k]).collect();
            return Ok(Value::number(a.dtype, reduce(SUM, a.dtype, &row, grouping)?));
        }
        TRACE_OF_PRODUCT => {
            let product = apply(MATMUL, x, grouping)?;
            return apply(TRACE, &[&product], grouping);
        }
        CHAIN => {
            let mut product = apply(MATMUL, &x[..2], grouping)?;
            for next in &x[2..] {
                product = apply(MATMUL, &[&product, next], grouping)?;
            }
            return Ok(product);
        }
        OUTER => {
            let b = x[1].array()?;
            let (&[n], &[m]) = (a.dims.as_slice(), b.dims.as_slice()) else { return Err(Fault::Unspecified) };
            Array::from_fn(a.dtype, vec![n, m], |i| product(a.data[i[0]], b.data[i[1]]))?
        }
        MATMUL | DOT => {
            let b = x[1].array()?;
            let (rows, k) = matrix(a, false)?;
            let (columns, l) = matrix(b, true)?;
            if k != l {
                return Err(Fault::Raise);
            }
            let dims = a.dims[..a.dims.len() - 1].iter().chain(&b.dims[1..]).copied().collect();
            let mut data = Vec::with_capacity(rows * columns);
            for i in 0..rows {
                for j in 0..columns {
                    let row = (0..k).map(|t| product(a.data[i * k + t], b.data[t * columns + j])).collect::<Result<Vec<_>, _>>()?;
                    data.push(reduce(SUM, a.dtype, &row, grouping)?);
                }
            }
            Array { dtype: a.dtype, dims, data }
        }
        COMPRESS => {
            let mask = x[1].array()?;
            if a.dims != mask.dims {
                return Err(Fault::Raise);
            }
            let data: Vec<Scalar> = a.data.iter().zip(&mask.data).filter(|(_, m)| **m == Scalar::Bool(true)).map(|(e, _)| *e).collect();
            Array { dtype: a.dtype, dims: vec![data.len()], data }
        }
        INV | SOLVE => return solve(operator, a, x.get(1).map(|b| b.array()).transpose()?),
        _ => return Err(Fault::Unspecified),
    };
    Ok(Value::Array(result))
}

/// Outer and inner length of an operand of a product.
fn matrix(a: &Array, right: bool) -> Result<(usize, usize), Fault> {
    match (a.dims.as_slice(), right) {
        (&[k], _) => Ok((1, k)),
        (&[n, k], false) => Ok((n, k)),
        (&[k, n], true) => Ok((n, k)),
        _ => Err(Fault::Unspecified),
    }
}

/// Gauss and Jordan with the largest pivot.
fn solve(operator: Operator, a: &Array, b: Option<&Array>) -> Outcome {
    let &[n, m] = a.dims.as_slice() else { return Err(Fault::Unspecified) };
    if n != m {
        return Err(Fault::Raise);
    }
    let float = |s: &Scalar| match s {
        Scalar::F32(f) => Ok(*f as f64),
        Scalar::F64(f) => Ok(*f),
        _ => Err(Fault::Unspecified),
    };
    let (dims, columns) = match b {
        None => (vec![n, n], n),
        Some(b) if operator == SOLVE && b.dims[0] == n => (b.dims.clone(), b.dims.get(1).copied().unwrap_or(1)),
        Some(_) => return Err(Fault::Raise),
    };
    let mut rows: Vec<Vec<f64>> = vec![];
    for i in 0..n {
        let mut row: Vec<f64> = a.data[i * n..(i + 1) * n].iter().map(float).collect::<Result<_, _>>()?;
        for j in 0..columns {
            row.push(b.map_or(Ok((i == j) as u8 as f64), |b| float(&b.data[i * columns + j]))?);
        }
        rows.push(row);
    }
    for k in 0..n {
        let pivot = (k..n).max_by(|p, q| rows[*p][k].abs().total_cmp(&rows[*q][k].abs())).ok_or(Fault::Raise)?;
        if rows[pivot][k].abs() < 1e-3 {
            // Too near to singular to compare.
            return Err(Fault::Unspecified);
        }
        rows.swap(k, pivot);
        let by = rows[k][k];
        rows[k].iter_mut().for_each(|v| *v /= by);
        for i in (0..n).filter(|i| *i != k) {
            let (factor, row) = (rows[i][k], rows[k].clone());
            rows[i].iter_mut().zip(&row).for_each(|(v, w)| *v -= factor * w);
        }
    }
    let data = rows.iter().flat_map(|r| &r[n..]).map(|v| if a.dtype == numbra_abi::DType::Float32 { Scalar::F32(*v as f32) } else { Scalar::F64(*v) }).collect();
    Ok(Value::Array(Array { dtype: a.dtype, dims, data }))
}
