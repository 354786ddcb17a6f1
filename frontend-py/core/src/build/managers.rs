//! Functions that `contextlib.contextmanager` has decorated. Each is built as two functions: one that runs up to its `yield` and returns what that gives together with the
//! variables that are read behind it, and one that takes these and runs the rest. A `with` statement calls the first where it begins and the second wherever control leaves it.
//!
//! What is behind the `yield` does not run when the statement's body raises, as in Python, where the exception is raised at the `yield`; so there is nothing to catch.
//! Hence the `yield` stands in the body of the function itself: in a `try` it would have to catch, and in a branch or loop it would not be the only one.
use super::{function::Builder, ir::{Literal, Op, Terminator, Vals, Var}, scope::Key};
use numbra_dialects::{Code, Diagnostic};
use ruff_python_ast::{Expr, ExprContext, ExprYield, Stmt, StmtFunctionDef, visitor::{Visitor, walk_expr, walk_stmt}};
use ruff_text_size::{Ranged, TextRange};
use std::collections::HashSet;

/// Which part of a function is built.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Part {
    /// All of it
    #[default]
    Whole,
    /// Of a context manager, up to its `yield`
    Enter,
    /// The rest of it
    Exit,
}

impl Part {
    /// What is behind the function's name in the symbol.
    pub fn suffix(self) -> &'static str {
        match self {
            Part::Whole => "",
            Part::Enter => ".enter",
            Part::Exit => ".exit",
        }
    }
}

/// The body of a context manager.
#[derive(Clone)]
pub struct Halves<'a> {
    /// Statements up to the one with the `yield`
    before: &'a [Stmt],
    /// Which assigns nothing, or None to these targets
    targets: &'a [Expr],
    value: Option<&'a Expr>,
    range: TextRange,
    after: &'a [Stmt],
    /// Names that are bound before and read behind it, sorted
    pub kept: Vec<&'a str>,
}

/// The `yield` that a statement consists of, with the targets that take what it gives.
fn yielding(statement: &Stmt) -> Option<(&ExprYield, &[Expr])> {
    match statement {
        Stmt::Expr(s) => s.value.as_yield_expr().map(|y| (y, &[][..])),
        Stmt::Assign(s) => s.value.as_yield_expr().map(|y| (y, &s.targets[..])),
        _ => None,
    }
}

/// Takes a context manager with these variables apart, or tells what in it stands in the way.
pub fn halves<'a>(def: &'a StmtFunctionDef, variables: &[Key<'a>]) -> Result<Halves<'a>, (TextRange, &'static str)> {
    let mut all = Names::default();
    all.visit_body(&def.body);
    if let Some(range) = all.function {
        return Err((range, "a function inside of a context manager"));
    }
    let [only] = all.yields[..] else {
        return Err(match all.yields[..] {
            [_, second, ..] => (second, "a second `yield`"),
            _ => (def.name.range, "no `yield`"),
        });
    };
    let Some((place, (found, targets))) = def.body.iter().enumerate().find_map(|(i, s)| Some((i, yielding(s)?))) else {
        return Err((only, "a `yield` inside of another statement or expression"));
    };
    let (before, after) = (&def.body[..place], &def.body[place + 1..]);
    let (mut bound, mut read) = (Names::default(), Names::default());
    bound.visit_body(before);
    if let Some(value) = &found.value {
        bound.visit_expr(value);
    }
    read.visit_body(after);
    targets.iter().for_each(|t| read.visit_expr(t));
    bound.bound.extend(def.parameters.iter().map(|p| p.name().as_str()));
    let mut kept: Vec<&str> = read.read.intersection(&bound.bound).copied().filter(|n| variables.contains(&Key::Name(0, n))).collect();
    kept.sort_unstable();
    Ok(Halves { before, targets, value: found.value.as_deref(), range: found.range, after, kept })
}

impl<'a> Halves<'a> {
    /// Puts those variables first that are the parameters of the part behind the `yield`, each also with whether it is bound; returns how many they are.
    pub fn parameters(&self, variables: &mut Vec<Key<'a>>) -> usize {
        let names = self.kept.iter().map(|n| Key::Name(0, n));
        let mut all: Vec<Key> = names.clone().chain(self.kept.iter().map(|n| Key::Bound(n))).collect();
        let count = all.len();
        all.extend(variables.iter().filter(|k| !names.clone().any(|n| n == **k)));
        *variables = all;
        count
    }
}

/// Names that statements bind and read, and what in them makes generators and functions.
#[derive(Default)]
struct Names<'a> {
    bound: HashSet<&'a str>,
    read: HashSet<&'a str>,
    yields: Vec<TextRange>,
    function: Option<TextRange>,
}

impl<'a> Visitor<'a> for Names<'a> {
    fn visit_stmt(&mut self, statement: &'a Stmt) {
        match statement {
            Stmt::FunctionDef(def) => self.function = self.function.or(Some(def.name.range)),
            Stmt::AugAssign(s) => {
                if let Expr::Name(name) = &*s.target {
                    self.read.insert(&name.id);
                }
                walk_stmt(self, statement);
            }
            _ => walk_stmt(self, statement),
        }
    }

    fn visit_expr(&mut self, e: &'a Expr) {
        match e {
            Expr::Name(name) if name.ctx == ExprContext::Store => _ = self.bound.insert(&name.id),
            Expr::Name(name) => _ = self.read.insert(&name.id),
            Expr::Lambda(lambda) => self.function = self.function.or(Some(lambda.range)),
            Expr::Yield(_) | Expr::YieldFrom(_) => {
                self.yields.push(e.range());
                walk_expr(self, e);
            }
            _ => walk_expr(self, e),
        }
    }

    fn visit_pattern(&mut self, pattern: &'a ruff_python_ast::Pattern) {
        use ruff_python_ast::Pattern;
        let name = match pattern {
            Pattern::MatchAs(p) => p.name.as_ref(),
            Pattern::MatchStar(p) => p.name.as_ref(),
            _ => None,
        };
        self.bound.extend(name.map(|n| n.as_str()));
        ruff_python_ast::visitor::walk_pattern(self, pattern);
    }
}

impl<'a> Builder<'a, '_> {
    /// The body of a part of a context manager.
    pub fn manager(&mut self, halves: &Halves<'a>) {
        if self.part == Part::Exit {
            return self.exit(halves);
        }
        self.statements(halves.before);
        let value = match halves.value {
            Some(value) => self.expression(value),
            None => self.constant(Literal::None, halves.range),
        };
        // A variable that may be unbound is passed on as it is, and whether it is bound with it.
        let variables = self.kept(halves);
        let mut state: Vals = variables.iter().map(|v| self.body.read(*v, halves.range)).collect();
        for v in variables {
            let flag = self.body.flag(v);
            state.push(self.body.read(flag, halves.range));
        }
        let state = self.push(Op::Tuple(state), halves.range);
        let both = self.push(Op::Tuple([value, state].into_iter().collect()), halves.range);
        self.body.end(Terminator::Return(both), halves.range);
    }

    fn exit(&mut self, halves: &Halves<'a>) {
        let variables = self.kept(halves);
        for (i, v) in variables.iter().enumerate() {
            let (flag, bound) = (self.body.flag(*v), self.body.parameter(variables.len() + i));
            self.body.write(flag, bound);
        }
        for target in halves.targets {
            let none = self.constant(Literal::None, halves.range);
            self.assign_to(target, none);
        }
        self.statements(halves.after);
        if !self.body.ended() {
            let end = halves.after.last().map_or(halves.range, |s| s.range());
            let none = self.constant(Literal::None, end);
            self.body.end(Terminator::Return(none), end);
        }
    }

    fn kept(&self, halves: &Halves<'a>) -> Vec<Var> {
        halves.kept.iter().filter_map(|name| self.variables.get(&Key::Name(self.home, name)).copied()).collect()
    }

    /// `return` in a context manager: before the `yield` there is nothing to enter, behind it its value is nobody's.
    pub fn return_from_manager(&mut self, range: TextRange) {
        if self.part == Part::Exit {
            let none = self.constant(Literal::None, range);
            self.body.end(Terminator::Return(none), range);
            return;
        }
        let callee = self.push(Op::Entity("builtins.RuntimeError".into()), range);
        let text = self.constant(Literal::Str("generator didn't yield".into()), range);
        let exception = self.push(Op::Call { callee, arguments: [text].into_iter().collect(), keywords: vec![] }, range);
        self.body.end(Terminator::Raise(exception), range);
    }
}

/// Why a context manager cannot be compiled.
pub fn refusal(builder: &Builder, name: &str, (range, what): (TextRange, &str)) -> Diagnostic {
    let place = builder.span(range);
    Diagnostic::error(Code::NB0100, place.clone(), format!("the context manager `{name}` cannot be compiled"))
        .label(place, what)
        .help("write `yield` once, as a statement of the function's own body (not in a branch, a loop, `try` or `with`), and define no functions in it")
}
