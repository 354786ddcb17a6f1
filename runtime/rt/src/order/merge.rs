//! Long rows sorted on several threads: they sort parts, and then pairs of sorted parts are merged, in pieces of the result that threads make independently of each other.
//!
//! Of elements of which none comes before the other, merging takes that of the left part first: what sorting one part does with them, it does for all.
use crate::parallel;
use std::sync::atomic::{AtomicBool, Ordering};

/// Shorter rows are sorted by one thread.
const MANY: usize = 1 << 18;
/// Elements that a thread sorts at a time: more of them find no place in its caches, and fewer have to be merged more often.
const PART: usize = 1 << 18;
/// Elements that a thread merges at a time.
const PIECE: usize = 1 << 15;

/// Memory of which threads write different parts.
struct Shared<T>(*mut T);

// SAFETY: no two threads get the same part.
unsafe impl<T: Send> Sync for Shared<T> {}

impl<T> Shared<T> {
    /// # Safety
    /// The part lies in the memory, and nobody else uses it meanwhile.
    #[allow(clippy::mut_from_ref)]
    unsafe fn part(&self, first: usize, count: usize) -> &mut [T] {
        // SAFETY: promised by the caller.
        unsafe { std::slice::from_raw_parts_mut(self.0.add(first), count) }
    }
}

/// Two sorted parts, and the piece of the result that is made of them: all by positions in the row.
struct Task {
    low: usize,
    middle: usize,
    high: usize,
    first: usize,
    end: usize,
}

/// Sorts a row by parts; `sort` sorts one and gives nothing when memory is exhausted, `before` says whether an element must come before another.
pub fn sort<T: Copy + Send + Sync>(row: &mut [T], sort: impl Fn(&mut [T]) -> Option<()> + Sync, before: impl Fn(&T, &T) -> bool + Sync) -> Option<()> {
    let (n, threads) = (row.len(), parallel::threads());
    if n < MANY || threads == 1 {
        return sort(row);
    }
    let mut spare = super::buffer(n, row[0])?;
    let parts = n.div_ceil(PART).max(threads);
    let mut starts: Vec<usize> = (0..=parts).map(|k| n / parts * k + (n % parts).min(k)).collect();
    let exhausted = AtomicBool::new(false);
    let shared = Shared(row.as_mut_ptr());
    parallel::run(threads, parts, &|k| {
        // SAFETY: parts do not overlap.
        let done = sort(unsafe { shared.part(starts[k], starts[k + 1] - starts[k]) }).is_some();
        if !done {
            exhausted.store(true, Ordering::Relaxed);
        }
        done
    });
    if exhausted.into_inner() {
        return None;
    }
    let (mut from, mut to) = (row, &mut spare[..]);
    let mut swapped = false;
    while starts.len() > 2 {
        let tasks = tasks(&starts);
        let (source, shared) = (&*from, Shared(to.as_mut_ptr()));
        parallel::run(threads, tasks.len(), &|k| {
            let task = &tasks[k];
            // SAFETY: pieces do not overlap.
            let out = unsafe { shared.part(task.first, task.end - task.first) };
            piece(&source[task.low..task.middle], &source[task.middle..task.high], task.first - task.low, out, &before);
            true
        });
        // What is left of every other start; the last one stays.
        let merged = starts.len().div_ceil(2) - usize::from(starts.len() % 2 == 1);
        starts = starts.iter().copied().step_by(2).take(merged).chain([n]).collect();
        std::mem::swap(&mut from, &mut to);
        swapped = !swapped;
    }
    if swapped {
        to.copy_from_slice(from);
    }
    Some(())
}

/// The pieces of all pairs of parts; a part without another one is copied.
fn tasks(starts: &[usize]) -> Vec<Task> {
    let mut all = vec![];
    for k in (0..starts.len() - 1).step_by(2) {
        let (low, middle) = (starts[k], starts[k + 1]);
        let high = starts.get(k + 2).copied().unwrap_or(middle);
        all.extend((low..high).step_by(PIECE).map(|first| Task { low, middle, high, first, end: high.min(first + PIECE) }));
    }
    all
}

/// Writes the elements from the `first` on that two sorted rows make together.
fn piece<T: Copy>(a: &[T], b: &[T], first: usize, out: &mut [T], before: &impl Fn(&T, &T) -> bool) {
    let (mut i, end) = (taken(a, b, first, before), taken(a, b, first + out.len(), before));
    let (mut j, last) = (first - i, first + out.len() - end);
    let mut k = 0;
    while i < end && j < last {
        // Without a branch, which would be mispredicted each second time.
        let (x, y) = (a[i], b[j]);
        let right = before(&y, &x);
        out[k] = std::hint::select_unpredictable(right, y, x);
        j += usize::from(right);
        i += usize::from(!right);
        k += 1;
    }
    let rest = end - i;
    out[k..k + rest].copy_from_slice(&a[i..end]);
    out[k + rest..].copy_from_slice(&b[j..last]);
}

/// How many of the first `count` elements that two sorted rows make together come from the left one.
fn taken<T>(a: &[T], b: &[T], count: usize, before: &impl Fn(&T, &T) -> bool) -> usize {
    let (mut low, mut high) = (count.saturating_sub(b.len()), count.min(a.len()));
    while low < high {
        let i = low.midpoint(high);
        if before(&b[count - i - 1], &a[i]) { high = i } else { low = i + 1 }
    }
    low
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_those_of_a_stable_merge() {
        let (a, b): (Vec<(i32, i32)>, Vec<(i32, i32)>) = ((0..50).map(|k| (k / 7, k)).collect(), (0..33).map(|k| (k / 3, 100 + k)).collect());
        let mut expected: Vec<_> = a.iter().chain(&b).copied().collect();
        expected.sort_by_key(|x| x.0);
        for (a, b, expected) in [(&a[..], &b[..], &expected[..]), (&a[..], &[], &a[..]), (&[], &b[..], &b[..])] {
            for size in [1, 5, expected.len()] {
                let mut out = vec![(0, 0); expected.len()];
                for first in (0..expected.len()).step_by(size) {
                    let end = expected.len().min(first + size);
                    piece(a, b, first, &mut out[first..end], &|x, y| x.0 < y.0);
                }
                assert_eq!(out, expected);
            }
        }
    }

    #[test]
    fn every_part_is_in_one_task() {
        for parts in 1..9usize {
            let starts: Vec<usize> = (0..=parts).map(|k| k * 40_000).collect();
            let tasks = tasks(&starts);
            assert!(tasks.first().is_some_and(|t| t.first == 0) && tasks.last().is_some_and(|t| t.end == parts * 40_000));
            assert!(tasks.windows(2).all(|t| t[0].end == t[1].first));
        }
    }
}
