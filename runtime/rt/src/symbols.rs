//! Addresses of the runtime functions: one row of the table of symbols, one function of this crate.
use crate::{complex::*, compress::*, copy::*, exception::*, float::*, integer::*, linear::*, list::*, memory::*, order::*, parallel::*, print::*, stack::*, turns::*, unwind::*};
use crate::strings::{build::*, case::*, compare::*, format::*, hash::*, number::*, search::*, split::*, test::*};

macro_rules! bind {
    ($($name:ident ($($argument:ident)*) -> $result:ident, $effect:ident, $doc:literal;)*) => {
        const ADDRESSES: &[(&str, fn() -> *const ())] = &[$((stringify!($name), || $name as *const ())),*];
    };
}
numbra_abi::runtime_symbols!(bind);

/// Address of the runtime function with this name.
pub fn address(name: &str) -> Option<*const ()> {
    ADDRESSES.iter().find(|row| row.0 == name).map(|row| (row.1)())
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_symbol_has_an_address() {
        for symbol in numbra_abi::symbols::SYMBOLS {
            assert!(super::address(symbol.name).is_some_and(|a| !a.is_null()), "{}", symbol.name);
        }
        assert_eq!(super::address("nb_none"), None);
    }
}
