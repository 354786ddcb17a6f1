"""Searching in sorted arrays: searchsorted, digitize and interp."""
import numpy as np
from numbra.intrinsics import dtype_kind, kind, known, refuse
from numbra.lib import Static, implements
from numbra.lib.construction.reshape import ravel
from numbra.lib.layout.views import flat_view
from numbra.lib.order.sorting import comes_before
from numbra.lib.reduction.reductions import as_array


def place(a, x, side: Static):
    """How many elements of a sorted row come before x; with side "right" those equal to x too."""
    return _place_between(a, x, side, 0, a.shape[0])


def _precedes(y, x, side: Static):
    return comes_before(y, x) if side == "left" else not comes_before(x, y)


def _place_between(a, x, side: Static, low, high):
    """`place`, where it is known to lie in a part of the row. The halving has no branches."""
    n = high - low
    while n > 0:
        half = n // 2
        y = a[low + half]
        onward = _precedes(y, x, side)
        low = low + half + 1 if onward else low
        n = n - half - 1 if onward else half
    return low


@implements(np.searchsorted, "array.searchsorted")
def searchsorted(a, v, side: Static = "left", sorter: Static = None):
    """Where to insert a number, or each of an array, so that a row stays sorted."""
    if not known(side) and kind(side) == "str":
        if side == "left":
            return searchsorted(a, v, "left", sorter)
        if side == "right":
            return searchsorted(a, v, "right", sorter)
        raise ValueError(f"search side must be 'left' or 'right' (got '{side}')")
    if side != "left" and side != "right":
        refuse("search side must be one of 'left' or 'right'")
    a = as_array(a)
    if a.ndim != 1:
        refuse("object too deep for desired array:", a)
    if sorter is not None:
        return searchsorted(np.take(a, sorter), v, side)
    if kind(v) == "tuple" or kind(v) == "list":
        return searchsorted(a, np.asarray(v), side)
    if kind(v) != "array":
        return place(a, v, side)
    if v.ndim == 0:
        return place(a, v[()], side)
    out = np.empty(v.shape, np.int64)
    source, target = ravel(v), flat_view(out)
    # NumPy begins where the last number was found, which is seen in rows that are not sorted.
    n = a.shape[0]
    found = n
    for i in range(target.shape[0]):
        onward = i > 0 and _precedes(source[i - 1], source[i], side)
        found = _place_between(a, source[i], side, found if onward else 0, n if onward else min(found + 1, n))
        target[i] = found
    return out


def _direction(a):
    """1 for a row that rises, -1 for one that falls, 0 for others. What follows the elements that equal the first one decides which of the two to look for; NaN breaks neither."""
    start = 1
    while start < a.shape[0] and a[start] == a[0]:
        start += 1
    if start >= a.shape[0]:
        return 1
    rises = a[start - 1] < a[start]
    for i in range(start + 1, a.shape[0]):
        if a[i - 1] > a[i] if rises else a[i - 1] < a[i]:
            return 0
    return 1 if rises else -1


@implements(np.digitize)
def digitize(x, bins, right: Static = False):
    """The bins to which numbers belong; `bins` rises or falls."""
    if not known(right):
        return digitize(x, bins, True) if right else digitize(x, bins, False)
    edges = as_array(bins)
    if edges.ndim != 1:
        refuse("bins must be a row, not", edges)
    if dtype_kind(edges.dtype) == "c":
        refuse("bins of complex numbers have no order:", edges)
    direction = _direction(edges)
    if direction == 0:
        raise ValueError("bins must be monotonically increasing or decreasing")
    if direction > 0:
        return searchsorted(edges, x, "left" if right else "right")
    return np.subtract(edges.shape[0], searchsorted(edges[::-1], x, "left" if right else "right"))


@implements(error_model="numpy")
def _between(x, xp, fp, left, right):
    n = xp.shape[0]
    if x != x:
        return x if n > 1 else fp[0]
    if x < xp[0]:
        return left
    if x > xp[n - 1]:
        return right
    j = place(xp, x, "right") - 1
    if j < 0:
        return left
    if j >= n - 1 or xp[j] == x:
        return fp[min(j, n - 1)]
    slope = (fp[j + 1] - fp[j]) / (xp[j + 1] - xp[j])
    y = slope * (x - xp[j]) + fp[j]
    if y != y:
        y = slope * (x - xp[j + 1]) + fp[j + 1]
        if y != y and fp[j] == fp[j + 1]:
            y = fp[j]
    return y


@implements(np.interp)
def interp(x, xp, fp, left: Static = None, right: Static = None, period: Static = None):
    """The values at x of the polyline through the points (xp, fp); xp rises."""
    if period is not None:
        refuse("the argument `period` is not supported")
    xs, ys = as_array(xp), as_array(fp)
    if dtype_kind(ys.dtype) == "c" or dtype_kind(xs.dtype) == "c":
        refuse("interpolation of complex numbers is not supported")
    if xs.ndim != 1 or ys.ndim != 1:
        refuse("the points of interp are rows")
    xs, ys = xs.astype(np.float64), ys.astype(np.float64)
    if xs.shape[0] == 0:
        raise ValueError("array of sample points is empty")
    if xs.shape[0] != ys.shape[0]:
        raise ValueError("fp and xp are not of the same length.")
    low = ys[0] if left is None else np.float64(left)
    high = ys[ys.shape[0] - 1] if right is None else np.float64(right)
    if kind(x) != "array" and kind(x) != "list" and kind(x) != "tuple":
        return _between(np.float64(x), xs, ys, low, high)
    points = as_array(x)
    out = np.empty(points.shape, np.float64)
    source, target = ravel(points), flat_view(out)
    for i in range(target.shape[0]):
        target[i] = _between(np.float64(source[i]), xs, ys, low, high)
    return out
