//! Maps that become part of one op, and the function of elements that does what all do.
use super::{
    assign::view_rank,
    block::Block,
    functions::{Cost, Functions},
    is_map,
    legality::{Between, between, broadcasts, is_array, is_element, rank},
};
use crate::{
    cfg::{key, op_key}, conversion::py_to_std::array::elementwise::{ARRAY_COMPRESS, ARRAY_MAP, ARRAY_MAP_INTO, ARRAY_POSITIONS, ARRAY_REDUCE, ARRAY_SCAN},
    functions::{callee, derived, path_of},
};
use melior::{
    Context,
    ir::{
        BlockLike, BlockRef, Operation, OperationRef, Region, RegionLike, Type, Value, ValueLike,
        attribute::StringAttribute,
        operation::{OperationLike, OperationMutLike},
    },
};
use numbra_dialects::py::{PyOp, Ty, ods::py as ods};
use std::collections::{HashMap, HashSet};

/// So many maps become one function at most: longer ones run out of registers.
const MOST: usize = 64;
/// So many calls of long functions, such as `exp`, become one function at most. With more the processor does not look ahead to the next elements while it waits for the results of
/// these: a tenth slower as long as arrays are in the cache.
const MOST_LONG: usize = 3;
/// So many maps are computed again at most for each op that uses their elements.
const MOST_COPIES: usize = 6;
/// So many arrays are read at most where several ops compute the elements of a map again, instead of its array that is written once and read by each.
const MOST_STREAMS: usize = 4;
/// So many ops that need a single element compute it again at most.
const MOST_READS: usize = 8;

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
            PyOp::GetItem if is_element(op) => (0, target(op)?),
            PyOp::Builtin => match path_of(op)? {
                ARRAY_MAP | ARRAY_REDUCE | ARRAY_SCAN | ARRAY_POSITIONS => (0, op.operands().map(rank).max()?),
                ARRAY_MAP_INTO | ARRAY_COMPRESS => (1, target(op)?),
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

    /// Whether it takes a single element.
    pub fn is_read(&self) -> bool {
        PyOp::of(&self.op) == PyOp::GetItem
    }

    /// Whether its function must not raise: single elements raise nothing that others would, and threads wait for each other where elements are chosen.
    pub fn must_not_raise(&self) -> bool {
        self.is_read() || matches!(path_of(self.op), Some(ARRAY_COMPRESS | ARRAY_POSITIONS))
    }

    fn operands(&self) -> impl Iterator<Item = Value<'c, 'a>> {
        self.op.operands().skip(self.first).take(if self.is_read() { 1 } else { usize::MAX })
    }

    /// Whether it only takes elements of an array of the rank that it goes over, and has no other use for it.
    pub fn takes_elements_of(&self, array: Value<'c, 'a>) -> bool {
        // What the op writes to, or finds its place with, is no element.
        self.rank == rank(array) && self.op.operands().take(self.first).all(|v| v != array)
    }
}

/// Maps and the op that they become part of.
pub struct Group<'c, 'a> {
    /// That op
    pub root: Root<'c, 'a>,
    /// The last one first, each before those whose elements it uses
    pub maps: Vec<OperationRef<'c, 'a>>,
    /// Those of them that others use too: they stay, and are computed again here
    copies: HashSet<usize>,
    /// Those that would raise later than another op than they did, if their operands did not broadcast
    late: Vec<OperationRef<'c, 'a>>,
    /// How many calls of long functions there are in all
    long: usize,
}

impl<'c: 'a, 'a> Group<'c, 'a> {
    /// An op and one map.
    pub fn of(root: Root<'c, 'a>, map: OperationRef<'c, 'a>) -> Self {
        Group { root, maps: vec![map], copies: HashSet::new(), late: vec![], long: 0 }
    }

    /// The op and all maps that can become part of it.
    pub fn around(block: &Block<'_, 'c, 'a>, root: Root<'c, 'a>, functions: &mut Functions<'c, 'a>) -> Self {
        let last = root.op;
        let long = functions.long_calls(last);
        let mut group = Group { root, maps: vec![], copies: HashSet::new(), late: vec![], long };
        let Some(end) = block.position(last) else { return group };
        // Upwards: what stands between a map and the last op has been looked at when the map is met.
        let mut may_raise = false;
        for op in block.ops[..end].iter().rev() {
            match between(*op, functions) {
                Between::Barrier => break,
                Between::Map if !(may_raise && functions.raises(*op)) && group.takes(block, *op, functions) => {
                    group.maps.push(*op);
                    group.long += functions.long_calls(*op);
                    // One that stays raises where it is.
                    if group.copies.contains(&op_key(*op)) {
                        may_raise |= broadcasts(*op);
                    } else if may_raise && broadcasts(*op) {
                        group.late.push(*op);
                    }
                }
                Between::Map => may_raise |= broadcasts(*op) || functions.raises(*op),
                Between::Raises => may_raise = true,
                Between::Nothing => {}
            }
            if group.maps.len() == MOST {
                break;
            }
        }
        group
    }

    fn takes(&mut self, block: &Block<'_, 'c, 'a>, map: OperationRef<'c, 'a>, functions: &mut Functions<'c, 'a>) -> bool {
        let Ok(result) = map.result(0) else { return false };
        let result: Value = result.into();
        let users = block.users(result);
        let is_member = |op: &OperationRef<'c, 'a>| *op == self.root.op || self.maps.contains(op);
        if !users.iter().any(is_member) || !self.root.takes_elements_of(result) {
            return false;
        }
        let is_read = self.root.is_read();
        if self.root.must_not_raise() && functions.raises(map) {
            return false;
        }
        let long = functions.long_calls(map);
        if long > 0 && self.long + long > MOST_LONG && !is_read {
            return false;
        }
        // Other arrays than those that this map has may be larger, and then its elements are used several times.
        let own: HashSet<usize> = map.operands().filter(|v| is_array(*v)).map(key).collect();
        let others = users.iter().filter(|u| is_member(u)).flat_map(|u| u.operands()).filter(|v| is_array(*v) && *v != result && !own.contains(&key(*v))).count();
        if others > 0 && rank(result) > 1 && !is_read && functions.cost(map) > Cost::Cheap {
            return false;
        }
        if users.iter().all(|u| is_member(u) && !self.copies.contains(&op_key(*u))) {
            return true;
        }
        let copied = if is_read { Cost::High } else { Cost::Light };
        let again = (is_read || self.copies.len() < MOST_COPIES) && functions.cost(map) <= copied && is_taken_by_all(block, map, result, &users, functions);
        if again {
            self.copies.insert(op_key(map));
        }
        again
    }

    /// The maps that are gone when they are part of the op.
    pub fn gone(&self) -> impl Iterator<Item = OperationRef<'c, 'a>> {
        self.maps.iter().copied().filter(|m| !self.copies.contains(&op_key(*m)))
    }

    /// Maps of which it is to be checked where they stand that their operands broadcast, each with what the shapes of these come from.
    pub fn late(&self) -> impl Iterator<Item = (OperationRef<'c, 'a>, Vec<Value<'c, 'a>>)> {
        let made: HashMap<usize, OperationRef> = self.maps.iter().filter_map(|m| Some((key(m.result(0).ok()?.into()), *m))).collect();
        self.late.iter().map(move |map| {
            let (mut seen, mut found) = (HashSet::new(), vec![]);
            let mut queue: Vec<Value> = map.operands().collect();
            while let Some(v) = queue.pop() {
                match made.get(&key(v)) {
                    _ if !is_array(v) || !seen.insert(key(v)) => {}
                    Some(other) => queue.extend(other.operands()),
                    None => found.push(v),
                }
            }
            (*map, found)
        })
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
            let block: BlockRef = region.append_block(melior::ir::Block::new(&parameters.iter().map(|t| (*t, loc)).collect::<Vec<_>>()));
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

// Whether all that use the elements of a map can compute them again: nothing writes to memory before the last of them.
fn is_taken_by_all<'c: 'a, 'a>(block: &Block<'_, 'c, 'a>, map: OperationRef<'c, 'a>, result: Value<'c, 'a>, users: &[OperationRef<'c, 'a>], functions: &mut Functions<'c, 'a>) -> bool {
    let roots: Vec<Root> = users.iter().filter_map(|u| Root::of(*u)).collect();
    let arrays = map.operands().filter(|v| is_array(*v)).map(key).collect::<HashSet<_>>().len();
    let pays = if roots.iter().all(Root::is_read) { users.len() <= MOST_READS } else { users.len() * arrays <= MOST_STREAMS };
    let takes = roots.len() == users.len() && pays && roots.iter().all(|r| r.takes_elements_of(result));
    let (Some(first), Some(last)) = (block.position(map), users.iter().filter_map(|u| block.position(*u)).max()) else { return false };
    takes && block.ops.get(first..last).is_some_and(|ops| ops.iter().all(|op| !matches!(between(*op, functions), Between::Barrier)))
}

/// The type of an element of an array, or of what is none.
pub fn element<'c>(context: &'c Context, value: Value<'c, '_>) -> Option<Type<'c>> {
    Some(match Ty::from_mlir(value.r#type())? {
        Ty::Array(a) => Ty::Scalar(a.dtype).to_mlir(context),
        _ => value.r#type(),
    })
}
