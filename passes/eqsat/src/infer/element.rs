//! Element-wise operators: one type of elements, shapes broadcast.
use super::{Result_, broadcast};
use crate::{
    facts::{Facts, Kind, Order},
    language::{Attribute, Number},
    operators::*,
    scalar,
};
use numbra_abi::DType;

/// Result of an operator.
pub fn infer(operator: Operator, x: &[&Facts]) -> Result_ {
    let (dtype, arrays) = types(operator, x)?;
    if operator == FITTED {
        // The program has asked for these lengths before.
        let dims = arrays[0].dims()?;
        return (arrays[1].dims()?.len() == dims.len()).then(|| (Kind::Array { dtype, dims: dims.to_vec() }, Order::C, false));
    }
    let mut dims = vec![];
    let mut raises = operator == POW && is_integer(dtype) && x[1].value.and_then(|v| v.as_integer()).is_none_or(|n| n < 0);
    for f in arrays {
        let (d, clash) = broadcast(&dims, f.dims()?);
        (dims, raises) = (d, raises | clash);
    }
    Some((Kind::Array { dtype, dims }, Order::C, raises))
}

/// Type of the result, and the operands that are arrays.
fn types<'a, 'f>(operator: Operator, x: &'a [&'f Facts]) -> Option<(DType, &'a [&'f Facts])> {
    let all = |list: &[&Facts], d: DType| list.iter().all(|f| f.dtype() == Some(d));
    Some(match operator {
        WHERE => {
            let d = x[1].dtype()?;
            (x[0].dtype() == Some(DType::Bool) && all(&x[1..], d)).then_some((d, x))?
        }
        CAST => (attribute(x[0])?, &x[1..]),
        FIRST => (x[0].dtype()?, x),
        FITTED => (x[1].dtype()?, x),
        CALL => {
            let (_, list) = (x.first()?, x.get(2..)?);
            (attribute(x[1])?, list)
        }
        _ => {
            let d = x.first()?.dtype()?;
            (operator.row().domain.has(d) && all(x, d)).then_some(())?;
            (operator.row().gives.of(d)?, x)
        }
    })
}

fn attribute(f: &Facts) -> Option<DType> {
    if let Kind::Attribute(Attribute::DType(d)) = f.kind { Some(d) } else { None }
}

/// The value of all elements, where all operands have one and compiled code computes just this.
pub fn value(operator: Operator, dtype: DType, x: &[&Facts]) -> Option<Number> {
    if operator == CAST {
        return scalar::cast(dtype, x[1].value?.scalar()?).map(|s| s.number(dtype));
    }
    match operator {
        FIRST => return x[0].value,
        FITTED => return x[1].value,
        _ => {}
    }
    (scalar::folds(operator) && (operator != ABS || Domain::Real.has(x[0].dtype()?))).then_some(())?;
    let mut values = smallvec::SmallVec::<[scalar::Scalar; 3]>::new();
    for f in x {
        values.push(f.value?.scalar()?);
    }
    let of = if operator == WHERE { dtype } else { x[0].dtype()? };
    let result = scalar::apply(operator, of, &values)?;
    // What NaN comes out is not for here to say.
    (!result.is_nan()).then(|| result.number(dtype))
}
