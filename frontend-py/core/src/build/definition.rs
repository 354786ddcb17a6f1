//! From a function's syntax to `py.func`s: its own, and one for each function nested in it.
use super::{
    function::Builder,
    ir::{Body, Literal, Terminator, Var, attributes, emit},
    managers::{self, Part},
    scope::{Key, ScopeId, Tree, closures::literal_value},
    symbols::Symbols,
};
use crate::{host::{FunctionId, FunctionSource, Host, Value}, source::{self, Node, Unit}};
use melior::{Context, ir::{Attribute, Operation}};
use numbra_dialects::{Code, Diagnostic};
use ruff_python_ast::{Expr, Parameter, Parameters, StmtFunctionDef};
use ruff_text_size::{Ranged, TextRange};
use std::collections::{HashMap, HashSet};

/// A function that the host knows.
struct Root<'a> {
    id: FunctionId,
    part: Part,
    source: &'a FunctionSource,
    unit: &'a Unit,
    tree: &'a Tree<'a>,
    /// Symbols by scope
    symbols: &'a [String],
}

/// Builds a function and those nested in it, or a part of a context manager, or returns everything that is wrong with them. The function itself comes first.
pub fn build<'c, 'h>(
    context: &'c Context, host: &'h dyn Host, symbols: &mut Symbols<'h>, (id, part): (FunctionId, Part), source: &FunctionSource, symbol: &str,
) -> Result<Vec<Operation<'c>>, Vec<Diagnostic>> {
    let unit = source::parse(source).map_err(|d| vec![d])?;
    let node = unit.function(source).map_err(|d| vec![d])?;
    let mut names: Vec<String> = vec![symbol.to_string()];
    let mut shared = HashSet::new();
    // Which variables functions have to share shows when the functions are built: then once more.
    loop {
        let tree = Tree::of(node, &shared);
        for scope in tree.scopes.iter().skip(names.len()) {
            let outer = scope.parent.map_or("", |p| &names[tree.scopes[p].function]);
            names.push(match scope.node {
                Some(node) => symbols.nested(&format!("{outer}.<locals>.{}", name_of(node))),
                None => String::new(),
            });
        }
        let root = Root { id, part, source, unit: &unit, tree: &tree, symbols: &names };
        let mut operations = vec![];
        let mut diagnostics = vec![];
        let mut to_share = vec![];
        // A part of a context manager has no functions of its own.
        let all = if part == Part::Whole { usize::MAX } else { 1 };
        for function in tree.functions().take(all) {
            match one(context, host, symbols, &root, function, &mut to_share) {
                Ok(op) => operations.push(op),
                Err(errors) => diagnostics.extend(errors),
            }
        }
        let known = shared.len();
        shared.extend(to_share);
        if shared.len() == known {
            return if diagnostics.is_empty() { Ok(operations) } else { Err(in_order(diagnostics)) };
        }
    }
}

fn name_of(node: Node<'_>) -> &str {
    match node {
        Node::Def(def) => &def.name,
        Node::Lambda(_) => "<lambda>",
    }
}

fn one<'c, 'h>(
    context: &'c Context, host: &'h dyn Host, symbols: &mut Symbols<'h>, root: &Root, function: ScopeId, to_share: &mut Vec<(ScopeId, String)>,
) -> Result<Operation<'c>, Vec<Diagnostic>> {
    let Root { unit, tree, source, .. } = *root;
    let scope = &tree.scopes[function];
    let Some(node) = scope.node else { return Err(vec![]) };
    let (syntax, range) = match node {
        Node::Def(def) => (Some(&*def.parameters), def.name.range),
        Node::Lambda(lambda) => (lambda.parameters.as_deref(), lambda.range),
    };
    let (nested, of_library) = (function != 0, root.symbols[0].starts_with(crate::library::ROOT));
    let mut keys = tree.variables(function);
    let halves = match (node, root.part) {
        (_, Part::Whole) => None,
        (Node::Def(def), _) => Some(managers::halves(def, &keys)),
        (Node::Lambda(lambda), _) => Some(Err((lambda.range, "a lambda"))),
    };
    let rest = match &halves {
        Some(Ok(halves)) if root.part == Part::Exit => Some(halves.parameters(&mut keys)),
        _ => None,
    };
    let syntax = syntax.filter(|_| rest.is_none());
    let captures = scope.captures.len();
    let captured_here: HashSet<Key> = tree.scopes.iter().flat_map(|s| s.captures.iter().copied()).collect();
    let mut builder = Builder {
        host,
        function: root.id,
        part: root.part,
        file: &source.file,
        unit,
        symbols,
        body: Body::new(keys.iter().map(|k| shown(tree, *k)).collect(), rest.unwrap_or(captures + scope.parameters.len())),
        tree,
        home: function,
        scope: function,
        captured: keys.iter().enumerate().filter(|(_, k)| captured_here.contains(k)).map(|(i, _)| Var(i as u32)).collect(),
        variables: keys.into_iter().enumerate().map(|(i, k)| (k, Var(i as u32))).collect::<HashMap<_, _>>(),
        cells: HashMap::new(),
        deleted_cells: HashSet::new(),
        made_cells: HashSet::new(),
        to_share: vec![],
        nested_names: root.symbols,
        writes: vec![],
        makings: vec![],
        globals: HashMap::new(),
        loops: vec![],
        entered: vec![],
        unrolling: 0,
        tuple_lists: HashSet::new(),
        declared: if nested { &[] } else { &source.options.locals },
        diagnostics: vec![],
        strict: of_library,
    };
    builder.outer_names(scope);
    for (name, range) in scope.parameters.iter().filter(|_| rest.is_none()) {
        builder.declare_parameter(name, *range);
    }
    builder.make_cells(range);
    match (node, &halves) {
        (Node::Def(def), None) => builder.definition(def),
        (_, Some(Ok(halves))) => builder.manager(halves),
        // Both parts have what stands in the way.
        (_, Some(Err(_))) if root.part == Part::Exit => return Err(vec![]),
        (_, Some(Err(what))) => _ = builder.error(managers::refusal(&builder, &source.name, *what)),
        (Node::Lambda(lambda), None) => {
            let value = builder.expression(&lambda.body);
            builder.body.end(Terminator::Return(value), lambda.body.range());
        }
    }
    builder.check_captures();
    let Builder { mut body, mut diagnostics, symbols, to_share: found, .. } = builder;
    if !found.is_empty() {
        to_share.extend(found);
        return Err(diagnostics);
    }
    let parameters = Shape::of(syntax);
    if !nested && rest.is_none() && source.defaults.len() > parameters.positional && diagnostics.is_empty() {
        let message = format!("`{}` has {} defaults for {} parameters", source.qualname, source.defaults.len(), parameters.positional);
        diagnostics.push(Diagnostic::error(Code::NB0002, Some(unit.span(&source.file, range)), message)
            .help("the source may have changed since it was loaded: load it again"));
    }
    if !diagnostics.is_empty() {
        return Err(diagnostics);
    }
    let mut attribute = |v: &Value| attributes::default(context, v, &mut |f| symbols.of(f).ok());
    let plain = parameters.positional + parameters.keyword_only;
    let defaults: Vec<Option<Attribute>> = if rest.is_some() {
        vec![]
    } else if nested {
        let of = |i| {
            let default = scope.defaults.iter().find(|d| d.parameter == i)?;
            match literal_value(default.value).filter(|_| default.literal) {
                Some(value) => Some(attribute(&value)),
                None => Some(attributes::captured(context, scope.captures.iter().position(|k| *k == Key::Default(function, i))?)),
            }
        };
        (0..plain).map(of).collect()
    } else {
        let names = scope.parameters[..plain].iter().map(|p| p.0.to_string()).collect();
        source.all_defaults(&(names, parameters.keyword_only)).iter().map(|v| v.as_ref().map(&mut attribute)).collect()
    };
    // From the first parameter that has one.
    let defaults = defaults.into_iter().skip_while(Option::is_none).map(|a| a.unwrap_or_else(|| attributes::required(context))).collect();
    // Only the library marks parameters so: what users annotate has no meaning here.
    let statics = if of_library { static_parameters(syntax, captures) } else { vec![] };
    let ranges: Vec<TextRange> = match rest {
        Some(count) => vec![range; count],
        None => std::iter::repeat_n(range, captures).chain(scope.parameters.iter().map(|p| p.1)).collect(),
    };
    let head = emit::Head {
        symbol: &root.symbols[function],
        name: if nested { name_of(node) } else { &source.name },
        file: &source.file,
        range,
        parameters: &ranges,
        defaults,
        positional_only: parameters.positional_only,
        keyword_only: parameters.keyword_only,
        statics,
        captures,
        variadic: parameters.variadic,
        options: attributes::options(context, &source.options),
    };
    emit::emit(context, unit, head, &mut body).ok_or_else(|| {
        let message = format!("a value of `{}` is used before its definition", root.symbols[function]);
        vec![Diagnostic::error(Code::NB0900, Some(unit.span(&source.file, range)), message)]
    })
}

/// How many parameters of each kind there are.
struct Shape {
    positional: usize,
    positional_only: usize,
    keyword_only: usize,
    variadic: [bool; 2],
}

impl Shape {
    fn of(p: Option<&Parameters>) -> Shape {
        p.map_or(Shape { positional: 0, positional_only: 0, keyword_only: 0, variadic: [false; 2] }, |p| Shape {
            positional: p.posonlyargs.len() + p.args.len(),
            positional_only: p.posonlyargs.len(),
            keyword_only: p.kwonlyargs.len(),
            variadic: [p.vararg.is_some(), p.kwarg.is_some()],
        })
    }
}

/// Parameters annotated as `Static`: their values, where known, are part of the type.
fn static_parameters(parameters: Option<&Parameters>, captures: usize) -> Vec<usize> {
    let plain = parameters.into_iter().flat_map(|p| p.posonlyargs.iter().chain(&p.args).chain(&p.kwonlyargs)).map(|p| &p.parameter);
    let all = plain.chain(parameters.and_then(|p| p.vararg.as_deref()));
    let marked = |p: &Parameter| matches!(p.annotation.as_deref(), Some(Expr::Name(n)) if n.id.as_str() == "Static");
    all.enumerate().filter(|(_, p)| marked(p)).map(|(i, _)| captures + i).collect()
}

/// What a variable is called in IR and in diagnostics.
fn shown(tree: &Tree, key: Key) -> String {
    match key {
        Key::Name(_, name) => name.to_string(),
        Key::Bound(name) => format!("whether {name} is bound"),
        Key::Default(function, i) => format!("default of {}", tree.scopes[function].parameters.get(i).map_or("", |p| p.0)),
    }
}

/// In the order of the source; a name that is used several times is reported once.
pub fn in_order(mut diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    diagnostics.sort_by_key(|d| d.span.as_ref().map(|s| (s.start_line, s.start_column)));
    // Copies of a body find the same errors.
    diagnostics.dedup();
    let mut names = HashSet::new();
    diagnostics.retain(|d| !matches!(d.code, Code::NB0104 | Code::NB0206) || names.insert(d.message.clone()));
    diagnostics
}

impl<'a> Builder<'a, '_> {
    fn definition(&mut self, def: &'a StmtFunctionDef) {
        if def.is_async {
            let place = self.span(def.name.range);
            self.error(Diagnostic::error(Code::NB0100, place.clone(), "coroutines are not supported").label(place, "declared `async`").help("use `def`"));
        }
        self.tuple_lists = self.lists_to_unroll(&def.body);
        self.statements(&def.body);
        if !self.body.ended() {
            let end = TextRange::empty(def.range().end());
            let last = def.body.last().map_or(end, |s| s.range());
            let none = self.constant(Literal::None, last);
            self.body.end(Terminator::Return(none), last);
        }
    }
}
