"""`tools/compat`: runs the functions that numba's own tests compile under numbra, and compares values, exceptions and effects."""
