//! Exceptions of compiled code: how they are raised, what they carry, and where the caller finds them.
use crate::{memory, parallel, strings::Text, unwind};
use numbra_abi::{DType, ExceptionKind, exception::{KINDS, NOTHING_HANDLED}};
use std::cell::RefCell;
use std::ffi::c_void;
use std::fmt;

/// Where and what to raise: a constant in compiled code. Texts are UTF-8; a null message is an exception without arguments.
#[repr(C)]
pub struct Site {
    /// Index of the exception class
    pub kind: i32,
    /// Line, 1-based
    pub line: i32,
    /// File name
    pub file: *const u8,
    /// Length of the file name in bytes
    pub file_len: i64,
    /// Name of the function
    pub function: *const u8,
    /// Length of that name in bytes
    pub function_len: i64,
    /// Message or null
    pub message: *const u8,
    /// Length of the message in bytes
    pub message_len: i64,
}

// SAFETY: a site is constant data.
unsafe impl Sync for Site {}

/// An argument of an exception.
#[derive(Clone, Debug, PartialEq)]
pub enum Argument {
    /// A string
    Str(String),
    /// A scalar: its little-endian bytes, low ones first
    Scalar(DType, [u8; 16]),
}

/// An exception on its way to the caller.
#[derive(Clone, Debug, PartialEq)]
pub struct Exception {
    /// Class
    pub kind: ExceptionKind,
    /// Arguments, as of the Python object
    pub arguments: Vec<Argument>,
    /// File of the statement that raised
    pub file: String,
    /// Function of that statement
    pub function: String,
    /// Line of that statement, 1-based
    pub line: i32,
}

impl fmt::Display for Exception {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.kind == ExceptionKind::HandledException {
            return write!(f, "RuntimeError: {NOTHING_HANDLED}");
        }
        f.write_str(self.kind.name())?;
        for (i, argument) in self.arguments.iter().enumerate() {
            f.write_str(if i == 0 { ": " } else { ", " })?;
            match argument {
                Argument::Str(text) => f.write_str(text)?,
                Argument::Scalar(dtype, bytes) => scalar(f, *dtype, bytes)?,
            }
        }
        Ok(())
    }
}

fn scalar(f: &mut fmt::Formatter<'_>, dtype: DType, bytes: &[u8; 16]) -> fmt::Result {
    let word = |at: usize| u64::from_le_bytes(std::array::from_fn(|i| bytes[at + i]));
    let single = |bits: u64| f32::from_bits(bits as u32);
    match dtype {
        DType::Bool => f.write_str(if bytes[0] != 0 { "True" } else { "False" }),
        DType::Int8 => write!(f, "{}", word(0) as i8),
        DType::Int16 => write!(f, "{}", word(0) as i16),
        DType::Int32 => write!(f, "{}", word(0) as i32),
        DType::Int64 | DType::DateTime(_) | DType::TimeDelta(_) => write!(f, "{}", word(0) as i64),
        DType::UInt8 => write!(f, "{}", word(0) as u8),
        DType::UInt16 => write!(f, "{}", word(0) as u16),
        DType::UInt32 => write!(f, "{}", word(0) as u32),
        DType::UInt64 => write!(f, "{}", word(0)),
        DType::Record(_) => f.write_str("<record>"),
        DType::Float32 => write!(f, "{:?}", single(word(0))),
        DType::Float64 => write!(f, "{:?}", f64::from_bits(word(0))),
        DType::Complex64 => write!(f, "({:?}{:+?}j)", single(word(0)), single(word(0) >> 32)),
        DType::Complex128 => write!(f, "({:?}{:+?}j)", f64::from_bits(word(0)), f64::from_bits(word(8))),
    }
}

thread_local! {
    static PENDING: RefCell<Option<Exception>> = const { RefCell::new(None) };
}

/// Takes the exception that the last call on this thread has left behind.
pub fn take_exception() -> Option<Exception> {
    PENDING.take()
}

/// # Safety
/// The pointer is null or leads to that many bytes.
unsafe fn text(data: *const u8, length: i64) -> Option<String> {
    if data.is_null() {
        return None;
    }
    // SAFETY: promised by the caller.
    let bytes = unsafe { std::slice::from_raw_parts(data, usize::try_from(length).unwrap_or(0)) };
    Some(String::from_utf8_lossy(bytes).into_owned())
}

impl Site {
    /// # Safety
    /// The texts of the site are live.
    unsafe fn exception(&self, kind: ExceptionKind, arguments: Vec<Argument>) -> Exception {
        // SAFETY: promised by the caller.
        let (file, function) = unsafe { (text(self.file, self.file_len), text(self.function, self.function_len)) };
        Exception { kind, arguments, file: file.unwrap_or_default(), function: function.unwrap_or_default(), line: self.line }
    }

    fn class(&self) -> ExceptionKind {
        usize::try_from(self.kind).ok().and_then(|i| KINDS.get(i)).copied().unwrap_or(ExceptionKind::SystemError)
    }
}

/// Raises an exception of a class with a message at a site.
///
/// # Safety
/// The site is live.
pub(crate) unsafe fn raise_text(site: *const Site, kind: ExceptionKind, message: String) -> ! {
    // SAFETY: promised by the caller.
    let exception = unsafe { (*site).exception(kind, vec![Argument::Str(message)]) };
    unwind::throw(exception)
}

/// Raises the exception that the site describes.
///
/// # Safety
/// The site is live.
pub unsafe extern "C-unwind" fn nb_raise(site: *const Site) -> ! {
    // SAFETY: promised by the caller.
    let exception = unsafe {
        let message = text((*site).message, (*site).message_len);
        (*site).exception((*site).class(), message.map(Argument::Str).into_iter().collect())
    };
    unwind::throw(exception)
}

/// Raises IndexError with NumPy's text.
///
/// # Safety
/// The site is live.
pub unsafe extern "C-unwind" fn nb_raise_index(site: *const Site, index: i64, axis: i64, size: i64) -> ! {
    // SAFETY: promised by the caller.
    unsafe { raise_text(site, ExceptionKind::IndexError, format!("index {index} is out of bounds for axis {axis} with size {size}")) }
}

/// Raises the exception of the site with scalar or string arguments.
///
/// # Safety
/// The site is live, there are `count` tags, and as many words as the tags need.
pub unsafe extern "C-unwind" fn nb_raise_with(site: *const Site, count: i64, tags: *const i32, values: *const u64) -> ! {
    let mut arguments = vec![];
    let mut at = 0;
    for i in 0..usize::try_from(count).unwrap_or(0) {
        // SAFETY: promised by the caller.
        let (tag, first) = unsafe { (*tags.add(i), *values.add(at)) };
        let dtype = usize::try_from(tag).ok().and_then(|t| numbra_abi::dtype::ROWS.get(t)).map(|r| r.dtype);
        let two = dtype.is_none_or(DType::is_complex);
        // SAFETY: strings and complex numbers have two words.
        let second = if two { unsafe { *values.add(at + 1) } } else { 0 };
        at += 1 + usize::from(two);
        arguments.push(match dtype {
            // SAFETY: data and last word of a string.
            None if tag == -2 => Argument::Str(unsafe { Text::new(first as *const u8, second) }.lossy()),
            // SAFETY: pointer and length of a text.
            None => Argument::Str(unsafe { text(first as *const u8, second as i64) }.unwrap_or_default()),
            Some(dtype) => {
                // The parts of complex64 are four bytes each and lie side by side.
                let (first, second) = if dtype == DType::Complex64 { (first & 0xffff_ffff | second << 32, 0) } else { (first, second) };
                let mut bytes = [0; 16];
                bytes[..8].copy_from_slice(&first.to_le_bytes());
                bytes[8..].copy_from_slice(&second.to_le_bytes());
                Argument::Scalar(dtype, bytes)
            }
        });
    }
    // SAFETY: the site is live.
    let exception = unsafe { (*site).exception((*site).class(), arguments) };
    unwind::throw(exception)
}

/// Raises again, in the calling function, what the entry of a function that was called through its address has left pending.
pub extern "C-unwind" fn nb_raise_pending() -> ! {
    unwind::throw(take_exception().unwrap_or_else(|| lost("a function failed without an exception")))
}

/// The exception for what should not happen, without a place.
fn lost(message: &str) -> Exception {
    Exception { kind: ExceptionKind::SystemError, arguments: vec![Argument::Str(message.into())], file: String::new(), function: String::new(), line: 0 }
}

/// Called by the landing pad of an entry: keeps the exception pending and frees what the call has allocated.
///
/// # Safety
/// `thrown` is what the landing pad got; `mark` is null or comes from `nb_enter` of this call.
pub unsafe extern "C" fn nb_catch(thrown: *mut c_void, mark: *mut c_void) {
    // SAFETY: promised by the caller.
    let exception = unsafe { unwind::caught(thrown.cast()) }.unwrap_or_else(|| lost("an exception of another language passed through compiled code"));
    PENDING.set(Some(exception));
    parallel::leave_all();
    // SAFETY: promised by the caller.
    unsafe { memory::abandon(mark) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_exception_prints_as_in_python() {
        let mut bytes = [0; 16];
        bytes[..8].copy_from_slice(&(-3i64).to_le_bytes());
        let e = Exception { kind: ExceptionKind::KeyError, arguments: vec![Argument::Scalar(DType::Int64, bytes), Argument::Str("x".into())], file: "f".into(), function: "g".into(), line: 1 };
        assert_eq!(e.to_string(), "KeyError: -3, x");
    }
}
