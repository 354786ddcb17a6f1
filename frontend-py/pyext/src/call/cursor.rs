//! Where readers write: the machine values of a call's arguments, and the headers of its arrays.
use super::lists::Lists;
use crate::layout::ArrayObject;
use pyo3::ffi::*;

/// What an array slot `owner` points to while a call runs: the runtime's reference count and data pointer, then our own note of the object.
#[repr(C)]
pub struct Header {
    /// Reference count
    pub count: u64,
    /// Data of the array
    pub data: *mut u8,
    /// The array object
    pub object: *mut PyObject,
}

/// Where a reader writes: the next free slot and header.
pub struct Cursor {
    /// Next slot
    pub slot: *mut u64,
    /// Next header
    pub header: *mut Header,
    /// The call's lists; null where there are none
    pub lists: *mut Lists,
}

impl Cursor {
    /// Writes one slot.
    ///
    /// # Safety
    /// The buffer has room: it was sized by [`Reader::slots`].
    #[inline(always)]
    pub unsafe fn push(&mut self, word: u64) {
        // SAFETY: by the contract of this function.
        unsafe {
            *self.slot = word;
            self.slot = self.slot.add(1);
        }
    }

    /// Writes the slots of an array.
    ///
    /// # Safety
    /// `object` is an array; the buffers have room.
    #[inline(always)]
    pub unsafe fn push_array(&mut self, object: *mut PyObject, rank: usize) {
        // SAFETY: by the contract of this function; an array has `rank` sizes and strides.
        unsafe {
            let array = object.cast::<ArrayObject>();
            let data = (*array).data;
            // Python holds references too, so the count stands for many: it neither reaches 0 nor says that the array is unshared.
            self.header.write(Header { count: 1 << 32, data, object });
            self.push(self.header as u64);
            self.header = self.header.add(1);
            self.push(data as u64);
            for i in 0..rank {
                self.push(*(*array).shape.add(i) as u64);
            }
            for i in 0..rank {
                self.push(*(*array).strides.add(i) as u64);
            }
        }
    }
}
