//! What functions of elements make of arrays: `array.map` and its relatives, the typed stage's ops on whole arrays.
//!
//! They share their loops. A [`Space`] is the operands broadcast to one shape, with the array that is written if there is one; any part of its outermost axis is a space again.
//! [`versions`] chooses when the program runs how memory is walked through, [`each_row`] goes over the rows of the innermost axis, and a [`Row`] gives elements: loads, and a call
//! of the function. What becomes of the elements is written once, by the op: stored, put together, both.
mod blocks;
mod cost;
mod element;
mod into;
mod map;
mod parts;
mod reduce;
mod row;
mod scan;
mod scan_map;
mod select;
mod space;
mod stream;
pub mod strips;
mod tiles;
mod turns;
mod versions;

pub use cost::{Cost, costs, takes_long};
pub use element::{ARRAY_ELEMENT, BROADCAST_SHAPE, CHECK_SHAPES, SPREAD, array_element, broadcast_shape, check_shapes, spread};
pub use into::{ARRAY_MAP_INTO, map_into};
pub use map::{ARRAY_MAP, array_map};
pub use reduce::{ARRAY_REDUCE, BUILTINS, add, array_reduce, nan_extremum};
pub use scan::{ARRAY_SCAN, array_scan};
pub use scan_map::{ARRAY_SCAN_MAP, MAP, RUNNING, SCANNED, array_scan_map};
pub use select::{ARRAY_COMPRESS, ARRAY_POSITIONS, array_select};
use space::{Operand, Space};
use versions::versions;

use super::super::{build::{V, Vs}, cx::{Cx, Res}, flatten::flattened};
use crate::functions;
use melior::{dialect::func, ir::{OperationRef, Type, ValueLike, attribute::FlatSymbolRefAttribute, operation::OperationLike}};
use numbra_abi::DType;
use numbra_dialects::py::Ty;

/// The function of elements; without a callee an element is what it is.
pub struct Function<'c> {
    callee: Option<FlatSymbolRefAttribute<'c>>,
    results: Vec<Type<'c>>,
    /// Type of what it gives
    pub dtype: DType,
}

impl<'c: 'a, 'a> Function<'c> {
    /// The function that an op names.
    pub fn of(cx: &mut Cx<'_, 'c, 'a>, op: OperationRef<'c, 'a>, operands: &[Operand<'c, 'a>]) -> Res<Self> {
        let Some(callee) = functions::callee(op) else {
            let [Operand::Array(only)] = operands else { return cx.invalid("several operands without a function of their elements") };
            return Ok(Self { callee: None, results: vec![], dtype: only.ty.dtype });
        };
        Self::named(cx, callee)
    }

    /// A function by its symbol.
    pub fn named(cx: &mut Cx<'_, 'c, 'a>, callee: FlatSymbolRefAttribute<'c>) -> Res<Self> {
        let Some(Ty::Scalar(dtype)) = cx.module.results.get(callee.value()).cloned() else { return cx.invalid(format!("@{} is no function of elements", callee.value())) };
        cx.facts.callees.push(callee.value().to_string());
        let results = flattened(&cx.b.t.clone(), &Ty::Scalar(dtype));
        Ok(Self { callee: Some(callee), results, dtype })
    }

    /// Whether threads are worth their start with fewer elements.
    fn is_costly(&self, cx: &Cx<'_, 'c, 'a>) -> bool {
        self.cost(cx).is_long()
    }

    fn cost(&self, cx: &Cx<'_, 'c, 'a>) -> Cost {
        self.callee.and_then(|callee| cx.module.costs.get(callee.value()).copied()).unwrap_or_default()
    }

    fn call(&self, cx: &mut Cx<'_, 'c, 'a>, values: Vs<'c, 'a>) -> Vs<'c, 'a> {
        let Some(callee) = self.callee else { return values };
        let loc = cx.b.loc;
        let call = cx.b.push(func::call(cx.b.context, callee, &values, &self.results, loc));
        call.results().map(Into::into).collect()
    }
}

fn is_map(op: OperationRef) -> bool {
    functions::path_of(op) == Some(ARRAY_MAP)
}

/// Code for both sides of a condition that nearly always holds, and the values that the two give.
fn either<'m, 'c: 'a, 'a>(
    cx: &mut Cx<'m, 'c, 'a>, condition: V<'c, 'a>, yes: impl FnOnce(&mut Cx<'m, 'c, 'a>) -> Res<Vs<'c, 'a>>, no: impl FnOnce(&mut Cx<'m, 'c, 'a>) -> Res<Vs<'c, 'a>>,
) -> Res<Vs<'c, 'a>> {
    let (then, otherwise) = (cx.b.new_block(&[]), cx.b.new_block(&[]));
    cx.b.likely(condition, (then, &[]), (otherwise, &[]));
    cx.b.block = then;
    let values = yes(cx)?;
    let next = cx.b.new_block(&values.iter().map(|v| v.r#type()).collect::<Vec<_>>());
    cx.b.br(next, &values);
    cx.b.block = otherwise;
    let values = no(cx)?;
    cx.b.br(next, &values);
    cx.b.block = next;
    Ok(cx.b.arguments(next))
}
