"""Weighted sums: convolve and average."""
import numpy as np
from numbra.intrinsics import dtype_kind, known, promote, refuse
from numbra.lib import Static, implements
from numbra.lib.layout.axes import normalize_axis
from numbra.lib.reduction.reductions import as_array

BLOCK = 2048


def _convolve(a, v, out):
    """Adds the products to `out`; the longer row is taken by blocks that stay near the processor."""
    for start in range(0, a.shape[0], BLOCK):
        part = a[start:start + BLOCK]
        for j in range(v.shape[0]):
            target = out[start + j:start + j + part.shape[0]]
            factor = v[j]
            for i in range(part.shape[0]):
                target[i] += part[i] * factor


def by_mode(function, a, v, mode):
    """`function` with a mode that is known at run time only."""
    if mode == "full":
        return function(a, v, "full")
    if mode == "same":
        return function(a, v, "same")
    if mode == "valid":
        return function(a, v, "valid")
    raise ValueError(f"mode must be one of 'valid', 'same', or 'full' (got '{mode}')")


@implements(np.convolve)
def convolve(a, v, mode: Static = "full"):
    """The convolution of two rows: all of it, the part as long as the longer row ("same"), or that where they fully overlap ("valid")."""
    if not known(mode):
        return by_mode(convolve, a, v, mode)
    x, y = as_array(a), as_array(v)
    if x.ndim != 1 or y.ndim != 1:
        refuse("object too deep for desired array: convolve takes rows")
    if dtype_kind(x.dtype) == "b" and dtype_kind(y.dtype) == "b":
        refuse("convolve takes numbers, not", x)
    dtype = promote(x.dtype, y.dtype)
    if x.shape[0] == 0:
        raise ValueError("a cannot be empty")
    if y.shape[0] == 0:
        raise ValueError("v cannot be empty")
    x, y = x.astype(dtype), y.astype(dtype)
    if y.shape[0] > x.shape[0]:
        x, y = y, x
    out = np.zeros(x.shape[0] + y.shape[0] - 1, dtype)
    _convolve(x, y, out)
    if mode == "full":
        return out
    if mode == "same":
        start = (y.shape[0] - 1) // 2
        return out[start:start + x.shape[0]].copy()
    if mode == "valid":
        return out[y.shape[0] - 1:x.shape[0]].copy()
    refuse("mode must be one of 'full', 'same' or 'valid', not", mode)


@implements(np.average)
def average(a, axis: Static = None, weights: Static = None, keepdims: Static = False):
    """The mean, weighted on demand. Weights have the shape of the array, or are a row along the axis."""
    a = as_array(a)
    if weights is None:
        return np.mean(a, axis, None, None, keepdims)
    w = as_array(weights)
    if w.ndim != a.ndim:
        if axis is None or w.ndim != 1:
            refuse("Axis must be specified when shapes of a and weights differ.")
        k = normalize_axis(axis, a.ndim)
        if w.shape[0] != a.shape[k]:
            raise ValueError("Shape of weights must be consistent with shape of a along specified axis.")
        last = np.swapaxes(a, k, -1)
        result = average(last, -1, np.broadcast_to(w, last.shape), keepdims)
        return np.swapaxes(result, k, -1) if keepdims else result
    if w.shape != a.shape:
        raise ValueError("Shape of weights must be consistent with shape of a along specified axis.")
    total = np.sum(w, axis, None, None, keepdims)
    if np.any(np.equal(total, 0)):
        raise ZeroDivisionError("Weights sum to zero, can't be normalized")
    return np.divide(np.sum(np.multiply(a, w), axis, None, None, keepdims), total)
