//! The e-graph's analysis: facts of each class, and constants as members of their classes.
use crate::{
    facts::Facts,
    infer,
    language::Node,
};
use egg::{Analysis, DidMerge, EGraph, Id};

/// E-graph of terms.
pub type Graph = EGraph<Node, Known>;

/// What the analysis needs to know: the facts of leaves.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// By number
    pub leaves: Vec<Facts>,
    /// How often terms of different types were said to be equal: a wrong rule
    pub contradictions: usize,
}

impl Analysis<Node> for Known {
    type Data = Facts;

    fn make(graph: &mut Graph, node: &Node, _: Id) -> Facts {
        infer::node(node, &graph.analysis.leaves, |id| &graph[id].data).facts
    }

    fn merge(&mut self, a: &mut Facts, b: Facts) -> DidMerge {
        if a.dtype() != b.dtype() || a.dims().map(|d| d.len()) != b.dims().map(|d| d.len()) {
            self.contradictions += 1;
        }
        let (ours, theirs) = a.merge(b);
        DidMerge(ours, theirs)
    }

    fn modify(graph: &mut Graph, id: Id) {
        let facts = &graph[id].data;
        let (Some(value), Some([]), false) = (facts.value, facts.dims(), facts.may_raise) else { return };
        let node = Node::Number(value);
        if graph[id].nodes.contains(&node) {
            return;
        }
        let number = graph.add(node);
        graph.union_trusted(id, number, "fold");
    }
}
