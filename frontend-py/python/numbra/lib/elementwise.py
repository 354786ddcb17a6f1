"""Functions of numbers applied to each element of arrays, with broadcasting: what NumPy calls a universal function."""
import numpy as np
from numbra.intrinsics import element, kind, layout, refuse, result_dtype
from numbra.lib import Static, implements
from numbra.lib.shapes import broadcast_shapes, shape_of
from numbra.lib.views import broadcast_to, flat_view


@implements("numbra.elementwise")
def elementwise(f, x, y=None, z=None, out=None):
    if kind(y) == "none":
        return unary(f, x, out)
    return binary(f, x, y, out)


def _map1(f, x, out):
    if out.ndim == 1:
        for i in range(out.shape[0]):
            out[i] = f(x[i])
    else:
        for i in range(out.shape[0]):
            _map1(f, x[i], out[i])


def unary(f, x, out):
    dtype = result_dtype(f, element(x))
    if kind(out) == "none":
        result = np.empty(x.shape, dtype)
    else:
        result = out
    if x.ndim == 0:
        result[()] = f(x[()])
        return result[()]
    if kind(out) == "none" and layout(x) == "C":
        _map1(f, flat_view(x), flat_view(result))
    else:
        _map1(f, broadcast_to(x, result.shape), result)
    return result


def _element(x, i):
    if kind(x) == "array":
        return x[i]
    return x


def _map2(f, x, y, out):
    if out.ndim == 1:
        for i in range(out.shape[0]):
            out[i] = f(_element(x, i), _element(y, i))
    else:
        for i in range(out.shape[0]):
            _map2(f, _element(x, i), _element(y, i), out[i])


def _flat(x):
    if kind(x) == "array":
        return flat_view(x)
    return x


def _expand(x, shape):
    if kind(x) == "array":
        return broadcast_to(x, shape)
    return x


def _is_flat(x, shape):
    """Whether the elements of x lie one after the other as those of a new array of the shape do. A number is everywhere."""
    if kind(x) == "array":
        if layout(x) == "C" and len(shape) == x.ndim:
            return x.shape == shape
        return False
    return True


def binary(f, x, y, out):
    shape = broadcast_shapes(shape_of(x), shape_of(y))
    dtype = result_dtype(f, element(x), element(y))
    if kind(out) == "none":
        result = np.empty(shape, dtype)
    else:
        result = out
    if len(shape) == 0:
        result[()] = f(_element(x, ()), _element(y, ()))
        return result[()]
    if kind(out) == "none" and _is_flat(x, shape) and _is_flat(y, shape):
        _map2(f, _flat(x), _flat(y), flat_view(result))
    else:
        _map2(f, _expand(x, shape), _expand(y, shape), result)
    return result
