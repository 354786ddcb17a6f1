//! Contexts, dialect registries and pass registration.
use crate::ffi;
use melior::{Context, ContextRef, StringRef, dialect::{DialectHandle, DialectRegistry}, ir::{OperationRef, operation::OperationLike}};
use std::ffi::{CString, c_char, c_int, c_void};
use std::sync::Once;

/// The handle of the `py` dialect.
pub fn py_dialect() -> DialectHandle {
    // SAFETY: the shim returns a static handle.
    unsafe { DialectHandle::from_raw(ffi::mlirGetDialectHandle__py__()) }
}

/// Adds our dialects and the ones of MLIR that compiling a function needs, with their translations.
pub fn register_needed(registry: &DialectRegistry) {
    // SAFETY: the registry is alive.
    unsafe { ffi::nbRegisterNeeded(registry.to_raw()) };
    py_dialect().insert_dialect(registry);
}

/// Registers the passes of MLIR that the pipelines use; once per process.
pub fn register_needed_passes() {
    static ONCE: Once = Once::new();
    // SAFETY: no arguments.
    ONCE.call_once(|| unsafe { ffi::nbRegisterNeededPasses() });
}

/// A context with the needed dialects, single-threaded: the functions are small and threads cost more than they bring.
pub fn new_context() -> Context {
    let registry = DialectRegistry::new();
    register_needed(&registry);
    let context = Context::new();
    context.enable_multi_threading(false);
    context.append_dialect_registry(&registry);
    context
}

/// Value of a pass option as declared: name, description, initial value.
#[derive(Clone, Copy, Debug)]
#[allow(missing_docs)]
pub enum PassOption {
    Int(&'static str, &'static str, i64),
    Bool(&'static str, &'static str, bool),
    Str(&'static str, &'static str, &'static str),
}

impl PassOption {
    /// Name of the option.
    pub fn name(&self) -> &'static str {
        match self {
            PassOption::Int(n, ..) | PassOption::Bool(n, ..) | PassOption::Str(n, ..) => n,
        }
    }
}

/// A pass as MLIR's registry wants it.
#[derive(Clone, Copy)]
#[allow(missing_docs)]
pub struct PassDescription {
    /// Command-line name, `py-infer-types`
    pub argument: &'static str,
    pub description: &'static str,
    /// Op that the pass runs on, or empty for any
    pub anchor: &'static str,
    pub options: &'static [PassOption],
    pub dialects: &'static [fn() -> DialectHandle],
    /// Returns whether the pass succeeded; a failure was emitted as diagnostic before.
    pub run: fn(OperationRef<'_, '_>, &PassInstance) -> bool,
}

/// The running pass: its option values and its context.
pub struct PassInstance<'c> {
    raw: *mut c_void,
    options: &'static [PassOption],
    context: ContextRef<'c>,
}

impl PassInstance<'_> {
    /// The context that the pass runs in.
    pub fn context(&self) -> &Context {
        // SAFETY: the result points into `self`, and its lifetime is shortened to that.
        unsafe { self.context.to_ref() }
    }
    fn position(&self, name: &str) -> Option<(isize, &PassOption)> {
        let at = self.options.iter().position(|o| o.name() == name)?;
        let same = |o: &&PassOption| std::mem::discriminant(*o) == std::mem::discriminant(&self.options[at]);
        Some((self.options[..at].iter().filter(same).count() as isize, &self.options[at]))
    }
    /// Value of an integer option; 0 if none has this name.
    pub fn int(&self, name: &str) -> i64 {
        // SAFETY: the handle lives while the pass runs, and the index counts options of this kind.
        self.position(name).map_or(0, |(i, _)| unsafe { ffi::nbPassInt(self.raw, i) })
    }
    /// Value of a bool option; false if none has this name.
    pub fn bool(&self, name: &str) -> bool {
        // SAFETY: as in `int`.
        self.position(name).is_some_and(|(i, _)| unsafe { ffi::nbPassBool(self.raw, i) })
    }
    /// Value of a string option; empty if none has this name.
    pub fn string(&self, name: &str) -> String {
        // SAFETY: as in `int`; the text is copied at once.
        let text = self.position(name).map(|(i, _)| unsafe { ffi::nbPassString(self.raw, i) });
        // melior's `as_str` does not take an empty text.
        // SAFETY: as above.
        text.filter(|t| t.length > 0).map_or(String::new(), |t| unsafe { StringRef::from_raw(t) }.as_str().unwrap_or_default().to_string())
    }
}

extern "C" fn run_pass(op: mlir_sys::MlirOperation, raw: *mut c_void, data: *const c_void) {
    // SAFETY: `data` is the leaked description that `register_pass` handed over.
    let pass = unsafe { &*data.cast::<PassDescription>() };
    // A panic must not unwind into C++: it becomes a failure of the pass, with a diagnostic.
    // SAFETY: the op is alive during the callback, and the handle does not leave it.
    let op = unsafe { OperationRef::from_raw(op) };
    let instance = PassInstance { raw, options: pass.options, context: op.context() };
    let outcome = crate::panics::caught(|| (pass.run)(op, &instance));
    if let Err(panic) = &outcome {
        let message = format!("[NB0900] in the pass {} {panic}", pass.argument);
        // SAFETY: the location and the text outlive the call.
        unsafe { ffi::nbEmitDiagnostic(op.location().to_raw(), 0, ffi::string_ref(&message), 0, std::ptr::null()) };
    }
    if !outcome.unwrap_or(false) {
        // SAFETY: the handle is this pass's.
        unsafe { ffi::nbPassFail(raw) }
    }
}

/// Registers a pass for the life of the process.
pub fn register_pass(pass: PassDescription) {
    #[repr(align(16))]
    struct Id(#[allow(dead_code, reason = "its address is what counts")] u8);
    let id: &'static Id = Box::leak(Box::new(Id(0)));
    let leak = |s: String| -> &'static str { Box::leak(s.into_boxed_str()) };
    let options = Vec::leak(pass.options.iter().map(|o| {
        let (name, description, kind, initial) = match *o {
            PassOption::Int(n, d, v) => (n, d, 0, leak(v.to_string())),
            PassOption::Bool(n, d, v) => (n, d, 1, if v { "true" } else { "false" }),
            PassOption::Str(n, d, v) => (n, d, 2, v),
        };
        ffi::NbPassOption { name: ffi::string_ref(name), description: ffi::string_ref(description), kind, initial: ffi::string_ref(initial) }
    }).collect());
    let dialects = Vec::leak(pass.dialects.iter().map(|d| d().to_raw()).collect());
    let data: &'static PassDescription = Box::leak(Box::new(pass));
    let desc = Box::leak(Box::new(ffi::NbPassDesc {
        // SAFETY: the address is unique and aligned.
        id: unsafe { mlir_sys::mlirTypeIDCreate(std::ptr::from_ref(id).cast()) },
        name: ffi::string_ref(data.argument),
        argument: ffi::string_ref(data.argument),
        description: ffi::string_ref(data.description),
        anchor: ffi::string_ref(data.anchor),
        option_count: options.len() as isize,
        options: options.as_ptr(),
        dialect_count: dialects.len() as isize,
        dialects: dialects.as_ptr(),
        run: run_pass,
        user_data: std::ptr::from_ref(data).cast(),
    }));
    // SAFETY: the description was leaked.
    unsafe { ffi::nbRegisterPass(desc) }
}

/// Registers a named pipeline that expands to `text`.
pub fn register_pipeline(name: &str, description: &'static str, text: &str) {
    // MLIR keeps the two names as given.
    let name: &'static str = Box::leak(name.to_string().into_boxed_str());
    // SAFETY: name and description are static, the text is copied.
    unsafe { ffi::nbRegisterPipeline(ffi::string_ref(name), ffi::string_ref(description), ffi::string_ref(text)) }
}

/// mlir-opt's driver over a registry, with these arguments; returns the exit status.
pub fn opt_main(tool: &str, arguments: &[String], registry: &DialectRegistry) -> i32 {
    let owned: Vec<CString> = arguments.iter().filter_map(|a| CString::new(a.as_str()).ok()).collect();
    let mut argv: Vec<*mut c_char> = owned.iter().map(|a| a.as_ptr().cast_mut()).collect();
    let Ok(tool) = CString::new(tool) else { return 2 };
    // SAFETY: all strings outlive the call.
    unsafe { ffi::nbOptMain(argv.len() as c_int, argv.as_mut_ptr(), tool.as_ptr(), registry.to_raw()) }
}
