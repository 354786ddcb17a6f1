"""Reductions that leave NaN out. Of integers they are the plain ones."""
import numpy as np
from numbra.intrinsics import dtype_kind, kind, map
from numbra.lib import Static, implements
from numbra.lib.cumulative import cumprod, cumsum
from numbra.lib.elementwise import elementwise
from numbra.lib.moments import mean, quotient, squared_distance, var
from numbra.lib.positions import argmax, argmin
from numbra.lib.reductions import all, any, as_array, fold_nonempty, no_out, prod, reduce, same, sum


def has_nan(a):
    """Whether the type of the elements knows NaN."""
    return dtype_kind(a.dtype) == "f" or dtype_kind(a.dtype) == "c"


def nan_to_zero(x):
    return x if x == x else type(x)(0)


def nan_to_one(x):
    return x if x == x else type(x)(1)


def _to_largest(x):
    return x if x == x else type(x)(np.inf)


def _to_smallest(x):
    return x if x == x else type(x)(-np.inf)


def is_number(x):
    return x == x


def without_nan(f, a):
    """A copy with other values in the place of NaN; 0-d arrays too."""
    if a.ndim == 0:
        out = np.empty((), a.dtype)
        out[()] = f(a[()])
        return out
    return elementwise(f, a)


@implements(np.nansum)
def nansum(a, axis: Static = None, dtype=None, out=None, keepdims: Static = False):
    a = as_array(a)
    if has_nan(a):
        if a.ndim > 0:
            return np.sum(map(nan_to_zero, a), axis, dtype, out, keepdims)
        return sum(without_nan(nan_to_zero, a), axis, dtype, out, keepdims)
    return sum(a, axis, dtype, out, keepdims)


@implements(np.nanprod)
def nanprod(a, axis: Static = None, dtype=None, out=None, keepdims: Static = False):
    a = as_array(a)
    if has_nan(a):
        if a.ndim > 0:
            return np.prod(map(nan_to_one, a), axis, dtype, out, keepdims)
        return prod(without_nan(nan_to_one, a), axis, dtype, out, keepdims)
    return prod(a, axis, dtype, out, keepdims)


@implements("numpy.nancumsum")
def nancumsum(a, axis: Static = None, dtype=None, out=None):
    a = as_array(a)
    if has_nan(a):
        if a.ndim > 0:
            return np.cumsum(map(nan_to_zero, a), axis, dtype, out)
        return cumsum(without_nan(nan_to_zero, a), axis, dtype, out)
    return cumsum(a, axis, dtype, out)


@implements("numpy.nancumprod")
def nancumprod(a, axis: Static = None, dtype=None, out=None):
    a = as_array(a)
    if has_nan(a):
        if a.ndim > 0:
            return np.cumprod(map(nan_to_one, a), axis, dtype, out)
        return cumprod(without_nan(nan_to_one, a), axis, dtype, out)
    return cumprod(a, axis, dtype, out)


def _nan_where(count, result):
    """NaN where nothing was counted."""
    if kind(result) == "array":
        return elementwise(_nan_if_none, count, result)
    return _nan_if_none(count, result)


def _nan_if_none(count, x):
    return x if count > 0 else type(x)(np.nan)


def _smallest_number(a, dtype):
    return fold_nonempty(np.fmin, "fmin", a)


def _largest_number(a, dtype):
    return fold_nonempty(np.fmax, "fmax", a)


def _extremum(a, axis: Static, out, keepdims: Static, plain, ufunc, fold, to_end):
    """`plain` (`np.min` or `np.max`) of what is not NaN. `to_end` puts a number in the place of NaN that is never preferred; complex numbers are folded by `fold`."""
    a = as_array(a)
    if not has_nan(a):
        return plain(a, axis, out, keepdims)
    if dtype_kind(a.dtype) == "c":
        return reduce(fold, same, ufunc, a, axis, a.dtype, keepdims)
    if a.ndim > 0:
        return _nan_where(np.any(map(is_number, a), axis, None, keepdims), plain(map(to_end, a), axis, out, keepdims))
    count = any(numbers_of(a), axis, None, keepdims)
    return _nan_where(count, plain(without_nan(to_end, a), axis, out, keepdims))


@implements(np.nanmin)
def nanmin(a, axis: Static = None, out=None, keepdims: Static = False):
    return _extremum(a, axis, out, keepdims, np.min, np.fmin, _smallest_number, _to_largest)


@implements(np.nanmax)
def nanmax(a, axis: Static = None, out=None, keepdims: Static = False):
    return _extremum(a, axis, out, keepdims, np.max, np.fmax, _largest_number, _to_smallest)


def numbers_of(a):
    """Which elements are not NaN."""
    if a.ndim == 0:
        out = np.empty((), np.bool_)
        out[()] = is_number(a[()])
        return out
    return elementwise(is_number, a)


@implements(np.nanmean)
def nanmean(a, axis: Static = None, dtype=None, out=None, keepdims: Static = False):
    a = as_array(a)
    if not has_nan(a):
        return mean(a, axis, dtype, out, keepdims)
    if a.ndim > 0:
        return _divided(np.sum(map(nan_to_zero, a), axis, dtype, out, keepdims), np.sum(map(is_number, a), axis, None, None, keepdims))
    n = sum(numbers_of(a), axis, None, None, keepdims)
    total = sum(without_nan(nan_to_zero, a), axis, dtype, out, keepdims)
    return _divided(total, n)


def _divided(total, n):
    if kind(total) == "array":
        return elementwise(_ratio, total, n)
    return _ratio(total, n)


def _ratio(x, n):
    return type(x)(quotient(x, n))


def _distance_or_zero(x, y):
    z = squared_distance(x, y)
    return z if z == z or x == x else type(z)(0)


@implements(np.nanvar)
def nanvar(a, axis: Static = None, dtype=None, out=None, ddof=0, keepdims: Static = False):
    a = as_array(a)
    if not has_nan(a):
        return var(a, axis, dtype, out, ddof, keepdims)
    no_out(out, None, None)
    n = sum(numbers_of(a), axis, None, None, keepdims)
    center = nanmean(a, axis, dtype, None, True)
    if a.ndim > 0:
        total = np.sum(map(_distance_or_zero, a, center), axis, None, None, keepdims)
    else:
        total = sum(elementwise(_distance_or_zero, a, center), axis, None, None, keepdims)
    if kind(total) == "array":
        return elementwise(_ratio_or_nan, total, np.subtract(n, ddof))
    return _ratio_or_nan(total, n - ddof)


def _ratio_or_nan(x, n):
    return _ratio(x, n) if n > 0 else type(x)(np.nan)


@implements(np.nanstd)
def nanstd(a, axis: Static = None, dtype=None, out=None, ddof=0, keepdims: Static = False):
    return np.sqrt(nanvar(a, axis, dtype, out, ddof, keepdims))


def _check_numbers(a, axis: Static):
    found = any(numbers_of(a), axis)
    if kind(found) == "array":
        if not all(found):
            raise ValueError("All-NaN slice encountered")
    elif not found:
        raise ValueError("All-NaN slice encountered")


@implements(np.nanargmin)
def nanargmin(a, axis: Static = None, out=None, keepdims: Static = False):
    a = as_array(a)
    if not has_nan(a):
        return argmin(a, axis, out, keepdims)
    _check_numbers(a, axis)
    return argmin(without_nan(_to_largest, a), axis, out, keepdims)


@implements(np.nanargmax)
def nanargmax(a, axis: Static = None, out=None, keepdims: Static = False):
    a = as_array(a)
    if not has_nan(a):
        return argmax(a, axis, out, keepdims)
    _check_numbers(a, axis)
    return argmax(without_nan(_to_smallest, a), axis, out, keepdims)
