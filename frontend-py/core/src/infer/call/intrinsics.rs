//! `numbra.intrinsics`: what the library in Python needs beyond Python, typed with the engine at hand.
//!
//! Predicates on types are known at compile time and prune branches; `result_dtype` asks what a function would return; `refuse` makes
//! the call that led here an error; `view` makes an array of another one's memory, with no check: its callers answer for it.
use super::{Arguments, einsum};
use crate::infer::{
    call,
    engine::Engine,
    expr::{ArrayOp, Expr, Typed, computed, folded, scalar},
    objects::{attribute::{dtype_entity, shape_type}, buffers, formatting, lists, records, texts, times},
    problem::Problem,
    source::{Op, OpKind},
    val::Val,
};
use crate::{build::iteration::unroll::MAX_ELEMENTS, catalog::{Arg, types::{dtype_named, no_dtype}}};
use numbra_abi::{DType, dtype::Kind};
use numbra_dialects::{Code, py::{ArrayTy, Layout, StructTy, Ty}};
use std::sync::Arc;

/// An intrinsic's typing rule.
pub type Rule = fn(&mut Engine, usize, &Op, &Arguments) -> Result<Option<Typed>, Box<Problem>>;

const ROOT: &str = "numbra.intrinsics.";

const RULES: &[(&str, Rule)] = &[
    ("address", address),
    ("buffer", buffer),
    ("buffer_of", buffer_of),
    ("compress", compress),
    ("dtype_kind", dtype_kind),
    ("dtype_size", dtype_size),
    ("einsum_axes", einsum::axes),
    ("element", element),
    ("flagged", flagged),
    ("format", format),
    ("is_readonly", is_readonly),
    ("kind", kind),
    ("known", known),
    ("layout", layout),
    ("limited", limited),
    ("limits", limits),
    ("map", map),
    ("map_into", map_into),
    ("multiply_matrices", |_, _, _, arguments| on_memory("matrix.multiply", arguments)),
    ("positions", positions),
    ("promote", promote),
    ("readonly", readonly),
    ("refuse", refuse),
    ("rest", rest),
    ("result_dtype", result_dtype),
    ("select_position", |_, _, _, arguments| on_memory("row.select_position", arguments)),
    ("select_row", |_, _, _, arguments| on_memory("row.select", arguments)),
    ("sequence_dtype", sequence_dtype),
    ("sequence_length", sequence_length),
    ("sequence_rank", sequence_rank),
    ("sort_positions", |_, _, _, arguments| on_memory("row.sort_positions", arguments)),
    ("sort_row", |_, _, _, arguments| on_memory("row.sort", arguments)),
    ("string_kind", string_kind),
    ("string_place", string_place),
    ("true_positions", true_positions),
    ("unrolled", unrolled),
    ("view", view),
    ("whole", whole),
];

/// The rule of an intrinsic.
pub fn rule(path: &str) -> Option<Rule> {
    let name = path.strip_prefix(ROOT)?;
    RULES.binary_search_by(|(n, _)| (*n).cmp(name)).ok().map(|i| RULES[i].1)
}

fn argument<'a>(arguments: &'a Arguments, i: usize) -> Result<&'a Arg, Box<Problem>> {
    arguments.get(i).map(|a| &a.1).ok_or_else(|| Problem::new(Code::NB0207, "an intrinsic misses an argument"))
}

fn array(arguments: &Arguments, i: usize) -> Result<(ArrayTy, Expr), Box<Problem>> {
    let arg = argument(arguments, i)?;
    let t = arg.val.ty().array().ok_or_else(|| Problem::new(Code::NB0201, format!("an array is needed, not {}", arg.val.describe())).at(arg.position))?;
    Ok((t, arg.expr.clone()))
}

fn dtype(arguments: &Arguments, i: usize) -> Result<DType, Box<Problem>> {
    let arg = argument(arguments, i)?;
    dtype_named(&arg.val).ok_or_else(|| no_dtype("a scalar type is needed", arg))
}

/// `refuse(message, *parts)`: the call of the library function is an error, whose message is the texts that are written here and the types of values.
fn refuse(engine: &mut Engine, instance: usize, op: &Op, arguments: &Arguments) -> Result<Option<Typed>, Box<Problem>> {
    let source = engine.functions[engine.instances[instance].function].clone();
    let written = |a: &Arg| op.operands.get(a.position).and_then(|&v| source.definition(v)).is_some_and(|o| matches!(o.kind, OpKind::Constant(_)));
    let text = |a: &Arg| match &a.val {
        Val::Of(Ty::Literal(s)) if written(a) => s.to_string(),
        v => v.describe(),
    };
    let message: Vec<String> = arguments.iter().map(|a| text(&a.1)).collect();
    engine.refuse_arguments(instance, message.join(" "));
    Ok(None)
}

/// The kind of an object, as a literal string.
fn kind(_: &mut Engine, _: usize, _: &Op, arguments: &Arguments) -> Result<Option<Typed>, Box<Problem>> {
    let name = match argument(arguments, 0)?.val.ty() {
        Ty::Scalar(d) => match d.kind() {
            Kind::Bool => "bool",
            Kind::Int | Kind::UInt => "int",
            Kind::Float => "float",
            Kind::Complex => "complex",
            Kind::DateTime | Kind::TimeDelta => "time",
            Kind::Record => "record",
        },
        Ty::None => "none",
        Ty::Tuple(_) => "tuple",
        Ty::Array(_) => "array",
        Ty::Range(_) => "range",
        Ty::Slice(_) => "slice",
        Ty::Literal(_) | Ty::Str => "str",
        Ty::Ellipsis => "ellipsis",
        Ty::Entity(_) => "entity",
        Ty::Function(_) | Ty::Closure(..) | Ty::Callable(_) => "function",
        Ty::List(_) => "list",
        t @ Ty::Struct(_) => buffers::class(&t).unwrap_or("struct"),
        Ty::Record(_) => "record",
        _ => "other",
    };
    folded(Val::string(name)).map(Some)
}

/// Whether a value is known when the function is compiled.
fn known(_: &mut Engine, _: usize, _: &Op, arguments: &Arguments) -> Result<Option<Typed>, Box<Problem>> {
    folded(Val::Bool(argument(arguments, 0)?.val.is_static())).map(Some)
}

fn too_long(n: impl std::fmt::Display, position: usize) -> Box<Problem> {
    Problem::new(Code::NB0201, format!("a comprehension in `tuple` has at most {MAX_ELEMENTS} elements, not {n}")).at(position).help("make a list or an array")
}

/// A tuple, if a comprehension can have as many elements.
fn unrolled(_: &mut Engine, _: usize, _: &Op, arguments: &Arguments) -> Result<Option<Typed>, Box<Problem>> {
    let arg = argument(arguments, 0)?;
    match &arg.val {
        Val::Tuple(parts) if parts.len() > MAX_ELEMENTS => Err(too_long(parts.len(), arg.position)),
        v => computed(v.clone(), arg.expr.clone()).map(Some),
    }
}

/// The integers from 0 up to a constant, as a tuple.
fn positions(_: &mut Engine, _: usize, _: &Op, arguments: &Arguments) -> Result<Option<Typed>, Box<Problem>> {
    let arg = argument(arguments, 0)?;
    match arg.val {
        Val::Int(n) if n > MAX_ELEMENTS as i64 => Err(too_long(n, arg.position)),
        Val::Int(n) => folded(Val::Tuple((0..n).map(Val::Int).collect())).map(Some),
        _ => Err(Problem::new(Code::NB0201, format!("the length of a tuple must be known when the function is compiled, and {} is not a constant", arg.val.describe())).at(arg.position)),
    }
}

/// The array that the elements of `bytes` and its like are in.
fn buffer(_: &mut Engine, _: usize, _: &Op, arguments: &Arguments) -> Result<Option<Typed>, Box<Problem>> {
    let arg = argument(arguments, 0)?;
    match buffers::data(&arg.val.ty()) {
        Some(t) => computed(Ty::Array(t), Expr::Element(Box::new(arg.expr.clone()), 0, Ty::Array(t))).map(Some),
        None => Err(Problem::new(Code::NB0201, format!("{} is no object of bytes", arg.val.describe())).at(arg.position)),
    }
}

/// `buffer_of("bytes", array)`: an object of that class whose elements are in an array of bytes.
fn buffer_of(_: &mut Engine, _: usize, _: &Op, arguments: &Arguments) -> Result<Option<Typed>, Box<Problem>> {
    let (class, (t, e)) = (argument(arguments, 0)?, array(arguments, 1)?);
    let Val::Of(Ty::Literal(class)) = &class.val else { return Err(Problem::new(Code::NB0201, "a class is named by a constant")) };
    let t = buffers::type_of(class, t);
    let data = t.parts().map_or(Ty::Any, |p| p[0].clone());
    computed(t.clone(), Expr::Tuple(vec![e.cast(&data)], Ty::tuple([data])).cast(&t)).map(Some)
}

/// The array whose flags an object is.
fn flagged(_: &mut Engine, _: usize, _: &Op, arguments: &Arguments) -> Result<Option<Typed>, Box<Problem>> {
    let arg = argument(arguments, 0)?;
    match &arg.val {
        Val::Of(Ty::Struct(s)) => computed(s.types[0].clone(), Expr::Element(Box::new(arg.expr.clone()), 0, s.types[0].clone())).map(Some),
        v => Err(Problem::new(Code::NB0201, format!("{} are no flags", v.describe()))),
    }
}

/// Some value of the type of an array's elements (of the number itself), for `result_dtype`.
fn element(_: &mut Engine, _: usize, _: &Op, arguments: &Arguments) -> Result<Option<Typed>, Box<Problem>> {
    let arg = argument(arguments, 0)?;
    match arg.val.ty() {
        Ty::Array(a) if a.dtype.is_record() => Err(Problem::new(Code::NB0201, format!("functions of numbers do not take {}", arg.val.describe())).at(arg.position)),
        Ty::Array(a) => scalar(a.dtype, Expr::Const(Val::Int(0), Ty::Scalar(a.dtype))).map(Some),
        _ => computed(arg.val.clone(), arg.expr.clone()).map(Some),
    }
}

/// `result_dtype(f, *arguments)`: the scalar type of what a call would return.
fn result_dtype(engine: &mut Engine, instance: usize, op: &Op, arguments: &Arguments) -> Result<Option<Typed>, Box<Problem>> {
    let f = argument(arguments, 0)?.clone();
    let Some(typed) = call::apply(engine, instance, op, &f, arguments[1..].to_vec())? else { return Ok(None) };
    match typed.val.dtype().or_else(|| typed.val.time()) {
        Some(d) => folded(dtype_entity(d)).map(Some),
        None if typed.val == Val::Error => folded(Val::Error).map(Some),
        None => Err(Problem::new(Code::NB0201, format!("a function of elements must return a number, not {}", typed.val.describe()))),
    }
}

/// A formatted string: text, then for each value the value, its conversion, its specification and the text that follows.
fn format(engine: &mut Engine, instance: usize, op: &Op, arguments: &Arguments) -> Result<Option<Typed>, Box<Problem>> {
    let Some(arguments) = texts::of_formatted(engine, instance, op, arguments)? else { return Ok(None) };
    let all: Vec<&Arg> = arguments.iter().map(|a| &a.1).collect();
    formatting::of_arguments(&all).map(Some)
}

/// How many elements a pattern can match: those of a tuple or list; -1 for all that is no sequence.
fn sequence_length(_: &mut Engine, _: usize, _: &Op, arguments: &Arguments) -> Result<Option<Typed>, Box<Problem>> {
    let arg = argument(arguments, 0)?;
    match &arg.val {
        Val::Tuple(parts) => folded(Val::Int(parts.len() as i64)).map(Some),
        Val::Of(Ty::List(_) | Ty::Range(_)) => scalar(DType::Int64, Expr::builtin("len", vec![arg.expr.clone()], Ty::INT)).map(Some),
        _ => folded(Val::Int(-1)).map(Some),
    }
}

/// What a starred pattern takes of a sequence: of a range a list.
fn rest(_: &mut Engine, _: usize, _: &Op, arguments: &Arguments) -> Result<Option<Typed>, Box<Problem>> {
    let arg = argument(arguments, 0)?;
    if !matches!(arg.val, Val::Of(Ty::Range(_))) {
        return computed(arg.val.clone(), arg.expr.clone()).map(Some);
    }
    let (element, e) = lists::from_iterable(&arg.val, arg.expr.clone(), &Ty::Any)?;
    computed(lists::list_of(element), e).map(Some)
}

/// The scalar type of the array that a number, array, or nested sequence of them makes: float64 where there is nothing.
fn sequence_dtype(_: &mut Engine, _: usize, _: &Op, arguments: &Arguments) -> Result<Option<Typed>, Box<Problem>> {
    let t = argument(arguments, 0)?.val.ty();
    match elements(&t)? {
        Elements::Open => Ok(None),
        Elements::Empty => folded(dtype_entity(DType::Float64)).map(Some),
        Elements::Of(d) => folded(dtype_entity(d)).map(Some),
    }
}

/// What is known of the elements of a nested sequence.
enum Elements {
    Open,
    Empty,
    Of(DType),
}

fn elements(t: &Ty) -> Result<Elements, Box<Problem>> {
    match t {
        Ty::Scalar(d) => Ok(Elements::Of(*d)),
        Ty::Array(a) => Ok(Elements::Of(a.dtype)),
        Ty::List(e) if **e == Ty::Any => Ok(Elements::Open),
        Ty::List(e) if **e == Ty::None => Ok(Elements::Empty),
        Ty::List(e) => elements(e),
        Ty::Tuple(parts) => {
            let mut all = Elements::Empty;
            for part in parts.iter() {
                all = match (all, elements(part)?) {
                    (Elements::Open, _) | (_, Elements::Open) => return Ok(Elements::Open),
                    (Elements::Empty, e) | (e, Elements::Empty) => e,
                    (Elements::Of(d), Elements::Of(other)) => Elements::Of(meet(d, other)?),
                };
            }
            Ok(all)
        }
        t => Err(Problem::new(Code::NB0201, format!("an array cannot be made of {t}"))),
    }
}

/// How many dimensions that array has.
fn sequence_rank(_: &mut Engine, _: usize, _: &Op, arguments: &Arguments) -> Result<Option<Typed>, Box<Problem>> {
    fn rank(t: &Ty) -> Option<i64> {
        match t {
            Ty::Array(a) => Some(a.rank as i64),
            Ty::List(e) if **e == Ty::Any => None,
            Ty::List(e) => Some(1 + rank(e)?),
            Ty::Tuple(parts) => Some(1 + parts.first().map_or(Some(0), rank)?),
            _ => Some(0),
        }
    }
    match rank(&argument(arguments, 0)?.val.ty()) {
        Some(n) => folded(Val::Int(n)).map(Some),
        None => Ok(None),
    }
}

/// The scalar type in which several meet.
fn promote(_: &mut Engine, _: usize, _: &Op, arguments: &Arguments) -> Result<Option<Typed>, Box<Problem>> {
    let mut d = dtype(arguments, 0)?;
    for i in 1..arguments.len() {
        d = meet(d, dtype(arguments, i)?)?;
    }
    folded(dtype_entity(d)).map(Some)
}

fn meet(a: DType, b: DType) -> Result<DType, Box<Problem>> {
    let met = if a.is_number() && b.is_number() { Some(a.promote(b)) } else { times::join(&Val::scalar(a), &Val::scalar(b)) };
    met.or((a == b).then_some(a)).ok_or_else(|| Problem::new(Code::NB0201, format!("{} and {} have no common type", a.name(), b.name())))
}

/// NumPy's letter for the kind of a scalar type.
fn dtype_kind(_: &mut Engine, _: usize, _: &Op, arguments: &Arguments) -> Result<Option<Typed>, Box<Problem>> {
    let letter = match dtype(arguments, 0)?.kind() {
        Kind::Bool => "b",
        Kind::Int => "i",
        Kind::UInt => "u",
        Kind::Float => "f",
        Kind::Complex => "c",
        Kind::DateTime => "M",
        Kind::TimeDelta => "m",
        Kind::Record => "V",
    };
    folded(Val::string(letter)).map(Some)
}

/// Bytes of a scalar type.
fn dtype_size(_: &mut Engine, _: usize, _: &Op, arguments: &Arguments) -> Result<Option<Typed>, Box<Problem>> {
    folded(Val::Int(dtype(arguments, 0)?.size() as i64)).map(Some)
}

/// `map(f, *operands)`: a new array of what a function makes of each element of arrays and numbers, broadcast. Operands that are None are left out.
fn map(engine: &mut Engine, instance: usize, op: &Op, arguments: &Arguments) -> Result<Option<Typed>, Box<Problem>> {
    let operands: Vec<_> = arguments.iter().skip(1).filter(|a| a.1.val != Val::NONE).cloned().collect();
    let mapped = super::map::apply(engine, instance, op, argument(arguments, 0)?, &operands)?;
    mapped.ok_or_else(|| Problem::new(Code::NB0201, "a function is mapped over numbers and arrays, with an array among them, and gives a number"))
}

/// `map_into(f, out, *operands)`: what a function makes of each element, written to an array, which is the value. Operands that are None are left out.
fn map_into(engine: &mut Engine, instance: usize, op: &Op, arguments: &Arguments) -> Result<Option<Typed>, Box<Problem>> {
    let (target, out) = (array(arguments, 1)?.0, argument(arguments, 1)?);
    if target.readonly {
        return Err(Problem::new(Code::NB0209, format!("{} is read-only", out.val.describe())).at(out.position).help("work on a copy: `a = a.copy()`"));
    }
    let operands: Vec<_> = arguments.iter().skip(2).filter(|a| a.1.val != Val::NONE).cloned().collect();
    let mapped = super::map::into(engine, instance, op, argument(arguments, 0)?, &operands, out)?;
    mapped.ok_or_else(|| Problem::new(Code::NB0201, "a function of numbers and arrays gives numbers that do not fit into the array to which they are written"))
}

/// The layout of an array's type: `C`, `F` or `A`.
fn layout(_: &mut Engine, _: usize, _: &Op, arguments: &Arguments) -> Result<Option<Typed>, Box<Problem>> {
    let name = match array(arguments, 0)?.0.layout {
        Layout::C => "C",
        Layout::F => "F",
        Layout::A => "A",
    };
    folded(Val::string(name)).map(Some)
}

/// Under which name the limits of a scalar type stand: an object that holds a number of it.
pub const LIMITS: &str = "numpy.limits";

/// `limits(dtype)`: the object whose attributes are the limits of a scalar type.
fn limits(_: &mut Engine, _: usize, _: &Op, arguments: &Arguments) -> Result<Option<Typed>, Box<Problem>> {
    let d = dtype(arguments, 0)?;
    let number = Ty::Scalar(d);
    let t = Ty::Struct(Arc::new(StructTy { path: LIMITS.into(), names: ["type".into()].into(), types: [number.clone()].into() }));
    computed(t.clone(), Expr::Tuple(vec![Expr::Const(Val::Int(0), number.clone())], Ty::tuple([number])).cast(&t)).map(Some)
}

/// `limited(info)`: the scalar type whose limits an object has.
fn limited(_: &mut Engine, _: usize, _: &Op, arguments: &Arguments) -> Result<Option<Typed>, Box<Problem>> {
    let arg = argument(arguments, 0)?;
    match &arg.val {
        Val::Of(Ty::Struct(s)) if *s.path == *LIMITS => folded(Val::from(s.types[0].clone()).dtype().map_or(Val::Error, dtype_entity)).map(Some),
        v => Err(Problem::new(Code::NB0201, format!("limits of a scalar type are needed, not {}", v.describe())).at(arg.position)),
    }
}

/// A function of the runtime that works on the memory of arrays; its other arguments are positions.
fn on_memory(path: &'static str, arguments: &Arguments) -> Result<Option<Typed>, Box<Problem>> {
    let parts = arguments.iter().map(|a| if a.1.val.ty().array().is_some() { a.1.expr.clone() } else { a.1.expr.clone().to(DType::Int64) });
    computed(Ty::None, Expr::builtin(path, parts.collect(), Ty::None)).map(Some)
}

/// Where the first element is.
fn address(_: &mut Engine, _: usize, _: &Op, arguments: &Arguments) -> Result<Option<Typed>, Box<Problem>> {
    let (_, e) = array(arguments, 0)?;
    scalar(DType::Int64, Expr::builtin("array.address", vec![e], Ty::INT)).map(Some)
}

/// `view(a, offset, shape, strides, dtype)`: an array over the memory of `a`, from `offset` bytes after its first element. With None as
/// strides it is contiguous.
fn view(_: &mut Engine, _: usize, _: &Op, arguments: &Arguments) -> Result<Option<Typed>, Box<Problem>> {
    let (a, e) = array(arguments, 0)?;
    let rank = match &argument(arguments, 2)?.val {
        Val::Tuple(parts) if parts.iter().all(|p| p.dtype().is_some_and(|d| d.is_integer())) => parts.len(),
        v => return Err(Problem::new(Code::NB0201, format!("a shape is a tuple of integers, not {}", v.describe()))),
    };
    let numbers = |i: usize| Ok::<_, Box<Problem>>(argument(arguments, i)?.expr.clone().cast(&shape_type(rank)));
    let offset = argument(arguments, 1)?.expr.clone().to(DType::Int64);
    let d = if arguments.len() > 4 { dtype(arguments, 4)? } else { a.dtype };
    let mut parts = vec![e, offset, numbers(2)?];
    let contiguous = rank == 0 || arguments.get(3).is_none_or(|s| s.1.val == Val::NONE);
    if !contiguous {
        parts.push(numbers(3)?);
    }
    let t = Ty::Array(ArrayTy { dtype: d, rank, layout: if contiguous { Layout::C } else { Layout::A }, readonly: a.readonly });
    computed(t.clone(), Expr::builtin("array.view", parts, t)).map(Some)
}

/// Whether a field of a record that is a string holds text (`U`) or bytes (`S`).
fn string_kind(_: &mut Engine, _: usize, _: &Op, arguments: &Arguments) -> Result<Option<Typed>, Box<Problem>> {
    let (r, name) = (argument(arguments, 0)?, argument(arguments, 1)?);
    let kind = records::string(&r.val, &name.val).ok_or_else(|| Problem::new(Code::NB0201, "a field that is no string"))?.1;
    folded(Val::string(kind)).map(Some)
}

/// The bytes of a field of a record that is a string.
fn string_place(_: &mut Engine, _: usize, _: &Op, arguments: &Arguments) -> Result<Option<Typed>, Box<Problem>> {
    let (r, name) = (argument(arguments, 0)?, argument(arguments, 1)?);
    let place = records::string_place(&r.val, &r.expr, &name.val).ok_or_else(|| Problem::new(Code::NB0201, "a field that is no string"))?;
    place.map(Some)
}

/// Whether an array cannot be written.
fn is_readonly(_: &mut Engine, _: usize, _: &Op, arguments: &Arguments) -> Result<Option<Typed>, Box<Problem>> {
    folded(Val::Bool(array(arguments, 0)?.0.readonly)).map(Some)
}

/// The array as one that cannot be written.
fn readonly(_: &mut Engine, _: usize, _: &Op, arguments: &Arguments) -> Result<Option<Typed>, Box<Problem>> {
    let (a, e) = array(arguments, 0)?;
    let t = Ty::Array(ArrayTy { readonly: true, ..a });
    computed(t.clone(), e.cast(&t)).map(Some)
}

/// `whole()`: the slice `:`.
fn whole(_: &mut Engine, _: usize, _: &Op, _: &Arguments) -> Result<Option<Typed>, Box<Problem>> {
    let t = Ty::Slice(std::sync::Arc::new([Ty::None, Ty::None, Ty::None]));
    computed(t.clone(), Expr::Slice(vec![Expr::constant(Val::NONE); 3], t)).map(Some)
}

#[cfg(test)]
mod tests {
    #[test]
    fn rules_are_sorted() {
        assert!(super::RULES.windows(2).all(|w| w[0].0 < w[1].0));
    }
}

/// `compress(a, mask)`: a new row of the elements of an array where a mask of its shape is true.
fn compress(_: &mut Engine, _: usize, _: &Op, arguments: &Arguments) -> Result<Option<Typed>, Box<Problem>> {
    let ((a, elements), (_, mask)) = (array(arguments, 0)?, array(arguments, 1)?);
    Ok(Some(selected("array.compress", vec![elements, mask], a.dtype)))
}

/// `true_positions(mask)`: a new row of the positions, in the order of indices, where a mask is true.
fn true_positions(_: &mut Engine, _: usize, _: &Op, arguments: &Arguments) -> Result<Option<Typed>, Box<Problem>> {
    Ok(Some(selected("array.positions", vec![array(arguments, 0)?.1], DType::Int64)))
}

fn selected(path: &'static str, operands: Vec<Expr>, dtype: DType) -> Typed {
    let t = Ty::Array(ArrayTy::new(dtype, 1, Layout::C));
    let op = ArrayOp { path, callee: None, kind: None, axis: None, keepdims: false };
    Typed { val: Val::Of(t.clone()), expr: Some(Expr::Array(op, operands, t)) }
}
