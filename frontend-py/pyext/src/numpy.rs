//! NumPy through its C API table: type objects, dtypes, new arrays. One binary serves NumPy 1.x and 2.x, whose tables agree in the entries used.
use numbra_abi::DType;
use pyo3::{ffi::*, prelude::*, types::PyCapsule};
use std::{ffi::{c_int, c_void}, ptr::null_mut, sync::OnceLock};

// Indices into the table of `_ARRAY_API`; fixed for all releases.
const ARRAY_TYPE: usize = 2;
const DESCR_TYPE: usize = 3;
const DESCR_FROM_TYPE: usize = 45;
const TYPE_OBJECT_FROM_TYPE: usize = 46;
const SCALAR: usize = 60;
const NEW_FROM_DESCR: usize = 94;
const SET_BASE_OBJECT: usize = 282;

/// Signature of `PyArray_DescrFromType`.
pub type DescrFromType = unsafe extern "C" fn(c_int) -> *mut PyObject;
type NewFromDescr =
    unsafe extern "C" fn(*mut PyTypeObject, *mut PyObject, c_int, *const isize, *const isize, *mut c_void, c_int, *mut PyObject) -> *mut PyObject;
type Scalar = unsafe extern "C" fn(*mut c_void, *mut PyObject, *mut PyObject) -> *mut PyObject;
type SetBaseObject = unsafe extern "C" fn(*mut PyObject, *mut PyObject) -> c_int;

/// Where the elements of an array lie: sizes and strides in bytes, `rank` of each.
#[derive(Clone, Copy)]
pub struct Extent {
    /// Sizes
    pub shape: *const isize,
    /// Strides
    pub strides: *const isize,
    /// Number of dimensions
    pub rank: usize,
}

/// What is used of NumPy.
pub struct NumPy {
    /// `numpy.ndarray`
    pub ndarray: *mut PyTypeObject,
    /// `numpy.memmap`, accepted like an array; null when NumPy has none
    pub memmap: *mut PyTypeObject,
    /// `numpy.recarray`, accepted like an array; null when NumPy has none
    pub recarray: *mut PyTypeObject,
    /// Types of scalars with their element type, without those of `float` and `complex` subclasses that Python code defines
    pub scalars: Vec<(*mut PyTypeObject, DType)>,
    dtype: *mut PyTypeObject,
    /// `numpy.void`, of which `numpy.record` is a subclass
    pub void: *mut PyTypeObject,
    /// `numpy.datetime64` and `numpy.timedelta64`
    pub times: [*mut PyTypeObject; 2],
    /// The dtype object of a type number
    pub descr_from_type: DescrFromType,
    make_scalar: Scalar,
    new_from_descr: NewFromDescr,
    set_base_object: SetBaseObject,
}

// SAFETY: the pointers are to immortal types and functions of a module that is never unloaded.
unsafe impl Send for NumPy {}
// SAFETY: as above; nothing is written after construction.
unsafe impl Sync for NumPy {}

static NUMPY: OnceLock<NumPy> = OnceLock::new();

impl NumPy {
    /// Loads the table; called once, at import.
    pub fn load(py: Python<'_>) -> PyResult<&'static NumPy> {
        if let Some(loaded) = NUMPY.get() {
            return Ok(loaded);
        }
        let numpy = py.import("numpy")?;
        let internals = py.import("numpy._core._multiarray_umath").or_else(|_| py.import("numpy.core._multiarray_umath"))?;
        let capsule = internals.getattr("_ARRAY_API")?.cast_into::<PyCapsule>()?;
        // SAFETY: NumPy's capsule holds its function table; it has no name.
        let table = unsafe { PyCapsule_GetPointer(capsule.as_ptr(), std::ptr::null()) }.cast::<*mut c_void>();
        if table.is_null() {
            return Err(PyErr::fetch(py));
        }
        // SAFETY: the indices are below the length of every release's table.
        let entry = |index: usize| unsafe { *table.add(index) };
        // SAFETY: the entry is a function of this signature, which returns a new reference.
        let type_of = |num: c_int| unsafe {
            let f: unsafe extern "C" fn(c_int) -> *mut PyObject = std::mem::transmute(entry(TYPE_OBJECT_FROM_TYPE));
            f(num).cast::<PyTypeObject>()
        };
        let mut scalars = vec![];
        for row in numbra_abi::dtype::ROWS {
            for num in row.type_nums {
                let t = type_of(*num);
                if !t.is_null() && !scalars.contains(&(t, row.dtype)) {
                    scalars.push((t, row.dtype));
                }
            }
        }
        crate::descr::locate(&numpy)?;
        let recarray = numpy.getattr("recarray").map_or(null_mut(), |t| t.into_ptr().cast());
        let memmap = numpy.getattr("memmap").map_or(null_mut(), |t| t.into_ptr().cast());
        // SAFETY: the entries are functions of these signatures.
        let loaded = unsafe {
            NumPy {
                ndarray: entry(ARRAY_TYPE).cast(),
                memmap,
                recarray,
                scalars,
                dtype: entry(DESCR_TYPE).cast(),
                void: type_of(20),
                times: [type_of(21), type_of(22)],
                make_scalar: std::mem::transmute::<*mut c_void, Scalar>(entry(SCALAR)),
                descr_from_type: std::mem::transmute::<*mut c_void, DescrFromType>(entry(DESCR_FROM_TYPE)),
                new_from_descr: std::mem::transmute::<*mut c_void, NewFromDescr>(entry(NEW_FROM_DESCR)),
                set_base_object: std::mem::transmute::<*mut c_void, SetBaseObject>(entry(SET_BASE_OBJECT)),
            }
        };
        Ok(NUMPY.get_or_init(|| loaded))
    }

    /// The table, which [`NumPy::load`] has filled at import.
    pub fn get() -> Option<&'static NumPy> {
        NUMPY.get()
    }

    /// Whether an object is a dtype.
    ///
    /// # Safety
    /// The object is alive.
    pub unsafe fn is_dtype(&self, object: *mut PyObject) -> bool {
        // SAFETY: by the contract of this function; dtypes are instances of subclasses of the class in the table.
        unsafe { PyType_IsSubtype(Py_TYPE(object), self.dtype) != 0 }
    }

    /// Whether an object is an array that calls take.
    ///
    /// # Safety
    /// The object is alive.
    pub unsafe fn is_array(&self, object: *mut PyObject) -> bool {
        // SAFETY: by the contract of this function.
        let t = unsafe { Py_TYPE(object) };
        t == self.ndarray || t == self.memmap || t == self.recarray
    }

    /// The element type of a NumPy scalar type.
    pub fn scalar_of(&self, t: *mut PyTypeObject) -> Option<DType> {
        self.scalars.iter().find(|s| s.0 == t).map(|s| s.1)
    }

    /// The scalar types of an element type: at most two, as `long` and `longlong` are alike.
    pub fn scalar_types(&self, dtype: DType) -> [*mut PyTypeObject; 2] {
        let mut types = [null_mut(); 2];
        for (slot, t) in types.iter_mut().zip(self.scalars.iter().filter(|s| s.1 == dtype)) {
            *slot = t.0;
        }
        types
    }

    /// A new NumPy scalar with a copy of the value; null with an exception set on failure.
    ///
    /// # Safety
    /// The GIL is held; `value` points to an element of this type.
    pub unsafe fn scalar(&self, dtype: DType, value: *const u64) -> *mut PyObject {
        // SAFETY: by the contract of this function; the value is only read.
        unsafe {
            let descr = crate::descr::object_of(self, dtype);
            if descr.is_null() {
                return null_mut();
            }
            let scalar = (self.make_scalar)(value.cast_mut().cast(), descr, null_mut());
            Py_DECREF(descr);
            scalar
        }
    }

    /// A new array over existing memory, with `base` (whose reference is taken over, also on failure) as its owner. Null with an exception set on failure.
    ///
    /// # Safety
    /// The GIL is held; shape and strides have `rank` elements; all elements lie in memory that `base` keeps alive.
    pub unsafe fn view(&self, dtype: DType, extent: Extent, data: *mut u8, writeable: bool, base: *mut PyObject) -> *mut PyObject {
        // SAFETY: by the contract of this function; the dtype's reference is taken over by the constructor.
        unsafe {
            let descr = crate::descr::object_of(self, dtype);
            let flags = if writeable { crate::layout::flags::WRITEABLE } else { 0 };
            let array = if descr.is_null() { null_mut() } else { (self.new_from_descr)(self.ndarray, descr, extent.rank as c_int, extent.shape, extent.strides, data.cast(), flags, null_mut()) };
            if array.is_null() {
                Py_DECREF(base);
                return null_mut();
            }
            if (self.set_base_object)(array, base) < 0 {
                Py_DECREF(array);
                return null_mut();
            }
            array
        }
    }
}
