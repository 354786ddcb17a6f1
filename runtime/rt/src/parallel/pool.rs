//! Threads that work on parallel loops.
//!
//! A loop is a job: chunks with numbers, in as many stretches as threads may work on it. Each thread begins with a stretch of its own, the same one in each loop, so that what it has read
//! is still in the caches of its processor the next time; then it takes what is left of the others, so that threads that are done early take more. The starting thread works too and
//! waits only for chunks that others are in the middle of: jobs inside of chunks cannot block each other.
//!
//! Threads are made when a job first needs them and sleep between jobs. To wake one up takes as long as a loop over ten thousand elements, so that a thread looks for the next job for a
//! moment before it sleeps, and so does one that waits for the end of a job: programs have many loops one after the other. A child of `fork` has no threads, so it starts a pool of its own.
use std::cell::Cell;
use std::hint::spin_loop;
use std::ptr::null_mut;
use std::sync::atomic::{AtomicPtr, AtomicUsize, Ordering::{Acquire, Relaxed, Release}};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock};
use std::time::{Duration, Instant};

/// As much as the main thread usually has.
const STACK_SIZE: usize = 8 << 20;
/// How long a thread looks for something to do before it sleeps: some times what it takes to wake it up.
const PATIENCE: Duration = Duration::from_micros(30);
/// So often it looks before it asks what time it is.
const LOOKS: usize = 32;

thread_local! {
    static NUMBER: Cell<usize> = const { Cell::new(0) };
}

/// 0 in threads of the program, from 1 on in those of the pool.
pub fn thread_number() -> usize {
    NUMBER.get()
}

/// Looks for so long whether something holds, where each thread has a processor to do so.
fn soon(threads: usize, holds: impl Fn() -> bool) -> bool {
    static PROCESSORS: OnceLock<usize> = OnceLock::new();
    if threads > *PROCESSORS.get_or_init(|| std::thread::available_parallelism().map_or(1, Into::into)) {
        return holds();
    }
    let began = Instant::now();
    loop {
        for _ in 0..LOOKS {
            if holds() {
                return true;
            }
            spin_loop();
        }
        if began.elapsed() > PATIENCE {
            return false;
        }
    }
}

/// Chunks that one thread begins with: the next one, and the one behind the last. In a cache line of its own.
#[repr(align(64))]
struct Stretch {
    next: AtomicUsize,
    end: usize,
}

/// A job. The reference is to the frame of the thread that waits for its end.
struct Job {
    run: *const (dyn Fn(usize) -> bool + Sync),
    stretches: Vec<Stretch>,
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
    fn new(run: *const (dyn Fn(usize) -> bool + Sync), chunks: usize, threads: usize) -> Self {
        let start = |k: usize| chunks * k / threads;
        let stretches = (0..threads).map(|k| Stretch { next: AtomicUsize::new(start(k)), end: start(k + 1) }).collect();
        Job { run, stretches, end: AtomicUsize::new(chunks), helpers: threads - 1, active: AtomicUsize::new(0) }
    }

    fn work(&self) {
        let (before, own) = self.stretches.split_at(thread_number() % self.stretches.len());
        for stretch in own.iter().chain(before) {
            loop {
                // Where nothing is left, nothing is changed: others may be in the middle of it.
                if stretch.next.load(Relaxed) >= stretch.end {
                    break;
                }
                let chunk = stretch.next.fetch_add(1, Relaxed);
                if chunk >= stretch.end.min(self.end.load(Relaxed)) {
                    break;
                }
                // SAFETY: the job is not over while this thread works on it.
                if !unsafe { (*self.run)(chunk) } {
                    self.end.fetch_min(chunk, Relaxed);
                }
            }
        }
    }

    fn wants_help(&self) -> bool {
        let end = self.end.load(Relaxed);
        self.active.load(Relaxed) < self.helpers && self.stretches.iter().any(|s| s.next.load(Relaxed) < s.end.min(end))
    }
}

#[derive(Default)]
struct State {
    jobs: Vec<Arc<Job>>,
    threads: usize,
    /// How many threads sleep until there is a job
    asleep: usize,
    /// How many sleep until a job is done
    waiting: usize,
}

/// The threads of this process.
struct Pool {
    process: u32,
    state: Mutex<State>,
    /// How many jobs there have been
    jobs: AtomicUsize,
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
        let new = Box::into_raw(Box::new(Pool { process, state: Mutex::default(), jobs: AtomicUsize::new(0), work: Condvar::new(), done: Condvar::new() }));
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
        let mut patient = true;
        loop {
            let Some(job) = state.jobs.iter().find(|j| j.wants_help()).cloned() else {
                if patient {
                    let (threads, jobs) = (state.threads, self.jobs.load(Relaxed));
                    drop(state);
                    // What is seen is looked for again under the lock.
                    patient = soon(threads + 1, || self.jobs.load(Relaxed) != jobs);
                    state = self.lock();
                } else {
                    state.asleep += 1;
                    state = self.work.wait(state).unwrap_or_else(|e| e.into_inner());
                    state.asleep -= 1;
                }
                continue;
            };
            job.active.fetch_add(1, Relaxed);
            drop(state);
            job.work();
            state = self.lock();
            job.active.fetch_sub(1, Release);
            if state.waiting > 0 {
                self.done.notify_all();
            }
            patient = true;
        }
    }

    // The starting thread's part, once the job is known to the others.
    fn finish(&self, job: &Arc<Job>) {
        job.work();
        let mut state = self.lock();
        state.jobs.retain(|j| !Arc::ptr_eq(j, job));
        let threads = state.threads;
        drop(state);
        let done = || job.active.load(Acquire) == 0;
        if soon(threads + 1, done) {
            return;
        }
        state = self.lock();
        state.waiting += 1;
        while !done() {
            state = self.done.wait(state).unwrap_or_else(|e| e.into_inner());
        }
        state.waiting -= 1;
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
    let threads = threads.min(chunks);
    // SAFETY: only the lifetime changes; this function does not return while the job is worked on.
    let run: *const (dyn Fn(usize) -> bool + Sync) = unsafe { std::mem::transmute(std::ptr::from_ref(chunk)) };
    let job = Arc::new(Job::new(run, chunks, threads));
    let asleep = {
        let mut state = pool.lock();
        pool.grow(&mut state, job.helpers);
        state.jobs.push(job.clone());
        pool.jobs.fetch_add(1, Relaxed);
        state.asleep
    };
    (0..job.helpers.min(asleep)).for_each(|_| pool.work.notify_one());
    pool.finish(&job);
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
