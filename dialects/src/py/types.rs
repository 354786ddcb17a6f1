//! Types of values as plain Rust data, with their MLIR form.
//!
//! Scalars are MLIR's builtin types (`i1` is bool, `si64`, `ui8`, `f64`, `complex<f64>`), None is `none`, tuples are `tuple<...>`;
//! callables are MLIR's function types; everything else is a type of the `py` dialect.
use crate::ffi;
use melior::{Context, ir::{Type, TypeLike, r#type::{FunctionType, IntegerType, TupleType}}};
use numbra_abi::{DType, RecordId, dtype::Kind, unit::Unit};
use std::{fmt, sync::Arc};

/// Memory layout of an array.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Layout {
    /// Rows contiguous
    C,
    /// Columns contiguous
    F,
    /// Any strides
    A,
}

impl Layout {
    fn text(self) -> &'static str {
        match self {
            Layout::C => "C",
            Layout::F => "F",
            Layout::A => "A",
        }
    }
}

/// Type of an array.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub struct ArrayTy {
    pub dtype: DType,
    pub rank: usize,
    pub layout: Layout,
    pub readonly: bool,
}

impl ArrayTy {
    /// The type of an element.
    pub fn element(&self) -> Ty {
        match self.dtype {
            DType::Record(id) => Ty::Record(RecordTy { id, readonly: self.readonly }),
            d => Ty::Scalar(d),
        }
    }

    /// A writable array.
    pub fn new(dtype: DType, rank: usize, layout: Layout) -> Self {
        Self { dtype, rank, layout, readonly: false }
    }
}

/// Type of a value.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Ty {
    /// Not inferred yet
    Any,
    /// `None`
    None,
    /// Bool, integer, float, complex, point or length of time
    Scalar(DType),
    /// Tuple, by element
    Tuple(Arc<[Ty]>),
    /// NumPy array
    Array(ArrayTy),
    /// `range` of an integer type
    Range(DType),
    /// `slice`; parts that are left out are `None`
    Slice(Arc<[Ty; 3]>),
    /// `enumerate` over an iterable
    Enumerate(Arc<Ty>),
    /// `zip` over iterables
    Zip(Arc<[Ty]>),
    /// Iterator over an iterable
    Iterator(Arc<Ty>),
    /// String known at compile time
    Literal(Arc<str>),
    /// `...`
    Ellipsis,
    /// Library module, class or function by dotted name
    Entity(Arc<str>),
    /// Compiled function by symbol
    Function(Arc<str>),
    /// Exception instance of a builtin class
    Exception(Arc<str>),
    /// List whose elements have one type
    List(Arc<Ty>),
    /// String known at run time
    Str,
    /// One of several types; None comes first
    Union(Arc<[Ty]>),
    /// Compiled function by symbol, and the types of the values that it has captured
    Closure(Arc<str>, Arc<[Ty]>),
    /// Nominal product
    Struct(Arc<StructTy>),
    /// Element of a structured array: a reference to where it is
    Record(RecordTy),
    /// Function of which only the signature is known: where its code is, is known at run time
    Callable(Arc<CallableTy>),
}

/// Signature of a function.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub struct CallableTy {
    pub arguments: Box<[Ty]>,
    pub result: Ty,
}

/// Type of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub struct RecordTy {
    pub id: RecordId,
    pub readonly: bool,
}

// What stands before the layout of a record that cannot be written.
const READONLY: &str = "readonly ";

/// A class with named fields: its dotted path, and the name and type of each field.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub struct StructTy {
    pub path: Arc<str>,
    pub names: Box<[Arc<str>]>,
    pub types: Box<[Ty]>,
}

impl StructTy {
    /// The position of a field.
    pub fn field(&self, name: &str) -> Option<usize> {
        self.names.iter().position(|n| &**n == name)
    }
}

// The same order as `Kind` in cpp/PyCApi.cpp.
const ANY: i32 = 1;
const ARRAY: i32 = 2;
const RANGE: i32 = 3;
const SLICE: i32 = 4;
const ENUMERATE: i32 = 5;
const ZIP: i32 = 6;
const ITERATOR: i32 = 7;
const LITERAL: i32 = 8;
const ELLIPSIS: i32 = 9;
const ENTITY: i32 = 10;
const FUNCTION: i32 = 11;
const EXCEPTION: i32 = 12;
const LIST: i32 = 13;
const STR: i32 = 14;
const UNION: i32 = 15;
const CLOSURE: i32 = 16;
const STRUCT: i32 = 17;
const DATETIME: i32 = 18;
const TIMEDELTA: i32 = 19;
const RECORD: i32 = 20;

/// The MLIR type of a scalar.
pub fn scalar_type(context: &Context, dtype: DType) -> Type<'_> {
    match dtype.kind() {
        Kind::Bool => IntegerType::new(context, 1).into(),
        Kind::Int => IntegerType::signed(context, dtype.bits() as u32).into(),
        Kind::UInt => IntegerType::unsigned(context, dtype.bits() as u32).into(),
        Kind::Float if dtype == DType::Float32 => Type::float32(context),
        Kind::Float => Type::float64(context),
        // SAFETY: the part is a float type of this context.
        Kind::Complex => unsafe { Type::from_raw(mlir_sys::mlirComplexTypeGet(scalar_type(context, dtype.part()).to_raw())) },
        // SAFETY: the kind carries text, which is copied.
        Kind::Record => unsafe { Type::from_raw(ffi::nbPyTextTypeGet(context.to_raw(), RECORD, ffi::string_ref(dtype.name()))) },
        Kind::DateTime | Kind::TimeDelta => {
            let kind = if dtype.kind() == Kind::DateTime { DATETIME } else { TIMEDELTA };
            let unit = dtype.unit().map_or("generic", Unit::name);
            // SAFETY: both kinds carry text, which is copied.
            unsafe { Type::from_raw(ffi::nbPyTextTypeGet(context.to_raw(), kind, ffi::string_ref(unit))) }
        }
    }
}

/// The time type that an MLIR type stands for.
fn time_of(t: Type) -> Option<DType> {
    let raw = t.to_raw();
    // SAFETY: the type is alive.
    let make = match unsafe { ffi::nbPyTypeKind(raw) } {
        DATETIME => DType::DateTime,
        TIMEDELTA => DType::TimeDelta,
        _ => return None,
    };
    // SAFETY: the type is alive and owns the text, which is read at once.
    Unit::from_name(unsafe { crate::text::characters(ffi::nbPyTypeText(raw)) }).map(make)
}

/// The scalar that an MLIR type stands for.
pub fn scalar_of(t: Type) -> Option<DType> {
    if let Ok(i) = IntegerType::try_from(t) {
        let size = i.width() as usize / 8;
        return match (i.width(), i.is_signed(), i.is_unsigned()) {
            (1, false, false) => Some(DType::Bool),
            (_, true, _) => DType::from_kind(Kind::Int, size),
            (_, _, true) => DType::from_kind(Kind::UInt, size),
            _ => None,
        };
    }
    if t.is_f32() {
        return Some(DType::Float32);
    }
    if t.is_f64() {
        return Some(DType::Float64);
    }
    // SAFETY: the type is alive, and its element is only asked for when it is complex.
    let part = unsafe { mlir_sys::mlirTypeIsAComplex(t.to_raw()).then(|| Type::from_raw(mlir_sys::mlirComplexTypeGetElementType(t.to_raw()))) };
    let Some(part) = part else { return time_of(t) };
    match scalar_of(part)? {
        DType::Float32 => Some(DType::Complex64),
        DType::Float64 => Some(DType::Complex128),
        _ => None,
    }
}

impl Ty {
    /// `int64`, Python's int.
    pub const INT: Ty = Ty::Scalar(DType::Int64);
    /// `float64`, Python's float.
    pub const FLOAT: Ty = Ty::Scalar(DType::Float64);
    /// `bool`.
    pub const BOOL: Ty = Ty::Scalar(DType::Bool);

    /// A tuple.
    pub fn tuple(elements: impl IntoIterator<Item = Ty>) -> Ty {
        Ty::Tuple(elements.into_iter().collect())
    }

    /// The scalar type, if it is one.
    pub fn scalar(&self) -> Option<DType> {
        match self {
            Ty::Scalar(d) => Some(*d),
            _ => None,
        }
    }

    /// The array type, if it is one.
    pub fn array(&self) -> Option<ArrayTy> {
        match self {
            Ty::Array(a) => Some(*a),
            _ => None,
        }
    }

    /// The parts of a product: elements of a tuple, values that a closure has captured, fields.
    pub fn parts(&self) -> Option<&[Ty]> {
        match self {
            Ty::Tuple(p) | Ty::Zip(p) | Ty::Closure(_, p) => Some(p),
            Ty::Slice(p) => Some(&p[..]),
            Ty::Struct(s) => Some(&s.types),
            _ => None,
        }
    }

    /// The MLIR form.
    pub fn to_mlir<'c>(&self, context: &'c Context) -> Type<'c> {
        let c = context.to_raw();
        let nested = |kind, parts: &[&Ty]| {
            let raw: Vec<_> = parts.iter().map(|p| p.to_mlir(context).to_raw()).collect();
            // SAFETY: the shim gets as many parts as the kind has; the array lives through the call.
            unsafe { Type::from_raw(ffi::nbPyNestedTypeGet(c, kind, raw.len() as isize, raw.as_ptr())) }
        };
        // SAFETY: `kind` is one that carries text; the text is copied.
        let text = |kind, s: &str| unsafe { Type::from_raw(ffi::nbPyTextTypeGet(c, kind, ffi::string_ref(s))) };
        let named = |kind, s: &str, parts: &mut dyn Iterator<Item = &Ty>| {
            let raw: Vec<_> = parts.map(|p| p.to_mlir(context).to_raw()).collect();
            // SAFETY: text and array live through the call, which copies them.
            unsafe { Type::from_raw(ffi::nbPyNamedTypeGet(c, kind, ffi::string_ref(s), raw.len() as isize, raw.as_ptr())) }
        };
        // SAFETY: `kind` is one without parameters.
        let plain = |kind| unsafe { Type::from_raw(ffi::nbPyPlainTypeGet(c, kind)) };
        match self {
            Ty::Any => plain(ANY),
            Ty::None => Type::none(context),
            Ty::Scalar(d) => scalar_type(context, *d),
            Ty::Tuple(e) => TupleType::new(context, &e.iter().map(|t| t.to_mlir(context)).collect::<Vec<_>>()).into(),
            // SAFETY: dtype, rank and layout are valid by construction, so the verified constructor does not return null.
            Ty::Array(a) => unsafe { Type::from_raw(ffi::nbPyArrayTypeGet(scalar_type(context, a.dtype).to_raw(), a.rank as i64, ffi::string_ref(a.layout.text()), a.readonly)) },
            Ty::Range(d) => nested(RANGE, &[&Ty::Scalar(*d)]),
            Ty::Slice(p) => nested(SLICE, &[&p[0], &p[1], &p[2]]),
            Ty::Enumerate(t) => nested(ENUMERATE, &[t]),
            Ty::Iterator(t) => nested(ITERATOR, &[t]),
            Ty::Zip(p) => nested(ZIP, &p.iter().collect::<Vec<_>>()),
            Ty::Literal(s) => text(LITERAL, s),
            Ty::Ellipsis => plain(ELLIPSIS),
            Ty::Entity(s) => text(ENTITY, s),
            Ty::Function(s) => text(FUNCTION, s),
            Ty::Exception(s) => text(EXCEPTION, s),
            Ty::List(t) => nested(LIST, &[t]),
            Ty::Str => plain(STR),
            Ty::Union(p) => nested(UNION, &p.iter().collect::<Vec<_>>()),
            Ty::Closure(s, captures) => named(CLOSURE, s, &mut captures.iter()),
            Ty::Record(r) => text(RECORD, &format!("{}{}", if r.readonly { READONLY } else { "" }, DType::Record(r.id).name())),
            Ty::Callable(s) => {
                let arguments: Vec<_> = s.arguments.iter().map(|t| t.to_mlir(context)).collect();
                FunctionType::new(context, &arguments, &[s.result.to_mlir(context)]).into()
            }
            Ty::Struct(s) => named(STRUCT, &format!("{}:{}", s.path, s.names.join(",")), &mut s.types.iter()),
        }
    }

    /// From the MLIR form; `None` for types that no `py` value has.
    pub fn from_mlir(t: Type) -> Option<Ty> {
        if let Some(d) = scalar_of(t) {
            return Some(Ty::Scalar(d));
        }
        if t.is_none() {
            return Some(Ty::None);
        }
        if let Ok(tuple) = TupleType::try_from(t) {
            return (0..tuple.type_count()).map(|i| Ty::from_mlir(tuple.r#type(i).ok()?)).collect::<Option<Vec<_>>>().map(Ty::tuple);
        }
        if let Ok(f) = FunctionType::try_from(t) {
            let arguments = (0..f.input_count()).map(|i| Ty::from_mlir(f.input(i).ok()?)).collect::<Option<_>>()?;
            return Some(Ty::Callable(Arc::new(CallableTy { arguments, result: Ty::from_mlir(f.result(0).ok()?)? })));
        }
        let raw = t.to_raw();
        let part = |i| {
            // SAFETY: the type is alive; past the last part the shim returns null.
            let p = unsafe { ffi::nbPyTypePart(raw, i) };
            // SAFETY: not null, so it is a type of the same context.
            (!p.ptr.is_null()).then(|| Ty::from_mlir(unsafe { Type::from_raw(p) })).flatten()
        };
        // SAFETY: the type is alive and owns the text, which is copied at once.
        let text = || -> Arc<str> { unsafe { crate::text::characters(ffi::nbPyTypeText(raw)) }.into() };
        // SAFETY: the type is alive.
        match unsafe { ffi::nbPyTypeKind(raw) } {
            ANY => Some(Ty::Any),
            ARRAY => {
                let layout = match &*text() {
                    "C" => Layout::C,
                    "F" => Layout::F,
                    _ => Layout::A,
                };
                // SAFETY: it is an array type.
                let (rank, readonly) = unsafe { (ffi::nbPyArrayTypeRank(raw), ffi::nbPyArrayTypeReadonly(raw)) };
                let dtype = match part(0)? {
                    Ty::Scalar(d) => d,
                    Ty::Record(r) => DType::Record(r.id),
                    _ => return None,
                };
                Some(Ty::Array(ArrayTy { dtype, rank: rank as usize, layout, readonly }))
            }
            RANGE => Some(Ty::Range(part(0)?.scalar()?)),
            SLICE => Some(Ty::Slice(Arc::new([part(0)?, part(1)?, part(2)?]))),
            ENUMERATE => Some(Ty::Enumerate(Arc::new(part(0)?))),
            ZIP => Some(Ty::Zip((0..).map_while(part).collect())),
            ITERATOR => Some(Ty::Iterator(Arc::new(part(0)?))),
            LITERAL => Some(Ty::Literal(text())),
            ELLIPSIS => Some(Ty::Ellipsis),
            ENTITY => Some(Ty::Entity(text())),
            FUNCTION => Some(Ty::Function(text())),
            EXCEPTION => Some(Ty::Exception(text())),
            LIST => Some(Ty::List(Arc::new(part(0)?))),
            STR => Some(Ty::Str),
            UNION => Some(Ty::Union((0..).map_while(part).collect())),
            CLOSURE => Some(Ty::Closure(text(), (0..).map_while(part).collect())),
            RECORD => {
                let text = text();
                let (readonly, layout) = text.strip_prefix(READONLY).map_or((false, &*text), |layout| (true, layout));
                Some(Ty::Record(RecordTy { id: RecordId::parse(layout)?, readonly }))
            }
            STRUCT => {
                let text = text();
                let (path, names) = text.rsplit_once(':')?;
                let names = names.split(',').filter(|n| !n.is_empty()).map(Into::into).collect();
                Some(Ty::Struct(Arc::new(StructTy { path: path.into(), names, types: (0..).map_while(part).collect() })))
            }
            _ => None,
        }
    }
}

/// As diagnostics and `inspect_types` show it: numba's spelling (`array(float64, 2d, C)`).
impl fmt::Display for Ty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |f: &mut fmt::Formatter<'_>, items: &[Ty]| items.iter().enumerate().try_for_each(|(i, t)| write!(f, "{}{t}", if i > 0 { ", " } else { "" }));
        match self {
            Ty::Any => f.write_str("any"),
            Ty::None => f.write_str("none"),
            Ty::Scalar(d) => f.write_str(d.name()),
            Ty::Tuple(e) => {
                f.write_str("Tuple(")?;
                list(f, e)?;
                f.write_str(")")
            }
            Ty::Array(a) => write!(f, "{}array({}, {}d, {})", if a.readonly { "readonly " } else { "" }, a.dtype.name(), a.rank, a.layout.text()),
            Ty::Range(d) => write!(f, "range({})", d.name()),
            Ty::Slice(_) => f.write_str("slice"),
            Ty::Enumerate(t) => write!(f, "enumerate({t})"),
            Ty::Zip(p) => {
                f.write_str("zip(")?;
                list(f, p)?;
                f.write_str(")")
            }
            Ty::Iterator(t) => write!(f, "iterator of {t}"),
            Ty::Literal(s) => write!(f, "literal string {s:?}"),
            Ty::Ellipsis => f.write_str("ellipsis"),
            Ty::Entity(s) => write!(f, "`{s}`"),
            Ty::Function(s) => write!(f, "function `{s}`"),
            Ty::Exception(s) => f.write_str(s),
            Ty::List(t) => write!(f, "list({t})"),
            Ty::Str => f.write_str("unicode_type"),
            Ty::Union(p) => match &p[..] {
                [Ty::None, t] => write!(f, "Optional({t})"),
                _ => {
                    f.write_str("Union(")?;
                    list(f, p)?;
                    f.write_str(")")
                }
            },
            Ty::Record(r) => write!(f, "{}{}", if r.readonly { READONLY } else { "" }, DType::Record(r.id).name()),
            Ty::Closure(s, _) => write!(f, "function `{s}`"),
            Ty::Callable(s) => {
                write!(f, "FunctionType({}(", s.result)?;
                list(f, &s.arguments)?;
                f.write_str("))")
            }
            Ty::Struct(s) => {
                write!(f, "{}(", s.path.rsplit('.').next().unwrap_or(&s.path))?;
                s.names.iter().zip(&s.types).enumerate().try_for_each(|(i, (n, t))| write!(f, "{}{n}: {t}", if i > 0 { ", " } else { "" }))?;
                f.write_str(")")
            }
        }
    }
}
