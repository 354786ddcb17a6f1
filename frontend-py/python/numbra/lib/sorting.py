"""Sorting: sort, argsort and partition.

Short runs are sorted by insertion and merged, between two contiguous buffers, to ever longer ones. This is stable, so that `kind` makes no
difference. NaN comes last.
"""
import numpy as np
from numbra.intrinsics import dtype_kind, kind as kind_of, layout, refuse
from numbra.lib import Static, implements
from numbra.lib.axes import normalize_axis
from numbra.lib.memory import store
from numbra.lib.reductions import as_array
from numbra.lib.reshape import ravel

RUN = 16


def comes_before(x, y):
    """Whether x is sorted before y: NaN after all else, complex numbers by their real parts first."""
    if kind_of(x) == "complex" or kind_of(y) == "complex":
        if x.real < y.real:
            return x.imag == x.imag or y.imag != y.imag
        if x.real > y.real:
            return y.imag != y.imag and x.imag == x.imag
        if x.real == y.real or (x.real != x.real and y.real != y.real):
            return x.imag < y.imag or (y.imag != y.imag and x.imag == x.imag)
        return y.real != y.real
    if kind_of(x) == "float" or kind_of(y) == "float":
        return (x < y) | ((y != y) & (x == x))
    return x < y


def _insert(a, start, stop):
    """Sorts a run by insertion."""
    for i in range(start + 1, stop):
        x = a[i]
        j = i
        while j > start and comes_before(x, a[j - 1]):
            a[j] = a[j - 1]
            j -= 1
        a[j] = x


def _merge(a, out, start, middle, stop):
    """Writes two sorted neighbours in `a` as one to `out`. Which of them is next is chosen without a branch."""
    i, j, k = start, middle, start
    if middle < stop and comes_before(a[middle], a[middle - 1]):
        while i < middle and j < stop:
            x, y = a[i], a[j]
            second = comes_before(y, x)
            out[k] = y if second else x
            j += np.int64(second)
            i += 1 - np.int64(second)
            k += 1
    for m in range(i, middle):
        out[k + m - i] = a[m]
    k += middle - i
    for m in range(j, stop):
        out[k + m - j] = a[m]


def _merge_all(a, out, width):
    """Merges each pair of neighbouring runs of a width."""
    n = a.shape[0]
    for start in range(0, n, 2 * width):
        _merge(a, out, start, min(start + width, n), min(start + 2 * width, n))


def sort_row(a):
    """Sorts a contiguous row in place."""
    n = a.shape[0]
    for start in range(0, n, RUN):
        _insert(a, start, min(start + RUN, n))
    if n > RUN:
        spare = np.empty(n, a.dtype)
        width = RUN
        while width < n:
            _merge_all(a, spare, width)
            _merge_all(spare, a, 2 * width)
            width *= 4


def _insert_pairs(a, order, start, stop):
    for i in range(start + 1, stop):
        x, position = a[i], order[i]
        j = i
        while j > start and comes_before(x, a[j - 1]):
            a[j] = a[j - 1]
            order[j] = order[j - 1]
            j -= 1
        a[j] = x
        order[j] = position


def _merge_pairs(a, order, out, out_order, start, middle, stop):
    i, j, k = start, middle, start
    if middle < stop and comes_before(a[middle], a[middle - 1]):
        while i < middle and j < stop:
            x, y = a[i], a[j]
            second = comes_before(y, x)
            out[k] = y if second else x
            out_order[k] = order[j] if second else order[i]
            j += np.int64(second)
            i += 1 - np.int64(second)
            k += 1
    for m in range(i, middle):
        out[k + m - i] = a[m]
        out_order[k + m - i] = order[m]
    k += middle - i
    for m in range(j, stop):
        out[k + m - j] = a[m]
        out_order[k + m - j] = order[m]


def _merge_all_pairs(a, order, out, out_order, width):
    n = a.shape[0]
    for start in range(0, n, 2 * width):
        _merge_pairs(a, order, out, out_order, start, min(start + width, n), min(start + 2 * width, n))


def sort_pairs(a, order):
    """Sorts a contiguous row in place and writes to `order` from where each element came."""
    n = a.shape[0]
    for i in range(n):
        order[i] = i
    for start in range(0, n, RUN):
        _insert_pairs(a, order, start, min(start + RUN, n))
    if n > RUN:
        spare, spare_order = np.empty(n, a.dtype), np.empty(n, np.int64)
        width = RUN
        while width < n:
            _merge_all_pairs(a, order, spare, spare_order, width)
            _merge_all_pairs(spare, spare_order, a, order, 2 * width)
            width *= 4


def contiguous_copy(a):
    """A row of the elements in the order of indices, in new memory."""
    row = np.empty(a.size, a.dtype)
    store(row, ravel(a))
    return row


def _sort_rows(a):
    """Sorts along the last axis, in place."""
    if a.ndim > 1:
        for i in range(a.shape[0]):
            _sort_rows(a[i])
    elif layout(a) == "C":
        sort_row(a)
    else:
        row = contiguous_copy(a)
        sort_row(row)
        store(a, row)


def _order_rows(a, out):
    if a.ndim > 1:
        for i in range(a.shape[0]):
            _order_rows(a[i], out[i])
    else:
        order = np.empty(a.shape[0], np.int64)
        sort_pairs(contiguous_copy(a), order)
        store(out, order)


def sortable(a):
    """The array, whose elements must have an order."""
    a = as_array(a)
    if dtype_kind(a.dtype) == "V":
        refuse("records have no order:", a)
    if dtype_kind(a.dtype) == "M" or dtype_kind(a.dtype) == "m":
        refuse("sorting is not supported for", a)
    return a


@implements("array.sort")
def sort_in_place(a, axis: Static = -1, kind: Static = None, order: Static = None):
    if order is not None:
        refuse("the argument `order` is for records, not", a)
    a = sortable(a)
    k = normalize_axis(axis, a.ndim)
    if k == a.ndim - 1:
        _sort_rows(a)
    else:
        _sort_rows(np.swapaxes(a, k, -1))


@implements(np.sort)
def sort(a, axis: Static = -1, kind: Static = None, order: Static = None):
    """A sorted copy; with axis None of the flattened array."""
    a = sortable(a)
    if axis is None:
        out = contiguous_copy(a)
        sort_row(out)
        return out
    result = np.empty(a.shape, a.dtype)
    store(result, a)
    sort_in_place(result, axis, kind, order)
    return result


@implements(np.argsort, "array.argsort")
def argsort(a, axis: Static = -1, kind: Static = None, order: Static = None):
    """The indices that would sort an array along an axis; equal elements keep their order."""
    if order is not None:
        refuse("the argument `order` is for records, not", a)
    a = sortable(a)
    if axis is None:
        return argsort(ravel(a), 0)
    k = normalize_axis(axis, a.ndim)
    out = np.empty(a.shape, np.int64)
    if k == a.ndim - 1:
        _order_rows(a, out)
    else:
        _order_rows(np.swapaxes(a, k, -1), np.swapaxes(out, k, -1))
    return out


def _check_positions(kth, n):
    if kind_of(kth) == "int":
        if kth < -n or kth >= n:
            raise ValueError("kth out of bounds")
    else:
        for k in kth:
            _check_positions(k, n)


@implements(np.partition)
def partition(a, kth, axis: Static = -1, kind: Static = None, order: Static = None):
    """A copy whose element at `kth` (at each of them) stands where sorting puts it, all before it smaller or equal, all behind larger or equal."""
    result = sort(a, axis, kind, order)
    _check_positions(kth, result.shape[-1 if axis is None else axis])
    return result


@implements(np.argpartition)
def argpartition(a, kth, axis: Static = -1, kind: Static = None, order: Static = None):
    result = argsort(a, axis, kind, order)
    _check_positions(kth, result.shape[-1 if axis is None else axis])
    return result
