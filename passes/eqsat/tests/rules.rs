//! Every rule: its example rewrites as it says, and both sides agree on random operands.
use numbra_eqsat::rules::{Rules, check, parse, random::Random, sample};

/// Trials of each rule; `TRIALS=20000` in the environment looks longer.
fn count() -> usize {
    std::env::var("TRIALS").ok().and_then(|n| n.parse().ok()).unwrap_or(600)
}

#[test]
fn families_parse() {
    for (family, text) in Rules::families() {
        let errors = parse::file(text, family).err().unwrap_or_default();
        assert!(errors.is_empty(), "{}", errors.iter().map(|e| e.to_string()).collect::<Vec<_>>().join("\n"));
    }
    assert!(Rules::builtin().iter().count() > 10);
}

#[test]
fn every_rule_holds() {
    let (mut wrong, count) = (vec![], count());
    for (k, rule) in Rules::builtin().iter().enumerate() {
        match check::trials(rule, count, if rule.name.contains('[') { count / 15 } else { count / 4 }, 1000 * k as u64) {
            (_, Some(why)) => wrong.push(format!("{} ({}): {why}", rule.name, rule.family)),
            (n, None) if n < 5 => wrong.push(format!("{} ({}): only {n} of {count} trials apply", rule.name, rule.family)),
            _ => {}
        }
    }
    assert!(wrong.is_empty(), "{} rules:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_example_rewrites() {
    let mut wrong = vec![];
    for rule in Rules::builtin().iter() {
        let applies = sample::examples(rule).any(|s| (0..30).any(|k| matches!(check::apply(rule, &s, &mut Random::new(k)), Some(check::Trial::Agrees | check::Trial::Skipped))));
        if !applies {
            wrong.push(format!("{} ({}): {} => {}", rule.name, rule.family, rule.left_text, rule.right_text));
        }
    }
    assert!(wrong.is_empty(), "{} examples:\n{}", wrong.len(), wrong.join("\n"));
}
