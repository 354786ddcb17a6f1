//! Loops over elements on several threads, in functions with `parallel=True`: the body becomes a function of a part of one axis, which is called for all of it where there are
//! few elements, and otherwise by the runtime for parts of it.
//!
//! The function gets the values that its [`Space`] is made of; constants are made again in it, so that it is simplified as the loop in place would be. Parts have results of their own,
//! which are put together in order: how many parts there are depends on the numbers of elements and of threads only. Legal since elements are made by functions of numbers, which
//! know no other element, and written to an array that is new or was found to share no memory.
use super::{Operand, Space, either, space::Size};
use crate::{cfg::key, remarks::Kind};
use crate::conversion::py_to_std::{build::{Builder, V, Vs}, cx::{Cx, Facts, Res}, function::Converted, loops::parallel::{self, Loop}};
use super::super::nest;
use melior::{
    dialect::{arith::{self, CmpiPredicate}, func, llvm::attributes::{Linkage, linkage}},
    ir::{
        Attribute, Identifier, Type, ValueLike,
        attribute::{ArrayAttribute, DictionaryAttribute, FlatSymbolRefAttribute, StringAttribute, TypeAttribute}, operation::OperationMutLike, r#type::FunctionType,
    },
};
use smallvec::smallvec;
use std::collections::HashMap;

/// From so many elements on threads are worth their start, which takes as long as some ten thousand elements of cheap functions.
const MANY: i64 = 1 << 16;
/// The same where elements are made by functions that take long.
const MANY_COSTLY: i64 = 1 << 14;
/// The same where elements are only read: vector code takes a tenth of a nanosecond for one.
const MANY_READ: i64 = 1 << 18;
/// A part has so many elements at least, so that it takes longer than to take it.
const SOME: i64 = 1 << 12;
/// The same of functions that take long.
const SOME_COSTLY: i64 = 1 << 9;
/// A part of rows has so many elements of each at least, so that memory is read in order.
const ROW: i64 = 256;

/// What is done with a space, from some values on.
pub type Body<'k, 'm, 'c, 'a> = dyn FnMut(&mut Cx<'m, 'c, 'a>, &Space<'c, 'a>, &[V<'c, 'a>]) -> Res<Vs<'c, 'a>> + 'k;
/// What the results of two parts make together.
pub type Together<'k, 'm, 'c, 'a> = dyn FnMut(&mut Cx<'m, 'c, 'a>, &[V<'c, 'a>], &[V<'c, 'a>]) -> Res<Vs<'c, 'a>> + 'k;

/// What is known of a loop.
pub struct About {
    /// The axis of which there are parts
    pub axis: usize,
    /// Whether nothing else can refer to the array that is written
    pub new: bool,
    /// Whether elements are only read, by no function
    pub reads: bool,
    /// Whether what makes elements takes long
    pub costly: bool,
}

/// Runs `body` on a space: in parts of an axis on several threads where the function is compiled for that and there are many elements. `start` has the constants that each part starts with.
pub fn in_parts<'m, 'c: 'a, 'a>(
    cx: &mut Cx<'m, 'c, 'a>, space: &Space<'c, 'a>, about: &About, start: &[V<'c, 'a>], body: &mut Body<'_, 'm, 'c, 'a>, together: &mut Together<'_, 'm, 'c, 'a>,
) -> Res<Vs<'c, 'a>> {
    if !cx.options.parallel {
        return body(cx, space, start);
    }
    announce(cx, about, start.is_empty());
    // In which way it is walked through has been chosen.
    let space = &Space { one_shape: None, plain: vec![], ..space.clone() };
    let symbol = symbol(cx);
    let captured = Captured::of(cx, &[space], start);
    let fresh: Vec<V> = space.out.iter().filter(|_| about.new).map(|o| o.data).collect();
    let results = captured.function(cx, &symbol, &fresh, &mut |cx, inner, [first, end]| {
        let count = cx.b.sub_nsw(end, first);
        let part = inner.space(space).part(cx, about.axis, first, count);
        let start: Vs = start.iter().map(|v| inner.value(*v)).collect();
        body(cx, &part, &start)
    })?;
    let combine = if results.is_empty() {
        None
    } else {
        let symbol = format!("{symbol}.combine");
        let both: Vec<Type> = results.iter().chain(&results).copied().collect();
        function(cx, &symbol, &both, &[], &mut |cx, given| {
            let (a, b) = given.split_at(given.len() / 2);
            together(cx, a, b)
        })?;
        Some(symbol)
    };
    let (n, total, many) = (space.shape[about.axis], nest::size(cx, &space.shape), cx.b.i64(many(about)));
    let few = cx.b.cmp(CmpiPredicate::Slt, total, many);
    captured.call(cx, &symbol, combine.as_deref(), few, n, &results, start, &mut |cx| grain(cx, space, about, total))
}

/// What parts of rows there are.
pub struct Range<'c, 'a> {
    /// How many rows
    pub n: V<'c, 'a>,
    /// How many elements
    pub total: V<'c, 'a>,
    /// Whether there may be parts; nothing where that is sure
    pub divisible: Option<V<'c, 'a>>,
}

/// What is done with the rows of several spaces between two positions; with values that are known there.
pub type Over<'k, 'm, 'c, 'a> = dyn FnMut(&mut Cx<'m, 'c, 'a>, &[Space<'c, 'a>], &[V<'c, 'a>], [V<'c, 'a>; 2]) -> Res<()> + 'k;

/// Runs `body` on all rows of spaces that are not divided themselves, in parts as [`in_parts`] does. Of the `fresh` addresses the memory can be reached by nothing else.
pub fn over_rows<'m, 'c: 'a, 'a>(
    cx: &mut Cx<'m, 'c, 'a>, spaces: &[&Space<'c, 'a>], values: &[V<'c, 'a>], about: &About, range: &Range<'c, 'a>, fresh: &[V<'c, 'a>], body: &mut Over<'_, 'm, 'c, 'a>,
) -> Res<()> {
    let zero = cx.b.i64(0);
    if !cx.options.parallel {
        let spaces: Vec<Space> = spaces.iter().map(|s| (*s).clone()).collect();
        return body(cx, &spaces, values, [zero, range.n]);
    }
    announce(cx, about, false);
    let symbol = symbol(cx);
    let captured = Captured::of(cx, spaces, values);
    let results = captured.function(cx, &symbol, fresh, &mut |cx, inner, range| {
        let spaces: Vec<Space> = spaces.iter().map(|s| inner.space(s)).collect();
        let values: Vs = values.iter().map(|v| inner.value(*v)).collect();
        // A part runs on one thread.
        cx.options.parallel = false;
        let done = body(cx, &spaces, &values, range);
        cx.options.parallel = true;
        done.map(|_| Vs::new())
    })?;
    let Some(space) = spaces.first() else { return cx.invalid("rows of nothing") };
    let many = cx.b.i64(many(about));
    let mut few = cx.b.cmp(CmpiPredicate::Slt, range.total, many);
    if let Some(divisible) = range.divisible {
        let whole = cx.b.not(divisible);
        few = cx.b.or(few, whole);
    }
    captured.call(cx, &symbol, None, few, range.n, &results, &[], &mut |cx| grain(cx, space, about, range.total))?;
    Ok(())
}

// Remembers that there are threads, and what for.
fn announce(cx: &mut Cx<'_, '_, '_>, about: &About, puts_nothing_together: bool) {
    cx.module.uses_threads = true;
    let text = match (about.reads, about.costly, puts_nothing_together) {
        (true, ..) => "elements are put together in parts, by several threads if there are more than 262144",
        (_, true, true) => "elements are computed in parts, by several threads if there are more than 16384",
        (_, true, false) => "elements are computed and put together in parts, by several threads if there are more than 16384",
        (_, false, true) => "elements are computed in parts, by several threads if there are more than 65536",
        (_, false, false) => "elements are computed and put together in parts, by several threads if there are more than 65536",
    };
    cx.module.remark(Kind::Parallel, cx.b.loc, text);
}

/// A name for a function of parts.
pub fn symbol(cx: &mut Cx<'_, '_, '_>) -> String {
    let number = cx.module.parts;
    cx.module.parts += 1;
    format!("{}.part.{number}", cx.name)
}

/// From so many elements on threads are worth their start.
pub fn many(about: &About) -> i64 {
    if about.reads { MANY_READ } else if about.costly { MANY_COSTLY } else { MANY }
}

// How long parts of an axis are at least, as a negative number: not as `set_parallel_chunksize` says, which is about iterations that the program writes.
fn grain<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, space: &Space<'c, 'a>, about: &About, total: V<'c, 'a>) -> V<'c, 'a> {
    let (axis, zero, some, loc) = (about.axis, cx.b.i64(0), cx.b.i64(if about.costly { SOME_COSTLY } else { SOME }), cx.b.loc);
    let narrowest = if axis > 0 && axis + 1 == space.rank() {
        // One part of each row for each thread: memory is read in stretches as long as can be.
        let (row, threads) = (cx.b.i64(ROW), cx.runtime_value("nb_num_threads", &[]));
        let share = cx.b.value(arith::ceildivsi(space.shape[axis], threads, loc));
        cx.b.smax(row, share)
    } else {
        cx.b.i64(1)
    };
    // There are elements, so that neither is 0.
    let each = cx.b.value(arith::divui(total, space.shape[axis], loc));
    let wanted = cx.b.value(arith::divui(some, each, loc));
    let least = cx.b.smax(narrowest, wanted);
    cx.b.sub(zero, least)
}

// Adds a function to the module that has an entry; gives the types of its results. Of `fresh` parameters the memory can be reached by nothing else.
fn function<'m, 'c: 'a, 'a>(
    cx: &mut Cx<'m, 'c, 'a>, symbol: &str, parameters: &[Type<'c>], fresh: &[usize], emit: &mut dyn FnMut(&mut Cx<'m, 'c, 'a>, &[V<'c, 'a>]) -> Res<Vs<'c, 'a>>,
) -> Res<Vec<Type<'c>>> {
    let (context, loc) = (cx.b.context, cx.b.loc);
    let inner = Builder::new(context, parameters, loc, cx.b.fast);
    let outer = std::mem::replace(&mut cx.b, inner);
    let facts = std::mem::take(&mut cx.facts);
    let first = cx.b.first();
    let given = cx.b.arguments(first);
    let code = cx.b.new_block(&[]);
    cx.b.block = code;
    let made = emit(cx, &given);
    let values = made.as_ref().map_or(&[][..], |v| v.as_slice());
    let results: Vec<Type> = values.iter().map(|v| v.r#type()).collect();
    cx.b.push(func::r#return(values, loc));
    cx.b.block = first;
    cx.b.br(code, &[]);
    let region = std::mem::replace(&mut cx.b, outer).finish();
    let inner = std::mem::replace(&mut cx.facts, facts);
    made?;
    let ty = TypeAttribute::new(FunctionType::new(context, parameters, &results).into());
    let attributes: Vec<(Identifier, Attribute)> = vec![
        (Identifier::new(context, "sym_visibility"), StringAttribute::new(context, "private").into()),
        (Identifier::new(context, "llvm.linkage"), linkage(context, Linkage::Internal)),
    ];
    let mut op = func::func(context, StringAttribute::new(context, symbol), ty, region, &attributes, loc);
    if !fresh.is_empty() {
        // What is written shares no memory with anything that is read, which saves the checks in front of vector code.
        let of = |i: usize| -> Attribute {
            let unit: Vec<(Identifier, Attribute)> = if fresh.contains(&i) { vec![(Identifier::new(context, "llvm.noalias"), Attribute::unit(context))] } else { vec![] };
            DictionaryAttribute::new(context, &unit).into()
        };
        op.set_attribute("arg_attrs", ArrayAttribute::new(context, &(0..parameters.len()).map(of).collect::<Vec<_>>()).into());
    }
    // It calls what the op calls, which is known to the function around.
    let callees = inner.callees.into_iter().chain(cx.facts.callees.iter().cloned()).collect();
    cx.facts.callees.push(symbol.to_string());
    cx.module.extra.push(Converted {
        symbol: symbol.to_string(), op, inner: None, arguments: parameters.to_vec(), results: results.clone(), facts: Facts { callees, ..inner }, entry: true, inline: String::new(),
    });
    Ok(results)
}

/// What a space is made of: values that are handed to the function, and constants that it makes again.
pub struct Captured<'c, 'a> {
    // What the function gets
    values: Vec<V<'c, 'a>>,
    constants: Vec<V<'c, 'a>>,
}

/// The same in the function.
pub struct Inside<'c, 'a> {
    values: HashMap<usize, V<'c, 'a>>,
}

impl<'c: 'a, 'a> Captured<'c, 'a> {
    /// Those of spaces, and others.
    pub fn of(cx: &Cx<'_, 'c, 'a>, spaces: &[&Space<'c, 'a>], start: &[V<'c, 'a>]) -> Self {
        let mut found = Captured { values: vec![], constants: vec![] };
        let mut look = |v: V<'c, 'a>| {
            let list = if cx.b.is_constant(v) { &mut found.constants } else { &mut found.values };
            if !list.contains(&v) {
                list.push(v);
            }
            v
        };
        for space in spaces {
            mapped(space, &mut look);
        }
        start.iter().for_each(|v| {
            look(*v);
        });
        found
    }

    /// Adds a function of the rows between two positions, which gets these values.
    pub fn function<'m>(
        &self, cx: &mut Cx<'m, 'c, 'a>, symbol: &str, fresh: &[V<'c, 'a>], emit: &mut dyn FnMut(&mut Cx<'m, 'c, 'a>, &Inside<'c, 'a>, [V<'c, 'a>; 2]) -> Res<Vs<'c, 'a>>,
    ) -> Res<Vec<Type<'c>>> {
        let mut parameters = vec![cx.b.t.i64; 3];
        parameters.extend(self.values.iter().map(|v| v.r#type()));
        let fresh: Vec<usize> = fresh.iter().filter_map(|f| self.values.iter().position(|v| v == f)).map(|i| i + 3).collect();
        function(cx, symbol, &parameters, &fresh, &mut |cx, given| {
            let inner = self.inside(cx, &given[3..]);
            emit(cx, &inner, [given[0], given[1]])
        })
    }

    /// Calls it for everything at once where there is little, otherwise for parts: so many, or as long as a negative number says at least.
    #[allow(clippy::too_many_arguments)]
    pub fn call<'m>(
        &self, cx: &mut Cx<'m, 'c, 'a>, symbol: &str, combine: Option<&str>, few: V<'c, 'a>, n: V<'c, 'a>, results: &[Type<'c>], start: &[V<'c, 'a>], parts: &mut dyn FnMut(&mut Cx<'m, 'c, 'a>) -> V<'c, 'a>,
    ) -> Res<Vs<'c, 'a>> {
        let zero = cx.b.i64(0);
        either(
            cx,
            few,
            |cx| {
                let arguments: Vs = [zero, n, zero].into_iter().chain(self.values.iter().copied()).collect();
                let loc = cx.b.loc;
                let call = cx.b.push(func::call(cx.b.context, FlatSymbolRefAttribute::new(cx.b.context, symbol), &arguments, results, loc));
                use melior::ir::operation::OperationLike;
                Ok(call.results().map(Into::into).collect())
            },
            |cx| {
                let parts = parts(cx);
                Ok(parallel::call(cx, &Loop { callee: symbol, combine, n, parts, captured: &self.values, before: start, results }))
            },
        )
    }

    // What they are in the function, which is given the values.
    fn inside(&self, cx: &mut Cx<'_, 'c, 'a>, given: &[V<'c, 'a>]) -> Inside<'c, 'a> {
        let mut values: HashMap<usize, V> = self.values.iter().zip(given).map(|(v, new)| (key(*v), *new)).collect();
        for v in &self.constants {
            if let Some(copy) = cx.b.constant_again(*v) {
                values.insert(key(*v), copy);
            }
        }
        Inside { values }
    }
}

impl<'c: 'a, 'a> Inside<'c, 'a> {
    /// A value.
    pub fn value(&self, v: V<'c, 'a>) -> V<'c, 'a> {
        self.values.get(&key(v)).copied().unwrap_or(v)
    }
    /// A space.
    pub fn space(&self, space: &Space<'c, 'a>) -> Space<'c, 'a> {
        mapped(space, &mut |v| self.value(v))
    }
}

// A space of other values. The owners of arrays are not looked at by loops: they stay behind.
fn mapped<'c: 'a, 'a>(space: &Space<'c, 'a>, f: &mut dyn FnMut(V<'c, 'a>) -> V<'c, 'a>) -> Space<'c, 'a> {
    let mut all = space.clone();
    let lists = |list: &mut Vs<'c, 'a>, f: &mut dyn FnMut(V<'c, 'a>) -> V<'c, 'a>| list.iter_mut().for_each(|v| *v = f(*v));
    for operand in &mut all.operands {
        match operand {
            Operand::Value(v) => lists(v, f),
            Operand::Array(a) => {
                a.data = f(a.data);
                a.owner = a.data;
                lists(&mut a.shape, f);
                lists(&mut a.strides, f);
            }
        }
    }
    if let Some(out) = &mut all.out {
        out.data = f(out.data);
        out.owner = out.data;
        lists(&mut out.shape, f);
        lists(&mut out.strides, f);
    }
    lists(&mut all.shape, f);
    all.one_shape = all.one_shape.map(&mut *f);
    all.plain.iter_mut().for_each(|strides| lists(strides, f));
    all.size = all.size.map(|size| Size { large: f(size.large), before: f(size.before) });
    all
}

/// For loops that have no results.
pub fn nothing<'c: 'a, 'a>(_: &mut Cx<'_, 'c, 'a>, _: &[V<'c, 'a>], _: &[V<'c, 'a>]) -> Res<Vs<'c, 'a>> {
    Ok(smallvec![])
}
