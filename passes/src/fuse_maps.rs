//! `py-fuse-maps`: array expressions become one pass over memory. A map whose elements only other maps use becomes part of these: its function is called for the element
//! where that is needed, and its array is never made.
//!
//! ```text
//! %t = py.builtin "array.map"(%a, %b) {callee = @f}        py.func @fused(x, y, z): %t = py.invoke @f(x, y); return py.invoke @g(%t, z)
//! %r = py.builtin "array.map"(%t, %c) {callee = @g}   ->   %r = py.builtin "array.map"(%a, %b, %c) {callee = @fused}
//! ```
//! Legal where nothing between the two writes to memory, and nothing that may raise stands between them if the first may (its operands may not broadcast): then no program
//! can tell when elements were computed. Maps have functions of numbers by NumPy's rules, which do not raise but for integers to negative powers.
//! Where elements would be computed several times because their array is broadcast to a larger one, only cheap ones are. Requires the typed stage without reference counts.
use crate::{
    cfg::{Cfg, key, op_key},
    conversion::py_to_std::{elementwise::ARRAY_MAP, loops::path_of},
    functions::{callee, derived, symbol},
};
use melior::{
    Context,
    ir::{
        Block, BlockLike, BlockRef, Operation, OperationRef, Region, RegionLike, Type, Value, ValueLike,
        attribute::{FlatSymbolRefAttribute, StringAttribute},
        operation::{OperationLike, OperationMutLike},
    },
};
use numbra_dialects::{
    py::{BinaryKind, PyOp, Ty, ods::py as ods},
    registry::{PassDescription, PassInstance},
    rewrite::{erase, set_attribute, set_operands, with_context},
};
use numbra_passes_api::walk;
use std::collections::{HashMap, HashSet};

/// `py-fuse-maps`
pub const PASS: PassDescription = PassDescription {
    argument: "py-fuse-maps",
    description: "Make one map of maps whose elements only other maps use",
    anchor: "builtin.module",
    options: &[],
    dialects: &[],
    run,
};

/// So many maps become one at most: longer functions of elements run out of registers.
const MOST: usize = 64;

fn run(op: OperationRef, _: &PassInstance) -> bool {
    with_context(op, |context, op| {
        fuse_maps(context, op);
        true
    })
}

/// Runs the pass on every typed function of a module.
pub fn fuse_maps<'c: 'a, 'a>(context: &'c Context, module: OperationRef<'c, 'a>) {
    let Some(body) = module.region(0).ok().and_then(|r| r.first_block()) else { return };
    let functions: Vec<_> = walk::operations(body).filter(|op| PyOp::of(op) == PyOp::Func).collect();
    let mut costs = Costs { functions: functions.iter().filter_map(|f| Some((symbol(*f)?, *f))).collect(), known: HashMap::new() };
    for function in &functions {
        let Some(entry) = function.region(0).ok().and_then(|r| r.first_block()) else { continue };
        if walk::blocks_of(*function).flat_map(walk::operations).filter(|op| is_map(*op)).nth(1).is_none() {
            continue;
        }
        let cfg = Cfg::new(entry);
        let mut number = 0;
        for node in &cfg.blocks {
            // From the end, so that a map that becomes part of another one is not looked at before that.
            let mut gone = HashSet::new();
            for op in node.ops.iter().rev() {
                if gone.contains(&op_key(*op)) || !is_map(*op) {
                    continue;
                }
                let group = Group::around(&cfg, node.ops.as_slice(), *op, &gone, &mut costs);
                if group.members.len() < 2 {
                    continue;
                }
                let name = format!("{}.fused.{number}", symbol(*function).unwrap_or_default());
                number += 1;
                if let Some(fused) = group.function(context, *function, &name) {
                    body.append_operation(fused);
                    set_operands(*op, &group.leaves());
                    set_attribute(*op, "callee", FlatSymbolRefAttribute::new(context, &name).into());
                    for member in group.members.iter().filter(|m| *m != op) {
                        gone.insert(op_key(*member));
                        erase(*member);
                    }
                }
            }
        }
    }
}

fn is_map(op: OperationRef) -> bool {
    PyOp::of(&op) == PyOp::Builtin && path_of(op) == Some(ARRAY_MAP)
}

fn is_array(value: Value) -> bool {
    matches!(Ty::from_mlir(value.r#type()), Some(Ty::Array(_)))
}

fn rank(value: Value) -> usize {
    Ty::from_mlir(value.r#type()).and_then(|t| t.array()).map_or(0, |a| a.rank)
}

/// Which functions of elements are so cheap that computing an element again costs less than storing it.
struct Costs<'c, 'a> {
    functions: HashMap<&'c str, OperationRef<'c, 'a>>,
    known: HashMap<&'c str, bool>,
}

impl<'c: 'a, 'a> Costs<'c, 'a> {
    fn is_cheap(&mut self, map: OperationRef<'c, 'a>) -> bool {
        callee(map).is_some_and(|s| self.function_is_cheap(s.value()))
    }

    fn function_is_cheap(&mut self, symbol: &'c str) -> bool {
        if let Some(known) = self.known.get(symbol) {
            return *known;
        }
        // A function that calls itself is not.
        self.known.insert(symbol, false);
        let Some(function) = self.functions.get(symbol).copied() else { return false };
        let cheap = walk::blocks_of(function).flat_map(walk::operations).all(|op| match PyOp::of(&op) {
            PyOp::Binary => op.attribute("kind").ok().and_then(BinaryKind::of).is_some_and(|k| !matches!(k, BinaryKind::Pow | BinaryKind::FloorDiv | BinaryKind::Mod)),
            PyOp::Invoke => callee(op).is_some_and(|s| self.function_is_cheap(s.value())),
            PyOp::Builtin => matches!(path_of(op), Some("abs" | "min" | "max" | "numpy.minimum" | "numpy.maximum" | "numpy.sign" | "math.sqrt" | "math.fabs")),
            PyOp::Raise | PyOp::Next | PyOp::Iter => false,
            _ => true,
        });
        self.known.insert(symbol, cheap);
        cheap
    }
}

/// Maps that become one.
struct Group<'c, 'a> {
    /// The last one first, each before those whose elements it uses
    members: Vec<OperationRef<'c, 'a>>,
}

impl<'c: 'a, 'a> Group<'c, 'a> {
    // The map and all that can become part of it. Ops that are gone are known by their addresses only.
    fn around(cfg: &Cfg<'c, 'a>, ops: &[OperationRef<'c, 'a>], last: OperationRef<'c, 'a>, gone: &HashSet<usize>, costs: &mut Costs<'c, 'a>) -> Self {
        let mut group = Group { members: vec![last] };
        let Some(end) = ops.iter().position(|op| *op == last) else { return group };
        // Upwards: what stands between a map and the last one has been looked at when the map is met.
        let mut may_raise = false;
        for op in ops[..end].iter().rev().filter(|op| !gone.contains(&op_key(**op))) {
            match between(*op) {
                Between::Barrier => break,
                Between::Map if group.takes(cfg, *op, gone, costs) && !(may_raise && broadcasts(*op)) => group.members.push(*op),
                Between::Map => may_raise |= broadcasts(*op),
                Between::Raises => may_raise = true,
                Between::Nothing => {}
            }
            if group.members.len() == MOST {
                break;
            }
        }
        group
    }

    fn takes(&self, cfg: &Cfg<'c, 'a>, map: OperationRef<'c, 'a>, gone: &HashSet<usize>, costs: &mut Costs<'c, 'a>) -> bool {
        let Ok(result) = map.result(0) else { return false };
        let result: Value = result.into();
        let users: Vec<_> = cfg.uses(result).iter().flat_map(|b| &cfg.blocks[*b].ops).filter(|op| !gone.contains(&op_key(**op)) && op.operands().any(|v| v == result)).collect();
        if users.is_empty() || !users.iter().all(|u| self.members.contains(u)) {
            return false;
        }
        let last = self.members[0];
        let Ok(whole) = last.result(0) else { return false };
        if rank(result) != rank(whole.into()) {
            return false;
        }
        // Other arrays than those that this map has may be larger, and then its elements are used several times.
        let own: HashSet<usize> = map.operands().filter(|v| is_array(*v)).map(key).collect();
        let others = users.iter().flat_map(|u| u.operands()).filter(|v| is_array(*v) && *v != result && !own.contains(&key(*v))).count();
        others == 0 || rank(result) == 1 || costs.is_cheap(map)
    }

    // What the maps use that none of them makes.
    fn leaves(&self) -> Vec<Value<'c, 'a>> {
        let made: HashSet<usize> = self.members.iter().filter_map(|m| m.result(0).ok()).map(|r| key(r.into())).collect();
        let mut seen = HashSet::new();
        let operands = self.members.iter().rev().flat_map(|m| m.operands());
        operands.filter(|v| !made.contains(&key(*v)) && seen.insert(key(*v))).collect()
    }

    // The function of elements that does what those of all maps do.
    fn function(&self, context: &'c Context, from: OperationRef<'c, 'a>, name: &str) -> Option<Operation<'c>> {
        let last = self.members.first()?;
        let loc = last.location();
        let leaves = self.leaves();
        let parameters: Vec<Type> = leaves.iter().map(|v| element(context, *v)).collect::<Option<_>>()?;
        let result = element(context, last.result(0).ok()?.into())?;
        let region = Region::new();
        {
            let block: BlockRef = region.append_block(Block::new(&parameters.iter().map(|t| (*t, loc)).collect::<Vec<_>>()));
            let mut values: HashMap<usize, Value> = HashMap::new();
            for (i, leaf) in leaves.iter().enumerate() {
                values.insert(key(*leaf), block.argument(i).ok()?.into());
            }
            for map in self.members.iter().rev() {
                let arguments: Vec<Value> = map.operands().map(|v| values.get(&key(v)).copied()).collect::<Option<_>>()?;
                let made: Value = map.result(0).ok()?.into();
                let call = block.append_operation(ods::invoke(context, element(context, made)?, &arguments, callee(*map)?, map.location()).into());
                values.insert(key(made), call.result(0).ok()?.into());
            }
            let value = *values.get(&key(last.result(0).ok()?.into()))?;
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

/// What an op between two maps means for them.
enum Between {
    /// Another map
    Map,
    /// Nothing: it only computes
    Nothing,
    /// It may raise, but changes nothing
    Raises,
    /// It may change memory, or be seen in another way
    Barrier,
}

fn between(op: OperationRef) -> Between {
    match PyOp::of(&op) {
        PyOp::Constant | PyOp::Entity | PyOp::FunctionRef | PyOp::Ellipsis | PyOp::Tuple | PyOp::Slice | PyOp::GetAttr | PyOp::Compare | PyOp::Unary | PyOp::Truth | PyOp::Closure => Between::Nothing,
        PyOp::Builtin => match path_of(op) {
            Some(ARRAY_MAP) => Between::Map,
            Some("len" | "array.view" | "array.address" | "abs") => Between::Nothing,
            Some(path) if path.starts_with("math.") => Between::Nothing,
            _ => Between::Barrier,
        },
        PyOp::GetItem if is_slicing(op) => Between::Nothing,
        PyOp::Binary | PyOp::GetItem | PyOp::Cast | PyOp::CheckBound => Between::Raises,
        _ => Between::Barrier,
    }
}

// Whether a subscript has only slices without a step, `None` and `...`, which fit every array of the rank.
fn is_slicing(op: OperationRef) -> bool {
    let Some(Ty::Array(_)) = op.operand(0).ok().and_then(|v| Ty::from_mlir(v.r#type())) else { return false };
    let plain = |ty: &Ty| match ty {
        Ty::Slice(parts) => parts[2] == Ty::None,
        Ty::None | Ty::Ellipsis => true,
        _ => false,
    };
    op.operand(1).ok().and_then(|v| Ty::from_mlir(v.r#type())).is_some_and(|index| match &index {
        Ty::Tuple(items) => items.iter().all(plain),
        other => plain(other),
    })
}

// Whether the operands of a map may not fit: there are two arrays.
fn broadcasts(map: OperationRef) -> bool {
    map.operands().filter(|v| is_array(*v)).map(key).collect::<HashSet<_>>().len() > 1
}
