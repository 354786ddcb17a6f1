//! Assignment: to names, tuples of targets, subscripts; augmented assignment.
use super::{expressions::operator, function::Builder, ir::{Op, TRUE, Val}};
use numbra_dialects::{Code, Diagnostic};
use ruff_python_ast::{Expr, StmtAssign, StmtAugAssign};
use ruff_text_size::{Ranged, TextRange};

/// The elements of a tuple or list display without starred elements.
fn display(e: &Expr) -> Option<&[Expr]> {
    let elements = match e {
        Expr::Tuple(t) => &t.elts,
        Expr::List(l) => &l.elts,
        _ => return None,
    };
    (!elements.iter().any(|e| matches!(e, Expr::Starred(_)))).then_some(elements)
}

impl<'a> Builder<'a, '_> {
    /// `a = b = value`.
    pub fn assign(&mut self, s: &'a StmtAssign) {
        // `a, b = b, a`: all values, then all targets; no tuple is needed.
        if let ([target], Expr::Tuple(_)) = (&*s.targets, &*s.value)
            && let (Some(targets), Some(values)) = (display(target), display(&s.value))
            && targets.len() == values.len()
        {
            let values: Vec<Val> = values.iter().map(|v| self.expression(v)).collect();
            for (target, value) in targets.iter().zip(values) {
                self.assign_to(target, value);
            }
            return;
        }
        let taken_apart = s.targets.iter().any(|t| matches!(t, Expr::Tuple(_) | Expr::List(_)));
        let value = if taken_apart { self.materialized(&s.value) } else { self.expression(&s.value) };
        let value = if taken_apart { value } else { self.own_iterator(&s.value, value) };
        for target in &s.targets {
            self.assign_to(target, value);
        }
    }

    /// Assigns a value to one target.
    pub fn assign_to(&mut self, target: &'a Expr, value: Val) {
        match target {
            Expr::Name(name) => self.assign_name(&name.id, name.range, value),
            Expr::Tuple(t) => self.unpack(&t.elts, t.range, value),
            Expr::List(l) => self.unpack(&l.elts, l.range, value),
            Expr::Subscript(s) => {
                let object = self.expression(&s.value);
                let index = self.index(&s.slice);
                self.push(Op::SetItem(object, index, value), s.range);
            }
            Expr::Attribute(a) => {
                let object = self.expression(&a.value);
                self.push(Op::SetAttr(object, value, a.attr.to_string()), a.range);
            }
            Expr::Starred(s) => self.assign_to(&s.value, value),
            other => {
                let place = self.span(other.range());
                self.error(Diagnostic::error(Code::NB0001, place.clone(), "cannot assign to this expression").label(place, "not a target"));
            }
        }
    }

    /// The value as the type that the option `locals` declares for a variable.
    fn converted(&mut self, name: &str, range: TextRange, value: Val) -> Val {
        let Some((_, dtype)) = self.declared.iter().find(|d| d.0 == name) else { return value };
        let class = self.push(Op::Entity(format!("numpy.{}", dtype.name())), range);
        self.push(Op::Call { callee: class, arguments: [value].into_iter().collect(), keywords: vec![] }, range)
    }

    /// Converts a parameter whose type is declared.
    pub fn declare_parameter(&mut self, name: &'a str, range: TextRange) {
        if self.declared.iter().any(|d| d.0 == name) && let Some(local) = self.local(name) {
            let value = self.body.read(local, range);
            self.assign_name(name, range, value);
        }
    }

    /// Assigns to a name.
    pub fn assign_name(&mut self, name: &'a str, range: TextRange, value: Val) {
        match self.local(name) {
            Some(local) => {
                let value = self.converted(name, range, value);
                if let Some(cell) = self.cells.get(&local).copied() {
                    return self.write_cell(local, cell, value, range);
                }
                self.body.write(local, value);
                let flag = self.body.flag(local);
                self.body.write(flag, TRUE);
                self.written(local, range);
            }
            None => self.refuse_outer(name, range, "assigned to"),
        }
    }

    /// Reports a change of a name that belongs to the module or an outer function.
    pub fn refuse_outer(&mut self, name: &str, range: TextRange, done: &str) {
        let place = self.span(range);
        self.error(Diagnostic::error(Code::NB0100, place.clone(), format!("`{name}` is not local and cannot be {done}"))
            .label(place, "globals are constants in compiled code")
            .help("return the new value, or keep it in an array that is passed as an argument"));
    }

    fn unpack(&mut self, targets: &'a [Expr], range: TextRange, value: Val) {
        let is_star = |t: &Expr| matches!(t, Expr::Starred(_));
        let starred = targets.iter().position(is_star);
        if targets.iter().filter(|t| is_star(t)).count() > 1 {
            let place = self.span(range);
            self.error(Diagnostic::error(Code::NB0001, place.clone(), "several starred targets in one assignment").label(place, "only one can take what the others leave"));
            return;
        }
        let first = self.push(Op::Unpack(value, targets.len(), starred), range);
        for (i, target) in targets.iter().enumerate() {
            self.assign_to(target, Val(first.0 + i as u32));
        }
    }

    /// `target op= value`: object and index are evaluated once, before the value.
    pub fn augmented_assign(&mut self, s: &'a StmtAugAssign) {
        let kind = operator(s.op);
        match &*s.target {
            Expr::Name(name) => {
                let lhs = match self.local(&name.id) {
                    Some(local) => self.read_local(local, name.range),
                    // `assign_name` says what is wrong.
                    None => super::ir::FALSE,
                };
                let rhs = self.expression(&s.value);
                let value = self.push(Op::Binary { kind, lhs, rhs, inplace: true }, s.range);
                self.assign_name(&name.id, name.range, value);
            }
            Expr::Subscript(target) => {
                let object = self.expression(&target.value);
                let index = self.index(&target.slice);
                let lhs = self.push(Op::GetItem(object, index), target.range);
                let rhs = self.expression(&s.value);
                let value = self.push(Op::Binary { kind, lhs, rhs, inplace: true }, s.range);
                self.push(Op::SetItem(object, index, value), target.range);
            }
            Expr::Attribute(target) => {
                let object = self.expression(&target.value);
                let lhs = self.push(Op::GetAttr(object, target.attr.to_string()), target.range);
                let rhs = self.expression(&s.value);
                let value = self.push(Op::Binary { kind, lhs, rhs, inplace: true }, s.range);
                self.push(Op::SetAttr(object, value, target.attr.to_string()), target.range);
            }
            other => {
                self.expression(&s.value);
                self.assign_to(other, super::ir::FALSE);
            }
        }
    }
}
