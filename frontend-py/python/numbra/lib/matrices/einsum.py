"""Sums of products of arrays by constant subscripts. The axes of all operands are seen in one shape, with a step of zero along those that an operand has not, so that the products
and their sums are one pass; where the letters say that it is a product of matrices, it is one."""
import numpy as np
from numbra.intrinsics import dtype_kind, einsum_axes, promote, refuse, view
from numbra.lib import Static, implements
from numbra.lib.layout.shapes import product
from numbra.lib.reduction.reductions import as_array


@implements(np.einsum)
def einsum(subscripts: Static, *operands, out=None, optimize: Static = False):
    """The sum, over the axes whose letters are not in the result, of the product of the operands."""
    if len(operands) == 0:
        refuse("must provide at least an operand")
    arrays = _arrays(operands)
    plan = einsum_axes(subscripts, *_ranks(arrays))
    result = _summed(arrays, plan[2:], plan[0], plan[1])
    if out is None:
        return result
    out[...] = result
    return out


def _arrays(operands):
    if len(operands) == 0:
        return ()
    return (as_array(operands[0]),) + _arrays(operands[1:])


def _ranks(arrays):
    if len(arrays) == 0:
        return ()
    return (arrays[0].ndim,) + _ranks(arrays[1:])


def _summed(arrays, axes: Static, kept: Static, count: Static):
    dims = _lengths(arrays, axes, 0, count)
    if len(arrays) == 1 and kept == count:
        return _seen(arrays[0], axes[0], dims, _range(0, count))
    dtype = _dtype(arrays)
    if len(arrays) == 2 and (dtype_kind(dtype) == "f" or dtype_kind(dtype) == "c"):
        rows, columns, inner = _without(axes[0], axes[1]), _without(axes[1], axes[0]), _within(axes[0], axes[1])
        if len(rows) > 0 and len(columns) > 0 and len(inner) > 0 and len(rows) + len(columns) == kept and kept + len(inner) == count and _none_below(inner, kept):
            return _matrix_product(arrays, axes, dims, rows, columns, inner, dtype)
    terms = _terms(arrays, axes, dims)
    if kept == count:
        return terms
    if dtype_kind(dtype) == "b":
        return np.any(terms, axis=_range(kept, count))
    return np.sum(terms, axis=_range(kept, count), dtype=dtype)


def _dtype(arrays):
    if len(arrays) == 1:
        return arrays[0].dtype
    return promote(arrays[0].dtype, _dtype(arrays[1:]))


def _range(first: Static, end: Static):
    if first == end:
        return ()
    return (first,) + _range(first + 1, end)


def _lengths(arrays, axes: Static, axis: Static, count: Static):
    """The lengths of all axes."""
    if axis == count:
        return ()
    return (_length(arrays, axes, axis),) + _lengths(arrays, axes, axis + 1, count)


def _length(arrays, axes: Static, axis: Static):
    if len(arrays) == 0:
        return 1
    return _fitted(_length_in(arrays[0], axes[0], axis, 0), _length(arrays[1:], axes[1:], axis))


def _length_in(a, axes: Static, axis: Static, i: Static):
    if i == a.ndim:
        return 1
    if axes[i] == axis:
        return _fitted(a.shape[i], _length_in(a, axes, axis, i + 1))
    return _length_in(a, axes, axis, i + 1)


def _fitted(n, m):
    if n != m and n != 1 and m != 1:
        raise ValueError("operands could not be broadcast together: an axis has " + str(n) + " and " + str(m) + " elements")
    return m if n == 1 else n


def _step(a, axes: Static, axis: Static, n, i: Static):
    """The distance in memory of neighbours along an axis; along one that stands twice both indices grow."""
    if i == a.ndim:
        return 0
    rest = _step(a, axes, axis, n, i + 1)
    if axes[i] == axis:
        return rest + (a.strides[i] if a.shape[i] == n else 0)
    return rest


def _seen(a, axes: Static, dims, shown: Static):
    """An operand with some of all axes."""
    return view(a, 0, _chosen(dims, shown), _steps(a, axes, dims, shown))


def _chosen(dims, shown: Static):
    if len(shown) == 0:
        return ()
    return (dims[shown[0]],) + _chosen(dims, shown[1:])


def _steps(a, axes: Static, dims, shown: Static):
    if len(shown) == 0:
        return ()
    return (_step(a, axes, shown[0], dims[shown[0]], 0),) + _steps(a, axes, dims, shown[1:])


def _terms(arrays, axes: Static, dims):
    first = _seen(arrays[0], axes[0], dims, _range(0, len(dims)))
    if len(arrays) == 1:
        return first
    return first * _terms(arrays[1:], axes[1:], dims)


def _is_in(axis: Static, axes: Static):
    if len(axes) == 0:
        return False
    return True if axes[0] == axis else _is_in(axis, axes[1:])


def _without(axes: Static, others: Static):
    if len(axes) == 0:
        return ()
    if _is_in(axes[0], others):
        return _without(axes[1:], others)
    return (axes[0],) + _without(axes[1:], others)


def _within(axes: Static, others: Static):
    if len(axes) == 0:
        return ()
    if _is_in(axes[0], others):
        return (axes[0],) + _within(axes[1:], others)
    return _within(axes[1:], others)


def _none_below(axes: Static, first: Static):
    if len(axes) == 0:
        return True
    return False if axes[0] < first else _none_below(axes[1:], first)


def _matrix_product(arrays, axes: Static, dims, rows: Static, columns: Static, inner: Static, dtype):
    first = _matrix(_seen(arrays[0], axes[0], dims, rows + inner), dims, rows, inner, dtype)
    second = _matrix(_seen(arrays[1], axes[1], dims, inner + columns), dims, inner, columns, dtype)
    found = view(np.matmul(first, second), 0, _chosen(dims, rows + columns))
    # Its axes are those of the result in another order.
    return _seen(found, rows + columns, dims, _range(0, found.ndim)).copy()


def _matrix(a, dims, rows: Static, columns: Static, dtype):
    whole = np.empty(a.shape, dtype)
    whole[...] = a
    return view(whole, 0, (product(_chosen(dims, rows)), product(_chosen(dims, columns))))
