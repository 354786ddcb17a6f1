//! Conditions of rules: predicates on the facts of variables, and terms computed of them. A table row each.
use super::parse::variable;
use crate::{
    facts::{Dim, Facts, Kind},
    infer::aligned,
    language::{Attribute, Node, Number},
    operators::is_integer,
    scalar::{self, Scalar},
    text::Place,
};
use egg::Var;
use numbra_abi::DType;

/// One condition.
#[derive(Clone, Debug)]
pub struct Condition {
    /// What it asks or computes
    pub what: What,
    /// Of what
    pub arguments: Vec<Argument>,
    /// Where it is written
    pub place: Place,
}

/// What a condition does.
#[derive(Clone, Copy, Debug)]
pub enum What {
    /// Asks (or, with true, whether it is not so)
    Ask(fn(&[Known]) -> bool, bool),
    /// Computes a term for a variable
    Compute(fn(&[Known]) -> Option<Node>, Var),
}

/// Argument as written.
#[derive(Clone, Copy, Debug)]
pub enum Argument {
    /// Variable
    Variable(Var),
    /// Number
    Number(f64),
}

/// Argument at hand.
#[derive(Clone, Copy, Debug)]
pub enum Known<'f> {
    /// Facts of a variable
    Facts(&'f Facts),
    /// Number
    Number(f64),
}

impl<'f> Known<'f> {
    fn facts(self) -> Option<&'f Facts> {
        if let Known::Facts(f) = self { Some(f) } else { None }
    }

    fn number(self) -> Option<Scalar> {
        self.facts()?.value?.scalar()
    }

    fn dims(self) -> Option<&'f [Dim]> {
        self.facts()?.dims()
    }

    fn dtype(self) -> Option<DType> {
        self.facts()?.dtype()
    }

    fn axis(self) -> Option<usize> {
        self.facts()?.axis()
    }

    fn permutation(self) -> Option<&'f [u8]> {
        if let Kind::Attribute(Attribute::Permutation(p)) = &self.facts()?.kind { Some(p) } else { None }
    }
}

impl Condition {
    /// Variables that it needs.
    pub fn reads(&self) -> impl Iterator<Item = Var> {
        self.arguments.iter().filter_map(|a| if let Argument::Variable(v) = a { Some(*v) } else { None })
    }

    /// The variable that it binds.
    pub fn binds(&self) -> Option<Var> {
        if let What::Compute(_, v) = self.what { Some(v) } else { None }
    }
}

/// Predicates: name, number of arguments, meaning.
pub const ASK: &[(&str, usize, fn(&[Known]) -> bool, &str)] = &[
    ("integer", 1, |x| x[0].dtype().is_some_and(is_integer), "the elements are integers"),
    ("signed", 1, |x| x[0].dtype().is_some_and(|d| is_integer(d) && scalar::is_signed(d)), "the elements are signed integers"),
    ("unsigned", 1, |x| x[0].dtype().is_some_and(|d| is_integer(d) && !scalar::is_signed(d)), "the elements are unsigned integers"),
    ("float", 1, |x| matches!(x[0].dtype(), Some(DType::Float32 | DType::Float64)), "the elements are floats"),
    ("bool", 1, |x| x[0].dtype() == Some(DType::Bool), "the elements are booleans"),
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
    ("in_width", 1, |x| x[0].facts().is_some_and(|f| f.value.and_then(|v| v.as_integer()).zip(f.dtype()).is_some_and(|(n, d)| (0..scalar::width(d) as i128).contains(&n))), "a shift count below the number of bits"),
    ("finite", 1, |x| x[0].number().is_some_and(|n| match n { Scalar::F32(f) => f.is_finite(), Scalar::F64(f) => f.is_finite(), _ => true }), "known, and no infinity or NaN"),
    ("reverses", 1, |x| x[0].permutation().is_some_and(|p| p.iter().rev().enumerate().all(|(k, a)| k == *a as usize)), "the permutation reverses the axes"),
];

/// Computations: name, number of arguments, meaning.
pub const COMPUTE: &[(&str, usize, fn(&[Known]) -> Option<Node>, &str)] = &[
    ("compose", 2, |x| compose(x[0].permutation()?, x[1].permutation()?), "p, q: the permutation that is q and p behind it"),
    ("inverse", 1, |x| inverse(x[0].permutation()?), "the permutation back"),
    ("reversal", 1, |x| Some(permutation((0..x[0].dims()?.len() as u8).rev().collect())), "the permutation that reverses the axes of an array"),
    ("permuted", 2, |x| Some(axis(*x[0].permutation()?.get(x[1].axis()?)? as usize)), "p, k: the axis of the operand that is axis k of the result"),
    ("without", 2, |x| without(x[0].permutation()?, x[1].axis()?), "p, k: the permutation of the other axes when axis k of the result is gone"),
    ("next_axis", 1, |x| Some(axis(x[0].axis()? + 1)), "the axis behind"),
    ("axis_before", 1, |x| Some(axis(x[0].axis()?.checked_sub(1)?)), "the axis in front"),
    ("last_axis", 1, |x| Some(axis(x[0].dims()?.len().checked_sub(1)?)), "the last axis of an array"),
    ("aligned", 3, |x| Some(axis((x[0].axis()? + x[2].dims()?.len()).checked_sub(x[1].dims()?.len())?)), "k, x, y: the axis of y that broadcasting puts at axis k of x"),
    ("dtype", 1, |x| Some(Node::Attribute(Attribute::DType(x[0].dtype()?))), "type of the elements"),
    ("number", 2, |x| Some(Node::Number(number(x[0].dtype()?, if let Known::Number(n) = x[1] { n } else { return None })?)), "x, n: the number in the type of x"),
    ("reciprocal", 1, |x| one_over(x[0], false), "1 / c, rounded"),
    ("exact_reciprocal", 1, |x| one_over(x[0], true), "1 / c, if that is a normal number without rounding"),
    ("log2", 1, |x| Some(Node::Number(Number::integer(x[0].dtype()?, x[0].facts()?.value?.as_integer()?.ilog2_checked()?)?)), "exponent of a power of two"),
    ("less_one", 1, |x| Some(Node::Number(Number::integer(x[0].dtype()?, x[0].facts()?.value?.as_integer()? - 1)?)), "an integer less 1"),
    ("integer_sum", 2, |x| position(x[0].facts()?.integer()?.checked_add(x[1].facts()?.integer()?)?), "sum of two positions"),
    ("integer_product", 2, |x| position(x[0].facts()?.integer()?.checked_mul(x[1].facts()?.integer()?)?), "product of two positions"),
    ("length", 2, |x| position(length(x[0], x[1])?.known()?), "axis, x: its length there"),
];

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
    }
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
    Number::float(dtype, value).or_else(|| (value.fract() == 0.0).then(|| Number::integer(dtype, value as i128)).flatten())
}

fn one_over(x: Known, exact: bool) -> Option<Node> {
    let dtype = x.dtype()?;
    let result = match x.number()? {
        Scalar::F32(f) if !exact || (1.0 / f).is_normal() && f.is_normal() && f.to_bits() << 9 == 0 => Scalar::F32(1.0 / f),
        Scalar::F64(f) if !exact || (1.0 / f).is_normal() && f.is_normal() && f.to_bits() << 12 == 0 => Scalar::F64(1.0 / f),
        _ => return None,
    };
    Some(Node::Number(result.number(dtype)))
}


/// Conditions as written: `float(?x), !scalar(?y), ?r = reciprocal(?c)`.
pub fn parse(place: Place, text: &str) -> Result<Vec<Condition>, (Place, String)> {
    let mut all = vec![];
    let mut rest = text.trim_end();
    while !rest.trim().is_empty() {
        let start = rest.len() - rest.trim_start().len();
        let at = (place.0, place.1 + text.trim_end().len() - rest.len() + start);
        let end = rest.find(')').ok_or((at, "a condition is `name(?x, ...)` or `?v = name(?x, ...)`".to_string()))?;
        all.push(one(at, rest[..end].trim())?);
        rest = rest[end + 1..].trim_start().trim_start_matches(',');
    }
    Ok(all)
}

fn one(place: Place, text: &str) -> Result<Condition, (Place, String)> {
    let (head, list) = text.split_once('(').ok_or((place, "`(` is missing".to_string()))?;
    let arguments: Vec<Argument> = list
        .split(',')
        .map(|a| a.trim())
        .filter(|a| !a.is_empty())
        .map(|a| a.parse().map(Argument::Number).or_else(|_| variable(place, a).map(Argument::Variable)))
        .collect::<Result<_, _>>()?;
    let counted = |n: usize| if n == arguments.len() { Ok(()) } else { Err((place, format!("`{}` takes {n} arguments", head.trim()))) };
    let what = match head.split_once('=') {
        Some((var, name)) => {
            let row = COMPUTE.iter().find(|r| r.0 == name.trim()).ok_or_else(|| (place, format!("`{}` computes nothing; {} do", name.trim(), COMPUTE.iter().map(|r| r.0).collect::<Vec<_>>().join(", "))))?;
            counted(row.1)?;
            What::Compute(row.2, variable(place, var.trim())?)
        }
        None => {
            let (name, not) = head.trim().strip_prefix('!').map_or((head.trim(), false), |n| (n, true));
            let row = ASK.iter().find(|r| r.0 == name).ok_or_else(|| (place, format!("there is no condition `{name}`; there are {}", ASK.iter().map(|r| r.0).collect::<Vec<_>>().join(", "))))?;
            counted(row.1)?;
            What::Ask(row.2, not)
        }
    };
    Ok(Condition { what, arguments, place })
}
