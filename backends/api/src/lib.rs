//! What a back end is: it turns a module of the last MLIR stage into an artifact that can be stored and loaded.
//!
//! A back end knows nothing of Python, of passes before its stage, or of where artifacts are kept.
use melior::ir::OperationRef;

mod key;
pub use key::CacheKey;

/// The machine that code is generated for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Target {
    /// LLVM's triple, `x86_64-unknown-linux-gnu`
    pub triple: String,
    /// LLVM's name of the processor, `znver4`
    pub cpu: String,
    /// LLVM's feature list, `+avx2,-avx512f`
    pub features: String,
}

impl Target {
    /// Whether the processor has a feature.
    pub fn has(&self, feature: &str) -> bool {
        self.features.split(',').any(|f| f.strip_prefix('+') == Some(feature))
    }
}

/// How hard to optimise, as in a C compiler.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OptLevel {
    /// As written, for debugging
    O0,
    /// Quick to compile
    O1,
    /// Vectorised
    O2,
    /// Everything
    #[default]
    O3,
}

/// What to make besides the object code.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Effort
    pub level: OptLevel,
    /// Check the module before it is translated; a pipeline that ends in MLIR's verifier needs no second check
    pub verify: bool,
    /// Keep the optimised IR as text
    pub ir: bool,
    /// Keep the assembly as text
    pub assembly: bool,
    /// Print to standard error how long each of the back end's own passes took
    pub report: bool,
}

/// Seconds of CPU time that the steps of a compilation took: on a busy machine the clock on the wall says little.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Timings {
    /// MLIR to the back end's IR
    pub translate: f64,
    /// Optimisation
    pub optimize: f64,
    /// Code generation
    pub generate: f64,
    /// Instructions of the back end's IR before and after optimisation
    pub instructions: [u64; 2],
}

/// A compiled module.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Artifact {
    /// Object code: all that loading needs, here or in another process on an equal machine
    pub object: Vec<u8>,
    /// Functions that it offers
    pub symbols: Vec<String>,
    /// Optimised IR, if it was asked for
    pub ir: Option<String>,
    /// Assembly, if it was asked for
    pub assembly: Option<String>,
    /// Where the time went
    pub timings: Timings,
}

/// A code generator.
pub trait Backend {
    /// Name in options and messages.
    fn name(&self) -> &'static str;
    /// What code is generated for.
    fn target(&self) -> &Target;
    /// Compiles a `builtin.module` of the stage that the back end takes. The error is for the maintainers of the compiler:
    /// a module that got this far is expected to compile.
    fn compile(&self, module: OperationRef<'_, '_>, options: &Options) -> Result<Artifact, String>;
}
