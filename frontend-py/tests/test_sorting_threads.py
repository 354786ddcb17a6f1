"""Long rows sorted by several threads: what one thread gives, to the order of equal elements and the signs of zeros."""
import numpy as np
import pytest

from numbra import njit, set_num_threads, get_num_threads


@njit(parallel=True)
def sort(a):
    return np.sort(a)


@njit(parallel=True)
def order(a):
    return np.argsort(a, kind="stable")


@njit
def sort_alone(a):
    return np.sort(a)


def numbers(dtype, n):
    rng = np.random.default_rng(n)
    if dtype.startswith("datetime"):
        a = rng.integers(0, 10**6, n).astype(dtype)
        a[::1001] = "NaT"
        return a
    if np.dtype(dtype).kind in "fc":
        a = (rng.standard_normal(n) * 100).astype(dtype)
        if np.dtype(dtype).kind == "c":
            a = a.round(1) + 1j * rng.integers(-3, 3, n)
        a[5::1003] = np.nan
        a[::7] = 0.0
        a[1::7] = -0.0
        return a.astype(dtype)
    return rng.integers(0, np.iinfo(dtype).max, n, dtype=dtype)


@pytest.mark.parametrize("dtype", ["float64", "float32", "int64", "uint8", "int16", "complex128", "datetime64[s]"])
def test_long_rows(dtype):
    for n in (262_143, 262_144, 300_001):
        a = numbers(dtype, n)
        np.testing.assert_array_equal(sort(a), np.sort(a))
        np.testing.assert_array_equal(order(a), np.argsort(a, kind="stable"))
    # Equal zeros keep their order: each has the sign that one thread gives it.
    if dtype.startswith("float"):
        np.testing.assert_array_equal(np.signbit(sort(a)), np.signbit(sort_alone(a)))


@pytest.mark.parametrize("a", [np.arange(280_000.0), np.arange(280_000.0)[::-1], np.zeros(280_000), np.repeat([3.0, 1.0], 140_000)], ids=["sorted", "reversed", "equal", "two"])
def test_rows_in_order(a):
    np.testing.assert_array_equal(sort(a), np.sort(a))
    np.testing.assert_array_equal(order(a), np.argsort(a, kind="stable"))


def test_rows_of_matrices_and_in_place():
    @njit(parallel=True)
    def in_place(m):
        m.sort()
        return np.sort(m, axis=0)

    m = np.random.default_rng(8).random((3, 270_000))
    expected = np.sort(m)
    np.testing.assert_array_equal(in_place(m), np.sort(expected, axis=0))
    np.testing.assert_array_equal(m, expected)


def test_one_thread():
    before = get_num_threads()
    set_num_threads(1)
    try:
        test_long_rows("float64")
    finally:
        set_num_threads(before)
