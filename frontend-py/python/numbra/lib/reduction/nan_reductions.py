"""Reductions that leave NaN out. Of integers they are the plain ones."""
import numpy as np
from numbra.intrinsics import dtype_kind, kind, map, refuse
from numbra.lib import Static, implements
from numbra.lib.elements.elementwise import elementwise
from numbra.lib.reduction.cumulative import cumprod, cumsum
from numbra.lib.reduction.moments import less, mean, real_dtype, share_of, shares, squared_distance, var
from numbra.lib.reduction.options import delivered, is_all
from numbra.lib.reduction.positions import argmax, argmin
from numbra.lib.reduction.reductions import all, any, as_array, fold_nonempty, prod, reduce, same, sum


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
def nansum(a, axis: Static = None, dtype=None, out=None, keepdims: Static = False, initial: Static = None, where: Static = None):
    a = as_array(a)
    if has_nan(a):
        if a.ndim > 0:
            return np.sum(map(nan_to_zero, a), axis, dtype, out, keepdims, initial, where)
        return sum(without_nan(nan_to_zero, a), axis, dtype, out, keepdims, initial, where)
    return sum(a, axis, dtype, out, keepdims, initial, where)


@implements(np.nanprod)
def nanprod(a, axis: Static = None, dtype=None, out=None, keepdims: Static = False, initial: Static = None, where: Static = None):
    a = as_array(a)
    if has_nan(a):
        if a.ndim > 0:
            return np.prod(map(nan_to_one, a), axis, dtype, out, keepdims, initial, where)
        return prod(without_nan(nan_to_one, a), axis, dtype, out, keepdims, initial, where)
    return prod(a, axis, dtype, out, keepdims, initial, where)


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


def _extremum(plain, to_end, whole, step, a, axis: Static, out, keepdims: Static, initial: Static, where: Static):
    """`plain` (`np.min` or `np.max`) of what is not NaN: in its place comes a number that is never preferred (`to_end`). `whole` and `step` do it for complex numbers."""
    if out is not None:
        return delivered(_extremum(plain, to_end, whole, step, a, axis, None, keepdims, initial, where), out)
    if not has_nan(a):
        return plain(a, axis, None, keepdims, initial, where)
    if dtype_kind(a.dtype) == "c":
        if initial is not None or not is_all(where):
            refuse("the arguments `initial` and `where` are not for complex numbers:", a)
        return reduce(whole, same, step, a, axis, a.dtype, keepdims)
    if initial is not None:
        return plain(without_nan(to_end, a), axis, None, keepdims, initial, where)
    if not is_all(where):
        return plain(a, axis, None, keepdims, None, where)
    if a.ndim > 0:
        return _nan_where(np.any(map(is_number, a), axis, None, keepdims), plain(map(to_end, a), axis, None, keepdims))
    return _nan_where(any(numbers_of(a), axis), plain(without_nan(to_end, a), axis))


@implements(np.nanmin)
def nanmin(a, axis: Static = None, out=None, keepdims: Static = False, initial: Static = None, where: Static = None):
    return _extremum(np.min, _to_largest, _smallest_number, np.fmin, as_array(a), axis, out, keepdims, initial, where)


@implements(np.nanmax)
def nanmax(a, axis: Static = None, out=None, keepdims: Static = False, initial: Static = None, where: Static = None):
    return _extremum(np.max, _to_smallest, _largest_number, np.fmax, as_array(a), axis, out, keepdims, initial, where)


def numbers_of(a):
    """Which elements are not NaN."""
    if a.ndim == 0:
        out = np.empty((), np.bool_)
        out[()] = is_number(a[()])
        return out
    return elementwise(is_number, a)


def _check_dtype(dtype):
    if dtype is not None:
        if dtype_kind(dtype) != "f" and dtype_kind(dtype) != "c":
            refuse("If a is inexact, then dtype must be inexact, not", dtype)


@implements(np.nanmean)
def nanmean(a, axis: Static = None, dtype=None, out=None, keepdims: Static = False, where: Static = None):
    if out is not None:
        return delivered(nanmean(a, axis, dtype, None, keepdims, where), out)
    a = as_array(a)
    if not has_nan(a):
        return mean(a, axis, dtype, None, keepdims, where)
    _check_dtype(dtype)
    if a.ndim > 0:
        return shares(np.sum(map(nan_to_zero, a), axis, dtype, None, keepdims, None, where), np.sum(map(is_number, a), axis, None, None, keepdims, None, where))
    n = sum(numbers_of(a), axis, None, None, keepdims, None, where)
    total = sum(without_nan(nan_to_zero, a), axis, dtype, None, keepdims, None, where)
    return shares(total, n)


def _distance_or_zero(x, y):
    z = squared_distance(x, y)
    return z if z == z or x == x else type(z)(0)


@implements(np.nanvar)
def nanvar(a, axis: Static = None, dtype=None, out=None, ddof=0, keepdims: Static = False, where: Static = None, mean=None, correction=None):
    if out is not None:
        return delivered(nanvar(a, axis, dtype, None, ddof, keepdims, where, mean, correction), out)
    a = as_array(a)
    if not has_nan(a):
        return var(a, axis, dtype, None, ddof, keepdims, where, mean, correction)
    _check_dtype(dtype)
    n = sum(numbers_of(a), axis, None, None, keepdims, None, where)
    center = nanmean(a, axis, dtype, None, True, where) if mean is None else mean
    if a.ndim > 0:
        total = np.sum(map(_distance_or_zero, a, center), axis, _variance_dtype(dtype), None, keepdims, None, where)
    else:
        total = sum(np.asarray(_distance_or_zero(a[()], np.asarray(center)[()])), axis, _variance_dtype(dtype), None, keepdims, None, where)
    if kind(total) == "array":
        return elementwise(_ratio_or_nan, total, less(n, ddof, correction))
    return _ratio_or_nan(total, less(n, ddof, correction))


def _variance_dtype(dtype):
    """That of the numbers, unless another one is asked for."""
    return None if dtype is None else real_dtype(dtype)


def _ratio_or_nan(x, n):
    return share_of(x, n) if n > 0 else type(x)(np.nan)


@implements(np.nanstd)
def nanstd(a, axis: Static = None, dtype=None, out=None, ddof=0, keepdims: Static = False, where: Static = None, mean=None, correction=None):
    return delivered(np.sqrt(nanvar(a, axis, dtype, None, ddof, keepdims, where, mean, correction)), out)


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
