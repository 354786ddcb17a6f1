"""New arrays from other arrays, tuples and numbers: conversion, copies in an order, and arrays with a pattern."""
import math
import numpy as np
from numbra.intrinsics import dtype_kind, kind, layout, map, promote, refuse, result_dtype
from numbra.lib import Static, implements
from numbra.lib.construction.sequences import from_sequence, is_sequence
from numbra.lib.layout.memory import convert, fill, store


def new(shape, dtype, order):
    """An uninitialized array; `order` is 'C' or 'F'."""
    if order == "F" and len(shape) > 1:
        return np.empty(_reversed(shape), dtype).T
    return np.empty(shape, dtype)


def _reversed(shape):
    if len(shape) == 0:
        return ()
    return _reversed(shape[1:]) + shape[:1]


def order_of(a, order):
    """The order of a copy: 'K' and 'A' keep columns together where the type of the array says that they are."""
    if order == "C" or order == "F":
        return order
    if order != "K" and order != "A":
        refuse("order must be one of 'C', 'F', 'A', or 'K'")
    if layout(a) == "F":
        return "F"
    return "C"


def dtype_or(dtype, a):
    """A `dtype` argument, or the scalar type of the array or number where it is None."""
    if dtype is None:
        return a.dtype
    return promote(dtype)


def copy_as(a, dtype, order):
    """A copy of an array with elements of a type, in order 'C' or 'F'."""
    out = new(a.shape, dtype, order)
    if order == "F":
        store(out.T, a.T)
    else:
        store(out, a)
    return out


@implements(np.copy)
def copy(a, order="K"):
    if kind(a) != "array":
        return asarray(a)
    return copy_as(a, a.dtype, order_of(a, order))


@implements("array.copy")
def copy_method(a, order="C"):
    return copy_as(a, a.dtype, order_of(a, order))


@implements("array.astype")
def astype(a, dtype, order="K", casting="unsafe", subok=True, copy: Static = True):
    if not copy and promote(dtype) is a.dtype:
        return a
    if _is_converted_by_elements(a, promote(dtype)) and order_of(a, order) == layout(a):
        return map(promote(dtype), a)
    return copy_as(a, promote(dtype), order_of(a, order))


def _is_converted_by_elements(a, dtype):
    """Whether the scalar type as a function of a number makes of each element what a conversion of the array does."""
    if a.ndim == 0 or (layout(a) == "F" and a.ndim == 1):
        return False
    return _is_real(a.dtype) and (_is_real(dtype) or dtype_kind(dtype) == "c")


def _is_real(dtype):
    return dtype_kind(dtype) == "b" or dtype_kind(dtype) == "i" or dtype_kind(dtype) == "u" or dtype_kind(dtype) == "f"


@implements(np.array)
def array(object, dtype=None, copy: Static = True, order="K", subok=False, ndmin: Static = 0):
    """A new array of an array, a number, or nested lists and tuples of those."""
    if kind(object) == "array":
        if copy or dtype_or(dtype, object) is not object.dtype:
            return _at_least(copy_as(object, dtype_or(dtype, object), order_of(object, order)), ndmin)
        return _at_least(object, ndmin)
    if is_sequence(object):
        return _at_least(from_sequence(object, dtype), ndmin)
    if kind(object) == "range":
        return array(list(object), dtype, copy, order, subok, ndmin)
    out = np.empty((), dtype_or(dtype, object))
    out[()] = convert(object, out.dtype)
    return _at_least(out, ndmin)


def _at_least(a, ndmin: Static):
    if a.ndim < ndmin:
        return _at_least(a[None], ndmin)
    return a


@implements(np.asarray, np.asanyarray)
def asarray(a, dtype=None, order="K"):
    """The array itself where it has the type and order asked for, or a new one."""
    if kind(a) == "array":
        if dtype_or(dtype, a) is a.dtype and (order == "K" or order == "A" or layout(a) == order or (a.ndim < 2 and layout(a) == "C")):
            return a
        return copy_as(a, dtype_or(dtype, a), order_of(a, order))
    return array(a, dtype)


@implements(np.ascontiguousarray)
def ascontiguousarray(a, dtype=None):
    if kind(a) != "array" or a.ndim == 0:
        return array(a, dtype, True, "C", False, 1)
    return asarray(a, dtype, "C")


@implements(np.asfortranarray)
def asfortranarray(a, dtype=None):
    if kind(a) != "array" or a.ndim == 0:
        return array(a, dtype, True, "F", False, 1)
    return asarray(a, dtype, "F")


def _shape_like(a, shape):
    if shape is None:
        return a.shape
    if kind(shape) == "int":
        return (shape,)
    return shape


@implements(np.empty_like)
def empty_like(prototype, dtype=None, order="K", subok=True, shape=None):
    if kind(prototype) != "array":
        return empty_like(asarray(prototype), dtype, order, subok, shape)
    return new(_shape_like(prototype, shape), dtype_or(dtype, prototype), order_of(prototype, order))


@implements(np.zeros_like)
def zeros_like(a, dtype=None, order="K", subok=True, shape=None):
    if kind(a) != "array":
        return zeros_like(asarray(a), dtype, order, subok, shape)
    if order_of(a, order) == "F" and len(_shape_like(a, shape)) > 1:
        return np.zeros(_reversed(_shape_like(a, shape)), dtype_or(dtype, a)).T
    return np.zeros(_shape_like(a, shape), dtype_or(dtype, a))


@implements(np.ones_like)
def ones_like(a, dtype=None, order="K", subok=True, shape=None):
    return full_like(a, 1, dtype, order, subok, shape)


@implements(np.full_like)
def full_like(a, fill_value, dtype=None, order="K", subok=True, shape=None):
    if kind(a) != "array":
        return full_like(asarray(a), fill_value, dtype, order, subok, shape)
    out = empty_like(a, dtype, order, subok, shape)
    if layout(out) == "F":
        fill(out.T, fill_value)
    else:
        fill(out, fill_value)
    return out


@implements("otherwise:numpy.full")
def full(shape, fill_value, dtype=None, order="C"):
    """Records whose fields are all one number."""
    if dtype is None or dtype_kind(dtype) != "V" or kind(fill_value) == "array" or kind(fill_value) == "str":
        refuse("full takes a scalar type and a number of it, not", fill_value, "and", dtype)
    out = np.zeros(shape, dtype)
    out[...] = fill_value
    return out


@implements("otherwise:numpy.ones")
def ones(shape, dtype=None, order="C"):
    return full(shape, 1, dtype)


@implements("otherwise:numpy.arange")
def arange(start_or_stop, stop=None, step=None, dtype=None):
    """Numbers at equal distances, as elements of a type: the first two are converted, and their difference is the step."""
    if stop is None:
        return arange(0, start_or_stop, step, dtype)
    if step is None:
        return arange(start_or_stop, stop, 1, dtype)
    if dtype is None:
        return arange(start_or_stop, stop, step, element_type(np.int64(0) + start_or_stop * 0 + step * 0 + stop * 0))
    n = _steps(start_or_stop, stop, step)
    out = np.empty(n, promote(dtype))
    first = convert(start_or_stop, out.dtype)
    delta = convert(start_or_stop + step, out.dtype) - first
    if n > 0:
        out[0] = first
    for i in range(1, n):
        out[i] = convert(first + i * delta, out.dtype)
    return out


def element_type(x):
    """The scalar type of a number."""
    return x.dtype


def _is_numpy(x):
    """Whether a number is certainly NumPy's: nothing tells `int` from int64 and `float` from float64."""
    d = promote(element_type(x))
    return not (d == np.bool_ or d == np.int64 or d == np.float64 or d == np.complex128)


def _steps(start, stop, step):
    """How many elements `arange` has. A step of zero raises ZeroDivisionError where Python divides; NumPy's quotient is no length."""
    if step == 0:
        if not (_is_numpy(start) or _is_numpy(stop) or _is_numpy(step)):
            raise ZeroDivisionError("division by zero")
        if start == stop:
            raise ValueError("arange: cannot compute length")
        raise ValueError("Maximum allowed size exceeded")
    if kind(start) == "complex" or kind(stop) == "complex" or kind(step) == "complex":
        n = (np.complex128(stop) - start) / step
        return max(0, int(math.ceil(min(n.real, n.imag))))
    distance = np.float64(stop) - start
    n = distance / step
    if math.isnan(n):
        raise ValueError("arange: cannot compute length")
    if abs(n) >= 2.0**63:
        raise ValueError("Maximum allowed size exceeded")
    if n == 0 and distance != 0:
        # A step so long that its quotient vanishes still leads past the first element, if it has the right direction.
        return 0 if np.signbit(n) else 1
    return max(0, int(math.ceil(n)))


@implements(np.eye)
def eye(N, M=None, k=0, dtype=np.float64):
    """An array of shape (N, M) with ones on the k-th diagonal."""
    if M is None:
        return eye(N, N, k, dtype)
    out = np.zeros((N, M), promote(dtype))
    for i in range(max(0, -k), min(N, M - k)):
        out[i, i + k] = 1
    return out


@implements(np.identity)
def identity(n, dtype=np.float64):
    return eye(n, n, 0, dtype)


@implements(np.linspace)
def linspace(start, stop, num=50, endpoint: Static = True, retstep: Static = False, dtype=None):
    """`num` numbers at equal distances from `start` to `stop`."""
    if num < 0:
        raise ValueError(f"Number of samples, {num}, must be non-negative.")
    parts = num - 1 if endpoint else num
    delta = (stop - start) * 1.0
    step = delta / parts if parts > 0 else delta * np.nan
    out = np.empty(num, result_dtype(np.multiply, delta, 1.0))
    if parts > 0 and step == 0:
        for i in range(num):
            out[i] = i / parts * delta + start
    elif parts > 0:
        for i in range(num):
            out[i] = i * step + start
    else:
        for i in range(num):
            out[i] = i * delta + start
    if endpoint and num > 1:
        out[num - 1] = stop
    if dtype is None:
        result = out
    elif dtype_kind(promote(dtype)) == "i" or dtype_kind(promote(dtype)) == "u":
        result = np.floor(out).astype(dtype)
    else:
        result = out.astype(dtype)
    if retstep:
        return result, step
    return result
