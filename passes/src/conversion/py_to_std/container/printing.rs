//! `print`: the arguments go to the runtime as a tuple of slots with its descriptor.
use super::strings;
use super::super::{build::{V, Vs}, builtins::{Call, Table}, cx::{Cx, Res}, flatten::count};
use numbra_abi::{ExceptionKind, descriptor::{CLOSE, STR, TUPLE}};
use numbra_dialects::py::{Ty, descriptor};

/// The table of this family.
pub const BUILTINS: Table = &[("print", print)];

// Adds a value to the slots. Constant strings, which have no machine values, become such as the runtime takes: owner, data, length.
fn add<'c, 'a>(cx: &mut Cx<'_, 'c, 'a>, ty: &Ty, values: &[V<'c, 'a>], text: &mut String, slots: &mut Vec<V<'c, 'a>>) -> Res<()> {
    match ty {
        Ty::Literal(s) => {
            slots.extend(strings::literal(cx, s));
            text.push(STR);
        }
        Ty::Tuple(parts) => {
            text.push(TUPLE);
            let mut at = 0;
            for part in parts.iter() {
                let n = count(part);
                add(cx, part, values.get(at..at + n).unwrap_or_default(), text, slots)?;
                at += n;
            }
            text.push(CLOSE);
        }
        _ => {
            match descriptor(ty) {
                Ok(part) => text.push_str(&part),
                Err(t) => return cx.unsupported(format!("printing {t}")),
            }
            slots.extend_from_slice(values);
        }
    }
    Ok(())
}

fn print<'c, 'a>(cx: &mut Cx<'_, 'c, 'a>, call: &Call<'c, 'a>) -> Res<Vs<'c, 'a>> {
    let (mut text, mut words) = (String::from(TUPLE), vec![]);
    for (i, ty) in call.types.iter().enumerate() {
        let values = call.get(cx, i)?;
        add(cx, ty, &values, &mut text, &mut words)?;
    }
    text.push(CLOSE);
    let (slots, text) = (strings::spilled(cx, &words), strings::text(cx, &text));
    let site = cx.site(ExceptionKind::OSError, None);
    cx.runtime("nb_print", &[site, text, slots]);
    Ok(Vs::new())
}
