//! Operands near a rule's example.
use super::{Rule, check::Sample, random::{Random, Tame}};
use crate::{
    facts::{Dim, Facts, Order},
    flags::FastMath,
    interpret::{Array, Value},
    language::{Attribute, Node},
    operators::{Domain, Gives, NOT, Operator},
    text,
};
use numbra_abi::DType;
use std::collections::HashMap;

const TYPES: [DType; 12] =
    [DType::Complex128, DType::Complex64, DType::Float64, DType::Float32, DType::Int64, DType::Int32, DType::Int8, DType::Int16, DType::UInt8, DType::UInt64, DType::UInt32, DType::Bool];

/// A drawn form of the example.
struct Draw<'r> {
    random: &'r mut Random,
    /// Types of elements to draw from
    allowed: Vec<DType>,
    /// Types of elements by those of the example
    types: HashMap<DType, DType>,
    /// Lengths by name, and the axis of the first leaf that has it
    lengths: HashMap<String, (usize, Option<Dim>)>,
    /// Length that most names have
    common: usize,
    /// Whether lengths are known at compile time
    known: bool,
    /// Whether the example is taken as it is, but for lengths
    plain: bool,
    tame: Tame,
    sample: Sample,
}

/// Draws operands; none if the drawn form has no meaning.
pub fn draw(rule: &Rule, random: &mut Random) -> Option<Sample> {
    let plain = random.chance(35);
    let (known, common) = (random.chance(40), random.of(&[0, 1, 2, 2, 3, 3, 4, 5]));
    let tame = match rule.needs {
        FastMath::NONE => Tame::Wild,
        needs if !needs.has(FastMath::NNAN) && random.chance(25) => Tame::ButNan,
        _ => Tame::Tame,
    };
    let mut allowed = if random.chance(70) { allowed(rule) } else { vec![] };
    if allowed.is_empty() {
        allowed = TYPES.into_iter().filter(|t| takes(rule, *t)).collect();
    }
    let mut d = Draw { random, allowed, types: HashMap::new(), lengths: HashMap::new(), common, known, plain, tame, sample: Sample::default() };
    for (var, sexp) in &rule.example {
        let mut terms = std::mem::take(&mut d.sample.terms);
        let end = text::term(sexp, &mut terms, &mut |word| d.leaf(word));
        d.sample.terms = terms;
        d.sample.ends.push((*var, end.ok()?));
    }
    if !plain {
        d.vary();
    }
    Some(d.sample)
}

/// The example as it is written, with lengths that are not known; or, for rules of several operators, with other numbers in the place of floats.
pub fn examples(rule: &Rule) -> impl Iterator<Item = Sample> {
    [DType::Float64, DType::Int32, DType::Bool, DType::Complex128].into_iter().filter_map(|d| example(rule, d))
}

fn example(rule: &Rule, float: DType) -> Option<Sample> {
    let mut random = Random::new(7);
    let as_written = TYPES.iter().map(|t| (*t, if *t == DType::Float64 { float } else { *t }));
    let mut d = Draw { random: &mut random, allowed: TYPES.to_vec(), types: as_written.collect(), lengths: HashMap::new(), common: 3, known: false, plain: true, tame: Tame::Tame, sample: Sample::default() };
    for (var, sexp) in &rule.example {
        let mut terms = std::mem::take(&mut d.sample.terms);
        let end = text::term(sexp, &mut terms, &mut |word| d.leaf(word));
        d.sample.terms = terms;
        d.sample.ends.push((*var, end.ok()?));
    }
    Some(d.sample)
}

/// Whether a rule is for elements of a type at all.
fn takes(rule: &Rule, dtype: DType) -> bool {
    rule.complex || rule.shape.any_elements || !Domain::Complex.has(dtype)
}

/// Types that all element-wise operators of the left side take.
fn allowed(rule: &Rule) -> Vec<DType> {
    let operators: Vec<Operator> = Operator::all().filter(|o| rule.shape.operators.contains(*o) && *o != NOT && matches!(o.row().gives, Gives::Same | Gives::Part)).collect();
    TYPES.into_iter().filter(|t| takes(rule, *t) && operators.iter().all(|o| o.row().domain.has(*t))).collect()
}

impl Draw<'_> {
    /// A leaf that is declared by its type: `float64[n,3]`.
    fn leaf(&mut self, word: &str) -> Option<Node> {
        let (name, dims) = word.split_once('[').map_or((word, ""), |(n, d)| (n, d.trim_end_matches(']')));
        let dtype = self.dtype(text::dtype(name)?);
        let k = self.sample.leaves.len() as u32;
        let mut names: Vec<String> = dims.split(',').map(|n| n.trim().to_string()).filter(|n| !n.is_empty()).collect();
        if !self.plain && self.random.chance(25) {
            match self.random.below(4) {
                0 if !names.is_empty() => drop(names.remove(0)),
                1 if !names.is_empty() => {
                    let at = self.random.below(names.len());
                    names[at] = "1".into();
                }
                2 if !names.is_empty() => {
                    let at = self.random.below(names.len());
                    names[at] = format!("other{k}");
                }
                _ => names.insert(0, "extra".into()),
            }
        }
        let (mut lengths, mut facts) = (vec![], vec![]);
        for (axis, name) in names.iter().enumerate() {
            let (n, dim) = self.length(name, Dim::Of(k, axis as u8));
            lengths.push(n);
            facts.push(dim);
        }
        let count = lengths.iter().product();
        let data = (0..count).map(|_| self.random.element(dtype, self.tame)).collect::<Option<_>>()?;
        self.sample.values.push(Value::Array(Array { dtype, dims: lengths, data }));
        self.sample.leaves.push(Facts::array(dtype, facts, Order::C));
        Some(Node::Leaf(k))
    }

    /// bool stays; other types are replaced, each by one.
    fn dtype(&mut self, of: DType) -> DType {
        if of == DType::Bool {
            return of;
        }
        let drawn = self.random.of(&self.allowed);
        *self.types.entry(of).or_insert(drawn)
    }

    fn length(&mut self, name: &str, new: Dim) -> (usize, Dim) {
        if let Ok(n) = name.parse::<usize>() {
            return (n, Dim::Known(n as i64));
        }
        let other = if self.random.chance(75) { self.common } else { self.random.of(&[0, 1, 2, 3, 4]) };
        let known = self.known;
        let (n, dim) = self.lengths.entry(name.to_string()).or_insert((other, None));
        let dim = *dim.get_or_insert(new);
        (*n, if known { Dim::Known(*n as i64) } else { dim })
    }

    /// Other numbers and attributes.
    fn vary(&mut self) {
        let mut terms: Vec<Node> = self.sample.terms.iter().cloned().collect();
        for node in &mut terms {
            let change = self.random.chance(30);
            match node {
                Node::Number(n) => {
                    let to = if n.dtype == DType::Bool { n.dtype } else { self.types.get(&n.dtype).copied().unwrap_or(n.dtype) };
                    // Positions stay integers whatever the elements become.
                    let to = if n.dtype == DType::Int64 { n.dtype } else { to };
                    let value = n.as_float().unwrap_or(0.0);
                    let value = if change { self.random.of(&[0.0, 1.0, 2.0, -1.0, -2.0, 3.0, 4.0, 8.0, 0.5, 5.0]) } else { value };
                    if let Some(new) = super::vocabulary::number(to, value).filter(|v| v.as_float() == Some(value)) {
                        *n = new;
                    }
                }
                Node::Attribute(Attribute::Axis(k)) if change => *k = self.random.below(3) as u8,
                Node::Attribute(Attribute::DType(d)) if change => *d = self.random.of(&TYPES),
                Node::Attribute(Attribute::Permutation(p)) if change => {
                    let (a, b) = (self.random.below(p.len()), self.random.below(p.len()));
                    if !p.is_empty() {
                        p.swap(a, b);
                    }
                }
                _ => {}
            }
        }
        self.sample.terms = terms.into();
    }
}
