//! Calling an entry from Rust with owned data: what `numba-opt --run` and tests use. Python has its own, faster way in.
use crate::LoadedModule;
use numbra_abi::{DType, dtype::Kind};
use numbra_dialects::py::{ArrayTy, Layout, Ty};
use numbra_rt::{Exception, Header};
use std::fmt;

/// A value on its way in or out of compiled code.
#[derive(Clone, Debug, PartialEq)]
pub enum Datum {
    /// `None`
    None,
    /// A scalar, little-endian in the first bytes
    Scalar(DType, [u8; 16]),
    /// A tuple
    Tuple(Vec<Datum>),
    /// An array in C order
    Array {
        /// Element type
        dtype: DType,
        /// Length of each axis
        shape: Vec<usize>,
        /// Elements, little-endian, rows contiguous
        bytes: Vec<u8>,
    },
}

fn padded(bytes: &[u8]) -> [u8; 16] {
    let mut out = [0; 16];
    out[..bytes.len()].copy_from_slice(bytes);
    out
}

impl Datum {
    /// A bool.
    pub fn bool(value: bool) -> Self {
        Datum::Scalar(DType::Bool, padded(&[u8::from(value)]))
    }
    /// An int64.
    pub fn int(value: i64) -> Self {
        Datum::Scalar(DType::Int64, padded(&value.to_le_bytes()))
    }
    /// A float64.
    pub fn float(value: f64) -> Self {
        Datum::Scalar(DType::Float64, padded(&value.to_le_bytes()))
    }
    /// A complex128.
    pub fn complex(real: f64, imaginary: f64) -> Self {
        let mut bytes = padded(&real.to_le_bytes());
        bytes[8..].copy_from_slice(&imaginary.to_le_bytes());
        Datum::Scalar(DType::Complex128, bytes)
    }
    /// An array of int64 or float64 from scalars of these types.
    pub fn array(dtype: DType, shape: Vec<usize>, elements: &[Datum]) -> Option<Self> {
        let mut bytes = Vec::with_capacity(elements.len() * dtype.size());
        for e in elements {
            match (dtype, e) {
                (DType::Float64, Datum::Scalar(DType::Int64, _)) => bytes.extend((e.as_i64()? as f64).to_le_bytes()),
                (_, Datum::Scalar(d, b)) if *d == dtype => bytes.extend(&b[..dtype.size()]),
                _ => return None,
            }
        }
        Some(Datum::Array { dtype, shape, bytes })
    }
    /// Whether it is an int64.
    pub fn is_integer(&self) -> bool {
        matches!(self, Datum::Scalar(DType::Int64, _))
    }
    fn as_i64(&self) -> Option<i64> {
        match self {
            Datum::Scalar(DType::Int64, b) => Some(i64::from_le_bytes(b[..8].try_into().ok()?)),
            _ => None,
        }
    }
    /// The number with its sign changed.
    pub fn negated(self) -> Option<Self> {
        let f = |b: &[u8]| b.try_into().ok().map(f64::from_le_bytes);
        match self {
            Datum::Scalar(DType::Int64, b) => Some(Datum::int(i64::from_le_bytes(b[..8].try_into().ok()?).wrapping_neg())),
            Datum::Scalar(DType::Float64, b) => Some(Datum::float(-f(&b[..8])?)),
            Datum::Scalar(DType::Complex128, b) => Some(Datum::complex(-f(&b[..8])?, -f(&b[8..])?)),
            _ => None,
        }
    }
    /// Its type.
    pub fn ty(&self) -> Ty {
        match self {
            Datum::None => Ty::None,
            Datum::Scalar(d, _) => Ty::Scalar(*d),
            Datum::Tuple(e) => Ty::tuple(e.iter().map(Datum::ty)),
            Datum::Array { dtype, shape, .. } => Ty::Array(ArrayTy::new(*dtype, shape.len(), Layout::C)),
        }
    }
}

/// Compiled code under the entry convention: argument slots, result slots, status.
pub type Entry = unsafe extern "C" fn(*const u64, *mut u64) -> i32;

/// How many slots a value of this type takes; `None` for a type that cannot cross the boundary.
pub fn slots(ty: &Ty) -> Option<usize> {
    match ty {
        Ty::None => Some(0),
        Ty::Scalar(d) => Some(if d.is_complex() { 2 } else { 1 }),
        Ty::Tuple(e) => e.iter().map(slots).sum(),
        Ty::Array(a) => Some(2 + 2 * a.rank),
        _ => None,
    }
}

/// Array arguments stay in place while the call runs.
#[derive(Default)]
struct Frame {
    slots: Vec<u64>,
    headers: Vec<Box<Header>>,
    data: Vec<Vec<u128>>,
}

fn word(bytes: &[u8]) -> u64 {
    let mut out = [0; 8];
    out[..bytes.len()].copy_from_slice(bytes);
    u64::from_le_bytes(out)
}

impl Frame {
    fn push(&mut self, datum: &Datum) {
        match datum {
            Datum::None => {}
            Datum::Scalar(d, b) if d.is_complex() => self.slots.extend(b[..d.size()].chunks(d.part().size()).map(word)),
            Datum::Scalar(d, b) => self.slots.push(word(&b[..d.size()])),
            Datum::Tuple(e) => e.iter().for_each(|x| self.push(x)),
            Datum::Array { dtype, shape, bytes } => {
                let mut data: Vec<u128> = bytes.chunks(16).map(|c| u128::from_le_bytes(padded(c))).collect();
                let start = data.as_mut_ptr().cast::<u8>();
                let header = Box::new(Header::borrowed(start));
                self.slots.extend([std::ptr::from_ref(&*header).expose_provenance() as u64, start.expose_provenance() as u64]);
                self.slots.extend(shape.iter().map(|&n| n as u64));
                let strides: Vec<u64> = (0..shape.len()).map(|i| (shape[i + 1..].iter().product::<usize>() * dtype.size()) as u64).collect();
                self.slots.extend(strides);
                self.headers.push(header);
                self.data.push(data);
            }
        }
    }
}

fn read(ty: &Ty, slots: &mut std::slice::Iter<u64>, headers: &[Box<Header>]) -> Option<Datum> {
    Some(match ty {
        Ty::None => Datum::None,
        Ty::Scalar(d) => {
            let mut bytes = [0; 16];
            let part = d.part().size();
            for chunk in bytes[..d.size()].chunks_mut(part) {
                chunk.copy_from_slice(&slots.next()?.to_le_bytes()[..part]);
            }
            Datum::Scalar(*d, bytes)
        }
        Ty::Tuple(e) => Datum::Tuple(e.iter().map(|t| read(t, slots, headers)).collect::<Option<_>>()?),
        Ty::Array(a) => {
            let owner = std::ptr::with_exposed_provenance_mut::<Header>(*slots.next()? as usize);
            let data = std::ptr::with_exposed_provenance::<u8>(*slots.next()? as usize);
            let shape: Vec<usize> = slots.by_ref().take(a.rank).map(|&n| n as usize).collect();
            let strides: Vec<isize> = slots.by_ref().take(a.rank).map(|&s| s as isize).collect();
            let mut bytes = vec![];
            // SAFETY: the entry returned this array, so shape and strides describe memory that its owner keeps alive.
            unsafe { gather(data, &shape, &strides, a.dtype.size(), &mut bytes) };
            if !headers.iter().any(|h| std::ptr::eq(&**h, owner)) {
                // SAFETY: the result owned one reference, which ends here.
                unsafe { numbra_rt::memory::release(owner) };
            }
            Datum::Array { dtype: a.dtype, shape, bytes }
        }
        _ => return None,
    })
}

/// Copies a strided array in C order.
///
/// # Safety
/// Shape and strides must describe readable memory at `data`.
unsafe fn gather(data: *const u8, shape: &[usize], strides: &[isize], size: usize, out: &mut Vec<u8>) {
    match shape.split_first() {
        // SAFETY: one element at `data`, by the caller's promise.
        None => out.extend_from_slice(unsafe { std::slice::from_raw_parts(data, size) }),
        Some((&n, rest)) => {
            for i in 0..n {
                // SAFETY: index i is within the axis.
                unsafe { gather(data.offset(strides[0] * i as isize), rest, &strides[1..], size, out) };
            }
        }
    }
}

/// The entry for a symbol of a loaded module.
pub fn entry(module: &LoadedModule, symbol: &str) -> Option<Entry> {
    let address = module.lookup(&format!("entry:{symbol}"))?;
    // SAFETY: symbols that begin with `entry:` are functions of the entry convention.
    Some(unsafe { std::mem::transmute::<*const std::ffi::c_void, Entry>(address) })
}

/// Calls an entry of this result type. The arguments must have the types that the entry was compiled for.
pub fn call(entry: Entry, result: &Ty, arguments: &[Datum]) -> Result<Datum, Exception> {
    let mut frame = Frame::default();
    arguments.iter().for_each(|a| frame.push(a));
    let mut out = vec![0u64; slots(result).unwrap_or(0)];
    // SAFETY: the slots are laid out for the entry's argument types, and the array data lives in the frame.
    let status = unsafe { entry(frame.slots.as_ptr(), out.as_mut_ptr()) };
    if status == 0 {
        if let Some(datum) = read(result, &mut out.iter(), &frame.headers) {
            return Ok(datum);
        }
    }
    Err(numbra_rt::take_exception().unwrap_or_else(|| Exception {
        kind: numbra_abi::ExceptionKind::SystemError,
        arguments: vec![],
        file: String::new(),
        function: String::new(),
        line: 0,
    }))
}

/// As Python's `repr`; arrays as nested lists.
impl fmt::Display for Datum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Datum::None => f.write_str("None"),
            Datum::Scalar(d, b) => scalar(f, *d, b),
            Datum::Tuple(e) => {
                f.write_str("(")?;
                e.iter().enumerate().try_for_each(|(i, x)| write!(f, "{}{x}", if i > 0 { ", " } else { "" }))?;
                f.write_str(if e.len() == 1 { ",)" } else { ")" })
            }
            Datum::Array { dtype, shape, bytes } => nested(f, *dtype, shape, bytes),
        }
    }
}

fn nested(f: &mut fmt::Formatter<'_>, dtype: DType, shape: &[usize], bytes: &[u8]) -> fmt::Result {
    let Some((&n, rest)) = shape.split_first() else { return scalar(f, dtype, bytes) };
    let size = rest.iter().product::<usize>() * dtype.size();
    f.write_str("[")?;
    for i in 0..n {
        f.write_str(if i > 0 { ", " } else { "" })?;
        nested(f, dtype, rest, &bytes[i * size..(i + 1) * size])?;
    }
    f.write_str("]")
}

fn scalar(f: &mut fmt::Formatter<'_>, dtype: DType, bytes: &[u8]) -> fmt::Result {
    let size = dtype.size();
    match dtype.kind() {
        Kind::Bool => f.write_str(if bytes[0] != 0 { "True" } else { "False" }),
        Kind::Int | Kind::DateTime | Kind::TimeDelta => {
            let shift = 64 - 8 * size as u32;
            write!(f, "{}", ((word(&bytes[..size]) << shift) as i64) >> shift)
        }
        Kind::Record => f.write_str("<record>"),
        Kind::UInt => write!(f, "{}", word(&bytes[..size])),
        Kind::Float => float(f, dtype, bytes),
        Kind::Complex => {
            // As Python writes it, but always with both parts: `(1.0-0.0j)`.
            let text = |bytes: &[u8]| Datum::Scalar(dtype.part(), padded(&bytes[..size / 2])).to_string();
            let (real, imaginary) = (text(bytes), text(&bytes[size / 2..]));
            let plus = if imaginary.starts_with('-') { "" } else { "+" };
            write!(f, "({real}{plus}{imaginary}j)")
        }
    }
}

fn float(f: &mut fmt::Formatter<'_>, dtype: DType, bytes: &[u8]) -> fmt::Result {
    if dtype == DType::Float32 {
        let value = f32::from_bits(word(&bytes[..4]) as u32);
        return if value.is_nan() { f.write_str("nan") } else { write!(f, "{value:?}") };
    }
    let value = f64::from_bits(word(&bytes[..8]));
    if value.is_nan() { f.write_str("nan") } else { write!(f, "{value:?}") }
}
