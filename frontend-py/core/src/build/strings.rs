//! Formatted strings: a call of `numbra.intrinsics.format` with a text, and for each value in braces the value, its conversion (`"r"`, `"s"`,
//! `"a"`), its format specification, and the text that follows. What is empty is None.
use super::{function::Builder, ir::{Literal, Op, Val, Vals}};
use ruff_python_ast::{ConversionFlag, ExprFString, FStringPart, InterpolatedElement, InterpolatedStringElement};
use ruff_text_size::TextRange;

/// The library object that makes a string of the parts.
pub const FORMAT: &str = "numbra.intrinsics.format";

/// A part of a formatted string.
enum Part<'a> {
    Text(&'a str),
    Value(&'a InterpolatedElement),
}

fn parts<'a>(elements: impl IntoIterator<Item = &'a InterpolatedStringElement>) -> impl Iterator<Item = Part<'a>> {
    elements.into_iter().map(|e| match e {
        InterpolatedStringElement::Literal(text) => Part::Text(&text.value),
        InterpolatedStringElement::Interpolation(value) => Part::Value(value),
    })
}

impl<'a> Builder<'a, '_> {
    /// A formatted string.
    pub fn formatted(&mut self, e: &'a ExprFString) -> Val {
        let all = e.value.iter().flat_map(|part| match part {
            FStringPart::Literal(text) => vec![Part::Text(&text.value)],
            FStringPart::FString(f) => parts(&f.elements).collect(),
        });
        let all: Vec<Part> = all.collect();
        self.format(all, e.range)
    }

    fn text(&mut self, text: String, range: TextRange) -> Val {
        self.constant(if text.is_empty() { Literal::None } else { Literal::Str(text) }, range)
    }

    fn format(&mut self, parts: Vec<Part<'a>>, range: TextRange) -> Val {
        let mut text = String::new();
        let mut arguments = Vals::new();
        for part in parts {
            let value = match part {
                Part::Text(more) => {
                    text += more;
                    continue;
                }
                Part::Value(value) => value,
            };
            let mut conversion = match value.conversion {
                ConversionFlag::None => "",
                ConversionFlag::Str => "s",
                ConversionFlag::Ascii => "a",
                ConversionFlag::Repr => "r",
            };
            if let Some(debug) = &value.debug_text {
                text.extend([debug.leading(), debug.expression(), debug.trailing()]);
                if conversion.is_empty() && value.format_spec.is_none() {
                    conversion = "r";
                }
            }
            let before = self.text(std::mem::take(&mut text), range);
            let object = self.expression(&value.expression);
            let conversion = self.text(conversion.into(), value.range);
            let specification = match &value.format_spec {
                Some(spec) => self.format(self::parts(&spec.elements).collect(), spec.range),
                None => self.constant(Literal::None, value.range),
            };
            arguments.extend([before, object, conversion, specification]);
        }
        if arguments.is_empty() {
            return self.constant(Literal::Str(text), range);
        }
        arguments.push(self.text(text, range));
        let callee = self.push(Op::Entity(FORMAT.into()), range);
        self.push(Op::Call { callee, arguments, keywords: vec![] }, range)
    }
}
