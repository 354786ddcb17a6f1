//! Tracked text names no path of one machine and no host of a package registry. The table is in parts, so that this file passes.
use crate::tree::Tree;

const FOLDERS: &[&str] = &["root", "home", "work", "Users"];
const HOSTS: &[(&str, &str)] = &[("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("deb.debian", "org"), ("apt.llvm", "org"), ("static.crates", "io"), ("index.crates", "io")];
/// Written by a program, with addresses that it needs.
const EXEMPT: &[&str] = &["Cargo.lock"];

pub fn check(tree: &Tree, found: &mut Vec<String>) {
    let hosts: Vec<String> = HOSTS.iter().map(|(name, end)| format!("{name}.{end}")).collect();
    for file in tree.files().filter(|f| !EXEMPT.contains(&f.path.as_str())) {
        for (number, line) in file.text.lines().enumerate() {
            let mut report = |what: &str| found.push(format!("{}:{}: `{what}` does not belong in the repository", file.path, number + 1));
            for folder in FOLDERS {
                let path = format!("/{folder}/");
                if starts_path(line, &path) {
                    report(&path);
                }
            }
            for host in hosts.iter().filter(|h| line.contains(h.as_str())) {
                report(host);
            }
        }
    }
}

/// Whether the absolute path stands in the line; `a/home/b` is not one.
fn starts_path(line: &str, path: &str) -> bool {
    line.match_indices(path).any(|(at, _)| !line[..at].ends_with(|c: char| c.is_alphanumeric() || "._-}>$~)".contains(c)))
}

#[cfg(test)]
mod tests {
    use super::super::problems;
    use super::check;

    #[test]
    fn finds_machine_paths_and_hosts() {
        let files = [
            ("a.md", format!("see /{}/me/x", "home")),
            ("b.md", "docs/home/x and ${prefix}/work/y".to_string()),
            ("c.toml", format!("index = \"https://{}.org/simple\"", "pypi")),
            ("Cargo.lock", format!("https://{}.org/simple", "pypi")),
        ];
        let files: Vec<(&str, &str)> = files.iter().map(|(p, t)| (*p, t.as_str())).collect();
        let found = problems(check, &files);
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found[0].starts_with("a.md:1") && found[1].starts_with("c.toml:1"));
    }
}
