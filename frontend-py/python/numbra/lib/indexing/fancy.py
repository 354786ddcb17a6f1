"""`a[index]` and `a[index] = value` where the index holds arrays or masks, or the value must be converted."""
import numpy as np
from numbra.intrinsics import dtype_kind, kind, layout, refuse, view
from numbra.lib import Static, implements
from numbra.lib.indexing.indices import advanced, basic, broadcast_indices, check_bounds, check_mask, complete, from_sequence, positions
from numbra.lib.indexing.masks import pick, put, put_one
from numbra.lib.indexing.record_values import put_fields
from numbra.lib.layout.memory import apart, assign, broadcast_into, convert, fill, store
from numbra.lib.layout.shapes import take_axes, without
from numbra.lib.layout.views import broadcast_to, zeros


def _offset(indices, lengths, strides):
    """Bytes from the first element to the one at the indices, which are within bounds."""
    if len(indices) == 0:
        return 0
    i = np.int64(indices[0])
    return (i + lengths[0] if i < 0 else i) * strides[0] + _offset(indices[1:], lengths[1:], strides[1:])


def _row(a, i):
    """`a[i]` for an index within bounds, an array also where it has no dimensions."""
    return view(a, i * a.strides[0], a.shape[1:], a.strides[1:])


def _at(indices, i):
    """Row i of each index array; ints stay."""
    if len(indices) == 0:
        return ()
    if kind(indices[0]) == "array":
        return (indices[0][i],) + _at(indices[1:], i)
    return (indices[0],) + _at(indices[1:], i)


def _gather(out, a, indices, lengths, strides, before: Static, across: Static):
    """Fills `out`, whose axes are `before` ones of `a`, `across` ones of the index arrays, and the other ones of `a`. Of `a` the axes from which
    the indices pick are left out; their lengths and strides come with it."""
    if before > 0:
        for i in range(out.shape[0]):
            _gather(out[i], _row(a, i), indices, lengths, strides, before - 1, across)
    elif across > 1:
        for i in range(out.shape[0]):
            _gather(out[i], a, _at(indices, i), lengths, strides, 0, across - 1)
    elif across == 0:
        store(out, view(a, _offset(indices, lengths, strides), a.shape, a.strides))
    elif a.ndim == 0:
        for i in range(out.shape[0]):
            out[i] = view(a, _offset(_at(indices, i), lengths, strides), ())[()]
    elif layout(a) == "C":
        for i in range(out.shape[0]):
            store(out[i], view(a, _offset(_at(indices, i), lengths, strides), a.shape))
    else:
        for i in range(out.shape[0]):
            store(out[i], view(a, _offset(_at(indices, i), lengths, strides), a.shape, a.strides))


def _scatter(a, value, indices, lengths, strides, before: Static, across: Static):
    """Writes an array of the result's shape, or one number, to where `_gather` would read."""
    if before > 0:
        for i in range(a.shape[0]):
            _scatter(_row(a, i), value[i] if kind(value) == "array" else value, indices, lengths, strides, before - 1, across)
    elif across == 0:
        target = view(a, _offset(indices, lengths, strides), a.shape, a.strides)
        if kind(value) == "array":
            store(target, value)
        else:
            fill(target, value)
    else:
        for i in range(_length(indices)):
            _scatter(a, value[i] if kind(value) == "array" else value, _at(indices, i), lengths, strides, 0, across - 1)


def _length(indices):
    if kind(indices[0]) == "array":
        return indices[0].shape[0]
    return _length(indices[1:])


def _spread(indices, shape):
    """Index arrays as views of one shape; ints stay."""
    if len(indices) == 0:
        return ()
    if kind(indices[0]) == "array":
        if indices[0].ndim == 0:
            return (indices[0][()],) + _spread(indices[1:], shape)
        if len(shape) == 1 and len(indices) == 1:
            return indices
        return (broadcast_to(indices[0], shape),) + _spread(indices[1:], shape)
    return (indices[0],) + _spread(indices[1:], shape)


def _adjacent(axes: Static):
    return len(axes) < 2 or (axes[0] + 1 == axes[1] and _adjacent(axes[1:]))


def _plan(a, index):
    """The view without the axes that the arrays pick from, the index arrays, lengths and strides of those axes, and how many axes come first."""
    items = complete(index, a.ndim)
    v = a[basic(items)]
    axes = positions(items, 0)
    indices = advanced(items, a.shape, 0)
    shape = broadcast_indices(indices)
    before = axes[0] if _adjacent(axes) else 0
    rest = view(v, 0, without(v.shape, axes, 0), without(v.strides, axes, 0))
    return rest, _spread(indices, shape), shape, take_axes(v.shape, axes), take_axes(v.strides, axes), before


def _is_one_index(index):
    return kind(index) == "array" and dtype_kind(index.dtype) != "b"


def _is_whole_mask(a, index):
    return kind(index) == "array" and dtype_kind(index.dtype) == "b" and index.ndim == a.ndim and index.ndim > 0


def _first(a):
    """The array at the first index, of which there may be none."""
    if layout(a) == "C":
        return view(a, 0, a.shape[1:])
    return view(a, 0, a.shape[1:], a.strides[1:])


@implements("array.__getitem__")
def getitem(a, index):
    """A new array, in C order, of the elements that the index names."""
    if kind(index) == "list":
        return getitem(a, from_sequence(index))
    if _is_whole_mask(a, index):
        check_mask(index.shape, a.shape)
        return pick(a, index)
    if _is_one_index(index) and index.ndim == 0:
        return _copied(a[index[()]])
    if _is_one_index(index) and a.ndim > 0:
        check_bounds(index, a.shape[0], 0)
        out = np.empty(index.shape + a.shape[1:], a.dtype)
        _gather(out, _first(a), (index,), a.shape[:1], a.strides[:1], 0, index.ndim)
        return _element(out)
    rest, indices, shape, lengths, strides, before = _plan(a, index)
    out = np.empty(rest.shape[:before] + shape + rest.shape[before:], a.dtype)
    _gather(out, rest, indices, lengths, strides, before, len(shape))
    return _element(out)


def _copied(x):
    if kind(x) == "array":
        return x.copy()
    return x


def _element(a):
    """The element of an array without dimensions."""
    if a.ndim == 0:
        return a[()]
    return a


@implements("array.__setitem__")
def setitem(a, index, value):
    """Writes a number or array, broadcast to the shape of `a[index]` and converted, as if all operands were copied first."""
    if kind(index) == "str":
        setitem(a[index], ..., value)
    elif dtype_kind(a.dtype) == "V" and kind(value) != "array" and kind(value) != "list" and kind(value) != "record":
        _set_records(a, index, value)
    elif kind(value) == "tuple" or kind(value) == "list":
        setitem(a, index, np.asarray(value))
    elif kind(index) == "list":
        setitem(a, from_sequence(index), value)
    elif not _is_fancy(index):
        _set_basic(a, index, value)
    elif _is_whole_mask(a, index):
        check_mask(index.shape, a.shape)
        if kind(value) != "array":
            put_one(a, index, convert(value, a.dtype))
        elif value.ndim == 0:
            put_one(a, index, convert(value[()], a.dtype))
        elif value.ndim == 1:
            _set_masked(a, apart(index, a), apart(value, a))
        else:
            raise TypeError("NumPy boolean array indexing assignment requires a 0 or 1-dimensional input")
    else:
        _set_fancy(a, index, value)


def _set_records(a, index, value):
    """One tuple for every record that is named, or a number for all their fields."""
    if _is_fancy(index):
        refuse("a tuple or number is not assigned to records that an array chooses:", a)
    target = a[index]
    if kind(target) == "record":
        put_fields(target, value)
    else:
        _fill_records(target, value)


def _fill_records(a, value):
    if a.ndim == 0:
        put_fields(a[()], value)
    else:
        for i in range(len(a)):
            row = a[i]
            if kind(row) == "record":
                put_fields(row, value)
            else:
                _fill_records(row, value)


def _set_masked(a, mask, value):
    if value.shape[0] == 1:
        put_one(a, mask, convert(value[0], a.dtype))
    else:
        put(a, mask, value)


def _set_fancy(a, index, value):
    rest, indices, shape, lengths, strides, before = _plan(a, index)
    # The places written have the shape of a broadcast view that is never read.
    places = view(rest, 0, rest.shape[:before] + shape + rest.shape[before:], zeros((), rest.ndim + len(shape)))
    source = broadcast_into(apart(value, a), places)
    if kind(source) == "array":
        _scatter(rest, source, _apart(indices, a), lengths, strides, before, len(shape))
    else:
        _scatter(rest, convert(source, a.dtype), _apart(indices, a), lengths, strides, before, len(shape))


def _apart(indices, a):
    if len(indices) == 0:
        return ()
    return (apart(indices[0], a),) + _apart(indices[1:], a)


def _is_fancy(index):
    if kind(index) == "tuple":
        return _any_fancy(index)
    return kind(index) == "array" or kind(index) == "list" or kind(index) == "bool"


def _any_fancy(items):
    if len(items) == 0:
        return False
    return kind(items[0]) == "tuple" or _is_fancy(items[0]) or _any_fancy(items[1:])


def _set_basic(a, index, value):
    target = a[index]
    if kind(target) == "array":
        assign(target, value)
    elif value.ndim == 0:
        a[index] = convert(value[()], a.dtype)
    else:
        refuse("setting an array element with a sequence:", value)
