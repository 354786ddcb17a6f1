//! Comparisons and truth values.
use super::{cast, times};
use super::super::{build::V, container::{iterate, lists::List, strings}, cx::{Cx, Res}, flatten::{self, part}};
use melior::{dialect::arith::{CmpfPredicate, CmpiPredicate}, ir::{OperationRef, Value, operation::OperationLike}};
use numbra_abi::{DType, dtype::Kind};
use numbra_dialects::py::{CompareKind, Ty};
use smallvec::smallvec;

/// `py.compare`
pub fn compare<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, op: OperationRef<'c, 'a>) -> Res<()> {
    let Some(kind) = op.attribute("kind").ok().and_then(CompareKind::of) else { return cx.invalid("comparison without a kind") };
    let (lhs, rhs) = (cx.operand(op, 0)?, cx.operand(op, 1)?);
    let (lt, rt) = (cx.ty(lhs)?, cx.ty(rhs)?);
    let (a, b) = (cx.get(lhs)?, cx.get(rhs)?);
    let v = ordered(cx, kind, (&lt, &a), (&rt, &b))?;
    cx.set_result(op, smallvec![v])
}

/// The comparison of two values; scalars of two types meet in their promotion.
pub fn ordered<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, kind: CompareKind, (lt, a): (&Ty, &[V<'c, 'a>]), (rt, b): (&Ty, &[V<'c, 'a>])) -> Res<V<'c, 'a>> {
    let equality = matches!(kind, CompareKind::Eq | CompareKind::Ne);
    match (lt, rt) {
        (Ty::Scalar(d), Ty::Scalar(e)) if d == e => scalars(cx, kind, *d, a, b),
        (Ty::Scalar(DType::Int64), Ty::Scalar(DType::UInt64)) => mixed(cx, kind, true, a[0], b[0]),
        (Ty::Scalar(DType::UInt64), Ty::Scalar(DType::Int64)) => mixed(cx, kind, false, a[0], b[0]),
        (Ty::Scalar(d), Ty::Scalar(e)) => {
            let t = d.promote(*e);
            let (a, b) = (cast::scalar(cx, *d, t, a), cast::scalar(cx, *e, t, b));
            scalars(cx, kind, t, &a, &b)
        }
        (Ty::Str, Ty::Str) => strings::compare(cx, kind, a, b),
        (Ty::List(_), Ty::List(_)) => {
            let (x, y) = (List::new(cx, lt, a)?, List::new(cx, rt, b)?);
            lists(cx, kind, &x, &y)
        }
        (Ty::Tuple(p), Ty::Tuple(q)) => {
            // Compared from the last element to the first: an earlier difference overrides.
            let common = p.len().min(q.len());
            let mut result = match (p.len().cmp(&q.len()), kind) {
                (_, CompareKind::Eq) => cx.b.bool(p.len() == q.len()),
                (_, CompareKind::Ne) => cx.b.bool(p.len() != q.len()),
                (order, CompareKind::Lt) => cx.b.bool(order.is_lt()),
                (order, CompareKind::Le) => cx.b.bool(order.is_le()),
                (order, CompareKind::Gt) => cx.b.bool(order.is_gt()),
                (order, CompareKind::Ge) => cx.b.bool(order.is_ge()),
                _ => return cx.invalid(format!("comparison {} of tuples", kind.symbol())),
            };
            if equality && p.len() != q.len() {
                return Ok(result);
            }
            for i in (0..common).rev() {
                let (x, y) = ((&p[i], part(p, a, i)), (&q[i], part(q, b, i)));
                let here = ordered(cx, kind, x, y)?;
                let same = ordered(cx, CompareKind::Eq, x, y)?;
                result = cx.b.select(same, result, here);
            }
            Ok(result)
        }
        // Elements of lists: inference has seen to it that they can be compared.
        (Ty::Struct(s), _) => ordered(cx, kind, (&Ty::tuple(s.types.iter().cloned()), a), (rt, b)),
        (_, Ty::Struct(s)) => ordered(cx, kind, (lt, a), (&Ty::tuple(s.types.iter().cloned()), b)),
        // Types with one value only.
        _ if equality && flatten::count(lt) == 0 && flatten::count(rt) == 0 => Ok(cx.b.bool((lt == rt) == (kind == CompareKind::Eq))),
        _ => cx.unsupported(format!("comparison {} of {lt} and {rt}", kind.symbol())),
    }
}

// The first pair that differs decides; without one the lengths do.
fn lists<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, kind: CompareKind, x: &List<'c, 'a>, y: &List<'c, 'a>) -> Res<V<'c, 'a>> {
    let (i64, i1) = (cx.b.t.i64, cx.b.t.i1);
    let (n, m) = (x.len(cx), y.len(cx));
    let (zero, one) = (cx.b.i64(0), cx.b.i64(1));
    let (exit, lengths) = (cx.b.new_block(&[i1]), cx.b.new_block(&[]));
    if matches!(kind, CompareKind::Eq | CompareKind::Ne) {
        let (start, differ, unequal) = (cx.b.new_block(&[]), cx.b.cmp(CmpiPredicate::Ne, n, m), cx.b.bool(kind == CompareKind::Ne));
        cx.b.cond_br(differ, (exit, &[unequal]), (start, &[]));
        cx.b.block = start;
    }
    let shared = cx.b.smin(n, m);
    let (header, inside, decide) = (cx.b.new_block(&[i64]), cx.b.new_block(&[]), cx.b.new_block(&[]));
    cx.b.br(header, &[zero]);
    cx.b.block = header;
    let i = cx.b.arguments(header)[0];
    let more = cx.b.slt(i, shared);
    cx.b.cond_br(more, (inside, &[]), (lengths, &[]));
    cx.b.block = inside;
    let (a, b) = (x.load(cx, i), y.load(cx, i));
    let same = ordered(cx, CompareKind::Eq, (&x.element, &a), (&y.element, &b))?;
    let next = cx.b.add_nsw(i, one);
    cx.b.cond_br(same, (header, &[next]), (decide, &[]));
    cx.b.block = decide;
    let here = match kind {
        CompareKind::Eq => cx.b.bool(false),
        CompareKind::Ne => cx.b.bool(true),
        _ => ordered(cx, kind, (&x.element, &a), (&y.element, &b))?,
    };
    cx.b.br(exit, &[here]);
    cx.b.block = lengths;
    let v = scalars(cx, kind, DType::Int64, &[n], &[m])?;
    cx.b.br(exit, &[v]);
    cx.b.block = exit;
    Ok(cx.b.arguments(exit)[0])
}

/// Comparison of scalars of one type.
pub fn scalars<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, kind: CompareKind, d: DType, a: &[V<'c, 'a>], b: &[V<'c, 'a>]) -> Res<V<'c, 'a>> {
    use CompareKind::{Eq, Ge, Gt, Le, Lt, Ne};
    Ok(match d.kind() {
        Kind::Complex => {
            let p = if kind == Ne { CmpfPredicate::Une } else { CmpfPredicate::Oeq };
            let (re, im) = (cx.b.fcmp(p, a[0], b[0]), cx.b.fcmp(p, a[1], b[1]));
            match kind {
                Eq => cx.b.and(re, im),
                Ne => cx.b.or(re, im),
                _ => return cx.invalid("complex numbers have no order"),
            }
        }
        Kind::Float => {
            let p = match kind {
                Lt => CmpfPredicate::Olt,
                Le => CmpfPredicate::Ole,
                Eq => CmpfPredicate::Oeq,
                Ne => CmpfPredicate::Une,
                Gt => CmpfPredicate::Ogt,
                Ge => CmpfPredicate::Oge,
                _ => return cx.invalid(format!("comparison {} of floats", kind.symbol())),
            };
            cx.b.fcmp(p, a[0], b[0])
        }
        _ => {
            let p = match (kind, d.is_signed()) {
                (Lt, true) => CmpiPredicate::Slt,
                (Le, true) => CmpiPredicate::Sle,
                (Gt, true) => CmpiPredicate::Sgt,
                (Ge, true) => CmpiPredicate::Sge,
                (Lt, false) => CmpiPredicate::Ult,
                (Le, false) => CmpiPredicate::Ule,
                (Gt, false) => CmpiPredicate::Ugt,
                (Ge, false) => CmpiPredicate::Uge,
                (Eq, _) => CmpiPredicate::Eq,
                (Ne, _) => CmpiPredicate::Ne,
                _ => return cx.invalid(format!("comparison {} of integers", kind.symbol())),
            };
            let result = cx.b.cmp(p, a[0], b[0]);
            if d.unit().is_none() {
                return Ok(result);
            }
            // NaT is unequal to everything and has no order.
            let (x, y) = (times::is_nat(cx, a[0]), times::is_nat(cx, b[0]));
            let (nat, outcome) = (cx.b.or(x, y), cx.b.bool(kind == Ne));
            cx.b.select(nat, outcome, result)
        }
    })
}

/// Exact comparison of a signed with an unsigned number: `compare_mixed.<kind>`.
pub fn mixed<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, kind: CompareKind, signed_first: bool, a: V<'c, 'a>, b: V<'c, 'a>) -> Res<V<'c, 'a>> {
    use CompareKind::{Eq, Ge, Gt, Le, Lt, Ne};
    if !signed_first {
        let swapped = match kind {
            Lt => Gt,
            Le => Ge,
            Gt => Lt,
            Ge => Le,
            other => other,
        };
        return mixed(cx, swapped, true, b, a);
    }
    let (predicate, if_negative) = match kind {
        Lt => (CmpiPredicate::Ult, true),
        Le => (CmpiPredicate::Ule, true),
        Gt => (CmpiPredicate::Ugt, false),
        Ge => (CmpiPredicate::Uge, false),
        Eq => (CmpiPredicate::Eq, false),
        Ne => (CmpiPredicate::Ne, true),
        _ => return cx.invalid("comparison of integers"),
    };
    let zero = cx.b.i64(0);
    let (negative, bits, fixed) = (cx.b.slt(a, zero), cx.b.cmp(predicate, a, b), cx.b.bool(if_negative));
    Ok(cx.b.select(negative, fixed, bits))
}

/// `py.truth`
pub fn truth<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, op: OperationRef<'c, 'a>) -> Res<()> {
    let value = cx.operand(op, 0)?;
    let v = truth_of(cx, value)?;
    cx.set_result(op, smallvec![v])
}

/// Whether a value is true.
pub fn truth_of<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, value: Value<'c, 'a>) -> Res<V<'c, 'a>> {
    let ty = cx.ty(value)?;
    let v = cx.get(value)?;
    truth_value(cx, &ty, &v)
}

/// Whether machine values of a type are true.
pub fn truth_value<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, ty: &Ty, v: &[V<'c, 'a>]) -> Res<V<'c, 'a>> {
    Ok(match ty {
        Ty::List(_) => {
            let n = List::new(cx, ty, v)?.len(cx);
            let zero = cx.b.i64(0);
            cx.b.cmp(CmpiPredicate::Ne, n, zero)
        }
        Ty::Scalar(d) => nonzero(cx, *d, v),
        Ty::Tuple(parts) => cx.b.bool(!parts.is_empty()),
        Ty::Literal(text) => cx.b.bool(!text.is_empty()),
        Ty::Str => strings::truth(cx, v),
        Ty::None => cx.b.bool(false),
        Ty::Ellipsis | Ty::Entity(_) | Ty::Function(_) | Ty::Callable(_) | Ty::Exception(_) => cx.b.bool(true),
        Ty::Range(d) => {
            let n = iterate::range_length(cx, *d, v);
            let zero = cx.b.i64(0);
            cx.b.cmp(CmpiPredicate::Ne, n, zero)
        }
        _ => return cx.unsupported(format!("truth value of {ty}")),
    })
}

/// Whether a scalar is not zero.
pub fn nonzero<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, d: DType, v: &[V<'c, 'a>]) -> V<'c, 'a> {
    let t = cx.b.t.scalar(d);
    match d.kind() {
        Kind::Bool => v[0],
        Kind::Int | Kind::UInt | Kind::DateTime | Kind::TimeDelta | Kind::Record => {
            let zero = cx.b.int(t, 0);
            cx.b.cmp(CmpiPredicate::Ne, v[0], zero)
        }
        Kind::Float => {
            let zero = cx.b.float(t, 0.0);
            cx.b.fcmp(CmpfPredicate::Une, v[0], zero)
        }
        Kind::Complex => {
            let zero = cx.b.float(t, 0.0);
            let (re, im) = (cx.b.fcmp(CmpfPredicate::Une, v[0], zero), cx.b.fcmp(CmpfPredicate::Une, v[1], zero));
            cx.b.or(re, im)
        }
    }
}
