//! `parallel.for`: the call of the runtime that runs the entry of an outlined loop on several threads. `parallel.merge`: what becomes of arrays that it has updated.
use super::super::{
    array::{items::{address, element_type, load_element, store_element}, nest}, build::{V, Vs}, builtins::{Call, Table}, callables::{self, entry},
    container::strings::{spilled, spilled_behind}, cx::{Cx, Res}, flatten::{Arr, flattened},
};
use crate::functions::{callee, reference};
use melior::{dialect::func, ir::{OperationRef, Type, Value, operation::OperationLike}};
use numbra_abi::ExceptionKind;
use numbra_dialects::py::{Layout, Ty};
use smallvec::smallvec;

/// The table of this family.
pub const BUILTINS: Table = &[
    ("threads.chunk_size", runtime), ("threads.count", runtime), ("threads.enter_chunk_size", set), ("threads.leave_chunk_size", leave), ("threads.number", runtime), ("threads.parts", parts), ("threads.set_chunk_size", set), ("threads.set_count", set),
];

fn runtime<'c, 'a>(cx: &mut Cx<'_, 'c, 'a>, call: &Call<'c, 'a>) -> Res<Vs<'c, 'a>> {
    let name = match call.path {
        "threads.count" => "nb_num_threads",
        "threads.number" => "nb_thread_number",
        _ => "nb_chunk_size",
    };
    Ok(smallvec![cx.runtime_value(name, &[])])
}

// Sets what loops of this thread use; the runtime answers -1 to what is out of bounds.
fn set<'c, 'a>(cx: &mut Cx<'_, 'c, 'a>, call: &Call<'c, 'a>) -> Res<Vs<'c, 'a>> {
    let (name, message) = match call.path {
        "threads.set_count" => ("nb_set_num_threads", "the number of threads must be from 1 to the number at the start"),
        path => (if path == "threads.enter_chunk_size" { "nb_enter_chunk_size" } else { "nb_set_chunk_size" }, "a chunk has at least one iteration; 0 leaves the size to numbra"),
    };
    let n = call.get(cx, 0)?;
    let before = cx.runtime_value(name, &n);
    let zero = cx.b.i64(0);
    let wrong = cx.b.slt(before, zero);
    cx.raise_if(wrong, ExceptionKind::ValueError, message);
    Ok(if call.result == Ty::None { Vs::new() } else { smallvec![before] })
}

fn leave<'c, 'a>(cx: &mut Cx<'_, 'c, 'a>, call: &Call<'c, 'a>) -> Res<Vs<'c, 'a>> {
    let before = call.get(cx, 0)?;
    cx.runtime("nb_leave_chunk_size", &before);
    Ok(Vs::new())
}

fn parts<'c, 'a>(cx: &mut Cx<'_, 'c, 'a>, call: &Call<'c, 'a>) -> Res<Vs<'c, 'a>> {
    let (n, bytes) = (call.get(cx, 0)?, call.get(cx, 1)?);
    Ok(smallvec![cx.runtime_value("nb_parallel_parts", &[n[0], bytes[0]])])
}

/// A loop whose parts the runtime calls.
#[allow(missing_docs)]
pub struct Loop<'k, 'c, 'a> {
    /// Symbols of the function of a part, and of the one that puts results together
    pub callee: &'k str,
    pub combine: Option<&'k str>,
    /// Number of iterations, and of parts: as `nb_parallel_for` takes it
    pub n: V<'c, 'a>,
    pub parts: V<'c, 'a>,
    /// What the function gets behind the range of iterations and the number of the part
    pub captured: &'k [V<'c, 'a>],
    /// The results before the first part
    pub before: &'k [V<'c, 'a>],
    pub results: &'k [Type<'c>],
}

/// Has the runtime run a loop; gives its results.
pub fn call<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, l: &Loop<'_, 'c, 'a>) -> Vs<'c, 'a> {
    let arguments = spilled_behind(cx, 3, l.captured);
    let results = spilled(cx, l.before);
    let body = entry(cx, l.callee);
    let combine = match l.combine {
        Some(combine) => entry(cx, combine),
        None => cx.b.zero(cx.b.t.ptr),
    };
    let (argument_words, result_words) = (cx.b.i64(l.captured.len() as i64 + 3), cx.b.i64(l.before.len() as i64));
    cx.runtime("nb_parallel_for", &[body, combine, l.n, l.parts, arguments, argument_words, results, result_words]);
    callables::loaded(cx, results, l.results)
}

/// `py.builtin "parallel.for"`
pub fn parallel_for<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, op: OperationRef<'c, 'a>) -> Res<()> {
    let symbol = |name: &str| reference(op, name).map(|s| s.value().to_string());
    let Some(callee) = symbol("callee") else { return cx.invalid("parallel loop without a body") };
    let operands: Vec<Value> = op.operands().collect();
    let [n, parts, rest @ ..] = &operands[..] else { return cx.invalid("parallel loop without a number of iterations") };
    let result = cx.result_ty(op, 0)?;
    let (before, captured) = rest.split_at(result.parts().map_or(0, <[Ty]>::len));
    let (n, parts) = (cx.one(*n)?, cx.one(*parts)?);
    let (before, captured) = (cx.get_all(before)?, cx.get_all(captured)?);
    let results = flattened(&cx.b.t.clone(), &result);
    let values = call(cx, &Loop { callee: &callee, combine: symbol("combine").as_deref(), n, parts, captured: &captured, before: &before, results: &results });
    cx.set_result(op, values)
}

/// `py.builtin "parallel.merge"`: what copies of an array hold is put to it, one copy after the other.
pub fn parallel_merge<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, op: OperationRef<'c, 'a>) -> Res<()> {
    let Some(callee) = callee(op) else { return cx.invalid("copies without a function that puts them together") };
    let (array, copies) = (cx.operand(op, 0)?, cx.operand(op, 1)?);
    let (array, copies) = (cx.array(array)?, cx.array(copies)?);
    cx.facts.callees.push(callee.value().to_string());
    let d = array.ty.dtype;
    let results = flattened(&cx.b.t.clone(), &Ty::Scalar(d));
    let loc = cx.b.loc;
    let put = |cx: &mut Cx<'_, 'c, 'a>, target: V<'c, 'a>, source: V<'c, 'a>| {
        let mut values = load_element(cx, d, target);
        values.extend(load_element(cx, d, source));
        let call = cx.b.push(func::call(cx.b.context, callee, &values, &results, loc));
        let results: Vs = call.results().map(Into::into).collect();
        store_element(cx, d, &results, target);
    };
    let t = element_type(cx, d);
    nest::count_loop(cx, copies.shape[0], &[], &mut |cx, part, none| {
        let start = cx.b.mul_nsw(part, copies.strides[0]);
        let data = cx.b.offset(copies.data, start);
        if array.ty.layout != Layout::A {
            let n = nest::size(cx, &array.shape);
            nest::count_loop(cx, n, &[], &mut |cx, i, none| {
                let (target, source) = (cx.b.at(array.data, i, t), cx.b.at(data, i, t));
                put(cx, target, source);
                Ok(none)
            })?;
        } else {
            let row = Arr { ty: array.ty, data, shape: array.shape.clone(), strides: copies.strides[1..].into(), owner: copies.owner };
            nest::nest(cx, &array.shape, &mut vec![], &[], &mut |cx, index, none| {
                let (target, source) = (address(cx, &array, index), address(cx, &row, index));
                put(cx, target, source);
                Ok(none)
            })?;
        }
        Ok(none)
    })?;
    cx.set_result(op, Vs::new())
}
