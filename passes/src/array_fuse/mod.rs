//! `array-fuse`: array expressions become one pass over memory. A map whose elements only one other op on elements uses becomes part of that: its function is called for the element
//! where that is needed, and its array is never made. What it becomes part of is another map, a reduction, a scan, or the writing of elements to an array.
//!
//! ```text
//! %t = py.builtin "array.map"(%a, %b) {callee = @f}            py.func @fused(x, y): return py.invoke @f(x, y)
//! %r = py.builtin "array.reduce"(%t) {kind = "sum"}       ->   %r = py.builtin "array.reduce"(%a, %b) {callee = @fused, kind = "sum"}
//!
//! %t = py.builtin "array.map"(%a, %b) {callee = @f}            %v = py.getitem %c[%slice]
//! py.setitem %c[%slice] = %t                              ->   py.builtin "array.map_into"(%v, %a, %b) {callee = @fused}
//! ```
//! A new array that an op writes to before its elements were looked at is made as that op leaves it (`initial`). A subscript for a single element calls the function for that one (`array.element`). A map that several such ops use becomes part of each where it costs less to compute its elements
//! again than to read them from an array that has to be made first.
//!
//! Legal where nothing between the two writes to memory: then no program can tell when elements were computed. Where something between them may raise, and the first too (its operands
//! may not broadcast), `array.check_shapes` is left in its place. Functions that may raise themselves become part of no subscript, and of nothing behind what may raise. Maps have functions of numbers by NumPy's rules, which do not raise but for integers to negative powers. Of an assignment that fails
//! both because operands do not broadcast and because its index is out of range, the second error is the one that is raised.
//! Where elements would be computed several times because their array is broadcast to a larger one, only cheap ones are. Requires the typed stage without reference counts.
mod assign;
mod block;
pub(crate) mod functions;
mod group;
mod initial;
pub mod legality;
mod scans;
mod shapes;

use crate::{
    cfg::Cfg, conversion::py_to_std::array::elementwise::{ARRAY_MAP, ARRAY_MAP_INTO}, array_inline::unfold, functions::{body_of, erase_unused, functions_of, path_of, symbol},
    outline_parallel::is_parallel, remarks,
};
use block::Block;
use functions::Functions;
use group::{Group, Root};
use melior::{Context, ir::{BlockLike, BlockRef, OperationRef, attribute::FlatSymbolRefAttribute, operation::OperationLike}};
use numbra_dialects::{
    py::PyOp,
    registry::{PassDescription, PassInstance},
    rewrite::{erase, set_attribute, set_operands, with_context},
};
use numbra_passes_api::walk;

/// `array-fuse`
pub const PASS: PassDescription = PassDescription {
    argument: "array-fuse",
    description: "Make maps whose elements only one other op uses part of that op",
    anchor: "builtin.module",
    options: &[],
    dialects: &[],
    run,
};

fn run(op: OperationRef, _: &PassInstance) -> bool {
    with_context(op, array_fuse);
    true
}

/// Runs the pass on every typed function of a module.
pub fn array_fuse<'c: 'a, 'a>(context: &'c Context, module: OperationRef<'c, 'a>) {
    let Some(body) = body_of(module) else { return };
    let all: Vec<_> = functions_of(module).collect();
    let mut functions = Functions::new(&all);
    let mut unfolded = false;
    for function in &all {
        let Some(entry) = body_of(*function) else { continue };
        let mut ops = walk::blocks_of(*function).flat_map(walk::operations);
        if !ops.any(|op| is_map(op) || path_of(op) == Some(ARRAY_MAP_INTO)) {
            continue;
        }
        unfolded |= unfold(*function, |name| functions.named(name));
        shapes::of_operands(context, &Cfg::new(entry));
        let cfg = Cfg::new(entry);
        let mut number = 0;
        for k in 0..cfg.blocks.len() {
            let mut block = Block::new(&cfg, k);
            // From the end, so that a map that becomes part of another op is not looked at before that.
            let mut at = block.ops.len();
            while at > 0 {
                at -= 1;
                let op = block.ops[at];
                if assign::is_needless(&cfg, &block.ops, op) {
                    erase(op);
                    block.refresh();
                    continue;
                }
                let Some(root) = Root::of(op) else { continue };
                let group = Group::around(&block, root, &mut functions);
                if group.maps.is_empty() {
                    continue;
                }
                let name = format!("{}.fused.{number}", symbol(*function).unwrap_or_default());
                let Some(fused) = group.function(context, *function, &name, &functions) else { continue };
                let next = block.ops.get(at + 1).copied();
                let location = op.location();
                for (map, arrays) in group.late() {
                    block.check_shapes(context, map, &arrays);
                }
                if !rewritten(context, &block, cfg.blocks[k].block, &group, FlatSymbolRefAttribute::new(context, &name)) {
                    block.refresh();
                    at = next.and_then(|op| block.position(op)).unwrap_or(block.ops.len()).saturating_sub(1);
                    continue;
                }
                number += 1;
                functions.add(body.append_operation(fused));
                if is_parallel(*function) {
                    remarks::add(context, module, remarks::Kind::Fused, location, &format!("one loop of {} array operations", group.maps.len() + 1));
                }
                for map in group.gone() {
                    erase(map);
                }
                block.refresh();
                at = next.and_then(|op| block.position(op)).unwrap_or(block.ops.len()).saturating_sub(1);
            }
            while let Some(group) = block.ops.iter().find_map(|op| initial::written_again(context, &block, *op, &mut functions)) {
                let name = format!("{}.fused.{number}", symbol(*function).unwrap_or_default());
                let Some(fused) = group.function(context, *function, &name, &functions) else { break };
                if !initial::replace(&block, cfg.blocks[k].block, &group, FlatSymbolRefAttribute::new(context, &name)) {
                    break;
                }
                number += 1;
                functions.add(body.append_operation(fused));
                block.refresh();
            }
            while let Some(windows) = block.ops.iter().find_map(|op| scans::around(&block, *function, *op, &mut functions)) {
                let location = windows.location();
                if windows.replace(context, &block, cfg.blocks[k].block).is_none() {
                    break;
                }
                if is_parallel(*function) {
                    remarks::add(context, module, remarks::Kind::Fused, location, "one loop with the running values before it");
                }
                block.refresh();
            }
        }
    }
    if unfolded {
        erase_unused(&functions_of(module).collect::<Vec<_>>(), |_| false);
    }
}

// The last op of a group with the function of all.
fn rewritten<'c: 'a, 'a>(context: &'c Context, block: &Block<'_, 'c, 'a>, place: BlockRef<'c, 'a>, group: &Group<'c, 'a>, callee: FlatSymbolRefAttribute<'c>) -> bool {
    let leaves = group.leaves();
    let op = group.root.op;
    if group.root.is_read() {
        return block.read_element(context, op, &leaves, callee);
    }
    if group.root.is_assignment() {
        let written = assign::write_into(context, place, op, &leaves, callee);
        if written {
            erase(op);
        }
        return written;
    }
    let operands: Vec<_> = op.operands().take(group.root.first).chain(leaves).collect();
    set_operands(op, &operands);
    set_attribute(op, "callee", callee.into());
    true
}

fn is_map(op: OperationRef) -> bool {
    PyOp::of(&op) == PyOp::Builtin && path_of(op) == Some(ARRAY_MAP)
}
