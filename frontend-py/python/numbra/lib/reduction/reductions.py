"""Reductions: all elements, or those along one axis or several, put together to one.

Contiguous rows are reduced by an intrinsic, which uses vector instructions; along outer axes whole rows are put together.
"""
import numpy as np
from numbra.intrinsics import all as all_of, any as any_of, dtype_kind, kind, layout, max as max_of, min as min_of, prod as prod_of, refuse, sum as sum_of
from numbra.lib import Static, implements
from numbra.lib.layout.axes import check_axes, count_along, normalize_axis, replaced, rest_of_axes, without
from numbra.lib.layout.memory import convert
from numbra.lib.layout.shapes import pad
from numbra.lib.layout.views import flat_view
from numbra.lib.reduction.options import begun, chosen, delivered, filled, is_all
from numbra.intrinsics import view


def reduce(whole, start, step, a, axis: Static, dtype, keepdims: Static):
    """`whole(a, dtype)` reduces an array of any rank; `step(start(x), y)` puts two elements together, in `dtype`."""
    if a.ndim == 0:
        # A number: its only axis is the one that it does not have.
        check_axes(axis)
        return whole(a, dtype)
    if axis is None:
        if keepdims:
            return _boxed(whole(a, dtype), pad((), a.ndim), dtype)
        return whole(a, dtype)
    if kind(axis) == "tuple":
        if len(axis) == 0:
            return _converted(start, a, dtype)
        first = normalize_axis(axis[0], a.ndim)
        rest = rest_of_axes(axis[1:], first, a.ndim, keepdims)
        result = reduce(whole, start, step, a, first, dtype, keepdims)
        if len(rest) == 0:
            return result
        return reduce(whole, start, step, result, rest, dtype, keepdims)
    if kind(axis) != "int":
        refuse("an axis is an int, a tuple of ints or None, not", axis)
    k = normalize_axis(axis, a.ndim)
    if a.ndim == 1:
        if keepdims:
            return _boxed(whole(a, dtype), (1,), dtype)
        return whole(a, dtype)
    out = np.empty(without(a.shape, k), dtype)
    _along(whole, start, step, a, k, out)
    if keepdims:
        return view(out, 0, replaced(a.shape, k, 1))
    return out


def _boxed(value, shape, dtype):
    out = np.empty(shape, dtype)
    flat_view(out)[0] = value
    return out


def _converted(start, a, dtype):
    out = np.empty(a.shape, dtype)
    _first(start, a, out)
    return out


def _along(whole, start, step, a, axis: Static, out):
    if layout(a) == "F":
        _along(whole, start, step, a.T, a.ndim - 1 - axis, out.T)
    elif axis == 0:
        n = a.shape[0]
        if n == 0:
            fill_all(out, whole, view(a, 0, (0,)))
        else:
            _first(start, a[0], out)
            fours = 1
            if a.ndim == 2:
                fours = n - (n - 1) % 4
                for j in range(1, fours, 4):
                    _four_steps(step, a[j], a[j + 1], a[j + 2], a[j + 3], out)
            for j in range(fours, n):
                _step(step, a[j], out)
    elif a.ndim == 2:
        for i in range(a.shape[0]):
            out[i] = whole(a[i], out.dtype)
    else:
        for i in range(a.shape[0]):
            _along(whole, start, step, a[i], axis - 1, out[i])


def fill_all(out, whole, nothing):
    """What the reduction of no elements is, everywhere; an error where it has no value."""
    if out.ndim == 1:
        for i in range(out.shape[0]):
            out[i] = whole(nothing, out.dtype)
    else:
        for i in range(out.shape[0]):
            fill_all(out[i], whole, nothing)


def _first(start, a, out):
    if a.ndim == 0:
        out[()] = start(a[()])
    elif a.ndim == 1:
        for i in range(out.shape[0]):
            out[i] = start(a[i])
    else:
        for i in range(out.shape[0]):
            _first(start, a[i], out[i])


def _step(step, a, out):
    if a.ndim == 1:
        for i in range(out.shape[0]):
            out[i] = step(out[i], a[i])
    else:
        for i in range(out.shape[0]):
            _step(step, a[i], out[i])


@implements(boundscheck=False)
def _four_steps(step, a, b, c, d, out):
    for i in range(out.shape[0]):
        out[i] = step(step(step(step(out[i], a[i]), b[i]), c[i]), d[i])


def fold(step, a, value):
    """`value` put together with all elements, in the order of indices."""
    if a.ndim == 0:
        value = step(value, a[()])
    elif a.ndim == 1:
        for i in range(a.shape[0]):
            value = step(value, a[i])
    else:
        for i in range(a.shape[0]):
            value = fold(step, a[i], value)
    return value


def same(x):
    return x


def total_dtype(a, dtype):
    """The type in which NumPy adds up and multiplies: small integers in 64 bits."""
    if dtype_kind(a.dtype) == "M" or dtype_kind(a.dtype) == "V":
        refuse("the function takes an array of real numbers, not", a)
    if dtype is not None:
        return dtype
    if dtype_kind(a.dtype) == "b" or dtype_kind(a.dtype) == "i":
        return np.int64
    if dtype_kind(a.dtype) == "u":
        return np.uint64
    return a.dtype


def as_array(a):
    """An array as it is; of a number or sequence a new one."""
    if kind(a) == "array":
        return a
    return np.asarray(a)


@implements(np.sum, "array.sum")
def sum(a, axis: Static = None, dtype=None, out=None, keepdims: Static = False, initial: Static = None, where: Static = None):
    if not is_all(where):
        return sum(chosen(as_array(a), where, 0), axis, dtype, out, keepdims, initial)
    if out is not None or initial is not None:
        return delivered(begun(np.add, np.sum(a, axis, dtype, None, keepdims), initial), out)
    a = as_array(a)
    if dtype is not None:
        if dtype_kind(dtype) == "b":
            # Bools add up by `or` and multiply by `and`.
            return any(a, axis, None, keepdims)
    if a.ndim == 0 and dtype_kind(a.dtype) != "m":
        check_axes(axis)
        # Sums start from zero: that of -0.0 is 0.0.
        return total_dtype(a, dtype)(a[()]) + total_dtype(a, dtype)(0)
    return reduce(sum_of, _from_zero, np.add, a, axis, total_dtype(a, dtype), keepdims)


def _from_zero(x):
    """The sum of one element: that of -0.0 is 0.0."""
    if kind(x) == "time":
        return x
    return x + type(x)(0)


def _product(a, dtype):
    if dtype_kind(dtype) == "c":
        return fold(np.multiply, a, dtype(1))
    return prod_of(a, dtype)


@implements(np.prod, "array.prod")
def prod(a, axis: Static = None, dtype=None, out=None, keepdims: Static = False, initial: Static = None, where: Static = None):
    if not is_all(where):
        return prod(chosen(as_array(a), where, 1), axis, dtype, out, keepdims, initial)
    if out is not None or initial is not None:
        return delivered(begun(np.multiply, np.prod(a, axis, dtype, None, keepdims), initial), out)
    a = as_array(a)
    if dtype_kind(a.dtype) == "m":
        refuse("the function takes an array of real numbers, not", a)
    if dtype is not None:
        if dtype_kind(dtype) == "b":
            return all(a, axis, None, keepdims)
    return reduce(_product, same, np.multiply, a, axis, total_dtype(a, dtype), keepdims)


def _first_element(a):
    if a.ndim == 0:
        return a[()]
    if a.ndim == 1:
        return a[0]
    return _first_element(a[0])


def _extremum(whole, f, name: Static, a):
    """The smallest or largest element: complex numbers are compared one by one."""
    if dtype_kind(a.dtype) == "c":
        return fold_nonempty(f, name, a)
    return whole(a)


def fold_nonempty(f, name: Static, a):
    if a.size == 0:
        raise ValueError(f"zero-size array to reduction operation {name} which has no identity")
    return fold(f, a, _first_element(a))


def smallest(a, dtype):
    return _extremum(min_of, np.minimum, "minimum", a)


def largest(a, dtype):
    return _extremum(max_of, np.maximum, "maximum", a)


def _extrema(whole, f, name: Static, a, axis: Static, out, keepdims: Static, initial: Static, where: Static):
    a = as_array(a)
    if dtype_kind(a.dtype) == "V":
        refuse("records have no order:", a)
    if not is_all(where):
        if initial is None:
            raise ValueError(f"reduction operation '{name}' does not have an identity, so to use a where mask one has to specify 'initial'")
        return _extrema(whole, f, name, chosen(a, where, initial), axis, out, keepdims, initial, None)
    if initial is not None:
        x = convert(initial, a.dtype)
        if count_along(a.shape, axis) == 0:
            return delivered(filled(a.shape, axis, keepdims, x), out)
        return delivered(f(_extrema(whole, f, name, a, axis, None, keepdims, None, None), x), out)
    if out is not None:
        return delivered(_extrema(whole, f, name, a, axis, None, keepdims, None, None), out)
    return reduce(whole, same, f, a, axis, a.dtype, keepdims)


@implements(np.min, np.amin, "array.min")
def min(a, axis: Static = None, out=None, keepdims: Static = False, initial: Static = None, where: Static = None):
    return _extrema(smallest, np.minimum, "minimum", a, axis, out, keepdims, initial, where)


@implements(np.max, np.amax, "array.max")
def max(a, axis: Static = None, out=None, keepdims: Static = False, initial: Static = None, where: Static = None):
    return _extrema(largest, np.maximum, "maximum", a, axis, out, keepdims, initial, where)


@implements(np.ptp)
def ptp(a, axis: Static = None, out=None, keepdims: Static = False):
    return delivered(np.subtract(np.max(a, axis, None, keepdims), np.min(a, axis, None, keepdims)), out)


def _any(a, dtype):
    return any_of(a)


def _all(a, dtype):
    return all_of(a)


def truth(x):
    return x != 0


def _either(x, y):
    return x | (y != 0)


def _both(x, y):
    return x & (y != 0)


@implements(np.any, "array.any")
def any(a, axis: Static = None, out=None, keepdims: Static = False, where: Static = None):
    if not is_all(where):
        return any(chosen(as_array(a), where, 0), axis, out, keepdims)
    if out is not None:
        return delivered(np.any(a, axis, None, keepdims), out)
    return reduce(_any, truth, _either, as_array(a), axis, np.bool_, keepdims)


@implements(np.all, "array.all")
def all(a, axis: Static = None, out=None, keepdims: Static = False, where: Static = None):
    if not is_all(where):
        return all(chosen(as_array(a), where, 1), axis, out, keepdims)
    if out is not None:
        return delivered(np.all(a, axis, None, keepdims), out)
    return reduce(_all, truth, _both, as_array(a), axis, np.bool_, keepdims)
