//! Lists: creation, elements, growth. A list is a pointer to its header; behind it stand length, capacity, and what the runtime knows of the elements,
//! whose 8-byte slots lie in a block of their own. What a list stores it keeps alive: an element is retained when it is stored, and what is read is a
//! reference of its own, since the list may change while the element is in use.
use super::iterate;
use super::super::{
    array::{items, slices}, build::{V, Vs}, builtins::{Call, Table}, cx::{Cx, Res}, flatten::{self, count, flattened}, memory, raise::store_slot,
    scalar::cast,
};
use melior::dialect::arith::CmpiPredicate;
use numbra_abi::{ExceptionKind, symbols::DATA_OFFSET};
use numbra_dialects::py::{Ty, descriptor};
use smallvec::smallvec;

/// The table of this family.
pub const BUILTINS: Table = &[
    ("list.new", new), ("list.from", from), ("list.get", get), ("list.set", set), ("list.append", append), ("list.insert", insert), ("list.pop", pop),
    ("list.extend", extend), ("list.inplace_add", inplace_add), ("list.slice", slice), ("list.set_slice", set_slice), ("list.delete", delete), ("list.unpack", unpack),
];

/// A list taken apart.
pub struct List<'c, 'a> {
    /// The header
    pub header: V<'c, 'a>,
    /// Type of the elements
    pub element: Ty,
}

impl<'c: 'a, 'a> List<'c, 'a> {
    /// From its type and machine values.
    pub fn new(cx: &Cx<'_, 'c, 'a>, ty: &Ty, values: &[V<'c, 'a>]) -> Res<Self> {
        match (ty, values) {
            (Ty::List(e), [header]) => Ok(Self { header: *header, element: (**e).clone() }),
            _ => cx.invalid(format!("list expected, got {ty}")),
        }
    }
    /// An argument of a library function.
    pub fn argument(cx: &mut Cx<'_, 'c, 'a>, call: &Call<'c, 'a>, index: usize) -> Res<Self> {
        let values = call.get(cx, index)?;
        Self::new(cx, &call.types[index], &values)
    }
    fn field(&self, cx: &mut Cx<'_, 'c, 'a>, word: usize) -> V<'c, 'a> {
        let at = cx.b.i64((DATA_OFFSET + 8 * word) as i64);
        cx.b.offset(self.header, at)
    }
    /// The number of elements.
    pub fn len(&self, cx: &mut Cx<'_, 'c, 'a>) -> V<'c, 'a> {
        let at = self.field(cx, 0);
        cx.b.load(cx.b.t.i64, at)
    }
    /// Changes the number of elements.
    pub fn set_len(&self, cx: &mut Cx<'_, 'c, 'a>, n: V<'c, 'a>) {
        let at = self.field(cx, 0);
        cx.b.store(n, at);
    }
    fn capacity(&self, cx: &mut Cx<'_, 'c, 'a>) -> V<'c, 'a> {
        let at = self.field(cx, 1);
        cx.b.load(cx.b.t.i64, at)
    }
    /// The address of the slots of an element.
    pub fn address(&self, cx: &mut Cx<'_, 'c, 'a>, at: V<'c, 'a>) -> V<'c, 'a> {
        let eight = cx.b.i64(8);
        let place = cx.b.offset(self.header, eight);
        let data = cx.b.load(cx.b.t.ptr, place);
        let slots = cx.b.i64(count(&self.element) as i64);
        let first = cx.b.mul_nsw(at, slots);
        cx.b.at(data, first, cx.b.t.i64)
    }
    /// Reads an element, without a reference of its own.
    pub fn load(&self, cx: &mut Cx<'_, 'c, 'a>, at: V<'c, 'a>) -> Vs<'c, 'a> {
        let address = self.address(cx, at);
        let types = flattened(&cx.b.t, &self.element);
        types.into_iter().enumerate().map(|(i, t)| {
            let (slot, bit) = (cx.b.i64(i as i64), t == cx.b.t.i1);
            let place = cx.b.at(address, slot, cx.b.t.i64);
            let v = cx.b.load(if bit { cx.b.t.i8 } else { t }, place);
            if !bit {
                return v;
            }
            let zero = cx.b.int(cx.b.t.i8, 0);
            cx.b.cmp(CmpiPredicate::Ne, v, zero)
        }).collect()
    }
    /// Writes an element to a place without a value, with a reference of its own.
    pub fn store(&self, cx: &mut Cx<'_, 'c, 'a>, at: V<'c, 'a>, values: &[V<'c, 'a>]) {
        memory::retain_values(cx, &self.element, values);
        let address = self.address(cx, at);
        for (i, v) in values.iter().enumerate() {
            let slot = cx.b.i64(i as i64);
            let place = cx.b.at(address, slot, cx.b.t.i64);
            store_slot(cx, *v, place);
        }
    }
    /// Adds an element at the end.
    pub fn push(&self, cx: &mut Cx<'_, 'c, 'a>, values: &[V<'c, 'a>]) {
        let (n, capacity) = (self.len(cx), self.capacity(cx));
        let (grow, next) = (cx.b.new_block(&[]), cx.b.new_block(&[]));
        let room = cx.b.slt(n, capacity);
        cx.b.likely(room, (next, &[]), (grow, &[]));
        cx.b.block = grow;
        let one = cx.b.i64(1);
        let status = cx.runtime_value("nb_list_reserve", &[self.header, one]);
        exhausted(cx, status);
        cx.b.br(next, &[]);
        cx.b.block = next;
        self.store(cx, n, values);
        let more = cx.b.add_nsw(n, one);
        self.set_len(cx, more);
    }
}

/// Raises MemoryError unless a status is 0.
pub fn exhausted<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, status: V<'c, 'a>) {
    let zero = cx.b.int(cx.b.t.i32, 0);
    let failed = cx.b.cmp(CmpiPredicate::Ne, status, zero);
    cx.raise_if(failed, ExceptionKind::MemoryError, "cannot allocate a list of this size");
}

/// Raises MemoryError if a pointer is null.
pub fn not_null<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, pointer: V<'c, 'a>) {
    let null = cx.b.zero(cx.b.t.ptr);
    let (context, loc) = (cx.b.context, cx.b.loc);
    let failed = cx.b.value(melior::dialect::ods::llvm::icmp(context, cx.b.t.i1, null, pointer, cx.b.int_attribute(cx.b.t.i64, 0), loc));
    cx.raise_if(failed, ExceptionKind::MemoryError, "cannot allocate a list of this size");
}

/// The list that a library function returns, empty, with room for some elements.
pub fn create<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, ty: &Ty, capacity: V<'c, 'a>) -> Res<List<'c, 'a>> {
    let Ty::List(element) = ty else { return cx.invalid(format!("new list of type {ty}")) };
    let text = match descriptor(element) {
        Ok(text) => text,
        Err(t) => return cx.unsupported(format!("a list of {t}")),
    };
    let symbol = cx.module.string(&text);
    let text = cx.b.address(&symbol);
    let slots = cx.b.i64(count(element) as i64);
    let header = cx.runtime_value("nb_list_new", &[text, slots, capacity]);
    not_null(cx, header);
    Ok(List { header, element: (**element).clone() })
}

fn new<'c, 'a>(cx: &mut Cx<'_, 'c, 'a>, call: &Call<'c, 'a>) -> Res<Vs<'c, 'a>> {
    let n = cx.b.i64(call.arguments.len() as i64);
    let list = create(cx, &call.result, n)?;
    for i in 0..call.arguments.len() {
        let values = call.get(cx, i)?;
        let at = cx.b.i64(i as i64);
        list.store(cx, at, &values);
    }
    if !call.arguments.is_empty() {
        list.set_len(cx, n);
    }
    Ok(smallvec![list.header])
}

fn from<'c, 'a>(cx: &mut Cx<'_, 'c, 'a>, call: &Call<'c, 'a>) -> Res<Vs<'c, 'a>> {
    let values = call.get(cx, 0)?;
    let n = match &call.types[0] {
        Ty::List(_) | Ty::Array(_) => iterate::length(cx, &call.types[0], &values)?,
        // Whatever a range says it holds need not fit: it grows step by step.
        _ => cx.b.i64(0),
    };
    let list = create(cx, &call.result, n)?;
    append_all(cx, &list, &call.types[0], &values)?;
    Ok(smallvec![list.header])
}

fn append_all<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, list: &List<'c, 'a>, ty: &Ty, values: &[V<'c, 'a>]) -> Res<()> {
    if let Ty::List(e) = ty && **e == list.element {
        let n = List::new(cx, ty, values)?.len(cx);
        let status = cx.runtime_value("nb_list_append_list", &[list.header, values[0], n]);
        exhausted(cx, status);
        return Ok(());
    }
    let Some(element) = iterate::element_type(ty) else { return Ok(()) };
    iterate::each(cx, ty, values, &mut |cx, v| {
        let v = cast::between(cx, &element, &list.element, v)?;
        list.push(cx, &v);
        Ok(())
    })
}

/// The position that an index means: wrapped if negative, checked, or raises IndexError.
pub fn position<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, raw: V<'c, 'a>, n: V<'c, 'a>, message: &str) -> V<'c, 'a> {
    let fail = |cx: &mut Cx<'_, 'c, 'a>| {
        let site = cx.site(ExceptionKind::IndexError, Some(message));
        cx.runtime("nb_raise", &[site]);
    };
    let wrapped = match cx.b.known(raw) {
        Some(k) if k < 0 => cx.b.add(n, raw),
        Some(_) => raw,
        None if cx.options.boundscheck => return items::checked(cx, raw, n, fail),
        None => {
            let zero = cx.b.i64(0);
            let (negative, from_end) = (cx.b.slt(raw, zero), cx.b.add(raw, n));
            return cx.b.select(negative, from_end, raw);
        }
    };
    if cx.options.boundscheck {
        let outside = cx.b.cmp(CmpiPredicate::Uge, wrapped, n);
        cx.cold_if(outside, fail);
    }
    wrapped
}

fn get<'c, 'a>(cx: &mut Cx<'_, 'c, 'a>, call: &Call<'c, 'a>) -> Res<Vs<'c, 'a>> {
    let list = List::argument(cx, call, 0)?;
    let raw = call.get(cx, 1)?[0];
    let n = list.len(cx);
    let at = position(cx, raw, n, "list index out of range");
    let values = list.load(cx, at);
    memory::retain_values(cx, &list.element, &values);
    Ok(values)
}

fn set<'c, 'a>(cx: &mut Cx<'_, 'c, 'a>, call: &Call<'c, 'a>) -> Res<Vs<'c, 'a>> {
    let list = List::argument(cx, call, 0)?;
    let raw = call.get(cx, 1)?[0];
    let values = call.get(cx, 2)?;
    let n = list.len(cx);
    let at = position(cx, raw, n, "list assignment index out of range");
    let old = if flatten::managed(&list.element) { list.load(cx, at) } else { Vs::new() };
    list.store(cx, at, &values);
    if !old.is_empty() {
        memory::release_values(cx, &list.element, &old);
    }
    Ok(Vs::new())
}

fn append<'c, 'a>(cx: &mut Cx<'_, 'c, 'a>, call: &Call<'c, 'a>) -> Res<Vs<'c, 'a>> {
    let list = List::argument(cx, call, 0)?;
    let values = call.get(cx, 1)?;
    list.push(cx, &values);
    Ok(Vs::new())
}

fn insert<'c, 'a>(cx: &mut Cx<'_, 'c, 'a>, call: &Call<'c, 'a>) -> Res<Vs<'c, 'a>> {
    let list = List::argument(cx, call, 0)?;
    let raw = call.get(cx, 1)?[0];
    let values = call.get(cx, 2)?;
    let (n, zero) = (list.len(cx), cx.b.i64(0));
    let (negative, from_end) = (cx.b.slt(raw, zero), cx.b.add(raw, n));
    let wrapped = cx.b.select(negative, from_end, raw);
    let low = cx.b.smax(wrapped, zero);
    let at = cx.b.smin(low, n);
    let status = cx.runtime_value("nb_list_gap", &[list.header, at]);
    exhausted(cx, status);
    list.store(cx, at, &values);
    Ok(Vs::new())
}

fn pop<'c, 'a>(cx: &mut Cx<'_, 'c, 'a>, call: &Call<'c, 'a>) -> Res<Vs<'c, 'a>> {
    let list = List::argument(cx, call, 0)?;
    let raw = call.get(cx, 1)?[0];
    let (n, zero, one) = (list.len(cx), cx.b.i64(0), cx.b.i64(1));
    let empty = cx.b.eq(n, zero);
    cx.raise_if(empty, ExceptionKind::IndexError, "pop from empty list");
    let last = cx.b.sub(n, one);
    if cx.b.known(raw) == Some(-1) {
        // The reference of the list becomes that of the result.
        let values = list.load(cx, last);
        list.set_len(cx, last);
        return Ok(values);
    }
    let at = position(cx, raw, n, "pop index out of range");
    let values = list.load(cx, at);
    cx.runtime("nb_list_close", &[list.header, at]);
    Ok(values)
}

fn extend<'c, 'a>(cx: &mut Cx<'_, 'c, 'a>, call: &Call<'c, 'a>) -> Res<Vs<'c, 'a>> {
    let list = List::argument(cx, call, 0)?;
    let values = call.get(cx, 1)?;
    append_all(cx, &list, &call.types[1], &values)?;
    Ok(Vs::new())
}

fn inplace_add<'c, 'a>(cx: &mut Cx<'_, 'c, 'a>, call: &Call<'c, 'a>) -> Res<Vs<'c, 'a>> {
    extend(cx, call)?;
    let list = call.get(cx, 0)?;
    memory::retain_values(cx, &call.types[0], &list);
    Ok(list)
}

// First position, count and step that a slice means for a list.
fn bounds<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, list: &List<'c, 'a>, call: &Call<'c, 'a>) -> Res<(V<'c, 'a>, V<'c, 'a>, V<'c, 'a>)> {
    let Ty::Slice(parts) = &call.types[1] else { return cx.invalid("slice expected") };
    let values = call.get(cx, 1)?;
    let n = list.len(cx);
    slices::bounds(cx, parts, &values, n)
}

fn slice<'c, 'a>(cx: &mut Cx<'_, 'c, 'a>, call: &Call<'c, 'a>) -> Res<Vs<'c, 'a>> {
    let list = List::argument(cx, call, 0)?;
    let (first, n, step) = bounds(cx, &list, call)?;
    let new = cx.runtime_value("nb_list_slice", &[list.header, first, n, step]);
    not_null(cx, new);
    Ok(smallvec![new])
}

fn set_slice<'c, 'a>(cx: &mut Cx<'_, 'c, 'a>, call: &Call<'c, 'a>) -> Res<Vs<'c, 'a>> {
    let list = List::argument(cx, call, 0)?;
    let source = call.get(cx, 2)?[0];
    let (first, n, step) = bounds(cx, &list, call)?;
    if cx.b.known(step) == Some(1) {
        let status = cx.runtime_value("nb_list_assign", &[list.header, first, n, source]);
        exhausted(cx, status);
    } else {
        let site = cx.site(ExceptionKind::ValueError, None);
        cx.runtime("nb_list_assign_step", &[site, list.header, first, n, step, source]);
    }
    Ok(Vs::new())
}

fn delete<'c, 'a>(cx: &mut Cx<'_, 'c, 'a>, call: &Call<'c, 'a>) -> Res<Vs<'c, 'a>> {
    let list = List::argument(cx, call, 0)?;
    let (first, n, step) = if let Ty::Slice(_) = &call.types[1] {
        bounds(cx, &list, call)?
    } else {
        let raw = call.get(cx, 1)?[0];
        let (n, one) = (list.len(cx), cx.b.i64(1));
        (position(cx, raw, n, "list assignment index out of range"), one, one)
    };
    cx.runtime("nb_list_delete", &[list.header, first, n, step]);
    Ok(Vs::new())
}

// Element `i` of a list that must have `n`.
fn unpack<'c, 'a>(cx: &mut Cx<'_, 'c, 'a>, call: &Call<'c, 'a>) -> Res<Vs<'c, 'a>> {
    let list = List::argument(cx, call, 0)?;
    let (i, n) = (call.get(cx, 1)?[0], call.get(cx, 2)?[0]);
    let len = list.len(cx);
    let expected = cx.b.known(n).unwrap_or_default();
    let (fewer, more) = (cx.b.slt(len, n), cx.b.slt(n, len));
    for given in 0..if cx.b.known(i) == Some(0) { expected } else { 0 } {
        let k = cx.b.i64(given);
        let exactly = cx.b.eq(len, k);
        cx.raise_if(exactly, ExceptionKind::ValueError, &format!("not enough values to unpack (expected {expected}, got {given})"));
    }
    cx.raise_if(fewer, ExceptionKind::ValueError, &format!("not enough values to unpack (expected {expected})"));
    cx.raise_if(more, ExceptionKind::ValueError, &format!("too many values to unpack (expected {expected})"));
    let values = list.load(cx, i);
    memory::retain_values(cx, &list.element, &values);
    Ok(values)
}
