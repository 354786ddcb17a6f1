//! An untyped function as plain data: read once, then interpreted for every combination of argument types.
use super::val::Val;
use crate::refusal;
use melior::ir::{
    Attribute, AttributeLike, BlockLike, Location, OperationRef, RegionLike, TypeLike, Value, ValueLike,
    attribute::{ArrayAttribute, DictionaryAttribute, FlatSymbolRefAttribute, FloatAttribute, IntegerAttribute, StringAttribute, TypeAttribute},
    operation::OperationLike,
    r#type::FunctionType,
};
use numbra_abi::DType;
use numbra_dialects::{Code, Diagnostic, Span, py::{BinaryKind, CompareKind, PyOp, Ty, UnaryKind, types::scalar_of}};
use std::{collections::HashMap, sync::Arc};

/// Number of a value in its function.
pub type ValueId = usize;

/// A constant: its abstract value, and its type where that is not the value's own.
#[derive(Clone, Debug)]
pub struct Constant {
    /// Literal, or a complex number as tuple of two
    pub val: Val,
    /// NumPy scalar type, complex, or a tuple with such elements
    pub own: Option<Ty>,
}

impl Constant {
    /// Its type.
    pub fn ty(&self) -> Ty {
        self.own.clone().unwrap_or_else(|| self.val.ty())
    }
}

/// The default of a parameter.
#[derive(Clone, Debug)]
pub enum Default {
    /// None: the parameter is required
    Required,
    /// A constant
    Value(Constant),
    /// One of the captured values
    Captured(usize),
}

/// A class of the program: its path, fields, and the defaults of the last of them.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct Class {
    pub path: String,
    pub fields: Vec<String>,
    pub defaults: Vec<Constant>,
    /// The members of an enumeration
    pub members: Vec<Member>,
}

/// A member of an enumeration.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct Member {
    pub name: String,
    pub value: Constant,
    /// What `str` shows, where that is known
    pub text: Option<String>,
}

/// What an op does.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub enum OpKind {
    Constant(Constant),
    /// What is an error if control reaches it
    Refused(Arc<Diagnostic>),
    Known(Val),
    /// A constant array
    Data(Ty),
    Unbound(String),
    CheckBound(String),
    Tuple,
    List,
    /// `*value` in a call or display
    Star,
    /// A value where a condition holds, or does not
    Narrow(bool),
    /// A function of this module with captured values
    Closure(String),
    /// Which result takes what the others leave
    Unpack(Option<usize>),
    Slice,
    Unary(UnaryKind),
    /// Operator, and whether it is augmented assignment
    Binary(BinaryKind, bool),
    Compare(CompareKind),
    Truth,
    GetAttr(String),
    GetItem,
    SetItem,
    SetAttr(String),
    Call(Vec<String>),
    Iter,
    Next,
    Return,
    Raise,
    Br(usize),
    /// Targets, and how many operands after the condition go to the first
    CondBr(usize, usize, usize),
}

/// An op.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct Op<'c> {
    pub kind: OpKind,
    pub operands: Vec<ValueId>,
    pub results: Vec<ValueId>,
    /// Elements of a constant array
    pub data: Option<Attribute<'c>>,
    pub location: Location<'c>,
}

/// Where a value is defined.
#[derive(Clone, Copy, Debug)]
pub enum Def {
    /// Argument of a block, by position
    Argument(usize, usize),
    /// Result of the op at a position of a block
    Result(usize, usize, usize),
}

/// A block: arguments and ops.
#[derive(Clone, Debug, Default)]
#[allow(missing_docs)]
pub struct Block<'c> {
    pub arguments: Vec<ValueId>,
    pub ops: Vec<Op<'c>>,
}

/// A version that is asked for.
#[derive(Clone, Debug)]
pub struct Request {
    /// Types of the arguments
    pub arguments: Vec<Ty>,
    /// The type that the result is to be converted to
    pub result: Option<Ty>,
}

/// A function.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct Source<'c> {
    pub symbol: String,
    pub arg_names: Vec<String>,
    /// How many of the first parameters are captured values; the counts below leave them out
    pub captures: usize,
    /// Defaults of the last parameters before `*args` and `**kwargs`
    pub defaults: Vec<Default>,
    /// How many parameters take positions only
    pub positional_only: usize,
    /// How many parameters take positions
    pub positional: usize,
    /// Parameters whose values, where known at compile time, make versions of their own
    pub statics: Vec<usize>,
    /// It comes with the compiler: what it refuses is the fault of its caller
    pub library: bool,
    /// The last parameter, but for the next, is `*args`
    pub variable_positional: bool,
    /// The last parameter is `**kwargs`
    pub variable_keywords: bool,
    pub requests: Vec<Request>,
    /// Classes of the program that it names
    pub classes: Vec<Class>,
    pub py_name: Option<StringAttribute<'c>>,
    pub options: Option<Attribute<'c>>,
    pub arg_names_attribute: ArrayAttribute<'c>,
    pub location: Location<'c>,
    pub blocks: Vec<Block<'c>>,
    pub definitions: Vec<(Def, Location<'c>)>,
    /// Blocks that use a value
    pub users: Vec<Vec<usize>>,
}

impl<'c> Source<'c> {
    /// The Python name.
    pub fn name(&self) -> &str {
        self.py_name.map_or(self.symbol.as_str(), |n| n.value())
    }

    /// How many of the last parameters are `*args` and `**kwargs`.
    pub fn variadic(&self) -> usize {
        usize::from(self.variable_positional) + usize::from(self.variable_keywords)
    }

    /// The op that defines a value.
    pub fn definition(&self, value: ValueId) -> Option<&Op<'c>> {
        match self.definitions[value].0 {
            Def::Result(block, op, _) => Some(&self.blocks[block].ops[op]),
            Def::Argument(..) => None,
        }
    }

    /// Reads an untyped `py.func`.
    pub fn read(op: OperationRef<'c, '_>) -> Result<Self, Diagnostic> {
        let broken = |what: &str| Diagnostic::error(Code::NB0900, Span::of(op.location()), format!("malformed py.func: {what}"));
        let symbol = text(&op, "sym_name").ok_or_else(|| broken("no symbol"))?;
        let arg_names_attribute = op.attribute("arg_names").ok().and_then(|a| ArrayAttribute::try_from(a).ok()).ok_or_else(|| broken("no arg_names"))?;
        let names = |a: ArrayAttribute<'c>| (0..a.len()).filter_map(|i| Some(StringAttribute::try_from(a.element(i).ok()?).ok()?.value().to_string())).collect::<Vec<_>>();
        let list = |name| op.attribute(name).ok().and_then(|a| ArrayAttribute::try_from(a).ok()).into_iter().flat_map(|a| (0..a.len()).filter_map(move |i| a.element(i).ok()));
        let requests = list("py.specialize").map(|a| request(a).ok_or_else(|| broken("py.specialize"))).collect::<Result<_, _>>()?;
        let mut source = Source {
            library: symbol.starts_with(crate::library::ROOT),
            symbol,
            arg_names: names(arg_names_attribute),
            defaults: list("defaults").map(|a| default(a).ok_or_else(|| broken("default"))).collect::<Result<_, _>>()?,
            captures: count(&op, "py.captures"),
            variable_positional: op.has_attribute("py.variable_positional"),
            variable_keywords: op.has_attribute("py.variable_keywords"),
            positional_only: count(&op, "py.positional_only"),
            statics: list("py.static").filter_map(|a| IntegerAttribute::try_from(a).ok()).map(|i| i.value() as usize).collect(),
            positional: 0,
            requests,
            classes: list("py.enumerations").filter_map(enumeration).collect(),
            py_name: op.attribute("py_name").ok().and_then(|a| StringAttribute::try_from(a).ok()),
            options: op.attribute("options").ok(),
            arg_names_attribute,
            location: op.location(),
            blocks: vec![],
            definitions: vec![],
            users: vec![],
        };
        let others = source.captures + source.variadic() + count(&op, "py.keyword_only");
        source.positional = source.arg_names.len().checked_sub(others).ok_or_else(|| broken("more kinds of parameters than parameters"))?;
        let region = op.region(0).map_err(|_| broken("no body"))?;
        let mut numbers: HashMap<usize, usize> = HashMap::new();
        let mut values: HashMap<usize, ValueId> = HashMap::new();
        let mut define = |v: Value<'c, '_>, def, location, definitions: &mut Vec<_>| {
            values.insert(v.to_raw().ptr as usize, definitions.len());
            definitions.push((def, location));
            definitions.len() - 1
        };
        // Definitions first: a use may stand before its definition in the text.
        let mut next = region.first_block();
        while let Some(block) = next {
            let b = numbers.len();
            numbers.insert(block.to_raw().ptr as usize, b);
            let mut read = Block::default();
            for i in 0..block.argument_count() {
                let argument: Value = block.argument(i).map_err(|_| broken("block argument"))?.into();
                read.arguments.push(define(argument, Def::Argument(b, i), argument.location(), &mut source.definitions));
            }
            let mut op = block.first_operation();
            while let Some(o) = op {
                let results = o.results().enumerate().map(|(i, r)| define(r.into(), Def::Result(b, read.ops.len(), i), o.location(), &mut source.definitions)).collect();
                read.ops.push(Op { kind: OpKind::Return, operands: vec![], results, data: None, location: o.location() });
                op = o.next_in_block();
            }
            source.blocks.push(read);
            next = block.next_in_region();
        }
        let mut next = region.first_block();
        let mut b = 0;
        while let Some(block) = next {
            let mut op = block.first_operation();
            let mut i = 0;
            while let Some(o) = op {
                let kind = kind(&o, &numbers).ok_or_else(|| broken(&format!("unexpected {}", o.name().as_string_ref().as_str().unwrap_or("op"))))?;
                let target = &mut source.blocks[b].ops[i];
                target.data = o.attribute("value").ok().filter(|_| matches!(kind, OpKind::Data(_)));
                target.kind = kind;
                source.classes.extend(class(&o));
                target.operands = o.operands().map(|v| values.get(&(v.to_raw().ptr as usize)).copied()).collect::<Option<_>>().ok_or_else(|| broken("operand"))?;
                op = o.next_in_block();
                i += 1;
            }
            next = block.next_in_region();
            b += 1;
        }
        source.users = vec![vec![]; source.definitions.len()];
        for (b, block) in source.blocks.iter().enumerate() {
            for &v in block.ops.iter().flat_map(|o| &o.operands) {
                if source.users[v].last() != Some(&b) {
                    source.users[v].push(b);
                }
            }
        }
        if source.blocks.is_empty() || source.blocks[0].arguments.len() != source.arg_names.len() {
            return Err(broken("parameters and arg_names differ"));
        }
        Ok(source)
    }
}

fn kind(op: &OperationRef<'_, '_>, numbers: &HashMap<usize, usize>) -> Option<OpKind> {
    let successor = |i| -> Option<(usize, usize)> {
        let block = op.successor(i).ok()?;
        Some((*numbers.get(&(block.to_raw().ptr as usize))?, block.argument_count()))
    };
    Some(match PyOp::of(op) {
        PyOp::Constant if array_type(op).is_some() => OpKind::Data(array_type(op)?),
        PyOp::Constant if let Some(refused) = op.attribute("value").ok().and_then(refusal::of) => OpKind::Refused(Arc::new(refused)),
        PyOp::Constant => OpKind::Constant(constant(op.attribute("value").ok()?)?),
        PyOp::Ellipsis => OpKind::Known(Val::Of(Ty::Ellipsis)),
        PyOp::Entity => OpKind::Known(Val::Of(Ty::Entity(text(op, "path")?.into()))),
        PyOp::FunctionRef => OpKind::Known(Val::Of(Ty::Function(FlatSymbolRefAttribute::try_from(op.attribute("callee").ok()?).ok()?.value().into()))),
        PyOp::Unbound => OpKind::Unbound(text(op, "variable")?),
        PyOp::CheckBound => OpKind::CheckBound(text(op, "variable")?),
        PyOp::Tuple => OpKind::Tuple,
        PyOp::List => OpKind::List,
        PyOp::Star => OpKind::Star,
        PyOp::Narrow => OpKind::Narrow(op.attribute("expected").ok()?.to_string() == "true"),
        PyOp::Closure => OpKind::Closure(FlatSymbolRefAttribute::try_from(op.attribute("callee").ok()?).ok()?.value().into()),
        PyOp::Unpack => OpKind::Unpack(op.attribute("starred").ok().and_then(|a| IntegerAttribute::try_from(a).ok()).and_then(|i| usize::try_from(i.value()).ok())),
        PyOp::Slice => OpKind::Slice,
        PyOp::Unary => OpKind::Unary(UnaryKind::of(op.attribute("kind").ok()?)?),
        PyOp::Binary => OpKind::Binary(BinaryKind::of(op.attribute("kind").ok()?)?, op.attribute("inplace").is_ok()),
        PyOp::Compare => OpKind::Compare(CompareKind::of(op.attribute("kind").ok()?)?),
        PyOp::Truth => OpKind::Truth,
        PyOp::GetAttr => OpKind::GetAttr(text(op, "attribute")?),
        PyOp::GetItem => OpKind::GetItem,
        PyOp::SetItem => OpKind::SetItem,
        PyOp::SetAttr => OpKind::SetAttr(text(op, "attribute")?),
        PyOp::Call => {
            let keywords = op.attribute("keywords").ok().and_then(|a| ArrayAttribute::try_from(a).ok());
            let keywords = keywords.into_iter().flat_map(|a| (0..a.len()).filter_map(move |i| Some(StringAttribute::try_from(a.element(i).ok()?).ok()?.value().to_string())));
            OpKind::Call(keywords.collect())
        }
        PyOp::Iter => OpKind::Iter,
        PyOp::Next => OpKind::Next,
        PyOp::Return => OpKind::Return,
        PyOp::Raise => OpKind::Raise,
        PyOp::Br => OpKind::Br(successor(0)?.0),
        PyOp::CondBr => {
            let ((t, count), (f, _)) = (successor(0)?, successor(1)?);
            OpKind::CondBr(t, f, count)
        }
        _ => return None,
    })
}

/// The type of a constant array.
fn array_type(op: &OperationRef<'_, '_>) -> Option<Ty> {
    let dictionary = DictionaryAttribute::try_from(op.attribute("value").ok()?).ok()?;
    Ty::from_mlir(TypeAttribute::try_from(dictionary.element_by_name("array")?).ok()?.value())
}

/// The class that a `py.entity` names, if it is one of the program.
fn class(op: &OperationRef<'_, '_>) -> Option<Class> {
    let list = |name| op.attribute(name).ok().and_then(|a| ArrayAttribute::try_from(a).ok()).map(|a| (0..a.len()).filter_map(|i| a.element(i).ok()).collect::<Vec<_>>());
    let fields = list("py.fields")?.into_iter().filter_map(|a| Some(StringAttribute::try_from(a).ok()?.value().to_string())).collect();
    let defaults = list("py.defaults").unwrap_or_default().into_iter().map(constant).collect::<Option<_>>()?;
    let members = match list("py.members").as_deref() {
        Some([names, values, texts]) => members([*names, *values, *texts]).unwrap_or_default(),
        _ => vec![],
    };
    Some(Class { path: text(op, "path")?, fields, defaults, members })
}

/// The elements of an array attribute.
pub(crate) fn elements<'c>(attribute: Attribute<'c>) -> Option<Vec<Attribute<'c>>> {
    let list = ArrayAttribute::try_from(attribute).ok()?;
    (0..list.len()).map(|i| list.element(i).ok()).collect()
}

/// The characters of a string attribute.
pub(crate) fn characters(attribute: Attribute) -> Option<String> {
    Some(numbra_dialects::text(StringAttribute::try_from(attribute).ok()?).to_string())
}

fn members([names, values, texts]: [Attribute; 3]) -> Option<Vec<Member>> {
    let all = elements(names)?.into_iter().zip(elements(values)?).zip(elements(texts)?);
    all.map(|((n, v), t)| Some(Member { name: characters(n)?, value: constant(v)?, text: characters(t) })).collect()
}

/// The classes of `py.enumerations`.
fn enumeration(attribute: Attribute) -> Option<Class> {
    let parts = elements(attribute)?;
    let [path, names, values, texts] = parts[..] else { return None };
    let path = StringAttribute::try_from(path).ok()?.value().to_string();
    Some(Class { path, fields: vec!["value".into()], defaults: vec![], members: members([names, values, texts])? })
}

fn text(op: &OperationRef<'_, '_>, name: &str) -> Option<String> {
    Some(StringAttribute::try_from(op.attribute(name).ok()?).ok()?.value().to_string())
}

fn count(op: &OperationRef<'_, '_>, name: &str) -> usize {
    op.attribute(name).ok().and_then(|a| IntegerAttribute::try_from(a).ok()).map_or(0, |i| usize::try_from(i.value()).unwrap_or(0))
}

/// A default; `{required}` says that the parameter has none, `{captured = k}` that it is a captured value.
fn default(attribute: Attribute) -> Option<Default> {
    if let Ok(d) = DictionaryAttribute::try_from(attribute) {
        if d.element_by_name("required").is_some() {
            return Some(Default::Required);
        }
        if let Some(k) = d.element_by_name("captured") {
            return Some(Default::Captured(usize::try_from(IntegerAttribute::try_from(k).ok()?.value()).ok()?));
        }
    }
    constant(attribute).map(Default::Value)
}

fn request(attribute: Attribute) -> Option<Request> {
    let function = FunctionType::try_from(TypeAttribute::try_from(attribute).ok()?.value()).ok()?;
    let arguments = (0..function.input_count()).map(|i| Ty::from_mlir(function.input(i).ok()?)).collect::<Option<_>>()?;
    Some(Request { arguments, result: function.result(0).ok().and_then(Ty::from_mlir) })
}

/// A constant attribute: bool, 64-bit integer and float are Python's, other widths NumPy's, an array is a tuple, a dictionary of one entry
/// a complex number, a library object or a value that cannot be compiled.
fn constant(attribute: Attribute) -> Option<Constant> {
    let python = |val| Some(Constant { val, own: None });
    if attribute.is_unit() {
        return python(Val::NONE);
    }
    if let Ok(i) = IntegerAttribute::try_from(attribute) {
        let dtype = scalar_of(AttributeLike::r#type(&attribute));
        let (value, dtype) = match dtype {
            Some(DType::Bool) => return python(Val::Bool(attribute.to_string() == "true")),
            Some(d) if d.is_signed() => (i.signed_value(), Some(d).filter(|d| *d != DType::Int64)),
            Some(d) => (i.unsigned_value() as i64, Some(d)),
            None => (i.value(), None),
        };
        return Some(Constant { val: Val::Int(value), own: dtype.map(Ty::Scalar) });
    }
    if let Ok(x) = FloatAttribute::try_from(attribute) {
        let single = AttributeLike::r#type(&attribute).is_f32();
        return Some(Constant { val: Val::float(x.value()), own: single.then_some(Ty::Scalar(DType::Float32)) });
    }
    if let Ok(s) = StringAttribute::try_from(attribute) {
        return python(Val::string(numbra_dialects::text(s)));
    }
    if let Ok(f) = FlatSymbolRefAttribute::try_from(attribute) {
        return python(Val::Of(Ty::Function(f.value().into())));
    }
    if let Ok(dictionary) = DictionaryAttribute::try_from(attribute) {
        if let Some(path) = dictionary.element_by_name("entity").and_then(|a| StringAttribute::try_from(a).ok()) {
            return python(Val::Of(if path.value() == "builtins.Ellipsis" { Ty::Ellipsis } else { Ty::Entity(path.value().into()) }));
        }
        if let Some(name) = dictionary.element_by_name("unsupported").and_then(|a| StringAttribute::try_from(a).ok()) {
            return python(Val::Unsupported(name.value().into()));
        }
        if let Some(parts) = dictionary.element_by_name("time").and_then(|a| ArrayAttribute::try_from(a).ok()) {
            let name = StringAttribute::try_from(parts.element(0).ok()?).ok()?;
            return Some(Constant { val: constant(parts.element(1).ok()?)?.val, own: DType::from_name(name.value()).map(Ty::Scalar) });
        }
        let parts = dictionary.element_by_name("complex").and_then(constant)?;
        let single = dictionary.element_by_name("complex").and_then(|a| ArrayAttribute::try_from(a).ok()?.element(0).ok()).is_some_and(|a| AttributeLike::r#type(&a).is_f32());
        return Some(Constant { val: parts.val, own: Some(Ty::Scalar(if single { DType::Complex64 } else { DType::Complex128 })) });
    }
    let array = ArrayAttribute::try_from(attribute).ok()?;
    let elements = (0..array.len()).map(|i| constant(array.element(i).ok()?)).collect::<Option<Vec<Constant>>>()?;
    let own = elements.iter().any(|c| c.own.is_some()).then(|| Ty::tuple(elements.iter().map(Constant::ty)));
    Some(Constant { val: Val::Tuple(elements.into_iter().map(|c| c.val).collect()), own })
}
