//! Strings: code points of one width in memory ([`numbra_abi::text`]), shared by reference. They never change, so that a slice is a view.
//!
//! Lone surrogates are kept as the code points that they are; only what leaves as UTF-8 (`print`, texts of exceptions) cannot hold them.
//! What costs more than a few instructions is here, one file per family; compiled code compares, indexes and iterates by itself.
use crate::memory::{Header, nb_alloc};
use crate::{Site, exception::raise_text};
use numbra_abi::{ExceptionKind, text::{WIDTH_BITS, width, word}};

pub mod build;
pub mod case;
pub mod compare;
pub mod format;
pub mod hash;
pub mod number;
pub mod out;
pub mod search;
pub mod split;
pub mod test;
mod unicode;

pub(crate) use unicode::is_printable;

/// The slots of a string.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct Str {
    /// What keeps the memory alive
    pub owner: *mut Header,
    /// First code point
    pub data: *const u8,
    /// Length and width
    pub word: u64,
}

/// The code points of a string.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Text<'a> {
    /// Below 256
    One(&'a [u8]),
    /// Below 65536
    Two(&'a [u16]),
    /// Any
    Four(&'a [u32]),
}

/// Runs code on the code points as a slice of their type.
macro_rules! units {
    ($text:expr, $s:ident => $code:expr) => {
        match $text {
            $crate::strings::Text::One($s) => $code,
            $crate::strings::Text::Two($s) => $code,
            $crate::strings::Text::Four($s) => $code,
        }
    };
}
/// Runs code on the code points of two strings as slices of one type.
macro_rules! both {
    ($a:expr, $b:expr, $s:ident, $t:ident => $code:expr) => {
        match ($a, $b) {
            ($crate::strings::Text::One($s), $crate::strings::Text::One($t)) => $code,
            ($crate::strings::Text::Two($s), $crate::strings::Text::Two($t)) => $code,
            (a, b) => {
                let (a, b) = (a.wide(), b.wide());
                let ($s, $t) = (&a[..], &b[..]);
                $code
            }
        }
    };
}
pub(crate) use {both, units};

impl<'a> Text<'a> {
    /// From data and last word.
    ///
    /// # Safety
    /// They are those of a live string.
    pub unsafe fn new(data: *const u8, word: u64) -> Text<'a> {
        let length = (word >> WIDTH_BITS) as usize;
        // SAFETY: promised by the caller; data is aligned for its width, and never null.
        unsafe {
            match word & 3 {
                0 => Text::One(std::slice::from_raw_parts(data, length)),
                1 => Text::Two(std::slice::from_raw_parts(data.cast(), length)),
                _ => Text::Four(std::slice::from_raw_parts(data.cast(), length)),
            }
        }
    }

    /// The number of code points.
    pub fn len(&self) -> usize {
        units!(self, s => s.len())
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The code points.
    pub fn wide(&self) -> Vec<u32> {
        units!(self, s => s.iter().map(|c| u32::from(*c)).collect())
    }

    /// The code points one by one.
    pub fn codes(self) -> Box<dyn DoubleEndedIterator<Item = u32> + 'a> {
        units!(self, s => Box::new(s.iter().map(|c| u32::from(*c))))
    }

    /// The bytes, if all are ASCII.
    pub fn ascii(self) -> Option<&'a [u8]> {
        match self {
            Text::One(s) if s.is_ascii() => Some(s),
            _ => None,
        }
    }

    /// As UTF-8, with a replacement character for lone surrogates.
    pub fn lossy(self) -> String {
        match self.ascii() {
            Some(s) => s.iter().map(|b| char::from(*b)).collect(),
            None => self.codes().map(|c| char::from_u32(c).unwrap_or(char::REPLACEMENT_CHARACTER)).collect(),
        }
    }

    /// As UTF-8; `None` with lone surrogates.
    pub fn utf8(self) -> Option<String> {
        self.codes().map(char::from_u32).collect()
    }
}

impl Str {
    /// The code points.
    ///
    /// # Safety
    /// The string is live.
    pub unsafe fn text<'a>(&self) -> Text<'a> {
        // SAFETY: promised by the caller.
        unsafe { Text::new(self.data, self.word) }
    }

    /// The same string with a reference of its own.
    ///
    /// # Safety
    /// The string is live.
    pub unsafe fn retained(self) -> Str {
        // SAFETY: promised by the caller.
        unsafe { (*self.owner).count += 1 };
        self
    }

    /// A part of it, with a reference of its own.
    ///
    /// # Safety
    /// The string is live, and the part is inside it.
    pub unsafe fn part(self, first: usize, length: usize) -> Str {
        let width = (self.word & 3) as u32;
        // SAFETY: promised by the caller.
        unsafe { Str { data: self.data.add(first << width), word: word(length, width), ..self }.retained() }
    }

    /// A new string of so many code points of a width, whose memory has no content yet.
    ///
    /// # Safety
    /// The site is live.
    pub unsafe fn new(site: *const Site, length: usize, width: u32) -> (Str, *mut u8) {
        let bytes = length.checked_mul(1 << width).and_then(|b| i64::try_from(b).ok()).filter(|_| length < 1 << 60);
        let owner = bytes.map_or(std::ptr::null_mut(), |b| nb_alloc(b, 0));
        if owner.is_null() {
            // SAFETY: promised by the caller.
            unsafe { raise_text(site, ExceptionKind::MemoryError, "cannot allocate a string of this size".into()) };
        }
        // SAFETY: a new header.
        let data = unsafe { (*owner).data };
        (Str { owner, data, word: word(length, width) }, data)
    }

    /// A new string of the least width.
    ///
    /// # Safety
    /// The site is live.
    pub unsafe fn of(site: *const Site, codes: &[u32]) -> Str {
        let width = codes.iter().map(|c| width(*c)).max().unwrap_or(0);
        // SAFETY: as much is written as there is room for.
        unsafe {
            let (new, data) = Str::new(site, codes.len(), width);
            write(codes.iter().copied(), data, width);
            new
        }
    }

    /// A new string of a text.
    ///
    /// # Safety
    /// The site is live.
    pub unsafe fn from_text(site: *const Site, text: &str) -> Str {
        // SAFETY: as much is written as there is room for.
        unsafe {
            if text.is_ascii() {
                let (new, data) = Str::new(site, text.len(), 0);
                std::ptr::copy_nonoverlapping(text.as_ptr(), data, text.len());
                return new;
            }
            let codes: Vec<u32> = text.chars().map(u32::from).collect();
            Str::of(site, &codes)
        }
    }
}

/// Writes code points to memory.
///
/// # Safety
/// There is room, and all fit the width.
pub unsafe fn write(codes: impl Iterator<Item = u32>, data: *mut u8, width: u32) {
    // SAFETY: promised by the caller.
    unsafe {
        for (i, c) in codes.enumerate() {
            match width {
                0 => data.add(i).write(c as u8),
                1 => data.cast::<u16>().add(i).write(c as u16),
                _ => data.cast::<u32>().add(i).write(c),
            }
        }
    }
}
