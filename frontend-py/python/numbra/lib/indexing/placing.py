"""Elements by their positions in the flattened array: put, place, putmask, compress, ravel_multi_index, unravel_index; and lexsort."""
import numpy as np
from numbra.intrinsics import kind, layout, refuse
from numbra.lib import Static, implements
from numbra.lib.construction.reshape import ravel
from numbra.lib.layout.memory import convert, store
from numbra.lib.layout.shapes import product
from numbra.lib.layout.views import flat_view
from numbra.lib.reduction.reductions import as_array


def confined(i, n, mode: Static):
    """A position from 0 to n - 1."""
    if mode == "clip":
        return max(0, min(n - 1, np.int64(i)))
    if mode == "wrap":
        return np.int64(i) % n
    if mode != "raise":
        refuse("clipmode must be one of 'clip', 'raise', or 'wrap'")
    if i < -n or i >= n:
        raise IndexError("index is out of bounds for the size of the array")
    return np.int64(i) + n if i < 0 else np.int64(i)


@implements(np.put, "array.put")
def put(a, ind, v, mode: Static = "raise"):
    """Writes values, again and again from the first, to positions in the flattened array."""
    positions, values = ravel(as_array(ind)), ravel(as_array(v))
    if positions.size > 0 and values.size > 0:
        if layout(a) == "C":
            _put(flat_view(a), positions, values, mode)
        else:
            row = flat_view(a.copy())
            _put(row, positions, values, mode)
            store(a, np.reshape(row, a.shape))


def _put(row, positions, values, mode: Static):
    for i in range(positions.shape[0]):
        row[confined(positions[i], row.shape[0], mode)] = convert(values[i % values.shape[0]], row.dtype)


def _masked(a, mask, values, k, counted: Static):
    """Writes values where the mask is true: the k-th for the k-th such element, or for the k-th of all."""
    if a.ndim == 0:
        if mask[()] != 0:
            a[()] = convert(values[k % values.shape[0]], a.dtype)
        return k + 1
    for i in range(a.shape[0]):
        if a.ndim > 1:
            k = _masked(a[i], mask[i], values, k, counted)
        elif mask[i] != 0:
            a[i] = convert(values[k % values.shape[0]], a.dtype)
            k += 1
        elif not counted:
            k += 1
    return k


@implements(np.place)
def place(arr, mask, vals):
    """Writes values, again and again from the first, to the elements where a mask is true."""
    where, values = np.reshape(as_array(mask), arr.shape), ravel(as_array(vals))
    if values.size > 0:
        _masked(arr, where, values, 0, True)
    elif np.any(where):
        raise ValueError("Cannot insert from an empty array!")


@implements(np.putmask)
def putmask(a, mask, values):
    """Writes to the elements where a mask is true the values of the same places."""
    where, source = np.reshape(as_array(mask), a.shape), ravel(as_array(values))
    if source.size > 0:
        _masked(a, where, source, 0, False)


@implements(np.compress)
def compress(condition, a, axis: Static = None, out=None):
    """The parts along an axis for which a condition holds."""
    if out is not None:
        refuse("the argument `out` is not supported")
    places = np.flatnonzero(as_array(condition))
    return np.take(as_array(a), places, axis)


@implements("array.compress")
def compress_method(a, condition, axis: Static = None, out=None):
    return compress(condition, a, axis, out)


@implements(np.ravel_multi_index)
def ravel_multi_index(multi_index, dims, mode: Static = "raise", order: Static = "C"):
    """The position in the flattened array for an index along each axis."""
    if kind(multi_index) != "tuple" or kind(dims) != "tuple":
        refuse("ravel_multi_index takes tuples, not", multi_index, "and", dims)
    if len(multi_index) != len(dims):
        refuse("parameter multi_index must be a sequence of the length of the shape")
    if order != "C":
        refuse("only order 'C' is supported")
    return _position(multi_index, dims, mode)


def _position(indices, dims, mode: Static):
    if len(dims) == 1:
        return _checked(indices[0], dims[0], mode)
    return np.add(np.multiply(_checked(indices[0], dims[0], mode), product(dims[1:])), _position(indices[1:], dims[1:], mode))


def _checked(index, n, mode: Static):
    if kind(index) == "array" or kind(index) == "list" or kind(index) == "tuple":
        source = as_array(index)
        out = np.empty(source.shape, np.int64)
        flat, row = flat_view(out), ravel(source)
        for i in range(flat.shape[0]):
            flat[i] = _checked(row[i], n, mode)
        return out
    if mode == "raise":
        if index < 0 or index >= n:
            raise ValueError("invalid entry in coordinates array")
    return confined(index, n, mode)


@implements(np.unravel_index)
def unravel_index(indices, shape, order: Static = "C"):
    """The index along each axis of positions in the flattened array."""
    if order != "C":
        refuse("only order 'C' is supported")
    if kind(shape) == "int":
        return unravel_index(indices, (shape,))
    if kind(indices) == "list" or kind(indices) == "tuple":
        return unravel_index(np.asarray(indices), shape)
    if kind(indices) == "array":
        for i in ravel(indices):
            _within(i, product(shape))
    else:
        _within(indices, product(shape))
    return _indices(indices, shape)


def _within(i, n):
    if i < 0 or i >= n:
        raise ValueError("index is out of bounds for array with this size")


def _indices(positions, shape):
    if len(shape) == 0:
        return ()
    if len(shape) == 1:
        return (np.multiply(positions, 1),)
    rest = max(1, product(shape[1:]))
    return (np.floor_divide(positions, rest),) + _indices(np.remainder(positions, rest), shape[1:])


@implements(np.lexsort)
def lexsort(keys, axis: Static = -1):
    """The order of rows by the last of several keys, where that is equal by the one before it, and so on."""
    if kind(keys) != "tuple" and kind(keys) != "list" and kind(keys) != "array":
        refuse("need sequence of keys with len > 0 in lexsort, not", keys)
    order = np.argsort(keys[0])
    if order.ndim != 1 or axis != -1 and axis != 0:
        refuse("lexsort takes rows as keys")
    if kind(keys) == "tuple":
        return _refined(keys[1:], order)
    for i in range(1, len(keys)):
        order = order[np.argsort(np.take(keys[i], order))]
    return order


def _refined(keys, order):
    if len(keys) == 0:
        return order
    return _refined(keys[1:], order[np.argsort(np.take(as_array(keys[0]), order))])
