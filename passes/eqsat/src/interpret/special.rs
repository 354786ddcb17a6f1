//! Special methods on tuples, ranges and arrays.
use super::{Array, Fault, Outcome, Value};
use crate::{
    operators::*,
    scalar::{self, Scalar},
};
use numbra_abi::DType;

/// Applies a special method.
pub fn apply(operator: Operator, x: &[&Value]) -> Outcome {
    let integer = |n: i64| Ok(Value::number(DType::Int64, Scalar::Int(n as i128)));
    match (operator, x) {
        (TUPLE, _) => Ok(Value::Tuple(x.iter().map(|v| (*v).clone()).collect())),
        (ITEM, [k, Value::Tuple(items)]) => k.axis()?.and_then(|k| items.get(k).cloned()).ok_or(Fault::Unspecified),
        (LEN, [Value::Tuple(items)]) => integer(items.len() as i64),
        (LEN, [Value::Range(a, b, s)]) => integer(count(*a, *b, *s)),
        (LEN, [Value::Array(a)]) => integer(*a.dims.first().ok_or(Fault::Unspecified)? as i64),
        (SIZE, [Value::Array(a)]) => integer(a.data.len() as i64),
        (DIM, [k, Value::Array(a)]) => integer(*k.axis()?.and_then(|k| a.dims.get(k)).ok_or(Fault::Unspecified)? as i64),
        (RANGE, [a, b, s]) => match s.integer()? {
            0 => Err(Fault::Raise),
            s => Ok(Value::Range(a.integer()?, b.integer()?, s)),
        },
        (GETITEM, [k, Value::Range(a, b, s)]) => {
            let (k, n) = (k.integer()?, count(*a, *b, *s));
            let k = if k < 0 { k + n } else { k };
            if (0..n).contains(&k) { integer(a.wrapping_add(k.wrapping_mul(*s))) } else { Err(Fault::Raise) }
        }
        (GETITEM, [k, Value::Tuple(items)]) => {
            let (k, n) = (k.integer()?, items.len() as i64);
            items.get((if k < 0 { k + n } else { k }) as usize).cloned().ok_or(Fault::Raise)
        }
        (CONTAINS, [v, container]) => {
            let v = v.array()?;
            let equal = |a: &Array| a.data.iter().any(|e| scalar::apply(EQ, a.dtype, &[*e, v.data[0]]) == Some(Scalar::Bool(true)));
            let found = match container {
                Value::Array(a) => equal(a),
                Value::Tuple(items) => items.iter().map(|i| i.array()).collect::<Result<Vec<_>, _>>()?.into_iter().any(equal),
                Value::Range(a, b, s) => elements(*a, *b, *s)?.contains(&v.data[0]),
                Value::Attribute(_) => return Err(Fault::Unspecified),
            };
            Ok(Value::number(DType::Bool, Scalar::Bool(found)))
        }
        (ARRAY, [Value::Range(a, b, s)]) => {
            let data = elements(*a, *b, *s)?;
            Ok(Value::Array(Array { dtype: DType::Int64, dims: vec![data.len()], data }))
        }
        (ARRAY, [Value::Tuple(items)]) => {
            let arrays: Vec<&Array> = items.iter().map(|i| i.array()).collect::<Result<_, _>>()?;
            let first = arrays.first().ok_or(Fault::Unspecified)?;
            Ok(Value::Array(Array { dtype: first.dtype, dims: vec![arrays.len()], data: arrays.iter().map(|a| a.data[0]).collect() }))
        }
        _ => Err(Fault::Unspecified),
    }
}

/// How many integers a range has.
pub fn count(start: i64, stop: i64, step: i64) -> i64 {
    let (gap, step) = if step > 0 { (stop as i128 - start as i128, step as i128) } else { (start as i128 - stop as i128, -(step as i128)) };
    ((gap + step - 1).div_euclid(step)).clamp(0, i64::MAX as i128) as i64
}

fn elements(start: i64, stop: i64, step: i64) -> Result<Vec<Scalar>, Fault> {
    let n = count(start, stop, step);
    // Ranges too long to write down are for other trials.
    (n <= 1000).then(|| (0..n).map(|k| Scalar::Int((start + k * step) as i128)).collect()).ok_or(Fault::Unspecified)
}
