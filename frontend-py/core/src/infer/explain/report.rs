//! Errors of instances: whose fault they are, and which calls led there.
//!
//! What a program's own function does wrong is shown where it does it. What goes wrong inside of the library is the fault of the program's call
//! that led there, and is told once, at that call.
use crate::infer::{engine::{Engine, Frame}, explain, problem::Problem, source::{Op, Source}};
use numbra_dialects::{Code, Diagnostic, Span};

impl<'c> Engine<'c> {
    /// Reports an op that was refused.
    pub(crate) fn report_op(&mut self, i: usize, source: &Source, frame: &Frame, op: &Op, problem: &Problem) {
        let diagnostic = match self.call_of_library(i) {
            Some((caller, place)) => {
                // What follows from the first error is found by functions further inside.
                if self.diagnostics.iter().any(|d| d.span == place) {
                    return;
                }
                let instance = &self.instances[caller];
                explain::in_library((&self.functions[instance.function], &instance.frame, place), source, op, problem)
            }
            None => explain::diagnostic(source, frame, op, problem),
        };
        self.report(explain::callers(diagnostic, &self.callers(i)));
    }

    /// Reports what building refused.
    pub(crate) fn report_refusal(&mut self, i: usize, refusal: &Diagnostic) {
        let diagnostic = explain::callers(refusal.clone(), &self.callers(i));
        if !self.refusals.iter().any(|d| is_same(d, &diagnostic)) {
            self.refusals.push(diagnostic);
        }
    }

    /// Reports what is wrong with the result of a function whose ops are all right.
    pub(crate) fn report_result(&mut self, i: usize, source: &Source, frame: &Frame) {
        let Some(mut diagnostic) = explain::result(source, frame, self.instances[i].entry) else { return };
        if let Some((_, place)) = self.call_of_library(i) {
            if self.diagnostics.iter().any(|d| d.span == place) {
                return;
            }
            diagnostic = Diagnostic::error(diagnostic.code, place, diagnostic.message);
        }
        self.report(explain::callers(diagnostic, &self.callers(i)));
    }

    /// The user's function whose call of a library function led to this instance, and the place of the call; `None` where it is the user's own.
    fn call_of_library(&self, mut i: usize) -> Option<(usize, Option<Span>)> {
        let mut call = None;
        while self.functions[self.instances[i].function].library {
            let (caller, span) = self.instances[i].called_from.as_ref()?;
            call = Some((*caller, span.clone()));
            i = *caller;
        }
        call
    }

    /// The first call of an instance from a function of the user's program, where the library calls it the one that led there: the instance that
    /// makes the call, and the place.
    pub fn caller(&self, mut i: usize) -> Option<(usize, Option<Span>)> {
        loop {
            let (caller, place) = self.instances[i].called_from.clone()?;
            if !self.functions[self.instances[caller].function].library {
                return Some((caller, place));
            }
            i = caller;
        }
    }

    /// The chain of calls that led to an instance, or, of one of the library, to the function that calls the library: names of callees, and the
    /// places of the calls.
    fn callers(&self, mut i: usize) -> Vec<(String, Option<Span>)> {
        let library = |i: usize| self.functions[self.instances[i].function].library;
        if library(i) {
            match self.caller(i) {
                Some((caller, _)) => i = caller,
                None => return vec![],
            }
        }
        let mut calls = vec![];
        while let Some((caller, place)) = self.caller(i) {
            let call = (self.functions[self.instances[i].function].name().to_string(), place);
            if calls.last() != Some(&call) {
                calls.push(call);
            }
            i = caller;
        }
        calls
    }

    pub(crate) fn report(&mut self, diagnostic: Diagnostic) {
        if !self.diagnostics.iter().any(|d| is_same(d, &diagnostic)) {
            self.diagnostics.push(diagnostic);
        }
    }

    /// A diagnostic about a function as a whole.
    pub fn refuse(&mut self, function: usize, code: Code, message: String) {
        let span = Span::of(self.functions[function].location);
        self.report(Diagnostic::error(code, span, message));
    }
}

// Several versions of a function may have the same error.
fn is_same(a: &Diagnostic, b: &Diagnostic) -> bool {
    a.code == b.code && a.span == b.span && a.message == b.message
}
