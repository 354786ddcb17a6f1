"""The limits of scalar types: finfo, iinfo. What they return holds the type; its attributes are the functions of this file."""
import numpy as np
from numbra.intrinsics import dtype_kind, dtype_size, kind, limited, limits, promote, refuse
from numbra.lib import Static, implements


def _scalar_type(dtype):
    """A type, also where a number or an array is given."""
    if kind(dtype) == "entity" or kind(dtype) == "str":
        return promote(dtype)
    return dtype.dtype


@implements(np.finfo)
def finfo(dtype):
    """The limits of a type of floats; of a complex type those of its parts."""
    wanted = _scalar_type(dtype)
    if dtype_kind(wanted) == "c":
        return limits(np.float32 if dtype_size(wanted) == 8 else np.float64)
    if dtype_kind(wanted) != "f":
        refuse("finfo takes a type of floats, not", dtype)
    return limits(wanted)


@implements(np.iinfo)
def iinfo(type):
    """The limits of a type of integers."""
    wanted = _scalar_type(type)
    if dtype_kind(wanted) != "i" and dtype_kind(wanted) != "u":
        refuse("iinfo takes a type of integers, not", type)
    return limits(wanted)


def _power(info, double: Static, single: Static):
    """A power of two, in the type of floats."""
    if dtype_kind(limited(info)) != "f":
        refuse("iinfo has only the attributes bits, dtype, max and min")
    if dtype_size(limited(info)) == 8:
        return 2.0 ** double
    return np.float32(2.0 ** single)


@implements("limits.@dtype")
def dtype(info):
    return limited(info)


@implements("limits.@bits")
def bits(info):
    return 8 * dtype_size(limited(info))


@implements("limits.@max")
def largest(info):
    wanted = limited(info)
    if dtype_kind(wanted) == "f":
        return wanted(1.7976931348623157e308) if dtype_size(wanted) == 8 else wanted(3.4028234663852886e38)
    if dtype_kind(wanted) == "u":
        return np.uint64(0) - np.uint64(1) if dtype_size(wanted) == 8 else (1 << 8 * dtype_size(wanted)) - 1
    return 9223372036854775807 >> (64 - 8 * dtype_size(wanted))


@implements("limits.@min")
def smallest(info):
    wanted = limited(info)
    if dtype_kind(wanted) == "f":
        return -largest(info)
    if dtype_kind(wanted) == "u":
        return 0
    return -largest(info) - 1


@implements("limits.@eps")
def eps(info):
    """From 1 to the next number."""
    return _power(info, -52, -23)


@implements("limits.@epsneg")
def epsneg(info):
    return _power(info, -53, -24)


@implements("limits.@tiny", "limits.@smallest_normal")
def tiny(info):
    return _power(info, -1022, -126)


@implements("limits.@smallest_subnormal")
def smallest_subnormal(info):
    return _power(info, -1074, -149)


@implements("limits.@resolution")
def resolution(info):
    return limited(info)(1e-15) if dtype_size(limited(info)) == 8 else limited(info)(1e-6)


@implements("limits.@precision")
def precision(info):
    return 15 if dtype_size(limited(info)) == 8 else 6


@implements("limits.@nmant")
def nmant(info):
    return 52 if dtype_size(limited(info)) == 8 else 23
