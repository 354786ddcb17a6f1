//! The text that a code object was compiled from.
use pyo3::prelude::*;

/// The text of a file: from disk, or else from `linecache`, which knows notebooks, doctests and text that a program has registered.
///
/// `linecache` and the codecs of other encodings are imported only when a text needs them: they would double the time of a first compilation.
pub fn text(py: Python<'_>, file: &str, globals: &Bound<'_, PyAny>) -> PyResult<Option<String>> {
    if let Some(text) = from_disk(file) {
        return Ok(Some(text));
    }
    let lines: Vec<String> = py.import("linecache")?.call_method1("getlines", (file, globals))?.extract()?;
    Ok((!lines.is_empty()).then(|| lines.concat()))
}

/// The text of a UTF-8 file; `None` when it does not exist or declares another encoding.
fn from_disk(file: &str) -> Option<String> {
    if file.starts_with('<') {
        return None;
    }
    let bytes = std::fs::read(file).ok()?;
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    let text = std::str::from_utf8(bytes).ok()?;
    let foreign = text.lines().take(2).any(|line| {
        let line = line.trim_start().to_ascii_lowercase();
        line.starts_with('#') && line.contains("coding") && !line.contains("utf-8") && !line.contains("utf8") && !line.contains("ascii")
    });
    (!foreign).then(|| text.to_string())
}
