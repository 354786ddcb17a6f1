//! The page of operators, conditions and rules is what the tables say. `UPDATE=1` writes it.
use numbra_eqsat::{Operator, Rules, rules::parse, rules::vocabulary::{ASK, COMPUTE}};
use std::{fmt::Write, fs, path::Path};

fn page() -> Result<String, std::fmt::Error> {
    let mut out = String::from("# Operators and rules of the e-graph\n\nMade from the tables of `passes/eqsat` by its test `reference`. How to read them: [](eqsat.md).\n");
    out.push_str("\n## Operators\n| name | class | operands | elements | gives | in Python |\n| --- | --- | --- | --- | --- | --- |\n");
    for row in Operator::all().map(|o| o.row()) {
        let arity = row.arity.map_or("any".into(), |n| n.to_string());
        let python = if row.python.is_empty() { String::new() } else { format!("`{}`", row.python.replace('|', "\\|")) };
        writeln!(out, "| `{}` | {:?} | {arity} | {:?} | {:?} | {python} |", row.name, row.class, row.domain, row.gives)?;
    }
    out.push_str("\n## Conditions\n| asks | whether |\n| --- | --- |\n");
    for (name, _, _, what) in ASK {
        writeln!(out, "| `{name}` | {what} |")?;
    }
    out.push_str("\n| computes | what |\n| --- | --- |\n");
    for (name, _, _, what) in COMPUTE {
        writeln!(out, "| `{name}` | {what} |")?;
    }
    for (family, text) in Rules::families() {
        writeln!(out, "\n## Rules: {}\n{}\n\n| name | rule | when | needs |\n| --- | --- | --- | --- |", family.replace('_', " "), text.lines().next().unwrap_or_default().trim_start_matches("# "))?;
        for block in parse::blocks(text).into_iter().flatten() {
            let (name, rule) = block[0].2.split_once(": ").unwrap_or_default();
            let said = |key: &str| block[1..].iter().filter_map(|(_, _, l)| l.strip_prefix(key)).collect::<Vec<_>>().join(", ");
            let (each, when) = (said("for "), said("when "));
            let when = [if each.is_empty() { each } else { format!("for {each}") }, when].into_iter().filter(|s| !s.is_empty()).collect::<Vec<_>>().join("; ");
            let needs = said("needs ");
            writeln!(out, "| {name} | `{rule}` | {} | {} |", if when.is_empty() { when } else { format!("`{when}`") }, if needs.is_empty() { "exact" } else { &needs })?;
        }
    }
    Ok(out)
}

#[test]
fn the_page_is_what_the_tables_say() -> Result<(), Box<dyn std::error::Error>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/internals/eqsat-rules.md");
    let page = page()?;
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, &page)?;
    }
    assert!(fs::read_to_string(&path)? == page, "docs/internals/eqsat-rules.md is not what the tables say: UPDATE=1 writes it");
    Ok(())
}
