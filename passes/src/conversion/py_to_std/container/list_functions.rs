//! Functions of whole lists: copies, search, order, sums.
use super::lists::{List, create, exhausted, not_null};
use super::super::{array::{elementwise, nest::count_loop}, build::{V, Vs}, builtins::{Call, Table}, cx::{Cx, Res}, memory, scalar::{cast, compare}};
use melior::dialect::arith::CmpiPredicate;
use numbra_abi::{DType, ExceptionKind};
use numbra_dialects::py::{CompareKind, Ty};
use smallvec::smallvec;

/// The table of this family.
pub const BUILTINS: Table = &[
    ("list.concat", concat), ("list.repeat", repeat), ("list.clear", clear), ("list.reverse", reverse), ("list.sort", sort), ("list.sorted", sorted),
    ("list.reversed", reversed), ("list.contains", contains), ("list.index", index), ("list.count", occurrences), ("list.remove", remove), ("list.sum", sum),
    ("list.min", extremum), ("list.max", extremum), ("list.any", quantifier), ("list.all", quantifier),
];

fn concat<'c, 'a>(cx: &mut Cx<'_, 'c, 'a>, call: &Call<'c, 'a>) -> Res<Vs<'c, 'a>> {
    let (a, b) = (List::argument(cx, call, 0)?, List::argument(cx, call, 1)?);
    let (n, m) = (a.len(cx), b.len(cx));
    let room = cx.b.add_nsw(n, m);
    let new = create(cx, &call.result, room)?;
    for (list, len) in [(a, n), (b, m)] {
        let status = cx.runtime_value("nb_list_append_list", &[new.header, list.header, len]);
        exhausted(cx, status);
    }
    Ok(smallvec![new.header])
}

fn repeat<'c, 'a>(cx: &mut Cx<'_, 'c, 'a>, call: &Call<'c, 'a>) -> Res<Vs<'c, 'a>> {
    let list = List::argument(cx, call, 0)?;
    let times = call.get(cx, 1)?[0];
    let new = cx.runtime_value("nb_list_repeat", &[list.header, times]);
    not_null(cx, new);
    Ok(smallvec![new])
}

fn clear<'c, 'a>(cx: &mut Cx<'_, 'c, 'a>, call: &Call<'c, 'a>) -> Res<Vs<'c, 'a>> {
    let list = List::argument(cx, call, 0)?;
    let (n, zero, one) = (list.len(cx), cx.b.i64(0), cx.b.i64(1));
    cx.runtime("nb_list_delete", &[list.header, zero, n, one]);
    Ok(Vs::new())
}

fn reverse<'c, 'a>(cx: &mut Cx<'_, 'c, 'a>, call: &Call<'c, 'a>) -> Res<Vs<'c, 'a>> {
    let list = List::argument(cx, call, 0)?;
    cx.runtime("nb_list_reverse", &[list.header]);
    Ok(Vs::new())
}

fn sort<'c, 'a>(cx: &mut Cx<'_, 'c, 'a>, call: &Call<'c, 'a>) -> Res<Vs<'c, 'a>> {
    let list = List::argument(cx, call, 0)?;
    let reversed = call.get(cx, 1)?[0];
    let flag = cx.b.resize(reversed, cx.b.t.i32, false);
    cx.runtime("nb_list_sort", &[list.header, flag]);
    Ok(Vs::new())
}

fn copy<'c, 'a>(cx: &mut Cx<'_, 'c, 'a>, call: &Call<'c, 'a>) -> Res<V<'c, 'a>> {
    let list = List::argument(cx, call, 0)?;
    let (n, zero, one) = (list.len(cx), cx.b.i64(0), cx.b.i64(1));
    let new = cx.runtime_value("nb_list_slice", &[list.header, zero, n, one]);
    not_null(cx, new);
    Ok(new)
}

fn sorted<'c, 'a>(cx: &mut Cx<'_, 'c, 'a>, call: &Call<'c, 'a>) -> Res<Vs<'c, 'a>> {
    let new = copy(cx, call)?;
    let reversed = call.get(cx, 1)?[0];
    let flag = cx.b.resize(reversed, cx.b.t.i32, false);
    cx.runtime("nb_list_sort", &[new, flag]);
    Ok(smallvec![new])
}

fn reversed<'c, 'a>(cx: &mut Cx<'_, 'c, 'a>, call: &Call<'c, 'a>) -> Res<Vs<'c, 'a>> {
    let new = copy(cx, call)?;
    cx.runtime("nb_list_reverse", &[new]);
    Ok(smallvec![new])
}

// The first position from `start` to `stop` whose element equals an argument; -1 if there is none.
fn find<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, list: &List<'c, 'a>, wanted: (&Ty, &[V<'c, 'a>]), start: V<'c, 'a>, stop: V<'c, 'a>) -> Res<V<'c, 'a>> {
    let i64 = cx.b.t.i64;
    let (header, inside, exit) = (cx.b.new_block(&[i64]), cx.b.new_block(&[]), cx.b.new_block(&[i64]));
    cx.b.br(header, &[start]);
    cx.b.block = header;
    let i = cx.b.arguments(header)[0];
    // A comparison changes no list, so the length stays.
    let (more, none) = (cx.b.slt(i, stop), cx.b.i64(-1));
    cx.b.cond_br(more, (inside, &[]), (exit, &[none]));
    cx.b.block = inside;
    let values = list.load(cx, i);
    let same = compare::ordered(cx, CompareKind::Eq, (&list.element, &values), wanted)?;
    let one = cx.b.i64(1);
    let next = cx.b.add_nsw(i, one);
    cx.b.cond_br(same, (exit, &[i]), (header, &[next]));
    cx.b.block = exit;
    Ok(cx.b.arguments(exit)[0])
}

fn contains<'c, 'a>(cx: &mut Cx<'_, 'c, 'a>, call: &Call<'c, 'a>) -> Res<Vs<'c, 'a>> {
    let list = List::argument(cx, call, 0)?;
    let wanted = call.get(cx, 1)?;
    let (n, zero) = (list.len(cx), cx.b.i64(0));
    let at = find(cx, &list, (&call.types[1], &wanted), zero, n)?;
    Ok(smallvec![cx.b.cmp(CmpiPredicate::Sge, at, zero)])
}

fn index<'c, 'a>(cx: &mut Cx<'_, 'c, 'a>, call: &Call<'c, 'a>) -> Res<Vs<'c, 'a>> {
    let list = List::argument(cx, call, 0)?;
    let wanted = call.get(cx, 1)?;
    let (n, zero) = (list.len(cx), cx.b.i64(0));
    let bound = |cx: &mut Cx<'_, 'c, 'a>, i: usize| -> Res<V<'c, 'a>> {
        let raw = call.get(cx, i)?[0];
        let (negative, from_end) = (cx.b.slt(raw, zero), cx.b.add(raw, n));
        let wrapped = cx.b.select(negative, from_end, raw);
        let low = cx.b.smax(wrapped, zero);
        Ok(cx.b.smin(low, n))
    };
    let (start, stop) = (bound(cx, 2)?, bound(cx, 3)?);
    let at = find(cx, &list, (&call.types[1], &wanted), start, stop)?;
    let missing = cx.b.slt(at, zero);
    cx.raise_if(missing, ExceptionKind::ValueError, "list.index(x): x not in list");
    Ok(smallvec![at])
}

fn remove<'c, 'a>(cx: &mut Cx<'_, 'c, 'a>, call: &Call<'c, 'a>) -> Res<Vs<'c, 'a>> {
    let list = List::argument(cx, call, 0)?;
    let wanted = call.get(cx, 1)?;
    let (n, zero, one) = (list.len(cx), cx.b.i64(0), cx.b.i64(1));
    let at = find(cx, &list, (&call.types[1], &wanted), zero, n)?;
    let missing = cx.b.slt(at, zero);
    cx.raise_if(missing, ExceptionKind::ValueError, "list.remove(x): x not in list");
    cx.runtime("nb_list_delete", &[list.header, at, one, one]);
    Ok(Vs::new())
}

fn occurrences<'c, 'a>(cx: &mut Cx<'_, 'c, 'a>, call: &Call<'c, 'a>) -> Res<Vs<'c, 'a>> {
    let list = List::argument(cx, call, 0)?;
    let wanted = call.get(cx, 1)?;
    let (n, zero) = (list.len(cx), cx.b.i64(0));
    let found = count_loop(cx, n, &[zero], &mut |cx, i, carried| {
        let values = list.load(cx, i);
        let same = compare::ordered(cx, CompareKind::Eq, (&list.element, &values), (&call.types[1], &wanted))?;
        let i64 = cx.b.t.i64;
        let one = cx.b.resize(same, i64, false);
        Ok(smallvec![cx.b.add(carried[0], one)])
    })?;
    Ok(found)
}

fn number<'c, 'a>(cx: &Cx<'_, 'c, 'a>, list: &List<'c, 'a>) -> Res<DType> {
    match list.element.scalar() {
        Some(d) => Ok(d),
        None => cx.invalid(format!("a list of numbers expected, got one of {}", list.element)),
    }
}

fn sum<'c, 'a>(cx: &mut Cx<'_, 'c, 'a>, call: &Call<'c, 'a>) -> Res<Vs<'c, 'a>> {
    let list = List::argument(cx, call, 0)?;
    let (d, from) = (call.dtype(cx, 1)?, number(cx, &list)?);
    let start = call.get(cx, 1)?;
    let n = list.len(cx);
    count_loop(cx, n, &start, &mut |cx, i, carried| {
        let values = list.load(cx, i);
        let values = cast::scalar(cx, from, d, &values);
        Ok(elementwise::add(cx, d, &carried, &values))
    })
}

fn extremum<'c, 'a>(cx: &mut Cx<'_, 'c, 'a>, call: &Call<'c, 'a>) -> Res<Vs<'c, 'a>> {
    let list = List::argument(cx, call, 0)?;
    let name = call.name();
    let (n, zero, one) = (list.len(cx), cx.b.i64(0), cx.b.i64(1));
    let empty = cx.b.eq(n, zero);
    cx.raise_if(empty, ExceptionKind::ValueError, &format!("{name}() arg is an empty sequence"));
    let first = list.load(cx, zero);
    let rest = cx.b.sub(n, one);
    let kind = if name == "min" { CompareKind::Lt } else { CompareKind::Gt };
    let best = count_loop(cx, rest, &first, &mut |cx, i, carried| {
        let at = cx.b.add_nsw(i, one);
        let values = list.load(cx, at);
        let better = compare::ordered(cx, kind, (&list.element, &values), (&list.element, &carried))?;
        Ok(values.iter().zip(&carried).map(|(v, c)| cx.b.select(better, *v, *c)).collect())
    })?;
    memory::retain_values(cx, &list.element, &best);
    Ok(best)
}

fn quantifier<'c, 'a>(cx: &mut Cx<'_, 'c, 'a>, call: &Call<'c, 'a>) -> Res<Vs<'c, 'a>> {
    let list = List::argument(cx, call, 0)?;
    let all = call.name() == "all";
    let (i64, i1) = (cx.b.t.i64, cx.b.t.i1);
    let (header, inside, exit) = (cx.b.new_block(&[i64]), cx.b.new_block(&[]), cx.b.new_block(&[i1]));
    let (zero, one, end, early) = (cx.b.i64(0), cx.b.i64(1), cx.b.bool(all), cx.b.bool(!all));
    let n = list.len(cx);
    cx.b.br(header, &[zero]);
    cx.b.block = header;
    let i = cx.b.arguments(header)[0];
    let more = cx.b.slt(i, n);
    cx.b.cond_br(more, (inside, &[]), (exit, &[end]));
    cx.b.block = inside;
    let values = list.load(cx, i);
    let holds = compare::truth_value(cx, &list.element, &values)?;
    let next = cx.b.add_nsw(i, one);
    if all {
        cx.b.cond_br(holds, (header, &[next]), (exit, &[early]));
    } else {
        cx.b.cond_br(holds, (exit, &[early]), (header, &[next]));
    }
    cx.b.block = exit;
    Ok(cx.b.arguments(exit))
}
