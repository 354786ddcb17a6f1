"""Loops over `prange` whose iterations depend on each other, or that have no end of their own: errors that say where."""
import numpy as np
import pytest

import numbra
from numbra import njit, prange


def carries(a):
    s = 0.0
    for i in prange(len(a)):
        s = s * 2.0 + a[i]
    return s


def shows_the_sum(a):
    s = 0.0
    for i in prange(len(a)):
        s += a[i]
        a[i] = s
    return s


def two_ways(a):
    s = 1.0
    for i in prange(len(a)):
        s += a[i]
        s *= 2.0
    return s


def decides(a):
    best, where = 0.0, 0
    for i in prange(len(a)):
        if a[i] > best:
            best = a[i]
            where = i
    return best, where


def neighbour(a):
    for i in prange(1, len(a)):
        a[i] = a[i - 1] + 1.0


def through_a_view(a):
    later = a[1:]
    for i in prange(len(later)):
        later[i] = a[i]


def from_a_view(a):
    later = a[1:]
    for i in prange(len(later)):
        a[i] = later[i] + 1.0


def across(a):
    m = a.reshape(10, -1)
    for i in prange(m.shape[0]):
        for j in range(m.shape[1]):
            m[i, j] = m.T[i, j]


def inside_of_the_border(a):
    m = a.reshape(10, -1)
    inner = m[1:, 1:]
    for i in prange(inner.shape[0]):
        for j in range(inner.shape[1]):
            inner[i, j] = m[i, j]


def row_before(a):
    m = a.reshape(10, -1)
    for i in prange(1, m.shape[0]):
        row, before = m[i], m[i - 1]
        for j in range(len(row)):
            row[j] = before[j]


def reads_the_histogram(a):
    counts = np.zeros(10)
    for i in prange(len(a)):
        counts[int(a[i])] += 1
        a[i] = counts[0]
    return counts


def shifts(a):
    counts = np.zeros(10)
    for i in prange(len(a)):
        counts[int(a[i])] = counts[int(a[i]) + 1] + counts[int(a[i])]
    return counts


def sums_and_products(a):
    counts = np.ones(10)
    for i in prange(len(a)):
        counts[int(a[i])] += 1
        counts[int(a[i])] *= 2
    return counts


def two_names(a):
    counts = np.ones(10)
    some = counts[2:]
    for i in prange(len(a)):
        counts[int(a[i])] += 1
        some[int(a[i])] += 1
    return counts


def one_element(a):
    for i in prange(len(a)):
        a[0] += a[i]


def sets_one_element(a):
    for i in prange(len(a)):
        a[0] = i


def whole_array(a):
    total = np.zeros(3)
    for i in prange(len(a)):
        total += a[i]
        a[i] = total
    return total


def its_own_sum(a):
    total = np.ones(3)
    for i in prange(len(a)):
        total += total
    return total


def inner_index(a):
    out = np.zeros(3)
    for i in prange(len(a)):
        for j in range(3):
            out[j] = out[j] * 2 + a[i]
    return out


def appends(a):
    found = [0.0]
    for i in prange(len(a)):
        found.append(a[i])
    return found


def leaves(a):
    for i in prange(len(a)):
        if a[i] > 3.0:
            break
    return 1


def returns(a):
    for i in prange(len(a)):
        if a[i] > 3.0:
            return i
    return 1


def stops_asking(a):
    every = True
    for i in prange(len(a)):
        every = every and a[i] < 3.0
    return every


def array_afterwards(a):
    row = np.zeros(2)
    for i in prange(len(a)):
        row = np.full(2, a[i])
    return row


@njit
def clears(a):
    a[:] = 0.0


def callee_writes(a):
    total = np.ones(3)
    for i in prange(len(a)):
        clears(total)
    return total


@pytest.mark.parametrize(
    "function, text",
    [
        (carries, "NB0300.*combined in two ways"),
        (shows_the_sum, "NB0300.*uses a value that the iterations before it have computed"),
        (two_ways, "NB0300.*combined in two ways"),
        (decides, "NB0300"),
        (neighbour, "NB0300.*reads elements that another one writes"),
        (through_a_view, "NB0300.*reads elements that another one writes"),
        (from_a_view, "NB0300.*reads elements that another one writes"),
        (across, "NB0300.*reads elements that another one writes"),
        (inside_of_the_border, "NB0300.*reads elements that another one writes"),
        (row_before, "NB0300.*reads elements that another one writes"),
        (reads_the_histogram, "NB0300.*may change the same element"),
        (shifts, "NB0300.*may change the same element"),
        (sums_and_products, "NB0300.*may change the same element"),
        (two_names, "NB0300.*may change the same element"),
        (its_own_sum, "NB0300.*write to the same elements"),
        (sets_one_element, "NB0300.*write to the same elements"),
        (one_element, "NB0300.*write to the same elements"),
        (whole_array, "NB0300.*may change the same element"),
        (inner_index, "NB0300.*write to the same elements"),
        (appends, "NB0300.*change the length of a list"),
        (leaves, "NB0301.*cannot be left"),
        (returns, "NB0301.*cannot be left"),
        (stops_asking, "(?s)NB0300.*depends on the iterations before it.*found & condition"),
        (array_afterwards, "NB0300.*used after the parallel loop"),
        (callee_writes, "NB0300.*write to the same elements"),
    ],
)
def test_iterations_that_depend_on_each_other_are_refused(function, text):
    argument = np.arange(12.0).reshape(4, 3) if function is whole_array else np.arange(6.0)
    with pytest.raises(numbra.NumbaError, match=text):
        njit(parallel=True)(function)(argument)


def own_elements_of_views(a):
    later, even, odd, back = a[1:], a[::2], a[1::2], a[::-1]
    for i in prange(len(later)):
        later[i] = a[i + 1] * 2.0
    for i in prange(len(odd)):
        even[i] = odd[i] + 1.0
    for i in prange(len(back)):
        back[i] += 1.0
    m = a.reshape(10, -1)
    t, inner = m.T, m[1:-1, 1:-1]
    for i in prange(m.shape[0]):
        for j in range(m.shape[1]):
            m[i, j] = t[j, i] * 3.0
    for i in prange(inner.shape[0]):
        for j in range(inner.shape[1]):
            inner[i, j] = m[i + 1, j + 1] - 0.5
    for i in prange(m.shape[0]):
        row = m[i]
        for j in range(1, len(row)):
            row[j] = row[j - 1] + row[j]
    return a


def test_iterations_with_own_elements_of_views_run():
    a = np.arange(100.0)
    np.testing.assert_array_equal(njit(parallel=True)(own_elements_of_views)(a.copy()), own_elements_of_views(a.copy()))
