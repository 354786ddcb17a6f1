//! Views, by copying: each result is an array of its own, so that no rule can hide behind shared memory.
use super::{Array, Fault, Outcome, Value, broadcast};
use crate::{infer::slice_indices, language::Attribute, operators::*};

/// Applies a view.
pub fn apply(operator: Operator, x: &[&Value]) -> Outcome {
    let a = x[if operator == SPREAD { 0 } else { x.len() - 1 }].array()?;
    let rank = a.dims.len();
    let axis = || x[0].axis()?.filter(|k| *k < rank).ok_or(Fault::Unspecified);
    let result = match operator {
        SLICE => {
            let k = axis()?;
            let part = |v: &Value| if matches!(v, Value::Attribute(Attribute::All)) { Ok(None) } else { v.integer().map(Some) };
            let parts = [part(x[1])?, part(x[2])?, part(x[3])?];
            let (start, count, step) = slice_indices(a.dims[k] as i64, parts).ok_or(Fault::Raise)?;
            let mut dims = a.dims.clone();
            dims[k] = count as usize;
            Array::from_fn(a.dtype, dims, |index| {
                let mut at = index.to_vec();
                at[k] = (start + step * index[k] as i64) as usize;
                Ok(a.at(&at))
            })?
        }
        INDEX => {
            let (k, i) = (axis()?, x[1].integer()?);
            let n = a.dims[k] as i64;
            let i = if i < 0 { i + n } else { i };
            if !(0..n).contains(&i) {
                return Err(Fault::Raise);
            }
            let mut dims = a.dims.clone();
            dims.remove(k);
            Array::from_fn(a.dtype, dims, |index| {
                let mut at = index.to_vec();
                at.insert(k, i as usize);
                Ok(a.at(&at))
            })?
        }
        PERMUTE => {
            let Value::Attribute(Attribute::Permutation(p)) = x[0] else { return Err(Fault::Unspecified) };
            if p.len() != rank {
                return Err(Fault::Unspecified);
            }
            let dims = p.iter().map(|q| a.dims[*q as usize]).collect();
            Array::from_fn(a.dtype, dims, |index| {
                let mut at = vec![0; rank];
                p.iter().zip(index).for_each(|(q, i)| at[*q as usize] = *i);
                Ok(a.at(&at))
            })?
        }
        FLIP => {
            let k = axis()?;
            Array::from_fn(a.dtype, a.dims.clone(), |index| {
                let mut at = index.to_vec();
                at[k] = a.dims[k] - 1 - index[k];
                Ok(a.at(&at))
            })?
        }
        EXPAND => {
            let k = x[0].axis()?.filter(|k| *k <= rank).ok_or(Fault::Unspecified)?;
            let mut dims = a.dims.clone();
            dims.insert(k, 1);
            Array { dims, ..a.clone() }
        }
        RAVEL => Array { dims: vec![a.data.len()], ..a.clone() },
        RESHAPE => {
            let dims = shape(x[0])?;
            if dims.iter().product::<usize>() != a.data.len() {
                return Err(Fault::Raise);
            }
            Array { dims, ..a.clone() }
        }
        BROADCAST => {
            let dims = shape(x[0])?;
            if dims.len() < rank || a.dims.iter().zip(&dims[dims.len() - rank..]).any(|(n, m)| *n != 1 && n != m) {
                return Err(Fault::Raise);
            }
            Array::from_fn(a.dtype, dims, |index| Ok(a.at(index)))?
        }
        SPREAD => Array::from_fn(a.dtype, broadcast(&[&a.dims, &x[1].array()?.dims])?, |index| Ok(a.at(index)))?,
        CONCATENATE => {
            let (k, first) = (axis()?, x[1].array()?);
            if first.dims.len() != rank || (0..rank).any(|j| j != k && first.dims[j] != a.dims[j]) {
                return Err(Fault::Raise);
            }
            let mut dims = a.dims.clone();
            dims[k] += first.dims[k];
            Array::from_fn(a.dtype, dims, |index| {
                let mut at = index.to_vec();
                let behind = at[k].checked_sub(first.dims[k]);
                at[k] = behind.unwrap_or(at[k]);
                Ok(if behind.is_some() { exactly(a, &at) } else { exactly(first, &at) })
            })?
        }
        DIAG => {
            let [n, m] = a.dims[..] else { return Err(Fault::Unspecified) };
            Array::from_fn(a.dtype, vec![n.min(m)], |index| Ok(exactly(a, &[index[0], index[0]])))?
        }
        _ => return Err(Fault::Unspecified),
    };
    Ok(Value::Array(result))
}

/// The element at an index of its own.
fn exactly(a: &Array, index: &[usize]) -> crate::scalar::Scalar {
    a.data[a.dims.iter().zip(index).fold(0, |p, (n, i)| p * n + i)]
}

fn shape(v: &Value) -> Result<Vec<usize>, Fault> {
    let Value::Tuple(items) = v else { return Err(Fault::Unspecified) };
    items.iter().map(|i| usize::try_from(i.integer()?).map_err(|_| Fault::Raise)).collect()
}
