//! Functions of numbers on arrays: `array.map`, which applies a typed function to each element of its operands, broadcast.
//!
//! What one element becomes is an instance of a function of the library for the types of the elements, so that NumPy's rules for numbers are those for arrays. The loops
//! are made when `py` is lowered, after maps of maps have become one.
use super::{
    call::Arguments,
    engine::Engine,
    expr::{ArrayOp, Expr, Typed},
    problem::Problem,
    source::Op,
    val::Val,
};
use crate::catalog::Arg;
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
    let number = |v: &Val| v.dtype().is_some() || v.time().is_some();
    let plain = arguments.iter().all(|(keyword, a)| keyword.is_none() && (number(&a.val) || a.val.ty().array().is_some_and(|t| !t.dtype.is_record())));
    let arrays: Vec<ArrayTy> = arguments.iter().filter_map(|a| a.1.val.ty().array()).collect();
    let rank = arrays.iter().map(|a| a.rank).max().unwrap_or(0);
    if !plain || rank == 0 || arguments.len() > MOST_OPERANDS {
        return Ok(None);
    }
    let Some(function) = engine.library.implementation(ELEMENT).and_then(|symbol| engine.function(symbol)) else { return Ok(None) };
    let mut vals = vec![f.val.clone()];
    let mut exprs = vec![f.expr.clone().cast(&f.val.ty())];
    for (_, arg) in arguments {
        let (val, expr) = match arg.val.ty() {
            Ty::Array(a) => (Val::scalar(a.dtype), arg.expr.clone()),
            t => (arg.val.clone(), arg.expr.clone().cast(&t)),
        };
        vals.push(val);
        exprs.push(expr);
    }
    while vals.len() <= MOST_OPERANDS {
        vals.push(Val::NONE);
        exprs.push(Expr::constant(Val::NONE));
    }
    let Some(target) = engine.instance(function, vals, Some((instance, Span::of(op.location)))) else {
        return Err(Problem::new(Code::NB0201, format!("{} is called with ever new argument types", f.val.describe())));
    };
    let result = engine.result(target, instance);
    if let Some(why) = &engine.instances[target].refused {
        return Err(Problem::new(Code::NB0201, why.clone()));
    }
    let dtype = match &result {
        Val::Never => return Ok(Some(None)),
        Val::Error | Val::Conflict(_) => return Ok(Some(Some(Typed { val: Val::Error, expr: Some(Expr::Invoke(target, vec![], Ty::None)) }))),
        v => v.dtype().or_else(|| v.time()),
    };
    let Some(dtype) = dtype else { return Ok(None) };
    let fortran = arrays.iter().all(|a| a.rank > 1 && a.layout == Layout::F);
    let t = Ty::Array(ArrayTy { dtype, rank, layout: if fortran { Layout::F } else { Layout::C }, readonly: false });
    Ok(Some(Some(Typed { val: Val::Of(t.clone()), expr: Some(Expr::Array(ArrayOp::map(target), exprs, t)) })))
}
