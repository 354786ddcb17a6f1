//! Declarations of the C++ shim in `cpp/`. Everything here is wrapped by a safe function elsewhere in this crate.
#![allow(missing_docs)]
use mlir_sys::{MlirAttribute, MlirContext, MlirDialectHandle, MlirDialectRegistry, MlirLocation, MlirOperation, MlirStringRef, MlirType, MlirTypeID};
use std::ffi::{c_char, c_int, c_void};

/// A note of a diagnostic.
#[repr(C)]
pub struct NbNote {
    pub location: MlirLocation,
    pub message: MlirStringRef,
}

/// One option of a pass; `kind` 0: i64, 1: bool, 2: string.
#[repr(C)]
pub struct NbPassOption {
    pub name: MlirStringRef,
    pub description: MlirStringRef,
    pub kind: c_int,
    pub initial: MlirStringRef,
}

/// A pass made of a callback. Lives as long as the process: MLIR's registry keeps a pointer.
#[repr(C)]
pub struct NbPassDesc {
    pub id: MlirTypeID,
    pub name: MlirStringRef,
    pub argument: MlirStringRef,
    pub description: MlirStringRef,
    pub anchor: MlirStringRef,
    pub option_count: isize,
    pub options: *const NbPassOption,
    pub dialect_count: isize,
    pub dialects: *const MlirDialectHandle,
    pub run: extern "C" fn(MlirOperation, *mut c_void, *const c_void),
    pub user_data: *const c_void,
}

unsafe extern "C" {
    pub fn mlirGetDialectHandle__py__() -> MlirDialectHandle;
    pub fn nbPyTypeKind(t: MlirType) -> c_int;
    pub fn nbPyPlainTypeGet(c: MlirContext, kind: c_int) -> MlirType;
    pub fn nbPyArrayTypeGet(dtype: MlirType, rank: i64, layout: MlirStringRef, readonly: bool) -> MlirType;
    pub fn nbPyNestedTypeGet(c: MlirContext, kind: c_int, n: isize, parts: *const MlirType) -> MlirType;
    pub fn nbPyTextTypeGet(c: MlirContext, kind: c_int, text: MlirStringRef) -> MlirType;
    pub fn nbPyNamedTypeGet(c: MlirContext, kind: c_int, text: MlirStringRef, n: isize, parts: *const MlirType) -> MlirType;
    pub fn nbPyArrayTypeRank(t: MlirType) -> i64;
    pub fn nbPyArrayTypeReadonly(t: MlirType) -> bool;
    pub fn nbPyTypeText(t: MlirType) -> MlirStringRef;
    pub fn nbPyTypePart(t: MlirType, i: isize) -> MlirType;
    pub fn nbPyKindAttrGet(c: MlirContext, family: c_int, value: u32) -> MlirAttribute;
    pub fn nbPyKindAttrValue(a: MlirAttribute) -> i64;
    pub fn nbEmitDiagnostic(l: MlirLocation, severity: c_int, message: MlirStringRef, n: isize, notes: *const NbNote);
    pub fn nbRegisterPass(d: *const NbPassDesc);
    pub fn nbPassInt(p: *mut c_void, i: isize) -> i64;
    pub fn nbPassBool(p: *mut c_void, i: isize) -> bool;
    pub fn nbPassString(p: *mut c_void, i: isize) -> MlirStringRef;
    pub fn nbPassFail(p: *mut c_void);
    pub fn nbRegisterPipeline(name: MlirStringRef, description: MlirStringRef, text: MlirStringRef);
    pub fn nbOptMain(argc: c_int, argv: *mut *mut c_char, tool: *const c_char, r: MlirDialectRegistry) -> c_int;
    pub fn nbRegisterNeeded(r: MlirDialectRegistry);
    pub fn nbRegisterNeededPasses();
    pub fn nbSetInBounds(op: mlir_sys::MlirOperation);
}

/// A view of bytes, valid as long as they are.
pub fn bytes_ref(bytes: &[u8]) -> MlirStringRef {
    MlirStringRef { data: bytes.as_ptr().cast(), length: bytes.len() }
}

/// Borrows a string for the length of a call.
pub fn string_ref(s: &str) -> MlirStringRef {
    MlirStringRef { data: s.as_ptr().cast(), length: s.len() }
}
