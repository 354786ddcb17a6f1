//! Panics of the compiler: errors like others, told with their place, and not printed where they are caught (`RUST_BACKTRACE` prints them all the same).
use std::any::Any;
use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::sync::Once;

thread_local! {
    static CATCHING: Cell<bool> = const { Cell::new(false) };
    static PLACE: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Runs a piece of work; a panic in it becomes a text that tells its message and place.
pub fn caught<R>(work: impl FnOnce() -> R) -> Result<R, String> {
    install_hook();
    let outer = CATCHING.replace(true);
    let result = catch_unwind(AssertUnwindSafe(work));
    CATCHING.set(outer);
    result.map_err(|panic| {
        let place = PLACE.take().map_or_else(String::new, |place| format!(" at {place}"));
        format!("the compiler panicked{place}: {}", message(&*panic))
    })
}

fn message(panic: &(dyn Any + Send)) -> &str {
    panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no message")
}

/// The hook notes where a panic is when this thread catches it; all others go to the hook that was there before.
fn install_hook() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let previous = take_hook();
        set_hook(Box::new(move |info| {
            let caught = CATCHING.try_with(Cell::get).unwrap_or(false);
            if caught {
                let place = info.location().map(ToString::to_string);
                // No borrow lasts beyond an assignment.
                let _ = PLACE.try_with(|p| p.replace(place));
            }
            if !caught || std::env::var_os("RUST_BACKTRACE").is_some() {
                previous(info);
            }
        }));
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn panics_become_texts_with_their_place() {
        assert_eq!(caught(|| 3), Ok(3));
        let text = caught(|| -> u8 { panic!("number {}", 7) }).expect_err("panics");
        assert!(text.starts_with("the compiler panicked at ") && text.contains("panics.rs:") && text.ends_with(": number 7"), "{text}");
        let nested = caught(|| caught(|| panic!("inner")).map_err(|e: String| e.contains("inner")));
        assert_eq!(nested, Ok(Err::<(), bool>(true)));
        assert!(!CATCHING.get());
    }

    #[test]
    fn other_panics_reach_the_hook_before() {
        let _ = caught(|| ());
        let failed = std::thread::spawn(|| panic!("outside of a compilation: this is printed")).join();
        assert!(failed.is_err() && PLACE.take().is_none());
    }
}
