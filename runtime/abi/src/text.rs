//! Strings in machine form: owner, data, and a word with the length in code points and the width of a code point in memory. Code points lie in memory one
//! after the other, all 1, 2 or 4 bytes wide, as in CPython, so that indexing takes one step. The width need not be the least: a slice has that of what
//! it was cut from, whose memory it shares.

/// Bits of the last word that say the width; the length stands above them.
pub const WIDTH_BITS: u32 = 2;

/// The last word of a string: `width` is the logarithm of the width in bytes, 0 to 2.
pub const fn word(length: usize, width: u32) -> u64 {
    ((length as u64) << WIDTH_BITS) | width as u64
}

/// The least width, as a logarithm, for a code point.
pub const fn width(code: u32) -> u32 {
    match code {
        0..0x100 => 0,
        0x100..0x10000 => 1,
        _ => 2,
    }
}

/// The code points of a text in memory, and its last word.
pub fn encode(text: &str) -> (Vec<u8>, u64) {
    let (mut length, mut widest) = (0, 0);
    for c in text.chars() {
        length += 1;
        widest = width(c as u32).max(widest);
    }
    let bytes = text.chars().flat_map(|c| {
        let size = 1 << widest;
        (c as u32).to_le_bytes().into_iter().take(size)
    });
    (bytes.collect(), word(length, widest))
}

/// Questions about all characters of a string, by the names of Python's methods: what they are called between compiler and runtime is the position.
pub const TESTS: &[&str] = &[
    "isalnum", "isalpha", "isascii", "isdecimal", "isdigit", "isidentifier", "islower", "isnumeric", "isprintable", "isspace", "istitle", "isupper",
];

/// What is looked for in a string, likewise.
pub const SEARCHES: &[&str] = &["count", "find", "index", "rfind", "rindex"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_have_the_least_width() {
        assert_eq!(encode("ab"), (b"ab".to_vec(), word(2, 0)));
        assert_eq!(encode("\u{e9}"), (vec![0xe9], word(1, 0)));
        assert_eq!(encode("a\u{20ac}"), (vec![b'a', 0, 0xac, 0x20], word(2, 1)));
        assert_eq!(encode("\u{1f600}").0.len(), 4);
        assert_eq!(encode(""), (vec![], 0));
    }
}
