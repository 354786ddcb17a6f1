"""`numpy.polynomial.polynomial`: polynomials as rows of coefficients, the lowest power first; and the helpers of `numpy.polynomial.polyutils`."""
import numpy as np
from numbra.intrinsics import kind, promote, refuse
from numbra.lib import Static, implements
from numbra.lib.reduction.moments import mean_dtype
from numbra.lib.reduction.reductions import as_array


def _row(c):
    """The coefficients without zeros at the end; one of them stays."""
    row = as_array(c)
    if row.ndim != 1:
        refuse("Coefficient array is not 1-d:", row)
    if row.shape[0] == 0:
        raise ValueError("Coefficient array is empty")
    return _trimmed(row)


def _trimmed(row):
    n = row.shape[0]
    while n > 1 and row[n - 1] == 0:
        n -= 1
    return row[:n]


def _common(a, b):
    return promote(mean_dtype(a, None), mean_dtype(b, None))


def _inexact(c):
    """A copy of the coefficients as floats or complex numbers."""
    row = as_array(c)
    return row.astype(mean_dtype(row, None))


@implements("numpy.polynomial.polyutils.trimseq")
def trimseq(seq):
    """The sequence without zeros at its end; one element stays."""
    if kind(seq) == "tuple":
        return trimseq(np.asarray(seq))
    n = len(seq)
    while n > 1 and seq[n - 1] == 0:
        n -= 1
    return seq[:n]


@implements("numpy.polynomial.polyutils.as_series")
def as_series(alist, trim: Static = True):
    """A list of rows of coefficients, of one type."""
    if kind(alist) == "tuple":
        return _series(alist, _dtype(alist), trim)
    if kind(alist) == "array":
        if alist.ndim > 2:
            refuse("Coefficient array is not 1-d:", alist)
    rows = [np.atleast_1d(np.asarray(c)) for c in alist]
    return [_one(c, trim) for c in rows]


def _one(c, trim: Static):
    if c.shape[0] == 0:
        raise ValueError("Coefficient array is empty")
    row = _inexact(c)
    return _trimmed(row) if trim else row


def _dtype(alist):
    first = mean_dtype(as_array(alist[0]), None)
    if len(alist) == 1:
        return first
    return promote(first, _dtype(alist[1:]))


def _series(alist, dtype, trim: Static):
    first = [_one(np.atleast_1d(as_array(alist[0])).astype(dtype), trim)]
    if len(alist) == 1:
        return first
    return first + _series(alist[1:], dtype, trim)


def _sum(c1, c2, sign: Static):
    a, b = _row(c1), _row(c2)
    dtype = _common(a, b)
    out = np.zeros(max(a.shape[0], b.shape[0]), dtype)
    out[:a.shape[0]] = a
    for i in range(b.shape[0]):
        out[i] += dtype(b[i]) if sign > 0 else -dtype(b[i])
    return _trimmed(out)


@implements("numpy.polynomial.polynomial.polyadd")
def polyadd(c1, c2):
    return _sum(c1, c2, 1)


@implements("numpy.polynomial.polynomial.polysub")
def polysub(c1, c2):
    return _sum(c1, c2, -1)


@implements("numpy.polynomial.polynomial.polymul")
def polymul(c1, c2):
    a, b = _row(c1), _row(c2)
    dtype = _common(a, b)
    return _trimmed(np.convolve(a.astype(dtype), b.astype(dtype)))


@implements("numpy.polynomial.polynomial.polymulx")
def polymulx(c):
    """The polynomial times x."""
    row = _inexact(_row(c))
    if row.shape[0] == 1 and row[0] == 0:
        return row
    out = np.zeros(row.shape[0] + 1, row.dtype)
    out[1:] = row
    return out


@implements("numpy.polynomial.polynomial.polydiv")
def polydiv(c1, c2):
    """Quotient and remainder."""
    dividend, divisor = _row(c1), _row(c2)
    dtype = _common(dividend, divisor)
    rest, by = dividend.astype(dtype), divisor.astype(dtype)
    n, m = rest.shape[0], by.shape[0]
    if by[m - 1] == 0:
        raise ZeroDivisionError()
    if n < m:
        return rest[:1] * dtype(0), rest
    scale = by[m - 1]
    if m == 1:
        return rest / scale, rest[:1] * dtype(0)
    by = by[:m - 1] / scale
    for i in range(n - m, -1, -1):
        factor = rest[i + m - 1]
        for k in range(m - 1):
            rest[i + k] -= by[k] * factor
    return rest[m - 1:] / scale, _trimmed(rest[:m - 1])


@implements("numpy.polynomial.polynomial.polyval")
def polyval(x, c, tensor: Static = True):
    """The values at points. Of coefficients with more axes, each column is a polynomial, whose values at all points stand together."""
    if kind(x) == "tuple" or kind(x) == "list":
        return polyval(np.asarray(x), c, tensor)
    row = _inexact(c)
    if kind(x) == "array" and row.ndim > 1:
        if tensor:
            return _values(x, row.reshape(row.shape + (1,) * x.ndim))
    return _values(x, row)


def _values(x, c):
    n = c.shape[0]
    y = np.add(c[n - 1], np.multiply(x, 0))
    for i in range(n - 2, -1, -1):
        y = np.add(c[i], np.multiply(y, x))
    return y


def _one_row(c):
    """Coefficients of one polynomial as floats or complex numbers."""
    row = _inexact(c)
    if row.ndim != 1:
        refuse("integrals and derivatives are of one row of coefficients, not", row)
    return row


@implements("numpy.polynomial.polynomial.polyint")
def polyint(c, m=1):
    """The integral that is 0 at 0, m times."""
    if m < 0:
        raise ValueError("The order of integration must be non-negative")
    row = _one_row(c)
    for _ in range(m):
        if row.shape[0] == 1 and row[0] == 0:
            break
        out = np.zeros(row.shape[0] + 1, row.dtype)
        for j in range(row.shape[0]):
            out[j + 1] = row[j] / row.dtype(j + 1)
        row = out
    return row


@implements("numpy.polynomial.polynomial.polyder")
def polyder(c, m=1):
    """The derivative, m times."""
    if m < 0:
        raise ValueError("The order of derivation must be non-negative")
    row = _one_row(c)
    if m >= row.shape[0]:
        return row[:1] * row.dtype(0)
    for _ in range(m):
        out = np.empty(row.shape[0] - 1, row.dtype)
        for j in range(out.shape[0]):
            out[j] = row.dtype(j + 1) * row[j + 1]
        row = out
    return row


@implements("numpy.polynomial.polynomial.polyfromroots")
def polyfromroots(roots):
    """The polynomial that is 0 at the roots, with 1 as its last coefficient."""
    r = as_array(roots)
    dtype = promote(mean_dtype(r, None), np.float64)
    out = np.zeros(r.shape[0] + 1, dtype)
    out[0] = dtype(1)
    for k in range(r.shape[0]):
        for i in range(k + 1, 0, -1):
            out[i] = out[i - 1] - dtype(r[k]) * out[i]
        out[0] = -dtype(r[k]) * out[0]
    return out
