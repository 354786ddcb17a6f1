//! Types as short texts that the runtime reads: what the slots of a list's element mean. One prefix form per type, so that a text needs no end mark.
use super::Ty;
use numbra_abi::descriptor::{ARRAY, CLOSE, LIST, NONE, RANGE, STR, TUPLE, UNION, push_scalar, scalar};

/// The descriptor of a type, or the part of it that has no place in memory.
pub fn descriptor(t: &Ty) -> Result<String, &Ty> {
    let mut out = String::new();
    write(t, &mut out)?;
    Ok(out)
}

fn write<'t>(t: &'t Ty, out: &mut String) -> Result<(), &'t Ty> {
    match t {
        Ty::None | Ty::Function(_) | Ty::Entity(_) | Ty::Literal(_) | Ty::Ellipsis => out.push(NONE),
        Ty::Scalar(d) => push_scalar(out, *d),
        Ty::Str => out.push(STR),
        Ty::List(e) => {
            out.push(LIST);
            write(e, out)?;
        }
        Ty::Array(a) => {
            out.push(ARRAY);
            out.push(char::from(b'0' + a.rank.min(64) as u8));
            push_scalar(out, a.dtype);
        }
        // The owner and the place, as of an array without dimensions.
        Ty::Record(_) => out.extend([ARRAY, '0', scalar(numbra_abi::DType::UInt8)]),
        Ty::Range(d) => out.extend([RANGE, scalar(*d)]),
        Ty::Tuple(parts) | Ty::Union(parts) => {
            out.push(if matches!(t, Ty::Union(_)) { UNION } else { TUPLE });
            parts.iter().try_for_each(|p| write(p, out))?;
            out.push(CLOSE);
        }
        Ty::Slice(parts) => {
            out.push(TUPLE);
            parts.iter().try_for_each(|p| write(p, out))?;
            out.push(CLOSE);
        }
        Ty::Closure(_, parts) => {
            out.push(TUPLE);
            parts.iter().try_for_each(|p| write(p, out))?;
            out.push(CLOSE);
        }
        // Where its code is, and which function of Python it is.
        Ty::Callable(_) => out.extend([TUPLE, scalar(numbra_abi::DType::UInt64), scalar(numbra_abi::DType::UInt64), CLOSE]),
        Ty::Struct(s) => {
            out.push(TUPLE);
            s.types.iter().try_for_each(|p| write(p, out))?;
            out.push(CLOSE);
        }
        other => return Err(other),
    }
    Ok(())
}
