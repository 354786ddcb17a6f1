//! The cheapest set of terms out of the e-graph, shared ones counted once.
//!
//! Two choices begin: the terms as they were, and for each class the node that is cheapest as a tree. The better one is improved: for each class that it needs, all other ways are tried
//! under the cost of the whole (which knows of sharing and of loops), until none is better or the number of trials is spent. So the result never costs more than the terms as they were.
use crate::{
    cost::{Choices, Cost, Counter, Item, Part},
    facts::Facts,
    graph::Graph,
    language::Node,
    operators::Operator,
    weights as w,
};
use egg::{Id, Language};
use smallvec::SmallVec;
use std::collections::{HashMap, HashSet, hash_map::Entry};

/// Trials of the improvement from each of the two choices; each goes over all that is needed, so that of large problems fewer are made.
const TRIALS: usize = 300;
/// Classes that all trials together go over.
const WORK: usize = 30_000;

/// Whether an operator on operands with these facts can be made outside.
pub type Makes<'m> = dyn Fn(Operator, &[&Facts]) -> bool + 'm;

/// The e-graph as tables.
pub struct Extractor<'g> {
    graph: &'g Graph,
    classes: Vec<Id>,
    index: HashMap<Id, u32>,
    nodes: Vec<Vec<&'g Node>>,
    choices: Choices,
    /// Cheapest way as a tree, by class
    greedy: Vec<u16>,
    /// The terms as they were, by class
    original: Vec<Option<u16>>,
}

impl<'g> Extractor<'g> {
    /// Tables for what the roots can need.
    pub fn new(graph: &'g Graph, roots: &[Id], terms: &[Node], ids: &[Id], makes: &Makes) -> Self {
        let mut e = Extractor { graph, classes: vec![], index: HashMap::new(), nodes: vec![], choices: Choices::default(), greedy: vec![], original: vec![] };
        for root in roots {
            e.reach(*root);
        }
        e.choices.roots = roots.iter().map(|r| e.index[&graph.find(*r)]).collect();
        for class in &e.classes {
            let (mut nodes, mut items) = (vec![], vec![]);
            for node in &graph[*class].nodes {
                let children = node.children().iter().map(|c| e.index[&graph.find(*c)]).collect();
                let item = Item::new(node, &graph[*class].data, children, |k| &graph[node.children()[k]].data);
                nodes.push(node);
                items.push(item);
            }
            e.nodes.push(nodes);
            e.choices.classes.push(items);
        }
        let kept = e.keep(terms, ids);
        e.exclude(&kept, makes);
        e.greedy = e.trees();
        e
    }

    /// Numbers a class and all that it can need, operands first where there is no cycle.
    fn reach(&mut self, root: Id) {
        const OPEN: u32 = u32::MAX;
        let mut stack = vec![(self.graph.find(root), false)];
        while let Some((class, done)) = stack.pop() {
            if done {
                self.index.insert(class, self.classes.len() as u32);
                self.classes.push(class);
            } else if let Entry::Vacant(new) = self.index.entry(class) {
                new.insert(OPEN);
                stack.push((class, true));
                let children = self.graph[class].nodes.iter().flat_map(|n| n.children());
                stack.extend(children.map(|c| (self.graph.find(*c), false)).filter(|(c, _)| !self.index.contains_key(c)));
            }
        }
    }

    /// The way of each class that is cheapest where nothing is shared.
    fn trees(&self) -> Vec<u16> {
        let count = self.classes.len();
        let (mut best, mut choice) = (vec![f64::INFINITY; count], vec![0u16; count]);
        loop {
            let mut better = false;
            for c in 0..count {
                for (k, item) in self.choices.classes[c].iter().enumerate() {
                    let mut cost = item.own + 1e-3;
                    for child in &item.children {
                        cost += best[*child as usize];
                        // A view's operand is put in memory, so are those of copies.
                        let operand = &self.choices.classes[*child as usize][choice[*child as usize] as usize];
                        if matches!(item.part, Part::View | Part::Copy) && matches!(operand.part, Part::Element) && operand.array {
                            cost += operand.write + operand.read + w::TEMPORARY;
                        }
                    }
                    if matches!(item.part, Part::Sink | Part::Copy) && item.array {
                        cost += item.write + item.read;
                    }
                    if cost < best[c] * (1.0 - 1e-12) {
                        (best[c], choice[c], better) = (cost, k as u16, true);
                    }
                }
            }
            if !better {
                return choice;
            }
        }
    }

    /// Notes which ways the original terms are; all of them, also where two terms turned out to be equal.
    fn keep(&mut self, terms: &[Node], ids: &[Id]) -> HashSet<(u32, u16)> {
        self.original = vec![None; self.classes.len()];
        let mut kept = HashSet::new();
        // What stands first is taken.
        for (node, id) in terms.iter().zip(ids).rev() {
            let Some(c) = self.index.get(&self.graph.find(*id)) else { continue };
            let node = node.clone().map_children(|k| self.graph.find(ids[usize::from(k)]));
            if let Some(k) = self.nodes[*c as usize].iter().position(|n| **n == node) {
                self.original[*c as usize] = Some(k as u16);
                kept.insert((*c, k as u16));
            }
        }
        kept
    }

    /// Makes ways endlessly dear that cannot be made outside and were not there.
    fn exclude(&mut self, kept: &HashSet<(u32, u16)>, makes: &Makes) {
        for (c, nodes) in self.nodes.iter().enumerate() {
            for (k, node) in nodes.iter().enumerate() {
                let Node::Apply(operator, children) = node else { continue };
                let facts: SmallVec<[&Facts; 4]> = children.iter().map(|id| &self.graph[*id].data).collect();
                if !kept.contains(&(c as u32, k as u16)) && !makes(*operator, &facts) {
                    self.choices.classes[c][k].own = f64::INFINITY;
                }
            }
        }
    }

    /// The best choice found, its cost and how many were tried.
    pub fn best(&self) -> (Vec<u16>, Cost, usize) {
        let mut counter = Counter::default();
        let mut best: Vec<u16> = self.original.iter().zip(&self.greedy).map(|(o, g)| o.unwrap_or(*g)).collect();
        let mut cost = counter.count(&self.choices, &best);
        let mut trials = 2;
        let greedy = counter.count(&self.choices, &self.greedy);
        let starts = [(self.greedy.clone(), greedy), (best.clone(), cost)];
        for (mut choice, mut now) in starts {
            self.improve(&mut counter, &mut choice, &mut now, &mut trials);
            if now < cost * (1.0 - 1e-9) {
                (best, cost) = (choice, now);
            }
        }
        self.tidy(&mut counter, &mut best, cost);
        (best, cost, trials)
    }

    // Of ways that cost the same takes those that people wrote, or else would write: the number comes last.
    fn tidy(&self, counter: &mut Counter, choice: &mut [u16], cost: Cost) {
        counter.count(&self.choices, choice);
        let begins_with_number = |c: usize, k: u16| {
            let first = self.nodes[c][k as usize].children().first();
            first.is_some_and(|id| self.graph[*id].nodes.iter().any(|n| matches!(n, Node::Number(_))))
        };
        for c in counter.order().iter().map(|c| *c as usize).collect::<Vec<_>>() {
            let now = choice[c];
            if self.original[c] == Some(now) {
                continue;
            }
            let Node::Apply(operator, operands) = self.nodes[c][now as usize] else { continue };
            let is_turned = |node: &Node| matches!(node, Node::Apply(o, x) if o == operator && x.iter().eq(operands.iter().rev()));
            let turned = (0..self.nodes[c].len() as u16).filter(|k| begins_with_number(c, now) && is_turned(self.nodes[c][*k as usize]));
            for k in self.original[c].into_iter().chain(turned) {
                choice[c] = k;
                if counter.count(&self.choices, choice) <= cost * (1.0 + 1e-12) {
                    break;
                }
                choice[c] = now;
            }
        }
    }

    fn improve(&self, counter: &mut Counter, choice: &mut [u16], cost: &mut Cost, trials: &mut usize) {
        counter.count(&self.choices, choice);
        let limit = *trials + (WORK / counter.order().len().max(1)).min(TRIALS);
        loop {
            let before = *cost;
            counter.count(&self.choices, choice);
            let needed: Vec<u32> = counter.order().iter().rev().copied().collect();
            for c in needed {
                let c = c as usize;
                for k in 0..self.choices.classes[c].len() as u16 {
                    if k == choice[c] || *trials >= limit {
                        continue;
                    }
                    *trials += 1;
                    let old = std::mem::replace(&mut choice[c], k);
                    let new = counter.count(&self.choices, choice);
                    if new < *cost * (1.0 - 1e-9) {
                        *cost = new;
                    } else {
                        choice[c] = old;
                    }
                }
            }
            if *cost >= before * (1.0 - 1e-9) || *trials >= limit {
                return;
            }
        }
    }

    /// The terms of a choice, operands first, and the places of the roots.
    pub fn terms(&self, choice: &[u16]) -> (Vec<Node>, Vec<Id>) {
        let mut counter = Counter::default();
        counter.count(&self.choices, choice);
        let mut place = vec![Id::from(0); self.classes.len()];
        let mut terms = vec![];
        for c in counter.order() {
            let c = *c as usize;
            let node = self.nodes[c][choice[c] as usize].clone();
            let node = node.map_children(|k| place[self.index[&self.graph.find(k)] as usize]);
            place[c] = Id::from(terms.len());
            terms.push(node);
        }
        (terms, self.choices.roots.iter().map(|r| place[*r as usize]).collect())
    }
}
