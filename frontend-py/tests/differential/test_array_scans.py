"""Running sums whose parts one expression reads, which are never an array: of all lengths around those of pieces and blocks, with bounds of run time, exact to the last bit."""
import numpy as np
import pytest

from numbra import njit


def rolling_mean(x):
    total = np.cumsum(x)
    return (total[20:] - total[:-20]) / 20.0


def rolling(x, n):
    total = np.cumsum(x)
    return (total[n:] - total[:-n]) / n


def neighbours(x):
    c = np.cumsum(x)
    return c[2:] - 2 * c[1:-1] + c[:-2]


def with_others(x, y):
    c = np.cumprod(x * 1.5)
    return c[1:] / y[1:] + c[:-1]


def of_the_last(x):
    c = np.cumsum(x)
    return c - c[-1:]


def front(x):
    return np.cumsum(x)[:-7] * 2


def bounded(x, start, stop):
    c = np.cumsum(x)
    return c[start:stop] + 1


def drawdown(x):
    return x - np.maximum.accumulate(x)


def with_steps(x, y):
    return np.cumsum(x) + y[::2]


def seen_elsewhere(x):
    c = np.cumsum(x)
    d = c[3:] - c[:-3]
    return d, c


def written_between(x):
    c = np.cumsum(x)
    x[:] = 0
    return c[1:] - c[:-1]


def of_bools(x):
    return np.cumsum(x > 0.5)[1:] * 2


PROGRAMS = (rolling_mean, rolling, neighbours, with_others, of_the_last, front, bounded, drawdown, with_steps, seen_elsewhere, written_between, of_bools)


@pytest.fixture(scope="module", params=[False, True], ids=["one thread", "threads"])
def compiled(request):
    return {f: njit(parallel=request.param)(f) for f in PROGRAMS}


def check(compiled, f, *args):
    try:
        expected = f(*(np.copy(a) for a in args))
    except ValueError:
        with pytest.raises(ValueError):
            compiled[f](*args)
        return
    found = compiled[f](*(a.copy() if f is written_between else a for a in args))
    for x, y in zip(*((v if isinstance(v, tuple) else (v,)) for v in (expected, found))):
        assert x.dtype == y.dtype
        np.testing.assert_array_equal(x, y)


@pytest.mark.parametrize("n", [0, 1, 2, 7, 19, 20, 21, 127, 128, 147, 148, 149, 1023, 1024, 1044, 1045, 5000, 70_001])
def test_windows(compiled, n):
    rng = np.random.default_rng(n)
    x, y = rng.random(n), rng.random(2 * n) + 0.5
    x[-1:] = np.nan
    for f in (rolling_mean, neighbours, front, of_the_last, drawdown, seen_elsewhere, written_between, of_bools):
        check(compiled, f, x)
    for k in (1, 20, n // 2, n - 1, n, n + 1, 0, -2):
        check(compiled, rolling, x, k)
    for start, stop in ((0, n), (1, -1), (-5, n), (5, 3), (n, n + 4), (-100, 100)):
        check(compiled, bounded, x, start, stop)
    check(compiled, with_others, x, y[n:])
    check(compiled, with_others, x, y[:1])
    check(compiled, with_steps, x, y)


@pytest.mark.parametrize("dtype", ["bool", "int32", "uint8", "float32", "complex128"])
def test_windows_of_all_types(compiled, dtype):
    rng = np.random.default_rng(4)
    x = (rng.random(3000) * 9).astype(dtype)
    for v in (x, x[::-1], np.repeat(x, 2)[::2]):
        check(compiled, front, v)
        check(compiled, neighbours, v)
        check(compiled, of_the_last, v)


def test_results_larger_than_caches(compiled):
    x = np.random.default_rng(3).random(4_300_000)
    check(compiled, rolling_mean, x)
    check(compiled, rolling, x, 100_000)
