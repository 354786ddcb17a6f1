"""Diagonals and triangles of matrices."""
import numpy as np
from numbra.intrinsics import dtype_kind, kind, refuse, view
from numbra.lib import Static, implements
from numbra.lib.layout.memory import fill


def _length(n, m, k):
    return max(0, min(n + min(0, k), m - max(0, k)))


def diagonal_of(a, k):
    """The k-th diagonal of a matrix as a view."""
    n, m = a.shape
    start = k * a.strides[1] if k >= 0 else -k * a.strides[0]
    return view(a, start if _length(n, m, k) > 0 else 0, (_length(n, m, k),), (a.strides[0] + a.strides[1],))


@implements(np.diagonal, "array.diagonal")
def diagonal(a, offset=0):
    if a.ndim != 2:
        refuse("diagonal takes a matrix, not", a)
    return diagonal_of(a, offset)


@implements(np.diag)
def diag(v, k=0):
    """The k-th diagonal of a matrix, or the matrix with a row as its k-th diagonal."""
    if kind(v) != "array":
        return diag(np.asarray(v), k)
    if v.ndim == 2:
        return diagonal_of(v, k)
    if v.ndim != 1:
        refuse("Input must be 1- or 2-d.")
    n = v.shape[0] + abs(k)
    out = np.zeros((n, n), v.dtype)
    target = diagonal_of(out, k)
    for i in range(v.shape[0]):
        target[i] = v[i]
    return out


@implements(np.diagflat)
def diagflat(v, k=0):
    return diag(np.ravel(v), k)


@implements(np.trace, "array.trace")
def trace(a, offset=0):
    """The sum along a diagonal of a matrix."""
    if a.ndim != 2:
        refuse("trace takes a matrix, not", a)
    d = diagonal_of(a, offset)
    return np.sum(d)


@implements(np.fill_diagonal)
def fill_diagonal(a, val, wrap: Static = False):
    """Writes a number, or the elements of a row one after the other, to the main diagonal. For a tall matrix `wrap` goes on below it."""
    if kind(val) == "array":
        _fill_diagonal(a, np.ravel(val), wrap)
    elif kind(val) == "tuple" or kind(val) == "list":
        values = np.ravel(np.asarray(val))
        for x in values:
            _check_integer(x, a.dtype)
        _fill_diagonal(a, values, wrap)
    else:
        one = np.empty(1, a.dtype)
        _check_integer(val, a.dtype)
        one[0] = val
        _fill_diagonal(a, one, wrap)


def _check_integer(x, dtype):
    """Numbers of Python become integers only if they are finite."""
    if kind(x) == "float" and (dtype_kind(dtype) == "i" or dtype_kind(dtype) == "u"):
        if x != x:
            raise ValueError("cannot convert float NaN to integer")
        if x - x != 0:
            raise OverflowError("cannot convert float infinity to integer")


def _fill_diagonal(a, values, wrap: Static):
    if a.ndim < 2:
        refuse("array must be at least 2-d")
    elif a.ndim == 2:
        n, m = a.shape
        period = m + 1 if wrap else n + m
        count = n if wrap else min(n, m)
        k = 0
        for i in range(count):
            if i % period < m:
                a[i, i % period] = values[k % values.shape[0]]
                k += 1
    else:
        if not _cube(a.shape):
            raise ValueError("All dimensions of input must be of equal length")
        d = view(a, 0, a.shape[:1], (_total(a.strides),))
        for i in range(d.shape[0]):
            d[i] = values[i % values.shape[0]]


def _cube(shape):
    return len(shape) < 2 or (shape[0] == shape[1] and _cube(shape[1:]))


def _total(strides):
    if len(strides) == 0:
        return 0
    return strides[0] + _total(strides[1:])


def _triangle(out, m, k, lower: Static):
    """Copies what lies on one side of the k-th diagonal, with it, and writes zeros to the other side."""
    if m.ndim == 2:
        for i in range(m.shape[0]):
            row, target = m[i], out[i]
            if lower:
                middle = max(0, min(m.shape[1], i + k + 1))
                _copy(target[:middle], row[:middle])
                fill(target[middle:], 0)
            else:
                middle = max(0, min(m.shape[1], i + k))
                fill(target[:middle], 0)
                _copy(target[middle:], row[middle:])
    else:
        for i in range(m.shape[0]):
            _triangle(out[i], m[i], k, lower)


def _copy(target, row):
    for j in range(target.shape[0]):
        target[j] = row[j]


def _square(m):
    """A row repeated to a square matrix, as NumPy's tril and triu read it."""
    if m.ndim == 1:
        return np.broadcast_to(m, (m.shape[0], m.shape[0]))
    return m


def _kept(m, k, lower: Static):
    """A copy of one triangle, with zeros for the other."""
    source = _square(m)
    out = np.empty(source.shape, m.dtype)
    _triangle(out, source, k, lower)
    return out


@implements(np.tril)
def tril(m, k=0):
    """A copy with zeros above the k-th diagonal."""
    return _kept(m, k, True)


@implements(np.triu)
def triu(m, k=0):
    """A copy with zeros below the k-th diagonal."""
    return _kept(m, k, False)


@implements(np.tri)
def tri(N, M=None, k=0, dtype=np.float64):
    """Ones at and below the k-th diagonal, zeros above."""
    if M is None:
        return tri(N, N, k, dtype)
    return tril(np.ones((max(N, 0), max(M, 0)), dtype), k)


@implements(np.tril_indices)
def tril_indices(n, k=0, m=None):
    """The positions at and below the k-th diagonal of a matrix."""
    return np.nonzero(tri(n, m, k, np.bool_))


@implements(np.triu_indices)
def triu_indices(n, k=0, m=None):
    """The positions at and above the k-th diagonal of a matrix."""
    return np.nonzero(np.logical_not(tri(n, m, k - 1, np.bool_)))


@implements(np.tril_indices_from)
def tril_indices_from(arr, k=0):
    if arr.ndim != 2:
        refuse("input array must be 2-d, not", arr)
    return tril_indices(arr.shape[0], k, arr.shape[1])


@implements(np.triu_indices_from)
def triu_indices_from(arr, k=0):
    if arr.ndim != 2:
        refuse("input array must be 2-d, not", arr)
    return triu_indices(arr.shape[0], k, arr.shape[1])


def _same_row(row, count: Static):
    if count == 0:
        return ()
    return (row,) + _same_row(row, count - 1)


@implements(np.diag_indices)
def diag_indices(n, ndim: Static = 2):
    """The positions on the main diagonal."""
    return _same_row(np.arange(n), ndim)


@implements(np.diag_indices_from)
def diag_indices_from(arr):
    if arr.ndim < 2:
        refuse("input array must be at least 2-d, not", arr)
    elif not _cube(arr.shape):
        raise ValueError("All dimensions of input must be of equal length")
    return diag_indices(arr.shape[0], arr.ndim)
