//! The compile options of a function, and the attributes that float and integer ops carry because of them.
//!
//! These attributes have no constructor in MLIR's C API: they are parsed, once per function.
use melior::{Context, ir::{Attribute, OperationRef, attribute::{ArrayAttribute, BoolAttribute, DictionaryAttribute, StringAttribute}, operation::OperationLike}};

/// Options that change code.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct Options {
    pub boundscheck: bool,
    /// Division by zero as NumPy does it, instead of ZeroDivisionError
    pub numpy_errors: bool,
    pub fastmath: Vec<String>,
    /// Whether loops over elements run on several threads
    pub parallel: bool,
    /// `never`, `always` or anything else
    pub inline: String,
    /// Rules for array expressions, as text
    pub rewrite_rules: Option<String>,
}

impl Options {
    /// Reads the `options` of a `py.func`; missing keys have their defaults.
    pub fn of<'c: 'a, 'a>(func: OperationRef<'c, 'a>) -> Options {
        let dictionary = func.attribute("options").ok().and_then(|a| DictionaryAttribute::try_from(a).ok());
        let get = |name: &str| dictionary.and_then(|d| d.element_by_name(name));
        let text = |name: &str| get(name).and_then(|a| StringAttribute::try_from(a).ok()).map(|s| s.value().to_string());
        let fastmath = get("fastmath").and_then(|a| ArrayAttribute::try_from(a).ok()).map(|a| {
            (0..a.len()).filter_map(|i| StringAttribute::try_from(a.element(i).ok()?).ok()).map(|s| s.value().to_string()).collect()
        });
        let flag = |name: &str| get(name).and_then(|a| BoolAttribute::try_from(a).ok()).map(|b| b.value());
        Options {
            boundscheck: flag("boundscheck").unwrap_or(true),
            parallel: flag("parallel").unwrap_or(false),
            numpy_errors: text("error_model").as_deref() == Some("numpy"),
            fastmath: fastmath.unwrap_or_default(),
            inline: text("inline").unwrap_or_default(),
            rewrite_rules: text("rewrite_rules"),
        }
    }
}

/// Flags of ops; `None` where an op needs none.
#[derive(Clone, Copy, Default)]
pub struct FastMath<'c> {
    /// For `arith` ops
    pub arith: Option<Attribute<'c>>,
    /// For `llvm` ops
    pub llvm: Option<Attribute<'c>>,
    /// No signed wrap
    pub nsw: Option<Attribute<'c>>,
    /// For sums that may be regrouped whatever the options say
    pub reassoc: Option<Attribute<'c>>,
    /// For minima and maxima that may take either of two zeros
    pub nsz: Option<Attribute<'c>>,
}

impl<'c> FastMath<'c> {
    /// From the names that numba and LLVM share (`contract`, `reassoc`, ..., `fast`).
    pub fn new(context: &'c Context, names: &[String]) -> Self {
        const KNOWN: &[&str] = &["reassoc", "nnan", "ninf", "nsz", "arcp", "contract", "afn", "fast"];
        let names: Vec<&str> = KNOWN.iter().copied().filter(|k| names.iter().any(|n| n == k)).collect();
        let list = names.join(",");
        let parse = |text: String| Attribute::parse(context, &text);
        Self {
            arith: if names.is_empty() { None } else { parse(format!("#arith.fastmath<{list}>")) },
            llvm: if names.is_empty() { None } else { parse(format!("#llvm.fastmath<{list}>")) },
            nsw: parse("#arith.overflow<nsw>".into()),
            nsz: parse(if names.is_empty() { "#arith.fastmath<nsz>".into() } else { format!("#arith.fastmath<nsz,{list}>") }),
            reassoc: parse(if names.is_empty() { "#arith.fastmath<reassoc>".into() } else { format!("#arith.fastmath<reassoc,{list}>") }),
        }
    }
}
