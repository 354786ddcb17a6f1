//! What the rules found, and how it is shown.
use std::fmt;

/// Findings of all rules.
#[derive(Default)]
pub struct Report {
    problems: Vec<String>,
    rules: usize,
    broken: usize,
}

impl Report {
    /// Runs one rule.
    pub fn run(&mut self, name: &str, rule: impl FnOnce(&mut Vec<String>)) {
        let mut found = vec![];
        rule(&mut found);
        self.rules += 1;
        self.broken += usize::from(!found.is_empty());
        self.problems.extend(found.into_iter().map(|p| format!("{name}: {p}")));
    }

    /// Whether nothing was found.
    pub fn holds(&self) -> bool {
        self.problems.is_empty()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        for problem in &self.problems {
            writeln!(f, "{problem}")?;
        }
        writeln!(f, "tidy: {} checks hold, {} problems", self.rules - self.broken, self.problems.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_rules_and_problems() {
        let mut report = Report::default();
        report.run("a", |_| {});
        assert!(report.holds());
        report.run("b", |found| found.extend(["x".into(), "y".into()]));
        assert!(!report.holds());
        assert_eq!(report.to_string(), "b: x\nb: y\ntidy: 1 checks hold, 2 problems\n");
    }
}
