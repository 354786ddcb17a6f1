"""Elements added to arrays and left out of them."""
import numpy as np
from numbra.intrinsics import kind, whole
from numbra.lib import Static, implements
from numbra.lib.construction.joining import concatenate, part
from numbra.lib.construction.reshape import ravel
from numbra.lib.indexing.indices import check_bounds
from numbra.lib.layout.memory import assign, store
from numbra.lib.layout.shapes import axis_of


def _wholes(n: Static):
    if n == 0:
        return ()
    return (whole(),) + _wholes(n - 1)


@implements(np.append)
def append(arr, values, axis: Static = None):
    """The elements with others behind them; flattened, where the axis is None."""
    if axis is None:
        return concatenate((ravel(np.asarray(arr)), ravel(np.asarray(values))), 0)
    return concatenate((arr, values), axis)


def _delete_at(arr, index, axis: Static):
    n = arr.shape[axis]
    out = np.empty(arr.shape[:axis] + (n - 1,) + arr.shape[axis + 1:], arr.dtype)
    store(part(out, axis, 0, index), part(arr, axis, 0, index))
    store(part(out, axis, index, n - 1), part(arr, axis, index + 1, n))
    return out


@implements(np.delete)
def delete(arr, obj, axis: Static = None):
    """A copy without the parts at an index, at the indices of an array, where a mask is true, or of a slice."""
    if kind(obj) == "tuple" or kind(obj) == "list":
        return delete(arr, np.asarray(obj), axis)
    if axis is None:
        return delete(ravel(arr), obj, 0)
    at = axis_of(axis, arr.ndim)
    if kind(obj) == "int":
        check_bounds(obj, arr.shape[at], at)
        return _delete_at(arr, obj + arr.shape[at] if obj < 0 else obj, at)
    keep = np.ones(arr.shape[at], np.bool_)
    keep[obj] = False
    return arr[_wholes(at) + (keep,)]


def _places(indices, n):
    """Where elements that are put before the indices come to stand in the result, those before one index in their order."""
    m = indices.shape[0]
    before = np.zeros(n + 2, np.int64)
    for i in range(m):
        if indices[i] < -n or indices[i] > n:
            raise IndexError("index is out of bounds for the axis")
        before[(indices[i] + n if indices[i] < 0 else indices[i]) + 1] += 1
    for i in range(n + 1):
        before[i + 1] += before[i]
    places = np.empty(m, np.int64)
    for i in range(m):
        at = indices[i] + n if indices[i] < 0 else indices[i]
        places[i] = at + before[at]
        before[at] += 1
    return places


@implements(np.insert)
def insert(arr, obj, values, axis: Static = None):
    """A copy with values put before an index, or before each index of an array."""
    if kind(obj) == "tuple" or kind(obj) == "list":
        return insert(arr, np.asarray(obj), values, axis)
    if axis is None:
        return insert(ravel(arr), obj, values, 0)
    at = axis_of(axis, arr.ndim)
    new = np.array(values, arr.dtype, True, "C", False, arr.ndim)
    if kind(obj) == "int":
        return _insert_at(arr, obj, np.moveaxis(new, 0, at), at)
    return _insert(arr, obj, new, at)


def _insert_at(arr, index, new, axis: Static):
    n, count = arr.shape[axis], new.shape[axis]
    if index < -n or index > n:
        raise IndexError("index is out of bounds for the axis")
    start = index + n if index < 0 else index
    out = np.empty(arr.shape[:axis] + (n + count,) + arr.shape[axis + 1:], arr.dtype)
    store(part(out, axis, 0, start), part(arr, axis, 0, start))
    assign(part(out, axis, start, start + count), new)
    store(part(out, axis, start + count, n + count), part(arr, axis, start, n))
    return out


def _insert(arr, indices, new, axis: Static):
    n, count = arr.shape[axis], indices.shape[0]
    if count == 1:
        return _insert_at(arr, np.int64(indices[0]), new, axis)
    places = _places(indices, n)
    out = np.empty(arr.shape[:axis] + (n + count,) + arr.shape[axis + 1:], arr.dtype)
    old = np.ones(n + count, np.bool_)
    old[places] = False
    out[_wholes(axis) + (places,)] = new
    out[_wholes(axis) + (old,)] = arr
    return out
