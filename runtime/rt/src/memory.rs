//! Memory of arrays: one block holds a header and the data behind it.
//!
//! The blocks that a call has allocated hang on a list of that call, so that an exception can free them without unwinding code in every frame. The lists are
//! circular around an anchor per nested call, so a block can be unlinked without knowing its list. A list belongs to the thread of its call:
//! while the call runs, only that thread frees its blocks. Blocks that outlive their call are on no list and may be freed by any thread.
//!
//! There is no cache of small blocks: the C library's own makes a pair of allocation and release cost 12 ns, 25 ns when zeroed. Large ones are
//! kept for the next array (`blocks`), since the first touch of memory that is new from the kernel costs more than what is computed there.
use crate::blocks;
use std::cell::Cell;
use std::ffi::{c_int, c_void};
use std::mem::offset_of;
use std::ptr::{self, null_mut};

unsafe extern "C" {
    fn malloc(size: usize) -> *mut c_void;
    fn calloc(count: usize, size: usize) -> *mut c_void;
    pub(crate) fn free(block: *mut c_void);
    #[cfg(target_os = "linux")]
    fn madvise(start: *mut c_void, length: usize, advice: c_int) -> c_int;
}

/// Alignment of array data: a cache line, and the widest vector.
pub const ALIGNMENT: usize = 64;
/// From this size on the kernel is asked for huge pages.
const HUGE: usize = 4 << 20;
/// The data of such blocks starts with a page. Processors take a load for one of what was just stored where the addresses agree but for the page, so that a loop waits for its own stores
/// where its result lies a few elements further into a page than what it reads. Nothing lies before the first one. Arrays of NumPy are 16 bytes into it.
const PAGE: usize = 4096;
#[cfg(target_os = "linux")]
const MADV_HUGEPAGE: c_int = 14;
#[cfg(target_os = "linux")]
const MADV_DONTNEED: c_int = 4;
/// What a huge page has on common machines.
#[cfg(target_os = "linux")]
const HUGE_PAGE: usize = 2 << 20;
/// Of a block that was too large by this factor the content is copied to another one.
const SPARSE: usize = 4;
/// The same of blocks whose rest the kernel takes back.
const SPARSE_HUGE: usize = 16;

const _: () = assert!(size_of::<Header>() == numbra_abi::symbols::DATA_OFFSET);

#[repr(C)]
struct Link {
    previous: *mut Link,
    next: *mut Link,
}

/// What precedes the data of an array, or stands for the owner of foreign data. Compiled code reads the first two words.
#[repr(C, align(64))]
pub struct Header {
    /// Number of references
    pub count: i64,
    /// Start of the data
    pub data: *mut u8,
    /// What frees the block when the count reaches 0; nothing for headers on a caller's stack
    pub(crate) free: Option<unsafe extern "C" fn(*mut Header)>,
    /// Start of the allocation, or what `free` wants to know
    pub(crate) context: *mut c_void,
    link: Link,
    /// What gives up the references that the data holds, before `free`. An exception does not call it: it frees every block of its call by itself
    pub(crate) drop: Option<unsafe extern "C" fn(*mut Header)>,
    /// Bytes of the allocation
    total: usize,
}

impl Header {
    /// A header for data that someone else keeps alive, to be placed on the caller's stack: it is never freed.
    pub const fn borrowed(data: *mut u8) -> Self {
        Header { count: 1, data, free: None, context: null_mut(), link: Link { previous: null_mut(), next: null_mut() }, drop: None, total: 0 }
    }
}

/// The anchor of one call's list. Frames are kept for the next call at the same depth.
struct Frame {
    anchor: Link,
    parent: *mut Frame,
    child: *mut Frame,
}

thread_local! {
    static CURRENT: Cell<*mut Frame> = const { Cell::new(null_mut()) };
    static ROOT: Cell<*mut Frame> = const { Cell::new(null_mut()) };
    static REAPER: Reaper = const { Reaper };
}

/// Gives the frames back when the thread ends.
struct Reaper;

impl Drop for Reaper {
    fn drop(&mut self) {
        let mut frame = ROOT.replace(null_mut());
        CURRENT.set(null_mut());
        while !frame.is_null() {
            // SAFETY: frames come from `Box` and are reached from the root only.
            frame = unsafe { Box::from_raw(frame) }.child;
        }
    }
}

#[cold]
fn new_frame(parent: *mut Frame) -> *mut Frame {
    let frame = Box::into_raw(Box::new(Frame { anchor: Link { previous: null_mut(), next: null_mut() }, parent, child: null_mut() }));
    if parent.is_null() {
        ROOT.set(frame);
        let _ = REAPER.try_with(|_| ());
    } else {
        // SAFETY: the parent is a live frame of this thread.
        unsafe { (*parent).child = frame };
    }
    frame
}

/// Starts the list of allocations of one call.
pub extern "C" fn nb_enter() -> *mut c_void {
    let parent = CURRENT.get();
    // SAFETY: the parent is a live frame of this thread.
    let kept = if parent.is_null() { ROOT.get() } else { unsafe { (*parent).child } };
    let frame = if kept.is_null() { new_frame(parent) } else { kept };
    // SAFETY: the frame is live; an empty list is an anchor linked to itself.
    unsafe {
        let anchor = &raw mut (*frame).anchor;
        anchor.write(Link { previous: anchor, next: anchor });
    }
    CURRENT.set(frame);
    frame.cast()
}

/// Ends a call that returns: its remaining blocks belong to the caller and leave the list.
///
/// # Safety
/// `mark` comes from `nb_enter` on this thread.
pub unsafe extern "C" fn nb_leave(mark: *mut c_void) {
    let frame = mark.cast::<Frame>();
    // SAFETY: the frame is live, and its links lead to live blocks and back to the anchor.
    unsafe {
        let anchor = &raw mut (*frame).anchor;
        let mut link = (*anchor).next;
        while link != anchor {
            let next = (*link).next;
            link.write(Link { previous: null_mut(), next: null_mut() });
            link = next;
        }
        CURRENT.set((*frame).parent);
    }
}

/// Ends a call that raises: frees its blocks. A null mark frees nothing.
///
/// # Safety
/// `mark` is null or comes from `nb_enter` on this thread.
pub unsafe fn abandon(mark: *mut c_void) {
    let frame = mark.cast::<Frame>();
    if frame.is_null() {
        return;
    }
    // SAFETY: as in `nb_leave`; every link of the list but the anchor lies in a header, which `nb_free` unlinks.
    unsafe {
        let anchor = &raw mut (*frame).anchor;
        loop {
            let link = (*anchor).next;
            if link == anchor {
                break;
            }
            let header = link.byte_sub(offset_of!(Header, link)).cast::<Header>();
            (*header).drop = None;
            nb_free(header);
        }
        CURRENT.set((*frame).parent);
    }
}

pub(crate) unsafe extern "C" fn free_block(header: *mut Header) {
    // SAFETY: `nb_alloc` has put the start and the size of the block there.
    unsafe {
        let (block, total) = ((*header).context, (*header).total);
        if !blocks::keep(block, total) {
            free(block);
        }
    }
}

/// Asks for huge pages, which make the first touch of large arrays several times cheaper.
fn advise(start: *mut c_void, length: usize) {
    #[cfg(target_os = "linux")]
    {
        let skip = start.align_offset(PAGE);
        // SAFETY: whole pages inside the block; the advice does not change its contents.
        unsafe { madvise(start.byte_add(skip), (length - skip) & !(PAGE - 1), MADV_HUGEPAGE) };
    }
    #[cfg(not(target_os = "linux"))]
    let _ = (start, length);
}

/// A new header with count 1 and its data; null when memory is exhausted.
pub extern "C" fn nb_alloc(bytes: i64, zeroed: i32) -> *mut Header {
    // One byte at least, so that the data of every array has an address of its own inside the block.
    let Some(bytes) = usize::try_from(bytes).ok().map(|b| b.max(1)) else { return null_mut() };
    let alignment = if bytes >= HUGE { PAGE } else { ALIGNMENT };
    let Some(total) = bytes.checked_add(size_of::<Header>() + alignment).filter(|t| *t <= isize::MAX as usize) else { return null_mut() };
    let Some(total) = blocks::round(total) else { return null_mut() };
    let mut block = blocks::take(total, zeroed != 0);
    if block.is_null() {
        // The C library gives large blocks straight from the kernel, so that its zeroes are pages that nobody has touched yet.
        // SAFETY: plain allocation.
        block = unsafe { if zeroed != 0 { calloc(1, total) } else { malloc(total) } };
        if block.is_null() {
            return null_mut();
        }
        if total >= HUGE {
            advise(block, total);
        }
    }
    let data = block.wrapping_byte_add(size_of::<Header>());
    let header = block.wrapping_byte_add(data.align_offset(alignment)).cast::<Header>();
    let frame = CURRENT.get();
    // SAFETY: the header fits in the block after aligning; the frame, if any, is live.
    unsafe {
        header.write(Header { count: 1, data: header.add(1).cast(), free: Some(free_block), context: block, link: Link { previous: null_mut(), next: null_mut() }, drop: None, total });
        if !frame.is_null() {
            let anchor = &raw mut (*frame).anchor;
            let link = &raw mut (*header).link;
            link.write(Link { previous: (*anchor).previous, next: anchor });
            (*(*anchor).previous).next = link;
            (*anchor).previous = link;
        }
    }
    header
}

/// Frees a header whose count has reached 0, and its data.
///
/// # Safety
/// The header is live, and nothing refers to it after the call. If it is on a call's list, this is that call's thread.
pub unsafe extern "C" fn nb_free(header: *mut Header) {
    // SAFETY: live header; its neighbours on the list are live too.
    unsafe {
        if let Some(drop) = (*header).drop {
            drop(header);
        }
        let Link { previous, next } = ptr::read(&raw const (*header).link);
        if !next.is_null() {
            (*previous).next = next;
            (*next).previous = previous;
        }
        if let Some(free) = (*header).free {
            free(header);
        }
    }
}

/// From new memory of which only the first bytes turned out to be needed. What is not goes back to the kernel where that is much (it may never have been touched); where next to nothing is needed,
/// it is copied, so that no array keeps a block many times its size. The header that has the bytes then.
///
/// # Safety
/// The header comes from [`nb_alloc`] on this thread, with so many bytes at least, and nobody else refers to it.
pub unsafe extern "C" fn nb_shrink(header: *mut Header, bytes: i64) -> *mut Header {
    let needed = usize::try_from(bytes).unwrap_or(0);
    // SAFETY: the header is live, its block has `total` bytes, and the needed ones are among them.
    unsafe {
        let (block, total) = ((*header).context.cast::<u8>(), (*header).total);
        if needed < total / if total < HUGE { SPARSE } else { SPARSE_HUGE } {
            let smaller = nb_alloc(bytes, 0);
            if !smaller.is_null() {
                (*smaller).data.copy_from_nonoverlapping((*header).data, needed);
                nb_free(header);
                return smaller;
            }
        }
        if total >= HUGE {
            give_back((*header).data.add(needed), block.add(total));
        }
    }
    header
}

/// Has the kernel take back what lies between two places, in whole huge pages: smaller ones would break one up.
fn give_back(from: *mut u8, to: *mut u8) {
    #[cfg(target_os = "linux")]
    {
        let start = from.wrapping_add(from.align_offset(HUGE_PAGE));
        let end = to.wrapping_sub(to as usize % PAGE);
        if start < end {
            // SAFETY: whole pages inside a block that is in use, of which nobody needs what is there.
            unsafe { madvise(start.cast(), end as usize - start as usize, MADV_DONTNEED) };
        }
    }
    #[cfg(not(target_os = "linux"))]
    let _ = (from, to);
}

/// Drops one reference, and frees the block with the last.
///
/// # Safety
/// The caller owns a reference to a live header.
pub unsafe fn release(header: *mut Header) {
    // SAFETY: live header.
    unsafe {
        (*header).count -= 1;
        if (*header).count == 0 {
            nb_free(header);
        }
    }
}

/// A header on the heap for data that a foreign object owns; `free` is called with the header when the last reference goes, and gets `context` by [`foreign_context`].
pub fn foreign(data: *mut u8, context: *mut c_void, free: unsafe extern "C" fn(*mut Header)) -> *mut Header {
    Box::into_raw(Box::new(Header { count: 1, data, free: Some(free), context, link: Link { previous: null_mut(), next: null_mut() }, drop: None, total: 0 }))
}

/// Destroys a header made by [`foreign`] and returns its context: what a `free` function calls first.
///
/// # Safety
/// The header comes from [`foreign`] and is not used afterwards.
pub unsafe fn foreign_context(header: *mut Header) -> *mut c_void {
    // SAFETY: the header was boxed.
    unsafe { Box::from_raw(header) }.context
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on_list(frame: *mut c_void) -> usize {
        let frame = frame.cast::<Frame>();
        // SAFETY: the frame is live in these tests.
        unsafe {
            let anchor = &raw mut (*frame).anchor;
            let (mut link, mut n) = ((*anchor).next, 0);
            while link != anchor {
                link = (*link).next;
                n += 1;
            }
            n
        }
    }

    #[test]
    fn blocks_are_aligned_and_zeroed() {
        for bytes in [0, 1, 8, 100, 5000, 1 << 20, 9 << 20] {
            let h = nb_alloc(bytes, 1);
            // SAFETY: fresh block of that size.
            unsafe {
                assert_eq!((*h).data.align_offset(if bytes as usize >= HUGE { PAGE } else { ALIGNMENT }), 0);
                assert_eq!((*h).count, 1);
                assert!(std::slice::from_raw_parts((*h).data, bytes as usize).iter().all(|b| *b == 0));
                (*h).data.write_bytes(0xff, bytes as usize);
                release(h);
            }
        }
        assert!(nb_alloc(-1, 0).is_null());
        assert!(nb_alloc(i64::MAX, 0).is_null());
        assert!(nb_alloc(1 << 60, 1).is_null());
    }

    #[test]
    fn what_is_not_needed_is_given_back() {
        for (asked, needed) in [(100, 0), (100, 99), (40_000, 10), (1 << 20, 1 << 19), (32 << 20, 9 << 20), (32 << 20, 1000), (32 << 20, 32 << 20)] {
            let mark = nb_enter();
            let h = nb_alloc(asked, 0);
            // SAFETY: a fresh block of that size, and the bytes that are needed of it.
            unsafe {
                (*h).data.write_bytes(0xab, asked as usize);
                let h = nb_shrink(h, needed);
                assert!(std::slice::from_raw_parts((*h).data, needed as usize).iter().all(|b| *b == 0xab));
                assert_eq!((on_list(mark), (*h).count), (1, 1));
                assert!((*h).total < 17 * needed as usize + 8192 || asked < 4096, "{asked} {needed}");
                release(h);
                assert_eq!(on_list(mark), 0);
                nb_leave(mark);
            }
        }
    }

    #[test]
    fn a_call_keeps_track_of_its_blocks() {
        let outer = nb_enter();
        let a = nb_alloc(8, 0);
        let inner = nb_enter();
        let (b, c) = (nb_alloc(8, 0), nb_alloc(8, 0));
        assert_eq!((on_list(outer), on_list(inner)), (1, 2));
        // SAFETY: headers and marks of this test, used in order.
        unsafe {
            release(a);
            assert_eq!((on_list(outer), on_list(inner)), (0, 2));
            release(b);
            nb_leave(inner);
            release(c);
            let again = nb_enter();
            assert_eq!(again, inner);
            nb_alloc(8, 0);
            nb_alloc(8, 0);
            abandon(again);
            assert_eq!(on_list(outer), 0);
            nb_leave(outer);
            assert!(CURRENT.get().is_null());
        }
    }

    #[test]
    fn what_outlives_its_call_may_be_freed_elsewhere() {
        let block = std::thread::spawn(|| {
            let mark = nb_enter();
            let h = nb_alloc(64, 0);
            // SAFETY: the mark of this thread.
            unsafe { nb_leave(mark) };
            h as usize
        }).join().expect("no panic");
        // SAFETY: the call has given its only reference away.
        unsafe { release(block as *mut Header) };
    }
}
