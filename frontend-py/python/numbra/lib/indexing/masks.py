"""Masks: where arrays are true, and the elements there."""
import numpy as np
from numbra.intrinsics import compress, dtype_kind, kind, layout, map, map_into, refuse, true_positions, view
from numbra.lib import Static, implements
from numbra.lib.construction.sequences import is_sequence
from numbra.lib.layout.views import flat_view
from numbra.lib.reduction.counting import nonzeros


def is_true(x):
    return x != 0


def count_nonzero(a):
    """How many elements are true."""
    if kind(a) != "array":
        if kind(a) == "str":
            return min(len(a), 1)
        return 1 if is_true(a) else 0
    if a.ndim > 1 and layout(a) == "C":
        return nonzeros(flat_view(a), np.int64)
    return nonzeros(a, np.int64)


def _columns(n, rank: Static):
    """`rank` new rows of n indices, with room for one more that is not part of them."""
    if rank == 0:
        return ()
    return (view(np.empty(n + 1, np.int64), 0, (n,)),) + _columns(n, rank - 1)


def _write(columns, k, at):
    """Writes one position."""
    if len(columns) > 0:
        view(columns[0], k * 8, ())[()] = at[0]
        _write(columns[1:], k, at[1:])


def _collect(a, columns, k, at):
    """Writes the positions of true elements behind the first k, `at` being the position of the row; returns how many there are then."""
    if a.ndim == 1:
        # Each position is written where the next true one belongs, so that there is no branch.
        for i in range(a.shape[0]):
            _write(columns, k, at + (i,))
            k += is_true(a[i])
    else:
        for i in range(a.shape[0]):
            k = _collect(a[i], columns, k, at + (i,))
    return k


@implements(np.nonzero, "array.nonzero")
def nonzero(a):
    """The positions of the true elements, an array of ints for each axis."""
    if kind(a) == "list" or kind(a) == "tuple":
        return nonzero(np.asarray(a))
    if kind(a) != "array" or a.ndim == 0:
        refuse("Calling nonzero on 0d arrays is not allowed. Use np.atleast_1d(scalar).nonzero() instead.")
    if a.ndim == 1:
        return (true_positions(_mask(a)),)
    columns = _columns(count_nonzero(a), a.ndim)
    _collect(a, columns, 0, ())
    return columns


def _mask(a):
    """Where elements are true."""
    if dtype_kind(a.dtype) == "b":
        return a
    return map(is_true, a)


@implements(np.flatnonzero)
def flatnonzero(a):
    """The positions of the true elements in the flattened array."""
    return nonzero(np.ravel(a))[0]


@implements(np.argwhere)
def argwhere(a):
    """The positions of the true elements, a row for each, of shape (n, a.ndim)."""
    if is_sequence(a):
        return argwhere(np.asarray(a))
    if a is None:
        return np.empty((0, 0), np.int64)
    if kind(a) != "array" or a.ndim == 0:
        return np.empty((count_nonzero(a), 0), np.int64)
    columns = nonzero(a)
    result = np.empty((columns[0].shape[0], a.ndim), np.int64)
    _transpose(columns, result, 0)
    return result


def _transpose(columns, result, axis: Static):
    if len(columns) > 0:
        for i in range(result.shape[0]):
            result[i, axis] = columns[0][i]
        _transpose(columns[1:], result, axis + 1)


def _pick(a, mask, out, k):
    if a.ndim == 1:
        for i in range(a.shape[0]):
            view(out, k * out.itemsize, ())[()] = a[i]
            k += mask[i]
    else:
        for i in range(a.shape[0]):
            k = _pick(a[i], mask[i], out, k)
    return k


def pick(a, mask):
    """`a[mask]` with a mask of the shape of the array: one row of the elements where it is true."""
    if dtype_kind(a.dtype) != "V":
        return compress(a, mask)
    return _picked(a, mask)


def _picked(a, mask):
    n = count_nonzero(mask)
    # What is not wanted is written too, behind the last one.
    out = np.empty(n + 1, a.dtype)
    _pick(a, mask, out, 0)
    return view(out, 0, (n,))


def put_one(a, mask, x):
    """`a[mask] = x` with one number, of the element type of `a`."""
    if dtype_kind(a.dtype) != "V":
        map_into(_changed, a, a, mask, x)
    elif a.ndim == 1:
        for i in range(a.shape[0]):
            if mask[i]:
                a[i] = x
    else:
        for i in range(a.shape[0]):
            put_one(a[i], mask[i], x)


def _changed(old, is_changed, new):
    return new if is_changed else old


def _put(a, mask, values, k):
    if a.ndim == 1:
        for i in range(a.shape[0]):
            if mask[i]:
                a[i] = values[k]
                k += 1
    else:
        for i in range(a.shape[0]):
            k = _put(a[i], mask[i], values, k)
    return k


def put(a, mask, values):
    """`a[mask] = values` with one value for each place where the mask is true."""
    if values.shape[0] != count_nonzero(mask):
        raise ValueError("NumPy boolean array indexing assignment cannot assign that many input values to the output values where the mask is true")
    _put(a, mask, values, 0)
