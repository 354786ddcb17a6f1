"""Element-wise expressions of slices, stretched arrays and conversions: each way of walking through memory, against NumPy."""
import numpy as np
import pytest

from numbra import njit

RANDOM = np.random.default_rng(23)


def agree(found, expected):
    assert found.shape == expected.shape and found.dtype == expected.dtype
    np.testing.assert_array_equal(found, expected)


@njit
def neighbours(a, b):
    """Five slices of one array, rows and columns that are known to be stretched, and an array that is or is not."""
    inner = a[1:-1, 1:-1]
    around = a[:-2, 1:-1] + a[2:, 1:-1] + a[1:-1, :-2] + a[1:-1, 2:] - 4.0 * inner
    return around, around + b + a[0, 1:-1] + a[1:-1, 0][:, None] + a[1:-1, :1]


@pytest.mark.parametrize("shape", [(5, 6), (3, 3), (3, 20), (40, 3), (2, 5), (1, 5), (0, 0), (34, 67)])
def test_slices_of_one_array(shape):
    a = RANDOM.integers(-9, 9, shape).astype(float)
    rows, columns = max(shape[0] - 2, 0), max(shape[1] - 2, 0)
    for b in (2.0, np.ones((rows, columns)), np.full((1, columns), 3.0), np.full((rows, 1), 4.0), np.full((columns,), 5.0), np.full((1, 1), 6.0), np.asfortranarray(np.ones((rows, columns)))):
        if shape[0] == 0:
            continue
        for found, expected in zip(neighbours(a, b), neighbours.py_func(a, b)):
            agree(found, expected)


@njit
def steps(a, b):
    return a[::2] * 2.0 + a[1::2] - b[::-2] * a[::2], a[::-1] + b, a[2:] + a[:-2] + b[1:-1] + b[:1]


@pytest.mark.parametrize("n", [4, 20, 66])
def test_steps_within_rows(n):
    a, b = RANDOM.integers(-9, 9, n).astype(float), RANDOM.integers(-9, 9, n).astype(float)
    for found, expected in zip(steps(a, b), steps.py_func(a, b)):
        agree(found, expected)
    wide = np.zeros((n, 3))
    wide[:, 1] = a
    for found, expected in zip(steps(wide[:, 1], b), steps.py_func(wide[:, 1], b)):
        agree(found, expected)


@njit
def chosen(mask, x, y):
    return np.where(mask, x, y), np.where(x > y, x - y, 0), np.where(mask, 1, y) * 2, np.where(x == x, np.where(mask, x, -1.5), 7.0)


MATRIX = RANDOM.integers(-9, 9, (6, 5)).astype(float)
MATRIX[1, 2] = np.nan


@pytest.mark.parametrize("mask, x, y", [
    (MATRIX > 0, MATRIX, MATRIX + 1), (MATRIX, MATRIX[:1], MATRIX[:, :1]), (np.asfortranarray(MATRIX > 0), np.asfortranarray(MATRIX), np.asfortranarray(MATRIX * 2)),
    (MATRIX[::2, ::-1] > 0, MATRIX[1::2].astype(np.float32), np.float32(2.5)), (MATRIX[:0] > 0, MATRIX[:0], 1.0), (MATRIX[0] > 0, MATRIX, MATRIX[0].astype(np.int32)),
    (MATRIX[0].astype(np.int8), np.float32(2), MATRIX[0].astype(np.float32)), (MATRIX[0] > 0, MATRIX[0] + 1j, MATRIX[0].astype(np.float32)),
])
def test_choices(mask, x, y):
    if np.iscomplexobj(x):
        agree(njit(lambda m, x, y: np.where(m, x, y))(mask, x, y), np.where(mask, x, y))
        return
    for found, expected in zip(chosen(mask, x, y), chosen.py_func(mask, x, y)):
        agree(found, expected)


@njit
def converted(a):
    return (a.astype(np.int16) + np.int16(1), a.astype(np.float32), (a > 1).astype(np.uint8), a.astype(np.complex128) * 2, a.T.astype(np.int64),
            a.astype(np.float64, "F"), a.astype(np.uint8, order="C"), a[1:, ::2].astype(np.bool_))


@pytest.mark.parametrize("a", [MATRIX[2:], np.asfortranarray(MATRIX[2:]), np.arange(24, dtype=np.uint16).reshape(4, 6), np.arange(8).reshape(2, 4)[::-1], np.zeros((0, 4)), np.abs(MATRIX[2:]) > 2])
def test_conversions(a):
    a = np.abs(a)
    results = converted(a)
    for found, expected in zip(results, converted.py_func(a)):
        agree(found, expected)
    order = "f_contiguous" if a.flags.f_contiguous else "c_contiguous"
    assert all(getattr(results[k].flags, order) for k in range(4)) and results[5].flags.f_contiguous and results[6].flags.c_contiguous


@njit
def through_the_library(a, b):
    """Functions of the library between the maps of one expression, in a loop, and with a value that is used again."""
    t = a
    for _ in range(3):
        t = np.where(t > b, t - b, np.where(t < 0.5, 0, (t * 2).astype(np.float64)))
    u = np.where(t > 1, t, b)
    return t, u + 1, u.astype(np.int64) * 2, np.where(u.astype(np.bool_), u, t + b[:1])


@pytest.mark.parametrize("a, b", [(MATRIX[2], MATRIX[3]), (MATRIX[2:], MATRIX[3]), (MATRIX[:0], MATRIX[0]), (np.asfortranarray(MATRIX), np.asfortranarray(MATRIX + 1)), (MATRIX[::2], np.array([3.0]))])
def test_library_functions_in_expressions(a, b):
    a = np.nan_to_num(a)
    b = np.nan_to_num(b)
    for found, expected in zip(through_the_library(a, b), through_the_library.py_func(a, b)):
        agree(found, expected)
    with pytest.raises(ValueError, match="broadcast") as raised:
        through_the_library(np.zeros((2, 3)), np.zeros(2))
    assert raised.traceback[-1].name == "through_the_library"
