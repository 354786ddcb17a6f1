//! Terms computed on small arrays, as plainly as can be: what rules are checked against.
mod matrix;
pub(crate) mod special;
mod view;

use crate::{
    language::{Attribute, Node},
    operators::*,
    scalar::{self, Scalar},
};
use egg::Id;
use numbra_abi::DType;

/// Value of a term.
#[derive(Clone, Debug)]
pub enum Value {
    /// Array, or number
    Array(Array),
    /// Tuple
    Tuple(Vec<Value>),
    /// Range: start, stop, step
    Range(i64, i64, i64),
    /// Attribute
    Attribute(Attribute),
}

/// Array: lengths of the axes, elements in order of C.
#[derive(Clone, Debug)]
pub struct Array {
    /// Type of the elements
    pub dtype: DType,
    /// Lengths
    pub dims: Vec<usize>,
    /// Elements
    pub data: Vec<Scalar>,
}

/// Why there is no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// An exception
    Raise,
    /// Left open by the language, or a term that has no meaning
    Unspecified,
}

/// Value or fault.
pub type Outcome = Result<Value, Fault>;

/// How sums go: rules that are exact hold for every order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grouping {
    /// One after the other
    Sequential,
    /// By halves
    Halves,
}

/// Computes terms, operands first.
pub fn all(terms: &[Node], leaves: &[Value], grouping: Grouping) -> Vec<Outcome> {
    let mut values: Vec<Outcome> = Vec::with_capacity(terms.len());
    for node in terms {
        let value = match node {
            Node::Leaf(k) => leaves.get(*k as usize).cloned().ok_or(Fault::Unspecified),
            Node::Number(n) => n.scalar().map(|s| Value::Array(Array { dtype: n.dtype, dims: vec![], data: vec![s] })).ok_or(Fault::Unspecified),
            Node::Attribute(a) => Ok(Value::Attribute(a.clone())),
            Node::Apply(operator, children) => apply(*operator, children, &values, grouping),
        };
        values.push(value);
    }
    values
}

fn apply(operator: Operator, children: &[Id], values: &[Outcome], grouping: Grouping) -> Outcome {
    let operands: Vec<&Value> = children.iter().map(|c| values[usize::from(*c)].as_ref().map_err(|f| *f)).collect::<Result<_, _>>()?;
    match operator.class() {
        Class::Element => element(operator, &operands),
        Class::Reduce | Class::Scan => along(operator, &operands, grouping),
        Class::View => view::apply(operator, &operands),
        Class::Matrix => matrix::apply(operator, &operands, grouping),
        Class::Special => special::apply(operator, &operands),
    }
}

impl Value {
    /// The array that it is.
    pub fn array(&self) -> Result<&Array, Fault> {
        if let Value::Array(a) = self { Ok(a) } else { Err(Fault::Unspecified) }
    }

    /// The integer that it is.
    pub fn integer(&self) -> Result<i64, Fault> {
        match self.array()?.data.as_slice() {
            [Scalar::Int(i)] => i64::try_from(*i).map_err(|_| Fault::Unspecified),
            _ => Err(Fault::Unspecified),
        }
    }

    /// The axis that it is; none: all.
    pub fn axis(&self) -> Result<Option<usize>, Fault> {
        match self {
            Value::Attribute(Attribute::Axis(k)) => Ok(Some(*k as usize)),
            Value::Attribute(Attribute::All) => Ok(None),
            _ => Err(Fault::Unspecified),
        }
    }

    /// A number.
    pub fn number(dtype: DType, value: Scalar) -> Value {
        Value::Array(Array { dtype, dims: vec![], data: vec![value] })
    }
}

impl Array {
    /// Elements by index.
    pub fn from_fn(dtype: DType, dims: Vec<usize>, mut element: impl FnMut(&[usize]) -> Result<Scalar, Fault>) -> Result<Array, Fault> {
        let count = dims.iter().product();
        let mut index = vec![0; dims.len()];
        let mut data = Vec::with_capacity(count);
        for _ in 0..count {
            data.push(element(&index)?);
            for k in (0..dims.len()).rev() {
                index[k] += 1;
                if index[k] < dims[k] {
                    break;
                }
                index[k] = 0;
            }
        }
        Ok(Array { dtype, dims, data })
    }

    /// The element at an index, broadcast.
    pub fn at(&self, index: &[usize]) -> Scalar {
        let first = index.len() - self.dims.len();
        let place = self.dims.iter().zip(&index[first..]).fold(0, |p, (n, i)| p * n + if *n == 1 { 0 } else { *i });
        self.data[place]
    }
}

/// Shape that shapes have together.
pub fn broadcast(shapes: &[&[usize]]) -> Result<Vec<usize>, Fault> {
    let rank = shapes.iter().map(|s| s.len()).max().unwrap_or(0);
    let mut dims = vec![1; rank];
    for shape in shapes {
        for (d, n) in dims[rank - shape.len()..].iter_mut().zip(*shape) {
            match (*d, *n) {
                (a, b) if a == b || b == 1 => {}
                (1, b) => *d = b,
                _ => return Err(Fault::Raise),
            }
        }
    }
    Ok(dims)
}

fn element(operator: Operator, x: &[&Value]) -> Outcome {
    let (dtype, operands) = match (operator, x) {
        (CAST, [Value::Attribute(Attribute::DType(d)), rest @ ..]) => (Some(*d), rest),
        (CALL, _) => return Err(Fault::Unspecified),
        _ => (None, x),
    };
    let arrays: Vec<&Array> = operands.iter().map(|v| v.array()).collect::<Result<_, _>>()?;
    if operator == FITTED {
        // What other lengths would give is for the program to say, which asks before.
        return if arrays[0].dims == arrays[1].dims { Ok(Value::Array(arrays[1].clone())) } else { Err(Fault::Unspecified) };
    }
    let of = arrays[usize::from(operator == WHERE)].dtype;
    let gives = dtype.or(operator.row().gives.of(of)).unwrap_or(of);
    let dims = broadcast(&arrays.iter().map(|a| a.dims.as_slice()).collect::<Vec<_>>())?;
    Array::from_fn(gives, dims, |index| {
        let e: smallvec::SmallVec<[Scalar; 3]> = arrays.iter().map(|a| a.at(index)).collect();
        let result = if operator == CAST { scalar::cast(gives, e[0]) } else { scalar::apply(operator, of, &e) };
        result.ok_or(match e.as_slice() {
            [_, Scalar::Int(n)] if operator == POW && *n < 0 => Fault::Raise,
            _ => Fault::Unspecified,
        })
    })
    .map(Value::Array)
}

/// Reductions and scans: along one axis, or over all elements in order.
fn along(operator: Operator, x: &[&Value], grouping: Grouping) -> Outcome {
    let (axis, a) = (x[0].axis()?, x[1].array()?);
    let flat = Array { dtype: a.dtype, dims: vec![a.data.len()], data: a.data.clone() };
    let (k, a) = match axis {
        Some(k) if k < a.dims.len() => (k, a),
        None if operator.class() == Class::Reduce => (0, &flat),
        _ => return Err(Fault::Unspecified),
    };
    let row = |index: &[usize], upto: usize| -> Vec<Scalar> {
        let mut at = index.to_vec();
        at.insert(k, 0);
        (0..upto)
            .map(|j| {
                at[k] = j;
                a.at(&at)
            })
            .collect()
    };
    let mut rest = a.dims.clone();
    let n = rest.remove(k);
    if operator.class() == Class::Scan {
        let of = match operator {
            CUMSUM => SUM,
            CUMPROD => PROD,
            RUNNING_MIN => MIN,
            _ => MAX,
        };
        return Array::from_fn(a.dtype, a.dims.clone(), |index| {
            let mut others = index.to_vec();
            let j = others.remove(k);
            reduce(of, a.dtype, &row(&others, j + 1), Grouping::Sequential)
        })
        .map(Value::Array);
    }
    // A smallest element of none is an error even where there is no place for it.
    if n == 0 && matches!(operator, MIN | MAX | ARGMIN | ARGMAX) {
        return Err(Fault::Raise);
    }
    let gives = operator.row().gives.of(a.dtype).unwrap_or(a.dtype);
    Array::from_fn(gives, rest, |index| reduce(operator, a.dtype, &row(index, n), grouping)).map(Value::Array)
}

/// One element of several.
pub fn reduce(operator: Operator, dtype: DType, row: &[Scalar], grouping: Grouping) -> Result<Scalar, Fault> {
    let (of, start) = match operator {
        SUM | MEAN => (ADD, Some(0)),
        PROD => (MUL, Some(1)),
        ANY => (OR, Some(0)),
        ALL => (AND, Some(1)),
        MIN => (MINIMUM, None),
        MAX => (MAXIMUM, None),
        ARGMIN => return position(LT, dtype, row),
        ARGMAX => return position(GT, dtype, row),
        _ => return Err(Fault::Unspecified),
    };
    let two = |a, b| scalar::apply(of, dtype, &[a, b]).ok_or(Fault::Unspecified);
    fn halves(row: &[Scalar], two: &dyn Fn(Scalar, Scalar) -> Result<Scalar, Fault>) -> Result<Scalar, Fault> {
        match row {
            [one] => Ok(*one),
            _ => two(halves(&row[..row.len() / 2], two)?, halves(&row[row.len() / 2..], two)?),
        }
    }
    let start = start.map(|n| scalar::from_integer(dtype, n).ok_or(Fault::Unspecified)).transpose()?;
    let total = match (grouping, row, start) {
        (_, [], Some(s)) => s,
        (_, [], None) => return Err(Fault::Raise),
        (Grouping::Halves, _, Some(s)) => two(s, halves(row, &two)?)?,
        (Grouping::Halves, _, None) => halves(row, &two)?,
        (Grouping::Sequential, [first, rest @ ..], None) => rest.iter().try_fold(*first, |a, b| two(a, *b))?,
        (Grouping::Sequential, _, Some(s)) => row.iter().try_fold(s, |a, b| two(a, *b))?,
    };
    if operator != MEAN {
        return Ok(total);
    }
    let count = scalar::from_integer(dtype, row.len() as i128).ok_or(Fault::Unspecified)?;
    scalar::apply(TRUEDIV, dtype, &[total, count]).ok_or(Fault::Unspecified)
}

/// Where the extreme element first is; the first NaN, if there is one.
fn position(better: Operator, dtype: DType, row: &[Scalar]) -> Result<Scalar, Fault> {
    if let Some(k) = row.iter().position(|s| s.is_nan()) {
        return Ok(Scalar::Int(k as i128));
    }
    let mut best = 0;
    for k in 1..row.len() {
        if scalar::apply(better, dtype, &[row[k], row[best]]) == Some(Scalar::Bool(true)) {
            best = k;
        }
    }
    Ok(Scalar::Int(best as i128))
}
