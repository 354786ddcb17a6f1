"""What Python's own constructs mean for arrays: truth, identity, conversion by a scalar type; and the flags of arrays."""
import numpy as np
from numbra.intrinsics import address, flagged, is_readonly, kind, layout, refuse, view
from numbra.lib import implements


@implements("array.__bool__")
def truth(a):
    """The truth of the only element."""
    if a.size == 0:
        raise ValueError("The truth value of an empty array is ambiguous. Use `array.size > 0` to check that an array is not empty.")
    if a.size != 1:
        raise ValueError("The truth value of an array with more than one element is ambiguous. Use a.any() or a.all()")
    return bool(view(a, 0, ())[()])


@implements("array.__not__")
def negated(a):
    return not truth(a)


@implements("array.__is__")
def is_same(a, b):
    """Whether two arrays are one: the same elements at the same place."""
    if a.ndim != b.ndim or a.dtype is not b.dtype:
        return False
    return address(a) == address(b) and a.shape == b.shape and a.strides == b.strides


@implements("array.__is_not__")
def is_other(a, b):
    return not is_same(a, b)


@implements("array.__contains__")
def contains(x, a):
    """Whether a number equals some element; of an array, whether any of its elements equals the one at its place."""
    if kind(x) == "array":
        return bool(np.any(np.equal(a, x)))
    if a.ndim == 0:
        return a[()] == x
    for y in a:
        if kind(y) == "array":
            if contains(x, y):
                return True
        elif y == x:
            return True
    return False


@implements("array.__not_contains__")
def misses(x, a):
    return not contains(x, a)


@implements("numbra.conversion")
def conversion(dtype, x):
    """A scalar type called with an array or a sequence: an array of that type, or a number of an array without dimensions."""
    if kind(x) == "array":
        if dtype is bool:
            return truth(x)
        if x.ndim == 0:
            if dtype is x.dtype:
                return x[()]
            return dtype(x[()])
    if dtype is int or dtype is float or dtype is complex:
        refuse("only 0-dimensional arrays can be converted to Python scalars, not", x)
    return np.array(x, dtype)


def _is_c(shape, strides, size):
    """Whether the last axis has the smallest steps and there are no gaps; lengths of 1 have any steps."""
    if len(shape) == 0:
        return True
    n = len(shape)
    if shape[n - 1] != 1 and strides[n - 1] != size:
        return False
    return _is_c(shape[:n - 1], strides[:n - 1], size * shape[n - 1])


@implements("flags.@c_contiguous", "flags.@contiguous", "flags.@c")
def c_contiguous(flags):
    a = flagged(flags)
    if layout(a) == "C" or a.size == 0:
        return True
    return _is_c(a.shape, a.strides, a.itemsize)


@implements("flags.@f_contiguous", "flags.@fortran", "flags.@f")
def f_contiguous(flags):
    a = flagged(flags)
    if layout(a) == "F" or a.size == 0:
        return True
    return _is_c(a.T.shape, a.T.strides, a.itemsize)


@implements("flags.@writeable", "flags.@w")
def writeable(flags):
    return not is_readonly(flagged(flags))


@implements("flags.@forc")
def forc(flags):
    return c_contiguous(flags) or f_contiguous(flags)


@implements("flags.@fnc")
def fnc(flags):
    return f_contiguous(flags) and not c_contiguous(flags)


@implements("flags.@aligned", "flags.@a")
def aligned(flags):
    return True
