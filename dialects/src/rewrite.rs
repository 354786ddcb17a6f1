//! What passes need to change IR that melior has no safe function for.
use crate::ffi;
use melior::{Context, ir::{Attribute, AttributeLike, BlockLike, BlockRef, Operation, OperationRef, Region, RegionLike, Value, ValueLike, operation::OperationLike}};

/// Runs a pass body with the op's context.
pub fn with_context<'c: 'a, 'a, R>(op: OperationRef<'c, 'a>, body: impl FnOnce(&'c Context, OperationRef<'c, 'a>) -> R) -> R {
    let context = op.context();
    // SAFETY: the handle that the reference points to lives on this frame until the body has returned, and the context outlives the pass.
    body(unsafe { context.to_ref() }, op)
}

/// Removes an op with all that is in it. The caller has no handle to any of it any more, and its results have no uses.
pub fn erase(op: OperationRef) {
    // SAFETY: the op is alive; that nobody looks at it again is the caller's promise, as with every handle to IR.
    unsafe { mlir_sys::mlirOperationDestroy(op.to_raw()) }
}

/// Marks an `llvm.getelementptr` as one that stays inside of its object.
pub fn set_in_bounds(op: &Operation) {
    // SAFETY: the op is alive; others than the one meant are left alone.
    unsafe { ffi::nbSetInBounds(op.to_raw()) }
}

/// Makes an op use another value.
pub fn set_operand<'c>(op: OperationRef<'c, '_>, index: usize, value: Value<'c, '_>) {
    // SAFETY: op and value are alive, and the op has that operand: others are left alone by the check.
    unsafe {
        if index < op.operand_count() {
            mlir_sys::mlirOperationSetOperand(op.to_raw(), index as isize, value.to_raw());
        }
    }
}

/// Makes a terminator go elsewhere, with the same values.
pub fn set_successor<'c>(op: OperationRef<'c, '_>, index: usize, block: BlockRef<'c, '_>) {
    // SAFETY: op and block are alive, and the op has that successor.
    unsafe {
        if index < op.successor_count() {
            mlir_sys::mlirOperationSetSuccessor(op.to_raw(), index as isize, block.to_raw());
        }
    }
}

/// Moves a block with all that is in it to the end of another region.
pub fn move_block<'c>(block: BlockRef<'c, '_>, region: &Region<'c>) {
    // SAFETY: both are alive; a detached block is owned by nobody until the region takes it.
    unsafe {
        mlir_sys::mlirBlockDetach(block.to_raw());
        mlir_sys::mlirRegionAppendOwnedBlock(region.to_raw(), block.to_raw());
    }
}

/// Sets an attribute of an op that is part of the IR already.
pub fn set_attribute<'c>(op: OperationRef<'c, '_>, name: &str, attribute: Attribute<'c>) {
    // SAFETY: op and attribute are alive, and the name is copied.
    unsafe { mlir_sys::mlirOperationSetAttributeByName(op.to_raw(), ffi::string_ref(name), attribute.to_raw()) }
}

/// Takes an attribute from an op that is part of the IR already.
pub fn remove_attribute(op: OperationRef, name: &str) {
    // SAFETY: the op is alive, and the name is only looked at.
    unsafe {
        mlir_sys::mlirOperationRemoveAttributeByName(op.to_raw(), ffi::string_ref(name));
    }
}

/// Gives an op other operands, of any number.
pub fn set_operands<'c>(op: OperationRef<'c, '_>, operands: &[Value<'c, '_>]) {
    let raw: Vec<_> = operands.iter().map(|v| v.to_raw()).collect();
    // SAFETY: op and values are alive, and the list outlives the call.
    unsafe { mlir_sys::mlirOperationSetOperands(op.to_raw(), raw.len() as isize, raw.as_ptr()) }
}
