//! Declarations of the C++ shim in `cpp/`.
use mlir_sys::MlirOperation;
use std::ffi::{c_char, c_int, c_uint, c_void};

/// A text that is borrowed for the length of a call.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct NbText {
    pub data: *const c_char,
    pub length: usize,
}

impl NbText {
    pub fn new(bytes: &[u8]) -> Self {
        NbText { data: bytes.as_ptr().cast(), length: bytes.len() }
    }
}

/// Receives bytes into a vector.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct NbSink {
    write: Option<extern "C" fn(*mut c_void, *const c_char, usize)>,
    to: *mut c_void,
}

extern "C" fn append(to: *mut c_void, data: *const c_char, length: usize) {
    // SAFETY: a sink is made from an exclusive borrow that outlives the call that it is made for, and the shim hands over valid bytes.
    unsafe { (*to.cast::<Vec<u8>>()).extend_from_slice(std::slice::from_raw_parts(data.cast(), length)) }
}

impl NbSink {
    pub fn new(to: &mut Vec<u8>) -> Self {
        NbSink { write: Some(append), to: std::ptr::from_mut(to).cast() }
    }

    /// A sink for a text that may not be wanted.
    pub fn optional(to: &mut Vec<u8>, wanted: bool) -> Self {
        if wanted { Self::new(to) } else { NbSink { write: None, to: std::ptr::null_mut() } }
    }
}

#[repr(C)]
pub struct NbCompileOptions {
    pub level: c_int,
    pub verify: bool,
    pub report: bool,
    pub object: NbSink,
    pub symbols: NbSink,
    pub ir: NbSink,
    pub assembly: NbSink,
    pub error: NbSink,
    pub seconds: *mut f64,
    pub instructions: *mut u64,
}

#[repr(C)]
pub struct NbVectorFunction {
    pub scalar: *const c_char,
    pub vector: *const c_char,
    pub prefix: *const c_char,
    pub lanes: c_uint,
}

#[repr(C)]
pub struct NbVectorLibrary {
    pub load: extern "C" fn() -> bool,
    pub functions: *const NbVectorFunction,
    pub count: usize,
}

pub type Resolve = extern "C" fn(*const c_char, usize) -> *const c_void;

unsafe extern "C" {
    pub fn nbHostTarget(triple: NbSink, cpu: NbSink, features: NbSink);
    pub fn nbTargetMachine(triple: NbText, cpu: NbText, features: NbText, error: NbSink) -> *mut c_void;
    pub fn nbInstallErrorHandlers();
    pub fn nbOptimizerCreate(machine: *mut c_void, vectors: *const NbVectorLibrary) -> *mut c_void;
    pub fn nbThreadSeconds() -> f64;
    pub fn nbWarmUp(optimizer: *mut c_void);
    pub fn nbCompile(op: MlirOperation, optimizer: *mut c_void, options: *const NbCompileOptions) -> c_int;
    pub fn nbJitCreate(resolve: Resolve, error: NbSink) -> *mut c_void;
    pub fn nbJitLoad(jit: *mut c_void, object: NbText, count: usize, names: *const NbText, addresses: *mut *const c_void, error: NbSink) -> *mut c_void;
    pub fn nbJitUnload(jit: *mut c_void, module: *mut c_void);
}
