"""Products of three-dimensional vectors, and sums of products over chosen axes."""
import numpy as np
from numbra.intrinsics import kind, promote, refuse
from numbra.lib import Static, implements
from numbra.lib.layout.axes import normalize_axis
from numbra.lib.layout.shapes import broadcast_shapes, product, take_axes
from numbra.lib.layout.views import broadcast_to
from numbra.lib.reduction.reductions import as_array


def _cross(out, a, b):
    if out.ndim == 1:
        x, y = out.dtype(a[0]), out.dtype(a[1])
        u, v = out.dtype(b[0]), out.dtype(b[1])
        z = out.dtype(a[2]) if a.shape[0] == 3 else out.dtype(0)
        w = out.dtype(b[2]) if b.shape[0] == 3 else out.dtype(0)
        out[0] = y * w - z * v
        out[1] = z * u - x * w
        out[2] = x * v - y * u
    else:
        for i in range(out.shape[0]):
            _cross(out[i], a[i], b[i])


@implements(np.cross)
def cross(a, b, axisa: Static = -1, axisb: Static = -1, axisc: Static = -1, axis: Static = None):
    """The vectors at right angles to those along an axis of two arrays. Vectors of two numbers have a zero as the third."""
    if axis is not None:
        return cross(a, b, axis, axis, axis)
    x, y = as_array(a), as_array(b)
    x, y = np.moveaxis(x, axisa, -1), np.moveaxis(y, axisb, -1)
    m, n = x.shape[-1], y.shape[-1]
    if m != 2 and m != 3 or n != 2 and n != 3:
        raise ValueError("incompatible dimensions for cross product (dimension must be 2 or 3)")
    if m == 2 and n == 2:
        raise ValueError("Both input arrays must be (arrays of) 3-dimensional vectors, but they are 2 and 2 dimensional instead.")
    shape = broadcast_shapes(x.shape[:-1], y.shape[:-1])
    out = np.empty(shape + (3,), promote(x.dtype, y.dtype))
    _cross(out, broadcast_to(x, shape + (m,)), broadcast_to(y, shape + (n,)))
    if axisc == -1 or axisc == out.ndim - 1:
        return out
    return np.moveaxis(out, -1, axisc)


def _places(axes: Static, ndim: Static):
    if kind(axes) == "int":
        return (normalize_axis(axes, ndim),)
    if len(axes) == 0:
        return ()
    return (normalize_axis(axes[0], ndim),) + _places(axes[1:], ndim)


def _others(axes: Static, ndim: Static, at: Static):
    if at == ndim:
        return ()
    if at in axes:
        return _others(axes, ndim, at + 1)
    return (at,) + _others(axes, ndim, at + 1)


def _range(start: Static, stop: Static):
    if start == stop:
        return ()
    return (start,) + _range(start + 1, stop)


@implements(np.tensordot)
def tensordot(a, b, axes: Static = 2):
    """The sums of products over the last axes of one array and the first ones of another, or over pairs of axes."""
    x, y = as_array(a), as_array(b)
    if kind(axes) == "int":
        return _contracted(x, y, _range(x.ndim - axes, x.ndim), _range(0, axes))
    return _contracted(x, y, _places(axes[0], x.ndim), _places(axes[1], y.ndim))


def _contracted(x, y, left: Static, right: Static):
    if len(left) != len(right):
        refuse("shape-mismatch for sum: different numbers of axes")
    if take_axes(x.shape, left) != take_axes(y.shape, right):
        raise ValueError("shape-mismatch for sum")
    rows, columns = _others(left, x.ndim, 0), _others(right, y.ndim, 0)
    n = product(take_axes(x.shape, left))
    first = np.reshape(np.transpose(x, rows + left), (product(take_axes(x.shape, rows)), n))
    second = np.reshape(np.transpose(y, right + columns), (n, product(take_axes(y.shape, columns))))
    return np.reshape(first @ second, take_axes(x.shape, rows) + take_axes(y.shape, columns))
