//! NumPy's structured dtypes and records: from dtype objects to layouts and back. A dtype object is taken apart once; later calls know it by its address.
use crate::{descr::{self, NoDType}, layout::{Descr, SWAPPED, flags}, numpy::NumPy};
use numbra_abi::{DType, RecordId, record::{Field, keep}};
use numbra_dialects::py::RecordTy;
use pyo3::{ffi::*, prelude::*, types::{PyDict, PyTuple}};
use std::{collections::HashMap, ffi::c_int, sync::{Mutex, OnceLock}};

/// NumPy's void scalar, which records are (the same in 1.x and 2.x as far as it is named here).
#[repr(C)]
#[allow(missing_docs)]
pub struct VoidObject {
    head: [usize; 3],
    pub data: *mut u8,
    pub descr: *mut PyObject,
    pub flags: c_int,
}

// Dtype objects that are remembered; beyond this number each is taken apart again.
const REMEMBERED: usize = 4096;

type Known = HashMap<usize, Result<RecordId, NoDType>>;

fn known() -> &'static Mutex<Known> {
    static KNOWN: OnceLock<Mutex<Known>> = OnceLock::new();
    KNOWN.get_or_init(Mutex::default)
}

/// The layout of a dtype object of kind `V`.
///
/// # Safety
/// The GIL is held; the object is a dtype.
pub unsafe fn record_of(object: *mut PyObject) -> Result<RecordId, NoDType> {
    if let Some(found) = known().lock().unwrap_or_else(|e| e.into_inner()).get(&(object as usize)) {
        return found.clone();
    }
    // SAFETY: the GIL is held and the object alive.
    let dtype = unsafe { Bound::from_borrowed_ptr(Python::assume_attached(), object) };
    let found = read(&dtype).unwrap_or_else(|_| Err(("a dtype that cannot be read".into(), "use one that `numpy.dtype` makes")));
    let mut known = known().lock().unwrap_or_else(|e| e.into_inner());
    if known.len() < REMEMBERED {
        // Kept, so that its address cannot come to mean another dtype.
        known.insert(dtype.into_ptr() as usize, found.clone());
    }
    found
}

fn read(dtype: &Bound<'_, PyAny>) -> PyResult<Result<RecordId, NoDType>> {
    let names = dtype.getattr("names")?;
    let Ok(names) = names.cast_into::<PyTuple>() else { return Ok(Err(("raw memory without fields".into(), "give it a dtype with fields"))) };
    let table = dtype.getattr("fields")?;
    let mut fields = vec![];
    for name in names.iter() {
        let entry = table.get_item(&name)?;
        let (mut element, offset): (Bound<'_, PyAny>, usize) = (entry.get_item(0)?, entry.get_item(1)?.extract()?);
        let mut shape = vec![];
        if let Ok(pair) = element.getattr("subdtype")?.cast_into::<PyTuple>() {
            shape = pair.get_item(1)?.extract()?;
            element = pair.get_item(0)?;
        }
        let name: String = name.extract()?;
        // SAFETY: what a dtype says of its fields are dtype objects.
        let (found, kind, swapped) = unsafe {
            let descr = element.as_ptr().cast::<Descr>();
            (descr::dtype_of(descr), (*descr).kind as u8, (*descr).byteorder == SWAPPED)
        };
        match found {
            Err(_) if matches!(kind, b'S' | b'U') && !swapped => {
                let text: String = element.getattr("str")?.extract()?;
                let dtype = DType::Record(RecordId::strings(&text, element.getattr("itemsize")?.extract()?));
                fields.push(Field { name: keep(&name), offset, dtype, shape });
            }
            _ if swapped => return Ok(Err((format!("records whose field `{name}` is in the byte order of another machine"), "convert it with `a.astype(a.dtype.newbyteorder('='))`"))),
            Ok(dtype) => fields.push(Field { name: keep(&name), offset, dtype, shape }),
            Err((what, _)) => return Ok(Err((format!("records whose field `{name}` holds {what}"), "pass an array without this field, for example `a[['x', 'y']]`"))),
        }
    }
    let named = dtype.getattr("type")?.getattr("__name__")?.extract::<String>()? == "record";
    Ok(Ok(RecordId::of(fields, dtype.getattr("itemsize")?.extract()?, dtype.getattr("isalignedstruct")?.extract()?, named)))
}

/// A dtype object of a layout.
pub fn object<'py>(py: Python<'py>, numpy: &NumPy, id: RecordId) -> PyResult<Bound<'py, PyAny>> {
    let record = id.record();
    if let Some(strings) = record.strings {
        return py.import("numpy")?.getattr("dtype")?.call1((strings,));
    }
    let mut formats = vec![];
    for f in &record.fields {
        // SAFETY: the GIL is held; a new reference or an exception.
        let element = unsafe { Bound::from_owned_ptr_or_err(py, descr::object_of(numpy, f.dtype)) }?;
        formats.push(if f.shape.is_empty() { element } else { (element, PyTuple::new(py, &f.shape)?).into_pyobject(py)?.into_any() });
    }
    let description = PyDict::new(py);
    description.set_item("names", record.names().collect::<Vec<_>>())?;
    description.set_item("formats", formats)?;
    description.set_item("offsets", record.fields.iter().map(|f| f.offset).collect::<Vec<_>>())?;
    description.set_item("itemsize", record.size())?;
    description.set_item("aligned", record.aligned)?;
    let module = py.import("numpy")?;
    let dtype = module.getattr("dtype")?.call1((description,))?;
    if record.named { module.getattr("dtype")?.call1(((module.getattr("record")?, dtype),)) } else { Ok(dtype) }
}

/// The type of a record object; `None` for other objects.
///
/// # Safety
/// The GIL is held and the object alive.
pub unsafe fn typeof_record(numpy: &NumPy, object: *mut PyObject) -> Option<Result<RecordTy, NoDType>> {
    // SAFETY: by the contract of this function; void scalars and their subclasses start with the same fields.
    unsafe {
        if PyType_IsSubtype(Py_TYPE(object), numpy.void) == 0 {
            return None;
        }
        let void = object.cast::<VoidObject>();
        let readonly = (*void).flags & flags::WRITEABLE == 0;
        Some(record_of((*void).descr).map(|id| RecordTy { id, readonly }))
    }
}

/// Whether an object is a record whose data is here.
///
/// # Safety
/// The object is alive.
pub unsafe fn is_at(numpy: &NumPy, object: *mut PyObject, data: *mut u8) -> bool {
    // SAFETY: by the contract of this function.
    unsafe { PyType_IsSubtype(Py_TYPE(object), numpy.void) != 0 && (*object.cast::<VoidObject>()).data == data }
}

/// The dtype of an element type, by its name.
#[pyfunction]
pub fn dtype_object<'py>(py: Python<'py>, name: &str) -> PyResult<Bound<'py, PyAny>> {
    match (NumPy::get(), DType::from_name(name)) {
        // SAFETY: the GIL is held; a new reference or an exception.
        (Some(numpy), Some(dtype)) => unsafe { Bound::from_owned_ptr_or_err(py, descr::object_of(numpy, dtype)) },
        _ => Err(pyo3::exceptions::PyValueError::new_err(format!("not an element type: {name}"))),
    }
}
