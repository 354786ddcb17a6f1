//! Permissions to change what floats give, by their names in LLVM.
use std::fmt;

/// Set of fast-math flags.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct FastMath(pub u8);

/// Names and bits.
const NAMES: [(&str, FastMath); 7] =
    [("reassoc", FastMath::REASSOC), ("contract", FastMath::CONTRACT), ("arcp", FastMath::ARCP), ("nnan", FastMath::NNAN), ("ninf", FastMath::NINF), ("nsz", FastMath::NSZ), ("afn", FastMath::AFN)];

impl FastMath {
    /// None: results in every bit as written
    pub const NONE: FastMath = FastMath(0);
    /// Other groupings of sums and products
    pub const REASSOC: FastMath = FastMath(1);
    /// One rounding for a product and a sum
    pub const CONTRACT: FastMath = FastMath(2);
    /// Multiplication by a reciprocal for a division
    pub const ARCP: FastMath = FastMath(4);
    /// There are no NaNs
    pub const NNAN: FastMath = FastMath(8);
    /// There are no infinities
    pub const NINF: FastMath = FastMath(16);
    /// The sign of a zero does not matter
    pub const NSZ: FastMath = FastMath(32);
    /// Other formulas for functions
    pub const AFN: FastMath = FastMath(64);
    /// All of them
    pub const ALL: FastMath = FastMath(127);

    /// The flag of a name.
    pub fn named(name: &str) -> Option<FastMath> {
        NAMES.iter().find(|(n, _)| *n == name).map(|(_, f)| *f)
    }

    /// Whether all of the other are here.
    pub fn has(self, other: FastMath) -> bool {
        self.0 & other.0 == other.0
    }

    /// Both together.
    pub fn with(self, other: FastMath) -> FastMath {
        FastMath(self.0 | other.0)
    }
}

impl fmt::Display for FastMath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self == FastMath::NONE {
            return f.write_str("exact");
        }
        let names: Vec<&str> = NAMES.iter().filter(|(_, flag)| self.has(*flag)).map(|(n, _)| *n).collect();
        f.write_str(&names.join(" "))
    }
}
