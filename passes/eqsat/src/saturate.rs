//! Rounds in which all rules that can apply are tried, until nothing new comes or a limit is met.
//!
//! The order is that of the rules and of the classes' numbers, and the limits are on nodes and rounds, so that the same terms give the same result; the limit on time is a net. A rule that
//! matches very often (one that commutes or regroups) has to pause, longer each time.
use crate::{graph::Graph, language::Node, problem::Settings, rules::Set};
use std::time::Instant;

/// Matches of a rule in one round beyond which it has to pause.
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
    let rules: Vec<_> = settings.rules.iter().collect();
    let mut applied = vec![0; rules.len()];
    // Round from which on a rule may be tried again, and how often it had to pause.
    let mut pause = vec![(0, 0u32); rules.len()];
    let mut statistics = Statistics::default();
    'rounds: for round in 0..settings.limits.iterations {
        statistics.iterations = round + 1;
        let here = operators(graph);
        let mut matches = vec![];
        let mut paused = false;
        for (k, rule) in rules.iter().enumerate().filter(|(_, r)| here.has(r.shape.operators)) {
            if pause[k].0 > round {
                paused = true;
                continue;
            }
            let limit = MANY << pause[k].1;
            let mut found = egg::Searcher::search_with_limit(&rule.left, graph, limit + 1);
            if found.iter().map(|m| m.substs.len()).sum::<usize>() > limit {
                pause[k] = (round + 1 + (1 << pause[k].1), pause[k].1 + 1);
                paused = true;
                continue;
            }
            found.sort_by_key(|m| m.eclass);
            matches.push((k, found));
        }
        let mut new = false;
        for (k, found) in &matches {
            for m in found {
                for subst in &m.substs {
                    if rules[*k].apply(graph, m.eclass, subst, settings.flags) {
                        applied[*k] += 1;
                        new = true;
                    }
                }
            }
            if graph.total_number_of_nodes() > settings.limits.nodes || start.elapsed() > settings.limits.time {
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
    let rules = rules.iter().zip(applied).filter(|(_, n)| *n > 0).map(|(r, n)| (r.name.clone(), n)).collect();
    (rules, statistics)
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
