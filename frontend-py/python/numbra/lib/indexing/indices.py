"""What a subscript says of each axis, as NumPy reads it: basic parts, which make a view, and advanced ones (arrays, masks, and ints beside them).

`a[items]` with advanced parts is done in two steps: `basic(items)` gives the view in which each advanced part still has its whole axis, and
the advanced parts then pick from the axes `positions(items)` of that view.
"""
import numpy as np
from numbra.intrinsics import dtype_kind, kind, refuse, view, whole
from numbra.lib import Static
from numbra.lib.construction.sequences import index_array, is_sequence
from numbra.lib.indexing.masks import nonzero
from numbra.lib.layout.shapes import pad, shape_of
from numbra.lib.layout.views import zeros


def from_sequence(x):
    """A tuple or list of ints, bools or of such sequences as an array; other items as they are."""
    if is_sequence(x):
        return index_array(x)
    return x


def _is_mask(item):
    return kind(item) == "array" and dtype_kind(item.dtype) == "b"


def _is_basic(item):
    return kind(item) == "slice" or kind(item) == "none"


def _axes(item):
    """How many axes an item of a subscript stands for."""
    if kind(item) == "none" or kind(item) == "ellipsis" or kind(item) == "bool":
        return 0
    if _is_mask(item):
        return item.ndim
    return 1


def _all_axes(items):
    if len(items) == 0:
        return 0
    return _axes(items[0]) + _all_axes(items[1:])


def _wholes(n: Static):
    if n == 0:
        return ()
    return (whole(),) + _wholes(n - 1)


def _expand(items, free: Static):
    if len(items) == 0:
        return _wholes(free)
    if kind(items[0]) == "ellipsis":
        return _wholes(free) + _expand(items[1:], 0)
    if _is_mask(items[0]) and items[0].ndim == 0:
        return (items[0][()],) + _expand(items[1:], free)
    return (from_sequence(items[0]),) + _expand(items[1:], free)


def complete(index, ndim: Static):
    """The items of a subscript of an array of that many dimensions, one or more for each axis: no `...`, sequences made arrays."""
    if kind(index) != "tuple":
        return complete((index,), ndim)
    if _all_axes(index) > ndim:
        refuse("too many indices for the array")
    return _expand(index, ndim - _all_axes(index))


def basic(items):
    """The subscript of the view."""
    if len(items) == 0:
        return ()
    if _is_basic(items[0]):
        return (items[0],) + basic(items[1:])
    if kind(items[0]) == "bool":
        return (None,) + basic(items[1:])
    return _wholes(_axes(items[0])) + basic(items[1:])


def _run(at: Static, n: Static):
    if n == 0:
        return ()
    return (at,) + _run(at + 1, n - 1)


def positions(items, at: Static):
    """Axes of the view from which the advanced items pick; the first axis is number `at`."""
    if len(items) == 0:
        return ()
    if _is_basic(items[0]):
        return positions(items[1:], at + 1)
    if _is_mask(items[0]):
        return _run(at, items[0].ndim) + positions(items[1:], at + items[0].ndim)
    return (at,) + positions(items[1:], at + 1)


def advanced(items, shape, axis: Static):
    """The advanced items as arrays of ints and ints, all within bounds; one for each axis from which they pick. `shape` is that of the array
    from its axis number `axis` on."""
    if len(items) == 0:
        return ()
    item = items[0]
    if kind(item) == "none":
        return advanced(items[1:], shape, axis)
    if kind(item) == "slice":
        return advanced(items[1:], shape[1:], axis + 1)
    if kind(item) == "bool":
        return (np.zeros(1 if item else 0, np.int64),) + advanced(items[1:], shape, axis)
    if _is_mask(item):
        check_mask(item.shape, shape)
        return nonzero(item) + advanced(items[1:], shape[item.ndim:], axis + item.ndim)
    check_bounds(item, shape[0], axis)
    return (item,) + advanced(items[1:], shape[1:], axis + 1)


def check_mask(mask, shape):
    """IndexError unless a mask's lengths are those of the axes from which it picks."""
    if len(mask) > 0:
        if mask[0] != shape[0]:
            raise IndexError("boolean index did not match indexed array along axis; sizes differ")
        check_mask(mask[1:], shape[1:])


def check_bounds(index, n, axis: Static):
    """IndexError unless each index is one of an axis of length n."""
    if kind(index) == "array":
        if dtype_kind(index.dtype) != "i" and dtype_kind(index.dtype) != "u":
            refuse("arrays used as indices must be of integer (or boolean) type, not", index)
        if not _within(index, n):
            _find(index, n, axis)
    elif kind(index) == "int":
        if not _inside(index, n):
            out_of_bounds(index, n, axis)
    else:
        refuse("only integers, slices, `...`, `None` and integer or boolean arrays are indices, not", index)


def _inside(i, n):
    if dtype_kind(i.dtype) == "u":
        return i < n
    return -n <= i and i < n


def _within(index, n):
    good = True
    if index.ndim == 0:
        good = _inside(index[()], n)
    elif index.ndim == 1:
        for i in range(index.shape[0]):
            good &= _inside(index[i], n)
    else:
        for i in range(index.shape[0]):
            good &= _within(index[i], n)
    return good


def _find(index, n, axis: Static):
    if index.ndim == 0:
        out_of_bounds(index[()], n, axis)
    elif index.ndim == 1:
        for i in range(index.shape[0]):
            if not _inside(index[i], n):
                out_of_bounds(index[i], n, axis)
    else:
        for i in range(index.shape[0]):
            _find(index[i], n, axis)


def out_of_bounds(i, n, axis: Static):
    """Raises NumPy's IndexError for an index of an axis of length n."""
    probe = view(np.empty(1), 0, pad((n,), axis + 1), zeros((0,), axis + 1))
    probe[zeros((np.int64(i),), axis + 1)]


def _meet(a, b):
    if len(a) < len(b):
        return _meet(b, a)
    if len(a) > len(b):
        return a[:1] + _meet(a[1:], b)
    if len(a) == 0:
        return ()
    if a[0] != b[0] and a[0] != 1 and b[0] != 1:
        raise IndexError("shape mismatch: indexing arrays could not be broadcast together")
    return (b[0] if a[0] == 1 else a[0],) + _meet(a[1:], b[1:])


def broadcast_indices(indices):
    """The shape to which index arrays broadcast; IndexError where they do not."""
    if len(indices) == 1:
        return shape_of(indices[0])
    return _meet(shape_of(indices[0]), broadcast_indices(indices[1:]))
