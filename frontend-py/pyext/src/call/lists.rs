//! Python lists as arguments: copied in before a call, written back after it, so that compiled code seems to change the Python object.
//!
//! One object is one compiled list, however often it is passed, and a list that is returned is the object it came from. Each copy remembers its slots as they
//! were: elements that have not changed keep their Python objects.
use super::{boxer::{Arguments, Boxer}, reader::{Cursor, Header, Reader}};
use numbra_dialects::py::{Ty, descriptor};
use numbra_frontend_core::host::is_own;
use numbra_rt::{list::{List, nb_list_new}, memory, shape::{Shape, retain_all}};
use pyo3::ffi::*;
use std::{collections::HashMap, ptr::{addr_of_mut, null_mut}};

/// Reads lists of one type.
pub struct ListReader {
    pub(super) element: Reader,
    boxer: Boxer,
    slots: usize,
    owners: Box<[usize]>,
    descriptor: Box<[u8]>,
}

impl ListReader {
    /// For elements of a type; `None` when Python has no values of it that could be passed.
    pub fn new(element: &Ty) -> Option<ListReader> {
        // The program's functions could change the list while it is read.
        if is_own(element) {
            return None;
        }
        let descriptor: Box<[u8]> = descriptor(element).ok()?.into_bytes().into();
        // SAFETY: a whole descriptor.
        let shape = unsafe { Shape::read(descriptor.as_ptr()) };
        let mut owners = vec![];
        shape.owners(0, &mut owners);
        Some(ListReader { element: Reader::new(element)?, boxer: Boxer::new(element).ok()?, slots: shape.slots(), owners: owners.into(), descriptor })
    }
}

/// A Python list that has been copied in.
struct Entry {
    object: *mut PyObject,
    list: *mut List,
    reader: *const ListReader,
    before: Vec<u64>,
}

/// The lists of one call, and the headers of the arrays in them.
#[derive(Default)]
pub struct Lists {
    entries: Vec<Entry>,
    by_object: HashMap<usize, usize>,
    by_list: HashMap<usize, usize>,
    // Boxed, since compiled code holds pointers to them.
    #[allow(clippy::vec_box)]
    headers: Vec<Box<Header>>,
    // Objects that arrays and records of the call lie in, each with a reference.
    held: Vec<*mut PyObject>,
    // Arrays that stand for other objects of the call, and which.
    pub(super) stands: Vec<(*mut PyObject, *mut PyObject)>,
}

impl Lists {
    /// The object of a list that has been copied in.
    pub fn object(&self, list: *const List) -> Option<*mut PyObject> {
        self.by_list.get(&(list as usize)).map(|i| self.entries[*i].object)
    }

    /// Keeps an object, whose reference is given up to it, as long as the call.
    pub fn hold(&mut self, object: *mut PyObject) {
        self.held.push(object);
    }

    /// Whether an owner is the header of an array in one of the lists.
    pub fn has_header(&self, owner: *const Header) -> bool {
        self.headers.iter().any(|h| std::ptr::eq(&**h, owner))
    }

    /// Copies a list in and writes its slot; false when it or an element is of another type.
    ///
    /// # Safety
    /// The GIL is held, `object` is alive; the reader lives until [`Lists::finish`].
    pub unsafe fn read(&mut self, reader: &ListReader, object: *mut PyObject, out: &mut Cursor) -> bool {
        // SAFETY: exact types are compared before anything is read; no Python code runs here that could change the list.
        unsafe {
            if Py_TYPE(object) != addr_of_mut!(PyList_Type) {
                return false;
            }
            if let Some(known) = self.by_object.get(&(object as usize)) {
                let entry = &self.entries[*known];
                let same = std::ptr::eq(entry.reader, reader) || (*entry.reader).descriptor == reader.descriptor;
                out.push(entry.list as u64);
                return same;
            }
            let n = PyList_Size(object);
            let list = nb_list_new(reader.descriptor.as_ptr(), reader.slots as i64, n as i64);
            if list.is_null() {
                return false;
            }
            // Entered first: a list that contains itself is found here.
            self.by_object.insert(object as usize, self.entries.len());
            self.by_list.insert(list as usize, self.entries.len());
            let index = self.entries.len();
            Py_INCREF(object);
            self.entries.push(Entry { object, list, reader, before: vec![] });
            let mut headers = Vec::with_capacity(reader.element.slots().1);
            for i in 0..n {
                let item = PyList_GetItem(object, i);
                let mut cursor = Cursor { slot: (*list).element(i as usize), header: headers.as_mut_ptr(), lists: self };
                if !reader.element.read(item, &mut cursor) {
                    return false;
                }
                if !reader.owners.is_empty() {
                    // What is written back may move it, and take it out of the list before it is put in elsewhere.
                    Py_INCREF(item);
                    self.held.push(item);
                }
                let used = cursor.header.offset_from(headers.as_ptr()) as usize;
                self.keep(&reader.owners, (*list).element(i as usize), headers.as_ptr(), used);
                retain_all(&reader.owners, (*list).element(i as usize));
                (*list).len += 1;
            }
            self.entries[index].before = words(list).to_vec();
            out.push(list as u64);
            true
        }
    }

    /// Moves the headers of an element's arrays to where they stay.
    ///
    /// # Safety
    /// There are so many headers, which slots of the element point to.
    unsafe fn keep(&mut self, owners: &[usize], slots: *mut u64, headers: *const Header, used: usize) {
        for i in 0..used {
            // SAFETY: promised by the caller.
            unsafe {
                let from = headers.add(i);
                let kept = Box::new(Header { count: (*from).count, data: (*from).data, object: (*from).object });
                for at in owners.iter().filter(|at| *slots.add(**at) == from as u64) {
                    *slots.add(*at) = &raw const *kept as u64;
                }
                self.headers.push(kept);
            }
        }
    }

    /// Writes changes back into the Python lists; false with an exception set.
    ///
    /// # Safety
    /// The GIL is held; the call has returned.
    pub unsafe fn write_back(&self, arguments: Arguments) -> bool {
        // SAFETY: each entry owns a reference of its object.
        unsafe { self.entries.iter().all(|e| write_back(e, arguments)) }
    }

    /// As [`Lists::write_back`] after a call that has raised. The exception has freed what the call has allocated, and with it perhaps elements
    /// of lists of arrays, strings and lists: these lists stay as they were.
    ///
    /// # Safety
    /// As for [`Lists::write_back`].
    pub unsafe fn write_back_raised(&self, arguments: Arguments) -> bool {
        // SAFETY: the copies were made before the call; elements without owners lie in the list's own block.
        unsafe { self.entries.iter().filter(|e| (&*e.reader).owners.is_empty()).all(|e| write_back(e, arguments)) }
    }

    /// Gives up the copies of a call that has returned.
    ///
    /// # Safety
    /// Nothing uses the lists any more.
    pub unsafe fn finish(&mut self) {
        for e in &self.entries {
            // SAFETY: one reference of each copy is ours.
            unsafe { memory::release(e.list.cast()) };
        }
    }
}

impl Drop for Lists {
    fn drop(&mut self) {
        for e in &self.entries {
            // SAFETY: a reference of ours; the GIL is held, as in the call that these lists belong to.
            unsafe { Py_DECREF(e.object) };
        }
        for object in &self.held {
            // SAFETY: as above.
            unsafe { Py_DECREF(*object) };
        }
    }
}

/// # Safety
/// A live list.
unsafe fn words<'a>(list: *const List) -> &'a [u64] {
    // SAFETY: the elements have values.
    unsafe {
        let n = (*list).len * (*list).slots;
        if n == 0 { &[] } else { std::slice::from_raw_parts((*list).element(0), n) }
    }
}

/// # Safety
/// As for [`Lists::write_back`].
unsafe fn write_back(entry: &Entry, arguments: Arguments) -> bool {
    // SAFETY: by the contract of this function.
    unsafe {
        let reader = &*entry.reader;
        let (list, slots) = (&*entry.list, reader.slots);
        let before = entry.before.len().checked_div(slots).unwrap_or(PyList_Size(entry.object) as usize);
        // A bool is one byte of its slot, and so on: what the rest holds means nothing, so that a difference there costs an object, no more.
        for i in 0..list.len.min(before) {
            let now = std::slice::from_raw_parts(list.element(i), slots);
            if now != &entry.before[i * slots..(i + 1) * slots] {
                let item = element(reader, list, i, arguments);
                if item.is_null() || PyList_SetItem(entry.object, i as isize, item) < 0 {
                    return false;
                }
            }
        }
        for i in before..list.len {
            let item = element(reader, list, i, arguments);
            if item.is_null() {
                return false;
            }
            let status = PyList_Append(entry.object, item);
            Py_DECREF(item);
            if status < 0 {
                return false;
            }
        }
        list.len >= before || PyList_SetSlice(entry.object, list.len as isize, before as isize, null_mut()) == 0
    }
}

/// # Safety
/// As for [`Lists::write_back`]; the position is inside the list.
unsafe fn element(reader: &ListReader, list: &List, at: usize, arguments: Arguments) -> *mut PyObject {
    // SAFETY: by the contract of this function. The boxer takes over a reference.
    unsafe {
        retain_all(&reader.owners, list.element(at));
        reader.boxer.make(list.element(at), arguments)
    }
}

/// A new Python list of a compiled one, whose reference is consumed; null with an exception set. A list that was copied in is its own object.
///
/// # Safety
/// The GIL is held; the list is live, its elements are of the boxer's type.
pub unsafe fn make(boxer: &Boxer, list: *mut List, arguments: Arguments) -> *mut PyObject {
    // SAFETY: by the contract of this function; PyList_SetItem takes over the element.
    unsafe {
        if let Some(object) = arguments.lists.as_ref().and_then(|l| l.object(list)) {
            Py_INCREF(object);
            memory::release(list.cast());
            return object;
        }
        let mut owners = vec![];
        Shape::read((*list).descriptor).owners(0, &mut owners);
        let mut result = PyList_New((*list).len as isize);
        for i in 0..(*list).len {
            if result.is_null() {
                break;
            }
            retain_all(&owners, (*list).element(i));
            let item = boxer.make((*list).element(i), arguments);
            if item.is_null() || PyList_SetItem(result, i as isize, item) < 0 {
                Py_DECREF(result);
                result = null_mut();
            }
        }
        memory::release(list.cast());
        result
    }
}
