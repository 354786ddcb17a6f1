//! Imports a `.py` file and hands it to mlir-opt as a temporary file with locations.
use melior::ir::{Module, operation::{OperationLike, OperationPrintingFlags}};
use numbra_frontend_core::{import_file, render};
use std::path::{Path, PathBuf};

/// A file that is removed when dropped.
pub struct Temporary(PathBuf);

impl Temporary {
    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        // Left behind at worst: the folder is the system's for temporary files.
        let _ = std::fs::remove_file(&self.0);
    }
}

/// Reads a `.py` file and imports all functions; diagnostics come back rendered.
pub fn import<'c>(context: &'c melior::Context, path: &str) -> Result<Module<'c>, String> {
    let text = std::fs::read_to_string(path).map_err(|e| format!("{path}: {e}"))?;
    import_file(context, path, &text).map_err(|diagnostics| render::render(&diagnostics, &render::from_disk, false))
}

/// Imports a `.py` file into a temporary `.mlir` file.
pub fn to_temporary(path: &str) -> Result<Temporary, String> {
    let context = numbra_dialects::registry::new_context();
    let module = import(&context, path)?;
    let flags = OperationPrintingFlags::new().enable_debug_info(true, false);
    let text = module.as_operation().to_string_with_flags(flags).map_err(|e| e.to_string())?;
    let file = std::env::temp_dir().join(format!("numba-opt-{}.mlir", std::process::id()));
    std::fs::write(&file, text).map_err(|e| format!("{}: {e}", file.display()))?;
    Ok(Temporary(file))
}
