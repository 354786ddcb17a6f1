"""Medians, percentiles and quantiles, by all methods of interpolation that NumPy has."""
import numpy as np
from numbra.intrinsics import dtype_kind, kind, max as max_of, min as min_of, promote, refuse, select_row, view
from numbra.lib import Static, implements
from numbra.lib.construction.reshape import contiguous, ravel
from numbra.lib.layout.axes import normalize_axis, replaced, without
from numbra.lib.layout.memory import store
from numbra.lib.layout.shapes import pad
from numbra.lib.order.sorting import contiguous_copy, part
from numbra.lib.reduction.moments import mean_dtype
from numbra.lib.reduction.options import delivered
from numbra.lib.reduction.reductions import as_array


def _copied(a, leave_out: Static):
    """A row of the elements that may be rearranged, on demand without NaN."""
    if dtype_kind(a.dtype) == "c":
        refuse("quantiles of complex numbers are not supported:", a)
    row = contiguous_copy(a)
    if not leave_out or dtype_kind(a.dtype) != "f":
        return row
    n = 0
    for x in row:
        row[n] = x
        n += x == x
    return view(row, 0, (n,))


def _at(row, k):
    """The element that sorting would put at a position, and the one behind it (the same one at the end). NaN for both if there is one."""
    select_row(row, k)
    behind = part(row, k)
    last = max_of(behind)
    if last != last:
        return last, last
    if k == row.shape[0] - 1:
        return row[k], row[k]
    return row[k], min_of(part(row, k + 1))


def _median(a, dtype, leave_out: Static):
    row = _copied(a, leave_out)
    n = row.shape[0]
    if dtype_kind(a.dtype) == "m":
        return _median_time(row)
    if n == 0:
        return dtype(np.nan)
    low, high = _at(row, (n - 1) // 2)
    if n % 2 == 1:
        # The mean of one number: that of -0.0 is 0.0.
        return dtype(dtype(low) + dtype(0))
    return dtype((dtype(low) + dtype(high)) / dtype(2))


def _median_time(row):
    """NaT where there is one, and of no elements."""
    n = row.shape[0]
    if n == 0:
        return np.sum(row) / 0
    row.sort()
    if row[n - 1] != row[n - 1] or n % 2 == 1:
        return row[n - 1] if row[n - 1] != row[n - 1] else row[n // 2]
    return (row[n // 2 - 1] + row[n // 2]) / 2


def _median_rows(a, out, leave_out: Static):
    """Along the last axis."""
    if a.ndim == 2:
        for i in range(a.shape[0]):
            out[i] = _median(a[i], out.dtype, leave_out)
    else:
        for i in range(a.shape[0]):
            _median_rows(a[i], out[i], leave_out)


def _medians(a, axis: Static, leave_out: Static):
    a = as_array(a)
    dtype = a.dtype if dtype_kind(a.dtype) == "m" else mean_dtype(a, None)
    if axis is None:
        return _median(a, dtype, leave_out)
    if kind(axis) != "int":
        refuse("an axis is an int or None, not", axis)
    k = normalize_axis(axis, a.ndim)
    if a.ndim == 1:
        return _median(a, dtype, leave_out)
    out = np.empty(without(a.shape, k), dtype)
    _median_rows(np.moveaxis(a, k, -1), out, leave_out)
    return out


@implements(np.median)
def median(a, axis: Static = None, out=None, overwrite_input: Static = False, keepdims: Static = False):
    """The middle of the sorted elements, or the mean of the two in the middle; NaN where there is one."""
    return delivered(_kept(_medians(a, axis, False), as_array(a), axis, keepdims), out)


@implements(np.nanmedian)
def nanmedian(a, axis: Static = None, out=None, overwrite_input: Static = False, keepdims: Static = False):
    """The median of what is not NaN."""
    return delivered(_kept(_medians(a, axis, True), as_array(a), axis, keepdims), out)


def _kept(result, a, axis: Static, keepdims: Static):
    """A result with the axes that were reduced, of one element each."""
    if not keepdims or a.ndim == 0:
        return result
    if axis is None:
        return np.reshape(np.asarray(result), pad((), a.ndim))
    return np.reshape(np.asarray(result), replaced(a.shape, normalize_axis(axis, a.ndim), 1))


def _chooses(method: Static):
    """Whether a method takes one of the elements; the others interpolate."""
    return method == "lower" or method == "higher" or method == "nearest" or method == "inverted_cdf" or method == "closest_observation"


def _result_dtype(a, method: Static):
    if _chooses(method):
        return a.dtype
    return mean_dtype(a, None)


def _between(n, q, alpha: Static, beta: Static):
    return n * q + (alpha + q * (1 - alpha - beta)) - 1


def _position(n, q, method: Static):
    """Where the quantile of a part q is among n sorted elements."""
    if method == "linear" or method == "midpoint":
        return q * (n - 1)
    if method == "lower":
        return np.floor(q * (n - 1))
    if method == "higher":
        return np.ceil(q * (n - 1))
    if method == "nearest":
        # Of two as near the one at an even position.
        return np.rint(q * (n - 1))
    if method == "inverted_cdf":
        return np.ceil(n * q - 1)
    if method == "closest_observation":
        return np.rint(n * q) - 1
    if method == "averaged_inverted_cdf":
        return n * q - 1
    if method == "interpolated_inverted_cdf":
        return _between(n, q, 0, 1)
    if method == "hazen":
        return _between(n, q, 0.5, 0.5)
    if method == "weibull":
        return _between(n, q, 0, 0)
    if method == "median_unbiased":
        return _between(n, q, 1 / 3, 1 / 3)
    if method == "normal_unbiased":
        return _between(n, q, 3 / 8, 3 / 8)
    refuse("the method of a quantile is one of NumPy's, as a constant, not", method)


def _weight(t, method: Static):
    """How much of the second of two neighbours is taken."""
    if method == "midpoint":
        return 0.5 if t != 0 else 0.0
    if method == "averaged_inverted_cdf":
        return 1.0 if t != 0 else 0.5
    return t


def _quantile(row, q, dtype, method: Static):
    """Of a row whose elements may be rearranged; q from 0 to 1."""
    n = row.shape[0]
    if n == 0:
        return dtype(np.nan)
    position = _position(n, q, method)
    i = max(0, min(np.int64(position), n - 1))
    first, second = _at(row, i)
    if _chooses(method):
        return dtype(first)
    t = dtype(_weight(position - i, method))
    low, high = dtype(first), dtype(first if position < 0 else second)
    difference = high - low
    if t >= 0.5:
        return dtype(high - difference * (dtype(1) - t))
    return dtype(low + difference * t)


def _quantile_rows(a, q, out, method: Static, leave_out: Static):
    """Along the last axis, each of the quantiles along the first axis of the result."""
    if a.ndim == 1:
        row = _copied(a, leave_out)
        for i in range(q.shape[0]):
            out[i] = _quantile(row, q[i], out.dtype, method)
    else:
        for i in range(a.shape[0]):
            _quantile_rows(a[i], q, out[:, i], method, leave_out)


def _quantiles(a, q, whole, message, axis: Static, method: Static, leave_out: Static):
    a = as_array(a)
    if kind(q) == "array":
        if q.ndim == 0:
            return _quantiles(a, q[()], whole, message, axis, method, leave_out)
    if axis is not None and kind(axis) != "int":
        refuse("an axis is an int or None, not", axis)
    if kind(q) == "int" or kind(q) == "float" or kind(q) == "bool":
        if axis is None or a.ndim == 1:
            return _quantile(_checked(_copied(a, leave_out), leave_out), _part(q, whole, message), _result_dtype(a, method), method)
    if axis is None:
        return _quantiles_along(contiguous(ravel(a)), q, whole, message, 0, method, leave_out)
    return _quantiles_along(a, q, whole, message, normalize_axis(axis, a.ndim), method, leave_out)


def _nothing():
    raise IndexError("index -1 is out of bounds for axis 0 with size 0")


def _checked(row, leave_out: Static):
    if row.shape[0] == 0 and not leave_out:
        _nothing()
    return row


def _quantiles_along(a, q, whole, message, axis: Static, method: Static, leave_out: Static):
    if a.shape[axis] == 0 and not leave_out:
        _nothing()
    if kind(q) == "array" or kind(q) == "list" or kind(q) == "tuple":
        places = as_array(q)
        dtype = a.dtype if _chooses(method) else promote(mean_dtype(a, None), mean_dtype(places, None))
        parts = np.empty(places.size, np.float64)
        store(parts, ravel(places))
        shape = places.shape
    else:
        dtype = _result_dtype(a, method)
        parts = np.full(1, np.float64(q))
        shape = ()
    for i in range(parts.shape[0]):
        parts[i] = _part(parts[i], whole, message)
    rest = without(a.shape, axis)
    out = np.empty(parts.shape + rest, dtype)
    _quantile_rows(np.moveaxis(a, axis, -1), parts, out, method, leave_out)
    return view(out, 0, shape + rest)


def _part(q, whole, message):
    part = np.float64(q) / whole
    if not (part >= 0 and part <= 1):
        raise ValueError(message)
    return part


def _percentiles(a, q, out: Static, axis: Static, method: Static, leave_out: Static):
    return delivered(_quantiles(a, q, 100.0, "Percentiles must be in the range [0, 100]", axis, method, leave_out), out)


def _parts(a, q, out: Static, axis: Static, method: Static, leave_out: Static):
    return delivered(_quantiles(a, q, 1.0, "Quantiles must be in the range [0, 1]", axis, method, leave_out), out)


@implements(np.percentile)
def percentile(a, q, axis: Static = None, out=None, overwrite_input: Static = False, method: Static = "linear"):
    """What q percent of the elements do not exceed; for an array q an array."""
    return _percentiles(a, q, out, axis, method, False)


@implements(np.nanpercentile)
def nanpercentile(a, q, axis: Static = None, out=None, overwrite_input: Static = False, method: Static = "linear"):
    """Percentiles of what is not NaN."""
    return _percentiles(a, q, out, axis, method, True)


@implements(np.quantile)
def quantile(a, q, axis: Static = None, out=None, overwrite_input: Static = False, method: Static = "linear"):
    """What a part q of the elements does not exceed; for an array q an array."""
    return _parts(a, q, out, axis, method, False)


@implements(np.nanquantile)
def nanquantile(a, q, axis: Static = None, out=None, overwrite_input: Static = False, method: Static = "linear"):
    """Quantiles of what is not NaN."""
    return _parts(a, q, out, axis, method, True)
