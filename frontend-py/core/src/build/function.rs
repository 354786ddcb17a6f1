//! The state that all construct files share while a function is built.
use super::{
    ir::{BlockId, Body, Literal, Op, Terminator, Val, Var},
    managers::Part,
    scope::{Key, ScopeId, Tree, cells::Cell, closures::Making},
    symbols::Symbols,
};
use crate::{host::{FunctionId, Host, Value}, refusal, source::Unit};
use numbra_dialects::{Diagnostic, Span};
use ruff_text_size::TextRange;
use std::collections::{HashMap, HashSet};

/// Where `continue` and `break` go.
#[derive(Clone, Copy)]
pub struct Loop {
    pub next: BlockId,
    pub exit: BlockId,
}

/// State while a function is built.
pub struct Builder<'a, 'h> {
    pub host: &'h dyn Host,
    pub function: FunctionId,
    /// Which part of it is built
    pub part: Part,
    pub file: &'a str,
    pub unit: &'a Unit,
    pub symbols: &'a mut Symbols<'h>,
    pub body: Body,
    /// The scopes of the function that the host knows, and of those nested in it
    pub tree: &'a Tree<'a>,
    /// The function under construction
    pub home: ScopeId,
    /// That, or the comprehension in it under construction
    pub scope: ScopeId,
    /// Locals, parameters and captured values
    pub variables: HashMap<Key<'a>, Var>,
    /// Those that functions share
    pub cells: HashMap<Var, Cell>,
    /// Of them, those that may become unbound again
    pub deleted_cells: HashSet<Var>,
    /// Those that their first assignment has made
    pub made_cells: HashSet<Var>,
    /// Variables that have to be shared, as the function shows
    pub to_share: Vec<(ScopeId, String)>,
    /// Symbols of the functions, by scope
    pub nested_names: &'a [String],
    /// Variables that functions made here capture
    pub captured: HashSet<Var>,
    /// Assignments to them
    pub writes: Vec<(Var, BlockId, TextRange)>,
    /// Functions made here
    pub makings: Vec<Making>,
    pub globals: HashMap<&'a str, Option<Value>>,
    pub loops: Vec<Loop>,
    /// The `with` statements around the place whose end does something
    pub entered: Vec<super::with::Entered>,
    /// How many loops around the place are copies of their bodies
    pub unrolling: usize,
    /// Displays of lists that are made as tuples, because `literal_unroll` goes over them
    pub tuple_lists: HashSet<TextRange>,
    /// Variables with a declared type (the option `locals`)
    pub declared: &'a [(String, numbra_abi::DType)],
    /// Errors that end building
    pub diagnostics: Vec<Diagnostic>,
    /// Whether all errors do, as in the library, which is built before anything runs
    pub strict: bool,
}

impl<'a> Builder<'a, '_> {
    /// The place of a node.
    pub fn span(&self, range: TextRange) -> Option<Span> {
        Some(self.unit.span(self.file, range))
    }

    /// Appends an op.
    pub fn push(&mut self, op: Op, range: TextRange) -> Val {
        self.body.push(op, range)
    }

    /// Appends a constant.
    pub fn constant(&mut self, literal: Literal, range: TextRange) -> Val {
        self.push(Op::Constant(literal), range)
    }

    /// Reports an error and returns a value in its place, so that the rest can be checked too. What is wrong only if control comes here waits for inference.
    pub fn error(&mut self, diagnostic: Diagnostic) -> Val {
        if !self.strict && refusal::can_wait(diagnostic.code) {
            return self.push(Op::Refused(Box::new(diagnostic)), TextRange::default());
        }
        self.diagnostics.push(diagnostic);
        // Never emitted: a function with such an error has no IR.
        super::ir::FALSE
    }

    /// Makes a variable unbound.
    pub fn forget(&mut self, variable: Var) {
        let (flag, unbound) = (self.body.flag(variable), self.body.unbound(variable));
        self.body.write(flag, super::ir::FALSE);
        self.body.write(variable, unbound);
    }

    /// Ends the current block with a branch and begins another.
    pub fn go(&mut self, to: BlockId, range: TextRange) {
        self.body.end(Terminator::Br(to), range);
        self.body.begin(to);
    }
}
