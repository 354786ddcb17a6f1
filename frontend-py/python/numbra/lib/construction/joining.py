"""Arrays put together and taken apart along an axis."""
import numpy as np
from numbra.intrinsics import kind, known, promote, refuse, sequence_rank, view
from numbra.lib import Static, implements
from numbra.lib.construction.reshape import atleast_1d, atleast_2d, atleast_3d, expand_dims, ravel
from numbra.lib.layout.axes import is_at
from numbra.lib.layout.memory import store
from numbra.lib.layout.shapes import axis_of
from numbra.lib.reduction.reductions import as_array


def part(a, axis: Static, start, stop):
    """The view of what lies from start to stop, which are within bounds, along an axis."""
    return view(a, start * a.strides[axis], a.shape[:axis] + (stop - start,) + a.shape[axis + 1:], a.strides)


def _dtype(arrays):
    if len(arrays) == 1:
        return arrays[0].dtype
    return promote(arrays[0].dtype, _dtype(arrays[1:]))


def _length(arrays, axis: Static, shape):
    """The sum of lengths along the axis; the other lengths must be those of the shape."""
    if len(arrays) == 0:
        return 0
    if arrays[0].ndim != len(shape):
        refuse("all the input array dimensions must match; the arrays have different numbers of dimensions:", arrays[0])
    elif arrays[0].shape[:axis] != shape[:axis] or arrays[0].shape[axis + 1:] != shape[axis + 1:]:
        raise ValueError("all the input array dimensions except for the concatenation axis must match exactly")
    return arrays[0].shape[axis] + _length(arrays[1:], axis, shape)


def _place(out, arrays, axis: Static, start):
    if len(arrays) > 0:
        stop = start + arrays[0].shape[axis]
        if axis == 0:
            store(out[start:stop], arrays[0])
        else:
            store(part(out, axis, start, stop), arrays[0])
        _place(out, arrays[1:], axis, stop)


def _map(f, arrays):
    if len(arrays) == 0:
        return ()
    return (f(arrays[0]),) + _map(f, arrays[1:])


def _arrays(arrays):
    """A sequence of arrays as a tuple: the rows of an array are not known one by one."""
    if kind(arrays) == "tuple":
        if len(arrays) == 0:
            refuse("need at least one array to concatenate")
        return _map(np.asarray, arrays)
    refuse("a tuple or list of arrays is needed, not", arrays)


@implements(np.concatenate, np.concat)
def concatenate(arrays, axis: Static = 0, dtype=None):
    """Arrays one after the other along an axis; flattened, where it is None."""
    if kind(arrays) == "list":
        return concatenate_list(arrays, axis, dtype)
    if axis is None:
        return concatenate(_map(ravel, _arrays(arrays)), 0, dtype)
    if kind(arrays) == "array":
        return concatenate_rows(arrays, axis)
    sources = _arrays(arrays)
    first = sources[0]
    if first.ndim == 0:
        refuse("zero-dimensional arrays cannot be concatenated")
    if not known(axis):
        return _concatenate_at(sources, axis, dtype, 0)
    at = axis_of(axis, first.ndim)
    length = _length(sources, at, first.shape)
    shape = first.shape[:at] + (length,) + first.shape[at + 1:]
    out = np.empty(shape, _dtype(sources) if dtype is None else promote(dtype))
    _place(out, sources, at, 0)
    return out


def _concatenate_at(arrays, axis, dtype, k: Static):
    """The axis is looked for among those that there are."""
    ndim = arrays[0].ndim
    if k + 1 < ndim:
        if not is_at(axis, k, ndim):
            return _concatenate_at(arrays, axis, dtype, k + 1)
    else:
        is_at(axis, k, ndim)
    return concatenate(arrays, k, dtype)


def concatenate_rows(a, axis: Static):
    """The parts of one array along its first axis, one after the other."""
    if a.ndim < 2:
        refuse("zero-dimensional arrays cannot be concatenated")
    at = axis_of(axis, a.ndim - 1)
    shape = a.shape[1:]
    n = shape[at]
    out = np.empty(shape[:at] + (n * a.shape[0],) + shape[at + 1:], a.dtype)
    for i in range(a.shape[0]):
        store(part(out, at, i * n, (i + 1) * n), a[i])
    return out


def concatenate_list(arrays, axis: Static, dtype):
    """As `concatenate`, for a list, whose length is known at run time only."""
    if len(arrays) == 0:
        raise ValueError("need at least one array to concatenate")
    first = arrays[0]
    if kind(first) != "array":
        return concatenate_list([np.asarray(x) for x in arrays], axis, dtype)
    if axis is None:
        return concatenate_list([ravel(x) for x in arrays], 0, dtype)
    if first.ndim == 0:
        refuse("zero-dimensional arrays cannot be concatenated")
    at = axis_of(axis, first.ndim)
    length = 0
    for a in arrays:
        if a.shape[:at] != first.shape[:at] or a.shape[at + 1:] != first.shape[at + 1:]:
            raise ValueError("all the input array dimensions except for the concatenation axis must match exactly")
        length += a.shape[at]
    out = np.empty(first.shape[:at] + (length,) + first.shape[at + 1:], first.dtype if dtype is None else promote(dtype))
    start = 0
    for a in arrays:
        stop = start + a.shape[at]
        if at == 0:
            store(out[start:stop], a)
        else:
            store(part(out, at, start, stop), a)
        start = stop
    return out


def _stack_list(arrays, axis: Static, dtype):
    if len(arrays) == 0:
        raise ValueError("need at least one array to stack")
    first = arrays[0]
    if kind(first) != "array":
        return _stack_list([np.asarray(x) for x in arrays], axis, dtype)
    for a in arrays:
        if a.shape != first.shape:
            raise ValueError("all input arrays must have the same shape")
    at = axis_of(axis, first.ndim + 1)
    return concatenate_list([expand_dims(a, at) for a in arrays], at, dtype)


def _expand(arrays, axis: Static):
    if len(arrays) == 0:
        return ()
    return (expand_dims(arrays[0], axis),) + _expand(arrays[1:], axis)


def _same_shape(arrays, shape):
    if len(arrays) > 0:
        if arrays[0].ndim != len(shape) or arrays[0].shape != shape:
            raise ValueError("all input arrays must have the same shape")
        _same_shape(arrays[1:], shape)


@implements(np.stack)
def stack(arrays, axis: Static = 0, dtype=None):
    """Arrays of one shape along a new axis."""
    if kind(arrays) == "array":
        return np.moveaxis(arrays, 0, axis).copy()
    if kind(arrays) == "list":
        return _stack_list(arrays, axis, dtype)
    sources = _arrays(arrays)
    _same_shape(sources, sources[0].shape)
    if not known(axis):
        return _stack_at(sources, axis, dtype, 0)
    return concatenate(_expand(sources, axis_of(axis, sources[0].ndim + 1)), axis_of(axis, sources[0].ndim + 1), dtype)


def _stack_at(arrays, axis, dtype, k: Static):
    ndim = arrays[0].ndim + 1
    if k + 1 < ndim:
        if not is_at(axis, k, ndim):
            return _stack_at(arrays, axis, dtype, k + 1)
    else:
        is_at(axis, k, ndim)
    return stack(arrays, k, dtype)


@implements(np.hstack)
def hstack(tup, dtype=None):
    """Arrays along their second axis, or along the first where they have one."""
    if kind(tup) == "list":
        return concatenate_list([atleast_1d(x) for x in tup], 1 if sequence_rank(tup) > 2 else 0, dtype)
    sources = _map(atleast_1d, _arrays(tup))
    return concatenate(sources, 0 if sources[0].ndim == 1 else 1, dtype)


@implements(np.vstack, "numpy.row_stack")
def vstack(tup, dtype=None):
    """Arrays along their first axis, rows as matrices of one row."""
    if kind(tup) == "list":
        return concatenate_list([atleast_2d(x) for x in tup], 0, dtype)
    return concatenate(_map(atleast_2d, _arrays(tup)), 0, dtype)


@implements(np.dstack)
def dstack(tup, dtype=None):
    """Arrays along a third axis."""
    if kind(tup) == "list":
        return concatenate_list([atleast_3d(x) for x in tup], 2, dtype)
    return concatenate(_map(atleast_3d, _arrays(tup)), 2, dtype)


def _column(a):
    if a.ndim < 2:
        return ravel(a)[:, None]
    return a


@implements(np.column_stack)
def column_stack(tup):
    """Rows as columns of a matrix."""
    if kind(tup) == "list":
        return concatenate_list([_column(np.asarray(x)) for x in tup], 1, None)
    return concatenate(_map(_column, _arrays(tup)), 1)


def _pieces(a, bounds, axis: Static):
    """Views from each bound to the next one, as slices would have it."""
    n = a.shape[axis]
    pieces = []
    start = 0
    for bound in bounds:
        stop = _bound(np.int64(bound), n)
        pieces.append(part(a, axis, start, max(stop, start)))
        start = stop
    pieces.append(part(a, axis, start, n))
    return pieces


def _bound(i, n):
    return max(0, i + n) if i < 0 else min(i, n)


def _equal(a, count, axis: Static):
    """So many nearly equal pieces; the first ones are the longer ones."""
    if count <= 0:
        raise ValueError("number sections must be larger than 0.")
    each, extra = a.shape[axis] // count, a.shape[axis] % count
    pieces = []
    for at in range(count):
        start = at * each + min(at, extra)
        pieces.append(part(a, axis, start, start + each + (1 if at < extra else 0)))
    return pieces


def _split_along(function, a, indices, axis, at: Static):
    """`function` along an axis that is known at run time only."""
    if at == a.ndim:
        raise IndexError("tuple index out of range")
    if axis == at or axis == at - a.ndim:
        return function(a, indices, at)
    return _split_along(function, a, indices, axis, at + 1)


@implements(np.array_split)
def array_split(ary, indices_or_sections, axis: Static = 0):
    """A list of views of parts along an axis: so many nearly equal ones, or from each index to the next."""
    a = as_array(ary)
    if a.ndim == 0:
        refuse("array split does not take", ary)
    if not known(axis):
        return _split_along(array_split, a, indices_or_sections, axis, 0)
    at = axis_of(axis, a.ndim)
    if kind(indices_or_sections) == "int" or kind(indices_or_sections) == "bool":
        return _equal(a, np.int64(indices_or_sections), at)
    return _pieces(a, indices_or_sections, at)


@implements(np.split)
def split(ary, indices_or_sections, axis: Static = 0):
    """As `array_split`; the parts must be equal."""
    a = as_array(ary)
    if not known(axis):
        return _split_along(split, a, indices_or_sections, axis, 0)
    if kind(indices_or_sections) == "int":
        if indices_or_sections == 0:
            raise ZeroDivisionError("integer modulo by zero")
        if a.shape[axis_of(axis, a.ndim)] % indices_or_sections != 0:
            raise ValueError("array split does not result in an equal division")
    return array_split(a, indices_or_sections, axis)


@implements(np.hsplit)
def hsplit(ary, indices_or_sections):
    a = as_array(ary)
    if a.ndim == 0:
        refuse("hsplit only works on arrays of 1 or more dimensions, not", a)
    return split(a, indices_or_sections, 0 if a.ndim == 1 else 1)


@implements(np.vsplit)
def vsplit(ary, indices_or_sections):
    a = as_array(ary)
    if a.ndim < 2:
        refuse("vsplit only works on arrays of 2 or more dimensions, not", a)
    return split(a, indices_or_sections, 0)


@implements(np.dsplit)
def dsplit(ary, indices_or_sections):
    a = as_array(ary)
    if a.ndim < 3:
        refuse("dsplit only works on arrays of 3 or more dimensions, not", a)
    return split(a, indices_or_sections, 2)
