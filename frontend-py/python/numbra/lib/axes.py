"""Axes: their numbers, and shapes with one of them dropped or replaced."""
import numpy as np
from numbra.intrinsics import kind
from numbra.lib import Static


def normalize_axis(axis: Static, ndim: Static):
    """The axis counted from the front; AxisError where the array has no such axis."""
    if axis < -ndim or axis >= ndim:
        raise np.exceptions.AxisError(axis, ndim)
    return axis + ndim if axis < 0 else axis


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
        raise ValueError("duplicate value in 'axis'")
    if axis > first and not keepdims:
        axis = axis - 1
    return (axis,) + rest_of_axes(axes[1:], first, ndim, keepdims)


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
        return shape[axis[0]] * count_along(shape, axis[1:])
    return shape[axis]
