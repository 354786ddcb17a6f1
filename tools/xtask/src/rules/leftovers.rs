//! Nothing unfinished and no debugging aid stays in the code.
use crate::tree::Tree;

/// Names of macros, without the `!` that would make this file match.
const MACROS: &[&str] = &["todo", "unimplemented", "dbg"];

pub fn check(tree: &Tree, found: &mut Vec<String>) {
    for file in tree.with_extension(&["rs"]) {
        for (number, line) in file.text.lines().enumerate() {
            let code = line.split("//").next().unwrap_or_default();
            for name in MACROS {
                if code.contains(&format!("{name}!(")) {
                    found.push(format!("{}:{}: {name}! is left in the code", file.path, number + 1));
                }
            }
        }
    }
    for file in tree.with_extension(&["py"]) {
        for (number, line) in file.text.lines().enumerate() {
            if line.trim_start().starts_with("breakpoint()") || line.contains("import pdb") {
                found.push(format!("{}:{}: a debugger call is left in the code", file.path, number + 1));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::problems;
    use super::check;

    #[test]
    fn finds_macros_but_not_in_comments() {
        let bad = format!("//! Doc.\nfn f() {{ {}!() }}\n", "todo");
        let fine = format!("//! Doc of {}!()\n// {}!(x)\n", "todo", "dbg");
        let found = problems(check, &[("a.rs", &bad), ("b.rs", &fine)]);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].starts_with("a.rs:2"));
    }
}
