//! `"...".format(...)` and `"..." % ...`: templates that are known when the function is compiled, as formatted strings.
//!
//! Both are read into the pieces that a formatted string has, so that values are shown and specifications checked in one way. What `%` says in letters of its own is
//! said as a format specification.
use super::{formatting::{Shown, formatted}, strings::constant, texts};
use crate::infer::{
    arithmetic::elements,
    call::Arguments,
    engine::Engine,
    expr::{Expr, Typed, Typing},
    problem::Problem,
    source::Op,
    val::Val,
};
use crate::catalog::{self, Arg};
use numbra_abi::dtype::Kind;
use numbra_dialects::Code;

/// A value in a template, and the text that follows.
struct Piece {
    arg: Arg,
    conversion: String,
    spec: Option<Arg>,
    text: String,
}

/// The method that fills in a template.
pub const FORMAT: &str = "str.format";

fn refuse(message: impl Into<String>) -> Box<Problem> {
    Problem::new(Code::NB0201, message)
}

fn literal(text: &str) -> Arg {
    let val = Val::string(text);
    Arg { expr: Expr::constant(val.clone()), val, position: 0 }
}

fn joined(first: &str, pieces: &[Piece]) -> Typing {
    let values: Vec<(Shown, &str)> = pieces.iter().map(|p| (Shown { arg: &p.arg, conversion: &p.conversion, spec: p.spec.as_ref() }, p.text.as_str())).collect();
    formatted(first, &values)
}

/// `template.format(...)`; the first argument is the template.
pub fn format(engine: &mut Engine, instance: usize, op: &Op, arguments: &Arguments) -> Result<Option<Typed>, Box<Problem>> {
    let Some(((_, template), rest)) = arguments.split_first() else { return Err(refuse("`format` without a template")) };
    let Some(text) = constant(&template.val) else {
        return Err(refuse("the template of `format` is known only at run time").at(template.position).help("write the template where it is used, or a formatted string: f\"{x:.3f}\""));
    };
    let (first, mut pieces) = Fields { arguments: rest, next: Some(0), numbered: false }.pieces(text, 2)?;
    for piece in &mut pieces {
        match texts::in_place(engine, instance, op, &piece.arg, &piece.conversion, piece.spec.is_some())? {
            texts::Place::Text(arg) => (piece.arg, piece.conversion) = (arg, String::new()),
            texts::Place::Kept => {}
            texts::Place::Unknown => return Ok(None),
        }
    }
    joined(&first, &pieces).map(Some)
}

/// The arguments of `format`, and how far fields without a number have come.
struct Fields<'k, 'a> {
    arguments: &'a [(Option<&'k str>, Arg)],
    /// The next field's argument; none where fields have numbers
    next: Option<usize>,
    numbered: bool,
}

impl Fields<'_, '_> {
    // Specifications have fields too, whose specifications have none.
    fn formatted(&mut self, text: &str, depth: usize) -> Typing {
        let (first, pieces) = self.pieces(text, depth)?;
        joined(&first, &pieces)
    }

    fn pieces(&mut self, text: &str, depth: usize) -> Result<(String, Vec<Piece>), Box<Problem>> {
        let (mut first, mut pieces): (String, Vec<Piece>) = (String::new(), vec![]);
        let chars: Vec<char> = text.chars().collect();
        let mut i = 0;
        while i < chars.len() {
            match (chars[i], chars.get(i + 1)) {
                ('{', Some('{')) | ('}', Some('}')) if depth == 2 => {
                    pieces.last_mut().map_or(&mut first, |p| &mut p.text).push(chars[i]);
                    i += 2;
                }
                ('{', _) => {
                    let end = closing(&chars, i).ok_or_else(|| refuse(if i + 1 == chars.len() { "Single '{' encountered in format string" } else { "expected '}' before end of string" }))?;
                    pieces.push(self.field(&chars[i + 1..end], depth)?);
                    i = end + 1;
                }
                ('}', _) => return Err(refuse("Single '}' encountered in format string")),
                (c, _) => {
                    pieces.last_mut().map_or(&mut first, |p| &mut p.text).push(c);
                    i += 1;
                }
            }
        }
        Ok((first, pieces))
    }

    fn field(&mut self, field: &[char], depth: usize) -> Result<Piece, Box<Problem>> {
        if depth == 0 {
            return Err(refuse("Max string recursion exceeded"));
        }
        let end = field.iter().position(|c| matches!(c, '!' | ':')).unwrap_or(field.len());
        let name: String = field[..end].iter().collect();
        let mut rest = &field[end..];
        let mut conversion = String::new();
        if let ['!', after @ ..] = rest {
            let [c @ ('r' | 's' | 'a'), after @ ..] = after else { return Err(refuse("a conversion in a replacement field is `!r`, `!s` or `!a`")) };
            conversion.push(*c);
            rest = after;
        }
        let spec = match rest {
            [] | [':'] => None,
            [':', spec @ ..] => {
                let text: String = spec.iter().collect();
                Some(text)
            }
            _ => return Err(refuse("expected ':' after conversion specifier")),
        };
        let arg = self.named(&name)?;
        let spec = match spec {
            Some(text) if text.contains(['{', '}']) => {
                Some(Arg::of(self.formatted(&text, depth - 1)?, arg.position))
            }
            Some(text) => Some(Arg { position: arg.position, ..literal(&text) }),
            None => None,
        };
        Ok(Piece { arg, conversion, spec, text: String::new() })
    }

    fn named(&mut self, name: &str) -> Result<Arg, Box<Problem>> {
        if name.contains(['.', '[']) {
            let problem = refuse(format!("the replacement field `{name}` takes its value apart"));
            return Err(problem.help("pass the attribute or element itself, or write a formatted string: f\"{x.real}\""));
        }
        let mixed = || refuse("cannot switch between automatic and manual numbering of replacement fields");
        let at = if name.is_empty() {
            let n = self.next.filter(|_| !self.numbered).ok_or_else(mixed)?;
            self.next = Some(n + 1);
            Some(n)
        } else if let Ok(n) = name.parse::<usize>() {
            if self.next.is_some_and(|n| n > 0) {
                return Err(mixed());
            }
            self.numbered = true;
            Some(n)
        } else {
            None
        };
        let found = match at {
            Some(n) => self.arguments.iter().filter(|a| a.0.is_none()).nth(n),
            None => self.arguments.iter().find(|a| a.0 == Some(name)),
        };
        let missing = || refuse(match at {
            Some(n) => format!("the template has a replacement field for argument {n}, but {} are given", self.arguments.iter().filter(|a| a.0.is_none()).count()),
            None => format!("the template has a replacement field `{name}`, which no argument has as its keyword"),
        });
        found.map(|a| a.1.clone()).ok_or_else(missing)
    }
}

// Where the field that opens at a position closes.
fn closing(chars: &[char], from: usize) -> Option<usize> {
    let mut open = 0;
    for (i, c) in chars.iter().enumerate().skip(from) {
        match c {
            '{' => open += 1,
            '}' => open -= 1,
            _ => {}
        }
        if open == 0 {
            return Some(i);
        }
    }
    None
}

/// `template % values`
pub fn percent(template: &str, values: &Val, expr: &Expr) -> Typing {
    let given: Vec<Arg> = match values {
        Val::Tuple(parts) => elements(expr, parts).zip(parts.iter()).map(|(expr, val)| Arg { expr, val: val.clone(), position: 1 }).collect(),
        v => vec![Arg { val: v.clone(), expr: expr.clone(), position: 1 }],
    };
    let mut given = given.into_iter();
    let (mut first, mut pieces): (String, Vec<Piece>) = (String::new(), vec![]);
    let mut chars = template.chars().peekable();
    while let Some(c) = chars.next() {
        let text = pieces.last_mut().map_or(&mut first, |p| &mut p.text);
        if c != '%' {
            text.push(c);
            continue;
        }
        let mut next_value = || given.next().ok_or_else(|| refuse("not enough arguments for format string"));
        let mut directive = Directive::default();
        while let Some(flag) = chars.next_if(|c| "#0- +".contains(*c)) {
            directive.flags.push(flag);
        }
        directive.width = number(&mut chars, &mut next_value)?;
        if chars.next_if_eq(&'.').is_some() {
            directive.precision = Some(number(&mut chars, &mut next_value)?.unwrap_or(0));
        }
        while chars.next_if(|c| "hlL".contains(*c)).is_some() {}
        match chars.next() {
            Some('%') => text.push('%'),
            Some('(') => return Err(refuse("the template names values of a dictionary").help("use numbers of places: \"%d %s\" % (n, s), or a formatted string")),
            Some(letter) => pieces.push(directive.piece(letter, next_value()?)?),
            None => return Err(refuse("incomplete format")),
        }
    }
    if given.next().is_some() && matches!(values, Val::Tuple(_)) || pieces.is_empty() && !matches!(values, Val::Tuple(_)) {
        return Err(refuse("not all arguments converted during string formatting"));
    }
    joined(&first, &pieces)
}

// A number in a directive: digits, or `*` for one that is a value.
fn number(chars: &mut std::iter::Peekable<std::str::Chars>, value: &mut impl FnMut() -> Result<Arg, Box<Problem>>) -> Result<Option<i64>, Box<Problem>> {
    if chars.next_if_eq(&'*').is_some() {
        return match value()?.val {
            Val::Int(n) => Ok(Some(n)),
            _ => Err(refuse("a width or precision `*` is known only at run time").help("write a formatted string: f\"{x:{width}}\"")),
        };
    }
    let mut digits = String::new();
    while let Some(c) = chars.next_if(char::is_ascii_digit) {
        digits.push(c);
    }
    match digits.parse() {
        Ok(n) => Ok(Some(n)),
        Err(_) if digits.is_empty() => Ok(None),
        Err(_) => Err(refuse("width too big")),
    }
}

/// What stands between `%` and the letter.
#[derive(Default)]
struct Directive {
    flags: String,
    width: Option<i64>,
    precision: Option<i64>,
}

impl Directive {
    fn has(&self, flag: char) -> bool {
        self.flags.contains(flag)
    }

    fn piece(&self, letter: char, arg: Arg) -> Result<Piece, Box<Problem>> {
        let kind = arg.val.dtype().map(|d| d.kind());
        let real = kind.is_some_and(|k| k != Kind::Complex);
        let wanted = |what: &str| refuse(format!("%{letter} format: {what} is required, not {}", arg.val.describe())).at(1);
        let (conversion, arg, spec) = match letter {
            's' => ("s", arg, self.of_text()),
            'r' => ("r", arg, self.of_text()),
            'a' => ("a", arg, self.of_text()),
            'c' if real && kind != Some(Kind::Float) => ("s", called("builtins.chr", arg)?, self.of_text()),
            'c' if constant(&arg.val).is_some_and(|s| s.chars().count() == 1) => ("s", arg, self.of_text()),
            'c' => return Err(wanted("an integer or a constant character")),
            'd' | 'i' | 'u' if real => {
                let whole = if kind == Some(Kind::Float) { called("builtins.int", arg)? } else { arg };
                ("", whole, self.of_number('d')?)
            }
            'd' | 'i' | 'u' => return Err(wanted("a real number")),
            'x' | 'X' | 'o' if real && kind != Some(Kind::Float) => ("", arg, self.of_number(letter)?),
            'x' | 'X' | 'o' => return Err(wanted("an integer")),
            'e' | 'E' | 'f' | 'F' | 'g' | 'G' if real => ("", called("builtins.float", arg)?, self.of_number(letter)?),
            'e' | 'E' | 'f' | 'F' | 'g' | 'G' => return Err(wanted("a real number")),
            c => return Err(refuse(format!("unsupported format character '{c}' (0x{:x})", u32::from(c)))),
        };
        // Nothing but a string is shown by `str` where no width asks for more.
        let spec = Some(spec).filter(|s| !s.is_empty()).map(|s| Arg { position: 1, ..literal(&s) });
        Ok(Piece { arg, conversion: conversion.into(), spec, text: String::new() })
    }

    // Texts stand at the right, and a precision cuts them.
    fn of_text(&self) -> String {
        let width = self.width.filter(|w| *w != 0).map_or(String::new(), |w| format!("{}{}", if self.has('-') || w < 0 { '<' } else { '>' }, w.unsigned_abs()));
        self.precision.map_or(width.clone(), |p| format!("{width}.{}", p.max(0)))
    }

    fn of_number(&self, letter: char) -> Result<String, Box<Problem>> {
        let left = self.has('-') || self.width.is_some_and(|w| w < 0);
        let mut spec = String::new();
        if left {
            spec.push('<');
        }
        spec.extend(if self.has('+') { Some('+') } else if self.has(' ') { Some(' ') } else { None });
        if self.has('#') && letter != 'd' {
            spec.push('#');
        }
        if self.has('0') && !left {
            spec.push('0');
        }
        spec.extend(self.width.filter(|w| *w != 0).map(|w| w.unsigned_abs().to_string()));
        if let Some(p) = self.precision {
            if "dxXo".contains(letter) {
                return Err(refuse("a precision of an integer is not supported").help("use a width with zeros: \"%05d\""));
            }
            spec.push_str(&format!(".{}", p.max(0)));
        }
        spec.push(letter);
        Ok(spec)
    }
}

// A function of the catalogue, called with a value.
fn called(path: &str, arg: Arg) -> Result<Arg, Box<Problem>> {
    let Some(row) = catalog::lookup(path) else { return Err(Problem::new(Code::NB0900, format!("{path} is missing in the catalogue"))) };
    Ok(Arg::of(catalog::apply(row, None, std::iter::once((None, arg)))?, 1))
}
