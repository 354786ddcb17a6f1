//! Runtime functions that compiled code calls, by name and signature: the compiler declares them from this table, the back end binds them from it.
//! placeholder
