"""Expressions whose operands are stretched when the program runs: one loop reads arrays that move and arrays that stay where they are. Lengths around those of the memory for the latter."""
import itertools

import numpy as np
import pytest

from numbra import njit

RANDOM = np.random.default_rng(29)
SHAPES = [(0, 3), (3, 0), (1, 1), (7, 1), (2, 9), (3, 1024), (2, 1025), (1, 2500)]


@njit
def elements(a, b, c):
    return a * 2.0 + b, a * b + c * a - c, (a > b) | (c > a)


@njit
def reductions(a, b):
    c = a * b
    return c.sum(), (a - b).sum(0), (a + b).sum(1), np.all(a > b), np.any(a == b)


@njit
def extrema(a, b):
    return (a * b).max(), (a - b).min(0), (a * b).argmax(1), (a + b).argmin(), (a - b).argmax(0)


@njit
def scans(a, b):
    return np.cumsum(a * b), np.cumsum(a - b, axis=0), np.cumsum(a - b, axis=1)


@njit
def into(target, a, b):
    target[...] = a * b + 1.0
    target += b
    return target


@njit(parallel=True)
def on_threads(a, b):
    return a * b + 1.0, (a - b).sum()


def same(compiled, *arguments):
    ours, theirs = compiled(*arguments), compiled.py_func(*arguments)
    for x, y in zip(ours, theirs) if isinstance(ours, tuple) else [(ours, theirs)]:
        np.testing.assert_allclose(x, y, rtol=1e-12, atol=1e-9)
        assert np.shape(x) == np.shape(y)


@pytest.mark.parametrize("dtype", [np.float64, np.int8])
def test_rows_and_columns(dtype):
    for rows, columns in SHAPES:
        forms = [(rows, columns), (rows, 1), (1, columns), (1, 1)]
        for one, other in itertools.product(forms, repeat=2):
            a = RANDOM.integers(0, 100, one).astype(float)
            b, c = RANDOM.integers(-50, 100, other).astype(dtype), RANDOM.random((rows, columns))
            same(elements, a, b, c)
            whole = np.broadcast_shapes(one, other)
            same(reductions, a, b)
            if 0 not in whole:
                same(extrema, a, b)
            same(scans, a, b)
            for target in (np.zeros((rows, columns)), np.zeros((rows, 2 * columns))[:, ::2]):
                np.testing.assert_array_equal(into(target.copy(), a, b), into.py_func(target.copy(), a, b))


def test_arrays_that_stay_because_of_their_strides():
    for rows, columns in SHAPES:
        a, row, column = RANDOM.random((rows, columns)), RANDOM.random(columns), RANDOM.random((rows, 1))
        for b in (np.broadcast_to(row, a.shape), np.broadcast_to(column, a.shape)):
            same(elements, a[:, ::-1], b, b)
            same(reductions, b, a)


def test_axes_of_one_element_inside():
    arrays = [RANDOM.random(shape) for shape in [(4, 1, 3), (4, 5, 3), (1, 5, 1), (4, 5, 1)]]
    complex_rows, complex_columns = RANDOM.random((1, 2000)) + 1j, RANDOM.random((3, 1)) - 1j
    for a, b in itertools.product(arrays, repeat=2):
        same(reductions, a, b)
        same(scans, a, b)
    same(scans, complex_rows, complex_columns)


def test_on_threads():
    for one, other in [((300, 400), (300, 1)), ((300, 400), (1, 400)), ((200000,), (1,)), ((300, 400), (300, 400))]:
        same(on_threads, RANDOM.random(one), RANDOM.random(other))


@njit
def neighbours(x):
    inner = x[1:-1, 1:]
    return x[2:, 1:] + inner - x[:-2, :-1], inner[:, 1:-1].sum(), inner[:, 1:-1] * x[1:-1, 2:-1], x[5:, :-7].size


@njit
def of_other_lengths(x):
    return x[1:] + x[2:]


def test_slices_that_leave_out_as_many():
    for shape in [(0, 0), (1, 1), (2, 2), (3, 3), (4, 9), (9, 40)]:
        same(neighbours, RANDOM.random(shape))
        same(neighbours, RANDOM.random(shape).T)
    for function in (of_other_lengths, of_other_lengths.py_func):
        with pytest.raises(ValueError):
            function(np.ones(9))
    same(of_other_lengths, np.ones(3))
