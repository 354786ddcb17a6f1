//! Stretches of a block as terms.
//!
//! A stretch is a run of ops of one block in which nothing writes memory or is seen in another way, so that each value is the same wherever in it it is computed.
//! Ops that have a meaning as operators are imported; all others are where leaves come from and where roots go to.
use super::{fills, flat, index, joins, library, meaning::{Function, Meanings, Step}, number, scalars::{self, Scalar}, shapes, special};
use crate::{cfg::key, conversion::py_to_std::{array::elementwise::ARRAY_MAP, flags::Options}, functions::{callee, path_of}, numbers::integer_value};
use melior::ir::{OperationRef, Value, ValueLike, attribute::{IntegerAttribute, StringAttribute}, operation::OperationLike};
use numbra_dialects::py::{Layout, PyOp, Ty};
use numbra_eqsat::{Attribute, Dim, Facts, Node, Number, Order, operators::*};
use egg::Id;
use std::collections::{HashMap, HashSet};

/// What an op means for a stretch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// It computes
    Nothing,
    /// It may raise, but changes nothing
    Raises,
    /// It may change memory, or be seen in another way: the stretch ends
    Barrier,
}

/// What an op means for a stretch; legality is that of the fusion of maps.
pub fn effect<'c: 'a, 'a>(op: OperationRef<'c, 'a>) -> Effect {
    match PyOp::of(&op) {
        PyOp::Constant | PyOp::Entity | PyOp::FunctionRef | PyOp::Ellipsis | PyOp::Tuple | PyOp::Slice | PyOp::GetAttr | PyOp::Compare | PyOp::Unary | PyOp::Truth | PyOp::Closure => Effect::Nothing,
        PyOp::Builtin => match path_of(op) {
            Some(ARRAY_MAP | "array.reduce" | "array.scan") => Effect::Raises,
            Some("len" | "array.view" | "array.address" | "array.copy" | "abs" | "range.contains") => Effect::Nothing,
            Some("range" | "range.item") => Effect::Raises,
            _ if fills::is_fill(op) => Effect::Raises,
            Some(path) if path.starts_with("math.") || scalars::BUILTINS.iter().any(|(b, _)| *b == path) => Effect::Nothing,
            _ => Effect::Barrier,
        },
        PyOp::Binary | PyOp::GetItem | PyOp::Cast | PyOp::CheckBound => Effect::Raises,
        PyOp::Invoke if library::of(op).is_some() || joins::of(op).is_some() || shapes::only_computes(op) || fills::is_fill(op) => Effect::Raises,
        _ => Effect::Barrier,
    }
}

/// An op that was imported.
pub struct Imported<'c, 'a> {
    /// It
    pub op: OperationRef<'c, 'a>,
    /// Its place among the ops of the stretch
    pub place: usize,
    /// Its term
    pub term: Id,
}

/// A stretch as terms.
pub struct Import<'c, 'a> {
    /// Terms, operands before what uses them
    pub terms: Vec<Node>,
    /// Facts of leaves
    pub leaves: Vec<Facts>,
    /// The value of each leaf, and the place in the stretch where it is made
    pub values: Vec<(Value<'c, 'a>, Option<usize>)>,
    /// Ops that have a term
    pub imported: Vec<Imported<'c, 'a>>,
    /// Calls that put arrays together along an axis
    pub joins: Vec<joins::Join<'c, 'a>>,
    /// Opaque maps, by their symbols: what stands where an operand is none, and which operands stay
    pub calls: HashMap<String, Vec<Option<OperationRef<'c, 'a>>>>,
    nodes: HashMap<Node, Id>,
    known: HashMap<usize, Id>,
}

/// Facts of a value from outside.
fn facts(value: Value, leaf: u32) -> Facts {
    let found = match Ty::from_mlir(value.r#type()) {
        Some(Ty::Array(a)) => {
            let order = match a.layout {
                Layout::C => Order::C,
                Layout::F => Order::F,
                Layout::A => Order::Any,
            };
            Facts::array(a.dtype, (0..a.rank as u8).map(|k| Dim::Of(leaf, k)).collect(), order)
        }
        Some(Ty::Scalar(d)) => Facts::array(d, vec![], Order::C),
        _ => Facts::opaque(),
    };
    Facts { may_raise: false, last_leaf: Some(leaf), ..found }
}

impl<'c: 'a, 'a> Import<'c, 'a> {
    /// Imports a stretch of a function with these options; `definitions` are the ops of its values, and `kept` says which ops are not to be imported.
    pub fn of(ops: &[OperationRef<'c, 'a>], options: &Options, definitions: &HashMap<usize, OperationRef<'c, 'a>>, meanings: &mut Meanings<'c, 'a>, kept: &dyn Fn(usize) -> bool) -> Self {
        let mut import = Import { terms: vec![], leaves: vec![], values: vec![], imported: vec![], joins: vec![], calls: HashMap::new(), nodes: HashMap::new(), known: HashMap::new() };
        let inside: HashMap<usize, usize> = ops.iter().enumerate().flat_map(|(i, op)| op.results().map(move |r| (key(r.into()), i))).collect();
        // What comes from before the stretch is there all the time.
        for value in ops.iter().flat_map(|op| op.operands()).filter(|v| !inside.contains_key(&key(*v))) {
            import.operand(value, definitions, None);
        }
        for (place, op) in ops.iter().enumerate() {
            let term = if kept(place) { None } else { import.op(*op, options, definitions, meanings) };
            match (term, op.result(0)) {
                (Some(term), Ok(result)) => {
                    import.known.insert(key(result.into()), term);
                    import.imported.push(Imported { op: *op, place, term });
                }
                _ if shapes::is_resolved(*op) => shapes::leaf(&mut import, *op, definitions, place),
                _ => op.results().for_each(|r| {
                    import.operand(r.into(), definitions, Some(place));
                }),
            }
        }
        import
    }

    /// A node, each only once.
    pub fn node(&mut self, node: Node) -> Id {
        if let Some(id) = self.nodes.get(&node) {
            return *id;
        }
        let id = Id::from(self.terms.len());
        self.terms.push(node.clone());
        self.nodes.insert(node, id);
        id
    }

    /// The lengths of all axes of an array.
    pub fn lengths(&mut self, x: Id, rank: usize) -> Vec<Id> {
        (0..rank as u8).map(|k| {
            let k = self.attribute(Attribute::Axis(k));
            self.apply(DIM, &[k, x])
        }).collect()
    }

    /// An operator on terms.
    pub fn apply(&mut self, operator: Operator, operands: &[Id]) -> Id {
        // Complex constants are made of their parts.
        if let (COMPLEX, Some(number)) = (operator, self.number(operator, operands)) {
            return self.node(Node::Number(number));
        }
        self.node(Node::apply(operator, operands))
    }

    fn number(&self, operator: Operator, operands: &[Id]) -> Option<Number> {
        let parts: Vec<Number> = operands.iter().map(|x| if let Node::Number(n) = self.terms[usize::from(*x)] { Some(n) } else { None }).collect::<Option<_>>()?;
        let dtype = parts.first()?.dtype;
        let values: Vec<_> = parts.iter().map(|n| n.scalar()).collect::<Option<_>>()?;
        numbra_eqsat::scalar::apply(operator, dtype, &values).map(|s| s.number(operator.row().gives.of(dtype).unwrap_or(dtype)))
    }

    /// An attribute.
    pub fn attribute(&mut self, attribute: Attribute) -> Id {
        self.node(Node::Attribute(attribute))
    }

    /// The term of a value, if it stands for something at run time.
    pub fn operand(&mut self, value: Value<'c, 'a>, definitions: &HashMap<usize, OperationRef<'c, 'a>>, place: Option<usize>) -> Option<Id> {
        if let Some(id) = self.known.get(&key(value)) {
            return Some(*id);
        }
        let number = definitions.get(&key(value)).and_then(|op| number::of(*op));
        let id = match (number, Ty::from_mlir(value.r#type())?) {
            (Some(number), _) => self.node(Node::Number(number)),
            (None, Ty::Array(_) | Ty::Scalar(_)) => {
                let leaf = self.values.len() as u32;
                self.values.push((value, place));
                self.leaves.push(facts(value, leaf));
                self.node(Node::Leaf(leaf))
            }
            _ => return None,
        };
        self.known.insert(key(value), id);
        Some(id)
    }

    /// Makes a value a leaf of which this is known.
    pub fn leaf(&mut self, value: Value<'c, 'a>, facts: Facts, place: usize) {
        let leaf = self.values.len() as u32;
        self.values.push((value, Some(place)));
        self.leaves.push(Facts { last_leaf: Some(leaf), ..facts });
        let id = self.node(Node::Leaf(leaf));
        self.known.insert(key(value), id);
    }

    /// What is known of a term.
    pub fn facts(&self, id: Id) -> Option<Facts> {
        numbra_eqsat::problem::facts(&self.terms[..usize::from(id) + 1], &self.leaves).pop()
    }

    /// The term of a value that has one.
    pub fn term(&self, value: Value<'c, 'a>) -> Option<Id> {
        self.known.get(&key(value)).copied()
    }

    fn op(&mut self, op: OperationRef<'c, 'a>, options: &Options, definitions: &HashMap<usize, OperationRef<'c, 'a>>, meanings: &mut Meanings<'c, 'a>) -> Option<Id> {
        let term = |import: &mut Self, i: usize| op.operand(i).ok().and_then(|v| import.operand(v, definitions, None));
        match PyOp::of(&op) {
            PyOp::Builtin if path_of(op) == Some(ARRAY_MAP) => {
                let symbol = callee(op)?.value();
                let operands: Vec<Option<Id>> = (0..op.operand_count()).map(|i| term(self, i)).collect();
                match meanings.of(symbol) {
                    Function::Steps(steps) => self.map(&steps, &operands),
                    Function::Pure => self.call(op, symbol, &operands, definitions),
                    Function::Unknown => None,
                }
            }
            PyOp::Builtin if matches!(path_of(op), Some("array.reduce" | "array.scan")) => self.reduce(op, definitions, meanings),
            PyOp::GetItem => index::import(self, op, definitions).or_else(|| index::length(self, op, definitions)).or_else(|| special::part(self, op, definitions)),
            PyOp::GetAttr if op.operand(0).ok().and_then(|v| Ty::from_mlir(v.r#type())).is_some_and(|t| t.array().is_some()) => shapes::attribute(self, op, definitions),
            PyOp::Builtin if path_of(op).is_some_and(|p| special::is_special(p)) => special::import(self, op, definitions),
            PyOp::Builtin if path_of(op) == Some(flat::VIEW) => flat::import(self, op, definitions).or_else(|| shapes::view(self, op, definitions)),
            PyOp::Builtin | PyOp::Invoke if fills::is_fill(op) => fills::import(self, op, definitions),
            PyOp::Invoke => library::import(self, op, definitions).or_else(|| joins::import(self, op, definitions)).or_else(|| shapes::call(self, op, definitions)),
            _ => {
                let scalar = scalars::of(op, options.numpy_errors)?;
                let operands: Vec<Id> = (0..op.operand_count()).map(|i| term(self, i)).collect::<Option<_>>()?;
                Some(match scalar {
                    Scalar::Same => operands[0],
                    Scalar::Cast(d) => {
                        let d = self.attribute(Attribute::DType(d));
                        self.apply(CAST, &[d, operands[0]])
                    }
                    Scalar::Operator(o) => self.apply(o, &operands),
                })
            }
        }
    }

    // A map by the steps of its function. Arrays that the function makes nothing of take part in broadcasting all the same.
    fn map(&mut self, steps: &[Step], operands: &[Option<Id>]) -> Option<Id> {
        let result = self.steps(steps, operands)?;
        let used = used(steps);
        let is_array = |import: &Self, id: Id| import.facts(id).is_some_and(|f| f.dims().is_some_and(|d| !d.is_empty()));
        Some(operands.iter().enumerate().filter(|(i, _)| !used.contains(i)).filter_map(|(_, id)| *id).fold(result, |x, id| if is_array(self, id) { self.apply(FIRST, &[x, id]) } else { x }))
    }

    /// The steps of a function of elements on terms.
    pub fn steps(&mut self, steps: &[Step], operands: &[Option<Id>]) -> Option<Id> {
        let mut places: Vec<Option<Id>> = vec![];
        for step in steps {
            let id = match step {
                Step::Parameter(i) => operands.get(*i).copied().flatten(),
                Step::Number(n) => Some(self.node(Node::Number(*n))),
                Step::Cast(d, x) => places[*x].map(|x| {
                    let d = self.attribute(Attribute::DType(*d));
                    self.apply(CAST, &[d, x])
                }),
                Step::Apply(o, xs) => xs.iter().map(|x| places[*x]).collect::<Option<Vec<_>>>().map(|xs| self.apply(*o, &xs)),
            };
            places.push(id);
        }
        places.last().copied().flatten()
    }

    // A map with a function that is no operator. What it gets beside numbers and arrays is the same at every call.
    fn call(&mut self, op: OperationRef<'c, 'a>, symbol: &str, operands: &[Option<Id>], definitions: &HashMap<usize, OperationRef<'c, 'a>>) -> Option<Id> {
        let fixed: Vec<Option<OperationRef>> = op.operands().zip(operands).map(|(v, id)| if id.is_some() { Some(None) } else { definitions.get(&key(v)).filter(|o| matches!(PyOp::of(*o), PyOp::Constant | PyOp::Entity)).map(|o| Some(*o)) }).collect::<Option<_>>()?;
        let Ty::Array(result) = Ty::from_mlir(op.result(0).ok()?.r#type())? else { return None };
        if !scalars::is_number(result.dtype) {
            return None;
        }
        self.calls.entry(symbol.to_string()).or_insert(fixed);
        let mut children = vec![self.attribute(Attribute::Symbol(symbol.to_string())), self.attribute(Attribute::DType(result.dtype))];
        children.extend(operands.iter().flatten());
        Some(self.apply(CALL, &children))
    }

    // A reduction or scan of what a function makes of elements.
    fn reduce(&mut self, op: OperationRef<'c, 'a>, definitions: &HashMap<usize, OperationRef<'c, 'a>>, meanings: &mut Meanings<'c, 'a>) -> Option<Id> {
        let kind = StringAttribute::try_from(op.attribute("kind").ok()?).ok()?;
        let scan = path_of(op) == Some("array.scan");
        let operator = if scan { library::SCANS } else { library::REDUCTIONS }.iter().find(|(name, _)| *name == kind.value()).map(|(_, o)| *o).filter(|_| !op.has_attribute("keepdims"))?;
        let operands: Vec<Option<Id>> = op.operands().map(|v| self.operand(v, definitions, None)).collect();
        let mut x = match callee(op) {
            None => operands.first().copied().flatten()?,
            Some(symbol) => match meanings.of(symbol.value()) {
                Function::Steps(steps) => self.steps(&steps, &operands)?,
                _ => return None,
            },
        };
        let element = library::element(op.operand(0).ok()?).filter(|d| scalars::is_number(*d) && op.operand_count() == 1)?;
        let result = library::element(op.result(0).ok()?.into())?;
        if operator.row().gives == Gives::Same && element != result {
            // What is put together is put together in the type of the result.
            if !matches!(operator, SUM | PROD | MEAN | CUMSUM | CUMPROD) || !scalars::is_number(result) {
                return None;
            }
            let d = self.attribute(Attribute::DType(result));
            x = self.apply(CAST, &[d, x]);
        }
        let axis = match op.attribute("axis") {
            Ok(axis) => Attribute::Axis(u8::try_from(integer_value(IntegerAttribute::try_from(axis).ok()?)?).ok()?),
            // A scan without an axis goes over all elements in the order of C.
            Err(_) if scan && Ty::from_mlir(op.operand(0).ok()?.r#type())?.array()?.rank != 1 => return None,
            Err(_) if scan => Attribute::Axis(0),
            Err(_) => Attribute::All,
        };
        let axis = self.attribute(axis);
        Some(self.apply(operator, &[axis, x]))
    }
}

// The parameters that the result of a function of elements is made of.
fn used(steps: &[Step]) -> HashSet<usize> {
    let (mut found, mut seen, mut stack) = (HashSet::new(), HashSet::new(), vec![steps.len().wrapping_sub(1)]);
    while let Some(k) = stack.pop() {
        match steps.get(k) {
            Some(Step::Parameter(i)) => {
                found.insert(*i);
            }
            Some(Step::Cast(_, x)) => stack.push(*x),
            Some(Step::Apply(_, xs)) if seen.insert(k) => stack.extend(xs),
            _ => {}
        }
    }
    found
}
