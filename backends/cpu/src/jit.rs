//! Loading object code into this process.
use crate::{ffi, resolve};
use numbra_backend_api::Artifact;
use std::collections::HashMap;
use std::ffi::c_void;
use std::ptr;
use std::sync::{Mutex, OnceLock, PoisonError};

/// The linker session of this process.
pub struct Jit {
    session: Mutex<Session>,
}

struct Session(*mut c_void);
// SAFETY: the session is bound to no thread; the mutex keeps its users apart.
unsafe impl Send for Session {}

impl Jit {
    /// The session of this process, made on first use.
    pub fn global() -> Result<&'static Jit, String> {
        static JIT: OnceLock<Result<Jit, String>> = OnceLock::new();
        let made = JIT.get_or_init(|| {
            let mut error = vec![];
            // SAFETY: the sink borrows for the call, and the resolver is a static function.
            let session = unsafe { ffi::nbJitCreate(resolve::resolve, ffi::NbSink::new(&mut error)) };
            if session.is_null() { Err(String::from_utf8_lossy(&error).into_owned()) } else { Ok(Jit { session: Mutex::new(Session(session)) }) }
        });
        made.as_ref().map_err(Clone::clone)
    }

    /// Loads an artifact and resolves what it refers to. Modules are apart from each other: equal names in two of them do not meet.
    pub fn load(&'static self, artifact: &Artifact) -> Result<LoadedModule, String> {
        let names: Vec<ffi::NbText> = artifact.symbols.iter().map(|s| ffi::NbText::new(s.as_bytes())).collect();
        let mut addresses = vec![ptr::null(); names.len()];
        let mut error = vec![];
        let session = self.session.lock().unwrap_or_else(PoisonError::into_inner);
        // SAFETY: everything is borrowed for the call, there are as many addresses as names, and the lock makes us the only user of the session.
        let module = unsafe { ffi::nbJitLoad(session.0, ffi::NbText::new(&artifact.object), names.len(), names.as_ptr(), addresses.as_mut_ptr(), ffi::NbSink::new(&mut error)) };
        if module.is_null() {
            return Err(String::from_utf8_lossy(&error).into_owned());
        }
        Ok(LoadedModule { jit: self, module, symbols: artifact.symbols.iter().cloned().zip(addresses).collect() })
    }
}

/// Code in memory; dropping it frees the code, so nothing of it may run then.
pub struct LoadedModule {
    jit: &'static Jit,
    module: *mut c_void,
    symbols: HashMap<String, *const c_void>,
}

// SAFETY: the module is code and constants; unloading takes the session's lock.
unsafe impl Send for LoadedModule {}
// SAFETY: as above; lookups only read.
unsafe impl Sync for LoadedModule {}

impl LoadedModule {
    /// Address of a function of this module.
    pub fn lookup(&self, symbol: &str) -> Option<*const c_void> {
        self.symbols.get(symbol).copied()
    }
}

impl Drop for LoadedModule {
    fn drop(&mut self) {
        let session = self.jit.session.lock().unwrap_or_else(PoisonError::into_inner);
        // SAFETY: the module was loaded by this session and is unloaded once.
        unsafe { ffi::nbJitUnload(session.0, self.module) }
    }
}
