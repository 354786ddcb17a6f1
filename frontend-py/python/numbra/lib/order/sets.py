"""Arrays as sets: unique, unions, intersections, differences, membership."""
import numpy as np
from numbra.intrinsics import promote, sort_positions, sort_row
from numbra.lib import Static, implements
from numbra.lib.construction.reshape import contiguous, ravel
from numbra.lib.layout.views import flat_view
from numbra.lib.order.searching import place
from numbra.lib.order.sorting import contiguous_copy, sortable
from numbra.lib.reduction.reductions import as_array


def _differ(x, y):
    """Whether two neighbours of a sorted row are different elements of the set; all NaN are one."""
    return x != y and (x == x or y == y)


def distinct(row):
    """The different elements of a sorted row, moved to its front."""
    n = 0
    for i in range(row.shape[0]):
        if i == 0 or _differ(row[i - 1], row[i]):
            n += 1
    out = np.empty(n, row.dtype)
    k = 0
    for i in range(row.shape[0]):
        if i == 0 or _differ(row[i - 1], row[i]):
            out[k] = row[i]
            k += 1
    return out


def _as_set(a):
    row = contiguous_copy(sortable(a))
    sort_row(row)
    return distinct(row)


@implements(np.unique)
def unique(ar, return_index: Static = False, return_inverse: Static = False, return_counts: Static = False):
    """The sorted different elements of an array; on demand where each comes first, which of them each element is, and how often each comes."""
    a = sortable(ar)
    if not return_index and not return_inverse and not return_counts:
        return _as_set(a)
    source = contiguous(ravel(a))
    n = source.shape[0]
    order, row = np.empty(n, np.int64), np.empty(n, a.dtype)
    sort_positions(source, order)
    for i in range(n):
        row[i] = source[order[i]]
    values = distinct(row)
    index, counts = np.empty(values.shape, np.int64), np.zeros(values.shape, np.int64)
    inverse = np.empty(a.shape, np.int64)
    which = flat_view(inverse)
    k = -1
    for i in range(n):
        if i == 0 or _differ(row[i - 1], row[i]):
            k += 1
            index[k] = order[i]
        counts[k] += 1
        which[order[i]] = k
    return (values,) + _if(return_index, index) + _if(return_inverse, inverse) + _if(return_counts, counts)


def _if(wanted: Static, x):
    if wanted:
        return (x,)
    return ()


def _is_member(a, x):
    """Whether x is in a sorted row."""
    i = place(a, x, "left")
    return i < a.shape[0] and a[min(i, a.shape[0] - 1)] == x


@implements(np.isin)
def isin(element, test_elements, assume_unique: Static = False, invert: Static = False):
    """Which elements are among those of another array; NaN never is."""
    row = contiguous_copy(sortable(test_elements))
    sort_row(row)
    a = as_array(element)
    out = np.empty(a.shape, np.bool_)
    source, target = ravel(a), flat_view(out)
    for i in range(target.shape[0]):
        target[i] = _is_member(row, source[i]) != invert
    return out


@implements(np.union1d)
def union1d(ar1, ar2):
    return unique(np.concatenate((ravel(as_array(ar1)), ravel(as_array(ar2)))))


@implements(np.intersect1d)
def intersect1d(ar1, ar2, assume_unique: Static = False):
    """The sorted elements that both arrays have."""
    dtype = promote(as_array(ar1).dtype, as_array(ar2).dtype)
    a, b = _as_set(as_array(ar1).astype(dtype)), _as_set(as_array(ar2).astype(dtype))
    return a[isin(a, b)]


@implements(np.setxor1d)
def setxor1d(ar1, ar2, assume_unique: Static = False):
    """The sorted elements that only one of the arrays has."""
    row = np.concatenate((_as_set(as_array(ar1)), _as_set(as_array(ar2))))
    sort_row(row)
    keep = np.empty(row.shape[0], np.bool_)
    for i in range(row.shape[0]):
        keep[i] = (i == 0 or row[i - 1] != row[i]) and (i == row.shape[0] - 1 or row[i] != row[i + 1])
    return row[keep]


@implements(np.setdiff1d)
def setdiff1d(ar1, ar2, assume_unique: Static = False):
    """The sorted elements of the first array that the second has not; with `assume_unique` in their order there."""
    a = ravel(as_array(ar1)) if assume_unique else _as_set(ar1)
    return a[isin(a, ar2, False, True)]
