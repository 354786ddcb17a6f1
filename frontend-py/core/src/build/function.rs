//! One function: parameters, the state that all construct files share, and the way from syntax to `py.func`.
use super::{attributes, emit, ir::{BlockId, Body, Literal, Op, Terminator, Val, Var}, scope, symbols::Symbols};
use crate::{host::{FunctionId, FunctionSource, Host, Value}, source::{self, Node, Unit}};
use melior::{Context, ir::Operation};
use numbra_dialects::{Code, Diagnostic, Span};
use ruff_python_ast::Parameters;
use ruff_text_size::{Ranged, TextRange};
use std::collections::{HashMap, HashSet};

/// Where `continue` and `break` go.
#[derive(Clone, Copy)]
pub struct Loop {
    pub next: BlockId,
    pub exit: BlockId,
}

/// State while a function is built.
pub struct Builder<'a, 'h> {
    pub host: &'h dyn Host,
    pub function: FunctionId,
    pub file: &'a str,
    pub unit: &'a Unit,
    pub symbols: &'a mut Symbols<'h>,
    pub body: Body,
    /// Locals by name; names in `global` are not among them
    pub locals: HashMap<&'a str, Var>,
    pub globals: HashMap<&'a str, Option<Value>>,
    pub loops: Vec<Loop>,
    /// Variables with a declared type (the option `locals`)
    pub declared: &'a [(String, numbra_abi::DType)],
    pub diagnostics: Vec<Diagnostic>,
}

/// Builds one function, or returns everything that is wrong with it.
pub fn build<'c, 'h>(
    context: &'c Context, host: &'h dyn Host, symbols: &mut Symbols<'h>, id: FunctionId, source: &FunctionSource, symbol: &str,
) -> Result<Operation<'c>, Vec<Diagnostic>> {
    let unit = source::parse(source).map_err(|d| vec![d])?;
    let node = unit.function(source).map_err(|d| vec![d])?;
    let (parameters, scope, name_range) = match node {
        Node::Def(def) => (Some(&*def.parameters), scope::scan(&def.body), def.name.range),
        Node::Lambda(lambda) => (lambda.parameters.as_deref(), scope::scan_expression(&lambda.body), lambda.range),
    };
    let mut diagnostics = vec![];
    let (positional_only, keyword_only) = parameters.map_or((0, 0), |p| (p.posonlyargs.len(), p.kwonlyargs.len()));
    // Only the library marks parameters so: what users annotate has no meaning here.
    let statics = if symbol.starts_with(crate::library::ROOT) { parameters.map(static_parameters).unwrap_or_default() } else { vec![] };
    let parameters = parameter_list(parameters, &mut diagnostics, |r| unit.span(&source.file, r));
    let names = parameters.iter().map(|p| p.0);
    let others = scope.bound.iter().copied().filter(|n| !scope.outer.contains_key(n) && !parameters.iter().any(|p| p.0 == *n));
    let locals: Vec<&str> = names.chain(others).collect();
    let mut builder = Builder {
        host,
        function: id,
        file: &source.file,
        unit: &unit,
        symbols,
        body: Body::new(locals.iter().map(|n| n.to_string()).collect(), parameters.len()),
        locals: locals.iter().enumerate().map(|(i, n)| (*n, Var(i as u32))).collect(),
        globals: HashMap::new(),
        loops: vec![],
        declared: &source.options.locals,
        diagnostics,
    };
    builder.outer_names(&scope);
    for (name, range) in &parameters {
        builder.declare_parameter(name, *range);
    }
    match node {
        Node::Def(def) => builder.definition(def),
        Node::Lambda(lambda) => {
            let value = builder.expression(&lambda.body);
            builder.body.end(Terminator::Return(value), lambda.body.range());
        }
    }
    let Builder { mut body, mut diagnostics, symbols, .. } = builder;
    let positional = body.parameters - keyword_only;
    if source.defaults.len() > positional && diagnostics.is_empty() {
        let message = format!("`{}` has {} defaults for {positional} parameters", source.qualname, source.defaults.len());
        diagnostics.push(Diagnostic::error(Code::NB0002, Some(unit.span(&source.file, name_range)), message)
            .help("the source may have changed since it was loaded: load it again"));
    }
    if !diagnostics.is_empty() {
        return Err(in_order(diagnostics));
    }
    // Defaults of the last parameters, from the first that has one.
    let values = source.all_defaults(&(parameters.iter().map(|p| p.0.to_string()).collect(), keyword_only));
    let mut default = |v: &Value| attributes::default(context, v, &mut |f| symbols.of(f).ok());
    let values = values.iter().skip_while(|v| v.is_none());
    let defaults = values.map(|v| v.as_ref().map_or_else(|| attributes::required(context), &mut default)).collect();
    let ranges: Vec<TextRange> = parameters.iter().map(|p| p.1).collect();
    let options = attributes::options(context, &source.options);
    let head = emit::Head { symbol, name: &source.name, file: &source.file, range: name_range, parameters: &ranges, defaults, positional_only, keyword_only, statics, options };
    emit::emit(context, &unit, head, &mut body).ok_or_else(|| {
        let message = format!("a value of `{}` is used before its definition", source.qualname);
        vec![Diagnostic::error(Code::NB0900, Some(unit.span(&source.file, name_range)), message)]
    })
}

/// In the order of the source; a name that is used several times is reported once.
fn in_order(mut diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    diagnostics.sort_by_key(|d| d.span.as_ref().map(|s| (s.start_line, s.start_column)));
    let mut names = HashSet::new();
    diagnostics.retain(|d| !matches!(d.code, Code::NB0104 | Code::NB0206) || names.insert(d.message.clone()));
    diagnostics
}

/// Names and places of the parameters.
fn parameter_list<'a>(parameters: Option<&'a Parameters>, diagnostics: &mut Vec<Diagnostic>, span: impl Fn(TextRange) -> Span) -> Vec<(&'a str, TextRange)> {
    let Some(parameters) = parameters else { return vec![] };
    let mut refuse = |range: TextRange, what: &str, help: &str| {
        let place = Some(span(range));
        diagnostics.push(Diagnostic::error(Code::NB0102, place.clone(), format!("{what} are not supported")).label(place, "this parameter").help(help));
    };
    if let Some(p) = &parameters.vararg {
        refuse(p.range, "variable positional parameters", "take a tuple as an ordinary parameter");
    }
    if let Some(p) = &parameters.kwarg {
        refuse(p.range, "variable keyword parameters", "name each parameter");
    }
    let plain = parameters.posonlyargs.iter().chain(&parameters.args).chain(&parameters.kwonlyargs);
    plain.map(|p| (p.parameter.name.as_str(), p.parameter.name.range)).collect()
}

/// Parameters annotated as `Static`: their values, where known, are part of the type.
fn static_parameters(parameters: &Parameters) -> Vec<usize> {
    let all = parameters.posonlyargs.iter().chain(&parameters.args).chain(&parameters.kwonlyargs);
    let marked = |p: &ruff_python_ast::ParameterWithDefault| matches!(p.parameter.annotation.as_deref(), Some(ruff_python_ast::Expr::Name(n)) if n.id.as_str() == "Static");
    all.enumerate().filter(|(_, p)| marked(p)).map(|(i, _)| i).collect()
}

impl<'a> Builder<'a, '_> {
    /// The place of a node.
    pub fn span(&self, range: TextRange) -> Option<Span> {
        Some(self.unit.span(self.file, range))
    }

    /// Appends an op.
    pub fn push(&mut self, op: Op, range: TextRange) -> Val {
        self.body.push(op, range)
    }

    /// Appends a constant.
    pub fn constant(&mut self, literal: Literal, range: TextRange) -> Val {
        self.push(Op::Constant(literal), range)
    }

    /// Reports an error and returns a value in its place, so that the rest can be checked too.
    pub fn error(&mut self, diagnostic: Diagnostic) -> Val {
        self.diagnostics.push(diagnostic);
        // Never emitted: a function with an error has no IR.
        super::ir::FALSE
    }

    /// Ends the current block with a branch and begins another.
    pub fn go(&mut self, to: BlockId, range: TextRange) {
        self.body.end(Terminator::Br(to), range);
        self.body.begin(to);
    }

    fn definition(&mut self, def: &'a ruff_python_ast::StmtFunctionDef) {
        if def.is_async {
            let place = self.span(def.name.range);
            self.error(Diagnostic::error(Code::NB0100, place.clone(), "coroutines are not supported").label(place, "declared `async`").help("use `def`"));
        }
        self.statements(&def.body);
        if !self.body.ended() {
            let end = TextRange::empty(def.range().end());
            let last = def.body.last().map_or(end, |s| s.range());
            let none = self.constant(Literal::None, last);
            self.body.end(Terminator::Return(none), last);
        }
    }
}
