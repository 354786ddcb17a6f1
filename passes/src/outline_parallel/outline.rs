//! Moves the blocks of a loop to a function and puts its call in their place.
use super::{PARALLEL_FOR, Res, arrays::{ArrayReduction, Place}, carried::{Carried, Reduction}, merge, region::ParallelLoop};
use crate::{cfg::{self, Cfg, key}, conversion::py_to_std::internal, functions::{arguments, derived, symbol}, numbers::const_int};
use melior::{
    Context,
    dialect::cf,
    ir::{
        Attribute, Block, BlockLike, BlockRef, Location, Operation, OperationRef, Region, RegionLike, Type, Value, ValueLike,
        attribute::{FlatSymbolRefAttribute, FloatAttribute, IntegerAttribute, StringAttribute},
        operation::{OperationLike, OperationMutLike},
    },
};
use numbra_dialects::{py::{BinaryKind, PyOp, Ty, ods::py as ods}, rewrite::{erase, move_block, set_operand, set_successor}};
use std::collections::{HashMap, HashSet};

/// Where new ops go.
#[allow(missing_docs)]
pub struct At<'c, 'a> {
    pub context: &'c Context,
    pub block: BlockRef<'c, 'a>,
    pub loc: Location<'c>,
}

impl<'c: 'a, 'a> At<'c, 'a> {
    /// An op.
    pub fn add(&self, op: Operation<'c>) {
        self.block.append_operation(op);
    }
    /// An op with one result.
    pub fn value(&self, op: impl Into<Operation<'c>>) -> Res<Value<'c, 'a>> {
        let op = self.block.append_operation(op.into());
        op.result(0).map(Into::into).map_err(|e| internal(op, &e.to_string()).into())
    }
    /// A constant.
    pub fn int(&self, n: i64) -> Res<Value<'c, 'a>> {
        let t = Ty::INT.to_mlir(self.context);
        self.value(ods::constant(self.context, t, IntegerAttribute::new(t, n).into(), self.loc))
    }
    /// An operator on two values of one type.
    pub fn binary(&self, kind: BinaryKind, a: Value<'c, 'a>, b: Value<'c, 'a>) -> Res<Value<'c, 'a>> {
        self.value(ods::binary(self.context, a.r#type(), a, b, kind.attribute(self.context), self.loc))
    }
    /// A call of a library function.
    pub fn builtin(&self, path: &str, arguments: &[Value<'c, 'a>], t: Type<'c>) -> Res<Value<'c, 'a>> {
        self.value(ods::builtin(self.context, t, arguments, StringAttribute::new(self.context, path), self.loc))
    }
    /// 0 or 1 in any type of numbers. The zero of floats is the negative one: only that changes no number that is added to it.
    pub fn neutral(&self, n: i64, t: Type<'c>) -> Res<Value<'c, 'a>> {
        let float = Ty::from_mlir(t).and_then(|t| t.scalar()).is_some_and(|d| d.is_float() || d.is_complex());
        let (from, number) = if float {
            let f = Ty::FLOAT.to_mlir(self.context);
            let x = if n == 0 { -0.0 } else { n as f64 };
            (f, self.value(ods::constant(self.context, f, FloatAttribute::new(self.context, f, x).into(), self.loc))?)
        } else {
            (Ty::INT.to_mlir(self.context), self.int(n)?)
        };
        if from == t { Ok(number) } else { self.value(ods::cast(self.context, t, number, self.loc)) }
    }
    /// A tuple; None where there is nothing in it.
    pub fn tuple(&self, parts: &[Value<'c, 'a>], t: Type<'c>) -> Res<Value<'c, 'a>> {
        if parts.is_empty() {
            return self.value(ods::constant(self.context, t, Attribute::unit(self.context), self.loc));
        }
        self.value(ods::tuple(self.context, t, parts, self.loc))
    }
}

// Which operands of a branch are argument `index` of a block.
fn places<'c: 'a, 'a>(branch: OperationRef<'c, 'a>, block: BlockRef<'c, 'a>, index: usize) -> Vec<usize> {
    let mut at = usize::from(PyOp::of(&branch) == PyOp::CondBr);
    let mut found = vec![];
    for (target, values) in cfg::edges(branch) {
        if target == block {
            found.push(at + index);
        }
        at += values.len();
    }
    found
}

// Whether a value is known at compile time, so that it is made again rather than passed on.
fn is_constant<'c: 'a, 'a>(cfg: &Cfg<'c, 'a>, value: Value<'c, 'a>) -> Option<OperationRef<'c, 'a>> {
    let (kind, op) = cfg.op(value)?;
    matches!(kind, PyOp::Constant | PyOp::Entity | PyOp::FunctionRef | PyOp::Ellipsis | PyOp::Unbound).then_some(op)
}

/// Makes the functions of a loop and calls them.
pub fn outline<'c: 'a, 'a>(
    context: &'c Context, function: OperationRef<'c, 'a>, cfg: &Cfg<'c, 'a>, l: &ParallelLoop<'c, 'a>, carried: &[Carried], arrays: &[ArrayReduction<'c, 'a>], number: usize,
) -> Res<()> {
    let header = cfg.blocks[l.header].block;
    let fail = |message: &str| -> Box<_> { internal(l.next, message).into() };
    let region = header.parent_region().ok_or_else(|| fail("loop outside of a function"))?;
    let loc = l.next.location();
    let variables: Vec<Value> = arguments(header);
    let types: Vec<(Type, Location)> = variables.iter().map(|v| (v.r#type(), loc)).collect();

    // What the loop is entered through now: its arguments are the variables' values before the loop.
    let launch = region.insert_block_before(header, Block::new(&types));
    for p in cfg.blocks[l.header].preds.iter().filter(|p| !l.blocks.contains(p)) {
        let Some(branch) = cfg.blocks[*p].ops.last() else { continue };
        for (i, _) in branch.successors().enumerate().filter(|(_, s)| *s == header) {
            set_successor(*branch, i, launch);
        }
    }
    let before: Vec<Value> = arguments(launch);
    // The constants that private variables are at the start of each iteration.
    let unset: Vec<Option<Value>> = carried.iter().enumerate().map(|(i, c)| {
        let outside = cfg.blocks[l.header].preds.iter().find(|p| !l.blocks.contains(p));
        (*c == Carried::Private).then_some(()).and(outside).and_then(|p| cfg.passed(*p, l.header, i).first().copied())
    }).collect();
    let outside = At { context, block: launch, loc };

    // What the body needs from outside, in the order in which it is met.
    let mut captured: Vec<Value> = vec![];
    let mut constants: Vec<OperationRef> = vec![];
    let mut seen = HashSet::new();
    let mut need = |v: Value<'c, 'a>| {
        if seen.insert(key(v)) {
            match is_constant(cfg, v) {
                Some(op) => constants.push(op),
                None => captured.push(v),
            }
        }
    };
    let (start, step) = (l.range.operand(0).map_err(|e| fail(&e.to_string()))?, l.range.operand(2).map_err(|e| fail(&e.to_string()))?);
    need(start);
    need(step);
    for ((v, c), unset) in before.iter().zip(carried).zip(&unset) {
        match (c, unset) {
            (Carried::Private, Some(unset)) => need(*unset),
            (Carried::Reduction(Reduction::Binary(..)) | Carried::Array, _) => {}
            _ => need(*v),
        }
    }
    for op in l.ops(cfg).filter(|op| *op != l.next) {
        op.operands().filter(|v| l.is_outside(cfg, *v)).for_each(&mut need);
    }

    // Arrays of which each part of the iterations has a copy.
    let range: Value = l.range.result(0).map_err(|e| fail(&e.to_string()))?.into();
    let n = outside.builtin("len", &[range], Ty::INT.to_mlir(context))?;
    let updated: Vec<Value> = arrays.iter().map(|a| match a.place {
        Place::Captured(v) => v,
        Place::Carried(i) => before[i],
    }).collect();
    let parts = if arrays.is_empty() { outside.int(0)? } else { merge::parts(&outside, n, &updated)? };
    let mut copies = vec![];
    for (array, value) in arrays.iter().zip(&updated) {
        copies.push(merge::copies(&outside, array, *value, parts)?);
        need(*value);
    }
    captured.extend(&copies);

    let result_index: Vec<usize> = (0..carried.len()).filter(|i| !matches!(carried[*i], Carried::Invariant | Carried::Private | Carried::Array)).collect();
    let result_types: Vec<Ty> = result_index.iter().filter_map(|i| Ty::from_mlir(types[*i].0)).collect();
    let result = if result_types.is_empty() { Ty::None } else { Ty::tuple(result_types) }.to_mlir(context);
    let symbol = symbol(function).unwrap_or_default();
    let (callee, combine) = (format!("{symbol}.prange.{number}"), format!("{symbol}.combine.{number}"));

    // The body: a loop over a part of the range.
    let body = Region::new();
    let integer = Ty::INT.to_mlir(context);
    let parameters: Vec<Type> = [integer; 3].into_iter().chain(captured.iter().map(|v| v.r#type())).collect();
    let entry: BlockRef<'c, 'a> = body.append_block(Block::new(&parameters.iter().map(|t| (*t, loc)).collect::<Vec<_>>()));
    let inside = At { context, block: entry, loc };
    let given: Vec<Value> = arguments(entry);
    let mut inner: HashMap<usize, Value> = captured.iter().map(|v| key(*v)).zip(given[3..].iter().copied()).collect();
    for op in constants {
        let copy = inside.value((*op).clone())?;
        if let Ok(v) = op.result(0) {
            inner.insert(key(v.into()), copy);
        }
    }
    let part = part_of_range(&inside, given[0], given[1], (start, inner[&key(start)]), (step, inner[&key(step)]), cfg, l)?;
    let iterator = Ty::Iterator(Box::new(Ty::Range(numbra_abi::DType::Int64)).into()).to_mlir(context);
    let iterator = inside.value(ods::iter(context, iterator, part, loc))?;
    let mut own = vec![];
    for ((array, value), copies) in arrays.iter().zip(&updated).zip(&copies) {
        own.push(merge::own_copy(&inside, array, inner[&key(*copies)], given[2], inner[&key(*value)])?);
    }
    for (array, own) in arrays.iter().zip(&own) {
        if let Place::Captured(v) = array.place {
            inner.insert(key(v), *own);
        }
        for op in &array.swapped {
            if let (Ok(a), Ok(b)) = (op.operand(0), op.operand(1)) {
                set_operand(*op, 0, b);
                set_operand(*op, 1, a);
            }
        }
    }
    let mut first = vec![];
    for (i, c) in carried.iter().enumerate() {
        first.push(match c {
            Carried::Reduction(Reduction::Binary(_, n)) => inside.neutral(*n, types[i].0)?,
            Carried::Array => match arrays.iter().position(|a| a.place == Place::Carried(i)) {
                Some(at) => own[at],
                None => return Err(fail("array without a copy")),
            },
            _ => inner[&key(unset[i].unwrap_or(before[i]))],
        });
    }
    for (i, unset) in unset.iter().enumerate() {
        let Some(unset) = unset else { continue };
        for latch in cfg.blocks[l.header].preds.iter().filter(|p| l.blocks.contains(p)) {
            let Some(branch) = cfg.blocks[*latch].ops.last() else { continue };
            for at in places(*branch, header, i) {
                set_operand(*branch, at, inner[&key(*unset)]);
            }
        }
    }
    entry.append_operation(cf::br(&header, &first, loc));
    for op in l.ops(cfg) {
        for (i, v) in op.operands().collect::<Vec<_>>().into_iter().enumerate() {
            if let Some(new) = inner.get(&key(v)).filter(|_| l.is_outside(cfg, v)) {
                set_operand(op, i, *new);
            }
        }
    }
    let old_iterator = l.next.operand(0).ok().and_then(|v| cfg.op(v)).map(|o| o.1);
    set_operand(l.next, 0, iterator);
    for b in &l.blocks {
        move_block(cfg.blocks[*b].block, &body);
    }
    let end: BlockRef<'c, 'a> = body.append_block(Block::new(&[]));
    let branch = cfg.blocks[l.header].ops.last().copied().ok_or_else(|| fail("loop header without a branch"))?;
    let condition = branch.operand(0).map_err(|e| fail(&e.to_string()))?;
    if let Some((yes, values)) = cfg::edges(branch).first() {
        header.append_operation(cf::cond_br(context, condition, yes, &end, values, &[], loc));
    }
    erase(branch);
    let last = At { context, block: end, loc };
    let found = last.tuple(&result_index.iter().map(|i| variables[*i]).collect::<Vec<_>>(), result)?;
    end.append_operation(ods::r#return(context, found, loc).into());

    // The call, and the way on.
    let operands: Vec<Value> = [n, parts].into_iter().chain(result_index.iter().map(|i| before[*i])).chain(captured.iter().copied()).collect();
    let mut call: Operation = ods::builtin(context, result, &operands, StringAttribute::new(context, PARALLEL_FOR), loc).into();
    call.set_attribute("callee", FlatSymbolRefAttribute::new(context, &callee).into());
    if !result_index.is_empty() {
        call.set_attribute("combine", FlatSymbolRefAttribute::new(context, &combine).into());
    }
    let found = outside.value(call)?;
    let mut functions = vec![];
    for (k, ((array, value), copies)) in arrays.iter().zip(&updated).zip(&copies).enumerate() {
        functions.push(merge::merge(&outside, function, array, *value, *copies, &format!("{symbol}.merge.{number}.{k}"))?);
    }
    let mut after = before.clone();
    for (k, i) in result_index.iter().enumerate() {
        let at = outside.int(k as i64)?;
        after[*i] = outside.value(ods::getitem(context, types[*i].0, found, at, loc))?;
    }
    let after: HashMap<usize, Value> = variables.iter().map(|v| key(*v)).zip(after).collect();
    let values: Vec<Value> = l.exit.1.iter().map(|v| after.get(&key(*v)).copied().unwrap_or(*v)).collect();
    launch.append_operation(cf::br(&l.exit.0, &values, loc));
    for (b, node) in cfg.blocks.iter().enumerate().filter(|(b, _)| !l.blocks.contains(b)) {
        for op in &node.ops {
            for (i, v) in op.operands().collect::<Vec<_>>().into_iter().enumerate() {
                if let Some(new) = after.get(&key(v)) {
                    set_operand(*op, i, *new);
                }
            }
        }
        debug_assert!(b != l.header);
    }
    if let Some(op) = old_iterator {
        erase(op);
    }

    let module = function.block().ok_or_else(|| fail("function outside of a module"))?;
    for merging in functions {
        module.append_operation(merging);
    }
    module.append_operation(outlined(context, function, &callee, &parameters, result, body, loc));
    if !result_index.is_empty() {
        let both: Vec<Type> = result_index.iter().chain(&result_index).map(|i| types[*i].0).collect();
        let kinds: Vec<Carried> = result_index.iter().map(|i| carried[*i]).collect();
        let body = combination(context, &both, &kinds, result, loc)?;
        module.append_operation(outlined(context, function, &combine, &both, result, body, loc));
    }
    Ok(())
}

// `range(start + first * step, the element behind the last, step)`, without overflow: the end is one further than the last element.
fn part_of_range<'c: 'a, 'a>(
    at: &At<'c, 'a>, first: Value<'c, 'a>, end: Value<'c, 'a>, start: (Value<'c, 'a>, Value<'c, 'a>), step: (Value<'c, 'a>, Value<'c, 'a>), cfg: &Cfg<'c, 'a>, l: &ParallelLoop<'c, 'a>,
) -> Res<Value<'c, 'a>> {
    let range = l.range.result(0).map(|r| Value::from(r).r#type()).map_err(|e| Box::new(internal(l.range, &e.to_string())))?;
    let unit = const_int(cfg, step.0) == Some(1);
    if unit && const_int(cfg, start.0) == Some(0) {
        return at.builtin("range", &[first, end, step.1], range);
    }
    let element = |at: &At<'c, 'a>, n: Value<'c, 'a>| -> Res<Value<'c, 'a>> {
        let offset = if unit { n } else { at.binary(BinaryKind::Mul, n, step.1)? };
        at.binary(BinaryKind::Add, start.1, offset)
    };
    let from = element(at, first)?;
    let one = at.int(1)?;
    let before_end = at.binary(BinaryKind::Sub, end, one)?;
    let last = element(at, before_end)?;
    let sign = if unit { one } else { at.builtin("numpy.sign", &[step.1], step.1.r#type())? };
    let to = at.binary(BinaryKind::Add, last, sign)?;
    at.builtin("range", &[from, to, step.1], range)
}

// What was found before and what a part has found, put together.
fn combination<'c>(context: &'c Context, both: &[Type<'c>], kinds: &[Carried], result: Type<'c>, loc: Location<'c>) -> Res<Region<'c>> {
    let region = Region::new();
    {
        let block = region.append_block(Block::new(&both.iter().map(|t| (*t, loc)).collect::<Vec<_>>()));
        let at = At { context, block, loc };
        let given: Vec<Value> = arguments(block);
        let (before, part) = given.split_at(kinds.len());
        let mut values = vec![];
        for ((kind, a), b) in kinds.iter().zip(before).zip(part) {
            values.push(match kind {
                Carried::Reduction(reduction) => merge::combined(&at, *reduction, *a, *b)?,
                _ => *b,
            });
        }
        let all = at.tuple(&values, result)?;
        block.append_operation(ods::r#return(context, all, loc).into());
    }
    Ok(region)
}

// A private function with an entry, with the options of the one that it comes from.
fn outlined<'c>(context: &'c Context, from: OperationRef<'c, '_>, symbol: &str, parameters: &[Type<'c>], result: Type<'c>, body: Region<'c>, loc: Location<'c>) -> Operation<'c> {
    let mut op = derived(context, from, symbol, parameters, result, body, loc);
    op.set_attribute("py.entry", Attribute::unit(context));
    op
}
