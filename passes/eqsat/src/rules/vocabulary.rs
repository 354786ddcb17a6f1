//! What conditions of rules can ask and compute: a row each with its name, number of arguments, meaning, and a line for people.
use super::condition::Known;
use crate::{
    facts::{Dim, Kind},
    infer::{aligned, view::product},
    interpret::special::count,
    language::{Attribute, Node, Number},
    operators::{Gives, is_integer},
    scalar::{self, Scalar},
};
use numbra_abi::DType;

/// Name, number of arguments, meaning, and a line for people.
pub type Row<Meaning> = (&'static str, usize, Meaning, &'static str);

/// Predicates: name, number of arguments, meaning.
pub const ASK: &[Row<fn(&[Known]) -> bool>] = &[
    ("integer", 1, |x| x[0].dtype().is_some_and(is_integer), "the elements are integers"),
    ("signed", 1, |x| x[0].dtype().is_some_and(|d| is_integer(d) && scalar::is_signed(d)), "the elements are signed integers"),
    ("unsigned", 1, |x| x[0].dtype().is_some_and(|d| is_integer(d) && !scalar::is_signed(d)), "the elements are unsigned integers"),
    ("float", 1, |x| matches!(x[0].dtype(), Some(DType::Float32 | DType::Float64)), "the elements are floats"),
    ("complex", 1, |x| matches!(x[0].dtype(), Some(DType::Complex64 | DType::Complex128)), "the elements are complex numbers"),
    ("bool", 1, |x| x[0].dtype() == Some(DType::Bool), "the elements are booleans"),
    ("equals", 2, |x| matches!(x[1], Known::Number(n) if x[0].facts().and_then(|f| f.value).and_then(|v| v.as_float()) == Some(n)), "x, n: known to be that number"),
    ("constant", 1, |x| x[0].facts().is_some_and(|f| f.value.is_some() && f.dims() == Some(&[])), "a number known at compile time"),
    ("scalar", 1, |x| x[0].dims().is_some_and(|d| d.is_empty()), "a number, no array"),
    ("array", 1, |x| x[0].dims().is_some_and(|d| !d.is_empty()), "an array with axes"),
    ("rank", 2, |x| x[0].dims().is_some_and(|d| matches!(x[1], Known::Number(n) if d.len() == n as usize)), "an array with so many axes"),
    ("same_rank", 2, |x| x[0].dims().zip(x[1].dims()).is_some_and(|(a, b)| a.len() == b.len()), "as many axes"),
    ("same_shape", 2, |x| x[0].dims().zip(x[1].dims()).is_some_and(|(a, b)| a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.same(*b))), "surely the same lengths"),
    ("same_length", 3, |x| lengths(x).is_some_and(|(a, b)| a.same(b)), "axis, x, y: surely the same length there, in arrays of one rank"),
    ("covers", 2, |x| x[0].dims().zip(x[1].dims()).is_some_and(|(a, b)| covers(a, b)), "x, y: broadcasting y against x surely gives x's shape"),
    ("one", 2, |x| length(x[0], x[1]).is_some_and(|d| d == Dim::Known(1)), "axis, x: its length there is 1"),
    ("nonempty", 2, |x| length(x[0], x[1]).is_some_and(|d| d.known().is_some_and(|n| n > 0)), "axis, x: its length there is known and not 0"),
    ("all_axes", 1, |x| matches!(x[0].facts().map(|f| &f.kind), Some(Kind::Attribute(Attribute::All))), "`#all`"),
    ("axis", 1, |x| x[0].axis().is_some(), "one axis"),
    ("before", 2, |x| x[0].axis().zip(x[1].axis()).is_some_and(|(a, b)| a < b), "the one axis is before the other"),
    ("same_dtype", 2, |x| x[0].dtype().is_some() && x[0].dtype() == x[1].dtype(), "one type of elements"),
    ("positive", 1, |x| x[0].number().is_some_and(|n| sign(n) > 0), "known to be above 0"),
    ("negative", 1, |x| x[0].number().is_some_and(|n| sign(n) < 0), "known to be below 0"),
    ("nonnegative", 1, |x| x[0].number().is_some_and(|n| sign(n) >= 0), "known to be 0 or more"),
    ("power_of_two", 1, |x| x[0].facts().is_some_and(|f| f.value.and_then(|v| v.as_integer()).is_some_and(|n| n > 0 && n & (n - 1) == 0)), "known to be 1, 2, 4, 8, ..."),
    ("divides", 2, |x| x[0].facts().and_then(|f| f.integer()).zip(x[1].facts().and_then(|f| f.integer())).is_some_and(|(a, b)| a > 0 && b > 0 && b % a == 0), "known, above 0, and the second is a multiple of the first"),
    ("in_width", 1, |x| x[0].facts().is_some_and(|f| f.value.and_then(|v| v.as_integer()).zip(f.dtype()).is_some_and(|(n, d)| (0..scalar::width(d) as i128).contains(&n))), "a shift count below the number of bits"),
    ("finite", 1, |x| x[0].number().is_some_and(|n| match n { Scalar::F32(f) => f.is_finite(), Scalar::F64(f) => f.is_finite(), n => n.parts().iter().all(|p| p.is_finite()) }), "known, and no infinity or NaN"),
    ("same_type", 2, |x| type_of(x[0]).is_some() && type_of(x[0]) == x[1].dtype(), "t, x: the elements have this type"),
    ("widens", 2, |x| type_of(x[0]).zip(x[1].dtype()).is_some_and(|(t, d)| holds(t, d)), "u, x: the type has all values of x's elements"),
    ("narrows", 2, |x| type_of(x[0]).zip(type_of(x[1])).is_some_and(|(t, u)| is_integer(t) && is_integer(u) && scalar::width(t) <= scalar::width(u)), "t, u: types of integers, the first as narrow"),
    ("longer", 2, |x| x[0].dims().zip(x[1].dims()).is_some_and(|(a, b)| a.len() > b.len()), "more axes"),
    ("reaches", 3, |x| reaches(x).unwrap_or(false), "axis, x, y: y has an axis that broadcasting puts there, and no more axes"),
    ("meets", 3, |x| meets(x).unwrap_or(false), "axis, x, y: y has surely as many elements at the axis that broadcasting puts there, and no more axes"),
    ("absent", 3, |x| absent(x).unwrap_or(false), "axis, x, y: y has no axis that broadcasting puts there, nor one in front; for all axes: y has none"),
    ("identity", 1, |x| x[0].permutation().is_some_and(|p| p.iter().enumerate().all(|(k, a)| k == *a as usize)), "the permutation changes nothing"),
    ("shape_is", 2, |x| shape(x[0]).zip(x[1].dims()).is_some_and(|(s, d)| s.len() == d.len() && s.iter().zip(d).all(|(a, b)| a.same(*b))), "s, x: a tuple of surely the lengths of x"),
    ("fits", 2, |x| x[0].facts().and_then(|f| f.length).zip(x[1].dims()).is_some_and(|(n, d)| n.same(product(d))), "s, x: a tuple of lengths of which x surely has the elements"),
    ("filled", 1, |x| x[0].dims().is_some_and(|d| d.iter().all(|d| d.known().is_some_and(|n| n > 0))), "all lengths are known and none is 0"),
    ("nonempty_shape", 1, |x| shape(x[0]).is_some_and(|s| s.iter().all(|d| d.known().is_some_and(|n| n > 0))), "a tuple of known lengths, none of them 0"),
    ("transposed_shape", 2, |x| matches!((x[0].dims(), x[1].dims()), (Some([a, b]), Some([c, d])) if a.same(*d) && b.same(*c)), "two matrices, each of surely the transposed shape of the other"),
    ("other", 2, |x| x[0].axis().zip(x[1].axis()).is_some_and(|(a, b)| a != b), "two different axes"),
    ("within", 2, |x| x[0].axis().is_some_and(|a| x[1].axis().is_none_or(|b| a == b)), "j, k: axis j is k, or k is all axes"),
    ("all_axes_of", 2, |x| x[0].axis().zip(x[1].dims()).is_some_and(|(n, d)| n == d.len()), "n, x: x has so many axes"),
    ("reverses", 1, |x| x[0].permutation().is_some_and(|p| p.iter().rev().enumerate().all(|(k, a)| k == *a as usize)), "the permutation reverses the axes"),
];

/// Computations: name, number of arguments, meaning.
pub const COMPUTE: &[Row<fn(&[Known]) -> Option<Node>>] = &[
    ("compose", 2, |x| compose(x[0].permutation()?, x[1].permutation()?), "p, q: the permutation that is q and p behind it"),
    ("inverse", 1, |x| inverse(x[0].permutation()?), "the permutation back"),
    ("reversal", 1, |x| Some(permutation((0..x[0].dims()?.len() as u8).rev().collect())), "the permutation that reverses the axes of an array"),
    ("permuted", 2, |x| Some(axis(*x[0].permutation()?.get(x[1].axis()?)? as usize)), "p, k: the axis of the operand that is axis k of the result"),
    ("without", 2, |x| without(x[0].permutation()?, x[1].axis()?), "p, k: the permutation of the other axes when axis k of the result is gone"),
    ("next_axis", 1, |x| Some(axis(x[0].axis()? + 1)), "the axis behind"),
    ("axis_before", 1, |x| Some(axis(x[0].axis()?.checked_sub(1)?)), "the axis in front"),
    ("last_axis", 1, |x| Some(axis(x[0].dims()?.len().checked_sub(1)?)), "the last axis of an array"),
    ("aligned", 3, |x| Some(axis((x[0].axis()? + x[2].dims()?.len()).checked_sub(x[1].dims()?.len())?)), "k, x, y: the axis of y that broadcasting puts at axis k of x"),
    ("part_type", 1, |x| Some(Node::Attribute(Attribute::DType(Gives::Part.of(type_of(x[0])?)?))), "the type of the parts of complex numbers of a type"),
    ("dtype", 1, |x| Some(Node::Attribute(Attribute::DType(x[0].dtype()?))), "type of the elements"),
    ("number", 2, |x| Some(Node::Number(number(x[0].dtype()?, if let Known::Number(n) = x[1] { n } else { return None })?)), "x, n: the number in the type of x"),
    ("reciprocal", 1, |x| one_over(x[0], false), "1 / c, rounded, if that is a normal number"),
    ("exact_reciprocal", 1, |x| one_over(x[0], true), "1 / c, if that is a normal number without rounding"),
    ("log2", 1, |x| Some(Node::Number(Number::integer(x[0].dtype()?, x[0].facts()?.value?.as_integer()?.ilog2_checked()?)?)), "exponent of a power of two"),
    ("less_one", 1, |x| Some(Node::Number(Number::integer(x[0].dtype()?, x[0].facts()?.value?.as_integer()? - 1)?)), "an integer less 1"),
    ("integer_sum", 2, |x| position(x[0].facts()?.integer()?.checked_add(x[1].facts()?.integer()?)?), "sum of two positions"),
    ("integer_product", 2, |x| position(x[0].facts()?.integer()?.checked_mul(x[1].facts()?.integer()?)?), "product of two positions"),
    ("sum", 2, |x| Some(Node::Number(Number::integer(x[0].dtype().filter(|d| is_integer(*d) && x[1].dtype() == Some(*d))?, x[0].facts()?.value?.as_integer()? + x[1].facts()?.value?.as_integer()?)?)), "sum of two integers, wrapped"),
    ("product", 2, |x| multiple(x[0], x[1]), "product of two integers in their type, if it fits"),
    ("negated", 1, |x| Some(Node::Number(Number::integer(x[0].dtype()?, -x[0].facts()?.value?.as_integer()?)?)), "an integer less than 0, wrapped"),
    ("end_behind", 1, |x| x[0].facts()?.integer().filter(|i| *i != -1).and_then(|i| position(i.checked_add(1)?)), "the end of the part of an axis up to a position, that included; none of the last one"),
    ("from_end", 1, |x| position(-1 - x[0].facts()?.integer()?), "the position counted from the other end"),
    ("axis_around", 2, |x| Some(axis(x[0].axis()? + (x[0].axis()? >= x[1].axis()?) as usize)), "j, k: the axis of the operand that is axis j when axis k is gone"),
    ("axis_left", 2, |x| match (x[0].axis()?, x[1].axis()?) { (k, m) if m < k => Some(axis(k - 1)), (k, m) if m > k => Some(axis(k)), _ => None }, "k, m: where axis k is when axis m is gone"),
    ("item_axis", 2, |x| item(x[0].facts()?.integer()?, &x[1].facts()?.kind), "i, t: the position in a tuple as an attribute"),
    ("origin", 2, |x| match length(x[0], x[1])? { Dim::Of(leaf, _) => Some(Node::Leaf(leaf)), _ => None }, "axis, x: the leaf that has this length"),
    ("origin_axis", 2, |x| match length(x[0], x[1])? { Dim::Of(_, a) => Some(axis(a as usize)), _ => None }, "axis, x: the axis of the leaf that has this length"),
    ("leaf_of_size", 1, |x| match product(x[0].dims()?) { Dim::Of(leaf, 0) | Dim::Product(leaf, _) => Some(Node::Leaf(leaf)), _ => None }, "the leaf whose first axes have as many elements"),
    ("leading_axes", 1, |x| match product(x[0].dims()?) { Dim::Of(_, 0) => Some(axis(1)), Dim::Product(_, n) => Some(axis(n as usize)), _ => None }, "how many first axes of that leaf"),
    ("range_length", 3, |x| { let [a, b, s] = range(x)?; position(count(a, b, s)) }, "start, stop, step: how many integers, if all is known"),
    ("range_item", 4, |x| { let ([a, b, s], i) = (range(&x[1..])?, x[0].facts()?.integer()?); let n = count(a, b, s); let i = if i < 0 { i + n } else { i }; (0..n).contains(&i).then(|| position(a + i * s))? }, "i, start, stop, step: the integer there, if all is known"),
    ("length", 2, |x| position(length(x[0], x[1])?.known()?), "axis, x: its length there"),
];

// Start, stop and step of a range of which all is known.
fn range(x: &[Known]) -> Option<[i64; 3]> {
    let part = |k: usize| x.get(k)?.facts()?.integer();
    Some([part(0)?, part(1)?, part(2).filter(|s| *s != 0)?])
}

fn multiple(a: Known, b: Known) -> Option<Node> {
    let dtype = a.dtype().filter(|d| is_integer(*d))?;
    let product = a.facts()?.value?.as_integer()?.checked_mul(b.facts()?.value?.as_integer()?)?;
    (scalar::wrap(dtype, product) == product).then_some(Node::Number(Number::integer(dtype, product)?))
}

trait Log2 {
    fn ilog2_checked(self) -> Option<i128>;
}

impl Log2 for i128 {
    fn ilog2_checked(self) -> Option<i128> {
        (self > 0).then(|| self.ilog2() as i128)
    }
}

fn sign(n: Scalar) -> i32 {
    match n {
        Scalar::Bool(b) => b as i32,
        Scalar::Int(i) => i.signum() as i32,
        Scalar::F32(f) => (f > 0.0) as i32 - (f < 0.0) as i32,
        Scalar::F64(f) => (f > 0.0) as i32 - (f < 0.0) as i32 - 2 * f.is_nan() as i32,
        // They have no order.
        Scalar::C64(_) | Scalar::C128(_) => -2,
    }
}

fn type_of(x: Known) -> Option<DType> {
    if let Kind::Attribute(Attribute::DType(d)) = x.facts()?.kind { Some(d) } else { None }
}

/// Whether a type has all values of another.
fn holds(wide: DType, narrow: DType) -> bool {
    use DType::*;
    if wide == narrow {
        return true;
    }
    match (wide, narrow) {
        (w, Bool) => w == Float32 || w == Float64 || is_integer(w),
        (Float64, Float32) => true,
        (Float64, n) if is_integer(n) => scalar::width(n) <= 32,
        (Float32, n) if is_integer(n) => scalar::width(n) <= 16,
        (Complex128, Complex64) => true,
        (w, n) if is_integer(w) && is_integer(n) => scalar::width(w) > scalar::width(n) && (scalar::is_signed(w) || !scalar::is_signed(n)),
        _ => false,
    }
}

fn meets(x: &[Known]) -> Option<bool> {
    let (k, a, b) = (x[0].axis()?, x[1].dims()?, x[2].dims()?);
    Some(a.len() >= b.len() && k < a.len() && aligned(b, a.len(), k)?.same(a[k]))
}

fn reaches(x: &[Known]) -> Option<bool> {
    let (k, a, b) = (x[0].axis()?, x[1].dims()?, x[2].dims()?);
    Some(a.len() >= b.len() && k < a.len() && aligned(b, a.len(), k).is_some())
}

fn absent(x: &[Known]) -> Option<bool> {
    let (a, b) = (x[1].dims()?, x[2].dims()?);
    Some(match x[0].axis() {
        Some(k) => k < a.len() && b.len() < a.len() - k,
        None => b.is_empty() && !a.is_empty(),
    })
}

fn shape(x: Known) -> Option<Vec<Dim>> {
    let Kind::Tuple(items) = &x.facts()?.kind else { return None };
    Some(items.iter().map(|i| i.as_length()).collect())
}

fn item(position: i64, kind: &Kind) -> Option<Node> {
    let Kind::Tuple(items) = kind else { return None };
    let n = items.len() as i64;
    let k = if position < 0 { position + n } else { position };
    (0..n).contains(&k).then(|| axis(k as usize))
}

fn lengths(x: &[Known]) -> Option<(Dim, Dim)> {
    let k = x[0].axis()?;
    let (a, b) = (x[1].dims()?, x[2].dims()?);
    (a.len() == b.len()).then_some(())?;
    Some((*a.get(k)?, *b.get(k)?))
}

fn length(axis: Known, x: Known) -> Option<Dim> {
    let dims = x.dims()?;
    match axis.axis() {
        Some(k) => dims.get(k).copied(),
        // All axes: their product, if it is known.
        None => dims.iter().try_fold(1i64, |n, d| n.checked_mul(d.known()?)).map(Dim::Known),
    }
}

/// Whether broadcasting the second against the first surely gives the first.
pub fn covers(a: &[Dim], b: &[Dim]) -> bool {
    b.len() <= a.len() && (0..a.len()).all(|k| aligned(b, a.len(), k).is_none_or(|d| d == Dim::Known(1) || d.same(a[k])))
}

fn axis(k: usize) -> Node {
    Node::Attribute(Attribute::Axis(k as u8))
}

fn permutation(p: Vec<u8>) -> Node {
    Node::Attribute(Attribute::Permutation(p))
}

fn position(n: i64) -> Option<Node> {
    Number::integer(DType::Int64, n as i128).map(Node::Number)
}

fn compose(p: &[u8], q: &[u8]) -> Option<Node> {
    p.iter().map(|a| q.get(*a as usize).copied()).collect::<Option<Vec<_>>>().map(permutation)
}

fn inverse(p: &[u8]) -> Option<Node> {
    (0..p.len() as u8).map(|a| p.iter().position(|b| *b == a).map(|k| k as u8)).collect::<Option<Vec<_>>>().map(permutation)
}

fn without(p: &[u8], k: usize) -> Option<Node> {
    let gone = *p.get(k)?;
    Some(permutation(p.iter().filter(|a| **a != gone).map(|a| a - (*a > gone) as u8).collect()))
}

/// A number as written in a rule, in a type.
pub fn number(dtype: DType, value: f64) -> Option<Number> {
    if matches!(dtype, DType::Complex64 | DType::Complex128) {
        return crate::complex::cast(dtype, value, 0.0).map(|s| s.number(dtype));
    }
    Number::float(dtype, value).or_else(|| (value.fract() == 0.0).then(|| Number::integer(dtype, value as i128)).flatten())
}

fn one_over(x: Known, exact: bool) -> Option<Node> {
    let dtype = x.dtype()?;
    let result = match x.number()? {
        Scalar::F32(f) if (1.0 / f).is_normal() && (!exact || f.is_normal() && f.to_bits() << 9 == 0) => Scalar::F32(1.0 / f),
        Scalar::F64(f) if (1.0 / f).is_normal() && (!exact || f.is_normal() && f.to_bits() << 12 == 0) => Scalar::F64(1.0 / f),
        _ => return None,
    };
    Some(Node::Number(result.number(dtype)))
}
