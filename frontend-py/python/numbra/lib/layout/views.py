"""Views: arrays over the memory of another one, with another shape."""
import numpy as np
from numbra.intrinsics import kind, view
from numbra.lib import Static, implements
from numbra.lib.layout.shapes import pad


def flat_view(a):
    """The elements of a contiguous array as one row."""
    return view(a, 0, (a.size,))


def _strides(have, strides, want):
    if len(want) == 0:
        return ()
    if have[0] == want[0]:
        return (strides[0],) + _strides(have[1:], strides[1:], want[1:])
    if have[0] != 1:
        raise ValueError("operands could not be broadcast together with the requested shape")
    return (0,) + _strides(have[1:], strides[1:], want[1:])


def zeros(strides, rank: Static):
    """Strides with zeros put before them, so that there are `rank`."""
    if len(strides) < rank:
        return (0,) + zeros(strides, rank - 1)
    return strides


@implements(np.broadcast_to)
def broadcast_to(array, shape):
    if kind(array) != "array":
        return broadcast_to(np.asarray(array), shape)
    if kind(shape) == "int":
        return broadcast_to(array, (shape,))
    if array.ndim > len(shape):
        raise ValueError("input operand has more dimensions than allowed by the axis remapping")
    for length in shape:
        if length < 0:
            raise ValueError("all elements of broadcast shape must be non-negative")
    have = pad(array.shape, len(shape))
    return view(array, 0, shape, _strides(have, zeros(array.strides, len(shape)), shape))
