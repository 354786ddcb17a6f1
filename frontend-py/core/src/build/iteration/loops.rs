//! `while` and `for`, with `else`, `break` and `continue`.
use crate::build::{conditions::known, function::{Builder, Loop}, ir::{BlockId, Terminator}};
use numbra_dialects::{Code, Diagnostic};
use ruff_python_ast::{Stmt, StmtFor, StmtWhile};
use ruff_text_size::{Ranged, TextRange};

impl<'a> Builder<'a, '_> {
    /// `while`: the header evaluates the condition.
    pub fn while_loop(&mut self, s: &'a StmtWhile) {
        let header = self.body.block();
        let (otherwise, exit) = self.exits(&s.orelse);
        self.go(header, s.test.range());
        // `while True` needs no test: its header is its body.
        if known(&s.test) != Some(true) {
            let body = self.body.block();
            self.condition(&s.test, body, otherwise);
            self.body.begin(body);
        }
        self.loop_body(&s.body, Loop { next: header, exit }, s.range);
        self.orelse(&s.orelse, otherwise, exit, s.range);
    }

    /// `for`: the header asks the iterator for the next element.
    pub fn for_loop(&mut self, s: &'a StmtFor) {
        if s.is_async {
            let place = self.span(s.iter.range());
            self.error(Diagnostic::error(Code::NB0100, place.clone(), "`async for` is not supported").label(place, "asynchronous iteration").help("use `for`"));
        }
        if self.unrolled_for(s) {
            return;
        }
        let (otherwise, exit) = self.exits(&s.orelse);
        self.iterate(&s.iter, s.target.range(), otherwise, &mut |b, element, next| {
            b.assign_to(&s.target, element);
            b.loop_body(&s.body, Loop { next, exit }, s.range);
        });
        self.orelse(&s.orelse, otherwise, exit, s.range);
    }

    /// The blocks for a loop that ends by itself, and for what comes after the statement: one block when there is no `else`.
    pub(crate) fn exits(&mut self, orelse: &[Stmt]) -> (BlockId, BlockId) {
        let exit = self.body.block();
        (if orelse.is_empty() { exit } else { self.body.block() }, exit)
    }

    pub(crate) fn loop_body(&mut self, list: &'a [Stmt], targets: Loop, range: TextRange) {
        self.loops.push(targets);
        self.statements(list);
        self.loops.pop();
        let last = list.last().map_or(range, |s| s.range());
        self.body.end(Terminator::Br(targets.next), last);
    }

    pub(crate) fn orelse(&mut self, list: &'a [Stmt], otherwise: BlockId, exit: BlockId, range: TextRange) {
        if otherwise != exit {
            self.body.begin(otherwise);
            self.statements(list);
            let last = list.last().map_or(range, |s| s.range());
            self.body.end(Terminator::Br(exit), last);
        }
        self.body.begin(exit);
    }

    /// `break` or `continue`.
    pub fn leave(&mut self, range: TextRange, target: impl Fn(&Loop) -> BlockId, word: &str) {
        self.end_entered(false, range);
        match self.loops.last().map(target) {
            Some(to) => self.body.end(Terminator::Br(to), range),
            None => {
                let place = self.span(range);
                self.error(Diagnostic::error(Code::NB0001, place.clone(), format!("`{word}` outside a loop")).label(place, "there is no loop to leave"));
            }
        }
    }
}
