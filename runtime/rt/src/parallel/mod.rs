//! Parallel loops: how many threads, which chunks, and what becomes of results and exceptions.
//!
//! The body of a loop is the entry of a compiled function, whose first two arguments say which iterations to run. How iterations are cut depends on their
//! number, the number of threads and the chunk size alone, and results of chunks are put together in order: the same program gives the same sum each time.
mod pool;

use crate::{Exception, take_exception, unwind};
use std::cell::Cell;
use std::slice;
use std::sync::{Mutex, OnceLock};

pub use pool::{run, thread_number};

/// Environment variables for the largest number of threads, the first that is set counts.
const VARIABLES: [&str; 2] = ["NUMBRA_NUM_THREADS", "NUMBA_NUM_THREADS"];
/// Chunks per thread where no size is asked for: as many as even out iterations of different length.
const CHUNKS_PER_THREAD: usize = 8;

/// Bytes of a copy of an array up to which each chunk may have one; of larger ones there is one for each thread.
const SMALL_COPY: i64 = 1 << 16;

thread_local! {
    static THREADS: Cell<usize> = const { Cell::new(0) };
    static CHUNK_SIZE: Cell<usize> = const { Cell::new(0) };
    // How many `with` statements of compiled code have set it that have not ended, and what it was before the first.
    static ENTERED: Cell<(usize, usize)> = const { Cell::new((0, 0)) };
}

/// The largest number of threads: what the environment says, or the processors that this process may use.
pub fn max_threads() -> usize {
    static MAX: OnceLock<usize> = OnceLock::new();
    *MAX.get_or_init(|| {
        let asked = VARIABLES.iter().find_map(|v| std::env::var(v).ok()?.trim().parse().ok()).filter(|n| *n > 0);
        asked.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, Into::into))
    })
}

/// How many threads loops that this thread starts use.
pub fn threads() -> usize {
    match THREADS.get() {
        0 => max_threads(),
        n => n,
    }
}

/// Sets it; false, and nothing changes, unless it is from 1 to [`max_threads`].
pub fn set_threads(n: usize) -> bool {
    let fits = (1..=max_threads()).contains(&n);
    if fits {
        THREADS.set(n);
    }
    fits
}

/// How many iterations a chunk of loops that this thread starts has; 0 where that is left to numbra.
pub fn chunk_size() -> usize {
    CHUNK_SIZE.get()
}

/// Sets it, and returns what it was.
pub fn set_chunk_size(n: usize) -> usize {
    CHUNK_SIZE.replace(n)
}

/// A compiled function as the world calls it.
type Entry = unsafe extern "C" fn(*const u64, *mut u64) -> i32;

/// What one chunk gets and gives.
struct Loop<'a> {
    body: Entry,
    iterations: usize,
    chunks: usize,
    /// The first three words are for the first iteration, the one behind the last, and the number of the chunk
    arguments: &'a [u64],
    /// What was raised in the chunk with the lowest number
    raised: Mutex<Option<(usize, Exception)>>,
    threads: usize,
}

impl Loop<'_> {
    // Where a chunk starts: chunks differ by at most one iteration.
    fn start(&self, chunk: usize) -> usize {
        let (size, rest) = (self.iterations / self.chunks, self.iterations % self.chunks);
        chunk * size + chunk.min(rest)
    }

    /// # Safety
    /// `result` has room for the results of a chunk.
    unsafe fn chunk(&self, chunk: usize, result: *mut u64) -> bool {
        let mut arguments = self.arguments.to_vec();
        arguments[0] = self.start(chunk) as u64;
        arguments[1] = self.start(chunk + 1) as u64;
        arguments[2] = chunk as u64;
        // Loops inside of this one keep to its number of threads.
        let before = THREADS.replace(self.threads);
        // SAFETY: the arguments are those of the entry, and so is the room for results.
        let status = unsafe { (self.body)(arguments.as_ptr(), result) };
        THREADS.set(before);
        if status == 0 {
            return true;
        }
        let mut raised = self.raised.lock().unwrap_or_else(|e| e.into_inner());
        if let Some(exception) = take_exception() && raised.as_ref().is_none_or(|r| r.0 > chunk) {
            *raised = Some((chunk, exception));
        }
        false
    }
}

/// Results of chunks, which threads write to places of their own.
struct Results(*mut u64);

// SAFETY: no two chunks have the same place.
unsafe impl Sync for Results {}

impl Results {
    /// # Safety
    /// There is such a place.
    unsafe fn place(&self, index: usize) -> *mut u64 {
        // SAFETY: promised by the caller.
        unsafe { self.0.add(index) }
    }
}

/// Into how many chunks iterations are cut.
fn chunks(iterations: usize, threads: usize) -> usize {
    match chunk_size() {
        0 => usual_chunks(iterations, threads),
        size => iterations.div_ceil(size),
    }
}

fn usual_chunks(iterations: usize, threads: usize) -> usize {
    if threads == 1 { 1 } else { iterations.min(threads * CHUNKS_PER_THREAD) }
}

/// Into how many chunks to cut iterations when each chunk needs this much memory: one for each thread, unless it is little.
pub extern "C" fn nb_parallel_parts(n: i64, bytes: i64) -> i64 {
    let threads = threads();
    let most = if bytes <= SMALL_COPY { threads * CHUNKS_PER_THREAD } else { threads };
    chunks(usize::try_from(n).unwrap_or(0), threads).min(most) as i64
}

/// Runs the iterations of a loop in chunks on the threads of the pool. `result` holds the values before the loop; `combine` puts each chunk's results to them.
/// Raises what the first of the chunks that raise raises.
///
/// # Safety
/// The pointers lead to as many words as are said, laid out as the entries want them; `combine` may be null where there are no results.
pub unsafe extern "C-unwind" fn nb_parallel_for(body: *const (), combine: *const (), n: i64, parts: i64, arguments: *const u64, words: i64, result: *mut u64, result_words: i64) {
    let iterations = usize::try_from(n).unwrap_or(0);
    if iterations == 0 {
        return;
    }
    let (threads, words, width) = (threads(), words as usize, result_words as usize);
    let chunks = match parts {
        0 => chunks(iterations, threads),
        1.. => (parts as usize).min(iterations),
        grain => usual_chunks((iterations / grain.unsigned_abs() as usize).max(1), threads),
    };
    // SAFETY: promised by the caller.
    let (body, arguments) = unsafe { (std::mem::transmute::<*const (), Entry>(body), slice::from_raw_parts(arguments, words)) };
    let each = Loop { body, iterations, chunks, arguments, raised: Mutex::new(None), threads };
    let mut partial = vec![0u64; chunks * width];
    let results = Results(partial.as_mut_ptr());
    pool::run(threads, chunks, &|i| {
        // SAFETY: the place of this chunk among the partial results.
        unsafe { each.chunk(i, results.place(i * width)) }
    });
    if let Some((_, exception)) = each.raised.into_inner().unwrap_or_else(|e| e.into_inner()) {
        drop(partial);
        unwind::throw(exception);
    }
    if width == 0 {
        return;
    }
    // SAFETY: promised by the caller.
    let combine = unsafe { std::mem::transmute::<*const (), Entry>(combine) };
    let mut both = vec![0u64; 2 * width];
    for chunk in partial.chunks_exact(width) {
        // SAFETY: the values so far and those of one chunk are what the entry wants, and there is room for what it gives.
        unsafe {
            both[..width].copy_from_slice(slice::from_raw_parts(result, width));
            both[width..].copy_from_slice(chunk);
            if combine(both.as_ptr(), result) != 0 {
                let exception = take_exception();
                drop((both, partial));
                if let Some(exception) = exception {
                    unwind::throw(exception);
                }
                return;
            }
        }
    }
}

/// The number of threads, for compiled code.
pub extern "C" fn nb_num_threads() -> i64 {
    threads() as i64
}

/// Sets the number of threads, for compiled code; -1, and nothing changes, where it is out of bounds.
pub extern "C" fn nb_set_num_threads(n: i64) -> i64 {
    let before = threads();
    if usize::try_from(n).is_ok_and(set_threads) { before as i64 } else { -1 }
}

/// The chunk size, for compiled code.
pub extern "C" fn nb_chunk_size() -> i64 {
    chunk_size() as i64
}

/// Sets the chunk size, for compiled code; -1, and nothing changes, for a negative one.
pub extern "C" fn nb_set_chunk_size(n: i64) -> i64 {
    usize::try_from(n).map_or(-1, |n| set_chunk_size(n) as i64)
}

/// Sets the chunk size until [`nb_leave_chunk_size`] or the exception that ends the call; -1, and nothing changes, for a negative one.
pub extern "C" fn nb_enter_chunk_size(n: i64) -> i64 {
    let Ok(n) = usize::try_from(n) else { return -1 };
    let before = set_chunk_size(n);
    let (depth, first) = ENTERED.get();
    ENTERED.set((depth + 1, if depth == 0 { before } else { first }));
    before as i64
}

/// Puts back what the chunk size was.
pub extern "C" fn nb_leave_chunk_size(before: i64) {
    set_chunk_size(usize::try_from(before).unwrap_or(0));
    let (depth, first) = ENTERED.get();
    ENTERED.set((depth.saturating_sub(1), first));
}

/// Ends all `with` statements that have set the chunk size: an exception ends the call.
pub fn leave_all() {
    let (depth, first) = ENTERED.replace((0, 0));
    if depth > 0 {
        set_chunk_size(first);
    }
}

/// The number of this thread, for compiled code.
pub extern "C" fn nb_thread_number() -> i64 {
    thread_number() as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    // Adds up the iterations from the first argument to the second; the fourth is added to each.
    unsafe extern "C" fn total(arguments: *const u64, result: *mut u64) -> i32 {
        // SAFETY: four words, and room for one.
        unsafe { *result = (*arguments..*arguments.add(1)).map(|i| i + *arguments.add(3)).sum() };
        0
    }

    unsafe extern "C" fn add(arguments: *const u64, result: *mut u64) -> i32 {
        // SAFETY: two words, and room for one.
        unsafe { *result = *arguments + *arguments.add(1) };
        0
    }

    #[test]
    fn results_of_chunks_are_added_to_the_value_before_the_loop() {
        for n in [0u64, 1, 7, 1000, 12345] {
            for size in [0, 1, 10, 1 << 40] {
                let before = set_chunk_size(size);
                let mut result = 5u64;
                // SAFETY: arguments and room as the entries want them.
                unsafe { nb_parallel_for(total as *const (), add as *const (), n as i64, 0, [0, 0, 0, 2].as_ptr(), 4, &raw mut result, 1) };
                set_chunk_size(before);
                assert_eq!(result, 5 + n * n.saturating_sub(1) / 2 + 2 * n);
            }
        }
    }

    #[test]
    fn the_number_of_threads_has_bounds() {
        let max = max_threads();
        assert!(!set_threads(0) && !set_threads(max + 1));
        assert!(set_threads(1));
        assert_eq!(threads(), 1);
        assert!(set_threads(max));
    }
}
