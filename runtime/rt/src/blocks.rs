//! Large blocks that were freed and wait for the next array of their size.
//!
//! Sizes from [`SMALLEST`] on are rounded up to a few steps per power of two, so that blocks of nearly the same size serve each other. At most
//! [`SLOTS`] blocks and [`MOST`] bytes are kept; the oldest make room. The list belongs to the process, as arrays are often freed by another thread
//! than the one that made them. Nobody waits for it: a thread that finds it busy goes to the C library (so does a process that was forked meanwhile).
use crate::memory::free;
use std::cell::UnsafeCell;
use std::ffi::c_void;
use std::ptr::null_mut;
use std::sync::atomic::{AtomicBool, Ordering};

/// Smaller blocks are the C library's business.
const SMALLEST: usize = 64 << 10;
/// A zeroed block above this size comes from the kernel, whose pages are zero when they are touched.
const ZEROED: usize = 4 << 20;
const SLOTS: usize = 16;
/// Bytes that are kept at most.
const MOST: usize = 128 << 20;
/// Steps per power of two, as a number of bits.
const STEPS: u32 = 3;

struct Kept {
    blocks: [(*mut c_void, usize); SLOTS],
    count: usize,
    bytes: usize,
}

struct Shared {
    busy: AtomicBool,
    kept: UnsafeCell<Kept>,
}

// SAFETY: `kept` is touched by who has set `busy` only.
unsafe impl Sync for Shared {}

static SHARED: Shared = Shared { busy: AtomicBool::new(false), kept: UnsafeCell::new(Kept { blocks: [(null_mut(), 0); SLOTS], count: 0, bytes: 0 }) };

fn with<R>(work: impl FnOnce(&mut Kept) -> R) -> Option<R> {
    if SHARED.busy.swap(true, Ordering::Acquire) {
        return None;
    }
    // SAFETY: no one else has set the flag.
    let result = work(unsafe { &mut *SHARED.kept.get() });
    SHARED.busy.store(false, Ordering::Release);
    Some(result)
}

impl Kept {
    fn remove(&mut self, i: usize) -> *mut c_void {
        let (block, size) = self.blocks[i];
        self.blocks.copy_within(i + 1..self.count, i);
        self.count -= 1;
        self.bytes -= size;
        block
    }
}

/// The size of the block that holds so many bytes; `None` where there is none.
pub fn round(bytes: usize) -> Option<usize> {
    if bytes < SMALLEST {
        return Some(bytes);
    }
    let step = 1usize << (bytes.ilog2() - STEPS);
    bytes.checked_next_multiple_of(step).filter(|t| *t <= isize::MAX as usize)
}

/// A kept block of exactly this size; null if there is none. The newest is the warmest.
pub fn take(size: usize, zeroed: bool) -> *mut c_void {
    if size < SMALLEST || zeroed && size > ZEROED {
        return null_mut();
    }
    let found = with(|kept| (0..kept.count).rev().find(|i| kept.blocks[*i].1 == size).map(|i| kept.remove(i)));
    let block = found.flatten().unwrap_or(null_mut());
    if zeroed && !block.is_null() {
        // SAFETY: the block has this size, and nobody else knows it.
        unsafe { block.cast::<u8>().write_bytes(0, size) };
    }
    block
}

/// Keeps a block for later; `false` where its owner has to free it.
pub fn keep(block: *mut c_void, size: usize) -> bool {
    if size < SMALLEST || size > MOST {
        return false;
    }
    let mut dropped = [null_mut(); SLOTS];
    let kept = with(|kept| {
        let mut n = 0;
        while kept.count == SLOTS || kept.bytes + size > MOST {
            dropped[n] = kept.remove(0);
            n += 1;
        }
        kept.blocks[kept.count] = (block, size);
        kept.count += 1;
        kept.bytes += size;
    });
    for old in dropped.into_iter().take_while(|b| !b.is_null()) {
        // SAFETY: nobody refers to a block on the list.
        unsafe { free(old) };
    }
    kept.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_rounded_up_by_an_eighth_at_most() {
        for bytes in [1, 1000, SMALLEST - 1, SMALLEST, SMALLEST + 1, 800_192, 1 << 20, (1 << 20) + 1, 80_000_192] {
            let total = round(bytes).expect("a size");
            assert!(total >= bytes && total - bytes <= bytes / 8, "{bytes} {total}");
            assert_eq!(round(total), Some(total));
        }
        assert_eq!(round(isize::MAX as usize), None);
    }
}
