"""All indices of a shape, and coordinates."""
import numpy as np
from numbra.intrinsics import kind, refuse, view
from numbra.lib import Static, implements
from numbra.lib.construction.creation import copy_as
from numbra.lib.construction.reshape import contiguous, ravel
from numbra.lib.layout.shapes import product
from numbra.lib.layout.views import broadcast_to, flat_view


def _counter(shape, axis: Static):
    """For each element of a shape, in C order, its index along an axis."""
    out = np.empty(product(shape), np.int64)
    blocks = view(out, 0, (product(shape[:axis]), shape[axis], product(shape[axis + 1:])))
    for i in range(blocks.shape[0]):
        for j in range(blocks.shape[1]):
            for k in range(blocks.shape[2]):
                blocks[i, j, k] = j
    return out


def _counters(shape, axis: Static):
    if axis == len(shape):
        return ()
    return (_counter(shape, axis),) + _counters(shape, axis + 1)


@implements(np.ndindex)
def ndindex(*shape):
    """All indices of a shape, as tuples, in C order: of no lengths, the empty tuple."""
    if len(shape) == 1 and kind(shape[0]) == "tuple":
        return ndindex(*shape[0])
    if len(shape) == 0:
        return ((),)
    return zip(*_counters(shape, 0))


@implements(np.ndenumerate)
def ndenumerate(arr):
    """Pairs of the index of an element, a tuple, and the element, in C order."""
    if arr.ndim == 0:
        return (((), arr[()]),)
    return zip(zip(*_counters(arr.shape, 0)), ravel(arr))


def _put_grids(out, shape, axis: Static):
    if axis < len(shape):
        flat_view(out[axis])[:] = _counter(shape, axis)
        _put_grids(out, shape, axis + 1)


@implements(np.indices)
def indices(dimensions):
    """The index along each axis for each element of a shape, of shape (rank, ...)."""
    out = np.empty((len(dimensions),) + dimensions, np.int64)
    _put_grids(out, dimensions, 0)
    return out


def _lengths(rows):
    if len(rows) == 0:
        return ()
    return (rows[0].size,) + _lengths(rows[1:])


def _along(rank: Static, axis: Static, n):
    """A shape with length n at one axis and ones elsewhere."""
    if rank == 0:
        return ()
    return ((n if axis == 0 else 1),) + _along(rank - 1, axis - 1, n)


def _swapped(axis: Static, swap: Static):
    if swap and axis < 2:
        return 1 - axis
    return axis


def _grids(rows, shape, axis: Static, swap: Static):
    if axis == len(shape):
        return ()
    row = contiguous(ravel(np.asarray(rows[axis])))
    grid = view(row, 0, _along(len(shape), _swapped(axis, swap), row.size))
    return (copy_as(broadcast_to(grid, shape), row.dtype, "C"),) + _grids(rows, shape, axis + 1, swap)


def _arrays(rows):
    if len(rows) == 0:
        return ()
    return (np.asarray(rows[0]),) + _arrays(rows[1:])


@implements(np.meshgrid)
def meshgrid(*xi, indexing="xy"):
    """Coordinates of all points of a grid, an array for each of the rows of coordinates."""
    if indexing != "xy" and indexing != "ij":
        refuse("Valid values for `indexing` are 'xy' and 'ij'.")
    rows = _arrays(xi)
    n = _lengths(rows)
    if indexing == "xy" and len(xi) > 1:
        return _grids(rows, (n[1], n[0]) + n[2:], 0, True)
    return _grids(rows, n, 0, False)


@implements(np.copyto)
def copyto(dst, src, casting="same_kind", where=True):
    """Writes the elements of one array to those of another, where a mask is true."""
    if kind(where) == "bool":
        if where:
            dst[...] = src
    else:
        mask = broadcast_to(where, dst.shape)
        dst[mask] = broadcast_to(np.asarray(src), dst.shape)[mask]


@implements(np.logspace)
def logspace(start, stop, num=50, endpoint: Static = True, base=10.0, dtype=None):
    """Powers of a base with evenly spaced exponents."""
    result = np.power(base, np.linspace(start, stop, num, endpoint))
    if dtype is None:
        return result
    return result.astype(dtype)


@implements(np.geomspace, error_model="numpy")
def geomspace(start, stop, num=50, endpoint: Static = True, dtype=None):
    """Numbers of which each is the same multiple of the one before it."""
    if kind(start) == "complex" or kind(stop) == "complex" or kind(start) == "array" or kind(stop) == "array":
        refuse("geomspace takes real numbers, not", start, "and", stop)
    first, last = np.float64(start), np.float64(stop)
    if first == 0 or last == 0:
        raise ValueError("Geometric sequence cannot include zero")
    sign = np.sign(first)
    result = logspace(np.log10(first * sign), np.log10(last * sign), num, endpoint)
    if num > 0:
        result[0] = first * sign
    if endpoint:
        if num > 1:
            result[num - 1] = last * sign
    result *= sign
    if dtype is None:
        return result
    return result.astype(dtype)
