//! Python objects as compile-time values.
use super::{PyHost, entities, managers};
use crate::{call::{arrays::array_type, dispatcher::Dispatcher}, classes, descr, foreign, layout::{Payload, long_value, unsigned_long_value}, numpy::NumPy};
use numbra_dialects::py::{ArrayTy, Layout};
use numbra_frontend_core::host::{Class, Member, Value};
use pyo3::{ffi, prelude::*, types::{PyDict, PyInt, PyModule, PySlice, PyTuple, PyType}};
use std::{ptr::addr_of_mut, sync::Arc};

// Larger arrays than this are data, not constants, and are passed as arguments.
const MAX_CONSTANT: usize = 64 << 20;

// Packages whose functions are named in diagnostics also where the compiler does not know them.
const LIBRARIES: &[&str] = &["numpy", "math", "cmath", "operator", "builtins", "random", "time", "scipy", "itertools", "functools", "statistics", "os", "sys"];

impl<'py> PyHost<'py> {
    /// What an object is to the compiler.
    pub(super) fn value(&self, object: &Bound<'py, PyAny>) -> Value {
        let pointer = object.as_ptr();
        // SAFETY: the GIL is held and the object alive; a payload is read after the exact type has been compared.
        unsafe {
            let t = ffi::Py_TYPE(pointer);
            if pointer == ffi::Py_None() {
                return Value::None;
            }
            if pointer == ffi::Py_Ellipsis() {
                return Value::Ellipsis;
            }
            if t == addr_of_mut!(ffi::PyBool_Type) {
                return Value::Bool(pointer == ffi::Py_True());
            }
            if t == addr_of_mut!(ffi::PyLong_Type) {
                return match (long_value(pointer), unsigned_long_value(pointer)) {
                    (Some(value), _) => Value::Int(value),
                    (None, Some(value)) => Value::UInt(value),
                    _ => Value::Unsupported("int outside the range of 64 bits".into()),
                };
            }
            if t == addr_of_mut!(ffi::PyFloat_Type) {
                return Value::Float((*pointer.cast::<Payload<f64>>()).value);
            }
            if t == addr_of_mut!(ffi::PyComplex_Type) {
                let [real, imaginary] = (*pointer.cast::<Payload<[f64; 2]>>()).value;
                return Value::Complex(real, imaginary);
            }
            if t == addr_of_mut!(ffi::PyUnicode_Type) {
                return object.extract().map_or_else(|_| Value::Unsupported("str that is not Unicode text".into()), Value::Str);
            }
            if t == addr_of_mut!(ffi::PyBytes_Type) {
                return object.extract::<&[u8]>().map_or_else(|_| Value::Unsupported("bytes".into()), |b| Value::Bytes(b.into()));
            }
            if let Some(dtype) = NumPy::get().and_then(|n| n.scalar_of(t)) {
                let mut bytes = [0; 16];
                std::ptr::copy_nonoverlapping(&raw const (*pointer.cast::<Payload<u8>>()).value, bytes.as_mut_ptr(), dtype.size());
                return Value::Scalar(dtype, bytes);
            }
            if let Some(numpy) = NumPy::get() {
                if let Some(Ok(dtype)) = descr::time_of(numpy, pointer) {
                    let mut bytes = [0; 16];
                    std::ptr::copy_nonoverlapping(&raw const (*pointer.cast::<Payload<u8>>()).value, bytes.as_mut_ptr(), dtype.size());
                    return Value::Scalar(dtype, bytes);
                }
                if numpy.is_dtype(pointer) && let Ok(dtype) = descr::dtype_of(pointer.cast()) {
                    return Value::Entity(format!("numpy.{}", dtype.name()));
                }
            }
        }
        if let Some(array) = self.array(object) {
            return array;
        }
        if let Ok(tuple) = object.cast_exact::<PyTuple>() {
            return Value::Tuple(tuple.iter().map(|e| self.value(&e)).collect());
        }
        if let Ok(slice) = object.cast_exact::<PySlice>() {
            let part = |name: &str| slice.getattr(name).map_or(Value::None, |v| self.value(&v));
            return Value::Slice(Box::new([part("start"), part("stop"), part("step")]));
        }
        if object.is_instance_of::<PyModule>() {
            return Value::Module(self.remember_module(object));
        }
        // Those of numbra are library functions, which compiled code knows.
        if entities::path(self.py, object).is_none()
            && let Some(generator) = managers::generator(object)
            && let Value::Function(id) = self.value(&generator)
        {
            return Value::ContextManager(id);
        }
        if let Some(dispatcher) = Dispatcher::of(object) {
            // SAFETY: the GIL is held and the object alive.
            if let Some(state) = unsafe { (*dispatcher).state.as_ref() } {
                self.functions.borrow_mut().entry(state.id).or_insert_with(|| object.clone());
                return Value::Function(state.id);
            }
        }
        if let Ok(class) = object.cast::<PyType>() && let Some(class) = classes::of(class) {
            return Value::Class(self.class(object, &class));
        }
        if let Some(class) = classes::of(&object.get_type()).filter(|c| c.is_enum())
            && let (Ok(name), Ok(value)) = (object.getattr("_name_"), object.getattr("_value_"))
        {
            let name = name.extract().unwrap_or_default();
            return Value::Member(self.class(object.get_type().as_any(), &class), name, Box::new(self.value(&value)));
        }
        if let Some(path) = entities::path(self.py, object).or_else(|| entities::cast_path(self.py, object)) {
            return Value::Entity(path);
        }
        if let Some(compiled) = self.universal_function(object) {
            return compiled;
        }
        match foreign::compiled(object) {
            Some(Ok(compiled)) => return self.value(&compiled),
            Some(Err(what)) => return Value::Unsupported(what),
            None => {}
        }
        Value::Unsupported(object.get_type().name().map_or_else(|_| "object".into(), |n| n.to_string()))
    }

    /// What a call of a universal function of the program means in compiled code.
    fn universal_function(&self, object: &Bound<'py, PyAny>) -> Option<Value> {
        let class = object.get_type();
        if class.name().ok()? != "UFunc" || class.module().ok()? != "numbra._ufunc" {
            return None;
        }
        let compiled = object.getattr("_compiled").ok().filter(|c| !c.is_none())?;
        Some(self.value(&compiled))
    }

    /// A NumPy array as a constant: a copy of its elements as they are now.
    fn array(&self, object: &Bound<'py, PyAny>) -> Option<Value> {
        let numpy = NumPy::get()?;
        // SAFETY: the object is alive; its type is compared before it is read as an array.
        let found = unsafe { (ffi::Py_TYPE(object.as_ptr()) == numpy.ndarray || is_recarray(object)).then(|| array_type(object.as_ptr()))? };
        let ty = match found {
            Ok(ty) => ty,
            Err((what, _)) => return Some(Value::Unsupported(what)),
        };
        let layout = if ty.layout == Layout::F { Layout::F } else { Layout::C };
        let read = || -> PyResult<Value> {
            let bytes: usize = object.getattr("nbytes")?.extract()?;
            if bytes > MAX_CONSTANT {
                return Ok(Value::Unsupported(format!("array of {} MiB, too large for a constant", bytes >> 20)));
            }
            let data = object.call_method1("tobytes", (if layout == Layout::F { "F" } else { "C" },))?;
            let shape: Vec<usize> = object.getattr("shape")?.extract()?;
            Ok(Value::Array(ArrayTy { layout, readonly: true, ..ty }, shape, data.extract::<&[u8]>()?.into()))
        };
        read().ok()
    }

    /// A class of the program, as the compiler sees it.
    fn class(&self, object: &Bound<'py, PyAny>, class: &classes::Class) -> Arc<Class> {
        let id = self.remember_module(object);
        let defaults = object.getattr("_field_defaults").and_then(|d| Ok(d.cast_into::<PyDict>()?));
        let defaults = defaults.map_or_else(|_| vec![], |d| class.fields.iter().filter_map(|f| d.get_item(f).ok().flatten()).map(|v| self.value(&v)).collect());
        let mut members = vec![];
        if class.is_enum() && let Ok(all) = object.try_iter() {
            for member in all.flatten() {
                if let (Ok(name), Ok(value)) = (member.getattr("_name_").and_then(|n| n.extract::<String>()), member.getattr("_value_")) {
                    let text = member_text(object, &member, &name, &value).ok().flatten();
                    members.push(Member { name, value: self.value(&value), text });
                }
            }
        }
        let flag = || object.py().import("enum")?.getattr("Flag").and_then(|flag| object.cast::<PyType>()?.is_subclass(&flag));
        let flags = class.is_enum() && flag().unwrap_or(false);
        Arc::new(Class { id, path: class.path.clone(), fields: class.fields.clone(), defaults, members, flags })
    }

    /// The class of a path.
    pub(super) fn class_of(&self, path: &str) -> Option<Arc<Class>> {
        let class = classes::by_path(self.py, path)?;
        Some(self.class(class.object.bind(self.py).as_any(), &class))
    }

    /// An attribute of a module. Library functions keep their name, so that a diagnostic can say which one is not supported.
    pub(super) fn module_attribute(&self, module: &Bound<'py, PyAny>, name: &str) -> Option<Value> {
        let object = module.getattr(name).ok()?;
        let value = self.value(&object);
        if let Value::Unsupported(_) = value
            && object.is_callable()
            && let Ok(home) = module.getattr("__name__").and_then(|n| n.extract::<String>())
            && LIBRARIES.contains(&home.split('.').next().unwrap_or_default())
        {
            return Some(Value::Entity(format!("{home}.{name}")));
        }
        Some(value)
    }
}

/// What `str` shows of a member of an enumeration, if the class shows members otherwise as all enumerations do.
fn member_text(class: &Bound<'_, PyAny>, member: &Bound<'_, PyAny>, name: &str, value: &Bound<'_, PyAny>) -> PyResult<Option<String>> {
    let text = member.str()?.to_string();
    let usual = member.repr()?.to_string() == format!("<{}.{name}: {}>", class.getattr("__name__")?, value.repr()?);
    let formatted: String = member.call_method1("__format__", ("",))?.extract()?;
    let expected = if member.is_instance_of::<PyInt>() { value.str()?.to_string() } else { text.clone() };
    Ok((usual && formatted == expected).then_some(text))
}

/// Whether an object is an array whose records have their fields as attributes, which is an array all the same.
fn is_recarray(object: &Bound<'_, PyAny>) -> bool {
    let recarray = || object.py().import("sys").ok()?.getattr("modules").ok()?.get_item("numpy").ok()?.getattr("recarray").ok();
    recarray().is_some_and(|class| object.get_type().is(&class))
}
