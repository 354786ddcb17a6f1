//! Types by source line: what `inspect_types` prints.
use melior::ir::{BlockLike, Location, Module, OperationRef, RegionLike, Type, ValueLike, operation::OperationLike};
use numbra_dialects::{Span, py::{PyOp, Ty}};

/// The type of one expression.
#[derive(Clone, Debug, PartialEq)]
pub struct Annotation {
    /// Symbol of the typed function
    pub function: String,
    /// Where the expression stands
    pub span: Span,
    /// Op that computes it (`py.binary`), or the name of a parameter
    pub what: String,
    /// Its type
    pub ty: Ty,
}

/// The types of all parameters and expressions of the typed functions, in source order within each function.
pub fn annotations(module: &Module) -> Vec<Annotation> {
    let mut all = vec![];
    let mut next = module.body().first_operation();
    while let Some(op) = next {
        next = op.next_in_block();
        if PyOp::of(&op) == PyOp::Func {
            let mut found = function(&op);
            // Of several ops at one place the last gives the value of the expression; only the elements of an unpacked value, one for each
            // target, share theirs. The sort keeps their order.
            let element = |a: &Annotation| a.what == "py.getitem";
            found.sort_by_key(|a| (a.span.start_line, a.span.start_column, a.span.end_line, a.span.end_column));
            found.reverse();
            found.dedup_by(|a, b| a.span == b.span && !(element(a) && element(b)));
            found.reverse();
            all.extend(found);
        }
    }
    all
}

fn annotation(function: &str, what: String, location: Location, t: Type) -> Option<Annotation> {
    Some(Annotation { function: function.to_string(), span: Span::of(location)?, what, ty: Ty::from_mlir(t)? })
}

fn function(func: &OperationRef) -> Vec<Annotation> {
    use melior::ir::attribute::{ArrayAttribute, StringAttribute};
    let text = |a: melior::ir::Attribute| StringAttribute::try_from(a).map(|s| s.value().to_string()).unwrap_or_default();
    let symbol = func.attribute("sym_name").map(text).unwrap_or_default();
    let names = func.attribute("arg_names").ok().and_then(|a| ArrayAttribute::try_from(a).ok());
    let mut found = vec![];
    let Some(entry) = func.region(0).ok().and_then(|r| r.first_block()) else { return found };
    for i in 0..entry.argument_count() {
        let name = names.and_then(|n| n.element(i).ok()).map(text).unwrap_or_default();
        if let Ok(argument) = entry.argument(i) {
            found.extend(annotation(&symbol, name, ValueLike::location(&argument), argument.r#type()));
        }
    }
    let mut block = Some(entry);
    while let Some(b) = block {
        let mut op = b.first_operation();
        while let Some(o) = op {
            let name = || o.name().as_string_ref().as_str().unwrap_or_default().to_string();
            let skipped = match PyOp::of(&o) {
                // Constants and helper values stand at the place of the op that needs them: not expressions of the source.
                PyOp::Cast | PyOp::Truth | PyOp::Unbound | PyOp::Constant | PyOp::Ellipsis | PyOp::Entity | PyOp::FunctionRef | PyOp::Iter | PyOp::Exception => usize::MAX,
                // The element is the value of a loop's target; whether there is one is not.
                PyOp::Next => 1,
                _ => 0,
            };
            // The index that inference makes for a store is no expression either; the source's own stands elsewhere.
            if PyOp::of(&o) == PyOp::SetItem && let Some(place) = Span::of(o.location()) {
                found.retain(|a| a.what != "py.tuple" || a.span != place);
            }
            for r in o.results().skip(skipped) {
                found.extend(annotation(&symbol, name(), o.location(), r.r#type()));
            }
            op = o.next_in_block();
        }
        block = b.next_in_region();
    }
    found
}
