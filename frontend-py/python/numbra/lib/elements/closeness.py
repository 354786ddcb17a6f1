"""Whether numbers are equal or nearly so."""
import numpy as np
from numbra.intrinsics import kind
from numbra.lib import implements
from numbra.lib.construction.sequences import is_sequence
from numbra.lib.layout.shapes import broadcast_shapes, shape_of
from numbra.lib.reduction.reductions import all, as_array


def _isclose(x, y, rtol, atol, equal_nan):
    if x == y:
        return True
    if x != x or y != y:
        return equal_nan and x != x and y != y
    if not abs(y) < np.inf or not abs(x) < np.inf:
        return False
    return bool(abs(x - y) <= atol + rtol * abs(y))


def _closeness(x, y, rtol, atol, equal_nan, out):
    if out.ndim == 1:
        for i in range(out.shape[0]):
            out[i] = _isclose(_element(x, i), _element(y, i), rtol, atol, equal_nan)
    else:
        for i in range(out.shape[0]):
            _closeness(_element(x, i), _element(y, i), rtol, atol, equal_nan, out[i])


def _element(x, i):
    if kind(x) == "array":
        return x[i]
    return x


def _spread(x, shape):
    if kind(x) == "array":
        if x.ndim == 0:
            return x[()]
        return np.broadcast_to(x, shape)
    return x


@implements(np.isclose)
def isclose(a, b, rtol=1e-05, atol=1e-08, equal_nan=False):
    """Where |a - b| <= atol + rtol * |b|."""
    if is_sequence(a):
        return isclose(np.asarray(a), b, rtol, atol, equal_nan)
    if is_sequence(b):
        return isclose(a, np.asarray(b), rtol, atol, equal_nan)
    shape = broadcast_shapes(shape_of(a), shape_of(b))
    if len(shape) == 0:
        return _isclose(_spread(a, ()), _spread(b, ()), rtol, atol, equal_nan)
    out = np.empty(shape, np.bool_)
    _closeness(_spread(a, shape), _spread(b, shape), rtol, atol, equal_nan, out)
    return out


@implements(np.allclose)
def allclose(a, b, rtol=1e-05, atol=1e-08, equal_nan=False):
    close = isclose(a, b, rtol, atol, equal_nan)
    if kind(close) == "array":
        return all(close)
    return close


def _equal(x, y, equal_nan):
    if kind(x) != "array":
        return x == y or (equal_nan and x != x and y != y)
    for i in range(x.shape[0]):
        if not _equal(x[i], y[i], equal_nan):
            return False
    return True


@implements(np.array_equal)
def array_equal(a1, a2, equal_nan=False):
    a = as_array(a1)
    b = as_array(a2)
    if a.ndim != b.ndim:
        return False
    else:
        if a.shape != b.shape:
            return False
        if a.ndim == 0:
            return _equal(a[()], b[()], equal_nan)
        return _equal(a, b, equal_nan)
