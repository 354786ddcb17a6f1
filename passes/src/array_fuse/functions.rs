//! What is known of the functions of a module: what they cost, whether they change anything, what they return.
use crate::{conversion::py_to_std::array::elementwise, functions::{callee, path_of, symbol}};
use melior::ir::{OperationRef, Type, ValueLike, attribute::TypeAttribute, operation::OperationLike, r#type::FunctionType};
use numbra_dialects::py::{BinaryKind, PyOp, Ty};
use numbra_passes_api::walk;
use std::collections::{HashMap, HashSet};

/// What a function of elements costs.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cost {
    /// Less than reading another array
    Light,
    /// Less than storing an element and reading it again
    Cheap,
    /// More
    High,
}

/// The functions of a module by symbol, with what was found out about them.
pub struct Functions<'c, 'a> {
    by_symbol: HashMap<&'c str, OperationRef<'c, 'a>>,
    costs: HashMap<&'c str, Cost>,
    long: HashMap<&'c str, usize>,
    quiet: HashMap<&'c str, bool>,
    raising: HashMap<&'c str, bool>,
}

impl<'c: 'a, 'a> Functions<'c, 'a> {
    /// Of these functions.
    pub fn new(all: &[OperationRef<'c, 'a>]) -> Self {
        Self { by_symbol: all.iter().filter_map(|f| Some((symbol(*f)?, *f))).collect(), costs: HashMap::new(), long: HashMap::new(), quiet: HashMap::new(), raising: HashMap::new() }
    }

    /// A function that was made since.
    pub fn add(&mut self, function: OperationRef<'c, 'a>) {
        self.by_symbol.extend(symbol(function).map(|name| (name, function)));
    }

    /// A function by its symbol.
    pub fn named(&self, symbol: &str) -> Option<OperationRef<'c, 'a>> {
        self.by_symbol.get(symbol).copied()
    }

    /// What a function returns.
    pub fn result(&self, symbol: &str) -> Option<Type<'c>> {
        let ty = TypeAttribute::try_from(self.by_symbol.get(symbol)?.attribute("function_type").ok()?).ok()?.value();
        FunctionType::try_from(ty).ok()?.result(0).ok()
    }

    /// What the function of elements of a map costs.
    pub fn cost(&mut self, map: OperationRef<'c, 'a>) -> Cost {
        callee(map).map_or(Cost::High, |s| self.function_cost(s.value()))
    }

    fn function_cost(&mut self, symbol: &'c str) -> Cost {
        if let Some(known) = self.costs.get(symbol) {
            return *known;
        }
        // A function that calls itself is not cheap.
        self.costs.insert(symbol, Cost::High);
        let Some(function) = self.by_symbol.get(symbol).copied() else { return Cost::High };
        let cost = walk::blocks_of(function).flat_map(walk::operations).map(|op| match PyOp::of(&op) {
            PyOp::Binary => match op.attribute("kind").ok().and_then(BinaryKind::of) {
                Some(BinaryKind::TrueDiv) => Cost::Cheap,
                Some(k) if !matches!(k, BinaryKind::Pow | BinaryKind::FloorDiv | BinaryKind::Mod) => Cost::Light,
                _ => Cost::High,
            },
            PyOp::Invoke => callee(op).map_or(Cost::High, |s| self.function_cost(s.value())),
            PyOp::Builtin => match path_of(op) {
                Some("math.sqrt") => Cost::Cheap,
                Some("abs" | "min" | "max" | "numpy.minimum" | "numpy.maximum" | "numpy.sign" | "math.fabs") => Cost::Light,
                _ => Cost::High,
            },
            PyOp::Raise | PyOp::Next | PyOp::Iter => Cost::High,
            _ => Cost::Light,
        }).max().unwrap_or(Cost::Light);
        self.costs.insert(symbol, cost);
        cost
    }

    /// How many functions that take long, as those of the table `math`, the function of elements of an op calls.
    pub fn long_calls(&mut self, op: OperationRef<'c, 'a>) -> usize {
        callee(op).map_or(0, |s| self.long_calls_of(s.value()))
    }

    fn long_calls_of(&mut self, symbol: &'c str) -> usize {
        if let Some(known) = self.long.get(symbol) {
            return *known;
        }
        self.long.insert(symbol, 0);
        let Some(function) = self.by_symbol.get(symbol).copied() else { return 0 };
        let calls = walk::blocks_of(function).flat_map(walk::operations).map(|op| match PyOp::of(&op) {
            PyOp::Invoke => self.long_calls(op),
            PyOp::Builtin => usize::from(path_of(op).is_some_and(elementwise::takes_long)),
            _ => 0,
        }).sum();
        self.long.insert(symbol, calls);
        calls
    }

    /// Whether the function of elements of a map may raise: integers to negative powers do. Divisions of integers are taken to raise too.
    pub fn raises(&mut self, map: OperationRef<'c, 'a>) -> bool {
        callee(map).is_none_or(|s| self.function_raises(s.value()))
    }

    fn function_raises(&mut self, symbol: &'c str) -> bool {
        if let Some(known) = self.raising.get(symbol) {
            return *known;
        }
        self.raising.insert(symbol, true);
        let Some(function) = self.by_symbol.get(symbol).copied() else { return true };
        let is_integer = |op: OperationRef<'c, 'a>| op.operands().any(|v| Ty::from_mlir(v.r#type()).and_then(|t| t.scalar()).is_none_or(|d| d.is_integer()));
        let raises = walk::blocks_of(function).flat_map(walk::operations).any(|op| match PyOp::of(&op) {
            PyOp::Binary => is_integer(op) && !op.attribute("kind").ok().and_then(BinaryKind::of).is_some_and(|k| matches!(k, BinaryKind::Add | BinaryKind::Sub | BinaryKind::Mul | BinaryKind::And | BinaryKind::Or | BinaryKind::Xor)),
            PyOp::Invoke => callee(op).is_none_or(|s| self.function_raises(s.value())),
            PyOp::Builtin => path_of(op).is_none_or(|p| matches!(p, "divmod" | "pow.mod" | "round.digits") || !builtin_is_quiet(p)),
            PyOp::Raise | PyOp::Next | PyOp::Iter | PyOp::CheckBound => true,
            _ => false,
        });
        self.raising.insert(symbol, raises);
        raises
    }

    /// Whether a call of a function changes no memory that was there before and prints nothing; it may raise.
    pub fn is_quiet(&mut self, symbol: &'c str) -> bool {
        if let Some(known) = self.quiet.get(symbol) {
            return *known;
        }
        self.quiet.insert(symbol, false);
        let Some(function) = self.by_symbol.get(symbol).copied() else { return false };
        let quiet = walk::blocks_of(function).flat_map(walk::operations).all(|op| match PyOp::of(&op) {
            PyOp::SetItem => false,
            PyOp::Invoke => callee(op).is_some_and(|s| self.is_quiet(s.value())),
            PyOp::Builtin => path_of(op).is_some_and(builtin_is_quiet),
            PyOp::Next | PyOp::Iter => false,
            _ => true,
        });
        self.quiet.insert(symbol, quiet);
        quiet
    }
}

/// Those of some functions, by their symbols, that may raise when they are called for an element.
pub fn raising<'c: 'a, 'a>(all: &[OperationRef<'c, 'a>]) -> HashSet<String> {
    let mut functions = Functions::new(all);
    all.iter().filter_map(|f| symbol(*f)).filter(|name| functions.function_raises(name)).map(String::from).collect()
}

/// Whether a row of the typed stage's list only computes, or makes new memory.
pub fn builtin_is_quiet(path: &str) -> bool {
    const FAMILIES: &[&str] = &["math.", "complex.", "numpy.", "compare_mixed.", "timedelta.", "union.", "tuple.", "slice.", "hash.", "str."];
    const OTHERS: &[&str] = &[
        "array.map", "array.reduce", "array.scan", "array.scan_map", "array.element", "array.check_shapes", "array.broadcast_shape", "array.compress", "array.positions", "array.spread", "array.copy", "array.min", "array.max", "array.view", "array.address", "len", "abs", "min", "max", "bits", "round", "round.digits", "divmod",
        "pow.mod", "sum", "range", "range.item", "range.contains",
    ];
    OTHERS.contains(&path) || FAMILIES.iter().any(|f| path.starts_with(f))
}
