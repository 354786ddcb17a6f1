//! Dependencies between crates point one way. A crate that is not in the table is refused, so that its place is decided first.
use crate::{manifest, tree::Tree};

/// Each crate with the crates of ours that it may use.
const LAYERS: &[(&str, &[&str])] = &[
    ("numbra-abi", &[]),
    ("numbra-rt", &["numbra-abi"]),
    ("numbra-dialects", &["numbra-abi"]),
    ("numbra-passes-api", &["numbra-abi", "numbra-dialects"]),
    ("numbra-eqsat", &["numbra-abi"]),
    ("numbra-passes", &["numbra-abi", "numbra-eqsat", "numbra-dialects", "numbra-passes-api"]),
    ("numbra-backend-api", &["numbra-abi", "numbra-dialects"]),
    ("numbra-backend-cpu", &["numbra-abi", "numbra-rt", "numbra-dialects", "numbra-passes-api", "numbra-passes", "numbra-backend-api"]),
    ("numbra-frontend-core", &["numbra-abi", "numbra-dialects"]),
    ("numbra-session", &["numbra-abi", "numbra-dialects", "numbra-passes-api", "numbra-passes", "numbra-backend-api", "numbra-backend-cpu", "numbra-frontend-core"]),
    ("numbra-pyext", &["numbra-abi", "numbra-rt", "numbra-dialects", "numbra-frontend-core", "numbra-session"]),
    (
        "numbra-opt",
        &["numbra-abi", "numbra-rt", "numbra-dialects", "numbra-passes-api", "numbra-passes", "numbra-backend-api", "numbra-backend-cpu", "numbra-frontend-core", "numbra-session"],
    ),
    ("xtask", &[]),
];

/// Foreign crates that only some of ours may use.
const KEPT: &[(&str, &[&str])] = &[("pyo3", &["numbra-pyext"]), ("pyo3-ffi", &["numbra-pyext"]), ("ruff_python_parser", &["numbra-frontend-core", "numbra-opt"])];

pub fn check(tree: &Tree, found: &mut Vec<String>) {
    for file in tree.files().filter(|f| f.path.ends_with("Cargo.toml")) {
        let Some(crate_) = manifest::parse(&file.text) else { continue };
        let Some((_, allowed)) = LAYERS.iter().find(|(name, _)| *name == crate_.name) else {
            found.push(format!("{}: {} has no row in tools/xtask/src/rules/layers.rs", file.path, crate_.name));
            continue;
        };
        for dependency in &crate_.dependencies {
            if dependency.starts_with("numbra-") && !allowed.contains(&dependency.as_str()) {
                found.push(format!("{}: {} must not depend on {dependency}", file.path, crate_.name));
            }
            if KEPT.iter().any(|(kept, users)| kept == dependency && !users.contains(&crate_.name.as_str())) {
                found.push(format!("{}: {} must not depend on {dependency}", file.path, crate_.name));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::problems;
    use super::check;

    #[test]
    fn refuses_wrong_directions_and_strangers() {
        let manifest = |name: &str, dependency: &str| format!("[package]\nname = \"{name}\"\n[dependencies]\n{dependency}.workspace = true\n");
        let good = manifest("numbra-passes", "numbra-dialects");
        let bad = manifest("numbra-dialects", "numbra-passes");
        let python = manifest("numbra-session", "pyo3");
        let stranger = manifest("numbra-new", "melior");
        assert!(problems(check, &[("passes/Cargo.toml", &good), ("Cargo.toml", "[workspace]\n")]).is_empty());
        assert!(problems(check, &[("dialects/Cargo.toml", &bad)])[0].ends_with("numbra-dialects must not depend on numbra-passes"));
        assert!(problems(check, &[("a/Cargo.toml", &python)])[0].ends_with("must not depend on pyo3"));
        assert!(problems(check, &[("a/Cargo.toml", &stranger)])[0].contains("has no row"));
    }
}
