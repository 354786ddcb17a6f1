//! The trail of inference: of each value of the program's functions its type, and what gave it that type. It is read off the frames that
//! the engine leaves behind, so it is there for programs that were refused, too: that is when it is wanted most.
use super::incoming;
use crate::infer::{engine::{Engine, Frame}, source::{Def, Op, OpKind, Source, ValueId}, val::Val};
use numbra_dialects::{Span, py::Ty};

/// How inference came to the types of one version of a function.
#[derive(Clone, Debug, PartialEq)]
pub struct Trail {
    /// Python name
    pub function: String,
    /// Names and types of the parameters
    pub parameters: Vec<(String, String)>,
    /// Type of the result
    pub result: String,
    /// The first call that asked for this version: the caller, and the place of the call
    pub caller: Option<(String, Option<Span>)>,
    /// In source order
    pub steps: Vec<Step>,
}

/// A value that got a type.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// The expression, or where a variable is read in which several values meet
    pub span: Span,
    /// Its type
    pub ty: String,
    /// How it came by the type: `joined of`, `returned by g() for`, `element of`; empty for other expressions
    pub how: String,
    /// A constant: of interest where it is assigned
    pub constant: bool,
    /// The values that it was made of
    pub parts: Vec<Part>,
}

/// A value that another one was made of.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// Name, if it is a parameter
    pub parameter: Option<String>,
    /// Where it stands
    pub span: Option<Span>,
    /// Its type
    pub ty: String,
}

/// The trails of all versions of the program's own functions, in the order in which calls led to them.
pub fn trails(engine: &Engine) -> Vec<Trail> {
    let own = |i: &usize| engine.instances[*i].is_finished() && !engine.functions[engine.instances[*i].function].library;
    (0..engine.instances.len()).filter(own).map(|i| trail(engine, i)).collect()
}

fn trail(engine: &Engine, i: usize) -> Trail {
    let instance = &engine.instances[i];
    let source = &*engine.functions[instance.function];
    let types = instance.arguments.iter().map(Ty::to_string);
    let mut steps: Vec<Step> = (0..source.definitions.len()).filter_map(|v| step(engine, source, &instance.frame, v)).collect();
    steps.sort_by_key(|s| (s.span.start_line, s.span.start_column, s.span.end_line, s.span.end_column));
    // A variable is read in several blocks, an unpacked value has one result per target: one line each where they differ.
    steps.dedup();
    Trail {
        function: source.name().into(),
        parameters: source.arg_names.iter().cloned().zip(types).collect(),
        result: match &instance.frame.result {
            Val::Never | Val::Error => "no type".into(),
            v => v.describe(),
        },
        caller: engine.caller(i).map(|(c, span)| (engine.functions[engine.instances[c].function].name().into(), span)),
        steps,
    }
}

fn step(engine: &Engine, source: &Source, frame: &Frame, v: ValueId) -> Option<Step> {
    let (def, location) = &source.definitions[v];
    let val = &frame.vals[v];
    if matches!(val, Val::Never | Val::Unbound) {
        return None;
    }
    // What is narrowed stands where the value itself does, not where it is asked for.
    let location = match source.definition(v) {
        Some(Op { kind: OpKind::Narrow(_), operands, .. }) => &source.definitions[operands[0]].1,
        _ => location,
    };
    let span = Span::of(*location)?;
    let (how, values) = match *def {
        Def::Argument(0, _) => return None,
        Def::Argument(..) => ("joined of".into(), leaves(source, frame, v)),
        Def::Result(block, op, i) => {
            let op = &source.blocks[block].ops[op];
            if skipped(&op.kind, i) {
                return None;
            }
            let operands = if matches!(op.kind, OpKind::Narrow(_)) { &op.operands[..1] } else { &op.operands[..] };
            (how(engine, source, frame, op), operands.to_vec())
        }
    };
    let ty = match val {
        Val::Error => "no type".into(),
        Val::Conflict(c) => format!("no type: {} and {} have none in common", c.0, c.1),
        v => v.describe(),
    };
    let constant = source.definition(v).is_some_and(|o| matches!(o.kind, OpKind::Constant(_)));
    Some(Step { span, ty, how, constant, parts: values.into_iter().filter_map(|v| part(source, frame, v)).collect() })
}

/// What stands for no expression of the source.
fn skipped(kind: &OpKind, result: usize) -> bool {
    match kind {
        OpKind::Known(_) | OpKind::Unbound(_) | OpKind::CheckBound(_) | OpKind::Truth | OpKind::Iter | OpKind::SetItem | OpKind::SetAttr(_) => true,
        // The element is the value of a loop's target; whether there is one is not.
        OpKind::Next => result == 0,
        _ => false,
    }
}

fn how(engine: &Engine, source: &Source, frame: &Frame, op: &Op) -> String {
    match &op.kind {
        OpKind::Call(_) => match &frame.vals[op.operands[0]] {
            Val::Of(Ty::Function(symbol) | Ty::Closure(symbol, _)) => {
                let names = engine.functions.iter().find(|f| f.symbol == **symbol);
                format!("returned by {}() for", names.map_or(&**symbol, |f| f.name()))
            }
            Val::Of(Ty::Entity(path)) => format!("returned by {}() for", path.strip_prefix("builtins.").unwrap_or(path)),
            Val::Method(_, name) => format!("returned by .{name}() for"),
            _ => "returned".into(),
        },
        OpKind::Next => "element of".into(),
        OpKind::Narrow(expected) => {
            let place = op.operands.get(1).and_then(|&c| Span::of(source.definitions[c].1));
            let truth = if *expected { "true" } else { "false" };
            place.map_or("narrowed".into(), |s| format!("where the condition in line {} is {truth}, of", s.start_line))
        }
        _ => String::new(),
    }
}

fn part(source: &Source, frame: &Frame, v: ValueId) -> Option<Part> {
    let val = &frame.vals[v];
    let (def, location) = &source.definitions[v];
    match (def, source.definition(v).map(|o| (&o.kind, &o.operands[..]))) {
        // An iterator stands for what is iterated over.
        (_, Some((OpKind::Iter, &[over, ..]))) => return part(source, frame, over),
        (_, Some((OpKind::Narrow(_), &[whole, ..]))) => return part(source, frame, whole).map(|p| Part { ty: val.describe(), ..p }),
        // Conditions and library objects have no type at run time.
        (_, Some((OpKind::Known(_) | OpKind::Truth | OpKind::CheckBound(_) | OpKind::Unbound(_), _))) => return None,
        _ => {}
    }
    let parameter = match *def {
        Def::Argument(0, i) => source.arg_names.get(i).cloned(),
        _ => None,
    };
    (!matches!(val, Val::Never | Val::Unbound)).then(|| Part { parameter, span: Span::of(*location), ty: val.describe() })
}

/// The values that meet in a block argument, through the arguments of other blocks.
fn leaves(source: &Source, frame: &Frame, v: ValueId) -> Vec<ValueId> {
    let (mut work, mut seen, mut found) = (vec![v], vec![], vec![]);
    while let Some(v) = work.pop() {
        if seen.contains(&v) {
            continue;
        }
        seen.push(v);
        match source.definitions[v].0 {
            Def::Argument(block, i) if block != 0 => work.extend(incoming(source, frame, block, i)),
            _ => found.push(v),
        }
    }
    found.sort_unstable();
    found
}
