"""Expressions whose operands lie across the order of the result, which are computed by tiles: sizes around those of tiles and of the blocks in them, element types, targets."""
import numpy as np
import pytest

from numbra import njit

RANDOM = np.random.default_rng(23)
SHAPES = [(1, 1), (0, 3), (3, 0), (1, 40), (40, 1), (4, 4), (7, 5), (31, 33), (32, 64), (65, 37), (130, 9)]


def matrix(shape, dtype, order="C"):
    return np.asarray(RANDOM.integers(0, 100, shape).astype(dtype), order=order)


@njit
def add(a, b):
    return a + b


@njit
def several(a, b, x):
    return np.sqrt(np.abs(a)) * b.T - x * a + b.T


@njit
def into(c, a, b):
    c[...] = a - b
    c += b
    return c


@njit
def itself(a):
    a += a.T
    return a


@njit(parallel=True)
def on_threads(a, b):
    return a * 2 + b.T


@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.int64, np.int16, np.uint8, np.bool_, np.complex128, np.dtype("m8[s]")])
def test_types(dtype):
    for shape in SHAPES:
        a, b = matrix(shape, dtype), matrix(shape, dtype, "F")
        for x, y in ((a, b), (b, a), (a, matrix(shape[::-1], dtype).T), (a.T, b.T)):
            got, expected = add(x, y), x + y
            assert got.dtype == expected.dtype
            np.testing.assert_array_equal(got, expected)


def test_types_of_different_sizes():
    for shape in SHAPES:
        for left, right in ((np.float64, np.int8), (np.float32, np.int64), (np.complex64, np.float32)):
            a, b = matrix(shape, left), matrix(shape[::-1], right)
            np.testing.assert_array_equal(add(a, b.T), a + b.T)
            np.testing.assert_array_equal(add(b.T, a), b.T + a)
            np.testing.assert_allclose(several(a, b, 2), several.py_func(a, b, 2), rtol=1e-6)


def test_shapes_that_are_stretched():
    a, b = matrix((40, 35), np.float64), matrix((40, 35), np.float64, "F")
    for x in (a[:1], a[:, :1], b[:1], b[:, :1], a[0], a[:1, :1], a[:0, :1].T):
        if x.size:
            np.testing.assert_array_equal(add(x, b), x + b)
            np.testing.assert_array_equal(add(b, x), b + x)
    for x, y in ((a, b[:1]), (a[:1], b), (b.T, a[:, :1].T)):
        np.testing.assert_array_equal(add(x, y), x + y)
    with pytest.raises(ValueError, match="broadcast"):
        add(a, b.T)


def test_more_axes():
    for shape in ((3, 5, 7), (33, 2, 40), (2, 0, 3), (5, 3, 2, 34)):
        a, b = matrix(shape, np.float64), matrix(shape, np.float64, "F")
        np.testing.assert_array_equal(add(a, b), a + b)
        c = matrix(shape[::-1], np.float64)
        np.testing.assert_array_equal(add(a, c.T), a + c.T)
        np.testing.assert_array_equal(add(b, a[0]), b + a[0])


def test_targets():
    for shape in SHAPES:
        a, b = matrix(shape, np.float64), matrix(shape, np.float64, "F")
        for order in "CF":
            c = np.full(shape, 7.0, order=order)
            np.testing.assert_array_equal(into(c, a, b), into.py_func(c.copy(order), a, b))
        whole = np.zeros((shape[0] * 2, shape[1] + 1))
        view = whole[::2, 1:]
        np.testing.assert_array_equal(into(view, a, b), into.py_func(view.copy(), a, b))
        assert not whole[1::2].any() and not whole[:, 0].any()


def test_targets_that_share_memory():
    for n in (1, 2, 31, 32, 70):
        a = matrix((n, n), np.float64)
        np.testing.assert_array_equal(itself(a.copy()), itself.py_func(a.copy()))
        c, d = a.copy(), a.copy()
        np.testing.assert_array_equal(into(c, c, c.T), into.py_func(d, d, d.T))


def test_threads():
    for shape in ((3, 5), (400, 300), (300, 700)):
        a, b = matrix(shape, np.float64), matrix(shape[::-1], np.float64)
        np.testing.assert_array_equal(on_threads(a, b), a * 2 + b.T)
