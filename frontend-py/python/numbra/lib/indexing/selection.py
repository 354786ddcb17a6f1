"""Elements chosen by indices, conditions and positions: take, where, select, extract."""
import numpy as np
from numbra.intrinsics import dtype_kind, element, kind, known, layout, map, refuse, result_dtype, view, whole
from numbra.lib import Static, implements
from numbra.lib.construction.reshape import ravel
from numbra.lib.construction.sequences import is_sequence
from numbra.lib.indexing.indices import out_of_bounds
from numbra.lib.layout.axes import is_at
from numbra.lib.layout.memory import convert
from numbra.lib.layout.shapes import axis_of, broadcast_shapes, shape_of
from numbra.lib.layout.views import broadcast_to, flat_view


def _wholes(n: Static):
    if n == 0:
        return ()
    return (whole(),) + _wholes(n - 1)


def _confine(indices, n, mode):
    """Indices brought into bounds by 'wrap' or 'clip'."""
    if kind(indices) != "array":
        if mode == "wrap":
            return np.int64(indices) % n
        if mode == "clip":
            return max(0, min(n - 1, np.int64(indices)))
        refuse("clipmode must be one of 'clip', 'raise', or 'wrap'")
    out = np.empty(indices.shape, np.int64)
    source, target = ravel(indices), flat_view(out)
    for i in range(out.size):
        target[i] = _confine(source[i], n, mode)
    return out


@implements(np.take, "array.take")
def take(a, indices, axis: Static = None, out=None, mode="raise"):
    """The elements at the indices of the flattened array, or the parts of it at indices along an axis."""
    if kind(a) != "array":
        return take(np.asarray(a), indices, axis, out, mode)
    if kind(indices) == "tuple" or kind(indices) == "list":
        return take(a, np.asarray(indices), axis, out, mode)
    if axis is None:
        return take(ravel(a), indices, 0, out, mode)
    if mode != "raise":
        return take(a, _confine(indices, a.shape[axis], mode), axis, out)
    if not known(axis):
        return _take_along(a, indices, axis, out, 0)
    result = a[_wholes(axis_of(axis, a.ndim)) + (indices,)]
    if kind(result) == "array" and kind(indices) != "array":
        result = result.copy()
    if out is None:
        return result
    out[...] = result
    return out


def _take_along(a, indices, axis, out, k: Static):
    """An axis that is not known when the function is compiled is looked for among those that there are."""
    if k + 1 < a.ndim:
        if not is_at(axis, k, a.ndim):
            return _take_along(a, indices, axis, out, k + 1)
    else:
        is_at(axis, k, a.ndim)
    return take(a, indices, k, out)


@implements(np.take_along_axis)
def take_along_axis(arr, indices, axis: Static):
    """For each row along an axis its elements at the indices of the row of the same place."""
    if axis is None:
        return take_along_axis(ravel(arr), indices, 0)
    at = axis_of(axis, arr.ndim)
    if indices.ndim != arr.ndim:
        raise ValueError("`indices` and `arr` must have the same number of dimensions")
    else:
        shape = broadcast_shapes(arr.shape[:at] + arr.shape[at + 1:], indices.shape[:at] + indices.shape[at + 1:])
        out = np.empty(shape[:at] + indices.shape[at:at + 1] + shape[at:], arr.dtype)
        source = broadcast_to(arr, shape[:at] + arr.shape[at:at + 1] + shape[at:])
        _along(out, source, broadcast_to(indices, out.shape), at, arr.shape[at], arr.strides[at], at)
        return out


def _along(out, a, indices, before: Static, n, stride, axis: Static):
    """`a` counts along the axis of the indices too, by a stride of its own."""
    if out.ndim == 1:
        for i in range(out.shape[0]):
            out[i] = _pick(view(a, 0 if before == 0 else 0, ()), np.int64(indices[i]), n, stride, axis)
    elif before == 0:
        for i in range(out.shape[0]):
            _beside(out[i], view(a, 0, a.shape[1:], a.strides[1:]), indices[i], n, stride, axis)
    else:
        for i in range(out.shape[0]):
            _along(out[i], a[i], indices[i], before - 1, n, stride, axis)


def _beside(out, a, indices, n, stride, axis: Static):
    """One place on the axis: elements of the axes behind it."""
    if out.ndim == 1:
        for i in range(out.shape[0]):
            out[i] = _pick(view(a, i * a.strides[0], ()), np.int64(indices[i]), n, stride, axis)
    else:
        for i in range(out.shape[0]):
            _beside(out[i], a[i], indices[i], n, stride, axis)


def _pick(a, i, n, stride, axis: Static):
    if i < -n or i >= n:
        out_of_bounds(i, n, axis)
    return view(a, (i + n if i < 0 else i) * stride, ())[()]


def _item(x, i):
    if kind(x) == "array":
        return x[i]
    return x


def _yields(x, array):
    """Whether a number takes the type of an array."""
    if kind(array) == "array" and kind(x) == "int":
        return x.dtype == np.int64 and (dtype_kind(array.dtype) == "f" or dtype_kind(array.dtype) == "c")
    return False


def _common(x: Static, y: Static):
    """The scalar type of a choice between elements of two operands; a literal is weak, and so is an `int` beside an array of inexact numbers."""
    if _yields(y, x):
        return x.dtype
    if _yields(x, y):
        return y.dtype
    if dtype_kind(element(x).dtype) == "b" and dtype_kind(element(y).dtype) == "b":
        return np.bool_
    return result_dtype(np.add, element(x), element(y))


@implements(boundscheck=False)
def _choose(out, condition, x, y):
    if out.ndim == 1:
        for i in range(out.shape[0]):
            # Both are read, so that there is no branch.
            one, other = convert(_item(x, i), out.dtype), convert(_item(y, i), out.dtype)
            out[i] = one if _item(condition, i) != 0 else other
    else:
        for i in range(out.shape[0]):
            _choose(out[i], _item(condition, i), _item(x, i), _item(y, i))


def _is_flat(x, shape):
    if kind(x) == "array":
        if layout(x) == "C" and len(shape) == x.ndim:
            return x.shape == shape
        return False
    return True


def _flat(x):
    if kind(x) == "array":
        return flat_view(x)
    return x


def _expand(x, shape):
    if kind(x) == "array":
        return broadcast_to(x, shape)
    return x


def _has_elements(x):
    """Whether a function of elements can take it: a number, or an array with axes."""
    if kind(x) == "array":
        return x.ndim > 0
    return True


def _strong(x: Static, dtype):
    if kind(x) == "array":
        return x
    return convert(x, dtype)


def _chosen(condition, x, y):
    dtype = _common(x, y)
    one, other = convert(x, dtype), convert(y, dtype)
    if kind(condition) == "bool":
        return one if condition else other
    return one if condition != 0 else other


@implements(np.where)
def where(condition, x: Static = None, y: Static = None):
    """Elements of x where a condition holds, of y elsewhere; with the condition alone, where it holds."""
    if x is None and y is None:
        return np.nonzero(condition)
    if x is None or y is None:
        refuse("either both or neither of x and y should be given")
    if is_sequence(condition):
        return where(np.asarray(condition), x, y)
    if is_sequence(x):
        return where(condition, np.asarray(x), y)
    if is_sequence(y):
        return where(condition, x, np.asarray(y))
    dtype = _common(x, y)
    if (kind(condition) == "array" or kind(x) == "array" or kind(y) == "array") and dtype_kind(dtype) != "V" and _has_elements(condition) and _has_elements(x) and _has_elements(y):
        # Numbers are weak here and would not be so in a function of elements.
        return map(_chosen, condition, _strong(x, dtype), _strong(y, dtype))
    shape = broadcast_shapes(shape_of(condition), broadcast_shapes(shape_of(x), shape_of(y)))
    out = np.empty(shape, dtype)
    if len(shape) == 0:
        out[()] = convert(_item(x, ()), out.dtype) if _item(condition, ()) != 0 else convert(_item(y, ()), out.dtype)
    elif _is_flat(condition, shape) and _is_flat(x, shape) and _is_flat(y, shape):
        _choose(flat_view(out), _flat(condition), _flat(x), _flat(y))
    else:
        _choose(out, _expand(condition, shape), _expand(x, shape), _expand(y, shape))
    return out


@implements(np.extract)
def extract(condition, arr):
    """The elements of the flattened array where a condition holds."""
    return ravel(arr)[np.flatnonzero(condition)]


@implements(np.select)
def select(condlist, choicelist, default: Static = 0):
    """For each place the element of the choice whose condition is the first that holds there."""
    if kind(condlist) == "tuple" and kind(choicelist) == "tuple":
        if len(condlist) != len(choicelist):
            refuse("list of cases must be same length as list of conditions")
        if len(condlist) == 0:
            refuse("select with an empty condition list is not possible")
        return _select(condlist, choicelist, default)
    if not is_sequence(condlist) or not is_sequence(choicelist):
        refuse("select takes lists or tuples of conditions and choices, not", condlist, "and", choicelist)
    if len(condlist) != len(choicelist):
        raise ValueError("list of cases must be same length as list of conditions")
    if len(condlist) == 0:
        raise ValueError("select with an empty condition list is not possible")
    last = len(condlist) - 1
    result = where(condlist[last], choicelist[last], default)
    for k in range(last):
        result = where(condlist[last - 1 - k], choicelist[last - 1 - k], result)
    return result


def _select(conditions, choices, default: Static):
    if len(conditions) == 0:
        return default
    return where(conditions[0], choices[0], _select(conditions[1:], choices[1:], default))
