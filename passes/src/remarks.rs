//! What passes have done for the sake of several threads, and what they could not: a list of records on the module, which `parallel_diagnostics` of a function prints.
//!
//! A record is an array `[kind, file, line, text]` in the attribute `py.remarks`. Modules without `parallel=True` get none.
use melior::{
    Context,
    ir::{
        Attribute, Location, OperationRef,
        attribute::{ArrayAttribute, IntegerAttribute, StringAttribute},
        operation::OperationLike,
        r#type::IntegerType,
    },
};
use numbra_dialects::{Span, rewrite::set_attribute};

const ATTRIBUTE: &str = "py.remarks";

/// What a record tells.
#[derive(Clone, Copy, Debug, PartialEq)]
#[allow(missing_docs)]
pub enum Kind {
    /// Array operations became one loop
    Fused,
    /// What a loop did each time is done once
    Hoisted,
    /// Something runs on several threads
    Parallel,
    /// Something does not
    Serial,
}

impl Kind {
    /// The name of the kind.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Fused => "fused",
            Kind::Hoisted => "hoisted",
            Kind::Parallel => "parallel",
            Kind::Serial => "serial",
        }
    }
}

/// A record.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs)]
pub struct Remark {
    pub kind: String,
    pub file: String,
    pub line: usize,
    pub text: String,
}

/// Adds a record to a module.
pub fn add<'c>(context: &'c Context, module: OperationRef<'c, '_>, kind: Kind, location: Location<'c>, text: &str) {
    let Some(span) = Span::of(location) else { return };
    let mut all: Vec<Attribute> = match module.attribute(ATTRIBUTE).ok().and_then(|a| ArrayAttribute::try_from(a).ok()) {
        Some(list) => (0..list.len()).filter_map(|i| list.element(i).ok()).collect(),
        None => vec![],
    };
    let string = |s: &str| -> Attribute { StringAttribute::new(context, s).into() };
    let line = IntegerAttribute::new(IntegerType::new(context, 64).into(), span.start_line as i64);
    all.push(ArrayAttribute::new(context, &[string(kind.name()), string(&span.file), line.into(), string(text)]).into());
    set_attribute(module, ATTRIBUTE, ArrayAttribute::new(context, &all).into());
}

/// The records of a module, in the order in which they were made.
pub fn of<'c: 'a, 'a>(module: impl OperationLike<'c, 'a>) -> Vec<Remark> {
    let Some(list) = module.attribute(ATTRIBUTE).ok().and_then(|a| ArrayAttribute::try_from(a).ok()) else { return vec![] };
    let record = |i: usize| {
        let row = ArrayAttribute::try_from(list.element(i).ok()?).ok()?;
        let text = |k: usize| Some(StringAttribute::try_from(row.element(k).ok()?).ok()?.value().to_string());
        let line = IntegerAttribute::try_from(row.element(2).ok()?).ok()?.value();
        Some(Remark { kind: text(0)?, file: text(1)?, line: line as usize, text: text(3)? })
    };
    (0..list.len()).filter_map(record).collect()
}
