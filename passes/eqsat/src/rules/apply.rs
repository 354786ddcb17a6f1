//! Application of a rule to a match, where its condition holds and no type, shape or error is lost.
use super::{
    Rule,
    condition::{Argument, Known, What},
    vocabulary::{self, covers},
};
use crate::{
    facts::{Facts, Kind},
    graph::Graph,
    infer::{self, Inferred},
    language::Node,
    flags::FastMath,
    operators::{Domain, POW, is_integer},
};
use egg::{ENodeOrVar, Id, Language, PatternAst, Subst};
use numbra_abi::DType;
use std::borrow::Cow;

impl Rule {
    /// Applies the rule to a match in a class; whether anything became known.
    pub fn apply(&self, graph: &mut Graph, class: Id, subst: &Subst, flags: FastMath) -> bool {
        if !flags.has(self.needs) && self.floats(graph, class, subst) {
            return false;
        }
        let Some(subst) = self.complete(graph, class, subst) else { return false };
        if self.present(graph, &subst) == Some(graph.find(class)) || !self.sound(graph, class, &subst) {
            return false;
        }
        if graph.are_explanations_enabled() {
            return graph.union_instantiations(&self.left.ast, &self.right, &subst, self.name.as_str()).1;
        }
        let right = graph.add_instantiation(&self.right, &subst);
        graph.union(class, right)
    }

    /// Whether floats take part, for which alone flags are needed.
    pub fn floats(&self, graph: &Graph, class: Id, subst: &Subst) -> bool {
        let float = |id: Id| graph[id].data.dtype().is_none_or(|d| !(d == DType::Bool || is_integer(d)));
        let array = |id: &Id| graph[*id].data.dims().is_some();
        float(class) || self.left.ast.iter().any(|n| if let ENodeOrVar::Var(v) = n { subst.get(*v).is_some_and(|id| array(id) && float(*id)) } else { false })
    }

    /// The match with what the conditions compute, if they hold.
    pub fn complete(&self, graph: &mut Graph, class: Id, subst: &Subst) -> Option<Subst> {
        for (var, value) in &self.left_numbers {
            let number = graph[*subst.get(*var)?].data.value?;
            (vocabulary::number(number.dtype, *value)? == number && number.as_float()? == *value).then_some(())?;
        }
        let dtype = graph[class].data.dtype();
        if !self.shape.any_elements {
            let domain = if self.complex { Domain::Numeric } else { Domain::Real };
            let tame = |d: Option<DType>| d.is_none_or(|d| d == DType::Bool || domain.has(d));
            (tame(dtype) && self.left.ast.iter().all(|n| if let ENodeOrVar::Var(v) = n { subst.get(*v).is_none_or(|id| tame(graph[*id].data.dtype())) } else { true })).then_some(())?;
        }
        let mut subst = subst.clone();
        for c in &self.conditions {
            let mut known = smallvec::SmallVec::<[Known; 3]>::new();
            for a in &c.arguments {
                known.push(match a {
                    Argument::Variable(v) => Known::Facts(&graph[*subst.get(*v)?].data),
                    Argument::Number(n) => Known::Number(*n),
                });
            }
            let computed = match c.what {
                What::Ask(ask, not) => (ask(&known) != not).then_some(None)?,
                What::Compute(compute, var) => Some((var, compute(&known)?)),
            };
            drop(known);
            if let Some((var, node)) = computed {
                let id = graph.add(node);
                subst.insert(var, id);
            }
        }
        for (var, value) in &self.right_numbers {
            let id = graph.add(Node::Number(vocabulary::number(dtype?, *value)?));
            subst.insert(*var, id);
        }
        Some(subst)
    }

    /// The class of the right side, if it is in the graph.
    fn present(&self, graph: &Graph, subst: &Subst) -> Option<Id> {
        let mut ids = smallvec::SmallVec::<[Id; 12]>::new();
        for node in self.right.iter() {
            ids.push(match node {
                ENodeOrVar::Var(v) => graph.find(*subst.get(*v)?),
                ENodeOrVar::ENode(n) => graph.lookup(n.clone().map_children(|c| ids[usize::from(c)]))?,
            });
        }
        ids.last().copied()
    }

    /// Whether the right side has the left one's type and axes, and raises where it does and only there.
    pub fn sound(&self, graph: &Graph, class: Id, subst: &Subst) -> bool {
        let left = &graph[class].data;
        let Some(right) = inferred(&self.right, graph, subst) else { return false };
        let Some(root) = right.last() else { return false };
        // Numbers of types that an operator does not take, and the like: it has no meaning.
        if right.iter().any(|i| i.facts.kind == Kind::Opaque) {
            return false;
        }
        let same = match (left.dims(), root.facts.dims()) {
            (Some(a), Some(b)) => left.dtype() == root.facts.dtype() && a.len() == b.len(),
            _ => std::mem::discriminant(&left.kind) == std::mem::discriminant(&root.facts.kind) && left.kind != Kind::Opaque,
        };
        if !same {
            return false;
        }
        // An integer power raises by its elements, not by its shapes.
        let power = self.same_errors && self.shape.operators.contains(POW);
        if power && left.dtype().is_some_and(is_integer) && inferred(&self.left.ast, graph, subst).is_none_or(|l| l.iter().any(|i| i.raises)) {
            return false;
        }
        if !(self.same_errors || self.shape.element_wise) {
            // Types that do not fit count as an error of the operator.
            let clean = !left.may_raise || inferred(&self.left.ast, graph, subst).is_some_and(|l| l.iter().all(|i| !i.raises));
            if !clean || right.iter().any(|i| i.raises) {
                return false;
            }
        }
        self.shape.vanishing.iter().all(|v| {
            let Some(gone) = subst.get(*v).map(|id| &graph[*id].data) else { return true };
            let shape = self.drops.contains(v) || gone.dims().is_none_or(|d| root.facts.dims().is_some_and(|r| covers(r, d)));
            shape && !gone.may_raise
        })
    }
}

/// Facts of all nodes of a side.
fn inferred<'g>(side: &PatternAst<Node>, graph: &'g Graph, subst: &Subst) -> Option<Vec<Local<'g>>> {
    let mut all: Vec<Local<'g>> = Vec::with_capacity(side.len());
    for node in side.iter() {
        let local = match node {
            ENodeOrVar::Var(v) => Local { facts: Cow::Borrowed(&graph[*subst.get(*v)?].data), raises: false },
            ENodeOrVar::ENode(n) => {
                let Inferred { facts, raises } = infer::node(n, &[], |c| all[usize::from(c)].facts.as_ref());
                Local { facts: Cow::Owned(facts), raises }
            }
        };
        all.push(local);
    }
    Some(all)
}

struct Local<'g> {
    facts: Cow<'g, Facts>,
    raises: bool,
}
