//! Rounds in which all rules that can apply are tried, until nothing new comes or a limit is met.
//!
//! The order is that of the rules and of the classes' numbers, and the limits are on nodes and rounds, so that the same terms give the same result; the limit on time is a net. A rule that
//! matches very often (one that commutes or regroups) has to pause, longer each time.
use crate::{graph::Graph, language::Node, problem::Settings, rules::{Rule, Set}};
use std::{collections::HashMap, time::Instant};

/// What became of a rule so far.
#[derive(Default)]
struct State {
    applied: usize,
    until: usize,
    pauses: u32,
}

/// Matches of a rule in one round beyond which it has to pause; in large problems half as many as there are nodes.
const MANY: usize = 60;

/// What was done.
#[derive(Clone, Copy, Debug, Default)]
pub struct Statistics {
    /// Rounds
    pub iterations: usize,
    /// Nodes at the end
    pub nodes: usize,
    /// Classes at the end
    pub classes: usize,
    /// Choices that the extraction tried
    pub trials: usize,
    /// Whether nothing new was left to find
    pub saturated: bool,
}

/// Applies the rules; how often each made something known.
pub fn saturate(graph: &mut Graph, settings: &Settings) -> (Vec<(String, usize)>, Statistics) {
    let start = Instant::now();
    // By the address of a rule: how often it applied, the round from which on it may be tried again, how often it had to pause.
    let mut rules: Vec<&Rule> = vec![];
    let mut states: HashMap<*const Rule, State> = HashMap::new();
    let mut statistics = Statistics::default();
    let mut present = Set::default();
    let many = MANY.max(graph.total_number_of_nodes() / 2);
    let most = graph.total_number_of_nodes() + settings.limits.nodes;
    'rounds: for round in 0..settings.limits.iterations {
        statistics.iterations = round + 1;
        let here = operators(graph);
        if here != present {
            (rules, present) = (settings.rules.within(here), here);
        }
        let mut matches = vec![];
        let mut paused = false;
        for &rule in &rules {
            let state = states.entry(std::ptr::from_ref(rule)).or_default();
            if state.until > round {
                paused = true;
                continue;
            }
            let limit = many << state.pauses;
            let mut found = egg::Searcher::search_with_limit(&rule.left, graph, limit + 1);
            if found.iter().map(|m| m.substs.len()).sum::<usize>() > limit {
                (state.until, state.pauses) = (round + 1 + (1 << state.pauses), state.pauses + 1);
                paused = true;
                continue;
            }
            if found.is_empty() {
                continue;
            }
            found.sort_by_key(|m| m.eclass);
            matches.push((rule, found));
        }
        let mut new = false;
        for (rule, found) in &matches {
            for m in found {
                for subst in &m.substs {
                    if rule.apply(graph, m.eclass, subst, settings.flags) {
                        states.entry(std::ptr::from_ref(*rule)).or_default().applied += 1;
                        new = true;
                    }
                }
            }
            if graph.total_number_of_nodes() > most || start.elapsed() > settings.limits.time {
                graph.rebuild();
                break 'rounds;
            }
        }
        graph.rebuild();
        if !new && !paused {
            statistics.saturated = true;
            break;
        }
    }
    statistics.nodes = graph.total_number_of_nodes();
    statistics.classes = graph.number_of_classes();
    let applied = rules.iter().filter_map(|r| states.get(&std::ptr::from_ref(*r)).filter(|s| s.applied > 0).map(|s| (r.name.clone(), s.applied))).collect();
    (applied, statistics)
}

/// All operators in the graph.
fn operators(graph: &Graph) -> Set {
    let mut all = Set::default();
    for class in graph.classes() {
        for node in &class.nodes {
            if let Node::Apply(o, _) = node {
                all.insert(*o);
            }
        }
    }
    all
}
