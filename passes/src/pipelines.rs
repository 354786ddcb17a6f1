//! The pipelines, as text: what a user can print, edit and run. Each name is a stage; the stages are meant to run one after the other.
//!
//! Every MLIR pass costs compile time on every function, so a stage has no pass that later stages or LLVM's own optimiser make needless.
use numbra_passes_api::Pipeline;

/// From untyped to typed `py`.
pub const TYPED: &str = "py-infer-types";
/// Array expressions in typed `py` in their cheapest form.
pub const REWRITTEN: &str = "array-inline,eqsat-rewrite";
/// Array expressions in typed `py`: their cheapest form, and single passes over memory of that.
pub const ARRAYS: &str = "array-inline,eqsat-rewrite,array-fuse";
/// From typed `py` to `func`, `cf`, `arith`, `llvm`.
pub const STD: &str = "array-inline,eqsat-rewrite,array-fuse,array-from-elements,py-outline-parallel,py-insert-refcounts,convert-py-to-std";
/// From there to the `llvm` dialect alone, with the entries that the world calls.
pub const LLVM: &str = "convert-to-llvm,llvm-add-entries";
/// From typed `py` to the `llvm` dialect: what every compilation runs.
pub const LOWER: &str = "array-inline,eqsat-rewrite,array-fuse,array-from-elements,py-outline-parallel,py-insert-refcounts,convert-py-to-std,convert-to-llvm,llvm-add-entries";
/// The same where reference counts are there already.
pub const AFTER_REFCOUNTS: &str = "convert-py-to-std,convert-to-llvm,llvm-add-entries";
/// From untyped `py` to the `llvm` dialect.
pub const WHOLE: &str = "py-infer-types,array-inline,eqsat-rewrite,array-fuse,array-from-elements,py-outline-parallel,py-insert-refcounts,convert-py-to-std,convert-to-llvm,llvm-add-entries";

/// All pipelines.
pub const PIPELINES: &[Pipeline] = &[
    Pipeline { name: "numbra-typed", description: "Infer the types of every function that is asked for", text: TYPED },
    Pipeline { name: "numbra-std", description: "Typed py to func, cf, arith and llvm", text: STD },
    Pipeline { name: "numbra-llvm", description: "func, cf, arith to the llvm dialect", text: LLVM },
    Pipeline { name: "numbra-compile", description: "Everything: untyped py to the llvm dialect", text: WHOLE },
];
