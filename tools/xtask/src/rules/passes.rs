//! Each pass has a lit test of its name: `argument: "py-x"` in a crate with passes wants `lit-tests/Passes/py-x.mlir` (or `.py`).
//! An empty folder is let pass: a checkout that has no lit tests at all is not about to test passes.
use crate::tree::Tree;

/// Where passes live.
const FOLDERS: &[&str] = &["passes/src/", "frontend-py/core/src/"];
const FOLDER: &str = "lit-tests/Passes/";

pub fn check(tree: &Tree, found: &mut Vec<String>) {
    if tree.under(FOLDER).next().is_none() {
        return;
    }
    for file in FOLDERS.iter().flat_map(|folder| tree.under(folder)) {
        for name in names(&file.text) {
            if !["mlir", "py"].iter().any(|e| tree.has(&format!("{FOLDER}{name}.{e}"))) {
                found.push(format!("{}: pass `{name}` has no test {FOLDER}{name}.mlir", file.path));
            }
        }
    }
}

/// The literals after `argument:`.
fn names(text: &str) -> impl Iterator<Item = &str> {
    text.split("argument:").skip(1).filter_map(|rest| rest.trim_start().strip_prefix('"')?.split('"').next())
}

#[cfg(test)]
mod tests {
    use super::super::problems;
    use super::check;

    #[test]
    fn wants_a_test_of_the_name() {
        let pass = "//! Doc.\npub const PASS: P = P { argument: \"py-infer-types\", summary: \"x\" };\n";
        assert!(problems(check, &[("passes/src/a.rs", pass)]).is_empty());
        assert_eq!(problems(check, &[("passes/src/a.rs", pass), ("lit-tests/Passes/other.mlir", "")]).len(), 1);
        assert!(problems(check, &[("passes/src/a.rs", pass), ("lit-tests/Passes/py-infer-types.mlir", "")]).is_empty());
    }
}
