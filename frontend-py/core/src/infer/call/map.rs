//! Functions of numbers on arrays: `array.map`, which applies a typed function to each element of its operands, broadcast.
//!
//! What one element becomes is an instance of a function of the library for the types of the elements, so that NumPy's rules for numbers are those for arrays. The loops
//! are made when `py` is lowered, after maps of maps have become one. `array.map_into` writes the elements to an array that is there: `out=`, and operators in place.
use super::{Arguments, result};
use crate::infer::{engine::Engine, expr::{ArrayOp, Expr, Typed}, problem::Problem, source::Op, val::Val};
use crate::catalog::Arg;
use numbra_abi::{DType, dtype::Kind};
use numbra_dialects::{Code, Span, py::{ArrayTy, Layout, Ty}};

/// The library function that calls another one with elements.
const ELEMENT: &str = "numbra.element";
/// It calls functions of so many numbers.
const MOST_OPERANDS: usize = 3;

/// Types the application of a library object to the elements of its arguments; `None` where they are not all numbers and arrays, with an array among them.
pub fn entity(engine: &mut Engine, instance: usize, op: &Op, path: &str, arguments: &Arguments) -> Result<Option<Option<Typed>>, Box<Problem>> {
    let f = Val::Of(Ty::Entity(path.into()));
    let f = Arg { expr: Expr::constant(f.clone()), val: f, position: 0 };
    apply(engine, instance, op, &f, arguments)
}

/// The same for any function that is called with the elements.
pub fn apply(engine: &mut Engine, instance: usize, op: &Op, f: &Arg, arguments: &[(Option<&str>, Arg)]) -> Result<Option<Option<Typed>>, Box<Problem>> {
    let arrays: Vec<ArrayTy> = arguments.iter().filter_map(|a| a.1.val.ty().array()).collect();
    let rank = arrays.iter().map(|a| a.rank).max().unwrap_or(0);
    if rank == 0 {
        return Ok(None);
    }
    let found = match elements(engine, instance, op, f, arguments)? {
        Applied::No => return Ok(None),
        Applied::Typed(typed) => return Ok(Some(typed)),
        Applied::Elements(found) => found,
    };
    let fortran = arrays.iter().all(|a| a.rank > 1 && a.layout == Layout::F);
    let t = Ty::Array(ArrayTy { dtype: found.dtype, rank, layout: if fortran { Layout::F } else { Layout::C }, readonly: false });
    Ok(Some(Some(Typed { val: Val::Of(t.clone()), expr: Some(Expr::Array(ArrayOp::map(found.callee), found.operands, t)) })))
}

/// A function of elements.
struct Elements {
    callee: usize,
    /// What it is called with, arrays as they are
    operands: Vec<Expr>,
    /// Type of what it gives
    dtype: DType,
}

/// What is known of a function of elements.
enum Applied {
    /// It takes other arguments, or gives no number
    No,
    /// It gives nothing yet, or was refused
    Typed(Option<Typed>),
    Elements(Elements),
}

fn elements(engine: &mut Engine, instance: usize, op: &Op, f: &Arg, arguments: &[(Option<&str>, Arg)]) -> Result<Applied, Box<Problem>> {
    let number = |v: &Val| v.dtype().is_some() || v.time().is_some();
    let plain = arguments.iter().all(|(keyword, a)| keyword.is_none() && (number(&a.val) || a.val.ty().array().is_some_and(|t| !t.dtype.is_record())));
    if !plain || arguments.len() > MOST_OPERANDS {
        return Ok(Applied::No);
    }
    let Some(function) = engine.library.implementation(ELEMENT).and_then(|symbol| engine.function(symbol)) else { return Ok(Applied::No) };
    let mut vals = vec![f.val.clone()];
    let mut operands = vec![f.expr.clone().cast(&f.val.ty())];
    let weak = weak_type(&f.val, arguments);
    for (_, arg) in arguments {
        let (val, expr) = match (arg.val.ty(), weak) {
            (Ty::Array(a), _) => (Val::scalar(a.dtype), arg.expr.clone()),
            (Ty::INT, Some(d)) if !arg.val.is_number_literal() => (Val::scalar(d), arg.expr.clone().to(d)),
            (t, _) => (arg.val.clone(), arg.expr.clone().cast(&t)),
        };
        vals.push(val);
        operands.push(expr);
    }
    while vals.len() <= MOST_OPERANDS {
        vals.push(Val::NONE);
        operands.push(Expr::constant(Val::NONE));
    }
    let Some(callee) = engine.instance(function, vals, Some((instance, Span::of(op.location)))) else {
        return Err(Problem::new(Code::NB0201, format!("{} is called with ever new argument types", f.val.describe())));
    };
    Ok(match result(engine, instance, callee)? {
        Val::Never => Applied::Typed(None),
        Val::Error => Applied::Typed(Some(Typed { val: Val::Error, expr: Some(Expr::Invoke(callee, vec![], Ty::None)) })),
        v => v.dtype().or_else(|| v.time()).map_or(Applied::No, |dtype| Applied::Elements(Elements { callee, operands, dtype })),
    })
}

/// Universal functions whose integers stay what they are.
const EXACT_INTEGERS: &[&str] = &["numpy.float_power", "numpy.ldexp"];

/// The type that an `int` takes beside arrays of floating-point or complex numbers in a universal function of NumPy: theirs, as an `int` of Python is weak.
/// (That of an int64 of NumPy would be wider, but the two are one type here.)
fn weak_type(f: &Val, arguments: &[(Option<&str>, Arg)]) -> Option<DType> {
    let Val::Of(Ty::Entity(path)) = f else { return None };
    if !path.starts_with("numpy.") || EXACT_INTEGERS.contains(&&**path) {
        return None;
    }
    let met = arguments.iter().filter_map(|a| a.1.val.ty().array()).map(|a| a.dtype).filter(|d| d.is_number()).reduce(DType::promote)?;
    (met.kind() >= Kind::Float).then_some(met)
}

/// Types the application of a function to elements that are written to an array, which is the value; `None` where the library must do or refuse it.
pub fn into(engine: &mut Engine, instance: usize, op: &Op, f: &Arg, arguments: &[(Option<&str>, Arg)], out: &Arg) -> Result<Option<Option<Typed>>, Box<Problem>> {
    let Ty::Array(target) = out.val.ty() else { return Ok(None) };
    if target.readonly || target.dtype.is_record() {
        return Ok(None);
    }
    let found = match elements(engine, instance, op, f, arguments)? {
        Applied::No => return Ok(None),
        Applied::Typed(typed) => return Ok(Some(typed)),
        Applied::Elements(found) => found,
    };
    let numbers = found.dtype.is_number() && target.dtype.is_number();
    if found.dtype.kind() != target.dtype.kind() && !(numbers && casting_rank(found.dtype) <= casting_rank(target.dtype)) {
        return Ok(None);
    }
    let t = Ty::Array(target);
    let operands = std::iter::once(out.expr.clone()).chain(found.operands).collect();
    let array = ArrayOp { path: "array.map_into", ..ArrayOp::map(found.callee) };
    Ok(Some(Some(Typed { val: Val::Of(t.clone()), expr: Some(Expr::Array(array, operands, t)) })))
}

/// A universal function with an output, which stands behind the inputs or is named.
pub fn with_output(engine: &mut Engine, instance: usize, op: &Op, path: &str, inputs: usize, arguments: &Arguments) -> Result<Option<Option<Typed>>, Box<Problem>> {
    match arguments.get(inputs) {
        Some((None | Some("out"), out)) if arguments.len() == inputs + 1 && fits(&arguments[..inputs], out) => {
            let f = Val::Of(Ty::Entity(path.into()));
            let f = Arg { expr: Expr::constant(f.clone()), val: f, position: 0 };
            into(engine, instance, op, &f, &arguments[..inputs], out)
        }
        _ => Ok(None),
    }
}

/// `a op= b`: a number takes the array's type where that keeps its kind, as NumPy treats Python's numbers.
pub fn inplace(engine: &mut Engine, instance: usize, op: &Op, f: &Arg, a: &Arg, b: &Arg) -> Result<Option<Option<Typed>>, Box<Problem>> {
    let Some(target) = a.val.ty().array().filter(|t| t.dtype.is_number()) else { return Ok(None) };
    let mut b = b.clone();
    if let (Some(d), true) = (b.val.dtype(), b.val.ty().array().is_none()) {
        let unsigned = matches!(d.kind(), Kind::Int | Kind::UInt) && target.dtype.kind() == Kind::UInt;
        if d != DType::Bool && (casting_rank(d) <= casting_rank(target.dtype) || unsigned) {
            b = Arg { val: Val::scalar(target.dtype), expr: b.expr.to(target.dtype), ..b };
        }
    }
    let given = [(None, a.clone()), (None, b)];
    if fits(&given, a) { into(engine, instance, op, f, &given, a) } else { Ok(None) }
}

// Whether operands have no more axes than the output.
fn fits(arguments: &[(Option<&str>, Arg)], out: &Arg) -> bool {
    let rank = |a: &Arg| a.val.ty().array().map_or(0, |t| t.rank);
    arguments.iter().all(|a| rank(&a.1) <= rank(out))
}

// The place of a scalar type's kind in the order in which NumPy casts by the rule 'same_kind'.
fn casting_rank(d: DType) -> usize {
    [Kind::Bool, Kind::UInt, Kind::Int, Kind::Float].iter().position(|k| *k == d.kind()).unwrap_or(4)
}
