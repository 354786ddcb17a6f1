//! Which arguments a function writes to, and which of them its result may be part of: a fixed point over the calls of a module.
use crate::functions::path_of;
use super::{elements::Elements, places::is_array};
use crate::{
    cfg::{Cfg, Def, key}, conversion::py_to_std::{array::elementwise::ARRAY_MAP_INTO, callables, flatten::managed}, functions::{callee, symbol},
};
use melior::ir::{OperationRef, RegionLike, Value, ValueLike, operation::OperationLike};
use numbra_dialects::py::{PyOp, Ty};
use std::collections::{BTreeSet, HashMap, HashSet};

/// Library functions that write to one of their arguments, and which.
const WRITERS: &[(&str, usize)] = &[
    ("array.fill", 0), ("array.map_into", 0), ("list.set", 0), ("matrix.multiply", 0), ("parallel.merge", 0), ("row.select", 0), ("row.select_position", 1), ("row.sort", 0),
    ("row.sort_positions", 1),
];
/// Library functions that change the length or the order of a list, their first argument.
const RESHAPERS: &[&str] = &[
    "list.append", "list.clear", "list.delete", "list.extend", "list.inplace_add", "list.insert", "list.pop", "list.remove", "list.reverse", "list.set_slice", "list.sort",
];
/// Library functions whose result is part of their arguments.
const VIEWS: &[&str] = &[callables::CALL, "array.view", "array.spread", "enumerate", "zip", "union.narrow", "union.unwrap", "list.get"];

/// Library functions that only ask arrays where and how long they are, or make views of them.
const ASKERS: &[&str] = &["array.address", "array.check_shapes", "len"];
/// What of the memory of an array is read: the array, and the index if it is one element.
type Read<'c, 'a> = (Value<'c, 'a>, Option<Value<'c, 'a>>);

/// How an op changes one of its operands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Change {
    /// Writes elements at the index that is this operand
    At(usize),
    /// Writes some elements
    Somewhere,
    /// Changes the length or order of a list
    Reshape,
}

/// What a function does to its parameters, by number.
#[derive(Clone, Default, PartialEq)]
struct Summary {
    writes: BTreeSet<usize>,
    reads: BTreeSet<usize>,
    returns: BTreeSet<usize>,
}

/// What the functions of a module do to their parameters.
pub struct Effects<'c, 'a> {
    summaries: HashMap<String, Summary>,
    /// The functions as functions of elements
    pub elements: Elements<'c, 'a>,
}

impl<'c: 'a, 'a> Effects<'c, 'a> {
    /// Of these functions.
    pub fn of(functions: &[OperationRef<'c, 'a>]) -> Self {
        let mut effects = Effects { summaries: HashMap::new(), elements: Elements::of(functions) };
        let indexed: Vec<(String, Cfg)> = functions.iter().filter_map(|f| {
            Some((symbol(*f)?.to_string(), Cfg::new(f.region(0).ok()?.first_block()?)))
        }).collect();
        let mut changed = true;
        while changed {
            changed = false;
            for (symbol, cfg) in &indexed {
                let found = effects.summary(cfg);
                if effects.summaries.get(symbol) != Some(&found) {
                    effects.summaries.insert(symbol.clone(), found);
                    changed = true;
                }
            }
        }
        effects
    }

    fn summary(&self, cfg: &Cfg<'c, 'a>) -> Summary {
        let mut found = Summary::default();
        for op in cfg.blocks.iter().flat_map(|b| &b.ops) {
            for (operand, _) in self.changes(*op) {
                found.writes.extend(self.parameters(cfg, operand));
            }
            for (operand, _) in self.reads(*op) {
                found.reads.extend(self.parameters(cfg, operand));
            }
            if PyOp::of(op) == PyOp::Return && let Ok(v) = op.operand(0) {
                found.returns.extend(self.parameters(cfg, v));
            }
        }
        found
    }

    fn parameters(&self, cfg: &Cfg<'c, 'a>, value: Value<'c, 'a>) -> BTreeSet<usize> {
        let parameter = |v: &Value<'c, 'a>| match cfg.def(*v) {
            Some(Def::Argument { block: 0, index }) => Some(index),
            _ => None,
        };
        self.roots(cfg, value).iter().filter_map(parameter).collect()
    }

    /// The operands that an op changes, and how.
    pub fn changes(&self, op: OperationRef<'c, 'a>) -> Vec<(Value<'c, 'a>, Change)> {
        let first = |change| op.operand(0).map(|v| vec![(v, change)]).unwrap_or_default();
        match PyOp::of(&op) {
            PyOp::SetItem => first(Change::At(1)),
            PyOp::Builtin => match path_of(op) {
                Some("list.set") => first(Change::At(1)),
                Some(p) if WRITERS.iter().any(|w| w.0 == p) => {
                    let written = WRITERS.iter().find(|w| w.0 == p).and_then(|w| op.operand(w.1).ok());
                    written.map(|v| vec![(v, Change::Somewhere)]).unwrap_or_default()
                }
                Some(p) if RESHAPERS.contains(&p) => first(Change::Reshape),
                // Nothing is known of a function but its signature.
                Some(callables::CALL) => op.operands().map(|v| (v, Change::Somewhere)).collect(),
                _ => vec![],
            },
            PyOp::Invoke => {
                let summary = callee(op).and_then(|c| self.summaries.get(c.value()));
                summary.into_iter().flat_map(|s| &s.writes).filter_map(|i| Some((op.operand(*i).ok()?, Change::Somewhere))).collect()
            }
            _ => vec![],
        }
    }

    /// The operands whose elements an op reads.
    pub fn reads(&self, op: OperationRef<'c, 'a>) -> Vec<Read<'c, 'a>> {
        let arrays = |from: usize| op.operands().skip(from).filter(|v| is_array(*v)).map(|v| (v, None)).collect();
        match PyOp::of(&op) {
            // Making a view reads nothing.
            PyOp::GetItem if op.result(0).is_ok_and(|r| !is_array(r.into())) => element(op, 0, 1),
            PyOp::SetItem => arrays(2),
            PyOp::Iter => arrays(0),
            PyOp::Builtin => match path_of(op) {
                Some("list.get") => element(op, 0, 1),
                Some(p) if ASKERS.contains(&p) || VIEWS.contains(&p) && p != callables::CALL => vec![],
                Some(p) => {
                    let written = WRITERS.iter().find(|w| w.0 == p).map(|w| w.1);
                    op.operands().enumerate().filter(|(i, v)| Some(*i) != written && is_array(*v)).map(|(_, v)| (v, None)).collect()
                }
                None => vec![],
            },
            PyOp::Invoke => {
                let summary = callee(op).and_then(|c| self.summaries.get(c.value()));
                summary.into_iter().flat_map(|s| &s.reads).filter_map(|i| Some((op.operand(*i).ok()?, None))).collect()
            }
            _ => vec![],
        }
    }

    /// The operands that the result of an op is part of.
    pub fn sources(&self, op: OperationRef<'c, 'a>) -> Vec<Value<'c, 'a>> {
        let first = || op.operand(0).into_iter().collect();
        match PyOp::of(&op) {
            PyOp::GetItem | PyOp::GetAttr | PyOp::Cast | PyOp::Iter | PyOp::Next => first(),
            PyOp::Tuple | PyOp::Closure => op.operands().collect(),
            PyOp::Builtin if path_of(op) == Some(ARRAY_MAP_INTO) => first(),
            PyOp::Builtin if path_of(op).is_some_and(|p| VIEWS.contains(&p)) => op.operands().collect(),
            PyOp::Invoke => {
                let summary = callee(op).and_then(|c| self.summaries.get(c.value()));
                summary.into_iter().flat_map(|s| &s.returns).filter_map(|i| op.operand(*i).ok()).collect()
            }
            _ => vec![],
        }
    }

    /// What a value that refers to memory was made of in the end: parameters, new memory, variables of loops.
    pub fn roots(&self, cfg: &Cfg<'c, 'a>, value: Value<'c, 'a>) -> Vec<Value<'c, 'a>> {
        let (mut roots, mut seen, mut stack) = (vec![], HashSet::new(), vec![value]);
        while let Some(v) = stack.pop() {
            if !seen.insert(key(v)) || !Ty::from_mlir(v.r#type()).is_some_and(|t| managed(&t)) {
                continue;
            }
            match cfg.def(v) {
                Some(Def::Result { op, .. }) => {
                    let sources = self.sources(op);
                    if sources.is_empty() {
                        roots.push(v);
                    }
                    stack.extend(sources);
                }
                Some(Def::Argument { block, index }) if block != 0 => stack.extend(cfg.incoming(block, index)),
                _ => roots.push(v),
            }
        }
        roots
    }
}

// An element that is read.
fn element<'c: 'a, 'a>(op: OperationRef<'c, 'a>, object: usize, index: usize) -> Vec<Read<'c, 'a>> {
    op.operand(object).ok().zip(op.operand(index).ok()).map(|(object, index)| (object, Some(index))).into_iter().collect()
}
