//! Whether two values are the same because they are computed in the same way. The program's `a[k] = a[k] + 1` computes its index twice.
use crate::cfg::Cfg;
use melior::ir::{OperationRef, Value, ValueLike, operation::OperationLike};
use numbra_dialects::py::PyOp;

/// Attributes that make two ops of one kind different.
const ATTRIBUTES: &[&str] = &["attribute", "callee", "kind", "map", "path", "running", "scanned", "value"];
/// Chains that are longer are not followed: they are taken to be different.
const DEPTH: usize = 12;

/// Whether two values are computed in the same way. `reads` says whether an element of an array is the same each time that it is read, or a call gives the same each time.
pub fn same<'c: 'a, 'a>(cfg: &Cfg<'c, 'a>, a: Value<'c, 'a>, b: Value<'c, 'a>, reads: &dyn Fn(OperationRef<'c, 'a>) -> bool) -> bool {
    within(cfg, a, b, reads, 0)
}

fn within<'c: 'a, 'a>(cfg: &Cfg<'c, 'a>, a: Value<'c, 'a>, b: Value<'c, 'a>, reads: &dyn Fn(OperationRef<'c, 'a>) -> bool, depth: usize) -> bool {
    if a == b {
        return true;
    }
    let (Some((kind, x)), Some((other, y))) = (cfg.op(a), cfg.op(b)) else { return false };
    let repeatable = match kind {
        PyOp::GetItem | PyOp::Builtin | PyOp::Invoke => reads(x) && reads(y),
        kind => only_computes(kind),
    };
    let alike = depth < DEPTH && kind == other && repeatable && a.r#type() == b.r#type() && x.operand_count() == y.operand_count();
    alike && ATTRIBUTES.iter().all(|name| x.attribute(name).ok() == y.attribute(name).ok()) && x.operands().zip(y.operands()).all(|(v, w)| within(cfg, v, w, reads, depth + 1))
}

/// Whether an op gives the same for the same operands, and does nothing else but perhaps raise.
pub fn only_computes(kind: PyOp) -> bool {
    matches!(
        kind,
        PyOp::Constant | PyOp::Tuple | PyOp::Slice | PyOp::Cast | PyOp::Binary | PyOp::Unary | PyOp::Compare | PyOp::Truth | PyOp::GetAttr | PyOp::Ellipsis | PyOp::Entity | PyOp::FunctionRef
    )
}
