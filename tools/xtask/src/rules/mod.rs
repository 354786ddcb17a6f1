//! The rules: one file each, one row each.
use crate::tree::Tree;

mod docs;
mod layers;
mod leftovers;
mod passes;
mod size;
mod unsafety;
mod words;

/// A rule adds a line for each problem that it finds.
pub type Rule = fn(&Tree, &mut Vec<String>);

/// All rules.
pub const RULES: &[(&str, Rule)] = &[
    ("docs", docs::check),
    ("layers", layers::check),
    ("leftovers", leftovers::check),
    ("passes", passes::check),
    ("size", size::check),
    ("unsafe", unsafety::check),
    ("words", words::check),
];

/// Runs one rule over a small tree.
#[cfg(test)]
fn problems(rule: Rule, files: &[(&str, &str)]) -> Vec<String> {
    let mut found = vec![];
    rule(&Tree::of(files), &mut found);
    found
}
