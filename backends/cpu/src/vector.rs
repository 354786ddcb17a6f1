//! Vector variants of mathematical functions: the SLEEF library, whose results are within one unit in the last place.
//!
//! LLVM's loop vectoriser replaces a scalar function by the variants named here; without the library the table is not handed to it and the
//! functions stay scalar. The library is looked for when the first module calls one of the functions: in the file or folder that the environment variable
//! `NUMBRA_SLEEF` names, in the folder given to [`set_library_directory`], next to the shared object that this code is in, and where the system's loader looks.
//! `NUMBRA_SLEEF=off` does without.
use crate::{ffi, resolve::Library};
use numbra_backend_api::Target;
use std::env;
use std::ffi::{CStr, CString, c_char, c_int, c_void};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock, PoisonError};

/// How the names of the library's functions start.
pub const PREFIX: &str = "Sleef_";
const FILE: &str = "libsleef.so.3";

/// One function: LLVM's or C's name without the suffix of the type, SLEEF's name, its error bound, number of arguments, whether an intrinsic of LLVM exists.
///
/// Missing are functions whose variants give up a part of the range that the scalar ones cover (`sinh`, `cosh`, `asinh`, `acosh`, `log1p`, `lgamma`, `tgamma`,
/// `erfc`) and those that LLVM expands in place.
const FUNCTIONS: &[(&str, &str, &str, usize, bool)] = &[
    ("acos", "acos", "u10", 1, true),
    ("asin", "asin", "u10", 1, true),
    ("atan", "atan", "u10", 1, true),
    ("atan2", "atan2", "u10", 2, true),
    ("atanh", "atanh", "u10", 1, false),
    ("cbrt", "cbrt", "u10", 1, false),
    ("cos", "cos", "u10", 1, true),
    ("erf", "erf", "u10", 1, false),
    ("exp", "exp", "u10", 1, true),
    ("exp10", "exp10", "u10", 1, true),
    ("exp2", "exp2", "u10", 1, true),
    ("expm1", "expm1", "u10", 1, false),
    ("hypot", "hypot", "u05", 2, false),
    ("log", "log", "u10", 1, true),
    ("log10", "log10", "u10", 1, true),
    ("log2", "log2", "u10", 1, true),
    ("pow", "pow", "u10", 2, true),
    ("sin", "sin", "u10", 1, true),
    ("tan", "tan", "u10", 1, true),
    ("tanh", "tanh", "u10", 1, true),
];

/// Width of a register in bytes, LLVM's feature that it needs, SLEEF's suffix.
const WIDTHS: &[(usize, &str, &str)] = &[(16, "fma", "avx2128"), (32, "fma", "avx2"), (64, "avx512f", "avx512f")];

struct Table {
    library: ffi::NbVectorLibrary,
}
// SAFETY: constant after it is made; what it points to is leaked.
unsafe impl Sync for Table {}
// SAFETY: as above.
unsafe impl Send for Table {}

fn leak(text: String) -> *const c_char {
    CString::new(text).map_or(std::ptr::null(), |t| t.into_raw().cast_const())
}

fn rows(target: &Target) -> Vec<ffi::NbVectorFunction> {
    let mut rows = vec![];
    for &(bytes, feature, suffix) in WIDTHS {
        if !target.has("avx2") || !target.has(feature) {
            continue;
        }
        for &(scalar, name, bound, arguments, intrinsic) in FUNCTIONS {
            for (letter, bits, c_suffix) in [("d", 64, ""), ("f", 32, "f")] {
                let lanes = bytes * 8 / bits;
                let vector = format!("{PREFIX}{name}{letter}{lanes}_{bound}{suffix}");
                let prefix = format!("_ZGV_LLVM_N{lanes}{}", "v".repeat(arguments));
                let mut add = |scalar: String| rows.push(ffi::NbVectorFunction { scalar: leak(scalar), vector: leak(vector.clone()), prefix: leak(prefix.clone()), lanes: lanes as u32 });
                add(format!("{scalar}{c_suffix}"));
                if intrinsic {
                    add(format!("llvm.{scalar}.f{bits}"));
                }
            }
        }
    }
    rows
}

extern "C" fn load() -> bool {
    sleef_available()
}

/// The table for a target, for the life of the process.
pub(crate) fn library(target: &Target) -> *const ffi::NbVectorLibrary {
    static TABLE: OnceLock<Table> = OnceLock::new();
    let table = TABLE.get_or_init(|| {
        let rows = Vec::leak(rows(target));
        Table { library: ffi::NbVectorLibrary { load, functions: rows.as_ptr(), count: rows.len() } }
    });
    &table.library
}

static DIRECTORY: Mutex<Option<PathBuf>> = Mutex::new(None);

/// Names a folder to look for the library in; for the extension module, which knows where it was installed. Without effect once the library was looked for.
pub fn set_library_directory(directory: &Path) {
    *DIRECTORY.lock().unwrap_or_else(PoisonError::into_inner) = Some(directory.to_path_buf());
}

#[repr(C)]
struct DlInfo {
    file: *const c_char,
    base: *mut c_void,
    symbol: *const c_char,
    address: *mut c_void,
}
unsafe extern "C" {
    fn dladdr(address: *const c_void, info: *mut DlInfo) -> c_int;
}

/// The folder of the shared object that this code is in.
fn here() -> Option<PathBuf> {
    let mut info = DlInfo { file: std::ptr::null(), base: std::ptr::null_mut(), symbol: std::ptr::null(), address: std::ptr::null_mut() };
    // SAFETY: the loader fills the struct; its file name lives as long as the shared object.
    let file = unsafe {
        if dladdr(load as *const c_void, &mut info) == 0 || info.file.is_null() {
            return None;
        }
        CStr::from_ptr(info.file)
    };
    Path::new(std::ffi::OsStr::from_bytes(file.to_bytes())).parent().map(Path::to_path_buf)
}

pub(crate) fn sleef() -> Option<&'static Library> {
    static SLEEF: OnceLock<Option<Library>> = OnceLock::new();
    SLEEF.get_or_init(|| {
        let named = env::var_os("NUMBRA_SLEEF").filter(|v| !v.is_empty()).map(PathBuf::from);
        if named.as_deref() == Some(Path::new("off")) {
            return None;
        }
        let directory = DIRECTORY.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let folders = [named.clone(), directory, here()].into_iter().flatten().map(|folder| folder.join(FILE));
        let library = named.into_iter().chain(folders).filter(|file| file.is_file())
            .filter_map(|file| CString::new(file.as_os_str().as_bytes()).ok()).find_map(|file| Library::open(&file))
            .or_else(|| Library::open(&CString::new(FILE).ok()?))?;
        // One of the names that the table is made of: an older or cut-down library has others.
        (!library.symbol(c"Sleef_expd4_u10avx2").is_null()).then_some(library)
    }).as_ref()
}

/// Whether vector variants of mathematical functions can be used; loads the library when asked first.
pub fn sleef_available() -> bool {
    sleef().is_some()
}
