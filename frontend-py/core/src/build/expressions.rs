//! Operators, tuples, and the table of all expressions.
use super::{function::Builder, ir::{Op, Val}, unsupported};
use crate::source::deeper;
use numbra_dialects::{Code, Diagnostic, py::{BinaryKind, UnaryKind}};
use ruff_python_ast::{Expr, ExprNamed, Operator, UnaryOp};
use ruff_text_size::Ranged;

/// The binary operator.
pub fn operator(op: Operator) -> BinaryKind {
    match op {
        Operator::Add => BinaryKind::Add,
        Operator::Sub => BinaryKind::Sub,
        Operator::Mult => BinaryKind::Mul,
        Operator::MatMult => BinaryKind::MatMul,
        Operator::Div => BinaryKind::TrueDiv,
        Operator::Mod => BinaryKind::Mod,
        Operator::Pow => BinaryKind::Pow,
        Operator::LShift => BinaryKind::LShift,
        Operator::RShift => BinaryKind::RShift,
        Operator::BitOr => BinaryKind::Or,
        Operator::BitXor => BinaryKind::Xor,
        Operator::BitAnd => BinaryKind::And,
        Operator::FloorDiv => BinaryKind::FloorDiv,
    }
}

fn unary(op: UnaryOp) -> UnaryKind {
    match op {
        UnaryOp::Invert => UnaryKind::Invert,
        UnaryOp::Not => UnaryKind::Not,
        UnaryOp::UAdd => UnaryKind::Pos,
        UnaryOp::USub => UnaryKind::Neg,
    }
}

impl<'a> Builder<'a, '_> {
    /// The value of an expression.
    pub fn expression(&mut self, e: &'a Expr) -> Val {
        deeper(|| self.expression_here(e))
    }

    fn expression_here(&mut self, e: &'a Expr) -> Val {
        match e {
            Expr::Name(n) => self.name(n),
            Expr::NumberLiteral(n) => self.number(n),
            Expr::BytesLiteral(b) => self.bytes(b.value.bytes().collect(), b.range),
            Expr::BooleanLiteral(_) | Expr::NoneLiteral(_) | Expr::EllipsisLiteral(_) | Expr::StringLiteral(_) => self.simple_literal(e),
            Expr::BinOp(b) => {
                let lhs = self.expression(&b.left);
                let rhs = self.expression(&b.right);
                self.push(Op::Binary { kind: operator(b.op), lhs, rhs, inplace: false }, b.range)
            }
            Expr::UnaryOp(u) => {
                if let Some(value) = self.negative_number(u) {
                    return value;
                }
                let operand = self.expression(&u.operand);
                self.push(Op::Unary(unary(u.op), operand), u.range)
            }
            Expr::BoolOp(b) => self.bool_value(b),
            Expr::Compare(c) => self.compare_value(c),
            Expr::If(i) => self.conditional(i),
            Expr::Call(c) => self.call(c),
            Expr::Attribute(a) => self.attribute(a),
            Expr::Subscript(s) if let Some(member) = self.member_by_name(s) => member,
            Expr::Subscript(s) => {
                let object = self.expression(&s.value);
                let index = self.index(&s.slice);
                self.push(Op::GetItem(object, index), s.range)
            }
            Expr::Tuple(t) => {
                let elements = t.elts.iter().map(|e| self.element(e)).collect();
                self.push(Op::Tuple(elements), t.range)
            }
            Expr::List(l) => self.list_display(l),
            Expr::ListComp(c) => self.list_of(c.range, |b, done, each| b.comprehension(c.range, &c.elt, &c.generators, done, each)),
            Expr::FString(f) => self.formatted(f),
            Expr::Named(n) => self.named(n),
            Expr::Lambda(l) => self.lambda(l),
            Expr::Slice(_) => self.index(e),
            _ => self.refuse_expression(e),
        }
    }

    /// `(name := value)`.
    fn named(&mut self, e: &'a ExprNamed) -> Val {
        let value = self.expression(&e.value);
        self.assign_to(&e.target, value);
        value
    }

    /// Reports an expression that is not supported; operands that are evaluated in this scope are checked as well.
    fn refuse_expression(&mut self, e: &'a Expr) -> Val {
        let (message, label, help) = unsupported::expression(e);
        let place = self.span(e.range());
        match e {
            Expr::Set(s) => s.elts.iter().for_each(|x| _ = self.expression(x)),
            Expr::Dict(d) => d.items.iter().for_each(|i| {
                if let Some(key) = &i.key {
                    self.expression(key);
                }
                self.expression(&i.value);
            }),
            Expr::Yield(y) => y.value.iter().for_each(|x| _ = self.expression(x)),
            Expr::Starred(s) => _ = self.expression(&s.value),
            _ => {}
        }
        self.error(Diagnostic::error(Code::NB0101, place.clone(), message).label(place, label).help(help))
    }
}
