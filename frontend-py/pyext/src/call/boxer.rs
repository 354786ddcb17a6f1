//! Boxers: from result slots to Python objects. Scalars come back as Python's own types whatever their width, as from numba.
//!
//! A returned array is the argument itself when it is that array unchanged, a view with the argument as base when it shares its memory,
//! and else a new array whose base is a capsule that owns the runtime's allocation.
use super::{buffers, dispatcher::Dispatcher, lists::{self, Lists}, reader::Header};
use crate::{descr, host::entities, layout::{ArrayObject, flags}, numpy::{Extent, NumPy}, records};
use numbra_abi::{DType, dtype::Kind, symbols::CONSTANT_COUNT};
use numbra_dialects::py::{ArrayTy, RecordTy, Ty};
use numbra_frontend_core::{catalog::types::dtype_of, host::function_of};
use numbra_rt::{list::List, memory};
use pyo3::ffi::*;
use std::{ffi::CStr, ptr::{addr_of_mut, null_mut}};

/// Makes the Python object of a result.
#[derive(Debug)]
pub enum Boxer {
    /// `None`
    None,
    /// Bool, int, float or complex
    Scalar(DType),
    /// Date or length of time
    Time(DType),
    /// Record
    Record(RecordTy),
    /// Array
    Array(ArrayTy),
    /// Scalar that is converted to the type of an explicit signature
    Converted(DType, DType),
    /// Tuple
    Tuple(Box<[Boxer]>),
    /// Value of one of several types
    Union(Box<[Boxer]>),
    /// `...`
    Ellipsis,
    /// What a call with the parts makes: of a slice or range the class, of a type of the program its function
    Parts(Callable, Box<Boxer>),
    /// Named tuple: the class's way to make one from a tuple
    Struct(Callable, Box<Boxer>),
    /// Member of an enumeration: the class that is called with the value
    Member(Callable, Box<Boxer>),
    /// List
    List(Box<Boxer>),
    /// String
    Str,
    /// String that is known
    Literal(Box<str>),
    /// Compiled function, by its dispatcher's id
    Function(u64),
    /// Bytes
    Buffer(buffers::Class, ArrayTy),
    /// Compiled function that is known by its signature
    Signature,
    /// Library object
    Object(Callable),
    /// Scalar type, as NumPy's dtype: `a.dtype` is one, and a type object means the same wherever NumPy takes it
    DType(DType),
}

/// A class, or a method of one, that makes a result. It is never freed.
#[derive(Clone, Copy, Debug)]
pub struct Callable(*mut PyObject);

impl Callable {
    /// An object that is given up to it.
    pub fn new(object: *mut PyObject) -> Callable {
        Callable(object)
    }
}

// SAFETY: the object lives as long as the process, and is called with the GIL only.
unsafe impl Send for Callable {}
// SAFETY: as above.
unsafe impl Sync for Callable {}

/// The arguments' headers, by which a result is recognised as memory of an argument.
#[derive(Clone, Copy)]
pub struct Arguments {
    /// First header
    pub headers: *const Header,
    /// Number of headers
    pub count: usize,
    /// The call's lists, or null
    pub lists: *const Lists,
}

impl Boxer {
    /// The boxer of a type, or the innermost type that cannot leave compiled code.
    pub fn new(t: &Ty) -> Result<Boxer, &Ty> {
        Ok(match t {
            Ty::None => Boxer::None,
            Ty::Scalar(d) if d.unit().is_some() => Boxer::Time(*d),
            Ty::Scalar(d) => Boxer::Scalar(*d),
            Ty::Record(r) => Boxer::Record(*r),
            Ty::Array(a) => Boxer::Array(*a),
            Ty::Tuple(elements) => Boxer::Tuple(elements.iter().map(Boxer::new).collect::<Result<_, _>>()?),
            Ty::Union(members) => Boxer::Union(members.iter().map(Boxer::new).collect::<Result<_, _>>()?),
            Ty::Ellipsis => Boxer::Ellipsis,
            Ty::Slice(parts) => Boxer::Parts(Callable(addr_of_mut!(PySlice_Type).cast()), Box::new(Boxer::new(&Ty::tuple(parts.iter().cloned())).map_err(|_| t)?)),
            Ty::Range(d) => Boxer::Parts(Callable(addr_of_mut!(PyRange_Type).cast()), Box::new(Boxer::Tuple(vec![Boxer::Scalar(*d), Boxer::Scalar(*d), Boxer::Scalar(*d)].into()))),
            t if let Some((class, data)) = buffers::Class::of(t) => Boxer::Buffer(class, data),
            Ty::Struct(s) if s.path.starts_with(super::own::PREFIX) => super::own::boxer(s).ok_or(t)?,
            Ty::Struct(s) => {
                // SAFETY: boxers are made while the GIL is held.
                let py = unsafe { pyo3::Python::assume_attached() };
                let class = crate::classes::by_path(py, &s.path).ok_or(t)?;
                let parts = s.types.iter().map(Boxer::new).collect::<Result<Box<[_]>, _>>()?;
                if class.is_enum() {
                    Boxer::Member(Callable(class.pointer().cast()), Box::new(Boxer::Tuple(parts)))
                } else {
                    let make = class.object.getattr(py, "_make").map_err(|_| t)?;
                    Boxer::Struct(Callable(make.into_ptr()), Box::new(Boxer::Tuple(parts)))
                }
            }
            Ty::Str => Boxer::Str,
            Ty::Literal(text) => Boxer::Literal((**text).into()),
            Ty::List(element) => Boxer::List(Box::new(Boxer::new(element)?)),
            Ty::Callable(_) => Boxer::Signature,
            Ty::Function(text) => Boxer::Function(function_of(text).ok_or(t)?),
            Ty::Entity(path) if path.starts_with("numpy.") && let Some(dtype) = dtype_of(path) => Boxer::DType(dtype),
            // SAFETY: boxers are made while the GIL is held.
            Ty::Entity(path) => Boxer::Object(Callable(entities::object_of(unsafe { pyo3::Python::assume_attached() }, path).ok_or(t)?)),
            other => return Err(other),
        })
    }

    /// The boxer of a result for which a signature declares another type; `None` when the one does not convert to the other.
    pub fn declared(actual: &Ty, declared: &Ty) -> Option<Boxer> {
        match (actual, declared) {
            (Ty::Scalar(a), Ty::Scalar(b)) if a != b && a.is_number() => super::convert::cost(actual, declared).map(|_| Boxer::Converted(*a, *b)),
            (Ty::Union(a), Ty::Union(b)) if a.len() == b.len() => a.iter().zip(b.iter()).map(|(a, b)| Boxer::declared(a, b)).collect::<Option<_>>().map(Boxer::Union),
            (one, Ty::Union(b)) => b.iter().filter(|b| super::convert::cost(one, b).is_some()).find_map(|b| Boxer::declared(one, b)),
            (Ty::Tuple(a), Ty::Tuple(b)) if a.len() == b.len() => a.iter().zip(b.iter()).map(|(a, b)| Boxer::declared(a, b)).collect::<Option<_>>().map(Boxer::Tuple),
            _ => super::convert::cost(actual, declared).and_then(|_| Boxer::new(actual).ok()),
        }
    }

    /// How many slots a value takes.
    pub fn slots(&self) -> usize {
        match self {
            Boxer::None | Boxer::Ellipsis | Boxer::Literal(_) | Boxer::Function(_) | Boxer::Object(_) | Boxer::DType(_) => 0,
            Boxer::Str => 3,
            Boxer::Parts(_, parts) | Boxer::Struct(_, parts) | Boxer::Member(_, parts) => parts.slots(),
            Boxer::Scalar(d) | Boxer::Converted(d, _) => 1 + d.is_complex() as usize,
            Boxer::Time(_) | Boxer::List(_) => 1,
            Boxer::Record(_) | Boxer::Signature => 2,
            Boxer::Buffer(..) => 4,
            Boxer::Array(a) => 2 + 2 * a.rank,
            Boxer::Tuple(elements) => elements.iter().map(Boxer::slots).sum(),
            Boxer::Union(members) => 1 + members.iter().map(Boxer::slots).sum::<usize>(),
        }
    }

    /// The object, or null with an exception set. Every array in the slots is consumed, also on failure.
    ///
    /// # Safety
    /// The GIL is held; the slots hold a result of this type; `arguments` are those of the call that made it.
    #[inline(always)]
    pub unsafe fn make(&self, slots: *const u64, arguments: Arguments) -> *mut PyObject {
        // SAFETY: by the contract of this function.
        unsafe {
            match self {
                Boxer::Scalar(d) => scalar(*d, slots),
                Boxer::None => new_reference(Py_None()),
                _ => self.make_rare(slots, arguments),
            }
        }
    }

    #[inline(never)]
    unsafe fn make_rare(&self, slots: *const u64, arguments: Arguments) -> *mut PyObject {
        // SAFETY: as for `make`.
        unsafe {
            match self {
                Boxer::None => new_reference(Py_None()),
                Boxer::Scalar(d) => scalar(*d, slots),
                Boxer::Converted(from, to) => scalar(*to, converted(*from, *to, slots).as_ptr()),
                Boxer::Time(d) => NumPy::get().map_or(null_mut(), |numpy| numpy.scalar(*d, slots)),
                Boxer::Record(r) => record(*r, slots, arguments),
                Boxer::Array(a) => array(a, slots, arguments),
                Boxer::Tuple(elements) => tuple(elements, slots, arguments),
                Boxer::Ellipsis => new_reference(Py_Ellipsis()),
                Boxer::Parts(class, parts) | Boxer::Member(class, parts) => {
                    let arguments = parts.make(slots, arguments);
                    if arguments.is_null() {
                        return null_mut();
                    }
                    let result = PyObject_CallObject(class.0, arguments);
                    Py_DECREF(arguments);
                    result
                }
                Boxer::Struct(make, parts) => {
                    let tuple = parts.make(slots, arguments);
                    if tuple.is_null() {
                        return null_mut();
                    }
                    let result = PyObject_CallFunctionObjArgs(make.0, tuple, null_mut::<PyObject>());
                    Py_DECREF(tuple);
                    result
                }
                Boxer::Union(members) => {
                    // The slots of the other members are zero: there is nothing to give back.
                    let tag = (*slots as usize).min(members.len() - 1);
                    let before: usize = members[..tag].iter().map(Boxer::slots).sum();
                    members[tag].make(slots.add(1 + before), arguments)
                }
                Boxer::Str => string(slots, arguments),
                Boxer::Literal(text) => PyUnicode_FromStringAndSize(text.as_ptr().cast(), text.len() as isize),
                Boxer::Object(object) => new_reference(object.0),
                Boxer::DType(dtype) => NumPy::get().map_or(null_mut(), |numpy| descr::object_of(numpy, *dtype)),
                Boxer::Function(id) => function(*id),
                Boxer::Buffer(class, data) => buffers::make(*class, data, slots, arguments),
                // The address, and the dispatcher's number.
                Boxer::Signature => function(*slots.add(1)),
                Boxer::List(element) => lists::make(element, *slots as *mut List, arguments),
            }
        }
    }
}

/// The dispatcher of a compiled function.
///
/// # Safety
/// The GIL is held.
unsafe fn function(id: u64) -> *mut PyObject {
    // SAFETY: by the contract of this function.
    let py = unsafe { pyo3::Python::assume_attached() };
    match Dispatcher::by_id(py, id) {
        Some(object) => object.into_ptr(),
        None if id == 0 => {
            pyo3::exceptions::PyTypeError::new_err("a function that compiled code has passed on by its signature cannot be returned to Python").restore(py);
            null_mut()
        }
        None => {
            pyo3::exceptions::PyRuntimeError::new_err("the compiled function that is returned does not exist any more").restore(py);
            null_mut()
        }
    }
}

/// # Safety
/// The GIL is held.
#[inline(always)]
unsafe fn new_reference(object: *mut PyObject) -> *mut PyObject {
    // SAFETY: by the contract of this function.
    unsafe { Py_INCREF(object) };
    object
}

/// # Safety
/// As for [`Boxer::make`].
#[inline(always)]
pub(super) unsafe fn scalar(dtype: DType, slots: *const u64) -> *mut PyObject {
    // SAFETY: complex results have two slots.
    unsafe {
        let word = *slots;
        match dtype {
            DType::Int64 => PyLong_FromLongLong(word as i64),
            DType::Float64 => PyFloat_FromDouble(f64::from_bits(word)),
            DType::Bool => new_reference(if word as u8 != 0 { Py_True() } else { Py_False() }),
            DType::Int32 => PyLong_FromLongLong(word as i32 as i64),
            DType::Int16 => PyLong_FromLongLong(word as i16 as i64),
            DType::Int8 => PyLong_FromLongLong(word as i8 as i64),
            DType::UInt64 => PyLong_FromUnsignedLongLong(word),
            DType::UInt32 => PyLong_FromLongLong(word as u32 as i64),
            DType::UInt16 => PyLong_FromLongLong(word as u16 as i64),
            DType::UInt8 => PyLong_FromLongLong(word as u8 as i64),
            DType::Float32 => PyFloat_FromDouble(f32::from_bits(word as u32) as f64),
            DType::Complex128 => PyComplex_FromDoubles(f64::from_bits(word), f64::from_bits(*slots.add(1))),
            // Times are boxed as NumPy's scalars; as numbers they are their counts.
            DType::DateTime(_) | DType::TimeDelta(_) | DType::Record(_) => PyLong_FromLongLong(word as i64),
            DType::Complex64 => PyComplex_FromDoubles(f32::from_bits(word as u32) as f64, f32::from_bits(*slots.add(1) as u32) as f64),
        }
    }
}

/// The slots of a scalar after conversion: integers wrap, floats are cut to integers that they fit and saturate otherwise.
///
/// # Safety
/// As for [`Boxer::make`].
unsafe fn converted(from: DType, to: DType, slots: *const u64) -> [u64; 2] {
    // SAFETY: complex results have two slots.
    let (word, second) = unsafe { (*slots, if from.is_complex() { *slots.add(1) } else { 0 }) };
    let float = |d: DType, w: u64| if d == DType::Float32 { f32::from_bits(w as u32) as f64 } else { f64::from_bits(w) };
    let unused = 64 - from.size().min(8) as u32 * 8;
    let (integer, real, imaginary) = match from.kind() {
        Kind::Bool => ((word & 1) as i128, (word & 1) as f64, 0.0),
        Kind::Int | Kind::DateTime | Kind::TimeDelta | Kind::Record => ((((word << unused) as i64) >> unused) as i128, (((word << unused) as i64) >> unused) as f64, 0.0),
        Kind::UInt => (((word << unused) >> unused) as i128, ((word << unused) >> unused) as f64, 0.0),
        Kind::Float | Kind::Complex => (float(from.part(), word) as i128, float(from.part(), word), float(from.part(), second)),
    };
    let bits = |value: f64| if to.part() == DType::Float32 { (value as f32).to_bits() as u64 } else { value.to_bits() };
    match to.kind() {
        Kind::Bool => [(real != 0.0 || imaginary != 0.0) as u64, 0],
        Kind::Int | Kind::UInt if from.is_float() => [if to.is_signed() { real as i64 as u64 } else { real as u64 }, 0],
        Kind::Int | Kind::UInt | Kind::DateTime | Kind::TimeDelta | Kind::Record => [integer as u64, 0],
        Kind::Float | Kind::Complex => [bits(real), bits(imaginary)],
    }
}

/// # Safety
/// As for [`Boxer::make`].
unsafe fn tuple(elements: &[Boxer], slots: *const u64, arguments: Arguments) -> *mut PyObject {
    // SAFETY: the elements' slots follow one another; PyTuple_SetItem takes over the element, and a null one is left out.
    unsafe {
        let result = PyTuple_New(elements.len() as isize);
        let mut failed = result.is_null();
        let mut offset = 0;
        for (i, element) in elements.iter().enumerate() {
            // After a failure the rest is still made, so that its arrays are given back.
            let item = element.make(slots.add(offset), arguments);
            offset += element.slots();
            if result.is_null() {
                Py_XDECREF(item);
            } else if item.is_null() || PyTuple_SetItem(result, i as isize, item) < 0 {
                failed = true;
            }
        }
        if failed {
            Py_XDECREF(result);
            return null_mut();
        }
        result
    }
}

/// # Safety
/// As for [`Boxer::make`].
unsafe fn array(t: &ArrayTy, slots: *const u64, arguments: Arguments) -> *mut PyObject {
    // SAFETY: an array's slots are owner, data, shape and strides; the owner is an argument's header or one from the runtime with a count of ours.
    unsafe {
        let Some(numpy) = NumPy::get() else { return null_mut() };
        let owner = *slots as *mut Header;
        let data = *slots.add(1) as *mut u8;
        let shape = slots.add(2).cast::<isize>();
        let strides = shape.add(t.rank);
        let extent = Extent { shape, strides, rank: t.rank };
        if (*owner).count > CONSTANT_COUNT / 2 {
            return copied(numpy, t.dtype, extent, data);
        }
        let Some((base, same)) = base(owner, arguments) else { return null_mut() };
        if same && numpy.is_array(base) && is_same(t, base.cast(), data, shape, strides) {
            return base;
        }
        numpy.view(t.dtype, extent, data, !t.readonly, base)
    }
}

/// A copy of the program's own data, which goes with the code.
///
/// # Safety
/// As for [`NumPy::view`], but that nothing keeps the memory alive.
unsafe fn copied(numpy: &NumPy, dtype: DType, extent: Extent, data: *mut u8) -> *mut PyObject {
    // SAFETY: the code that owns the memory is alive while its result is boxed.
    unsafe {
        let view = numpy.view(dtype, extent, data, false, Py_NewRef(Py_None()));
        if view.is_null() {
            return null_mut();
        }
        let copy = PyObject_CallMethod(view, c"copy".as_ptr(), std::ptr::null());
        Py_DECREF(view);
        copy
    }
}

/// A record: the argument itself where it is that, else a reference into the memory that owns it.
///
/// # Safety
/// As for [`Boxer::make`].
unsafe fn record(t: RecordTy, slots: *const u64, arguments: Arguments) -> *mut PyObject {
    // SAFETY: a record's slots are owner and data; a 0-dimensional array over it gives the record as its only element, which keeps the array.
    unsafe {
        let Some(numpy) = NumPy::get() else { return null_mut() };
        let data = *slots.add(1) as *mut u8;
        let (owner, dtype) = (*slots as *mut Header, DType::Record(t.id));
        let extent = Extent { shape: std::ptr::null(), strides: std::ptr::null(), rank: 0 };
        let array = if (*owner).count > CONSTANT_COUNT / 2 {
            copied(numpy, dtype, extent, data)
        } else {
            let Some((base, same)) = base(owner, arguments) else { return null_mut() };
            if same && records::is_at(numpy, base, data) {
                return base;
            }
            numpy.view(dtype, extent, data, !t.readonly, base)
        };
        if array.is_null() {
            return null_mut();
        }
        let index = PyTuple_New(0);
        let element = if index.is_null() { null_mut() } else { PyObject_GetItem(array, index) };
        Py_XDECREF(index);
        Py_DECREF(array);
        element
    }
}

/// A string: the argument itself where it is that, else a new one.
///
/// # Safety
/// As for [`Boxer::make`].
unsafe fn string(slots: *const u64, arguments: Arguments) -> *mut PyObject {
    // SAFETY: a string's slots are owner, data and last word; the owner is an argument's header or one with a count of ours.
    unsafe {
        let (owner, data, word) = (*slots as *mut Header, *slots.add(1) as *const u8, *slots.add(2));
        let passed = !arguments.headers.is_null() && (arguments.headers..arguments.headers.add(arguments.count)).contains(&owner.cast_const());
        if passed && crate::text::parts((*owner).object) == Some((data, word)) {
            return new_reference((*owner).object);
        }
        let result = crate::text::make(data, word);
        if !passed && (*owner).count <= CONSTANT_COUNT / 2 {
            memory::release(owner.cast());
        }
        result
    }
}

/// A new reference to what keeps memory alive, and whether that is an argument: a capsule that owns the runtime's allocation, or the argument. `None` with an
/// exception set on failure; the owner is consumed.
///
/// # Safety
/// As for [`Boxer::make`].
unsafe fn base(owner: *mut Header, arguments: Arguments) -> Option<(*mut PyObject, bool)> {
    // SAFETY: the owner is an argument's header or one from the runtime with a count of ours.
    unsafe {
        let passed = !arguments.headers.is_null() && (arguments.headers..arguments.headers.add(arguments.count)).contains(&owner.cast_const());
        if !passed && !arguments.lists.as_ref().is_some_and(|l| l.has_header(owner)) {
            let capsule = PyCapsule_New(owner.cast(), CAPSULE.as_ptr(), Some(release_capsule));
            if capsule.is_null() {
                memory::release(owner.cast());
                return None;
            }
            return Some((capsule, false));
        }
        let object = (*owner).object;
        Py_INCREF(object);
        // A view of an argument's memory may be an array where the argument is a record, or a record where it is an array.
        Some((object, true))
    }
}

/// Whether the array has exactly this type, place and shape.
///
/// # Safety
/// Shape and strides have `t.rank` elements; `array` is alive.
unsafe fn is_same(t: &ArrayTy, array: *const ArrayObject, data: *mut u8, shape: *const isize, strides: *const isize) -> bool {
    // SAFETY: the array's own vectors have as many elements as its rank, which is compared first.
    unsafe {
        (*array).data == data
            && (*array).rank as usize == t.rank
            && crate::descr::dtype_of((*array).descr) == Ok(t.dtype)
            && ((*array).flags & flags::WRITEABLE == 0) == t.readonly
            && (0..t.rank).all(|i| *shape.add(i) == *(*array).shape.add(i) && *strides.add(i) == *(*array).strides.add(i))
    }
}

const CAPSULE: &CStr = c"numbra.allocation";

unsafe extern "C" fn release_capsule(capsule: *mut PyObject) {
    // SAFETY: the capsule was made above with this name and owns one count; its destructor runs once, with the GIL, which orders it with the
    // capsules of other arrays that share the allocation.
    unsafe {
        let owner = PyCapsule_GetPointer(capsule, CAPSULE.as_ptr());
        if !owner.is_null() {
            memory::release(owner.cast());
        }
    }
}
