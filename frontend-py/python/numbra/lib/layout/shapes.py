"""Shapes as tuples of ints: broadcasting, axes, and tuples that differ in one place. Lengths of tuples are known at compile time."""
from numbra.intrinsics import kind, refuse
from numbra.lib import Static


def shape_of(x):
    """The shape of an array; () of a number."""
    if kind(x) == "array":
        return x.shape
    return ()


def _broadcast(a, b):
    if len(a) == 0:
        return ()
    m, n = a[0], b[0]
    if m != n and m != 1 and n != 1:
        raise ValueError("operands could not be broadcast together")
    return (n if m == 1 else m,) + _broadcast(a[1:], b[1:])


def pad(shape, rank: Static):
    """A shape with ones put before it, so that it has `rank` lengths."""
    if len(shape) < rank:
        return (1,) + pad(shape, rank - 1)
    return shape


def times(a, b):
    """The products of the lengths of two shapes of the same rank."""
    if len(a) == 0:
        return ()
    return (a[0] * b[0],) + times(a[1:], b[1:])


def interleave(a, b):
    """The lengths of two shapes of the same rank in turn."""
    if len(a) == 0:
        return ()
    return (a[0], b[0]) + interleave(a[1:], b[1:])


def broadcast_shapes(a, b):
    """The shape to which two shapes broadcast; ValueError where they do not."""
    if len(a) < len(b):
        return _broadcast(pad(a, len(b)), b)
    return _broadcast(a, pad(b, len(a)))


def without(shape, axes: Static, at: Static):
    """The lengths of all axes but some, which are in order; the first length is that of axis `at`."""
    if len(axes) == 0:
        return shape
    if axes[0] == at:
        return without(shape[1:], axes[1:], at + 1)
    return shape[:1] + without(shape[1:], axes, at + 1)


def take_axes(shape, axes: Static):
    """The lengths of some axes, in their order."""
    if len(axes) == 0:
        return ()
    return (shape[axes[0]],) + take_axes(shape, axes[1:])


def axis_of(axis: Static, ndim: Static):
    """An axis counted from the front."""
    if kind(axis) != "int":
        refuse("an axis is an int, not", axis)
    if axis < -ndim or axis >= ndim:
        refuse("axis is out of bounds for the array's dimensions")
    if axis < 0:
        return axis + ndim
    return axis


def product(shape):
    """How many elements an array of a shape has."""
    if len(shape) == 0:
        return 1
    return shape[0] * product(shape[1:])
