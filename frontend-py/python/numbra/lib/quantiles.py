"""Medians, percentiles and quantiles, by linear interpolation."""
import numpy as np
from numbra.intrinsics import dtype_kind, kind, promote, refuse
from numbra.lib import Static, implements
from numbra.lib.axes import normalize_axis, without
from numbra.lib.moments import mean_dtype
from numbra.lib.reductions import as_array
from numbra.lib.sorting import contiguous_copy, sort_row
from numbra.lib.views import flat_view


def _sorted(a):
    if dtype_kind(a.dtype) == "c":
        refuse("quantiles of complex numbers are not supported:", a)
    row = contiguous_copy(a)
    sort_row(row)
    return row


def _median(a, dtype):
    row = _sorted(a)
    n = row.shape[0]
    if n == 0:
        return dtype(np.nan)
    last = dtype(row[n - 1])
    if last != last:
        return last
    if n % 2 == 1:
        return dtype(row[n // 2])
    return dtype((dtype(row[n // 2 - 1]) + dtype(row[n // 2])) / dtype(2))


def _median_rows(a, out):
    """Along the last axis."""
    if a.ndim == 2:
        for i in range(a.shape[0]):
            out[i] = _median(a[i], out.dtype)
    else:
        for i in range(a.shape[0]):
            _median_rows(a[i], out[i])


@implements(np.median)
def median(a, axis: Static = None):
    """The middle of the sorted elements, or the mean of the two in the middle; NaN where there is one."""
    a = as_array(a)
    dtype = mean_dtype(a, None)
    if axis is None:
        return _median(a, dtype)
    if kind(axis) != "int":
        refuse("an axis is an int or None, not", axis)
    k = normalize_axis(axis, a.ndim)
    if a.ndim == 1:
        return _median(a, dtype)
    out = np.empty(without(a.shape, k), dtype)
    _median_rows(np.moveaxis(a, k, -1), out)
    return out


def _quantile(row, q, dtype):
    """Of a sorted row; q from 0 to 1."""
    n = row.shape[0]
    last = dtype(row[n - 1])
    if last != last:
        return last
    position = q * (n - 1)
    i = min(np.int64(position), n - 1)
    t = dtype(position - i)
    low, high = dtype(row[i]), dtype(row[min(i + 1, n - 1)])
    difference = high - low
    if t >= 0.5:
        return dtype(high - difference * (dtype(1) - t))
    return dtype(low + difference * t)


def _quantiles(a, q, whole, message, axis: Static, method: Static):
    if axis is not None:
        refuse("the argument `axis` is not supported by quantiles")
    if method != "linear":
        refuse("quantiles are interpolated by the method 'linear', not", method)
    a = as_array(a)
    row = _sorted(a)
    if row.shape[0] == 0:
        raise IndexError("index -1 is out of bounds for axis 0 with size 0")
    if kind(q) == "array" or kind(q) == "list" or kind(q) == "tuple":
        places = as_array(q)
        dtype = promote(mean_dtype(a, None), mean_dtype(places, None))
        out = np.empty(places.shape, dtype)
        source, target = contiguous_copy(places), flat_view(out)
        for i in range(target.shape[0]):
            target[i] = _quantile(row, _part(source[i], whole, message), dtype)
        return out
    return _quantile(row, _part(q, whole, message), mean_dtype(a, None))


def _part(q, whole, message):
    part = np.float64(q) / whole
    if not (part >= 0 and part <= 1):
        raise ValueError(message)
    return part


@implements(np.percentile)
def percentile(a, q, axis: Static = None, method: Static = "linear"):
    """What q percent of the elements do not exceed; for an array q an array."""
    return _quantiles(a, q, 100.0, "Percentiles must be in the range [0, 100]", axis, method)


@implements(np.quantile)
def quantile(a, q, axis: Static = None, method: Static = "linear"):
    """What a part q of the elements does not exceed; for an array q an array."""
    return _quantiles(a, q, 1.0, "Quantiles must be in the range [0, 1]", axis, method)
