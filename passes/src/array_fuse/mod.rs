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
//! Legal where nothing between the two writes to memory, and nothing that may raise stands between them if the first may (its operands may not broadcast): then no program
//! can tell when elements were computed. Maps have functions of numbers by NumPy's rules, which do not raise but for integers to negative powers. Of an assignment that fails
//! both because operands do not broadcast and because its index is out of range, the second error is the one that is raised.
//! Where elements would be computed several times because their array is broadcast to a larger one, only cheap ones are. Requires the typed stage without reference counts.
mod assign;
mod functions;
mod group;
pub mod legality;

use crate::{cfg::{Cfg, op_key}, conversion::py_to_std::{elementwise::{ARRAY_MAP, ARRAY_MAP_INTO}, loops::path_of}, functions::symbol, outline_parallel::is_parallel, remarks};
use functions::Functions;
use group::{Group, Root};
use melior::{Context, ir::{BlockLike, BlockRef, OperationRef, RegionLike, attribute::FlatSymbolRefAttribute, operation::OperationLike}};
use numbra_dialects::{
    py::PyOp,
    registry::{PassDescription, PassInstance},
    rewrite::{erase, set_attribute, set_operands, with_context},
};
use numbra_passes_api::walk;
use std::collections::HashSet;

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
    with_context(op, |context, op| {
        array_fuse(context, op);
        true
    })
}

/// Runs the pass on every typed function of a module.
pub fn array_fuse<'c: 'a, 'a>(context: &'c Context, module: OperationRef<'c, 'a>) {
    let Some(body) = module.region(0).ok().and_then(|r| r.first_block()) else { return };
    let all: Vec<_> = walk::operations(body).filter(|op| PyOp::of(op) == PyOp::Func).collect();
    let mut functions = Functions::new(&all);
    for function in &all {
        let Some(entry) = function.region(0).ok().and_then(|r| r.first_block()) else { continue };
        let mut ops = walk::blocks_of(*function).flat_map(walk::operations);
        if !ops.any(|op| is_map(op) || path_of(op) == Some(ARRAY_MAP_INTO)) {
            continue;
        }
        let cfg = Cfg::new(entry);
        let mut number = 0;
        for node in &cfg.blocks {
            // From the end, so that a map that becomes part of another op is not looked at before that.
            let mut gone = HashSet::new();
            for op in node.ops.iter().rev() {
                if gone.contains(&op_key(*op)) {
                    continue;
                }
                if assign::is_needless(&cfg, &node.ops, *op) {
                    gone.insert(op_key(*op));
                    erase(*op);
                    continue;
                }
                let Some(root) = Root::of(*op) else { continue };
                let group = Group::around(&cfg, node.ops.as_slice(), root, &gone, &mut functions);
                if group.maps.is_empty() {
                    continue;
                }
                let name = format!("{}.fused.{number}", symbol(*function).unwrap_or_default());
                let Some(fused) = group.function(context, *function, &name, &functions) else { continue };
                let callee = FlatSymbolRefAttribute::new(context, &name);
                if !rewritten(context, node.block, &group, callee) {
                    continue;
                }
                number += 1;
                body.append_operation(fused);
                if is_parallel(*function) {
                    remarks::add(context, module, remarks::Kind::Fused, group.root.op.location(), &format!("one loop with {} array operations before it", group.maps.len()));
                }
                if group.root.is_assignment() {
                    gone.insert(op_key(*op));
                    erase(*op);
                }
                for map in &group.maps {
                    gone.insert(op_key(*map));
                    erase(*map);
                }
            }
        }
    }
}

// The last op of a group with the function of all.
fn rewritten<'c: 'a, 'a>(context: &'c Context, block: BlockRef<'c, 'a>, group: &Group<'c, 'a>, callee: FlatSymbolRefAttribute<'c>) -> bool {
    let leaves = group.leaves();
    if group.root.is_assignment() {
        return assign::write_into(context, block, group.root.op, &leaves, callee);
    }
    let op = group.root.op;
    let operands: Vec<_> = op.operands().take(group.root.first).chain(leaves).collect();
    set_operands(op, &operands);
    set_attribute(op, "callee", callee.into());
    true
}

fn is_map(op: OperationRef) -> bool {
    PyOp::of(&op) == PyOp::Builtin && path_of(op) == Some(ARRAY_MAP)
}
