//! Throwing through compiled frames: an own exception class and personality function over the system's unwinder.
//!
//! The personality reads the call-site table that LLVM writes for a function with landing pads (the language-specific data area of the Itanium C++ ABI).
//! It is faster than the one of C++, needs no type information, and lets a forced unwinding (a cancelled thread) pass through cleanups without stopping it.
use crate::Exception;
use std::ffi::{c_int, c_void};

#[repr(C, align(16))]
pub(crate) struct UnwindHeader {
    class: u64,
    cleanup: Option<extern "C" fn(c_int, *mut UnwindHeader)>,
    private: [usize; 2],
}

#[repr(C)]
struct Thrown {
    header: UnwindHeader,
    exception: Exception,
}

type Context = *mut c_void;

unsafe extern "C-unwind" {
    fn _Unwind_RaiseException(exception: *mut UnwindHeader) -> c_int;
}
unsafe extern "C" {
    fn _Unwind_GetLanguageSpecificData(context: Context) -> *const u8;
    fn _Unwind_GetRegionStart(context: Context) -> usize;
    fn _Unwind_GetIPInfo(context: Context, before: *mut c_int) -> usize;
    fn _Unwind_SetGR(context: Context, register: c_int, value: usize);
    fn _Unwind_SetIP(context: Context, value: usize);
}

const CLASS: u64 = u64::from_be_bytes(*b"NUMBRAPY");
const FATAL: c_int = 3;
const HANDLER_FOUND: c_int = 6;
const INSTALL: c_int = 7;
const CONTINUE: c_int = 8;
const SEARCH_PHASE: c_int = 1;
const FORCED: c_int = 8;

extern "C" fn destroy(_reason: c_int, thrown: *mut UnwindHeader) {
    // SAFETY: only `throw` makes exceptions with this function.
    drop(unsafe { Box::from_raw(thrown.cast::<Thrown>()) });
}

/// Unwinds to the next landing pad that catches.
pub(crate) fn throw(exception: Exception) -> ! {
    let thrown = Box::into_raw(Box::new(Thrown { header: UnwindHeader { class: CLASS, cleanup: Some(destroy), private: [0; 2] }, exception }));
    // SAFETY: a live exception object in the unwinder's layout, which is still ours when the unwinder gives up.
    let (reason, text) = unsafe { (_Unwind_RaiseException(thrown.cast()), (*thrown).exception.to_string()) };
    // Compiled code runs under an entry that catches everything, so only a broken stack leads here.
    eprintln!("numbra: no entry of compiled code to raise to (reason {reason}): {text}");
    std::process::abort()
}

/// The exception of ours in what a landing pad has got; nothing if it is of another language.
///
/// # Safety
/// The pointer is a caught exception, which is not used afterwards.
pub(crate) unsafe fn caught(thrown: *mut UnwindHeader) -> Option<Exception> {
    // SAFETY: every exception starts with the unwinder's header; the class tells who made it.
    unsafe { ((*thrown).class == CLASS).then(|| Box::from_raw(thrown.cast::<Thrown>()).exception) }
}

/// A reader of the encodings of DWARF.
struct Reader(*const u8);

impl Reader {
    /// # Safety
    /// At least one byte is left.
    unsafe fn byte(&mut self) -> u8 {
        // SAFETY: promised by the caller.
        unsafe {
            let byte = *self.0;
            self.0 = self.0.add(1);
            byte
        }
    }

    /// # Safety
    /// A ULEB128 number is next.
    unsafe fn uleb(&mut self) -> usize {
        let (mut value, mut shift) = (0, 0);
        loop {
            // SAFETY: promised by the caller.
            let byte = unsafe { self.byte() };
            value |= usize::from(byte & 0x7f).checked_shl(shift).unwrap_or(0);
            shift += 7;
            if byte & 0x80 == 0 {
                return value;
            }
        }
    }

    /// # Safety
    /// An SLEB128 number is next.
    unsafe fn sleb(&mut self) -> isize {
        let (mut value, mut shift) = (0isize, 0);
        loop {
            // SAFETY: promised by the caller.
            let byte = unsafe { self.byte() };
            value |= isize::from(byte & 0x7f).checked_shl(shift).unwrap_or(0);
            shift += 7;
            if byte & 0x80 == 0 {
                return if byte & 0x40 != 0 && shift < isize::BITS { value | -1 << shift } else { value };
            }
        }
    }

    /// # Safety
    /// A number in this encoding (DW_EH_PE, low four bits) is next.
    unsafe fn number(&mut self, encoding: u8) -> Option<usize> {
        // SAFETY: promised by the caller.
        unsafe {
            let at = self.0;
            let (value, size) = match encoding & 0xf {
                0x1 => return Some(self.uleb()),
                0x2 => (at.cast::<u16>().read_unaligned() as usize, 2),
                0x3 => (at.cast::<u32>().read_unaligned() as usize, 4),
                0x0 | 0x4 | 0xc => (at.cast::<u64>().read_unaligned() as usize, 8),
                0xb => (at.cast::<i32>().read_unaligned() as isize as usize, 4),
                _ => return None,
            };
            self.0 = at.add(size);
            Some(value)
        }
    }
}

enum Pad {
    /// The call site has none: go on
    None,
    /// Runs and resumes
    Cleanup(usize),
    /// Stops the exception; with the selector of the clause
    Catch(usize, isize),
}

/// Finds the landing pad of the call at `ip`.
///
/// # Safety
/// `data` is the language-specific data of the function at `start`.
unsafe fn find(data: *const u8, start: usize, ip: usize) -> Option<Pad> {
    // SAFETY: the layout is that of the Itanium ABI, written by LLVM.
    unsafe {
        let mut r = Reader(data);
        let base = match r.byte() {
            0xff => start,
            encoding => r.number(encoding)?,
        };
        if r.byte() != 0xff {
            r.uleb();
        }
        let encoding = r.byte();
        let length = r.uleb();
        let actions = r.0.add(length);
        while r.0 < actions {
            let (from, size, pad) = (r.number(encoding)?, r.number(encoding)?, r.number(encoding)?);
            let action = r.uleb();
            if ip < start + from {
                break;
            }
            if ip >= start + from + size {
                continue;
            }
            if pad == 0 {
                return Some(Pad::None);
            }
            let mut next = action;
            let mut at = actions.wrapping_add(action.wrapping_sub(1));
            while next != 0 {
                let mut record = Reader(at);
                let selector = record.sleb();
                let here = record.0;
                let step = record.sleb();
                if selector > 0 {
                    return Some(Pad::Catch(base + pad, selector));
                }
                at = here.wrapping_offset(step);
                next = step as usize;
            }
            return Some(Pad::Cleanup(base + pad));
        }
        Some(Pad::None)
    }
}

/// The personality function of compiled code.
///
/// # Safety
/// Called by the unwinder only.
pub unsafe extern "C" fn nb_personality(version: c_int, phase: c_int, _class: u64, thrown: *mut UnwindHeader, context: Context) -> c_int {
    if version != 1 {
        return FATAL;
    }
    // SAFETY: the unwinder passes a valid context.
    unsafe {
        let data = _Unwind_GetLanguageSpecificData(context);
        if data.is_null() {
            return CONTINUE;
        }
        let mut before = 0;
        // A return address points behind the call.
        let ip = _Unwind_GetIPInfo(context, &mut before) - usize::from(before == 0);
        let (pad, selector) = match find(data, _Unwind_GetRegionStart(context), ip) {
            None => return FATAL,
            Some(Pad::None) => return CONTINUE,
            Some(Pad::Catch(..)) if phase & FORCED != 0 => return CONTINUE,
            Some(Pad::Catch(..)) if phase & SEARCH_PHASE != 0 => return HANDLER_FOUND,
            Some(Pad::Cleanup(_)) if phase & SEARCH_PHASE != 0 => return CONTINUE,
            Some(Pad::Catch(pad, selector)) => (pad, selector),
            Some(Pad::Cleanup(pad)) => (pad, 0),
        };
        // The registers 0 and 1 of DWARF are those that LLVM reads at a landing pad, on x86-64 as on AArch64.
        _Unwind_SetGR(context, 0, thrown as usize);
        _Unwind_SetGR(context, 1, selector as usize);
        _Unwind_SetIP(context, pad);
        INSTALL
    }
}
