"""Loops over `prange` of which only the running program knows whether their iterations use elements that others write: in parallel where they do not, otherwise in order."""
import numpy as np
import pytest

import numbra
from numbra import njit, prange

SIZE = 4096


def order():
    """Added up in order all but the first vanish beside it; in parts some are added up before."""
    x = np.full(SIZE, 7.0)
    x[0] = 1e17
    return x


ORDER = order()


def shift(a, k):
    s = 0.0
    for i in prange(len(a) // 2):
        s += ORDER[i]
        a[i] = a[i + k] + 1.0
    return s


def computed_inside(a, n):
    s = 0.0
    for i in prange(n):
        s += ORDER[i]
        a[i] = a[i + len(a) // 4] * 2.0
    return s


def from_slice(a, k):
    b, s = a[k:], 0.0
    for i in prange(len(b)):
        s += ORDER[i]
        a[i] = b[i] + 1.0
    return s


def to_slice(a, k):
    s = 0.0
    for i in prange(len(a) // 4):
        s += ORDER[i]
        b = a[k:]
        b[i] = a[i] + 1.0
    return s


def butterfly(a, half):
    s = 0.0
    for k in prange(len(a) // 2):
        s += ORDER[k]
        t = a[k + half]
        a[k + half] = a[k] - t
        a[k] = a[k] + t
    return s


def interleaved(a, k):
    s = 0.0
    for i in prange(len(a) // 4):
        s += ORDER[i]
        a[2 * i] = a[2 * i + k] + 1.0
    return s


def steps(a, k):
    s = 0.0
    for i in prange(0, len(a) // 2, 16):
        s += ORDER[i]
        a[i] = a[i + k] + 1.0
    return s


def reverse(a, n):
    s = 0.0
    for i in prange(n):
        s += ORDER[i]
        a[i], a[len(a) - 1 - i] = a[len(a) - 1 - i], a[i]
    return s


def twice(a, k):
    s = 0.0
    for i in prange(1000):
        s += ORDER[i]
        a[i + k] = a[2 * i] + 1.0
    return s


def back(a, k):
    b, s = a[::-1], 0.0
    for i in prange(k):
        s += ORDER[i]
        b[i] = a[i] + 1.0
    return s


def unknown_step(a, k):
    b, s = a[::k], 0.0
    for i in prange(len(b)):
        s += ORDER[i]
        b[i] = a[i] + 1.0
    return s


def flat(a, k):
    m, s = a.reshape(-1, 4), 0.0
    for i in prange(len(m)):
        s += ORDER[i]
        a[i] = m[i, k] + 1.0
    return s


def columns(a, k):
    m, s = a.reshape(-1, 4), 0.0
    for i in prange(len(m)):
        s += ORDER[i]
        m[i, 0] = m[i, k] + m[i, 1]
    return s


def rows_below(a, k):
    m, s = a.reshape(-1, 4), 0.0
    for i in prange(len(m) // 2):
        s += ORDER[i]
        m[i] = m[i + k] * 2.0
    return s


def both(a, k):
    s = 0.0
    for i in prange(len(a) // 2):
        s += ORDER[i]
        a[i] = 1.0 + i
        a[i + k] = -i
    return s


def eliminated(a, k):
    m, s = a.reshape(64, 64), 0.0
    for i in prange(k + 1, 64):
        s += ORDER[i - k - 1]
        m[i, k:] = m[i, k:] - m[k, k:] * (m[i, k] + 1.0)
    return s


def in_time(a, k):
    u, s = a.reshape(8, -1), 0.0
    for t in range(3):
        for i in prange(1, u.shape[1] - 1):
            s += ORDER[i - 1]
            u[t + 1, i] = u[t, i - 1] + u[t, i + 1]
            u[7, i] = u[k, i + 1]
    return s


def fixed(a, k):
    s = 0.0
    for i in prange(1, 1000):
        s += ORDER[i - 1]
        a[i] = a[k] + 1.0
    return s


def read_and_counted(a, k):
    counts = np.zeros(3)
    for i in prange(len(a) // 2):
        counts[i % 3] += ORDER[i]
        a[i] = a[i + k] + 1.0
    return counts[0]


@pytest.mark.parametrize(
    "function, cases",
    [
        (shift, [(0, True), (1, False), (SIZE // 2, True), (SIZE // 2 - 1, False), (-1, False), (-SIZE // 2, False), (1 - SIZE, False)]),
        (computed_inside, [(SIZE // 4, True), (SIZE // 4 + 1, False)]),
        (from_slice, [(0, True), (1, False), (SIZE // 2, True), (-SIZE // 2, True), (-SIZE, True), (1 - SIZE, False), (SIZE, None)]),
        (to_slice, [(0, True), (1, False), (SIZE // 4, True), (-1024, True), (-SIZE + 5, False)]),
        (butterfly, [(SIZE // 2, True), (SIZE // 4, False)]),
        (interleaved, [(1, True), (2, False), (SIZE // 2, True)]),
        (steps, [(16, False), (8, True), (17, True)]),
        (reverse, [(SIZE // 2, True), (SIZE, False)]),
        (twice, [(0, False), (2000, True), (999, False)]),
        (back, [(SIZE // 2, True), (SIZE // 2 + 1, False)]),
        (unknown_step, [(1, False), (2, False)]),
        (flat, [(0, False), (3, False)]),
        (columns, [(0, True), (3, True)]),
        (rows_below, [(0, True), (1, False), (SIZE // 8, True)]),
        (both, [(1, False), (SIZE // 2, True)]),
        (eliminated, [(0, True), (40, True), (63, None)]),
        (in_time, [(5, True), (7, False), (-1, False)]),
        (fixed, [(0, True), (1000, True), (1, False), (-1, False), (-SIZE + 5, False)]),
        (read_and_counted, [(0, True), (1, False)]),
    ],
)
def test_indices(function, cases):
    compiled = njit(parallel=True)(function)
    for k, parallel in cases:
        a, b = np.arange(float(SIZE)), np.arange(float(SIZE))
        found, expected = compiled(a, k), function(b, k)
        np.testing.assert_array_equal(a, b, err_msg=f"{k}")
        if parallel is not None:
            assert (found != expected) == parallel, k


@njit(parallel=True)
def add_one(a, b):
    s = 0.0
    for i in prange(len(a)):
        s += ORDER[i]
        a[i] = b[i] + 1.0
    return s


@njit(parallel=True)
def below(a, b):
    s = 0.0
    for i in prange(len(a) - 1):
        s += ORDER[i]
        for j in range(a.shape[1]):
            a[i, j] = b[i + 1, j] + 1.0
    return s


@pytest.mark.parametrize(
    "arguments, parallel",
    [
        (lambda x: (x, x.copy()), True),
        (lambda x: (x, x), True),
        (lambda x: (x[1:], x[:-1]), False),
        (lambda x: (x[:-1], x[1:]), False),
        (lambda x: (x[: SIZE // 2], x[SIZE // 2 :]), True),
        (lambda x: (x[::2], x[1::2]), True),
        (lambda x: (x.reshape(-1, 2)[:, 1], x.reshape(-1, 2)[:, 0]), True),
        (lambda x: (x, x[::-1]), False),
        (lambda x: (x[:0], x[1:]), None),
        (lambda x: (x.view(np.int64), x), True),
        (lambda x: (x.view(np.int32)[: SIZE // 2], x), False),
    ],
)
def test_arguments_that_share_memory(arguments, parallel):
    x, y = np.arange(1.0, SIZE + 1), np.arange(1.0, SIZE + 1)
    found, expected = add_one(*arguments(x)), add_one.py_func(*arguments(y))
    np.testing.assert_array_equal(x, y)
    if parallel is not None:
        assert (found != expected) == parallel


def test_matrices_that_share_memory():
    for arguments, parallel in [(lambda m: (m, m.copy()), True), (lambda m: (m, m), False), (lambda m: (m[:40], m[40:]), True), (lambda m: (m[::-1], m), False)]:
        x, y = np.arange(8.0 * 80).reshape(80, 8), np.arange(8.0 * 80).reshape(80, 8)
        found, expected = below(*arguments(x)), below.py_func(*arguments(y))
        np.testing.assert_array_equal(x, y)
        assert (found != expected) == parallel


def test_buffers_that_change_places():
    def waves(a, b, n):
        for _ in range(n):
            for i in prange(1, len(a) - 1):
                b[i] = 0.5 * (a[i - 1] + a[i + 1])
            a, b = b, a
        return a

    start = np.random.default_rng(0).normal(size=1000)
    found = njit(parallel=True)(waves)(start.copy(), start.copy(), 7)
    np.testing.assert_array_equal(found, waves(start.copy(), start.copy(), 7))


def row_before(a):
    for i in prange(1, len(a)):
        a[i] = a[i - 1] * 2.0


def all_of_it(a):
    for i in prange(len(a)):
        a[i] = a.sum()


def runs_over_a_row(a):
    for i in prange(1, len(a)):
        for x in a[i - 1]:
            a[i, 0] += x


def neighbours(a):
    for i in prange(len(a) - 1):
        a[i, 0] = 1.0
        a[i + 1, 0] = 2.0


@njit
def largest(row):
    best = row[0]
    for x in row:
        best = max(best, x)
    return best


def asks_for_the_row_before(a):
    for i in prange(1, len(a)):
        a[i, 0] = largest(a[i - 1])


@pytest.mark.parametrize("function", [row_before, all_of_it, runs_over_a_row, neighbours, asks_for_the_row_before])
def test_what_is_known_to_meet_is_refused(function):
    with pytest.raises(numbra.NumbaError, match="(?s)NB0300.*(reads|writes) elements that another one writes"):
        njit(parallel=True)(function)(np.ones((5, 3)))


def test_diagnostics(capsys):
    compiled = njit(parallel=True)(shift)
    compiled(np.zeros(8), 0)
    compiled.parallel_diagnostics()
    assert "one iteration after the other if indices turn out to meet" in capsys.readouterr().out
