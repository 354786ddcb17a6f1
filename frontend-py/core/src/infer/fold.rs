//! Operators on constants, with Python's meaning. What Python would refuse or what leaves 64 bits is not folded: it happens at run time.
use super::val::Val;
use numbra_dialects::py::{BinaryKind, CompareKind, UnaryKind};

fn number(v: &Val) -> Option<f64> {
    match v {
        Val::Int(i) => Some(*i as f64),
        Val::Bool(b) => Some(f64::from(u8::from(*b))),
        Val::Float(bits) => Some(f64::from_bits(*bits)),
        _ => None,
    }
}

fn integer(v: &Val) -> Option<i64> {
    match v {
        Val::Int(i) => Some(*i),
        Val::Bool(b) => Some(i64::from(*b)),
        _ => None,
    }
}

/// A binary operator on two numeric constants.
pub fn binary(kind: BinaryKind, a: &Val, b: &Val) -> Option<Val> {
    use BinaryKind::*;
    if let (Val::Bool(x), Val::Bool(y)) = (a, b) {
        match kind {
            And => return Some(Val::Bool(x & y)),
            Or => return Some(Val::Bool(x | y)),
            Xor => return Some(Val::Bool(x ^ y)),
            _ => {}
        }
    }
    if let (Some(x), Some(y)) = (integer(a), integer(b)) {
        let result = match kind {
            Add => x.checked_add(y),
            Sub => x.checked_sub(y),
            Mul => x.checked_mul(y),
            FloorDiv => floor_div(x, y),
            Mod => floor_div(x, y).and_then(|q| q.checked_mul(y)).and_then(|p| x.checked_sub(p)),
            Pow => u32::try_from(y).ok().and_then(|y| x.checked_pow(y)),
            LShift => u32::try_from(y).ok().filter(|y| *y < 63).and_then(|y| x.checked_mul(1 << y)),
            RShift => u32::try_from(y).ok().map(|y| x >> y.min(63)),
            And => Some(x & y),
            Or => Some(x | y),
            Xor => Some(x ^ y),
            TrueDiv => {
                // Exact operands divide with one rounding.
                let exact = |i: i64| i.unsigned_abs() <= 1 << 53;
                return (y != 0 && exact(x) && exact(y)).then(|| Val::float(x as f64 / y as f64));
            }
            MatMul => None,
        };
        return result.map(Val::Int);
    }
    let (x, y) = (number(a)?, number(b)?);
    match kind {
        Add => Some(Val::float(x + y)),
        Sub => Some(Val::float(x - y)),
        Mul => Some(Val::float(x * y)),
        TrueDiv if y != 0.0 => Some(Val::float(x / y)),
        _ => None,
    }
}

fn floor_div(x: i64, y: i64) -> Option<i64> {
    let q = x.checked_div(y)?;
    Some(if x % y != 0 && (x < 0) != (y < 0) { q - 1 } else { q })
}

/// A unary operator on a numeric constant.
pub fn unary(kind: UnaryKind, v: &Val) -> Option<Val> {
    match (kind, v) {
        (UnaryKind::Neg, Val::Float(bits)) => Some(Val::float(-f64::from_bits(*bits))),
        (UnaryKind::Pos, Val::Float(_)) => Some(v.clone()),
        (UnaryKind::Neg, _) => integer(v)?.checked_neg().map(Val::Int),
        (UnaryKind::Pos, _) => integer(v).map(Val::Int),
        (UnaryKind::Invert, Val::Int(i)) => Some(Val::Int(!i)),
        _ => None,
    }
}

/// A comparison of two constants: numbers or strings.
pub fn compare(kind: CompareKind, a: &Val, b: &Val) -> Option<bool> {
    use numbra_dialects::py::Ty;
    let order = match (a, b) {
        (Val::Of(Ty::Literal(x)), Val::Of(Ty::Literal(y))) => Some(x.chars().cmp(y.chars())),
        _ => match (integer(a), integer(b)) {
            (Some(x), Some(y)) => Some(x.cmp(&y)),
            _ => {
                let exact = |v: &Val| integer(v).is_none_or(|i| i.unsigned_abs() <= 1 << 53);
                let (x, y) = (number(a)?, number(b)?);
                if !exact(a) || !exact(b) {
                    return None;
                }
                x.partial_cmp(&y)
            }
        },
    };
    use std::cmp::Ordering::*;
    Some(match kind {
        CompareKind::Lt => order == Some(Less),
        CompareKind::Le => matches!(order, Some(Less | Equal)),
        CompareKind::Eq => order == Some(Equal),
        CompareKind::Ne => order != Some(Equal),
        CompareKind::Gt => order == Some(Greater),
        CompareKind::Ge => matches!(order, Some(Greater | Equal)),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floor_division_rounds_down() {
        for (x, y, q, r) in [(7, 2, 3, 1), (-7, 2, -4, 1), (7, -2, -4, -1), (-7, -2, 3, -1)] {
            assert_eq!(binary(BinaryKind::FloorDiv, &Val::Int(x), &Val::Int(y)), Some(Val::Int(q)));
            assert_eq!(binary(BinaryKind::Mod, &Val::Int(x), &Val::Int(y)), Some(Val::Int(r)));
        }
    }

    #[test]
    fn what_raises_or_overflows_is_left_to_run_time() {
        assert_eq!(binary(BinaryKind::FloorDiv, &Val::Int(1), &Val::Int(0)), None);
        assert_eq!(binary(BinaryKind::TrueDiv, &Val::float(1.0), &Val::Int(0)), None);
        assert_eq!(binary(BinaryKind::Mul, &Val::Int(i64::MAX), &Val::Int(2)), None);
        assert_eq!(unary(UnaryKind::Neg, &Val::Int(i64::MIN)), None);
    }
}
