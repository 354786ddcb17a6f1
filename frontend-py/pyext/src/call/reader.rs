//! Readers: one per parameter of a compiled version. A reader accepts exactly the objects whose type numbra infers as the parameter's type, and unboxes them.
pub use super::cursor::{Cursor, Header};
use super::{arrays::ArrayReader, buffers, callables, dispatcher::Dispatcher, lists::ListReader, own::{OwnReader, PREFIX}};
use crate::{descr::Time, host::entities, layout::{Payload, long_value, unsigned_long_value}, numpy::NumPy, records::{VoidObject, typeof_record}};
use numbra_abi::DType;
use numbra_dialects::py::{CallableTy, RecordTy, Ty};
use numbra_frontend_core::{host::function_of, infer::call::bind::KEYWORDS};
use pyo3::ffi::*;
use std::{ptr::{addr_of_mut, null_mut}, sync::Arc};

/// Accepts and unboxes the values of one type.
pub enum Reader {
    /// `None`
    None,
    /// Python's bool, NumPy's bool
    Bool(*mut PyTypeObject),
    /// Python's int, NumPy scalars of 8 bytes
    Int64([*mut PyTypeObject; 2]),
    /// Python's int beyond `int64`, NumPy scalars
    UInt64([*mut PyTypeObject; 2]),
    /// Python's float, NumPy's float64
    Float64(*mut PyTypeObject),
    /// Python's complex, NumPy's complex128
    Complex128(*mut PyTypeObject),
    /// NumPy's complex64
    Complex64(*mut PyTypeObject),
    /// Other NumPy scalars, by size in bytes
    Scalar([*mut PyTypeObject; 2], usize),
    /// NumPy's datetime64 or timedelta64, by NumPy's number of the unit
    Time(*mut PyTypeObject, i32),
    /// NumPy's record or void with this layout
    Record(RecordTy),
    /// Arrays
    Array(ArrayReader),
    /// Tuples
    Tuple(Box<[Reader]>),
    /// Values of one of several types
    Union(Box<[Reader]>),
    /// Bytes, and whether they cannot be written
    Buffer(buffers::Class, bool),
    /// A compiled function with a version for this signature
    Callable(Arc<CallableTy>),
    /// A compiled function, by id; no value
    Function(u64),
    /// A library object; no value
    Object(*mut PyObject),
    /// A dict with these keys in this order
    Keywords(Box<[(Box<str>, Reader)]>),
    /// `...`
    Ellipsis,
    /// Slices and ranges: the class, and their three parts
    Parts(*mut PyTypeObject, Box<[Reader; 3]>),
    /// Named tuples of a class
    Struct(*mut PyTypeObject, Box<[Reader]>),
    /// Members of an enumeration, and their values
    Member(*mut PyTypeObject, Box<Reader>),
    /// Lists
    List(Box<ListReader>),
    /// Strings
    Str,
    /// Values of a type of the program
    Own(OwnReader),
}

// SAFETY: the pointers are to types that live as long as the process.
unsafe impl Send for Reader {}
// SAFETY: as above; readers are never written after construction.
unsafe impl Sync for Reader {}

impl Reader {
    /// The reader of a type, or `None` when Python has no values of it that could be passed.
    pub fn new(t: &Ty) -> Option<Reader> {
        let numpy = NumPy::get()?;
        Some(match t {
            Ty::None => Reader::None,
            Ty::Scalar(dtype) => {
                let types = numpy.scalar_types(*dtype);
                match dtype {
                    DType::Bool => Reader::Bool(types[0]),
                    DType::Int64 => Reader::Int64(types),
                    DType::UInt64 => Reader::UInt64(types),
                    DType::Float64 => Reader::Float64(types[0]),
                    DType::Complex128 => Reader::Complex128(types[0]),
                    DType::Complex64 => Reader::Complex64(types[0]),
                    DType::DateTime(unit) => Reader::Time(numpy.times[0], unit.code()),
                    DType::TimeDelta(unit) => Reader::Time(numpy.times[1], unit.code()),
                    _ => Reader::Scalar(types, dtype.size()),
                }
            }
            Ty::Record(record) => Reader::Record(*record),
            Ty::Array(array) => Reader::Array(ArrayReader::new(numpy, array)),
            Ty::Tuple(elements) => Reader::Tuple(elements.iter().map(Reader::new).collect::<Option<_>>()?),
            Ty::Union(members) => Reader::Union(members.iter().map(Reader::new).collect::<Option<_>>()?),
            Ty::Callable(signature) => Reader::Callable(signature.clone()),
            Ty::Function(text) => Reader::Function(function_of(text)?),
            // SAFETY: readers are made while a call holds the GIL.
            Ty::Entity(path) => Reader::Object(entities::object_of(unsafe { pyo3::Python::assume_attached() }, path)?),
            Ty::Struct(s) if &*s.path == KEYWORDS => {
                Reader::Keywords(s.names.iter().zip(&s.types).map(|(name, t)| Some(((**name).into(), Reader::new(t)?))).collect::<Option<_>>()?)
            }
            Ty::Struct(s) if s.path.starts_with(PREFIX) => Reader::Own(OwnReader::new(s)?),
            t if let Some((class, data)) = buffers::Class::of(t) => Reader::Buffer(class, data.readonly),
            Ty::Ellipsis => Reader::Ellipsis,
            Ty::Slice(parts) => {
                let [a, b, c] = &**parts;
                Reader::Parts(addr_of_mut!(PySlice_Type), Box::new([Reader::new(a)?, Reader::new(b)?, Reader::new(c)?]))
            }
            Ty::Range(d) => {
                let part = || Reader::new(&Ty::Scalar(*d));
                Reader::Parts(addr_of_mut!(PyRange_Type), Box::new([part()?, part()?, part()?]))
            }
            Ty::Struct(s) => {
                // SAFETY: readers are made while the GIL is held.
                let class = crate::classes::by_path(unsafe { pyo3::Python::assume_attached() }, &s.path)?;
                match (&s.types[..], class.is_enum()) {
                    ([value], true) => Reader::Member(class.pointer(), Box::new(Reader::new(value)?)),
                    (types, _) => Reader::Struct(class.pointer(), types.iter().map(Reader::new).collect::<Option<_>>()?),
                }
            }
            Ty::Str => Reader::Str,
            Ty::List(element) => Reader::List(Box::new(ListReader::new(element)?)),
            _ => return None,
        })
    }

    /// How many slots and headers a value takes.
    pub fn slots(&self) -> (usize, usize) {
        match self {
            Reader::None | Reader::Ellipsis | Reader::Function(_) | Reader::Object(_) => (0, 0),
            Reader::Keywords(entries) => entries.iter().map(|e| e.1.slots()).fold((0, 0), |a, b| (a.0 + b.0, a.1 + b.1)),
            Reader::Complex64(_) | Reader::Complex128(_) => (2, 0),
            Reader::Callable(_) => (2, 0),
            Reader::Buffer(..) => (4, 1),
            Reader::Record(_) => (2, 1),
            Reader::Str => (3, 1),
            Reader::Array(array) => (2 + 2 * array.rank, 1),
            Reader::Tuple(elements) => elements.iter().map(Reader::slots).fold((0, 0), |a, b| (a.0 + b.0, a.1 + b.1)),
            Reader::Union(members) => members.iter().map(Reader::slots).fold((1, 0), |a, b| (a.0 + b.0, a.1 + b.1)),
            Reader::Parts(_, parts) => parts.iter().map(Reader::slots).fold((0, 0), |a, b| (a.0 + b.0, a.1 + b.1)),
            Reader::Struct(_, elements) => elements.iter().map(Reader::slots).fold((0, 0), |a, b| (a.0 + b.0, a.1 + b.1)),
            Reader::Member(_, value) => value.slots(),
            Reader::Own(own) => own.fields.iter().map(Reader::slots).fold((0, 0), |a, b| (a.0 + b.0, a.1 + b.1)),
            _ => (1, 0),
        }
    }

    /// Whether lists, or values whose parts have to be kept during the call, are part of it.
    pub fn has_lists(&self) -> bool {
        match self {
            Reader::List(_) | Reader::Own(_) | Reader::Buffer(..) => true,
            Reader::Tuple(elements) | Reader::Union(elements) => elements.iter().any(Reader::has_lists),
            Reader::Struct(_, parts) => parts.iter().any(Reader::has_lists),
            Reader::Keywords(entries) => entries.iter().any(|e| e.1.has_lists()),
            _ => false,
        }
    }

    /// Whether functions that are known by their signatures are part of it.
    pub fn has_callables(&self) -> bool {
        match self {
            Reader::Callable(_) => true,
            Reader::List(list) => list.element.has_callables(),
            Reader::Tuple(elements) | Reader::Union(elements) | Reader::Struct(_, elements) => elements.iter().any(Reader::has_callables),
            _ => false,
        }
    }

    /// Unboxes `object`; false when it is of another type, and then what was written means nothing.
    ///
    /// # Safety
    /// The GIL is held, `object` is alive, and the cursor's buffers have room for [`Reader::slots`].
    #[inline(always)]
    pub unsafe fn read(&self, object: *mut PyObject, out: &mut Cursor) -> bool {
        // SAFETY: payloads are read only after the exact type has been compared; the rest is the contract of this function.
        unsafe {
            let t = Py_TYPE(object);
            match self {
                Reader::Int64(types) => {
                    if t == addr_of_mut!(PyLong_Type) {
                        let Some(value) = long_value(object) else { return false };
                        out.push(value as u64);
                    } else if t == types[0] || t == types[1] {
                        out.push(payload::<u64>(object));
                    } else {
                        return false;
                    }
                }
                Reader::Float64(numpy) => {
                    if t != addr_of_mut!(PyFloat_Type) && t != *numpy {
                        return false;
                    }
                    out.push(payload::<u64>(object));
                }
                Reader::Array(array) => {
                    if !array.accepts(t, object) {
                        return false;
                    }
                    out.push_array(object, array.rank);
                }
                Reader::Tuple(elements) => return t == addr_of_mut!(PyTuple_Type) && read_tuple(elements, object, out),
                _ => return self.read_rare(t, object, out),
            }
            true
        }
    }

    #[inline(never)]
    unsafe fn read_rare(&self, t: *mut PyTypeObject, object: *mut PyObject, out: &mut Cursor) -> bool {
        // SAFETY: as for `read`.
        unsafe {
            match self {
                Reader::None => return object == Py_None(),
                Reader::Object(expected) => return object == *expected,
                Reader::Buffer(class, readonly) => return buffers::read(*class, *readonly, object, out),
                Reader::Callable(signature) => {
                    let Some(slots) = callables::read(signature, object) else { return false };
                    slots.into_iter().for_each(|slot| out.push(slot));
                }
                Reader::Function(id) => return Dispatcher::id(object) == Some(*id) || Dispatcher::standing_for(object).is_some_and(|d| d.0 == *id),
                Reader::Keywords(entries) => return t == addr_of_mut!(PyDict_Type) && read_keywords(entries, object, out),
                Reader::List(list) => return out.lists.as_mut().is_some_and(|lists| lists.read(list, object, out)),
                Reader::Own(own) => return own.read(object, out),
                Reader::Bool(numpy) => {
                    if t == addr_of_mut!(PyBool_Type) {
                        out.push((object == Py_True()) as u64);
                    } else if t == *numpy {
                        out.push((payload::<u8>(object) != 0) as u64);
                    } else {
                        return false;
                    }
                }
                Reader::UInt64(types) => {
                    if t == types[0] || t == types[1] {
                        out.push(payload::<u64>(object));
                    } else if t == addr_of_mut!(PyLong_Type) && long_value(object).is_none() {
                        let Some(value) = unsigned_long_value(object) else { return false };
                        out.push(value);
                    } else {
                        return false;
                    }
                }
                Reader::Complex128(numpy) => {
                    if t != addr_of_mut!(PyComplex_Type) && t != *numpy {
                        return false;
                    }
                    let [real, imaginary] = payload::<[u64; 2]>(object);
                    out.push(real);
                    out.push(imaginary);
                }
                Reader::Complex64(numpy) => {
                    if t != *numpy {
                        return false;
                    }
                    let [real, imaginary] = payload::<[u32; 2]>(object);
                    out.push(real as u64);
                    out.push(imaginary as u64);
                }
                Reader::Scalar(types, size) => {
                    if t != types[0] && t != types[1] {
                        return false;
                    }
                    out.push(match size {
                        1 => payload::<u8>(object) as u64,
                        2 => payload::<u16>(object) as u64,
                        4 => payload::<u32>(object) as u64,
                        _ => payload::<u64>(object),
                    });
                }
                Reader::Str => {
                    if t != addr_of_mut!(PyUnicode_Type) {
                        return false;
                    }
                    let Some((data, word)) = crate::text::parts(object) else { return false };
                    out.header.write(Header { count: 1 << 32, data: data.cast_mut(), object });
                    out.push(out.header as u64);
                    out.header = out.header.add(1);
                    out.push(data as u64);
                    out.push(word);
                }
                Reader::Ellipsis => return object == Py_Ellipsis(),
                Reader::Struct(class, elements) => return t == *class && read_tuple(elements, object, out),
                Reader::Parts(class, parts) => {
                    return t == *class && [c"start", c"stop", c"step"].iter().zip(parts.iter()).all(|(name, part)| read_attribute(object, name, part, out));
                }
                Reader::Member(class, value) => return t == *class && read_attribute(object, c"_value_", value, out),
                Reader::Union(members) => return read_union(members, out, |_, member, out| member.read(object, out)),
                Reader::Record(wanted) => {
                    let Some(numpy) = NumPy::get() else { return false };
                    if typeof_record(numpy, object) != Some(Ok(*wanted)) {
                        return false;
                    }
                    let data = (*object.cast::<VoidObject>()).data;
                    out.header.write(Header { count: 1 << 32, data, object });
                    out.push(out.header as u64);
                    out.header = out.header.add(1);
                    out.push(data as u64);
                }
                Reader::Time(wanted, unit) => {
                    if t != *wanted {
                        return false;
                    }
                    let time = payload::<Time>(object);
                    if (time.base, time.multiple) != (*unit, 1) {
                        return false;
                    }
                    out.push(time.value);
                }
                Reader::Int64(_) | Reader::Float64(_) | Reader::Array(_) | Reader::Tuple(_) => return false,
            }
            true
        }
    }
}

/// # Safety
/// `object` is a tuple; the rest as for [`Reader::read`].
#[inline(never)]
unsafe fn read_tuple(elements: &[Reader], object: *mut PyObject, out: &mut Cursor) -> bool {
    // SAFETY: the indices are below the tuple's size.
    unsafe { PyTuple_Size(object) == elements.len() as isize && elements.iter().enumerate().all(|(i, e)| e.read(PyTuple_GetItem(object, i as isize), out)) }
}

/// Reads an attribute, which is a number or None and need not outlive this call.
///
/// # Safety
/// As for [`Reader::read`].
unsafe fn read_attribute(object: *mut PyObject, name: &std::ffi::CStr, reader: &Reader, out: &mut Cursor) -> bool {
    // SAFETY: by the contract of this function; the reference is given up here.
    unsafe {
        let part = PyObject_GetAttrString(object, name.as_ptr());
        if part.is_null() {
            PyErr_Clear();
            return false;
        }
        let read = reader.read(part, out);
        Py_DECREF(part);
        read
    }
}

/// Writes the tag and the slots of a union: those of the first member that `read` takes, zeros for the others.
///
/// # Safety
/// As for [`Reader::read`].
pub(super) unsafe fn read_union(members: &[Reader], out: &mut Cursor, mut read: impl FnMut(usize, &Reader, &mut Cursor) -> bool) -> bool {
    // SAFETY: the buffers have room for all members; a member that does not take the object is written over.
    unsafe {
        let tag = out.slot;
        out.push(0);
        let mut taken = false;
        for (i, member) in members.iter().enumerate() {
            let (slot, header) = (out.slot, out.header);
            if !taken && read(i, member, out) {
                *tag = i as u64;
                taken = true;
                continue;
            }
            // What a function of the program raised is not a value of another type.
            if !PyErr_Occurred().is_null() {
                return false;
            }
            (out.slot, out.header) = (slot, header);
            for _ in 0..member.slots().0 {
                out.push(0);
            }
        }
        taken
    }
}

/// # Safety
/// `object` is a dict; the rest as for [`Reader::read`].
#[cold]
unsafe fn read_keywords(entries: &[(Box<str>, Reader)], object: *mut PyObject, out: &mut Cursor) -> bool {
    let (mut position, mut key, mut value) = (0, null_mut(), null_mut());
    // SAFETY: by the contract of this function; readers run no code that could change the dict.
    unsafe {
        let same = |entry: &(Box<str>, Reader), key| crate::errors::text(key) == *entry.0;
        PyDict_Size(object) == entries.len() as isize
            && entries.iter().all(|entry| PyDict_Next(object, &mut position, &mut key, &mut value) != 0 && same(entry, key) && entry.1.read(value, out))
    }
}

/// # Safety
/// The object's payload starts with a `T`.
#[inline(always)]
unsafe fn payload<T: Copy>(object: *mut PyObject) -> T {
    // SAFETY: by the contract of this function.
    unsafe { (*object.cast::<Payload<T>>()).value }
}
