//! Variables that functions share: captured ones that are assigned to after a function has captured them, or by an inner function (`nonlocal`). Such a
//! variable is a list of at most one element, which every function that captures it holds: empty as long as the variable is unbound. Its element
//! type is what all assignments have in common, as that of any list.
use super::Key;
use crate::build::{function::Builder, ir::{FALSE, Literal, Op, TRUE, Terminator, Val, Vals, Var}};
use crate::source::Node;
use numbra_dialects::py::CompareKind;
use ruff_python_ast::{Expr, Stmt, visitor::{Visitor, walk_expr, walk_stmt}};
use ruff_text_size::TextRange;

/// A shared variable, as a function knows it.
#[derive(Clone, Copy, Debug)]
pub struct Cell {
    /// Never unbound
    full: bool,
    /// The first assignment, which comes before all else about the variable, makes it
    by_assignment: bool,
    /// It belongs to this function
    own: bool,
}

/// Whether a statement has to do with a name, or makes a function, which may.
struct Mentions<'n> {
    name: &'n str,
    found: bool,
}

impl<'a> Visitor<'a> for Mentions<'_> {
    fn visit_stmt(&mut self, s: &'a Stmt) {
        self.found |= matches!(s, Stmt::FunctionDef(_) | Stmt::ClassDef(_));
        walk_stmt(self, s);
    }

    fn visit_expr(&mut self, e: &'a Expr) {
        self.found |= matches!(e, Expr::Lambda(_)) || matches!(e, Expr::Name(n) if n.id.as_str() == self.name);
        walk_expr(self, e);
    }
}

/// Whether the first that a function does with a variable is to assign to it, before it makes any function.
fn begins_with_assignment(node: Node, name: &str) -> bool {
    let Node::Def(def) = node else { return false };
    for statement in &def.body {
        if let Stmt::Assign(s) = statement
            && let [Expr::Name(target)] = &*s.targets
            && target.id.as_str() == name
        {
            let mut mentions = Mentions { name, found: false };
            mentions.visit_expr(&s.value);
            return !mentions.found;
        }
        let mut mentions = Mentions { name, found: false };
        mentions.visit_stmt(statement);
        if mentions.found {
            return false;
        }
    }
    false
}

impl<'a> Builder<'a, '_> {
    /// Finds the shared variables of the function, and makes those that exist from the start.
    pub fn make_cells(&mut self, range: TextRange) {
        let tree = self.tree;
        let mut keys: Vec<(Key<'a>, Var)> = self.variables.iter().filter(|(k, _)| tree.cells.contains(k)).map(|(k, v)| (*k, *v)).collect();
        keys.sort_by_key(|k| k.1.0);
        for (key, variable) in keys {
            let Key::Name(owner, name) = key else { continue };
            let scope = &tree.scopes[owner];
            if tree.is_deleted(key) {
                self.deleted_cells.insert(variable);
            }
            let parameter = scope.parameters.iter().any(|p| p.0 == name);
            let by_assignment = !parameter && !tree.is_deleted(key) && scope.node.is_some_and(|n| begins_with_assignment(n, name));
            let own = scope.function == self.home;
            let full = by_assignment || (parameter && !tree.is_deleted(key));
            self.cells.insert(variable, Cell { full, by_assignment, own });
            if own && scope.node.is_some() && !by_assignment {
                let content = if parameter { Vals::from_slice(&[self.body.read(variable, range)]) } else { Vals::new() };
                self.new_cell(variable, content, range);
            } else if !own && !full {
                let flag = self.body.flag(variable);
                self.body.write(flag, FALSE);
            }
        }
    }

    fn new_cell(&mut self, variable: Var, content: Vals, range: TextRange) {
        let flag = self.body.flag(variable);
        self.body.write(flag, if content.is_empty() { FALSE } else { TRUE });
        let cell = self.push(Op::List(content), range);
        self.body.write(variable, cell);
    }

    /// A shared variable of a comprehension, which every run of it has anew.
    pub fn renew_cell(&mut self, variable: Var, range: TextRange) {
        self.new_cell(variable, Vals::new(), range);
    }

    fn is_full(&mut self, variable: Var, cell: Cell, range: TextRange) -> bool {
        let flag = self.body.flag(variable);
        cell.full || (self.body.read(flag, range) == TRUE && !self.deleted_cells.contains(&variable))
    }

    /// Whether there is an element, at run time.
    fn asks(&mut self, list: Val, range: TextRange) -> Val {
        let len = self.push(Op::Entity("builtins.len".into()), range);
        let len = self.push(Op::Call { callee: len, arguments: Vals::from_slice(&[list]), keywords: vec![] }, range);
        let zero = self.constant(Literal::Int(0), range);
        self.push(Op::Compare(CompareKind::Gt, len, zero), range)
    }

    /// The value of a shared variable.
    pub fn read_cell(&mut self, variable: Var, cell: Cell, range: TextRange) -> Val {
        let list = self.body.read(variable, range);
        if !self.is_full(variable, cell, range) {
            let (bound, unbound) = (self.body.block(), self.body.block());
            let some = self.asks(list, range);
            self.branch(some, bound, unbound, range);
            self.body.begin(unbound);
            let name = &self.body.locals[variable.0 as usize];
            let (class, text) = if cell.own {
                ("UnboundLocalError", format!("cannot access local variable '{name}' where it is not associated with a value"))
            } else {
                ("NameError", format!("cannot access free variable '{name}' where it is not associated with a value in enclosing scope"))
            };
            let callee = self.push(Op::Entity(format!("builtins.{class}")), range);
            let text = self.constant(Literal::Str(text), range);
            let exception = self.push(Op::Call { callee, arguments: Vals::from_slice(&[text]), keywords: vec![] }, range);
            self.body.end(Terminator::Raise(exception), range);
            self.body.begin(bound);
            let flag = self.body.flag(variable);
            self.body.write(flag, TRUE);
        }
        let zero = self.constant(Literal::Int(0), range);
        self.push(Op::GetItem(list, zero), range)
    }

    /// Assigns to a shared variable.
    pub fn write_cell(&mut self, variable: Var, cell: Cell, value: Val, range: TextRange) {
        if cell.own && cell.by_assignment && self.made_cells.insert(variable) {
            self.new_cell(variable, Vals::from_slice(&[value]), range);
            return;
        }
        let list = self.body.read(variable, range);
        let full = self.is_full(variable, cell, range);
        let (set, append, done) = (self.body.block(), self.body.block(), self.body.block());
        if !full {
            let some = self.asks(list, range);
            self.branch(some, set, append, range);
            self.body.begin(append);
            let method = self.push(Op::GetAttr(list, "append".into()), range);
            self.push(Op::Call { callee: method, arguments: Vals::from_slice(&[value]), keywords: vec![] }, range);
            self.body.end(Terminator::Br(done), range);
            self.body.begin(set);
        }
        let zero = self.constant(Literal::Int(0), range);
        self.push(Op::SetItem(list, zero, value), range);
        if !full {
            self.go(done, range);
        }
        let flag = self.body.flag(variable);
        self.body.write(flag, TRUE);
    }

    /// Makes a shared variable unbound.
    pub fn clear_cell(&mut self, variable: Var, range: TextRange) {
        let list = self.body.read(variable, range);
        let method = self.push(Op::GetAttr(list, "clear".into()), range);
        self.push(Op::Call { callee: method, arguments: Vals::new(), keywords: vec![] }, range);
        let flag = self.body.flag(variable);
        self.body.write(flag, FALSE);
    }
}
