"""`select`, `piecewise` and `block` against NumPy: tuples, lists that are written in the call, lists of lengths that are known at run time."""
import numbra
import numpy as np
import pytest
from numbra import njit


def same(f, *args):
    expected, found = f(*args), njit(f)(*args)
    assert found.dtype == expected.dtype and found.shape == expected.shape, (found, expected)
    np.testing.assert_array_equal(found, expected)


X = np.array([-2.0, -0.0, 0.5, np.nan, 3.0, np.inf])
GRID = np.arange(-6, 6).reshape(3, 4)


@pytest.mark.parametrize("x", [X, X[::-2], GRID, GRID.T, np.empty(0)], ids=["row", "steps", "grid", "columns", "empty"])
def test_select(x):
    same(lambda a: np.select([a < 0, a > 1], [a, a * 2]), x)
    same(lambda a: np.select([a < 0, a > 1, a == 0.5], [a, a * 2, -a], 7.5), x)
    same(lambda a: np.select((a < 0, a > 1), (1, 2.5), default=-1), x)

    def run_time(a):
        conditions, choices = [a < 0], [a + 1]
        for k in range(3):
            conditions.append(a > k)
            choices.append(a + k)
        return np.select(conditions, choices, -9.0)

    same(run_time, x)


def test_select_is_refused():
    with pytest.raises(ValueError, match="same length"):
        njit(lambda a, n: np.select([a < i for i in range(n)], [a]))(X, 2)
    with pytest.raises(numbra.TypingError, match="same length"):
        njit(lambda a: np.select([a < 0, a > 1], [a]))(X)
    with pytest.raises(numbra.TypingError, match="lists or tuples"):
        njit(lambda a: np.select(a < 0, a))(X)


@pytest.mark.parametrize("x", [X, X[::2], GRID, np.array([1, 2, 3], np.int32), np.empty(0)], ids=["row", "steps", "grid", "int32", "empty"])
def test_piecewise(x):
    same(lambda a: np.piecewise(a, [a < 0, a >= 1], [-1.0, 1.0]), x)
    same(lambda a: np.piecewise(a, [a < 0, a < 2], [lambda v: v * 2, 5, lambda v: v + 1]), x)
    if x.ndim == 1 and x.size:
        same(lambda a: np.piecewise(a, a < 1, [lambda v: -v, 4]), x)
    same(lambda a, k: np.piecewise(a, (a < 1,), (lambda v, s: v * s, lambda v, s: v - s), k), x, 3)

    def run_time(a, n):
        return np.piecewise(a, [a > i for i in range(n)], [i + 0.5 for i in range(n + 1)])

    same(run_time, x, 3)


def test_piecewise_is_refused():
    with pytest.raises(numbra.TypingError, match="as many functions as conditions"):
        njit(lambda a: np.piecewise(a, [a < 0], [1, 2, 3]))(X)
    with pytest.raises(ValueError, match="either 2 or 3 functions are expected"):
        njit(lambda a, n: np.piecewise(a, [a > i for i in range(n)], [1.0]))(X, 2)
    with pytest.raises(numbra.TypingError, match="list or tuple of conditions"):
        njit(lambda a: np.piecewise(a, a < 0, [1]))(GRID)
    with pytest.raises(numbra.TypingError, match="an array with axes"):
        njit(lambda a: np.piecewise(a, [a < 0], [1]))(3.0)


def test_block():
    square, row, wide = np.arange(4.0).reshape(2, 2), np.array([7.0, 8.0]), np.ones((2, 3), np.float32)
    same(lambda a: np.block([[a, a * 2], [a * 3, np.zeros((2, 2))]]), square)
    same(lambda a, r: np.block([a[0], r, 5.0]), square, row)
    same(lambda a, r: np.block([[a], [r]]), square, row)
    same(lambda a, b: np.block([[a, b], [b, b[:, :2]]]), square, wide)
    same(lambda a: np.block([[[a, a]], [[a, -a]]]), square)
    same(lambda a: np.block(a), square)
    same(lambda r: np.block([1, r, [2, 3][0]]), row)
    same(lambda a, n: np.block([a * i for i in range(n)]), square, 3)
    same(lambda a, n: np.block([[a * i for i in range(n)], [a * i for i in range(n)]]), square, 2)
    with pytest.raises(numbra.TypingError, match="different depths"):
        njit(lambda a: np.block([a, [a]]))(square)
    with pytest.raises(ValueError, match="must match exactly"):
        njit(lambda a, b: np.block([[a], [b]]))(square, wide)
