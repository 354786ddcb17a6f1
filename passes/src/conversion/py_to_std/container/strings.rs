//! Strings: owner, data, and a word with length and width. Constants are data of the program; subscripts are views that cost no call. What is longer is the
//! runtime's: a library function `str.upper` is its `nb_str_upper`, which gets pointers to the slots of strings.
use super::lists;
use super::super::{array::slices, build::{V, Vs}, builtins::{Call, Table}, cx::{Cx, Res}, flatten::{flattened, managed}, raise::store_slot, scalar::compare};
use melior::{dialect::{arith, arith::CmpiPredicate, llvm}, ir::ValueLike};
use numbra_abi::{DType, symbols::{CType, Symbol}, text::{WIDTH_BITS, encode}};
use numbra_dialects::{bytes, py::{CompareKind, Ty}};
use smallvec::smallvec;

/// The table of this family.
pub const BUILTINS: Table = &[
    ("str.getitem", getitem), ("str.view", view), ("str.slice", slice), ("hash.tuple", hash_tuple),
    ("hash.float", runtime), ("hash.int", runtime), ("hash.str", runtime), ("hash.uint", runtime),
    ("str.capitalize", runtime), ("str.casefold", runtime), ("str.chr", runtime), ("str.concat", runtime), ("str.contains", runtime), ("str.float", runtime), ("str.int", runtime),
    ("str.join", runtime), ("str.justify", runtime), ("str.lower", runtime), ("str.ord", ord), ("str.partition", runtime), ("str.repeat", runtime),
    ("str.replace", runtime), ("str.search", runtime), ("str.split", runtime), ("str.splitlines", runtime), ("str.starts", runtime), ("str.strip", runtime),
    ("str.swapcase", runtime), ("str.test", runtime), ("str.title", runtime), ("str.trim", runtime), ("str.upper", runtime), ("str.zfill", runtime),
];

/// A constant string.
pub fn literal<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, text: &str) -> Vs<'c, 'a> {
    let (content, word) = encode(text);
    let data = if text.is_ascii() { cx.module.string(text) } else { cx.module.data(bytes::attribute(cx.b.context, &content), content.len()).0 };
    let header = cx.module.dummy_header();
    smallvec![cx.b.address(header), cx.b.address(&data), cx.b.i64(word as i64)]
}

/// The number of characters.
pub fn length<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, v: &[V<'c, 'a>]) -> V<'c, 'a> {
    let (bits, loc) = (cx.b.i64(i64::from(WIDTH_BITS)), cx.b.loc);
    match cx.b.known(v[2]) {
        Some(word) => cx.b.i64(word >> WIDTH_BITS),
        None => cx.b.value(arith::shrui(v[2], bits, loc)),
    }
}

/// Whether there are any characters.
pub fn truth<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, v: &[V<'c, 'a>]) -> V<'c, 'a> {
    let (n, zero) = (length(cx, v), cx.b.i64(0));
    cx.b.cmp(CmpiPredicate::Ne, n, zero)
}

/// A part, which shares the memory.
pub fn part<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, v: &[V<'c, 'a>], first: V<'c, 'a>, length: V<'c, 'a>) -> Vs<'c, 'a> {
    let (three, bits, loc) = (cx.b.i64(3), cx.b.i64(i64::from(WIDTH_BITS)), cx.b.loc);
    let width = cx.b.and(v[2], three);
    let offset = cx.b.value(arith::shli(first, width, loc));
    let data = cx.b.offset(v[1], offset);
    let shifted = cx.b.value(arith::shli(length, bits, loc));
    smallvec![v[0], data, cx.b.or(shifted, width)]
}

/// The comparison of two strings.
pub fn compare<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, kind: CompareKind, a: &[V<'c, 'a>], b: &[V<'c, 'a>]) -> Res<V<'c, 'a>> {
    if !matches!(kind, CompareKind::Eq | CompareKind::Ne) {
        let (order, zero) = (cx.runtime_value("nb_str_order", &[a[1], a[2], b[1], b[2]]), cx.b.i64(0));
        return compare::scalars(cx, kind, DType::Int64, &[order], &[zero]);
    }
    // Most strings that differ differ in length.
    let (n, m) = (length(cx, a), length(cx, b));
    let (i1, same) = (cx.b.t.i1, cx.b.eq(n, m));
    let (look, done) = (cx.b.new_block(&[]), cx.b.new_block(&[i1]));
    let no = cx.b.bool(kind == CompareKind::Ne);
    cx.b.cond_br(same, (look, &[]), (done, &[no]));
    cx.b.block = look;
    // A constant of one character, as in a loop over a text: no call.
    if [a, b].iter().any(|v| cx.b.known(v[2]).is_some_and(|word| word >> WIDTH_BITS == 1)) {
        let (x, y) = (first_code(cx, a), first_code(cx, b));
        let result = cx.b.cmp(if kind == CompareKind::Eq { CmpiPredicate::Eq } else { CmpiPredicate::Ne }, x, y);
        cx.b.br(done, &[result]);
        cx.b.block = done;
        return Ok(cx.b.arguments(done)[0]);
    }
    let equal = cx.runtime_value("nb_str_equal", &[a[1], b[1], a[2], b[2]]);
    let zero = cx.b.int(cx.b.t.i32, 0);
    let result = cx.b.cmp(if kind == CompareKind::Eq { CmpiPredicate::Ne } else { CmpiPredicate::Eq }, equal, zero);
    cx.b.br(done, &[result]);
    cx.b.block = done;
    Ok(cx.b.arguments(done)[0])
}

/// The first code point of a string that has one.
fn first_code<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, v: &[V<'c, 'a>]) -> V<'c, 'a> {
    let t = cx.b.t;
    let (three, zero, one) = (cx.b.i64(3), cx.b.i64(0), cx.b.i64(1));
    let read = |cx: &mut Cx<'_, 'c, 'a>, ty| {
        let unit = cx.b.load(ty, v[1]);
        cx.b.resize(unit, t.i64, false)
    };
    match cx.b.known(v[2]).map(|word| word & 3) {
        Some(0) => return read(cx, t.i8),
        Some(1) => return read(cx, t.i16),
        Some(_) => return read(cx, t.i32),
        None => {}
    }
    let width = cx.b.and(v[2], three);
    let (narrow, wide, done) = (cx.b.new_block(&[]), cx.b.new_block(&[]), cx.b.new_block(&[t.i64]));
    let (two, four) = (cx.b.new_block(&[]), cx.b.new_block(&[]));
    let is_narrow = cx.b.eq(width, zero);
    cx.b.cond_br(is_narrow, (narrow, &[]), (wide, &[]));
    cx.b.block = wide;
    let is_two = cx.b.eq(width, one);
    cx.b.cond_br(is_two, (two, &[]), (four, &[]));
    for (block, ty) in [(narrow, t.i8), (two, t.i16), (four, t.i32)] {
        cx.b.block = block;
        let code = read(cx, ty);
        cx.b.br(done, &[code]);
    }
    cx.b.block = done;
    cx.b.arguments(done)[0]
}

/// `ord`
fn ord<'c, 'a>(cx: &mut Cx<'_, 'c, 'a>, call: &Call<'c, 'a>) -> Res<Vs<'c, 'a>> {
    let v = call.get(cx, 0)?;
    let (n, one) = (length(cx, &v), cx.b.i64(1));
    let other = cx.b.cmp(CmpiPredicate::Ne, n, one);
    let values = v.clone();
    cx.cold_if(other, |cx| {
        let (site, string) = (cx.site(numbra_abi::ExceptionKind::TypeError, None), spilled(cx, &values));
        cx.runtime("nb_str_ord", &[site, string]);
    });
    Ok(smallvec![first_code(cx, &v)])
}

fn getitem<'c, 'a>(cx: &mut Cx<'_, 'c, 'a>, call: &Call<'c, 'a>) -> Res<Vs<'c, 'a>> {
    let (v, raw) = (call.get(cx, 0)?, call.get(cx, 1)?[0]);
    let n = length(cx, &v);
    let at = lists::position(cx, raw, n, "string index out of range");
    let one = cx.b.i64(1);
    Ok(part(cx, &v, at, one))
}

/// A slice in steps of one.
fn view<'c, 'a>(cx: &mut Cx<'_, 'c, 'a>, call: &Call<'c, 'a>) -> Res<Vs<'c, 'a>> {
    let (v, first, n, _) = bounds(cx, call)?;
    // An empty slice may begin anywhere.
    let (zero, none) = (cx.b.i64(0), cx.b.i64(0));
    let empty = cx.b.eq(n, none);
    let first = cx.b.select(empty, zero, first);
    Ok(part(cx, &v, first, n))
}

type Bounds<'c, 'a> = (Vs<'c, 'a>, V<'c, 'a>, V<'c, 'a>, V<'c, 'a>);

fn bounds<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, call: &Call<'c, 'a>) -> Res<Bounds<'c, 'a>> {
    let Ty::Slice(parts) = &call.types[1] else { return cx.invalid("slice expected") };
    let (v, values) = (call.get(cx, 0)?, call.get(cx, 1)?);
    let n = length(cx, &v);
    let (first, count, step) = slices::bounds(cx, parts, &values, n)?;
    Ok((v, first, count, step))
}

fn slice<'c, 'a>(cx: &mut Cx<'_, 'c, 'a>, call: &Call<'c, 'a>) -> Res<Vs<'c, 'a>> {
    let (v, first, n, step) = bounds(cx, call)?;
    let string = spilled(cx, &v);
    called(cx, "nb_str_slice", vec![string, first, n, step], &Ty::Str)
}

/// Machine values in stack slots.
pub fn spilled<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, values: &[V<'c, 'a>]) -> V<'c, 'a> {
    spilled_behind(cx, 0, values)
}

/// Machine values in stack slots, behind some that are left empty.
pub fn spilled_behind<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, empty: usize, values: &[V<'c, 'a>]) -> V<'c, 'a> {
    let slots = cx.b.slot(cx.b.t.i64, (empty + values.len()).max(1) as i64);
    for (i, v) in values.iter().enumerate() {
        let at = cx.b.i64((empty + i) as i64);
        let address = cx.b.at(slots, at, cx.b.t.i64);
        store_slot(cx, *v, address);
    }
    slots
}

/// Calls a function of the runtime, which may take the site first and then the place of its result.
pub fn called<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, name: &str, arguments: Vec<V<'c, 'a>>, result: &Ty) -> Res<Vs<'c, 'a>> {
    let Some(symbol) = Symbol::from_name(name) else { return cx.unsupported(format!("library function {name} has no machine code yet")) };
    cx.facts.allocates |= managed(result);
    let mut all = vec![];
    if symbol.effect.unwinds() {
        all.push(cx.site(numbra_abi::ExceptionKind::SystemError, None));
    }
    let types = flattened(&cx.b.t, result);
    let place = (symbol.result == CType::Void && !types.is_empty()).then(|| cx.b.slot(cx.b.t.i64, types.len() as i64));
    all.extend(place);
    all.extend(arguments);
    let value = cx.runtime(name, &all);
    if let Some(place) = place {
        return Ok(types.into_iter().enumerate().map(|(i, t)| {
            let at = cx.b.i64(i as i64);
            let address = cx.b.at(place, at, cx.b.t.i64);
            cx.b.load(t, address)
        }).collect());
    }
    let Some(value) = value else { return Ok(Vs::new()) };
    if *result == Ty::BOOL {
        let zero = cx.b.int(cx.b.t.i32, 0);
        return Ok(smallvec![cx.b.cmp(CmpiPredicate::Ne, value, zero)]);
    }
    Ok(smallvec![value])
}

/// A library function that is one of the runtime.
fn runtime<'c, 'a>(cx: &mut Cx<'_, 'c, 'a>, call: &Call<'c, 'a>) -> Res<Vs<'c, 'a>> {
    let mut arguments = vec![];
    for i in 0..call.arguments.len() {
        let values = call.get(cx, i)?;
        arguments.push(match &call.types[i] {
            Ty::None => cx.b.zero(cx.b.t.ptr),
            Ty::Str => spilled(cx, &values),
            Ty::Scalar(DType::Bool) => cx.b.resize(values[0], cx.b.t.i32, false),
            _ => match values.as_slice() {
                [one] => *one,
                _ => return cx.invalid(format!("{}: argument of type {}", call.path, call.types[i])),
            },
        });
    }
    called(cx, &format!("nb_{}", call.path.replace('.', "_")), arguments, &call.result)
}

fn hash_tuple<'c, 'a>(cx: &mut Cx<'_, 'c, 'a>, call: &Call<'c, 'a>) -> Res<Vs<'c, 'a>> {
    let hashes = cx.get_all(&call.arguments)?;
    let (place, n) = (spilled(cx, &hashes), cx.b.i64(hashes.len() as i64));
    called(cx, "nb_hash_tuple", vec![place, n], &call.result)
}

/// The address of a constant text, and its length in bytes.
pub fn text<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, text: &str) -> V<'c, 'a> {
    let symbol = cx.module.string(text);
    let address = cx.b.address(&symbol);
    debug_assert!(address.r#type() == llvm::r#type::pointer(cx.b.context, 0));
    address
}
