"""How many elements are not zero."""
import numpy as np
from numbra.intrinsics import kind, layout, sum as sum_of
from numbra.lib import Static, implements
from numbra.lib.layout.views import flat_view
from numbra.lib.reduction.reductions import as_array, reduce, same, truth


def _counter(a):
    """The type in which elements are counted: that of the elements' size makes the most of vector instructions, for as long as it does not overflow."""
    if a.itemsize == 1:
        return np.int16
    if a.itemsize == 8:
        return np.int64
    return np.int32


def _count_row(a, n, zero):
    for i in range(a.shape[0]):
        n += type(zero)(a[i] != 0)
    return n


def nonzeros(a, dtype):
    """How many elements are not zero."""
    if a.ndim == 0:
        return 1 if a[()] != 0 else 0
    n = 0
    if a.ndim == 1:
        zero = _counter(a)(0)
        for start in range(0, a.shape[0], 16384):
            n += np.int64(_count_row(a[start:start + 16384], zero, zero))
    else:
        for i in range(a.shape[0]):
            n += nonzeros(a[i], dtype)
    return n


def _count(n, x):
    return n + (x != 0)


@implements(np.count_nonzero)
def count_nonzero(a, axis: Static = None, keepdims: Static = False):
    a = as_array(a)
    if kind(axis) == "tuple" and a.ndim > 0:
        return reduce(sum_of, same, np.add, np.not_equal(a, 0), axis, np.int64, keepdims)
    if axis is None and layout(a) == "C" and a.ndim > 1 and not keepdims:
        return reduce(nonzeros, truth, _count, flat_view(a), axis, np.int64, keepdims)
    return reduce(nonzeros, truth, _count, a, axis, np.int64, keepdims)
