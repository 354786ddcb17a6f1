//! Link options of the extension module.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    // LLVM's tables need ninety thousand relative relocations. Packed, they take kilobytes instead of megabytes to read at every import.
    if std::env::var("CARGO_CFG_TARGET_OS").is_ok_and(|os| os == "linux") {
        println!("cargo:rustc-cdylib-link-arg=-Wl,-z,pack-relative-relocs");
    }
}
