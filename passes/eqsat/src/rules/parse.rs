//! Rule files: a head line and indented lines for each rule.
use super::{Rule, RuleError, Set, Shape, condition};
use crate::{
    flags::FastMath,
    language::Node,
    operators::{self, Class, Operator},
    text::{self, Place, Sexp},
};
use egg::{ENodeOrVar, Id, Pattern, PatternAst, RecExpr, Var};

/// Result, or what is wrong and where.
pub type Fail<T> = Result<T, (Place, String)>;

/// Lines that belong to a rule: number, indentation, text.
pub type Lines<'t> = Vec<(usize, usize, &'t str)>;

/// All rules of a file, or all that is wrong in it.
pub fn file(text: &str, file: &str) -> Result<Vec<Rule>, Vec<RuleError>> {
    let (mut rules, mut errors): (Vec<Rule>, Vec<RuleError>) = (vec![], vec![]);
    let error = |(place, reason): (Place, String)| RuleError { file: file.into(), line: place.0, column: place.1, reason };
    for block in blocks(text) {
        match block.and_then(|b| read(&b)?.rules(file)) {
            Ok(new) => {
                for r in new {
                    match rules.iter().find(|o| o.name == r.name) {
                        Some(o) => errors.push(error(((r.line, 1), format!("the name `{}` is taken by the rule of line {}", r.name, o.line)))),
                        None => rules.push(r),
                    }
                }
            }
            Err(e) => errors.push(error(e)),
        }
    }
    if errors.is_empty() { Ok(rules) } else { Err(errors) }
}

/// The lines of each rule.
pub fn blocks(text: &str) -> Vec<Fail<Lines<'_>>> {
    let mut all: Vec<Fail<Lines>> = vec![];
    for (k, line) in text.lines().enumerate() {
        let trimmed = line.trim();
        if trimmed.is_empty() || trimmed.starts_with("# ") || trimmed == "#" {
            continue;
        }
        let indent = line.chars().take_while(|c| c.is_whitespace()).count();
        match all.last_mut() {
            Some(Ok(block)) if indent > 0 => block.push((k + 1, indent, trimmed)),
            Some(Err(_)) if indent > 0 => {}
            None if indent > 0 => all.push(Err(((k + 1, indent + 1), "a rule begins at the left margin: `name: LEFT => RIGHT`".into()))),
            _ => all.push(Ok(vec![(k + 1, 0, trimmed)])),
        }
    }
    all
}

/// What the indented lines of a rule say.
#[derive(Default)]
struct Body<'t> {
    each: Option<(String, Vec<Operator>)>,
    when: Vec<(Place, &'t str)>,
    needs: Option<FastMath>,
    same_errors: bool,
    complex: bool,
    drops: Vec<Var>,
    example: Vec<(Place, &'t str)>,
}

/// A rule as it is written: one for each operator and direction comes of it.
pub struct Block<'t> {
    line: usize,
    name: &'t str,
    left: (Sexp, &'t str),
    right: (Sexp, &'t str),
    both: bool,
    body: Body<'t>,
}

/// Reads the lines of a rule.
pub fn read<'t>(block: &[(usize, usize, &'t str)]) -> Fail<Block<'t>> {
    let (line, _, head) = block[0];
    let (name, sides) = head.split_once(": ").ok_or(((line, 1), "a rule begins with `name: LEFT => RIGHT`".to_string()))?;
    if let Some(bad) = name.find(|c: char| !(c.is_ascii_alphanumeric() || "-_.".contains(c))) {
        return Err(((line, bad + 1), "the name of a rule has letters, digits, `-`, `_` and `.`".into()));
    }
    let (left, rest) = text::read(sides, (line, name.len() + 3))?;
    let behind = head.len() - rest.trim_start().len();
    let (arrow, both) = if rest.trim_start().starts_with("<=>") { ("<=>", true) } else { ("=>", false) };
    let right_text = rest.trim_start().strip_prefix(arrow).ok_or(((line, behind + 1), "`=>` or `<=>` is expected here".to_string()))?;
    let (right, rest) = text::read(right_text, (line, behind + arrow.len() + 1))?;
    if !rest.trim().is_empty() {
        return Err(((line, head.len() - rest.trim_start().len() + 1), "nothing is expected behind the right side".into()));
    }
    let left_text = sides[..behind - name.len() - 2].trim();
    Ok(Block { line, name, left: (left, left_text), right: (right, right_text.trim()), both, body: body(&block[1..], line)? })
}

impl Block<'_> {
    /// All rules that come of it.
    fn rules(&self, family: &str) -> Fail<Vec<Rule>> {
        let mut all = vec![];
        for operator in self.operators() {
            all.push(self.rule(operator, false, family)?);
            if self.both {
                all.push(self.rule(operator, true, family)?);
            }
        }
        Ok(all)
    }

    fn operators(&self) -> Vec<Option<Operator>> {
        self.body.each.as_ref().map_or(vec![None], |(_, list)| list.iter().copied().map(Some).collect())
    }

    /// The rule for an operator, from left to right or back.
    pub fn rule(&self, operator: Option<Operator>, back: bool, family: &str) -> Fail<Rule> {
        let named = operator.zip(self.body.each.as_ref()).map(|(o, (letter, _))| (letter.as_str(), o));
        let suffix = named.map_or_else(String::new, |(_, o)| format!("[{}]", o.row().name));
        let (from, to) = if back { (&self.right, &self.left) } else { (&self.left, &self.right) };
        let name = format!("{}{}{suffix}", self.name, if back { "-back" } else { "" });
        one_rule(&self.body, (&from.0, from.1), (&to.0, to.1), name, named, family, self.line)
    }
}

fn body<'t>(lines: &[(usize, usize, &'t str)], head: usize) -> Fail<Body<'t>> {
    let mut body = Body::default();
    for (line, indent, text) in lines {
        let (key, rest) = text.split_once(' ').unwrap_or((text, ""));
        let place = (*line, indent + key.len() + 2);
        match key {
            "for" => {
                let (letter, list) = rest.split_once(" in ").ok_or((place, "`for f in add sub` is expected".to_string()))?;
                body.each = Some((letter.trim().into(), operators(place, list)?));
            }
            "when" => body.when.push((place, rest)),
            "exact" => body.needs = Some(FastMath::NONE),
            "needs" => {
                let mut flags = body.needs.unwrap_or_default();
                for flag in rest.split_whitespace() {
                    flags = flags.with(FastMath::named(flag).ok_or_else(|| (place, format!("`{flag}` is no fast-math flag; those are reassoc, contract, arcp, nnan, ninf, nsz, afn")))?);
                }
                body.needs = Some(flags);
            }
            "errors" if rest == "same" => body.same_errors = true,
            "complex" if rest.is_empty() => body.complex = true,
            "drops" => body.drops.extend(rest.split_whitespace().map(|v| variable(place, v)).collect::<Fail<Vec<_>>>()?),
            "example" => body.example.push((place, rest)),
            _ => return Err(((*line, indent + 1), format!("`{key}` is none of: for, when, exact, needs, complex, errors same, drops, example"))),
        }
    }
    if body.needs.is_none() {
        return Err(((head, 1), "the rule says neither `exact` nor which fast-math flags it `needs`".into()));
    }
    Ok(body)
}

/// Operators by name; `unary`, `binary` and `compare` are all of that kind.
pub fn operators(place: Place, list: &str) -> Fail<Vec<Operator>> {
    let mut all = vec![];
    for name in list.split_whitespace() {
        let kind = |arity| Operator::all().filter(move |o| o.class() == Class::Element && o.row().arity == Some(arity) && !matches!(*o, operators::CAST | operators::FITTED));
        match name {
            "unary" => all.extend(kind(1)),
            "binary" => all.extend(kind(2)),
            _ => all.push(Operator::named(name).ok_or_else(|| (place, format!("there is no operator `{name}`")))?),
        }
    }
    Ok(all)
}

/// A variable in its written form.
pub fn variable(place: Place, word: &str) -> Fail<Var> {
    if word.len() < 2 || !word.starts_with('?') || word.starts_with("?#") {
        return Err((place, format!("`{word}` is no variable: those begin with `?`")));
    }
    word.parse().map_err(|_| (place, format!("`{word}` is no variable")))
}

/// A side of a rule while it is read.
struct Side<'a> {
    nodes: RecExpr<ENodeOrVar<Node>>,
    numbers: Vec<(Var, f64)>,
    operator: Option<(&'a str, Operator)>,
    first_number: u32,
}

impl Side<'_> {
    fn add(&mut self, sexp: &Sexp) -> Fail<Id> {
        let node = match sexp {
            Sexp::Word(at, word) if word.starts_with('?') => ENodeOrVar::Var(variable(*at, word)?),
            Sexp::Word(at, word) => match text::attribute(word).map(Node::Attribute) {
                Some(n) => ENodeOrVar::ENode(n),
                None => {
                    let value = match word.as_str() {
                        "true" => 1.0,
                        "false" => 0.0,
                        _ => word.parse::<f64>().map_err(|_| (*at, format!("`{word}` is no variable, number or attribute")))?,
                    };
                    let var = Var::from_u32(self.first_number + self.numbers.len() as u32);
                    self.numbers.push((var, value));
                    ENodeOrVar::Var(var)
                }
            },
            Sexp::List(at, list) => {
                let operator = match (list.first(), self.operator) {
                    (Some(Sexp::Word(_, name)), Some((letter, o))) if name == letter => match o.row().arity {
                        Some(n) if n != list.len() - 1 => return Err((*at, format!("`{}` takes {n} operands, not {}", o.row().name, list.len() - 1))),
                        _ => o,
                    },
                    _ => text::head(sexp)?,
                };
                ENodeOrVar::ENode(Node::Apply(operator, list[1..].iter().map(|s| self.add(s)).collect::<Fail<_>>()?))
            }
        };
        Ok(self.nodes.add(node))
    }
}

fn one_rule(body: &Body, left: (&Sexp, &str), right: (&Sexp, &str), name: String, operator: Option<(&str, Operator)>, family: &str, line: usize) -> Fail<Rule> {
    let mut l = Side { nodes: RecExpr::default(), numbers: vec![], operator, first_number: 1000 };
    l.add(left.0)?;
    let mut r = Side { nodes: RecExpr::default(), numbers: vec![], operator, first_number: 2000 };
    r.add(right.0)?;
    if matches!(l.nodes.last(), Some(ENodeOrVar::Var(_)) | None) {
        return Err((left.0.place(), "the left side is an operator, not a variable".into()));
    }
    let conditions = body.when.iter().map(|(p, t)| condition::parse(*p, t)).collect::<Fail<Vec<_>>>()?.concat();
    let (l_vars, r_vars) = (vars(&l.nodes), vars(&r.nodes));
    let mut bound = l_vars.clone();
    for c in &conditions {
        if let Some(v) = c.reads().find(|v| !bound.contains(v)) {
            return Err((c.place, format!("`{v}` is not on the left side")));
        }
        bound.extend(c.binds());
    }
    if let Some(v) = r_vars.iter().find(|v| !bound.contains(v) && !r.numbers.iter().any(|(n, _)| n == *v)) {
        return Err((right.0.place(), format!("`{v}` is not on the left side and is computed by no condition")));
    }
    let shape = shape(&l.nodes, &r.nodes, &l_vars, &r_vars, &l.numbers);
    let mut example = vec![];
    for (place, text) in &body.example {
        example.extend(bindings(*place, text)?);
    }
    let shown = |text: &str| operator.map_or_else(|| text.to_string(), |(letter, o)| text.replace(&format!("({letter} "), &format!("({} ", o.row().name)));
    Ok(Rule {
        name,
        family: family.into(),
        line,
        left_text: shown(left.1),
        right_text: shown(right.1),
        condition_text: body.when.iter().map(|(_, t)| *t).collect::<Vec<_>>().join(", "),
        left: Pattern::new(l.nodes),
        right: r.nodes,
        left_numbers: l.numbers,
        right_numbers: r.numbers,
        conditions,
        needs: body.needs.unwrap_or_default(),
        same_errors: body.same_errors,
        complex: body.complex,
        drops: body.drops.clone(),
        example,
        shape,
    })
}

fn vars(ast: &PatternAst<Node>) -> Vec<Var> {
    let mut all: Vec<Var> = vec![];
    for node in ast.iter() {
        if let ENodeOrVar::Var(v) = node
            && !all.contains(v)
        {
            all.push(*v);
        }
    }
    all
}

fn shape(left: &PatternAst<Node>, right: &PatternAst<Node>, l_vars: &[Var], r_vars: &[Var], numbers: &[(Var, f64)]) -> Shape {
    let operators = |ast: &PatternAst<Node>| ast.iter().filter_map(|n| if let ENodeOrVar::ENode(Node::Apply(o, _)) = n { Some(*o) } else { None }).collect::<Vec<_>>();
    let (l, r) = (operators(left), operators(right));
    let mut set = Set::default();
    l.iter().for_each(|o| set.insert(*o));
    let all = || l.iter().chain(&r);
    Shape {
        operators: set,
        vanishing: l_vars.iter().filter(|v| !r_vars.contains(v)).copied().collect(),
        element_wise: all().all(|o| o.class() == Class::Element),
        any_elements: numbers.is_empty() && all().all(|o| matches!(o.class(), Class::View | Class::Special)),
    }
}

/// `x: float64[n], k: #1`: terms for variables.
fn bindings(place: Place, text: &str) -> Fail<Vec<(Var, Sexp)>> {
    let mut all = vec![];
    let mut rest = text;
    while !rest.trim().is_empty() {
        let at = (place.0, place.1 + text.len() - rest.len());
        let (name, behind) = rest.split_once(':').ok_or((at, "`x: float64[n]` is expected".to_string()))?;
        let behind = behind.trim_start();
        let (mut sexp, mut tail) = text::read(behind, (place.0, place.1 + text.len() - behind.len()))?;
        if let Sexp::Word(_, word) = &mut sexp
            && word.ends_with(',')
        {
            word.pop();
        } else {
            tail = tail.trim_start().strip_prefix(',').unwrap_or(tail);
        }
        all.push((variable(at, &format!("?{}", name.trim()))?, sexp));
        rest = tail;
    }
    Ok(all)
}
