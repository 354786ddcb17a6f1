//! Reading names and attributes. What starts at a module is resolved here; the rest is an attribute of a run-time value.
use super::{Key, Scope, ScopeId};
use crate::build::{function::Builder, ir::{Op, TRUE, Val, Var}};
use crate::{host::{ModuleId, Value}, suggest::nearest};
use numbra_dialects::{Code, Diagnostic};
use ruff_python_ast::{Expr, ExprAttribute, ExprName};
use ruff_text_size::TextRange;

/// What a name stands for.
pub enum Place {
    /// A variable of the function: a local, a parameter, or a captured value
    Variable(Var),
    /// A nested function of a function around this one
    Function(ScopeId),
    /// A global
    Outer,
}

impl<'a> Builder<'a, '_> {
    /// What a name stands for here.
    pub fn place(&self, name: &'a str) -> Place {
        let Some(owner) = self.tree.resolve(self.scope, name) else { return Place::Outer };
        match (self.variables.get(&Key::Name(owner, name)), self.tree.only_function(owner, name)) {
            (Some(variable), _) => Place::Variable(*variable),
            (None, Some(function)) => Place::Function(function),
            (None, None) => Place::Outer,
        }
    }

    /// The variable of a name that is assigned to; none where it belongs to another function and is not shared.
    pub fn local(&self, name: &'a str) -> Option<Var> {
        let owner = self.tree.resolve(self.scope, name)?;
        let own = self.tree.scopes[owner].function == self.home;
        self.variables.get(&Key::Name(owner, name)).copied().filter(|v| own || self.cells.contains_key(v))
    }

    /// Reports what cannot be declared `nonlocal` or `global` where that is done.
    pub fn outer_names(&mut self, scope: &Scope<'a>) {
        for (name, range) in &scope.outer {
            if scope.parameters.iter().any(|p| p.0 == *name) {
                let place = self.span(*range);
                self.error(Diagnostic::error(Code::NB0001, place.clone(), format!("`{name}` is a parameter and declared global")).label(place, "also a parameter"));
            } else if scope.nonlocal.contains(name) && self.tree.resolve(self.home, name).is_none() {
                let place = self.span(*range);
                self.error(Diagnostic::error(Code::NB0100, place.clone(), format!("`nonlocal {name}`: the variable does not belong to a compiled function around this one"))
                    .label(place, "variables from outside of the compiled function are constants in it")
                    .help("return the new value, or keep it in an array that is passed as an argument"));
            }
        }
    }

    /// The value of a name.
    pub fn name(&mut self, name: &'a ExprName) -> Val {
        match self.place(&name.id) {
            Place::Variable(local) => return self.read_local(local, name.range),
            Place::Function(function) => return self.make_function(function, name.range),
            Place::Outer => {}
        }
        match self.global(&name.id) {
            Some(value) => self.known_value(&value, &format!("`{}`", name.id), name.range),
            None => self.undefined(&name.id, name.range),
        }
    }

    /// The value of a local; a check precedes it, which is dropped later where the local is always bound.
    pub fn read_local(&mut self, local: Var, range: TextRange) -> Val {
        if let Some(cell) = self.cells.get(&local).copied() {
            return self.read_cell(local, cell, range);
        }
        let flag = self.body.flag(local);
        let bound = self.body.read(flag, range);
        if bound != TRUE {
            let name = self.body.locals[local.0 as usize].clone();
            self.push(Op::CheckBound(bound, name), range);
            self.body.write(flag, TRUE);
        }
        self.body.read(local, range)
    }

    fn global(&mut self, name: &'a str) -> Option<Value> {
        let (host, function) = (self.host, self.function);
        self.globals.entry(name).or_insert_with(|| host.global(function, name)).clone()
    }

    fn undefined(&mut self, name: &str, range: TextRange) -> Val {
        let place = self.span(range);
        let mut diagnostic = Diagnostic::error(Code::NB0206, place.clone(), format!("name `{name}` is not defined")).label(place, "not found");
        let known = self.host.names(self.function);
        let candidates = self.body.locals.iter().map(String::as_str).chain(known.iter().map(String::as_str));
        if let Some(similar) = nearest(name, candidates) {
            diagnostic = diagnostic.help(format!("did you mean `{similar}`?"));
        }
        self.error(diagnostic)
    }

    /// The compile-time value of a chain of names that starts at a module: `np`, `np.random`, `np.pi`.
    pub(crate) fn chain(&mut self, e: &'a Expr) -> Option<Value> {
        match e {
            Expr::Name(name) if matches!(self.place(&name.id), Place::Outer) => self.global(&name.id),
            Expr::Attribute(a) => self.chain_attribute(a),
            _ => None,
        }
    }

    fn chain_attribute(&mut self, a: &'a ExprAttribute) -> Option<Value> {
        match self.chain(&a.value)? {
            Value::Module(module) => self.host.attribute(module, &a.attr),
            Value::Class(class) => self.host.attribute(class.id, &a.attr),
            Value::Member(_, name, value) => match a.attr.as_str() {
                "name" => Some(Value::Str(name)),
                "value" => Some(*value),
                _ => None,
            },
            _ => None,
        }
    }

    /// An attribute.
    pub fn attribute(&mut self, e: &'a ExprAttribute) -> Val {
        let object = self.chain(&e.value);
        if let Some(Value::Member(..)) = object
            && let Some(value) = self.chain_attribute(e)
        {
            return self.known_value(&value, &format!("`{}`", dotted(e)), e.range);
        }
        let module = match object {
            Some(Value::Module(module)) => Some(module),
            Some(Value::Class(class)) => Some(class.id),
            _ => None,
        };
        if let Some(module) = module {
            return match self.host.attribute(module, &e.attr) {
                Some(value) => self.known_value(&value, &format!("`{}`", dotted(e)), e.range),
                None => self.unknown_attribute(module, e),
            };
        }
        let object = self.expression(&e.value);
        self.push(Op::GetAttr(object, e.attr.to_string()), e.range)
    }

    fn unknown_attribute(&mut self, module: ModuleId, e: &'a ExprAttribute) -> Val {
        let place = self.span(e.attr.range);
        let mut diagnostic = Diagnostic::error(Code::NB0203, place.clone(), format!("`{}` has no attribute `{}`", text(&e.value), e.attr)).label(place, "not found");
        let known = self.host.attribute_names(module);
        if let Some(similar) = nearest(&e.attr, known.iter().map(String::as_str)) {
            diagnostic = diagnostic.help(format!("did you mean `{similar}`?"));
        }
        self.error(diagnostic)
    }
}

/// The text of a chain of names.
fn dotted(e: &ExprAttribute) -> String {
    format!("{}.{}", text(&e.value), e.attr)
}

fn text(e: &Expr) -> String {
    match e {
        Expr::Name(n) => n.id.to_string(),
        Expr::Attribute(a) => dotted(a),
        _ => "...".to_string(),
    }
}
