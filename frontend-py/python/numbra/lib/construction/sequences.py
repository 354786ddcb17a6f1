"""Arrays of nested lists and tuples, and lists of arrays.

The number of dimensions and the scalar type come from the types of the elements, so that an empty list of lists has two dimensions; the
lengths are those of the first elements, and all others are checked against them.
"""
import numpy as np
from numbra.intrinsics import dtype_kind, kind, promote, refuse, sequence_dtype, sequence_rank
from numbra.lib import Static, implements
from numbra.lib.layout.memory import convert, store
from numbra.lib.layout.shapes import axis_of
from numbra.lib.layout.views import zeros


def is_sequence(x):
    return kind(x) == "list" or kind(x) == "tuple"


def from_sequence(x, dtype):
    """A new array of a nested sequence of numbers and arrays."""
    if dtype is None:
        out = np.empty(_shape(x), sequence_dtype(x))
    else:
        out = np.empty(_shape(x), promote(dtype))
    _put(out, x)
    return out


def _shape(x):
    if kind(x) == "array":
        return x.shape
    if not is_sequence(x):
        return ()
    if sequence_rank(x) == 1:
        return (len(x),)
    if kind(x) == "list" and len(x) == 0:
        return zeros((), sequence_rank(x))
    return (len(x),) + _shape(x[0])


def _misfit():
    raise ValueError("setting an array element with a sequence. The requested array has an inhomogeneous shape")


def _put(out, x):
    """Writes a nested sequence to an array of its shape."""
    if out.ndim != sequence_rank(x):
        refuse("setting an array element with a sequence. The requested array has an inhomogeneous shape")
    elif kind(x) == "array":
        if x.shape != out.shape:
            _misfit()
        store(out, x)
    elif kind(x) == "tuple":
        if out.shape[0] != len(x):
            _misfit()
        _put_items(out, x, 0)
    elif kind(x) == "list":
        if out.shape[0] != len(x):
            _misfit()
        _put_list(out, x)
    else:
        out[()] = convert(x, out.dtype)


def _put_items(out, x, at: Static):
    if len(x) > 0:
        _put(out[at, ...], x[0])
        _put_items(out, x[1:], at + 1)


def _put_list(out, x):
    i = 0
    for e in x:
        if kind(e) == "none":
            return
        elif kind(e) == "array" or is_sequence(e):
            _put(out[i, ...], e)
        else:
            out[i] = convert(e, out.dtype)
        i += 1


@implements(np.shape)
def shape(a):
    if is_sequence(a):
        return from_sequence(a, None).shape
    return _shape(a)


@implements(np.ndim)
def ndim(a):
    return sequence_rank(a)


@implements(np.size)
def size(a, axis: Static = None):
    """How many elements there are, of all or along an axis."""
    if axis is None:
        return np.asarray(a).size
    return shape(a)[axis_of(axis, ndim(a))]


def index_array(x):
    """A sequence of ints or bools as an array that can be an index."""
    if dtype_kind(sequence_dtype(x)) == "b":
        return from_sequence(x, None)
    if dtype_kind(sequence_dtype(x)) != "i" and dtype_kind(sequence_dtype(x)) != "u":
        if len(x) > 0:
            raise IndexError("arrays used as indices must be of integer (or boolean) type")
        return np.empty(0, np.int64)
    return from_sequence(x, None)


def _plain(x):
    """An element as a number that is Python's."""
    if kind(x) == "int" and dtype_kind(x.dtype) == "i":
        return np.int64(x)
    if kind(x) == "int":
        return np.uint64(x)
    if kind(x) == "float":
        return np.float64(x)
    if kind(x) == "complex":
        return np.complex128(x)
    if kind(x) == "bool":
        return x
    refuse("tolist takes arrays of numbers, not of", x)


@implements("array.tolist")
def tolist(a):
    """The elements as a list for each axis; the number itself of an array without dimensions."""
    if a.ndim == 0:
        return _plain(a[()])
    if a.ndim == 1:
        return [_plain(x) for x in a]
    return [tolist(row) for row in a]
