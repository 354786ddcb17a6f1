//! Conversions of arguments to the types of an explicit signature, and how they rank. Only functions that no longer compile for new types convert;
//! all others compile a version for exactly the types that they are given.
use super::{arrays::array_type, reader::{Cursor, Reader}, typeof_value::typeof_value};
use crate::numpy::NumPy;
use numbra_abi::{DType, dtype::Kind};
use numbra_dialects::py::{ArrayTy, Layout, Ty};
use pyo3::ffi::*;
use std::ptr::addr_of_mut;

/// How bad a conversion is; compared from the first field on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cost {
    unsafe_: usize,
    safe: usize,
    promote: usize,
}

impl Cost {
    /// The cost of both.
    pub fn add(self, other: Cost) -> Cost {
        Cost { unsafe_: self.unsafe_ + other.unsafe_, safe: self.safe + other.safe, promote: self.promote + other.promote }
    }
}

/// The cost of passing a value of one type for another; `None` when it cannot be.
pub fn cost(from: &Ty, to: &Ty) -> Option<Cost> {
    match (from, to) {
        (a, b) if a == b => Some(Cost::default()),
        // Whether it has such a version shows when it is read.
        (Ty::Function(_) | Ty::Entity(_), Ty::Callable(_)) => Some(Cost::default()),
        (Ty::Literal(_), Ty::Str) => Some(Cost::default()),
        (Ty::Scalar(a), Ty::Scalar(b)) => scalar_cost(*a, *b),
        (Ty::Array(a), Ty::Array(b)) => array_fits(a, b).then_some(Cost { safe: 1, ..Cost::default() }),
        (Ty::Union(a), _) => a.iter().try_fold(Cost::default(), |worst, a| cost(a, to).map(|c| worst.max(c))),
        (_, Ty::Union(b)) => b.iter().filter_map(|b| cost(from, b)).min().map(|c| c.add(Cost { safe: 1, ..Cost::default() })),
        (Ty::Tuple(a), Ty::Tuple(b)) if a.len() == b.len() => a.iter().zip(b.iter()).try_fold(Cost::default(), |sum, (a, b)| Some(sum.add(cost(a, b)?))),
        _ => None,
    }
}

fn scalar_cost(a: DType, b: DType) -> Option<Cost> {
    if !a.is_number() || !b.is_number() {
        return None;
    }
    if a.is_complex() && !b.is_complex() {
        return None;
    }
    // Of several safe conversions the one to the nearest kind is best, and of several sizes the nearest size.
    let kind = |d: DType| -> usize { match d.kind() {
        Kind::Bool => 0,
        Kind::Int | Kind::UInt => 1,
        Kind::Float => 2,
        _ => 3,
    } };
    let sizes = b.part().size().ilog2().saturating_sub(a.part().size().ilog2()) as usize;
    Some(if a.promote(b) != b {
        Cost { unsafe_: 1, ..Cost::default() }
    } else if a.kind() == b.kind() {
        Cost { promote: sizes, ..Cost::default() }
    } else {
        Cost { safe: kind(b).saturating_sub(kind(a)).max(1), promote: sizes, ..Cost::default() }
    })
}

fn array_fits(a: &ArrayTy, b: &ArrayTy) -> bool {
    a.dtype == b.dtype && a.rank == b.rank && (a.layout == b.layout || b.layout == Layout::A) && (!a.readonly || b.readonly)
}

/// Unboxes `object` as type `t`, converting it; false with an exception set when its value does not fit.
///
/// # Safety
/// As for [`Reader::read`]; `reader` is that of `t`.
pub unsafe fn read(t: &Ty, reader: &Reader, object: *mut PyObject, out: &mut Cursor) -> bool {
    // SAFETY: by the contract of this function; a failed exact read is undone by going back to where it began.
    unsafe {
        let start = Cursor { slot: out.slot, header: out.header, lists: out.lists };
        if reader.read(object, out) {
            return true;
        }
        if !PyErr_Occurred().is_null() {
            return false;
        }
        *out = start;
        match (t, reader) {
            (Ty::Scalar(d), _) => scalar(*d, object, out),
            (Ty::Array(a), _) => {
                let Some(numpy) = NumPy::get() else { return type_error(t) };
                if numpy.is_array(object) && array_type(object).is_ok_and(|b| array_fits(&b, a)) {
                    out.push_array(object, a.rank);
                    return true;
                }
                type_error(t)
            }
            (Ty::Tuple(types), Reader::Tuple(readers)) => {
                if Py_TYPE(object) != addr_of_mut!(PyTuple_Type) || PyTuple_Size(object) != types.len() as isize {
                    return type_error(t);
                }
                types.iter().zip(readers.iter()).enumerate().all(|(i, (t, r))| read(t, r, PyTuple_GetItem(object, i as isize), out))
            }
            (Ty::Union(types), Reader::Union(members)) => {
                // The member that costs least, as for the choice between signatures.
                let best = typeof_value(object).ok().and_then(|from| {
                    let costs = types.iter().enumerate().filter_map(|(i, t)| cost(&from, t).map(|c| (c, i)));
                    costs.min().map(|(_, i)| i)
                });
                match best {
                    Some(best) => super::reader::read_union(members, out, |i, member, out| i == best && read(&types[i], member, object, out)),
                    None => type_error(t),
                }
            }
            _ => type_error(t),
        }
    }
}

/// # Safety
/// The GIL is held.
unsafe fn type_error(t: &Ty) -> bool {
    crate::errors::set(c"TypeError", &format!("the argument cannot be passed as {t}"));
    false
}

/// # Safety
/// As for [`read`].
unsafe fn scalar(to: DType, object: *mut PyObject, out: &mut Cursor) -> bool {
    // SAFETY: the object is a scalar that Python can convert; every reference made here is given up here.
    unsafe {
        if !to.is_number() || typeof_value(object).ok().and_then(|t| t.scalar()).is_none() {
            return type_error(&Ty::Scalar(to));
        }
        match to.kind() {
            Kind::Bool => {
                let truth = PyObject_IsTrue(object);
                if truth < 0 {
                    return false;
                }
                out.push(truth as u64);
            }
            Kind::Int | Kind::UInt => {
                let whole = PyNumber_Long(object);
                if whole.is_null() {
                    return false;
                }
                let signed = crate::layout::long_value(whole);
                let unsigned = if signed.is_none() { crate::layout::unsigned_long_value(whole) } else { None };
                Py_DECREF(whole);
                let value = signed.map(i128::from).or(unsigned.map(i128::from));
                let bits = to.bits() as u32;
                let (low, high) = if to.is_signed() { (-(1i128 << (bits - 1)), (1i128 << (bits - 1)) - 1) } else { (0, (1i128 << bits) - 1) };
                let Some(value) = value.filter(|v| (low..=high).contains(v)) else {
                    crate::errors::set(c"OverflowError", &format!("the value of the argument does not fit {}", to.name()));
                    return false;
                };
                let mask = if bits == 64 { u64::MAX } else { (1u64 << bits) - 1 };
                out.push(value as u64 & mask);
            }
            Kind::Float => {
                let value = PyFloat_AsDouble(object);
                if value == -1.0 && !PyErr_Occurred().is_null() {
                    return false;
                }
                out.push(float_bits(to, value));
            }
            Kind::Complex | Kind::DateTime | Kind::TimeDelta | Kind::Record => {
                // Through `complex(x)`: NumPy's complex64 is not a subclass of complex.
                let value = PyObject_CallFunctionObjArgs(addr_of_mut!(PyComplex_Type).cast(), object, std::ptr::null_mut::<PyObject>());
                if value.is_null() {
                    return false;
                }
                let (real, imaginary) = (PyComplex_RealAsDouble(value), PyComplex_ImagAsDouble(value));
                Py_DECREF(value);
                out.push(float_bits(to.part(), real));
                out.push(float_bits(to.part(), imaginary));
            }
        }
        true
    }
}

fn float_bits(to: DType, value: f64) -> u64 {
    if to == DType::Float32 { (value as f32).to_bits() as u64 } else { value.to_bits() }
}
