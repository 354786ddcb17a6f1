//! Functions that are known by their signatures: the address of an entry, and by which number Python knows the function (0: not at all).
//!
//! A call goes through the entry, as calls from Python do: arguments and results in slots, an exception pending in the runtime. So the callee may be
//! code of another program, and what it allocates and raises is its own business until it returns.
//!
//! These calls need no check of the stack: signatures are finite, so what is called by its address never gets itself as an argument, and no chain of such
//! calls is endless unless functions that call each other directly are.
use super::{build::{V, Vs}, builtins::{Call, Table}, container::strings::spilled, cx::{Cx, Res}, flatten::{flattened, managed}};
use crate::{add_entries, functions};
use melior::{dialect::arith::CmpiPredicate, ir::{OperationRef, Type}};
use numbra_abi::symbols::Effect;
use smallvec::smallvec;

/// The table of this family.
pub const BUILTINS: Table = &[(CALL, call)];

/// Calls a function by its address.
pub const CALL: &str = "callable.call";
/// The address of a function of the module.
pub const OF: &str = "callable.of";

/// The address of the entry of a function of the module.
pub fn entry<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, symbol: &str) -> V<'c, 'a> {
    let (ptr, i32) = (cx.b.t.ptr, cx.b.t.i32);
    let name = format!("{}{symbol}", add_entries::PREFIX);
    cx.module.declare(&name, &[ptr, ptr], i32, Effect::Raises);
    cx.facts.callees.push(symbol.to_string());
    cx.b.address(&name)
}

/// `py.builtin "callable.of"`
pub fn of<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, op: OperationRef<'c, 'a>) -> Res<()> {
    let Some(callee) = functions::callee(op) else { return cx.invalid("the address of no function") };
    let (address, unknown) = (entry(cx, callee.value()), cx.b.i64(0));
    cx.set_result(op, smallvec![address, unknown])
}

fn call<'c, 'a>(cx: &mut Cx<'_, 'c, 'a>, call: &Call<'c, 'a>) -> Res<Vs<'c, 'a>> {
    let Some(&callee) = call.get(cx, 0)?.first() else { return cx.invalid("a call of nothing") };
    let arguments = cx.get_all(&call.arguments[1..])?;
    let slots = spilled(cx, &arguments);
    let types = flattened(&cx.b.t, &call.result);
    let results = cx.b.slot(cx.b.t.i64, types.len().max(1) as i64);
    let (i32, zero) = (cx.b.t.i32, cx.b.int(cx.b.t.i32, 0));
    let Some(status) = cx.b.call_address(callee, &[slots, results], Some(i32)) else { return cx.invalid("an entry without a status") };
    let failed = cx.b.cmp(CmpiPredicate::Ne, status, zero);
    cx.cold_if(failed, |cx| {
        cx.runtime("nb_raise_pending", &[]);
    });
    // What it returns may be memory, which then belongs to this call.
    cx.facts.allocates |= managed(&call.result);
    Ok(loaded(cx, results, &types))
}

/// The values in the slots of a result.
pub fn loaded<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, slots: V<'c, 'a>, types: &[Type<'c>]) -> Vs<'c, 'a> {
    let (i1, i8, i64) = (cx.b.t.i1, cx.b.t.i8, cx.b.t.i64);
    let mut values = Vs::new();
    for (i, t) in types.iter().copied().enumerate() {
        let at = cx.b.i64(i as i64);
        let place = cx.b.at(slots, at, i64);
        if t != i1 {
            values.push(cx.b.load(t, place));
            continue;
        }
        // A bool is a byte in memory.
        let (byte, zero) = (cx.b.load(i8, place), cx.b.int(i8, 0));
        values.push(cx.b.cmp(CmpiPredicate::Ne, byte, zero));
    }
    values
}
