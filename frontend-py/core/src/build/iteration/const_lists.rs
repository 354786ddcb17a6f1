//! Lists that `literal_unroll` goes over: `x = [1, 2.5, "a"]` and later `for v in literal_unroll(x)`. The elements of a list have one type; so
//! that each keeps its own, such a list is made as a tuple where nothing that is done with it could tell the two apart.
use super::unroll::LITERAL_UNROLL;
use crate::build::{function::Builder, scope::is_literal};
use crate::source::deeper;
use ruff_python_ast::{Expr, ExprCall, ExprList, ExprName, Stmt, UnaryOp, visitor::{Visitor, walk_expr, walk_stmt}};
use ruff_text_size::TextRange;
use std::collections::{HashMap, HashSet};

/// What a function does with its names, as far as it concerns lists of constants.
#[derive(Default)]
struct Uses<'a> {
    /// Displays of constants that are assigned to a name
    lists: HashMap<&'a str, Vec<TextRange>>,
    /// How often a name stands anywhere
    all: HashMap<&'a str, usize>,
    /// How often it stands where a tuple does what a list does: it is assigned a display, subscripted by no slice, or an argument of `len`
    alike: HashMap<&'a str, usize>,
    /// Calls with one argument, which is a name or a display
    calls: Vec<(&'a ExprCall, &'a Expr)>,
}

impl<'a> Uses<'a> {
    fn assigned(&mut self, target: &'a Expr, value: &'a Expr) {
        match (target, value) {
            (Expr::Name(name), Expr::List(l)) if is_constant(l) => {
                self.lists.entry(&name.id).or_default().push(l.range);
                self.alike(target);
            }
            // `a, b = [1, 2.5], ["x", "y"]`
            (Expr::Tuple(targets), Expr::Tuple(values)) if targets.elts.len() == values.elts.len() => {
                targets.elts.iter().zip(&values.elts).for_each(|(t, v)| self.assigned(t, v));
            }
            _ => {}
        }
    }

    fn alike(&mut self, e: &'a Expr) {
        if let Expr::Name(ExprName { id, .. }) = e {
            *self.alike.entry(id).or_default() += 1;
        }
    }
}

impl<'a> Visitor<'a> for Uses<'a> {
    fn visit_stmt(&mut self, s: &'a Stmt) {
        if let Stmt::Assign(a) = s
            && let [target] = &a.targets[..]
        {
            self.assigned(target, &a.value);
        }
        walk_stmt(self, s);
    }

    fn visit_expr(&mut self, e: &'a Expr) {
        match e {
            Expr::Name(n) => *self.all.entry(&n.id).or_default() += 1,
            Expr::Subscript(s) if s.ctx.is_load() && !s.slice.is_slice_expr() => self.alike(&s.value),
            Expr::Call(c) if c.arguments.keywords.is_empty() => {
                if let [argument @ (Expr::Name(_) | Expr::List(_))] = &*c.arguments.args {
                    self.calls.push((c, argument));
                }
            }
            _ => {}
        }
        deeper(|| walk_expr(self, e));
    }
}

fn is_constant(l: &ExprList) -> bool {
    l.elts.iter().all(|e| match e {
        Expr::UnaryOp(u) => u.op == UnaryOp::USub && u.operand.is_number_literal_expr(),
        e => e.is_number_literal_expr() || is_literal(e),
    })
}

impl<'a> Builder<'a, '_> {
    /// The displays of lists in a function that are made as tuples.
    pub fn lists_to_unroll(&mut self, body: &'a [Stmt]) -> HashSet<TextRange> {
        let mut uses = Uses::default();
        uses.visit_body(body);
        let (mut found, mut unrolled) = (HashSet::new(), HashSet::new());
        for (call, argument) in std::mem::take(&mut uses.calls) {
            let candidate = match argument {
                Expr::Name(n) => uses.lists.contains_key(n.id.as_str()),
                Expr::List(l) => is_constant(l),
                _ => false,
            };
            if !candidate {
                continue;
            }
            match (self.library_path(&call.func).as_deref(), argument) {
                (Some(LITERAL_UNROLL), Expr::List(l)) => _ = found.insert(l.range),
                (Some(LITERAL_UNROLL), Expr::Name(n)) => {
                    unrolled.insert(n.id.as_str());
                    uses.alike(argument);
                }
                (Some("builtins.len"), _) => uses.alike(argument),
                _ => {}
            }
        }
        for name in unrolled {
            if let Some([display]) = uses.lists.get(name).map(Vec::as_slice)
                && uses.all.get(name) == uses.alike.get(name)
            {
                found.insert(*display);
            }
        }
        found
    }
}
