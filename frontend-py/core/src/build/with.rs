//! `with` on the context managers that mean nothing else in compiled code: `numpy.errstate`, as compiled functions never warn, and `contextlib.nullcontext`.
use super::{function::Builder, ir::Literal};
use numbra_dialects::{Code, Diagnostic};
use ruff_python_ast::{Expr, ExprCall, StmtWith};
use ruff_text_size::Ranged;

/// What floating-point errors may be asked to do: neither changes a result.
const SILENT: &[&str] = &["ignore", "warn"];

impl<'a> Builder<'a, '_> {
    /// A `with` statement; false where a manager is none of these.
    pub fn with(&mut self, s: &'a StmtWith) -> bool {
        if s.is_async {
            return false;
        }
        let mut paths = vec![];
        for item in &s.items {
            let Expr::Call(call) = &item.context_expr else { return false };
            match self.library_path(&call.func).as_deref() {
                Some("numpy.errstate") => paths.push((call, true)),
                Some("contextlib.nullcontext") => paths.push((call, false)),
                _ => return false,
            }
        }
        for ((call, errors), item) in paths.into_iter().zip(&s.items) {
            let value = if errors {
                self.check_errstate(call);
                None
            } else {
                call.arguments.args.first().or(call.arguments.keywords.first().map(|k| &k.value)).map(|e| self.expression(e))
            };
            if let Some(target) = &item.optional_vars {
                let value = value.unwrap_or_else(|| self.constant(Literal::None, call.range()));
                self.assign_to(target, value);
            }
        }
        self.statements(&s.body);
        true
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
