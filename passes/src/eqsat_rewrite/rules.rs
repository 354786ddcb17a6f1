//! The rules of programs: of all that is compiled from some time on, of one function, or of a file that is named on the command line. All are used beside those of numbra.
use crate::conversion::py_to_std::flags::Options;
use melior::{Context, ir::{OperationRef, operation::OperationLike}};
use numbra_eqsat::{RuleError, Rules};
use numbra_passes_api::{Code, Diagnostic, Span};
use std::{
    collections::HashMap,
    sync::{Arc, LazyLock, Mutex, PoisonError, RwLock},
};

/// Rules that programs use beside those of numbra, together with these.
static RULES: RwLock<Option<Arc<Rules>>> = RwLock::new(None);

/// Rules of functions that have been read, by their text: they are tried on random operands only once.
static READ: LazyLock<Mutex<HashMap<String, Arc<Rules>>>> = LazyLock::new(Mutex::default);

/// Uses the rules of a text beside those of numbra from now on, or these alone. Rules that are wrong are refused.
pub fn use_rules(text: Option<&str>, file: &str) -> Result<(), Vec<RuleError>> {
    let rules = text.map(|t| Rules::parse(t, file)).transpose()?;
    let together = rules.map(|r| Arc::new(Rules::builtin().with(&r)));
    *RULES.write().unwrap_or_else(PoisonError::into_inner) = together;
    Ok(())
}

/// The rules that are used.
pub fn rules() -> Arc<Rules> {
    let used = RULES.read().unwrap_or_else(PoisonError::into_inner).clone();
    used.unwrap_or_else(|| {
        static BUILTIN: LazyLock<Arc<Rules>> = LazyLock::new(|| Arc::new(Rules::builtin().clone()));
        BUILTIN.clone()
    })
}

/// What is wrong with the rules of a text, which are to be those of a function.
pub fn check_rules(text: &str, file: &str) -> Result<(), Vec<RuleError>> {
    read(text, file).map(|_| ())
}

fn read(text: &str, file: &str) -> Result<Arc<Rules>, Vec<RuleError>> {
    let known = || READ.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(rules) = known().get(text) {
        return Ok(rules.clone());
    }
    let rules = Arc::new(Rules::parse(text, file)?);
    known().insert(text.to_string(), rules.clone());
    Ok(rules)
}

/// These rules and those of a function with these options, if it has some.
pub(super) fn of_function<'r>(rules: &'r Rules, options: &Options) -> std::borrow::Cow<'r, Rules> {
    let own = options.rewrite_rules.as_ref().and_then(|text| read(text, "").ok());
    own.map_or(std::borrow::Cow::Borrowed(rules), |own| std::borrow::Cow::Owned(rules.with(&own)))
}

/// Tells what is wrong with the rules of a function; whether nothing is.
pub(super) fn told(context: &Context, function: OperationRef, options: &Options) -> bool {
    let Some(Err(errors)) = options.rewrite_rules.as_ref().map(|text| read(text, "rewrite_rules")) else { return true };
    for error in errors {
        Diagnostic::error(Code::NB0003, Span::of(function.location()), error.to_string()).emit(context);
    }
    false
}

/// The rules of a file beside those that are used; what is wrong with them is told at its place.
pub(super) fn with_file(context: &Context, file: &str) -> Option<Arc<Rules>> {
    let tell = |line, column, reason: String| Diagnostic::error(Code::NB0003, Some(Span { file: file.into(), start_line: line, start_column: column, end_line: line, end_column: column + 1 }), reason).emit(context);
    match std::fs::read_to_string(file) {
        Err(error) => {
            tell(1, 1, format!("the rules cannot be read: {error}"));
            None
        }
        Ok(text) => match Rules::parse(&text, file) {
            Ok(more) => Some(Arc::new(rules().with(&more))),
            Err(errors) => {
                errors.into_iter().for_each(|e| tell(e.line, e.column, e.reason));
                None
            }
        },
    }
}
