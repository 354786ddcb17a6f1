"""What iterations of a parallel loop make together: extrema by `if`, tuples, and arrays of which each part of the iterations has a copy."""
import numpy as np
import pytest

import numbra
from numbra import prange

from .in_order import agrees_with_the_loop_in_order, compiled, name_of, parallel, same


def conditional_extremes(a):
    best, low, kept, where, least, most = -1.0, 5.0, 0.0, 0, 100.0, np.float32(0)
    for i in prange(len(a)):
        x = a[i]
        if x > best:
            best = x
        if a[i] <= low:
            low = a[i]
        kept = kept if kept >= x else x
        if where < i:
            where = i
        least = a[i] if a[i] < least else least
        if not i < where:
            where = i
        most = max(np.float32(x), most)
    return best, low, kept, where, least, most


def tuples(a):
    pair, nested, last = (0.0, 1), (0, (1.0, 2)), (0, 0)
    for i in prange(len(a)):
        if a[i] > 0:
            pair = (pair[0] + a[i], max(pair[1], i))
        n, (low, odd) = nested
        nested = (n + 1, (min(low, a[i]), odd ^ i))
        last = (i, i * 2)
    return pair, nested, last


def histogram(k, weights):
    counts, sums, steps = np.zeros(7, np.int64), np.ones(7), np.zeros(7, np.int32)
    for i in prange(len(k)):
        counts[k[i]] += 1
        sums[k[i] % 7] = sums[k[i] % 7] + weights[i]
        for j in range(k[i]):
            steps[j] -= 1
    return counts, sums, steps


def kinds_of_updates(a, k):
    product, quotient, mask, seen, odd = np.ones(7), np.ones(7, np.complex128), np.full(7, 255, np.uint8), np.zeros(7, np.bool_), np.zeros(7, np.int32)
    low, high = np.full(7, np.inf), np.zeros(7, np.float32)
    for i in prange(len(k)):
        j = k[i]
        product[j] *= 1.0 + a[i] / 10
        quotient[j] /= 1.0 + a[i] / 10
        mask[j] &= np.uint8(i % 256 | 3)
        seen[j] |= a[i] > 1.0
        odd[6 - j] ^= np.int32(i)
        low[j] = min(low[j], a[i])
        high[j] = np.maximum(np.float32(a[i]), high[j])
    return product, quotient, mask, seen, odd, low, high


def whole_arrays(a, k, given):
    total, rows, columns = np.zeros(a.shape[1]), np.ones((4, a.shape[1])), np.zeros((a.shape[1], 4)).T
    for i in prange(len(a)):
        total += a[i]
        total -= a[i] / 2
        rows[k[i]] += a[i]
        rows[:, 1] += 1
        rows[k[i], 0] -= 0.5
        columns[k[i], :] += a[i]
        given *= 2.0
    return total, rows, columns, given


def one_row(a):
    out = np.zeros((3, 5))
    row = out[1]
    for i in prange(len(a)):
        row[i % 5] += a[i]
        if a[i] > 0:
            row[0] += 1.0
    return out, row


def counts_of_counts(k):
    every = np.zeros((3, 7), np.int64)
    for i in prange(3):
        for j in prange(len(k)):
            every[i, k[j]] += i
    return every, every.sum()


RANDOM = np.random.default_rng(7)
CASES = [
    (conditional_extremes, RANDOM.normal(size=999)),
    (conditional_extremes, np.empty(0)),
    (tuples, RANDOM.normal(size=999)),
    (tuples, np.empty(0)),
    (histogram, RANDOM.integers(0, 7, 1000), RANDOM.random(1000)),
    (histogram, np.empty(0, np.int64), np.empty(0)),
    (kinds_of_updates, RANDOM.random(300), RANDOM.integers(0, 7, 300)),
    (whole_arrays, RANDOM.normal(size=(50, 4)), RANDOM.integers(0, 4, 50), np.array([[1.0, 3.0], [1e-3, 0.0]])),
    (whole_arrays, np.empty((0, 4)), np.empty(0, np.int64), np.ones((4, 4)).T[::2, ::-1]),
    (one_row, RANDOM.normal(size=200)),
    (counts_of_counts, RANDOM.integers(0, 7, 100)),
]


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_results_are_those_of_the_loop_in_order(case):
    agrees_with_the_loop_in_order(*case)


def test_extrema_leave_nan_out_in_any_order():
    @parallel
    def extremes(a, k):
        low, high, row = np.inf, -np.inf, np.zeros(2)
        for i in prange(len(a)):
            low = min(a[i], low)
            if not a[i] <= high:
                high = a[i]
            row[k[i]] = max(a[i], row[k[i]])
        return low, high, row

    low, high, row = extremes(np.array([1.0, 5.0, np.nan, 3.0, np.nan]), np.array([0, 1, 1, 1, 0]))
    assert (low, high, list(row)) == (1.0, 5.0, [1.0, 5.0])


def test_sums_of_arrays_are_the_same_each_time_and_with_any_chunks():
    k, weights = RANDOM.integers(0, 7, 20000), RANDOM.normal(size=20000)
    first = compiled(histogram)(k, weights)
    for _ in range(5):
        assert all(np.array_equal(a, b) for a, b in zip(compiled(histogram)(k, weights), first, strict=True))
    with numbra.parallel_chunksize(300):
        assert same(compiled(histogram)(k, weights), first)

    @parallel
    def large(a, k):
        out = np.zeros(len(a))
        for i in prange(len(k)):
            out[k[i]] += a[i % len(a)]
            if k[i] < 0:
                raise ValueError("negative", i)
        return out

    a, k = RANDOM.random(30000), RANDOM.integers(0, 30000, 5000)
    np.testing.assert_allclose(large(a, k), large.py_func(a, k))
    k[3000] = -1
    with pytest.raises(ValueError) as caught:
        large(a, k)
    assert caught.value.args == ("negative", 3000)
