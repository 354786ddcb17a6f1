"""Running sums and products, and differences of neighbours."""
import numpy as np
from numbra.intrinsics import dtype_kind, layout, refuse, view
from numbra.lib import Static, implements
from numbra.lib.elements.elementwise import casting_rank, elementwise
from numbra.lib.layout.axes import check_axes, normalize_axis, replaced
from numbra.lib.layout.shapes import axis_of, pad
from numbra.lib.layout.views import flat_view
from numbra.lib.reduction.options import delivered
from numbra.lib.reduction.reductions import as_array, sum, total_dtype


def in_order(a):
    """The elements of an array in the order of indices, as one row."""
    if a.ndim == 1:
        return a
    if a.ndim == 0 or layout(a) == "C":
        return flat_view(a)
    return flat_view(a.copy())


def _run(step, a, out):
    """A row of running results."""
    if a.shape[0] > 0:
        value = out.dtype(a[0])
        out[0] = value
        for i in range(1, a.shape[0]):
            value = step(value, out.dtype(a[i]))
            out[i] = value


def _rows(step, x, y, out):
    if out.ndim == 1:
        for i in range(out.shape[0]):
            out[i] = step(x[i], out.dtype(y[i]))
    else:
        for i in range(out.shape[0]):
            _rows(step, x[i], y[i], out[i])


def _copied(a, out):
    if out.ndim == 1:
        for i in range(out.shape[0]):
            out[i] = a[i]
    else:
        for i in range(out.shape[0]):
            _copied(a[i], out[i])


def _accumulate(step, a, axis: Static, out):
    if a.ndim == 1:
        _run(step, a, out)
    elif axis == 0:
        if a.shape[0] > 0:
            _copied(a[0], out[0])
            for j in range(1, a.shape[0]):
                _rows(step, out[j - 1], a[j], out[j])
    else:
        for i in range(a.shape[0]):
            _accumulate(step, a[i], axis - 1, out[i])


def accumulate(step, a, axis: Static, dtype):
    if a.ndim == 0:
        check_axes(axis)
    if axis is None or a.ndim == 0:
        row = in_order(a)
        out = np.empty(row.shape, dtype)
        _run(step, row, out)
        return out
    out = np.empty(a.shape, dtype)
    _accumulate(step, a, normalize_axis(axis, a.ndim), out)
    return out


@implements(np.cumsum, "array.cumsum")
def cumsum(a, axis: Static = None, dtype=None, out=None):
    if out is not None:
        return delivered(np.cumsum(a, axis, dtype), out)
    a = as_array(a)
    return accumulate(np.add, a, axis, total_dtype(a, dtype))


@implements(np.cumprod, "array.cumprod")
def cumprod(a, axis: Static = None, dtype=None, out=None):
    if out is not None:
        return delivered(np.cumprod(a, axis, dtype), out)
    a = as_array(a)
    return accumulate(np.multiply, a, axis, total_dtype(a, dtype))


@implements(np.cumulative_sum)
def cumulative_sum(x, axis: Static = None, dtype=None, out=None, include_initial: Static = False):
    """The sums of the first elements of a row, on demand with that of none before them."""
    return _cumulative(np.cumsum, x, axis, dtype, out, include_initial, 0)


@implements(np.cumulative_prod)
def cumulative_prod(x, axis: Static = None, dtype=None, out=None, include_initial: Static = False):
    """The products of the first elements of a row, on demand with that of none before them."""
    return _cumulative(np.cumprod, x, axis, dtype, out, include_initial, 1)


def _cumulative(function, x, axis: Static, dtype, out, include_initial: Static, initial):
    a = as_array(x)
    if axis is None:
        if a.ndim > 1:
            raise ValueError("For arrays which have more than one dimension ``axis`` argument is required.")
        return _cumulative(function, a, 0, dtype, out, include_initial, initial)
    k = axis_of(axis, a.ndim)
    result = function(a, k, dtype)
    if include_initial:
        return delivered(np.concatenate((np.full(replaced(result.shape, k, 1), initial, result.dtype), result), k), out)
    return delivered(result, out)


def part_of_axis(a, axis: Static, start, stop):
    """The view a[..., start:stop, ...] of one axis."""
    length = stop - start if stop > start else 0
    return view(a, start * a.strides[axis] if length > 0 else 0, replaced(a.shape, axis, length), a.strides)


def _difference(a, axis: Static):
    if a.ndim == 1 and layout(a) == "C":
        return _distance(a[1:], a[:-1])
    n = a.shape[axis]
    return _distance(part_of_axis(a, axis, 1, n), part_of_axis(a, axis, 0, n - 1))


def _distance(high, low):
    if dtype_kind(high.dtype) == "b":
        return elementwise(np.not_equal, high, low)
    return elementwise(np.subtract, high, low)


@implements(np.diff)
def diff(a, n: Static = 1, axis: Static = -1, prepend=None, append=None):
    """Differences of neighbours along an axis, n times."""
    if prepend is not None or append is not None:
        refuse("the arguments `prepend` and `append` are not supported")
    a = as_array(a)
    if a.ndim == 0:
        raise ValueError("diff requires input that is at least one dimensional")
    if n < 0:
        raise ValueError("order must be non-negative")
    k = normalize_axis(axis, a.ndim)
    if n == 0:
        return np.copy(a)
    if n == 1:
        return _difference(a, k)
    result = _difference(a, k)
    for _ in range(n - 1):
        result = _difference(result, k)
    return result


@implements(np.ediff1d)
def ediff1d(ary, to_end=None, to_begin=None):
    """The differences of neighbours in the flattened array, with numbers before and behind them."""
    a = in_order(as_array(ary))
    differences = elementwise(np.subtract, a[1:], a[:-1])
    if to_end is None and to_begin is None:
        return differences
    return np.concatenate((_edge(to_begin, a.dtype), differences, _edge(to_end, a.dtype)))


def _edge(x, dtype):
    """What stands before or behind differences, in their type."""
    if x is None:
        return np.empty(0, dtype)
    row = in_order(as_array(x))
    if casting_rank(row.dtype) > casting_rank(dtype):
        refuse("`to_begin` and `to_end` must have a type that is cast to that of the array by the rule same_kind, not", row)
    return row.astype(dtype)


def _middle(x, y):
    return (x + y) / 2.0


@implements("numpy.trapezoid", "numpy.trapz")
def trapezoid(y, x=None, dx=1.0, axis: Static = -1):
    """The integral along an axis by the trapezoidal rule."""
    y = as_array(y)
    k = normalize_axis(axis, y.ndim)
    n = y.shape[k]
    middle = elementwise(_middle, part_of_axis(y, k, 1, n), part_of_axis(y, k, 0, n - 1))
    if x is None:
        return np.multiply(sum(middle, k), middle.dtype(dx))
    x = as_array(x)
    if x.ndim == 1:
        d = elementwise(np.subtract, x[1:], x[:-1])
        if y.ndim == 1:
            return sum(elementwise(np.multiply, middle, d))
        return sum(elementwise(np.multiply, middle, view(d, 0, replaced(pad((), y.ndim), k, d.shape[0]))), k)
    return sum(elementwise(np.multiply, middle, _difference(x, k)), k)
