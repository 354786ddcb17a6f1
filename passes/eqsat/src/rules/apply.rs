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
    operators::{Domain, FIRST, POW, is_integer},
};
use egg::{ENodeOrVar, Id, Language, PatternAst, Subst, Var};
use numbra_abi::DType;
use std::borrow::Cow;

impl Rule {
    /// Applies the rule to a match in a class; whether anything became known.
    pub fn apply(&self, graph: &mut Graph, class: Id, subst: &Subst, flags: FastMath) -> bool {
        if !flags.has(self.needs) && self.floats(graph, class, subst) {
            return false;
        }
        let Some(subst) = self.complete(graph, class, subst) else { return false };
        if present(&self.right, graph, &subst) == Some(graph.find(class)) {
            return false;
        }
        let Some(right) = self.sound(graph, class, &subst) else { return false };
        if matches!(right, Cow::Owned(_)) && present(&right, graph, &subst) == Some(graph.find(class)) {
            return false;
        }
        if graph.are_explanations_enabled() {
            return graph.union_instantiations(&self.left.ast, &right, &subst, self.name.as_str()).1;
        }
        let right = graph.add_instantiation(&right, &subst);
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

    /// The right side, if it has the left one's type and axes, and raises where that does and only there. Where both sides are element-wise, what vanishes is checked against the rest:
    /// it takes part in broadcasting, and may be an error.
    pub fn sound(&self, graph: &Graph, class: Id, subst: &Subst) -> Option<Cow<'_, PatternAst<Node>>> {
        let left = &graph[class].data;
        let mut side = Cow::Borrowed(&self.right);
        let mut right = inferred(&side, graph, subst)?;
        let mut vanishing = Cow::Borrowed(self.shape.vanishing.as_slice());
        if self.shape.element_wise {
            let (checked, gone) = vanishing.iter().partition::<Vec<Var>, _>(|v| self.is_missed(right.last().map(|r| r.facts.as_ref()), graph, subst, **v));
            if !checked.is_empty() {
                (side, vanishing) = (Cow::Owned(checked_against(&self.right, &checked)), Cow::Owned(gone));
                right = inferred(&side, graph, subst)?;
            }
        }
        let root = right.last()?;
        // Numbers of types that an operator does not take, and the like: it has no meaning.
        if right.iter().any(|i| i.facts.kind == Kind::Opaque) {
            return None;
        }
        let same = match (left.dims(), root.facts.dims()) {
            (Some(a), Some(b)) => left.dtype() == root.facts.dtype() && a.len() == b.len(),
            _ => std::mem::discriminant(&left.kind) == std::mem::discriminant(&root.facts.kind) && left.kind != Kind::Opaque,
        };
        if !same {
            return None;
        }
        // An integer power raises by its elements, not by its shapes.
        if (self.same_errors || self.shape.element_wise) && self.shape.operators.contains(POW) && self.has_raising_power(graph, subst) {
            return None;
        }
        if !(self.same_errors || self.shape.element_wise) {
            // Types that do not fit count as an error of the operator.
            let clean = !left.may_raise || inferred(&self.left.ast, graph, subst).is_some_and(|l| l.iter().all(|i| !i.raises));
            if !clean || right.iter().any(|i| i.raises) {
                return None;
            }
        }
        let kept = vanishing.iter().all(|v| !self.is_missed(Some(root.facts.as_ref()), graph, subst, *v));
        drop(right);
        kept.then_some(side)
    }

    fn has_raising_power(&self, graph: &Graph, subst: &Subst) -> bool {
        let is_power = |n: &ENodeOrVar<Node>| matches!(n, ENodeOrVar::ENode(Node::Apply(POW, _)));
        inferred(&self.left.ast, graph, subst).is_none_or(|l| self.left.ast.iter().zip(&l).any(|(n, i)| is_power(n) && i.raises && i.facts.dtype().is_some_and(is_integer)))
    }

    /// Whether something is lost when a variable vanishes: a length that the result has from it, or an error.
    fn is_missed(&self, root: Option<&Facts>, graph: &Graph, subst: &Subst, var: Var) -> bool {
        let Some(gone) = subst.get(var).map(|id| &graph[*id].data) else { return false };
        let covered = self.drops.contains(&var) || gone.dims().is_none_or(|d| root.and_then(|r| r.dims()).is_some_and(|r| covers(r, d)));
        !covered || gone.may_raise
    }
}

/// The class of a side, if it is in the graph.
fn present(side: &PatternAst<Node>, graph: &Graph, subst: &Subst) -> Option<Id> {
    let mut ids = smallvec::SmallVec::<[Id; 12]>::new();
    for node in side.iter() {
        ids.push(match node {
            ENodeOrVar::Var(v) => graph.find(*subst.get(*v)?),
            ENodeOrVar::ENode(n) => graph.lookup(n.clone().map_children(|c| ids[usize::from(c)]))?,
        });
    }
    ids.last().copied()
}

/// A side that also broadcasts against variables.
fn checked_against(side: &PatternAst<Node>, vars: &[Var]) -> PatternAst<Node> {
    let mut side = side.clone();
    for var in vars {
        let root = Id::from(side.len() - 1);
        let var = side.add(ENodeOrVar::Var(*var));
        side.add(ENodeOrVar::ENode(Node::apply(FIRST, &[root, var])));
    }
    side
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
