//! Fixed points. Each instance (function, argument types) is interpreted until the values of its block arguments stop growing; only
//! blocks behind branches that can be taken count. Calls ask for the result of the callee's instance, which is `Never` while nothing is
//! known of it (recursion); when it grows, its callers are interpreted again.
use super::{
    call::overloads::Overloads,
    expr::{ArrayOp, Expr, Typed},
    objects::{iterators, structs},
    source::{Class, OpKind, Source, ValueId},
    val::{Val, join},
    widen::{self, Widening, has_list},
};
use numbra_dialects::{Diagnostic, Span, py::Ty};
use crate::{build::Program, library::Library};
use melior::Context;
use std::{collections::{HashMap, HashSet}, rc::Rc};

/// More versions of one function than this come from recursion whose arguments grow without end.
const MAX_INSTANCES: usize = 100;
/// A library function serves a whole program.
const MAX_LIBRARY_INSTANCES: usize = 2000;
/// Deeper chains of first calls than this have no end.
const MAX_DEPTH: usize = 200;

/// Values of one instance, by value number.
#[derive(Debug, Default)]
#[allow(missing_docs)]
pub struct Frame {
    pub vals: Vec<Val>,
    pub reached: Vec<bool>,
    pub result: Val,
    /// List types that new lists must have, by the value that is the new list
    pub lists: HashMap<ValueId, Ty>,
    /// A call in it has no result yet
    pub waits: bool,
}

/// What typing decided for one op: an expression per result (or one, without results).
pub type Decision = Vec<Option<Expr>>;

/// A function at argument types.
#[derive(Debug)]
#[allow(missing_docs)]
pub struct Instance {
    pub function: usize,
    pub arguments: Vec<Ty>,
    pub symbol: String,
    pub entry: bool,
    /// Its address is taken
    pub addressed: bool,
    pub frame: Frame,
    /// By block and op; the list ends where control does not pass further
    pub decisions: Vec<Vec<Decision>>,
    /// The first call of it: by which instance, and where
    pub called_from: Option<(usize, Option<Span>)>,
    /// A library function that refuses these arguments says why
    pub(super) refused: Option<String>,
    /// Wider list types that parameters would need
    pub wanted: HashMap<usize, Ty>,
    /// Wider list types that its callers need of its result
    pub wanted_result: Val,
    /// It raises or loops for ever: control does not come back from a call
    pub never_returns: bool,
    dependents: Vec<usize>,
    active: bool,
    finished: bool,
}

impl Instance {
    /// Whether an entry needs it, and its decisions are recorded.
    pub fn is_finished(&self) -> bool {
        self.finished
    }
}

/// All functions and instances.
pub struct Engine<'c> {
    /// Functions of the module, and those of the library that they came to need
    pub functions: Vec<Rc<Source<'c>>>,
    by_symbol: HashMap<String, usize>,
    /// Instances, in the order of discovery
    pub instances: Vec<Instance>,
    /// Errors found
    pub diagnostics: Vec<Diagnostic>,
    /// Constructs without a meaning in compiled code that control reaches; what else is wrong may follow from them
    pub refusals: Vec<Diagnostic>,
    /// Classes of the program, by path
    pub classes: HashMap<String, Rc<Class>>,
    context: &'c Context,
    /// Functions in Python that come with the compiler
    pub library: &'static Library,
    /// The program that the functions come from, and what it has said of its overloads
    pub(super) overloads: Overloads<'c>,
    memo: HashMap<(usize, Vec<Val>), usize>,
    symbols: HashSet<String>,
    /// How many instances each function has
    counts: HashMap<usize, usize>,
    queue: Vec<usize>,
    depth: usize,
    /// How often an instance was interpreted
    pub interpretations: usize,
}

impl<'c> Engine<'c> {
    /// Over the functions of a module, which may be a part of a program.
    pub fn new(context: &'c Context, functions: Vec<Source<'c>>, program: Option<Program<'c, 'c>>) -> Self {
        let by_symbol = functions.iter().enumerate().map(|(i, f)| (f.symbol.clone(), i)).collect();
        let classes = functions.iter().flat_map(|f| &f.classes).map(|c| (c.path.clone(), Rc::new(c.clone()))).collect();
        Self {
            classes,
            functions: functions.into_iter().map(Rc::new).collect(),
            by_symbol,
            instances: vec![],
            diagnostics: vec![],
            refusals: vec![],
            context,
            library: Library::get(),
            overloads: Overloads::new(program),
            memo: HashMap::new(),
            symbols: HashSet::new(),
            counts: HashMap::new(),
            queue: vec![],
            depth: 0,
            interpretations: 0,
        }
    }

    /// The function of a symbol, of the module or of the library.
    pub fn function(&mut self, symbol: &str) -> Option<usize> {
        if let Some(&i) = self.by_symbol.get(symbol) {
            return Some(i);
        }
        // Functions that are defined inside the one that is asked for come with it.
        let loaded = self.library.load(self.context, symbol)?;
        self.add(loaded);
        self.by_symbol.get(symbol).copied()
    }

    /// Takes in further functions.
    pub(super) fn add(&mut self, sources: Vec<Source<'c>>) {
        for source in sources {
            self.by_symbol.entry(source.symbol.clone()).or_insert(self.functions.len());
            self.classes.extend(source.classes.iter().map(|c| (c.path.clone(), Rc::new(c.clone()))));
            self.functions.push(Rc::new(source));
        }
    }

    /// The instance of a function at argument types; `None` when there are too many. Values of parameters that are static are part of what
    /// makes an instance.
    pub fn instance(&mut self, function: usize, arguments: Vec<Val>, called_from: Option<(usize, Option<Span>)>) -> Option<usize> {
        let source = self.functions[function].clone();
        let arguments: Vec<Val> = arguments.into_iter().enumerate().map(|(i, v)| if source.statics.contains(&i) { v } else { v.widen() }).collect();
        let key = (function, arguments);
        if let Some(&i) = self.memo.get(&key) {
            return Some(i);
        }
        let count = self.counts.entry(function).or_default();
        if *count >= if source.library { MAX_LIBRARY_INSTANCES } else { MAX_INSTANCES } || self.depth >= MAX_DEPTH {
            return None;
        }
        *count += 1;
        let types: Vec<String> = key.1.iter().map(|v| v.ty().to_string()).collect();
        let mut symbol = format!("{}({})", source.symbol, types.join(","));
        // Types that print alike (slices) and static values still make several functions.
        while !self.symbols.insert(symbol.clone()) {
            symbol.push('\'');
        }
        let mut frame = Frame { vals: vec![Val::Never; source.definitions.len()], reached: vec![false; source.blocks.len()], ..Frame::default() };
        for (&v, val) in source.blocks[0].arguments.iter().zip(&key.1) {
            frame.vals[v] = val.clone();
        }
        // `type(x)` of a named tuple that is only known from its values.
        for t in &key.1 {
            if let Val::Of(Ty::Struct(s)) = t && structs::is_class(&s.path) && !self.classes.contains_key(&*s.path) {
                let class = Class { path: s.path.to_string(), fields: s.names.iter().map(|n| n.to_string()).collect(), defaults: vec![], members: vec![] };
                self.classes.insert(s.path.to_string(), Rc::new(class));
            }
        }
        let i = self.instances.len();
        self.instances.push(Instance {
            function,
            arguments: key.1.iter().map(Val::ty).collect(),
            symbol,
            entry: false,
            addressed: false,
            frame,
            decisions: vec![],
            called_from,
            refused: None,
            wanted: HashMap::new(),
            wanted_result: Val::Never,
            never_returns: false,
            dependents: vec![],
            active: false,
            finished: false,
        });
        self.memo.insert(key, i);
        deeper(|| self.analyze(i));
        Some(i)
    }

    /// Whether there are many versions of a function already.
    pub fn has_many(&self, function: usize) -> bool {
        self.counts.get(&function).is_some_and(|n| *n >= MAX_INSTANCES / 4)
    }

    /// The result of an instance as known now; its growth will bring `caller` back.
    pub fn result(&mut self, callee: usize, caller: usize) -> Val {
        if !self.instances[callee].dependents.contains(&caller) {
            self.instances[callee].dependents.push(caller);
        }
        self.instances[callee].frame.result.clone()
    }

    /// Interprets again whatever waits for results that have grown.
    pub fn settle(&mut self) {
        loop {
            while let Some(i) = self.queue.pop() {
                self.analyze(i);
            }
            // A list into which nothing is ever put.
            if let Some(i) = (0..self.instances.len()).find(|&i| self.close_list(i)) {
                self.queue.push(i);
                continue;
            }
            // What neither returns nor waits for a recursive call raises or loops for ever, and so does what cannot get past a call of it.
            let Some(i) = self.instances.iter().position(|i| i.frame.result == Val::Never && !i.frame.waits && !i.never_returns) else { return };
            self.instances[i].never_returns = true;
            self.wake(i);
        }
    }

    /// Whether an op calls a function that never returns: nothing behind it runs.
    fn diverges(&self, typed: &[Typed]) -> bool {
        matches!(typed, [Typed { expr: Some(Expr::Invoke(i, ..)), .. }] if self.instances[*i].never_returns)
    }

    /// Interprets an instance again, and then what depends on it.
    pub(super) fn again(&mut self, i: usize) {
        self.queue.push(i);
    }

    /// A library function refuses its arguments.
    pub(super) fn refuse_arguments(&mut self, i: usize, why: String) {
        if self.instances[i].refused.is_none() {
            self.instances[i].refused = Some(why);
            self.wake(i);
        }
    }

    pub(super) fn wake(&mut self, i: usize) {
        let dependents = self.instances[i].dependents.clone();
        self.queue.extend(dependents);
    }

    fn analyze(&mut self, i: usize) {
        if self.instances[i].active {
            self.queue.push(i);
            return;
        }
        self.instances[i].active = true;
        self.interpretations += 1;
        self.depth += 1;
        let source = &*self.functions[self.instances[i].function].clone();
        let mut frame = std::mem::take(&mut self.instances[i].frame);
        let before = frame.result.clone();
        // Callers in a cycle see this instance's result so far.
        self.instances[i].frame.result = before.clone();
        let mut dirty = frame.reached.clone();
        frame.reached[0] = true;
        dirty[0] = true;
        frame.waits = false;
        while let Some(b) = dirty.iter().position(|d| *d) {
            dirty[b] = false;
            self.run_block(i, source, &mut frame, b, &mut dirty);
        }
        self.depth -= 1;
        let changed = frame.result != before;
        self.instances[i].never_returns &= frame.result == Val::Never;
        self.instances[i].frame = frame;
        self.instances[i].active = false;
        if changed {
            self.wake(i);
        }
    }

    fn run_block(&mut self, i: usize, source: &Source<'c>, frame: &mut Frame, b: usize, dirty: &mut [bool]) {
        for op in &source.blocks[b].ops {
            match &op.kind {
                OpKind::Br(target) => return self.flow(i, source, frame, *target, &op.operands, dirty),
                OpKind::CondBr(on_true, on_false, count) => {
                    let truth = match &frame.vals[op.operands[0]] {
                        Val::Never => return,
                        v => v.truth(),
                    };
                    let (first, second) = op.operands[1..].split_at(*count);
                    if truth != Some(false) {
                        self.flow(i, source, frame, *on_true, first, dirty);
                    }
                    if truth != Some(true) {
                        self.flow(i, source, frame, *on_false, second, dirty);
                    }
                    return;
                }
                OpKind::Return => {
                    let value = &frame.vals[op.operands[0]];
                    // What the library finds out about types is still known where it is called.
                    frame.result = join(&frame.result, &if source.library { value.clone() } else { value.widen() });
                    if let joined @ Val::Of(_) | joined @ Val::Tuple(_) = join(&frame.result, &self.instances[i].wanted_result) {
                        frame.result = joined;
                    }
                    if has_list(&frame.result.ty()) {
                        self.widen_result(&mut Widening { instance: i, source, dirty, seen: vec![] }, frame);
                    }
                    return;
                }
                OpKind::Raise => return,
                _ => {}
            }
            let typed = widen::interpret(self, i, source, frame, op);
            if let Ok(Some(typed)) = &typed {
                self.widen_for(&mut Widening { instance: i, source, dirty, seen: vec![] }, frame, op, typed);
            }
            let results: Vec<Val> = match typed {
                Ok(Some(typed)) if self.diverges(&typed) => return,
                Ok(Some(typed)) => typed.into_iter().map(|t| t.val).collect(),
                Ok(None) => {
                    frame.waits |= matches!(op.kind, OpKind::Call(_));
                    return;
                }
                Err(_) => vec![Val::Error; op.results.len()],
            };
            for (&v, new) in op.results.iter().zip(results) {
                if frame.vals[v] != new {
                    frame.vals[v] = new;
                    for &user in &source.users[v] {
                        dirty[user] |= frame.reached[user] && user != b;
                    }
                }
            }
        }
    }

    fn flow(&mut self, i: usize, source: &Source<'c>, frame: &mut Frame, target: usize, operands: &[ValueId], dirty: &mut [bool]) {
        let mut changed = !std::mem::replace(&mut frame.reached[target], true);
        for (n, (&argument, &operand)) in source.blocks[target].arguments.iter().zip(operands).enumerate() {
            let new = join(&frame.vals[argument], &frame.vals[operand]);
            let grows = new != frame.vals[argument];
            if grows {
                frame.vals[argument] = new;
                changed = true;
                for &user in &source.users[argument] {
                    dirty[user] |= frame.reached[user];
                }
            }
            let t = frame.vals[argument].ty();
            if has_list(&t) && (grows || frame.vals[operand].ty() != t) {
                self.widen_incoming(&mut Widening { instance: i, source, dirty, seen: vec![argument] }, frame, target, n, &t);
            }
        }
        dirty[target] |= changed;
    }

    /// After everything has settled: records what was decided, reports errors, and goes on to the callees.
    pub fn finish(&mut self, i: usize) {
        if std::mem::replace(&mut self.instances[i].finished, true) {
            return;
        }
        let source = &*self.functions[self.instances[i].function].clone();
        let mut frame = std::mem::take(&mut self.instances[i].frame);
        if self.instances[i].never_returns {
            frame.result = Val::NONE;
        }
        self.instances[i].frame.result = frame.result.clone();
        let mut decisions = vec![vec![]; source.blocks.len()];
        let mut callees = vec![];
        let errors = self.diagnostics.len();
        for b in (0..source.blocks.len()).filter(|b| frame.reached[*b]) {
            for op in &source.blocks[b].ops {
                if let OpKind::Refused(refusal) = &op.kind {
                    self.report_refusal(i, refusal);
                }
                let typing = widen::interpret(self, i, source, &frame, op);
                let typing = match typing {
                    Ok(Some(typed)) => widen::passed_on(source, &frame, op).and_then(|()| iterators::check(source, &frame, op)).and_then(|()| widen::check(source, &frame, op, &typed)).map(|()| Some(typed)),
                    other => other,
                };
                match typing {
                    Ok(Some(typed)) => {
                        let last = self.diverges(&typed);
                        let exprs: Decision = typed.into_iter().map(|t: Typed| t.expr).collect();
                        exprs.iter().flatten().for_each(|e| invoked(e, &mut callees));
                        decisions[b].push(exprs);
                        if last {
                            break;
                        }
                    }
                    Ok(None) => break,
                    Err(problem) => {
                        self.report_op(i, source, &frame, op, &problem);
                        decisions[b].push(vec![None; op.results.len().max(1)]);
                    }
                }
            }
        }
        if self.diagnostics.len() == errors {
            self.report_result(i, source, &frame);
        }
        self.instances[i].frame = frame;
        self.instances[i].decisions = decisions;
        for callee in callees {
            deeper(|| self.finish(callee));
        }
    }
}

/// Runs one level of a chain of calls, on more stack when what is left is short: calls and types may nest as deeply as the limits allow.
fn deeper<R>(work: impl FnOnce() -> R) -> R {
    stacker::maybe_grow(512 * 1024, 4 * 1024 * 1024, work)
}

fn invoked(e: &Expr, found: &mut Vec<usize>) {
    match e {
        Expr::Invoke(i, ..) | Expr::Array(ArrayOp { callee: Some(i), .. }, ..) => found.push(*i),
        _ => {}
    }
    e.parts(&mut |p| invoked(p, found));
}
