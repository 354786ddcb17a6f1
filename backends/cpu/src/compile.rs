//! Compiling: one code generator for the host, made on first use and shared by all threads.
use crate::{ffi, vector};
use melior::ir::OperationRef;
use numbra_backend_api::{Artifact, Backend, Options, Target, Timings};
use std::ffi::c_void;
use std::sync::{Mutex, OnceLock, PoisonError};

/// The code generator for this machine.
pub struct CpuBackend {
    target: Target,
    /// Null until the first compile, and after LLVM has given up half-way.
    optimizer: Mutex<Handle>,
}

struct Handle(*mut c_void);
// SAFETY: the optimiser is bound to no thread; the mutex keeps its users apart.
unsafe impl Send for Handle {}

/// CPU time of this thread, in seconds.
pub fn thread_seconds() -> f64 {
    // SAFETY: it reads a clock.
    unsafe { ffi::nbThreadSeconds() }
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_else(|e| String::from_utf8_lossy(e.as_bytes()).into_owned())
}

fn host() -> Target {
    let (mut triple, mut cpu, mut features) = (vec![], vec![], vec![]);
    // SAFETY: the sinks borrow for the call.
    unsafe { ffi::nbHostTarget(ffi::NbSink::new(&mut triple), ffi::NbSink::new(&mut cpu), ffi::NbSink::new(&mut features)) };
    let (triple, mut features) = (text(triple), text(features));
    if triple.starts_with("x86_64") {
        features += NO_SCATTER;
    }
    Target { triple, cpu: text(cpu), features }
}

/// Vectors are not written to scattered places by one instruction: it is no quicker than a store for each element, and several times slower on some processors.
const NO_SCATTER: &str = ",+prefer-no-scatter";

impl CpuBackend {
    /// The back end of this process.
    pub fn global() -> &'static CpuBackend {
        static BACKEND: OnceLock<CpuBackend> = OnceLock::new();
        BACKEND.get_or_init(|| {
            // SAFETY: once.
            unsafe { ffi::nbInstallErrorHandlers() };
            CpuBackend { target: host(), optimizer: Mutex::new(Handle(std::ptr::null_mut())) }
        })
    }

    fn optimizer(&self) -> Result<Handle, String> {
        let t = &self.target;
        let part = |s: &str| ffi::NbText::new(s.as_bytes());
        let mut error = vec![];
        // SAFETY: the texts are borrowed for the call; machine and optimiser are never freed.
        unsafe {
            let machine = ffi::nbTargetMachine(part(&t.triple), part(&t.cpu), part(&t.features), ffi::NbSink::new(&mut error));
            if machine.is_null() {
                return Err(text(error));
            }
            Ok(Handle(ffi::nbOptimizerCreate(machine, vector::library(t))))
        }
    }
}

impl CpuBackend {
    /// Brings the code generator into memory (3 to 5 ms), for a thread that runs while there is no module to compile yet. A compile that comes meanwhile waits
    /// for the part of its work that is done here.
    pub fn warm_up(&self) {
        let mut optimizer = self.optimizer.lock().unwrap_or_else(PoisonError::into_inner);
        if optimizer.0.is_null() && let Ok(made) = self.optimizer() {
            *optimizer = made;
            // SAFETY: a live optimiser, whose only user we are.
            unsafe { ffi::nbWarmUp(optimizer.0) };
        }
    }
}

impl Backend for CpuBackend {
    fn name(&self) -> &'static str {
        "cpu"
    }

    fn target(&self) -> &Target {
        &self.target
    }

    fn compile(&self, module: OperationRef<'_, '_>, options: &Options) -> Result<Artifact, String> {
        let mut optimizer = self.optimizer.lock().unwrap_or_else(PoisonError::into_inner);
        if optimizer.0.is_null() {
            *optimizer = self.optimizer()?;
        }
        let (mut object, mut symbols, mut ir, mut assembly, mut error) = (vec![], vec![], vec![], vec![], vec![]);
        let mut seconds = [0.0; 3];
        let mut instructions = [0; 2];
        let request = ffi::NbCompileOptions {
            level: options.level as i32,
            verify: options.verify,
            report: options.report,
            object: ffi::NbSink::new(&mut object),
            symbols: ffi::NbSink::new(&mut symbols),
            ir: ffi::NbSink::optional(&mut ir, options.ir),
            assembly: ffi::NbSink::optional(&mut assembly, options.assembly),
            error: ffi::NbSink::new(&mut error),
            seconds: seconds.as_mut_ptr(),
            instructions: instructions.as_mut_ptr(),
        };
        // SAFETY: the module is alive, the lock makes us the only user of the optimiser, the sinks borrow for the call.
        let status = unsafe { ffi::nbCompile(module.to_raw(), optimizer.0, &request) };
        if status == 2 {
            // What LLVM held when it gave up stays as it is; the next compile starts afresh.
            optimizer.0 = std::ptr::null_mut();
        }
        if status != 0 {
            return Err(text(error));
        }
        Ok(Artifact {
            object,
            symbols: text(symbols).split_terminator('\0').map(str::to_string).collect(),
            ir: options.ir.then(|| text(ir)),
            assembly: options.assembly.then(|| text(assembly)),
            timings: Timings { translate: seconds[0], optimize: seconds[1], generate: seconds[2], instructions },
        })
    }
}
