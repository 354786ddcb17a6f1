//! Diagnostics: a stable code, a message, the place, and notes. Passes emit them through MLIR, so that `numba-opt` shows and tests
//! them like MLIR's own; whoever drives a compilation collects them back with [`collect`].
use crate::{Span, ffi};
use melior::{Context, diagnostic::DiagnosticSeverity, ir::Location};
use std::{cell::RefCell, rc::Rc};

/// What class of Python exception a diagnostic becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorClass {
    /// The source is not Python, or not found
    Syntax,
    /// Types do not fit
    Typing,
    /// numbra does not support the construct
    Unsupported,
    /// Compiled, but perhaps not what was meant
    Doubtful,
    /// A failure inside the compiler
    Internal,
}

macro_rules! codes {
    ($($code:ident $class:ident $title:literal;)*) => {
        /// Stable code of a diagnostic. Never renumbered or reused.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[allow(missing_docs)]
        pub enum Code { $($code),* }
        /// All codes with their class and a general title.
        pub const CODES: &[(Code, &str, ErrorClass, &str)] = &[$((Code::$code, stringify!($code), ErrorClass::$class, $title)),*];
    };
}

codes! {
    NB0001 Syntax      "invalid syntax";
    NB0002 Syntax      "source text is not available";
    NB0003 Syntax      "rewrite rules are wrong";
    NB0100 Unsupported "statement is not supported";
    NB0101 Unsupported "expression is not supported";
    NB0102 Unsupported "parameter form is not supported";
    NB0103 Unsupported "library function is not supported";
    NB0104 Unsupported "type of a global or captured value is not supported";
    NB0105 Unsupported "argument type is not supported";
    NB0200 Typing      "operands do not fit the operator";
    NB0201 Typing      "no overload accepts these arguments";
    NB0202 Typing      "types cannot be unified";
    NB0203 Typing      "unknown attribute";
    NB0204 Typing      "object cannot be indexed this way";
    NB0205 Typing      "object cannot be iterated or unpacked";
    NB0206 Typing      "name is not defined";
    NB0207 Typing      "wrong number or names of arguments";
    NB0208 Typing      "object cannot be called";
    NB0209 Typing      "array is read-only";
    NB0210 Typing      "value has no type: it is never assigned or the function never returns";
    NB0211 Typing      "object cannot be raised";
    NB0212 Typing      "object has no truth value";
    NB0300 Typing      "iterations of a parallel loop depend on each other";
    NB0301 Unsupported "parallel loop is not supported";
    NB0400 Doubtful    "whole numbers become floats";
    NB0900 Internal    "internal compiler error";
}

impl Code {
    fn row(self) -> &'static (Code, &'static str, ErrorClass, &'static str) {
        &CODES[self as usize]
    }
    /// `NB0201`
    pub fn name(self) -> &'static str {
        self.row().1
    }
    /// The class of exception.
    pub fn class(self) -> ErrorClass {
        self.row().2
    }
    /// What the code means in general.
    pub fn title(self) -> &'static str {
        self.row().3
    }
    /// By name.
    pub fn from_name(name: &str) -> Option<Code> {
        CODES.iter().find(|r| r.1 == name).map(|r| r.0)
    }
}

/// How grave a diagnostic is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Severity {
    Error,
    Warning,
    Remark,
}

/// An addition to a diagnostic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note {
    /// Text at another place of the source (or at the same place: then it is the label of the primary span)
    Label(Span, String),
    /// Text with no place
    Note(String),
    /// What to do instead
    Help(String),
}

/// One diagnostic.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Diagnostic {
    pub severity: Severity,
    pub code: Code,
    pub message: String,
    /// Where; `None` only for failures inside the compiler
    pub span: Option<Span>,
    pub notes: Vec<Note>,
}

impl Diagnostic {
    /// A new error.
    pub fn error(code: Code, span: Option<Span>, message: impl Into<String>) -> Self {
        Self { severity: Severity::Error, code, message: message.into(), span, notes: vec![] }
    }

    /// A new warning.
    pub fn warning(code: Code, span: Option<Span>, message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, span, message) }
    }

    /// Adds text at a place of the source.
    pub fn label(mut self, span: Option<Span>, text: impl Into<String>) -> Self {
        let text = text.into();
        self.notes.push(match span {
            Some(span) => Note::Label(span, text),
            None => Note::Note(text),
        });
        self
    }

    /// Adds text with no place.
    pub fn note(mut self, text: impl Into<String>) -> Self {
        self.notes.push(Note::Note(text.into()));
        self
    }

    /// Adds advice.
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.notes.push(Note::Help(text.into()));
        self
    }

    /// Hands the diagnostic to MLIR's engine: `[NB0201] message`, with `help: ` before advice.
    pub fn emit(&self, context: &Context) {
        let place = |span: Option<&Span>| span.map_or_else(|| Location::unknown(context), |s| s.location(context));
        let message = format!("[{}] {}", self.code.name(), self.message);
        let notes: Vec<(Location, String)> = self.notes.iter().map(|n| match n {
            Note::Label(span, text) => (place(Some(span)), text.clone()),
            Note::Note(text) => (place(None), text.clone()),
            Note::Help(text) => (place(None), format!("help: {text}")),
        }).collect();
        let raw: Vec<_> = notes.iter().map(|(l, m)| ffi::NbNote { location: l.to_raw(), message: ffi::string_ref(m) }).collect();
        // SAFETY: all strings and locations outlive the call, which copies them.
        unsafe { ffi::nbEmitDiagnostic(place(self.span.as_ref()).to_raw(), self.severity as i32, ffi::string_ref(&message), raw.len() as isize, raw.as_ptr()) }
    }
}

/// Emits a remark: what a pass reports that is neither an error nor a warning, for `numba-opt` to print.
pub fn remark(location: Location, message: &str) {
    // SAFETY: the location and the text outlive the call, which copies them.
    unsafe { ffi::nbEmitDiagnostic(location.to_raw(), Severity::Remark as i32, ffi::string_ref(message), 0, std::ptr::null()) }
}

/// Runs `work` and returns with its result all diagnostics that were emitted meanwhile on this context.
/// One without a code of ours comes from MLIR itself and is an internal error.
pub fn collect<R>(context: &Context, work: impl FnOnce() -> R) -> (R, Vec<Diagnostic>) {
    let found = Rc::new(RefCell::new(Vec::new()));
    let sink = found.clone();
    let handler = context.attach_diagnostic_handler(move |d| {
        sink.borrow_mut().push(rebuild(&d));
        true
    });
    let result = work();
    context.detach_diagnostic_handler(handler);
    let diagnostics = found.take();
    (result, diagnostics)
}

fn rebuild(d: &melior::diagnostic::Diagnostic) -> Diagnostic {
    let severity = match d.severity() {
        DiagnosticSeverity::Warning => Severity::Warning,
        DiagnosticSeverity::Remark | DiagnosticSeverity::Note => Severity::Remark,
        DiagnosticSeverity::Error => Severity::Error,
    };
    let text = d.to_string();
    let (code, message) = text.strip_prefix('[').and_then(|t| t.split_once("] ")).and_then(|(c, m)| Some((Code::from_name(c)?, m.to_string())))
        .unwrap_or((Code::NB0900, text.clone()));
    let mut notes = vec![];
    for i in 0..d.note_count() {
        let Ok(note) = d.note(i) else { continue };
        let text = note.to_string();
        notes.push(match (text.strip_prefix("help: "), Span::of(note.location())) {
            (Some(help), _) => Note::Help(help.to_string()),
            (None, Some(span)) => Note::Label(span, text),
            (None, None) => Note::Note(text),
        });
    }
    Diagnostic { severity, code, message, span: Span::of(d.location()), notes }
}
