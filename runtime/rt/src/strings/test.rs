//! Questions about all characters of a string.
use super::{Str, Text, unicode};
use numbra_abi::text::TESTS;

// Whether there is a character and all hold.
fn every(text: Text, holds: fn(u32) -> bool) -> bool {
    !text.is_empty() && text.codes().all(holds)
}

// Whether there is a cased character and none of the other case.
fn cased(text: Text, own: fn(u32) -> bool, other: fn(u32) -> bool) -> bool {
    !text.codes().any(|c| other(c) || unicode::is_title(c)) && text.codes().any(own)
}

// Whether upper case stands at the beginning of words only, and lower case only behind a letter.
fn is_title(text: Text) -> bool {
    let (mut inside, mut any) = (false, false);
    for c in text.codes() {
        if unicode::is_upper(c) || unicode::is_title(c) {
            if inside {
                return false;
            }
            (inside, any) = (true, true);
        } else if unicode::is_lower(c) {
            if !inside {
                return false;
            }
            any = true;
        } else {
            inside = false;
        }
    }
    any
}

/// A question of the table; what is not in it is false.
///
/// # Safety
/// A live string.
pub unsafe extern "C" fn nb_str_test(string: *const Str, which: i64) -> i32 {
    // SAFETY: promised by the caller.
    let text = unsafe { (*string).text() };
    let name = usize::try_from(which).ok().and_then(|i| TESTS.get(i)).copied().unwrap_or_default();
    i32::from(match name {
        "isalnum" => every(text, |c| unicode::is_alpha(c) || unicode::is_digit(c) || unicode::is_numeric(c)),
        "isalpha" => every(text, unicode::is_alpha),
        "isascii" => text.codes().all(|c| c < 0x80),
        "isdecimal" => every(text, unicode::is_decimal),
        "isdigit" => every(text, unicode::is_digit),
        "isidentifier" => text.codes().next().is_some_and(unicode::begins_name) && text.codes().all(unicode::continues_name),
        "islower" => cased(text, unicode::is_lower, unicode::is_upper),
        "isnumeric" => every(text, |c| unicode::is_digit(c) || unicode::is_numeric(c)),
        "isprintable" => text.codes().all(unicode::is_printable),
        "isspace" => every(text, unicode::is_space),
        "istitle" => is_title(text),
        "isupper" => cased(text, unicode::is_upper, unicode::is_lower),
        _ => false,
    })
}
