"""The library in Python: NumPy functions, methods and operators, written for numbra itself.

The files of this package are compiled when numbra is built and are never imported; they are here to be read. What they may use beyond
Python is in `numbra.intrinsics`. A function says what it implements by `@implements(path or object, ...)`: NumPy functions by
themselves, methods as "array.take", attributes as "array.@flat". A parameter annotated `Static` makes a version for each value that is
known at compile time (None, strings, types and functions always do).
"""
