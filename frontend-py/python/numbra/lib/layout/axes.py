"""Axes: their numbers, and shapes with one of them dropped or replaced."""
import numpy as np
from numbra.intrinsics import kind
from numbra.lib import Static


def normalize_axis(axis: Static, ndim: Static):
    """The axis counted from the front; AxisError where the array has no such axis."""
    if axis < -ndim or axis >= ndim:
        return _no_axis(axis, ndim)
    return axis + ndim if axis < 0 else axis


def _no_axis(axis, ndim):
    """Raises AxisError. What follows is typed for axis 0: that the error is certain shows only when the program runs."""
    if ndim >= 0:
        raise np.exceptions.AxisError(axis, ndim)
    return 0


def check_axes(axis: Static):
    """AxisError where an axis is not that of a number, which NumPy takes for a row here."""
    if axis is None:
        return
    if kind(axis) == "tuple":
        if len(axis) > 0:
            _no_axis(axis[0], 0)
    elif axis < -1 or axis > 0:
        _no_axis(axis, 0)


def is_at(axis, k: Static, ndim: Static):
    """Whether an axis that is not known when the function is compiled is axis `k`; AxisError where it is none of the axes from there on."""
    if axis == k or axis == k - ndim:
        return True
    if k + 1 >= ndim:
        raise np.exceptions.AxisError(axis, ndim)
    return False


def without(shape, axis: Static):
    """A shape with one axis dropped."""
    if len(shape) == 1:
        return ()
    return (shape[0] if axis > 0 else shape[1],) + without(shape[1:], axis - 1)


def replaced(shape, axis: Static, length):
    """A shape with another length of one axis."""
    if len(shape) == 0:
        return ()
    return (length if axis == 0 else shape[0],) + replaced(shape[1:], axis - 1, length)


def rest_of_axes(axes: Static, first: Static, ndim: Static, keepdims: Static):
    """What axes after `first` are called once it has been reduced; ValueError where it comes again."""
    if len(axes) == 0:
        return ()
    axis = normalize_axis(axes[0], ndim)
    if axis == first:
        _check(axes[1:], ndim)
        return _twice(ndim)
    if axis > first and not keepdims:
        axis = axis - 1
    return (axis,) + rest_of_axes(axes[1:], first, ndim, keepdims)


def _check(axes: Static, ndim: Static):
    """Whether they are there is asked first."""
    if len(axes) > 0:
        normalize_axis(axes[0], ndim)
        _check(axes[1:], ndim)


def _twice(ndim):
    if ndim >= 0:
        raise ValueError("duplicate value in 'axis'")
    return ()


def count_along(shape, axis: Static):
    """How many elements a reduction along an axis, some axes or all (None) puts together."""
    if axis is None:
        n = 1
        for length in shape:
            n *= length
        return n
    if kind(axis) == "tuple":
        if len(axis) == 0:
            return 1
        return shape[normalize_axis(axis[0], len(shape))] * count_along(shape, axis[1:])
    if len(shape) == 0:
        return 1
    return shape[normalize_axis(axis, len(shape))]
