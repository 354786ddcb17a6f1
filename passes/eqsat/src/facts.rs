//! What is known of a term whatever form it has: all members of an equivalence class share it.
use crate::language::{Attribute, Number};
use numbra_abi::DType;

/// Length of an axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Dim {
    /// Known at compile time
    Known(i64),
    /// That of an axis of a leaf: equal names are equal lengths
    Of(u32, u8),
    /// That of an axis of a leaf less so many, but at least 0
    Less(u32, u8, u32),
    /// The product of so many first axes of a leaf
    Product(u32, u8),
    /// Not known
    Unknown,
}

impl Dim {
    /// Whether both are surely the same length.
    pub fn same(self, other: Dim) -> bool {
        self == other && self != Dim::Unknown
    }

    /// Length, if known.
    pub fn known(self) -> Option<i64> {
        if let Dim::Known(n) = self { Some(n) } else { None }
    }
}

/// What a term stands for.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// Array of elements; without axes: a number
    Array {
        /// Type of the elements
        dtype: DType,
        /// Lengths of the axes
        dims: Vec<Dim>,
    },
    /// Tuple, by element
    Tuple(Vec<Facts>),
    /// `range` of integers
    Range,
    /// How an operator works
    Attribute(Attribute),
    /// Anything else: only equal to itself
    Opaque,
}

/// Order of the elements in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Order {
    /// The last axis goes in steps of an element
    C,
    /// The first one does
    F,
    /// Not known
    Any,
}

/// What is known of a term.
#[derive(Clone, Debug, PartialEq)]
pub struct Facts {
    /// What it stands for
    pub kind: Kind,
    /// Order in memory, where it is in memory
    pub order: Order,
    /// Its value, where that is one number (of all elements, if it is an array)
    pub value: Option<Number>,
    /// Where it is an integer: the length of an axis that it is, or the number of elements; of a tuple of lengths: their product
    pub length: Option<Dim>,
    /// Whether it may raise when it is computed
    pub may_raise: bool,
    /// The last leaf that it needs: it can be computed only behind that
    pub last_leaf: Option<u32>,
}

impl Facts {
    /// Of an array or number that is there: no value known.
    pub fn array(dtype: DType, dims: Vec<Dim>, order: Order) -> Facts {
        Facts { kind: Kind::Array { dtype, dims }, order, value: None, length: None, may_raise: false, last_leaf: None }
    }

    /// Of something of which nothing is known: no rule touches it.
    pub fn opaque() -> Facts {
        Facts { kind: Kind::Opaque, order: Order::Any, value: None, length: None, may_raise: true, last_leaf: None }
    }

    /// Of an attribute.
    pub fn attribute(attribute: Attribute) -> Facts {
        Facts { kind: Kind::Attribute(attribute), order: Order::Any, value: None, length: None, may_raise: false, last_leaf: None }
    }

    /// Of a number known at compile time.
    pub fn number(number: Number) -> Facts {
        Facts { value: Some(number), ..Facts::array(number.dtype, vec![], Order::C) }
    }

    /// Type of the elements, of arrays and numbers.
    pub fn dtype(&self) -> Option<DType> {
        if let Kind::Array { dtype, .. } = self.kind { Some(dtype) } else { None }
    }

    /// Lengths of the axes, of arrays and numbers.
    pub fn dims(&self) -> Option<&[Dim]> {
        if let Kind::Array { dims, .. } = &self.kind { Some(dims) } else { None }
    }

    /// Its value as an integer, if it is known and has no axes.
    pub fn integer(&self) -> Option<i64> {
        self.dims()?.is_empty().then_some(())?;
        i64::try_from(self.value?.as_integer()?).ok()
    }

    /// The length that it gives an axis.
    pub fn as_length(&self) -> Dim {
        self.integer().filter(|n| *n >= 0).map(Dim::Known).or(self.length).unwrap_or(Dim::Unknown)
    }

    /// The axis that it is as an attribute.
    pub fn axis(&self) -> Option<usize> {
        if let Kind::Attribute(Attribute::Axis(k)) = self.kind { Some(k as usize) } else { None }
    }

    /// Puts what is known of an equal term to it; whether anything here, and anything there, was not known to the other.
    pub fn merge(&mut self, other: Facts) -> (bool, bool) {
        let before = self.clone();
        match (&mut self.kind, &other.kind) {
            (Kind::Opaque, _) => self.kind = other.kind.clone(),
            (Kind::Array { dims, .. }, Kind::Array { dims: theirs, .. }) if dims.len() == theirs.len() => {
                dims.iter_mut().zip(theirs).for_each(|(a, b)| *a = better(*a, *b));
            }
            _ => {}
        }
        if self.order != other.order {
            self.order = Order::Any;
        }
        self.value = self.value.or(other.value);
        self.length = self.length.or(other.length);
        self.may_raise &= other.may_raise;
        self.last_leaf = self.last_leaf.min(other.last_leaf);
        (*self != before, *self != other)
    }
}

fn better(a: Dim, b: Dim) -> Dim {
    let rank = |d: Dim| match d {
        Dim::Known(n) => (0, n as u64, 0, 0),
        Dim::Of(leaf, axis) => (1, leaf as u64, axis, 0),
        Dim::Less(leaf, axis, n) => (2, leaf as u64, axis, n),
        Dim::Product(leaf, count) => (3, leaf as u64, count, 0),
        Dim::Unknown => (4, 0, 0, 0),
    };
    if rank(b) < rank(a) { b } else { a }
}
