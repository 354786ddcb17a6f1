//! What was rewritten, for people.
use melior::ir::Location;
use std::fmt;

/// One application of a rule.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct Step {
    pub rule: String,
    /// The whole expression behind it
    pub expression: String,
}

/// An expression that was rewritten.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct Report<'c> {
    pub function: String,
    pub location: Location<'c>,
    pub before: String,
    pub after: String,
    pub steps: Vec<Step>,
    /// Estimated time in nanoseconds, of all expressions that were looked at together
    pub cost_before: f64,
    pub cost_after: f64,
    /// What the e-graph held, if that was asked for
    pub statistics: Option<String>,
}

impl fmt::Display for Report<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}  ->  {}  [{:.0} -> {:.0} ns]", self.before, self.after, self.cost_before, self.cost_after)?;
        for step in &self.steps {
            write!(f, "\n  {}: {}", step.rule, step.expression)?;
        }
        if let Some(statistics) = &self.statistics {
            write!(f, "\n  {statistics}")?;
        }
        Ok(())
    }
}

/// A text in which functions of elements have the names of the universal functions that they belong to.
pub fn plain(text: &str) -> String {
    const START: &str = "numbra.lib.elements.elementwise._call(`numpy.";
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(START) {
        out.push_str(&rest[..at]);
        let name = &rest[at + START.len()..];
        let Some((end, close)) = name.find('`').zip(name.find(')')) else { break };
        out.push_str("np.");
        out.push_str(&name[..end]);
        rest = name[close + 1..].trim_start_matches('\'');
    }
    out + rest
}

/// A text in which `v3` stands for a leaf, with the names of leaves.
pub fn named(text: &str, names: &[String]) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('v') {
        let digits = rest[at + 1..].find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len() - at - 1);
        let alone = !rest[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_') && !rest[at + 1 + digits..].starts_with(|c: char| c.is_alphanumeric() || c == '_');
        let name = rest[at + 1..at + 1 + digits].parse::<usize>().ok().filter(|_| alone).and_then(|k| names.get(k));
        out.push_str(&rest[..at]);
        out.push_str(name.map_or(&rest[at..at + 1 + digits], |n| n));
        rest = &rest[at + 1 + digits..];
    }
    out + rest
}
