//! Python strings read in place: where a string object keeps its code points, found out at import from strings that are known, as the layout differs
//! between versions of Python and the limited API has no macros for it.
use numbra_abi::text::word;
use pyo3::ffi::*;
use std::ffi::{c_int, c_void};
use std::sync::atomic::{AtomicUsize, Ordering};

// Outside the limited API, unchanged since 3.3.
unsafe extern "C" {
    fn PyUnicode_FromKindAndData(kind: c_int, buffer: *const c_void, size: isize) -> *mut PyObject;
}

/// The length of a string, in bytes from the object, and its state word: kind, then a bit for compact and one for ASCII.
const LENGTH: usize = 16;
const STATE: usize = 32;

/// Where the kind stands in the state word, in bits: to 3.13, and from 3.14 on.
const SHIFTS: [u32; 2] = [2, 16];

// Where the code points of ASCII and of other strings begin, and where in the state word the kind stands.
static ASCII: AtomicUsize = AtomicUsize::new(0);
static WIDE: AtomicUsize = AtomicUsize::new(0);
static KIND: AtomicUsize = AtomicUsize::new(0);

/// # Safety
/// `object` is a string.
#[inline(always)]
unsafe fn state(object: *mut PyObject) -> u32 {
    // SAFETY: by the contract of this function.
    unsafe { *object.byte_add(STATE).cast::<u32>() }
}

/// Where the code points of a string are, and its last word; `None` for a form that only deprecated functions of old versions make.
///
/// # Safety
/// The GIL is held, and `object` is exactly a `str`.
#[inline(always)]
pub unsafe fn parts(object: *mut PyObject) -> Option<(*const u8, u64)> {
    // SAFETY: `check` has confirmed the layout.
    unsafe {
        let state = state(object) >> KIND.load(Ordering::Relaxed);
        let (kind, compact, ascii) = (state & 7, state & 8 != 0, state & 16 != 0);
        if !compact {
            return None;
        }
        let offset = if ascii { ASCII.load(Ordering::Relaxed) } else { WIDE.load(Ordering::Relaxed) };
        let length = *object.byte_add(LENGTH).cast::<usize>();
        Some((object.byte_add(offset).cast(), word(length, kind.trailing_zeros())))
    }
}

/// A new Python string of code points, or null with an exception set.
///
/// # Safety
/// The GIL is held; data and last word are those of a live string.
pub unsafe fn make(data: *const u8, word: u64) -> *mut PyObject {
    // SAFETY: by the contract of this function.
    unsafe { PyUnicode_FromKindAndData(1 << (word & 3), data.cast(), (word >> numbra_abi::text::WIDTH_BITS) as isize) }
}

/// Finds out the layout; the error says that it is not what this build can read.
pub fn check() -> Result<(), String> {
    const COUNT: usize = 20;
    let unknown = || "numbra does not know the layout of str objects in this version of Python".to_string();
    let text = |c: char| c.to_string().repeat(COUNT);
    // SAFETY: the module is being imported, so the GIL is held; the objects are owned here, and what is read lies inside of them.
    unsafe {
        let make = |c: char| PyUnicode_FromStringAndSize(text(c).as_ptr().cast(), text(c).len() as isize);
        let samples = ['a', '\u{e9}', '\u{20ac}', '\u{1f600}'];
        let objects = samples.map(make);
        let read = || {
            if objects.iter().any(|o| o.is_null()) {
                return Err("out of memory".into());
            }
            // Behind the fields the word may hold anything.
            let fields = |shift: u32| objects.map(|o| state(o) >> shift & 31);
            let Some(shift) = SHIFTS.into_iter().find(|shift| fields(*shift) == [1 | 8 | 16, 1 | 8, 2 | 8, 4 | 8]) else { return Err(unknown()) };
            let mut size = 0;
            let utf8 = PyUnicode_AsUTF8AndSize(objects[0], &mut size).cast::<u8>();
            if utf8.is_null() || size != COUNT as isize {
                return Err(unknown());
            }
            let start = utf8.offset_from(objects[0].cast::<u8>()) as usize;
            let is_content = |at: usize| std::slice::from_raw_parts(objects[1].byte_add(at).cast::<u8>(), COUNT).iter().all(|b| *b == 0xe9);
            let Some(wide) = [start + 16, start + 24].into_iter().find(|at| is_content(*at)) else { return Err(unknown()) };
            ASCII.store(start, Ordering::Relaxed);
            WIDE.store(wide, Ordering::Relaxed);
            KIND.store(shift as usize, Ordering::Relaxed);
            let widths = [0, 0, 1, 2];
            let right = objects.iter().zip(widths).all(|(o, width)| parts(*o).is_some_and(|(_, w)| w == word(COUNT, width)));
            if right { Ok(()) } else { Err(unknown()) }
        };
        let result = read();
        objects.into_iter().for_each(|o| Py_XDECREF(o));
        result
    }
}
