"""The methods of universal functions: reduce, accumulate, outer, at, reduceat. `f` is the function that they belong to."""
import numpy as np
from numbra.intrinsics import dtype_kind, element, kind, known, refuse, result_dtype, running_max, running_min
from numbra.lib import Static, implements
from numbra.lib.construction.reshape import ravel
from numbra.lib.elements.elementwise import elementwise
from numbra.lib.layout.memory import convert
from numbra.lib.layout.shapes import pad
from numbra.lib.reduction.cumulative import accumulate as run
from numbra.lib.reduction.options import begun, delivered, is_all
from numbra.lib.reduction.reductions import all, any, as_array, fold, max, min, prod, reduce as put_together, same, sum, total_dtype


def _dtype(f, a, dtype):
    """The type in which elements are put together."""
    if dtype is not None:
        return dtype
    if f is np.add or f is np.multiply:
        return total_dtype(a, None)
    return result_dtype(f, element(a), element(a))


def _first(a):
    if a.ndim == 0:
        return a[()]
    if a.shape[0] == 0:
        raise ValueError("zero-size array to reduction operation which has no identity")
    if a.ndim == 1:
        return a[0]
    return _first(a[0])


def _rest(f, a, value):
    """`value` put together with all elements but the first."""
    if a.ndim == 0:
        return value
    if a.ndim == 1:
        for i in range(1, a.shape[0]):
            value = type(value)(f(value, a[i]))
        return value
    value = _rest(f, a[0], value)
    for i in range(1, a.shape[0]):
        value = fold(f, a[i], value)
    return value


@implements("ufunc.reduce")
def reduce(f, array, axis: Static = 0, dtype=None, out=None, keepdims: Static = False, initial: Static = None, where: Static = None):
    """All elements along an axis put together; along all axes for None."""
    a = as_array(array)
    if f is np.add:
        return sum(a, axis, dtype, out, keepdims, initial, where)
    if f is np.multiply:
        return prod(a, axis, dtype, out, keepdims, initial, where)
    if f is np.maximum and dtype is None:
        return max(a, axis, out, keepdims, initial, where)
    if f is np.minimum and dtype is None:
        return min(a, axis, out, keepdims, initial, where)
    if f is np.logical_or and dtype is None:
        return any(a, axis, out, keepdims, where)
    if f is np.logical_and and dtype is None:
        return all(a, axis, out, keepdims, where)
    if not is_all(where):
        refuse("the argument `where` is for functions that have a value for no elements, not", f)
    if out is not None or initial is not None:
        return delivered(begun(f, reduce(f, a, axis, dtype, None, keepdims), initial), out)

    def whole(part, wanted):
        return _rest(f, part, wanted(_first(part)))

    return put_together(whole, same, f, a, axis, _dtype(f, a, dtype), keepdims)


@implements("ufunc.accumulate")
def accumulate(f, array, axis: Static = 0, dtype=None, out=None):
    """The running results along an axis."""
    if out is not None:
        return delivered(accumulate(f, array, axis, dtype), out)
    a = as_array(array)
    if a.ndim == 0:
        refuse("cannot accumulate on a scalar")
    if kind(axis) == "int" and known(axis):
        # These are one loop with the functions of elements around them.
        if f is np.add:
            return np.cumsum(a, axis, dtype)
        if f is np.multiply:
            return np.cumprod(a, axis, dtype)
        if f is np.maximum and dtype is None and dtype_kind(a.dtype) != "c":
            return running_max(a, axis)
        if f is np.minimum and dtype is None and dtype_kind(a.dtype) != "c":
            return running_min(a, axis)
    return run(f, a, axis, _dtype(f, a, dtype))


@implements("ufunc.outer")
def outer(f, A, B):
    """The function of each element of one array with each of another."""
    a, b = as_array(A), as_array(B)
    return elementwise(f, np.reshape(a, a.shape + pad((), b.ndim)), b)


@implements("ufunc.at")
def at(f, a, indices, b=None):
    """Changes the elements at positions by the function, one after the other: those that come twice, twice."""
    if kind(a) != "array" or a.ndim != 1:
        refuse("`at` changes the elements of a row, not of", a)
    places = ravel(as_array(indices))
    if dtype_kind(places.dtype) == "b":
        places = np.flatnonzero(places)
    if b is None:
        for i in places:
            a[i] = convert(f(a[i]), a.dtype)
    elif kind(b) == "array" or kind(b) == "list" or kind(b) == "tuple":
        values = np.broadcast_to(ravel(as_array(b)), places.shape)
        for k in range(places.shape[0]):
            i = places[k]
            a[i] = convert(f(a[i], values[k]), a.dtype)
    else:
        for i in places:
            a[i] = convert(f(a[i], b), a.dtype)


@implements("ufunc.reduceat")
def reduceat(f, array, indices, axis: Static = 0, dtype=None, out=None):
    """The elements of a row from each position to the next one put together; the element itself where the next position is not behind."""
    if out is not None:
        return delivered(reduceat(f, array, indices, axis, dtype), out)
    a, places = as_array(array), as_array(indices)
    if a.ndim != 1:
        refuse("reduceat takes a row, not", a)
    n = a.shape[0]
    result = np.empty(places.shape[0], _dtype(f, a, dtype))
    for k in range(places.shape[0]):
        start = places[k]
        if start < 0 or start >= n:
            raise IndexError("index out-of-bounds in reduceat")
        stop = places[k + 1] if k + 1 < places.shape[0] else n
        value = result.dtype(a[start])
        for i in range(start + 1, stop):
            value = result.dtype(f(value, a[i]))
        result[k] = value
    return result
