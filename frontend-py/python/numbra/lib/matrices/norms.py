"""Norms of vectors and matrices."""
import math
import numpy as np
import numpy.linalg
from numbra.intrinsics import dtype_kind, kind, known, refuse
from numbra.lib import Static, implements
from numbra.lib.construction.reshape import ravel
from numbra.lib.matrices.linalg import numeric_array
from numbra.lib.matrices.singular import svdvals


def _magnitudes(a):
    """The sizes of elements, as floats."""
    if dtype_kind(a.dtype) == "f" or dtype_kind(a.dtype) == "c":
        return np.abs(a)
    return np.abs(a.astype(np.float64))


def _squares(a):
    """The squares of the sizes of elements."""
    if dtype_kind(a.dtype) == "c":
        return a.real * a.real + a.imag * a.imag
    if dtype_kind(a.dtype) == "f":
        return a * a
    x = a.astype(np.float64)
    return x * x


def _vector_norm(a, ord: Static, axis: Static, keepdims: Static):
    if ord is None:
        return np.sqrt(np.sum(_squares(a), axis=axis, keepdims=keepdims))
    if kind(ord) != "int" and kind(ord) != "float":
        refuse("Invalid norm order for vectors:", ord)
    if not known(ord):
        return _vector_norm_of_any_order(a, np.float64(ord), axis, keepdims)
    x = _magnitudes(a)
    if ord == 2:
        return np.sqrt(np.sum(_squares(a), axis=axis, keepdims=keepdims))
    if ord == 1:
        return np.sum(x, axis=axis, keepdims=keepdims)
    if ord == math.inf:
        return np.max(x, axis=axis, keepdims=keepdims)
    if ord == -math.inf:
        return np.min(x, axis=axis, keepdims=keepdims)
    if ord == 0:
        return np.sum((x != 0).astype(x.dtype), axis=axis, keepdims=keepdims)
    return np.sum(x ** ord, axis=axis, keepdims=keepdims) ** x.dtype(1 / ord)


def _vector_norm_of_any_order(a, ord, axis: Static, keepdims: Static):
    """The order is known at run time."""
    if ord == 2:
        return _vector_norm(a, 2, axis, keepdims)
    if ord == 1:
        return _vector_norm(a, 1, axis, keepdims)
    if ord == math.inf:
        return _vector_norm(a, math.inf, axis, keepdims)
    if ord == -math.inf:
        return _vector_norm(a, -math.inf, axis, keepdims)
    if ord == 0:
        return _vector_norm(a, 0, axis, keepdims)
    x = _magnitudes(a)
    return np.sum(x ** x.dtype(ord), axis=axis, keepdims=keepdims) ** x.dtype(1 / ord)


def _matrix_norm(a, ord: Static):
    if kind(ord) == "str":
        if ord == "fro" or ord == "f":
            return np.sqrt(np.sum(_squares(a)))
        if ord == "nuc":
            return np.sum(svdvals(a))
        refuse("Invalid norm order for matrices:", ord)
    if not known(ord):
        refuse("the order of a norm must be a constant, not", ord)
    x = _magnitudes(a)
    if ord == 1:
        return np.max(np.sum(x, axis=0))
    if ord == -1:
        return np.min(np.sum(x, axis=0))
    if ord == math.inf:
        return np.max(np.sum(x, axis=1))
    if ord == -math.inf:
        return np.min(np.sum(x, axis=1))
    if ord == 2:
        return np.max(svdvals(a))
    if ord == -2:
        return np.min(svdvals(a))
    refuse("Invalid norm order for matrices:", ord)


@implements(np.linalg.norm)
def norm(x, ord: Static = None, axis: Static = None, keepdims: Static = False):
    """The norm of a vector or matrix, or of the vectors along an axis."""
    a = numeric_array(x)
    if axis is None:
        if ord is None:
            if keepdims:
                return np.sqrt(np.sum(_squares(a), axis=None, keepdims=True))
            return np.sqrt(np.sum(_squares(ravel(a))))
        if a.ndim == 1:
            return _vector_norm(a, ord, 0, keepdims)
        if a.ndim == 2 and not keepdims:
            return _matrix_norm(a, ord)
        refuse("Improper number of dimensions to norm, or `keepdims` for a matrix:", x)
    if kind(axis) != "int":
        refuse("norm takes one axis, not", axis)
    return _vector_norm(a, ord, axis, keepdims)
