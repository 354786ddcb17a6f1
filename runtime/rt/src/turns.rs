//! Parts of a loop that run on several threads, of which each hands something on to the next: how many elements there are so far, a running sum.
//!
//! Parts are taken in order, by whoever is ready, and a part waits for those before it only when it needs what they hand on. A part that is waited for has been taken by a thread that runs it,
//! so that this ends however few threads there are; a part must not raise. Nobody sleeps: parts are of one size, and the one before is at its end when the next one waits.
use std::hint::spin_loop;
use std::sync::atomic::{AtomicI64, Ordering};
use std::thread::yield_now;

/// Looks at the word so often before the processor is offered to another thread, which may be the one that is waited for.
const SPINS: u32 = 1 << 10;

/// The words of a loop.
#[repr(C)]
pub struct Turns {
    /// The next part to take
    next: AtomicI64,
    /// The part whose turn it is
    turn: AtomicI64,
}

/// The number of the next part that nobody has taken.
///
/// # Safety
/// The words of a loop, which were zero before its first part.
pub unsafe extern "C" fn nb_turn_take(turns: *const Turns) -> i64 {
    // SAFETY: promised by the caller.
    unsafe { (*turns).next.fetch_add(1, Ordering::Relaxed) }
}

/// Returns when all parts before this one have handed on.
///
/// # Safety
/// As of [`nb_turn_take`]; the part was taken by this thread.
pub unsafe extern "C" fn nb_turn_wait(turns: *const Turns, part: i64) {
    let mut spins = 0;
    // SAFETY: promised by the caller.
    while unsafe { (*turns).turn.load(Ordering::Acquire) } < part {
        if spins < SPINS { spin_loop() } else { yield_now() }
        spins = spins.saturating_add(1);
    }
}

/// The part whose turn it is has handed on.
///
/// # Safety
/// As of [`nb_turn_take`]; the part has waited for its turn.
pub unsafe extern "C" fn nb_turn_pass(turns: *const Turns) {
    // SAFETY: promised by the caller.
    unsafe { (*turns).turn.fetch_add(1, Ordering::Release) };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_hand_on_in_order() {
        let turns = Turns { next: AtomicI64::new(0), turn: AtomicI64::new(0) };
        let seen = AtomicI64::new(0);
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| loop {
                    // SAFETY: the words of this loop.
                    unsafe {
                        let part = nb_turn_take(&turns);
                        if part >= 1000 {
                            break;
                        }
                        nb_turn_wait(&turns, part);
                        assert_eq!(seen.swap(part + 1, Ordering::Relaxed), part);
                        nb_turn_pass(&turns);
                    }
                });
            }
        });
        assert_eq!(seen.into_inner(), 1000);
    }
}
