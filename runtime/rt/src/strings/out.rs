//! Text under construction, in UTF-8; lone surrogates, which that cannot hold, are noted aside.
use super::{Str, Text};
use crate::Site;
use std::fmt;

/// A text, and where in it lone surrogates stand, in bytes.
#[derive(Default)]
pub struct Out {
    /// With a replacement character for each surrogate
    pub text: String,
    lone: Vec<(usize, u16)>,
}

impl Out {
    /// Appends text.
    pub fn push_str(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// Appends a character.
    pub fn push(&mut self, c: char) {
        self.text.push(c);
    }

    /// Appends a string.
    pub fn push_string(&mut self, text: Text) {
        if let Some(ascii) = text.ascii() {
            self.text.push_str(std::str::from_utf8(ascii).unwrap_or_default());
            return;
        }
        for c in text.codes() {
            self.push_code(c);
        }
    }

    /// Appends a code point.
    pub fn push_code(&mut self, code: u32) {
        match char::from_u32(code) {
            Some(c) => self.text.push(c),
            None => {
                self.lone.push((self.text.len(), code as u16));
                self.text.push(char::REPLACEMENT_CHARACTER);
            }
        }
    }

    /// The position, in characters, of the first lone surrogate, and what it is.
    pub fn surrogate(&self) -> Option<(usize, u16)> {
        self.lone.first().map(|(at, code)| (self.text[..*at].chars().count(), *code))
    }

    /// As a string.
    ///
    /// # Safety
    /// The site is live.
    pub unsafe fn into_str(self, site: *const Site) -> Str {
        // SAFETY: promised by the caller.
        unsafe {
            if self.lone.is_empty() {
                return Str::from_text(site, &self.text);
            }
            let mut lone = self.lone.iter().peekable();
            let codes: Vec<u32> = self.text.char_indices().map(|(at, c)| match lone.next_if(|l| l.0 == at) {
                Some((_, code)) => u32::from(*code),
                None => u32::from(c),
            }).collect();
            Str::of(site, &codes)
        }
    }
}

impl fmt::Write for Out {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.text.push_str(text);
        Ok(())
    }
}
