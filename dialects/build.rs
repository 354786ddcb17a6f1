//! Runs mlir-tblgen over `td/` and compiles the C++ shim with the flags that MLIR's own libraries were built with.
use std::{env, path::PathBuf, process::Command};

fn main() {
    for name in ["td", "cpp", "build.rs"] {
        println!("cargo:rerun-if-changed={name}");
    }
    println!("cargo:rerun-if-env-changed=MLIR_SYS_220_PREFIX");
    let llvm = PathBuf::from(env::var("MLIR_SYS_220_PREFIX").expect("MLIR_SYS_220_PREFIX names the LLVM 22 installation"));
    let out = PathBuf::from(env::var("OUT_DIR").expect("cargo sets OUT_DIR"));
    let include = llvm.join("include");
    let tablegen = |generator: &[&str], file: &str| {
        let status = Command::new(llvm.join("bin/mlir-tblgen")).args(generator).arg("td/PyTypedOps.td").arg("-I").arg(&include).args(["-I", "td", "-o"]).arg(out.join(file)).status();
        assert!(status.is_ok_and(|s| s.success()), "mlir-tblgen {generator:?} failed");
    };
    tablegen(&["-gen-dialect-decls", "-dialect=py"], "PyDialect.h.inc");
    tablegen(&["-gen-dialect-defs", "-dialect=py"], "PyDialect.cpp.inc");
    tablegen(&["-gen-typedef-decls", "-typedefs-dialect=py"], "PyTypes.h.inc");
    tablegen(&["-gen-typedef-defs", "-typedefs-dialect=py"], "PyTypes.cpp.inc");
    tablegen(&["-gen-attrdef-decls", "-attrdefs-dialect=py"], "PyAttributes.h.inc");
    tablegen(&["-gen-attrdef-defs", "-attrdefs-dialect=py"], "PyAttributes.cpp.inc");
    tablegen(&["-gen-enum-decls"], "PyEnums.h.inc");
    tablegen(&["-gen-enum-defs"], "PyEnums.cpp.inc");
    tablegen(&["-gen-op-decls"], "PyOps.h.inc");
    tablegen(&["-gen-op-defs"], "PyOps.cpp.inc");
    let sources = ["PyDialect", "PyCApi", "Diagnostics", "Pass", "OptMain", "Properties", "Registration"].map(|f| format!("cpp/{f}.cpp"));
    // NDEBUG: without it `llvm::Statistic` has another layout than in the release libraries.
    let mut build = cc::Build::new();
    build.cpp(true).std("c++17").warnings(false).opt_level(2).define("NDEBUG", None).define("_GNU_SOURCE", None);
    for flag in ["-fno-exceptions", "-funwind-tables", "-fvisibility-inlines-hidden", "-ffunction-sections", "-fdata-sections"] {
        build.flag(flag);
    }
    for limits in ["__STDC_CONSTANT_MACROS", "__STDC_FORMAT_MACROS", "__STDC_LIMIT_MACROS"] {
        build.define(limits, None);
    }
    build.include(&include).include(&out).files(sources).compile("numbra_dialects_shim");
}
