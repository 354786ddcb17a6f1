//! The session: from a Python function and argument types to code in memory, and to the text of every stage on the way.
//!
//! Frontend, passes and back end meet here and nowhere else. The crate knows neither Python's runtime nor raw MLIR handles.

mod error;
mod lower;
mod reproducer;
mod stage;
mod timing;

pub use error::CompileError;
pub use lower::finish_module;
pub use numbra_frontend_core::infer::{Annotation, Trail, machine_operations, trail::{Part, Step}};
pub use numbra_passes::eqsat_rewrite::{check_rules, use_rules};
pub use numbra_passes::remarks::Remark;
pub use stage::{STAGES, Stage};

use melior::Context;
use numbra_backend_cpu::{LoadedModule, call::Entry};
use numbra_dialects::{Diagnostic, Span, py::Ty};
use numbra_frontend_core::{host::{FunctionId, Host}, library::{self, Library}};
use std::{path::{Path, PathBuf}, sync::{Arc, OnceLock}};

thread_local! {
    // MLIR contexts are not shared between threads; one per thread costs about a millisecond once.
    static CONTEXT: Context = {
        let context = numbra_dialects::registry::new_context();
        install_passes();
        install_library();
        context
    };
}

fn install_passes() {
    static ONCE: OnceLock<()> = OnceLock::new();
    ONCE.get_or_init(|| {
        numbra_dialects::registry::register_needed_passes();
        let mut registry = numbra_passes_api::Registry::default();
        registry.add_all(numbra_frontend_core::PASSES).add_all(numbra_passes::PASSES).add_pipelines(numbra_passes::PIPELINES);
        registry.install();
    });
}

/// Where the library in Python is; see [`set_library_folder`].
static LIBRARY: OnceLock<PathBuf> = OnceLock::new();

/// Tells where the files of `numbra.lib` are, or their archive. They are read when something is first compiled.
pub fn set_library_folder(folder: PathBuf) {
    LIBRARY.get_or_init(|| folder);
}

/// Canonical paths of all library objects that compiled code may use, sorted; attributes of arrays and numbers stand with `@`.
pub fn supported() -> Vec<String> {
    CONTEXT.with(|_| ());
    let rows = numbra_frontend_core::catalog::catalogue().map(|r| r.path.to_string());
    let library = Library::get().implemented().map(str::to_string);
    let mut paths: Vec<String> = rows.chain(library).chain(numbra_frontend_core::infer::attribute_paths())
        .chain(numbra_frontend_core::build::paths().map(str::to_string)).chain([numbra_frontend_core::infer::PARTIAL.to_string()]).collect();
    paths.sort();
    paths.dedup();
    paths
}

fn install_library() {
    // Without the library numbra still works on scalars and loops, and what is missing is told where it is used; this says why.
    if let Some(Err(error)) = LIBRARY.get().map(|folder| Library::install(folder)) {
        eprintln!("numbra: the library does not compile:\n{error}");
    }
}

/// Compiles the files of a folder to the archive in it.
pub fn write_library(folder: &Path) -> Result<(), String> {
    CONTEXT.with(|context| library::write(context, folder))
}

/// A compiled function: its entry, types, and the memory that holds the code.
#[derive(Clone)]
pub struct Compiled {
    /// Takes argument slots and result slots; returns 0, or 1 with an exception pending in the runtime
    pub entry: Entry,
    /// Types of the arguments
    pub arguments: Vec<Ty>,
    /// Type of the result
    pub result: Ty,
    /// Whether it runs loops on several threads
    pub threads: bool,
    /// What compiles, but may not be what was meant
    pub warnings: Vec<Diagnostic>,
    /// Keeps the code alive
    pub module: Arc<LoadedModule>,
}

/// An array expression that is rewritten.
#[derive(Clone, Debug)]
pub struct Rewrite {
    /// Version of the function that it is in
    pub function: String,
    /// Where its last operator is written
    pub span: Option<Span>,
    /// What is written
    pub before: String,
    /// What is computed
    pub after: String,
    /// The rules applied one after the other, with what the expression is then
    pub steps: Vec<(String, String)>,
    /// Estimates before and after, in nanoseconds, of all expressions that were looked at together
    pub costs: (f64, f64),
    /// What it took
    pub statistics: String,
}

/// The process-wide compiler.
pub struct Session(());

impl Session {
    /// The session of this process.
    pub fn global() -> &'static Session {
        static SESSION: Session = Session(());
        &SESSION
    }

    /// Compiles `root` and all that it calls for these argument types. The version gives a value of type `result`, where there is one and what
    /// `root` returns converts to it.
    pub fn compile(&self, host: &dyn Host, root: FunctionId, arguments: &[Ty], result: Option<&Ty>) -> Result<Compiled, CompileError> {
        CONTEXT.with(|context| lower::compile(context, host, root, arguments, result))
    }

    /// The types that inference finds for the parameters and expressions of `root`, in source order.
    pub fn annotations(&self, host: &dyn Host, root: FunctionId, arguments: &[Ty]) -> Result<Vec<Annotation>, CompileError> {
        CONTEXT.with(|context| lower::annotations(context, host, root, arguments))
    }

    /// How inference comes to the types of `root` and of the functions that it calls; inference's own errors are parts of the trails.
    pub fn trails(&self, host: &dyn Host, root: FunctionId, arguments: &[Ty]) -> Result<Vec<Trail>, CompileError> {
        CONTEXT.with(|context| lower::trails(context, host, root, arguments))
    }

    /// What rewriting does to the array expressions of `root` and of the functions that it calls.
    pub fn rewrites(&self, host: &dyn Host, root: FunctionId, arguments: &[Ty]) -> Result<Vec<Rewrite>, CompileError> {
        CONTEXT.with(|context| lower::rewrites(context, host, root, arguments))
    }

    /// What the passes tell of threads.
    pub fn remarks(&self, host: &dyn Host, root: FunctionId, arguments: &[Ty]) -> Result<Vec<Remark>, CompileError> {
        CONTEXT.with(|context| lower::remarks(context, host, root, arguments))
    }

    /// The text of one stage: `untyped`, `typed`, `rewritten`, `fused`, `std`, `llvm`, `llvmir` or `asm`.
    pub fn stage(&self, host: &dyn Host, root: FunctionId, arguments: &[Ty], stage: &str) -> Result<String, CompileError> {
        CONTEXT.with(|context| lower::text(context, host, root, arguments, stage))
    }
}
