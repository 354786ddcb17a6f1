//! Slices of lists: copied, deleted, and replaced.
use super::{List, like, nb_list_reserve};
use crate::{Site, exception::raise_text, memory::release, shape::release_all};
use numbra_abi::ExceptionKind;

/// A new list of chosen elements; null when memory is exhausted.
///
/// # Safety
/// A live list; the positions are inside it.
pub unsafe extern "C" fn nb_list_slice(list: *const List, first: i64, count: i64, step: i64) -> *mut List {
    let count = usize::try_from(count).unwrap_or(0);
    // SAFETY: promised by the caller.
    unsafe {
        let new = like(list, count);
        if new.is_null() || count == 0 {
            return new;
        }
        if step == 1 {
            (*new).extend((*list).element(first as usize), count);
            return new;
        }
        for i in 0..count {
            let from = (*list).element((first + i as i64 * step) as usize);
            std::ptr::copy_nonoverlapping(from, (*new).element(i), (*list).slots);
        }
        (*new).len = count;
        (*new).retain(0, count);
        new
    }
}

/// Removes chosen elements.
///
/// # Safety
/// A live list; the positions are inside it.
pub unsafe extern "C" fn nb_list_delete(list: *mut List, first: i64, count: i64, step: i64) {
    let count = usize::try_from(count).unwrap_or(0);
    if count == 0 {
        return;
    }
    // SAFETY: promised by the caller. Elements are released when the list is whole again.
    unsafe {
        let list = &mut *list;
        let (first, step) = if step < 0 { (first + (count as i64 - 1) * step, -step) } else { (first, step) };
        let (mut read, mut write) = (first as usize, first as usize);
        let (mut next, mut left) = (first as usize, count);
        let mut removed: Vec<u64> = vec![];
        while read < list.len {
            if left > 0 && read == next {
                if list.is_managed() {
                    removed.extend_from_slice(std::slice::from_raw_parts(list.element(read), list.slots));
                }
                left -= 1;
                next += step as usize;
            } else {
                std::ptr::copy(list.element(read), list.element(write), list.slots);
                write += 1;
            }
            read += 1;
        }
        list.len = write;
        let owners = if removed.is_empty() { vec![] } else { list.owners() };
        removed.chunks(list.slots.max(1)).for_each(|c| release_all(&owners, c.as_ptr()));
    }
}

/// Puts the elements of the source in the place of some.
///
/// # Safety
/// Live lists of one shape, which may be the same; the places are inside the first.
pub unsafe extern "C" fn nb_list_assign(list: *mut List, first: i64, count: i64, source: *const List) -> i32 {
    // SAFETY: promised by the caller. The source is copied first, and what is replaced is released last.
    unsafe {
        let (first, count) = (first as usize, usize::try_from(count).unwrap_or(0));
        let copy = nb_list_slice(source, 0, (*source).len as i64, 1);
        if copy.is_null() {
            return 1;
        }
        let new = (*copy).len;
        if nb_list_reserve(list, new as i64) != 0 {
            release(copy.cast());
            return 1;
        }
        let list = &mut *list;
        let old = std::slice::from_raw_parts(list.element(first), count * list.slots).to_vec();
        std::ptr::copy(list.element(first + count), list.element(first + new), (list.len - first - count) * list.slots);
        std::ptr::copy_nonoverlapping((*copy).element(0), list.element(first), new * list.slots);
        list.len = list.len + new - count;
        // The references of the copy belong to the list now.
        (*copy).len = 0;
        release(copy.cast());
        if list.is_managed() {
            let owners = list.owners();
            old.chunks(list.slots.max(1)).for_each(|c| release_all(&owners, c.as_ptr()));
        }
    }
    0
}

/// Assigns to the places of a slice with a step.
///
/// # Safety
/// The site and both lists are live, the lists of one shape; the places are inside the first.
pub unsafe extern "C-unwind" fn nb_list_assign_step(site: *const Site, list: *mut List, first: i64, count: i64, step: i64, source: *const List) {
    // SAFETY: promised by the caller.
    unsafe {
        let n = (*source).len as i64;
        // A step of one is none: the list may grow.
        if step == 1 {
            if nb_list_assign(list, first, count, source) != 0 {
                raise_text(site, ExceptionKind::MemoryError, String::new());
            }
            return;
        }
        if n != count {
            raise_text(site, ExceptionKind::ValueError, format!("attempt to assign sequence of size {n} to extended slice of size {count}"));
        }
        let slots = (*list).slots;
        let new = std::slice::from_raw_parts((*source).element(0), n as usize * slots).to_vec();
        (*source).retain(0, n as usize);
        let owners = if (*list).is_managed() { (*list).owners() } else { vec![] };
        let mut old = vec![];
        for i in 0..n as usize {
            let place = (*list).element((first + i as i64 * step) as usize);
            old.extend_from_slice(std::slice::from_raw_parts(place, slots));
            std::ptr::copy_nonoverlapping(new.as_ptr().add(i * slots), place, slots);
        }
        old.chunks(slots.max(1)).for_each(|c| release_all(&owners, c.as_ptr()));
    }
}
