//! `unsafe` stays in the crates that talk to C or to machine code.
use crate::tree::Tree;

const ALLOWED: &[&str] = &["dialects/", "runtime/", "backends/cpu/", "frontend-py/pyext/"];

pub fn check(tree: &Tree, found: &mut Vec<String>) {
    for file in tree.with_extension(&["rs"]).filter(|f| !ALLOWED.iter().any(|a| f.path.starts_with(a))) {
        for (number, line) in file.text.lines().enumerate() {
            if is_unsafe(line) {
                found.push(format!("{}:{}: unsafe code outside {}", file.path, number + 1, ALLOWED.join(", ")));
            }
        }
    }
}

/// Whether a line has the keyword before something that it can stand before. Comments and lint names do not count.
fn is_unsafe(line: &str) -> bool {
    let code = line.split("//").next().unwrap_or_default();
    ["{", "fn ", "impl ", "extern "].iter().any(|next| code.contains(&format!("{} {next}", "unsafe")))
}

#[cfg(test)]
mod tests {
    use super::super::problems;
    use super::check;

    #[test]
    fn only_in_the_listed_crates() {
        let text = format!("//! Doc.\n// {0} {{}} in a comment\nfn f() {{ {0} {{ g() }} }}\n", "unsafe");
        assert!(problems(check, &[("dialects/src/ffi.rs", &text)]).is_empty());
        let found = problems(check, &[("passes/src/a.rs", &text)]);
        assert_eq!(found.len(), 1);
        assert!(found[0].starts_with("passes/src/a.rs:3"));
    }
}
