//! Terms: leaves from outside, numbers, attributes, and operators on terms.
//!
//! What MLIR would call an attribute of an operator (an axis, an element type, a permutation) is a term of its own, so that patterns can name it:
//! `(sum ?axis (add ?x ?y))`. Written form: `$3` a leaf, `2.5:float64` a number, `#0` or `#all` an axis, `#float32` an element type, `#perm(1,0)` a permutation, `#@f` a symbol.
use crate::{
    operators::Operator,
    scalar::{self, Scalar},
};
use egg::{Id, Language};
use numbra_abi::DType;
use smallvec::SmallVec;

/// Operands of an operator.
pub type Children = SmallVec<[Id; 4]>;

/// Number of one type, by its bytes: floats are equal where their bits are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Number {
    /// Its type
    pub dtype: DType,
    /// Its value, little-endian; the bytes beyond the type's size are 0
    pub bytes: [u8; 16],
}

impl Number {
    /// An integer of an integer or boolean type (wrapped), or the nearest float of a float type; of other types none.
    pub fn integer(dtype: DType, value: i128) -> Option<Number> {
        scalar::from_integer(dtype, value).map(|s| s.number(dtype))
    }

    /// A float of a float type.
    pub fn float(dtype: DType, value: f64) -> Option<Number> {
        match dtype {
            DType::Float32 => Some(Scalar::F32(value as f32).number(dtype)),
            DType::Float64 => Some(Scalar::F64(value).number(dtype)),
            _ => None,
        }
    }

    /// Its value, unless it is of a type without arithmetic here (times, records).
    pub fn scalar(&self) -> Option<Scalar> {
        Scalar::of(self)
    }

    /// Its value, if that is an integer: a float too, -0.0 excepted.
    pub fn as_integer(&self) -> Option<i128> {
        match self.scalar()? {
            Scalar::Bool(b) => Some(b as i128),
            Scalar::Int(i) => Some(i),
            Scalar::F32(f) => integral(f as f64),
            Scalar::F64(f) => integral(f),
            Scalar::C64(_) | Scalar::C128(_) => integral(self.as_float()?),
        }
    }

    /// Its value as a float of 64 bits; none of a complex number that is no real one.
    pub fn as_float(&self) -> Option<f64> {
        Some(match self.scalar()? {
            Scalar::Bool(b) => b as u8 as f64,
            Scalar::Int(i) => i as f64,
            Scalar::F32(f) => f as f64,
            Scalar::F64(f) => f,
            other => {
                let [re, im] = other.parts();
                (im.to_bits() == 0).then_some(re)?
            }
        })
    }
}

fn integral(f: f64) -> Option<i128> {
    (f.fract() == 0.0 && f.abs() < 1e30 && (f != 0.0 || f.is_sign_positive())).then_some(f as i128)
}

/// What says how an operator works.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Attribute {
    /// One axis, counted from 0
    Axis(u8),
    /// All axes; a part of a slice or an argument that is left out
    All,
    /// Element type
    DType(DType),
    /// Axes in their new order: axis `k` of the result is axis `p[k]` of the operand
    Permutation(Vec<u8>),
    /// Function of elements that is no operator, by its symbol
    Symbol(String),
}

/// Node of a term, and of the e-graph.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Node {
    /// Value from outside, by its number
    Leaf(u32),
    /// Number known at compile time
    Number(Number),
    /// How an operator works
    Attribute(Attribute),
    /// Operator and what it is applied to
    Apply(Operator, Children),
}

impl Node {
    /// An operator on operands.
    pub fn apply(operator: Operator, children: &[Id]) -> Node {
        Node::Apply(operator, children.into())
    }
}

/// What a pattern's node and an e-graph's node share where the one may match the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Head {
    /// Leaf
    Leaf,
    /// Number
    Number,
    /// Attribute
    Attribute,
    /// Operator
    Apply(Operator),
}

impl Language for Node {
    type Discriminant = Head;

    fn discriminant(&self) -> Head {
        match self {
            Node::Leaf(_) => Head::Leaf,
            Node::Number(_) => Head::Number,
            Node::Attribute(_) => Head::Attribute,
            Node::Apply(o, _) => Head::Apply(*o),
        }
    }

    fn matches(&self, other: &Node) -> bool {
        match (self, other) {
            (Node::Apply(a, x), Node::Apply(b, y)) => a == b && x.len() == y.len(),
            (a, b) => a == b,
        }
    }

    fn children(&self) -> &[Id] {
        match self {
            Node::Apply(_, c) => c,
            _ => &[],
        }
    }

    fn children_mut(&mut self) -> &mut [Id] {
        match self {
            Node::Apply(_, c) => c,
            _ => &mut [],
        }
    }
}
