//! Moves the blocks of a loop to a function and puts its call in their place.
use super::{PARALLEL_FOR, Res, arrays::{ArrayReduction, Place}, at::At, carried::{Carried, Reduction}, dependences::Memory, merge, region::ParallelLoop};
use crate::{cfg::{self, Cfg, key}, conversion::py_to_std::internal, functions::{arguments, derived, symbol}, numbers::const_int};
use melior::{
    Context,
    dialect::cf,
    ir::{
        Attribute, Block, BlockLike, BlockRef, Location, Operation, OperationRef, Region, RegionLike, Type, Value, ValueLike,
        attribute::{FlatSymbolRefAttribute, StringAttribute},
        operation::{OperationLike, OperationMutLike},
    },
};
use numbra_dialects::{Diagnostic, py::{BinaryKind, PyOp, Ty, ods::py as ods}, rewrite::{erase, move_block, set_operand, set_successor}};
use std::collections::{HashMap, HashSet};

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

/// A loop on its way to a function of its own.
struct Outline<'c, 'a, 'l> {
    context: &'c Context,
    cfg: &'l Cfg<'c, 'a>,
    l: &'l ParallelLoop<'c, 'a>,
    carried: &'l [Carried],
    arrays: &'l [ArrayReduction<'c, 'a>],
    header: BlockRef<'c, 'a>,
    loc: Location<'c>,
    /// Variables of the loop: the arguments of its header
    variables: Vec<Value<'c, 'a>>,
    types: Vec<Type<'c>>,
    /// The constants that private variables are at the start of each iteration
    unset: Vec<Option<Value<'c, 'a>>>,
    /// Which variables the function returns, as a tuple
    results: Vec<usize>,
    result: Type<'c>,
}

/// What the body needs from outside, in the order in which it is met.
#[derive(Default)]
struct Needs<'c, 'a> {
    captured: Vec<Value<'c, 'a>>,
    constants: Vec<OperationRef<'c, 'a>>,
    seen: HashSet<usize>,
}

impl<'c: 'a, 'a> Needs<'c, 'a> {
    fn add(&mut self, cfg: &Cfg<'c, 'a>, v: Value<'c, 'a>) {
        if self.seen.insert(key(v)) {
            match is_constant(cfg, v) {
                Some(op) => self.constants.push(op),
                None => self.captured.push(v),
            }
        }
    }
}

/// An array of which each part of the iterations has a copy.
struct Copied<'c, 'a, 'l> {
    array: &'l ArrayReduction<'c, 'a>,
    /// The array before the loop
    value: Value<'c, 'a>,
    /// All copies, as one array
    copies: Value<'c, 'a>,
}

/// Makes the functions of a loop and calls them.
pub fn outline<'c: 'a, 'a>(
    context: &'c Context, function: OperationRef<'c, 'a>, cfg: &Cfg<'c, 'a>, l: &ParallelLoop<'c, 'a>, carried: &[Carried], memory: &Memory<'c, 'a>, number: usize,
) -> Res<()> {
    let o = Outline::new(context, cfg, l, carried, &memory.arrays);
    let module = function.block().ok_or_else(|| o.fail("function outside of a module"))?;
    let symbol = symbol(function).unwrap_or_default();
    let (callee, combine) = (format!("{symbol}.prange.{number}"), format!("{symbol}.combine.{number}"));

    let outside = At { context, block: o.launch()?, loc: o.loc };
    let before: Vec<Value> = arguments(outside.block);
    let mut needs = o.needs(&before)?;
    let range: Value = l.range.result(0).map_err(|e| o.fail(&e.to_string()))?.into();
    let n = outside.builtin("len", &[range], Ty::INT.to_mlir(context))?;
    let apart = if memory.conditions.is_empty() { None } else { Some(memory.conditions.hold(&outside, cfg, l, &memory.symbols, n)?) };
    let (parts, copied) = o.copies(&outside, n, apart, &before, &mut needs)?;

    let parameters: Vec<Type> = [Ty::INT.to_mlir(context); 3].into_iter().chain(needs.captured.iter().map(|v| v.r#type())).collect();
    let old_iterator = l.next.operand(0).ok().and_then(|v| cfg.op(v)).map(|o| o.1);
    let body = o.body(&parameters, &needs, &before, &copied)?;

    // The call, what has to be done with its result, and the way on.
    let operands: Vec<Value> = [n, parts].into_iter().chain(o.results.iter().map(|i| before[*i])).chain(needs.captured.iter().copied()).collect();
    let mut call: Operation = ods::builtin(context, o.result, &operands, StringAttribute::new(context, PARALLEL_FOR), o.loc).into();
    call.set_attribute("callee", FlatSymbolRefAttribute::new(context, &callee).into());
    if !o.results.is_empty() {
        call.set_attribute("combine", FlatSymbolRefAttribute::new(context, &combine).into());
    }
    let found = outside.value(call)?;
    for (k, c) in copied.iter().enumerate() {
        module.append_operation(merge::merge(&outside, function, c.array, c.value, c.copies, &format!("{symbol}.merge.{number}.{k}"))?);
    }
    o.go_on(&outside, before, found)?;
    if let Some(op) = old_iterator {
        erase(op);
    }

    module.append_operation(outlined(context, function, &callee, &parameters, o.result, body, o.loc));
    if !o.results.is_empty() {
        let both: Vec<Type> = o.results.iter().chain(&o.results).map(|i| o.types[*i]).collect();
        let kinds: Vec<Carried> = o.results.iter().map(|i| carried[*i]).collect();
        let body = combination(context, &both, &kinds, o.result, o.loc)?;
        module.append_operation(outlined(context, function, &combine, &both, o.result, body, o.loc));
    }
    Ok(())
}

impl<'c: 'a, 'a, 'l> Outline<'c, 'a, 'l> {
    fn new(context: &'c Context, cfg: &'l Cfg<'c, 'a>, l: &'l ParallelLoop<'c, 'a>, carried: &'l [Carried], arrays: &'l [ArrayReduction<'c, 'a>]) -> Self {
        let header = cfg.blocks[l.header].block;
        let variables: Vec<Value> = arguments(header);
        let types: Vec<Type> = variables.iter().map(|v| v.r#type()).collect();
        let outside = cfg.blocks[l.header].preds.iter().find(|p| !l.blocks.contains(p));
        let unset = carried.iter().enumerate().map(|(i, c)| {
            (*c == Carried::Private).then_some(()).and(outside).and_then(|p| cfg.passed(*p, l.header, i).first().copied())
        }).collect();
        let results: Vec<usize> = (0..carried.len()).filter(|i| !matches!(carried[*i], Carried::Invariant | Carried::Private | Carried::Array)).collect();
        let parts: Vec<Ty> = results.iter().filter_map(|i| Ty::from_mlir(types[*i])).collect();
        let result = if parts.is_empty() { Ty::None } else { Ty::tuple(parts) }.to_mlir(context);
        Outline { context, cfg, l, carried, arrays, header, loc: l.next.location(), variables, types, unset, results, result }
    }

    fn fail(&self, message: &str) -> Box<Diagnostic> {
        internal(self.l.next, message).into()
    }

    // What the loop is entered through now: a block whose arguments are the variables' values before the loop.
    fn launch(&self) -> Res<BlockRef<'c, 'a>> {
        let region = self.header.parent_region().ok_or_else(|| self.fail("loop outside of a function"))?;
        let launch = region.insert_block_before(self.header, Block::new(&located(&self.types, self.loc)));
        for p in self.cfg.blocks[self.l.header].preds.iter().filter(|p| !self.l.blocks.contains(p)) {
            let Some(branch) = self.cfg.blocks[*p].ops.last() else { continue };
            for (i, _) in branch.successors().enumerate().filter(|(_, s)| *s == self.header) {
                set_successor(*branch, i, launch);
            }
        }
        Ok(launch)
    }

    fn bounds(&self) -> Res<(Value<'c, 'a>, Value<'c, 'a>)> {
        let operand = |i: usize| self.l.range.operand(i).map_err(|e| self.fail(&e.to_string()));
        Ok((operand(0)?, operand(2)?))
    }

    fn needs(&self, before: &[Value<'c, 'a>]) -> Res<Needs<'c, 'a>> {
        let mut needs = Needs::default();
        let (start, step) = self.bounds()?;
        needs.add(self.cfg, start);
        needs.add(self.cfg, step);
        for ((v, c), unset) in before.iter().zip(self.carried).zip(&self.unset) {
            match (c, unset) {
                (Carried::Private, Some(unset)) => needs.add(self.cfg, *unset),
                (Carried::Reduction(Reduction::Binary(..)) | Carried::Array, _) => {}
                _ => needs.add(self.cfg, *v),
            }
        }
        for op in self.l.ops(self.cfg).filter(|op| *op != self.l.next) {
            op.operands().filter(|v| self.l.is_outside(self.cfg, *v)).for_each(|v| needs.add(self.cfg, v));
        }
        Ok(needs)
    }

    // In how many parts the iterations run, and the arrays that each of them has a copy of.
    fn copies(&self, outside: &At<'c, 'a>, n: Value<'c, 'a>, apart: Option<Value<'c, 'a>>, before: &[Value<'c, 'a>], needs: &mut Needs<'c, 'a>) -> Res<(Value<'c, 'a>, Vec<Copied<'c, 'a, 'l>>)> {
        let updated: Vec<Value> = self.arrays.iter().map(|a| match a.place {
            Place::Captured(v) => v,
            Place::Carried(i) => before[i],
        }).collect();
        let mut parts = if self.arrays.is_empty() { outside.int(0)? } else { merge::parts(outside, n, &updated)? };
        if let Some(apart) = apart {
            // One part runs in order: `parts * apart + (1 - apart)`.
            let apart = outside.value(ods::cast(self.context, Ty::INT.to_mlir(self.context), apart, self.loc))?;
            let one = outside.int(1)?;
            let in_order = outside.binary(BinaryKind::Sub, one, apart)?;
            parts = outside.binary(BinaryKind::Add, outside.binary(BinaryKind::Mul, parts, apart)?, in_order)?;
        }
        let mut copied = vec![];
        for (array, value) in self.arrays.iter().zip(updated) {
            copied.push(Copied { array, value, copies: merge::copies(outside, array, value, parts)? });
            needs.add(self.cfg, value);
        }
        needs.captured.extend(copied.iter().map(|c| c.copies));
        Ok((parts, copied))
    }

    // The function's body: a loop over a part of the range, which takes the blocks of the loop.
    fn body(&self, parameters: &[Type<'c>], needs: &Needs<'c, 'a>, before: &[Value<'c, 'a>], copied: &[Copied<'c, 'a, 'l>]) -> Res<Region<'c>> {
        let (context, cfg, l) = (self.context, self.cfg, self.l);
        let body = Region::new();
        let entry: BlockRef<'c, 'a> = body.append_block(Block::new(&located(parameters, self.loc)));
        let inside = At { context, block: entry, loc: self.loc };
        let given: Vec<Value> = arguments(entry);
        // What stands inside for each value from outside.
        let mut inner: HashMap<usize, Value> = needs.captured.iter().map(|v| key(*v)).zip(given[3..].iter().copied()).collect();
        for op in &needs.constants {
            let copy = inside.value((**op).clone())?;
            if let Ok(v) = op.result(0) {
                inner.insert(key(v.into()), copy);
            }
        }
        let (start, step) = self.bounds()?;
        let part = part_of_range(&inside, given[0], given[1], (start, inner[&key(start)]), (step, inner[&key(step)]), cfg, l)?;
        let iterator = Ty::Iterator(Box::new(Ty::Range(numbra_abi::DType::Int64)).into()).to_mlir(context);
        let iterator = inside.value(ods::iter(context, iterator, part, self.loc))?;
        let first = self.first_values(&inside, given[2], before, copied, &mut inner)?;
        self.reset_private_variables(&inner);
        entry.append_operation(cf::br(&self.header, &first, self.loc));
        for op in l.ops(cfg) {
            for (i, v) in op.operands().collect::<Vec<_>>().into_iter().enumerate() {
                if let Some(new) = inner.get(&key(v)).filter(|_| l.is_outside(cfg, v)) {
                    set_operand(op, i, *new);
                }
            }
        }
        set_operand(l.next, 0, iterator);
        for b in &l.blocks {
            move_block(cfg.blocks[*b].block, &body);
        }
        self.leave(body.append_block(Block::new(&[])))?;
        Ok(body)
    }

    // The values with which a part of the iterations begins: neutral ones of reductions, its own copies of arrays.
    fn first_values(
        &self, inside: &At<'c, 'a>, number: Value<'c, 'a>, before: &[Value<'c, 'a>], copied: &[Copied<'c, 'a, 'l>], inner: &mut HashMap<usize, Value<'c, 'a>>,
    ) -> Res<Vec<Value<'c, 'a>>> {
        let mut own = vec![];
        for c in copied {
            own.push(merge::own_copy(inside, c.array, inner[&key(c.copies)], number, inner[&key(c.value)])?);
        }
        for (array, own) in self.arrays.iter().zip(&own) {
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
        for (i, c) in self.carried.iter().enumerate() {
            first.push(match c {
                Carried::Reduction(Reduction::Binary(_, n)) => inside.neutral(*n, self.types[i])?,
                Carried::Array => match self.arrays.iter().position(|a| a.place == Place::Carried(i)) {
                    Some(at) => own[at],
                    None => return Err(self.fail("array without a copy")),
                },
                _ => inner[&key(self.unset[i].unwrap_or(before[i]))],
            });
        }
        Ok(first)
    }

    // No iteration sees what another one has left in a private variable.
    fn reset_private_variables(&self, inner: &HashMap<usize, Value<'c, 'a>>) {
        for (i, unset) in self.unset.iter().enumerate() {
            let Some(unset) = unset else { continue };
            for latch in self.cfg.blocks[self.l.header].preds.iter().filter(|p| self.l.blocks.contains(p)) {
                let Some(branch) = self.cfg.blocks[*latch].ops.last() else { continue };
                for at in places(*branch, self.header, i) {
                    set_operand(*branch, at, inner[&key(*unset)]);
                }
            }
        }
    }

    // Ends the function where the loop has no further element.
    fn leave(&self, end: BlockRef<'c, 'a>) -> Res<()> {
        let branch = self.cfg.blocks[self.l.header].ops.last().copied().ok_or_else(|| self.fail("loop header without a branch"))?;
        let condition = branch.operand(0).map_err(|e| self.fail(&e.to_string()))?;
        if let Some((yes, values)) = cfg::edges(branch).first() {
            self.header.append_operation(cf::cond_br(self.context, condition, yes, &end, values, &[], self.loc));
        }
        erase(branch);
        let last = At { context: self.context, block: end, loc: self.loc };
        let found = last.tuple(&self.results.iter().map(|i| self.variables[*i]).collect::<Vec<_>>(), self.result)?;
        end.append_operation(ods::r#return(self.context, found, self.loc).into());
        Ok(())
    }

    // Goes on behind the loop, with what the call has found in the place of the loop's variables.
    fn go_on(&self, outside: &At<'c, 'a>, before: Vec<Value<'c, 'a>>, found: Value<'c, 'a>) -> Res<()> {
        let (cfg, l) = (self.cfg, self.l);
        let mut after = before;
        for (k, i) in self.results.iter().enumerate() {
            let at = outside.int(k as i64)?;
            after[*i] = outside.value(ods::getitem(self.context, self.types[*i], found, at, self.loc))?;
        }
        let after: HashMap<usize, Value> = self.variables.iter().map(|v| key(*v)).zip(after).collect();
        let values: Vec<Value> = l.exit.1.iter().map(|v| after.get(&key(*v)).copied().unwrap_or(*v)).collect();
        outside.block.append_operation(cf::br(&l.exit.0, &values, self.loc));
        for (_, node) in cfg.blocks.iter().enumerate().filter(|(b, _)| !l.blocks.contains(b)) {
            for op in &node.ops {
                for (i, v) in op.operands().collect::<Vec<_>>().into_iter().enumerate() {
                    if let Some(new) = after.get(&key(v)) {
                        set_operand(*op, i, *new);
                    }
                }
            }
        }
        Ok(())
    }
}

fn located<'c>(types: &[Type<'c>], loc: Location<'c>) -> Vec<(Type<'c>, Location<'c>)> {
    types.iter().map(|t| (*t, loc)).collect()
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
        let block = region.append_block(Block::new(&located(both, loc)));
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
