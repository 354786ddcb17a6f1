//! `array-inline`: calls of library functions that only arrange whole-array ops are replaced by those ops, so that maps on both sides of a call can become one.
//!
//! ```text
//! py.func private @numbra.lib...where(%c, %x, %y) {                    %r = py.builtin "array.map"(%c, %x, %y) {callee = @chosen}
//!   %r = py.builtin "array.map"(%c, %x, %y) {callee = @chosen}   ->
//!   py.return %r }
//! %r = py.invoke @numbra.lib...where(%c, %x, %y)
//! ```
//! Legal for bodies without branches, of ops that mean the same under the options of every function: subscripts that cannot raise, conversions, maps, calls. What they raise is told at
//! the call, as always for library functions. Functions whose text numbra writes, as that around the kernel of a ufunc, count as such. Calls of functions that have no effect and whose
//! results nobody uses are gone, and so are library functions that nothing calls any more. Functions are looked at after those that they call; one that calls itself stays, and so does
//! what `eqsat-rewrite` knows by its symbol. Requires the typed stage without reference counts.
use crate::{
    array_fuse::legality::is_slicing, conversion::py_to_std::array::elementwise::ARRAY_COMPRESS, eqsat_rewrite::{is_operator, is_operator_symbol},
    functions::{arguments, callee, erase_unused, functions_of, is_own, path_of, symbol},
};
use melior::ir::{BlockLike, BlockRef, OperationRef, RegionLike, Value, ValueLike, operation::{OperationLike, OperationMutLike}};
use numbra_dialects::{
    py::{PyOp, Ty},
    registry::{PassDescription, PassInstance},
    rewrite::{erase, set_operand},
};
use numbra_passes_api::walk;
use std::collections::{HashMap, HashSet};

/// `array-inline`
pub const PASS: PassDescription = PassDescription {
    argument: "array-inline",
    description: "Replace calls of library functions that arrange maps by their bodies",
    anchor: "builtin.module",
    options: &[],
    dialects: &[],
    run,
};

/// Longer bodies stay where they are: code that is written many times costs compile time.
const MOST: usize = 48;

fn run(op: OperationRef, _: &PassInstance) -> bool {
    array_inline(op);
    true
}

/// Runs the pass on every typed function of a module.
pub fn array_inline<'c: 'a, 'a>(module: OperationRef<'c, 'a>) {
    let functions: Vec<_> = functions_of(module).collect();
    if !functions.iter().any(|f| has_array_op(*f) || walk::blocks_of(*f).flat_map(walk::operations).any(is_operator)) {
        return;
    }
    let mut inliner = Inliner { functions: functions.iter().filter_map(|f| Some((symbol(*f)?, *f))).collect(), known: HashMap::new(), changed: false };
    for function in &functions {
        if let Some(name) = symbol(*function) {
            inliner.visit(name, *function);
        }
    }
    if inliner.changed {
        // What `eqsat-rewrite` may make calls of stays for it.
        erase_unused(&functions, is_operator_symbol);
    }
}

/// Replaces calls of library functions that are nothing but a choice of elements, and that `eqsat-rewrite` knew by their symbols: it is over, and masks can become part of the op. Whether there
/// were some.
pub fn unfold<'c: 'a, 'a>(function: OperationRef<'c, 'a>, named: impl Fn(&str) -> Option<OperationRef<'c, 'a>>) -> bool {
    let calls: Vec<_> = walk::blocks_of(function).flat_map(walk::operations).filter(|op| is_operator(*op)).collect();
    let mut any = false;
    for call in calls {
        if let Some(body) = callee(call).and_then(|s| named(s.value())) && is_choice(body) && inline(function, call, body) {
            erase(call);
            any = true;
        }
    }
    any
}

// Whether a function's only op on arrays is one that chooses elements.
fn is_choice<'c: 'a, 'a>(body: OperationRef<'c, 'a>) -> bool {
    let Some(blocks) = chain(body) else { return false };
    let mut ops = blocks.into_iter().flat_map(walk::operations).filter(|op| !matches!(PyOp::of(op), PyOp::Constant | PyOp::Entity | PyOp::Br | PyOp::Return));
    ops.next().is_some_and(|op| path_of(op) == Some(ARRAY_COMPRESS)) && ops.next().is_none()
}

/// A function without branches.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Body {
    /// Something else
    Other,
    /// Its ops can stand where it is called
    Plain,
    /// And they have no effect
    Pure,
}

struct Inliner<'c, 'a> {
    functions: HashMap<&'c str, OperationRef<'c, 'a>>,
    known: HashMap<&'c str, Body>,
    changed: bool,
}

impl<'c: 'a, 'a> Inliner<'c, 'a> {
    fn visit(&mut self, name: &'c str, function: OperationRef<'c, 'a>) -> Body {
        if let Some(known) = self.known.get(name) {
            return *known;
        }
        // What is found here while the function is looked at calls itself.
        self.known.insert(name, Body::Other);
        self.calls(function, takes_arrays);
        // Calls for numbers are in the way of maps only.
        if has_array_op(function) {
            self.calls(function, |_| true);
        }
        let kind = self.kind(function);
        self.known.insert(name, kind);
        kind
    }

    // Replaces the calls that are chosen.
    fn calls(&mut self, function: OperationRef<'c, 'a>, chosen: impl Fn(OperationRef<'c, 'a>) -> bool) {
        let ops: Vec<_> = walk::blocks_of(function).flat_map(walk::operations).filter(|op| PyOp::of(op) == PyOp::Invoke).collect();
        for op in ops {
            let Some(target) = callee(op).map(|s| s.value()) else { continue };
            let Some(body) = self.functions.get(target).copied() else { continue };
            let gone = match self.visit(target, body) {
                Body::Pure if !is_used(function, op) => true,
                Body::Plain | Body::Pure => is_own(body) && !is_operator(op) && chosen(op) && inline(function, op, body),
                Body::Other => false,
            };
            if gone {
                self.changed = true;
                erase(op);
            }
        }
    }

    fn kind(&self, function: OperationRef<'c, 'a>) -> Body {
        let Some(blocks) = chain(function) else { return Body::Other };
        let mut kind = Body::Pure;
        let mut count = 0;
        for op in blocks.into_iter().flat_map(walk::operations) {
            count += 1;
            kind = match PyOp::of(&op) {
                PyOp::Constant | PyOp::Entity | PyOp::FunctionRef | PyOp::Ellipsis | PyOp::Tuple | PyOp::Slice | PyOp::GetAttr | PyOp::Br | PyOp::Return => kind,
                PyOp::GetItem if is_slicing(op) || is_part(op) => kind,
                PyOp::Invoke if callee(op).and_then(|s| self.known.get(s.value())) == Some(&Body::Pure) => kind,
                PyOp::Cast | PyOp::Invoke => Body::Plain,
                PyOp::Builtin if path_of(op).is_some_and(|p| is_array_op(p) || p == "len") => Body::Plain,
                _ => return Body::Other,
            };
        }
        if count > MOST { Body::Other } else { kind }
    }
}

// The blocks of a function that goes through each of them once.
fn chain<'c: 'a, 'a>(function: OperationRef<'c, 'a>) -> Option<Vec<BlockRef<'c, 'a>>> {
    let mut blocks = vec![function.region(0).ok()?.first_block()?];
    loop {
        let last = *blocks.last()?;
        let end = last.terminator()?;
        match PyOp::of(&end) {
            PyOp::Return => return Some(blocks),
            PyOp::Br => {
                let next = end.successor(0).ok()?;
                if blocks.contains(&next) {
                    return None;
                }
                blocks.push(next);
            }
            _ => return None,
        }
    }
}

// An op on whole arrays.
fn is_array_op(path: &str) -> bool {
    path.starts_with("array.")
}

// A part of a tuple or struct.
fn is_part(op: OperationRef) -> bool {
    matches!(op.operand(0).ok().and_then(|v| Ty::from_mlir(v.r#type())), Some(Ty::Tuple(_) | Ty::Struct(_)))
}

fn has_array_op<'c: 'a, 'a>(function: OperationRef<'c, 'a>) -> bool {
    walk::blocks_of(function).flat_map(walk::operations).any(|op| PyOp::of(&op) == PyOp::Builtin && path_of(op).is_some_and(is_array_op))
}

fn takes_arrays(op: OperationRef) -> bool {
    op.operands().any(|v| matches!(Ty::from_mlir(v.r#type()), Some(Ty::Array(_))))
}

fn is_used<'c: 'a, 'a>(function: OperationRef<'c, 'a>, op: OperationRef<'c, 'a>) -> bool {
    let results: HashSet<usize> = op.results().map(|r| Value::from(r).to_raw().ptr as usize).collect();
    walk::blocks_of(function).flat_map(walk::operations).any(|user| user.operands().any(|v| results.contains(&(v.to_raw().ptr as usize))))
}

// Writes the body of a function in front of its call, and gives the call's users what the body returns. The call itself remains.
fn inline<'c: 'a, 'a>(function: OperationRef<'c, 'a>, call: OperationRef<'c, 'a>, body: OperationRef<'c, 'a>) -> bool {
    let (Some(blocks), Some(at)) = (chain(body), call.block()) else { return false };
    let id = |v: Value<'c, 'a>| v.to_raw().ptr as usize;
    let mut values: HashMap<usize, Value<'c, 'a>> = HashMap::new();
    let parameters: Vec<Value> = arguments(blocks[0]);
    values.extend(parameters.iter().map(|p| id(*p)).zip(call.operands()));
    let mut returned = None;
    for op in blocks.iter().copied().flat_map(walk::operations) {
        let operands: Vec<Value> = op.operands().map(|v| values.get(&id(v)).copied().unwrap_or(v)).collect();
        match PyOp::of(&op) {
            PyOp::Br => {
                let Ok(next) = op.successor(0) else { return false };
                let parameters: Vec<Value> = arguments(next);
                values.extend(parameters.iter().map(|p| id(*p)).zip(operands));
            }
            PyOp::Return => returned = operands.first().copied(),
            _ => {
                let mut copy = (*op).clone();
                copy.set_location(call.location());
                let copy = at.insert_operation_before(call, copy);
                for (i, value) in operands.into_iter().enumerate() {
                    set_operand(copy, i, value);
                }
                values.extend(op.results().zip(copy.results()).map(|(old, new)| (id(old.into()), new.into())));
            }
        }
    }
    let (Some(returned), Ok(result)) = (returned, call.result(0)) else { return false };
    let result = id(result.into());
    for user in walk::blocks_of(function).flat_map(walk::operations) {
        for (i, value) in user.operands().enumerate().collect::<Vec<_>>() {
            if id(value) == result {
                set_operand(user, i, returned);
            }
        }
    }
    true
}
