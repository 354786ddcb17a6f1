//! Where compiled code finds what it refers to: the runtime's table, the vector library, the C mathematical library, the process.
use crate::vector;
use std::ffi::{CStr, CString, c_char, c_int, c_void};
use std::ptr;
use std::sync::OnceLock;

unsafe extern "C" {
    fn dlopen(file: *const c_char, mode: c_int) -> *mut c_void;
    fn dlsym(handle: *mut c_void, name: *const c_char) -> *mut c_void;
}
const RTLD_LAZY: c_int = 1;

/// A shared library that stays loaded.
pub struct Library(*mut c_void);
// SAFETY: a handle of the dynamic loader, which locks by itself.
unsafe impl Send for Library {}
// SAFETY: as above.
unsafe impl Sync for Library {}

impl Library {
    /// Loads a library by path, or by name through the loader's search.
    pub fn open(file: &CStr) -> Option<Library> {
        // SAFETY: a valid string; initialisers of the libraries that are named here do nothing that could hurt.
        let handle = unsafe { dlopen(file.as_ptr(), RTLD_LAZY) };
        (!handle.is_null()).then_some(Library(handle))
    }

    /// Address of a symbol, or null.
    pub fn symbol(&self, name: &CStr) -> *const c_void {
        // SAFETY: a live handle and a valid string.
        unsafe { dlsym(self.0, name.as_ptr()) }
    }
}

/// The C library's mathematical part: an extension module that brought it does not make it visible to the process.
fn math() -> Option<&'static Library> {
    static MATH: OnceLock<Option<Library>> = OnceLock::new();
    MATH.get_or_init(|| [c"libm.so.6", c"libm.so", c"libm.dylib"].into_iter().find_map(Library::open)).as_ref()
}

fn find(name: &str) -> *const c_void {
    if let Some(address) = numbra_rt::address(name) {
        return address.cast();
    }
    let Ok(c_name) = CString::new(name) else { return ptr::null() };
    let vector = if name.starts_with(vector::PREFIX) { vector::sleef() } else { None };
    let process = Library(ptr::null_mut());
    [vector, math(), Some(&process)].into_iter().flatten().map(|l| l.symbol(&c_name)).find(|a| !a.is_null()).unwrap_or(ptr::null())
}

/// Called by the linker for each name that a module refers to; null when there is no such thing.
pub extern "C" fn resolve(name: *const c_char, length: usize) -> *const c_void {
    // SAFETY: the linker hands over a valid name.
    let bytes = unsafe { std::slice::from_raw_parts(name.cast(), length) };
    std::str::from_utf8(bytes).map_or(ptr::null(), find)
}
