//! Functions made inside a function. A nested function is a `py.func` of its own whose first parameters are the values that it captures;
//! where it is made, `py.closure` ties it to them.
//!
//! Captured variables are read when the function is made, so one that is assigned again later, on a path on which the function may still be
//! used, is refused: Python would see the new value.
use super::{function::Builder, ir::{BlockId, Literal, Op, Val, Var}, scope::{Key, ScopeId}};
use crate::host::Value;
use numbra_dialects::{Code, Diagnostic};
use ruff_python_ast::{Expr, ExprLambda, StmtFunctionDef};
use ruff_text_size::{Ranged, TextRange};

/// Where a function is made.
pub struct Making {
    block: BlockId,
    range: TextRange,
    name: String,
    captured: Vec<Var>,
    value: Val,
    /// It makes no functions itself, so nothing of it is left when a call of it has returned
    leaf: bool,
}

impl<'a> Builder<'a, '_> {
    /// `def` inside a function.
    pub fn nested_definition(&mut self, def: &'a StmtFunctionDef) {
        if let Some(decorator) = def.decorator_list.first() {
            let place = self.span(decorator.range);
            self.error(Diagnostic::error(Code::NB0100, place.clone(), "decorators of nested functions are not supported")
                .label(place, "applied to a function inside a compiled function")
                .help("leave it out: functions inside compiled functions are compiled as well"));
        }
        let value = self.nested(def.range(), def.name.range);
        self.assign_name(&def.name, def.name.range, value);
    }

    /// `lambda` inside a function.
    pub fn lambda(&mut self, lambda: &'a ExprLambda) -> Val {
        self.nested(lambda.range(), lambda.range())
    }

    fn nested(&mut self, range: TextRange, shown: TextRange) -> Val {
        let tree = self.tree;
        let Some(function) = tree.at(range) else {
            let place = self.span(range);
            return self.error(Diagnostic::error(Code::NB0900, place, "a nested function has no scope"));
        };
        for default in tree.scopes[function].defaults.iter().filter(|d| !d.literal) {
            let value = self.expression(default.value);
            if let Some(variable) = self.variables.get(&Key::Default(function, default.parameter)).copied() {
                self.body.write(variable, value);
                let flag = self.body.flag(variable);
                self.body.write(flag, super::ir::TRUE);
                // A function that needs this one, and so its defaults, must not be made before.
                self.written(variable, TextRange::empty(range.start()));
            }
        }
        let value = self.make_function(function, shown);
        // The variables of a comprehension stand behind its element; a function made there has those of its iteration.
        let own = |k: &&Key| tree.scopes[tree.owner(**k)].function == self.home && (matches!(k, Key::Default(..)) || tree.scopes[tree.owner(**k)].node.is_some());
        let captured = tree.scopes[function].captures.iter().filter(own).filter_map(|k| self.variables.get(k).copied()).collect();
        let leaf = !tree.scopes.iter().any(|s| s.node.is_some() && s.parent.is_some_and(|p| tree.scopes[p].function == function));
        self.makings.push(Making { block: self.body.here(), range: shown, name: self.nested_names[function].clone(), captured, value, leaf });
        value
    }

    /// A nested function, from the values that its captures have here.
    pub fn make_function(&mut self, function: ScopeId, range: TextRange) -> Val {
        let (tree, symbol) = (self.tree, self.nested_names[function].clone());
        let captures = &tree.scopes[function].captures;
        if captures.is_empty() {
            return self.push(Op::Function(symbol), range);
        }
        let variables: Vec<Var> = captures.iter().filter_map(|k| self.variables.get(k).copied()).collect();
        if variables.len() != captures.len() {
            let place = self.span(range);
            return self.error(Diagnostic::error(Code::NB0900, place, format!("`{symbol}` misses a captured value")));
        }
        let values = variables.into_iter().map(|v| self.read_local(v, range)).collect();
        self.push(Op::Closure(symbol, values), range)
    }

    /// Notes an assignment.
    pub fn written(&mut self, variable: Var, range: TextRange) {
        if self.captured.contains(&variable) {
            self.writes.push((variable, self.body.here(), range));
        }
    }

    /// Whether a function is only called, in the block that makes it and before a place: then it is gone at that place.
    fn only_called(&self, making: &Making, before: TextRange) -> bool {
        let called = |op: &Op| matches!(op, Op::Call { callee, arguments, .. } if *callee == making.value && !arguments.contains(&making.value));
        self.body.blocks.iter().enumerate().all(|(i, block)| {
            let kept = block.definitions.values().any(|v| *v == making.value) || block.terminator.and_then(|(t, _)| t.operand()) == Some(making.value);
            !kept && block.insts.iter().all(|inst| {
                let mut used = false;
                inst.op.operands(|v| used |= v == making.value);
                !used || (i == making.block.0 as usize && inst.range.end() <= before.start() && called(&inst.op))
            })
        })
    }

    /// Reports variables that are assigned to after a function has captured them.
    pub fn check_captures(&mut self) {
        for making in std::mem::take(&mut self.makings) {
            let reachable = self.body.reachable_from(making.block);
            let after = |w: &&(Var, BlockId, TextRange)| {
                making.captured.contains(&w.0) && w.2.start() >= making.range.end() && (w.1 == making.block || reachable.contains(&w.1))
            };
            let Some((variable, _, range)) = self.writes.iter().find(after).copied() else { continue };
            if making.leaf && self.only_called(&making, range) {
                continue;
            }
            let name = self.body.locals[variable.0 as usize].clone();
            let (made, assigned) = (self.span(making.range), self.span(range));
            let function = making.name.rsplit('.').next().unwrap_or_default().to_string();
            self.error(Diagnostic::error(Code::NB0100, assigned.clone(), format!("`{name}` is assigned after the function `{function}` has captured it"))
                .label(assigned, "assigned here")
                .label(made, format!("`{function}` is made here, from the value that `{name}` has at this place"))
                .help("pass the value as an argument, assign it before the function is defined, or give the new value another name"));
        }
    }
}

/// The value of a literal default.
pub fn literal_value(e: &Expr) -> Option<Value> {
    if let Expr::Tuple(t) = e {
        return t.elts.iter().map(literal_value).collect::<Option<_>>().map(Value::Tuple);
    }
    Some(match super::literals::literal(e)? {
        Literal::None => Value::None,
        Literal::Bool(b) => Value::Bool(b),
        Literal::Int(i) => Value::Int(i),
        Literal::UInt(u) => Value::UInt(u),
        Literal::Float(f) => Value::Float(f),
        Literal::Str(s) => Value::Str(s),
        Literal::Scalar(dtype, bytes) => Value::Scalar(dtype, bytes),
        Literal::Array(ty, shape, data) => Value::Array(ty, shape, data),
    })
}
