//! What a typing rule refuses, before the place is known: code, message, which operand is to blame, advice.
use numbra_dialects::{Code, Span};
use std::fmt::Display;

/// A refusal. The engine adds the place, and where the operands got their types.
#[derive(Clone, Debug)]
pub struct Problem {
    /// Stable code
    pub code: Code,
    /// What is wrong
    pub message: String,
    /// Operand to blame, by position; all of them if none is given
    pub operand: Option<usize>,
    /// What to do instead
    pub help: Option<String>,
    /// Another place that has to do with it, such as the definition of what is called, and what to say there
    pub label: Option<(Span, String)>,
}

impl Problem {
    /// A refusal.
    pub fn new(code: Code, message: impl Into<String>) -> Box<Problem> {
        Box::new(Problem { code, message: message.into(), operand: None, help: None, label: None })
    }

    /// Blames one operand.
    pub fn at(mut self: Box<Self>, operand: usize) -> Box<Problem> {
        self.operand = Some(operand);
        self
    }

    /// Adds advice.
    pub fn help(mut self: Box<Self>, text: impl Into<String>) -> Box<Problem> {
        self.help = Some(text.into());
        self
    }

    /// Advises a name that may have been meant, if there is one.
    pub fn did_you_mean(self: Box<Self>, near: Option<impl Display>) -> Box<Problem> {
        match near {
            Some(near) => self.help(format!("did you mean `{near}`?")),
            None => self,
        }
    }

    /// Adds text at another place.
    pub fn label(mut self: Box<Self>, place: Option<Span>, text: impl Into<String>) -> Box<Problem> {
        self.label = place.map(|p| (p, text.into()));
        self
    }
}
