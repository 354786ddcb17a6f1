"""Sorting, searching, sets, quantiles and counting against NumPy: values, shapes and dtypes, and what is raised."""
import math

import numpy as np
import pytest

from .sources import function
from .test_indexing import layouts
from .test_lib_reductions import outcome, same

pytestmark = pytest.mark.filterwarnings("ignore")
SIZES = [0, 1, 2, 17, 100, 1000]


def patterns(n, dtype):
    """Rows of n numbers, by how they are ordered."""
    generator = np.random.default_rng(n)
    values = generator.integers(0, 2 if dtype == "bool" else 100, n).astype(dtype)
    if values.dtype.kind in "fc":
        values = values / 8 - 5
    if values.dtype.kind == "c":
        values = values + 1j * generator.integers(0, 3, n)
    values = values.astype(dtype)
    result = {"random": values, "sorted": np.sort(values), "reversed": np.sort(values)[::-1].copy(), "equal": np.full(n, 3).astype(dtype)}
    if values.dtype.kind in "fc" and n:
        result["NaN"] = values.copy()
        result["NaN"][::3] = np.nan
        result["NaN"][n // 2] = np.inf
        result["zeros"] = np.where(values < 0, -0.0, 0.0).astype(dtype)
        result["all NaN"] = np.full(n, np.nan, dtype)
    return result


@pytest.mark.parametrize("dtype", ["bool", "int8", "uint8", "int32", "int64", "uint64", "float32", "float64", "complex128"])
def test_rows(dtype):
    plain, compiled = function("b = a.copy()\nb.sort()\nreturn np.sort(a), np.argsort(a, kind='stable'), b", "a")
    for n in SIZES:
        for name, row in patterns(n, dtype).items():
            for layout in ("C", "strided") if n == 17 and dtype == "float32" else ("C",):
                array = layouts(row)[layout]
                same(outcome(compiled, array), outcome(plain, array), (name, n, layout))
                assert same_bits(compiled(array)[0], plain(array)[0]) or name != "zeros"


def same_bits(x, y):
    return np.array_equal(np.signbit(np.real(x)), np.signbit(np.real(y))) or x.size > 16


def test_axes():
    plain, compiled = function("return np.sort(a), np.sort(a, axis=0), np.sort(a, None), np.argsort(a, 1, 'stable'), np.argsort(a, None, 'stable')", "a")
    for array in layouts(patterns(1000, "float64")["NaN"].reshape(20, 50)).values():
        same(outcome(compiled, array), outcome(plain, array), array.strides)
    plain, compiled = function("a.sort(axis=0)", "a")
    for array in layouts(np.random.default_rng(1).integers(0, 9, (5, 7))).values():
        copy = np.array(array)
        plain(copy)
        compiled(array)
        np.testing.assert_array_equal(array, copy)


def test_partition():
    _, compiled = function("np.partition(a, 5), a[np.argpartition(a, -3)]", "a")
    array = patterns(100, "float64")["NaN"]
    for found in compiled(array):
        np.testing.assert_array_equal(np.sort(found), np.sort(array))
    np.testing.assert_array_equal(compiled(array)[0][5], np.sort(array)[5])
    with pytest.raises(ValueError):
        compiled(array[:5])


def compare(body, parameters, *cases):
    plain, compiled = function(body, parameters)
    for case in cases:
        same(outcome(compiled, *case), outcome(plain, *case), (body, case))


def test_search():
    generator = np.random.default_rng(2)
    row, needles = np.sort(generator.integers(0, 50, 30)), generator.integers(-5, 60, (4, 5))
    some = np.array([np.nan, 1.5, -np.inf, np.inf, 7])
    compare("np.searchsorted(a, v), np.searchsorted(a, v, 'right'), a.searchsorted(3), np.searchsorted(a, 7.5, side='right')", "a, v",
            (row, needles), (row[:0], needles), (np.append(row / 1.0, [np.nan, np.nan]), some))
    compare("np.digitize(x, b), np.digitize(x, b, right=True)", "x, b", (needles, row), (needles, row[::-1]), (needles, np.array([3, 1, 2])))
    compare("np.interp(x, xp, fp), np.interp(x, xp, fp, left=-1.0, right=5), np.interp(2.5, xp, fp)", "x, xp, fp",
            (some, np.array([1.0, 2, 4, 8]), np.array([3.0, -1, np.inf, 2])), (some, np.array([2.0]), np.array([3.0])), (some, np.array([]), np.array([])),
            (some, np.array([1.0, 2]), np.array([1.0])))


def test_sets():
    everything = "return (np.unique(a),) + np.unique(a, return_index=True, return_inverse=True, return_counts=True) + np.unique(a, return_counts=True)"
    whole = patterns(100, "int32")["random"]
    compare(everything, "a", (whole,), (whole[:0],), (whole[::-2],))
    compare(everything, "a", (whole.reshape(20, 5) / 2,), (whole.reshape(5, 20).T / 2,))
    compare("np.unique(a)", "a", (np.array([np.nan, 1, np.nan, 1, 0, -0.0]),), (np.array([]),))
    compare("np.union1d(a, b), np.intersect1d(a, b), np.setdiff1d(a, b), np.isin(a, b), np.isin(a, b, invert=True), np.isin(7, b)", "a, b",
            (whole, whole[:30] * 2), (whole, whole[:0]), (whole[:0], whole))
    compare("np.isin(a, b), np.setdiff1d(a, b, assume_unique=True)", "a, b", (np.array([3.0, np.nan, 1]), np.array([np.nan, 1])))


def test_quantiles():
    forms = "return np.median(a), np.percentile(a, 30), np.quantile(a, 0.77), np.percentile(a, 100.0), np.quantile(a, 0.0)"
    for dtype in ("uint8", "float32", "float64"):
        compare(forms, "a", *((row,) for n in (1, 2, 17, 100) for row in patterns(n, dtype).values()))
    compare("np.median(a)", "a", (np.array([]),))
    compare("np.median(a), np.median(a, axis=0), np.median(a, -1)", "a", *((array,) for array in layouts(patterns(100, "float64")["random"].reshape(5, 20)).values()))
    row = patterns(100, "float64")["random"]
    compare("np.percentile(a, q), np.quantile(a, q / 100)", "a, q", (row, np.array([0, 12.5, 50, 99.9, 100])), (row, np.array([-1.0])), (row, np.array([101.0])))


def test_counts():
    small = patterns(100, "int32")["random"]
    weights = patterns(100, "float64")["random"]
    compare("np.bincount(a), np.bincount(a, minlength=150), np.bincount(a, weights=w)", "a, w", (small, weights), (small, weights[:3]), (-small, weights))
    compare("np.histogram(a)[0], np.histogram(a, 7)[1], np.histogram(a, bins=5, range=(-2.0, 3.0))[0]", "a", (weights,), (weights[:0],), (weights[:1],), (weights * np.nan,))
    compare("np.histogram(a)", "a", (small,))
    compare("(*np.histogram(a, weights=w), *np.histogram(a, 4, density=True), *np.histogram(a, [-1.0, 0, 2, 9], weights=w), *np.histogram(a, (-2, 0, 5), density=True, weights=w), np.histogram_bin_edges(a, 3),)", "a, w",
            (weights, np.abs(weights)), (weights, (np.abs(weights) * 9).astype(np.int32)), (weights.astype(np.float32), weights.astype(np.float32) ** 2), (np.arange(8), np.arange(8.0)))
    compare("(*np.histogram(a, weights=w),)", "a, w", (weights, weights[1:]))
    compare("(*np.histogram2d(a, b, 4), *np.histogram2d(a, b, (3, [-1.0, 0, 1])), *np.histogram2d(a, b, 3, ((-1, 1), (0, 2)), density=True), *np.histogram2d(a, b, [-1.0, 0.5, 3], weights=b),)", "a, b", (weights, np.abs(weights)))
    compare("(*np.histogram2d(a, b, 4),)", "a, b", (weights, weights[1:]), (weights, weights * np.nan))
    compare("np.sort_complex(a)", "a", (weights,), (small * 1j + 1,), (np.array([3, 1, 2], np.int8),), (weights[:0],))
    compare("np.bincount(a), np.bincount(a, minlength=3)", "a", (small[:0],), (small[:1],))
    compare("np.histogram(a, bins=b)", "a, b", (weights, np.array([-2.0, 0, 0.5, 3])), (patterns(100, "float64")["NaN"], np.array([-2.0, 3])), (weights, np.array([2.0, 1])))


def test_weighted_sums():
    row, other = np.arange(10.0), np.array([1.0, -2, 0.5, 4])
    compare("np.convolve(a, b), np.convolve(a, b, 'same'), np.convolve(a, b, mode='valid')", "a, b", (row, other), (other, row), (row[::2], other[::-1]), (row[:0], other), (row, other[:0]))
    compare("np.convolve(a, b)", "a, b", (np.arange(5000, dtype=np.int8), np.arange(3, dtype=np.int32)))
    compare("np.average(a), np.average(a, 0), np.average(a, weights=a), np.average(a, axis=1, weights=w)", "a, w", (row.reshape(2, 5), np.arange(5)), (row.reshape(2, 5), np.zeros(5)))


def test_searching_in_rows_that_are_not_sorted():
    """What NumPy finds there depends on the numbers that it has looked for before."""
    _, compiled = function("np.searchsorted(a, v), np.searchsorted(a, v, 'right')", "a, v")
    generator = np.random.default_rng(5)
    for dtype in (np.float64, np.complex128):
        for n in (0, 1, 7, 25):
            a, v = (generator.integers(-9, 9, n + extra).astype(dtype) for extra in (0, 12))
            a[::3], v[::4] = math.nan, math.inf
            for found, side in zip(compiled(a, v), ("left", "right"), strict=True):
                np.testing.assert_array_equal(found, np.searchsorted(a, v, side))
