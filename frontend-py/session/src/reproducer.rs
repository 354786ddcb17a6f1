//! Reproducers: when the compiler itself fails, the module that it failed on goes to a file that `numba-opt` can run.
use std::path::PathBuf;

/// Writes a reproducer and returns its path; `None` when the temporary folder cannot be written.
pub fn write(module: &str, pipeline: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("NUMBRA_REPRODUCER_DIR").map_or_else(std::env::temp_dir, PathBuf::from);
    let stamp = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(0, |d| d.as_nanos());
    let path = folder.join(format!("numbra-reproducer-{}-{stamp}.mlir", std::process::id()));
    let text = format!("// numba-opt --pass-pipeline='builtin.module({pipeline})' {}\n{module}\n", path.display());
    std::fs::write(&path, text).ok()?;
    Some(path)
}
