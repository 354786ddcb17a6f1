"""Sorting: sort, argsort and partition.

Contiguous rows are sorted by the runtime; what is here finds the rows. Sorting positions is stable, and of numbers equal ones cannot be told apart
(but for the signs of zeros), so that `kind` makes no difference. NaN and NaT come last.
"""
import numpy as np
from numbra.intrinsics import dtype_kind, kind as kind_of, layout, refuse, select_position, select_row, sort_positions, sort_row, view
from numbra.lib import Static, implements
from numbra.lib.construction.reshape import ravel
from numbra.lib.layout.axes import normalize_axis
from numbra.lib.layout.memory import store
from numbra.lib.reduction.reductions import as_array


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
    if kind_of(x) == "float" or kind_of(y) == "float" or kind_of(x) == "time":
        return (x < y) | ((y != y) & (x == x))
    if kind_of(x) == "time" and kind_of(y) == "time":
        # NaT, which is not equal to itself, comes last.
        return (x < y) | ((y != y) & (x == x))
    return x < y


def contiguous_copy(a):
    """A row of the elements in the order of indices, in new memory."""
    row = np.empty(a.size, a.dtype)
    store(row, ravel(a))
    return row


def part(row, start):
    """The elements of a contiguous row from a position on."""
    return view(row, start * row.itemsize, (row.shape[0] - start,))


def _sort(row, kth):
    sort_row(row)


def _order(row, order, kth):
    sort_positions(row, order)


def _select(row, kth):
    """Moves the elements to their places that sorting would put at `kth`, rising positions."""
    if kind_of(kth) == "array":
        start = 0
        for k in kth:
            if k >= start:
                select_row(part(row, start), k - start)
                start = k + 1
    else:
        select_row(row, kth)


def _select_order(row, order, kth):
    if kind_of(kth) == "array":
        sort_positions(row, order)
    else:
        select_position(row, order, kth)


def _in_rows(work, a, kth):
    """Rearranges the elements along the last axis."""
    if a.ndim > 1:
        for i in range(a.shape[0]):
            _in_rows(work, a[i], kth)
    elif layout(a) == "C":
        work(a, kth)
    else:
        row = contiguous_copy(a)
        work(row, kth)
        store(a, row)


def _order_rows(work, a, order, kth):
    """Writes positions along the last axis. Both are contiguous."""
    if a.ndim > 1:
        for i in range(a.shape[0]):
            _order_rows(work, a[i], order[i], kth)
    else:
        work(a, order, kth)


def _along(work, a, axis: Static, kth):
    """Along another axis than the last, all rows are copied and put back: one element of each at a time would come from far apart."""
    k = normalize_axis(axis, a.ndim)
    if k == a.ndim - 1:
        _in_rows(work, a, kth)
    else:
        across = np.swapaxes(a, k, -1)
        rows = across.copy()
        _in_rows(work, rows, kth)
        store(across, rows)


def _orders(work, a, axis: Static, kth):
    k = normalize_axis(axis, a.ndim)
    out = np.empty(a.shape, np.int64)
    if k == a.ndim - 1:
        _order_rows(work, np.ascontiguousarray(a), out, kth)
        return out
    across = np.swapaxes(a, k, -1)
    rows = np.empty(across.shape, np.int64)
    _order_rows(work, across.copy(), rows, kth)
    store(np.swapaxes(out, k, -1), rows)
    return out


def sortable(a):
    """The array, whose elements must have an order."""
    a = as_array(a)
    if dtype_kind(a.dtype) == "V":
        refuse("records have no order:", a)
    return a


def _plain(a, order: Static):
    if order is not None:
        refuse("the argument `order` is for records, not", a)
    return sortable(a)


def _copied(a, axis: Static):
    """A copy of which the elements can be rearranged: of the flattened array without an axis."""
    if axis is None:
        return contiguous_copy(a)
    out = np.empty(a.shape, a.dtype)
    store(out, a)
    return out


@implements("array.sort")
def sort_in_place(a, axis: Static = -1, kind: Static = None, order: Static = None):
    _along(_sort, _plain(a, order), axis, None)


@implements(np.sort)
def sort(a, axis: Static = -1, kind: Static = None, order: Static = None):
    """A sorted copy; with axis None of the flattened array."""
    result = _copied(_plain(a, order), axis)
    _along(_sort, result, -1 if axis is None else axis, None)
    return result


@implements(np.argsort, "array.argsort")
def argsort(a, axis: Static = -1, kind: Static = None, order: Static = None):
    """The indices that would sort an array along an axis; equal elements keep their order."""
    if axis is None:
        return _orders(_order, ravel(_plain(a, order)), 0, None)
    return _orders(_order, _plain(a, order), axis, None)


def _positions(kth, n):
    """A position, or the sorted row of several, counted from the start."""
    if kind_of(kth) == "int":
        k = np.int64(kth) + n if kth < 0 else np.int64(kth)
        if k < 0 or k >= n:
            raise ValueError(f"kth(={k}) out of bounds ({n})")
        return k
    kths = as_array(kth)
    if kths.ndim > 1:
        refuse("kth must be an integer or a row of integers, not", kths)
    if dtype_kind(kths.dtype) != "i" and dtype_kind(kths.dtype) != "u" and dtype_kind(kths.dtype) != "b":
        refuse("Partition index must be integer, not", kths)
    row = contiguous_copy(kths).astype(np.int64)
    for i in range(row.shape[0]):
        row[i] = _positions(row[i], n)
    sort_row(row)
    return row


@implements("array.partition")
def partition_in_place(a, kth, axis: Static = -1, kind: Static = None, order: Static = None):
    if a.size > 0:
        _along(_select, _plain(a, order), axis, _positions(kth, a.shape[axis]))


@implements(np.partition)
def partition(a, kth, axis: Static = -1, kind: Static = None, order: Static = None):
    """A copy whose element at `kth` (at each of them) stands where sorting puts it, all before it smaller or equal, all behind larger or equal."""
    result = _copied(_plain(a, order), axis)
    partition_in_place(result, kth, -1 if axis is None else axis)
    return result


@implements(np.argpartition, "array.argpartition")
def argpartition(a, kth, axis: Static = -1, kind: Static = None, order: Static = None):
    """The positions of the elements that `partition` would give."""
    source = _plain(a, order)
    if axis is None:
        return argpartition(ravel(source), kth)
    if source.size == 0:
        return np.empty(source.shape, np.int64)
    return _orders(_select_order, source, axis, _positions(kth, source.shape[axis]))


@implements(np.sort_complex)
def sort_complex(a):
    """The sorted elements as complex numbers."""
    b = np.sort(as_array(a))
    if dtype_kind(b.dtype) == "c":
        return b
    return b.astype(np.complex64 if b.itemsize < 4 and dtype_kind(b.dtype) != "b" else np.complex128)
