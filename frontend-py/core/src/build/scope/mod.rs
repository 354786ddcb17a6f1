//! The scopes of a function: which names it, its nested functions and its comprehensions bind, and what nested functions capture.
//! Python decides this from the whole text, before any statement runs.
mod captures;
pub(super) mod cells;
pub(super) mod closures;
mod escapes;
pub(super) mod names;

use crate::source::{Node, deeper};
use indexmap::{IndexMap, IndexSet};
use ruff_python_ast::{Comprehension, ExceptHandler, Expr, ExprContext, Parameters, Pattern, Stmt, visitor::{Visitor, walk_except_handler, walk_expr, walk_pattern, walk_stmt}};
use ruff_text_size::{Ranged, TextRange};
use std::collections::{HashMap, HashSet};

/// Number of a scope; the function itself is 0.
pub type ScopeId = usize;

/// A variable that some function holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Key<'a> {
    /// A name of a scope
    Name(ScopeId, &'a str),
    /// Whether a variable of a context manager is bound where the part behind its `yield` begins
    Bound(&'a str),
    /// The value of a nested function's default, by the position of its parameter; it belongs to where the function is made
    Default(ScopeId, usize),
}

/// A default of a nested function's parameter.
pub struct Default<'a> {
    /// Position among the parameters
    pub parameter: usize,
    pub value: &'a Expr,
    /// A literal needs no variable
    pub literal: bool,
}

/// A function or a comprehension.
pub struct Scope<'a> {
    /// The function, or none for a comprehension
    pub node: Option<Node<'a>>,
    pub parent: Option<ScopeId>,
    /// The function that runs the code of this scope: itself, or the one around a comprehension
    pub function: ScopeId,
    /// Parameters in the order of `py.func`
    pub parameters: Vec<(&'a str, TextRange)>,
    pub defaults: Vec<Default<'a>>,
    /// Names in the order of their first binding, parameters first; with the nested function that is all that a name is ever bound to
    pub bound: IndexMap<&'a str, Option<ScopeId>>,
    /// Names in `global` and `nonlocal`, with where
    pub outer: IndexMap<&'a str, TextRange>,
    /// Those of them that are in `nonlocal`
    pub nonlocal: HashSet<&'a str>,
    /// Names that are read
    pub loads: IndexSet<&'a str>,
    /// Names that are deleted
    pub deletes: IndexSet<&'a str>,
    /// Variables of the functions around it that it needs
    pub captures: Vec<Key<'a>>,
}

/// All scopes of a function.
pub struct Tree<'a> {
    pub scopes: Vec<Scope<'a>>,
    /// Variables that functions share, so that each sees what another assigns
    pub cells: HashSet<Key<'a>>,
    by_place: HashMap<TextRange, ScopeId>,
}

impl<'a> Tree<'a> {
    /// Reads a function, of whose variables it is known already that some are shared.
    pub fn of(node: Node<'a>, shared: &HashSet<(ScopeId, String)>) -> Tree<'a> {
        let mut scanner = Scanner { tree: Tree { scopes: vec![], cells: HashSet::new(), by_place: HashMap::new() }, current: 0 };
        scanner.function(node, None);
        let mut tree = scanner.tree;
        tree.cells = shared.iter().filter_map(|(owner, name)| Some(Key::Name(*owner, tree.scopes[*owner].bound.get_key_value(name.as_str())?.0))).collect();
        tree.share_nonlocal();
        captures::find(&mut tree);
        tree
    }

    /// What an inner function assigns to by `nonlocal` is shared, and no name of one function.
    fn share_nonlocal(&mut self) {
        for i in 0..self.scopes.len() {
            let names: Vec<&str> = self.scopes[i].nonlocal.iter().copied().filter(|n| self.scopes[i].bound.contains_key(n) || self.scopes[i].deletes.contains(n)).collect();
            for name in names {
                if let Some(owner) = self.resolve(i, name) {
                    self.cells.insert(Key::Name(owner, name));
                    self.scopes[owner].bound.insert(name, None);
                }
            }
        }
    }

    /// Whether a variable is deleted anywhere.
    pub fn is_deleted(&self, key: Key) -> bool {
        let Key::Name(owner, name) = key else { return false };
        self.scopes.iter().enumerate().any(|(i, s)| s.deletes.contains(name) && self.resolve(i, name) == Some(owner))
    }

    /// The scope of a nested function or comprehension, by its place.
    pub fn at(&self, range: TextRange) -> Option<ScopeId> {
        self.by_place.get(&range).copied()
    }

    /// The functions, each before those nested in it.
    pub fn functions(&self) -> impl Iterator<Item = ScopeId> {
        self.scopes.iter().enumerate().filter(|(_, s)| s.node.is_some()).map(|(i, _)| i)
    }

    /// The scope that a name belongs to, seen from a scope; none where it is global.
    pub fn resolve(&self, mut from: ScopeId, name: &str) -> Option<ScopeId> {
        loop {
            let scope = &self.scopes[from];
            let parameter = scope.parameters.iter().any(|p| p.0 == name);
            if scope.outer.contains_key(name) && !parameter {
                if !scope.nonlocal.contains(name) {
                    return None;
                }
            } else if scope.bound.contains_key(name) {
                return Some(from);
            }
            from = scope.parent?;
        }
    }

    /// The nested function that is all that a name of a scope is ever bound to.
    pub fn only_function(&self, scope: ScopeId, name: &str) -> Option<ScopeId> {
        self.scopes[scope].bound.get(name).copied().flatten()
    }

    /// The scope that a variable belongs to.
    pub fn owner(&self, key: Key) -> ScopeId {
        match key {
            Key::Name(scope, _) => scope,
            Key::Bound(_) => 0,
            Key::Default(function, _) => self.scopes[function].parent.unwrap_or(0),
        }
    }

    /// The variables of a function in the order of its locals: captures, parameters, other names, those of its comprehensions, defaults of
    /// the functions that it makes.
    pub fn variables(&self, function: ScopeId) -> Vec<Key<'a>> {
        let scope = &self.scopes[function];
        let mut keys = scope.captures.clone();
        keys.extend(scope.parameters.iter().map(|p| Key::Name(function, p.0)));
        let local = |n: &&&str| !scope.outer.contains_key(**n) && !scope.parameters.iter().any(|p| p.0 == **n);
        keys.extend(scope.bound.keys().filter(local).map(|n| Key::Name(function, n)));
        for (i, inner) in self.scopes.iter().enumerate() {
            if inner.node.is_none() && inner.function == function {
                keys.extend(inner.bound.keys().map(|n| Key::Name(i, n)));
            } else if inner.parent.is_some_and(|p| self.scopes[p].function == function) {
                keys.extend(inner.defaults.iter().filter(|d| !d.literal).map(|d| Key::Default(i, d.parameter)));
            }
        }
        keys
    }
}

/// Names and places of the parameters in the order of `py.func`: those that take positions, keywords only, `*args`, `**kwargs`.
fn parameter_list<'a>(parameters: Option<&'a Parameters>) -> Vec<(&'a str, TextRange)> {
    let Some(p) = parameters else { return vec![] };
    let plain = p.posonlyargs.iter().chain(&p.args).chain(&p.kwonlyargs).map(|p| &p.parameter);
    plain.chain(p.vararg.as_deref()).chain(p.kwarg.as_deref()).map(|p| (p.name.as_str(), p.name.range)).collect()
}

/// Whether an expression is a literal, or a tuple of literals.
pub fn is_literal(e: &Expr) -> bool {
    match e {
        Expr::Tuple(t) => t.elts.iter().all(is_literal),
        _ => super::literals::literal(e).is_some(),
    }
}

struct Scanner<'a> {
    tree: Tree<'a>,
    current: ScopeId,
}

impl<'a> Scanner<'a> {
    fn open(&mut self, node: Option<Node<'a>>, range: TextRange, parent: Option<ScopeId>) -> ScopeId {
        let id = self.tree.scopes.len();
        let function = match (node, parent) {
            (None, Some(parent)) => self.tree.scopes[parent].function,
            _ => id,
        };
        self.tree.by_place.insert(range, id);
        self.tree.scopes.push(Scope {
            node, parent, function, parameters: vec![], defaults: vec![], bound: IndexMap::new(), outer: IndexMap::new(), nonlocal: HashSet::new(),
            loads: IndexSet::new(), deletes: IndexSet::new(), captures: vec![],
        });
        self.current = id;
        id
    }

    /// Reads a function, whose defaults belong to the scope around it.
    fn function(&mut self, node: Node<'a>, parent: Option<ScopeId>) -> ScopeId {
        let (parameters, range) = match node {
            Node::Def(def) => (Some(&*def.parameters), def.range()),
            Node::Lambda(lambda) => (lambda.parameters.as_deref(), lambda.range()),
        };
        let mut defaults = vec![];
        if parent.is_some() {
            let plain = parameters.into_iter().flat_map(|p| p.posonlyargs.iter().chain(&p.args).chain(&p.kwonlyargs));
            for (i, value) in plain.enumerate().filter_map(|(i, p)| Some((i, &**p.default.as_ref()?))) {
                self.visit_expr(value);
                defaults.push(Default { parameter: i, value, literal: is_literal(value) });
            }
        }
        let id = self.open(Some(node), range, parent);
        let list = parameter_list(parameters);
        let scope = &mut self.tree.scopes[id];
        scope.bound.extend(list.iter().map(|p| (p.0, None)));
        scope.parameters = list;
        scope.defaults = defaults;
        match node {
            Node::Def(def) => self.visit_body(&def.body),
            Node::Lambda(lambda) => self.visit_expr(&lambda.body),
        }
        self.current = parent.unwrap_or(id);
        id
    }

    fn comprehension(&mut self, range: TextRange, elements: &[&'a Expr], generators: &'a [Comprehension]) {
        let parent = self.current;
        if let Some(first) = generators.first() {
            self.visit_expr(&first.iter);
        }
        self.open(None, range, Some(parent));
        for (i, generator) in generators.iter().enumerate() {
            if i > 0 {
                self.visit_expr(&generator.iter);
            }
            self.visit_expr(&generator.target);
            generator.ifs.iter().for_each(|c| self.visit_expr(c));
        }
        elements.iter().for_each(|e| self.visit_expr(e));
        self.current = parent;
    }

    fn bind(&mut self, scope: ScopeId, name: &'a str, function: Option<ScopeId>) {
        self.tree.scopes[scope].bound.entry(name).and_modify(|known| *known = None).or_insert(function);
    }
}

impl<'a> Visitor<'a> for Scanner<'a> {
    fn visit_stmt(&mut self, statement: &'a Stmt) {
        let here = self.current;
        match statement {
            Stmt::FunctionDef(def) => {
                let function = deeper(|| self.function(Node::Def(def), Some(here)));
                self.bind(here, &def.name, Some(function));
            }
            Stmt::Assign(s) => match (&*s.targets, &*s.value) {
                // As good as a `def`.
                ([Expr::Name(name)], Expr::Lambda(lambda)) => {
                    let function = self.function(Node::Lambda(lambda), Some(here));
                    self.bind(here, &name.id, Some(function));
                }
                _ => deeper(|| walk_stmt(self, statement)),
            },
            Stmt::ClassDef(class) => self.bind(here, &class.name, None),
            Stmt::Global(s) => self.tree.scopes[here].outer.extend(s.names.iter().map(|n| (n.as_str(), n.range))),
            Stmt::Nonlocal(s) => {
                self.tree.scopes[here].outer.extend(s.names.iter().map(|n| (n.as_str(), n.range)));
                self.tree.scopes[here].nonlocal.extend(s.names.iter().map(|n| n.as_str()));
            }
            Stmt::Import(s) => {
                for alias in &s.names {
                    let top = alias.name.split('.').next().unwrap_or(&alias.name);
                    self.bind(here, alias.asname.as_ref().map_or(top, |n| n.as_str()), None);
                }
            }
            Stmt::ImportFrom(s) => s.names.iter().for_each(|a| self.bind(here, a.asname.as_ref().unwrap_or(&a.name).as_str(), None)),
            _ => deeper(|| walk_stmt(self, statement)),
        }
    }

    fn visit_expr(&mut self, expression: &'a Expr) {
        let here = self.current;
        match expression {
            Expr::Name(name) if matches!(name.ctx, ExprContext::Load) => _ = self.tree.scopes[here].loads.insert(&name.id),
            Expr::Name(name) => {
                if matches!(name.ctx, ExprContext::Del) {
                    self.tree.scopes[here].deletes.insert(&name.id);
                }
                self.bind(here, &name.id, None);
            }
            // Binds in the function, also from within a comprehension.
            Expr::Named(named) => {
                self.visit_expr(&named.value);
                if let Expr::Name(name) = &*named.target {
                    self.bind(self.tree.scopes[here].function, &name.id, None);
                }
            }
            Expr::Lambda(lambda) => _ = deeper(|| self.function(Node::Lambda(lambda), Some(here))),
            Expr::ListComp(c) => deeper(|| self.comprehension(c.range, &[&c.elt], &c.generators)),
            Expr::SetComp(c) => deeper(|| self.comprehension(c.range, &[&c.elt], &c.generators)),
            Expr::Generator(c) => deeper(|| self.comprehension(c.range, &[&c.elt], &c.generators)),
            Expr::DictComp(c) => {
                let elements: Vec<&Expr> = c.key.as_deref().into_iter().chain([&*c.value]).collect();
                deeper(|| self.comprehension(c.range, &elements, &c.generators));
            }
            _ => deeper(|| walk_expr(self, expression)),
        }
    }

    fn visit_except_handler(&mut self, handler: &'a ExceptHandler) {
        let ExceptHandler::ExceptHandler(h) = handler;
        if let Some(name) = &h.name {
            self.bind(self.current, name.as_str(), None);
        }
        walk_except_handler(self, handler);
    }

    fn visit_pattern(&mut self, pattern: &'a Pattern) {
        let name = match pattern {
            Pattern::MatchAs(p) => p.name.as_ref(),
            Pattern::MatchStar(p) => p.name.as_ref(),
            Pattern::MatchMapping(p) => p.rest.as_ref(),
            _ => None,
        };
        if let Some(name) = name {
            self.bind(self.current, name.as_str(), None);
        }
        deeper(|| walk_pattern(self, pattern));
    }
}
