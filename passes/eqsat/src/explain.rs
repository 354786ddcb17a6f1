//! The steps from the terms as they were to those that came out.
use crate::{graph::Graph, infix::Infix, language::Node, problem::Problem};
use egg::{FlatTerm, Id, Language, RecExpr};
use std::collections::HashMap;

/// One step.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// Which root it belongs to
    pub root: usize,
    /// The rule, `fold` for a constant
    pub rule: String,
    /// Whether the rule was used from right to left
    pub backward: bool,
    /// The whole term before
    pub before: String,
    /// The whole term behind it
    pub after: String,
}

/// Steps are whole terms, in which what is shared is written again each time: of larger ones none are told.
const LARGEST: usize = 400;

/// Steps of each root.
pub fn steps(graph: &mut Graph, problem: &Problem, terms: &[Node], roots: &[Id]) -> Vec<Step> {
    let mut all = vec![];
    for (root, (old, new)) in problem.roots.iter().zip(roots).enumerate() {
        if size(&problem.terms, *old) > LARGEST || size(terms, *new) > LARGEST {
            continue;
        }
        let (left, right) = (alone(&problem.terms, *old), alone(terms, *new));
        let mut explanation = graph.explain_equivalence(&left, &right);
        let flat = explanation.make_flat_explanation();
        for pair in flat.windows(2) {
            if let Some((rule, backward)) = rule(&pair[1]) {
                all.push(Step { root, rule, backward, before: text(&pair[0]), after: text(&pair[1]) });
            }
        }
    }
    all
}

/// Nodes of a term written out.
fn size(terms: &[Node], root: Id) -> usize {
    let mut sizes: Vec<usize> = Vec::with_capacity(terms.len());
    for node in &terms[..=usize::from(root)] {
        sizes.push(node.children().iter().fold(1, |n, c| n.saturating_add(sizes[usize::from(*c)])));
    }
    sizes.last().copied().unwrap_or(0)
}

/// A term without the others.
fn alone(terms: &[Node], root: Id) -> RecExpr<Node> {
    terms[usize::from(root)].build_recexpr(|id| terms[usize::from(id)].clone())
}

fn rule(term: &FlatTerm<Node>) -> Option<(String, bool)> {
    let here = term.forward_rule.map(|r| (r.to_string(), false)).or_else(|| term.backward_rule.map(|r| (r.to_string(), true)));
    here.or_else(|| term.children.iter().find_map(rule))
}

fn text(term: &FlatTerm<Node>) -> String {
    let (mut terms, mut places) = (vec![], HashMap::new());
    let root = plain(term, &mut terms, &mut places);
    Infix { terms: &terms, root, names: &[] }.to_string()
}

// Equal parts are one.
fn plain(term: &FlatTerm<Node>, terms: &mut Vec<Node>, places: &mut HashMap<Node, Id>) -> Id {
    let children: Vec<Id> = term.children.iter().map(|c| plain(c, terms, places)).collect();
    let mut node = term.node.clone();
    node.children_mut().copy_from_slice(&children);
    *places.entry(node.clone()).or_insert_with(|| {
        terms.push(node);
        Id::from(terms.len() - 1)
    })
}
