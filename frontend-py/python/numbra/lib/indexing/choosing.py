"""Elements chosen among several arrays, or put along an axis: choose, put_along_axis; and ix_, which makes indices of a grid."""
import numpy as np
from numbra.intrinsics import dtype_kind, element, kind, promote, refuse
from numbra.lib import Static, implements
from numbra.lib.construction.reshape import ravel, reshape
from numbra.lib.indexing.placing import confined
from numbra.lib.layout.memory import convert
from numbra.lib.layout.shapes import axis_of, broadcast_shapes, shape_of
from numbra.lib.layout.views import broadcast_to, flat_view
from numbra.lib.reduction.reductions import as_array


def _common_dtype(arrays):
    if len(arrays) == 1:
        return element(arrays[0]).dtype
    return promote(element(arrays[0]).dtype, _common_dtype(arrays[1:]))


def _common_shape(arrays, shape):
    if len(arrays) == 0:
        return shape
    return _common_shape(arrays[1:], broadcast_shapes(shape, shape_of(arrays[0])))


def _write(out, which, choice, k: Static):
    """Writes the elements of a choice where it is the k-th that is asked for."""
    for i in range(out.shape[0]):
        if which[i] == k:
            out[i] = convert(choice[i], out.dtype)


def _write_all(out, which, choices, shape, k: Static):
    if len(choices) > 0:
        _write(out, which, ravel(broadcast_to(as_array(choices[0]), shape)), k)
        _write_all(out, which, choices[1:], shape, k + 1)


@implements(np.choose, "array.choose")
def choose(a, choices, out=None, mode: Static = "raise"):
    """At each place the element of that choice whose number stands in `a`."""
    if out is not None:
        refuse("the argument `out` of choose is not supported")
    numbers = as_array(a)
    if dtype_kind(numbers.dtype) == "f" or dtype_kind(numbers.dtype) == "c":
        refuse("choose takes whole numbers, not", a)
    if kind(choices) != "tuple":
        rows = as_array(choices)
        shape = broadcast_shapes(numbers.shape, rows.shape[1:])
        result, which = np.empty(shape, rows.dtype), ravel(broadcast_to(numbers, shape))
        target = flat_view(result)
        for k in range(rows.shape[0]):
            source = ravel(broadcast_to(rows[k], shape))
            for i in range(target.shape[0]):
                if _number(which[i], rows.shape[0], mode) == k:
                    target[i] = source[i]
        return result
    shape = _common_shape(choices, numbers.shape)
    result, which = np.empty(shape, _common_dtype(choices)), np.empty(shape, np.int64)
    source, target = ravel(broadcast_to(numbers, shape)), flat_view(which)
    for i in range(target.shape[0]):
        target[i] = _number(source[i], len(choices), mode)
    _write_all(flat_view(result), target, choices, shape, 0)
    return result


def _number(k, n, mode: Static):
    if mode == "raise" and (k < 0 or k >= n):
        raise ValueError("invalid entry in choice array")
    return confined(k, n, mode)


@implements(np.put_along_axis)
def put_along_axis(arr, indices, values, axis: Static):
    """Writes values for each row along an axis to the places that the row of indices says."""
    if axis is None:
        if arr.ndim != 1:
            refuse("put_along_axis without an axis takes a row, not", arr)
        put_along_axis(arr, indices, values, 0)
    else:
        at = axis_of(axis, arr.ndim)
        if indices.ndim != arr.ndim:
            raise ValueError("`indices` and `arr` must have the same number of dimensions")
        shape = arr.shape[:at] + indices.shape[at:at + 1] + arr.shape[at + 1:]
        rows = np.moveaxis(arr, at, -1)
        _put_rows(rows, np.moveaxis(broadcast_to(indices, shape), at, -1), np.moveaxis(broadcast_to(as_array(values), shape), at, -1))


def _put_rows(out, indices, values):
    if out.ndim == 1:
        for i in range(indices.shape[0]):
            out[np.int64(indices[i])] = convert(values[i], out.dtype)
    else:
        for i in range(out.shape[0]):
            _put_rows(out[i], indices[i], values[i])


def _alone(n: Static, axis: Static, length):
    if n == 0:
        return ()
    return ((length if axis == 0 else 1),) + _alone(n - 1, axis - 1, length)


def _open_grid(rows, n: Static, axis: Static):
    if axis == n:
        return ()
    row = as_array(rows[axis])
    if row.ndim != 1:
        refuse("Cross index must be 1 dimensional, not", row)
    if dtype_kind(row.dtype) == "b":
        numbers = np.flatnonzero(row)
        return (reshape(numbers, _alone(n, axis, numbers.shape[0])),) + _open_grid(rows, n, axis + 1)
    return (reshape(row, _alone(n, axis, row.shape[0])),) + _open_grid(rows, n, axis + 1)


@implements(np.ix_)
def ix_(*args):
    """Indices for the grid of some rows, some columns, ...: each along an axis of its own."""
    return _open_grid(args, len(args), 0)
