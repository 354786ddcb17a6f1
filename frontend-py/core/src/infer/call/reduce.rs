//! Reductions and running totals of arrays with options that are known when the function is compiled: `array.reduce` and `array.scan`, into which array expressions are fused. All else is the library's.
use super::Arguments;
use crate::infer::{expr::{ArrayOp, Expr, Typed}, val::Val};
use crate::catalog::{reductions::wide, types::dtype_named};
use numbra_abi::{DType, dtype::Kind};
use numbra_dialects::py::{ArrayTy, Layout, Ty};

/// A function that reduces: its name in NumPy and as a method, its kind, its parameters.
struct Row {
    names: &'static [&'static str],
    kind: &'static str,
    parameters: &'static [&'static str],
    /// Whether each element is put together with all before it
    running: bool,
    /// The type of the result for elements of a type, and for the `dtype` that is asked for; nothing where the library must do it
    result: fn(DType, Option<DType>) -> Option<DType>,
}

const TOTAL: &[&str] = &["a", "axis", "dtype", "out", "keepdims"];
const RUNNING: &[&str] = &["a", "axis", "dtype", "out"];
const PLAIN: &[&str] = &["a", "axis", "out", "keepdims"];

const ROWS: &[Row] = &[
    Row { names: &["numpy.sum", "array.sum"], kind: "sum", parameters: TOTAL, running: false, result: |d, asked| total(d, asked).or(d.unit().is_some_and(|_| d.kind() == Kind::TimeDelta && asked.is_none()).then_some(d)) },
    Row { names: &["numpy.prod", "array.prod"], kind: "prod", parameters: TOTAL, running: false, result: total },
    Row { names: &["numpy.mean", "array.mean"], kind: "mean", parameters: TOTAL, running: false, result: mean },
    Row { names: &["numpy.min", "numpy.amin", "array.min"], kind: "min", parameters: PLAIN, running: false, result: |d, _| (!d.is_complex()).then_some(d) },
    Row { names: &["numpy.max", "numpy.amax", "array.max"], kind: "max", parameters: PLAIN, running: false, result: |d, _| (!d.is_complex()).then_some(d) },
    Row { names: &["numpy.any", "array.any"], kind: "any", parameters: PLAIN, running: false, result: |d, _| d.is_number().then_some(DType::Bool) },
    Row { names: &["numpy.all", "array.all"], kind: "all", parameters: PLAIN, running: false, result: |d, _| d.is_number().then_some(DType::Bool) },
    Row { names: &["numpy.argmin", "array.argmin"], kind: "argmin", parameters: PLAIN, running: false, result: |d, _| (!d.is_complex()).then_some(DType::Int64) },
    Row { names: &["numpy.argmax", "array.argmax"], kind: "argmax", parameters: PLAIN, running: false, result: |d, _| (!d.is_complex()).then_some(DType::Int64) },
    Row { names: &["numbra.intrinsics.squared_distances"], kind: "squares", parameters: &["a", "dtype"], running: false, result: |d, asked| mean(d, asked).filter(|t| t.is_float()) },
    Row { names: &["numpy.cumsum", "array.cumsum"], kind: "sum", parameters: RUNNING, running: true, result: total },
    Row { names: &["numpy.cumprod", "array.cumprod"], kind: "prod", parameters: RUNNING, running: true, result: total },
    Row { names: &["numbra.intrinsics.running_min"], kind: "min", parameters: RUNNING, running: true, result: |d, _| (!d.is_complex()).then_some(d) },
    Row { names: &["numbra.intrinsics.running_max"], kind: "max", parameters: RUNNING, running: true, result: |d, _| (!d.is_complex()).then_some(d) },
];

fn total(d: DType, asked: Option<DType>) -> Option<DType> {
    let asked = asked.unwrap_or(wide(d));
    // Bools add up in another way, and complex numbers lose a part.
    (d.is_number() && asked.is_number() && asked != DType::Bool && (asked.is_complex() || !d.is_complex())).then_some(asked)
}

fn mean(d: DType, asked: Option<DType>) -> Option<DType> {
    let asked = asked.unwrap_or(if d.kind() >= Kind::Float { d } else { DType::Float64 });
    (d.is_number() && (asked.is_complex() || (asked.is_float() && !d.is_complex()))).then_some(asked)
}

/// Types a call of a library object, if it is a reduction that needs nothing else.
pub fn entity(path: &str, arguments: &Arguments) -> Option<Typed> {
    let row = ROWS.iter().find(|r| r.names.contains(&path))?;
    let mut given: Vec<Option<&crate::catalog::Arg>> = vec![None; row.parameters.len()];
    for (i, (keyword, arg)) in arguments.iter().enumerate() {
        let slot = match keyword {
            None => i,
            Some(k) => row.parameters.iter().position(|p| p == k)?,
        };
        if given.get_mut(slot)?.replace(arg).is_some() {
            return None;
        }
    }
    let named = |name: &str| row.parameters.iter().position(|p| *p == name).and_then(|i| given[i]).filter(|a| a.val != Val::NONE);
    let (array, expr) = (named("a")?.val.ty().array().filter(|a| !a.dtype.is_record())?, named("a")?.expr.clone());
    if named("out").is_some() {
        return None;
    }
    let keepdims = match named("keepdims").map(|a| &a.val) {
        None | Some(Val::Bool(false)) => false,
        Some(Val::Bool(true)) => true,
        _ => return None,
    };
    let asked = match named("dtype") {
        None => None,
        Some(a) => Some(dtype_named(&a.val)?),
    };
    let dtype = (row.result)(array.dtype, asked)?;
    let axis = match named("axis").map(|a| &a.val) {
        None => None,
        Some(Val::Int(k)) => {
            let rank = array.rank as i64;
            Some(usize::try_from(if *k < 0 { k + rank } else { *k }).ok().filter(|k| *k < array.rank)?)
        }
        _ => return None,
    };
    if row.running {
        let op = ArrayOp { path: "array.scan", callee: None, kind: Some(row.kind), axis, keepdims: false };
        let t = Ty::Array(ArrayTy::new(dtype, axis.map_or(1, |_| array.rank), Layout::C));
        return Some(Typed { val: Val::Of(t.clone()), expr: Some(Expr::Array(op, vec![expr], t)) });
    }
    let op = |axis, keepdims| ArrayOp { path: "array.reduce", callee: None, kind: Some(row.kind), axis, keepdims };
    let (op, t) = match axis {
        None if keepdims => return None,
        Some(_) if array.rank == 1 && !keepdims => (op(None, false), Ty::Scalar(dtype)),
        None => (op(None, false), Ty::Scalar(dtype)),
        Some(k) => {
            let rank = array.rank - usize::from(!keepdims);
            let fortran = array.layout == Layout::F && rank > 1;
            (op(Some(k), keepdims), Ty::Array(ArrayTy { dtype, rank, layout: if fortran { Layout::F } else { Layout::C }, readonly: false }))
        }
    };
    Some(Typed { val: Val::Of(t.clone()), expr: Some(Expr::Array(op, vec![expr], t)) })
}
