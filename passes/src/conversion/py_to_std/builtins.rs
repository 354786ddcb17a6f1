//! `py.builtin`: one table per family of library functions, looked up by the dotted path.
use crate::outline_parallel::{PARALLEL_FOR, PARALLEL_MERGE};
use super::{
    *, array::{alloc, elementwise, rows, slices, views}, build::Vs,
    container::{formatting, iterate, list_functions, lists, printing, reduce, strings, tuples, unions}, cx::{Cx, Res}, loops::parallel,
    scalar::{complex, math, scalars, times},
};
use melior::ir::{OperationRef, Value, attribute::StringAttribute, operation::OperationLike};
use numbra_dialects::py::Ty;
use std::{collections::HashMap, sync::OnceLock};

/// A call of a library function.
#[allow(missing_docs)]
pub struct Call<'c, 'a> {
    pub path: &'a str,
    pub arguments: Vec<Value<'c, 'a>>,
    pub types: Vec<Ty>,
    pub result: Ty,
}

/// How a library function becomes machine values.
pub type Lower = for<'m, 'c, 'a> fn(&mut Cx<'m, 'c, 'a>, &Call<'c, 'a>) -> Res<Vs<'c, 'a>>;
/// Rows of a family.
pub type Table = &'static [(&'static str, Lower)];

const FAMILIES: &[Table] = &[
    math::BUILTINS,
    complex::BUILTINS,
    scalars::BUILTINS,
    iterate::BUILTINS,
    alloc::BUILTINS,
    reduce::BUILTINS,
    elementwise::BUILTINS,
    views::BUILTINS,
    unions::BUILTINS,
    times::BUILTINS,
    slices::BUILTINS,
    tuples::BUILTINS,
    lists::BUILTINS,
    list_functions::BUILTINS,
    printing::BUILTINS,
    rows::BUILTINS,
    strings::BUILTINS,
    formatting::BUILTINS,
    parallel::BUILTINS,
    machine::BUILTINS,
    callables::BUILTINS,
];

/// `py.builtin`
pub fn builtin<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, op: OperationRef<'c, 'a>) -> Res<()> {
    static TABLE: OnceLock<HashMap<&str, Lower>> = OnceLock::new();
    let table = TABLE.get_or_init(|| FAMILIES.iter().flat_map(|f| f.iter().copied()).collect());
    let Some(path) = op.attribute("path").ok().and_then(|a| StringAttribute::try_from(a).ok()).map(|s| s.value()) else {
        return cx.invalid("library call without a path");
    };
    match path {
        callables::OF => return callables::of(cx, op),
        PARALLEL_FOR => return parallel::parallel_for(cx, op),
        PARALLEL_MERGE => return parallel::parallel_merge(cx, op),
        elementwise::ARRAY_MAP_INTO => return elementwise::map_into(cx, op),
        elementwise::ARRAY_SCAN => return elementwise::array_scan(cx, op),
        elementwise::ARRAY_SCAN_MAP => return elementwise::array_scan_map(cx, op),
        elementwise::ARRAY_REDUCE => return elementwise::array_reduce(cx, op),
        elementwise::ARRAY_MAP => return elementwise::array_map(cx, op),
        elementwise::ARRAY_ELEMENT => return elementwise::array_element(cx, op),
        elementwise::CHECK_SHAPES => return elementwise::check_shapes(cx, op),
        elementwise::BROADCAST_SHAPE => return elementwise::broadcast_shape(cx, op),
        elementwise::ARRAY_COMPRESS => return elementwise::array_select(cx, op, false),
        elementwise::ARRAY_POSITIONS => return elementwise::array_select(cx, op, true),
        elementwise::SPREAD => return elementwise::spread(cx, op),
        _ => {}
    }
    let Some(lower) = table.get(path) else { return cx.unsupported(format!("library function {path} has no machine code yet")) };
    let arguments: Vec<_> = op.operands().collect();
    let types = arguments.iter().map(|a| cx.ty(*a)).collect::<Res<Vec<_>>>()?;
    let call = Call { path, arguments, types, result: cx.result_ty(op, 0)? };
    let values = lower(cx, &call)?;
    cx.set_result(op, values)
}

impl<'c: 'a, 'a> Call<'c, 'a> {
    /// The machine values of an argument.
    pub fn get(&self, cx: &mut Cx<'_, 'c, 'a>, index: usize) -> Res<Vs<'c, 'a>> {
        match self.arguments.get(index) {
            Some(a) => cx.get(*a),
            None => cx.invalid(format!("{}: too few arguments", self.path)),
        }
    }
    /// The scalar type of an argument.
    pub fn dtype(&self, cx: &Cx<'_, 'c, 'a>, index: usize) -> Res<numbra_abi::DType> {
        match self.types.get(index).and_then(Ty::scalar) {
            Some(d) => Ok(d),
            None => cx.invalid(format!("{}: scalar argument expected", self.path)),
        }
    }
    /// The last part of the path.
    pub fn name(&self) -> &'a str {
        self.path.rsplit('.').next().unwrap_or(self.path)
    }
}
