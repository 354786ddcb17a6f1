//! Raising exceptions that the program raises itself.
use super::{build::V, cx::{Cx, Res}};
use crate::cfg::Def;
use melior::ir::{OperationRef, Value, attribute::StringAttribute, operation::OperationLike};
use numbra_abi::{DType, ExceptionKind, exception::raised_as};
use numbra_dialects::py::{PyOp, Ty};

fn text(op: OperationRef, name: &str) -> Option<String> {
    op.attribute(name).ok().and_then(|a| StringAttribute::try_from(a).ok()).map(|s| numbra_dialects::text(s).to_string())
}

/// `py.raise`
pub fn raise<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, op: OperationRef<'c, 'a>) -> Res<()> {
    let value = cx.operand(op, 0)?;
    let Some(Def::Result { op: exception, .. }) = cx.cfg.def(value).filter(|_| cx.cfg.op(value).is_some_and(|o| o.0 == PyOp::Exception)) else {
        return cx.unsupported("raising an exception that was not made here");
    };
    let name = text(exception, "kind").unwrap_or_default();
    let Some((kind, path)) = raised_as(&name) else { return cx.unsupported(format!("raising {name}")) };
    let arguments: Vec<Value> = exception.operands().collect();
    let types = arguments.iter().map(|a| cx.ty(*a)).collect::<Res<Vec<_>>>()?;
    if let Some(path) = path {
        with_arguments(cx, kind, Some(path), &arguments, &types)?;
        cx.b.unreachable();
        return Ok(());
    }
    match types.as_slice() {
        [] => {
            let site = cx.site(kind, None);
            cx.runtime("nb_raise", &[site]);
        }
        [Ty::Literal(message)] => {
            let site = cx.site(kind, Some(message));
            cx.runtime("nb_raise", &[site]);
        }
        _ => with_arguments(cx, kind, None, &arguments, &types)?,
    }
    cx.b.unreachable();
    Ok(())
}

fn with_arguments<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, kind: ExceptionKind, path: Option<&str>, arguments: &[Value<'c, 'a>], types: &[Ty]) -> Res<()> {
    let mut tags = vec![];
    let mut words: Vec<V> = vec![];
    if let Some(path) = path {
        tags.push(-1);
        let symbol = cx.module.string(path);
        words.extend([cx.b.address(&symbol), cx.b.i64(path.len() as i64)]);
    }
    for (value, ty) in arguments.iter().zip(types) {
        match ty {
            Ty::Scalar(d) if let Some(tag) = d.index() => {
                tags.push(tag as i64);
                words.extend(cx.get(*value)?);
            }
            Ty::Literal(s) => {
                tags.push(-1);
                let symbol = cx.module.string(s);
                let address = cx.b.address(&symbol);
                let length = cx.b.i64(s.len() as i64);
                words.extend([address, length]);
            }
            Ty::Str => {
                tags.push(-2);
                words.extend(&cx.get(*value)?[1..]);
            }
            _ => return cx.unsupported(format!("exception argument of type {ty}")),
        }
    }
    let (tag_slots, word_slots) = (cx.b.slot(cx.b.t.i32, tags.len() as i64), cx.b.slot(cx.b.t.i64, words.len() as i64));
    for (i, tag) in tags.iter().enumerate() {
        let (n, at) = (cx.b.int(cx.b.t.i32, *tag), cx.b.i64(i as i64));
        let address = cx.b.at(tag_slots, at, cx.b.t.i32);
        cx.b.store(n, address);
    }
    for (i, word) in words.into_iter().enumerate() {
        let at = cx.b.i64(i as i64);
        let address = cx.b.at(word_slots, at, cx.b.t.i64);
        store_slot(cx, word, address);
    }
    let site = cx.site(kind, None);
    let n = cx.b.i64(tags.len() as i64);
    cx.runtime("nb_raise_with", &[site, n, tag_slots, word_slots]);
    Ok(())
}

/// Writes a machine value to an 8-byte slot; a bool as one byte.
pub fn store_slot<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, v: V<'c, 'a>, address: V<'c, 'a>) {
    use melior::ir::ValueLike;
    let v = if v.r#type() == cx.b.t.i1 { cx.b.resize(v, cx.b.t.i8, false) } else { v };
    cx.b.store(v, address);
}

/// `py.check_bound`
pub fn check_bound<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, op: OperationRef<'c, 'a>) -> Res<()> {
    let flag = cx.operand(op, 0)?;
    let flag = cx.one(flag)?;
    let missing = cx.b.not(flag);
    let variable = text(op, "variable").unwrap_or_default();
    cx.raise_if(missing, ExceptionKind::UnboundLocalError, &format!("cannot access local variable '{variable}' where it is not associated with a value"));
    let _ = DType::Bool;
    Ok(())
}
