"""A function of rows, applied along an axis."""
import numpy as np
from numbra.intrinsics import refuse
from numbra.lib import Static, implements
from numbra.lib.layout.axes import normalize_axis
from numbra.lib.reduction.reductions import as_array


def _first_row(a):
    if a.ndim == 1:
        return a
    return _first_row(a[0])


def _fill(f, a, out, args):
    if a.ndim == 1:
        out[...] = f(a, *args)
    else:
        for i in range(a.shape[0]):
            _fill(f, a[i], out[i, ...], args)


@implements(np.apply_along_axis)
def apply_along_axis(func1d, axis: Static, arr, *args):
    """What a function has for each row along an axis: a number in the row's place, or a row."""
    a = as_array(arr)
    if a.ndim == 0:
        refuse("apply_along_axis takes arrays with an axis, not", a)
    k = normalize_axis(axis, a.ndim)
    rows = np.moveaxis(a, k, -1)
    for n in rows.shape[:-1]:
        if n == 0:
            raise ValueError("Cannot apply_along_axis when any iteration dimensions are 0")
    first = np.asarray(func1d(_first_row(rows), *args))
    if first.ndim > 1:
        refuse("the function of apply_along_axis returns a number or a row, not", first)
    out = np.empty(rows.shape[:-1] + first.shape, first.dtype)
    _fill(func1d, rows, out, args)
    if first.ndim == 1:
        return np.moveaxis(out, -1, k)
    return out
