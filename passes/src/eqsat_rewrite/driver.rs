//! Functions, blocks, stretches; and the change of each.
use super::{
    change::Change,
    functions::Functions,
    import::{Effect, Import, effect},
    joins, library, makes,
    meaning::Meanings,
    report::{Report, Step},
    roots::{self, Root, Users},
    rules,
    shapes,
    writes::{self, Write},
};
use crate::{
    cfg::key, conversion::py_to_std::{array::elementwise::ARRAY_MAP, flags::Options}, functions::{body_of, erase_unused, functions_of, path_of, symbol},
};
use egg::Id;
use melior::{
    Context,
    ir::{
        OperationRef,
        attribute::{ArrayAttribute, StringAttribute},
        operation::OperationLike,
    },
};
use numbra_dialects::py::PyOp;
use numbra_eqsat::{FastMath, Limits, infix::Infix, Node, Problem, Rules, Solution, rewrite_to};
use numbra_passes_api::walk;
use std::{borrow::Cow, collections::{HashMap, HashSet}};

/// How to rewrite, and what to tell.
pub struct Settings<'r> {
    /// The rules
    pub rules: &'r Rules,
    /// Whether the steps are told
    pub explain: bool,
    /// Whether sizes of e-graphs are told
    pub statistics: bool,
}

/// A function that is worked on.
pub(super) struct Function<'m, 'c, 'a> {
    pub(super) context: &'c Context,
    settings: &'m Settings<'m>,
    rules: Cow<'m, Rules>,
    pub(super) op: OperationRef<'c, 'a>,
    pub(super) options: Options,
    symbol: &'c str,
    names: HashMap<usize, String>,
}

/// Rewrites the expressions of all typed functions of a module.
pub fn rewrite_module<'c: 'a, 'a>(context: &'c Context, module: OperationRef<'c, 'a>, settings: &Settings) -> Vec<Report<'c>> {
    let Some(body) = body_of(module) else { return vec![] };
    let functions: Vec<_> = functions_of(module).collect();
    // Most modules have no array expressions.
    let candidates: Vec<_> = functions.iter().copied().filter(|f| walk::blocks_of(*f).flat_map(walk::operations).any(may_gain)).collect();
    if candidates.is_empty() {
        return vec![];
    }
    let mut meanings = Meanings::new(functions.iter().filter_map(|f| Some((symbol(*f)?, *f))).collect());
    let mut made = Functions::new(context, body);
    let mut reports = vec![];
    for op in candidates {
        let Some(symbol) = symbol(op) else { continue };
        let options = Options::of(op);
        let function = Function { context, settings, rules: rules::of_function(settings.rules, &options), op, options, symbol, names: names(op) };
        function.rewrite(&mut meanings, &mut made, &mut reports);
    }
    erase_unused(&functions, |_| false);
    reports
}

/// Whether a module has array expressions at all.
pub(super) fn has_expressions<'c: 'a, 'a>(module: OperationRef<'c, 'a>) -> bool {
    functions_of(module).any(|f| walk::blocks_of(f).flat_map(walk::operations).any(may_gain))
}

/// The functions of a module that have array expressions, with their options.
pub(super) fn options<'c: 'a, 'a>(module: OperationRef<'c, 'a>) -> impl Iterator<Item = (OperationRef<'c, 'a>, Options)> {
    functions_of(module).filter(|f| walk::blocks_of(*f).flat_map(walk::operations).any(may_gain)).map(|f| (f, Options::of(f)))
}

// An op that makes an array of others, or a number of an array, or asks a range.
fn may_gain<'c: 'a, 'a>(op: OperationRef<'c, 'a>) -> bool {
    match PyOp::of(&op) {
        PyOp::Builtin => matches!(path_of(op), Some(ARRAY_MAP | "array.reduce" | "array.scan" | "array.map_into" | "range.contains" | "range.item")),
        PyOp::Invoke => library::of(op).is_some() || joins::of(op).is_some(),
        _ => false,
    }
}

// Names of parameters, by their values.
fn names<'c: 'a, 'a>(function: OperationRef<'c, 'a>) -> HashMap<usize, String> {
    let names = function.attribute("arg_names").ok().and_then(|a| ArrayAttribute::try_from(a).ok());
    let (Some(entry), Some(names)) = (body_of(function), names) else { return HashMap::new() };
    let name = |i: usize| Some(StringAttribute::try_from(names.element(i).ok()?).ok()?.value().to_string());
    (0..names.len()).filter_map(|i| Some((key(melior::ir::BlockLike::argument(&entry, i).ok()?.into()), name(i)?))).collect()
}

fn flags(options: &Options) -> FastMath {
    let named = |name: &String| if name == "fast" { Some(FastMath::ALL) } else { FastMath::named(name) };
    options.fastmath.iter().filter_map(named).fold(FastMath::NONE, FastMath::with)
}

impl<'c: 'a, 'a> Function<'_, 'c, 'a> {
    fn rewrite(&self, meanings: &mut Meanings<'c, 'a>, made: &mut Functions<'c, 'a>, reports: &mut Vec<Report<'c>>) {
        let ops: Vec<_> = walk::blocks_of(self.op).flat_map(walk::operations).collect();
        let writes: Vec<_> = ops.into_iter().filter_map(|op| writes::split(self.context, op, &|symbol| meanings.function(symbol))).collect();
        self.stretches(meanings, made, reports);
        writes.iter().for_each(Write::join);
    }

    fn stretches(&self, meanings: &mut Meanings<'c, 'a>, made: &mut Functions<'c, 'a>, reports: &mut Vec<Report<'c>>) {
        let blocks: Vec<Vec<OperationRef>> = walk::blocks_of(self.op).map(|b| walk::operations(b).collect()).collect();
        let mut users: Users = HashMap::new();
        let mut definitions: HashMap<usize, OperationRef> = HashMap::new();
        for op in blocks.iter().flatten() {
            definitions.extend(op.results().map(|r| (key(r.into()), *op)));
            let mut last = None;
            for v in op.operands().filter(|v| last.replace(key(*v)) != Some(key(*v))) {
                users.entry(key(v)).or_default().push(*op);
            }
        }
        for ops in &blocks {
            let mut start = 0;
            for end in (0..=ops.len()).filter(|k| ops.get(*k).is_none_or(|op| effect(*op) == Effect::Barrier)) {
                let stretch = &ops[start..end];
                start = end + 1;
                if stretch.iter().any(|op| may_gain(*op)) {
                    self.stretch(stretch, ops.get(end).copied(), &mut users, &definitions, meanings, made, reports);
                }
            }
        }
    }

    // `end` is the op behind the stretch.
    #[allow(clippy::too_many_arguments)]
    fn stretch(&self, ops: &[OperationRef<'c, 'a>], end: Option<OperationRef<'c, 'a>>, users: &mut Users<'c, 'a>, definitions: &HashMap<usize, OperationRef<'c, 'a>>, meanings: &mut Meanings<'c, 'a>, functions: &mut Functions<'c, 'a>, reports: &mut Vec<Report<'c>>) {
        let mut kept = HashSet::new();
        let (import, roots) = loop {
            let import = Import::of(ops, &self.options, definitions, meanings, &|place| kept.contains(&place));
            let roots = roots::roots(&import, users, end);
            let shared = roots::shared_views(&import, &roots);
            if shared.is_empty() {
                break (import, roots);
            }
            kept.extend(shared);
        };
        if roots.is_empty() {
            return;
        }
        let problem = Problem { terms: import.terms.clone(), roots: roots.iter().map(|r| import.imported[r.imported].term).collect(), leaves: import.leaves.clone() };
        let settings = numbra_eqsat::Settings { rules: &self.rules, flags: flags(&self.options), limits: Limits::default(), explain: self.settings.explain };
        let solution = rewrite_to(&problem, &settings, &|operator, operands| makes::makes(operator, operands, meanings));
        if !solution.changed {
            return;
        }
        // Lengths that only the library asks for, on the way to what the user has written, are not worth a word.
        let asked: Vec<bool> = roots.iter().map(|r| shapes::is_lengths(import.imported[r.imported].op) && users.get(&key(r.value)).is_some_and(|list| list.iter().all(|u| shapes::only_computes(*u)))).collect();
        let mut change = Change { function: self, ops, import: &import, roots: &roots, solution: &solution, users, definitions, made: vec![], pinned: HashSet::new(), erasable: HashSet::new() };
        let changed = change.apply(meanings, functions);
        // Ops that are erased have no location any more.
        reports.extend(changed.into_iter().filter(|k| !asked[*k]).map(|k| self.report(&import, &roots[k], &solution, k)));
        change.clean_up();
    }

    fn report(&self, import: &Import<'c, 'a>, root: &Root<'c, 'a>, solution: &Solution, k: usize) -> Report<'c> {
        let imported = &import.imported[root.imported];
        let names: Vec<String> = import.values.iter().enumerate().map(|(i, (v, _))| self.names.get(&key(*v)).cloned().unwrap_or_else(|| format!("v{i}"))).collect();
        let text = |terms: &[Node], root: Id| super::report::plain(&Infix { terms, root, names: &names }.to_string());
        Report {
            function: self.symbol.to_string(),
            location: imported.op.location(),
            before: text(&import.terms, imported.term),
            after: text(&solution.terms, solution.roots[k]),
            steps: solution.explanation.iter().filter(|s| s.root == k).map(|s| Step { rule: s.rule.clone(), expression: super::report::plain(&super::report::named(&s.after, &names)) }).collect(),
            cost_before: solution.before,
            cost_after: solution.after,
            statistics: self.settings.statistics.then(|| format!("{} rounds, {} nodes, {} classes, {} choices tried", solution.statistics.iterations, solution.statistics.nodes, solution.statistics.classes, solution.statistics.trials)),
        }
    }
}
