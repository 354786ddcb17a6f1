//! Conversions between dialects, one folder each: `<from>_to_<to>`.
pub mod py_to_std;
