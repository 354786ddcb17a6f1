//! Integers of a function as sums: constant coefficients times values that are known before a loop, lengths of array axes, and induction variables.
//!
//! A form stands for the number without overflow. The program's number is the same modulo 2^64, so that a form proven to lie within an axis is the index itself.
use crate::{functions::path_of, numbers::const_int};
use super::{Loop, Span};
use super::super::loops;
use crate::cfg::{Cfg, Def, Key, edges, key};
use melior::ir::{OperationRef, Value, ValueLike, attribute::StringAttribute, operation::OperationLike};
use numbra_abi::DType;
use numbra_dialects::py::{BinaryKind, PyOp, Ty, UnaryKind, types::scalar_of};
use std::{cell::RefCell, collections::{BTreeMap, HashMap}};

/// Something that a form is a sum of.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Leaf {
    /// An int64 value
    Value(Key),
    /// The length of an axis of an array
    Extent(Key, usize),
    /// The part of a loop's element at a path; or, with the path `[COUNTER, i]`, argument i of its header
    Iv(usize, Vec<usize>),
    /// The last element of a loop's range whose step is a constant, if it has any
    Last(usize),
    /// The product of two of the others, in their order
    Product(Box<Leaf>, Box<Leaf>),
}

/// Marks the variable of a `while` loop.
pub const COUNTER: usize = usize::MAX;

/// A sum of leaves with coefficients, and a constant.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Affine {
    /// Coefficients, none zero
    pub terms: BTreeMap<Leaf, i64>,
    /// The constant
    pub constant: i64,
}

// Beyond these, a value is a leaf of its own: sums in 128 bits can then never overflow.
const COEFFICIENT: i64 = 1 << 20;
const CONSTANT: i64 = 1 << 40;
const DEPTH: usize = 24;

impl Affine {
    /// A constant.
    pub fn constant(n: i64) -> Self {
        Self { terms: BTreeMap::new(), constant: n }
    }
    /// One leaf.
    pub fn leaf(leaf: Leaf) -> Self {
        Self { terms: BTreeMap::from([(leaf, 1)]), constant: 0 }
    }
    /// `self + factor * other`; `None` when a number gets too large.
    pub fn plus(&self, other: &Affine, factor: i64) -> Option<Affine> {
        let mut sum = self.clone();
        sum.constant = sum.constant.checked_add(other.constant.checked_mul(factor)?)?;
        for (leaf, c) in &other.terms {
            let c = c.checked_mul(factor)?;
            let entry = sum.terms.entry(leaf.clone()).or_default();
            *entry = entry.checked_add(c)?;
        }
        sum.terms.retain(|_, c| *c != 0);
        let small = sum.constant.unsigned_abs() <= CONSTANT as u64 && sum.terms.values().all(|c| c.unsigned_abs() <= COEFFICIENT as u64) && sum.terms.len() <= 12;
        small.then_some(sum)
    }
    /// The product of two short forms; `None` for long ones and for products of products.
    fn times(&self, other: &Affine) -> Option<Affine> {
        let mut sum = Affine::constant(0).plus(self, other.constant)?.plus(&Affine { constant: 0, ..other.clone() }, self.constant)?;
        for (a, c) in &self.terms {
            for (b, d) in &other.terms {
                if matches!(a, Leaf::Product(..)) || matches!(b, Leaf::Product(..)) {
                    return None;
                }
                let (first, second) = if a <= b { (a, b) } else { (b, a) };
                let leaf = Leaf::Product(Box::new(first.clone()), Box::new(second.clone()));
                sum = sum.plus(&Affine::leaf(leaf), c.checked_mul(*d)?)?;
            }
        }
        Some(sum)
    }
    /// Whether the sum fits 128 bits: at most one product, once.
    pub fn narrow(&self) -> bool {
        let mut products = self.terms.iter().filter(|t| matches!(t.0, Leaf::Product(..)));
        products.next().is_none_or(|p| p.1.unsigned_abs() == 1) && products.next().is_none()
    }
    /// The value if it is constant.
    pub fn as_constant(&self) -> Option<i64> {
        self.terms.is_empty().then_some(self.constant)
    }
    /// Whether the program's number is the form's for certain: a constant, a value itself, or a length with a small offset.
    pub fn exact(&self) -> bool {
        match self.terms.iter().collect::<Vec<_>>().as_slice() {
            [] => true,
            [(Leaf::Extent(..), 1)] => self.constant.unsigned_abs() < 1 << 31,
            [(Leaf::Value(_) | Leaf::Iv(..) | Leaf::Last(_), 1)] => self.constant == 0,
            _ => false,
        }
    }
}

/// Makes forms of the values of a function.
pub struct Forms<'k, 'c, 'a> {
    /// The function
    pub cfg: &'k Cfg<'c, 'a>,
    /// Its loops
    pub loops: &'k [Loop<'c, 'a>],
    /// A value for each leaf
    pub values: RefCell<HashMap<Leaf, Value<'c, 'a>>>,
}

impl<'c: 'a, 'a> Forms<'_, 'c, 'a> {
    fn as_leaf(&self, leaf: Leaf, value: Value<'c, 'a>) -> Affine {
        self.values.borrow_mut().entry(leaf.clone()).or_insert(value);
        Affine::leaf(leaf)
    }

    /// The form of an int64 value; `None` for values of other types.
    pub fn of(&self, value: Value<'c, 'a>) -> Option<Affine> {
        (scalar_of(value.r#type()) == Some(DType::Int64)).then(|| self.form(value, 0))
    }

    fn form(&self, value: Value<'c, 'a>, depth: usize) -> Affine {
        let value = self.resolve(value);
        self.sum(value, depth + 1).unwrap_or_else(|| self.as_leaf(Leaf::Value(key(value)), value))
    }

    fn sum(&self, value: Value<'c, 'a>, depth: usize) -> Option<Affine> {
        if depth > DEPTH {
            return None;
        }
        if let Some(n) = const_int(self.cfg, value) {
            return (n.unsigned_abs() <= CONSTANT as u64).then(|| Affine::constant(n));
        }
        if let Some((l, path)) = self.element(value) {
            let next = self.loops[l].next?;
            loops::span(self.cfg, loops::iterable(self.cfg, next)?, &path)?;
            return Some(self.as_leaf(Leaf::Iv(l, path), value));
        }
        if let Some(Def::Argument { block, index }) = self.cfg.def(value) {
            let l = self.loops.iter().position(|l| l.header == block)?;
            loops::counter(self.cfg, &self.loops[l], index)?;
            return Some(self.as_leaf(Leaf::Iv(l, vec![COUNTER, index]), value));
        }
        let (kind, op) = self.cfg.op(value)?;
        let int = |v: Value<'c, 'a>| scalar_of(v.r#type()) == Some(DType::Int64);
        match kind {
            PyOp::Binary => {
                let (a, b) = (op.operand(0).ok()?, op.operand(1).ok()?);
                if !int(a) || !int(b) {
                    return None;
                }
                let (x, y) = (self.form(a, depth), self.form(b, depth));
                match BinaryKind::of(op.attribute("kind").ok()?)? {
                    BinaryKind::Add => x.plus(&y, 1),
                    BinaryKind::Sub => x.plus(&y, -1),
                    BinaryKind::Mul => match (x.as_constant(), y.as_constant()) {
                        (Some(c), _) => Affine::default().plus(&y, c),
                        (_, Some(c)) => Affine::default().plus(&x, c),
                        _ => x.times(&y),
                    },
                    _ => None,
                }
            }
            PyOp::Unary => {
                let v = op.operand(0).ok().filter(|v| int(*v))?;
                match UnaryKind::of(op.attribute("kind").ok()?)? {
                    UnaryKind::Neg => Affine::default().plus(&self.form(v, depth), -1),
                    UnaryKind::Pos => Some(self.form(v, depth)),
                    _ => None,
                }
            }
            PyOp::Builtin if path_of(op)? == "len" => {
                let a = op.operand(0).ok()?;
                matches!(Ty::from_mlir(a.r#type())?, Ty::Array(_)).then(|| self.extent(a, 0, depth))
            }
            PyOp::GetItem => {
                let (tuple, index) = (op.operand(0).ok()?, op.operand(1).ok()?);
                self.item(tuple, usize::try_from(const_int(self.cfg, index)?).ok()?, depth)
            }
            PyOp::Unpack => {
                let Def::Result { index, .. } = self.cfg.def(value)? else { return None };
                self.item(op.operand(0).ok()?, index, depth)
            }
            _ => None,
        }
    }

    // Element `index` of a tuple.
    fn item(&self, tuple: Value<'c, 'a>, index: usize, depth: usize) -> Option<Affine> {
        let tuple = self.resolve(tuple);
        match self.cfg.op(tuple)? {
            (PyOp::Tuple, op) => op.operand(index).ok().and_then(|v| self.of_depth(v, depth)),
            (PyOp::GetAttr, op) if text(op, "attribute") == Some("shape") => Some(self.extent(op.operand(0).ok()?, index, depth)),
            _ => None,
        }
    }

    fn of_depth(&self, value: Value<'c, 'a>, depth: usize) -> Option<Affine> {
        (scalar_of(value.r#type()) == Some(DType::Int64)).then(|| self.form(value, depth))
    }

    /// The length of an axis of an array.
    pub fn extent(&self, array: Value<'c, 'a>, axis: usize, depth: usize) -> Affine {
        let array = self.resolve(array);
        self.extent_of_source(array, axis, depth + 1).unwrap_or_else(|| self.as_leaf(Leaf::Extent(key(array), axis), array))
    }

    fn extent_of_source(&self, array: Value<'c, 'a>, axis: usize, depth: usize) -> Option<Affine> {
        if depth > DEPTH {
            return None;
        }
        if let Some((l, path)) = self.element(array) {
            let source = loops::rows_of(self.cfg, loops::iterable(self.cfg, self.loops[l].next?)?, &path)?;
            Ty::from_mlir(source.r#type())?.array()?;
            return Some(self.extent(source, axis + 1, depth));
        }
        let (kind, op) = self.cfg.op(array)?;
        let source = op.operand(0).ok()?;
        match kind {
            PyOp::Cast => Some(self.extent(source, axis, depth)),
            PyOp::GetAttr if text(op, "attribute") == Some("T") => {
                let rank = Ty::from_mlir(source.r#type())?.array()?.rank;
                Some(self.extent(source, (rank - 1).checked_sub(axis)?, depth))
            }
            PyOp::GetItem => {
                Ty::from_mlir(source.r#type())?.array()?;
                // Only integers: they take the first axes.
                let used = match Ty::from_mlir(op.operand(1).ok()?.r#type())? {
                    Ty::Scalar(_) => 1,
                    Ty::Tuple(parts) if parts.iter().all(|p| p.scalar().is_some()) => parts.len(),
                    _ => return None,
                };
                Some(self.extent(source, axis + used, depth))
            }
            PyOp::Builtin => match path_of(op)? {
                "array.copy" => Some(self.extent(source, axis, depth)),
                // The array exists, so its length is what was asked for; a sum may have wrapped around to it, but not by a small offset.
                "numpy.empty" | "numpy.zeros" | "numpy.ones" | "numpy.full" => {
                    let n = self.item(source, axis, depth)?;
                    let single = n.terms.len() <= 1 && n.terms.iter().all(|(leaf, c)| *c == 1 && !matches!(leaf, Leaf::Product(..)));
                    let simple = single && n.constant.unsigned_abs() < 1 << 31;
                    simple.then_some(n)
                }
                _ => None,
            },
            _ => None,
        }
    }

    /// The loop and path whose element a value is.
    fn element(&self, value: Value<'c, 'a>) -> Option<(usize, Vec<usize>)> {
        let Def::Result { op, index, .. } = self.cfg.def(value)? else { return None };
        match PyOp::of(&op) {
            PyOp::Next if index == 1 => self.loops.iter().position(|l| l.next == Some(op)).map(|l| (l, vec![])),
            PyOp::Unpack => {
                let (l, mut path) = self.element(op.operand(0).ok()?)?;
                path.push(index);
                Some((l, path))
            }
            PyOp::GetItem => {
                let tuple = op.operand(0).ok()?;
                matches!(Ty::from_mlir(tuple.r#type())?, Ty::Tuple(_)).then_some(())?;
                let (l, mut path) = self.element(tuple)?;
                path.push(usize::try_from(const_int(self.cfg, op.operand(1).ok()?)?).ok()?);
                Some((l, path))
            }
            _ => None,
        }
    }

    // A block argument that always gets the same value is that value.
    fn resolve(&self, mut value: Value<'c, 'a>) -> Value<'c, 'a> {
        for _ in 0..8 {
            let Some(Def::Argument { block, index }) = self.cfg.def(value) else { return value };
            let mut same: Option<Value<'c, 'a>> = None;
            for p in &self.cfg.blocks[block].preds {
                let Some(terminator) = self.cfg.blocks[*p].ops.last() else { return value };
                for (target, values) in edges(*terminator) {
                    if self.cfg.number(target) != Some(block) {
                        continue;
                    }
                    let Some(v) = values.get(index) else { return value };
                    if key(*v) == key(value) || same.is_some_and(|s| key(s) == key(*v)) {
                        continue;
                    }
                    if same.is_some() {
                        return value;
                    }
                    same = Some(*v);
                }
            }
            match same {
                Some(v) if block != 0 => value = v,
                _ => return value,
            }
        }
        value
    }

    /// What an induction variable ranges over.
    pub fn span(&self, leaf: &Leaf) -> Option<Span<'c, 'a>> {
        let Leaf::Iv(l, path) = leaf else { return None };
        if let [COUNTER, index] = path[..] {
            return loops::counter(self.cfg, &self.loops[*l], index);
        }
        loops::span(self.cfg, loops::iterable(self.cfg, self.loops[*l].next?)?, path)
    }
}

fn text<'c: 'a, 'a>(op: OperationRef<'c, 'a>, name: &str) -> Option<&'c str> {
    StringAttribute::try_from(op.attribute(name).ok()?).ok().map(|s| s.value())
}
