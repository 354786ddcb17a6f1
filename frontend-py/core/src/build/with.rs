//! `with` on the context managers that compiled code knows: functions of `contextlib.contextmanager`, `numbra.parallel_chunksize`, and those that mean nothing in it:
//! `numpy.errstate`, as compiled functions never warn, and `contextlib.nullcontext`. The end of the statement is written wherever control leaves it; what an exception leaves,
//! the runtime ends.
use super::{function::Builder, ir::{Literal, Op, Val}, managers::Part};
use crate::host::{FunctionId, Value};
use numbra_dialects::{Code, Diagnostic};
use ruff_python_ast::{Expr, ExprCall, StmtWith};
use ruff_text_size::{Ranged, TextRange};

/// What floating-point errors may be asked to do: neither changes a result.
const SILENT: &[&str] = &["ignore", "warn"];

/// What a `with` statement enters.
#[derive(Clone, Copy)]
enum Manager {
    Errors,
    Nothing,
    ChunkSize,
    Function(FunctionId),
}

/// A `with` statement around the place whose end does something.
pub struct Entered {
    /// How many loops there are around it
    loops: usize,
    end: End,
}

/// What happens where control leaves a `with` statement.
enum End {
    /// The size of chunks before it is put back
    ChunkSize(Val),
    /// The function of this symbol runs, on the variables that the beginning has left
    Function(String, Val),
}

impl<'a> Builder<'a, '_> {
    /// A `with` statement; false where a manager is none of these.
    pub fn with(&mut self, s: &'a StmtWith) -> bool {
        if s.is_async {
            return false;
        }
        let mut managers = vec![];
        for item in &s.items {
            let Expr::Call(call) = &item.context_expr else { return false };
            if let Some(Value::ContextManager(id)) = self.chain(&call.func) {
                managers.push((call, Manager::Function(id)));
                continue;
            }
            managers.push((call, match self.library_path(&call.func).as_deref() {
                Some("numpy.errstate") => Manager::Errors,
                Some("contextlib.nullcontext") => Manager::Nothing,
                Some("numbra.parallel_chunksize") => Manager::ChunkSize,
                _ => return false,
            }));
        }
        let outside = self.entered.len();
        for ((call, manager), item) in managers.into_iter().zip(&s.items) {
            let value = match manager {
                Manager::Errors => {
                    self.check_errstate(call);
                    None
                }
                Manager::Nothing => call.arguments.args.first().or(call.arguments.keywords.first().map(|k| &k.value)).map(|e| self.expression(e)),
                Manager::ChunkSize => {
                    let before = self.expression(&item.context_expr);
                    self.entered.push(Entered { loops: self.loops.len(), end: End::ChunkSize(before) });
                    Some(before)
                }
                Manager::Function(id) => Some(self.enter(id, call)),
            };
            if let Some(target) = &item.optional_vars {
                let value = value.unwrap_or_else(|| self.constant(Literal::None, call.range()));
                self.assign_to(target, value);
            }
        }
        self.statements(&s.body);
        self.end_from(outside, s.range());
        self.entered.truncate(outside);
        true
    }

    /// Runs a context manager up to its `yield`, and returns what that gives.
    fn enter(&mut self, id: FunctionId, call: &'a ExprCall) -> Val {
        let range = call.range();
        let (enter, exit) = match (self.symbols.part(id, Part::Enter), self.symbols.part(id, Part::Exit)) {
            (Ok(enter), Ok(exit)) => (enter, exit),
            (Err(diagnostic), _) | (_, Err(diagnostic)) => {
                let place = self.span(range);
                return self.error(diagnostic.label(place, "used here"));
            }
        };
        let callee = self.push(Op::Function(enter), call.func.range());
        let entered = self.call_of(callee, call);
        let part = |b: &mut Self, i: i64| {
            let index = b.constant(Literal::Int(i), range);
            b.push(Op::GetItem(entered, index), range)
        };
        let (value, state) = (part(self, 0), part(self, 1));
        self.entered.push(Entered { loops: self.loops.len(), end: End::Function(exit, state) });
        value
    }

    /// Ends the `with` statements inside of the innermost loop, or of the function where `all` is true: control leaves them.
    pub fn end_entered(&mut self, all: bool, range: TextRange) {
        let loops = self.loops.len();
        let first = if all { 0 } else { self.entered.iter().position(|e| e.loops >= loops).unwrap_or(self.entered.len()) };
        self.end_from(first, range);
    }

    fn end_from(&mut self, first: usize, range: TextRange) {
        for i in (first..self.entered.len()).rev() {
            let (callee, argument) = match &self.entered[i].end {
                End::ChunkSize(before) => (Op::Entity("numbra.parallel_chunksize.leave".into()), *before),
                End::Function(symbol, state) => {
                    let (symbol, state) = (symbol.clone(), *state);
                    (Op::Function(symbol), self.push(Op::Star(state), range))
                }
            };
            let callee = self.push(callee, range);
            self.push(Op::Call { callee, arguments: [argument].into_iter().collect(), keywords: vec![] }, range);
        }
    }

    fn check_errstate(&mut self, call: &'a ExprCall) {
        let silent = |e: &Expr| matches!(e, Expr::StringLiteral(s) if SILENT.contains(&s.value.to_str()));
        let wrong = call.arguments.keywords.iter().map(|k| &k.value).chain(&call.arguments.args).find(|e| !silent(e));
        if let Some(e) = wrong {
            let place = self.span(e.range());
            self.error(Diagnostic::error(Code::NB0100, place.clone(), "`numpy.errstate` takes \"ignore\" and \"warn\" only in compiled code")
                .label(place, "would act on floating-point errors")
                .help("compiled code gives infinities and NaN without a warning: test the results with `np.isfinite`"));
        }
    }
}
