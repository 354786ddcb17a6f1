//! Indices as sums of the loop's variable and of values that are the same in all iterations.
use super::{region::ParallelLoop, same::{only_computes, same}};
use crate::{cfg::{Cfg, Def}, functions::path_of, numbers::const_int};
use melior::ir::{Value, ValueLike, operation::OperationLike};
use numbra_dialects::py::{BinaryKind, PyOp, Ty};
use std::collections::BTreeMap;

/// Chains of operations that are longer are one unknown value.
const DEPTH: usize = 8;

/// `coefficient * i + constant + symbols`, of which the symbols are values with factors, by their numbers.
#[derive(Clone, Debug, Default, PartialEq)]
#[allow(missing_docs)]
pub struct Affine {
    pub coefficient: i64,
    pub constant: i64,
    pub symbols: BTreeMap<usize, i64>,
}

impl Affine {
    /// A symbol alone.
    pub fn symbol(number: usize) -> Affine {
        Affine { symbols: BTreeMap::from([(number, 1)]), ..Affine::default() }
    }

    /// The sum with another one so many times.
    pub fn plus(&self, other: &Affine, times: i64) -> Option<Affine> {
        let other = other.times(times)?;
        let mut sum = self.clone();
        sum.coefficient = sum.coefficient.checked_add(other.coefficient)?;
        sum.constant = sum.constant.checked_add(other.constant)?;
        for (k, n) in other.symbols {
            let factor = sum.symbols.entry(k).or_default();
            *factor = factor.checked_add(n)?;
        }
        sum.symbols.retain(|_, n| *n != 0);
        Some(sum)
    }

    /// So many times.
    pub fn times(&self, n: i64) -> Option<Affine> {
        let symbols = self.symbols.iter().map(|(k, m)| Some((*k, m.checked_mul(n)?))).collect::<Option<_>>()?;
        Some(Affine { coefficient: self.coefficient.checked_mul(n)?, constant: self.constant.checked_mul(n)?, symbols })
    }
}

/// A value that is not known when the program is compiled.
#[derive(Clone, Copy, Debug, PartialEq)]
#[allow(missing_docs)]
pub enum Symbol<'c, 'a> {
    /// A number
    Value(Value<'c, 'a>),
    /// Where a slice of an axis of an array starts
    Start { slice: Value<'c, 'a>, array: Value<'c, 'a>, axis: usize },
    /// Where elements of a slice are of which not even the step is known: comparable with itself only
    Slice(Value<'c, 'a>),
}

/// All symbols of a loop, by number.
#[derive(Default)]
pub struct Symbols<'c, 'a> {
    all: Vec<Symbol<'c, 'a>>,
}

impl<'c: 'a, 'a> Symbols<'c, 'a> {
    /// The symbol of a number.
    pub fn get(&self, number: usize) -> Symbol<'c, 'a> {
        self.all[number]
    }

    /// The number of a symbol. Values that are computed in the same way have the same one.
    pub fn number(&mut self, cfg: &Cfg<'c, 'a>, symbol: Symbol<'c, 'a>) -> usize {
        let alike = |other: &Symbol<'c, 'a>| match (*other, symbol) {
            (Symbol::Value(a), Symbol::Value(b)) => same(cfg, a, b, &|op| path_of(op) == Some("len")),
            (a, b) => a == b,
        };
        self.all.iter().position(alike).unwrap_or_else(|| {
            self.all.push(symbol);
            self.all.len() - 1
        })
    }

    /// An index as a function of the loop's variable; nothing where numbers overflow.
    pub fn affine(&mut self, cfg: &Cfg<'c, 'a>, l: &ParallelLoop<'c, 'a>, variable: Value<'c, 'a>, v: Value<'c, 'a>) -> Option<Affine> {
        self.within(cfg, l, variable, v, 0)
    }

    fn within(&mut self, cfg: &Cfg<'c, 'a>, l: &ParallelLoop<'c, 'a>, variable: Value<'c, 'a>, v: Value<'c, 'a>, depth: usize) -> Option<Affine> {
        if v == variable {
            return Some(Affine { coefficient: 1, ..Affine::default() });
        }
        if let Some(constant) = const_int(cfg, v) {
            return Some(Affine { constant, ..Affine::default() });
        }
        if let (false, true, Some((PyOp::Binary, op))) = (l.is_outside(cfg, v), depth < DEPTH, cfg.op(v)) {
            let (a, b) = (op.operand(0).ok()?, op.operand(1).ok()?);
            let mut of = |v| self.within(cfg, l, variable, v, depth + 1);
            match (BinaryKind::of(op.attribute("kind").ok()?)?, const_int(cfg, a), const_int(cfg, b)) {
                (BinaryKind::Add, ..) => return of(a)?.plus(&of(b)?, 1),
                (BinaryKind::Sub, ..) => return of(a)?.plus(&of(b)?, -1),
                (BinaryKind::Mul, _, Some(n)) => return of(a)?.times(n),
                (BinaryKind::Mul, Some(n), _) => return of(b)?.times(n),
                _ => {}
            }
        }
        Some(Affine::symbol(self.number(cfg, Symbol::Value(v))))
    }

    /// Whether all symbols of an index can be computed in front of the loop, or are at least the same each time.
    pub fn are_fixed(&self, cfg: &Cfg<'c, 'a>, l: &ParallelLoop<'c, 'a>, a: &Affine) -> bool {
        a.symbols.keys().all(|k| match self.all[*k] {
            Symbol::Value(v) => can_move(cfg, l, v),
            Symbol::Start { .. } | Symbol::Slice(_) => true,
        })
    }
}

/// Whether a value is from before the loop, or can be computed there as well: of such values, and without an exception.
pub fn can_move<'c: 'a, 'a>(cfg: &Cfg<'c, 'a>, l: &ParallelLoop<'c, 'a>, v: Value<'c, 'a>) -> bool {
    if l.is_outside(cfg, v) {
        return true;
    }
    let Some(Def::Result { op, .. }) = cfg.def(v) else { return false };
    let scalar = |v: Value<'c, 'a>| matches!(Ty::from_mlir(v.r#type()), Some(Ty::Scalar(_)));
    let quiet = match PyOp::of(&op) {
        PyOp::Constant | PyOp::Tuple | PyOp::Slice | PyOp::GetAttr => true,
        PyOp::Cast => scalar(v) && op.operand(0).is_ok_and(scalar),
        PyOp::Binary => match op.attribute("kind").ok().and_then(BinaryKind::of) {
            Some(BinaryKind::Add | BinaryKind::Sub | BinaryKind::Mul) => true,
            Some(BinaryKind::FloorDiv | BinaryKind::Mod) => op.operand(1).ok().and_then(|n| const_int(cfg, n)).is_some_and(|n| n != 0),
            _ => false,
        },
        PyOp::GetItem => op.operand(0).is_ok_and(|t| matches!(Ty::from_mlir(t.r#type()), Some(Ty::Tuple(_)))) && op.operand(1).ok().and_then(|n| const_int(cfg, n)).is_some(),
        PyOp::Builtin => path_of(op) == Some("len"),
        kind => only_computes(kind) && op.operand_count() == 0,
    };
    quiet && op.operands().all(|o| can_move(cfg, l, o))
}
