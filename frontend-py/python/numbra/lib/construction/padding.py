"""Arrays with edges put around them: pad; and edges taken away: trim_zeros."""
import numpy as np
from numbra.intrinsics import kind, refuse
from numbra.lib import Static, implements
from numbra.lib.layout.memory import convert, fill, store
from numbra.lib.reduction.reductions import as_array

MODES = ("constant", "edge", "reflect", "symmetric", "wrap")


def _pair(width):
    """How much goes before and behind."""
    if kind(width) == "int":
        return np.int64(width), np.int64(width)
    if len(width) == 1:
        return np.int64(width[0]), np.int64(width[0])
    return np.int64(width[0]), np.int64(width[1])


def _widths(width, rank: Static, i: Static):
    """A pair for each axis."""
    if i == rank:
        return ()
    if kind(width) == "tuple":
        if kind(width[0]) == "tuple":
            if len(width) == 1:
                return (_pair(width[0]),) + _widths(width, rank, i + 1)
            if len(width) != rank:
                refuse("as many pairs of widths are needed as the array has dimensions")
            return (_pair(width[i]),) + _widths(width, rank, i + 1)
    return (_pair(width),) + _widths(width, rank, i + 1)


def _shape(shape, widths):
    if len(shape) == 0:
        return ()
    before, behind = widths[0]
    if before < 0 or behind < 0:
        raise ValueError("index can't contain negative values")
    return (shape[0] + before + behind,) + _shape(shape[1:], widths[1:])


def _source(i, n, mode: Static):
    """From which of n places the place i is filled, which may lie outside."""
    if mode == "edge":
        return max(0, min(n - 1, i))
    if mode == "wrap":
        return i % n
    if mode == "symmetric":
        k = i % (2 * n)
        return k if k < n else 2 * n - 1 - k
    if n == 1:
        return 0
    k = i % (2 * n - 2)
    return k if k < n else 2 * n - 2 - k


def _pad(out, a, widths, mode: Static, value):
    before = widths[0][0]
    n = a.shape[0]
    if a.ndim == 1:
        store(out[before:before + n], a)
    else:
        for i in range(n):
            _pad(out[before + i], a[i], widths[1:], mode, value)
    if mode == "constant":
        fill(out[:before], value)
        fill(out[before + n:], value)
    else:
        for i in range(before):
            _repeat(out, i, before + _source(i - before, n, mode))
        for i in range(before + n, out.shape[0]):
            _repeat(out, i, before + _source(i - before, n, mode))


def _repeat(out, i, source):
    if out.ndim == 1:
        out[i] = out[source]
    else:
        store(out[i], out[source])


@implements(np.pad)
def pad(array, pad_width, mode: Static = "constant", constant_values=0):
    """A copy with edges: one value, the outermost elements, the elements mirrored, or the array again and again."""
    a = as_array(array)
    if kind(mode) != "str" or mode not in MODES:
        refuse("the modes of pad are 'constant', 'edge', 'reflect', 'symmetric' and 'wrap', not", mode)
    if kind(constant_values) == "tuple" or kind(constant_values) == "array":
        refuse("pad takes one constant value, not", constant_values)
    widths = _widths(pad_width, a.ndim, 0)
    out = np.empty(_shape(a.shape, widths), a.dtype)
    if a.ndim == 0:
        out[()] = a[()]
    else:
        if mode != "constant" and a.size == 0 and out.size > 0:
            raise ValueError("can't extend empty axis 0 using modes other than 'constant' or 'empty'")
        _pad(out, a, widths, mode, convert(constant_values, a.dtype))
    return out


@implements(np.trim_zeros)
def trim_zeros(filt, trim="fb"):
    """The part of a row without zeros at its front, its back, or both: a view; of a list a list."""
    ends = trim.lower()
    if ends not in ("f", "b", "fb", "bf"):
        raise ValueError(f"unexpected character(s) in `trim`: {trim!r}")
    row = as_array(filt)
    if row.ndim != 1:
        refuse("trim_zeros takes a row, not", row)
    start, stop = 0, row.shape[0]
    if ends != "b":
        while start < stop and row[start] == 0:
            start += 1
    if ends != "f":
        while stop > start and row[stop - 1] == 0:
            stop -= 1
    if kind(filt) == "list":
        return filt[start:stop]
    return row[start:stop]
