//! Conditions of rules as they are written, and what they see of the variables. Their meanings are rows of [`super::vocabulary`].
use super::{
    parse::variable,
    vocabulary::{ASK, COMPUTE},
};
use crate::{
    facts::{Dim, Facts, Kind},
    language::{Attribute, Node},
    scalar::Scalar,
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
    /// Facts, of a variable.
    pub fn facts(self) -> Option<&'f Facts> {
        if let Known::Facts(f) = self { Some(f) } else { None }
    }

    /// The value known of it.
    pub fn number(self) -> Option<Scalar> {
        self.facts()?.value?.scalar()
    }

    /// Lengths of the axes.
    pub fn dims(self) -> Option<&'f [Dim]> {
        self.facts()?.dims()
    }

    /// Type of the elements.
    pub fn dtype(self) -> Option<DType> {
        self.facts()?.dtype()
    }

    /// The axis that it is.
    pub fn axis(self) -> Option<usize> {
        self.facts()?.axis()
    }

    /// The permutation that it is.
    pub fn permutation(self) -> Option<&'f [u8]> {
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
