"""Arrays that are written again right after they were made, which is one pass where nothing can tell; and everything that could tell."""
import numpy as np
import pytest

from numbra import njit

RANDOM = np.random.default_rng(31)


def masks(a, b):
    t = a * b
    t[a < 0.5] = -1
    t[b > 0.9] = 7
    u = a - b
    u[a < b] = 0
    u += a
    return t, u, t + u


def seen_between(a, b):
    t = a * b
    total = t.sum()
    t[a < 0.5] = 0
    v = a * 2
    view = v[::-1]
    w = view + 1
    v[a < 0.5] = 0
    x = a + b
    first = x[0]
    x[a > 0.5] = first
    return t, v, view, w, x, total, first


def written_between(a, b):
    t = a * b
    b[1:] = 3
    t[b < 0.5] = 0
    u = a * b
    a[0] = 100
    u[a > 50] = 1
    return t, u, a, b


def masks_that_stay(a, b):
    m = a < b
    t = a * b
    t[m] = 2
    m[0] = not m[0]
    u = a + b
    u[m] = 5
    u[~m] -= 1
    return m, t, u


def in_a_loop(a, b):
    t = a * b
    for i in range(3):
        t[a < 0.5] = i
        t *= a
        u = a - b
        u[b < 0.3] = i
        a = u + 0.1
    return t, a


def of_other_types(a, b):
    t = (a * 10).astype(np.int32)
    t[a > 0.5] = 3.7
    u = a > b
    u[a < 0.2] = 1
    v = a * 1j
    v[b > 0.5] = 2
    a[u] = np.float32(0.1)
    return t, u, v, a


def whole_arrays(a, b):
    t = a * b
    t[...] = a + b
    u = a * 2
    u[:] = u * a
    v = a + 1
    v -= a
    v[a != a] = 0
    return t, u, v


PROGRAMS = (masks, seen_between, written_between, masks_that_stay, in_a_loop, of_other_types, whole_arrays)


@pytest.mark.parametrize("function", PROGRAMS, ids=lambda f: f.__name__)
def test_values_are_numpys(function):
    compiled, threads = njit(function), njit(parallel=True)(function)
    a, b = RANDOM.random(70_000), RANDOM.random(70_000)
    a[::7] = np.nan
    for run in (compiled, threads):
        for x, y in ((a[1:9], b[1:9]), (a, b), (a[1:2], b[1:2]), (a[9:1:-2], b[1:9:2])):
            with np.errstate(invalid="ignore"):
                expected = function(x.copy(), y.copy())
            for got, value in zip(run(x.copy(), y.copy()), expected, strict=True):
                np.testing.assert_array_equal(got, value)
                assert np.asarray(got).dtype == np.asarray(value).dtype


@njit
def matrices(a, b):
    t = a * b
    t[a < 0.5] = -1
    u = a + b.T
    u[u > 1] = 1
    return t, u


@njit
def broadcast(a, b):
    t = a * 2
    t += b
    return t


@njit
def wrong_mask(a, b):
    t = a * 2
    t[b > 0.5] = 0
    return t


@njit
def shared(a, n):
    a[a < 0.5] = n
    a[1:][a[:-1] > 0.5] = -n
    return a


@njit
def mask_of_itself(m):
    m[m] = False
    m[1:][m[:-1]] = True
    return m


def test_shapes():
    for shape in ((3, 4), (4, 4), (1, 1), (0, 4), (40, 40)):
        a = RANDOM.random(shape)
        b = RANDOM.random(shape)
        if shape[0] == shape[1]:
            for x, y in ((a, b), (np.asfortranarray(a), b), (a.T, b[::-1])):
                for got, value in zip(matrices(x, y), matrices.py_func(x, y)):
                    np.testing.assert_array_equal(got, value)
    a = RANDOM.random((1, 4))
    np.testing.assert_array_equal(broadcast(a, a), a * 3)
    with pytest.raises(ValueError, match="broadcast"):
        broadcast(a, RANDOM.random((3, 4)))
    with pytest.raises(ValueError, match="broadcast"):
        broadcast(RANDOM.random(1), RANDOM.random(3))
    for b in (RANDOM.random(3), RANDOM.random(1), RANDOM.random(0)):
        with pytest.raises(IndexError, match="boolean index"):
            wrong_mask(RANDOM.random(4), b)


def test_memory_that_is_shared():
    a = RANDOM.random(50)
    np.testing.assert_array_equal(shared(a.copy(), 2), shared.py_func(a.copy(), 2))
    m = a > 0.5
    np.testing.assert_array_equal(mask_of_itself(m.copy()), mask_of_itself.py_func(m.copy()))
