//! The little of a Cargo manifest that the rules need.

/// Package name and the names of its dependencies (of all sections but those for tests).
#[derive(Debug, PartialEq, Eq)]
pub struct Manifest {
    /// `package.name`
    pub name: String,
    /// Names as written: `numbra-abi`, `melior`
    pub dependencies: Vec<String>,
}

/// Reads a manifest; `None` for one without a package (the workspace's).
pub fn parse(text: &str) -> Option<Manifest> {
    let (mut name, mut dependencies, mut section) = (None, vec![], "");
    for line in text.lines().map(str::trim) {
        if let Some(header) = line.strip_prefix('[').and_then(|l| l.split(']').next()) {
            section = header;
            continue;
        }
        let Some((key, value)) = line.split_once('=').filter(|_| !line.starts_with('#')) else { continue };
        let key = key.trim();
        if section == "package" && key == "name" {
            name = Some(value.trim().trim_matches('"').to_string());
        }
        if section.ends_with("dependencies") && !section.ends_with("dev-dependencies") {
            dependencies.extend(key.split('.').next().map(str::to_string));
        }
    }
    Some(Manifest { name: name?, dependencies })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_names_and_dependencies() {
        let text = "[package]\nname = \"a\"\n[dependencies]\nb.workspace = true\n# c = 1\n[build-dependencies]\ncc = \"1\" # why\n[dev-dependencies]\nd = \"1\"\n[target.'cfg(unix)'.dependencies]\ne = \"1\"\n";
        assert_eq!(parse(text), Some(Manifest { name: "a".into(), dependencies: vec!["b".into(), "cc".into(), "e".into()] }));
        assert_eq!(parse("[workspace]\nmembers = []\n"), None);
    }
}
