//! What types allow, but may not have been meant: a `uint64` and a signed integer meet, and as no integer type holds the values of both, the result is a
//! float, which is exact up to 2**53 only. Plain Python computes with the exact number; NumPy does the same with arrays, which is why those are left alone.
use crate::infer::{engine::{Engine, Frame}, source::{Op, OpKind}, val::Val};
use numbra_abi::DType;
use numbra_dialects::{Code, Diagnostic, Span, py::Ty};

/// The warnings for the program's own functions, one for each place.
pub fn of(engine: &Engine) -> Vec<Diagnostic> {
    let own = engine.instances.iter().filter(|i| i.is_finished() && !engine.functions[i.function].library);
    let mut found: Vec<Diagnostic> = vec![];
    for instance in own {
        let source = &*engine.functions[instance.function];
        let reached = (0..source.blocks.len()).filter(|b| instance.frame.reached[*b]);
        for d in reached.flat_map(|b| &source.blocks[b].ops).filter_map(|op| doubt(&instance.frame, op)) {
            if !found.contains(&d) {
                found.push(d);
            }
        }
    }
    found
}

fn doubt(frame: &Frame, op: &Op) -> Option<Diagnostic> {
    let (OpKind::Binary(kind, _), [left, right]) = (&op.kind, &op.operands[..]) else { return None };
    let [a, b] = [left, right].map(|v| integer(&frame.vals[*v]));
    let (a, b) = (a?, b?);
    let meet = (a == DType::UInt64 && b.is_signed()) || (b == DType::UInt64 && a.is_signed());
    let result = op.results.first().map(|r| frame.vals[*r].ty())?;
    // A quotient is a float anyway.
    if !meet || result != Ty::Scalar(DType::Float64) || kind.symbol() == "/" {
        return None;
    }
    let d = Diagnostic::warning(Code::NB0400, Span::of(op.location), format!("`{}` of {} and {} is float64, which holds whole numbers up to 2**53 only", kind.symbol(), a.name(), b.name()));
    Some(d.help("convert one of them, with `np.uint64(x)` or `np.int64(x)`"))
}

// The type of an integer that is known at run time only; a literal takes the type of what it meets.
fn integer(val: &Val) -> Option<DType> {
    match val {
        Val::Of(Ty::Scalar(d)) if d.is_integer() => Some(*d),
        _ => None,
    }
}
