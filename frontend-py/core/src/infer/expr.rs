//! How a value is computed: what typing decides and emission builds. Typing works on plain data only, so that a fixed point costs no IR.
use super::val::Val;
use crate::infer::problem::Problem;
use numbra_abi::DType;
use numbra_dialects::py::{BinaryKind, CompareKind, Ty, UnaryKind};
use std::sync::Arc;

/// What is done with the elements of arrays.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ArrayOp {
    /// Row of the typed stage's list
    pub path: &'static str,
    /// The function of the elements, by instance
    pub callee: Option<usize>,
    /// How elements are put together, where they are
    pub kind: Option<&'static str>,
    /// Along which axis; all without one
    pub axis: Option<usize>,
    /// Whether the axis stays, with one element
    pub keepdims: bool,
}

impl ArrayOp {
    /// `array.map`
    pub fn map(callee: usize) -> Self {
        Self { path: "array.map", callee: Some(callee), kind: None, axis: None, keepdims: false }
    }
}

/// An expression over the operands of one op.
#[derive(Clone, Debug, PartialEq)]
pub enum Expr {
    /// Operand of the op, by position
    Arg(usize),
    /// Object whose method the op calls
    Receiver,
    /// Compile-time value, in this type
    Const(Val, Ty),
    /// The constant array that the op holds
    Data(Ty),
    /// Conversion
    Cast(Box<Expr>, Ty),
    /// Element of a tuple, with its type
    Element(Box<Expr>, usize, Ty),
    /// New tuple
    Tuple(Vec<Expr>, Ty),
    /// Function with captured values
    Closure(Arc<str>, Vec<Expr>, Ty),
    /// New slice
    Slice(Vec<Expr>, Ty),
    /// Unary operator in the result's type
    Unary(UnaryKind, Box<Expr>, Ty),
    /// Binary operator
    Binary(BinaryKind, Box<Expr>, Box<Expr>, Ty),
    /// Comparison of two values of one type
    Compare(CompareKind, Box<Expr>, Box<Expr>),
    /// Truth value
    Truth(Box<Expr>),
    /// Attribute
    GetAttr(Box<Expr>, &'static str, Ty),
    /// Subscript
    GetItem(Box<Expr>, Box<Expr>, Ty),
    /// Subscript assignment: object, index, value
    SetItem(Box<Expr>, Box<Expr>, Box<Expr>),
    /// Row of the typed stage's list
    Builtin(&'static str, Vec<Expr>, Ty),
    /// Call of a typed function, by instance
    Invoke(usize, Vec<Expr>, Ty),
    /// Op on whole arrays
    Array(ArrayOp, Vec<Expr>, Ty),
    /// New exception
    Exception(String, Vec<Expr>),
    /// New iterator
    Iter(Box<Expr>, Ty),
    /// Condition, value where it holds, value where not, each in its own type, and the type of both
    If(Box<[Expr; 3]>, Ty),
}

impl Expr {
    /// Conversion to a type; emission leaves it out where the types agree.
    pub fn cast(self, t: &Ty) -> Expr {
        Expr::Cast(Box::new(self), t.clone())
    }

    /// Conversion to a scalar type.
    pub fn to(self, d: DType) -> Expr {
        self.cast(&Ty::Scalar(d))
    }

    /// A constant in its own type.
    pub fn constant(v: Val) -> Expr {
        let t = v.ty();
        Expr::Const(v, t)
    }

    /// A binary operation in one type.
    pub fn binary(kind: BinaryKind, a: Expr, b: Expr, d: DType) -> Expr {
        Expr::Binary(kind, Box::new(a), Box::new(b), Ty::Scalar(d))
    }

    /// A comparison.
    pub fn compare(kind: CompareKind, a: Expr, b: Expr) -> Expr {
        Expr::Compare(kind, Box::new(a), Box::new(b))
    }

    /// A unary operation in one type.
    pub fn unary(kind: UnaryKind, a: Expr, d: DType) -> Expr {
        Expr::Unary(kind, Box::new(a), Ty::Scalar(d))
    }

    /// A row of the typed stage's list.
    pub fn builtin(path: &'static str, args: Vec<Expr>, t: Ty) -> Expr {
        Expr::Builtin(path, args, t)
    }

    /// One of two expressions, of which only that one is computed.
    pub fn choice(condition: Expr, yes: Expr, no: Expr, t: &Ty) -> Expr {
        Expr::If(Box::new([condition, yes.cast(t), no.cast(t)]), t.clone())
    }

    /// Whether leaving it out where its value is not used changes nothing.
    pub fn is_pure(&self) -> bool {
        match self {
            Expr::Arg(_) | Expr::Receiver | Expr::Const(..) | Expr::Data(_) => true,
            Expr::Cast(e, _) | Expr::Element(e, ..) | Expr::Truth(e) | Expr::GetAttr(e, ..) => e.is_pure(),
            Expr::Tuple(e, _) | Expr::Closure(_, e, _) | Expr::Slice(e, _) => e.iter().all(Expr::is_pure),
            Expr::Compare(_, a, b) => a.is_pure() && b.is_pure(),
            Expr::If(parts, _) => parts.iter().all(Expr::is_pure),
            Expr::Builtin("union.narrow" | "union.tag", e, _) => e.iter().all(Expr::is_pure),
            _ => false,
        }
    }

    /// Replaces each part, itself included, for which `f` gives another.
    pub fn replace(&mut self, f: &mut dyn FnMut(&Expr) -> Option<Expr>) {
        if let Some(other) = f(self) {
            *self = other;
            return;
        }
        match self {
            Expr::Arg(_) | Expr::Receiver | Expr::Const(..) | Expr::Data(_) => {}
            Expr::Cast(e, _) | Expr::Element(e, ..) | Expr::Unary(_, e, _) | Expr::Truth(e) | Expr::GetAttr(e, ..) | Expr::Iter(e, _) => e.replace(f),
            Expr::Tuple(e, _) | Expr::Closure(_, e, _) | Expr::Slice(e, _) | Expr::Builtin(_, e, _) | Expr::Invoke(_, e, _) | Expr::Array(_, e, _) | Expr::Exception(_, e) => e.iter_mut().for_each(|e| e.replace(f)),
            Expr::Binary(_, a, b, _) | Expr::Compare(_, a, b) | Expr::GetItem(a, b, _) => {
                a.replace(f);
                b.replace(f);
            }
            Expr::If(parts, _) => parts.iter_mut().for_each(|e| e.replace(f)),
            Expr::SetItem(a, b, c) => {
                a.replace(f);
                b.replace(f);
                c.replace(f);
            }
        }
    }

    /// Calls `f` on each direct part.
    pub fn parts<'e>(&'e self, f: &mut dyn FnMut(&'e Expr)) {
        match self {
            Expr::Arg(_) | Expr::Receiver | Expr::Const(..) | Expr::Data(_) => {}
            Expr::Cast(e, _) | Expr::Element(e, ..) | Expr::Unary(_, e, _) | Expr::Truth(e) | Expr::GetAttr(e, ..) | Expr::Iter(e, _) => f(e),
            Expr::Tuple(e, _) | Expr::Closure(_, e, _) | Expr::Slice(e, _) | Expr::Builtin(_, e, _) | Expr::Invoke(_, e, _) | Expr::Array(_, e, _) | Expr::Exception(_, e) => e.iter().for_each(f),
            Expr::Binary(_, a, b, _) | Expr::Compare(_, a, b) | Expr::GetItem(a, b, _) => {
                f(a);
                f(b);
            }
            Expr::If(parts, _) => parts.iter().for_each(f),
            Expr::SetItem(a, b, c) => {
                f(a);
                f(b);
                f(c);
            }
        }
    }
}

/// What typing found for one result: its value, and the expression, or none where the value is known from its type alone.
#[derive(Clone, Debug)]
pub struct Typed {
    /// The result
    pub val: Val,
    /// How to compute it
    pub expr: Option<Expr>,
}

impl Typed {
    /// How to compute it; what is known is a constant.
    pub fn whole(&self) -> Expr {
        self.expr.clone().unwrap_or_else(|| Expr::constant(self.val.clone()))
    }
}

/// Result of a typing rule.
pub type Typing = Result<Typed, Box<Problem>>;

/// A value known at compile time.
pub fn folded(val: Val) -> Typing {
    Ok(Typed { val, expr: None })
}

/// A value of a type, computed by an expression.
pub fn computed(val: impl Into<Val>, expr: Expr) -> Typing {
    Ok(Typed { val: val.into(), expr: Some(expr) })
}

/// A scalar, computed by an expression.
pub fn scalar(d: DType, expr: Expr) -> Typing {
    computed(Ty::Scalar(d), expr)
}
