"""Positions of extrema: argmin and argmax."""
import numpy as np
from numbra.intrinsics import dtype_kind, kind, known, layout, max as max_of, min as min_of, refuse, view
from numbra.lib import Static, implements
from numbra.lib.layout.axes import check_axes, is_at, normalize_axis, replaced, without
from numbra.lib.layout.shapes import pad
from numbra.lib.layout.views import flat_view
from numbra.lib.reduction.options import delivered
from numbra.lib.reduction.reductions import as_array

BLOCK = 512
STRIP = 128


def _less(x, y):
    """Whether x comes before y. NaN comes before all else."""
    if kind(x) == "complex":
        if y != y:
            return False
        return x != x or x.real < y.real or (x.real == y.real and x.imag < y.imag)
    return (x < y) | ((x != x) & (y == y))


def _greater(x, y):
    if kind(x) == "complex":
        if y != y:
            return False
        return x != x or x.real > y.real or (x.real == y.real and x.imag > y.imag)
    return (x > y) | ((x != x) & (y == y))


def _search(better, a):
    """The position of the first extremum of a row, one element after the other."""
    best = a[0]
    position = 0
    for i in range(1, a.shape[0]):
        if better(a[i], best):
            best = a[i]
            position = i
    return position


def _is_number(x, y):
    return x == y


def _is_nan(x, y):
    return x != x


@implements(boundscheck=False)
def _search_strips(is_it, a, x):
    """The first place in a row for which a condition holds: pieces of the row are looked at with vector instructions."""
    n = a.shape[0]
    start = 0
    while start + STRIP < n:
        found = False
        for i in range(STRIP):
            found |= is_it(a[start + i], x)
        if found:
            break
        start += STRIP
    for i in range(start, n):
        if is_it(a[i], x):
            return i
    return n


def _first(a, x):
    """The first place of x in a row that has it; NaN is the same as NaN."""
    if dtype_kind(a.dtype) == "f" or dtype_kind(a.dtype) == "M" or dtype_kind(a.dtype) == "m":
        if x != x:
            return _search_strips(_is_nan, a, x)
    return _search_strips(_is_number, a, x)


def _position(extremum, better, a):
    """The position in a row: the extremum is found with vector instructions, block by block, then its place in the best block."""
    n = a.shape[0]
    if dtype_kind(a.dtype) == "c":
        return _search(better, a)
    best = a[0]
    found = 0
    for start in range(0, n, BLOCK):
        x = extremum(a[start:min(start + BLOCK, n)])
        if better(x, best):
            best = x
            found = start
    return found + _first(a[found:min(found + BLOCK, n)], best)


def _along(extremum, better, a, axis: Static, out):
    if layout(a) == "F":
        _along(extremum, better, a.T, a.ndim - 1 - axis, out.T)
    elif a.ndim == 2 and axis == 1:
        for i in range(a.shape[0]):
            out[i] = _position(extremum, better, a[i])
    elif axis == 0:
        best = np.copy(a[0])
        _zero(out)
        for j in range(1, a.shape[0]):
            _compare(better, a[j], j, best, out)
    else:
        for i in range(a.shape[0]):
            _along(extremum, better, a[i], axis - 1, out[i])


def _zero(out):
    if out.ndim == 1:
        for i in range(out.shape[0]):
            out[i] = 0
    else:
        for i in range(out.shape[0]):
            _zero(out[i])


def _compare(better, a, j, best, out):
    if a.ndim == 1:
        for i in range(a.shape[0]):
            take = better(a[i], best[i])
            best[i] = a[i] if take else best[i]
            out[i] = j if take else out[i]
    else:
        for i in range(a.shape[0]):
            _compare(better, a[i], j, best[i], out[i])


def _locate(extremum, better, a, axis: Static, keepdims: Static, message):
    if a.ndim == 0:
        check_axes(axis)
        return 0
    if axis is None:
        if a.size == 0:
            raise ValueError(message)
        position = _position(extremum, better, _row(a))
        if keepdims:
            out = np.empty(pad((), a.ndim), np.int64)
            flat_view(out)[0] = position
            return out
        return position
    if kind(axis) != "int":
        refuse("an axis is an int or None, not", axis)
    if not known(axis) and a.ndim > 1:
        return _locate_at(extremum, better, a, axis, keepdims, message, 0)
    k = normalize_axis(axis, a.ndim)
    if a.shape[k] == 0:
        raise ValueError(message)
    if a.ndim == 1:
        return _locate(extremum, better, a, None, keepdims, message)
    out = np.empty(without(a.shape, k), np.int64)
    if out.size > 0:
        _along(extremum, better, a, k, out)
    if keepdims:
        return view(out, 0, replaced(a.shape, k, 1))
    return out


def _locate_at(extremum, better, a, axis, keepdims: Static, message, k: Static):
    if k + 1 < a.ndim:
        if not is_at(axis, k, a.ndim):
            return _locate_at(extremum, better, a, axis, keepdims, message, k + 1)
    else:
        is_at(axis, k, a.ndim)
    return _locate(extremum, better, a, k, keepdims, message)


def _row(a):
    """The elements in the order of indices."""
    if a.ndim == 1:
        return a
    if a.ndim == 0 or layout(a) == "C":
        return flat_view(a)
    return flat_view(a.copy())


@implements(np.argmin, "array.argmin")
def argmin(a, axis: Static = None, out=None, keepdims: Static = False):
    if out is not None:
        return delivered(np.argmin(a, axis, None, keepdims), out)
    return _locate(min_of, _less, as_array(a), axis, keepdims, "attempt to get argmin of an empty sequence")


@implements(np.argmax, "array.argmax")
def argmax(a, axis: Static = None, out=None, keepdims: Static = False):
    if out is not None:
        return delivered(np.argmax(a, axis, None, keepdims), out)
    return _locate(max_of, _greater, as_array(a), axis, keepdims, "attempt to get argmax of an empty sequence")
