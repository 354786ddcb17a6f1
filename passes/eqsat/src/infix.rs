//! Terms as Python would write them, for people.
use crate::{
    language::{Attribute, Node},
    operators::*,
    text::Plain,
};
use egg::Id;
use numbra_abi::DType;
use std::fmt;

/// A term of a list in Python's notation; leaves by their names.
pub struct Infix<'t> {
    /// All terms
    pub terms: &'t [Node],
    /// The one to write
    pub root: Id,
    /// Names of leaves; those without are `v0`, `v1`, ...
    pub names: &'t [String],
}

/// Terms with more operators than this have names for the parts that they use several times.
const LONG: usize = 20;

impl fmt::Display for Infix<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shared = self.shared();
        let mut names: Vec<String> = (0..self.terms.len()).map(|_| String::new()).collect();
        let free = (1..).map(|k| format!("t{k}")).filter(|name| !self.names.contains(name));
        // The parts that come first in the text have the first names, so that each is told before what it is made of.
        shared.iter().rev().zip(free).for_each(|(id, name)| names[usize::from(*id)] = name);
        let writer = Writer { infix: self, parts: &names };
        f.write_str(&writer.text(self.root, 0))?;
        for (k, id) in shared.iter().rev().enumerate() {
            write!(f, "{} {} = {}", if k == 0 { " where" } else { "," }, names[usize::from(*id)], writer.apply(*id, 0))?;
        }
        Ok(())
    }
}

impl Infix<'_> {
    // Parts of a long term that it uses several times, operands first.
    fn shared(&self) -> Vec<Id> {
        let end = usize::from(self.root) + 1;
        let (mut uses, mut sizes) = (vec![0usize; end], vec![0usize; end]);
        for (k, node) in self.terms[..end].iter().enumerate() {
            if let Node::Apply(_, children) = node {
                sizes[k] = children.iter().fold(1, |n, c| n.saturating_add(sizes[usize::from(*c)]));
            }
        }
        if sizes[end - 1] <= LONG {
            return vec![];
        }
        uses[end - 1] = 1;
        for k in (0..end).rev().filter(|k| !matches!(self.terms[*k], Node::Leaf(_) | Node::Number(_))) {
            if let Node::Apply(_, children) = &self.terms[k] {
                children.iter().filter(|_| uses[k] > 0).map(|c| usize::from(*c)).collect::<Vec<_>>().into_iter().for_each(|c| uses[c] += 1);
            }
        }
        (0..end - 1).filter(|k| uses[*k] > 1 && sizes[*k] > 1).map(Id::from).collect()
    }
}

/// Writes a term; parts that have names are written as these.
struct Writer<'i, 't> {
    infix: &'i Infix<'t>,
    parts: &'i [String],
}

/// Python's precedence of an operator: higher binds tighter.
fn precedence(operator: Operator) -> Option<u8> {
    Some(match operator {
        EQ | NE | LT | LE | GT | GE => 1,
        OR => 2,
        XOR => 3,
        AND => 4,
        SHL | SHR => 5,
        ADD | SUB => 6,
        MUL | TRUEDIV | FLOORDIV | MOD | MATMUL => 7,
        NEG | NOT | INVERT => 8,
        POW => 9,
        _ => return None,
    })
}

impl Writer<'_, '_> {
    fn text(&self, id: Id, outer: u8) -> String {
        let name = &self.parts[usize::from(id)];
        if name.is_empty() { self.apply(id, outer) } else { name.clone() }
    }

    fn apply(&self, id: Id, outer: u8) -> String {
        let (operator, c) = match &self.infix.terms[usize::from(id)] {
            Node::Leaf(k) => return self.infix.names.get(*k as usize).cloned().unwrap_or_else(|| format!("v{k}")),
            Node::Number(n) if n.dtype == DType::Bool => return if n.as_integer() == Some(0) { "False".into() } else { "True".into() },
            Node::Number(n) => {
                let text = Plain(n).to_string();
                return in_parentheses(text.starts_with('-') && outer > 8 || text.ends_with('j'), text);
            }
            Node::Attribute(a) => return plain(a),
            Node::Apply(o, c) => (*o, c.as_slice()),
        };
        let name = operator.row().python;
        if let Some(own) = precedence(operator) {
            let text = match c {
                [x] => format!("{name}{}", self.text(*x, own)),
                // `**` groups to the right, comparisons not at all.
                _ => format!("{} {name} {}", self.text(c[0], own + (own == 1 || own == 9) as u8), self.text(c[1], own + (own != 9) as u8)),
            };
            return in_parentheses(own < outer, text);
        }
        let all = |list: &[Id]| list.iter().map(|c| self.text(*c, 0)).collect::<Vec<_>>().join(", ");
        match (operator, c) {
            (CAST, [d, x]) => format!("{}.astype(np.{})", self.text(*x, 10), self.text(*d, 0)),
            (CALL, [symbol, _, rest @ ..]) => format!("{}({})", self.text(*symbol, 0), all(rest)),
            (SLICE, [k, a, b, s, x]) => {
                let step = if self.left_out(*s) { String::new() } else { format!(":{}", self.part(*s)) };
                format!("{}[{}{}:{}{step}]", self.text(*x, 10), self.axes_before(*k), self.part(*a), self.part(*b))
            }
            (INDEX, [k, i, x]) => format!("{}[{}{}]", self.text(*x, 10), self.axes_before(*k), self.text(*i, 0)),
            (EXPAND, [k, x]) => format!("{}[{}None]", self.text(*x, 10), self.axes_before(*k)),
            (PERMUTE, [p, x]) if matches!(&self.infix.terms[usize::from(*p)], Node::Attribute(Attribute::Permutation(p)) if p.iter().rev().enumerate().all(|(k, a)| k == *a as usize)) => format!("{}.T", self.text(*x, 10)),
            (TRACE_OF_PRODUCT, [a, b]) => format!("np.sum({} * {}.T)", self.text(*a, 7), self.text(*b, 10)),
            (CHAIN, _) => format!("{name}(({}))", all(c)),
            (TUPLE, [x]) => format!("({},)", self.text(*x, 0)),
            (TUPLE, _) => format!("({})", all(c)),
            (ITEM | GETITEM, [k, t]) => format!("{}[{}]", self.text(*t, 10), self.text(*k, 0)),
            (SIZE, [x]) => format!("{}.size", self.text(*x, 10)),
            (FIRST | SPREAD, [x, y]) => format!("np.broadcast_arrays({}, {})[0]", self.text(*x, 0), self.text(*y, 0)),
            // It is the array itself.
            (FITTED, [_, x]) => self.text(*x, outer),
            (COMPRESS, [x, m]) => format!("{}[{}]", self.text(*x, 10), self.text(*m, 0)),
            (DIM, [k, x]) => format!("{}.shape[{}]", self.text(*x, 10), self.text(*k, 0)),
            (CONTAINS, [x, t]) => in_parentheses(outer > 1, format!("{} in {}", self.text(*x, 2), self.text(*t, 2))),
            (CONCATENATE, [k, x, y]) => format!("{name}(({}, {}), axis={})", self.text(*x, 0), self.text(*y, 0), self.text(*k, 0)),
            (BROADCAST, [s, x]) if matches!(self.infix.terms[usize::from(*x)], Node::Number(_)) => format!("np.full({}, {})", self.text(*s, 0), self.text(*x, 0)),
            (RESHAPE | BROADCAST, [s, x]) => format!("{name}({}, {})", self.text(*x, 0), self.text(*s, 0)),
            (_, [k, x]) if matches!(operator.class(), Class::Reduce | Class::Scan | Class::View) => match self.infix.terms[usize::from(*k)] {
                Node::Attribute(Attribute::All) => format!("{name}({})", self.text(*x, 0)),
                _ => format!("{name}({}, axis={})", self.text(*x, 0), self.text(*k, 0)),
            },
            _ => format!("{name}({})", all(c)),
        }
    }

    fn left_out(&self, id: Id) -> bool {
        self.infix.terms[usize::from(id)] == Node::Attribute(Attribute::All)
    }

    fn part(&self, id: Id) -> String {
        if self.left_out(id) { String::new() } else { self.text(id, 0) }
    }

    fn axes_before(&self, axis: Id) -> String {
        match self.infix.terms[usize::from(axis)] {
            Node::Attribute(Attribute::Axis(k)) => ":, ".repeat(k as usize),
            _ => String::new(),
        }
    }
}

fn in_parentheses(yes: bool, text: String) -> String {
    if yes { format!("({text})") } else { text }
}

fn plain(a: &Attribute) -> String {
    match a {
        Attribute::Permutation(p) => format!("({})", p.iter().map(|a| a.to_string()).collect::<Vec<_>>().join(", ")),
        Attribute::Symbol(s) => s.clone(),
        _ => a.to_string().trim_start_matches('#').to_string(),
    }
}
