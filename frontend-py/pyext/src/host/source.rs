//! The text that a code object was compiled from, and where in it.
use numbra_frontend_core::host::Hint;
use pyo3::{prelude::*, types::PyTuple};

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

/// What tells a lambda from others on its line: where its instructions come from, which Python tells from 3.11 on, and its parameters.
/// Functions with a name need no hint.
pub fn hint(code: &Bound<'_, PyAny>) -> PyResult<Hint> {
    if code.getattr("co_name")?.extract::<String>()? != "<lambda>" {
        return Ok(Hint::default());
    }
    type Position = (Option<usize>, Option<usize>, Option<usize>, Option<usize>);
    let mut extent: Option<[(usize, usize); 2]> = None;
    if let Ok(positions) = code.call_method0("co_positions") {
        for position in positions.try_iter()? {
            let (Some(line), Some(end_line), Some(column), Some(end_column)) = position?.extract::<Position>()? else { continue };
            let (start, end) = ((line, column), (end_line, end_column));
            // Instructions that no source stands for have an empty range.
            if start < end {
                extent = Some(extent.map_or([start, end], |[first, last]| [first.min(start), last.max(end)]));
            }
        }
    }
    let count = code.getattr("co_argcount")?.extract::<usize>()? + code.getattr("co_kwonlyargcount")?.extract::<usize>()?;
    let names = code.getattr("co_varnames")?.cast_into::<PyTuple>()?;
    let parameters = names.iter().take(count).map(|n| n.extract()).collect::<PyResult<_>>()?;
    Ok(Hint { code: extent, parameters: Some(parameters) })
}
