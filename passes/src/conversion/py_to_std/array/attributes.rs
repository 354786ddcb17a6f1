//! Attributes of arrays and scalars.
use super::nest;
use super::super::{build::Vs, cx::{Cx, Res}, flatten};
use melior::ir::{OperationRef, attribute::StringAttribute, operation::OperationLike};
use numbra_dialects::py::Ty;
use smallvec::smallvec;

/// `py.getattr`
pub fn getattr<'c: 'a, 'a>(cx: &mut Cx<'_, 'c, 'a>, op: OperationRef<'c, 'a>) -> Res<()> {
    let object = cx.operand(op, 0)?;
    let ty = cx.ty(object)?;
    let name = op.attribute("attribute").ok().and_then(|a| StringAttribute::try_from(a).ok()).map(|s| s.value()).unwrap_or_default();
    let values: Vs = match &ty {
        Ty::Array(_) => {
            let array = cx.array(object)?;
            match name {
                "shape" => array.shape,
                "strides" => array.strides,
                "ndim" => smallvec![cx.b.i64(array.ty.rank as i64)],
                "itemsize" => smallvec![cx.b.i64(array.ty.dtype.size() as i64)],
                "size" => smallvec![nest::size(cx, &array.shape)],
                "nbytes" => {
                    let (n, item) = (nest::size(cx, &array.shape), cx.b.i64(array.ty.dtype.size() as i64));
                    smallvec![cx.b.mul_nsw(n, item)]
                }
                "T" => {
                    let mut t = array;
                    t.shape.reverse();
                    t.strides.reverse();
                    t.values()
                }
                _ => return cx.unsupported(format!("attribute {name} of {ty}")),
            }
        }
        Ty::Scalar(d) => {
            let v = cx.get(object)?;
            match (name, d.is_complex()) {
                ("real", _) => smallvec![v[0]],
                ("imag", true) => smallvec![v[1]],
                ("imag", false) => smallvec![cx.b.number(cx.b.t.scalar(*d), 0)],
                _ => return cx.unsupported(format!("attribute {name} of {ty}")),
            }
        }
        Ty::Range(_) => {
            let v = cx.get(object)?;
            match name {
                "start" => smallvec![v[0]],
                "stop" => smallvec![v[1]],
                "step" => smallvec![v[2]],
                _ => return cx.unsupported(format!("attribute {name} of {ty}")),
            }
        }
        Ty::Slice(parts) => {
            let v = cx.get(object)?;
            match ["start", "stop", "step"].iter().position(|p| *p == name) {
                Some(i) => flatten::part(&parts[..], &v, i).into(),
                None => return cx.unsupported(format!("attribute {name} of {ty}")),
            }
        }
        _ => return cx.unsupported(format!("attribute {name} of {ty}")),
    };
    cx.set_result(op, values)
}
