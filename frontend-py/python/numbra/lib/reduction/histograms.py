"""Counting: bincount and histograms."""
import numpy as np
from numbra.intrinsics import dtype_kind, element, kind, refuse
from numbra.lib import Static, implements
from numbra.lib.construction.reshape import ravel
from numbra.lib.order.searching import place
from numbra.lib.reduction.reductions import as_array


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


def _even_edges(row, bins, limits: Static):
    """The edges of bins of the same width, and the lowest and the highest one."""
    if bins < 1:
        raise ValueError("`bins` must be positive, when an integer")
    low, high = _ends(row, limits)
    return np.linspace(low, high, bins + 1).astype(row.dtype if dtype_kind(row.dtype) == "f" else np.float64), low, high


def _edges(row, bins, limits: Static):
    if kind(bins) == "int":
        return _even_edges(row, bins, limits)[0]
    if kind(bins) == "str":
        refuse("the number of bins is an int, not", bins)
    edges = np.copy(as_array(bins))
    for i in range(edges.shape[0] - 1):
        if edges[i] > edges[i + 1]:
            raise ValueError("`bins` must increase monotonically, when an array")
    return edges


@implements(np.histogram_bin_edges)
def histogram_bin_edges(a, bins=10, range: Static = None, weights: Static = None):
    """The edges of the bins of a histogram."""
    return _edges(ravel(as_array(a)), bins, range)


@implements(np.histogram)
def histogram(a, bins=10, range: Static = None, density: Static = None, weights: Static = None):
    """How many elements lie in each bin, or the sum of their weights, and the edges of the bins. The last bin has both of its edges."""
    row = ravel(as_array(a))
    amounts = _amounts(a, weights)
    if kind(bins) == "int":
        edges, low, high = _even_edges(row, bins, range)
        return _share(_count_even(row, edges, low, high, amounts), edges, density), edges
    edges = _edges(row, bins, range)
    return _share(_count(row, edges, amounts), edges, density), edges


def _amounts(a, weights: Static):
    """The weights in a row, or the number that each element counts."""
    if weights is None:
        return 1
    w = as_array(weights)
    if w.shape != as_array(a).shape:
        raise ValueError("weights should have the same shape as a.")
    if dtype_kind(w.dtype) == "b":
        refuse("the weights of a histogram are numbers, not", w)
    return ravel(w)


def _of(amounts, i):
    if kind(amounts) == "int":
        return amounts
    return amounts[i]


def _none(amounts, n):
    return np.zeros(n, np.int64 if kind(amounts) == "int" else element(amounts).dtype)


def _share(counts, edges, density: Static):
    if density is None or density is False:
        return counts
    return counts / np.diff(edges).astype(np.float64) / np.sum(counts)


@implements(error_model="numpy")
def _bin(x, edges, low, high):
    """In which of the bins of the same width a number between the two ends lies. The quotient may be off by one."""
    n = edges.shape[0] - 1
    k = min(np.int64((x - low) / (high - low) * n), n - 1)
    if x < edges[k]:
        return k - 1
    if x >= edges[k + 1] and k != n - 1:
        return k + 1
    return k


def _count_even(row, edges, low, high, amounts):
    counts = _none(amounts, edges.shape[0] - 1)
    for i in range(row.shape[0]):
        if row[i] >= low and row[i] <= high:
            counts[_bin(row[i], edges, low, high)] += _of(amounts, i)
    return counts


def _count(row, edges, amounts):
    n = edges.shape[0] - 1
    counts = _none(amounts, max(n, 0))
    for i in range(row.shape[0]):
        if n > 0 and row[i] >= edges[0] and row[i] <= edges[n]:
            counts[min(place(edges, row[i], "right"), n) - 1] += _of(amounts, i)
    return counts


@implements(np.histogram2d)
def histogram2d(x, y, bins: Static = 10, range: Static = None, density: Static = None, weights: Static = None):
    """How many points lie in each cell of a grid, and the edges of the cells along both axes."""
    if kind(bins) != "tuple":
        return histogram2d(x, y, (bins, bins), range, density, weights)
    rows, columns = ravel(as_array(x)), ravel(as_array(y))
    if rows.shape[0] != columns.shape[0]:
        raise ValueError("x and y must have the same length.")
    if range is None:
        across, down = _edges(columns, bins[1], None), _edges(rows, bins[0], None)
    else:
        across, down = _edges(columns, bins[1], range[1]), _edges(rows, bins[0], range[0])
    counts = np.zeros((down.shape[0] - 1, across.shape[0] - 1), np.float64)
    _count_cells(counts, rows, down, columns, across, _amounts(x, weights))
    if density is None or density is False:
        return counts, down, across
    return counts / np.diff(down)[:, None] / np.diff(across) / np.sum(counts), down, across


def _count_cells(counts, rows, down, columns, across, amounts):
    n, m = counts.shape
    for i in range(rows.shape[0]):
        if rows[i] >= down[0] and rows[i] <= down[n] and columns[i] >= across[0] and columns[i] <= across[m]:
            counts[min(place(down, rows[i], "right"), n) - 1, min(place(across, columns[i], "right"), m) - 1] += _of(amounts, i)
