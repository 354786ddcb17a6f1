//! Terms as ops: maps with functions of elements, views, reductions. What the stretch has computed already is used again.
use super::{functions::{self, Functions}, number};
use crate::{cfg::key, conversion::py_to_std::{array::elementwise::ARRAY_MAP, flags::Options}};
use egg::Id;
use melior::{
    Context,
    ir::{
        Attribute, BlockLike, BlockRef, Location, Operation, OperationRef, Type, Value, ValueLike,
        attribute::{FlatSymbolRefAttribute, IntegerAttribute, StringAttribute},
        operation::{OperationLike, OperationMutLike},
    },
};
use numbra_abi::DType;
use numbra_dialects::py::{ArrayTy, Layout, Ty, ods::py as ods};
use numbra_eqsat::{Attribute as Att, Facts, Node, Number, Operator, operators::*};
use std::collections::{HashMap, HashSet};

/// A version of a function of the library.
pub struct Instance<'c> {
    /// Its symbol
    pub symbol: String,
    /// Type of its result
    pub result: Type<'c>,
    /// Types of the parameters behind the operands: None, or integers that are 0 by default
    pub rest: Vec<Type<'c>>,
}

/// Makes ops in front of one op.
pub struct Emitter<'m, 'c, 'a> {
    /// The context
    pub context: &'c Context,
    /// Where ops are put
    pub block: BlockRef<'c, 'a>,
    /// The op in front of which they are put
    pub before: OperationRef<'c, 'a>,
    /// Options of the function
    pub options: &'m Options,
    /// Functions of elements
    pub functions: &'m mut Functions<'c, 'a>,
    /// Terms of the solution
    pub terms: &'m [Node],
    /// Facts of leaves
    pub facts: &'m [Facts],
    /// Values of leaves
    pub leaves: &'m [(Value<'c, 'a>, Option<usize>)],
    /// What opaque maps get beside numbers and arrays
    pub calls: &'m HashMap<String, Vec<Option<OperationRef<'c, 'a>>>>,
    /// Calls that put arrays together along an axis
    pub joins: &'m [super::joins::Join<'c, 'a>],
    /// Values of terms that are there already
    pub there: &'m mut HashMap<Id, Value<'c, 'a>>,
    /// All ops made
    pub made: &'m mut Vec<OperationRef<'c, 'a>>,
    /// Ops that stay for what they raise, though nothing uses them
    pub pinned: &'m mut HashSet<usize>,
    /// Versions of library functions that the module has: by path and types of the first operands
    pub instances: &'m dyn Fn(&str, &[Type<'c>]) -> Option<Instance<'c>>,
}

impl<'c: 'a, 'a> Emitter<'_, 'c, 'a> {
    pub(super) fn location(&self) -> Location<'c> {
        self.before.location()
    }

    pub(super) fn push(&mut self, op: impl Into<Operation<'c>>) -> Option<Value<'c, 'a>> {
        let op = self.block.insert_operation_before(self.before, op.into());
        self.made.push(op);
        op.result(0).ok().map(Into::into)
    }

    /// The value of a term; the type of its op, where that is a view or new memory, is the one that is wanted.
    pub fn term(&mut self, id: Id, wanted: Option<Type<'c>>) -> Option<Value<'c, 'a>> {
        if let Some(value) = self.there.get(&id) {
            return Some(*value);
        }
        let value = match &self.terms[usize::from(id)] {
            Node::Leaf(k) => self.leaves.get(*k as usize)?.0,
            Node::Number(n) => {
                let (n, context, location) = (*n, self.context, self.location());
                number::push(context, n, location, &mut |op| self.push(op))?
            }
            Node::Attribute(_) => return None,
            Node::Apply(operator, children) => {
                let (operator, children) = (*operator, children.clone());
                match operator.class() {
                    Class::Element => self.element(operator, &children, wanted)?,
                    Class::Reduce | Class::Scan => self.reduce(operator, &children, wanted)?,
                    Class::View if operator == CONCATENATE => self.join(id)?,
                    Class::View if operator == BROADCAST => self.fill(children[0], children[1])?,
                    Class::View if operator == DIAG => self.matrix(operator, &children)?,
                    Class::View => self.view(operator, &children, wanted)?,
                    Class::Matrix => self.matrix(operator, &children)?,
                    Class::Special => self.special(operator, &children)?,
                }
            }
        };
        self.there.insert(id, value);
        Some(value)
    }

    pub(super) fn attribute(&self, id: Id) -> Option<Att> {
        if let Node::Attribute(a) = &self.terms[usize::from(id)] { Some(a.clone()) } else { None }
    }

    fn element(&mut self, operator: Operator, children: &[Id], wanted: Option<Type<'c>>) -> Option<Value<'c, 'a>> {
        if operator == FITTED {
            return self.term(*children.get(1)?, wanted);
        }
        let (mut to, mut skip, mut symbol) = (None, 0, None);
        if matches!(operator, CAST | CALL) {
            let at = usize::from(operator == CALL);
            let Att::DType(d) = self.attribute(*children.get(at)?)? else { return None };
            if operator == CALL {
                let Att::Symbol(s) = self.attribute(children[0])? else { return None };
                symbol = Some(s);
            }
            (to, skip) = (Some(d), at + 1);
        }
        let mut x: Vec<Value> = children[skip..].iter().map(|c| self.term(*c, None)).collect::<Option<_>>()?;
        let types: Vec<Ty> = x.iter().map(|v| Ty::from_mlir(v.r#type())).collect::<Option<_>>()?;
        let dtypes: Vec<DType> = types.iter().map(|t| t.array().map(|a| a.dtype).or(t.scalar())).collect::<Option<_>>()?;
        let rank = types.iter().filter_map(|t| t.array()).map(|a| a.rank).max();
        let element = if operator == CALL { to? } else { functions::result_type(operator, to, &dtypes)? };
        let location = self.location();
        let scalar = Ty::Scalar(element).to_mlir(self.context);
        if rank.is_none() && operator != CALL && functions::is_plain(operator) {
            let (block, before, context) = (self.block, self.before, self.context);
            let made = std::cell::RefCell::new(vec![]);
            let value = functions::apply(context, operator, &x, scalar, location, &|op| {
                let op = block.insert_operation_before(before, op);
                made.borrow_mut().push(op);
                op.result(0).ok().map(Into::into)
            });
            self.made.extend(made.into_inner());
            return value;
        }
        let symbol = match symbol {
            Some(symbol) => {
                let fixed = self.calls.get(&symbol)?.clone();
                let mut given = x.into_iter();
                x = fixed.into_iter().map(|op| match op {
                    None => given.next(),
                    Some(op) => self.push((*op).clone()),
                }).collect::<Option<_>>()?;
                symbol
            }
            None => self.functions.symbol(operator, to, &dtypes, self.options, location)?,
        };
        let callee = FlatSymbolRefAttribute::new(self.context, &symbol);
        let Some(rank) = rank else { return self.push(ods::invoke(self.context, scalar, &x, callee, location)) };
        // The order of Fortran is what comes of operands in that order only, as where maps are inferred.
        let fits = |order: Layout| order == Layout::C || order == Layout::F && types.iter().filter_map(|t| t.array()).all(|a| a.layout == Layout::F && a.rank == rank);
        let t = wanted.filter(|t| Ty::from_mlir(*t).and_then(|t| t.array()).is_some_and(|a| a.dtype == element && a.rank == rank && fits(a.layout) && !a.readonly));
        let t = t.unwrap_or_else(|| Ty::Array(ArrayTy::new(element, rank, Layout::C)).to_mlir(self.context));
        let mut op: Operation = ods::builtin(self.context, t, &x, StringAttribute::new(self.context, ARRAY_MAP), location).into();
        op.set_attribute("callee", callee.into());
        self.push(op)
    }

    fn reduce(&mut self, operator: Operator, children: &[Id], wanted: Option<Type<'c>>) -> Option<Value<'c, 'a>> {
        let axis = self.attribute(*children.first()?)?;
        let x = self.term(*children.get(1)?, None)?;
        let a = Ty::from_mlir(x.r#type())?.array()?;
        let scan = operator.class() == Class::Scan;
        let kind = if scan { super::library::SCANS } else { super::library::REDUCTIONS }.iter().find(|(_, o)| *o == operator).map(|(n, _)| *n)?;
        let location = self.location();
        let dtype = operator.row().gives.of(a.dtype)?;
        let rank = if scan { a.rank } else if axis == Att::All { 0 } else { a.rank.checked_sub(1)? };
        if scan && axis == Att::All {
            return None;
        }
        let t = if rank == 0 { Ty::Scalar(dtype) } else { Ty::Array(ArrayTy::new(dtype, rank, Layout::C)) }.to_mlir(self.context);
        if rank > 0 && wanted.is_some_and(|w| w != t) {
            return None;
        }
        let path = if scan { "array.scan" } else { "array.reduce" };
        let mut op: Operation = ods::builtin(self.context, t, &[x], StringAttribute::new(self.context, path), location).into();
        op.set_attribute("kind", StringAttribute::new(self.context, kind).into());
        if let Att::Axis(k) = axis {
            if a.rank > 1 {
                op.set_attribute("axis", IntegerAttribute::new(Type::index(self.context), k as i64).into());
            }
        }
        self.push(op)
    }

    pub(super) fn nothing(&mut self) -> Option<Value<'c, 'a>> {
        let location = self.location();
        self.push(ods::constant(self.context, Ty::None.to_mlir(self.context), Attribute::unit(self.context), location))
    }

    fn matrix(&mut self, operator: Operator, children: &[Id]) -> Option<Value<'c, 'a>> {
        let x: Vec<Value> = children.iter().map(|c| self.term(*c, None)).collect::<Option<_>>()?;
        let types: Vec<Type> = x.iter().map(|v| v.r#type()).collect();
        let ranks: Vec<usize> = types.iter().map(|t| Ty::from_mlir(*t)?.array().map(|a| a.rank)).collect::<Option<_>>()?;
        for row in super::library::ROWS.iter().filter(|r| r.operator == operator && r.ranks == ranks) {
            let Some(Instance { symbol, result, rest }) = (self.instances)(row.path, &types) else { continue };
            let mut operands = x.clone();
            let location = self.location();
            for t in rest {
                let value = if Ty::from_mlir(t)? == Ty::None {
                    self.nothing()?
                } else {
                    let op = number::constant(self.context, Number::integer(Ty::from_mlir(t)?.scalar()?, 0)?, location)?;
                    self.push(op)?
                };
                operands.push(value);
            }
            return self.push(ods::invoke(self.context, result, &operands, FlatSymbolRefAttribute::new(self.context, &symbol), location));
        }
        None
    }

    /// A value as one of another type.
    pub fn cast(&mut self, value: Value<'c, 'a>, t: Type<'c>) -> Option<Value<'c, 'a>> {
        let location = self.location();
        self.push(ods::cast(self.context, t, value, location))
    }

    /// A copy of an array, in memory of its own.
    pub fn copy(&mut self, value: Value<'c, 'a>) -> Option<Value<'c, 'a>> {
        let a = Ty::from_mlir(value.r#type())?.array()?;
        let (t, location) = (Ty::Array(ArrayTy::new(a.dtype, a.rank, Layout::C)).to_mlir(self.context), self.location());
        self.push(ods::builtin(self.context, t, &[value], StringAttribute::new(self.context, "array.copy"), location))
    }

    /// The array whose memory the value of a term lies in.
    pub fn base(&self, id: Id) -> Option<usize> {
        let mut id = id;
        loop {
            match &self.terms[usize::from(id)] {
                // Arrays that are put together, or filled with a number, are in new memory.
                Node::Apply(o, children) if o.class() == Class::View && !matches!(*o, CONCATENATE | BROADCAST) => id = children[numbra_eqsat::infer::array_operand(*o)],
                Node::Apply(FITTED, children) => id = children[1],
                Node::Apply(ITEM, children) => match (self.attribute(children[0]), &self.terms[usize::from(children[1])]) {
                    (Some(Att::Axis(k)), Node::Apply(TUPLE, items)) => id = *items.get(k as usize)?,
                    _ => return None,
                },
                Node::Leaf(k) => return self.leaves.get(*k as usize).map(|(v, _)| key(*v)),
                _ => return self.there.get(&id).map(|v| key(*v)),
            }
        }
    }
}
