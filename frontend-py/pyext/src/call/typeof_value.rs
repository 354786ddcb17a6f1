//! The type that numbra gives to a Python object, or why it has none.
use super::{arrays::array_type, callables, dispatcher::Dispatcher};
use crate::{host::entities, layout::long_value, numpy::NumPy};
use numbra_abi::DType;
use crate::classes;
use numbra_dialects::py::{StructTy, Ty};
use numbra_frontend_core::{host::function_type, infer::call::bind::keywords};
use pyo3::{exceptions::PyOverflowError, ffi::*, prelude::*};
use std::{ptr::{addr_of_mut, null_mut}, sync::Arc};

// More functions than these are known by their signature, if they have one; each of fewer is known by itself.
const MOST_FUNCTIONS: usize = 16;

/// Why an object cannot be passed: what it is, and what to do instead.
#[derive(Debug)]
pub struct NoType {
    /// What the object is: `a list`
    pub what: String,
    /// Advice
    pub help: String,
    /// The object is of a supported type, but its value does not fit
    pub overflow: bool,
}

// Advice for objects of common types that compiled code does not take.
const ADVICE: &[(&str, &str, &str)] = &[
    ("dict", "a dict", "pass its values as separate arguments or arrays"),
    ("set", "a set", "pass a sorted NumPy array of its elements"),
    ("float16", "a float16 scalar", "convert it with `numpy.float32(x)`"),
    ("longdouble", "a longdouble scalar", "convert it with `float(x)`"),
    ("clongdouble", "an extended complex scalar", "convert it with `complex(x)`"),
    ("datetime", "a Python datetime", "pass `numpy.datetime64(x)`"),
    ("date", "a Python date", "pass `numpy.datetime64(x)`"),
    ("timedelta", "a Python timedelta", "pass `numpy.timedelta64(x)`"),
    ("Decimal", "a Decimal", "convert it with `float(x)`"),
    ("Fraction", "a Fraction", "convert it with `float(x)`"),
    ("DataFrame", "a DataFrame", "pass its columns as arrays: `df['name'].to_numpy()`"),
    ("Series", "a Series", "pass `x.to_numpy()`"),
    ("Tensor", "a tensor", "pass `x.numpy()`"),
    ("function", "a Python function", "decorate it with `njit`: compiled functions can be passed"),
];

/// The type of an object.
///
/// # Safety
/// The GIL is held and `object` is alive.
pub unsafe fn typeof_value(object: *mut PyObject) -> Result<Ty, NoType> {
    let no = |what: String, help: &str| Err(NoType { what, help: help.into(), overflow: false });
    let Some(numpy) = NumPy::get() else { return no("an object".into(), "import numbra again") };
    // SAFETY: by the contract of this function; each payload is read after the exact type has been compared.
    unsafe {
        let t = Py_TYPE(object);
        if t == addr_of_mut!(PyLong_Type) {
            if long_value(object).is_some() {
                return Ok(Ty::INT);
            }
            if crate::layout::unsigned_long_value(object).is_some() {
                return Ok(Ty::Scalar(DType::UInt64));
            }
            return Err(NoType { what: "an int outside the range of int64 and uint64".into(), help: "numbra's integers have 64 bits; pass a float if rounding is acceptable".into(), overflow: true });
        }
        if t == addr_of_mut!(PyFloat_Type) {
            return Ok(Ty::FLOAT);
        }
        if t == addr_of_mut!(PyBool_Type) {
            return Ok(Ty::BOOL);
        }
        if t == addr_of_mut!(PyComplex_Type) {
            return Ok(Ty::Scalar(DType::Complex128));
        }
        if t == addr_of_mut!(PyUnicode_Type) {
            return match crate::text::parts(object) {
                Some(_) => Ok(Ty::Str),
                None => no("a string in a form of old versions of Python".into(), "pass `x[:]`, a new string"),
            };
        }
        if object == Py_None() {
            return Ok(Ty::None);
        }
        if numpy.is_array(object) {
            return array_type(object).map(Ty::Array).map_err(|(what, help)| NoType { what, help: help.into(), overflow: false });
        }
        if let Some(dtype) = numpy.scalar_of(t) {
            return Ok(Ty::Scalar(dtype));
        }
        if let Some(time) = crate::descr::time_of(numpy, object) {
            return time.map(Ty::Scalar).map_err(|(what, help)| NoType { what, help: help.into(), overflow: false });
        }
        if let Some(record) = crate::records::typeof_record(numpy, object) {
            return record.map(Ty::Record).map_err(|(what, help)| NoType { what, help: help.into(), overflow: false });
        }
        if let Some(buffer) = super::buffers::typeof_buffer(object) {
            return buffer;
        }
        if t == addr_of_mut!(PyTuple_Type) {
            let size = PyTuple_Size(object);
            if size > MOST_FUNCTIONS as isize && let Some(one) = callables::shared((0..size).map(|i| PyTuple_GetItem(object, i))) {
                return Ok(Ty::tuple(std::iter::repeat_n(one, size as usize)));
            }
            let mut elements = Vec::with_capacity(size as usize);
            for i in 0..size {
                match typeof_value(PyTuple_GetItem(object, i)) {
                    Ok(t) => elements.push(t),
                    Err(e) => return Err(NoType { what: format!("a tuple whose element {i} is {}", e.what), ..e }),
                }
            }
            return Ok(Ty::tuple(elements));
        }
        if object == Py_Ellipsis() {
            return Ok(Ty::Ellipsis);
        }
        if t == addr_of_mut!(PySlice_Type) || t == addr_of_mut!(PyRange_Type) {
            return parts(object, t == addr_of_mut!(PySlice_Type));
        }
        if t == addr_of_mut!(PyList_Type) {
            return list(object);
        }
        let py = Python::assume_attached();
        let bound = Bound::from_borrowed_ptr(py, object);
        if let Some(dispatcher) = Dispatcher::of(&bound) && let Some(state) = (*dispatcher).state.as_ref() {
            return Ok(function_type(state.id, &state.parameters.function));
        }
        match crate::foreign::compiled(&bound) {
            Some(Ok(compiled)) => return typeof_value(compiled.as_ptr()),
            Some(Err(what)) => return no(format!("a {what}"), "describe it by `argtypes` and `restype` of numbers and addresses"),
            None => {}
        }
        if let Some(path) = entities::path(py, &bound) {
            return Ok(Ty::Entity(path.into()));
        }
        if let Some(class) = classes::of(&bound.get_type()) {
            return class_value(py, object, &class);
        }
        if let Some(own) = super::own::typeof_own(&bound)? {
            return Ok(own);
        }
        let name = crate::errors::type_name(object);
        if PyType_IsSubtype(t, numpy.ndarray) != 0 {
            return no(format!("an array of the class {name}"), "pass `numpy.asarray(x)`");
        }
        if PyType_IsSubtype(t, addr_of_mut!(PyTuple_Type)) != 0 {
            return no(format!("a named tuple of the class {name}"), "pass `tuple(x)`");
        }
        if PyType_IsSubtype(t, addr_of_mut!(PyLong_Type)) != 0 {
            return no(format!("an int of the class {name}"), "pass `int(x)`");
        }
        if PyType_IsSubtype(t, addr_of_mut!(PyFloat_Type)) != 0 {
            return no(format!("a float of the class {name}"), "pass `float(x)`");
        }
        if PyType_IsSubtype(t, addr_of_mut!(PyUnicode_Type)) != 0 {
            return no(format!("a string of the class {name}"), "pass `str(x)`");
        }
        match ADVICE.iter().find(|row| row.0 == name) {
            Some((_, what, help)) => no(what.to_string(), help),
            None => no(format!("an object of type {name}"), "compiled functions take numbers, strings, NumPy arrays, None and tuples of these"),
        }
    }
}

/// The type of the dictionary that holds a call's further keywords.
///
/// # Safety
/// The GIL is held and `object` is a dict whose keys are strings.
pub unsafe fn typeof_keywords(object: *mut PyObject) -> Result<Ty, NoType> {
    let (mut position, mut key, mut value) = (0, null_mut(), null_mut());
    let mut entries = vec![];
    // SAFETY: by the contract of this function; typing runs no code that could change the dict.
    unsafe {
        while PyDict_Next(object, &mut position, &mut key, &mut value) != 0 {
            let name = crate::errors::text(key);
            match typeof_value(value) {
                Ok(t) => entries.push((name, t)),
                Err(e) => return Err(NoType { what: format!("a dict in which `{name}` is {}", e.what), ..e }),
            }
        }
    }
    Ok(keywords(entries.iter().map(|(k, t)| (k.as_str(), t.clone()))))
}

/// The type of a slice or range, whose parts are integers or None.
///
/// # Safety
/// The GIL is held and `object` is a slice or range.
unsafe fn parts(object: *mut PyObject, slice: bool) -> Result<Ty, NoType> {
    let mut types = [Ty::None, Ty::None, Ty::None];
    for (name, slot) in [c"start", c"stop", c"step"].into_iter().zip(&mut types) {
        // SAFETY: by the contract of this function; the reference is given up here.
        let found = unsafe {
            let part = PyObject_GetAttrString(object, name.as_ptr());
            let found = typeof_value(part);
            Py_XDECREF(part);
            found
        };
        *slot = match found {
            Ok(t) if t == Ty::INT || (slice && t == Ty::None) => t,
            _ => {
                let what = if slice { "a slice whose parts are not all int64 or None" } else { "a range of numbers that are not int64" };
                return Err(NoType { what: what.into(), help: "pass its start, stop and step as numbers".into(), overflow: false });
            }
        };
    }
    Ok(if slice { Ty::Slice(types.into()) } else { Ty::Range(DType::Int64) })
}

/// The type of a named tuple or of a member of an enumeration.
///
/// # Safety
/// The GIL is held and `object` is an instance of `class`.
unsafe fn class_value(py: Python<'_>, object: *mut PyObject, class: &classes::Class) -> Result<Ty, NoType> {
    let name = class.path.rsplit('.').next().unwrap_or(&class.path);
    let mut types = vec![];
    if class.is_enum() {
        // SAFETY: by the contract of this function.
        let value = unsafe { Bound::<PyAny>::from_borrowed_ptr(py, object) }.getattr("_value_").ok();
        // SAFETY: the value is alive.
        match value.map(|v| unsafe { typeof_value(v.as_ptr()) }) {
            Some(Ok(Ty::Scalar(d))) => types.push(Ty::Scalar(d)),
            _ => return Err(NoType { what: format!("a member of `{name}`, whose value is no number"), help: "pass what the function needs of it".into(), overflow: false }),
        }
    } else {
        for (i, field) in class.fields.iter().enumerate() {
            // SAFETY: by the contract of this function; a class that changes the length of its tuples gives null here, which has no type.
            let found = unsafe {
                let part = PyTuple_GetItem(object, i as isize);
                if part.is_null() {
                    PyErr_Clear();
                    return Err(NoType { what: format!("a `{name}` with too few elements"), help: "pass `tuple(x)`".into(), overflow: false });
                }
                typeof_value(part)
            };
            types.push(found.map_err(|e| NoType { what: format!("a `{name}` whose field `{field}` is {}", e.what), ..e })?);
        }
    }
    let names = class.fields.iter().map(|f| f.as_str().into()).collect();
    Ok(Ty::Struct(Arc::new(StructTy { path: class.path.as_str().into(), names, types: types.into() })))
}

thread_local! {
    static DEPTH: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

/// The type of a list: that of its elements, which must agree.
///
/// # Safety
/// As for [`typeof_value`]; `object` is a list.
unsafe fn list(object: *mut PyObject) -> Result<Ty, NoType> {
    let no = |what: String, help: &str| Err(NoType { what, help: help.into(), overflow: false });
    // SAFETY: by the contract of this function; the indices are below the list's size.
    unsafe {
        let size = PyList_Size(object);
        if size == 0 {
            return no("a list without elements, which has no element type".into(), "pass an empty array, `numpy.empty(0)`, or make the list in the compiled function");
        }
        if DEPTH.get() > 32 {
            return no("a list that is nested too deeply".into(), "pass lists of at most 32 levels");
        }
        DEPTH.set(DEPTH.get() + 1);
        let element = |i| typeof_value(PyList_GetItem(object, i)).map_err(|e| NoType { what: format!("a list whose element {i} is {}", e.what), ..e });
        let all = || {
            let first = element(0)?;
            let function = |t: &Ty| matches!(t, Ty::Function(_) | Ty::Entity(_));
            if function(&first) {
                // Each is a type of its own.
                let mut several = vec![first.clone()];
                for i in 1..size {
                    match element(i)? {
                        t if !function(&t) => return no(format!("a list of several types: element 0 is {first}, element {i} is {t}"), "the elements of a list must have one type"),
                        t if !several.contains(&t) => several.push(t),
                        _ => {}
                    }
                }
                if several.len() > MOST_FUNCTIONS && let Some(one) = callables::shared((0..size).map(|i| PyList_GetItem(object, i))) {
                    return Ok(Ty::List(Arc::new(one)));
                }
                several.sort_by_cached_key(Ty::to_string);
                return Ok(Ty::List(std::sync::Arc::new(if several.len() == 1 { first } else { Ty::Union(several.into()) })));
            }
            for i in 1..size {
                let t = element(i)?;
                if t != first {
                    return no(
                        format!("a list of several types: element 0 is {first}, element {i} is {t}"),
                        "the elements of a list must have one type: convert them, or pass a tuple",
                    );
                }
            }
            Ok(Ty::List(std::sync::Arc::new(first)))
        };
        let result = all();
        DEPTH.set(DEPTH.get() - 1);
        result
    }
}

/// The exception for an object that has no type. `place` is what the object is: ``argument `x` of `f` ``.
pub fn no_type_error(py: Python<'_>, place: &str, reason: &NoType) -> PyErr {
    let text = format!("error[NB0105]: {place} is {}\n  = help: {}", reason.what, reason.help);
    if reason.overflow { PyOverflowError::new_err(text) } else { crate::errors::numbra_error(py, "ArgumentTypeError", &text) }
}
