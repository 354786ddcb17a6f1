//! The e-graph's analysis: facts of each class, and constants as members of their classes.
use crate::{
    facts::Facts,
    infer,
    language::{Node, Number},
    scalar::Scalar,
};
use egg::{Analysis, DidMerge, EGraph, Id};

/// E-graph of terms.
pub type Graph = EGraph<Node, Known>;

/// What the analysis needs to know: the facts of leaves.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// By number
    pub leaves: Vec<Facts>,
    /// How often terms of different types or constants that are far apart were said to be equal: a rule is wrong, or what its flags assume does not hold (a division by the constant 0)
    pub contradictions: usize,
}

/// Whether two constants may be the same number but for rounding.
fn near(a: Number, b: Number) -> bool {
    if a == b {
        return true;
    }
    match (a.scalar(), b.scalar(), a.as_float(), b.as_float()) {
        (Some(Scalar::F32(_) | Scalar::F64(_)), Some(_), Some(x), Some(y)) => x == y || (x - y).abs() <= 1e-4 * (x.abs() + y.abs()),
        _ => false,
    }
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
        if a.value.zip(b.value).is_some_and(|(a, b)| !near(a, b)) {
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
