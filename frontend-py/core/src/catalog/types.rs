//! Scalar types as functions: conversions, and as `dtype` arguments.
use super::{Arg, Call, Row, row};
use crate::infer::{
    comparison::truth,
    expr::{Expr, Typing, folded, scalar},
    objects::{attribute::dtype_entity, strings::{constant, is_string, string}},
    problem::Problem,
    val::{Val, fits},
};
use crate::suggest::nearest;
use numbra_abi::{DType, unit::Unit};
use numbra_dialects::{Code, py::Ty};

/// Scalar type objects, by path.
const TYPES: &[(&str, DType)] = &[
    ("builtins.bool", DType::Bool),
    ("builtins.complex", DType::Complex128),
    ("builtins.float", DType::Float64),
    ("builtins.int", DType::Int64),
    ("numpy.bool", DType::Bool),
    ("numpy.bool_", DType::Bool),
    ("numpy.byte", DType::Int8),
    ("numpy.cdouble", DType::Complex128),
    ("numpy.complex128", DType::Complex128),
    ("numpy.complex64", DType::Complex64),
    ("numpy.csingle", DType::Complex64),
    ("numpy.double", DType::Float64),
    ("numpy.float32", DType::Float32),
    ("numpy.float64", DType::Float64),
    ("numpy.int16", DType::Int16),
    ("numpy.int32", DType::Int32),
    ("numpy.int64", DType::Int64),
    ("numpy.int8", DType::Int8),
    ("numpy.int_", DType::Int64),
    ("numpy.intc", DType::Int32),
    ("numpy.intp", DType::Int64),
    ("numpy.long", DType::Int64),
    ("numpy.longlong", DType::Int64),
    ("numpy.short", DType::Int16),
    ("numpy.single", DType::Float32),
    ("numpy.ubyte", DType::UInt8),
    ("numpy.uint", DType::UInt64),
    ("numpy.uint16", DType::UInt16),
    ("numpy.uint32", DType::UInt32),
    ("numpy.uint64", DType::UInt64),
    ("numpy.uint8", DType::UInt8),
    ("numpy.uintc", DType::UInt32),
    ("numpy.uintp", DType::UInt64),
    ("numpy.ulong", DType::UInt64),
    ("numpy.ulonglong", DType::UInt64),
    ("numpy.ushort", DType::UInt16),
];

/// The scalar type that a type object stands for. Python's `int` is `int64`.
pub fn dtype_of(path: &str) -> Option<DType> {
    let plain = TYPES.binary_search_by(|(p, _)| (*p).cmp(path)).ok().map(|i| TYPES[i].1);
    plain.or_else(|| path.strip_prefix("numpy.").and_then(DType::from_name).filter(|d| !d.is_number() && *d != DType::DateTime(Unit::Generic) && *d != DType::TimeDelta(Unit::Generic)))
}

/// The scalar type that a value names: a type object, a `dtype`, or a string such as `'f8'`.
pub fn dtype_named(v: &Val) -> Option<DType> {
    match v {
        Val::Of(Ty::Entity(path)) => dtype_of(path),
        Val::Of(Ty::Literal(text)) => match &**text {
            "int" => Some(DType::Int64),
            "float" => Some(DType::Float64),
            "complex" => Some(DType::Complex128),
            "?" => Some(DType::Bool),
            text => DType::from_name(text.trim_start_matches(['<', '=', '|'])).or_else(|| dtype_of(&format!("numpy.{text}"))),
        },
        _ => None,
    }
}

/// The scalar type that a `dtype` argument names.
pub fn dtype_argument(call: &Call, arg: &Arg) -> Result<DType, Box<Problem>> {
    dtype_named(&arg.val).ok_or_else(|| no_dtype(&format!("`{}` takes a scalar type as dtype", call.row.path), arg))
}

/// The refusal of an argument that names no scalar type. A string may be misspelt.
pub fn no_dtype(wanted: &str, arg: &Arg) -> Box<Problem> {
    let problem = Problem::new(Code::NB0201, format!("{wanted}, not {}", arg.val.describe())).at(arg.position);
    let names = TYPES.iter().filter_map(|(path, _)| path.strip_prefix("numpy."));
    match &arg.val {
        Val::Of(Ty::Literal(text)) if let Some(near) = nearest(text, names) => problem.did_you_mean(Some(near)),
        Val::Of(Ty::Str) => problem.help("the text must be known when the function is compiled, since the types of results depend on it"),
        _ => problem.help("write for example `np.float64`, `'f8'` or `a.dtype`"),
    }
}

pub(super) const ROWS: &[Row] = &[
    row("builtins.bool", "x=False, /", "", convert),
    row("builtins.complex", "real=0, imag=None", "", complex),
    row("builtins.float", "x=0.0, /", "", convert),
    row("builtins.int", "x=0, /, base=None", "", convert),
    row("numpy.bool", "x=False, /", "", convert),
    row("numpy.bool_", "x=False, /", "", convert),
    row("numpy.byte", "x=0, /", "", convert),
    row("numpy.cdouble", "real=0, imag=None", "", complex),
    row("numpy.complex128", "real=0, imag=None", "", complex),
    row("numpy.complex64", "real=0, imag=None", "", complex),
    row("numpy.csingle", "real=0, imag=None", "", complex),
    row("numpy.double", "x=0.0, /", "", convert),
    row("numpy.dtype", "dtype, align=False, copy=False", "", dtype),
    row("numpy.float32", "x=0.0, /", "", convert),
    row("numpy.float64", "x=0.0, /", "", convert),
    row("numpy.int16", "x=0, /", "", convert),
    row("numpy.int32", "x=0, /", "", convert),
    row("numpy.int64", "x=0, /", "", convert),
    row("numpy.int8", "x=0, /", "", convert),
    row("numpy.int_", "x=0, /", "", convert),
    row("numpy.intc", "x=0, /", "", convert),
    row("numpy.intp", "x=0, /", "", convert),
    row("numpy.long", "x=0, /", "", convert),
    row("numpy.longlong", "x=0, /", "", convert),
    row("numpy.short", "x=0, /", "", convert),
    row("numpy.single", "x=0.0, /", "", convert),
    row("numpy.ubyte", "x=0, /", "", convert),
    row("numpy.uint", "x=0, /", "", convert),
    row("numpy.uint16", "x=0, /", "", convert),
    row("numpy.uint32", "x=0, /", "", convert),
    row("numpy.uint64", "x=0, /", "", convert),
    row("numpy.uint8", "x=0, /", "", convert),
    row("numpy.uintc", "x=0, /", "", convert),
    row("numpy.uintp", "x=0, /", "", convert),
    row("numpy.ulong", "x=0, /", "", convert),
    row("numpy.ulonglong", "x=0, /", "", convert),
    row("numpy.ushort", "x=0, /", "", convert),
];

/// A dtype is known by its scalar type.
fn dtype(call: &Call) -> Typing {
    folded(dtype_entity(dtype_argument(call, call.arg(0)?)?))
}

fn target(call: &Call) -> Result<DType, Box<Problem>> {
    dtype_of(call.row.path).ok_or_else(|| Problem::new(Code::NB0900, format!("{} is no scalar type", call.row.path)))
}

/// Whether the constant of a conversion can stay a constant: Python's own types only, since others are not weak.
fn convert_constant(path: &str, d: DType, v: &Val) -> Option<Val> {
    if !path.starts_with("builtins.") {
        return None;
    }
    match (d, v) {
        (DType::Bool, v) => v.truth().map(Val::Bool),
        (DType::Int64, Val::Bool(b)) => Some(Val::Int(i64::from(*b))),
        (DType::Int64, Val::Int(_)) | (DType::Float64, Val::Float(_)) => Some(v.clone()),
        (DType::Int64, Val::Float(bits)) => {
            let x = f64::from_bits(*bits).trunc();
            (x.abs() < 9e18).then_some(Val::Int(x as i64))
        }
        (DType::Float64, Val::Int(i)) => Some(Val::float(*i as f64)),
        (DType::Float64, Val::Bool(b)) => Some(Val::float(f64::from(u8::from(*b)))),
        _ => None,
    }
}

/// The number that a string spells; of a constant it is known.
fn number_of_text(call: &Call, arg: &Arg, d: DType) -> Typing {
    let e = string(arg.expr.clone());
    if d == DType::Float64 {
        let known = constant(&arg.val).filter(|t| t.bytes().all(|b| b.is_ascii_digit() || b".+-e".contains(&b))).and_then(|t| t.parse().ok());
        return known.map_or_else(|| scalar(d, Expr::builtin("str.float", vec![e], Ty::FLOAT)), |x| folded(Val::float(x)));
    }
    let base = match call.optional(1) {
        Some(_) => call.integer(1)?.1.to(DType::Int64),
        None => match constant(&arg.val).and_then(|t| t.parse().ok()) {
            Some(i) => return folded(Val::Int(i)),
            None => Expr::constant(Val::Int(10)),
        },
    };
    scalar(d, Expr::builtin("str.int", vec![e, base], Ty::INT))
}

fn convert(call: &Call) -> Typing {
    let d = target(call)?;
    let Some(arg) = call.args.first().and_then(Option::as_ref) else {
        return match d {
            DType::Bool => folded(Val::Bool(false)),
            _ => scalar(d, Expr::Const(Val::Int(0), Ty::Scalar(d))),
        };
    };
    if is_string(&arg.val) && matches!(call.row.path, "builtins.int" | "builtins.float") {
        return number_of_text(call, arg, d);
    }
    if let Some(arg) = call.optional(1) {
        return Err(call.refuse(arg, "a base with a string only"));
    }
    if let Some(v) = convert_constant(call.row.path, d, &arg.val) {
        return folded(v);
    }
    if d == DType::Bool && (call.row.path.starts_with("builtins.") || arg.val.dtype().is_some()) {
        return truth(&arg.val, arg.expr.clone()).map_err(|p| p.at(arg.position));
    }
    if let (Some(time), "builtins.int") = (arg.val.time(), call.row.path) {
        return count(call, arg, time);
    }
    let (from, e) = call.number(0)?;
    if from.is_complex() && !d.is_complex() {
        return Err(call.refuse(arg, "a real number").help("take its `.real` or `abs()`"));
    }
    if let Val::Int(i) = arg.val
        && d.is_integer()
        && !fits(i, d)
    {
        return Err(Problem::new(Code::NB0201, format!("{i} is not a value of {}", d.name())).at(arg.position));
    }
    scalar(d, e.to(d))
}

/// A time in units that Python's own dates do not have is its count.
fn count(call: &Call, arg: &Arg, time: DType) -> Typing {
    use Unit::{Atto, Femto, Generic, Month, Nano, Pico, Year};
    match time {
        DType::DateTime(Nano | Pico | Femto | Atto) | DType::TimeDelta(Year | Month | Nano | Pico | Femto | Atto | Generic) => {
            scalar(DType::Int64, arg.expr.clone().to(DType::Int64))
        }
        _ => Err(call.refuse(arg, "a number").help("write `x.astype(np.int64)`, which is the count of units")),
    }
}

fn complex(call: &Call) -> Typing {
    let d = target(call)?;
    let part = |i: usize| match call.optional(i) {
        Some(_) => call.number(i).map(Some),
        None => Ok(None),
    };
    let (re, im) = (part(0)?, part(1)?);
    let zero = || Expr::Const(Val::float(0.0), Ty::Scalar(d.part()));
    match (re, im) {
        (Some((_, e)), None) => scalar(d, e.to(d)),
        (None, None) => scalar(d, Expr::builtin("complex.make", vec![zero(), zero()], Ty::Scalar(d))),
        (re, Some((y, ey))) => {
            let (x, ex) = re.unwrap_or((d.part(), zero()));
            if x.is_complex() || y.is_complex() {
                let problem = Problem::new(Code::NB0201, format!("`{}` takes two real numbers here", call.row.path));
                return Err(problem.help("write `re + im * 1j`"));
            }
            scalar(d, Expr::builtin("complex.make", vec![ex.to(d.part()), ey.to(d.part())], Ty::Scalar(d)))
        }
    }
}
