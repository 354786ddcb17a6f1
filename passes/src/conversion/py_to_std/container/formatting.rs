//! Formatted strings: one call of the runtime with a template and the slots of the values (`numbra_abi::format`).
//! The operands are a text, and for each value the value, how it is shown, its specification, and the text that follows. What is empty is None.
use super::strings;
use super::super::{build::{V, Vs}, builtins::{Call, Table}, cx::{Cx, Res}};
use numbra_abi::{descriptor::CLOSE, format::{ASCII, DYNAMIC, REPR, SPEC, STR, Spec, TEXT}, text::encode};
use numbra_dialects::py::{Ty, descriptor};

/// The table of this family.
pub const BUILTINS: Table = &[("str.format", format)];

fn constant<'t>(call: &'t Call, i: usize) -> Option<&'t str> {
    match call.types.get(i) {
        Some(Ty::Literal(text)) => Some(text),
        _ => None,
    }
}

fn text<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, call: &Call<'c, 'a>, i: usize, template: &mut String, slots: &mut Vec<V<'c, 'a>>) {
    if let Some(text) = constant(call, i) {
        template.push(TEXT);
        slots.extend(&strings::literal(cx, text)[1..]);
        debug_assert!(encode(text).1 > 0);
    }
}

fn format<'c, 'a>(cx: &mut Cx<'_, 'c, 'a>, call: &Call<'c, 'a>) -> Res<Vs<'c, 'a>> {
    let (mut template, mut slots) = (String::new(), vec![]);
    text(cx, call, 0, &mut template, &mut slots);
    for i in (1..call.arguments.len()).step_by(4) {
        match (&call.types[i + 2], constant(call, i + 1)) {
            (Ty::Literal(spec), _) => {
                let spec = match Spec::parse(spec) {
                    Ok(spec) => spec,
                    Err(message) => return cx.unsupported(message),
                };
                template.push(SPEC);
                slots.extend(spec.pack().map(|w| cx.b.i64(w as i64)));
            }
            (Ty::Str, _) => {
                template.push(DYNAMIC);
                slots.extend(&call.get(cx, i + 2)?[1..]);
            }
            (_, Some("r")) => template.push(REPR),
            (_, Some("a")) => template.push(ASCII),
            _ => template.push(STR),
        }
        match descriptor(&call.types[i]) {
            Ok(part) => template.push_str(&part),
            Err(t) => return cx.unsupported(format!("formatting {t}")),
        }
        slots.extend(call.get(cx, i)?);
        text(cx, call, i + 3, &mut template, &mut slots);
    }
    template.push(CLOSE);
    let (template, slots) = (strings::text(cx, &template), strings::spilled(cx, &slots));
    strings::called(cx, "nb_str_format", vec![template, slots], &call.result)
}
