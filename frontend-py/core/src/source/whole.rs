//! Whole files, parsed once and kept for the next function of the same text.
use super::Unit;
use numbra_dialects::Diagnostic;
use std::sync::{Arc, Mutex, PoisonError};

/// As many files as are kept; a program compiles functions of few files at a time.
const KEPT: usize = 8;
static FILES: Mutex<Vec<(Arc<str>, Arc<Unit>)>> = Mutex::new(Vec::new());

/// Parses a file, or finds it among those parsed before.
pub fn parse(text: &Arc<str>, file: &str) -> Result<Arc<Unit>, Diagnostic> {
    let same = |other: &Arc<str>| Arc::ptr_eq(other, text) || **other == **text;
    if let Some((_, unit)) = FILES.lock().unwrap_or_else(PoisonError::into_inner).iter().find(|(t, _)| same(t)) {
        return Ok(unit.clone());
    }
    let unit = Arc::new(parse_file(text, file)?);
    let mut files = FILES.lock().unwrap_or_else(PoisonError::into_inner);
    if files.len() >= KEPT {
        files.remove(0);
    }
    files.push((text.clone(), unit.clone()));
    Ok(unit)
}

/// Parses a file. Text that starts indented (a function cut out of a class, a cell) is accepted too.
pub fn parse_file(text: &Arc<str>, file: &str) -> Result<Unit, Diagnostic> {
    match Unit::parse(text, 0, text.len(), 1, "") {
        Ok(unit) => Ok(unit),
        Err(failed) => {
            let (unit, error) = *failed;
            let first = text.lines().find(|l| !l.trim().is_empty());
            if first.is_some_and(|l| l.starts_with([' ', '\t'])) && let Ok(unit) = Unit::parse(text, 0, text.len(), 1, "if 1:\n") {
                return Ok(unit);
            }
            Err(unit.syntax_error(file, &error))
        }
    }
}
