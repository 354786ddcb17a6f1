//! Terms as text: S-expressions with the place of each part, for rules, messages and tests.
use crate::{
    language::{Attribute, Node, Number},
    operators::Operator,
    scalar::Scalar,
};
use egg::{Id, RecExpr};
use numbra_abi::DType;
use std::fmt;

/// Place in a text: line and column, from 1.
pub type Place = (usize, usize);

/// Part of a text.
#[derive(Clone, Debug)]
pub enum Sexp {
    /// Word
    Word(Place, String),
    /// In parentheses
    List(Place, Vec<Sexp>),
}

impl Sexp {
    /// Where it begins.
    pub fn place(&self) -> Place {
        match self {
            Sexp::Word(p, _) | Sexp::List(p, _) => *p,
        }
    }
}

/// Reads what is one S-expression, whose text begins at a place; what is behind it is returned too.
pub fn read(text: &str, place: Place) -> Result<(Sexp, &str), (Place, String)> {
    let mut stack: Vec<(Place, Vec<Sexp>)> = vec![];
    let mut rest = text;
    loop {
        let skipped = rest.len() - rest.trim_start().len();
        rest = &rest[skipped..];
        let at = (place.0, place.1 + text[..text.len() - rest.len()].chars().count());
        let done = match rest.chars().next() {
            None => return Err((at, if stack.is_empty() { "a term is missing".into() } else { "`)` is missing".into() })),
            Some('(') => {
                stack.push((at, vec![]));
                rest = &rest[1..];
                continue;
            }
            Some(')') => {
                rest = &rest[1..];
                let (p, list) = stack.pop().ok_or((at, "`)` without `(`".to_string()))?;
                Sexp::List(p, list)
            }
            Some(_) => {
                // `#perm(1,0)` and `float64[n,3]` are words.
                let mut depth = 0;
                let end = rest.find(|c: char| {
                    let closes = c == ')' && depth == 0;
                    depth += (c == '(') as i32 - (c == ')') as i32;
                    closes || c.is_whitespace()
                });
                let (word, behind) = rest.split_at(end.unwrap_or(rest.len()));
                rest = behind;
                Sexp::Word(at, word.into())
            }
        };
        match stack.last_mut() {
            Some((_, list)) => list.push(done),
            None => return Ok((done, rest)),
        }
    }
}

/// Element type by its name.
pub fn dtype(name: &str) -> Option<DType> {
    numbra_abi::dtype::ROWS.iter().find(|r| r.name == name).map(|r| r.dtype)
}

/// Attribute in its written form.
pub fn attribute(word: &str) -> Option<Attribute> {
    let word = word.strip_prefix('#')?;
    if word == "all" {
        return Some(Attribute::All);
    }
    if let Some(symbol) = word.strip_prefix('@') {
        return Some(Attribute::Symbol(symbol.into()));
    }
    if let Some(list) = word.strip_prefix("perm(").and_then(|w| w.strip_suffix(')')) {
        let axes: Vec<u8> = list.split(',').filter(|a| !a.is_empty()).map(|a| a.trim().parse().ok()).collect::<Option<_>>()?;
        let mut sorted = axes.clone();
        sorted.sort_unstable();
        return sorted.iter().enumerate().all(|(k, a)| k == *a as usize).then_some(Attribute::Permutation(axes));
    }
    word.parse().ok().map(Attribute::Axis).or_else(|| dtype(word).map(Attribute::DType))
}

/// Number in its written form: `3:int64`, `nan:float32`, `true:bool`, `1-2j:complex64`.
pub fn number(word: &str) -> Option<Number> {
    let (value, of) = word.rsplit_once(':')?;
    let of = dtype(of)?;
    match (of, value) {
        (DType::Bool, "true" | "false") => Number::integer(of, (value == "true") as i128),
        (DType::Float32 | DType::Float64, _) => Number::float(of, value.parse().ok()?),
        (DType::Complex64 | DType::Complex128, _) => complex(of, value),
        _ => value.parse::<i128>().ok().and_then(|v| Number::integer(of, v).filter(|n| n.as_integer() == Some(v))),
    }
}

// `1-2j`; a real one too.
fn complex(of: DType, value: &str) -> Option<Number> {
    let (re, im) = match value.strip_suffix('j') {
        Some(both) => both.split_at(both.rfind(['+', '-']).filter(|k| *k > 0).unwrap_or(0)),
        None => (value, "0"),
    };
    let re = if re.is_empty() { 0.0 } else { re.parse().ok()? };
    crate::complex::cast(of, re, im.parse().ok()?).map(|s| s.number(of))
}

/// Term in its written form, put behind other terms.
pub fn term(sexp: &Sexp, terms: &mut RecExpr<Node>, leaf: &mut dyn FnMut(&str) -> Option<Node>) -> Result<Id, (Place, String)> {
    let node = match sexp {
        Sexp::Word(at, word) => attribute(word).map(Node::Attribute).or_else(|| number(word).map(Node::Number)).or_else(|| leaf(word)).ok_or_else(|| (*at, format!("`{word}` is no leaf, number or attribute")))?,
        Sexp::List(_, list) => {
            let operator = head(sexp)?;
            let children = list[1..].iter().map(|s| term(s, terms, leaf)).collect::<Result<_, _>>()?;
            Node::Apply(operator, children)
        }
    };
    Ok(terms.add(node))
}

/// Operator that a list begins with; its operands are as many as it takes.
pub fn head(sexp: &Sexp) -> Result<Operator, (Place, String)> {
    let Sexp::List(at, list) = sexp else { return Err((sexp.place(), "an operator in parentheses is expected".into())) };
    let Some(Sexp::Word(at, name)) = list.first() else { return Err((*at, "the name of an operator is expected behind `(`".into())) };
    let operator = Operator::named(name).ok_or_else(|| (*at, format!("there is no operator `{name}`{}", suggestion(name))))?;
    match operator.row().arity {
        Some(n) if n != list.len() - 1 => Err((*at, format!("`{name}` takes {n} operands, not {}", list.len() - 1))),
        _ => Ok(operator),
    }
}

fn suggestion(name: &str) -> String {
    let near = Operator::all().map(|o| o.row().name).find(|n| n.eq_ignore_ascii_case(name) || n.len() > 2 && (n.starts_with(name) || name.starts_with(n)));
    near.map_or_else(String::new, |n| format!("; `{n}` is one"))
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = numbra_abi::dtype::ROWS.iter().find(|r| r.dtype == self.dtype).map_or("?", |r| r.name);
        write!(f, "{}:{name}", Plain(self))
    }
}

/// A number without its type.
pub struct Plain<'n>(pub &'n Number);

impl fmt::Display for Plain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.scalar() {
            Some(Scalar::Bool(b)) => write!(f, "{b}"),
            Some(Scalar::Int(i)) => write!(f, "{i}"),
            Some(Scalar::F32(x)) => write!(f, "{x:?}"),
            Some(Scalar::F64(x)) => write!(f, "{x:?}"),
            Some(Scalar::C64(c)) => write!(f, "{:?}{:+?}j", c.0, c.1),
            Some(Scalar::C128(c)) => write!(f, "{:?}{:+?}j", c.0, c.1),
            None => self.0.bytes.iter().rev().try_for_each(|b| write!(f, "{b:02x}")),
        }
    }
}

impl fmt::Display for Attribute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Attribute::Axis(k) => write!(f, "#{k}"),
            Attribute::All => write!(f, "#all"),
            Attribute::DType(d) => match numbra_abi::dtype::ROWS.iter().find(|r| r.dtype == *d) {
                Some(row) => write!(f, "#{}", row.name),
                None => write!(f, "#{d:?}"),
            },
            Attribute::Permutation(p) => write!(f, "#perm({})", p.iter().map(|a| a.to_string()).collect::<Vec<_>>().join(",")),
            Attribute::Symbol(s) => write!(f, "#@{s}"),
        }
    }
}

impl fmt::Display for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Node::Leaf(k) => write!(f, "${k}"),
            Node::Number(n) => write!(f, "{n}"),
            Node::Attribute(a) => write!(f, "{a}"),
            Node::Apply(o, _) => write!(f, "{}", o.row().name),
        }
    }
}

/// A term of a list as an S-expression.
pub struct Written<'t>(pub &'t [Node], pub Id);

impl fmt::Display for Written<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let node = &self.0[usize::from(self.1)];
        match node {
            Node::Apply(_, children) => {
                write!(f, "({node}")?;
                children.iter().try_for_each(|c| write!(f, " {}", Written(self.0, *c)))?;
                write!(f, ")")
            }
            _ => write!(f, "{node}"),
        }
    }
}
