//! Rules tried on random operands: both sides of each application must agree, in every bit if it is exact.
//!
//! Operands come from the rule's example: other types of elements, other lengths (0, 1, equal, unequal), axes missing or of length 1, other numbers and axes; elements are NaN, infinities,
//! signed zeros, the ends of the range. What the conditions and the soundness of application let through is computed by the interpreter.
use super::Rule;
use crate::{
    facts::Facts,
    flags::FastMath,
    graph::{Graph, Known},
    interpret::{self, Fault, Grouping, Value},
    language::Node,
    rules::{random::Random, sample},
    scalar::Scalar,
    text::Written,
};
use egg::{ENodeOrVar, Id, Language, PatternAst, RecExpr, Subst, Var};

/// Result of one trial.
#[derive(Clone, Debug, PartialEq)]
pub enum Trial {
    /// The rule does not apply, or a value is left open
    Skipped,
    /// Both sides agree
    Agrees,
    /// They do not: operands and values
    Differs(String),
}

/// Terms for the variables of a rule, with their leaves.
#[derive(Clone, Debug, Default)]
pub struct Sample {
    /// Terms of all variables
    pub terms: RecExpr<Node>,
    /// Where each variable's term ends
    pub ends: Vec<(Var, Id)>,
    /// Facts of leaves
    pub leaves: Vec<Facts>,
    /// Values of leaves
    pub values: Vec<Value>,
}

/// Result of many trials: how many agree, and the first that does not.
/// `enough` that agree end it.
pub fn trials(rule: &Rule, count: usize, enough: usize, seed: u64) -> (usize, Option<String>) {
    let mut agree = 0;
    for k in 0..count {
        let mut random = Random::new(seed.wrapping_add(k as u64));
        match trial(rule, &mut random) {
            Trial::Agrees => agree += 1,
            Trial::Differs(why) => return (agree, Some(why)),
            Trial::Skipped => {}
        }
        if agree >= enough {
            break;
        }
    }
    (agree, None)
}

/// Why a rule of a user is not taken.
pub fn refusal(rule: &Rule) -> Option<String> {
    if rule.example.is_empty() {
        return Some(format!("`{}` has no example; `example x: float64[n], ...` with a type or term for each variable of the left side lets it be tried", rule.name));
    }
    match trials(rule, 600, 300, 1) {
        (_, Some(why)) => Some(format!("`{}` does not hold: {why}{}", rule.name, if rule.needs == FastMath::NONE { "; say which fast-math flags it `needs`, or restrict it with `when`" } else { "" })),
        (0, None) => Some(format!("`{}` never applies near its example: types, shapes or conditions do not fit", rule.name)),
        _ => None,
    }
}

/// One application to random operands.
pub fn trial(rule: &Rule, random: &mut Random) -> Trial {
    let Some(sample) = sample::draw(rule, random) else { return Trial::Skipped };
    apply(rule, &sample, random).unwrap_or(Trial::Skipped)
}

/// An application to given operands, if the rule applies to them.
pub fn apply(rule: &Rule, sample: &Sample, random: &mut Random) -> Option<Trial> {
    let mut graph = Graph::new(Known { leaves: sample.leaves.clone(), contradictions: 0 });
    let mut ids: Vec<Id> = vec![];
    for node in sample.terms.iter() {
        ids.push(graph.add(node.clone().map_children(|c| ids[usize::from(c)])));
    }
    let mut subst = Subst::with_capacity(8);
    for (var, end) in &sample.ends {
        subst.insert(*var, ids[usize::from(*end)]);
    }
    // Numbers on the left are of a type that fits: most often that of the operands.
    let types: Vec<_> = sample.leaves.iter().filter_map(|f| f.dtype()).chain([numbra_abi::DType::Int64, numbra_abi::DType::Bool]).collect();
    for (var, value) in &rule.left_numbers {
        let number = super::vocabulary::number(types[random.below(types.len())], *value)?;
        subst.insert(*var, graph.add(Node::Number(number)));
    }
    let class = graph.add_instantiation(&rule.left.ast, &subst);
    graph.rebuild();
    (graph[class].data.kind != crate::facts::Kind::Opaque).then_some(())?;
    let subst = rule.complete(&mut graph, class, &subst)?;
    graph.rebuild();
    let class = graph.find(class);
    let right = rule.sound(&graph, class, &subst)?;
    let left = written(&rule.left.ast, &graph, &subst, sample)?;
    let right = written(&right, &graph, &subst, sample)?;
    let exact = rule.needs == FastMath::NONE || !rule.floats(&graph, class, &subst);
    let mut result = Trial::Skipped;
    for grouping in [Grouping::Sequential, Grouping::Halves] {
        if !exact && !assumed(&left, sample, grouping, rule.needs) {
            return Some(Trial::Skipped);
        }
        let (a, b) = (value(&left, sample, grouping), value(&right, sample, grouping));
        match (a, b) {
            (Err(Fault::Unspecified), _) | (_, Err(Fault::Unspecified)) => return Some(Trial::Skipped),
            (Err(Fault::Raise), Err(Fault::Raise)) => result = Trial::Agrees,
            (Ok(a), Ok(b)) => match compare(&a, &b, (!exact).then_some(rule.needs)) {
                Some(true) => result = Trial::Agrees,
                Some(false) => return Some(Trial::Differs(message(&left, &right, sample, &format!("{} and {}", show(&a), show(&b))))),
                None => {}
            },
            (a, _) => return Some(Trial::Differs(message(&left, &right, sample, if a.is_err() { "only the left side raises" } else { "only the right side raises" }))),
        }
    }
    Some(result)
}

fn value(terms: &RecExpr<Node>, sample: &Sample, grouping: Grouping) -> Result<Value, Fault> {
    let list: Vec<Node> = terms.iter().cloned().collect();
    interpret::all(&list, &sample.values, grouping).pop().unwrap_or(Err(Fault::Unspecified))
}

/// Whether no element on the way is what flags say that there is none of.
fn assumed(terms: &RecExpr<Node>, sample: &Sample, grouping: Grouping, flags: FastMath) -> bool {
    let list: Vec<Node> = terms.iter().cloned().collect();
    let arrays: Vec<Value> = interpret::all(&list, &sample.values, grouping).into_iter().flatten().collect();
    let parts = arrays.iter().filter_map(|v| v.array().ok()).flat_map(|a| &a.data).flat_map(|e| e.parts());
    parts.into_iter().all(|p| !(p.is_nan() && flags.has(FastMath::NNAN) || p.is_infinite() && flags.has(FastMath::NINF)))
}

/// A side with the terms of the sample in the place of variables.
fn written(side: &PatternAst<Node>, graph: &Graph, subst: &Subst, sample: &Sample) -> Option<RecExpr<Node>> {
    let mut terms = sample.terms.clone();
    let mut ids: Vec<Id> = vec![];
    for node in side.iter() {
        let id = match node {
            ENodeOrVar::Var(v) => match sample.ends.iter().find(|(w, _)| w == v) {
                Some((_, end)) => *end,
                None => {
                    let nodes = &graph[*subst.get(*v)?].nodes;
                    terms.add(nodes.iter().find(|n| !matches!(n, Node::Apply(..)))?.clone())
                }
            },
            ENodeOrVar::ENode(n) => terms.add(n.clone().map_children(|c| ids[usize::from(c)])),
        };
        ids.push(id);
    }
    // The root stands last.
    let root = terms[*ids.last()?].clone();
    terms.add(root);
    Some(terms)
}

/// Whether two values agree as far as flags assume, or in every bit; none where nothing can be said.
fn compare(a: &Value, b: &Value, flags: Option<FastMath>) -> Option<bool> {
    match (a, b) {
        (Value::Array(a), Value::Array(b)) => {
            if a.dims != b.dims || a.dtype != b.dtype {
                return Some(false);
            }
            let Some(flags) = flags else {
                return Some(a.data.iter().zip(&b.data).all(|(x, y)| x.same(*y)));
            };
            let pairs: Vec<(f64, f64)> = a.data.iter().zip(&b.data).flat_map(|(x, y)| x.parts().into_iter().zip(y.parts())).collect();
            // Beyond what the flags assume, anything goes; and another order may overflow. Without `nnan` what is NaN stays so.
            if pairs.iter().any(|(x, y)| x.is_infinite() || y.is_infinite() || flags.has(FastMath::NNAN) && (x.is_nan() || y.is_nan())) {
                return None;
            }
            let agree = |x: f64, y: f64, tolerance: f64| x.is_nan() && y.is_nan() || (x - y).abs() <= tolerance * (x.abs() + y.abs() + 1.0);
            let tolerance = if matches!(a.dtype, numbra_abi::DType::Float32 | numbra_abi::DType::Complex64) { 2e-3 } else { 1e-8 };
            Some(pairs.iter().all(|(x, y)| agree(*x, *y, tolerance)))
        }
        (Value::Tuple(a), Value::Tuple(b)) if a.len() == b.len() => a.iter().zip(b).try_fold(true, |all, (x, y)| Some(all & compare(x, y, flags)?)),
        (Value::Range(..), Value::Range(..)) => Some(format!("{a:?}") == format!("{b:?}")),
        _ => Some(false),
    }
}

fn show(v: &Value) -> String {
    match v {
        Value::Array(a) => {
            let element = |s: &Scalar| match s {
                Scalar::Bool(b) => b.to_string(),
                Scalar::Int(i) => i.to_string(),
                Scalar::F32(f) => format!("{f:?}"),
                Scalar::F64(f) => format!("{f:?}"),
                Scalar::C64(_) | Scalar::C128(_) => {
                    let [re, im] = s.parts();
                    format!("({re:?}, {im:?}j)")
                }
            };
            let list: Vec<String> = a.data.iter().map(element).collect();
            if a.dims.is_empty() { list.join("") } else { format!("[{}] of shape {:?}", list.join(", "), a.dims) }
        }
        other => format!("{other:?}"),
    }
}

fn message(left: &RecExpr<Node>, right: &RecExpr<Node>, sample: &Sample, outcome: &str) -> String {
    let text = |e: &RecExpr<Node>| {
        let list: Vec<Node> = e.iter().cloned().collect();
        Written(&list, Id::from(list.len() - 1)).to_string()
    };
    let leaves: Vec<String> = sample.values.iter().zip(&sample.leaves).enumerate().map(|(k, (v, f))| format!("${k} = {}{}", show(v), f.dtype().map(|d| format!(" of {}", d.name())).unwrap_or_default())).collect();
    format!("{} and {} are {outcome} where {}", text(left), text(right), leaves.join(", "))
}
