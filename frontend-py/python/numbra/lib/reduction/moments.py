"""Means, variances and standard deviations."""
import numpy as np
from numbra.intrinsics import dtype_kind, kind, map, refuse, squared_distances
from numbra.lib import Static, implements
from numbra.lib.elements.elementwise import elementwise
from numbra.lib.layout.axes import check_axes, count_along
from numbra.lib.reduction.options import delivered, is_all
from numbra.lib.reduction.reductions import as_array, sum


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
def mean(a, axis: Static = None, dtype=None, out=None, keepdims: Static = False, where: Static = None):
    if not is_all(where):
        a = as_array(a)
        total = np.sum(a, axis, mean_dtype(a, dtype), None, keepdims, None, where)
        return delivered(shares(total, _count(a, axis, keepdims, where)), out)
    if out is not None:
        return delivered(np.mean(a, axis, dtype, None, keepdims), out)
    a = as_array(a)
    if dtype_kind(a.dtype) == "m" and dtype is None:
        return np.divide(sum(a, axis, None, None, keepdims), count_along(a.shape, axis))
    result = mean_dtype(a, dtype)
    total = sum(a, axis, result, None, keepdims)
    n = count_along(a.shape, axis)
    if kind(total) == "array":
        return quotient(total, n)
    return result(quotient(total, n))


def _count(a, axis: Static, keepdims: Static, where):
    """How many elements a mask leaves."""
    return np.sum(np.broadcast_to(np.asarray(where), a.shape), axis, np.int64, None, keepdims)


def shares(total, n):
    """Each of the totals divided by its number of elements, in the type of the totals."""
    if kind(total) == "array":
        return elementwise(share_of, total, n)
    return share_of(total, n)


def share_of(x, n):
    return type(x)(_ratio(x, n))


def squared_distance(x, y):
    z = x - y
    if kind(z) == "complex":
        return z.real * z.real + z.imag * z.imag
    return z * z


def real_dtype(dtype):
    """The type of the variance of numbers of a type."""
    if dtype == np.complex64:
        return np.float32
    if dtype == np.complex128:
        return np.float64
    return dtype


def less(n, ddof, correction):
    """A number of elements with the correction taken off, 0 at least. NumPy has two names for it."""
    if correction is not None:
        if ddof != 0:
            raise ValueError("ddof and correction can't be provided simultaneously.")
        return less(n, correction, None)
    return np.maximum(np.subtract(n, ddof), 0)


@implements(np.var, "array.var")
def var(a, axis: Static = None, dtype=None, out=None, ddof=0, keepdims: Static = False, where: Static = None, mean=None, correction=None):
    if out is not None:
        return delivered(var(a, axis, dtype, None, ddof, keepdims, where, mean, correction), out)
    a = as_array(a)
    wide = mean_dtype(a, dtype)
    if not is_all(where):
        center = mean if mean is not None else np.mean(a, axis, wide, None, True, where)
        squares = map(squared_distance, a, center) if a.ndim > 0 else np.asarray(squared_distance(a[()], np.asarray(center)[()]))
        total = np.sum(squares, axis, real_dtype(wide), None, keepdims, None, where)
        return shares(total, less(_count(a, axis, keepdims, where), ddof, correction))
    n = less(count_along(a.shape, axis), ddof, correction)
    if mean is None and a.ndim > 0 and not keepdims:
        if axis is None or (a.ndim == 1 and kind(axis) == "int"):
            if dtype_kind(a.dtype) != "c" and dtype_kind(wide) == "f":
                return wide(quotient(squared_distances(a, wide), n))
            squares = map(squared_distance, a, np.mean(a, axis, wide))
            return real_dtype(wide)(quotient(np.sum(squares, dtype=real_dtype(wide)), n))
    if a.ndim == 0:
        check_axes(axis)
        center = wide(a[()]) if mean is None else np.asarray(mean)[()]
        return real_dtype(wide)(quotient(squared_distance(wide(a[()]), center), n))
    squares = map(squared_distance, a, np.mean(a, axis, wide, None, True) if mean is None else mean)
    # A map, which goes over rows together with what is made of it.
    return shares(np.sum(squares, axis, real_dtype(wide), None, keepdims), n)


@implements(np.std, "array.std")
def std(a, axis: Static = None, dtype=None, out=None, ddof=0, keepdims: Static = False, where: Static = None, mean=None, correction=None):
    return delivered(np.sqrt(var(a, axis, dtype, None, ddof, keepdims, where, mean, correction)), out)
