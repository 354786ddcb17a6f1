//! Compile-time values and options as MLIR attributes.
use super::Literal;
use crate::host::{Class, Member, Options, Value};
use melior::{
    Context,
    ir::{Attribute, Identifier, Type, attribute::{ArrayAttribute, BoolAttribute, FlatSymbolRefAttribute, DenseI64ArrayAttribute, FloatAttribute, IntegerAttribute, StringAttribute, TypeAttribute}},
};
use numbra_abi::{DType, dtype::Kind};
use numbra_dialects::py::{ArrayTy, Ty, types::scalar_type};

/// A dictionary attribute; melior has a constructor for it only under its attribute module.
pub fn dictionary<'c>(context: &'c Context, entries: &[(&str, Attribute<'c>)]) -> Attribute<'c> {
    let entries: Vec<_> = entries.iter().map(|(k, v)| (Identifier::new(context, k), *v)).collect();
    melior::ir::attribute::DictionaryAttribute::new(context, &entries).into()
}

/// Attribute of `py.constant`.
pub fn literal<'c>(context: &'c Context, literal: &Literal) -> Attribute<'c> {
    match literal {
        Literal::None => Attribute::unit(context),
        Literal::Bool(b) => BoolAttribute::new(context, *b).into(),
        Literal::Int(i) => IntegerAttribute::new(Ty::INT.to_mlir(context), *i).into(),
        Literal::UInt(u) => IntegerAttribute::new(scalar_type(context, DType::UInt64), *u as i64).into(),
        Literal::Float(f) => FloatAttribute::new(context, Type::float64(context), *f).into(),
        Literal::Str(s) => StringAttribute::new(context, s).into(),
        Literal::Scalar(dtype, bytes) => scalar(context, *dtype, bytes),
        Literal::Array(ty, shape, data) => array(context, *ty, shape, data),
    }
}

/// The parts of a NumPy scalar; those of a real one are itself and 0.
pub fn parts(dtype: DType, bytes: &[u8; 16]) -> (f64, f64) {
    let [a, b, c, d, e, f, g, h, rest @ ..] = *bytes;
    let [i, j, k, l, m, n, o, p] = rest;
    match dtype {
        DType::Complex64 => (f32::from_le_bytes([a, b, c, d]).into(), f32::from_le_bytes([e, f, g, h]).into()),
        DType::Float32 => (f32::from_le_bytes([a, b, c, d]).into(), 0.0),
        _ => (f64::from_le_bytes([a, b, c, d, e, f, g, h]), f64::from_le_bytes([i, j, k, l, m, n, o, p])),
    }
}

/// The first eight bytes of a NumPy scalar.
pub fn word(bytes: &[u8; 16]) -> i64 {
    let [a, b, c, d, e, f, g, h, ..] = *bytes;
    i64::from_le_bytes([a, b, c, d, e, f, g, h])
}

fn scalar<'c>(context: &'c Context, dtype: DType, bytes: &[u8; 16]) -> Attribute<'c> {
    let word = word(bytes);
    let ty = scalar_type(context, dtype);
    match dtype.kind() {
        Kind::Bool => BoolAttribute::new(context, bytes[0] != 0).into(),
        Kind::Int => {
            let unused = 64 - dtype.bits();
            IntegerAttribute::new(ty, word << unused >> unused).into()
        }
        Kind::UInt => {
            let unused = 64 - dtype.bits();
            IntegerAttribute::new(ty, ((word as u64) << unused >> unused) as i64).into()
        }
        Kind::Float => FloatAttribute::new(context, ty, parts(dtype, bytes).0).into(),
        Kind::DateTime | Kind::TimeDelta => {
            let parts = [StringAttribute::new(context, dtype.name()).into(), IntegerAttribute::new(scalar_type(context, DType::Int64), word).into()];
            dictionary(context, &[("time", ArrayAttribute::new(context, &parts).into())])
        },
        // No scalar of this kind is a constant.
        Kind::Record => Attribute::unit(context),
        Kind::Complex => {
            let (real, imaginary) = parts(dtype, bytes);
            complex(context, dtype, real, imaginary)
        }
    }
}

/// A constant array: its type, lengths, and elements as bytes.
fn array<'c>(context: &'c Context, ty: ArrayTy, shape: &[usize], data: &[u8]) -> Attribute<'c> {
    let shape: Vec<i64> = shape.iter().map(|n| *n as i64).collect();
    let ty = TypeAttribute::new(Ty::Array(ty).to_mlir(context));
    dictionary(context, &[("array", ty.into()), ("bytes", numbra_dialects::bytes::attribute(context, data)), ("shape", DenseI64ArrayAttribute::new(context, &shape).into())])
}

fn complex<'c>(context: &'c Context, dtype: DType, real: f64, imaginary: f64) -> Attribute<'c> {
    let part = scalar_type(context, dtype.part());
    let parts = [real, imaginary].map(|x| FloatAttribute::new(context, part, x).into());
    dictionary(context, &[("complex", ArrayAttribute::new(context, &parts).into())])
}

/// A default of a parameter: plain values as in `py.constant`, tuples as arrays, functions as symbols, and a dictionary of one entry for
/// what has no attribute of its own: `complex = [re, im]`, `entity = "path"`, `unsupported = "type name"` (an error where the default is used).
pub fn default<'c>(context: &'c Context, value: &Value, symbol: &mut dyn FnMut(u64) -> Option<String>) -> Attribute<'c> {
    let text = |key: &str, s: &str| dictionary(context, &[(key, StringAttribute::new(context, s).into())]);
    match value {
        Value::None => Attribute::unit(context),
        Value::Bool(b) => literal(context, &Literal::Bool(*b)),
        Value::Int(i) => literal(context, &Literal::Int(*i)),
        Value::UInt(u) => literal(context, &Literal::UInt(*u)),
        Value::Float(f) => literal(context, &Literal::Float(*f)),
        Value::Str(s) => StringAttribute::new(context, s).into(),
        Value::Scalar(dtype, bytes) => scalar(context, *dtype, bytes),
        Value::Complex(re, im) => complex(context, DType::Complex128, *re, *im),
        Value::Tuple(items) => {
            let items: Vec<_> = items.iter().map(|v| default(context, v, symbol)).collect();
            ArrayAttribute::new(context, &items).into()
        }
        Value::Ellipsis => text("entity", "builtins.Ellipsis"),
        Value::Entity(path) => text("entity", path),
        Value::Function(id) => match symbol(*id) {
            Some(name) => FlatSymbolRefAttribute::new(context, &name).into(),
            None => text("unsupported", "function"),
        },
        Value::Array(ty, shape, data) => array(context, *ty, shape, data),
        Value::Slice(_) => text("unsupported", "slice"),
        Value::Bytes(_) => text("unsupported", "bytes"),
        Value::Module(_) => text("unsupported", "module"),
        Value::ContextManager(_) => text("unsupported", "context manager"),
        Value::Class(class) => text("entity", &class.path),
        Value::Member(class, ..) => text("unsupported", class.path.rsplit(['.', ':']).next().unwrap_or_default()),
        Value::Unsupported(name) => text("unsupported", name),
    }
}

/// Names, values and texts of the members of an enumeration of numbers; `None` where they are not known, or do not have all values.
pub fn members<'c>(context: &'c Context, class: &Class) -> Option<[Attribute<'c>; 3]> {
    let numbers = class.members.iter().all(|m| matches!(m.value, Value::Bool(_) | Value::Int(_) | Value::Float(_)));
    let list = |of: &dyn Fn(&Member) -> Attribute<'c>| ArrayAttribute::new(context, &class.members.iter().map(of).collect::<Vec<_>>()).into();
    let text = |text: &str| StringAttribute::new(context, text).into();
    (numbers && !class.flags && !class.members.is_empty()).then(|| [list(&|m| text(&m.name)), list(&|m| default(context, &m.value, &mut |_| None)), list(&|m| m.text.as_ref().map_or(Attribute::unit(context), |t| text(t)))])
}

/// Stands for the default of a parameter that has none, before parameters that have.
pub fn required(context: &Context) -> Attribute<'_> {
    dictionary(context, &[("required", Attribute::unit(context))])
}

/// Stands for the default of a parameter that is one of the captured values.
pub fn captured(context: &Context, index: usize) -> Attribute<'_> {
    dictionary(context, &[("captured", IntegerAttribute::new(melior::ir::r#type::IntegerType::new(context, 64).into(), index as i64).into())])
}

/// The options that differ from the defaults.
pub fn options<'c>(context: &'c Context, options: &Options) -> Option<Attribute<'c>> {
    let plain = Options::default();
    let string = |s: &str| -> Attribute<'c> { StringAttribute::new(context, s).into() };
    let boolean = |b: bool| -> Attribute<'c> { BoolAttribute::new(context, b).into() };
    let flags: Vec<_> = options.fastmath.iter().map(|f| string(f)).collect();
    let rows = [
        ("boundscheck", options.boundscheck != plain.boundscheck, boolean(options.boundscheck)),
        ("debug", options.debug != plain.debug, boolean(options.debug)),
        ("error_model", options.error_model != plain.error_model, string(&options.error_model)),
        ("fastmath", options.fastmath != plain.fastmath, ArrayAttribute::new(context, &flags).into()),
        ("inline", options.inline != plain.inline, string(&options.inline)),
        ("nogil", options.nogil != plain.nogil, boolean(options.nogil)),
        ("parallel", options.parallel != plain.parallel, boolean(options.parallel)),
        ("rewrite_rules", options.rewrite_rules.is_some(), string(options.rewrite_rules.as_deref().unwrap_or_default())),
    ];
    let changed: Vec<_> = rows.into_iter().filter(|r| r.1).map(|(k, _, v)| (k, v)).collect();
    (!changed.is_empty()).then(|| dictionary(context, &changed))
}
