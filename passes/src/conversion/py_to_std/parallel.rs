//! `parallel.for`: the call of the runtime that runs the entry of an outlined loop on several threads.
use super::{build::{V, Vs}, builtins::{Call, Table}, cx::{Cx, Res}, flatten::{flattened, count}};
use crate::add_entries;
use melior::ir::{OperationRef, Value, ValueLike, attribute::FlatSymbolRefAttribute, operation::OperationLike};
use numbra_dialects::py::Ty;
use smallvec::smallvec;

/// The table of this family.
pub const BUILTINS: Table = &[("threads.count", runtime), ("threads.number", runtime)];

fn runtime<'c, 'a>(cx: &mut Cx<'_, 'c, 'a>, call: &Call<'c, 'a>) -> Res<Vs<'c, 'a>> {
    let name = if call.path == "threads.count" { "nb_num_threads" } else { "nb_thread_number" };
    Ok(smallvec![cx.runtime_value(name, &[])])
}

// Words for machine values, with values in the last ones. Slots are read as they are written: in the low bytes.
fn words<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, empty: usize, values: &[V<'c, 'a>]) -> V<'c, 'a> {
    let i64 = cx.b.t.i64;
    let base = cx.b.slot(i64, (empty + values.len()).max(1) as i64);
    for (i, v) in values.iter().enumerate() {
        let at = cx.b.i64((empty + i) as i64);
        let place = cx.b.at(base, at, i64);
        let v = if v.r#type() == cx.b.t.i1 { cx.b.resize(*v, cx.b.t.i8, false) } else { *v };
        cx.b.store(v, place);
    }
    base
}

/// `py.builtin "parallel.for"`
pub fn parallel_for<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, op: OperationRef<'c, 'a>) -> Res<()> {
    let symbol = |name: &str| op.attribute(name).ok().and_then(|a| FlatSymbolRefAttribute::try_from(a).ok()).map(|s| s.value().to_string());
    let Some(callee) = symbol("callee") else { return cx.invalid("parallel loop without a body") };
    let operands: Vec<Value> = op.operands().collect();
    let Some((n, rest)) = operands.split_first() else { return cx.invalid("parallel loop without a number of iterations") };
    let result = cx.result_ty(op, 0)?;
    let (before, captured) = rest.split_at(result.parts().map_or(0, <[Ty]>::len));
    let n = cx.one(*n)?;
    let (before, captured) = (cx.get_all(before)?, cx.get_all(captured)?);
    let arguments = words(cx, 2, &captured);
    let results = words(cx, 0, &before);
    let entry = |cx: &mut Cx<'_, 'c, 'a>, symbol: &str| {
        let (ptr, i32) = (cx.b.t.ptr, cx.b.t.i32);
        let name = format!("{}{symbol}", add_entries::PREFIX);
        cx.module.declare(&name, &[ptr, ptr], i32, false, &[], false);
        cx.facts.callees.push(symbol.to_string());
        cx.b.address(&name)
    };
    let body = entry(cx, &callee);
    let combine = match symbol("combine") {
        Some(combine) => entry(cx, &combine),
        None => cx.b.zero(cx.b.t.ptr),
    };
    let (argument_words, result_words) = (cx.b.i64(captured.len() as i64 + 2), cx.b.i64(before.len() as i64));
    cx.runtime("nb_parallel_for", &[body, combine, n, arguments, argument_words, results, result_words]);
    let i64 = cx.b.t.i64;
    let mut values = Vs::new();
    for (i, t) in flattened(&cx.b.t.clone(), &result).into_iter().enumerate() {
        let at = cx.b.i64(i as i64);
        let place = cx.b.at(results, at, i64);
        let memory = if t == cx.b.t.i1 { cx.b.t.i8 } else { t };
        let v = cx.b.load(memory, place);
        values.push(if t == cx.b.t.i1 {
            let zero = cx.b.int(memory, 0);
            let is_zero = cx.b.eq(v, zero);
            cx.b.not(is_zero)
        } else {
            v
        });
    }
    debug_assert_eq!(values.len(), count(&result));
    cx.set_result(op, values)
}
