//! Each module says in its first lines what it is and why.
use crate::tree::Tree;

pub fn check(tree: &Tree, found: &mut Vec<String>) {
    for file in tree.with_extension(&["rs"]) {
        if !file.text.starts_with("//!") {
            found.push(format!("{}: no module documentation (`//!`) in the first line", file.path));
        } else if file.text.lines().next().is_some_and(|l| l.trim_start_matches("//!").trim().len() < 20) {
            found.push(format!("{}: the module documentation says too little", file.path));
        }
    }
    for file in tree.with_extension(&["py"]) {
        let first = file.text.lines().find(|l| !l.starts_with('#') && !l.trim().is_empty()).unwrap_or_default();
        let is_test_input = file.path.starts_with("lit-tests/");
        if !is_test_input && !file.text.trim().is_empty() && !first.starts_with("\"\"\"") && !first.starts_with("r\"\"\"") {
            found.push(format!("{}: no module docstring", file.path));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::problems;
    use super::check;

    #[test]
    fn wants_module_docs() {
        let good = "//! Says what this module is for.\nfn f() {}\n";
        let files = [("a.rs", good), ("b.rs", "fn f() {}\n"), ("c.rs", "//! short\n"), ("d.py", "\"\"\"Doc.\"\"\"\n"), ("e.py", "x = 1\n"), ("f/__init__.py", ""), ("lit-tests/g.py", "# RUN: x\n")];
        let found = problems(check, &files);
        assert_eq!(found.len(), 3, "{found:?}");
        assert!(found[0].starts_with("b.rs") && found[1].starts_with("c.rs") && found[2].starts_with("e.py"));
    }
}
