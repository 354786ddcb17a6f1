"""Reductions with constant options, against NumPy: element types, layouts, shapes without elements, NaN; and how exact sums are."""
import math
import warnings
from fractions import Fraction

import numpy as np
import pytest

from numbra import njit

RANDOM = np.random.default_rng(5)
BASE = RANDOM.integers(-5, 6, size=(4, 5, 7))


@njit
def whole(a):
    return np.sum(a), np.prod(a), np.mean(a), a.any(), a.all(), np.sum(a, dtype=np.complex128)


@njit
def extrema(a):
    return np.min(a), a.max(), np.argmin(a), a.argmax()


@njit
def first_axis(a):
    return np.sum(a, axis=0), np.prod(a, 0), np.mean(a, axis=0, keepdims=True), np.any(a, axis=0), np.all(a, axis=0)


@njit
def last_axis(a):
    return a.sum(-1), np.prod(a, -1), np.mean(a, axis=-1), np.any(a, axis=-1, keepdims=True), np.all(a, axis=-1)


@njit
def extrema_along(a):
    return a.min(axis=0), np.max(a, axis=0), np.argmin(a, axis=0), np.argmax(a, axis=0), a.min(axis=-1), np.max(a, axis=-1, keepdims=True), np.argmin(a, axis=-1), np.argmax(a, -1)


@njit
def middle(a):
    return np.sum(a, axis=1), np.max(a, axis=1), np.argmin(a, axis=1), np.any(a, axis=-2, keepdims=True)


def of_type(dtype):
    if dtype == "?":
        return BASE > 0
    if dtype[0] == "c":
        return (BASE * (1 + 2j)).astype(dtype)
    a = (BASE / 3 if dtype[0] == "f" else abs(BASE) if dtype[0] == "u" else BASE).astype(dtype)
    if dtype == "f8":
        a[2, 1, 3] = a[0, 4, 2] = np.nan
    return a


def agree(f, a):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            expected = f.py_func(a)
        except ValueError as error:
            with pytest.raises(ValueError, match=str(error)):
                f(a)
            return
    for x, y in zip(f(a), expected, strict=True):
        assert np.shape(x) == np.shape(y) and (np.ndim(y) == 0 or x.dtype == y.dtype)
        np.testing.assert_allclose(x, y, rtol=1e-5 if a.itemsize < 8 or a.dtype == "c8" else 1e-12, atol=1e-5 if a.dtype.char in "fF" else 1e-13)


def cases(a):
    rows = np.concatenate([a[0]] * 150)
    return [a, np.asfortranarray(a), a[::2, ::-1, 1::3], a[0].T, a[0, 1], a[0, 0, ::-2], a[:0], a[:, :0], a[0, :0], a[:1, :1, :1], np.broadcast_to(a[0, 0], (3, 7)), rows, rows.T.copy(), rows.ravel()]


@pytest.mark.parametrize("dtype", ["f8", "f4", "i8", "i2", "u1", "?", "c16"])
def test_types_and_layouts(dtype):
    for a in cases(of_type(dtype)):
        functions = [whole, first_axis, last_axis]
        if dtype[0] != "c":
            functions += [extrema, extrema_along]
        for f in functions + ([middle] if a.ndim == 3 and dtype[0] != "c" else []):
            agree(f, a)


def test_one_element():
    for x in (np.array(2.5), np.array(-0.0), np.array(np.nan)):
        agree(whole, x)
        agree(extrema, x)
    for x in (np.array([np.inf, -np.inf]), np.full(1000, np.inf), np.array([1.0, np.inf, 2.0]), np.array([1e308, 1e308, -1e308])):
        agree(whole, x)
        agree(extrema, x)


def test_times():
    @njit
    def f(a):
        return np.min(a), np.max(a), np.argmin(a), np.argmax(a), np.max(a, axis=0), np.argmin(a, axis=0), np.argmax(a, axis=1)

    for unit in ("m8[s]", "M8[D]"):
        a = RANDOM.integers(-100, 100, size=(5, 6)).astype(unit)
        for x in (a, a.T, a[::-1, ::2]):
            for found, expected in zip(f(x), f.py_func(x), strict=True):
                np.testing.assert_array_equal(found, expected)
        a[3, 2] = a[4, 1] = "NaT"
        for found, expected in zip(f(a), f.py_func(a), strict=True):
            np.testing.assert_array_equal(found, expected)


def test_options_that_the_library_takes():
    @njit
    def f(a, k):
        return np.sum(a, axis=(0, 1)), np.sum(a, keepdims=True), np.sum(a > 0, dtype=np.bool_), np.max(a, axis=(0, 2), keepdims=True)

    a = of_type("i8")
    for found, expected in zip(f(a, 1), f.py_func(a, 1), strict=True):
        np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize("dtype", ["f8", "f4"])
def test_sums_are_as_exact_as_those_of_numpy(dtype):
    draw = np.random.default_rng(1)
    for n, rounds in ((1000, 100), (100_003, 5)):
        ours = theirs = 0.0
        for k in range(rounds):
            a = (draw.normal(size=n) + k % 2).astype(dtype)
            exact = math.fsum(a.astype("f8"))
            ours += abs(float(whole(a)[0]) - exact)
            theirs += abs(float(np.sum(a)) - exact)
        assert ours <= theirs


@njit
def of_short_rows(a, b):
    return a.sum(-1), (a * b).mean(-1), np.sum(a[:, None, :] - b[None, :, :], axis=-1, keepdims=True), a[::-1, ::-1].sum(1), np.prod(a, axis=1)


@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.complex128, np.int32])
def test_rows_of_a_few_elements(dtype):
    draw = np.random.default_rng(5)
    for n in (1, 2, 3, 7, 8, 9, 17, 300):
        a, b = ((draw.normal(size=(5, n)) * 4).astype(dtype) for _ in range(2))
        for ours, theirs in zip(of_short_rows(a, b), of_short_rows.py_func(a, b), strict=True):
            assert ours.dtype == theirs.dtype and ours.shape == theirs.shape
            np.testing.assert_allclose(ours, theirs, rtol=1e-4 if dtype == np.float32 else 1e-9, atol=1e-5 if dtype == np.float32 else 1e-11)
    if dtype == np.float64:
        a = np.array([[1e308, 1e308, -1e308], [np.inf, -np.inf, 1.0], [np.nan, 0.0, 1.0], [0.1, 0.2, 0.3]])
        for ours, theirs in zip(of_short_rows(a, a), of_short_rows.py_func(a, a), strict=True):
            np.testing.assert_array_equal(ours, theirs)
        no = np.zeros((3, 0))
        np.testing.assert_array_equal(of_short_rows(no, no)[0], np.zeros(3))


@njit
def largest_and_smallest(a):
    return np.argmax(a, axis=1), np.argmin(a, axis=1), np.argmax(a), np.argmin(a)


@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.int64, np.int8, np.bool_, np.dtype("m8[s]")])
def test_positions_of_extrema(dtype):
    for shape in ((1, 1), (3, 2), (4, 7), (4, 8), (2, 255), (3, 256), (2, 257), (2, 1000)):
        a = RANDOM.integers(-3, 3, shape).astype(dtype)
        if a.dtype.kind in "fm":
            b = a.copy()
            b[RANDOM.random(shape) < 2 / shape[1]] = "nat" if a.dtype.kind == "m" else np.nan
            c = a.copy()
            c[:] = "nat" if a.dtype.kind == "m" else -np.inf
            d = a.copy()
            d[-1, -1] = b.dtype.type("nat") if a.dtype.kind == "m" else np.nan
            cases = (a, b, c, d, np.asfortranarray(b), b[::-1, ::-1])
        else:
            cases = (a, np.asfortranarray(a), a[::-1, ::-1])
        for x in cases:
            for got, expected in zip(largest_and_smallest(x), largest_and_smallest.py_func(x)):
                np.testing.assert_array_equal(got, expected)


def test_several_reductions_of_one_array():
    """Reductions that stand together are computed in one pass over memory: each is what it is alone, to the last bit, and of no elements the first that has no value raises."""
    def together(a):
        low, high, total = a.min(), a.max(), a.sum()
        return low, high, total, np.mean(a), (a * a).sum(), np.abs(a).max(), np.prod(a), np.sum(a > 0)

    alone = [njit(f) for f in (lambda a: a.min(), lambda a: a.max(), lambda a: a.sum(), lambda a: np.mean(a), lambda a: (a * a).sum(), lambda a: np.abs(a).max(), lambda a: np.prod(a), lambda a: np.sum(a > 0))]
    compiled, parallel = njit(together), njit(parallel=True)(together)
    generator = np.random.default_rng(8)
    whole = generator.standard_normal((70, 95))
    special = whole.ravel().copy()
    special[[3, 2049, 5000]] = -0.0, np.inf, np.nan
    for a in (whole, whole[:1, :1], whole.T, whole[::-3, 1::2], special, -np.zeros(3), generator.integers(0, 200, 5000).astype(np.uint8)):
        with np.errstate(all="ignore"):
            found, expected, plain = compiled(a), [f(a) for f in alone], together(a)
        np.testing.assert_array_equal(found, expected)
        np.testing.assert_allclose(found, plain, rtol=1e-12)
    large = generator.random(700_000)
    np.testing.assert_allclose(parallel(large), together(large), rtol=1e-12)
    for f, nothing in ((compiled, np.zeros((0, 3))), (parallel, np.zeros(0))):
        with pytest.raises(ValueError, match="zero-size array to reduction operation minimum"):
            f(nothing)


@njit
def variances(x):
    return np.var(x), np.std(x), x.var(ddof=1)


@njit
def variance_of_expression(a, b):
    return np.var(a * b - 1.0)


@njit(parallel=True)
def variance_on_threads(x):
    return np.var(x)


def exact_variance(x):
    values = [Fraction(float(v)) for v in np.ravel(x)]
    mean = sum(values) / len(values)
    return float(sum((v - mean) ** 2 for v in values) / len(values))


def test_variances_are_as_accurate_as_numpys():
    """Lengths around those of blocks; offsets that are large against the distances, blocks that lie far apart, constants that are no sum of powers of two, numbers whose squares overflow."""
    r = np.random.default_rng(17)
    for n in (1, 2, 3, 2047, 2048, 2049, 5000):
        half = np.arange(n) < n // 2
        for x in (r.standard_normal(n), 1e9 + r.standard_normal(n), 1e15 + r.standard_normal(n), np.full(n, 0.1), np.full(n, 1e160), np.arange(n) * 1e3 + 1e8,
                  np.where(half, 1e8, -1e8) + r.random(n), (1e4 + r.random(n)).astype(np.float32), r.integers(-2**40, 2**40, n), r.random(n) > 0.3, r.random(2 * n)[::-2],
                  r.integers(0, 255, n).astype(np.uint8)):
            true = exact_variance(x)
            with np.errstate(all="ignore"):
                theirs = np.var(x)
            ours = variances(x)[0] if n > 1 else variance_of_expression(x, np.ones(n, x.dtype))
            allowed = max(2 * abs(float(theirs) - true), (1e-5 if x.dtype == np.float32 else 1e-13) * true, 1e-30)
            assert abs(float(ours) - true) <= allowed, (n, x.dtype, ours, theirs, true)
            if n > 1:
                np.testing.assert_allclose(variances(x)[1:], [math.sqrt(ours), ours * n / (n - 1)], rtol=1e-5)


def test_variances_of_other_shapes_and_of_what_is_not_finite():
    r = np.random.default_rng(18)
    m = r.random((300, 41))
    for x in (m, np.asfortranarray(m), m[::2, ::-3], m[:, :1], m.reshape(3, 100, 41)):
        np.testing.assert_allclose(variances(x)[0], np.var(x), rtol=1e-13)
    a, b = r.random(10_000), r.random(10_000)
    np.testing.assert_allclose(variance_of_expression(a, b), np.var(a * b - 1.0), rtol=1e-13)
    large = r.random(1_000_001) + 1e6
    np.testing.assert_allclose([variance_on_threads(large), variance_on_threads(large[:5])], [np.var(large), np.var(large[:5])], rtol=1e-11)
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for x in ([], [1.0, np.nan], [1.0, np.inf], [np.nan] + [1.0] * 3000, [1.0] * 3000 + [-np.inf]):
            assert np.isnan(variances(np.array(x))).all() and np.isnan(np.var(x))
