//! What a function of elements does, as operators on its parameters: maps are imported by that, so that rules see `(add (mul x y) z)` instead of three calls.
//!
//! A function has a meaning if it is straight-line code on numbers that cannot raise; functions that it calls are looked into. Any other function that does nothing but
//! compute is an opaque function of elements ([`Function::Pure`]).
use super::{number, scalars::{self, Scalar}};
use crate::{cfg::key, conversion::py_to_std::flags::Options, functions::{callee, path_of}};
use melior::ir::{BlockLike, BlockRef, OperationRef, RegionLike, Value, ValueLike, operation::OperationLike};
use numbra_abi::DType;
use numbra_dialects::py::{BinaryKind, PyOp, types::scalar_of};
use numbra_eqsat::{Number, Operator, operators::WHERE};
use numbra_passes_api::walk;
use std::{collections::HashMap, rc::Rc};

/// One step of a function of elements; operands are earlier steps.
#[derive(Clone, Debug)]
pub enum Step {
    /// A parameter, by position
    Parameter(usize),
    /// A number
    Number(Number),
    /// An operator on numbers
    Apply(Operator, Vec<usize>),
    /// A conversion
    Cast(DType, usize),
}

/// A function of elements is followed through so many blocks.
const MOST_BLOCKS: usize = 64;

/// A function of elements.
#[derive(Clone, Debug)]
pub enum Function {
    /// Operators on its parameters; the last step is the result
    Steps(Rc<[Step]>),
    /// It only computes, and does not raise
    Pure,
    /// Anything else
    Unknown,
}

/// What is known of the functions of a module.
pub struct Meanings<'c, 'a> {
    functions: HashMap<&'c str, OperationRef<'c, 'a>>,
    known: HashMap<&'c str, Function>,
}

impl<'c: 'a, 'a> Meanings<'c, 'a> {
    /// Of these functions, by symbol.
    pub fn new(functions: HashMap<&'c str, OperationRef<'c, 'a>>) -> Self {
        Self { functions, known: HashMap::new() }
    }

    /// The function with a symbol.
    pub fn function(&self, symbol: &str) -> Option<OperationRef<'c, 'a>> {
        self.functions.get(symbol).copied()
    }

    /// The versions of a function of the library, in the order of their symbols.
    pub fn versions(&self, path: &str) -> impl Iterator<Item = (&'c str, OperationRef<'c, 'a>)> {
        let start = format!("numbra.lib.{path}(");
        let mut found: Vec<_> = self.functions.iter().filter(|(s, _)| s.starts_with(&start)).map(|(s, f)| (*s, *f)).collect();
        found.sort_by_key(|(s, _)| *s);
        found.into_iter()
    }

    /// What a function does.
    pub fn of(&mut self, symbol: &'c str) -> Function {
        if let Some(known) = self.known.get(symbol) {
            return known.clone();
        }
        // A function that calls itself is unknown.
        self.known.insert(symbol, Function::Unknown);
        let Some(function) = self.functions.get(symbol).copied() else { return Function::Unknown };
        let found = match self.steps(function) {
            Some(steps) => Function::Steps(steps.into()),
            None if self.is_pure(function) => Function::Pure,
            None => Function::Unknown,
        };
        self.known.insert(symbol, found.clone());
        found
    }

    fn steps(&mut self, function: OperationRef<'c, 'a>) -> Option<Vec<Step>> {
        let numpy_errors = Options::of(function).numpy_errors;
        let block = function.region(0).ok()?.first_block()?;
        let mut steps = vec![];
        let mut values: HashMap<usize, usize> = HashMap::new();
        for i in 0..block.argument_count() {
            steps.push(Step::Parameter(i));
            values.insert(key(block.argument(i).ok()?.into()), i);
        }
        let result = self.walk(block, values, &mut steps, numpy_errors, &mut { MOST_BLOCKS })?;
        steps.truncate(result + 1);
        Some(steps)
    }

    // The step that is returned by the code that begins with a block.
    fn walk(&mut self, mut block: BlockRef<'c, 'a>, mut values: HashMap<usize, usize>, steps: &mut Vec<Step>, numpy_errors: bool, blocks: &mut usize) -> Option<usize> {
        // Blocks one after the other, of branches too; so many are a loop.
        while *blocks > 0 {
            *blocks -= 1;
            let mut next = None;
            for op in walk::operations(block) {
                let operand = |i: usize| values.get(&key(op.operand(i).ok()?)).copied();
                let made: usize = match PyOp::of(&op) {
                    PyOp::Return => {
                        let result = operand(0)?;
                        return scalar_of(op.operand(0).ok()?.r#type()).filter(|d| scalars::is_number(*d)).map(|_| result);
                    }
                    PyOp::Br => {
                        let target = op.successors().next()?;
                        for (i, v) in op.operands().enumerate() {
                            let argument: Value = target.argument(i).ok()?.into();
                            values.insert(key(argument), *values.get(&key(v))?);
                        }
                        next = Some(target);
                        break;
                    }
                    PyOp::CondBr if op.operand_count() == 1 => {
                        let (condition, before) = (operand(0)?, steps.len());
                        let arms = op.successors().map(|b| self.walk(b, values.clone(), steps, numpy_errors, blocks)).collect::<Option<Vec<_>>>()?;
                        // A choice between numbers that are there; what is computed for one of them only stays so.
                        if steps[before..].iter().any(|s| matches!(s, Step::Apply(..))) {
                            return None;
                        }
                        return Some(push(steps, Step::Apply(WHERE, vec![condition, *arms.first()?, *arms.get(1)?])));
                    }
                    PyOp::Constant => match number::of(op) {
                        Some(n) => push(steps, Step::Number(n)),
                        // None, and what else has no value at run time.
                        None => continue,
                    },
                    PyOp::Entity => continue,
                    // Types and other things that are known have no value at run time.
                    PyOp::Invoke if op.result(0).is_ok_and(|r| !is_number(r.into())) => {
                        if matches!(self.of(callee(op)?.value()), Function::Unknown) {
                            return None;
                        }
                        continue;
                    }
                    PyOp::Truth if op.operand(0).ok().and_then(|v| scalar_of(v.r#type())) == Some(DType::Bool) => operand(0)?,
                    PyOp::Invoke => {
                        let Function::Steps(inner) = self.of(callee(op)?.value()) else { return None };
                        let mut places = vec![];
                        for step in inner.iter() {
                            places.push(match step {
                                // One that has no value is never used.
                                Step::Parameter(i) => operand(*i).unwrap_or(usize::MAX),
                                Step::Number(n) => push(steps, Step::Number(*n)),
                                Step::Cast(d, x) => push(steps, Step::Cast(*d, places[*x])),
                                Step::Apply(o, xs) => push(steps, Step::Apply(*o, xs.iter().map(|x| places[*x]).collect())),
                            });
                        }
                        *places.last()?
                    }
                    _ => {
                        let scalar = scalars::of(op, numpy_errors)?;
                        let operands = (0..op.operand_count()).map(operand).collect::<Option<Vec<_>>>()?;
                        match scalar {
                            Scalar::Same => operands[0],
                            Scalar::Cast(d) => push(steps, Step::Cast(d, operands[0])),
                            Scalar::Operator(o) => push(steps, Step::Apply(o, operands)),
                        }
                    }
                };
                values.insert(key(op.result(0).ok()?.into()), made);
            }
            block = next?;
        }
        None
    }

    fn is_pure(&mut self, function: OperationRef<'c, 'a>) -> bool {
        let numpy_errors = Options::of(function).numpy_errors;
        let ops: Vec<_> = walk::blocks_of(function).flat_map(walk::operations).collect();
        ops.into_iter().all(|op| match PyOp::of(&op) {
            PyOp::Constant | PyOp::Entity | PyOp::FunctionRef | PyOp::Compare | PyOp::Unary | PyOp::Truth | PyOp::Br | PyOp::CondBr | PyOp::Return => true,
            PyOp::Cast => op.operands().chain(op.results().map(Into::into)).all(|v| scalar_of(v.r#type()).is_some()),
            PyOp::Binary => match op.attribute("kind").ok().and_then(BinaryKind::of) {
                Some(BinaryKind::TrueDiv | BinaryKind::FloorDiv | BinaryKind::Mod) => numpy_errors,
                Some(BinaryKind::Pow) => op.operand(1).ok().and_then(|v| scalar_of(v.r#type())).is_some_and(|d| !d.is_integer()),
                Some(_) => true,
                None => false,
            },
            PyOp::Builtin => path_of(op).is_some_and(|p| scalars::BUILTINS.iter().any(|(b, _)| *b == p) || p.starts_with("math.") || p.starts_with("complex.") || matches!(p, "bits" | "min" | "max")),
            PyOp::Invoke => callee(op).is_some_and(|s| !matches!(self.of(s.value()), Function::Unknown)),
            _ => false,
        })
    }
}

// Whether a value is a number at run time.
fn is_number(value: Value) -> bool {
    scalar_of(value.r#type()).is_some()
}

fn push(steps: &mut Vec<Step>, step: Step) -> usize {
    steps.push(step);
    steps.len() - 1
}
