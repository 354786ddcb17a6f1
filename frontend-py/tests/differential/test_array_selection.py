"""Elements that a mask chooses, their positions, and writes where a mask is true: of all layouts, lengths around those of pieces and parts, on one thread and on several."""
import numpy as np
import pytest

from numbra import njit


def chosen(a, low, high):
    return a[(a > low) & (a < high)]


def smaller(a, b):
    return a[a < b]


def by_mask(a, mask):
    return a[mask]


def positions(a):
    return np.nonzero(a)


def flat_positions(a):
    return np.flatnonzero(a > 0.5)


def written_new(a, b):
    t = a * b
    t[a < b] = -1.0
    return t


def written(t, a, b):
    t[a < b] = 2.0
    return t


PROGRAMS = (chosen, smaller, by_mask, positions, flat_positions, written_new, written)


@pytest.fixture(scope="module", params=[False, True], ids=["one thread", "threads"])
def compiled(request):
    return {f: njit(parallel=request.param)(f) for f in PROGRAMS}


def check(compiled, f, *args):
    expected, found = f(*(np.copy(a, order="K") for a in args)), compiled[f](*(np.copy(a, order="K") if f is written else a for a in args))
    if not isinstance(expected, tuple):
        expected, found = (expected,), (found,)
    assert len(expected) == len(found)
    for x, y in zip(expected, found):
        assert x.dtype == y.dtype
        np.testing.assert_array_equal(x, y)


def layouts(a, b):
    yield a, b
    if a.ndim == 1:
        yield a[::-1], b
        yield np.repeat(a, 2)[::2], np.repeat(b, 3)[::3]
    elif a.ndim == 2:
        yield np.asfortranarray(a), np.asfortranarray(b)
        yield np.asfortranarray(a), b
        yield a[:, ::2], b[:, ::2]


@pytest.mark.parametrize("shape", [0, 1, 7, 63, 64, 2047, 2048, 2049, 200_001, (0, 3), (3, 0), (5, 7), (30, 4001), (2, 3, 4)], ids=str)
def test_masks_of_all_lengths(compiled, shape):
    rng = np.random.default_rng(5)
    a, b = rng.random(shape) * 1.5, rng.random(shape)
    a.reshape(-1)[1:2] = np.nan
    for x, y in layouts(a, b):
        check(compiled, chosen, x, 0.5, 1.0)
        check(compiled, smaller, x, y)
        check(compiled, by_mask, x, x > y)
        check(compiled, flat_positions, x)
        check(compiled, positions, x > y)
        check(compiled, positions, x)
        check(compiled, written_new, x, y)
        check(compiled, written, x, x, y)


@pytest.mark.parametrize("dtype", ["bool", "int8", "uint16", "int32", "float32", "complex64", "complex128", "datetime64[s]"])
def test_masks_of_all_types(compiled, dtype):
    rng = np.random.default_rng(6)
    a, mask = rng.integers(0, 9, 5000).astype(dtype), rng.random(5000) < 0.3
    check(compiled, by_mask, a, mask)
    check(compiled, by_mask, a[::-1], mask)
    check(compiled, by_mask, a, np.zeros(5000, bool))
    check(compiled, by_mask, a, np.ones(5000, bool))
    if dtype != "datetime64[s]":
        check(compiled, positions, a)


def test_few_of_many(compiled):
    """What is left over of the memory for all is given back: the result can be kept, and more made."""
    a = np.arange(4_000_000.0)
    kept = [compiled[chosen](a, low, low + 1000.5) for low in (10.0, 2e6, 3.9e6)]
    kept.append(compiled[chosen](a, -1.0, 3e6))
    for found, (low, high) in zip(kept, ((10, 1010), (2e6, 2e6 + 1000), (3.9e6, 3.9e6 + 1000), (-1, 3e6 - 1))):
        np.testing.assert_array_equal(found, np.arange(low + 1, high + 1))


def test_masks_that_do_not_fit(compiled):
    a = np.arange(6.0)
    with pytest.raises(IndexError, match="boolean index did not match"):
        compiled[by_mask](a, np.ones(5, bool))
    with pytest.raises(ValueError, match="broadcast"):
        compiled[smaller](a, np.arange(5.0))
    with pytest.raises(ValueError, match="broadcast"):
        compiled[written_new](a, np.arange(5.0))
    # Each stretched array makes a mask of another shape.
    with pytest.raises(IndexError, match="boolean index did not match"):
        compiled[smaller](np.arange(1.0), np.arange(5.0))
    with pytest.raises(IndexError, match="boolean index did not match"):
        compiled[written](np.zeros(1), np.zeros(1), np.arange(5.0))
    check(compiled, smaller, a, np.full(1, 3.0))
    check(compiled, written, a, a, np.full(1, 3.0))
    check(compiled, written_new, a, np.full(1, 3.0))


def test_masks_that_raise():
    """Integers to negative powers: the error comes before the choice, on all threads."""
    def powers(a, n):
        return a[a ** n > 4]

    for parallel in (False, True):
        f = njit(parallel=parallel)(powers)
        a = np.arange(300_000)
        np.testing.assert_array_equal(f(a, 2), powers(a, 2))
        with pytest.raises(ValueError, match="negative"):
            f(a + 2, -1)


def test_choice_after_a_write():
    """A mask is as it was where it stands."""
    def late(a):
        mask = a > 2.0
        a[:] = a * 10.0
        return a[mask]

    a = np.arange(5.0)
    expected = late(a.copy())
    np.testing.assert_array_equal(njit(late)(a), expected)
