"""Reductions along rows and what is computed with them, which go over memory together: the results are NumPy's, whatever the shapes, orders and values."""
import numpy as np
import pytest

from numbra import njit, set_num_threads


def layer_norm(x, gain, bias):
    n = x.shape[1]
    centred = x - (np.sum(x, axis=1) / n)[:, None]
    variance = np.sum(centred * centred, axis=1) / n
    return centred / np.sqrt(variance + 1e-5)[:, None] * gain + bias


def moments(x):
    mean = x.mean(axis=-1, keepdims=True)
    return (x - mean) / np.sqrt(x.var(axis=-1, keepdims=True) + 1e-5), mean


def softmax(x):
    e = np.exp(x - np.max(x, axis=1, keepdims=True))
    return e / np.sum(e, axis=1, keepdims=True)


def softmax_kept(x):
    e = np.exp(x - np.max(x, axis=1, keepdims=True))
    return e, e / np.sum(e, axis=1)[..., None]


def extent(x):
    low = x.min(axis=1)
    high = x.max(axis=1)
    return (x - low[:, None]) / (high - low)[:, np.newaxis], x.argmax(axis=1), low


def middle(x):
    total = x.sum(axis=1)
    return x - total[:, None, :], total


def by_other_rows(x, y):
    """Sums of columns' number, which are no rows of what they are added to."""
    s = np.sum(x, axis=1)
    return x + s, y - s[:, None]


def taken_apart(x):
    """What looks at sums before all is done."""
    s = np.sum(x, axis=1)
    first = s[0] + s[::-1][0]
    t = x * s[:, None] - first
    return t, np.max(t, axis=1) / t.sum(axis=1), s[::-1]


def stretched(x, y):
    """Rows that differ in number where one operand is stretched."""
    s = np.sum(x, axis=1, keepdims=True)
    t = (x - s) * y
    return t, np.sum(t, axis=1), np.sum(x, axis=1)


def of_integers(x):
    high = np.max(x, axis=1, keepdims=True)
    return x // 2 - high, np.any(x > 3, axis=1), np.prod(x, axis=1), x - np.sum(x, axis=1)[:, None]


def two_arrays(x, y):
    s = np.sum(x, axis=1)
    p = np.sum(y * y, axis=1)
    return x * p[:, None] + y, y / np.sqrt(s + p)[:, None], s


def matrices():
    rng = np.random.default_rng(5)
    wide = rng.standard_normal((70, 1003))
    nan = wide.copy()
    nan[3, 5], nan[9, 0], nan[11, 1002] = np.nan, np.inf, -np.inf
    return {
        "wide": wide, "narrow": rng.standard_normal((5000, 3)), "one_row": rng.standard_normal((1, 700)), "one_column": rng.standard_normal((9, 1)), "few": rng.standard_normal((3, 4)),
        "no_rows": np.empty((0, 5)), "long_rows": rng.standard_normal((5, 60000)), "nan": nan, "fortran": np.asfortranarray(wide), "backwards": wide[::-1, ::-1], "slice": wide[::2, 3:900:3],
        "single": wide.astype(np.float32), "square": rng.standard_normal((64, 64)),
    }


def compare(ours, theirs, tolerance):
    for a, b in zip(ours, theirs) if isinstance(theirs, tuple) else [(ours, theirs)]:
        assert a.shape == b.shape and a.dtype == b.dtype
        np.testing.assert_allclose(a, b, rtol=tolerance, atol=tolerance)


@pytest.fixture(params=[False, True], ids=["serial", "parallel"])
def compiled(request):
    return {f.__name__: njit(parallel=request.param)(f) for f in (moments, softmax, softmax_kept, extent, taken_apart)}


def test_rows_of_all_kinds(compiled):
    for name, x in matrices().items():
        before = x.copy()
        for f in compiled.values():
            if name == "no_rows" and f.__name__ == "taken_apart":
                with pytest.raises(IndexError):
                    f(x)
                continue
            with np.errstate(all="ignore"):
                compare(f(x), f.py_func(x), 3e-5 if x.dtype == np.float32 else 1e-10)
        np.testing.assert_array_equal(x, before)


@pytest.mark.parametrize("parallel", [False, True])
def test_layer_norm(parallel):
    f = njit(parallel=parallel)(layer_norm)
    for x in (matrices()[k] for k in ("wide", "narrow", "one_row", "no_rows", "nan", "slice")):
        gain, bias = np.linspace(0.5, 1.5, x.shape[1]), np.linspace(-1, 1, x.shape[1])
        with np.errstate(all="ignore"):
            compare(f(x, gain, bias), layer_norm(x, gain, bias), 1e-10)
    with pytest.raises(ValueError, match="broadcast"):
        f(x, gain[1:-3], bias)


def test_an_axis_in_the_middle_and_integers():
    rng = np.random.default_rng(6)
    for shape in ((9, 4, 700), (200, 3, 5), (2, 0, 3), (0, 2, 3)):
        x = rng.standard_normal(shape)
        compare(njit(middle)(x), middle(x), 1e-12)
    x = rng.integers(-9, 9, (300, 41))
    compare(njit(of_integers)(x), of_integers(x), 0)


def test_sums_that_are_no_rows_of_the_operand():
    f = njit(by_other_rows)
    for n in (1, 64, 300):
        x, y = np.random.default_rng(7).standard_normal((2, n, n))
        compare(f(x, y), by_other_rows(x, y), 1e-12)
    with pytest.raises(ValueError, match="broadcast"):
        f(np.ones((3, 4)), np.ones((3, 4)))


@pytest.mark.parametrize("parallel", [False, True])
def test_rows_that_differ_in_number(parallel):
    f = njit(parallel=parallel)(stretched)
    rng = np.random.default_rng(8)
    for a, b in (((1, 900), (500, 900)), ((500, 900), (1, 1)), ((1, 4), (0, 4)), ((300, 7), (300, 7)), ((40, 1), (1, 5000))):
        x, y = rng.standard_normal(a), rng.standard_normal(b)
        compare(f(x, y), stretched(x, y), 1e-10)


def test_two_arrays_and_threads():
    f = njit(parallel=True)(two_arrays)
    x, y = np.random.default_rng(9).random((2, 1500, 333))
    expected = two_arrays(x, y)
    set_num_threads(1)
    compare(f(x, y), expected, 1e-11)
    set_num_threads(2)
    compare(f(x, y), expected, 1e-11)
    with pytest.raises(ValueError, match="zero-size array to reduction operation minimum"):
        njit(extent)(np.empty((4, 0)))


def test_groups_in_loops_and_branches():
    def repeated(x, n, again):
        total = np.zeros(x.shape[0])
        for i in range(n):
            s = np.sum(x, axis=1)
            y = x / s[:, None] + i
            total += np.max(y, axis=1)
            if again:
                x = y
        return x, total

    x = np.random.default_rng(10).random((50, 801))
    for again in (False, True):
        compare(njit(repeated)(x, 3, again), repeated(x, 3, again), 1e-12)
