//! Modules as MLIR bytecode.
use crate::ffi;
use melior::{Context, ir::Module};
use std::ffi::c_void;

extern "C" fn append(part: mlir_sys::MlirStringRef, out: *mut c_void) {
    // SAFETY: `out` is the vector that `write` has borrowed for the call, and the part lives through it.
    unsafe { (*out.cast::<Vec<u8>>()).extend_from_slice(std::slice::from_raw_parts(part.data.cast(), part.length)) }
}

/// The bytecode of a module.
pub fn write(module: &Module) -> Vec<u8> {
    let mut bytes: Vec<u8> = vec![];
    // SAFETY: the op is alive; the callback gets the vector, which nothing else touches meanwhile.
    unsafe { mlir_sys::mlirOperationWriteBytecode(module.as_operation().to_raw(), Some(append), (&raw mut bytes).cast()) };
    bytes
}

/// Reads a module; `None` when the bytes are none, or of another version.
pub fn read<'c>(context: &'c Context, bytes: &[u8]) -> Option<Module<'c>> {
    // SAFETY: the bytes live through the call; a null module is told apart.
    unsafe {
        let raw = mlir_sys::mlirModuleCreateParse(context.to_raw(), ffi::bytes_ref(bytes));
        (!raw.ptr.is_null()).then(|| Module::from_raw(raw))
    }
}
