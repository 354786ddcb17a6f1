//! `match`: each pattern becomes tests that go to the next case where they fail. What a pattern binds is assigned when all of it has matched.
use super::{function::Builder, ir::{BlockId, Literal, Op, Terminator, Val, Var}, unsupported};
use crate::host::Value;
use crate::infer::objects::structs;
use crate::source::deeper;
use numbra_dialects::{Code, Diagnostic, py::CompareKind};
use ruff_python_ast::{Identifier, Pattern, PatternMatchClass, PatternMatchSequence, Singleton, StmtMatch};
use ruff_text_size::{Ranged, TextRange};

/// Names to bind, with their values.
type Bindings<'a> = Vec<(&'a Identifier, Val)>;

/// How many elements a sequence pattern can match; -1 where the subject is no sequence.
pub const SEQUENCE_LENGTH: &str = "numbra.intrinsics.sequence_length";
/// What a starred pattern takes.
const REST: &str = "numbra.intrinsics.rest";

/// Builtin classes whose only positional pattern is matched with the object itself.
const ITSELF: &[&str] = &["builtins.bool", "builtins.float", "builtins.int", "builtins.list", "builtins.str", "builtins.tuple"];

impl<'a> Builder<'a, '_> {
    /// A `match` statement.
    pub fn match_statement(&mut self, s: &'a StmtMatch) {
        let subject = self.expression(&s.subject);
        let join = self.body.block();
        for case in &s.cases {
            let next = self.body.block();
            let mut bindings = vec![];
            self.pattern(&case.pattern, subject, next, &mut bindings);
            for (name, value) in bindings {
                self.assign_name(name, name.range, value);
            }
            if let Some(guard) = &case.guard {
                let yes = self.body.block();
                self.condition(guard, yes, next);
                self.body.begin(yes);
            }
            self.statements(&case.body);
            self.body.end(Terminator::Br(join), case.body.last().map_or(case.range, |s| s.range()));
            self.body.begin(next);
        }
        self.go(join, s.range);
    }

    /// Goes on where the pattern matches, to `fail` where it does not.
    fn pattern(&mut self, p: &'a Pattern, subject: Val, fail: BlockId, bindings: &mut Bindings<'a>) {
        let range = p.range();
        match p {
            Pattern::MatchValue(v) => {
                let value = self.expression(&v.value);
                self.test(Op::Compare(CompareKind::Eq, subject, value), fail, range);
            }
            Pattern::MatchSingleton(s) => {
                let value = self.constant(match s.value {
                    Singleton::None => Literal::None,
                    Singleton::True => Literal::Bool(true),
                    Singleton::False => Literal::Bool(false),
                }, range);
                self.test(Op::Compare(CompareKind::Is, subject, value), fail, range);
            }
            Pattern::MatchAs(a) => {
                if let Some(inner) = &a.pattern {
                    deeper(|| self.pattern(inner, subject, fail, bindings));
                }
                bindings.extend(a.name.as_ref().map(|name| (name, subject)));
            }
            Pattern::MatchOr(or) => self.alternatives(&or.patterns, subject, fail, bindings, range),
            Pattern::MatchSequence(s) => deeper(|| self.sequence(s, subject, fail, bindings)),
            Pattern::MatchClass(c) => deeper(|| self.class(c, subject, fail, bindings)),
            Pattern::MatchMapping(_) | Pattern::MatchStar(_) => {
                let (message, label, help) = unsupported::MAPPING_PATTERN;
                let place = self.span(range);
                self.error(Diagnostic::error(Code::NB0100, place.clone(), message).label(place, label).help(help));
            }
        }
    }

    fn test(&mut self, op: Op, fail: BlockId, range: TextRange) {
        let yes = self.body.block();
        let value = self.push(op, range);
        self.branch(value, yes, fail, range);
        self.body.begin(yes);
    }

    fn alternatives(&mut self, patterns: &'a [Pattern], subject: Val, fail: BlockId, bindings: &mut Bindings<'a>, range: TextRange) {
        let matched = self.body.block();
        // All alternatives bind the same names.
        let mut names: Vec<(&'a Identifier, Var)> = vec![];
        for (i, p) in patterns.iter().enumerate() {
            let next = if i + 1 == patterns.len() { fail } else { self.body.block() };
            let mut own = vec![];
            deeper(|| self.pattern(p, subject, next, &mut own));
            for (name, value) in own {
                let variable = match names.iter().find(|n| n.0.id == name.id) {
                    Some(known) => known.1,
                    None => {
                        let variable = self.body.temporary();
                        names.push((name, variable));
                        variable
                    }
                };
                self.body.write(variable, value);
            }
            self.body.end(Terminator::Br(matched), p.range());
            if next != fail {
                self.body.begin(next);
            }
        }
        self.body.begin(matched);
        for (name, variable) in names {
            let value = self.body.read(variable, range);
            bindings.push((name, value));
        }
    }

    fn sequence(&mut self, p: &'a PatternMatchSequence, subject: Val, fail: BlockId, bindings: &mut Bindings<'a>) {
        let star = p.patterns.iter().position(Pattern::is_match_star);
        let least = p.patterns.len() - usize::from(star.is_some());
        let callee = self.push(Op::Entity(SEQUENCE_LENGTH.into()), p.range);
        let length = self.push(Op::Call { callee, arguments: [subject].into_iter().collect(), keywords: vec![] }, p.range);
        let wanted = self.constant(Literal::Int(least as i64), p.range);
        self.test(Op::Compare(if star.is_some() { CompareKind::Ge } else { CompareKind::Eq }, length, wanted), fail, p.range);
        for (i, part) in p.patterns.iter().enumerate() {
            let range = part.range();
            // Behind the star, positions count from the end.
            let position = if star.is_some_and(|s| i > s) { i as i64 - p.patterns.len() as i64 } else { i as i64 };
            let index = match part {
                Pattern::MatchStar(s) => {
                    let Some(name) = &s.name else { continue };
                    let start = self.constant(Literal::Int(i as i64), range);
                    let rest = p.patterns.len() - 1 - i;
                    let stop = self.constant(if rest == 0 { Literal::None } else { Literal::Int(-(rest as i64)) }, range);
                    let step = self.constant(Literal::None, range);
                    let slice = self.push(Op::Slice([start, stop, step]), range);
                    let part = self.push(Op::GetItem(subject, slice), range);
                    let callee = self.push(Op::Entity(REST.into()), range);
                    let value = self.push(Op::Call { callee, arguments: [part].into_iter().collect(), keywords: vec![] }, range);
                    bindings.push((name, value));
                    continue;
                }
                Pattern::MatchAs(a) if a.name.is_none() && a.pattern.is_none() => continue,
                _ => self.constant(Literal::Int(position), range),
            };
            let value = self.push(Op::GetItem(subject, index), range);
            deeper(|| self.pattern(part, value, fail, bindings));
        }
    }

    fn class(&mut self, p: &'a PatternMatchClass, subject: Val, fail: BlockId, bindings: &mut Bindings<'a>) {
        let path = self.library_path(&p.cls);
        let class = self.expression(&p.cls);
        let callee = self.push(Op::Entity("builtins.isinstance".into()), p.range);
        let yes = self.body.block();
        let value = self.push(Op::Call { callee, arguments: [subject, class].into_iter().collect(), keywords: vec![] }, p.range);
        let truth = self.push(Op::Truth(value), p.range);
        self.body.end(Terminator::CondBr(truth, yes, fail), p.range);
        self.body.begin(yes);
        let object = self.push(Op::Narrow(subject, truth, true), p.range);
        match &*p.arguments.patterns {
            [] => {}
            [inner] if path.as_ref().is_some_and(|p| ITSELF.contains(&p.as_str())) => self.pattern(inner, object, fail, bindings),
            patterns if let Some(Value::Class(known)) = self.chain(&p.cls) && structs::is_tuple(&known.path) && patterns.len() <= known.fields.len() => {
                for (pattern, field) in patterns.iter().zip(&known.fields) {
                    let value = self.push(Op::GetAttr(object, field.clone()), pattern.range());
                    self.pattern(pattern, value, fail, bindings);
                }
            }
            [first, ..] => {
                let place = self.span(first.range());
                self.error(Diagnostic::error(Code::NB0100, place.clone(), "positional patterns of this class are not supported")
                    .label(place, "matched with an attribute that the class names at run time")
                    .help("name the attribute: `Point(x=0)`"));
            }
        }
        for keyword in &p.arguments.keywords {
            let value = self.push(Op::GetAttr(object, keyword.attr.to_string()), keyword.range);
            self.pattern(&keyword.pattern, value, fail, bindings);
        }
    }
}
