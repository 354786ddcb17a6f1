//! Keys of stored artifacts.
use crate::{Options, Target};

/// Everything that an artifact depends on, as bytes: source, captured values, callees, types, options, target and the build of the compiler.
///
/// The digest names the entry; a reader compares the bytes as well, so that a collision or a forgery is a miss and never wrong code.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CacheKey {
    bytes: Vec<u8>,
}

impl CacheKey {
    /// A key with nothing in it.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a field. Name and value are stored with their lengths, so that neighbouring fields cannot run into each other.
    pub fn field(mut self, name: &str, value: &[u8]) -> Self {
        for part in [name.as_bytes(), value] {
            self.bytes.extend_from_slice(&(part.len() as u64).to_le_bytes());
            self.bytes.extend_from_slice(part);
        }
        self
    }

    /// Adds the target.
    pub fn target(self, target: &Target) -> Self {
        self.field("triple", target.triple.as_bytes()).field("cpu", target.cpu.as_bytes()).field("features", target.features.as_bytes())
    }

    /// Adds the options that change the code.
    pub fn options(self, options: &Options) -> Self {
        self.field("level", &[options.level as u8])
    }

    /// The bytes that an entry stores.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// 128-bit FNV-1a of the bytes, in hexadecimal: a file name.
    pub fn digest(&self) -> String {
        const OFFSET: u128 = 0x6c62272e07bb014262b821756295c58d;
        const PRIME: u128 = 0x0000000001000000000000000000013b;
        let hash = self.bytes.iter().fold(OFFSET, |hash, byte| (hash ^ u128::from(*byte)).wrapping_mul(PRIME));
        format!("{hash:032x}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_do_not_run_into_each_other() {
        let a = CacheKey::new().field("a", b"bc");
        let b = CacheKey::new().field("ab", b"c");
        assert_ne!(a.digest(), b.digest());
        assert_eq!(a.digest(), CacheKey::new().field("a", b"bc").digest());
        assert_eq!(CacheKey::new().digest(), "6c62272e07bb014262b821756295c58d");
    }
}
