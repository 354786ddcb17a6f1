"""Memory that operands share with an output: such an operand is copied before the output is written."""
import numpy as np
from numbra.intrinsics import address, dtype_size, kind
from numbra.lib import Static


def _reach(shape, strides):
    """From the first element of an array to its lowest and to its highest one, in bytes."""
    if len(shape) == 0:
        return 0, 0
    low, high = _reach(shape[1:], strides[1:])
    step = (shape[0] - 1) * strides[0]
    if step < 0:
        return low + step, high
    return low, high + step


def may_share(a, b):
    """Whether the ranges of memory of two arrays meet."""
    if a.size == 0 or b.size == 0:
        return False
    a_low, a_high = _reach(a.shape, a.strides)
    b_low, b_high = _reach(b.shape, b.strides)
    start, other = address(a), address(b)
    return start + a_low < other + b_high + dtype_size(b.dtype) and other + b_low < start + a_high + dtype_size(a.dtype)


def is_same(a, b):
    """Whether two arrays have each element at the same place."""
    if a.ndim == b.ndim and a.dtype == b.dtype:
        return address(a) == address(b) and a.shape == b.shape and a.strides == b.strides
    return False


def separate(x: Static, out):
    """The operand, or a copy of it where writing the output would change it before it is read."""
    if kind(x) == "array":
        if may_share(x, out) and not is_same(x, out):
            return x.copy()
        return x
    return x
