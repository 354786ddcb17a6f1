//! Calls: positional arguments, then keywords in the order of the source.
use super::{function::Builder, ir::{Op, Val, Vals}};
use numbra_dialects::{Code, Diagnostic};
use ruff_python_ast::{Expr, ExprCall};
use ruff_text_size::{Ranged, TextRange};

impl<'a> Builder<'a, '_> {
    /// A call.
    pub fn call(&mut self, e: &'a ExprCall) -> Val {
        let callee = self.expression(&e.func);
        let mut arguments = Vals::new();
        for argument in &e.arguments.args {
            if let Expr::Starred(s) = argument {
                self.refuse_spread(s.range, "a number of arguments that is not known here", "write out the arguments");
                self.expression(&s.value);
            } else {
                arguments.push(self.expression(argument));
            }
        }
        let mut keywords = vec![];
        for keyword in &e.arguments.keywords {
            arguments.push(self.expression(&keyword.value));
            match &keyword.arg {
                Some(name) => keywords.push(name.to_string()),
                None => self.refuse_spread(keyword.range, "names of arguments that are not known here", "write out the keywords"),
            }
        }
        self.push(Op::Call { callee, arguments, keywords }, e.range())
    }

    fn refuse_spread(&mut self, range: TextRange, label: &str, help: &str) {
        let place = self.span(range);
        self.error(Diagnostic::error(Code::NB0101, place.clone(), "unpacking into arguments is not supported").label(place, label).help(help));
    }
}
