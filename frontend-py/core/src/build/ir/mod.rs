//! The function under construction: blocks of ops over numbered values, before variables have become block arguments.
//!
//! Branches of the `py` stage carry block arguments, which are only known when the whole function is; so ops are collected here,
//! [`ssa`] finds the arguments, and [`emit`] writes MLIR once.
pub(crate) mod attributes;
pub(super) mod emit;
mod ssa;

use crate::host::Class;
use numbra_abi::DType;
use numbra_dialects::{Diagnostic, py::{ArrayTy, BinaryKind, CompareKind, UnaryKind}};
use ruff_text_size::TextRange;
use smallvec::SmallVec;
use std::{collections::{HashMap, HashSet}, sync::Arc};

/// A value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Val(pub u32);
/// A basic block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct BlockId(pub u32);
/// A variable: a local, whether a local is bound, or the result of an expression that branches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Var(pub u32);

/// Operands of one op.
pub type Vals = SmallVec<[Val; 4]>;

/// Content of `py.constant`.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub enum Literal {
    None,
    Bool(bool),
    Int(i64),
    UInt(u64),
    Float(f64),
    Str(String),
    Scalar(DType, [u8; 16]),
    Array(ArrayTy, Vec<usize>, Arc<[u8]>),
}

/// One op of the `py` dialect, operands in the order of its definition.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub enum Op {
    Constant(Literal),
    /// What is an error if control reaches it
    Refused(Box<Diagnostic>),
    Ellipsis,
    Entity(String),
    /// Class of the program
    Class(Arc<Class>),
    Function(String),
    /// A nested function with the values that it has captured
    Closure(String, Vals),
    CheckBound(Val, String),
    /// The content of a variable of this name before its first assignment
    Unbound(String),
    Tuple(Vals),
    /// Value, condition, and whether it holds
    Narrow(Val, Val, bool),
    List(Vals),
    /// `*value` in a call or display
    Star(Val),
    /// Number of results, and which of them takes what the others leave
    Unpack(Val, usize, Option<usize>),
    Slice([Val; 3]),
    Unary(UnaryKind, Val),
    Binary { kind: BinaryKind, lhs: Val, rhs: Val, inplace: bool },
    Compare(CompareKind, Val, Val),
    Truth(Val),
    GetAttr(Val, String),
    GetItem(Val, Val),
    SetItem(Val, Val, Val),
    /// Object, value, name
    SetAttr(Val, Val, String),
    Call { callee: Val, arguments: Vals, keywords: Vec<String> },
    Iter(Val),
    Next(Val),
}

impl Op {
    /// Number of results.
    pub fn results(&self) -> u32 {
        match self {
            Op::CheckBound(..) | Op::SetItem(..) | Op::SetAttr(..) => 0,
            Op::Next(_) => 2,
            Op::Unpack(_, n, _) => *n as u32,
            _ => 1,
        }
    }

    /// Calls `each` with every operand.
    pub fn operands(&self, mut each: impl FnMut(Val)) {
        match self {
            Op::Constant(_) | Op::Refused(_) | Op::Ellipsis | Op::Entity(_) | Op::Class(_) | Op::Function(_) | Op::Unbound(_) => {}
            Op::CheckBound(v, _) | Op::Unpack(v, ..) | Op::Star(v) | Op::Unary(_, v) | Op::Truth(v) | Op::GetAttr(v, _) | Op::Iter(v) | Op::Next(v) => each(*v),
            Op::Tuple(vs) | Op::List(vs) | Op::Closure(_, vs) => vs.iter().copied().for_each(each),
            Op::Slice(vs) => vs.iter().copied().for_each(each),
            Op::Binary { lhs, rhs, .. } | Op::Compare(_, lhs, rhs) | Op::GetItem(lhs, rhs) | Op::Narrow(lhs, rhs, _) => {
                each(*lhs);
                each(*rhs);
            }
            Op::SetAttr(a, b, _) => [*a, *b].into_iter().for_each(each),
            Op::SetItem(a, b, c) => [*a, *b, *c].into_iter().for_each(each),
            Op::Call { callee, arguments, .. } => {
                each(*callee);
                arguments.iter().copied().for_each(each);
            }
        }
    }
}

/// An op with its place and its first result; further results are the values that follow.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct Inst {
    pub op: Op,
    pub range: TextRange,
    pub result: Val,
}

/// End of a block.
#[derive(Clone, Copy, Debug)]
#[allow(missing_docs)]
pub enum Terminator {
    Br(BlockId),
    CondBr(Val, BlockId, BlockId),
    Return(Val),
    Raise(Val),
}

impl Terminator {
    /// Blocks that may come next.
    pub fn successors(self) -> SmallVec<[BlockId; 2]> {
        match self {
            Terminator::Br(a) => SmallVec::from_slice(&[a]),
            Terminator::CondBr(_, a, b) => SmallVec::from_slice(&[a, b]),
            Terminator::Return(_) | Terminator::Raise(_) => SmallVec::new(),
        }
    }

    /// The value that it uses itself.
    pub fn operand(self) -> Option<Val> {
        match self {
            Terminator::Br(_) => None,
            Terminator::CondBr(v, ..) | Terminator::Return(v) | Terminator::Raise(v) => Some(v),
        }
    }
}

/// A basic block.
#[derive(Debug, Default)]
#[allow(missing_docs)]
pub struct Block {
    pub insts: Vec<Inst>,
    pub terminator: Option<(Terminator, TextRange)>,
    /// Value of each variable at the end of what is built so far
    pub definitions: HashMap<Var, Val>,
}

/// A value that a variable has at the start of a block, as yet by demand only.
#[derive(Debug)]
#[allow(missing_docs)]
pub struct Phi {
    pub block: BlockId,
    pub variable: Var,
    pub value: Val,
    /// The read that asked for it first
    pub range: TextRange,
    /// One per predecessor, in their order; found when the function is complete
    pub operands: Vec<Val>,
}

/// The function.
pub struct Body {
    /// Names of parameters, then of the other locals
    pub locals: Vec<String>,
    /// How many of the locals are parameters
    pub parameters: usize,
    pub(super) blocks: Vec<Block>,
    /// Blocks in the order in which they were begun
    pub(super) order: Vec<BlockId>,
    pub(super) phis: Vec<Phi>,
    pub(super) value_count: u32,
    variable_count: u32,
    current: BlockId,
}

/// `py.constant true` and `false` at the start of the function, for what is known about variables being bound.
pub const TRUE: Val = Val(0);
/// See [`TRUE`].
pub const FALSE: Val = Val(1);
/// Where every function begins; it has no predecessors.
pub const ENTRY: BlockId = BlockId(0);

impl Body {
    /// A function with an entry block in which the parameters are bound.
    pub fn new(locals: Vec<String>, parameters: usize) -> Self {
        let count = locals.len() as u32;
        let mut body = Body {
            // The first values: true, false, the content of each unbound local; then the parameters.
            value_count: 2 + count + parameters as u32,
            variable_count: 2 * count,
            locals,
            parameters,
            blocks: vec![Block::default()],
            order: vec![ENTRY],
            phis: vec![],
            current: ENTRY,
        };
        for i in 0..parameters as u32 {
            body.write(Var(i), Val(2 + count + i));
            body.write(Var(count + i), TRUE);
        }
        body
    }

    /// The content of a local before its first assignment.
    pub fn unbound(&self, local: Var) -> Val {
        Val(2 + local.0)
    }

    /// The value of a parameter.
    pub fn parameter(&self, i: usize) -> Val {
        Val((2 + self.locals.len() + i) as u32)
    }

    /// The variable that tells whether a local is bound.
    pub fn flag(&self, local: Var) -> Var {
        Var(self.locals.len() as u32 + local.0)
    }

    /// The value of a variable when the function begins.
    pub fn initial(&self, variable: Var) -> Val {
        if (variable.0 as usize) < self.locals.len() { self.unbound(variable) } else { FALSE }
    }

    /// A variable for the result of an expression that branches.
    pub fn temporary(&mut self) -> Var {
        self.variable_count += 1;
        Var(self.variable_count - 1)
    }

    /// A new block, to be begun later.
    pub fn block(&mut self) -> BlockId {
        self.blocks.push(Block::default());
        BlockId(self.blocks.len() as u32 - 1)
    }

    /// Ops go to this block from now on.
    pub fn begin(&mut self, block: BlockId) {
        self.current = block;
        self.order.push(block);
    }

    /// Ends the current block; what follows before the next [`Body::begin`] is dead.
    pub fn end(&mut self, terminator: Terminator, range: TextRange) {
        let block = &mut self.blocks[self.current.0 as usize];
        if block.terminator.is_none() {
            block.terminator = Some((terminator, range));
        }
    }

    /// The block under construction.
    pub fn here(&self) -> BlockId {
        self.current
    }

    /// Blocks that may run after a block.
    pub fn reachable_from(&self, block: BlockId) -> HashSet<BlockId> {
        let mut found = HashSet::new();
        let mut work = vec![block];
        while let Some(block) = work.pop() {
            for next in self.blocks[block.0 as usize].terminator.iter().flat_map(|(t, _)| t.successors()) {
                if found.insert(next) {
                    work.push(next);
                }
            }
        }
        found
    }

    /// Whether the current block has ended.
    pub fn ended(&self) -> bool {
        self.blocks[self.current.0 as usize].terminator.is_some()
    }

    /// Code after `return` and the like goes to a block that nothing leads to, so that it is checked all the same.
    fn open(&mut self) {
        if self.ended() {
            let dead = self.block();
            self.begin(dead);
        }
    }

    /// Appends an op and returns its first result.
    pub fn push(&mut self, op: Op, range: TextRange) -> Val {
        self.open();
        let result = Val(self.value_count);
        self.value_count += op.results();
        self.blocks[self.current.0 as usize].insts.push(Inst { op, range, result });
        result
    }

    /// Assigns to a variable.
    pub fn write(&mut self, variable: Var, value: Val) {
        self.open();
        self.blocks[self.current.0 as usize].definitions.insert(variable, value);
    }

    /// The value of a variable here.
    pub fn read(&mut self, variable: Var, range: TextRange) -> Val {
        self.open();
        self.at_end(self.current, variable, range)
    }

    /// The value of a variable at the end of a block.
    pub(super) fn at_end(&mut self, block: BlockId, variable: Var, range: TextRange) -> Val {
        if let Some(value) = self.blocks[block.0 as usize].definitions.get(&variable) {
            return *value;
        }
        let value = Val(self.value_count);
        self.value_count += 1;
        self.phis.push(Phi { block, variable, value, range, operands: vec![] });
        self.blocks[block.0 as usize].definitions.insert(variable, value);
        value
    }
}
