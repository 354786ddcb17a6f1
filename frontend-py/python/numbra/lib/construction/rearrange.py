"""Elements in another order, and repeated."""
import numpy as np
from numbra.intrinsics import kind, refuse, view
from numbra.lib import Static, implements
from numbra.lib.construction.creation import copy_as
from numbra.lib.construction.reshape import contiguous, ravel
from numbra.lib.layout.memory import store
from numbra.lib.layout.shapes import axis_of, interleave, pad, product, times
from numbra.lib.layout.views import broadcast_to, flat_view
from numbra.lib.reduction.reductions import as_array


def blocks(a, axis: Static):
    """A contiguous array as (what is before the axis, the axis, what is behind it)."""
    return view(a, 0, (product(a.shape[:axis]), a.shape[axis], product(a.shape[axis + 1:])))


@implements(np.flip)
def flip(m, axis: Static = None):
    """A view with the elements along an axis, along some or along all, in reverse order."""
    if kind(m) != "array":
        return flip(np.asarray(m), axis)
    if m.ndim == 0:
        return m[()]
    if axis is None:
        return _flip_all(m, m.ndim)
    if kind(axis) == "tuple":
        return _flip_some(m, axis)
    at = axis_of(axis, m.ndim)
    n, stride = m.shape[at], m.strides[at]
    return view(m, (n - 1) * stride if n > 0 else 0, m.shape, m.strides[:at] + (-stride,) + m.strides[at + 1:])


def _flip_all(m, count: Static):
    if count == 0:
        return m
    return _flip_all(flip(m, count - 1), count - 1)


def _flip_some(m, axes: Static):
    if len(axes) == 0:
        return m
    return _flip_some(flip(m, axes[0]), axes[1:])


@implements(np.flipud)
def flipud(m):
    return flip(m, 0)


@implements(np.fliplr)
def fliplr(m):
    if m.ndim < 2:
        refuse("Input must be >= 2-d.")
    return flip(m, 1)


@implements(np.rot90)
def rot90(m, k=1, axes: Static = (0, 1)):
    """A view turned by 90 degrees k times, from the first of two axes to the second."""
    if m.ndim < 2:
        refuse("Axes must refer to different axes of an array with two dimensions or more")
    i, j = axis_of(axes[0], m.ndim), axis_of(axes[1], m.ndim)
    turns = k % 4
    if turns == 0:
        return view(m, 0, m.shape, m.strides)
    if turns == 1:
        return np.swapaxes(flip(m, j), i, j)
    if turns == 2:
        return flip(flip(m, i), j)
    return flip(np.swapaxes(m, i, j), j)


def _roll_rows(out, a, shift):
    """Moves the elements of each row to the right; those behind its end come to its start."""
    n = a.shape[1]
    for i in range(a.shape[0]):
        row, target = a[i], out[i]
        store(target[shift:], row[:n - shift])
        store(target[:shift], row[n - shift:])


@implements(np.roll)
def roll(a, shift, axis: Static = None):
    """The elements moved along an axis, or along the flattened array; those behind the end come to the start."""
    if kind(a) != "array":
        return roll(np.asarray(a), shift, axis)
    if kind(axis) == "tuple":
        return _roll_some(a, shift, axis)
    if kind(shift) == "tuple":
        return roll(a, _sum(shift), axis)
    source = contiguous(a)
    out = np.empty(a.shape, a.dtype)
    if a.size > 0:
        if axis is None:
            _roll_rows(view(out, 0, (1, a.size)), view(source, 0, (1, a.size)), shift % a.size)
        else:
            at = axis_of(axis, a.ndim)
            rows = (product(a.shape[:at]), product(a.shape[at:]))
            _roll_rows(view(out, 0, rows), view(source, 0, rows), shift % a.shape[at] * product(a.shape[at + 1:]))
    return out


def _sum(parts):
    if len(parts) == 0:
        return 0
    return parts[0] + _sum(parts[1:])


def _roll_some(a, shift, axes: Static):
    if len(axes) == 0:
        return copy_as(a, a.dtype, "C")
    first = shift[0] if kind(shift) == "tuple" else shift
    if len(axes) == 1:
        return roll(a, first, axes[0])
    return _roll_some(roll(a, first, axes[0]), shift[1:] if kind(shift) == "tuple" else shift, axes[1:])


def _repeat_each(out, a, count):
    """Blocks of (before, axis, behind), each part along the axis several times."""
    for i in range(a.shape[0]):
        for j in range(a.shape[1]):
            part = a[i, j]
            if part.shape[0] == 1:
                x, target = part[0], out[i, j * count:(j + 1) * count, 0]
                for k in range(count):
                    target[k] = x
            else:
                for k in range(count):
                    store(out[i, j * count + k], part)


def _repeat_counts(out, a, counts):
    for i in range(a.shape[0]):
        k = 0
        for j in range(a.shape[1]):
            for _ in range(counts[j]):
                store(out[i, k], a[i, j])
                k += 1


def _total(counts, n):
    if counts.shape[0] != n:
        raise ValueError("operands could not be broadcast together")
    total = 0
    for i in range(n):
        if counts[i] < 0:
            raise ValueError("repeats may not contain negative values.")
        total += counts[i]
    return total


@implements(np.repeat, "array.repeat")
def repeat(a, repeats, axis: Static = None):
    """Each element, or each part along an axis, several times; `repeats` is a number or one number for each."""
    if kind(a) != "array":
        return repeat(np.asarray(a), repeats, axis)
    if kind(repeats) == "tuple" or kind(repeats) == "list":
        return repeat(a, np.asarray(repeats), axis)
    if axis is None:
        return repeat(ravel(a), repeats, 0)
    at = axis_of(axis, a.ndim)
    source = contiguous(a)
    n = a.shape[at]
    if kind(repeats) == "array" and repeats.ndim > 0:
        if repeats.shape[0] == 1:
            return _repeat(source, repeats[0], at)
        out = np.empty(a.shape[:at] + (_total(repeats, n),) + a.shape[at + 1:], a.dtype)
        _repeat_counts(blocks(out, at), blocks(source, at), repeats)
        return out
    return _repeat(source, repeats[()] if kind(repeats) == "array" else repeats, at)


def _repeat(a, count, axis: Static):
    if count < 0:
        raise ValueError("repeats may not contain negative values.")
    out = np.empty(a.shape[:axis] + (a.shape[axis] * count,) + a.shape[axis + 1:], a.dtype)
    _repeat_each(blocks(out, axis), blocks(a, axis), count)
    return out


@implements(np.tile)
def tile(A, reps):
    """The array several times along each axis."""
    if kind(A) != "array":
        return tile(np.asarray(A), reps)
    if kind(reps) != "tuple":
        return tile(A, (reps,))
    if len(reps) < A.ndim:
        return tile(A, pad(reps, A.ndim))
    shape = pad(A.shape, len(reps))
    out = np.empty(times(reps, shape), A.dtype)
    if out.size > 0:
        cells = interleave(reps, shape)
        store(view(out, 0, cells), broadcast_to(view(contiguous(A), 0, interleave(pad((), len(shape)), shape)), cells))
    return out


@implements(np.resize)
def resize(a, new_shape):
    """The elements in another shape, repeated as often as it takes."""
    if kind(new_shape) == "int":
        return resize(a, (new_shape,))
    given = as_array(a)
    out = np.empty(new_shape, given.dtype)
    source, target = ravel(given), flat_view(out)
    if source.size == 0:
        target[:] = 0
    else:
        k = 0
        for i in range(target.size):
            target[i] = source[k]
            k = k + 1 if k + 1 < source.size else 0
    return out
