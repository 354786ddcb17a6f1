"""Polynomials as rows of coefficients, the highest power first."""
import numpy as np
from numbra.intrinsics import dtype_kind, element, kind, promote, refuse
from numbra.lib import Static, implements
from numbra.lib.reduction.moments import mean_dtype
from numbra.lib.reduction.reductions import as_array


def _row(p):
    row = as_array(p)
    if row.ndim != 1:
        refuse("the coefficients of a polynomial are a row, not", row)
    return row


@implements(np.polyval)
def polyval(p, x):
    """The values of a polynomial at points."""
    row = _row(p)
    if kind(x) == "tuple" or kind(x) == "list":
        return polyval(p, np.asarray(x))
    dtype = promote(row.dtype, element(x).dtype)
    if dtype_kind(dtype) == "b":
        dtype = np.int64
    if kind(x) != "array":
        y = dtype(0)
        for c in row:
            y = y * dtype(x) + dtype(c)
        return y
    out = np.zeros(x.shape, dtype)
    for c in row:
        out *= x
        out += c
    return out


def _longer(a, n, dtype):
    """The coefficients with zeros before them, so that there are n."""
    out = np.zeros(n, dtype)
    out[n - a.shape[0]:] = a
    return out


@implements(np.polyadd)
def polyadd(a1, a2):
    x, y = _row(a1), _row(a2)
    n, dtype = max(x.shape[0], y.shape[0]), promote(x.dtype, y.dtype)
    return np.add(_longer(x, n, dtype), _longer(y, n, dtype))


@implements(np.polysub)
def polysub(a1, a2):
    x, y = _row(a1), _row(a2)
    n, dtype = max(x.shape[0], y.shape[0]), promote(x.dtype, y.dtype)
    return np.subtract(_longer(x, n, dtype), _longer(y, n, dtype))


def _trimmed(a):
    """Without leading zeros; one zero stays."""
    start = 0
    while start < a.shape[0] - 1 and a[start] == 0:
        start += 1
    return a[start:]


@implements(np.polymul)
def polymul(a1, a2):
    return np.convolve(_trimmed(_row(a1)), _trimmed(_row(a2)))


@implements(np.polydiv)
def polydiv(u, v):
    """The quotient and the remainder."""
    dtype = promote(mean_dtype(_row(u), None), mean_dtype(_row(v), None))
    rest, divisor = _row(u).astype(dtype), _row(v).astype(dtype)
    n = divisor.shape[0] - 1
    quotient = np.zeros(max(rest.shape[0] - n, 1), dtype)
    scale = dtype(1) / divisor[0]
    for k in range(rest.shape[0] - n):
        factor = scale * rest[k]
        quotient[k] = factor
        for i in range(n + 1):
            rest[k + i] -= factor * divisor[i]
    start = 0
    while start < rest.shape[0] - 1 and abs(rest[start]) <= 1e-8:
        start += 1
    return quotient, rest[start:]


@implements(np.poly)
def poly(seq_of_zeros):
    """The coefficients of the polynomial that has these zeros and begins with 1."""
    zeros = _row(seq_of_zeros)
    dtype = mean_dtype(zeros, None)
    out = np.zeros(zeros.shape[0] + 1, dtype)
    out[0] = dtype(1)
    for k in range(zeros.shape[0]):
        for i in range(k + 1, 0, -1):
            out[i] -= out[i - 1] * dtype(zeros[k])
    return out


@implements(np.polyder)
def polyder(p, m=1):
    """The derivative, m times."""
    if m < 0:
        raise ValueError("Order of derivative must be positive (see polyint)")
    result = np.multiply(_row(p), 1)
    for _ in range(m):
        n = max(result.shape[0] - 1, 0)
        result = np.multiply(result[:n], np.arange(n, 0, -1))
    return result


@implements(np.polyint)
def polyint(p, m=1, k: Static = None):
    """The integral, m times, with zeros as constants."""
    if k is not None:
        refuse("constants of integration are not supported")
    if m < 0:
        raise ValueError("Order of integral must be positive (see polyder)")
    result = np.multiply(_row(p), 1.0)
    for _ in range(m):
        n = result.shape[0]
        longer = np.zeros(n + 1, result.dtype)
        for i in range(n):
            longer[i] = result[i] / (n - i)
        result = longer
    return result


@implements(np.vander)
def vander(x, N=None, increasing: Static = False):
    """A matrix whose columns are powers of a row."""
    row = _row(x)
    if N is None:
        return vander(row, row.shape[0], increasing)
    if N < 0:
        raise ValueError("negative dimensions are not allowed")
    out = np.empty((row.shape[0], N), promote(row.dtype, np.int64))
    for i in range(row.shape[0]):
        power = out.dtype(1)
        for j in range(N):
            out[i, j if increasing else N - 1 - j] = power
            power *= out.dtype(row[i])
    return out
