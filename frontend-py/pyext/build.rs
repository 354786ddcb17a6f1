//! Link options of the extension module.
use std::{env, fs, io, path::Path, process::Command};

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    if env::var("CARGO_CFG_TARGET_OS").is_ok_and(|os| os == "linux") {
        // LLVM's tables need ninety thousand relative relocations. Packed, they take kilobytes instead of megabytes to read at every import.
        println!("cargo:rustc-cdylib-link-arg=-Wl,-z,pack-relative-relocs");
        if let Err(error) = prefer_static("libzstd.a") {
            println!("cargo:warning=libzstd is linked dynamically: {error}");
        }
    }
}

/// LLVM compresses with zstd, which not every machine has: a folder with nothing but the archive comes first in the linker's search, so that
/// `-lzstd` finds the archive and the wheel needs no library beside it.
fn prefer_static(archive: &str) -> io::Result<()> {
    let compiler = env::var("CC").unwrap_or_else(|_| "cc".into());
    let found = Command::new(compiler).arg(format!("-print-file-name={archive}")).output()?.stdout;
    let path = String::from_utf8_lossy(&found).trim().to_string();
    // A compiler that does not find the file prints the name as it was given.
    if !Path::new(&path).is_absolute() {
        return Err(io::Error::new(io::ErrorKind::NotFound, format!("no {archive}")));
    }
    let folder = Path::new(&env::var_os("OUT_DIR").unwrap_or_default()).join("static");
    fs::create_dir_all(&folder)?;
    fs::copy(path, folder.join(archive))?;
    println!("cargo:rustc-link-search=native={}", folder.display());
    Ok(())
}
