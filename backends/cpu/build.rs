//! Compiles the C++ shim with the flags that LLVM's own libraries were built with, but with exceptions: a fatal error of LLVM becomes one.
use std::{env, path::PathBuf};

fn main() {
    for name in ["cpp", "build.rs"] {
        println!("cargo:rerun-if-changed={name}");
    }
    println!("cargo:rerun-if-env-changed=MLIR_SYS_220_PREFIX");
    let llvm = PathBuf::from(env::var("MLIR_SYS_220_PREFIX").expect("MLIR_SYS_220_PREFIX names the LLVM 22 installation"));
    let sources = ["Target", "Optimizer", "Pipeline", "StackPromotion", "Streaming", "Compile", "Jit"].map(|f| format!("cpp/{f}.cpp"));
    // NDEBUG: without it `llvm::Statistic` has another layout than in the release libraries.
    let mut build = cc::Build::new();
    build.cpp(true).std("c++17").warnings(false).opt_level(2).define("NDEBUG", None).define("_GNU_SOURCE", None);
    for flag in ["-fexceptions", "-fvisibility-inlines-hidden", "-ffunction-sections", "-fdata-sections"] {
        build.flag(flag);
    }
    for limits in ["__STDC_CONSTANT_MACROS", "__STDC_FORMAT_MACROS", "__STDC_LIMIT_MACROS"] {
        build.define(limits, None);
    }
    build.include(llvm.join("include")).files(sources).compile("numbra_backend_cpu_shim");
}
