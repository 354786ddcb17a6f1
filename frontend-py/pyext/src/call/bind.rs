//! Binding of a call's arguments to parameters: positions, keywords and defaults, with CPython's error texts.
use pyo3::ffi::*;
use std::ptr::null_mut;

/// A function's parameters. References are owned by the dispatcher that owns this.
pub struct Parameters {
    /// Name in error texts
    pub function: String,
    /// Names, interned
    pub names: Vec<*mut PyObject>,
    /// Defaults; null where there is none
    pub defaults: Vec<*mut PyObject>,
    /// How many take only positions
    pub positional_only: usize,
    /// How many take positions
    pub positional: usize,
    /// The function also has `*args`
    pub variable_positional: bool,
    /// The function also has `**kwargs`
    pub variable_keywords: bool,
}

impl Parameters {
    /// How many of `*args` and `**kwargs` there are; they come after the other parameters.
    pub fn extra(&self) -> usize {
        self.variable_positional as usize + self.variable_keywords as usize
    }

    /// The name of a parameter.
    ///
    /// # Safety
    /// The GIL is held.
    pub unsafe fn name(&self, index: usize) -> String {
        // SAFETY: names are str objects that this owns.
        self.names.get(index).map_or_else(|| "*".into(), |n| unsafe { crate::errors::text(*n) })
    }

    /// Lets go of the tuple and the dict that [`Parameters::bind`] has made.
    ///
    /// # Safety
    /// The GIL is held, and `out` was filled by a `bind` that succeeded.
    pub unsafe fn release(&self, out: *const *mut PyObject) {
        for i in self.names.len()..self.names.len() + self.extra() {
            // SAFETY: by the contract of this function.
            unsafe { Py_DECREF(*out.add(i)) };
        }
    }

    /// Makes the tuple of further arguments and an empty dict for further keywords.
    ///
    /// # Safety
    /// As for [`Parameters::bind`].
    #[cold]
    unsafe fn collect(&self, arguments: *const *mut PyObject, given: usize, out: *mut *mut PyObject) -> bool {
        let mut next = self.names.len();
        // SAFETY: as for `bind`; a new tuple takes over one reference to each of its elements.
        unsafe {
            if self.variable_positional {
                let rest = given.saturating_sub(self.positional);
                let tuple = PyTuple_New(rest as isize);
                if tuple.is_null() {
                    return false;
                }
                for i in 0..rest {
                    let argument = *arguments.add(self.positional + i);
                    Py_INCREF(argument);
                    PyTuple_SetItem(tuple, i as isize, argument);
                }
                *out.add(next) = tuple;
                next += 1;
            }
            if self.variable_keywords {
                let dict = PyDict_New();
                if dict.is_null() {
                    if self.variable_positional {
                        Py_DECREF(*out.add(next - 1));
                    }
                    return false;
                }
                *out.add(next) = dict;
            }
        }
        true
    }

    /// Writes one object per parameter to `out`, borrowed but for those of `*args` and `**kwargs`, which [`Parameters::release`] lets go of; false with TypeError set when the call does not fit.
    ///
    /// # Safety
    /// The GIL is held; the arguments are those of a vectorcall; `out` has room for all parameters.
    #[inline]
    pub unsafe fn bind(&self, arguments: *const *mut PyObject, given: usize, keywords: *mut PyObject, out: *mut *mut PyObject) -> bool {
        // SAFETY: by the contract of this function.
        unsafe {
            if self.extra() == 0 {
                return self.bind_fixed(arguments, given, keywords, out);
            }
            if !self.collect(arguments, given, out) {
                return false;
            }
            let bound = self.bind_fixed(arguments, given, keywords, out);
            if !bound {
                self.release(out);
            }
            bound
        }
    }

    /// # Safety
    /// As for [`Parameters::bind`].
    #[inline]
    unsafe fn bind_fixed(&self, arguments: *const *mut PyObject, given: usize, keywords: *mut PyObject, out: *mut *mut PyObject) -> bool {
        let count = self.names.len();
        // SAFETY: by the contract of this function; `given` is compared with the number of parameters before anything is written.
        unsafe {
            if given > self.positional && !self.variable_positional {
                let named = if keywords.is_null() { vec![] } else { (0..PyTuple_Size(keywords)).map(|i| PyTuple_GetItem(keywords, i)).collect() };
                let only = named.into_iter().filter(|k| self.find(*k).is_some_and(|i| i >= self.positional)).count();
                return self.too_many(given, only);
            }
            let placed = given.min(self.positional);
            for i in 0..count {
                *out.add(i) = if i < placed { *arguments.add(i) } else { null_mut() };
            }
            if !keywords.is_null() {
                for i in 0..PyTuple_Size(keywords) {
                    let keyword = PyTuple_GetItem(keywords, i);
                    let Some(index) = self.find(keyword) else {
                        if self.variable_keywords {
                            if PyDict_SetItem(*out.add(count + self.variable_positional as usize), keyword, *arguments.add(given + i as usize)) < 0 {
                                return false;
                            }
                            continue;
                        }
                        return self.unexpected(keyword, keywords);
                    };
                    if !(*out.add(index)).is_null() {
                        return self.fail(&format!("got multiple values for argument '{}'", crate::errors::text(keyword)));
                    }
                    *out.add(index) = *arguments.add(given + i as usize);
                }
            }
            for i in placed..count {
                if (*out.add(i)).is_null() {
                    *out.add(i) = self.defaults[i];
                    if self.defaults[i].is_null() {
                        return self.missing(std::slice::from_raw_parts(out, count));
                    }
                }
            }
            true
        }
    }

    /// # Safety
    /// The GIL is held; `keyword` is a str.
    #[inline]
    unsafe fn find(&self, keyword: *mut PyObject) -> Option<usize> {
        let named = &self.names[self.positional_only..];
        let index = named.iter().position(|n| *n == keyword).or_else(|| {
            // SAFETY: both are str objects. Names from `**` of a dict need not be interned.
            named.iter().position(|n| unsafe { PyUnicode_Compare(*n, keyword) } == 0)
        })?;
        Some(index + self.positional_only)
    }

    unsafe fn fail(&self, text: &str) -> bool {
        crate::errors::set(c"TypeError", &format!("{}() {text}", self.function));
        false
    }

    #[cold]
    unsafe fn unexpected(&self, keyword: *mut PyObject, keywords: *mut PyObject) -> bool {
        // SAFETY: as for `bind`.
        unsafe {
            let given: Vec<String> = (0..PyTuple_Size(keywords)).map(|i| crate::errors::text(PyTuple_GetItem(keywords, i))).collect();
            let wrong: Vec<String> = (0..self.positional_only).map(|i| self.name(i)).filter(|n| given.contains(n)).collect();
            if !wrong.is_empty() {
                return self.fail(&format!("got some positional-only arguments passed as keyword arguments: '{}'", wrong.join(", ")));
            }
            self.fail(&format!("got an unexpected keyword argument '{}'", crate::errors::text(keyword)))
        }
    }

    #[cold]
    unsafe fn too_many(&self, given: usize, keyword_only: usize) -> bool {
        let defaults = self.defaults[..self.positional].iter().filter(|d| !d.is_null()).count();
        let takes = if defaults > 0 { format!("from {} to {}", self.positional - defaults, self.positional) } else { self.positional.to_string() };
        let plural = if self.positional == 1 && defaults == 0 { "" } else { "s" };
        let s = |n: usize| if n == 1 { "" } else { "s" };
        let extra = if keyword_only > 0 { format!(" positional argument{} (and {keyword_only} keyword-only argument{})", s(given), s(keyword_only)) } else { String::new() };
        let were = if given == 1 && keyword_only == 0 { "was" } else { "were" };
        // SAFETY: as for `bind`.
        unsafe { self.fail(&format!("takes {takes} positional argument{plural} but {given}{extra} {were} given")) }
    }

    #[cold]
    unsafe fn missing(&self, bound: &[*mut PyObject]) -> bool {
        let absent = |range: std::ops::Range<usize>| -> Vec<String> {
            // SAFETY: as for `bind`.
            range.filter(|i| bound[*i].is_null() && self.defaults[*i].is_null()).map(|i| format!("'{}'", unsafe { self.name(i) })).collect()
        };
        let (mut names, mut kind) = (absent(0..self.positional), "positional");
        if names.is_empty() {
            (names, kind) = (absent(self.positional..self.names.len()), "keyword-only");
        }
        let list = match names.as_slice() {
            [one] => one.clone(),
            [one, two] => format!("{one} and {two}"),
            [rest @ .., last] => format!("{}, and {last}", rest.join(", ")),
            [] => String::new(),
        };
        // SAFETY: as for `bind`.
        unsafe { self.fail(&format!("missing {} required {kind} argument{}: {list}", names.len(), if names.len() == 1 { "" } else { "s" })) }
    }
}
