//! Widening of lists. The element type of a list is fixed where the list is made, but what it must hold is known only where something is stored. A decided
//! expression that casts a list to another list type asks for this: the value is traced back, through block arguments, tuples and elements, to the ops that
//! make the lists it can be, which are then interpreted again with the wider type. What cannot be widened (a parameter of an entry, the result of a
//! call) stays as it is, and the cast is refused in the end.
use super::{
    emit::liveness::resolve,
    engine::{Engine, Frame},
    expr::{Expr, Typed},
    objects::strings::stored,
    problem::Problem,
    source::{Def, Op, OpKind, Source, ValueId},
    transfer::{self, Transfer},
    val::{Val, join},
};
use numbra_dialects::{Code, py::Ty};
use std::sync::Arc;

/// Whether a list is part of a type.
pub fn has_list(t: &Ty) -> bool {
    match t {
        Ty::List(_) => true,
        Ty::Enumerate(t) | Ty::Iterator(t) => has_list(t),
        Ty::Union(parts) => parts.iter().any(has_list),
        t => t.parts().is_some_and(|p| p.iter().any(has_list)),
    }
}

/// Whether part of a type is a list of which no element is known.
pub fn is_open(t: &Ty) -> bool {
    match t {
        Ty::List(e) => **e == Ty::Any || is_open(e),
        Ty::Enumerate(t) | Ty::Iterator(t) => is_open(t),
        Ty::Union(parts) => parts.iter().any(is_open),
        t => t.parts().is_some_and(|p| p.iter().any(is_open)),
    }
}

/// A list type whose open elements are None.
pub fn closed(t: &Ty) -> Ty {
    match t {
        Ty::List(e) if **e == Ty::Any => Ty::List(Arc::new(Ty::None)),
        Ty::List(e) => Ty::List(Arc::new(closed(e))),
        Ty::Tuple(parts) => Ty::tuple(parts.iter().map(closed)),
        Ty::Closure(symbol, parts) => Ty::Closure(symbol.clone(), parts.iter().map(closed).collect()),
        t => t.clone(),
    }
}

/// The iterable type whose elements have a type.
fn retyped(iterable: &Ty, element: &Ty) -> Option<Ty> {
    Some(match (iterable, element) {
        (Ty::List(_), e) => Ty::List(Arc::new(e.clone())),
        (Ty::Tuple(parts), e) => Ty::tuple(parts.iter().map(|_| e.clone())),
        (Ty::Enumerate(inner), Ty::Tuple(pair)) => Ty::Enumerate(Arc::new(retyped(inner, pair.get(1)?)?)),
        (Ty::Zip(inner), Ty::Tuple(parts)) => Ty::Zip(inner.iter().zip(parts.iter()).map(|(i, p)| retyped(i, p)).collect::<Option<_>>()?),
        (t, _) => t.clone(),
    })
}

/// A product type with another type for one of its parts.
fn with_part(product: &Ty, k: usize, t: &Ty) -> Option<Ty> {
    let parts: Arc<[Ty]> = product.parts()?.iter().enumerate().map(|(i, p)| if i == k { t.clone() } else { p.clone() }).collect();
    Some(match product {
        Ty::Tuple(_) => Ty::Tuple(parts),
        Ty::Closure(symbol, _) => Ty::Closure(symbol.clone(), parts),
        _ => return None,
    })
}

/// The type of an expression over the operands of an op.
fn type_of(source: &Source, frame: &Frame, op: &Op, e: &Expr) -> Ty {
    if let Some(v) = resolve(source, op, e) {
        return frame.vals[v].ty();
    }
    match e {
        Expr::Cast(_, t) | Expr::Element(_, _, t) | Expr::Tuple(_, t) | Expr::Closure(_, _, t) | Expr::GetItem(_, _, t) | Expr::Builtin(_, _, t) | Expr::Invoke(_, _, t) | Expr::Array(_, _, t) | Expr::Iter(_, t) | Expr::GetAttr(_, _, t) | Expr::If(_, t) => t.clone(),
        _ => Ty::Any,
    }
}

/// Rows that make new lists, whose element type is free.
fn makes_list(e: &Expr) -> bool {
    let Expr::Builtin(path, _, Ty::List(_)) = e else { return false };
    matches!(*path, "list.new" | "list.from" | "list.slice" | "list.concat" | "list.repeat" | "list.sorted" | "list.reversed")
}

/// Casts of lists to other list types.
fn casts<'e>(source: &Source, frame: &Frame, op: &Op, e: &'e Expr, found: &mut Vec<(&'e Expr, Ty)>) {
    if let Expr::Cast(inner, t) = e
        && has_list(t)
        && stored(&type_of(source, frame, op, inner)) != stored(t)
    {
        found.push((inner, t.clone()));
    }
    e.parts(&mut |p| casts(source, frame, op, p, found));
}

/// The typing of an op, its new lists as wide as has been asked for.
pub fn interpret(engine: &mut Engine, instance: usize, source: &Source, frame: &Frame, op: &Op) -> Transfer {
    let mut typing = transfer::transfer(engine, instance, source, frame, op);
    if let (Ok(Some(typed)), [v, ..]) = (&mut typing, &op.results[..])
        && let Some(asked) = frame.lists.get(v)
        && let [Typed { val, expr: Some(e) }, ..] = &mut typed[..]
        && let Ty::List(element) = asked
        && makes_list(e)
        && val.ty() != *asked
        && let Val::Of(joined @ Ty::List(_)) = join(val, &Val::Of(asked.clone()))
    {
        let Ty::List(wide) = &joined else { return typing };
        let list_made_of = |p: Expr| {
            let iterable = type_of(source, frame, op, &p);
            match retyped(&iterable, wide) {
                Some(t) if has_list(&iterable) && t != iterable => if let Expr::Cast(inner, _) = p { inner.cast(&t) } else { p.cast(&t) },
                _ => p,
            }
        };
        let inner_lists = has_list(element) || is_open(&val.ty());
        *e = match std::mem::replace(e, Expr::Receiver) {
            Expr::Builtin("list.new", parts, _) => {
                let parts = parts.into_iter().map(|p| if let Expr::Cast(inner, _) = p { inner.cast(wide) } else { p.cast(wide) }).collect();
                Expr::Builtin("list.new", parts, joined.clone())
            }
            // Elements that are lists themselves are widened where they are made.
            Expr::Builtin(path, parts, _) if inner_lists => Expr::Builtin(path, parts.into_iter().map(list_made_of).collect(), joined.clone()),
            other => Expr::Builtin("list.from", vec![other], joined.clone()),
        };
        *val = Val::Of(joined);
    }
    typing
}

/// A refusal of what could not be widened, once everything has settled.
pub fn check(source: &Source, frame: &Frame, op: &Op, typed: &[Typed]) -> Result<(), Box<Problem>> {
    let mut found = vec![];
    typed.iter().filter_map(|t| t.expr.as_ref()).for_each(|e| casts(source, frame, op, e, &mut found));
    // A value that becomes one member of a union is converted at run time, if its list is that member's.
    let member = |from: &Ty, to: &Ty| matches!(to, Ty::Union(parts) if parts.contains(from)) || (from.parts().is_some() && from.parts() == to.parts());
    let wrong = found.into_iter().map(|(e, t)| (e, type_of(source, frame, op, e), t)).find(|(_, from, to)| has_list(from) && !member(from, to));
    match wrong {
        None => Ok(()),
        Some((e, from, to)) => {
            let problem = refusal(&from, &to);
            Err(match e {
                Expr::Arg(i) => problem.at(*i),
                Expr::Receiver => problem.at(0),
                _ => problem,
            })
        }
    }
}

/// Why a list cannot become another.
pub fn refusal(from: &Ty, to: &Ty) -> Box<Problem> {
    let problem = Problem::new(Code::NB0202, format!("{from} would have to be {to}, but its type is fixed"));
    problem.help("only lists that are made in this function get the type that their elements need: pass a list of the wider type, or copy it with `list(x)` first")
}

/// One tracing of a value.
pub struct Widening<'w, 'c> {
    /// The instance
    pub instance: usize,
    /// Its function
    pub source: &'w Source<'c>,
    /// Blocks to be interpreted again
    pub dirty: &'w mut [bool],
    /// Values that have been seen
    pub seen: Vec<ValueId>,
}

impl<'c> Engine<'c> {
    /// Widens what an op's expressions ask for.
    pub fn widen_for(&mut self, w: &mut Widening<'_, 'c>, frame: &mut Frame, op: &Op<'c>, typed: &[Typed]) {
        let mut found = vec![];
        typed.iter().filter_map(|t| t.expr.as_ref()).for_each(|e| casts(w.source, frame, op, e, &mut found));
        for (e, t) in found {
            w.seen.clear();
            self.widen_expr(w, frame, op, e, &t);
        }
    }

    fn widen_expr(&mut self, w: &mut Widening<'_, 'c>, frame: &mut Frame, op: &Op<'c>, e: &Expr, t: &Ty) {
        if !has_list(t) {
            return;
        }
        if let Some(v) = resolve(w.source, op, e) {
            return self.widen(w, frame, v, t);
        }
        match e {
            Expr::Cast(inner, _) | Expr::Iter(inner, _) => {
                let t = if let (Expr::Iter(..), Ty::Iterator(of)) = (e, t) { of } else { t };
                self.widen_expr(w, frame, op, inner, t);
            }
            Expr::Element(inner, k, _) => {
                if let Some(t) = with_part(&type_of(w.source, frame, op, inner), *k, t) {
                    self.widen_expr(w, frame, op, inner, &t);
                }
            }
            // The function that is called returns what it must.
            Expr::Invoke(callee, ..) => self.want_result(*callee, t),
            Expr::Tuple(parts, _) | Expr::Closure(_, parts, _) => {
                for (p, t) in parts.iter().zip(t.parts().unwrap_or_default()) {
                    self.widen_expr(w, frame, op, p, t);
                }
            }
            Expr::If(parts, _) => {
                for p in &parts[1..] {
                    self.widen_expr(w, frame, op, p, t);
                }
            }
            Expr::GetItem(inner, ..) => {
                if let Some(t) = retyped(&type_of(w.source, frame, op, inner), t) {
                    self.widen_expr(w, frame, op, inner, &t);
                }
            }
            Expr::Builtin("list.get" | "list.pop" | "list.unpack" | "list.min" | "list.max", parts, _) => {
                self.widen_expr(w, frame, op, &parts[0], &Ty::List(Arc::new(t.clone())));
            }
            Expr::Builtin("list.inplace_add", parts, _) => self.widen_expr(w, frame, op, &parts[0], t),
            Expr::Builtin("enumerate", parts, _) => {
                if let Ty::Enumerate(inner) = t {
                    self.widen_expr(w, frame, op, &parts[0], inner);
                }
            }
            Expr::Builtin("zip", parts, _) => {
                if let Ty::Zip(types) = t {
                    for (p, t) in parts.iter().zip(types.iter()) {
                        self.widen_expr(w, frame, op, p, t);
                    }
                }
            }
            _ => {}
        }
    }

    /// Widens the lists that a value can be, as far as they are made in this function.
    pub fn widen(&mut self, w: &mut Widening<'_, 'c>, frame: &mut Frame, v: ValueId, t: &Ty) {
        if w.seen.contains(&v) || !frame.vals[v].is_present() {
            return;
        }
        w.seen.push(v);
        let t = match (join(&frame.vals[v], &Val::from(t.clone())), t) {
            (Val::Conflict(_) | Val::Error, _) => return,
            // What becomes a member of a union is only that member.
            (_, Ty::Union(members)) => match members.iter().find(|m| has_list(m) && !matches!(frame.vals[v].ty(), Ty::Union(_))) {
                Some(m) => m.clone(),
                None => t.clone(),
            },
            (joined, _) => joined.ty(),
        };
        if frame.vals[v].ty() == t || !has_list(&frame.vals[v].ty()) {
            return;
        }
        let source = w.source;
        match source.definitions[v].0 {
            Def::Argument(0, i) => self.want(w.instance, i, t),
            Def::Argument(block, i) => {
                frame.vals[v] = Val::from(t.clone());
                source.users[v].iter().for_each(|&b| w.dirty[b] |= frame.reached[b]);
                self.widen_incoming(w, frame, block, i, &t);
            }
            Def::Result(b, o, r) => {
                let op = &source.blocks[b].ops[o];
                if let OpKind::Next = op.kind {
                    let iterator = op.operands[0];
                    if let Val::Of(Ty::Iterator(of)) = &frame.vals[iterator]
                        && let Some(of) = retyped(of, &t)
                    {
                        self.widen(w, frame, iterator, &Ty::Iterator(Arc::new(of)));
                    }
                    return;
                }
                let Ok(Some(typed)) = interpret(self, w.instance, source, frame, op) else { return };
                let Some(Some(e)) = typed.get(r).map(|t| t.expr.clone()) else { return };
                if makes_list(&e) {
                    frame.lists.insert(v, t);
                    w.dirty[b] |= frame.reached[b];
                } else {
                    self.widen_expr(w, frame, op, &e, &t);
                }
            }
        }
    }

    /// Widens what branches pass to a block argument.
    pub fn widen_incoming(&mut self, w: &mut Widening<'_, 'c>, frame: &mut Frame, block: usize, argument: usize, t: &Ty) {
        let source = w.source;
        for b in (0..source.blocks.len()).filter(|b| frame.reached[*b]).collect::<Vec<_>>() {
            let Some(op) = source.blocks[b].ops.last() else { continue };
            match op.kind {
                OpKind::Br(target) if target == block => self.widen(w, frame, op.operands[argument], t),
                OpKind::CondBr(yes, no, count) => {
                    if yes == block {
                        self.widen(w, frame, op.operands[1 + argument], t);
                    }
                    if no == block {
                        self.widen(w, frame, op.operands[1 + count + argument], t);
                    }
                }
                _ => {}
            }
        }
    }

    /// Widens what a function returns.
    pub fn widen_result(&mut self, w: &mut Widening<'_, 'c>, frame: &mut Frame) {
        let (source, t) = (w.source, frame.result.ty());
        for b in (0..source.blocks.len()).filter(|b| frame.reached[*b]).collect::<Vec<_>>() {
            if let Some(op) = source.blocks[b].ops.last().filter(|o| matches!(o.kind, OpKind::Return)) {
                w.seen.clear();
                self.widen(w, frame, op.operands[0], &t);
            }
        }
    }

    /// The first list of an instance whose elements are still open becomes a list of None; false if there is none.
    pub fn close_list(&mut self, instance: usize) -> bool {
        let source = &*self.functions[self.instances[instance].function].clone();
        let mut frame = std::mem::take(&mut self.instances[instance].frame);
        let mut found = None;
        'search: for b in (0..source.blocks.len()).filter(|b| frame.reached[*b]) {
            for op in &source.blocks[b].ops {
                for (r, &v) in op.results.iter().enumerate().filter(|(_, v)| is_open(&frame.vals[**v].ty())) {
                    self.instances[instance].frame.result = frame.result.clone();
                    if let Ok(Some(typed)) = interpret(self, instance, source, &frame, op)
                        && typed.get(r).and_then(|t| t.expr.as_ref()).is_some_and(makes_list)
                    {
                        found = Some(v);
                        break 'search;
                    }
                }
            }
        }
        if let Some(v) = found {
            frame.lists.insert(v, closed(&frame.vals[v].ty()));
        }
        self.instances[instance].frame = frame;
        found.is_some()
    }

    /// Notes that an instance must return wider lists.
    fn want_result(&mut self, instance: usize, t: &Ty) {
        let wanted = &mut self.instances[instance].wanted_result;
        let joined = join(wanted, &Val::from(t.clone()));
        if !matches!(joined, Val::Conflict(_)) && *wanted != joined {
            *wanted = joined;
            self.again(instance);
        }
    }

    /// Notes that an instance needs a wider parameter: its callers widen what they pass.
    fn want(&mut self, instance: usize, parameter: usize, t: Ty) {
        let wanted = &mut self.instances[instance].wanted;
        let joined = match wanted.get(&parameter) {
            Some(old) => match join(&Val::from(old.clone()), &Val::from(t)) {
                Val::Conflict(_) => return,
                joined => joined.ty(),
            },
            None => t,
        };
        if wanted.insert(parameter, joined.clone()) != Some(joined) {
            self.wake(instance);
        }
    }
}

/// Lists that a branch or return passes on must have become what is expected there.
pub fn passed_on(source: &Source, frame: &Frame, op: &Op) -> Result<(), Box<Problem>> {
    let check = |v: ValueId, t: Ty| match frame.vals[v].ty() {
        from if stored(&from) == stored(&t) || !has_list(&from) || !has_list(&t) || matches!(&t, Ty::Union(parts) if parts.contains(&from)) => Ok(()),
        from => Err(refusal(&from, &t)),
    };
    let edge = |target: usize, operands: &[ValueId]| source.blocks[target].arguments.iter().zip(operands).try_for_each(|(&a, &v)| check(v, frame.vals[a].ty()));
    match op.kind {
        OpKind::Br(target) => edge(target, &op.operands),
        OpKind::CondBr(yes, no, count) => {
            let (first, second) = op.operands[1..].split_at(count);
            let truth = frame.vals[op.operands[0]].truth();
            if truth != Some(false) {
                edge(yes, first)?;
            }
            if truth != Some(true) { edge(no, second) } else { Ok(()) }
        }
        OpKind::Return => check(op.operands[0], frame.result.ty()),
        _ => Ok(()),
    }
}
