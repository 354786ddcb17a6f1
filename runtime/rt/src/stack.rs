//! How deep a recursion may go: recursive functions compare their stack address with a limit and raise RecursionError below it.
use std::cell::Cell;
use std::ffi::{c_int, c_void};

/// What is left below the limit for everything that a function calls: runtime, unwinder, and frames that do not recurse.
const RESERVE: usize = 256 * 1024;

#[cfg(target_os = "linux")]
#[repr(C, align(8))]
struct ThreadAttributes([u8; 64]);

#[cfg(target_os = "linux")]
unsafe extern "C" {
    fn pthread_self() -> usize;
    fn pthread_getattr_np(thread: usize, attributes: *mut ThreadAttributes) -> c_int;
    fn pthread_attr_getstack(attributes: *const ThreadAttributes, address: *mut *mut c_void, size: *mut usize) -> c_int;
    fn pthread_attr_destroy(attributes: *mut ThreadAttributes) -> c_int;
}

thread_local! {
    static LIMIT: Cell<usize> = const { Cell::new(0) };
}

/// The lowest address that a frame of this thread may have; asked once per call from outside a recursion.
#[inline(never)]
pub extern "C" fn nb_stack_limit() -> i64 {
    LIMIT.with(|limit| {
        if limit.get() == 0 {
            limit.set(find());
        }
        limit.get() as i64
    })
}

#[cfg(target_os = "linux")]
fn find() -> usize {
    let mut attributes = ThreadAttributes([0; 64]);
    let (mut low, mut size) = (std::ptr::null_mut(), 0);
    // SAFETY: the attributes are as large as glibc's and musl's, initialised by the first call, read by the second and destroyed by the third.
    let known = unsafe {
        pthread_getattr_np(pthread_self(), &raw mut attributes) == 0 && {
            let status = pthread_attr_getstack(&raw const attributes, &raw mut low, &raw mut size);
            pthread_attr_destroy(&raw mut attributes);
            status == 0
        }
    };
    if known { low.addr() + RESERVE.min(size / 2) } else { guess() }
}

#[cfg(not(target_os = "linux"))]
fn find() -> usize {
    guess()
}

/// Where the system does not tell: half a mebibyte from here, which is what the smallest usual stacks have.
fn guess() -> usize {
    let here = 0u8;
    std::ptr::from_ref(&here).addr().saturating_sub(512 * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_lies_below_this_frame_and_differs_between_threads() {
        let limit = || {
            let here = 0u8;
            let (limit, here) = (nb_stack_limit() as usize, std::ptr::from_ref(&here).addr());
            assert!(limit < here, "{limit:x} {here:x}");
            assert_eq!(limit, nb_stack_limit() as usize);
            limit
        };
        let mine = limit();
        assert_ne!(mine, std::thread::spawn(limit).join().unwrap_or(mine));
    }
}
