//! Assignments to parts of arrays: the part is a view, to which elements are written where they are made.
use super::legality::{is_array, rank};
use crate::{cfg::Cfg, conversion::py_to_std::array::elementwise::ARRAY_MAP_INTO, functions::path_of};
use melior::{
    Context,
    ir::{BlockLike, BlockRef, Operation, OperationRef, Value, ValueLike, attribute::{FlatSymbolRefAttribute, StringAttribute}, operation::{OperationLike, OperationMutLike}},
};
use numbra_dialects::py::{ArrayTy, Layout, PyOp, Ty, ods::py as ods};

// The types of the items of an index.
fn items(index: Value) -> Option<Vec<Ty>> {
    Some(match Ty::from_mlir(index.r#type())? {
        Ty::Tuple(parts) => parts.to_vec(),
        t => vec![t],
    })
}

/// How many axes the part has that an assignment of an array of as many writes to; nothing where it is another assignment.
pub fn view_rank(op: OperationRef) -> Option<usize> {
    let (object, index, value) = (op.operand(0).ok()?, op.operand(1).ok()?, op.operand(2).ok()?);
    let (target, value) = (Ty::from_mlir(object.r#type())?.array()?, Ty::from_mlir(value.r#type())?.array()?);
    let mut rank = target.rank;
    for item in items(index)? {
        match item {
            Ty::Scalar(d) if d.is_integer() => rank = rank.checked_sub(1)?,
            Ty::None => rank += 1,
            Ty::Slice(_) | Ty::Ellipsis => {}
            _ => return None,
        }
    }
    (rank > 0 && rank == value.rank && target.dtype == value.dtype && !target.dtype.is_record()).then_some(rank)
}

// Whether an index names all of an array.
fn is_whole(index: Value) -> bool {
    items(index).is_some_and(|items| items.iter().all(|t| match t {
        Ty::Ellipsis => true,
        Ty::Slice(parts) => parts.iter().all(|p| *p == Ty::None),
        _ => false,
    }))
}

/// Writes what a function makes of elements to the part that an assignment names, before that.
pub fn write_into<'c: 'a, 'a>(context: &'c Context, block: BlockRef<'c, 'a>, op: OperationRef<'c, 'a>, leaves: &[Value<'c, 'a>], callee: FlatSymbolRefAttribute<'c>) -> bool {
    let (Ok(object), Ok(index), Some(rank)) = (op.operand(0), op.operand(1), view_rank(op)) else { return false };
    let Some(array) = Ty::from_mlir(object.r#type()).and_then(|t| t.array()) else { return false };
    let loc = op.location();
    let target: Value = if is_whole(index) {
        object
    } else {
        let t = Ty::Array(ArrayTy { dtype: array.dtype, rank, layout: Layout::A, readonly: false });
        let view = block.insert_operation_before(op, ods::getitem(context, t.to_mlir(context), object, index, loc).into());
        match view.result(0) {
            Ok(v) => v.into(),
            Err(_) => return false,
        }
    };
    let operands: Vec<Value> = std::iter::once(target).chain(leaves.iter().copied()).collect();
    let mut write: Operation = ods::builtin(context, target.r#type(), &operands, StringAttribute::new(context, ARRAY_MAP_INTO), loc).into();
    write.set_attribute("callee", callee.into());
    block.insert_operation_before(op, write);
    true
}

/// Whether an assignment writes a part of an array to itself: `a[i] += b` does after the elements have been written.
pub fn is_needless<'c: 'a, 'a>(cfg: &Cfg<'c, 'a>, ops: &[OperationRef<'c, 'a>], op: OperationRef<'c, 'a>) -> bool {
    let same = || {
        if PyOp::of(&op) != PyOp::SetItem {
            return None;
        }
        let (object, index, value) = (op.operand(0).ok()?, op.operand(1).ok()?, op.operand(2).ok()?);
        let (_, write) = cfg.op(value).filter(|(kind, w)| *kind == PyOp::Builtin && path_of(*w) == Some(ARRAY_MAP_INTO))?;
        let (_, view) = cfg.op(write.operand(0).ok()?).filter(|(kind, _)| *kind == PyOp::GetItem)?;
        let (a, b) = (ops.iter().position(|o| *o == write)?, ops.iter().position(|o| *o == op)?);
        // Nothing comes in between, and it is the same part.
        (a + 1 == b && view.operand(0).ok()? == object && view.operand(1).ok()? == index && is_array(value) && rank(value) > 0).then_some(())
    };
    same().is_some()
}
