//! Descriptors: types as short texts, by which the runtime knows what the 8-byte slots of a value mean. A text is a prefix form:
//! a number is one letter, a time `D` or `L` and the letter of its unit, `A` an array (a character for the rank from `0` on, the dtype), `[` a list of what follows, `(` ... `)` a tuple,
//! `U` ... `)` a union (a tag, then the members), `S` a string (see `text`), `R` a range of the scalar that follows, `N` what has no slots.
use crate::{dtype::{DType, ROWS}, unit::Unit};

/// Begins a date
pub const DATE: char = 'D';
/// Begins a length of time
pub const LENGTH: char = 'L';
/// Begins an array
pub const ARRAY: char = 'A';
/// Begins a list
pub const LIST: char = '[';
/// Begins a tuple
pub const TUPLE: char = '(';
/// Begins a union
pub const UNION: char = 'U';
/// Ends a tuple or union
pub const CLOSE: char = ')';
/// A string
pub const STR: char = 'S';
/// Begins a range
pub const RANGE: char = 'R';
/// No slots
pub const NONE: char = 'N';

/// Appends a scalar type.
pub fn push_scalar(out: &mut String, d: DType) {
    match d {
        DType::DateTime(unit) => out.extend([DATE, letter(unit as usize)]),
        DType::TimeDelta(unit) => out.extend([LENGTH, letter(unit as usize)]),
        number => out.push(scalar(number)),
    }
}

/// The letter of a type of numbers.
pub fn scalar(d: DType) -> char {
    letter(d.index().or(DType::Int64.index()).unwrap_or(0))
}

fn letter(index: usize) -> char {
    char::from(b'a' + index as u8)
}

/// The scalar type that a text begins with.
///
/// # Safety
/// The text leads to a whole descriptor.
pub unsafe fn scalar_of(text: *const u8) -> Option<DType> {
    let index = |letter: u8| letter.checked_sub(b'a').map(usize::from);
    // SAFETY: promised by the caller; after the first letter of a time comes that of its unit.
    let unit = || unsafe { Unit::all().nth(index(*text.add(1))?) };
    // SAFETY: as above.
    match unsafe { *text } as char {
        DATE => unit().map(DType::DateTime),
        LENGTH => unit().map(DType::TimeDelta),
        number => ROWS.get(index(number as u8)?).map(|r| r.dtype),
    }
}

/// How many letters a scalar type takes.
pub fn scalar_length(d: DType) -> usize {
    1 + usize::from(d.unit().is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_those_of_the_table() {
        // SAFETY: each text is a whole descriptor.
        let read = |text: &str| unsafe { scalar_of(text.as_ptr()) };
        let times = Unit::all().flat_map(|unit| [DType::DateTime(unit), DType::TimeDelta(unit)]);
        for d in ROWS.iter().map(|row| row.dtype).chain(times) {
            let mut text = String::new();
            push_scalar(&mut text, d);
            assert_eq!((read(&text), text.len()), (Some(d), scalar_length(d)));
        }
        assert_eq!(read("A"), None);
        assert_eq!(read("z"), None);
    }
}
