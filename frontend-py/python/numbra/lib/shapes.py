"""Shapes as tuples of ints: broadcasting, axes, and tuples that differ in one place. Lengths of tuples are known at compile time."""
import numpy as np
from numbra.intrinsics import kind, refuse, view
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


def broadcast_shapes(a, b):
    """The shape to which two shapes broadcast; ValueError where they do not."""
    if len(a) < len(b):
        return _broadcast(pad(a, len(b)), b)
    return _broadcast(a, pad(b, len(a)))
