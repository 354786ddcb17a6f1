"""The same elements in another shape."""
import numpy as np
from numbra.intrinsics import dtype_size, kind, known, layout, promote, readonly, refuse, view
from numbra.lib import Static, implements
from numbra.lib.construction.creation import copy_as
from numbra.lib.layout.axes import is_at
from numbra.lib.layout.shapes import axis_of, product
from numbra.lib.layout.views import flat_view


def _is_contiguous(shape, strides, size):
    """Whether the elements lie one after the other; strides of axes of length 1 do not count."""
    if len(shape) == 0:
        return True
    if shape[0] == 1:
        return _is_contiguous(shape[1:], strides[1:], size)
    return strides[0] == product(shape[1:]) * size and _is_contiguous(shape[1:], strides[1:], size)


def contiguous(a):
    """The array in C order: itself, or a copy where its memory is in another order."""
    if layout(a) == "C":
        return a
    if a.size == 0 or _is_contiguous(a.shape, a.strides, a.itemsize):
        return view(a, 0, a.shape)
    return copy_as(a, a.dtype, "C")


def _count_unknown(shape):
    if len(shape) == 0:
        return 0
    return (1 if shape[0] < 0 else 0) + _count_unknown(shape[1:])


def _known(shape):
    if len(shape) == 0:
        return 1
    return (1 if shape[0] < 0 else shape[0]) * _known(shape[1:])


def _solve(shape, length):
    if len(shape) == 0:
        return ()
    return (length if shape[0] < 0 else np.int64(shape[0]),) + _solve(shape[1:], length)


def _resolve(shape, size):
    """A shape for so many elements, its length -1 replaced by what is left."""
    unknown = _count_unknown(shape)
    if unknown > 1:
        raise ValueError("can only specify one unknown dimension")
    known = _known(shape)
    if unknown == 1:
        if known == 0 or size % known != 0:
            raise ValueError("cannot reshape array of that size into the shape")
        return _solve(shape, size // known)
    if known != size:
        raise ValueError("cannot reshape array of that size into the shape")
    return _solve(shape, 0)


def _next(shape, strides):
    """Length times stride of the first axis that is longer than 1."""
    if len(shape) == 0:
        return 0
    if shape[0] != 1:
        return shape[0] * strides[0]
    return _next(shape[1:], strides[1:])


def _ends(shape, count):
    """Whether some last axes of a shape hold so many elements."""
    if len(shape) == 0:
        return count == 1
    return product(shape) == count or _ends(shape[1:], count)


def _is_view(shape, strides, lengths):
    """Whether elements can be seen in a shape of these lengths: where two axes do not run into each other, the new shape has a border too."""
    if len(shape) < 2:
        return True
    count = product(shape[1:])
    fits = shape[0] == 1 or count == 1 or strides[0] == _next(shape[1:], strides[1:]) or _ends(lengths, count)
    return fits and _is_view(shape[1:], strides[1:], lengths)


def _step(count, shape, strides):
    """Bytes from the first element to the one that comes so many later."""
    if len(shape) == 0:
        return 0
    return count // product(shape[1:]) % shape[0] * strides[0] + _step(count, shape[1:], strides[1:])


def _strides(lengths, shape, strides):
    if len(lengths) == 0:
        return ()
    return (_step(product(lengths[1:]), shape, strides),) + _strides(lengths[1:], shape, strides)


@implements(np.reshape)
def reshape(a, shape, order="C"):
    """A view of the elements in another shape, or a copy where strides cannot tell where they are."""
    if kind(a) != "array":
        return reshape(np.asarray(a), shape, order)
    if kind(shape) == "int":
        return reshape(a, (shape,), order)
    if order == "F":
        return reshape(a.T, _backwards(shape), "C").T
    if order != "C":
        refuse("order must be 'C' or 'F'")
    lengths = _resolve(shape, a.size)
    if layout(a) == "C":
        return view(a, 0, lengths)
    if a.size > 0 and _is_view(a.shape, a.strides, lengths):
        return view(a, 0, lengths, _strides(lengths, a.shape, a.strides))
    return view(copy_as(a, a.dtype, "C"), 0, lengths)


def _backwards(shape):
    if len(shape) == 0:
        return ()
    return _backwards(shape[1:]) + shape[:1]


@implements("array.reshape")
def reshape_method(a, shape, n1=None, n2=None, n3=None, n4=None, order="C"):
    """`a.reshape(2, 3)` or `a.reshape((2, 3))`"""
    if n1 is None:
        return reshape(a, shape, order)
    if n2 is None:
        return reshape(a, (shape, n1), order)
    if n3 is None:
        return reshape(a, (shape, n1, n2), order)
    if n4 is None:
        return reshape(a, (shape, n1, n2, n3), order)
    return reshape(a, (shape, n1, n2, n3, n4), order)


@implements(np.ravel, "array.ravel")
def ravel(a, order="C"):
    """The elements as one row, a view where their memory is contiguous."""
    if kind(a) != "array":
        return ravel(np.asarray(a))
    if order == "F" or (layout(a) == "F" and (order == "A" or order == "K")):
        return flat_view(contiguous(a.T))
    return flat_view(contiguous(a))


@implements("array.flatten")
def flatten(a, order="C"):
    """A copy of the elements as one row."""
    if order == "F" or (layout(a) == "F" and (order == "A" or order == "K")):
        return flat_view(copy_as(a.T, a.dtype, "C"))
    return flat_view(copy_as(a, a.dtype, "C"))


@implements("array.@flat")
def flat(a):
    """The elements as one row; where that is a copy, it can only be read."""
    if a.ndim == 1:
        return a
    if layout(a) == "C":
        return flat_view(a)
    return readonly(flat_view(contiguous(a)))


def _pick(lengths, axes: Static):
    if len(axes) == 0:
        return ()
    return (lengths[axes[0]],) + _pick(lengths, axes[1:])


def _normal(axes: Static, ndim: Static):
    if len(axes) == 0:
        return ()
    return (axis_of(axes[0], ndim),) + _normal(axes[1:], ndim)


def _contains(axes: Static, axis: Static):
    return len(axes) > 0 and (axes[0] == axis or _contains(axes[1:], axis))


def _check_permutation(axes: Static):
    if len(axes) > 0:
        if _contains(axes[1:], axes[0]):
            refuse("repeated axis in transpose")
        _check_permutation(axes[1:])


def permute(a, axes: Static):
    """A view with the axes in another order."""
    return view(a, 0, _pick(a.shape, axes), _pick(a.strides, axes))


@implements(np.transpose, np.permute_dims)
def transpose(a, axes: Static = None):
    if kind(a) != "array":
        return transpose(np.asarray(a), axes)
    if axes is None:
        return a.T
    if len(axes) != a.ndim:
        refuse("axes don't match array")
    if not known(axes):
        return _transpose_at(a, axes)
    _check_permutation(_normal(axes, a.ndim))
    return permute(a, _normal(axes, a.ndim))


def _transpose_at(a, axes):
    """Axes that are not known when the function is compiled."""
    for i in range(len(axes)):
        if axes[i] < -a.ndim or axes[i] >= a.ndim:
            raise np.exceptions.AxisError(axes[i], a.ndim)
        for j in range(i):
            if (axes[i] - axes[j]) % a.ndim == 0:
                raise ValueError("repeated axis in transpose")
    return view(a, 0, _chosen(a.shape, axes), _chosen(a.strides, axes))


def _chosen(items, axes):
    """Some of the items, which are all there are for the number of axes."""
    if len(axes) == 0:
        return ()
    return (items[axes[0]],) + _chosen(items, axes[1:])


@implements("array.transpose")
def transpose_method(a, axes: Static = None, n1: Static = None, n2: Static = None, n3: Static = None, n4: Static = None):
    """`a.transpose(1, 0)` or `a.transpose((1, 0))`"""
    if kind(axes) != "int":
        return transpose(a, axes)
    if n1 is None:
        return transpose(a, (axes,))
    if n2 is None:
        return transpose(a, (axes, n1))
    if n3 is None:
        return transpose(a, (axes, n1, n2))
    if n4 is None:
        return transpose(a, (axes, n1, n2, n3))
    return transpose(a, (axes, n1, n2, n3, n4))


def _exchange(at: Static, n: Static, i: Static, j: Static):
    if at == n:
        return ()
    if at == i:
        return (j,) + _exchange(at + 1, n, i, j)
    if at == j:
        return (i,) + _exchange(at + 1, n, i, j)
    return (at,) + _exchange(at + 1, n, i, j)


@implements(np.swapaxes, "array.swapaxes")
def swapaxes(a, axis1: Static, axis2: Static):
    return permute(a, _exchange(0, a.ndim, axis_of(axis1, a.ndim), axis_of(axis2, a.ndim)))


def _without(at: Static, n: Static, axis: Static):
    if at == n:
        return ()
    if at == axis:
        return _without(at + 1, n, axis)
    return (at,) + _without(at + 1, n, axis)


@implements(np.matrix_transpose, "array.@mT")
def matrix_transpose(x):
    return swapaxes(x, -1, -2)


@implements(np.moveaxis)
def moveaxis(a, source: Static, destination: Static):
    if kind(source) != "int" or kind(destination) != "int":
        refuse("moveaxis moves one axis: source and destination must be ints")
    s, d = axis_of(source, a.ndim), axis_of(destination, a.ndim)
    others = _without(0, a.ndim, s)
    return permute(a, others[:d] + (s,) + others[d:])


@implements(np.rollaxis)
def rollaxis(a, axis: Static, start: Static = 0):
    """A view with an axis moved before another one."""
    s, d = axis_of(axis, a.ndim), start + a.ndim if start < 0 else start
    if d < 0 or d > a.ndim:
        refuse("the start of rollaxis is not an axis of", a)
    return np.moveaxis(a, s, d - 1 if s < d else d)


@implements(np.expand_dims)
def expand_dims(a, axis: Static):
    if kind(a) != "array":
        return expand_dims(np.asarray(a), axis)
    if kind(axis) == "tuple":
        return _expand_all(a, _normal(axis, a.ndim + len(axis)), 0, a.ndim + len(axis))
    if not known(axis):
        return _expand_at(a, axis, 0)
    at = axis_of(axis, a.ndim + 1)
    if layout(a) == "C":
        return view(a, 0, a.shape[:at] + (1,) + a.shape[at:])
    return view(a, 0, a.shape[:at] + (1,) + a.shape[at:], a.strides[:at] + (0,) + a.strides[at:])


def _expand_at(a, axis, k: Static):
    if k < a.ndim:
        if not is_at(axis, k, a.ndim + 1):
            return _expand_at(a, axis, k + 1)
    else:
        is_at(axis, k, a.ndim + 1)
    return expand_dims(a, k)


def _expand_all(a, axes: Static, at: Static, ndim: Static):
    """Adds axes, those below `at` being there."""
    if at == ndim:
        return a
    if _contains(axes, at):
        return _expand_all(expand_dims(a, at), axes, at + 1, ndim)
    return _expand_all(a, axes, at + 1, ndim)


@implements(np.squeeze, "array.squeeze")
def squeeze(a, axis: Static = None):
    """Without axes of length 1; `axis` says which, as the type of the result depends on it."""
    if axis is None:
        refuse("squeeze needs an axis: the type of the result depends on it")
    if kind(axis) == "tuple":
        return _squeeze(a, _normal(axis, a.ndim), 0)
    return _squeeze(a, (axis_of(axis, a.ndim),), 0)


def _squeeze(a, axes: Static, at: Static):
    if not _ones(a.shape, axes):
        raise ValueError("cannot select an axis to squeeze out which has size not equal to one")
    kept = _others(0, a.ndim, axes)
    if layout(a) == "C":
        return view(a, 0, _pick(a.shape, kept))
    return permute(a, kept)


def _ones(shape, axes: Static):
    if len(axes) == 0:
        return True
    return shape[axes[0]] == 1 and _ones(shape, axes[1:])


def _others(at: Static, n: Static, axes: Static):
    if at == n:
        return ()
    if _contains(axes, at):
        return _others(at + 1, n, axes)
    return (at,) + _others(at + 1, n, axes)


def _each(f, arrays):
    if len(arrays) == 0:
        return ()
    return (f(arrays[0]),) + _each(f, arrays[1:])


@implements(np.atleast_1d)
def atleast_1d(a, *others):
    if len(others) > 0:
        return (atleast_1d(a),) + _each(atleast_1d, others)
    b = np.asarray(a)
    if b.ndim == 0:
        return view(b, 0, (1,))
    return b


@implements(np.atleast_2d)
def atleast_2d(a, *others):
    if len(others) > 0:
        return (atleast_2d(a),) + _each(atleast_2d, others)
    b = atleast_1d(a)
    if b.ndim == 1:
        return b[None]
    return b


@implements(np.atleast_3d)
def atleast_3d(a, *others):
    if len(others) > 0:
        return (atleast_3d(a),) + _each(atleast_3d, others)
    b = atleast_1d(a)
    if b.ndim == 1:
        return b[None, :, None]
    if b.ndim == 2:
        return b[:, :, None]
    return b


@implements("array.view")
def view_as(a, dtype):
    """The same memory read as elements of another type; the last axis gets longer or shorter where their sizes differ."""
    to = dtype_size(promote(dtype))
    if to == a.itemsize:
        return view(a, 0, a.shape, None if layout(a) == "C" else a.strides, promote(dtype))
    if a.ndim == 0:
        raise ValueError("Changing the dtype of a 0d array is only supported if the itemsize is unchanged")
    else:
        return _view_resized(a, promote(dtype), to)


def _view_resized(a, dtype, to):
    if layout(a) != "C" and a.strides[a.ndim - 1] != a.itemsize and a.shape[a.ndim - 1] != 1:
        raise ValueError("To change to a dtype of a different size, the last axis must be contiguous")
    n = a.shape[a.ndim - 1] * a.itemsize
    if n % to != 0:
        raise ValueError("When changing to a larger dtype, its size must be a divisor of the total size in bytes of the last axis of the array.")
    if to < a.itemsize and a.itemsize % to != 0:
        raise ValueError("When changing to a smaller dtype, its size must be a divisor of the size of original dtype")
    if layout(a) == "C":
        return view(a, 0, a.shape[:a.ndim - 1] + (n // to,), None, dtype)
    return view(a, 0, a.shape[:a.ndim - 1] + (n // to,), a.strides[:a.ndim - 1] + (to,), dtype)


@implements("array.item")
def item(a, index=None):
    """The element of an array that has one, or the one at an index of the flattened array."""
    if index is None:
        if a.size != 1:
            raise ValueError("can only convert an array of size 1 to a Python scalar")
        return view(a, 0, ())[()].item()
    if kind(index) == "tuple":
        return a[index].item()
    return ravel(a)[index].item()
