"""Covariance and correlation: cov, corrcoef, correlate."""
import numpy as np
from numbra.intrinsics import dtype_kind, kind, known, promote, refuse
from numbra.lib import Static, implements
from numbra.lib.reduction.reductions import as_array
from numbra.lib.series.convolution import by_mode, convolve


def _variables(m, rowvar, dtype):
    """A matrix with a row for each variable, in new memory."""
    if m.ndim > 2:
        refuse("m has more than 2 dimensions:", m)
    elif m.ndim == 2:
        if rowvar:
            return m.astype(dtype)
        return np.ascontiguousarray(m.T.astype(dtype))
    else:
        return np.ascontiguousarray(m.astype(dtype).reshape((1, m.size)))


@implements(error_model="numpy")
def _covariance(x, ddof):
    degrees = max(0.0, x.shape[1] - np.float64(ddof))
    for i in range(x.shape[0]):
        x[i] -= np.mean(x[i])
    result = x @ x.T
    if dtype_kind(x.dtype) == "c":
        result = x @ np.conj(x).T
    return result * (1.0 / degrees)


def _no_weights(weights: Static):
    if weights is not None:
        refuse("weights are not supported by cov")


@implements(np.cov)
def cov(m, y=None, rowvar: Static = True, bias: Static = False, ddof: Static = None, fweights: Static = None, aweights: Static = None):
    """The covariance matrix of variables, one in each row (column); of a single row its variance, an array without dimensions."""
    _no_weights(fweights)
    _no_weights(aweights)
    first = as_array(m)
    degrees = ddof
    if ddof is None:
        degrees = 0 if bias else 1
    if y is None:
        result = _covariance(_variables(first, rowvar, promote(first.dtype, np.float64)), degrees)
        if first.ndim < 2:
            return result[0, 0:1].reshape(())
        return result
    second = as_array(y)
    dtype = promote(first.dtype, second.dtype, np.float64)
    return _covariance(np.concatenate((_variables(first, rowvar, dtype), _variables(second, rowvar, dtype))), degrees)


def _confine(x):
    return min(1.0, max(-1.0, x)) if x == x else x


@implements(error_model="numpy")
def _normalized(c):
    n = c.shape[0]
    deviations = np.empty(n, np.float64)
    for i in range(n):
        deviations[i] = np.sqrt(c[i, i].real)
    for i in range(n):
        for j in range(n):
            x = c[i, j] / deviations[i] / deviations[j]
            if kind(x) == "complex":
                c[i, j] = complex(_confine(x.real), _confine(x.imag))
            else:
                c[i, j] = _confine(x)
    return c


@implements(np.corrcoef, error_model="numpy")
def corrcoef(x, y=None, rowvar: Static = True):
    """The matrix of correlations of variables, one in each row (column)."""
    c = cov(x, y, rowvar)
    if c.ndim == 0:
        return c[()] / c[()]
    return _normalized(c)


@implements(np.correlate)
def correlate(a, v, mode: Static = "valid"):
    """The sums of products of a row with another one at all distances, the second one conjugated."""
    if not known(mode):
        return by_mode(correlate, a, v, mode)
    x, y = as_array(a), as_array(v)
    if mode != "same":
        return convolve(x, np.conj(y[::-1]), mode)
    whole = convolve(x, np.conj(y[::-1]), "full")
    start = (y.shape[0] - 1) // 2 if x.shape[0] >= y.shape[0] else x.shape[0] // 2
    return whole[start:start + max(x.shape[0], y.shape[0])].copy()
