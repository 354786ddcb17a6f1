//! Rules that are parsed when their operators are met for the first time: there are many, and an expression needs few.
use super::{
    Rule, Set,
    parse::{self, Lines},
};
use crate::operators::Operator;
use std::{borrow::Cow, sync::{Arc, OnceLock}};

/// A rule as it is written, in one direction.
#[derive(Debug)]
pub struct Template {
    /// Shared by both directions
    lines: Arc<[(usize, usize, Cow<'static, str>)]>,
    family: Arc<str>,
    back: bool,
    /// Operators of the left side whatever the rule is for
    fixed: Set,
    /// All operators of both sides
    all: Set,
    /// What the rule is for: operators, or nothing in particular
    each: Vec<Option<Operator>>,
    // Behind pointers: most are never parsed, and there are thousands.
    rules: Vec<OnceLock<Option<Box<Rule>>>>,
}

/// Templates of a file that is known to parse; `keep` makes its lines last.
pub fn templates<'t>(text: &'t str, family: &str, keep: fn(&'t str) -> Cow<'static, str>) -> Vec<Template> {
    let family: Arc<str> = family.into();
    parse::blocks(text).into_iter().flatten().flat_map(|b| of_block(&b, &family, keep)).collect()
}

fn of_block<'t>(block: &Lines<'t>, family: &Arc<str>, keep: fn(&'t str) -> Cow<'static, str>) -> Vec<Template> {
    let Some((_, sides)) = block[0].2.split_once(": ") else { return vec![] };
    let (left, right, both) = match (sides.split_once(" <=> "), sides.split_once(" => ")) {
        (Some((l, r)), _) => (l, r, true),
        (_, Some((l, r))) => (l, r, false),
        _ => return vec![],
    };
    let each = block.iter().find_map(|(line, indent, text)| {
        let (_, list) = text.strip_prefix("for ")?.split_once(" in ")?;
        parse::operators((*line, *indent), list).ok()
    });
    let each: Vec<Option<Operator>> = each.map_or(vec![None], |list| list.into_iter().map(Some).collect());
    let lines: Arc<[_]> = block.iter().map(|(l, i, t)| (*l, *i, keep(t))).collect();
    let (left, right) = (operators(left), operators(right));
    let template = |back: bool, fixed: Set| Template {
        lines: lines.clone(),
        family: family.clone(),
        back,
        fixed,
        all: left.with(right),
        each: each.clone(),
        rules: each.iter().map(|_| OnceLock::new()).collect(),
    };
    let mut made = vec![template(false, left)];
    if both {
        made.push(template(true, right));
    }
    made
}

/// Operators by the words behind parentheses.
fn operators(side: &str) -> Set {
    let mut set = Set::default();
    side.split('(').skip(1).filter_map(|part| Operator::named(part.split([' ', ')']).next()?)).for_each(|o| set.insert(o));
    set
}

impl Template {
    /// Puts the rules whose left side has only operators of a set to a list.
    pub fn within<'r>(&'r self, here: Set, found: &mut Vec<&'r Rule>) {
        if here.has(self.fixed) {
            found.extend(self.each.iter().enumerate().filter(|(_, o)| o.is_none_or(|o| here.contains(o))).filter_map(|(k, _)| self.rule(k)));
        }
    }

    /// All rules.
    pub fn rules(&self) -> impl Iterator<Item = &Rule> {
        (0..self.each.len()).filter_map(|k| self.rule(k))
    }

    /// Whether a side has an operator.
    pub fn uses(&self, operator: Operator) -> bool {
        self.all.contains(operator)
    }

    fn rule(&self, k: usize) -> Option<&Rule> {
        let parsed = self.rules[k].get_or_init(|| {
            let lines: Lines = self.lines.iter().map(|(l, i, t)| (*l, *i, t.as_ref())).collect();
            // A test parses all families; files of users are parsed before.
            parse::read(&lines).and_then(|b| b.rule(self.each[k], self.back, &self.family)).ok().map(Box::new)
        });
        parsed.as_deref()
    }
}
