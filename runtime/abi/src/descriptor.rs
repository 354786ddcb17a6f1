//! Descriptors: types as short texts, by which the runtime knows what the 8-byte slots of a value mean. A text is a prefix form:
//! a scalar is one letter, `A` an array (a character for the rank from `0` on, the letter of the dtype), `[` a list of what follows, `(` ... `)` a tuple,
//! `U` ... `)` a union (a tag, then the members), `S` a string (see `text`), `R` a range of the scalar that follows, `N` what has no slots.
use crate::dtype::{DType, ROWS};

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

/// The letter of a scalar type; times are the integers that count them.
pub fn scalar(d: DType) -> char {
    let index = d.index().or(DType::Int64.index()).unwrap_or(0);
    char::from(b'a' + index as u8)
}

/// The scalar type of a letter.
pub fn scalar_of(letter: u8) -> Option<DType> {
    ROWS.get(usize::from(letter.checked_sub(b'a')?)).map(|r| r.dtype)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_those_of_the_table() {
        for row in ROWS {
            assert_eq!(u8::try_from(scalar(row.dtype)).ok().and_then(scalar_of), Some(row.dtype));
        }
        assert_eq!(scalar_of(b'A'), None);
        assert_eq!(scalar_of(b'z'), None);
    }
}
