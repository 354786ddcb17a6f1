"""Differences along an axis: gradient and unwrap."""
import math
import numpy as np
from numbra.intrinsics import dtype_kind, kind, refuse
from numbra.lib import Static, implements
from numbra.lib.layout.axes import normalize_axis
from numbra.lib.reduction.reductions import as_array


def _float(dtype):
    if dtype_kind(dtype) == "f" or dtype_kind(dtype) == "c":
        return dtype
    return np.float64


@implements(error_model="numpy")
def _quotients(out, high, low, distance):
    """(high - low) / distance, for rows of any number of dimensions."""
    if out.ndim == 0:
        out[()] = (out.dtype(high[()]) - out.dtype(low[()])) / distance
    elif out.ndim == 1:
        for i in range(out.shape[0]):
            out[i] = (out.dtype(high[i]) - out.dtype(low[i])) / distance
    else:
        for i in range(out.shape[0]):
            _quotients(out[i], high[i], low[i], distance)


def _item(a, i):
    """The part at a position of the first axis, as an array also where it is an element."""
    if a.ndim == 1:
        return a[i:i + 1].reshape(())
    return a[i]


@implements(error_model="numpy")
def _weighted(out, a, b, c, x, y, z):
    """x a + y b + z c"""
    if out.ndim == 0:
        out[()] = x * a[()] + y * b[()] + z * c[()]
    else:
        for i in range(out.shape[0]):
            _weighted(_item(out, i), _item(a, i), _item(b, i), _item(c, i), x, y, z)


@implements(error_model="numpy")
def _slopes(out, f, spacing):
    """Along the first axis; at its ends between neighbours."""
    n = f.shape[0]
    if n < 2:
        raise ValueError("Shape of array too small to calculate a numerical gradient, at least (edge_order + 1) elements are required.")
    if kind(spacing) == "array":
        if spacing.shape[0] != n:
            raise ValueError("when 1d, distances must match the length of the corresponding dimension")
        for i in range(1, n - 1):
            before, behind = spacing[i] - spacing[i - 1], spacing[i + 1] - spacing[i]
            weights = -behind / (before * (before + behind)), (behind - before) / (before * behind), before / (behind * (before + behind))
            if before == behind:
                _quotients(_item(out, i), _item(f, i + 1), _item(f, i - 1), 2.0 * before)
            else:
                _weighted(_item(out, i), _item(f, i - 1), _item(f, i), _item(f, i + 1), weights[0], weights[1], weights[2])
        _quotients(_item(out, 0), _item(f, 1), _item(f, 0), spacing[1] - spacing[0])
        _quotients(_item(out, n - 1), _item(f, n - 1), _item(f, n - 2), spacing[n - 1] - spacing[n - 2])
    else:
        h = out.dtype(spacing)
        _quotients(out[1:-1], f[2:], f[:-2], h + h)
        _quotients(_item(out, 0), _item(f, 1), _item(f, 0), h)
        _quotients(_item(out, n - 1), _item(f, n - 1), _item(f, n - 2), h)


def _along(f, axis: Static, spacing):
    out = np.empty(f.shape, _float(f.dtype))
    _each(out, f, axis, spacing)
    return out


def _each(out, f, axis: Static, spacing):
    if axis == 0:
        _slopes(out, f, spacing)
    else:
        for i in range(f.shape[0]):
            _each(out[i], f[i], axis - 1, spacing)


def _spacing(distances, i: Static):
    if len(distances) == 0:
        return 1.0
    if len(distances) == 1:
        return distances[0]
    return distances[i]


def _all_axes(f, distances, i: Static):
    if i == f.ndim:
        return ()
    return (_along(f, i, _spacing(distances, i)),) + _all_axes(f, distances, i + 1)


def _some_axes(f, distances, axes: Static, i: Static):
    if i == len(axes):
        return ()
    return (_along(f, normalize_axis(axes[i], f.ndim), _spacing(distances, i)),) + _some_axes(f, distances, axes, i + 1)


@implements(np.gradient)
def gradient(f, *varargs, axis: Static = None, edge_order: Static = 1):
    """Slopes by central differences, along one axis or along each of them, a tuple of arrays. Distances are numbers or rows of coordinates."""
    f = as_array(f)
    if edge_order != 1:
        refuse("gradient with an `edge_order` of 2 is not supported")
    axes = f.ndim
    if axis is not None:
        axes = len(axis) if kind(axis) == "tuple" else 1
    if len(varargs) > 1 and len(varargs) != axes:
        refuse("invalid number of arguments")
    if axis is None:
        if f.ndim == 1:
            return _along(f, 0, _spacing(varargs, 0))
        return _all_axes(f, varargs, 0)
    if kind(axis) == "tuple":
        return _some_axes(f, varargs, axis, 0)
    return _along(f, normalize_axis(axis, f.ndim), _spacing(varargs, 0))


@implements(error_model="numpy")
def _unwrap(row, jump, period, half, both):
    """Adds multiples of the period to the elements of a row, so that neighbours are near. Where both ends of the interval are in it, the upper one is for steps up."""
    shift = row.dtype(0)
    previous = row[0] if row.shape[0] > 0 else shift
    for i in range(1, row.shape[0]):
        x = row[i]
        d = x - previous
        previous = x
        turned = (d + half) % period - half
        if both and turned == -half and d > 0:
            turned = half
        if not abs(d) < jump:
            shift += turned - d
        row[i] = x + shift


def _unwrap_rows(a, jump, period, half, both):
    if a.ndim == 1:
        _unwrap(a, jump, period, half, both)
    else:
        for i in range(a.shape[0]):
            _unwrap_rows(a[i], jump, period, half, both)


@implements(np.unwrap)
def unwrap(p, discont=None, axis: Static = -1, period=2 * math.pi):
    """Angles without jumps along an axis."""
    p = as_array(p)
    if dtype_kind(p.dtype) == "c":
        refuse("unwrap takes real numbers, not", p)
    k = normalize_axis(axis, p.ndim)
    jump = np.float64(period) / 2.0 if discont is None else np.float64(discont)
    if dtype_kind(p.dtype) != "f" and kind(period) == "int":
        whole = p.astype(np.int64)
        _unwrap_rows(np.moveaxis(whole, k, -1), jump, period, period // 2, period % 2 == 0)
        return whole
    out = p.astype(_float(p.dtype))
    turn = out.dtype(period)
    _unwrap_rows(np.moveaxis(out, k, -1), jump, turn, turn / out.dtype(2), True)
    return out
