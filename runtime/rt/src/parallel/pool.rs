//! Threads that work on parallel loops.
//!
//! A loop is a job: chunks with numbers, taken one by one from a counter by the thread that started it and by whoever is idle, so that threads that are
//! done early take more. The starting thread works too and waits only for chunks that others are in the middle of: jobs inside of chunks cannot block each other.
//! Threads are made when a job first needs them and sleep between jobs. A child of `fork` has none of them, so it starts a pool of its own.
use std::cell::Cell;
use std::ptr::null_mut;
use std::sync::atomic::{AtomicPtr, AtomicUsize, Ordering::{Acquire, Relaxed, Release}};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};

/// As much as the main thread usually has.
const STACK_SIZE: usize = 8 << 20;

thread_local! {
    static NUMBER: Cell<usize> = const { Cell::new(0) };
}

/// 0 in threads of the program, from 1 on in those of the pool.
pub fn thread_number() -> usize {
    NUMBER.get()
}

/// A job. The reference is to the frame of the thread that waits for its end.
struct Job {
    run: *const (dyn Fn(usize) -> bool + Sync),
    chunks: usize,
    next: AtomicUsize,
    /// Chunks from this one on are not begun any more
    end: AtomicUsize,
    /// How many threads of the pool may help
    helpers: usize,
    /// How many do: changed under the pool's lock
    active: AtomicUsize,
}

// SAFETY: what `run` points to is `Sync`, and the thread that owns it waits until no other works on the job.
unsafe impl Send for Job {}
// SAFETY: as above.
unsafe impl Sync for Job {}

impl Job {
    fn work(&self) {
        loop {
            let chunk = self.next.fetch_add(1, Relaxed);
            if chunk >= self.end.load(Relaxed) {
                return;
            }
            // SAFETY: the job is not over while this thread works on it.
            if !unsafe { (*self.run)(chunk) } {
                self.end.fetch_min(chunk, Relaxed);
            }
        }
    }

    fn wants_help(&self) -> bool {
        self.active.load(Relaxed) < self.helpers && self.next.load(Relaxed) < self.end.load(Relaxed).min(self.chunks)
    }
}

#[derive(Default)]
struct State {
    jobs: Vec<Arc<Job>>,
    threads: usize,
}

/// The threads of this process.
struct Pool {
    process: u32,
    state: Mutex<State>,
    /// There is a job
    work: Condvar,
    /// A thread has left a job
    done: Condvar,
}

static POOL: AtomicPtr<Pool> = AtomicPtr::new(null_mut());

impl Pool {
    // Pools are never freed: threads may look at theirs at any time, and a forked child cannot know in what state it got its parent's.
    fn get() -> &'static Pool {
        let process = std::process::id();
        let current = POOL.load(Acquire);
        // SAFETY: pools live for ever; the number of the process never changes.
        if !current.is_null() && unsafe { (*current).process } == process {
            // SAFETY: as above.
            return unsafe { &*current };
        }
        let new = Box::into_raw(Box::new(Pool { process, state: Mutex::default(), work: Condvar::new(), done: Condvar::new() }));
        match POOL.compare_exchange(current, new, Release, Acquire) {
            // SAFETY: as above.
            Ok(_) => unsafe { &*new },
            Err(other) => {
                // SAFETY: nobody else has seen it.
                drop(unsafe { Box::from_raw(new) });
                // SAFETY: as above; only this process can have put it there.
                unsafe { &*other }
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(|e| e.into_inner())
    }

    fn serve(&self) {
        let mut state = self.lock();
        loop {
            let Some(job) = state.jobs.iter().find(|j| j.wants_help()).cloned() else {
                state = self.work.wait(state).unwrap_or_else(|e| e.into_inner());
                continue;
            };
            job.active.fetch_add(1, Relaxed);
            drop(state);
            job.work();
            state = self.lock();
            job.active.fetch_sub(1, Relaxed);
            self.done.notify_all();
        }
    }

    // A thread that cannot be made is done without.
    fn grow(&'static self, state: &mut State, threads: usize) {
        while state.threads < threads {
            let number = state.threads + 1;
            let serve = move || {
                NUMBER.set(number);
                self.serve();
            };
            if std::thread::Builder::new().name(format!("numbra-{number}")).stack_size(STACK_SIZE).spawn(serve).is_err() {
                return;
            }
            state.threads = number;
        }
    }
}

/// Runs chunks 0 to `chunks` - 1 on up to `threads` threads, this one included, and returns when all are done. After a chunk that returns false, chunks
/// with higher numbers need not run; all with lower numbers do.
pub fn run(threads: usize, chunks: usize, chunk: &(dyn Fn(usize) -> bool + Sync)) {
    if threads <= 1 || chunks <= 1 {
        (0..chunks).all(chunk);
        return;
    }
    let pool = Pool::get();
    let helpers = threads.min(chunks) - 1;
    // SAFETY: only the lifetime changes; this function does not return while the job is worked on.
    let run: *const (dyn Fn(usize) -> bool + Sync) = unsafe { std::mem::transmute(std::ptr::from_ref(chunk)) };
    let job = Arc::new(Job { run, chunks, next: AtomicUsize::new(0), end: AtomicUsize::new(chunks), helpers, active: AtomicUsize::new(0) });
    {
        let mut state = pool.lock();
        pool.grow(&mut state, helpers);
        state.jobs.push(job.clone());
    }
    (0..helpers).for_each(|_| pool.work.notify_one());
    job.work();
    let mut state = pool.lock();
    state.jobs.retain(|j| !Arc::ptr_eq(j, &job));
    while job.active.load(Relaxed) > 0 {
        state = pool.done.wait(state).unwrap_or_else(|e| e.into_inner());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_chunk_runs_once_also_in_nested_jobs() {
        let counts: Vec<AtomicUsize> = (0..50 * 20).map(|_| AtomicUsize::new(0)).collect();
        run(4, 50, &|i| {
            run(3, 20, &|j| {
                counts[i * 20 + j].fetch_add(1, Relaxed);
                true
            });
            true
        });
        assert!(counts.iter().all(|c| c.load(Relaxed) == 1));
    }

    #[test]
    fn all_chunks_before_a_failed_one_run() {
        let ran: Vec<AtomicUsize> = (0..1000).map(|_| AtomicUsize::new(0)).collect();
        run(4, 1000, &|i| {
            ran[i].fetch_add(1, Relaxed);
            i % 300 != 299
        });
        assert!(ran[..300].iter().all(|c| c.load(Relaxed) == 1));
    }

    #[test]
    fn threads_of_the_program_share_the_pool() {
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for n in [0, 1, 2, 100] {
                        let sum = AtomicUsize::new(0);
                        run(3, n, &|i| {
                            sum.fetch_add(i, Relaxed);
                            true
                        });
                        assert_eq!(sum.load(Relaxed), n * n.saturating_sub(1) / 2);
                    }
                });
            }
        });
    }
}
