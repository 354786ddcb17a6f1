//! Equality and order, by code points.
use super::{Str, Text, both, units};
use std::cmp::Ordering;

impl Text<'_> {
    /// The order of two strings.
    pub fn order(self, other: Text) -> Ordering {
        match (self, other) {
            (Text::One(a), Text::One(b)) => a.cmp(b),
            (a, b) => a.codes().cmp(b.codes()),
        }
    }

    /// Whether both have the same code points.
    pub fn same(self, other: Text) -> bool {
        match (self, other) {
            (Text::One(a), Text::One(b)) => a == b,
            (Text::Two(a), Text::Two(b)) => a == b,
            (Text::Four(a), Text::Four(b)) => a == b,
            (a, b) => a.len() == b.len() && a.codes().eq(b.codes()),
        }
    }

    /// The first place of a text, of at least one code point.
    pub fn find(self, needle: Text) -> Option<usize> {
        match (self, needle) {
            (Text::One(a), Text::One(b)) => memchr::memmem::find(a, b),
            (a, b) if b.len() == 1 => {
                let code = b.codes().next().unwrap_or_default();
                units!(a, s => s.iter().position(|c| u32::from(*c) == code))
            }
            (a, b) => both!(a, b, s, t => s.windows(t.len()).position(|w| w == t)),
        }
    }

    /// The last place of a text, of at least one code point.
    pub fn rfind(self, needle: Text) -> Option<usize> {
        match (self, needle) {
            (Text::One(a), Text::One(b)) => memchr::memmem::rfind(a, b),
            (a, b) => both!(a, b, s, t => s.windows(t.len()).rposition(|w| w == t)),
        }
    }

    /// A part.
    pub fn range(self, from: usize, to: usize) -> Self {
        match self {
            Text::One(s) => Text::One(&s[from..to]),
            Text::Two(s) => Text::Two(&s[from..to]),
            Text::Four(s) => Text::Four(&s[from..to]),
        }
    }

    /// Whether it begins with a text.
    pub fn begins(self, other: Text) -> bool {
        other.len() <= self.len() && self.range(0, other.len()).same(other)
    }

    /// Whether it ends with a text.
    pub fn ends(self, other: Text) -> bool {
        other.len() <= self.len() && self.range(self.len() - other.len(), self.len()).same(other)
    }
}

/// Whether two strings are equal.
///
/// # Safety
/// Data and last words of live strings.
pub unsafe extern "C" fn nb_str_equal(a: *const u8, b: *const u8, x: u64, y: u64) -> i32 {
    // SAFETY: promised by the caller.
    unsafe { i32::from(Text::new(a, x).same(Text::new(b, y))) }
}

/// The order of two strings.
///
/// # Safety
/// Data and last words of live strings.
pub unsafe extern "C" fn nb_str_order(a: *const u8, x: u64, b: *const u8, y: u64) -> i64 {
    // SAFETY: promised by the caller.
    unsafe { Text::new(a, x).order(Text::new(b, y)) as i64 }
}

/// Whether a string is part of another.
///
/// # Safety
/// Live strings.
pub unsafe extern "C" fn nb_str_contains(string: *const Str, part: *const Str) -> i32 {
    // SAFETY: promised by the caller.
    let (string, part) = unsafe { ((*string).text(), (*part).text()) };
    i32::from(part.is_empty() || string.find(part).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_do_not_matter() {
        let (a, b) = (Text::One(b"ab\xe9"), Text::Four(&[0x61, 0x62, 0xe9]));
        assert!(a.same(b) && a.order(b).is_eq() && a.begins(b) && a.ends(Text::Two(&[0xe9])));
        assert_eq!(Text::Two(&[0x61, 0x20ac]).order(Text::One(b"ab")), Ordering::Greater);
        assert_eq!(a.find(Text::Two(&[0x62, 0xe9])), Some(1));
        assert_eq!(Text::Two(&[1, 2, 1, 2]).rfind(Text::One(&[1, 2])), Some(2));
        assert_eq!(Text::One(b"aaa").find(Text::Two(&[0x20ac])), None);
    }
}
