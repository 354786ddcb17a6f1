//! `*value` and `**value`: the elements that take its place in a call or a display.
use super::{Arguments, bind::{entries, entry}};
use crate::infer::{arithmetic::elements, expr::Expr, problem::Problem, source::{Op, OpKind, Source}, val::Val};
use crate::{build::SPREAD, catalog::Arg};
use numbra_dialects::Code;

/// The operands of a display or call from position `first` on, with starred ones taken apart. The last operands have keywords.
pub fn operands<'k>(source: &Source, op: &Op, vals: &[&'k Val], first: usize, keywords: &'k [String]) -> Result<Arguments<'k>, Box<Problem>> {
    let positional = vals.len().saturating_sub(keywords.len());
    let mut found = vec![];
    for (i, v) in vals.iter().copied().enumerate().skip(first) {
        let arg = |val: Val, expr: Expr| Arg { val, expr, position: i };
        let keyword = i.checked_sub(positional).and_then(|k| keywords.get(k));
        let starred = || source.definition(op.operands[i]).is_some_and(|o| matches!(o.kind, OpKind::Star));
        match keyword {
            Some(k) if k == SPREAD => {
                let Some(s) = entries(v) else {
                    let problem = Problem::new(Code::NB0205, format!("`**` does not take {}", v.describe())).at(i);
                    return Err(problem.help("only the parameter `**kwargs` of a compiled function can be passed on; name each keyword"));
                };
                for (n, name) in s.names.iter().enumerate() {
                    let (val, expr) = entry(Expr::Arg(i), s, n);
                    found.push((Some(&**name), arg(val, expr)));
                }
            }
            Some(k) => found.push((Some(k.as_str()), arg(v.clone(), Expr::Arg(i)))),
            None if starred() => match v {
                Val::Tuple(parts) => found.extend(elements(&Expr::Arg(i), parts).zip(parts.iter()).map(|(e, v)| (None, arg(v.clone(), e)))),
                v => {
                    let problem = Problem::new(Code::NB0205, format!("`*` does not take {}: how many elements it has is not known when the function is compiled", v.describe())).at(i);
                    return Err(problem.help("spread a tuple"));
                }
            },
            None => found.push((None, arg(v.clone(), Expr::Arg(i)))),
        }
    }
    Ok(found)
}
