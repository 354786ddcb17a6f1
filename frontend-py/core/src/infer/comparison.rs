//! Comparisons, membership and truth. Integers of mixed signedness compare exactly; an integer with a float compares as float.
use super::{
    arithmetic::{elements, meet},
    expr::{Expr, Typed, Typing, folded, scalar},
    fold,
    objects::{lists, strings, structs, times},
    problem::Problem,
    union,
    val::{Val, fits, join},
};
use numbra_abi::DType;
use numbra_dialects::{Code, py::{BinaryKind, CompareKind, Ty, UnaryKind}};
use std::sync::Arc;

const MIXED: [&str; 6] = ["compare_mixed.lt", "compare_mixed.le", "compare_mixed.eq", "compare_mixed.ne", "compare_mixed.gt", "compare_mixed.ge"];

/// A comparison of two operands.
pub fn compare(kind: CompareKind, a: &Val, b: &Val) -> Typing {
    compare_on(kind, (a, Expr::Arg(0)), (b, Expr::Arg(1)))
}

pub(super) fn refuse(kind: CompareKind, a: &Val, b: &Val) -> Box<Problem> {
    Problem::new(Code::NB0200, format!("operator `{}` does not take {} and {}", kind.symbol(), a.describe(), b.describe()))
}

/// A comparison of any two expressions.
pub fn compare_on(kind: CompareKind, (a, ea): (&Val, Expr), (b, eb): (&Val, Expr)) -> Typing {
    if let Some(typing) = union::compare(kind, (a, &ea), (b, &eb)) {
        return typing;
    }
    if let Some(typing) = structs::compare(kind, (a, &ea), (b, &eb)) {
        return typing;
    }
    let none = |v: &Val| matches!(v, Val::Of(Ty::None));
    let equality = matches!(kind, CompareKind::Eq | CompareKind::Ne);
    match kind {
        CompareKind::Is | CompareKind::IsNot => {
            // There is one True and one False.
            let boolean = |v: &Val| matches!(v, Val::Bool(_));
            if boolean(a) || boolean(b) {
                return match (a.dtype(), b.dtype()) {
                    (Some(DType::Bool), Some(DType::Bool)) => compare_on(if kind == CompareKind::Is { CompareKind::Eq } else { CompareKind::Ne }, (a, ea), (b, eb)),
                    _ => folded(Val::Bool(kind == CompareKind::IsNot)),
                };
            }
            let same = match (a, b) {
                _ if none(a) || none(b) => none(a) && none(b),
                (Val::Of(Ty::Entity(_) | Ty::Function(_) | Ty::Ellipsis), _) | (_, Val::Of(Ty::Entity(_) | Ty::Function(_) | Ty::Ellipsis)) => a == b,
                _ => return Err(refuse(kind, a, b).help("`is` compares with None only; for values write `==`")),
            };
            return folded(Val::Bool(same == (kind == CompareKind::Is)));
        }
        CompareKind::In | CompareKind::NotIn => return membership(kind == CompareKind::NotIn, (a, ea), (b, eb)),
        _ => {}
    }
    if let Some(result) = fold::compare(kind, a, b) {
        return folded(Val::Bool(result));
    }
    let differ = || folded(Val::Bool(kind == CompareKind::Ne));
    match (a, b) {
        (Val::Of(Ty::Entity(_) | Ty::Function(_) | Ty::Literal(_) | Ty::None), Val::Of(Ty::Entity(_) | Ty::Function(_) | Ty::Literal(_) | Ty::None)) if equality => {
            return folded(Val::Bool((a == b) == (kind == CompareKind::Eq)));
        }
        _ if strings::is_string(a) && strings::is_string(b) => return strings::compare(kind, ea, eb),
        (x, y) if equality && (none(x) || none(y)) && x.ty().array().is_none() && y.ty().array().is_none() => return differ(),
        (Val::Tuple(x), Val::Tuple(y)) if equality && x.len() != y.len() => return differ(),
        // Numbers, texts and tuples never equal each other.
        (x, y) if equality && species(x).is_some() && species(y).is_some() && species(x) != species(y) => return differ(),
        (Val::Tuple(x), Val::Tuple(y)) => return tuples(kind, (a, x, ea), (b, y, eb)),
        (Val::Of(Ty::List(x)), Val::Of(Ty::List(y))) => return lists::compare(kind, (x, ea), (y, eb)),
        _ => {}
    }
    if a.time().is_some() || b.time().is_some() {
        return times::compare(kind, (a, ea), (b, eb));
    }
    if equality && family(a).is_some_and(|f| family(b).is_some_and(|g| f != g)) {
        return differ();
    }
    let (Some(x), Some(y)) = (a.dtype(), b.dtype()) else { return Err(refuse(kind, a, b)) };
    if (x.is_complex() || y.is_complex()) && !equality {
        return Err(refuse(kind, a, b));
    }
    numbers(kind, (a, x, ea), (b, y, eb))
}

/// Kinds of values of which none equals one of another kind.
fn family(v: &Val) -> Option<u8> {
    match v {
        v if v.dtype().is_some() => Some(0),
        Val::Tuple(_) => Some(1),
        v if structs::class(v).is_some() => Some(1),
        Val::Of(Ty::Literal(_) | Ty::Str) => Some(2),
        Val::Of(Ty::Range(_)) => Some(3),
        Val::Of(Ty::Slice(_)) => Some(4),
        Val::Of(Ty::List(_)) => Some(5),
        Val::Of(Ty::Ellipsis) => Some(6),
        _ => None,
    }
}

/// Which of the kinds a value is of that never equal each other.
fn species(v: &Val) -> Option<u8> {
    match v {
        Val::Tuple(_) => Some(0),
        Val::Of(Ty::Literal(_) | Ty::Str) => Some(1),
        v if v.dtype().is_some() => Some(2),
        _ => None,
    }
}

fn numbers(kind: CompareKind, (a, x, ea): (&Val, DType, Expr), (b, y, eb): (&Val, DType, Expr)) -> Typing {
    let integral = |d: DType| d.is_integer() || d == DType::Bool;
    let wide = |d: DType| d == DType::UInt64;
    let literal_fits = |v: &Val, d| matches!(v, Val::Int(i) if fits(*i, d));
    let t = if integral(x) && integral(y) {
        if literal_fits(a, y) {
            y
        } else if literal_fits(b, x) {
            x
        } else if wide(x) != wide(y) && (x.is_signed() || y.is_signed()) {
            let side = |d: DType, e: Expr| e.to(if wide(d) { DType::UInt64 } else { DType::Int64 });
            return scalar(DType::Bool, Expr::builtin(MIXED[kind as usize], vec![side(x, ea), side(y, eb)], Ty::BOOL));
        } else {
            x.promote(y)
        }
    } else {
        meet(a, b).unwrap_or_else(|| x.promote(y))
    };
    let equality = matches!(kind, CompareKind::Eq | CompareKind::Ne);
    let t = if t == DType::Bool && !equality { DType::UInt8 } else { t };
    scalar(DType::Bool, Expr::compare(kind, ea.to(t), eb.to(t)))
}

fn tuples(kind: CompareKind, (a, x, ea): (&Val, &Arc<[Val]>, Expr), (b, y, eb): (&Val, &Arc<[Val]>, Expr)) -> Typing {
    let equality = matches!(kind, CompareKind::Eq | CompareKind::Ne);
    if equality {
        // Element by element, each in the type where the two meet.
        let mut all: Option<Expr> = None;
        for (i, (p, q)) in x.iter().zip(y.iter()).enumerate() {
            let part = |e: &Expr, v: &Val| Expr::Element(Box::new(e.clone()), i, v.ty());
            let one = compare_on(CompareKind::Eq, (p, part(&ea, p)), (q, part(&eb, q)))?;
            match (one.val, one.expr) {
                (Val::Bool(false), _) => return folded(Val::Bool(kind == CompareKind::Ne)),
                (_, Some(e)) => all = Some(all.map_or(e.clone(), |l| Expr::binary(BinaryKind::And, l, e, DType::Bool))),
                _ => {}
            }
        }
        return match all {
            None => folded(Val::Bool(kind == CompareKind::Eq)),
            Some(e) if kind == CompareKind::Eq => scalar(DType::Bool, e),
            Some(e) => scalar(DType::Bool, Expr::unary(UnaryKind::Not, e, DType::Bool)),
        };
    }
    if let (Some(x), Some(y)) = (integers(x), integers(y)) {
        let holds = match kind {
            CompareKind::Lt => x < y,
            CompareKind::Le => x <= y,
            CompareKind::Gt => x > y,
            _ => x >= y,
        };
        return folded(Val::Bool(holds));
    }
    let shared = x.len().min(y.len());
    let ordered = |v: &Val| v.dtype().is_some_and(|d| !d.is_complex()) || matches!(v, Val::Tuple(_) | Val::Of(Ty::List(_))) || strings::is_string(v);
    let common = x.iter().zip(y.iter()).map(|(p, q)| join(p, q).widen()).collect::<Vec<_>>();
    if common.iter().any(|v| !ordered(v)) {
        return by_parts(kind, (x, ea), (y, eb)).map_err(|_| refuse(kind, a, b));
    }
    let t = Ty::tuple(common.iter().map(|v| strings::stored(&v.ty())));
    if x.len() != y.len() {
        // Where all that both have is equal, the shorter one is less.
        let holds = (x.len() < y.len()) == matches!(kind, CompareKind::Lt | CompareKind::Le);
        let kind = match (kind, holds) {
            _ if shared == 0 => return folded(Val::Bool(holds)),
            (CompareKind::Lt | CompareKind::Le, true) => CompareKind::Le,
            (CompareKind::Lt | CompareKind::Le, false) => CompareKind::Lt,
            (_, true) => CompareKind::Ge,
            (_, false) => CompareKind::Gt,
        };
        let first = |e: Expr, v: &Arc<[Val]>| Expr::Tuple(elements(&e, v).take(shared).zip(&common).map(|(e, c)| e.cast(&strings::stored(&c.ty()))).collect(), t.clone());
        return scalar(DType::Bool, Expr::compare(kind, first(ea, x), first(eb, y)));
    }
    scalar(DType::Bool, Expr::compare(kind, ea.cast(&t), eb.cast(&t)))
}

/// Integers that are known at compile time, as the parts of a version are.
fn integers(parts: &[Val]) -> Option<Vec<i64>> {
    parts.iter().map(|v| if let Val::Int(i) = v { Some(*i) } else { None }).collect()
}

/// Tuples whose elements have no common type in which they are ordered: the first that differ decide, then the lengths.
fn by_parts(kind: CompareKind, (x, ea): (&Arc<[Val]>, Expr), (y, eb): (&Arc<[Val]>, Expr)) -> Typing {
    let (strict, order) = (if matches!(kind, CompareKind::Lt | CompareKind::Le) { CompareKind::Lt } else { CompareKind::Gt }, x.len().cmp(&y.len()));
    let mut result = folded(Val::Bool(match kind {
        CompareKind::Lt => order.is_lt(),
        CompareKind::Le => order.is_le(),
        CompareKind::Gt => order.is_gt(),
        _ => order.is_ge(),
    }))?;
    let join = |kind: BinaryKind, a: Typed, b: Typed| {
        let decides = kind == BinaryKind::Or;
        match (a.val.truth(), b.val.truth()) {
            (Some(t), _) => if t == decides { a } else { b },
            (_, Some(t)) => if t == decides { b } else { a },
            _ => Typed { val: Val::scalar(DType::Bool), expr: Some(Expr::binary(kind, a.whole(), b.whole(), DType::Bool)) },
        }
    };
    let (parts, others): (Vec<Expr>, Vec<Expr>) = (elements(&ea, x).collect(), elements(&eb, y).collect());
    for i in (0..x.len().min(y.len())).rev() {
        let on = |kind| compare_on(kind, (&x[i], parts[i].clone()), (&y[i], others[i].clone()));
        let rest = join(BinaryKind::And, on(CompareKind::Eq)?, result);
        result = join(BinaryKind::Or, on(strict)?, rest);
    }
    Ok(result)
}

fn membership(negated: bool, (a, ea): (&Val, Expr), (b, eb): (&Val, Expr)) -> Typing {
    if let (Some(entries), Val::Of(Ty::Literal(key))) = (super::call::bind::entries(b), a) {
        return folded(Val::Bool(entries.field(key).is_some() != negated));
    }
    if strings::is_string(b) {
        return strings::contains(negated, (a, ea), (b, eb));
    }
    if let Val::Of(Ty::List(element)) = b {
        let one = lists::contains(element, a, (ea, eb))?;
        return match (one.val, one.expr) {
            (_, Some(e)) if negated => scalar(DType::Bool, Expr::unary(UnaryKind::Not, e, DType::Bool)),
            (_, Some(e)) => scalar(DType::Bool, e),
            _ => folded(Val::Bool(negated)),
        };
    }
    if let Val::Of(Ty::Range(_)) = b {
        return match a.dtype() {
            Some(d) if d.is_integer() || d == DType::Bool => {
                let here = Expr::builtin("range.contains", vec![eb, ea.to(DType::Int64)], Ty::BOOL);
                scalar(DType::Bool, if negated { Expr::unary(UnaryKind::Not, here, DType::Bool) } else { here })
            }
            Some(d) => {
                // Only numbers that are integers are in a range.
                let (real, imaginary) = match d.is_complex() {
                    true => (Expr::GetAttr(Box::new(ea.clone()), "real", Ty::Scalar(d.part())), Some(Expr::GetAttr(Box::new(ea), "imag", Ty::Scalar(d.part())))),
                    false => (ea, None),
                };
                let real = real.to(DType::Float64);
                let whole = real.clone().to(DType::Int64);
                let and = |a, b| Expr::binary(BinaryKind::And, a, b, DType::Bool);
                let mut here = and(Expr::compare(CompareKind::Eq, whole.clone().to(DType::Float64), real), Expr::builtin("range.contains", vec![eb, whole], Ty::BOOL));
                if let Some(imaginary) = imaginary {
                    here = and(here, Expr::compare(CompareKind::Eq, imaginary.to(DType::Float64), Expr::constant(Val::float(0.0))));
                }
                scalar(DType::Bool, if negated { Expr::unary(UnaryKind::Not, here, DType::Bool) } else { here })
            }
            None => Err(Problem::new(Code::NB0200, format!("whether a range holds {} is not supported", a.describe())).at(0).help("ask for an integer")),
        };
    }
    let Val::Tuple(options) = b else {
        let problem = Problem::new(Code::NB0200, format!("operator `in` does not take {}", b.describe())).at(1);
        return Err(problem.help("`in` looks into tuples, lists and strings; over an array, write the loop"));
    };
    let mut any: Option<Expr> = None;
    for (v, e) in options.iter().zip(elements(&eb, options)) {
        let one = compare_on(CompareKind::Eq, (a, ea.clone()), (v, e))?;
        match (one.val, one.expr) {
            (Val::Bool(true), _) => return folded(Val::Bool(!negated)),
            (_, Some(e)) => any = Some(any.map_or(e.clone(), |l| Expr::binary(BinaryKind::Or, l, e, DType::Bool))),
            _ => {}
        }
    }
    match any {
        None => folded(Val::Bool(negated)),
        Some(e) if !negated => scalar(DType::Bool, e),
        Some(e) => scalar(DType::Bool, Expr::unary(UnaryKind::Not, e, DType::Bool)),
    }
}

/// The truth value of an object.
pub fn truth(v: &Val, e: Expr) -> Typing {
    if let Some(b) = v.truth() {
        return folded(Val::Bool(b));
    }
    match v {
        Val::Of(Ty::Union(members)) => union::truth_of(members, &e),
        Val::Of(Ty::Struct(s)) if structs::is_class(&s.path) => match structs::plain(v, &e) {
            Some((v, e)) => truth(&v, e),
            None => folded(Val::Bool(structs::is_enum(s))),
        },
        Val::Of(Ty::Scalar(DType::Bool)) => scalar(DType::Bool, e),
        Val::Of(Ty::Scalar(_) | Ty::List(_) | Ty::Str) => scalar(DType::Bool, Expr::Truth(Box::new(e))),
        Val::Of(Ty::Range(_)) => {
            let len = Expr::builtin("len", vec![e], Ty::INT);
            scalar(DType::Bool, Expr::Truth(Box::new(len)))
        }
        Val::Of(Ty::Array(_)) => {
            Err(Problem::new(Code::NB0212, format!("{} has no truth value", v.describe())).help("write `a.size > 0`, `a.any()` or `a.all()`, whichever is meant"))
        }
        v => Err(Problem::new(Code::NB0212, format!("{} has no truth value", v.describe()))),
    }
}
