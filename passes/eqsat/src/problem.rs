//! The way in and out: terms with several roots, and the cheapest equal ones.
use crate::{
    cost::{Choices, Cost, Counter, Item},
    explain::{self, Step},
    extract::{Extractor, Makes},
    facts::Facts,
    flags::FastMath,
    graph::Graph,
    infer,
    language::Node,
    rules::Rules,
    saturate::{self, Statistics},
};
use egg::{Id, Language};
use std::time::Duration;

/// Terms that are used outside, and what is known of their leaves.
#[derive(Clone, Debug, Default)]
pub struct Problem {
    /// All terms, operands before what uses them
    pub terms: Vec<Node>,
    /// Those that are used outside, by their places in `terms`
    pub roots: Vec<Id>,
    /// Facts of each leaf, by its number; leaves are numbered in the order in which they are computed
    pub leaves: Vec<Facts>,
}

impl Problem {
    /// Facts of all terms.
    pub fn facts(&self) -> Vec<Facts> {
        facts(&self.terms, &self.leaves)
    }

    /// Puts a term behind the others.
    pub fn add(&mut self, node: Node) -> Id {
        self.terms.push(node);
        Id::from(self.terms.len() - 1)
    }
}

/// Facts of all terms of a list.
pub fn facts(terms: &[Node], leaves: &[Facts]) -> Vec<Facts> {
    let mut all: Vec<Facts> = Vec::with_capacity(terms.len());
    for node in terms {
        let facts = infer::node(node, leaves, |id| &all[usize::from(id)]).facts;
        all.push(facts);
    }
    all
}

/// Cost of a list of terms with roots.
pub fn cost(terms: &[Node], roots: &[Id], leaves: &[Facts]) -> Cost {
    let facts = facts(terms, leaves);
    let mut choices = Choices { classes: vec![], roots: roots.iter().map(|r| usize::from(*r) as u32).collect() };
    for (node, of) in terms.iter().zip(&facts) {
        let children = node.children().iter().map(|c| usize::from(*c) as u32).collect();
        choices.classes.push(vec![Item::new(node, of, children, |k| &facts[usize::from(node.children()[k])])]);
    }
    Counter::default().count(&choices, &vec![0; terms.len()])
}

/// When to stop.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Nodes of the e-graph beside the terms of the problem
    pub nodes: usize,
    /// Rounds in which all rules are tried
    pub iterations: usize,
    /// A net for what the others do not stop
    pub time: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { nodes: 1000, iterations: 6, time: Duration::from_millis(50) }
    }
}

/// How to rewrite.
#[derive(Clone, Copy, Debug)]
pub struct Settings<'r> {
    /// Which rules
    pub rules: &'r Rules,
    /// What floats may become
    pub flags: FastMath,
    /// When to stop
    pub limits: Limits,
    /// Whether the steps are asked for
    pub explain: bool,
}

impl Settings<'static> {
    /// All rules that come with the crate, exact ones and those that the flags allow.
    pub fn builtin(flags: FastMath) -> Self {
        Settings { rules: Rules::builtin(), flags, limits: Limits::default(), explain: false }
    }
}

/// What came out.
#[derive(Clone, Debug)]
pub struct Solution {
    /// All terms, operands before what uses them
    pub terms: Vec<Node>,
    /// Those for the roots, in their order
    pub roots: Vec<Id>,
    /// Cost of the terms as they were
    pub before: Cost,
    /// Cost of those that came out
    pub after: Cost,
    /// Whether they are others
    pub changed: bool,
    /// How often each rule made something known, by name in the order of the rules
    pub rules: Vec<(String, usize)>,
    /// Steps from the one to the other, if asked for
    pub explanation: Vec<Step>,
    /// What was done
    pub statistics: Statistics,
}

/// The cheapest terms that the rules find equal to those of the problem.
pub fn rewrite(problem: &Problem, settings: &Settings) -> Solution {
    rewrite_to(problem, settings, &|_, _| true)
}

/// The same with only such new terms as can be made outside: `makes` is asked with an operator and the facts of its operands. Terms of the problem may stay whatever it says.
pub fn rewrite_to(problem: &Problem, settings: &Settings, makes: &Makes) -> Solution {
    let mut graph = Graph::new(crate::graph::Known { leaves: problem.leaves.clone(), contradictions: 0 });
    if settings.explain {
        graph = graph.with_explanations_enabled();
    }
    let mut ids: Vec<Id> = Vec::with_capacity(problem.terms.len());
    for node in &problem.terms {
        let id = graph.add(node.clone().map_children(|c| ids[usize::from(c)]));
        ids.push(id);
    }
    graph.rebuild();
    let (rules, mut statistics) = saturate::saturate(&mut graph, settings);
    let roots: Vec<Id> = problem.roots.iter().map(|r| ids[usize::from(*r)]).collect();
    let before = cost(&problem.terms, &problem.roots, &problem.leaves);
    let unchanged = |statistics| Solution {
        terms: problem.terms.clone(),
        roots: problem.roots.clone(),
        before,
        after: before,
        changed: false,
        rules: vec![],
        explanation: vec![],
        statistics,
    };
    if graph.analysis.contradictions > 0 {
        // What was found rests on something that does not hold.
        return unchanged(statistics);
    }
    let extractor = Extractor::new(&graph, &roots, &problem.terms, &ids, makes);
    let (choice, _, trials) = extractor.best();
    let (terms, new_roots) = extractor.terms(&choice);
    statistics.trials = trials;
    let after = cost(&terms, &new_roots, &problem.leaves);
    if after.is_nan() || after >= before * (1.0 - 1e-6) || !available(problem, &terms, &new_roots) {
        return unchanged(statistics);
    }
    let explanation = if settings.explain { explain::steps(&mut graph, problem, &terms, &new_roots) } else { vec![] };
    Solution { terms, roots: new_roots, before, after, changed: true, rules, explanation, statistics }
}

/// Whether each root needs only leaves that are there at its place.
fn available(problem: &Problem, terms: &[Node], roots: &[Id]) -> bool {
    let (old, new) = (problem.facts(), facts(terms, &problem.leaves));
    problem.roots.iter().zip(roots).all(|(a, b)| new[usize::from(*b)].last_leaf <= old[usize::from(*a)].last_leaf)
}
