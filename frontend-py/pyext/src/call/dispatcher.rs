//! The dispatcher: the callable that stands for a compiled function. A raw type with vectorcall, because a call costs less than what a wrapper would.
//!
//! It takes part in garbage collection through the function that it wraps and its `__dict__`. Overloads stay until the dispatcher goes, also when it
//! is recompiled, since a thread without the GIL may be running one.
use super::{bind::Parameters, callables::Versions, members, overload::{Overload, Refusal}, slow};
use crate::layout::{PyMethod_New, PyVectorcall_Call};
use numbra_frontend_core::host::Options;
use pyo3::{ffi::*, prelude::*, types::{PyDict, PyTuple}};
use std::{collections::HashMap, ffi::{c_int, c_uint, c_void}, mem::offset_of, ptr::{null, null_mut}, sync::{Mutex, OnceLock, atomic::{AtomicU64, Ordering}}};

type Vectorcall = unsafe extern "C" fn(*mut PyObject, *const *mut PyObject, usize, *mut PyObject) -> *mut PyObject;

/// The object.
#[repr(C)]
pub struct Dispatcher {
    head: PyObject,
    vectorcall: Vectorcall,
    dict: *mut PyObject,
    weak_references: *mut PyObject,
    /// The overload that was called or compiled last; null when there is none
    pub latest: *const Overload,
    /// Everything else; null once the garbage collector has cleared the object
    pub state: *mut State,
}

/// What a dispatcher knows beyond its latest overload.
pub struct State {
    /// Identity of the function for the compiler
    pub id: u64,
    /// The Python function, owned
    pub function: *mut PyObject,
    /// Its parameters
    pub parameters: Parameters,
    /// Compile options
    pub options: Options,
    /// Options as the user gave them: a dict, owned
    pub target_options: *mut PyObject,
    /// Versions for those who are passed the function by its signature
    pub callables: Versions,
    /// Whether calls with new types compile
    pub can_compile: bool,
    /// The decorator is at work: the function's own name is not bound yet
    pub decorating: bool,
    // Boxed, since calls hold pointers to them while the list grows.
    #[allow(clippy::vec_box)]
    overloads: Vec<Box<Overload>>,
    #[allow(clippy::vec_box)]
    retired: Vec<Box<Overload>>,
}

struct TypePointer(*mut PyTypeObject);
// SAFETY: the type lives as long as the process.
unsafe impl Send for TypePointer {}
// SAFETY: as above.
unsafe impl Sync for TypePointer {}

static TYPE: OnceLock<TypePointer> = OnceLock::new();
static NEXT_ID: AtomicU64 = AtomicU64::new(1);
// By id; the address goes when the object does. Only touched with the GIL.
static LIVE: Mutex<Option<HashMap<u64, usize>>> = Mutex::new(None);

fn live<R>(work: impl FnOnce(&mut HashMap<u64, usize>) -> R) -> R {
    let mut map = LIVE.lock().unwrap_or_else(|e| e.into_inner());
    work(map.get_or_insert_default())
}

// Part of the limited API from 3.12 on only, but with this meaning from 3.8.
const HAVE_VECTORCALL: std::ffi::c_ulong = 1 << 11;
const ARGUMENTS_OFFSET: usize = 1 << (usize::BITS - 1);

unsafe extern "C" fn vectorcall(callable: *mut PyObject, arguments: *const *mut PyObject, flagged: usize, keywords: *mut PyObject) -> *mut PyObject {
    let dispatcher = callable.cast::<Dispatcher>();
    let given = flagged & !ARGUMENTS_OFFSET;
    // SAFETY: CPython calls with the GIL, an object of this type and that many arguments.
    unsafe {
        if keywords.is_null() && let Some(latest) = (*dispatcher).latest.as_ref() && latest.arity() == given {
            match latest.call(arguments) {
                Ok(result) => return result,
                Err(Refusal::Raised) => return null_mut(),
                Err(Refusal::Mismatch) => return slow::call_other(dispatcher, arguments, given),
            }
        }
        slow::call(dispatcher, arguments, given, keywords)
    }
}

/// For functions with keyword-only or variadic parameters: as many positions as parameters are not a call that fits.
unsafe extern "C" fn vectorcall_binding(callable: *mut PyObject, arguments: *const *mut PyObject, flagged: usize, keywords: *mut PyObject) -> *mut PyObject {
    // SAFETY: CPython calls with the GIL, an object of this type and that many arguments.
    unsafe { slow::call(callable.cast(), arguments, flagged & !ARGUMENTS_OFFSET, keywords) }
}

unsafe extern "C" fn traverse(object: *mut PyObject, visit: visitproc, argument: *mut c_void) -> c_int {
    // SAFETY: CPython passes an object of this type; null references are skipped.
    unsafe {
        let dispatcher = object.cast::<Dispatcher>();
        let mut references = vec![Py_TYPE(object).cast(), (*dispatcher).dict];
        if let Some(state) = (*dispatcher).state.as_ref() {
            references.extend([state.function, state.target_options]);
            references.extend(state.parameters.defaults.iter().copied());
        }
        for reference in references {
            if !reference.is_null() {
                let stop = visit(reference, argument);
                if stop != 0 {
                    return stop;
                }
            }
        }
    }
    0
}

unsafe extern "C" fn clear(object: *mut PyObject) -> c_int {
    // SAFETY: an object that is being collected is not being called. Fields are emptied before references go, as that can run Python code.
    unsafe {
        let dispatcher = object.cast::<Dispatcher>();
        let (state, dict) = ((*dispatcher).state, (*dispatcher).dict);
        (*dispatcher).latest = null();
        (*dispatcher).state = null_mut();
        (*dispatcher).dict = null_mut();
        if !state.is_null() {
            let state = Box::from_raw(state);
            live(|map| map.remove(&state.id));
            for name in &state.parameters.names {
                Py_XDECREF(*name);
            }
            for default in &state.parameters.defaults {
                Py_XDECREF(*default);
            }
            Py_XDECREF(state.function);
            Py_XDECREF(state.target_options);
        }
        Py_XDECREF(dict);
    }
    0
}

unsafe extern "C" fn dealloc(object: *mut PyObject) {
    // SAFETY: CPython passes the last reference; the type counts its instances.
    unsafe {
        let t = Py_TYPE(object);
        PyObject_GC_UnTrack(object.cast());
        if !(*object.cast::<Dispatcher>()).weak_references.is_null() {
            PyObject_ClearWeakRefs(object);
        }
        clear(object);
        PyObject_GC_Del(object.cast());
        Py_DECREF(t.cast());
    }
}

unsafe extern "C" fn bind_method(function: *mut PyObject, instance: *mut PyObject, _owner: *mut PyObject) -> *mut PyObject {
    // SAFETY: CPython passes a live object, and an instance or null.
    unsafe {
        if instance.is_null() || instance == Py_None() {
            Py_INCREF(function);
            return function;
        }
        PyMethod_New(function, instance)
    }
}

/// Makes the type; called once, at import.
pub fn make_type(py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
    if let Some(made) = TYPE.get() {
        // SAFETY: the type is alive.
        return Ok(unsafe { Bound::from_borrowed_ptr(py, made.0.cast()) });
    }
    let member = |name: &'static std::ffi::CStr, offset: usize| PyMemberDef { name: name.as_ptr(), type_code: Py_T_PYSSIZET, offset: offset as isize, flags: Py_READONLY, doc: null() };
    let fields = vec![
        member(c"__vectorcalloffset__", offset_of!(Dispatcher, vectorcall)),
        member(c"__dictoffset__", offset_of!(Dispatcher, dict)),
        member(c"__weaklistoffset__", offset_of!(Dispatcher, weak_references)),
        PyMemberDef::default(),
    ];
    // CPython keeps pointers into these tables for as long as the type lives, which is always.
    let slot = |slot: c_int, pfunc: *mut c_void| PyType_Slot { slot, pfunc };
    let mut slots = vec![
        slot(Py_tp_members, Vec::leak(fields).as_mut_ptr().cast()),
        slot(Py_tp_methods, Vec::leak(members::methods()).as_mut_ptr().cast()),
        slot(Py_tp_getset, Vec::leak(members::properties()).as_mut_ptr().cast()),
        slot(Py_tp_call, PyVectorcall_Call as *const () as *mut c_void),
        slot(Py_tp_traverse, traverse as *const () as *mut c_void),
        slot(Py_tp_clear, clear as *const () as *mut c_void),
        slot(Py_tp_dealloc, dealloc as *const () as *mut c_void),
        slot(Py_tp_descr_get, bind_method as *const () as *mut c_void),
        slot(Py_tp_repr, members::repr as *const () as *mut c_void),
        slot(Py_tp_doc, c"A compiled function: called like the Python function that it was made from.".as_ptr().cast_mut().cast()),
        slot(0, null_mut()),
    ];
    let flags = Py_TPFLAGS_DEFAULT | HAVE_VECTORCALL | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_IMMUTABLETYPE | Py_TPFLAGS_DISALLOW_INSTANTIATION | Py_TPFLAGS_METHOD_DESCRIPTOR;
    let mut spec = PyType_Spec { name: c"numbra._core.Dispatcher".as_ptr(), basicsize: size_of::<Dispatcher>() as c_int, itemsize: 0, flags: flags as c_uint, slots: slots.as_mut_ptr() };
    // SAFETY: the slots are functions of the kinds that they name.
    let made = unsafe { Bound::from_owned_ptr_or_err(py, PyType_FromSpec(&mut spec))? };
    TYPE.get_or_init(|| TypePointer(made.clone().into_ptr().cast()));
    Ok(made)
}

impl Dispatcher {
    /// A new dispatcher of a Python function.
    pub fn create<'py>(function: &Bound<'py, PyAny>, options: Options, target_options: &Bound<'py, PyDict>) -> PyResult<Bound<'py, PyAny>> {
        let py = function.py();
        let Some(t) = TYPE.get() else { return Err(pyo3::exceptions::PySystemError::new_err("numbra._core is not initialised")) };
        let parameters = read_parameters(function)?;
        let binding = parameters.names.len() > parameters.positional || parameters.extra() > 0;
        // SAFETY: a zeroed object of the type, whose fields are set before anyone else sees it.
        unsafe {
            let object = PyType_GenericAlloc(t.0, 0);
            let owner = Bound::from_owned_ptr_or_err(py, object)?;
            let id = NEXT_ID.fetch_add(1, Ordering::Relaxed);
            let state = State {
                id,
                function: function.clone().into_ptr(),
                parameters,
                options,
                target_options: target_options.clone().into_ptr(),
                callables: Versions::default(),
                can_compile: true,
                decorating: false,
                overloads: vec![],
                retired: vec![],
            };
            let dispatcher = object.cast::<Dispatcher>();
            (*dispatcher).vectorcall = if binding { vectorcall_binding } else { vectorcall };
            (*dispatcher).state = Box::into_raw(Box::new(state));
            live(|map| map.insert(id, object as usize));
            wrap(&owner, function)?;
            Ok(owner)
        }
    }

    /// The dispatcher behind a Python object, if it is one.
    pub fn of(object: &Bound<'_, PyAny>) -> Option<*mut Dispatcher> {
        let t = TYPE.get()?;
        // SAFETY: the object is alive.
        (unsafe { Py_TYPE(object.as_ptr()) } == t.0).then(|| object.as_ptr().cast())
    }

    /// The id of the dispatcher that an object is, if it is one.
    ///
    /// # Safety
    /// The GIL is held and the object alive.
    pub unsafe fn id(object: *mut PyObject) -> Option<u64> {
        let t = TYPE.get()?;
        // SAFETY: by the contract of this function; the state is read after the type has been compared.
        unsafe { if Py_TYPE(object) == t.0 { (*object.cast::<Dispatcher>()).state.as_ref().map(|s| s.id) } else { None } }
    }

    /// The dispatcher that an object is, or that stands for it, with its id.
    ///
    /// # Safety
    /// The GIL is held and the object alive.
    pub unsafe fn standing_for(object: *mut PyObject) -> Option<(u64, *mut Dispatcher)> {
        // SAFETY: by the contract of this function; dispatchers of functions of C live as long as the process.
        unsafe {
            if let Some(id) = Dispatcher::id(object) {
                return Some((id, object.cast()));
            }
            let made = crate::foreign::compiled(&Bound::from_borrowed_ptr(Python::assume_attached(), object))?.ok()?.as_ptr();
            Some((Dispatcher::id(made)?, made.cast()))
        }
    }

    /// The dispatcher with an id, while it lives.
    pub fn by_id(py: Python<'_>, id: u64) -> Option<Bound<'_, PyAny>> {
        let address = live(|map| map.get(&id).copied())?;
        // SAFETY: objects leave the map, with the GIL held, before they are freed.
        Some(unsafe { Bound::from_borrowed_ptr(py, address as *mut PyObject) })
    }

    /// The overload at an index.
    ///
    /// # Safety
    /// The GIL is held. The reference is good while the caller keeps the dispatcher alive.
    pub unsafe fn overload<'a>(&self, index: usize) -> Option<&'a Overload> {
        // SAFETY: boxed overloads do not move, and are dropped with the state only.
        unsafe { self.state.as_ref()?.overloads.get(index).map(|o| &**o) }
    }

    /// Adds an overload, unless one for the same types has come meanwhile, and makes it the latest.
    ///
    /// # Safety
    /// The GIL is held.
    pub unsafe fn add(&mut self, overload: Overload) -> *const Overload {
        // SAFETY: by the contract of this function.
        let Some(state) = (unsafe { self.state.as_mut() }) else { return null() };
        if let Some(known) = state.overloads.iter().find(|o| o.compiled.arguments == overload.compiled.arguments) {
            return &raw const **known;
        }
        let overload = Box::new(overload);
        self.latest = &raw const *overload;
        state.overloads.push(overload);
        self.latest
    }

    /// Forgets all overloads; calls that run finish.
    ///
    /// # Safety
    /// The GIL is held.
    pub unsafe fn forget_overloads(&mut self) {
        self.latest = null();
        // SAFETY: by the contract of this function.
        if let Some(state) = unsafe { self.state.as_mut() } {
            let overloads = std::mem::take(&mut state.overloads);
            state.retired.extend(overloads);
            state.callables.forget();
        }
    }
}

fn read_parameters(function: &Bound<'_, PyAny>) -> PyResult<Parameters> {
    const VARARGS: u32 = 4;
    const VARKEYWORDS: u32 = 8;
    let code = function.getattr("__code__")?;
    let count = |name: &str| code.getattr(name)?.extract::<usize>();
    let (positional, keyword_only) = (count("co_argcount")?, count("co_kwonlyargcount")?);
    let flags = code.getattr("co_flags")?.extract::<u32>()?;
    let all = code.getattr("co_varnames")?.cast_into::<PyTuple>()?;
    let names: Vec<Bound<PyAny>> = all.iter().take(positional + keyword_only).collect();
    let mut defaults: Vec<Option<Bound<PyAny>>> = vec![None; names.len()];
    if let Ok(values) = function.getattr("__defaults__")?.cast_into::<PyTuple>() {
        for (i, value) in values.iter().enumerate() {
            defaults[positional - values.len() + i] = Some(value);
        }
    }
    if let Ok(values) = function.getattr("__kwdefaults__")?.cast_into::<PyDict>() {
        for i in positional..names.len() {
            defaults[i] = values.get_item(&names[i])?;
        }
    }
    Ok(Parameters {
        function: function.getattr("__qualname__")?.extract()?,
        names: names.into_iter().map(Bound::into_ptr).collect(),
        defaults: defaults.into_iter().map(|d| d.map_or(null_mut(), Bound::into_ptr)).collect(),
        positional_only: count("co_posonlyargcount")?,
        positional,
        variable_positional: flags & VARARGS != 0,
        variable_keywords: flags & VARKEYWORDS != 0,
    })
}

/// What `functools.update_wrapper` does, without importing it.
fn wrap(wrapper: &Bound<'_, PyAny>, wrapped: &Bound<'_, PyAny>) -> PyResult<()> {
    for name in ["__module__", "__name__", "__qualname__", "__doc__", "__annotations__", "__type_params__"] {
        if let Ok(value) = wrapped.getattr(name) {
            wrapper.setattr(name, value)?;
        }
    }
    let dict = wrapper.getattr("__dict__")?.cast_into::<PyDict>()?;
    dict.update(wrapped.getattr("__dict__")?.cast::<PyDict>()?.as_mapping())?;
    dict.set_item("__wrapped__", wrapped)
}
