//! Arrays that are larger than caches are written past them: a store through the caches reads first what it overwrites, and drives out what other code needs.
//!
//! Each row has a loop for that before the usual one, which starts at a cache line and goes through blocks of a known length: nothing is left over by its vectors, and what is behind
//! is for the usual loop. Its stores have an alias scope by which the back end finds their vectors, and marks them. Not for functions that take long, which do not wait for memory, and not
//! where the array is an operand too, whose lines are in the caches by then.
use super::{Function, Space, either, row::Row, space::Size};
use crate::conversion::py_to_std::{build::{V, Vs}, cx::{Cx, Res}};
use super::super::{items, nest::{self, Copies}};
use melior::{dialect::{arith::{self, CmpiPredicate}, llvm::{self, LoadStoreOptions}, ods}, ir::{Attribute, attribute::ArrayAttribute}};
use numbra_abi::DType;

/// Arrays of so many bytes find no place in caches, whose last level has that much on common machines.
const LARGE: i64 = 32 << 20;
/// Rows of fewer bytes consist of broken lines, and of what is left behind blocks, for too large a part: a stencil of three axes takes half as long again.
const SHORT: i64 = 4096;
/// Elements of a block: as many as two of the widest vectors have of the smallest type.
const BLOCK: i64 = 128;
/// Bytes of a cache line.
const LINE: i64 = 64;
/// What the back end knows the stores by.
const SCOPE: &str = r#"#llvm.alias_scope<id = "numbra.streamed", domain = #llvm.alias_scope_domain<id = "numbra.stores">>"#;
/// Sequentially consistent, as a number of the dialect.
const SEQ_CST: i64 = 7;

/// What is to be known of the array that a space writes, one that is new or that was there; nothing where it makes no difference.
pub fn size<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, space: &Space<'c, 'a>, function: &Function<'c>, new: bool) -> Option<Size<'c, 'a>> {
    let out = space.out.as_ref()?;
    let d = out.ty.dtype;
    if d.is_record() || d.is_complex() || d.size() > 8 || function.is_costly(cx) || space.arrays().any(|a| a.data == out.data) {
        return None;
    }
    let (n, enough) = (nest::size(cx, &space.shape), cx.b.i64(LARGE / d.size() as i64));
    if cx.b.known(n).is_some_and(|n| n < LARGE / d.size() as i64) {
        return None;
    }
    let large = cx.b.cmp(CmpiPredicate::Sge, n, enough);
    if new {
        return Some(Size { large, before: cx.b.i64(0) });
    }
    // Fields of records need not lie at multiples of their size.
    let to_int = ods::llvm::ptrtoint(cx.b.context, cx.b.t.i64, out.data, cx.b.loc);
    let address = cx.b.value(to_int);
    let (within, zero) = (cx.b.i64(d.size() as i64 - 1), cx.b.i64(0));
    let all = out.strides.iter().fold(address, |bits, stride| if cx.b.known(*stride).is_some_and(|s| s % d.size() as i64 == 0) { bits } else { cx.b.or(bits, *stride) });
    let off = cx.b.and(all, within);
    let aligned = cx.b.eq(off, zero);
    Some(Size { large: cx.b.and(large, aligned), before: address })
}

/// Whether a row is to be written past the caches; nothing where it cannot be.
pub fn is_worth_it<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, row: &Row<'c, 'a>) -> Res<Option<V<'c, 'a>>> {
    let Some(Size { large, before }) = row.size else { return Ok(None) };
    if cx.b.known(before) == Some(0) {
        // All elements are one row.
        return Ok(Some(large));
    }
    let zero = cx.b.i64(0);
    let (d, _) = row.target(cx, zero)?;
    let enough = cx.b.i64(SHORT / d.size() as i64);
    let long = cx.b.cmp(CmpiPredicate::Sge, row.n, enough);
    Ok(Some(cx.b.and(large, long)))
}

/// Runs `elements` for the elements of a row before the first cache line, and for all blocks behind; how many elements that are.
pub fn store<'m, 'c: 'a, 'a>(cx: &mut Cx<'m, 'c, 'a>, row: &Row<'c, 'a>, mut elements: impl FnMut(&mut Cx<'m, 'c, 'a>, &Row<'c, 'a>) -> Res<Vs<'c, 'a>>) -> Res<Vs<'c, 'a>> {
    let (zero, less) = (cx.b.i64(0), cx.b.i64(LINE - 1));
    let (d, _) = row.target(cx, zero)?;
    // Of a new array not by the address: a pointer of which the number is known may be anywhere, and vector code would need a check.
    let Some(Size { before, .. }) = row.size else { return cx.invalid("a row of unknown place written past the caches") };
    let mut lead = zero;
    if cx.b.known(before) != Some(0) {
        let back = cx.b.sub(zero, before);
        let (bytes, size) = (cx.b.and(back, less), cx.b.i64(d.size() as i64));
        lead = cx.b.value(arith::divui(bytes, size, cx.b.loc));
        let mut first = row.part(cx, zero, lead);
        first.copies = Copies::Scalar;
        elements(cx, &first)?;
    }
    let left = cx.b.sub_nsw(row.n, lead);
    let block = cx.b.i64(BLOCK);
    let blocks = cx.b.value(arith::divui(left, block, cx.b.loc));
    let mut rest = row.part(cx, lead, left);
    rest.copies = Copies::Streamed;
    // It is there already; this is how the optimiser knows.
    rest.round_target(cx, -LINE);
    nest::count_loop(cx, blocks, &[], &mut |cx, k, _| {
        let first = cx.b.mul_nsw(k, block);
        let part = rest.part(cx, first, block);
        elements(cx, &part)
    })?;
    let whole = cx.b.mul_nsw(blocks, block);
    Ok([cx.b.add_nsw(lead, whole)].into_iter().collect())
}

/// Writes an element of a row that is written past the caches.
pub fn store_element<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, d: DType, v: &[V<'c, 'a>], address: V<'c, 'a>) {
    let Some(scope) = Attribute::parse(cx.b.context, SCOPE) else { return items::store_element(cx, d, v, address) };
    let t = cx.b.t.memory(d);
    let v = if d == DType::Bool { cx.b.resize(v[0], t, false) } else { v[0] };
    let options = LoadStoreOptions::new().alias_scopes(Some(ArrayAttribute::new(cx.b.context, &[scope])));
    cx.b.push(llvm::store(cx.b.context, v, address, cx.b.loc, options));
}

/// What is written past the caches is in no order with other stores until then.
pub fn end<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, space: &Space<'c, 'a>) -> Res<Vs<'c, 'a>> {
    let Some(Size { large, .. }) = space.size else { return Ok(Vs::new()) };
    let usual = cx.b.not(large);
    either(cx, usual, |_| Ok(Vs::new()), |cx| {
        let op = ods::llvm::fence(cx.b.context, cx.b.int_attribute(cx.b.t.i64, SEQ_CST), cx.b.loc);
        cx.b.push(op);
        Ok(Vs::new())
    })
}
