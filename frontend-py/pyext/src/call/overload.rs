//! Overloads: one compiled version of a function, with its readers and boxer, and the call itself.
use super::{boxer::{Arguments, Boxer}, convert, lists::Lists, raise, reader::{Cursor, Header, Reader}};
use numbra_dialects::py::Ty;
use numbra_rt::memory;
use numbra_session::Compiled;
use pyo3::ffi::*;
use std::{mem::MaybeUninit, ptr::null_mut};

// Buffers on the stack serve calls up to these sizes: eight arrays of rank two, say.
const SLOTS: usize = 64;
const HEADERS: usize = 8;
const RESULTS: usize = 24;

/// A compiled version for one list of argument types.
pub struct Overload {
    readers: Box<[Reader]>,
    boxer: Boxer,
    slots: usize,
    headers: usize,
    results: usize,
    small: bool,
    lists: bool,
    nogil: bool,
    /// The code, its argument types and its result type
    pub compiled: Compiled,
    /// Type of the result for the caller: the compiled one, or what an explicit signature declares
    pub result: Ty,
}

/// Why an overload cannot be called from Python.
pub enum Unusable {
    /// Values of this type do not cross between Python and compiled code
    Type(Ty),
    /// The result does not convert to the declared type
    Declared,
}

/// Why a call through an overload gave no result.
pub enum Refusal {
    /// The arguments are of other types; no exception is set
    Mismatch,
    /// An exception is set
    Raised,
}

impl Overload {
    /// Prepares calls.
    pub fn new(compiled: Compiled, nogil: bool, declared: Option<&Ty>) -> Result<Overload, Unusable> {
        let readers = compiled.arguments.iter().map(|t| Reader::new(t).ok_or_else(|| Unusable::Type(t.clone()))).collect::<Result<Box<[_]>, _>>()?;
        let boxer = match declared {
            Some(declared) => Boxer::declared(&compiled.result, declared).ok_or(Unusable::Declared)?,
            None => Boxer::new(&compiled.result).map_err(|t| Unusable::Type(t.clone()))?,
        };
        let (slots, headers) = readers.iter().map(Reader::slots).fold((0, 0), |a, b| (a.0 + b.0, a.1 + b.1));
        let results = boxer.slots();
        let lists = readers.iter().any(Reader::has_lists);
        let small = !lists && slots <= SLOTS && headers <= HEADERS && results <= RESULTS;
        // What a function that is passed does on other threads may need the lock, as `print` does.
        let nogil = nogil || readers.iter().any(Reader::has_callables);
        let result = declared.unwrap_or(&compiled.result).clone();
        Ok(Overload { readers, boxer, slots, headers, results, small, lists, nogil, compiled, result })
    }

    /// How many arguments it takes.
    #[inline(always)]
    pub fn arity(&self) -> usize {
        self.readers.len()
    }

    /// Calls with arguments that must have exactly the overload's types.
    ///
    /// # Safety
    /// The GIL is held; `arguments` are [`Overload::arity`] objects.
    #[inline(always)]
    pub unsafe fn call(&self, arguments: *const *mut PyObject) -> Result<*mut PyObject, Refusal> {
        if !self.small {
            // SAFETY: the same contract.
            return unsafe { self.call_large(arguments, false) };
        }
        let mut slots = [const { MaybeUninit::<u64>::uninit() }; SLOTS];
        let mut headers = [const { MaybeUninit::<Header>::uninit() }; HEADERS];
        let mut results = [const { MaybeUninit::<u64>::uninit() }; RESULTS];
        // SAFETY: `small` says that the buffers are large enough.
        unsafe { self.run(arguments, slots.as_mut_ptr().cast(), headers.as_mut_ptr().cast(), results.as_mut_ptr().cast(), false, null_mut()) }
    }

    /// Calls with arguments that are converted to the overload's types.
    ///
    /// # Safety
    /// As for [`Overload::call`].
    pub unsafe fn call_converting(&self, arguments: *const *mut PyObject) -> Result<*mut PyObject, Refusal> {
        // SAFETY: the same contract.
        unsafe { self.call_large(arguments, true) }
    }

    /// # Safety
    /// As for [`Overload::call`].
    #[cold]
    #[inline(never)]
    unsafe fn call_large(&self, arguments: *const *mut PyObject, converting: bool) -> Result<*mut PyObject, Refusal> {
        let mut slots = Vec::<u64>::with_capacity(self.slots);
        let mut headers = Vec::<Header>::with_capacity(self.headers);
        let mut results = Vec::<u64>::with_capacity(self.results);
        if !self.lists {
            // SAFETY: the buffers are as large as this overload needs.
            return unsafe { self.run(arguments, slots.as_mut_ptr(), headers.as_mut_ptr(), results.as_mut_ptr(), converting, null_mut()) };
        }
        // What is allocated for the copies of lists goes when the call fails, as what compiled code allocates.
        let mark = memory::nb_enter();
        let mut lists = Lists::default();
        // SAFETY: as above; the lists are given up when nothing uses them any more.
        unsafe {
            let result = self.run(arguments, slots.as_mut_ptr(), headers.as_mut_ptr(), results.as_mut_ptr(), converting, &mut lists);
            if result.is_ok() {
                lists.finish();
                memory::nb_leave(mark);
            } else {
                memory::abandon(mark);
            }
            result
        }
    }

    /// # Safety
    /// As for [`Overload::call`]; the buffers are as large as this overload needs, and `lists` is null or the call's own.
    #[inline(always)]
    unsafe fn run(&self, arguments: *const *mut PyObject, slots: *mut u64, headers: *mut Header, results: *mut u64, converting: bool, lists: *mut Lists) -> Result<*mut PyObject, Refusal> {
        // SAFETY: the buffers are large enough; the readers fill exactly the slots that the entry reads; the arguments outlive the call,
        // and with them the memory of their arrays, also while the GIL is released.
        unsafe {
            let mut cursor = Cursor { slot: slots, header: headers, lists };
            for (i, reader) in self.readers.iter().enumerate() {
                let object = *arguments.add(i);
                if converting {
                    if !convert::read(&self.compiled.arguments[i], reader, object, &mut cursor) {
                        return Err(Refusal::Raised);
                    }
                } else if !reader.read(object, &mut cursor) {
                    return Err(if !PyErr_Occurred().is_null() { Refusal::Raised } else { Refusal::Mismatch });
                }
            }
            let status = if self.nogil {
                let state = PyEval_SaveThread();
                let status = (self.compiled.entry)(slots, results);
                PyEval_RestoreThread(state);
                status
            } else {
                (self.compiled.entry)(slots, results)
            };
            let arguments = Arguments { headers, count: self.headers, lists };
            if status != 0 {
                raise::pending();
                if let Some(lists) = lists.as_ref() {
                    let (class, value, traceback) = fetch();
                    if !lists.write_back_raised(arguments) {
                        PyErr_Clear();
                    }
                    restore(class, value, traceback);
                }
                return Err(Refusal::Raised);
            }
            if let Some(lists) = lists.as_ref()
                && !lists.write_back(arguments)
            {
                // The result is given up as an object.
                let (class, value, traceback) = fetch();
                Py_XDECREF(self.boxer.make(results, arguments));
                restore(class, value, traceback);
                return Err(Refusal::Raised);
            }
            let result = self.boxer.make(results, arguments);
            if result.is_null() { Err(Refusal::Raised) } else { Ok(result) }
        }
    }
}

/// The exception that is set, put aside.
///
/// # Safety
/// The GIL is held.
unsafe fn fetch() -> (*mut PyObject, *mut PyObject, *mut PyObject) {
    let (mut class, mut value, mut traceback) = (null_mut(), null_mut(), null_mut());
    #[allow(deprecated)]
    // SAFETY: by the contract of this function.
    unsafe {
        PyErr_Fetch(&mut class, &mut value, &mut traceback);
    }
    (class, value, traceback)
}

/// Sets an exception again.
///
/// # Safety
/// The GIL is held; the parts come from [`fetch`].
unsafe fn restore(class: *mut PyObject, value: *mut PyObject, traceback: *mut PyObject) {
    #[allow(deprecated)]
    // SAFETY: by the contract of this function.
    unsafe {
        PyErr_Restore(class, value, traceback);
    }
}
