//! Functions made inside a function. A nested function is a `py.func` of its own whose first parameters are the values that it captures;
//! where it is made, `py.closure` ties it to them.
//!
//! Captured variables are read when the function is made. One that is assigned again later, on a path on which the function may still be
//! used, is a shared one ([`super::cells`]): Python sees the new value.
use super::{Key, ScopeId};
use crate::build::{function::Builder, ir::{BlockId, Literal, Op, Val, Var}};
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
                self.body.write(flag, crate::build::ir::TRUE);
                // A function that needs this one, and so its defaults, must not be made before.
                self.written(variable, TextRange::empty(range.start()));
            }
        }
        let value = self.make_function(function, shown);
        let own = |k: &&Key| tree.scopes[tree.owner(**k)].function == self.home && !tree.cells.contains(*k);
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
        let values = variables.into_iter().map(|v| if self.cells.contains_key(&v) { self.body.read(v, range) } else { self.read_local(v, range) }).collect();
        self.push(Op::Closure(symbol, values), range)
    }

    /// Notes an assignment.
    pub fn written(&mut self, variable: Var, range: TextRange) {
        if self.captured.contains(&variable) {
            self.writes.push((variable, self.body.here(), range));
        }
    }

    /// Finds variables that are assigned to after a function has captured them, while it may still be used: both have to share them.
    pub fn check_captures(&mut self) {
        for making in std::mem::take(&mut self.makings) {
            let reachable = self.body.reachable_from(making.block);
            let uses = self.body.uses_of(making.value);
            for (variable, block, range) in self.writes.clone().into_iter().filter(|w| making.captured.contains(&w.0)) {
                let follows = block == making.block && range.start() >= making.range.end();
                // A function keeps its own defaults, also when it is made again.
                let default = self.variables.iter().any(|(k, v)| *v == variable && matches!(k, Key::Default(..)));
                if default && range.start() < making.range.end() {
                    continue;
                }
                if !(follows || reachable.contains(&block)) || (making.leaf && uses.only_calls && !uses.after(&self.body, (making.block, making.range), (block, range))) {
                    continue;
                }
                match self.variables.iter().find(|(_, v)| **v == variable).map(|(k, _)| *k) {
                    Some(Key::Name(owner, name)) => self.to_share.push((owner, name.to_string())),
                    _ => self.refuse_default(variable, &making, range),
                }
            }
        }
    }

    /// A default belongs to the function that was made with it, which another one that needs it has captured before.
    fn refuse_default(&mut self, variable: Var, making: &Making, range: TextRange) {
        let name = self.body.locals[variable.0 as usize].clone();
        let (made, assigned) = (self.span(making.range), self.span(range));
        let function = making.name.rsplit('.').next().unwrap_or_default().to_string();
        self.diagnostics.push(Diagnostic::error(Code::NB0100, assigned.clone(), format!("the {name} is evaluated after the function `{function}` has captured it"))
            .label(assigned, "evaluated here")
            .label(made, format!("`{function}` is made here, and needs it"))
            .help("define the function with the default first"));
    }
}

/// The value of a literal default.
pub fn literal_value(e: &Expr) -> Option<Value> {
    if let Expr::Tuple(t) = e {
        return t.elts.iter().map(literal_value).collect::<Option<_>>().map(Value::Tuple);
    }
    Some(match crate::build::literals::literal(e)? {
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
