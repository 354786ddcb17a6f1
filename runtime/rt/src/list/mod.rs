//! Lists: a header with the fields of the list behind it, and the elements in a block of their own, which grows.
//!
//! Compiled code reads and writes elements itself; here is what is rare or long. Elements that own memory are retained when they are copied and
//! released when they are removed or the list dies. The block of the elements hangs on no list of allocations: it goes with the header.
mod slices;
mod sort;

pub use slices::*;
pub use sort::*;

use crate::memory::{Header, free_block, nb_alloc};
use crate::shape::{Shape, release_all, retain_all};
use std::ffi::c_void;
use std::ptr::null_mut;

unsafe extern "C" {
    fn realloc(block: *mut c_void, size: usize) -> *mut c_void;
    fn free(block: *mut c_void);
}

/// A list. Compiled code knows the layout.
#[repr(C)]
pub struct List {
    /// Reference count; its data are the elements
    pub header: Header,
    /// Number of elements
    pub len: usize,
    /// Number of elements that there is room for
    pub capacity: usize,
    /// 8-byte slots of an element
    pub slots: usize,
    /// Descriptor of an element
    pub descriptor: *const u8,
}

const FIELDS: usize = size_of::<List>() - size_of::<Header>();

impl List {
    /// The slots of an element.
    ///
    /// # Safety
    /// The position is at most the length.
    pub unsafe fn element(&self, at: usize) -> *mut u64 {
        // SAFETY: promised by the caller.
        unsafe { self.header.data.cast::<u64>().add(at * self.slots) }
    }

    fn owners(&self) -> Vec<usize> {
        let mut out = vec![];
        // SAFETY: the descriptor lives as long as the code that made the list.
        unsafe { Shape::read(self.descriptor) }.owners(0, &mut out);
        out
    }

    fn is_managed(&self) -> bool {
        self.header.drop.is_some()
    }

    /// The slots of all elements.
    ///
    /// # Safety
    /// The list is not changed meanwhile.
    unsafe fn words<'a>(&mut self) -> &'a mut [u64] {
        // SAFETY: all elements have values.
        unsafe { if self.len * self.slots == 0 { &mut [] } else { std::slice::from_raw_parts_mut(self.element(0), self.len * self.slots) } }
    }

    /// Room for `count` elements in all; false when memory is exhausted.
    fn grow(&mut self, count: usize) -> bool {
        if count <= self.capacity {
            return true;
        }
        let capacity = count.max(self.capacity.saturating_mul(2)).max(4);
        let Some(bytes) = capacity.checked_mul(self.slots * 8).filter(|b| *b <= isize::MAX as usize) else { return false };
        let old = if self.capacity == 0 { null_mut() } else { self.header.data };
        // SAFETY: the block of the elements is ours; none has been made while the capacity is 0.
        let data = unsafe { realloc(old.cast(), bytes.max(8)) };
        if data.is_null() {
            return false;
        }
        self.header.data = data.cast();
        self.capacity = capacity;
        true
    }

    /// Appends copies of elements; false when memory is exhausted.
    ///
    /// # Safety
    /// `source` leads to `count` elements of the same shape, which stay where they are when this list grows.
    unsafe fn extend(&mut self, source: *const u64, count: usize) -> bool {
        if !self.len.checked_add(count).is_some_and(|n| self.grow(n)) {
            return false;
        }
        // SAFETY: there is room now; the places are new.
        unsafe {
            std::ptr::copy_nonoverlapping(source, self.element(self.len), count * self.slots);
            self.retain(self.len, count);
        }
        self.len += count;
        true
    }

    /// # Safety
    /// The elements from `first` on have values.
    unsafe fn retain(&self, first: usize, count: usize) {
        if self.is_managed() {
            let owners = self.owners();
            // SAFETY: promised by the caller.
            (first..first + count).for_each(|i| unsafe { retain_all(&owners, self.element(i)) });
        }
    }
}

unsafe extern "C" fn free_list(header: *mut Header) {
    // SAFETY: a list's header, whose elements are in a block of their own once there is room for any.
    unsafe {
        if (*header.cast::<List>()).capacity > 0 {
            free((*header).data.cast());
        }
        free_block(header);
    }
}

unsafe extern "C" fn drop_elements(header: *mut Header) {
    // SAFETY: a list's header; its elements are live.
    unsafe {
        let list = &*header.cast::<List>();
        let owners = list.owners();
        (0..list.len).for_each(|i| release_all(&owners, list.element(i)));
    }
}

/// A new empty list; null when memory is exhausted.
///
/// # Safety
/// The descriptor is whole, lives as long as the list, and means as many slots.
pub unsafe extern "C" fn nb_list_new(descriptor: *const u8, slots: i64, capacity: i64) -> *mut List {
    let (Ok(slots), Ok(capacity)) = (usize::try_from(slots), usize::try_from(capacity)) else { return null_mut() };
    let list = nb_alloc(FIELDS as i64, 0).cast::<List>();
    if list.is_null() {
        return list;
    }
    // SAFETY: the fields lie in the block behind the header.
    unsafe {
        (&raw mut (*list).len).write(0);
        (&raw mut (*list).capacity).write(0);
        (&raw mut (*list).slots).write(slots);
        (&raw mut (*list).descriptor).write(descriptor);
        (*list).header.free = Some(free_list);
        let mut owners = vec![];
        Shape::read(descriptor).owners(0, &mut owners);
        (*list).header.drop = if owners.is_empty() { None } else { Some(drop_elements) };
        if !(*list).grow(capacity) {
            crate::memory::release(list.cast());
            return null_mut();
        }
    }
    list
}

/// Makes room for more elements at the end.
///
/// # Safety
/// A live list.
pub unsafe extern "C" fn nb_list_reserve(list: *mut List, more: i64) -> i32 {
    // SAFETY: promised by the caller.
    let list = unsafe { &mut *list };
    let enough = usize::try_from(more).ok().and_then(|m| list.len.checked_add(m)).is_some_and(|n| list.grow(n));
    i32::from(!enough)
}

/// # Safety
/// A live list.
unsafe fn like(list: *const List, capacity: usize) -> *mut List {
    // SAFETY: promised by the caller.
    unsafe { nb_list_new((*list).descriptor, (*list).slots as i64, i64::try_from(capacity).unwrap_or(-1)) }
}

/// A new list of the elements so many times; null when memory is exhausted.
///
/// # Safety
/// A live list.
pub unsafe extern "C" fn nb_list_repeat(list: *const List, times: i64) -> *mut List {
    let times = usize::try_from(times).unwrap_or(0);
    // SAFETY: promised by the caller.
    unsafe {
        let len = (*list).len;
        let Some(count) = len.checked_mul(times) else { return null_mut() };
        let new = like(list, count);
        if new.is_null() {
            return new;
        }
        if len == 1 && (*list).slots == 1 {
            std::slice::from_raw_parts_mut((*new).element(0), count).fill(*(*list).element(0));
            (*new).len = count;
            (*new).retain(0, count);
        } else {
            (0..times).for_each(|_| _ = (*new).extend((*list).element(0), len));
        }
        new
    }
}

/// Appends the first elements of a list, which may be the same.
///
/// # Safety
/// Live lists of one shape; the source has so many elements.
pub unsafe extern "C" fn nb_list_append_list(list: *mut List, source: *const List, count: i64) -> i32 {
    // SAFETY: promised by the caller. After growing, the source's data is looked up: it may be this list.
    unsafe {
        let count = usize::try_from(count).unwrap_or(0);
        if nb_list_reserve(list, count as i64) != 0 {
            return 1;
        }
        let data = (*source).element(0);
        i32::from(!(*list).extend(data, count))
    }
}

/// Moves the elements from a position on by one.
///
/// # Safety
/// A live list; the position is at most its length. The caller writes the place before anything else looks at the list.
pub unsafe extern "C" fn nb_list_gap(list: *mut List, at: i64) -> i32 {
    // SAFETY: promised by the caller.
    unsafe {
        if nb_list_reserve(list, 1) != 0 {
            return 1;
        }
        let list = &mut *list;
        let at = at as usize;
        std::ptr::copy(list.element(at), list.element(at + 1), (list.len - at) * list.slots);
        list.len += 1;
    }
    0
}

/// Removes a place whose value has been taken.
///
/// # Safety
/// A live list; the position is inside it.
pub unsafe extern "C" fn nb_list_close(list: *mut List, at: i64) {
    // SAFETY: promised by the caller.
    unsafe {
        let list = &mut *list;
        let at = at as usize;
        std::ptr::copy(list.element(at + 1), list.element(at), (list.len - at - 1) * list.slots);
        list.len -= 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::memory::release;
    use numbra_abi::{DType, descriptor::scalar};

    fn ints(values: &[i64]) -> *mut List {
        static INT: [u8; 1] = *b"e";
        assert_eq!(char::from(INT[0]), scalar(DType::Int64));
        // SAFETY: a whole descriptor of one slot; the values are copied.
        unsafe {
            let list = nb_list_new(INT.as_ptr(), 1, 0);
            (*list).extend(values.as_ptr().cast(), values.len());
            list
        }
    }

    fn content(list: *mut List) -> Vec<i64> {
        // SAFETY: live lists of these tests.
        unsafe { (*list).words().iter().map(|w| *w as i64).collect() }
    }

    #[test]
    fn lists_change_as_pythons() {
        let list = ints(&[3, 1, 2]);
        // SAFETY: a live list, positions inside it.
        unsafe {
            nb_list_sort(list, 1);
            assert_eq!(content(list), [3, 2, 1]);
            assert_eq!(nb_list_append_list(list, list, 3), 0);
            assert_eq!(content(list), [3, 2, 1, 3, 2, 1]);
            nb_list_delete(list, 5, 3, -2);
            assert_eq!(content(list), [3, 1, 2]);
            assert_eq!(nb_list_assign(list, 1, 1, list), 0);
            assert_eq!(content(list), [3, 3, 1, 2, 2]);
            let part = nb_list_slice(list, 4, 3, -2);
            assert_eq!(content(part), [2, 1, 3]);
            let many = nb_list_repeat(part, 2);
            assert_eq!(content(many), [2, 1, 3, 2, 1, 3]);
            [list, part, many].into_iter().for_each(|l| release(l.cast()));
        }
    }

    #[test]
    fn elements_live_as_long_as_their_lists() {
        let text = format!("[{}", scalar(DType::Int64));
        let inner = ints(&[1]);
        // SAFETY: the descriptor outlives the lists; the inner list is an element.
        unsafe {
            let outer = nb_list_new(text.as_ptr(), 1, 0);
            (*outer).extend([inner as u64].as_ptr(), 1);
            assert_eq!((*inner).header.count, 2);
            let twice = nb_list_repeat(outer, 2);
            assert_eq!((*inner).header.count, 4);
            release(outer.cast());
            assert_eq!((*inner).header.count, 3);
            nb_list_delete(twice, 0, 1, 1);
            assert_eq!((*inner).header.count, 2);
            release(twice.cast());
            assert_eq!((*inner).header.count, 1);
            release(inner.cast());
        }
    }

    #[test]
    fn order_of_tuples_is_stable() {
        let text = format!("({}{})", scalar(DType::Int64), scalar(DType::Float64));
        let pairs: Vec<[u64; 2]> = vec![[2, 0f64.to_bits()], [1, 5f64.to_bits()], [2, 0f64.to_bits()], [1, f64::NAN.to_bits()]];
        // SAFETY: the descriptor outlives the list.
        unsafe {
            let list = nb_list_new(text.as_ptr(), 2, 0);
            (*list).extend(pairs.as_ptr().cast(), pairs.len());
            nb_list_sort(list, 0);
            assert_eq!((*list).words()[..4], [1, 5f64.to_bits(), 1, f64::NAN.to_bits()]);
            release(list.cast());
        }
    }
}
