//! Calls and subscripts that mean something else than they look like: attributes by name, members of enumerations, displays that only join.
use super::{function::Builder, ir::{Literal, Op, Terminator, Val, Vals}};
use crate::host::{Class, Member, Value};
use numbra_dialects::{Code, Diagnostic, py::CompareKind};
use ruff_python_ast::{Expr, ExprCall, ExprSubscript};
use ruff_text_size::{Ranged, TextRange};
use std::sync::Arc;

/// Functions that only run through some of their arguments, and which: where these are list displays, they are tuples, whose elements keep their types.
const JOINING: &[(&str, &[usize])] = &[
    ("numpy.block", &[0]), ("numpy.column_stack", &[0]), ("numpy.concatenate", &[0]), ("numpy.dstack", &[0]), ("numpy.hstack", &[0]),
    ("numpy.piecewise", &[1, 2]), ("numpy.row_stack", &[0]), ("numpy.select", &[0, 1]), ("numpy.stack", &[0]), ("numpy.vstack", &[0]),
];

/// The one of these that also runs through displays inside of displays.
const BLOCK: &str = "numpy.block";

/// Longer displays stay lists.
const MAX_JOINED: usize = 16;

/// Builtins that run over an enumeration.
const RUNS: &[&str] = &["builtins.enumerate", "builtins.iter", "builtins.len", "builtins.list", "builtins.reversed", "builtins.tuple", "builtins.zip"];

fn is_enum(class: &Class) -> bool {
    class.path.starts_with("enum:") || class.path.starts_with("intenum:")
}

impl<'a> Builder<'a, '_> {
    /// A call that is no call, if it is one.
    pub fn special_call(&mut self, e: &'a ExprCall) -> Option<Val> {
        if let Some(Value::Class(class)) = self.chain(&e.func)
            && is_enum(&class)
            && let ([value], []) = (&*e.arguments.args, &*e.arguments.keywords)
        {
            return Some(self.member_by_value(&class, value, e.range()));
        }
        let path = self.library_path(&e.func)?;
        match (path.as_str(), &*e.arguments.args) {
            ("builtins.hasattr", [module, name]) if let Some(Value::Module(module)) = self.chain(module) => {
                let name = self.attribute_name(name)?;
                let found = self.host.attribute(module, &name).is_some();
                Some(self.constant(Literal::Bool(found), e.range()))
            }
            ("builtins.getattr", [object, name]) => {
                let name = self.attribute_name(name)?;
                if let Some(value) = self.attribute_of_constant(object, &name) {
                    return Some(self.known_value(&value, &format!("`{name}`"), e.range()));
                }
                let object = self.expression(object);
                Some(self.push(Op::GetAttr(object, name), e.range()))
            }
            ("builtins.getattr", [object, name, default]) => {
                let name = self.attribute_name(name)?;
                Some(self.attribute_or(object, name, default, e.range()))
            }
            ("builtins.setattr", [object, name, value]) => {
                let name = self.attribute_name(name)?;
                let (object, value) = (self.expression(object), self.expression(value));
                self.push(Op::SetAttr(object, value, name), e.range());
                Some(self.constant(Literal::None, e.range()))
            }
            _ => None,
        }
    }

    /// A constant string.
    fn attribute_name(&mut self, e: &'a Expr) -> Option<String> {
        match e {
            Expr::StringLiteral(s) => Some(s.value.to_str().to_string()),
            _ => match self.chain(e)? {
                Value::Str(s) => Some(s),
                _ => None,
            },
        }
    }

    fn attribute_of_constant(&mut self, object: &'a Expr, name: &str) -> Option<Value> {
        match self.chain(object)? {
            Value::Module(module) => self.host.attribute(module, name),
            Value::Class(class) => self.host.attribute(class.id, name),
            _ => None,
        }
    }

    /// `getattr(object, name, default)`: which one it is, is known when the function is compiled.
    fn attribute_or(&mut self, object: &'a Expr, name: String, default: &'a Expr, range: TextRange) -> Val {
        let (object, default) = (self.expression(object), self.expression(default));
        let text = self.constant(Literal::Str(name.clone()), range);
        let callee = self.push(Op::Entity("builtins.hasattr".into()), range);
        let has = self.push(Op::Call { callee, arguments: Vals::from_slice(&[object, text]), keywords: vec![] }, range);
        let (yes, no, done, result) = (self.body.block(), self.body.block(), self.body.block(), self.body.temporary());
        self.branch(has, yes, no, range);
        self.body.begin(yes);
        let value = self.push(Op::GetAttr(object, name), range);
        self.body.write(result, value);
        self.body.end(Terminator::Br(done), range);
        self.body.begin(no);
        self.body.write(result, default);
        self.go(done, range);
        self.body.read(result, range)
    }

    /// `Color(value)`
    fn member_by_value(&mut self, class: &Arc<Class>, e: &'a Expr, range: TextRange) -> Val {
        let value = self.expression(e);
        let (done, result) = (self.body.block(), self.body.temporary());
        for Member { name, value: own, .. } in &class.members {
            let (found, next) = (self.body.block(), self.body.block());
            let own = self.known_value(own, &format!("`{name}`"), range);
            let same = self.push(Op::Compare(CompareKind::Eq, value, own), range);
            self.branch(same, found, next, range);
            self.body.begin(found);
            let member = self.member(class, name, range);
            self.body.write(result, member);
            self.body.end(Terminator::Br(done), range);
            self.body.begin(next);
        }
        let name = class.path.rsplit(['.', ':']).next().unwrap_or_default();
        let parts = [Literal::Str(String::new()), Literal::Str("r".into()), Literal::None, Literal::Str(format!(" is not a valid {name}"))].map(|l| self.constant(l, range));
        let format = self.push(Op::Entity("numbra.intrinsics.format".into()), range);
        let text = self.push(Op::Call { callee: format, arguments: Vals::from_slice(&[parts[0], value, parts[1], parts[2], parts[3]]), keywords: vec![] }, range);
        let callee = self.push(Op::Entity("builtins.ValueError".into()), range);
        let exception = self.push(Op::Call { callee, arguments: Vals::from_slice(&[text]), keywords: vec![] }, range);
        self.body.end(Terminator::Raise(exception), range);
        self.body.begin(done);
        self.body.read(result, range)
    }

    fn member(&mut self, class: &Arc<Class>, name: &str, range: TextRange) -> Val {
        match self.host.attribute(class.id, name) {
            Some(value @ Value::Member(..)) => self.known_value(&value, &format!("`{name}`"), range),
            _ => {
                let place = self.span(range);
                let class = class.path.rsplit(['.', ':']).next().unwrap_or_default();
                self.error(Diagnostic::error(Code::NB0203, place.clone(), format!("`{class}` has no member `{name}`")).label(place, "not found"))
            }
        }
    }

    /// `Color["RED"]`
    pub fn member_by_name(&mut self, e: &'a ExprSubscript) -> Option<Val> {
        let Some(Value::Class(class)) = self.chain(&e.value) else { return None };
        if !is_enum(&class) {
            return None;
        }
        let name = self.attribute_name(&e.slice)?;
        Some(self.member(&class, &name, e.range))
    }

    /// The members of an enumeration that is run over, as a tuple.
    pub fn members_of(&mut self, e: &'a Expr) -> Option<Val> {
        let Some(Value::Class(class)) = self.chain(e) else { return None };
        if !is_enum(&class) {
            return None;
        }
        let members = class.members.iter().map(|m| self.member(&class, &m.name, e.range())).collect();
        Some(self.push(Op::Tuple(members), e.range()))
    }

    /// An argument that its function only runs over, if it is better made as something else.
    pub fn run_over(&mut self, path: &str, position: usize, e: &'a Expr) -> Option<Val> {
        if RUNS.contains(&path) {
            return self.members_of(e);
        }
        match e {
            Expr::List(l) if JOINING.iter().any(|j| j.0 == path && j.1.contains(&position)) && (1..=MAX_JOINED).contains(&l.elts.len()) => {
                let nested = |b: &mut Self, e: &'a Expr| if path == BLOCK { b.run_over(path, position, e) } else { None };
                let elements = l.elts.iter().map(|e| nested(self, e).unwrap_or_else(|| self.element(e))).collect();
                Some(self.push(Op::Tuple(elements), l.range))
            }
            _ => None,
        }
    }
}
