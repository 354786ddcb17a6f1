"""Whether arrays share memory."""
from numbra.intrinsics import address, dtype_size


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
