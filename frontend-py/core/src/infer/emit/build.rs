//! Builds the ops of expressions, and constants where they are used.
use super::{Failure, liveness::resolve};
use crate::infer::{engine::{Engine, Instance}, expr::Expr, source::{Op, OpKind, Source, ValueId}, val::Val};
use melior::{
    Context,
    dialect::cf,
    ir::{Attribute, Block, BlockLike, BlockRef, Location, Operation, OperationRef, RegionLike, Type, Value,
        attribute::{BoolAttribute, FlatSymbolRefAttribute, FloatAttribute, IntegerAttribute, StringAttribute},
        operation::OperationMutLike,
    },
};
use numbra_abi::{DType, dtype::Kind};
use numbra_dialects::py::{BinaryKind, Ty, ods::py as ods};

/// Where ops go, and the values made so far.
pub struct Builder<'c, 'e> {
    /// The context
    pub context: &'c Context,
    engine: &'e Engine<'c>,
    source: &'e Source<'c>,
    instance: &'e Instance,
    /// Typed form of the source's values
    pub values: Vec<Option<Value<'c, 'e>>>,
    /// Block under construction
    pub block: Option<BlockRef<'c, 'e>>,
    /// Op being translated
    pub op: Option<&'e Op<'c>>,
    /// What several results of the op are parts of
    shared: Option<(Expr, Value<'c, 'e>, Ty)>,
}

impl<'c, 'e> Builder<'c, 'e> {
    /// For one instance.
    pub fn new(context: &'c Context, engine: &'e Engine<'c>, source: &'e Source<'c>, instance: &'e Instance) -> Self {
        Self { context, engine, source, instance, values: vec![None; source.definitions.len()], block: None, op: None, shared: None }
    }

    fn location(&self) -> Location<'c> {
        self.op.map_or_else(|| Location::unknown(self.context), |o| o.location)
    }

    /// Appends an op to the block.
    pub fn push(&mut self, op: impl Into<Operation<'c>>) -> Option<OperationRef<'c, 'e>> {
        Some(self.block?.append_operation(op.into()))
    }

    fn push_value(&mut self, op: impl Into<Operation<'c>>) -> Result<Value<'c, 'e>, Failure> {
        let op = self.push(op).ok_or("no block")?;
        Ok(op.result(0).map_err(|e| e.to_string())?.into())
    }

    /// A value of the source, in a type.
    pub fn value(&mut self, v: ValueId, t: &Ty) -> Result<Value<'c, 'e>, Failure> {
        let val = &self.instance.frame.vals[v];
        if val.is_static() {
            return self.constant(val, t);
        }
        if *val == Val::Unbound {
            let name = match self.source.definition(v).map(|o| &o.kind) {
                Some(OpKind::Unbound(name)) => name.as_str(),
                _ => "",
            };
            let name = StringAttribute::new(self.context, name);
            return self.push_value(ods::unbound(self.context, t.to_mlir(self.context), name, self.location()));
        }
        let from = val.ty();
        let value = self.values[v].ok_or_else(|| format!("value {v} of type {from} is used but was not built"))?;
        self.cast(value, &from, t)
    }

    fn cast(&mut self, value: Value<'c, 'e>, from: &Ty, to: &Ty) -> Result<Value<'c, 'e>, Failure> {
        if from == to { Ok(value) } else { self.push_value(ods::cast(self.context, to.to_mlir(self.context), value, self.location())) }
    }

    /// What an expression is at compile time, if it is known then.
    fn known(&self, e: &Expr) -> Option<Val> {
        let op = self.op?;
        if let Expr::Const(v, t) = e {
            return (v.ty() == *t).then(|| v.clone());
        }
        if let Some(v) = resolve(self.source, op, e) {
            return Some(self.instance.frame.vals[v].clone()).filter(Val::is_static);
        }
        match e {
            Expr::Element(inner, k, _) => match self.inner(inner)? {
                Val::Tuple(parts) => parts.get(*k).filter(|v| v.is_static()).cloned(),
                _ => None,
            },
            _ => None,
        }
    }

    fn inner(&self, e: &Expr) -> Option<Val> {
        match e {
            Expr::Const(v, _) => Some(v.clone()),
            _ => resolve(self.source, self.op?, e).map(|v| self.instance.frame.vals[v].clone()),
        }
    }

    /// Builds the call of which the first result of an op is a part.
    pub fn share(&mut self, first: Option<&Expr>) -> Result<(), Failure> {
        self.shared = None;
        if let Some(Expr::Element(whole, ..)) = first
            && let Expr::Invoke(..) = &**whole
        {
            let (value, t) = self.expr(whole)?;
            self.shared = Some(((**whole).clone(), value, t));
        }
        Ok(())
    }

    /// Builds an expression; returns its value and type.
    pub fn expr(&mut self, e: &Expr) -> Result<(Value<'c, 'e>, Ty), Failure> {
        let (context, location) = (self.context, self.location());
        if let Some((shared, value, t)) = &self.shared
            && shared == e
        {
            return Ok((*value, t.clone()));
        }
        if let Some(v) = self.known(e) {
            let t = v.ty();
            return Ok((self.constant(&v, &t)?, t));
        }
        if let Some(v) = self.op.and_then(|op| resolve(self.source, op, e)) {
            let t = self.instance.frame.vals[v].ty();
            return Ok((self.value(v, &t)?, t));
        }
        let text = |s: &str| StringAttribute::new(context, s);
        let value = match e {
            Expr::Arg(_) | Expr::Receiver => return Err("operand is missing".into()),
            Expr::Const(v, t) => self.constant(v, t)?,
            Expr::Data(t) => {
                let data = self.op.and_then(|o| o.data).ok_or("constant array without elements")?;
                self.push_value(ods::constant(context, t.to_mlir(context), data, location))?
            }
            Expr::Cast(inner, t) => match self.known(inner) {
                Some(v) => self.constant(&v, t)?,
                None => {
                    let (value, from) = self.expr(inner)?;
                    self.cast(value, &from, t)?
                }
            },
            Expr::Element(inner, k, t) => {
                let (tuple, _) = self.expr(inner)?;
                let index = self.constant(&Val::Int(*k as i64), &Ty::INT)?;
                self.push_value(ods::getitem(context, t.to_mlir(context), tuple, index, location))?
            }
            Expr::Tuple(parts, t) => {
                let parts = self.all(parts)?;
                self.push_value(ods::tuple(context, t.to_mlir(context), &parts, location))?
            }
            Expr::Closure(symbol, captures, t) => {
                let captures = self.all(captures)?;
                self.push_value(ods::closure(context, t.to_mlir(context), &captures, FlatSymbolRefAttribute::new(context, symbol), location))?
            }
            Expr::Slice(parts, t) => {
                let parts = self.all(parts)?;
                let [start, stop, step] = parts[..] else { return Err("slice without three parts".into()) };
                self.push_value(ods::slice(context, t.to_mlir(context), start, stop, step, location))?
            }
            Expr::Unary(kind, a, t) => {
                let a = self.expr(a)?.0;
                self.push_value(ods::unary(context, t.to_mlir(context), a, kind.attribute(context), location))?
            }
            Expr::Binary(kind, a, b, t) => {
                // A quotient of integers is computed in floats, but its error text is that of integers.
                let integers = *kind == BinaryKind::TrueDiv && self.is_integer(a) && self.is_integer(b);
                let (a, b) = (self.expr(a)?.0, self.expr(b)?.0);
                let mut op: Operation = ods::binary(context, t.to_mlir(context), a, b, kind.attribute(context), location).into();
                if integers {
                    op.set_attribute("py.integers", Attribute::unit(context));
                }
                self.push_value(op)?
            }
            Expr::Compare(kind, a, b) => {
                let (a, b) = (self.expr(a)?.0, self.expr(b)?.0);
                self.push_value(ods::compare(context, Ty::BOOL.to_mlir(context), a, b, kind.attribute(context), location))?
            }
            Expr::Truth(a) => {
                let a = self.expr(a)?.0;
                self.push_value(ods::truth(context, Ty::BOOL.to_mlir(context), a, location))?
            }
            Expr::GetAttr(a, name, t) => {
                let a = self.expr(a)?.0;
                self.push_value(ods::getattr(context, t.to_mlir(context), a, text(name), location))?
            }
            Expr::GetItem(a, index, t) => {
                let (a, index) = (self.expr(a)?.0, self.expr(index)?.0);
                self.push_value(ods::getitem(context, t.to_mlir(context), a, index, location))?
            }
            Expr::SetItem(a, index, value) => {
                let (a, index, value) = (self.expr(a)?.0, self.expr(index)?.0, self.expr(value)?.0);
                self.push(ods::setitem(context, a, index, value, location));
                // An assignment has no value; nothing uses this one.
                return Ok((a, Ty::None));
            }
            Expr::Builtin(path, args, t) => {
                let args = self.all(args)?;
                self.push_value(ods::builtin(context, t.to_mlir(context), &args, text(path), location))?
            }
            Expr::Invoke(target, args, t) => {
                let args = self.all(args)?;
                let callee = FlatSymbolRefAttribute::new(context, &self.engine.instances[*target].symbol);
                self.push_value(ods::invoke(context, t.to_mlir(context), &args, callee, location))?
            }
            Expr::Array(array, args, t) => {
                let args = self.all(args)?;
                let mut op: Operation = ods::builtin(context, t.to_mlir(context), &args, text(array.path), location).into();
                if let Some(target) = array.callee {
                    op.set_attribute("callee", FlatSymbolRefAttribute::new(context, &self.engine.instances[target].symbol).into());
                }
                if let Some(kind) = array.kind {
                    op.set_attribute("kind", text(kind).into());
                }
                if let Some(axis) = array.axis {
                    op.set_attribute("axis", IntegerAttribute::new(Type::index(context), axis as i64).into());
                }
                if array.keepdims {
                    op.set_attribute("keepdims", Attribute::unit(context));
                }
                self.push_value(op)?
            }
            Expr::Exception(kind, args) => {
                let args = self.all(args)?;
                let t = Ty::Exception(kind.as_str().into());
                self.push_value(ods::exception(context, t.to_mlir(context), &args, text(kind), location))?
            }
            Expr::Iter(a, t) => {
                let a = self.expr(a)?.0;
                self.push_value(ods::iter(context, t.to_mlir(context), a, location))?
            }
            Expr::If(parts, t) => self.choice(parts, t)?,
        };
        Ok((value, self.type_of(e)))
    }

    /// Branches: the rest of the op goes to a new block, which gets the chosen value unless its type says it all.
    fn choice(&mut self, [condition, yes, no]: &[Expr; 3], t: &Ty) -> Result<Value<'c, 'e>, Failure> {
        if let Some(Val::Bool(known)) = self.known(condition) {
            return Ok(self.expr(if known { yes } else { no })?.0);
        }
        let (context, location) = (self.context, self.location());
        let known = Val::from(t.clone()).is_static();
        let condition = self.expr(condition)?.0;
        let here = self.block.ok_or("no block")?;
        let region = here.parent_region().ok_or("a block without a region")?;
        let arguments: &[_] = if known { &[] } else { &[(t.to_mlir(context), location)] };
        let add = |after: BlockRef<'c, 'e>, arguments: &[(melior::ir::Type<'c>, Location<'c>)]| region.insert_block_after(after, Block::new(arguments));
        let first = add(here, &[]);
        let second = add(first, &[]);
        let rest = add(second, arguments);
        self.push(cf::cond_br(context, condition, &first, &second, &[], &[], location));
        for (block, value) in [(first, yes), (second, no)] {
            self.block = Some(block);
            let (value, from) = self.expr(value)?;
            let passed = if known { vec![] } else { vec![self.cast(value, &from, t)?] };
            self.push(cf::br(&rest, &passed, location));
        }
        self.block = Some(rest);
        if known { self.constant(&Val::from(t.clone()), t) } else { Ok(rest.argument(0).map_err(|e| e.to_string())?.into()) }
    }

    fn type_of(&self, e: &Expr) -> Ty {
        match e {
            Expr::Const(_, t) | Expr::Data(t) | Expr::Cast(_, t) | Expr::Element(_, _, t) | Expr::Tuple(_, t) | Expr::Closure(_, _, t) | Expr::Slice(_, t) | Expr::Unary(_, _, t) => t.clone(),
            Expr::Binary(_, _, _, t) | Expr::GetAttr(_, _, t) | Expr::GetItem(_, _, t) | Expr::Builtin(_, _, t) | Expr::Invoke(_, _, t) | Expr::Array(_, _, t) | Expr::Iter(_, t) | Expr::If(_, t) => t.clone(),
            Expr::Compare(..) | Expr::Truth(_) => Ty::BOOL,
            Expr::Exception(kind, _) => Ty::Exception(kind.as_str().into()),
            Expr::Arg(_) | Expr::Receiver | Expr::SetItem(..) => Ty::Any,
        }
    }

    /// Whether an operand is a converted integer or bool.
    fn is_integer(&self, e: &Expr) -> bool {
        let Expr::Cast(inner, _) = e else { return false };
        let known = self.known(inner).or_else(|| self.inner(inner));
        let t = known.map_or_else(|| self.type_of(inner), |v| v.ty());
        matches!(t, Ty::Scalar(d) if !d.is_float() && !d.is_complex())
    }

    fn all(&mut self, parts: &[Expr]) -> Result<Vec<Value<'c, 'e>>, Failure> {
        parts.iter().map(|p| Ok(self.expr(p)?.0)).collect()
    }

    /// A compile-time value, in a type.
    pub fn constant(&mut self, v: &Val, t: &Ty) -> Result<Value<'c, 'e>, Failure> {
        let (context, location) = (self.context, self.location());
        let mlir = t.to_mlir(context);
        let number = |x: f64| Attribute::from(FloatAttribute::new(context, mlir, x));
        let attribute: Attribute = match (v, t) {
            (v, Ty::Union(_)) => {
                let own = v.ty();
                let value = self.constant(v, &own)?;
                return self.cast(value, &own, t);
            }
            (Val::Tuple(parts), Ty::Scalar(d)) if d.is_complex() => return self.complex(parts.first(), parts.get(1), *d),
            (Val::Int(_) | Val::Float(_) | Val::Bool(_), Ty::Scalar(d)) if d.is_complex() => return self.complex(Some(v), None, *d),
            (Val::Int(_), Ty::Scalar(d)) if d.unit().is_some() => {
                let value = self.constant(v, &Ty::INT)?;
                return self.cast(value, &Ty::INT, t);
            }
            (Val::Int(i), Ty::Scalar(d)) => match d.kind() {
                Kind::Bool => BoolAttribute::new(context, *i != 0).into(),
                Kind::Int | Kind::UInt => IntegerAttribute::new(mlir, *i).into(),
                _ => number(*i as f64),
            },
            (Val::Bool(b), Ty::Scalar(d)) => match d.kind() {
                Kind::Bool => BoolAttribute::new(context, *b).into(),
                Kind::Int | Kind::UInt => IntegerAttribute::new(mlir, i64::from(*b)).into(),
                _ => number(f64::from(u8::from(*b))),
            },
            (Val::Float(bits), Ty::Scalar(d)) if d.is_float() => number(f64::from_bits(*bits)),
            (Val::Float(_), Ty::Scalar(_)) => {
                let value = self.constant(v, &Ty::FLOAT)?;
                return self.cast(value, &Ty::FLOAT, t);
            }
            (Val::Tuple(parts), Ty::Tuple(types)) if parts.len() == types.len() => {
                let parts = parts.iter().zip(types.iter()).map(|(v, t)| self.constant(v, t)).collect::<Result<Vec<_>, _>>()?;
                return self.push_value(ods::tuple(context, mlir, &parts, location));
            }
            (Val::Of(Ty::None), Ty::None) => Attribute::unit(context),
            (Val::Of(Ty::Literal(s)), Ty::Literal(_)) => StringAttribute::new(context, s).into(),
            (Val::Of(Ty::Literal(_)), Ty::Str) => {
                let own = v.ty();
                let value = self.constant(v, &own)?;
                return self.cast(value, &own, t);
            }
            (Val::Of(Ty::Ellipsis), Ty::Ellipsis) => return self.push_value(ods::ellipsis(context, mlir, location)),
            (Val::Of(Ty::Entity(path)), Ty::Entity(_)) => return self.push_value(ods::entity(context, mlir, StringAttribute::new(context, path), location)),
            (Val::Of(Ty::Function(f)), Ty::Function(_)) => return self.push_value(ods::function(context, mlir, FlatSymbolRefAttribute::new(context, f), location)),
            (v, t) => return Err(format!("constant {} cannot become {t}", v.describe())),
        };
        self.push_value(ods::constant(context, mlir, attribute, location))
    }

    fn complex(&mut self, re: Option<&Val>, im: Option<&Val>, d: DType) -> Result<Value<'c, 'e>, Failure> {
        let part = Ty::Scalar(d.part());
        let zero = Val::float(0.0);
        let parts = [self.constant(re.unwrap_or(&zero), &part)?, self.constant(im.unwrap_or(&zero), &part)?];
        let path = StringAttribute::new(self.context, "complex.make");
        self.push_value(ods::builtin(self.context, Ty::Scalar(d).to_mlir(self.context), &parts, path, self.location()))
    }
}
