//! `array-from-elements`: an array of a list display, `np.array([x, y, z])`, is made element by element. There is no list then, and the size is known.
//!
//! ```text
//! %l = py.builtin "list.new"(%x, %y)                                  %a = py.builtin "numpy.empty"(%two)
//! %a = py.invoke @numbra.lib...from_sequence(%l, %dtype)      ->      py.setitem %a[%zero] = %x
//!                                                                     py.setitem %a[%one] = %y
//! ```
//! Legal for lists of numbers, and lists of such lists of one length, that nothing else uses. Elements are of the array's type, or are converted to it as every number can be; other conversions, which
//! may raise, are the library's. Behind what looks at whole-array ops, for which the call has no effect and writes have one. Requires the typed stage without reference counts.
use crate::cfg::key;
use crate::functions::{body_of, callee, erase_unused, functions_of, path_of};
use melior::{
    Context,
    ir::{BlockLike, BlockRef, Operation, OperationRef, Value, ValueLike, attribute::{IntegerAttribute, StringAttribute}, operation::OperationLike},
};
use numbra_abi::DType;
use numbra_dialects::{
    py::{ArrayTy, Layout, Ty, ods::py as ods},
    registry::{PassDescription, PassInstance},
    rewrite::{erase, set_operand, with_context},
};
use numbra_passes_api::walk;
use std::collections::HashMap;

/// `array-from-elements`
pub const PASS: PassDescription = PassDescription {
    argument: "array-from-elements",
    description: "Make arrays of list displays element by element",
    anchor: "builtin.module",
    options: &[],
    dialects: &[],
    run,
};

/// The library functions that make an array of a list, `np.array` and what it calls; `array-inline` may have put the one in the place of the other. Whatever else they are asked for is in the
/// type of the result, or makes no difference for a new array.
const MAKERS: &[&str] = &["numbra.lib.construction.creation.array(list(", "numbra.lib.construction.sequences.from_sequence(list("];
/// Longer lists are data rather than code.
const MOST: usize = 64;

fn run(op: OperationRef, _: &PassInstance) -> bool {
    with_context(op, array_from_elements);
    true
}

/// Runs the pass on every typed function of a module.
pub fn array_from_elements<'c: 'a, 'a>(context: &'c Context, module: OperationRef<'c, 'a>) {
    let functions: Vec<_> = functions_of(module).collect();
    let mut changed = false;
    for function in &functions {
        let mut ops: Vec<_> = walk::blocks_of(*function).flat_map(walk::operations).collect();
        let calls: Vec<_> = ops.iter().copied().filter(|op| callee(*op).is_some_and(|c| MAKERS.iter().any(|m| c.value().starts_with(m)))).collect();
        if calls.is_empty() || body_of(*function).is_none() {
            continue;
        }
        let mut displays = Displays { makers: HashMap::new(), uses: HashMap::new() };
        for op in &ops {
            op.operands().for_each(|v| *displays.uses.entry(key(v)).or_default() += 1);
            if let (Some("list.new"), Ok(list)) = (path_of(*op), op.result(0)) {
                displays.makers.insert(key(list.into()), *op);
            }
        }
        for call in calls {
            if let Some(elements) = displays.elements(call) {
                if !replace(context, &ops, call, &elements) {
                    continue;
                }
                ops.retain(|op| *op != call && !elements.lists.contains(op));
                erase(call);
                elements.lists.iter().for_each(|list| erase(*list));
                changed = true;
            }
        }
    }
    if changed {
        erase_unused(&functions, |_| false);
    }
}

/// The list displays of a function.
struct Displays<'c, 'a> {
    makers: HashMap<usize, OperationRef<'c, 'a>>,
    uses: HashMap<usize, usize>,
}

/// What an array is made of.
struct Elements<'c, 'a> {
    ty: ArrayTy,
    shape: Vec<usize>,
    values: Vec<Value<'c, 'a>>,
    /// The lists, the outer one first
    lists: Vec<OperationRef<'c, 'a>>,
}

impl<'c: 'a, 'a> Displays<'c, 'a> {
    fn elements(&self, call: OperationRef<'c, 'a>) -> Option<Elements<'c, 'a>> {
        let result: Value = call.result(0).ok()?.into();
        let ty = Ty::from_mlir(result.r#type())?.array().filter(|t| t.layout == Layout::C && !t.readonly)?;
        let outer = self.display(call.operand(0).ok()?)?;
        let mut found = Elements { ty, shape: vec![outer.operand_count()], values: outer.operands().collect(), lists: vec![outer] };
        if ty.rank == 2 {
            let rows: Vec<_> = outer.operands().map(|row| self.display(row)).collect::<Option<_>>()?;
            let length = rows.first()?.operand_count();
            if rows.iter().any(|row| row.operand_count() != length) {
                return None;
            }
            found.shape.push(length);
            found.values = rows.iter().flat_map(|row| row.operands().collect::<Vec<_>>()).collect();
            found.lists.extend(rows);
        }
        let fits = ty.rank == found.shape.len() && found.values.len() <= MOST && found.values.iter().all(|v| converts(*v, ty.dtype));
        fits.then_some(found)
    }

    // The op that makes a list which is used once.
    fn display(&self, list: Value<'c, 'a>) -> Option<OperationRef<'c, 'a>> {
        self.makers.get(&key(list)).copied().filter(|_| self.uses.get(&key(list)) == Some(&1))
    }
}

// Whether every number of a value's type becomes one of another type.
fn converts(v: Value, to: DType) -> bool {
    let Some(from) = Ty::from_mlir(v.r#type()).and_then(|t| t.scalar()) else { return false };
    let number = from.is_integer() || from.is_float();
    from == to || (number && (to.is_float() || to.is_complex()))
}

// Puts the ops in front of the call and lets all use what they make. Whether the call can go.
fn replace<'c: 'a, 'a>(context: &'c Context, ops: &[OperationRef<'c, 'a>], call: OperationRef<'c, 'a>, elements: &Elements<'c, 'a>) -> bool {
    let (Some(block), Ok(old)) = (call.block(), call.result(0)) else { return false };
    let old: Value = old.into();
    let b = Before { block, call };
    let (int, element) = (Ty::INT.to_mlir(context), Ty::Scalar(elements.ty.dtype).to_mlir(context));
    let tuple = Ty::tuple(vec![Ty::INT; elements.shape.len()]).to_mlir(context);
    let index = |place: &[usize]| {
        let parts: Vec<Value> = place.iter().filter_map(|n| b.value(ods::constant(context, int, IntegerAttribute::new(int, *n as i64).into(), call.location()))).collect();
        b.value(ods::tuple(context, tuple, &parts, call.location()))
    };
    let Some(new) = index(&elements.shape).and_then(|shape| b.value(ods::builtin(context, old.r#type(), &[shape], StringAttribute::new(context, "numpy.empty"), call.location()))) else { return false };
    let row = elements.shape.get(1).copied();
    for (i, v) in elements.values.iter().enumerate() {
        let place = row.map_or(vec![i], |row| vec![i / row, i % row]);
        let value = if v.r#type() == element { Some(*v) } else { b.value(ods::cast(context, element, *v, call.location())) };
        if let (Some(at), Some(value)) = (index(&place), value) {
            block.insert_operation_before(call, ods::setitem(context, new, at, value, call.location()).into());
        }
    }
    for op in ops {
        for (i, _) in op.operands().enumerate().filter(|(_, v)| *v == old).collect::<Vec<_>>() {
            set_operand(*op, i, new);
        }
    }
    true
}

/// Puts ops in front of a call.
struct Before<'c, 'a> {
    block: BlockRef<'c, 'a>,
    call: OperationRef<'c, 'a>,
}

impl<'c, 'a> Before<'c, 'a> {
    fn value(&self, op: impl Into<Operation<'c>>) -> Option<Value<'c, 'a>> {
        self.block.insert_operation_before(self.call, op.into()).result(0).ok().map(Into::into)
    }
}
