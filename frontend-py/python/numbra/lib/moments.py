"""Means, variances and standard deviations."""
import numpy as np
from numbra.intrinsics import dtype_kind, kind, map, refuse
from numbra.lib import Static, implements
from numbra.lib.axes import count_along
from numbra.lib.reductions import as_array, no_out, sum


def mean_dtype(a, dtype):
    """Integers are averaged as float64."""
    if dtype_kind(a.dtype) == "M" or dtype_kind(a.dtype) == "m" or dtype_kind(a.dtype) == "V":
        refuse("the function takes an array of real numbers, not", a)
    if dtype is not None:
        return dtype
    if dtype_kind(a.dtype) == "f" or dtype_kind(a.dtype) == "c":
        return a.dtype
    return np.float64


def quotient(total, n):
    """total / n, in the type of the total; NaN for 0 / 0."""
    if kind(total) == "array":
        if total.ndim == 0:
            total[()] = _ratio(total[()], n)
        else:
            _divide(total, n)
        return total
    return _ratio(total, n)


def _ratio(x, n):
    if kind(x) == "complex":
        return complex(_ratio(x.real, n), _ratio(x.imag, n))
    if n == 0:
        return x * type(x)(np.inf)
    return x / n


def _divide(total, n):
    if total.ndim == 1:
        for i in range(total.shape[0]):
            total[i] = _ratio(total[i], n)
    else:
        for i in range(total.shape[0]):
            _divide(total[i], n)


@implements(np.mean, "array.mean")
def mean(a, axis: Static = None, dtype=None, out=None, keepdims: Static = False, where=None):
    no_out(out, None, where)
    a = as_array(a)
    if dtype_kind(a.dtype) == "m" and dtype is None:
        return np.divide(sum(a, axis, None, None, keepdims), count_along(a.shape, axis))
    result = mean_dtype(a, dtype)
    total = sum(a, axis, result, None, keepdims)
    n = count_along(a.shape, axis)
    if kind(total) == "array":
        return quotient(total, n)
    return result(quotient(total, n))


def squared_distance(x, y):
    z = x - y
    if kind(z) == "complex":
        return z.real * z.real + z.imag * z.imag
    return z * z


def _real(dtype):
    """The type of the variance of numbers of a type."""
    if dtype == np.complex64:
        return np.float32
    if dtype == np.complex128:
        return np.float64
    return dtype


@implements(np.var, "array.var")
def var(a, axis: Static = None, dtype=None, out=None, ddof=0, keepdims: Static = False, where=None):
    no_out(out, None, where)
    a = as_array(a)
    wide = mean_dtype(a, dtype)
    n = count_along(a.shape, axis) - ddof
    if n < 0:
        n = n * 0
    if a.ndim == 1 or axis is None:
        if not keepdims and a.ndim > 0:
            squares = map(squared_distance, a, np.mean(a, dtype=wide))
            return _real(wide)(quotient(np.sum(squares, dtype=_real(wide)), n))
    center = np.mean(a, axis, wide, None, True)
    if a.ndim == 0:
        return _real(wide)(quotient(squared_distance(wide(a[()]), wide(a[()])), n))
    squares = map(squared_distance, a, center)
    total = np.sum(squares, axis, _real(wide), None, keepdims)
    return quotient(total, n)


@implements(np.std, "array.std")
def std(a, axis: Static = None, dtype=None, out=None, ddof=0, keepdims: Static = False, where=None):
    return np.sqrt(var(a, axis, dtype, out, ddof, keepdims, where))
