//! What passes need to change IR that melior has no safe function for.
use crate::ffi;
use melior::{Context, ir::{Operation, OperationRef, operation::OperationLike}};

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
