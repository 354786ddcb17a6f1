"""Counting: bincount and histogram."""
import numpy as np
from numbra.intrinsics import dtype_kind, kind, refuse
from numbra.lib import Static, implements
from numbra.lib.reductions import as_array
from numbra.lib.reshape import ravel
from numbra.lib.searching import place


@implements(np.bincount)
def bincount(x, weights: Static = None, minlength=0):
    """How often each number from 0 to the largest comes, or the sum of its weights."""
    a = as_array(x)
    if a.ndim != 1:
        refuse("object of too small depth for desired array:", a)
    if dtype_kind(a.dtype) == "f" or dtype_kind(a.dtype) == "c" or dtype_kind(a.dtype) == "u" and a.itemsize == 8:
        refuse("bincount takes whole numbers of at most 63 bits, not", a)
    if minlength < 0:
        raise ValueError("'minlength' must not be negative")
    n = np.int64(minlength)
    for i in range(a.shape[0]):
        k = np.int64(a[i])
        if k < 0:
            raise ValueError("'list' argument must have no negative elements")
        n = max(n, k + 1)
    if weights is None:
        out = np.zeros(n, np.int64)
        for i in range(a.shape[0]):
            out[np.int64(a[i])] += 1
        return out
    w = as_array(weights)
    if w.shape[0] != a.shape[0]:
        raise ValueError("The weights and list don't have the same length.")
    sums = np.zeros(n, np.float64)
    for i in range(a.shape[0]):
        sums[np.int64(a[i])] += np.float64(w[i])
    return sums


def _ends(row, limits: Static):
    """The lowest and the highest edge, apart from each other."""
    if limits is None:
        low, high = 0.0, 1.0
        if row.shape[0] > 0:
            low, high = np.float64(np.min(row)), np.float64(np.max(row))
        if not (np.isfinite(low) and np.isfinite(high)):
            raise ValueError("autodetected range of the data is not finite")
    else:
        low, high = np.float64(limits[0]), np.float64(limits[1])
        if low > high:
            raise ValueError("max must be larger than min in range parameter.")
        if not (np.isfinite(low) and np.isfinite(high)):
            raise ValueError("supplied range is not finite")
    if low == high:
        return low - 0.5, high + 0.5
    return low, high


@implements(np.histogram)
def histogram(a, bins=10, range: Static = None, density: Static = None, weights: Static = None):
    """How many elements lie in each bin, and the edges of the bins. The last bin has both of its edges."""
    if density is not None or weights is not None:
        refuse("the arguments `density` and `weights` are not supported")
    row = ravel(as_array(a))
    if kind(bins) == "int":
        if bins < 1:
            raise ValueError("`bins` must be positive, when an integer")
        low, high = _ends(row, range)
        edges = np.linspace(low, high, bins + 1).astype(row.dtype if dtype_kind(row.dtype) == "f" else np.float64)
        return _count_even(row, edges, low, high), edges
    edges = np.copy(as_array(bins))
    return _count(row, edges), edges


@implements(error_model="numpy")
def _count_even(row, edges, low, high):
    n = edges.shape[0] - 1
    counts = np.zeros(n, np.int64)
    for x in row:
        if x >= low and x <= high:
            # The quotient may be off by one.
            k = min(np.int64((x - low) / (high - low) * n), n - 1)
            if x < edges[k]:
                k -= 1
            elif x >= edges[k + 1] and k != n - 1:
                k += 1
            counts[k] += 1
    return counts


def _count(row, edges):
    n = edges.shape[0] - 1
    for i in range(n):
        if edges[i] > edges[i + 1]:
            raise ValueError("`bins` must increase monotonically, when an array")
    counts = np.zeros(max(n, 0), np.int64)
    for x in row:
        if n > 0 and x >= edges[0] and x <= edges[n]:
            counts[min(place(edges, x, "right"), n) - 1] += 1
    return counts
