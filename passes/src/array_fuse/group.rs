//! Maps that become part of one op, and the function of elements that does what all do.
use super::{
    assign::view_rank,
    functions::Functions,
    is_map,
    legality::{Between, between, broadcasts, is_array, rank},
};
use crate::{
    cfg::{Cfg, key, op_key},
    conversion::py_to_std::{elementwise::{ARRAY_MAP, ARRAY_MAP_INTO, ARRAY_REDUCE, ARRAY_SCAN}, loops::path_of},
    functions::{callee, derived},
};
use melior::{
    Context,
    ir::{
        Block, BlockLike, BlockRef, Operation, OperationRef, Region, RegionLike, Type, Value, ValueLike,
        attribute::StringAttribute,
        operation::{OperationLike, OperationMutLike},
    },
};
use numbra_dialects::py::{PyOp, Ty, ods::py as ods};
use std::collections::{HashMap, HashSet};

/// So many maps become one function at most: longer ones run out of registers.
const MOST: usize = 64;

/// The op that maps become part of.
pub struct Root<'c, 'a> {
    /// The op
    pub op: OperationRef<'c, 'a>,
    /// Its first operand whose elements it takes
    pub first: usize,
    // How many axes it goes over.
    rank: usize,
}

impl<'c: 'a, 'a> Root<'c, 'a> {
    /// An op that takes elements; nothing for all others.
    pub fn of(op: OperationRef<'c, 'a>) -> Option<Self> {
        let target = |op: OperationRef<'c, 'a>| op.operand(0).ok().map(rank);
        let (first, rank) = match PyOp::of(&op) {
            PyOp::SetItem => (2, view_rank(op)?),
            PyOp::Builtin => match path_of(op)? {
                ARRAY_MAP | ARRAY_REDUCE | ARRAY_SCAN => (0, op.operands().map(rank).max()?),
                ARRAY_MAP_INTO => (1, target(op)?),
                _ => return None,
            },
            _ => return None,
        };
        Some(Self { op, first, rank })
    }

    /// Whether it is an assignment to a part of an array.
    pub fn is_assignment(&self) -> bool {
        PyOp::of(&self.op) == PyOp::SetItem
    }

    fn operands(&self) -> impl Iterator<Item = Value<'c, 'a>> {
        self.op.operands().skip(self.first)
    }
}

/// Maps and the op that they become part of.
pub struct Group<'c, 'a> {
    /// That op
    pub root: Root<'c, 'a>,
    /// The last one first, each before those whose elements it uses
    pub maps: Vec<OperationRef<'c, 'a>>,
}

impl<'c: 'a, 'a> Group<'c, 'a> {
    /// The op and all maps that can become part of it. Ops that are gone are known by their addresses only.
    pub fn around(cfg: &Cfg<'c, 'a>, ops: &[OperationRef<'c, 'a>], root: Root<'c, 'a>, gone: &HashSet<usize>, functions: &mut Functions<'c, 'a>) -> Self {
        let last = root.op;
        let mut group = Group { root, maps: vec![] };
        let Some(end) = ops.iter().position(|op| *op == last) else { return group };
        // Upwards: what stands between a map and the last op has been looked at when the map is met.
        let mut may_raise = false;
        for op in ops[..end].iter().rev().filter(|op| !gone.contains(&op_key(**op))) {
            match between(*op, functions) {
                Between::Barrier => break,
                Between::Map if group.takes(cfg, *op, gone, functions) && !(may_raise && broadcasts(*op)) => group.maps.push(*op),
                Between::Map => may_raise |= broadcasts(*op),
                Between::Raises => may_raise = true,
                Between::Nothing => {}
            }
            if group.maps.len() == MOST {
                break;
            }
        }
        group
    }

    fn takes(&self, cfg: &Cfg<'c, 'a>, map: OperationRef<'c, 'a>, gone: &HashSet<usize>, functions: &mut Functions<'c, 'a>) -> bool {
        let Ok(result) = map.result(0) else { return false };
        let result: Value = result.into();
        let users: Vec<_> = cfg.uses(result).iter().flat_map(|b| &cfg.blocks[*b].ops).filter(|op| !gone.contains(&op_key(**op)) && op.operands().any(|v| v == result)).collect();
        let is_member = |op: &OperationRef<'c, 'a>| *op == self.root.op || self.maps.contains(op);
        if users.is_empty() || !users.iter().all(|u| is_member(u)) || rank(result) != self.root.rank {
            return false;
        }
        // What the last op writes to, or finds its place with, is no element.
        if self.root.op.operands().take(self.root.first).any(|v| v == result) {
            return false;
        }
        // Other arrays than those that this map has may be larger, and then its elements are used several times.
        let own: HashSet<usize> = map.operands().filter(|v| is_array(*v)).map(key).collect();
        let others = users.iter().flat_map(|u| u.operands()).filter(|v| is_array(*v) && *v != result && !own.contains(&key(*v))).count();
        others == 0 || rank(result) == 1 || functions.is_cheap(map)
    }

    /// What the function of all gets: what is used and none of the maps makes.
    pub fn leaves(&self) -> Vec<Value<'c, 'a>> {
        let made: HashSet<usize> = self.maps.iter().filter_map(|m| m.result(0).ok()).map(|r| key(r.into())).collect();
        let mut seen = HashSet::new();
        let operands = self.maps.iter().rev().flat_map(|m| m.operands()).chain(self.root.operands());
        operands.filter(|v| !made.contains(&key(*v)) && seen.insert(key(*v))).collect()
    }

    /// The function of elements that does what those of all do.
    pub fn function(&self, context: &'c Context, from: OperationRef<'c, 'a>, name: &str, functions: &Functions<'c, 'a>) -> Option<Operation<'c>> {
        let last = self.root.op;
        let loc = last.location();
        let leaves = self.leaves();
        let parameters: Vec<Type> = leaves.iter().map(|v| element(context, *v)).collect::<Option<_>>()?;
        let region = Region::new();
        let result;
        {
            let block: BlockRef = region.append_block(Block::new(&parameters.iter().map(|t| (*t, loc)).collect::<Vec<_>>()));
            let mut values: HashMap<usize, Value> = HashMap::new();
            for (i, leaf) in leaves.iter().enumerate() {
                values.insert(key(*leaf), block.argument(i).ok()?.into());
            }
            let arguments = |operands: &mut dyn Iterator<Item = Value<'c, 'a>>, values: &HashMap<usize, Value<'c, 'a>>| -> Option<Vec<Value<'c, 'a>>> {
                operands.map(|v| values.get(&key(v)).copied()).collect()
            };
            for map in self.maps.iter().rev() {
                let given = arguments(&mut map.operands(), &values)?;
                let made: Value = map.result(0).ok()?.into();
                let call = block.append_operation(ods::invoke(context, element(context, made)?, &given, callee(*map)?, map.location()).into());
                values.insert(key(made), call.result(0).ok()?.into());
            }
            let given = arguments(&mut self.root.operands(), &values)?;
            let value: Value = match callee(last) {
                // One map that nothing is added to keeps its function.
                Some(function) => {
                    let ty = if is_map(last) { element(context, last.result(0).ok()?.into())? } else { functions.result(function.value())? };
                    block.append_operation(ods::invoke(context, ty, &given, function, loc).into()).result(0).ok()?.into()
                }
                None => *given.first()?,
            };
            result = value.r#type();
            block.append_operation(ods::r#return(context, value, loc).into());
        }
        let mut op = derived(context, from, name, &parameters, result, region, loc);
        op.set_attribute("sym_visibility", StringAttribute::new(context, "private").into());
        Some(op)
    }
}

// The type of an element of an array, or of what is none.
fn element<'c>(context: &'c Context, value: Value<'c, '_>) -> Option<Type<'c>> {
    Some(match Ty::from_mlir(value.r#type())? {
        Ty::Array(a) => Ty::Scalar(a.dtype).to_mlir(context),
        _ => value.r#type(),
    })
}
