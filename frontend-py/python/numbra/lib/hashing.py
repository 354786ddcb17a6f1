"""`hash` of numbers and tuples of them: CPython's values."""
import math
import numpy as np
from numbra.intrinsics import dtype_kind, kind, refuse
from numbra.lib import implements

# Numbers that are equal have one hash: their residue by this prime, as fractions of integers.
MODULUS = 2305843009213693951
BITS = 61
INFINITY = 314159
IMAGINARY = 1000003


@implements(hash)
def hash(obj):
    if kind(obj) == "bool":
        return int(obj)
    if kind(obj) == "int":
        return _of_int(obj)
    if kind(obj) == "float":
        return _of_float(np.float64(obj))
    if kind(obj) == "complex":
        z = np.complex128(obj)
        return _valid(np.int64(np.uint64(_of_float(z.real)) + np.uint64(IMAGINARY) * np.uint64(_of_float(z.imag))))
    if kind(obj) == "tuple":
        return _of_tuple(obj)
    refuse("compiled code has no hash of", obj)


def _valid(h):
    """-1 stands for an error in CPython."""
    if h == -1:
        return -2
    return h


def _of_int(x):
    if dtype_kind(x.dtype) == "u":
        return np.int64(np.uint64(x) % np.uint64(MODULUS))
    if x < 0:
        return _valid(-np.int64((np.uint64(0) - np.uint64(np.int64(x))) % np.uint64(MODULUS)))
    return np.int64(np.uint64(x) % np.uint64(MODULUS))


def _rotated(x, n):
    """The residue times 2 to the n."""
    return ((x << np.uint64(n)) & np.uint64(MODULUS)) | (x >> np.uint64(BITS - n))


def _of_float(v):
    if math.isinf(v):
        return INFINITY if v > 0 else -INFINITY
    if math.isnan(v):
        return 0
    mantissa, exponent = math.frexp(abs(v))
    x = np.uint64(0)
    while mantissa != 0:
        x = _rotated(x, 28)
        mantissa *= 268435456.0
        exponent -= 28
        whole = int(mantissa)
        mantissa -= whole
        x += np.uint64(whole)
        if x >= np.uint64(MODULUS):
            x -= np.uint64(MODULUS)
    x = _rotated(x, exponent % BITS)
    return _valid(np.int64(x) if v > 0 else -np.int64(x))


def _of_tuple(items):
    h = _folded(np.uint64(2870177450012600261), items)
    h += np.uint64(len(items)) ^ np.uint64(2870177450012600261 ^ 3527539)
    if h == np.uint64(18446744073709551615):
        return 1546275796
    return np.int64(h)


def _folded(h, items):
    if len(items) == 0:
        return h
    h += np.uint64(hash(items[0])) * np.uint64(14029467366897019727)
    h = (h << np.uint64(31)) | (h >> np.uint64(33))
    return _folded(h * np.uint64(11400714785074694791), items[1:])
