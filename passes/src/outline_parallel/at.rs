//! Builds typed ops at the end of a block: what an outlined loop, its copies of arrays and its combination are made of.
use super::Res;
use crate::conversion::py_to_std::internal;
use melior::{
    Context,
    ir::{Attribute, BlockLike, BlockRef, Location, Operation, Type, Value, ValueLike, attribute::{FloatAttribute, IntegerAttribute, StringAttribute}},
};
use numbra_dialects::py::{BinaryKind, Ty, ods::py as ods};

/// Where new ops go.
#[allow(missing_docs)]
pub struct At<'c, 'a> {
    pub context: &'c Context,
    pub block: BlockRef<'c, 'a>,
    pub loc: Location<'c>,
}

impl<'c: 'a, 'a> At<'c, 'a> {
    /// An op.
    pub fn add(&self, op: Operation<'c>) {
        self.block.append_operation(op);
    }
    /// An op with one result.
    pub fn value(&self, op: impl Into<Operation<'c>>) -> Res<Value<'c, 'a>> {
        let op = self.block.append_operation(op.into());
        op.result(0).map(Into::into).map_err(|e| internal(op, &e.to_string()).into())
    }
    /// A constant.
    pub fn int(&self, n: i64) -> Res<Value<'c, 'a>> {
        let t = Ty::INT.to_mlir(self.context);
        self.value(ods::constant(self.context, t, IntegerAttribute::new(t, n).into(), self.loc))
    }
    /// An operator on two values of one type.
    pub fn binary(&self, kind: BinaryKind, a: Value<'c, 'a>, b: Value<'c, 'a>) -> Res<Value<'c, 'a>> {
        self.value(ods::binary(self.context, a.r#type(), a, b, kind.attribute(self.context), self.loc))
    }
    /// A call of a library function.
    pub fn builtin(&self, path: &str, arguments: &[Value<'c, 'a>], t: Type<'c>) -> Res<Value<'c, 'a>> {
        self.value(ods::builtin(self.context, t, arguments, StringAttribute::new(self.context, path), self.loc))
    }
    /// 0 or 1 in any type of numbers. The zero of floats is the negative one: only that changes no number that is added to it.
    pub fn neutral(&self, n: i64, t: Type<'c>) -> Res<Value<'c, 'a>> {
        let float = Ty::from_mlir(t).and_then(|t| t.scalar()).is_some_and(|d| d.is_float() || d.is_complex());
        let (from, number) = if float {
            let f = Ty::FLOAT.to_mlir(self.context);
            let x = if n == 0 { -0.0 } else { n as f64 };
            (f, self.value(ods::constant(self.context, f, FloatAttribute::new(self.context, f, x).into(), self.loc))?)
        } else {
            (Ty::INT.to_mlir(self.context), self.int(n)?)
        };
        if from == t { Ok(number) } else { self.value(ods::cast(self.context, t, number, self.loc)) }
    }
    /// A tuple; None where there is nothing in it.
    pub fn tuple(&self, parts: &[Value<'c, 'a>], t: Type<'c>) -> Res<Value<'c, 'a>> {
        if parts.is_empty() {
            return self.value(ods::constant(self.context, t, Attribute::unit(self.context), self.loc));
        }
        self.value(ods::tuple(self.context, t, parts, self.loc))
    }
}
