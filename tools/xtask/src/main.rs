//! Chores of the repository, run as `cargo xtask COMMAND`. Knows nothing of MLIR, so that it builds in a second.
use std::{env, process::ExitCode};

mod manifest;
mod report;
mod rules;
mod tree;

use report::Report;
use tree::Tree;

const USAGE: &str = "usage: cargo xtask tidy\n\n  tidy   checks the rules of the tree: sizes, module docs, layers, words, unsafe code, tests of passes";

fn main() -> ExitCode {
    match env::args().nth(1).as_deref() {
        Some("tidy") => tidy(),
        _ => {
            eprintln!("{USAGE}");
            ExitCode::from(2)
        }
    }
}

fn tidy() -> ExitCode {
    let tree = match Tree::of_checkout() {
        Ok(tree) => tree,
        Err(error) => {
            eprintln!("tidy: {error}");
            return ExitCode::FAILURE;
        }
    };
    let mut report = Report::default();
    for (name, rule) in rules::RULES {
        report.run(name, |r| rule(&tree, r));
    }
    eprint!("{report}");
    if report.holds() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
