//! Truth: `if`, `and`, `or`, `not`, comparison chains and conditional expressions as control flow.
use super::{function::Builder, ir::{BlockId, Op, Terminator, Val}, scope::names::Place};
use crate::source::deeper;
use numbra_dialects::py::CompareKind;
use ruff_python_ast::{BoolOp, CmpOp, ElifElseClause, Expr, ExprBoolOp, ExprCompare, ExprIf, ExprName, Number, StmtIf, UnaryOp};
use ruff_text_size::{Ranged, TextRange};

/// The comparison of an operator.
fn kind(op: CmpOp) -> CompareKind {
    match op {
        CmpOp::Eq => CompareKind::Eq,
        CmpOp::NotEq => CompareKind::Ne,
        CmpOp::Lt => CompareKind::Lt,
        CmpOp::LtE => CompareKind::Le,
        CmpOp::Gt => CompareKind::Gt,
        CmpOp::GtE => CompareKind::Ge,
        CmpOp::Is => CompareKind::Is,
        CmpOp::IsNot => CompareKind::IsNot,
        CmpOp::In => CompareKind::In,
        CmpOp::NotIn => CompareKind::NotIn,
    }
}

/// Truth of a literal, as far as it is worth a jump without a test.
pub fn known(e: &Expr) -> Option<bool> {
    match e {
        Expr::BooleanLiteral(b) => Some(b.value),
        Expr::NoneLiteral(_) => Some(false),
        Expr::NumberLiteral(n) => match &n.value {
            Number::Int(i) => Some(i.as_u64() != Some(0)),
            Number::Float(f) => Some(*f != 0.0),
            Number::Complex { .. } => None,
        },
        _ => None,
    }
}

/// The variable that a condition is about: `x`, `x is None`, `x == None`, `isinstance(x, ...)` and their opposites.
fn subject(e: &Expr) -> Option<&ExprName> {
    let name = |e: &'_ Expr| matches!(e, Expr::Name(_));
    match e {
        Expr::Name(n) => Some(n),
        Expr::Named(n) => n.target.as_name_expr(),
        Expr::Compare(c) => match (&*c.ops, &*c.left, &*c.comparators) {
            ([CmpOp::Is | CmpOp::IsNot | CmpOp::Eq | CmpOp::NotEq], x, [Expr::NoneLiteral(_)]) | ([CmpOp::Is | CmpOp::IsNot | CmpOp::Eq | CmpOp::NotEq], Expr::NoneLiteral(_), [x]) if name(x) => x.as_name_expr(),
            _ => None,
        },
        Expr::Call(c) if c.func.as_name_expr().is_some_and(|f| f.id == "isinstance") => c.arguments.args.first()?.as_name_expr(),
        _ => None,
    }
}

impl<'a> Builder<'a, '_> {
    /// `if` with all its `elif` and `else`.
    pub fn if_statement(&mut self, s: &'a StmtIf) {
        let join = self.body.block();
        let mut clauses = s.elif_else_clauses.iter().peekable();
        let mut arm = (Some(&*s.test), &s.body[..], s.range);
        loop {
            let (test, list, range) = arm;
            // Where the last condition fails and there is no `else`, what follows is the join.
            let next = if clauses.peek().is_some() { self.body.block() } else { join };
            if let Some(test) = test {
                let yes = self.body.block();
                self.condition(test, yes, next);
                self.body.begin(yes);
            }
            self.statements(list);
            self.body.end(Terminator::Br(join), list.last().map_or(range, |s| s.range()));
            self.body.begin(next);
            match clauses.next() {
                Some(ElifElseClause { test, body, range, .. }) => arm = (test.as_ref(), body, *range),
                None => return,
            }
        }
    }

    /// Goes to one of two blocks by the truth of an expression.
    pub fn condition(&mut self, e: &'a Expr, yes: BlockId, no: BlockId) {
        if let Some(value) = known(e) {
            self.body.end(Terminator::Br(if value { yes } else { no }), e.range());
            return;
        }
        match e {
            Expr::UnaryOp(u) if u.op == UnaryOp::Not => deeper(|| self.condition(&u.operand, no, yes)),
            Expr::BoolOp(b) => {
                let Some((last, rest)) = b.values.split_last() else { return };
                for value in rest {
                    let next = self.body.block();
                    match b.op {
                        BoolOp::And => deeper(|| self.condition(value, next, no)),
                        BoolOp::Or => deeper(|| self.condition(value, yes, next)),
                    }
                    self.body.begin(next);
                }
                deeper(|| self.condition(last, yes, no));
            }
            Expr::Compare(c) if c.ops.len() > 1 => {
                let mut left = self.expression(&c.left);
                for (i, (op, right)) in c.ops.iter().zip(&c.comparators).enumerate() {
                    let start = if i == 0 { c.left.range().start() } else { c.comparators[i - 1].range().start() };
                    let range = TextRange::new(start, right.range().end());
                    let right = self.expression(right);
                    let result = self.push(Op::Compare(kind(*op), left, right), range);
                    if i + 1 == c.ops.len() {
                        self.branch(result, yes, no, range);
                    } else {
                        let next = self.body.block();
                        self.branch(result, next, no, range);
                        self.body.begin(next);
                    }
                    left = right;
                }
            }
            _ => {
                let value = self.expression(e);
                let truth = self.push(Op::Truth(value), e.range());
                self.narrowing_branch(truth, subject(e), yes, no, e.range());
            }
        }
    }

    /// Branches; on each side the variable that the condition is about is known to be as the condition says.
    fn narrowing_branch(&mut self, truth: Val, subject: Option<&'a ExprName>, yes: BlockId, no: BlockId, range: TextRange) {
        // Other functions may change what they share.
        let about = subject.map(|n| self.place(&n.id)).filter(|p| !matches!(p, Place::Variable(v) if self.cells.contains_key(v)));
        let Some(Place::Variable(local)) = about else {
            self.body.end(Terminator::CondBr(truth, yes, no), range);
            return;
        };
        let value = self.body.read(local, range);
        let (holds, fails) = (self.body.block(), self.body.block());
        self.body.end(Terminator::CondBr(truth, holds, fails), range);
        for (block, target, expected) in [(holds, yes, true), (fails, no, false)] {
            self.body.begin(block);
            let narrowed = self.push(Op::Narrow(value, truth, expected), range);
            self.body.write(local, narrowed);
            self.body.end(Terminator::Br(target), range);
        }
    }

    /// Goes to one of two blocks by the truth of a value.
    pub fn branch(&mut self, value: Val, yes: BlockId, no: BlockId, range: TextRange) {
        let truth = self.push(Op::Truth(value), range);
        self.body.end(Terminator::CondBr(truth, yes, no), range);
    }

    /// `and` / `or` as a value: the operand that decided.
    pub fn bool_value(&mut self, e: &'a ExprBoolOp) -> Val {
        let (result, join) = (self.body.temporary(), self.body.block());
        for (i, operand) in e.values.iter().enumerate() {
            let value = self.expression(operand);
            if i + 1 == e.values.len() {
                self.body.write(result, value);
                self.go(join, e.range);
                continue;
            }
            let (range, decides) = (operand.range(), e.op == BoolOp::Or);
            let truth = self.push(Op::Truth(value), range);
            let (decided, next) = (self.body.block(), self.body.block());
            let (yes, no) = if decides { (decided, next) } else { (next, decided) };
            self.narrowing_branch(truth, subject(operand), yes, no, range);
            self.body.begin(decided);
            let narrowed = self.push(Op::Narrow(value, truth, decides), range);
            self.body.write(result, narrowed);
            self.body.end(Terminator::Br(join), range);
            self.body.begin(next);
        }
        self.body.read(result, e.range)
    }

    /// A comparison or a chain of them as a value: the first one that is false, or the last.
    pub fn compare_value(&mut self, e: &'a ExprCompare) -> Val {
        let mut left = self.expression(&e.left);
        if let ([op], [right]) = (&*e.ops, &*e.comparators) {
            let right = self.expression(right);
            return self.push(Op::Compare(kind(*op), left, right), e.range);
        }
        let (result, join) = (self.body.temporary(), self.body.block());
        for (i, (op, right)) in e.ops.iter().zip(&e.comparators).enumerate() {
            let start = if i == 0 { e.left.range().start() } else { e.comparators[i - 1].range().start() };
            let range = TextRange::new(start, right.range().end());
            let right = self.expression(right);
            let value = self.push(Op::Compare(kind(*op), left, right), range);
            self.body.write(result, value);
            if i + 1 == e.ops.len() {
                self.go(join, e.range);
            } else {
                let next = self.body.block();
                self.branch(value, next, join, range);
                self.body.begin(next);
            }
            left = right;
        }
        self.body.read(result, e.range)
    }

    /// `a if c else b`.
    pub fn conditional(&mut self, e: &'a ExprIf) -> Val {
        let (yes, no, join) = (self.body.block(), self.body.block(), self.body.block());
        let result = self.body.temporary();
        self.condition(&e.test, yes, no);
        self.body.begin(yes);
        let value = self.expression(&e.body);
        self.body.write(result, value);
        self.body.end(Terminator::Br(join), e.body.range());
        self.body.begin(no);
        let value = self.expression(&e.orelse);
        self.body.write(result, value);
        self.go(join, e.orelse.range());
        self.body.read(result, e.range)
    }
}
