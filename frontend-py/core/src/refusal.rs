//! What building refuses, as a constant of the function: `{refused = [code, message, place], notes = [...]}`.
//!
//! A construct that has no meaning in compiled code is an error only where inference finds that control can reach it: branches on types, None and constants
//! may hold whatever Python allows. Errors of syntax and of the compiler itself are none of these; they end building.
use crate::{build::{in_order, ir::attributes::dictionary}, infer::source::{characters, elements}};
use melior::{
    Context,
    ir::{Attribute, Module, operation::{OperationLike, WalkOrder, WalkResult}, attribute::{ArrayAttribute, DenseI64ArrayAttribute, DictionaryAttribute, StringAttribute}},
};
use numbra_dialects::{Code, Diagnostic, Span, diagnostic::{ErrorClass, Note}};

/// Whether an error may wait until it is known whether control reaches its place. (A function without source is only missed where it is called.)
pub fn can_wait(code: Code) -> bool {
    code == Code::NB0002 || matches!(code.class(), ErrorClass::Typing | ErrorClass::Unsupported)
}

fn string<'c>(context: &'c Context, text: &str) -> Attribute<'c> {
    StringAttribute::new(context, text).into()
}

fn array<'c>(context: &'c Context, parts: &[Attribute<'c>]) -> Attribute<'c> {
    ArrayAttribute::new(context, parts).into()
}

fn place<'c>(context: &'c Context, span: &Span) -> [Attribute<'c>; 2] {
    let numbers = [span.start_line, span.start_column, span.end_line, span.end_column].map(|n| n as i64);
    [string(context, &span.file), DenseI64ArrayAttribute::new(context, &numbers).into()]
}

fn span(file: Attribute, numbers: Attribute) -> Option<Span> {
    let numbers = DenseI64ArrayAttribute::try_from(numbers).ok()?;
    let number = |i| numbers.element(i).ok().and_then(|n| usize::try_from(n).ok());
    Some(Span { file: characters(file)?, start_line: number(0)?, start_column: number(1)?, end_line: number(2)?, end_column: number(3)? })
}

/// The attribute of a refusal.
pub fn attribute<'c>(context: &'c Context, d: &Diagnostic) -> Attribute<'c> {
    let mut refused = vec![string(context, d.code.name()), string(context, &d.message)];
    refused.extend(d.span.iter().flat_map(|s| place(context, s)));
    let note = |n: &Note| match n {
        Note::Label(span, text) => array(context, &[[string(context, "label"), string(context, text)], place(context, span)].concat()),
        Note::Note(text) => array(context, &["note", text].map(|t| string(context, t))),
        Note::Help(text) => array(context, &["help", text].map(|t| string(context, t))),
    };
    let notes: Vec<Attribute> = d.notes.iter().map(note).collect();
    dictionary(context, &[("refused", array(context, &refused)), ("notes", array(context, &notes))])
}

/// The refusal that an attribute holds, if it holds one.
pub fn of(attribute: Attribute) -> Option<Diagnostic> {
    let dictionary = DictionaryAttribute::try_from(attribute).ok()?;
    let refused = elements(dictionary.element_by_name("refused")?)?;
    let [code, message, place @ ..] = &refused[..] else { return None };
    let place = if let [file, numbers] = place { span(*file, *numbers) } else { None };
    let mut d = Diagnostic::error(Code::from_name(&characters(*code)?)?, place, characters(*message)?);
    for note in elements(dictionary.element_by_name("notes")?)? {
        d.notes.push(match &elements(note)?[..] {
            [_, text, file, numbers] => Note::Label(span(*file, *numbers)?, characters(*text)?),
            [kind, text] if characters(*kind)? == "help" => Note::Help(characters(*text)?),
            [_, text] => Note::Note(characters(*text)?),
            _ => return None,
        });
    }
    Some(d)
}

/// All that is refused in a module, whether control reaches it or not, in the order of the source.
pub fn all(module: &Module) -> Vec<Diagnostic> {
    let mut found = vec![];
    module.as_operation().walk(WalkOrder::PreOrder, |op| {
        found.extend(op.attribute("value").ok().and_then(of));
        WalkResult::Advance
    });
    in_order(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_is_read_as_it_was_written() {
        let context = Context::new();
        let place = |line| Some(Span { file: "a b.py".into(), start_line: line, start_column: 2, end_line: line, end_column: 9 });
        let whole = Diagnostic::error(Code::NB0101, place(3), "sets are not supported").label(place(3), "a set").label(place(1), "").note("a \"note\"").help("use a list");
        for d in [whole, Diagnostic::error(Code::NB0203, None, "")] {
            assert_eq!(of(attribute(&context, &d)), Some(d));
        }
        assert_eq!(of(string(&context, "refused")), None);
    }
}
